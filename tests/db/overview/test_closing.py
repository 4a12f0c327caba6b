"""Finalised months: what was finalised is what is printed, whatever happens later."""

from __future__ import annotations

import datetime as dt

import pytest

from db import __version__
from db.core.book import Book
from db.core.errors import Refused
from db.core.period import Period
from db.core.text import _
from db.overview.closing import close, closed, closings, reopen
from db.overview.report import build
from db.overview.writing import figures_of, report_of
from db.projects.service import delete_projects
from tests.factories.projects import YI, choose, projects, signed, write

HALF, JUNE = Period.parse("2024-01..2024-06"), Period.parse("2024-06")
TODAY = dt.date(2024, 7, 12)


@pytest.fixture
def june(book: Book) -> Book:
    """A book with two signings of June and one of May."""
    projects(
        book,
        signed("2024-05-02", 3, street="甲镇"),
        signed("2024-06-02", 4, street="甲镇"),
        signed("2024-06-20", 5, street="乙镇"),
    )
    return book


def test_that_a_closed_month_keeps_its_report_when_a_project_is_deleted_later(june: Book) -> None:
    with june.read() as connection:
        before = {lang: build(connection, JUNE, lang=lang, today=TODAY) for lang in ("zh", "en")}
    close(june, JUNE, today=TODAY)
    with june.write(_("Delete")) as connection:
        delete_projects(connection, [2])
    write(june, (3, "agreed_investment", 50 * YI))
    choose(june, report__title="别的标题")
    for lang, report in before.items():
        assert report_of(june, JUNE, lang=lang) == (report, True)
    assert figures_of(june, JUNE)["figures"]["signed.count"]["value"] == "2"
    assert figures_of(june, JUNE)["figures"]["signed.count"]["rows"] == {"room": "projects", "ids": [2, 3]}
    with june.read() as connection:
        assert build(connection, JUNE, today=TODAY) != before["zh"]


def test_that_closing_a_month_closes_the_year_to_date_with_it(june: Book) -> None:
    number = close(june, JUNE, today=TODAY)
    with june.write(_("Delete")) as connection:
        delete_projects(connection, [1])
    assert "新签约项目3个" in report_of(june, HALF)[0].text()
    with june.read() as connection:
        assert closings(connection) == [
            ("2024-06", "2024-06-01", "2024-06-30", number),
            ("2024-01..2024-06", "2024-01-01", "2024-06-30", number),
        ]
        assert closed(connection, Period.parse("2024-05")) is None


def test_that_the_book_can_be_looked_at_as_it_was_at_the_closing(june: Book) -> None:
    number = close(june, JUNE, today=TODAY)
    with june.write(_("Delete")) as connection:
        delete_projects(connection, [1, 2, 3])
    stored, _final = report_of(june, JUNE)
    anew, final = report_of(june, JUNE, as_of=number, today=TODAY)
    assert anew.sections == stored.sections
    assert not final
    with june.read() as connection:
        found = closed(connection, JUNE)
        assert found is not None
        assert (found.operation, found.program) == (number, __version__)


def test_that_closing_twice_is_refused_and_changes_nothing(june: Book) -> None:
    close(june, JUNE, today=TODAY)
    operations = len(june.operations())
    for period in (JUNE, HALF):
        with pytest.raises(Refused, match="finalised already"):
            close(june, period)
    assert len(june.operations()) == operations


def test_that_a_closing_is_signed_on_its_own_day_where_no_other_is_named(june: Book) -> None:
    with june.read() as connection:
        first = build(connection, JUNE, today=TODAY)
    close(june, JUNE)
    assert report_of(june, JUNE)[0].signed_on
    assert first.signed_on == "2024年7月12日"


def test_that_a_closing_is_not_undone_but_reopened_as_a_step_of_its_own(june: Book) -> None:
    number = close(june, JUNE, today=TODAY)
    assert [conflict.tbl for conflict in june.undo(number).conflicts] == ["closed_month"]
    with june.write(_("Delete")) as connection:
        delete_projects(connection, [3])
    again = reopen(june, JUNE)
    assert june.undo(again).conflicts == ()
    assert "新签约项目2个" in report_of(june, JUNE)[0].text()
    reopen(june, JUNE)
    assert "新签约项目1个" in report_of(june, JUNE)[0].text()
    with pytest.raises(Refused, match="is not finalised"):
        reopen(june, JUNE)
    close(june, JUNE, today=TODAY)


def test_that_every_other_operation_can_still_be_undone_beside_a_closed_month(june: Book) -> None:
    close(june, JUNE, today=TODAY)
    with june.write(_("Delete")) as connection:
        delete_projects(connection, [3])
    gone = june.operations(limit=1)[0].number
    assert june.undo(gone).conflicts == ()
