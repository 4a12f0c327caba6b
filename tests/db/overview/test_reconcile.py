"""A published number beside the book's: the rule that closes the difference is found, with its rows."""

from __future__ import annotations

from typing import Any

import pytest

from db.core.book import Book
from db.core.errors import Refused
from db.core.period import Period
from db.core.text import _
from db.overview.reconcile import Compared, Explanation, Typed, choices, keep, kept, read_number, reconcile
from tests.conftest import on_a_file
from tests.factories import projects
from tests.factories.projects import YI

PERIOD = Period.parse("2024-01..2024-06")


def compared(book: Book, **typed: int) -> list[Compared]:
    """compared(book, signed__count=47): what reconcile says."""
    said = [Typed(key.replace("__", "."), value) for key, value in typed.items()]
    with book.read() as connection:
        return reconcile(connection, PERIOD, said)


def first(found: Compared) -> Explanation:
    """The explanation at the top, which closes the difference."""
    assert found.explanations
    assert found.explanations[0].closes
    return found.explanations[0]


def signed(*days: str, **facts: Any) -> list[dict[str, Any]]:
    """Projects of 1, 2, 3 … 亿元 with names that are not alike."""
    names = "北斗导航芯片 量子测量仪器 光伏逆变器 生物制药基地 低空物流 氢能电堆 数字孪生 冷链仓储 医疗器械 智能网联".split()
    return [projects.signed(day, at, **({"name": names[at % 10]} | facts)) for at, day in enumerate(days, 1)]


@on_a_file
def test_that_a_number_that_agrees_needs_no_explanation(book: Book) -> None:
    projects.projects(book, *signed("2024-02-01", "2024-03-01"))
    (found,) = compared(book, signed__count=2)
    assert (found.agrees, found.book, found.explanations, len(found.rows)) == (True, 2, (), 2)


@on_a_file
def test_that_a_signing_dated_just_after_the_period_is_named(book: Book) -> None:
    ids = projects.projects(book, *signed("2024-02-01", "2024-03-01", "2024-07-02", "2024-07-20"))
    number, money = compared(book, signed__count=3, signed__investment=6 * YI)
    found = first(number)
    assert (found.kind, found.rows, found.both) == ("after", (ids[2],), True)
    assert "2024-07-02" in found.text.render("zh")
    assert first(money).rows == (ids[2],)


@on_a_file
def test_that_a_framework_agreement_is_named(book: Book) -> None:
    ids = projects.projects(
        book, *signed("2024-02-01"), *signed("2024-03-01", agreement_kind="framework", name="战略合作")
    )
    (found,) = compared(book, signed__count=2)
    assert (first(found).kind, first(found).rows) == ("framework", (ids[1],))


@on_a_file
def test_that_a_recognition_at_another_level_is_named(book: Book) -> None:
    ids = projects.projects(
        book,
        *signed("2024-02-01"),
        projects.row(name="只有市认定", signed_on="2023-03-01", city_approved_on="2024-05-01", agreed_investment=YI),
    )
    (found,) = compared(book, signed__count=2)
    assert any(one.closes and one.kind == "level" and one.rows == (ids[1],) for one in found.explanations)


def test_that_what_is_below_the_threshold_or_withdrawn_is_named(book: Book) -> None:
    ids = projects.projects(
        book,
        *signed("2024-02-01", "2024-03-01"),
        projects.row(name="小项目", signed_on="2024-04-01", approved_on="2024-04-01", agreed_investment=YI // 2),
    )
    (small,) = compared(book, signed__count=2)
    assert any(one.closes and one.kind == "small" and one.rows == (ids[2],) for one in small.explanations)
    projects.write(book, (ids[1], "status", "withdrawn"))
    (gone,) = compared(book, signed__count=2)
    assert any(one.closes and one.kind == "stopped" and one.rows == (ids[1],) for one in gone.explanations)


@on_a_file
def test_that_two_rows_of_nearly_one_name_are_named(book: Book) -> None:
    ids = projects.projects(
        book,
        *signed("2024-02-01"),
        projects.signed("2024-03-01", 3, name="晴川机器人总装线建设项目"),
        projects.signed("2024-03-02", 3, name="晴川机器人总装线建设项目二"),
    )
    number, money = compared(book, signed__count=2, signed__investment=4 * YI)
    assert any(one.both and one.kind == "twice" and one.rows == (ids[2],) for one in number.explanations)
    assert not money.agrees


@on_a_file
def test_that_an_amount_that_is_the_difference_alone_or_in_two_is_named(book: Book) -> None:
    ids = projects.projects(book, *signed("2024-02-01", "2024-03-01", "2024-03-05", "2024-03-09"))
    (one,) = compared(book, signed__investment=6 * YI)
    assert any(this.closes and this.rows == (ids[3],) for this in one.explanations)
    (two,) = compared(book, signed__investment=3 * YI)
    assert any(this.closes and set(this.rows) == {ids[2], ids[3]} for this in two.explanations)


@on_a_file
def test_that_a_slip_between_wan_and_yi_is_named(book: Book) -> None:
    ids = projects.projects(book, *signed("2024-02-01"), projects.signed("2024-03-01", 12000, name="写错单位"))
    (found,) = compared(book, signed__investment=YI + 12000 * YI // 10_000)
    assert (first(found).kind, first(found).rows) == ("slip", (ids[1],))
    assert "1.20 亿元" in first(found).text.render("zh") or "12,000.00 亿元" in first(found).text.render("zh")


@on_a_file
def test_that_another_definition_is_named(book: Book) -> None:
    ids = projects.projects(book, *signed("2024-02-01", total_investment=5 * YI), *signed("2024-03-01", name="乙"))
    (found,) = compared(book, signed__investment=6 * YI)
    assert any(one.closes and one.kind == "money" and one.rows == (ids[0],) for one in found.explanations)


@on_a_file
def test_that_a_number_of_the_month_alone_is_recognised(book: Book) -> None:
    projects.projects(book, *signed("2024-02-01", "2024-06-01", "2024-06-20"))
    (found,) = compared(book, signed__count=2)
    assert first(found).kind in ("period", "edge") or any(one.kind == "period" for one in found.explanations)
    assert any(one.kind == "period" and one.closes for one in found.explanations)


@on_a_file
def test_that_paid_in_funds_reported_of_another_month_are_named(book: Book) -> None:
    projects.projects(
        book,
        projects.row(**{"name": "甲", "paid_in_reported@2024-06": 3 * YI, "paid_in_reported@2024-07": 2 * YI}),
    )
    (found,) = compared(book, paid_in__reported=5 * YI)
    assert (first(found).kind, "2024-07" in first(found).text.render("zh")) == ("month", True)


@on_a_file
def test_that_money_is_right_to_the_decimal_it_was_published_with(book: Book) -> None:
    projects.projects(
        book, projects.row(name="甲", signed_on="2024-02-01", agreed_investment=1742 * YI // 10 + 3 * 10**8)
    )
    with book.read() as connection:
        typed = read_number("signed.investment", "174.2亿元")
        assert typed is not None
        (found,) = reconcile(connection, PERIOD, [typed])
    assert (typed.within, found.agrees) == (YI // 20, True)


def test_that_what_is_typed_is_read_with_its_unit_or_refused_in_words() -> None:
    assert read_number("signed.count", " ") is None
    assert read_number("signed.investment", "1742000万元") == Typed("signed.investment", 1742 * YI // 10)
    assert read_number("signed.investment", "174.2") == Typed("signed.investment", 1742 * YI // 10, YI // 20)
    with pytest.raises(Refused):
        read_number("signed.count", "很多")
    assert "start_rate.cohort" not in dict(choices())


def test_that_typed_numbers_are_kept_as_published_once_and_can_be_undone(book: Book) -> None:
    for value in (46, 47):
        with book.write(_("Keep")) as connection:
            keep(connection, PERIOD, [Typed("signed.count", value)], source="半年通报")
            number = connection.info["operation"]
    with book.read() as connection:
        assert kept(connection, PERIOD) == {"signed.count": 47}
        assert kept(connection, Period.parse("2024-06")) == {}
    book.undo(number)
    with book.read() as connection:
        assert kept(connection, PERIOD) == {"signed.count": 46}
