"""A view is kept as it was made, also by a newer version; what the book lacks is said and the rest is shown."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from db import rooms
from db.core import listing, views
from db.core.book import Book
from db.core.emphasis import Emphasis
from db.core.errors import Refused
from db.core.filters import Condition, When
from db.core.text import Text, _
from db.core.views import View, delete_view, rename_view, resolve, save_view, view_from_json
from db.projects.fields import PROJECT_FIELDS
from db.projects.models import project
from tests.conftest import on_a_file
from tests.factories import projects
from tests.factories.projects import YI, row

FIELDS = {one.key: one for one in PROJECT_FIELDS}
MINE = View(
    "我的重点",
    ("name", "agreed_investment", "street"),
    (Condition("agreed_investment", "at_least", YI), Condition("stage", "one_of", ("signed", None))),
    (("agreed_investment", True), ("name", False)),
    ("street",),
    2,
    {"name": 240},
    owner="高翔",
)


def save(book: Book, view: View, room: str = "projects") -> View:
    with book.write(_("Save a view")) as connection:
        return save_view(connection, room, view)


def seen(book: Book, actor: str, room: str = "projects") -> list[View]:
    with book.read() as connection:
        return views.views(connection, room, actor)


def test_that_a_view_survives_being_written_and_read() -> None:
    for view in (MINE, replace(MINE, name=Text("All projects")), View("空", ())):
        stored = json.loads(json.dumps(view.as_json(), ensure_ascii=False))
        assert view_from_json(stored, key=view.key, owner=view.owner) == view


def test_that_a_saved_view_is_seen_by_its_owner_and_a_shared_one_by_all(book: Book) -> None:
    mine = save(book, MINE)
    shared = save(book, replace(MINE, name="大家的", owner=None, key="signed"))
    other = save(book, replace(MINE, name="我的重点", owner="李静"))
    save(book, replace(MINE, name="单位", owner=None), "people")
    assert mine.key == "saved-1"
    assert seen(book, "高翔") == [shared, mine]
    assert seen(book, "李静") == [shared, other]
    assert all(view.saved for view in seen(book, "李静"))


def test_that_saving_renaming_and_deleting_can_be_undone(book: Book) -> None:
    mine = save(book, MINE)
    changed = save(book, replace(mine, columns=("name",)))
    assert changed.key == mine.key
    assert seen(book, "高翔") == [changed]
    with book.write(_("Rename")) as connection:
        rename_view(connection, mine.key, "  重点\n项目 ")
    assert [one.name for one in seen(book, "高翔")] == ["重点 项目"]
    with book.write(_("Delete")) as connection:
        delete_view(connection, mine.key)
    assert seen(book, "高翔") == []
    for number in (4, 3, 2):
        assert book.undo(number).conflicts == ()
    assert seen(book, "高翔") == [mine]


@on_a_file
@pytest.mark.parametrize(
    "view",
    [
        replace(MINE, name="  "),
        replace(MINE, name="长" * 61),
        replace(MINE, columns=()),
        replace(MINE, groups=("street", "stage", "status", "leader")),
        replace(MINE, key="saved-77"),
    ],
)
def test_that_what_cannot_be_a_view_is_refused(book: Book, view: View) -> None:
    with pytest.raises(Refused):
        save(book, view)
    assert seen(book, "高翔") == []


def test_that_two_views_of_one_owner_have_two_names_and_gone_ones_stay_gone(book: Book) -> None:
    mine = save(book, MINE)
    other = save(book, replace(MINE, name="另一个"))
    with pytest.raises(Refused, match="already"):
        save(book, replace(MINE))
    with pytest.raises(Refused, match="already"), book.write(_("Rename")) as connection:
        rename_view(connection, other.key, "我的重点")
    with book.write(_("Delete")) as connection:
        delete_view(connection, mine.key)
    for key in (mine.key, "all", "saved-x"):
        with pytest.raises(Refused), book.write(_("Delete")) as connection:
            delete_view(connection, key)
        with pytest.raises(Refused), book.write(_("Rename")) as connection:
            rename_view(connection, key, "新名")
    assert seen(book, "高翔") == [other]


NEWER: dict[str, Any] = {
    "name": "新版视图",
    "columns": ["name", {"chart": "spark"}, "heat_map_of_2031"],
    "conditions": [
        {"key": "stage", "operator": "one_of", "value": ["signed"]},
        {"any_of": [{"key": "stage", "operator": "is", "value": "signed"}]},
        {"key": "street", "operator": "near", "value": "甲街道"},
        {"key": "street", "operator": "is", "value": {"id": 7}},
        {"key": "gone", "operator": "empty", "value": None},
    ],
    "order": [["name", False], ["street", True, "nulls first"], ["gone", True]],
    "groups": ["street", "stage", "status", "leader"],
    "frozen": 1,
    "widths": {"name": 200},
    "colours": {"rule": "heat"},
    "totals": ["median"],
}


@on_a_file
def test_that_a_view_of_a_newer_version_is_kept_untouched_and_shown_as_far_as_it_goes(book: Book) -> None:
    view = view_from_json(NEWER)
    assert view.as_json() == NEWER
    shown = resolve(view, FIELDS)
    assert [one.key for one in shown.columns] == ["name"]
    assert shown.conditions == (Condition("stage", "one_of", ("signed",)),)
    assert [(one.key, descending) for one, descending in shown.order] == [("name", False)]
    assert [one.key for one in shown.groups] == ["street", "stage", "status"]
    told = [one.render("zh") for one in shown.missing]
    assert sum("heat_map_of_2031" in one for one in told) == 1
    assert sum("gone" in one for one in told) == 2, "the condition and the order"
    assert any("属地" in one for one in told)
    assert any("新版本" in one for one in told)
    # Changed and saved by this version, what it does not know is still there.
    saved = save(book, replace(view, widths={"name": 300}))
    assert seen(book, "高翔") == [saved]
    assert saved.as_json() == NEWER | {"widths": {"name": 300}}


@on_a_file
@pytest.mark.parametrize(
    "stranger",
    [
        {"columns": {"left": ["name"]}},
        {"columns": None, "groups": "street"},
        {"conditions": {"all": []}, "order": 7},
        {"widths": [1, 2], "frozen": "two"},
        {"widths": {"name": 100, "stage": "1fr"}},
        {"columns": [["name"]], "conditions": ["stage"], "order": [["name"]], "groups": [None]},
    ],
)
def test_that_a_view_of_quite_another_shape_is_kept_and_the_ledger_opens(book: Book, stranger: dict[str, Any]) -> None:
    whole = {"name": "异", "columns": ["name"]} | stranger
    view = view_from_json(whole)
    assert {key: view.as_json()[key] for key in whole if key != "frozen"} == {
        key: value for key, value in whole.items() if key != "frozen"
    }
    assert resolve(view, FIELDS).columns
    assert resolve(view, FIELDS).missing or "frozen" in stranger


@on_a_file
def test_that_a_view_of_columns_that_are_all_gone_still_shows_something(book: Book) -> None:
    projects.projects(book, row(name="甲"))
    with book.read() as connection:
        look = views.look(
            connection, rooms.ROOMS[2].table, View("旧", ("gone",), groups=("gone",)), fields=FIELDS, when=When()
        )
    assert (look.outline.count, [one.key for one in look.shown.columns]) == (1, ["name"])
    assert len(look.shown.missing) == 1


def test_that_an_own_field_and_a_single_month_can_be_columns(book: Book) -> None:
    projects.projects(book, row(**{"name": "甲", "own:备案号": "B-1", "paid_in_reported@2024-06": 5 * YI}))
    view = View("月", ("name", "own:备案号", "paid_in_reported@2024-06", "paid_in_reported@2024-13x"))
    with book.read() as connection:
        room = rooms.room("projects")
        assert room is not None
        look = rooms.look(connection, room, view, today="2024-07-17")
    assert [one.key for one in look.shown.columns][:3] == list(view.columns[:3])
    assert look.outline.sums[0] == 5 * YI


def test_that_what_stands_out_is_kept_and_a_tone_of_a_newer_version_stays_with_the_view() -> None:
    marks = (Emphasis(Condition("agreed_investment", "top", 3), "red"), Emphasis(Condition("name", "empty"), "amber"))
    stored = json.loads(json.dumps(replace(MINE, emphasis=marks).as_json(), ensure_ascii=False))
    assert view_from_json(stored, owner="高翔").emphasis == marks
    newer = {"key": "name", "operator": "contains", "value": "芯", "tone": "plaid"}
    stored["emphasis"].insert(1, newer)
    read = view_from_json(stored)
    assert read.emphasis == marks
    assert read.as_json()["emphasis"][1] == newer


STANDING_OUT: list[tuple[str, str, Any]] = [
    ("agreed_investment", "at_least", 3 * YI), ("agreed_investment", "between", (YI, 3 * YI)), ("agreed_investment", "top", 2),
    ("agreed_investment", "bottom", 1), ("name", "contains", "光"), ("name", "not_contains", "光"), ("name", "begins", "储"),
    ("street", "empty", None), ("street", "one_of", ("甲街道", None)), ("street", "none_of", ("甲街道",)), ("street", "is_not", "甲街道"),
    ("approved_on", "this_month", None), ("approved_on", "older_than_days", 20), ("approved_on", "before_today", None),
    ("approved_on", "after_today", None), ("name", "either", (("contains", "储"), ("contains", "芯"))),
]  # fmt: skip


def test_that_the_same_rows_stand_out_as_the_condition_would_find(book: Book) -> None:
    projects.projects(
        book,
        row(name="光伏", agreed_investment=5 * YI, approved_on="2024-07-01", street="甲街道"),
        row(name="储能", agreed_investment=3 * YI, approved_on="2024-06-26", street="乙街道"),
        row(name="芯片", agreed_investment=YI, approved_on="2024-07-18"),
        row(name="在谈"),
    )
    when = When("2024-07-17")
    for condition in (Condition(*one) for one in STANDING_OUT):
        plain = View("试", (condition.key,), emphasis=(Emphasis(condition, "red"),))
        with book.read() as connection:
            look = views.look(connection, project, plain, fields=FIELDS, when=when)
            found = views.look(connection, project, replace(plain, conditions=(condition,)), fields=FIELDS, when=when)
            cells = listing.rows(connection, project, look.shown.columns, look.outline.ids)
        stands_out = look.stands_out(look.shown.emphasis[0], FIELDS[condition.key].kind)
        assert {number for number, cell in cells if stands_out(cell)} == set(found.outline.ids), condition
