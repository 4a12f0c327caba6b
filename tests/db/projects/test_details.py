"""One project in full and many by stage, day and fact: what board, timeline, chart and pane show, on both engines."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import insert

from db.core.book import Book
from db.core.errors import Refused
from db.core.text import _
from db.projects import details, flow, portions, schedule
from db.projects.fields import field_of
from db.projects.models import path_step, stage_path
from db.projects.past import Was, past, traceable
from db.projects.service import add_progress, delete_projects, give_evidence, move, plan
from tests.conftest import on_a_file
from tests.factories import projects
from tests.factories.projects import YI, read, row, signed, write

TODAY = "2024-07-17"


def values(book: Book, number: int, key: str) -> list[Any]:
    field = field_of(key)
    assert field is not None
    with book.read() as connection:
        return [one.value for one in past(connection, number, field)]


def go(book: Book, number: int, stage: str, **given: Any) -> None:
    with book.write(_("Move")) as connection:
        way = flow.way(connection, number, stage)
        assert way is not None
        flow.go(connection, way, on=given.pop("on", None), also=given.pop("also", {}), **given)


# --- by stage ------------------------------------------------------------------------------------------------------


def test_that_projects_stand_by_stage_the_longest_first_and_those_without_a_day_last(book: Book) -> None:
    young = projects.project(book, **signed("2024-06-01", 2))
    undated = projects.project(book, stage="signed", agreed_investment=YI)
    old = projects.project(book, **signed("2023-01-01", 3))
    started = projects.project(book, **signed("2024-01-01"), started_on="2024-07-07")
    with book.read() as connection:
        lanes = {one.stage: one for one in flow.lanes(connection, [young, undated, old, started])}
        cards = flow.cards(connection, [started, undated], today=TODAY)
    assert list(lanes["signed"].ids) == [old, young, undated]
    assert (lanes["signed"].total, list(lanes["completed"].ids)) == (6 * YI, [])
    assert [(card.id, card.days) for card in cards] == [(started, 10), (undated, None)]


@on_a_file
def test_that_a_filter_leaves_only_its_rows_on_the_board(book: Book) -> None:
    kept, _other = projects.projects(book, signed("2024-01-01"), signed("2024-01-02"))
    with book.read() as connection:
        assert {one.stage: list(one.ids) for one in flow.lanes(connection, [kept])}["signed"] == [kept]


@on_a_file
def test_that_the_columns_are_the_stages_of_the_books_own_paths(book: Book) -> None:
    number = projects.project(book, **signed("2024-01-01"))
    with book.write(_("Paths")) as connection:
        connection.execute(insert(stage_path).values(id=1, key="land", name="本区", position=1))
        steps = ("negotiating", "signed", "operating")
        rows = [{"path": 1, "stage": stage, "position": at} for at, stage in enumerate(steps)]
        connection.execute(insert(path_step), rows)
    with book.read() as connection:
        assert [one.stage for one in flow.lanes(connection, [number])] == ["negotiating", "signed", "operating"]
        assert flow.next_stage(connection, number) == "operating"
        assert flow.next_stage(connection, number, back=True) == "negotiating"


@on_a_file
def test_that_a_move_names_what_is_missing_on_the_way_and_keeps_the_days_given(book: Book) -> None:
    number = projects.project(book, path="land", negotiating_on="2024-01-01")
    with book.read() as connection:
        way = flow.way(connection, number, "completed")
    assert way is not None
    assert way.missing == (("ready", False), ("signed", True), ("started", False))
    go(book, number, "completed", on="2024-06-01", also={"started": "2024-03-01"})
    keys = ("stage", "ready_on", "signed_on", "started_on", "completed_on")
    assert read(book, number, *keys) == ("completed", None, None, "2024-03-01", "2024-06-01")
    with book.read() as connection:
        reached = {one.stage: one.reached for one in details.stations(connection, number)}
    assert (reached["signed"], reached["ready"]) == (True, False)


@on_a_file
def test_that_a_move_back_says_what_it_takes_away_and_keeps_the_reason(book: Book) -> None:
    number = projects.project(book, **signed("2024-01-01"), started_on="2024-02-01", produced_on="2024-06-01")
    with book.read() as connection:
        way = flow.way(connection, number, "signed")
    assert way is not None
    assert way.is_back
    assert (way.day, way.lost) == ("2024-01-01", (("started", "2024-02-01"), ("produced", "2024-06-01")))
    go(book, number, "signed", reason="录入更正")
    with book.read() as connection:
        reasons = {one.stage: one.reason for one in details.stations(connection, number)}
    assert reasons["signed"] == "录入更正"
    assert read(book, number, "stage", "signed_on", "started_on") == ("signed", "2024-01-01", None)


@on_a_file
def test_that_a_project_that_is_gone_has_no_way(book: Book) -> None:
    number = projects.project(book)
    with book.write(_("Delete")) as connection:
        delete_projects(connection, [number])
    with book.read() as connection:
        assert flow.way(connection, number, "signed") is None
        assert flow.next_stage(connection, number) is None
        assert details.promises(connection, number) == ()


# --- planned and actual --------------------------------------------------------------------------------------------


def course(book: Book, number: int) -> schedule.Course:
    with book.read() as connection:
        return schedule.courses(connection, [number], first=schedule.first_plans(connection))[0]


def test_that_the_first_planned_day_that_passed_is_overdue_by_calendar_days(book: Book) -> None:
    number = projects.project(book, **signed("2024-01-12"), planned_start_on="2024-06-30",
                              planned_production_on="2024-07-01")  # fmt: skip
    late = course(book, number).overdue(TODAY)
    assert late is not None
    assert (late[0].stage, late[1]) == ("started", 17)
    write(book, (number, "started_on", "2024-07-10"))
    late = course(book, number).overdue(TODAY)
    assert late is not None
    assert late[0].stage == "produced"
    write(book, (number, "status", "on_hold"))
    assert course(book, number).overdue(TODAY) is None


def test_that_planning_anew_keeps_the_day_that_was_planned_at_first(book: Book) -> None:
    number = projects.project(book, **signed("2024-01-12"), planned_start_on="2024-06-15")
    for day in ("2024-06-30", "2024-08-01"):
        with book.write(_("Plan")) as connection:
            plan(connection, number, "started", day)
    step = next(one for one in course(book, number).steps if one.stage == "started")
    assert (step.planned, step.first) == ("2024-08-01", "2024-06-15")
    with book.write(_("Plan")) as connection:
        plan(connection, number, "completed", "2025-01-01")
        plan(connection, number, "started", None)
    assert [(one.stage, one.planned) for one in course(book, number).steps] == [
        ("signed", None), ("completed", "2025-01-01"),
    ]  # fmt: skip


def test_that_planned_days_are_counted_with_those_reached_and_those_overdue(book: Book) -> None:
    ids = projects.projects(
        book,
        row(**signed("2024-01-01"), planned_start_on="2024-06-01"),
        row(**signed("2024-01-01"), planned_start_on="2024-06-01", started_on="2024-05-30"),
        row(**signed("2024-01-01"), planned_start_on="2024-12-01", planned_production_on="2025-06-01"),
    )
    with book.read() as connection:
        assert schedule.tally(connection, ids, today=TODAY) == schedule.Tally(4, 1, 1)
        assert schedule.tally(connection, ids[1:2], today=TODAY) == schedule.Tally(1, 1, 0)
        assert schedule.extent(connection, today=TODAY) == ("2024-01-01", "2025-06-01")


@on_a_file
def test_that_a_slip_of_a_century_does_not_stretch_the_line_of_time(book: Book) -> None:
    projects.project(book, **signed("1924-01-01"))
    with book.read() as connection:
        assert schedule.extent(connection, today=TODAY) == (TODAY, TODAY)


# --- by a fact -----------------------------------------------------------------------------------------------------


def counted(book: Book, by: str) -> list[tuple[Any, int, int]]:
    with book.read() as connection:
        ids = [one for lane in flow.lanes(connection, list(range(1, 50))) for one in lane.ids]
        return [(one.value, one.count, one.amount) for one in portions.portions(connection, ids, by).parts]


def test_that_projects_are_counted_by_place_month_stage_and_industry(book: Book) -> None:
    projects.projects(
        book,
        signed("2024-03-01", 2, street="乙镇", industry="金融"),
        signed("2024-05-01", 3, street="甲街道", industry="新能源"),
        signed("2024-05-09", 1, street="甲街道", industry="新能源"),
        row(agreed_investment=YI),
    )
    assert counted(book, "street") == [("乙镇", 1, 2 * YI), ("甲街道", 2, 4 * YI), (None, 1, YI)]
    assert counted(book, "industry") == [("新能源", 2, 4 * YI), ("金融", 1, 2 * YI), (None, 1, YI)]
    assert counted(book, "month") == [
        ("2024-03", 1, 2 * YI), ("2024-04", 0, 0), ("2024-05", 2, 4 * YI), (None, 1, YI),
    ]  # fmt: skip
    assert counted(book, "stage") == [("negotiating", 1, YI), ("signed", 3, 6 * YI)]


def test_that_months_are_those_in_which_a_signing_counts_in_this_book(book: Book) -> None:
    projects.project(book, signed_on="2024-02-20", approved_on="2024-03-05")
    assert counted(book, "month") == [("2024-03", 1, 0)]
    projects.choose(book, recognition__used="0")
    assert counted(book, "month") == [("2024-02", 1, 0)]


# --- one project ---------------------------------------------------------------------------------------------------


def test_that_stages_show_day_plan_evidence_and_every_recognition(book: Book) -> None:
    number = projects.project(book, path="floors", **signed("2024-01-12"), approval_number="2024第1批",
                              city_approved_on="2024-02-02", planned_start_on="2024-06-30")  # fmt: skip
    with book.write(_("Evidence")) as connection:
        give_evidence(connection, number, "signed", " 协议〔2024〕3号 ")
    with book.read() as connection:
        found = {one.stage: one for one in details.stations(connection, number)}
    assert list(found)[:4] == ["lead", "negotiating", "ready", "signed"]
    assert found["started"].planned == "2024-06-30"  # not on this path, but planned
    signing = found["signed"]
    assert (signing.day, signing.evidence) == ("2024-01-12", "协议〔2024〕3号")
    assert [(one.level, one.day) for one in signing.recognised] == [
        ("district", "2024-01-12"), ("city", "2024-02-02"),
    ]  # fmt: skip


def test_that_money_by_month_adds_up_the_origins_and_has_totals(book: Book) -> None:
    number = projects.project(book)
    write(
        book,
        (number, "paid_in_reported_inside@2024-05", 40_00), (number, "paid_in_reported_outside@2024-05", 60_00),
        (number, "paid_in_verified@2024-06", 30_00),
    )  # fmt: skip
    with book.read() as connection:
        found = details.months(connection, number)
    assert [(one.month, dict(one.amounts)) for one in found] == [
        ("2024-06", {"paid_in_verified": 30_00}), ("2024-05", {"paid_in_reported": 100_00}),
    ]  # fmt: skip
    assert details.totals(found) == {"paid_in_reported": 100_00, "paid_in_verified": 30_00}


@on_a_file
def test_that_the_log_has_the_newest_day_first_and_says_who_wrote_it(book: Book) -> None:
    number = projects.project(book)
    with book.write(_("Progress")) as connection:
        add_progress(connection, number, "环评已受理", on="2024-07-01", author="高翔")
        add_progress(connection, number, "厂房已选定", on="2024-05-01")
    with book.read() as connection:
        found = details.log(connection, number)
    assert [(one.day, one.text, one.author) for one in found] == [
        ("2024-07-01", "环评已受理", "高翔"), ("2024-05-01", "厂房已选定", None),
    ]  # fmt: skip


@on_a_file
def test_that_promised_stands_beside_real_and_the_unknown_is_not_zero(book: Book) -> None:
    number = projects.project(book, agreed_investment=5 * YI, expected_tax=3_000_000_00, land_area=20 * 200_000)
    write(book, (number, "paid_in_verified@2024-05", 2 * YI))
    with book.read() as connection:
        money, fixed, tax, per_mu = details.promises(connection, number)
    assert (money.promised, money.real, money.difference) == (5 * YI, 2 * YI, -3 * YI)
    assert (fixed.promised, fixed.real, fixed.difference) == (None, None, None)
    assert (tax.promised, tax.real, tax.difference) == (3_000_000_00, None, None)
    assert per_mu.promised == 150_000_00


# --- the values of a fact over time --------------------------------------------------------------------------------


def test_that_a_facts_values_are_told_from_now_back_to_the_first(book: Book) -> None:
    number = projects.project(book, agreed_investment=5 * YI, street="甲街道")
    write(book, (number, "agreed_investment", 6 * YI))
    write(book, (number, "remarks", "话"))
    write(book, (number, "street", "乙镇"))
    assert values(book, number, "agreed_investment") == [6 * YI, 5 * YI]
    assert values(book, number, "street") == ["乙镇", "甲街道"]
    assert values(book, number, "code") == []


def test_that_days_taken_back_and_given_again_are_all_in_the_history_of_the_day(book: Book) -> None:
    number = projects.project(book, **signed("2024-01-01"))
    write(book, (number, "started_on", "2024-02-01"))
    with book.write(_("Back")) as connection:
        move(connection, [number], "signed", on=None)
    with book.write(_("On")) as connection:
        move(connection, [number], "started", on=None)
    write(book, (number, "started_on", "2024-03-01"))
    assert values(book, number, "started_on") == ["2024-03-01", "", None, "2024-02-01"]
    assert book.undo(book.operations(limit=1)[0].number).conflicts == ()
    assert values(book, number, "started_on")[0] == ""


@on_a_file
def test_that_every_value_says_who_wrote_it_in_which_operation(book: Book) -> None:
    number = projects.project(book)
    with book.write(_("Plan")) as connection:
        plan(connection, number, "started", "2024-06-15")
    field = field_of("planned_start_on")
    assert field in traceable()
    with book.read() as connection:
        (told,) = past(connection, number, field)
    assert isinstance(told, Was)
    assert (told.value, told.actor, told.label) == ("2024-06-15", book.actor, _("Plan"))


@on_a_file
def test_that_a_move_without_what_it_needs_is_refused_and_nothing_is_kept(book: Book) -> None:
    number = projects.project(book, negotiating_on="2024-01-01")
    with pytest.raises(Refused), book.write(_("Move")) as connection:
        move(connection, [number], "started", on="2024-06-01")
    assert read(book, number, "stage") == ("negotiating",)
