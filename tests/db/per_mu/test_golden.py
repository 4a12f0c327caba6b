"""The published formulas score to the published values, to the last digit, and counts to the published percentages."""

from __future__ import annotations

from fractions import Fraction

import pytest

from db.core.formats import unit_name
from db.per_mu.names import called
from db.per_mu.ranking import class_shares, classes_of, counted, ranks_of
from db.per_mu.schemes import Classes, Scheme, presets, problems
from db.per_mu.scoring import SCALE, evaluate
from tests.factories.per_mu import Units, group, preset, simple

# 亩均税收 30, 亩均增加值 150, 单位能耗 2.5, 单位排放 5000, 劳动生产率 20, R&D 0.035, each over round parts.
GOLDEN: dict[str, Units] = {
    "land": 10,
    "tax": 300,
    "value_added": 1500,
    "energy": 600,
    "emissions": "0.3",
    "staff": 75,
    "revenue": 2000,
    "rd": 70,
}


def rounded(scaled: int | None, places: int) -> str:
    """A score as it is printed."""
    assert scaled is not None
    return f"{(Fraction(scaled, SCALE) * 10**places + Fraction(1, 2)).__floor__() / 10**places:.{places}f}"


def parts(scheme: Scheme, values: dict[str, Units]) -> list[str]:
    """Every part of one company, with three decimals."""
    found = evaluate(scheme, group(values))
    return [rounded(column[0], 3) for column in found.parts.values()]


def test_that_whatever_a_preset_names_is_said_in_english_too_and_what_somebody_wrote_stays() -> None:
    for one in presets().values():
        said = [one["name"], one["source"], *one.get("exempt", ()), *(item["name"] for item in one["indicators"])]
        assert [text for text in said if isinstance(called(text), str)] == []
        assert "公布：" in one["source"]
        assert "假定：" in one["source"]
        assert not any("\u4e00" <= letter <= "\u9fff" for text in said for letter in str(called(text)))
        units = {item.get("unit", "") for item in one["indicators"]}
        assert not any("\u4e00" <= letter <= "\u9fff" for unit in units for letter in unit_name(unit, "en"))
    assert called("本区亩均方案") == "本区亩均方案"


def test_that_the_huangyan_formula_gives_its_published_sum() -> None:
    found = evaluate(preset("huangyan-2022"), group(GOLDEN))
    assert parts(preset("huangyan-2022"), GOLDEN) == ["37.349", "22.033", "18.560", "10.142", "11.025", "11.589"]
    assert rounded(found.scores[0], 2) == "110.70"


def test_that_a_cap_of_one_and_a_half_holds_every_item() -> None:
    rich = GOLDEN | {"tax": 1200}
    data = presets()["huangyan-2022"]
    capped = preset("huangyan-2022", indicators=[{**one, "cap": "1.5"} for one in data["indicators"]])
    assert rounded(evaluate(preset("huangyan-2022"), group(rich)).scores[0], 2) == "222.75"
    assert rounded(evaluate(capped, group(rich)).scores[0], 2) == "118.35"


def test_that_the_huangyan_formula_below_scale_gives_its_published_sum() -> None:
    values: dict[str, Units] = {"land": 10, "tax": 80, "electricity": Fraction(80 * 10_000, 1) / Fraction("0.30")}
    found = evaluate(preset("huangyan-2022-below"), group(values))
    assert rounded(found.scores[0], 2) == "98.28"


@pytest.mark.parametrize(("tax", "score"), [(120, "19.48"), (5, "9.00"), (400, "45.00")])
def test_that_the_jingde_formula_gives_its_published_values(tax: int, score: str) -> None:
    base: dict[str, Units] = {"land": 10, "revenue": 1000, "value_added": 100, "energy": 10, "rd": 10, "staff": 10}
    companies = [base | {"tax": 5}, base | {"tax": 400}, base | {"tax": tax}]
    assert rounded(evaluate(preset("jingde-2022"), group(*companies)).parts["tax_per_mu"][2], 2) == score


def test_that_where_all_values_are_equal_a_range_gives_the_full_weight() -> None:
    one = {"land": 10, "tax": 100, "revenue": 1000, "value_added": 100, "energy": 10, "rd": 10, "staff": 10}
    assert evaluate(preset("jingde-2022"), group(one, one)).scores == [100 * SCALE, 100 * SCALE]


def test_that_last_years_mean_doubled_is_the_baseline_of_huaian() -> None:
    values = {"land": 10, "tax": 100, "revenue": 1000, "value_added": 100, "energy": 10}
    found = evaluate(preset("huaian-2024"), group(values), group(values))
    assert found.scores == [50 * SCALE]


@pytest.mark.parametrize(("x", "points"), [(5, 15), (10, 10), (20, 0), (30, 0), (0, 20)])
def test_that_less_is_better_of_a_reverse_indicator(x: int, points: int) -> None:
    less = {"formula": "emissions", "weight": "10", "reverse": True, "baseline": {"value": "10"}}
    found = evaluate(simple(less, total="10"), group({"emissions": x}))
    assert found.scores == [points * SCALE]


@pytest.mark.parametrize(("x", "points"), [(0, 60), (5, 80), (10, 100)])
def test_that_efficacy_runs_from_60_to_100(x: int, points: int) -> None:
    scheme = simple({"formula": "rd", "weight": "100", "method": "efficacy"})
    assert evaluate(scheme, group({"rd": 0}, {"rd": 10}, {"rd": x})).scores[2] == points * SCALE


@pytest.mark.parametrize(
    ("counts", "shares"),
    [
        ((258, 534, 135, 15), ["27.4", "56.7", "14.3", "1.6"]),
        ((154, 341, 223, 37), ["20.4", "45.2", "29.5", "4.9"]),
    ],
)
def test_that_published_counts_give_the_published_percentages(counts: tuple[int, ...], shares: list[str]) -> None:
    assert list(class_shares(dict(zip("ABCD", counts, strict=True))).values()) == shares


@pytest.mark.parametrize(("rounding", "count"), [("floor", 235), ("round", 236), ("ceil", 236)])
def test_that_a_share_is_rounded_as_the_scheme_says(rounding: str, count: int) -> None:
    assert counted(Fraction(25), 942, rounding) == count
    assert counted(Fraction(5), 30, rounding) == {"floor": 1, "round": 2, "ceil": 2}[rounding]


def test_that_equal_scores_share_a_place_and_take_the_better_class() -> None:
    scores = [100 - at for at in range(37)] + [60, 60, 50]
    assert ranks_of(scores)[37:] == [38, 38, 40]
    halves = Classes((("A", Fraction(50)), ("B", Fraction(100))))
    tied = [9, 7, 7, 1]
    assert classes_of(halves, ranks_of(tied), tied, 1) == ["A", "A", "A", "B"]


def test_that_classes_may_go_by_points() -> None:
    classes = Classes((("A", Fraction(90)), ("B", Fraction(60)), ("C", Fraction(0))), by="score")
    scores = [90 * SCALE, 90 * SCALE - 1, 60 * SCALE, -SCALE]
    assert classes_of(classes, ranks_of(scores), scores, SCALE) == ["A", "B", "B", "C"]


@pytest.mark.parametrize("name", sorted(presets()))
def test_that_every_preset_is_whole_and_names_its_source(name: str) -> None:
    assert problems(preset(name)) == []
    assert preset(name).source


def test_that_the_eight_presets_of_the_contract_are_there() -> None:
    assert set(presets()) == {
        "huangyan-2022", "huangyan-2022-below", "huangyan-2021", "huangyan-2021-below", "jingde-2022", "anhui-county",
        "anhui-county-below", "huaian-2024",
    }  # fmt: skip
