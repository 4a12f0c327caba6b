"""Every condition finds what its sentence says; what cannot be is refused with a sentence; what is gone is left out."""

from __future__ import annotations

import json
from typing import Any

import pytest

from db.core import listing
from db.core.book import Book
from db.core.errors import Refused
from db.core.filters import Condition, When, all_sql, condition_from_json, others, require, sentence
from db.core.period import FROM_26_TO_25, Period
from db.projects.fields import PROJECT_FIELDS, field_of
from db.projects.models import project
from tests.factories import projects
from tests.factories.projects import YI, row

FIELDS = {one.key: one for one in PROJECT_FIELDS}
TODAY = "2024-07-17"


@pytest.fixture
def five(book: Book) -> list[int]:
    return projects.projects(
        book,
        row(
            name="光伏一期", agreed_investment=5 * YI, approved_on="2024-07-01", signed_on="2024-07-01", street="甲街道"
        ),
        row(
            name="光伏二期", agreed_investment=3 * YI, approved_on="2024-06-26", signed_on="2024-06-26", street="乙街道"
        ),
        row(name="储能", agreed_investment=3 * YI, approved_on="2024-06-25", signed_on="2024-06-25", street="甲街道"),
        row(name="芯片ABC", agreed_investment=YI, approved_on="2023-12-31", signed_on="2023-12-31", remarks="跨年"),
        row(name="在谈", last_contact_on="2024-07-02", expected_signing="2024-07"),
    )


def found(book: Book, *conditions: Condition, when: When | None = None) -> set[int]:
    with book.read() as connection:
        where = all_sql(FIELDS, conditions, when=when or When(TODAY), table=project)
        return set(listing.ids(connection, project, where=where, today=TODAY))


def test_that_words_are_found_by_how_they_begin_and_by_what_they_lack(book: Book, five: list[int]) -> None:
    one, two, three, four, five_ = five
    assert found(book, Condition("name", "begins", "光伏")) == {one, two}
    assert found(book, Condition("name", "not_contains", "期")) == {three, four, five_}
    assert found(book, Condition("name", "contains", "abc")) == {four}
    assert found(book, Condition("street", "none_of", ("甲街道",))) == {two, four, five_}
    assert found(book, Condition("street", "none_of", ("甲街道", None))) == {two}
    assert found(book, Condition("remarks", "not_contains", "跨年")) == {one, two, three, five_}


def test_that_this_month_is_the_statistical_one(book: Book, five: list[int]) -> None:
    one, two, three, four, five_ = five
    late = When(TODAY, cut=FROM_26_TO_25)
    assert found(book, Condition("approved_on", "this_month")) == {one}
    assert found(book, Condition("approved_on", "last_month")) == {two, three}
    assert found(book, Condition("approved_on", "this_month"), when=late) == {one, two}
    assert found(book, Condition("approved_on", "last_month"), when=late) == {three}
    assert found(book, Condition("approved_on", "this_year")) == {one, two, three}
    assert found(book, Condition("approved_on", "this_year"), when=late) == {one, two, three, four}
    assert found(book, Condition("approved_on", "last_month"), when=When("2024-01-05")) == {four}
    assert found(book, Condition("expected_signing", "this_month")) == {five_}


def test_that_what_is_long_ago_is_counted_in_days(book: Book, five: list[int]) -> None:
    assert found(book, Condition("last_contact_on", "older_than_days", 14)) == {five[4]}
    assert found(book, Condition("last_contact_on", "older_than_days", 15)) == set()


def test_that_the_largest_are_those_among_the_rows_of_the_other_conditions_with_all_that_tie(
    book: Book, five: list[int]
) -> None:
    one, two, three, four, _five = five
    assert found(book, Condition("agreed_investment", "top", 1)) == {one}
    assert found(book, Condition("agreed_investment", "top", 2)) == {one, two, three}
    assert found(book, Condition("agreed_investment", "bottom", 1)) == {four}
    assert found(book, Condition("agreed_investment", "top", 99)) == {one, two, three, four}
    street = Condition("street", "is", "甲街道")
    assert found(book, Condition("agreed_investment", "bottom", 1), street) == {three}
    assert found(book, Condition("approved_on", "top", 1), Condition("agreed_investment", "at_most", 3 * YI)) == {two}


@pytest.mark.parametrize(
    ("key", "operator", "value", "chinese"),
    [
        ("approved_on", "this_month", None, "认定日期在本月"),
        ("approved_on", "last_month", None, "认定日期在上月"),
        ("approved_on", "this_year", None, "认定日期在今年"),
        ("last_contact_on", "older_than_days", 14, "上次对接在14天以前"),
        ("agreed_investment", "top", 10, "协议投资额最大的10个"),
        ("agreed_investment", "bottom", 1000, "协议投资额最小的1,000个"),
        ("approved_on", "top", 5, "认定日期最近的5个"),
        ("name", "empty", None, "项目名称为空"),
        ("name", "begins", "光伏", "项目名称以光伏开头"),
        ("name", "not_contains", "期", "项目名称不包含期"),
        ("street", "none_of", ("甲街道", None), "属地不是甲街道、（空）"),
    ],
)
def test_that_a_chip_reads_as_a_sentence(key: str, operator: str, value: Any, chinese: str) -> None:
    assert sentence(FIELDS[key], Condition(key, operator, value)).render("zh") == chinese


def test_that_the_period_is_named_where_it_is_known() -> None:
    asked = Condition("approved_on", "in_period")
    assert sentence(FIELDS["approved_on"], asked).render("zh") == "认定日期在本期内"
    half = Period.parse("2024-01..2024-06")
    assert sentence(FIELDS["approved_on"], asked, period=half).render("zh") == "认定日期在2024年1—6月内"


@pytest.mark.parametrize(
    ("key", "operator", "value"),
    [
        ("name", "between", ("a", "b")),
        ("name", "contains", "  "),
        ("name", "contains", 7),
        ("name", "begins", None),
        ("name", "is", "x" * 1001),
        ("name", "is", "a\0b"),
        ("street", "one_of", ()),
        ("street", "one_of", "甲街道"),
        ("street", "one_of", (1,)),
        ("agreed_investment", "at_least", "很多"),
        ("agreed_investment", "at_least", 2**63),
        ("agreed_investment", "between", (2, 1)),
        ("agreed_investment", "between", (1,)),
        ("agreed_investment", "top", 0),
        ("agreed_investment", "top", True),
        ("agreed_investment", "top", "10"),
        ("approved_on", "is", "2024-02-30"),
        ("approved_on", "is", "20240201"),
        ("approved_on", "between", ("2024-01-01", None)),
        ("approved_on", "older_than_days", -1),
        ("expected_signing", "is", "2024-13"),
        ("stage", "contains", "签"),
        ("name", "no_such_thing", 1),
    ],
)
def test_that_bad_input_is_refused_with_a_sentence_about_the_field(key: str, operator: str, value: Any) -> None:
    with pytest.raises(Refused) as refused:
        require(FIELDS[key], Condition(key, operator, value))
    assert FIELDS[key].label.render("zh") in refused.value.render("zh")


def test_that_the_check_list_of_a_column_counts_under_the_other_conditions() -> None:
    conditions = [Condition("street", "is", "甲街道"), Condition("stage", "is", "signed")]
    assert others(conditions, "street") == [conditions[1]]


def test_that_a_period_is_asked_for_where_there_is_none() -> None:
    field = field_of("approved_on")
    assert field is not None
    with pytest.raises(Refused):
        all_sql(FIELDS, [Condition("approved_on", "in_period")])


def test_that_several_conditions_on_one_field_all_hold_and_either_of_two_is_enough(book: Book, five: list[int]) -> None:
    one, two, three, four, _five = five
    either = Condition("name", "either", (("contains", "储能"), ("begins", "芯片")))
    assert found(book, either) == {three, four}
    assert found(book, Condition("name", "contains", "光伏"), Condition("name", "not_contains", "二期")) == {one}
    span = Condition("agreed_investment", "between", (YI, 3 * YI))
    assert found(book, span, Condition("agreed_investment", "top", 1)) == {two, three}
    days = Condition("signed_on", "either", (("between", ("2024-06-25", "2024-06-26")), ("this_month", None)))
    assert found(book, days) == {one, two, three}
    assert sentence(FIELDS["name"], either).render("zh") == "项目名称包含储能，或项目名称以芯片开头"
    assert condition_from_json(json.loads(json.dumps(days.as_json()))) == days


@pytest.mark.parametrize(
    "value", [None, (), (("contains", "a"),), (("top", 1), ("contains", "a")), (("contains", 5), ("begins", "a"))]
)
def test_that_either_of_what_cannot_be_is_refused(value: Any) -> None:
    with pytest.raises(Refused):
        require(FIELDS["name"], Condition("name", "either", value))
