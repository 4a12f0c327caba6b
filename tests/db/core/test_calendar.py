"""Working days: what the State Council published, what an office imports, and years that nobody knows yet."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.core import calendar
from db.core.book import Book
from db.core.errors import Refused
from db.core.text import Text
from tests.conftest import on_a_file
from tests.db.core.town import last

DAYS = st.dates(dt.date(2024, 1, 1), dt.date(2026, 12, 31))


def works(day: str) -> bool:
    return calendar.is_working_day(calendar.published(), dt.date.fromisoformat(day)).value


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2024-02-09", True),  # the eve of Spring Festival was not a holiday in 2024
        ("2024-02-12", False),
        ("2024-02-18", True),  # a Sunday worked for it
        ("2024-05-11", True),
        ("2024-10-07", False),
        ("2025-01-26", True),
        ("2025-01-28", False),  # the eve has been one since 2025
        ("2026-02-14", True),
        ("2026-10-01", False),
        ("2026-11-21", False),  # a plain Saturday
        ("2026-11-23", True),
    ],
)
def test_that_holidays_and_shifted_days_are_those_that_were_published(day: str, expected: bool) -> None:
    assert works(day) is expected


@pytest.mark.parametrize(("year", "count"), [(2024, 251), (2025, 248), (2026, 248)])
def test_that_a_year_has_the_working_days_that_were_published(year: int, count: int) -> None:
    found = calendar.working_days_between(calendar.published(), dt.date(year - 1, 12, 31), dt.date(year, 12, 31))
    assert found.value == count


@given(start=DAYS, count=st.integers(-300, 300))
def test_that_counting_undoes_adding(start: dt.date, count: int) -> None:
    days = calendar.published()
    end = calendar.add_working_days(days, start, count).value
    assert calendar.working_days_between(days, start, end).value == count
    assert count == 0 or days.works(end)


def test_that_five_working_days_over_a_holiday_end_where_the_office_says() -> None:
    days = calendar.published()
    assert calendar.add_working_days(days, dt.date(2024, 9, 29), 5).value == dt.date(2024, 10, 11)


def test_that_a_year_not_yet_published_is_said_and_counted_by_its_weekends() -> None:
    days = calendar.published()
    assert calendar.is_working_day(days, dt.date(2027, 10, 1)) == calendar.Reckoned(True, (2027,))
    found = calendar.add_working_days(days, dt.date(2026, 12, 30), 3)
    assert found.value == dt.date(2027, 1, 4)
    assert found.unpublished == (2027,)
    assert found.note is not None
    assert found.note.render("zh") == "2027年的节假日安排尚未公布，只扣除了周末。"
    assert calendar.is_working_day(days, dt.date(2026, 12, 30)).note is None


def test_that_an_imported_year_is_published_from_then_on_and_can_be_taken_back(book: Book) -> None:
    rows: list[list[Any]] = [
        ["日期", "类型"],
        ["2027-01-01", "休", "元旦"],
        [dt.date(2027, 1, 2), "休"],
        ["2027年1月3日", "班"],
        [None, None],
    ]
    with book.write(Text("import")) as connection:
        assert calendar.import_days(connection, rows) == (2027,)
    with book.read() as connection:
        days = calendar.calendar(connection)
    assert calendar.is_working_day(days, dt.date(2027, 1, 3)) == calendar.Reckoned(True)
    assert calendar.is_working_day(days, dt.date(2027, 1, 1)) == calendar.Reckoned(False)
    assert calendar.is_working_day(days, dt.date(2026, 10, 1)) == calendar.Reckoned(False)
    book.undo(last(book))
    with book.read() as connection:
        assert calendar.is_working_day(calendar.calendar(connection), dt.date(2027, 1, 1)).unpublished == (2027,)


def test_that_importing_a_year_again_replaces_it(book: Book) -> None:
    for kind in ("休", "班"):
        with book.write(Text("import")) as connection:
            calendar.import_days(connection, [["2027-02-06", kind], ["2026-01-01", "休"]])
    with book.read() as connection:
        days = calendar.calendar(connection)
    assert calendar.is_working_day(days, dt.date(2027, 2, 6)) == calendar.Reckoned(True)
    assert days.works(dt.date(2026, 10, 1))  # of 2026 only what was imported is known now


@on_a_file
@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([["2027-01-01", "休"], ["2027-13-01", "休"]], "第2行"),
        ([["2027-01-01", "也许"]], "第1行"),
        ([["2027-01-01", "休"], ["2027-01-01", "班"]], "第2行"),
        ([["日期", "类型"], []], "没有"),
    ],
)
def test_that_a_table_that_cannot_be_understood_is_refused_with_its_row(
    book: Book, rows: list[list[Any]], sentence: str
) -> None:
    with pytest.raises(Refused) as refusal, book.write(Text("import")) as connection:
        calendar.import_days(connection, rows)
    assert sentence in refusal.value.render("zh")
    assert last(book) == 0
