"""The language of formulas: what it computes, and what it refuses with a sentence."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from db.core.errors import Refused
from db.per_mu.formulas import Missing, holds, parse, parse_condition, value_of
from db.per_mu.schemes import LABELS, Scheme, problems
from db.per_mu.scoring import SCALE, evaluate
from tests.factories.per_mu import group, preset, simple

NAMES = {"tax": "tax", "land": "land", "实缴税金": "tax", "R&D占比": "rd_share"}
VALUES: dict[str, Fraction | None] = {
    "tax": Fraction(338),
    "land": Fraction(10),
    "staff": Fraction(0),
    "rd_share": None,
}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("tax / land", "33.8"), ("实缴税金 ÷ land", "33.8"), ("1 + 2 * 3", "7"), ("(1 + 2) × 3", "9"), ("2 - 3 - 4", "-5"),
        ("-tax + 400", "62"), ("--5", "5"), ("max(tax, 400, 3)", "400"), ("min（tax，400）", "338"), ("50%", "0.5"),
        ("100 / 8 / 2", "6.25"), (".5 * 4", "2"),
    ],
)  # fmt: skip
def test_that_a_formula_computes_exactly(text: str, value: str) -> None:
    assert value_of(parse(text, NAMES), VALUES, LABELS) == Fraction(value)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("tax / profits", "公式“tax / profits”中的“profits”不是指标数据。"),
        ("tax /", "公式“tax /”不完整。"),
        ("tax land", "公式“tax land”中的“land”位置不对。"),
        ("(tax", "公式“(tax”不完整。"),
        ("tax ; land", "公式“tax ; land”中的“;”无法识别。"),
        ("__import__('os')", "公式“__import__('os')”中的“'”无法识别。"),
        ("tax.real", "公式“tax.real”中的“.”无法识别。"),
        ("  ", "公式为空。"),
        ("1" * 1001, "公式超过1000个字符。"),
        ("(" * 60 + "1" + ")" * 60, "公式“" + "(" * 60 + "1" + ")" * 60 + "”的括号层数太多。"),
    ],
)
def test_that_what_is_not_understood_is_refused_in_words(text: str, sentence: str) -> None:
    with pytest.raises(Refused) as refused:
        parse(text, NAMES)
    assert refused.value.render("zh") == sentence


def test_that_a_missing_metric_and_a_division_by_zero_or_less_say_why() -> None:
    for text, why in (
        ("tax / R&D占比", "rd_share is missing"), ("tax / (land - 10)", "a division by 0"),
        ("tax / (land - 11)", "a division by less than 0"),
    ):  # fmt: skip
        found = value_of(parse(text, NAMES), VALUES, LABELS)
        assert isinstance(found, Missing)
        assert found.why.render("en") == why


def test_that_a_condition_compares_and_is_false_over_what_is_missing() -> None:
    assert holds(parse_condition("tax / land >= 33.8", NAMES), VALUES, LABELS)
    assert not holds(parse_condition("tax < 0", NAMES), VALUES, LABELS)
    assert not holds(parse_condition("R&D占比 > 0", NAMES), VALUES, LABELS)
    with pytest.raises(Refused, match="compares nothing"):
        parse_condition("tax / land", NAMES)


def told(scheme: Scheme) -> list[str]:
    """The problems of a scheme, in Chinese."""
    return [one.render("zh") for one in problems(scheme)]


def test_that_a_scheme_whose_weights_sum_to_99_is_told_so() -> None:
    scheme = simple({"formula": "tax / land", "weight": "99", "baseline": {"value": "1"}})
    assert told(scheme) == ["权重合计为99，应为100。"]
    with pytest.raises(Refused, match="99"):
        evaluate(scheme, group({"tax": 1, "land": 1}))


def test_that_formulas_in_a_circle_are_named() -> None:
    item = {"formula": "甲 / land", "weight": "100", "baseline": {"value": "1"}}
    assert told(simple(item, terms={"甲": "乙 + 1", "乙": "甲 * 2"})) == ["公式循环引用：甲 → 乙 → 甲。"]


def test_that_formulas_that_grow_too_long_or_name_each_other_too_deep_are_refused() -> None:
    item = {"formula": "t / land", "weight": "100", "baseline": {"value": "1"}}
    doubled = {f"t{at}": f"t{at - 1} + t{at - 1}" for at in range(1, 60)} | {"t0": "tax", "t": "t59"}
    chained = {f"t{at}": f"t{at - 1} + 1" for at in range(1, 900)} | {"t0": "tax", "t": "t899"}
    for terms in (doubled, chained):
        (why,) = told(simple(item, terms=terms))
        assert why.endswith("连同所引用的公式过长。")


def test_that_the_worst_does_not_come_out_best_where_less_is_better_and_the_value_added_is_a_loss() -> None:
    item = {"formula": "energy / value_added", "weight": "100", "baseline": {"mode": "median"}, "reverse": True}
    found = evaluate(simple(item), group(*({"energy": 10, "value_added": added} for added in (20, 10, 5, -1))))
    assert found.ranks == [1, 2, 3, 3]
    assert [note.render("zh") for note in found.notes[3]] == ["指标0：工业增加值为负数，计0分。"]


def test_that_an_indicator_without_a_unit_has_that_of_its_formula() -> None:
    formulas = ("tax / land", "(tax + profit) / 从业人员", "rd / revenue", "tax * 10000 / electricity", "staff")
    scheme = simple(*({"formula": one, "weight": "20", "baseline": {"value": "1"}} for one in formulas))
    assert [one.unit for one in scheme.indicators] == ["万元/亩", "万元/人", "", "", "人"]


def test_that_an_indicator_may_stand_on_a_term_and_on_another_indicator() -> None:
    one = {"formula": "效益 / land", "weight": "50", "baseline": {"value": "10"}, "code": "one"}
    other = {"formula": "one * 2", "weight": "50", "baseline": {"value": "20"}}
    found = evaluate(simple(one, other, terms={"效益": "tax + profit"}), group({"tax": 60, "profit": 40, "land": 10}))
    assert found.scores == [100 * SCALE]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"indicators": []}, "方案没有指标。"),
        ({"classes": {"limits": [["A", "70"], ["B", "30"]]}}, "分类界限要从最好的一类依次往下排。"),
        ({"classes": {"limits": [["A", "30"], ["B", "90"]]}}, "分类比例为累计比例，最后一类为100%。"),
        ({"vetoes": [{"name": "安全事故", "when": "tax < 0", "class": "E"}]}, "没有“E”类。"),
        ({"classes": {"limits": [["A", "30"], ["A", "100"]]}}, "“A”出现了两次。"),
        ({"required": ["面积"]}, "没有“面积”这项数据。"),
    ],
)
def test_that_what_is_wrong_with_a_scheme_is_said(changes: dict[str, Any], sentence: str) -> None:
    assert told(preset("anhui-county", **changes)) == [sentence]


@pytest.mark.parametrize(
    "data", [{}, {"key": "a"}, {"key": "a", "name": "a", "year": "last", "indicators": [], "classes": {}}]
)
def test_that_what_is_no_scheme_is_refused_in_words(data: dict[str, Any]) -> None:
    with pytest.raises(Refused, match="This is no scheme"):
        Scheme.of(data)


def test_that_zero_land_and_negative_tax_and_an_outlier_are_scored_or_told() -> None:
    rows = [
        {"land": 10, "tax": tax, "revenue": 100, "value_added": 5, "energy": 1, "rd": 1, "staff": 1}
        for tax in (10, -3, 10**9)
    ]
    found = evaluate(preset("huangyan-2022"), group(*rows, {"tax": 5, "land": 0}, {"tax": 5}))
    assert found.ranks == [2, 3, 1, None, None]
    assert found.parts["tax_per_mu"][1] == 0
    assert found.classes[3:] == ["不定", "不定"]
    assert [note.render("zh") for note in found.notes[3]] == ["用地面积：0，不参加排名。"]
    assert found.counts()["不定"] == 2


def test_that_a_baseline_of_nothing_is_refused_in_words() -> None:
    item = {"formula": "tax / land", "weight": "100", "baseline": {"mode": "mean"}}
    with pytest.raises(Refused) as refused:
        evaluate(simple(item), group({"tax": 0, "land": 10}))
    assert refused.value.render("zh") == "“指标0”的基准为0，应大于0。"
    with pytest.raises(Refused, match="no company to evaluate"):
        evaluate(simple(item), group())
    with pytest.raises(Refused, match="of last year"):
        evaluate(preset("huaian-2024"), group({"tax": 1, "land": 1}))


def test_that_bonuses_deductions_vetoes_and_exemptions_count_as_the_scheme_says() -> None:
    scheme = simple(
        {"formula": "tax / land", "weight": "100", "baseline": {"value": "10"}},
        bonuses=[{"name": "高新技术企业", "tag": "高新", "points": "3"}, {"name": "上市", "tag": "上市", "points": "5"}],
        bonus_cap="6", deductions=[{"name": "能耗超限", "when": "energy > 100", "points": "2"}],
        vetoes=[{"name": "偷税", "when": "energy > 100", "class": "C"}], exempt=["免评"], exempt_class="T",
    )  # fmt: skip
    row = {"tax": 100, "land": 10}
    rows = (row, {**row, "energy": 101}, {**row, "tax": 40}, row)
    found = evaluate(scheme, group(*rows, tags={0: "高新、上市", 3: "免评"}))
    assert found.scores == [106 * SCALE, 98 * SCALE, 40 * SCALE, None]
    assert found.classes == ["A", "C", "C", "T"]
    assert [note.render("zh") for note in found.notes[0]] == ["高新技术企业：+3分", "上市：+5分"]
    assert [note.render("zh") for note in found.notes[1]] == ["能耗超限：−2分", "偷税：不高于C类"]
    assert [note.render("zh") for note in found.notes[3]] == ["免评：免评"]
