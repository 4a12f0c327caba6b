"""The laws of scoring: parts sum to the total, more is never less, no ceiling is passed, ranks agree with scores."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db.contests.rules import Datum, Line, Subject, moved, points_of, score
from db.contests.schemes import (
    BEST,
    BONUS,
    COUNT,
    DEDUCTION,
    EFFICACY,
    GIVEN,
    ITEM,
    STEPS,
    TARGET,
    Item,
    Scheme,
    presets,
    problems,
)
from db.core.errors import Refused
from db.per_mu.scoring import SCALE

numbers = st.fractions(min_value=0, max_value=500, max_denominator=9)
METHODS = (COUNT, TARGET, BEST, EFFICACY, STEPS, GIVEN)


@st.composite
def items(draw: st.DrawFn, code: str = "one") -> Item:
    method = draw(st.sampled_from(METHODS))
    steps = sorted(draw(st.lists(numbers, max_size=3)))
    kind, lower = draw(st.sampled_from((ITEM, BONUS, DEDUCTION))), draw(st.booleans())
    lower = lower and method != GIVEN and kind != DEDUCTION
    return Item(
        code, code, kind=kind, method=method, weight=draw(numbers) + 1, lower=lower,
        figure="" if method == GIVEN else "signed.count", each=draw(numbers), beyond=not lower and draw(st.booleans()),
        cap=draw(st.sampled_from([Fraction(1), Fraction(3, 2)])),
        steps=tuple((low, Fraction(9 - at if lower else at)) for at, low in enumerate(steps, 1)),
    )  # fmt: skip


def data_of(values: list[Fraction | None], target: Fraction | None = Fraction(7)) -> list[Datum]:
    return [Datum(value, target) for value in values]


@settings(max_examples=30)
@given(item=items(), values=st.lists(st.none() | numbers, min_size=1, max_size=5), more=numbers)
def test_that_more_is_never_less_or_never_more_where_less_is_better_and_no_ceiling_is_passed(
    item: Item, values: list[Fraction | None], more: Fraction
) -> None:
    before, _how = points_of(item, data_of(values)[0], data_of(values))
    raised = [(values[0] or Fraction(0)) + more, *values[1:]]
    after, how = points_of(item, data_of(raised)[0], data_of(raised))
    assert all(Fraction(0) <= points <= item.most for points in (before, after))
    assert (after <= before or values[0] is None) if item.lower else before <= after
    assert how.render("zh")


@settings(max_examples=30)
@given(
    st.tuples(items("a"), items("b")),
    st.lists(
        st.tuples(st.sampled_from(["一组", ""]), st.none() | numbers, st.none() | numbers), min_size=1, max_size=6
    ),
)
def test_that_parts_sum_to_the_score_and_ranks_agree_with_scores(
    both: tuple[Item, Item], told: list[tuple[str, Fraction | None, Fraction | None]]
) -> None:
    scheme = Scheme("s", "方案", "street", both, stars=(("五星", Fraction(90)), ("一星", Fraction(1))), flag="红旗")
    subjects = [Subject(at, str(at), group) for at, (group, _a, _b) in enumerate(told)]
    data = {
        (code, at): Datum(value, Fraction(5))
        for at, (_g, *values) in enumerate(told)
        for code, value in zip("ab", values, strict=True)
    }
    lines = score(scheme, subjects, data)
    assert sorted(one.subject.id for one in lines) == list(range(len(told)))
    for one in lines:
        assert one.score == sum(part.points for part in one.parts)
        same = [other for other in lines if other.subject.group == one.subject.group]
        assert one.rank == 1 + sum(other.score > one.score for other in same)
        assert one.flag == (one.rank == 1 and one.score > 0)
        assert one.star == ("五星" if one.score >= 90 * SCALE else "一星" if one.score >= SCALE else "")


def line(lines: list[Line], name: str) -> Line:
    return next(one for one in lines if one.subject.name == name)


def test_that_the_published_weights_give_what_they_say() -> None:
    scheme = Scheme.of(presets()["streets"])
    assert problems(scheme) == []
    subject = Subject(1, "大杨镇")
    data = {
        ("signed", 1): Datum(Fraction(15), Fraction(10)),  # 150 %, capped at 120 %: 36
        ("paid_in", 1): Datum(Fraction(7), Fraction(14)),  # half of 20: 10
        ("industry", 1): Datum(Fraction(18)), ("carriers", 1): Datum(Fraction(12)), ("team", 1): Datum(Fraction(14)),
        ("beyond", 1): Datum(Fraction(15), Fraction(10)),  # five beyond, 2 each, at most 6
        ("large", 1): Datum(Fraction(1)), ("stuck", 1): Datum(Fraction(3)),  # +4, −1.5
    }  # fmt: skip
    (found,) = score(scheme, [subject], data)
    assert [Fraction(part.points, SCALE) for part in found.parts] == [36, 10, 18, 12, 14, 6, 4, Fraction(-3, 2)]
    assert (found.score, found.star) == (98 * SCALE + SCALE // 2, "五星")
    paid = found.parts[1].how
    assert "最高36分" in found.parts[0].how.render("zh")
    assert paid.render("zh") == "7亿元÷目标14亿元×20分；最高24分"
    assert paid.render("en").startswith("7 hundred million yuan ÷ target 14 hundred million yuan × 20 points")


def test_that_what_is_missing_gives_nothing_and_says_so() -> None:
    item = Item("a", "签约", method=TARGET, weight=Fraction(10), figure="signed.count")
    assert points_of(item, Datum(None), [])[0] == 0
    points, how = points_of(item, Datum(Fraction(3)), [])
    assert (points, how.render("zh")) == (Fraction(0), "无目标，不得分")
    assert [moved(2, 5), moved(2, 1), moved(3, 3), moved(1, None)] == [3, -1, 0, None]


def test_that_a_scheme_says_in_words_what_is_wrong_with_it() -> None:
    good = Scheme.of(presets()["projects"])
    item = good.items[0]
    cases: list[tuple[Scheme, str]] = [
        (replace(good, items=()), "没有指标"),
        (replace(good, items=(item, item)), "重复"),
        (replace(good, subject="person"), "不能作为参评对象"),
        (replace(good, items=(replace(item, figure=""),)), "缺少数据来源指标"),
        (replace(good, items=(replace(item, weight=Fraction(0)),)), "须大于0"),
        (replace(good, stars=(("三星", Fraction(60)), ("五星", Fraction(90)))), "从高到低"),
        (replace(good, groups=(("一组", ("甲",)), ("二组", ("甲",)))), "两个组"),
    ]
    for scheme, said in cases:
        assert any(said in why.render("zh") for why in problems(scheme)), said
    with pytest.raises(Refused, match="no scheme"):
        Scheme.of({"key": "x"})
