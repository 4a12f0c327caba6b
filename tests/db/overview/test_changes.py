"""What changed between two moments: new, moved, gone and corrected projects."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from db.core.book import Book
from db.core.errors import Refused, Usage
from db.core.period import Period
from db.core.text import _
from db.overview.changes import changes
from db.overview.closing import close
from db.projects.service import delete_projects, move
from tests.conftest import on_a_file
from tests.factories.projects import YI, projects, row, signed, write

NOTHING: dict[str, list[Any]] = {"new": [], "moved": [], "gone": [], "corrected": []}


def last(book: Book) -> int:
    return book.operations(limit=1)[0].number


@pytest.fixture
def three(book: Book) -> Book:
    """A project in talks and two that are signed."""
    projects(
        book,
        row(agreed_investment=2 * YI, street="甲镇"),
        signed("2024-05-02", 3, street="甲镇", land_area=34 * 200_000, **{"paid_in_reported@2024-05": 100_00}),
        signed("2024-06-02", 4, **{"own:备案号": "12"}),
    )
    return book


@on_a_file
def test_that_nothing_happened_is_four_empty_lists(three: Book) -> None:
    assert changes(three, last(three)) == NOTHING


@on_a_file
def test_that_new_and_deleted_projects_are_told(three: Book) -> None:
    before = last(three)
    projects(three, row(), row())
    with three.write(_("Delete")) as connection:
        delete_projects(connection, [2, 5])
    assert changes(three, before) == NOTHING | {"new": [4], "gone": [2]}


def test_that_a_move_is_told_with_its_stages_and_its_dates_are_no_correction(three: Book) -> None:
    before = last(three)
    with three.write(_("Move")) as connection:
        move(connection, [1], "signed", on="2024-06-03")
        move(connection, [2], "started", on="2024-06-04")
    assert changes(three, before) == NOTHING | {
        "moved": [{"id": 1, "from": "negotiating", "to": "signed"}, {"id": 2, "from": "signed", "to": "started"}]
    }
    started = last(three)
    with three.write(_("Back")) as connection:
        move(connection, [2], "signed", on=None)
    assert changes(three, started) == NOTHING | {"moved": [{"id": 2, "from": "started", "to": "signed"}]}
    assert changes(three, before)["moved"] == [{"id": 1, "from": "negotiating", "to": "signed"}]


def test_that_corrections_are_told_cell_by_cell_as_exchanged(three: Book) -> None:
    before = last(three)
    write(
        three,
        (2, "agreed_investment", 123_456_789_01), (2, "street", "乙镇"), (2, "signed_on", "2024-05-03"),
        (2, "approved_on", "2024-05-09"), (2, "land_area", 12_000 * 20 + 5_000), (2, "planned_start_on", "2024-09-01"),
        (2, "paid_in_reported@2024-05", 250_50), (2, "paid_in_reported@2024-06", 7_00), (3, "own:备案号", "13"),
        (3, "industry", "新能源"),
    )  # fmt: skip
    told = {(one["id"], one["field"]): (one["old"], one["new"]) for one in changes(three, before)["corrected"]}
    assert told == {
        (2, "agreed_investment"): ("300000000", "123456789.01"),
        (2, "street"): ("甲镇", "乙镇"),
        (2, "signed_on"): ("2024-05-02", "2024-05-03"),
        (2, "approved_on"): ("2024-05-02", "2024-05-09"),
        (2, "land_area"): ("34", "1.225"),
        (2, "planned_start_on"): (None, "2024-09-01"),
        (2, "paid_in_reported@2024-05"): ("100", "250.5"),
        (2, "paid_in_reported@2024-06"): (None, "7"),
        (3, "own:备案号"): ("12", "13"),
        (3, "industry"): (None, "新能源"),
    }


@on_a_file
def test_that_a_change_taken_back_is_no_change(three: Book) -> None:
    before = last(three)
    write(three, (2, "agreed_investment", 9 * YI))
    three.undo(last(three))
    with three.write(_("Delete")) as connection:
        delete_projects(connection, [3])
    three.undo(last(three))
    assert changes(three, before) == NOTHING


@on_a_file
def test_that_a_stretch_between_two_moments_knows_nothing_of_what_came_later(three: Book) -> None:
    before = last(three)
    write(three, (2, "agreed_investment", 9 * YI))
    between = last(three)
    write(three, (2, "agreed_investment", 11 * YI), (2, "name", "新名"))
    projects(three, row())
    with three.write(_("Delete")) as connection:
        delete_projects(connection, [2, 3])
    assert changes(three, before, between)["corrected"] == [
        {"id": 2, "field": "agreed_investment", "old": "300000000", "new": "900000000"}
    ]
    assert changes(three, between, last(three)) == changes(three, between) == NOTHING | {"new": [4], "gone": [2, 3]}
    with pytest.raises(Refused):
        changes(three, between, before)


@on_a_file
def test_that_a_finalised_month_is_a_moment(three: Book) -> None:
    june = Period.parse("2024-06")
    with pytest.raises(Refused, match="not finalised"):
        changes(three, "2024-06")
    close(three, june)
    write(three, (3, "agreed_investment", 5 * YI))
    assert [one["id"] for one in changes(three, "2024-06")["corrected"]] == [3]
    assert changes(three, june) == changes(three, "2024-01..2024-06")


def test_that_a_day_is_its_end_and_one_before_the_book_is_refused(three: Book) -> None:
    today = dt.datetime.now(dt.timezone(dt.timedelta(hours=8))).date()
    assert changes(three, today.isoformat()) == NOTHING
    with pytest.raises(Refused, match="begins on"):
        changes(three, "2001-01-01")
    with pytest.raises(Usage):
        changes(three, "last week")
