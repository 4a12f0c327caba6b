"""What holds for every scheme and group: the bulk path gives the digits of exact fractions; more tax never costs points."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from db.per_mu.formulas import Missing, value_of
from db.per_mu.groups import Group
from db.per_mu.schemes import LABELS, Scheme
from db.per_mu.scoring import SCALE, Outcome, evaluate
from tests.factories.per_mu import group, simple

FORMULAS = ("tax / land", "value_added / energy", "rd / revenue", "tax * 10000 / electricity", "max(tax, profit) / staff",
            "(tax + profit) / land - rd / staff")  # fmt: skip
KEYS = ("land", "tax", "revenue", "value_added", "energy", "rd", "electricity", "staff", "profit")
numbers = st.one_of(st.none(), st.integers(0, 10**9).map(lambda number: Fraction(number, 10**4)))
companies = st.lists(st.fixed_dictionaries(dict.fromkeys(KEYS, numbers)), min_size=1, max_size=7)


@st.composite
def schemes(draw: st.DrawFn, *, limits: bool = True) -> Scheme:
    """Indicators of every method with round weights, over a baseline that is always there."""
    count = draw(st.integers(1, 4))
    items: list[dict[str, Any]] = []
    for at in range(count):
        item: dict[str, Any] = {
            "formula": draw(st.sampled_from(FORMULAS)), "weight": "25", "method": draw(st.sampled_from(["ratio", "range"])),
            "baseline": {"mode": "fixed", "value": str(draw(st.integers(1, 500)))}, "code": f"x{at}",
            "missing": draw(st.sampled_from(["zero", "mean", "left_out"])) if limits else "zero",
        }  # fmt: skip
        if limits:
            item |= {"floor": draw(st.sampled_from(["0", "20"])), "cap": draw(st.sampled_from([None, "1", "1.5"])),
                     "reverse": draw(st.booleans())}  # fmt: skip
        items.append(item)
    return simple(*items, total=str(25 * count))


def by_fractions(outcome: Outcome, found: Group, code: str) -> list[int | None]:
    """One item of every company by exact fractions alone; None where it has no value."""
    points: list[int | None] = []
    for place in range(len(found.members)):
        value = value_of(outcome.trees[code], found.values(place), LABELS)
        if isinstance(value, Missing):
            points.append(None)
        else:
            exact = outcome.lines[code].points(value) * SCALE
            points.append(exact.numerator // exact.denominator)
    return points


@settings(max_examples=60)
@given(schemes(), companies)
def test_that_the_bulk_path_gives_the_digits_of_exact_fractions(scheme: Scheme, rows: list[dict[str, Any]]) -> None:
    scheme = Scheme.of(_without_leaving_out(scheme))
    found = group(*rows)
    outcome = evaluate(scheme, found)
    for code, column in outcome.parts.items():
        exact = by_fractions(outcome, found, code)
        there = [points for points in exact if points is not None]
        put = sum(there) // len(there) if there and _of(scheme, code).missing == "mean" else 0
        assert column == [put if points is None else points for points in exact]


def _of(scheme: Scheme, code: str) -> Any:
    return next(one for one in scheme.indicators if one.code == code)


def _without_leaving_out(scheme: Scheme) -> dict[str, Any]:
    """The same with what is left out given 0: the raising of other weights is looked at in a test of its own."""
    items = [
        {
            "code": one.code, "name": one.name, "formula": one.formula, "weight": str(one.weight), "method": one.method,
            "baseline": {"value": str(one.baseline.value)}, "reverse": one.reverse, "floor": str(one.floor),
            "cap": None if one.cap is None else str(one.cap), "missing": one.missing.replace("left_out", "zero"),
        }
        for one in scheme.indicators
    ]  # fmt: skip
    return {
        "key": "own", "name": "n", "year": 2023, "total": str(scheme.total), "indicators": items,
        "classes": {"limits": [["A", "50"], ["B", "100"]]},
    }  # fmt: skip


@settings(max_examples=40)
@given(schemes(), companies)
def test_that_parts_sum_to_the_total_and_classes_follow_ranks(scheme: Scheme, rows: list[dict[str, Any]]) -> None:
    found = evaluate(scheme, group(*rows))
    scores = [score for score in found.scores if score is not None]
    assert scores == [sum(column[place] for column in found.parts.values()) for place in range(len(rows))]
    assert found.ranks == [1 + sum(other > score for other in scores) for score in scores]
    order = [name for _rank, name in sorted(zip(map(int, filter(None, found.ranks)), found.classes, strict=True))]
    assert order == sorted(order)


@settings(max_examples=40)
@given(schemes(), companies)
def test_that_an_item_never_lies_below_its_floor_nor_above_its_cap(scheme: Scheme, rows: list[dict[str, Any]]) -> None:
    found = evaluate(Scheme.of(_without_leaving_out(scheme)), group(*rows))
    for one in scheme.indicators:
        for place in set(range(len(rows))) - found.gaps[one.code]:
            points = Fraction(found.parts[one.code][place] + 1, SCALE)
            assert points >= one.weight * one.floor / 100
            assert one.cap is None or points <= one.weight * one.cap + Fraction(1, SCALE)


MORE_TAX = ("fixed", "mean", "weighted", "median")


@settings(max_examples=60)
@given(
    companies,
    st.sampled_from(MORE_TAX),
    st.sampled_from(["ratio", "range"]),
    st.integers(1, 10**6),
    st.integers(0, 6),
)
def test_that_a_higher_tax_never_lowers_a_score(
    rows: list[dict[str, Any]], mode: str, method: str, more: int, who: int
) -> None:
    item = {"formula": "tax / land", "weight": "100", "method": method, "floor": "20",
            "baseline": {"mode": mode, "value": "5"}}  # fmt: skip
    rows = [{**row, "tax": row["tax"] or 1, "land": row["land"] or 1} for row in rows]
    who %= len(rows)
    richer = [{**row, "tax": row["tax"] + more} if place == who else row for place, row in enumerate(rows)]
    before, after = (evaluate(simple(item), group(*one)).scores[who] for one in (rows, richer))
    assert before is not None
    assert after is not None
    assert after >= before


@settings(max_examples=30)
@given(schemes(limits=False), companies, st.integers(2, 9))
def test_that_scaling_all_weights_changes_no_rank(scheme: Scheme, rows: list[dict[str, Any]], factor: int) -> None:
    data = _without_leaving_out(scheme)
    heavier = [{**one, "weight": str(Fraction(one["weight"]) * factor)} for one in data["indicators"]]
    scaled = Scheme.of({**data, "indicators": heavier, "total": str(scheme.total * factor)})
    before, after = evaluate(Scheme.of(data), group(*rows)), evaluate(scaled, group(*rows))
    for one in range(len(rows)):
        for other in range(len(rows)):
            mine, theirs = before.scores[one], before.scores[other]
            if mine is not None and theirs is not None and mine - theirs > 10:  # further apart than what is cut off
                assert (after.scores[one] or 0) > (after.scores[other] or 0)


def test_that_scores_which_no_float_tells_apart_or_holds_are_ranked_exactly() -> None:
    item = {"formula": "tax / land", "weight": "100", "baseline": {"value": "1"}}
    taxes = (Fraction(10**9), 10**9 + Fraction(1, 10**6), Fraction(10**9), Fraction(1), Fraction(10**320))
    rows: list[dict[str, Any]] = [{"tax": tax, "land": 1} for tax in taxes]
    assert evaluate(simple(item), group(*rows[:4])).ranks == [2, 1, 2, 4]
    assert evaluate(simple(item), group(*rows)).ranks == [3, 2, 3, 5, 1]


def test_that_what_is_left_out_raises_the_other_weights() -> None:
    one = {"formula": "tax / land", "weight": "60", "baseline": {"value": "10"}}
    other = {"formula": "rd / revenue", "weight": "40", "baseline": {"value": "0.1"}, "missing": "left_out"}
    found = evaluate(simple(one, other), group({"tax": 50, "land": 10, "revenue": 10}))
    assert found.scores == [50 * SCALE]


def test_that_a_missing_item_gets_the_mean_score_of_those_who_have_it() -> None:
    item = {"formula": "tax / land", "weight": "100", "baseline": {"value": "10"}, "missing": "mean"}
    found = evaluate(simple(item), group({"tax": 100, "land": 10}, {"tax": 50, "land": 10}, {"land": 10}))
    assert found.scores == [100 * SCALE, 50 * SCALE, 75 * SCALE]
    assert [note.render("zh") for note in found.notes[2]] == ["指标0：实缴税金缺失，按全体平均分计。"]
