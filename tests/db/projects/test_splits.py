"""Paid-in funds of a month by origin: the parts and what is not split always add up to the total."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from db.core.book import Book
from db.core.errors import Refused
from db.core.text import Text, _
from db.projects.bulletin import CityLine, city_bulletin_of, set_city_bulletin
from db.projects.models import city_bulletin, monthly_amount
from db.projects.service import set_values
from db.projects.sheet import PROJECT_SHEET, current
from tests.conftest import on_a_file
from tests.factories import projects

TOTAL, INSIDE, OUTSIDE, OVERSEAS = (
    f"paid_in_reported{part}@2024-05" for part in ("", "_inside", "_outside", "_overseas")
)
KEYS = (TOTAL, INSIDE, OUTSIDE, OVERSEAS, "paid_in_reported", "paid_in_reported_outside")


def kept(book: Book, number: int) -> tuple[Any, ...]:
    with book.read() as connection:
        values = current(connection, [number], KEYS)[number]
    return tuple(values.get(key) for key in KEYS)


def write(book: Book, number: int, **cells: int | None) -> None:
    with book.write(Text("x")) as connection:
        set_values(connection, [(number, key, value) for key, value in cells.items()])


def test_that_parts_taken_from_a_total_leave_the_total_as_it_was(book: Book) -> None:
    number = projects.project(book, **{TOTAL: 100_00, OUTSIDE: 60_00})
    assert kept(book, number) == (100_00, None, 60_00, None, 100_00, 60_00)
    write(book, number, **{INSIDE: 40_00})
    assert kept(book, number) == (100_00, 40_00, 60_00, None, 100_00, 60_00)
    write(book, number, **{OUTSIDE: 50_00})
    assert kept(book, number) == (100_00, 40_00, 50_00, None, 100_00, 50_00)
    with book.read() as connection:
        rows = connection.execute(select(monthly_amount.c.origin, monthly_amount.c.amount)).all()
    assert dict(map(tuple, rows)) == {"": 10_00, "inside": 40_00, "outside": 50_00}


@on_a_file
def test_that_without_a_total_the_parts_are_the_total(book: Book) -> None:
    number = projects.project(book, **{OUTSIDE: 60_00, OVERSEAS: 5_00})
    assert kept(book, number) == (65_00, None, 60_00, 5_00, 65_00, 60_00)


@on_a_file
def test_that_parts_beyond_the_total_are_refused_and_nothing_is_changed(book: Book) -> None:
    number = projects.project(book, **{TOTAL: 100_00, OUTSIDE: 60_00})
    with pytest.raises(Refused, match="more than the month's total"):
        write(book, number, **{INSIDE: 40_01})
    with pytest.raises(Refused, match="more than the month's total"):
        write(book, number, **{TOTAL: 59_99})
    assert kept(book, number) == (100_00, None, 60_00, None, 100_00, 60_00)
    write(book, number, **{INSIDE: 140_00, TOTAL: 200_00})
    assert kept(book, number) == (200_00, 140_00, 60_00, None, 200_00, 60_00)


def test_that_an_import_says_where_the_parts_exceed_the_total() -> None:
    wrong = PROJECT_SHEET.check({"name": ["甲", "乙"], TOTAL: [100, 100], OUTSIDE: [60, 60], INSIDE: [40, 41]})
    assert list(wrong) == [1]
    assert "more than the month's total" in str(wrong[1][TOTAL])


def test_that_the_citys_bulletin_of_a_month_is_kept_changed_and_undone_as_one_operation(book: Book) -> None:
    first = [CityLine("signed.investment", 9_00, 3, "甲区 12亿元", "市级通报第6期"), CityLine("signed.count", 47, 2)]
    with book.write(_("Bulletin")) as connection:
        set_city_bulletin(connection, "2024-06", first)
    with book.write(_("Bulletin")) as connection:
        set_city_bulletin(connection, "2024-06", [CityLine("signed.count", 48, 1)])
        again = int(connection.info["operation"])
    with book.read() as connection:
        assert city_bulletin_of(connection, "2024-06") == [CityLine("signed.count", 48, 1)]
    book.undo(again)
    with book.read() as connection:
        assert sorted(city_bulletin_of(connection, "2024-06"), key=lambda line: line.figure) == sorted(
            first, key=lambda line: line.figure
        )


@on_a_file
@pytest.mark.parametrize(
    ("month", "lines"),
    [
        ("2024-13", [CityLine("signed.count", 1)]),
        ("2024-06", [CityLine("signed.count", 1), CityLine("signed.count", 2)]),
        ("2024-06", [CityLine("signed.count", 1, 0)]),
    ],
)
def test_that_a_bulletin_that_cannot_be_is_refused(book: Book, month: str, lines: list[CityLine]) -> None:
    with pytest.raises(Refused), book.write(_("Bulletin")) as connection:
        set_city_bulletin(connection, month, lines)
    with book.read() as connection:
        assert connection.execute(select(city_bulletin)).all() == []
