"""The views that come with the program list what the figures count, and what their names say."""

from __future__ import annotations

import pytest

from db import rooms
from db.core import views
from db.core.book import Book
from db.core.filters import Condition
from db.core.period import Period
from db.core.views import View
from db.overview.definitions import FIGURES
from db.overview.figures import figures
from tests.factories import projects
from tests.factories.projects import YI, choose, ids_of, row, signed

HALF = Period.parse("2024-01..2024-06")
TODAY = "2024-07-17"
ROOM = rooms.ROOMS[2]


def shown(book: Book, view: View | str, period: Period | None = HALF) -> views.Look:
    with book.read() as connection:
        if isinstance(view, str):
            (view,) = (one for one in rooms.views(connection, ROOM, "高翔") if one.key == view)
        return rooms.look(connection, ROOM, view, today=TODAY, period=period)


def behind(book: Book, key: str, period: Period = HALF) -> list[int]:
    with book.read() as connection:
        return sorted(ids_of(figures(connection, period, rows=True), key))


@pytest.fixture
def town(book: Book) -> list[int]:
    return projects.projects(
        book,
        signed("2024-03-01", street="甲街道"),
        signed("2024-06-30", 3, started_on="2024-07-01", street="乙街道"),
        signed("2023-12-31", street="甲街道"),
        signed("2023-02-01", started_on="2023-05-01"),
        signed("2022-02-01", status="withdrawn"),
        signed("2022-02-01", status="on_hold"),
        signed("2024-02-01", agreement_kind="framework"),
        signed("2023-01-01", started_on="2023-05-01", completed_on="2024-01-01"),
        signed("2023-01-01", started_on="2023-05-01", produced_on="2024-01-01"),
        row(signed_on="2023-12-01", approved_on="2024-01-10"),
        row(signed_on="2023-06-01"),
        row(talk_class="B", expected_signing="2024-09", agreed_investment=YI),
        row(talk_class="A", expected_signing="2024-08", stage="ready"),
        row(talk_class="A", status="on_hold"),
        row(stage="lead"),
    )  # fmt: skip


def test_that_the_stuck_view_lists_exactly_the_rows_behind_the_figure(book: Book, town: list[int]) -> None:
    key = "stuck.signed_not_started.count"
    for months in ("6", "12"):
        choose(book, stuck__months=months)
        for period in ("2024-01..2024-06", "2024", "2023-12"):
            asked = Period.parse(period)
            look = shown(book, "stuck", asked)
            assert sorted(look.outline.ids) == behind(book, key, asked), (months, period)
            assert look.shown.missing == ()


def test_that_the_stuck_view_bears_the_setting_in_its_name(book: Book) -> None:
    choose(book, stuck__months="9")
    with book.read() as connection:
        names = [one.name for one in rooms.views(connection, ROOM, "高翔")]
    told = [name if isinstance(name, str) else name.render("zh") for name in names]
    assert told == ["全部项目", "全部项目（按属地）", "本期签约", "在建", "签约满9个月未开工（含往年）", "在谈调度"]


def test_that_signings_of_the_period_are_those_that_the_figure_counts(book: Book, town: list[int]) -> None:
    found = sorted(shown(book, "signed").outline.ids)
    assert found == behind(book, "signed.count")
    assert found == [town[0], town[1], town[9]]
    choose(book, recognition__used="0", framework__counts="1")
    assert sorted(shown(book, "signed").outline.ids) == behind(book, "signed.count") == [town[0], town[1], town[6]]


def test_that_under_construction_is_started_and_not_completed(book: Book, town: list[int]) -> None:
    assert sorted(shown(book, "building").outline.ids) == [town[1], town[3]]


def test_that_talks_are_grouped_by_class_with_what_a_meeting_asks_for(book: Book, town: list[int]) -> None:
    look = shown(book, "talks")
    assert [(one.value, one.count) for one in look.outline.groups] == [("A", 1), ("B", 1)]
    assert list(look.outline.ids) == [town[12], town[11]]
    wanted = "talk_class leader department liaison contact_name last_contact_on demands expected_signing blocker next_step next_step_due"
    assert set(wanted.split()) <= {one.key for one in look.shown.columns}


def test_that_all_projects_by_place_are_all_projects(book: Book, town: list[int]) -> None:
    look = shown(book, "places")
    assert sorted(look.outline.ids) == town
    assert [(one.value, one.count) for one in look.outline.groups] == [("甲街道", 2), ("乙街道", 1), (None, 12)]
    assert list(shown(book, "all").outline.groups) == []


def test_that_the_rows_behind_any_figure_of_projects_can_be_a_condition(book: Book, town: list[int]) -> None:
    with book.read() as connection:
        scopes = rooms.scopes(connection, ROOM)
        counted = figures(connection, HALF, rows=True)
    keys = [one.key for one in FIGURES if f"figure:{one.key}" in scopes]
    assert all(one.key.startswith("activities.") for one in FIGURES if one.key not in keys)
    found = {key: shown(book, View("数", ("name",), (Condition(f"figure:{key}", "behind"),))) for key in keys}
    assert {key: sorted(look.outline.ids) for key, look in found.items()} == {
        key: sorted(ids_of(counted, key)) for key in keys
    }


def test_that_conditions_on_a_figure_and_on_facts_hold_together(book: Book, town: list[int]) -> None:
    conditions = (
        Condition("figure:stuck.signed_not_started.count", "behind"), Condition("street", "is", "甲街道"),
        Condition("agreed_investment", "top", 5),
    )  # fmt: skip
    view = View("数", ("name", "agreed_investment"), conditions, groups=("stage",), order=(("signed_on", True),))
    look = shown(book, view)
    assert list(look.outline.ids) == [town[2]]
    assert [one.render("zh") for one in look.said] == [
        "签约满6个月未开工项目（含往年）（截至2024-06-30）", "属地为甲街道", "协议投资额最大的5个",
    ]  # fmt: skip


def test_that_the_built_in_views_are_whole(book: Book) -> None:
    with book.read() as connection:
        for view in rooms.views(connection, ROOM, "高翔"):
            shown_ = views.resolve(view, rooms.known_to(connection, ROOM, view), rooms.scopes(connection, ROOM))
            assert shown_.missing == ()
            assert tuple(one.key for one in shown_.columns) == view.columns
