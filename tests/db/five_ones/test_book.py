"""Leaders, plans, lights, meetings in a book, on both engines."""

from __future__ import annotations

import datetime as dt
from random import Random
from typing import Any

import pytest
from sqlalchemy import select

from db import rooms
from db.core import listing, settings
from db.core.book import Book
from db.core.calendar import add_working_days, published
from db.core.errors import Refused
from db.core.period import Period, months_before
from db.core.text import _
from db.five_ones import expressions, meetings, reading, service
from db.five_ones.figures import figures
from db.five_ones.gantt import change, change_many
from db.five_ones.models import GREEN, RED, YELLOW, agenda_item, assignment, milestone, project_plan
from db.overview.figures import figures as all_figures
from db.people.models import person
from db.people.service import set_term
from db.projects.models import project
from db.projects.service import add_progress, delete_projects, set_status, set_values
from tests.conftest import on_a_file
from tests.factories import projects
from tests.factories.five_ones import building, complete, people
from tests.factories.projects import YI, read, signed

TODAY = "2024-06-30"


def light_of(book: Book, number: int, *, day: str = TODAY) -> str | None:
    with book.read() as connection:
        found = reading.lights(connection, day=day, ids=[number])
    return found[number].colour if number in found else None


def ones_of(book: Book, number: int, *, day: str = TODAY) -> int:
    with book.read() as connection:
        return reading.completeness_of(connection, day=day, ids=[number])[number].count


def day_after(day: str, count: int) -> str:
    """So many working days later."""
    return add_working_days(published(), dt.date.fromisoformat(day), count).value.isoformat()


def stone(book: Book, number: int, key: str) -> Any:
    with book.read() as connection:
        return connection.execute(select(milestone).where(milestone.c.project == number, milestone.c.key == key)).one()


# --- the five ones ---------------------------------------------------------------------------------------------------


def test_that_a_project_grows_to_five_of_five_and_loses_what_ends(book: Book) -> None:
    number = building(book)
    assert ones_of(book, number) == 1
    complete(book, number)
    assert (ones_of(book, number), ones_of(book, number, day="2024-07-20")) == (5, 4)
    (chief,) = people(book, "吴海涛")
    with book.write(_("Term")) as connection:
        set_term(connection, chief, since="2021-01-01", until="2024-05-31")
    with book.read() as connection:
        missing = reading.completeness_of(connection, day=TODAY)[number].missing
    assert [one.render("zh") for one in missing.values()] == ["牵头领导已离任，未明确接任领导"]
    assert read(book, number, "leader") == ("吴海涛",)


@on_a_file
def test_that_what_a_ledger_says_of_leader_and_task_force_counts(book: Book) -> None:
    assert ones_of(book, building(book, leader="陈立", task_force="组长李处，成员王科")) == 3


def test_that_all_projects_of_a_person_are_handed_over_with_their_roles(book: Book) -> None:
    first, second, other = building(book), building(book), building(book, leader="吴海涛")
    for number in (first, second):
        complete(book, number)
    old, new = people(book, "吴海涛", "周敏")
    with book.write(_("Hand over")) as connection:
        assert service.hand_over(connection, old, new, on="2024-06-24", reason="工作调整") == 3
    with book.read() as connection:
        then = [reading.led_by(connection, day=day) for day in ("2024-06-23", "2024-06-24")]
        load = {one.name: one.projects for one in reading.leaders_load(connection, day=TODAY)}
    assert (then[0][first], then[1]) == (old, dict.fromkeys((first, second, other), new))
    assert load == {"周敏": (first, second, other)}
    assert read(book, other, "leader") == ("周敏",)
    with pytest.raises(Refused), book.write(_("Hand over")) as connection:
        service.hand_over(connection, old, new, on="2024-06-25")


def test_that_the_matrix_follows_the_ledger_and_whom_it_named_before_stays_on_record(book: Book) -> None:
    number = building(book)
    chief, after, officer = people(book, "梁志远", "陈立", "高翔")
    for name, day in (("梁志远", "2024-03-01"), ("陈立", "2024-05-01")):
        with book.write(_("Ledger")) as connection:
            settings.put(connection, "days.standing", f"={day}")
            set_values(connection, [(number, "leader", name), (number, "liaison", "高翔")])
            if name == "梁志远":
                assert connection.scalar(select(assignment.c.id)) is None  # the ledger alone speaks
                service.assign(connection, [number], "liaison", chief, since=day)
    with book.write(_("Hand over")) as connection:
        assert service.hand_over(connection, after, chief, on="2024-06-01") == 1
        assert service.hand_over(connection, officer, after, on="2024-06-01") == 1
    with book.read() as connection:
        led = [reading.led_by(connection, day=f"2024-0{month}-15")[number] for month in (5, 6)]
        rows = connection.execute(select(assignment).where(assignment.c.role == "liaison").order_by(assignment.c.id))
        assert [(row.person, row.since, row.until) for row in rows] == [
            (chief, "2024-03-01", "2024-04-30"), (officer, "2024-05-01", "2024-05-31"), (after, "2024-06-01", None),
        ]  # fmt: skip
    assert led == [after, chief]


@on_a_file
def test_that_a_successor_ends_the_term_of_the_one_before(book: Book) -> None:
    number = building(book)
    old, new = people(book, "甲", "乙")
    with book.write(_("Assign")) as connection:
        service.assign(connection, [number], "liaison", old, since="2024-01-08")
        service.assign(connection, [number], "liaison", new, since="2024-05-01", reason="换届")
    of = assignment.c
    with book.read() as connection:
        query = select(person.c.name, of.since, of.until).join(person, person.c.id == of.person).order_by(of.id)
        rows = [tuple(row) for row in connection.execute(query)]
    assert rows == [("甲", "2024-01-08", "2024-04-30"), ("乙", "2024-05-01", None)]
    assert read(book, number, "liaison") == ("乙",)


# --- plans -----------------------------------------------------------------------------------------------------------


def test_that_a_template_keeps_what_is_done_and_takes_over_reached_stages(book: Book) -> None:
    number = building(book)
    with book.write(_("Plan")) as connection:
        service.apply_template(connection, [number], "land", start="2024-01-08")
        filing = connection.execute(select(milestone.c.id).where(milestone.c.key == "filing")).scalar_one()
        connection.execute(milestone.update().where(milestone.c.id == filing).values(actual_on="2024-01-20"))
    before = stone(book, number, "filing")
    with book.write(_("Plan")) as connection:
        service.apply_template(connection, [number], "land", start="2024-03-01")
    after = stone(book, number, "filing")
    assert (after.actual_on, after.planned_on) == ("2024-01-20", before.planned_on)
    assert stone(book, number, "start").actual_on == "2024-01-08"
    assert stone(book, number, "topping_out").planned_on > before.planned_on


def test_that_many_projects_are_planned_at_once_as_each_alone_would_be(book: Book) -> None:
    alone, *many = [building(book) for _at in range(4)]
    with book.write(_("Plan")) as connection:
        own = service.add_milestone(connection, many[0], "样板段", weight=5)
        for start in ("2024-01-08", "2024-03-01"):
            service.apply_template(connection, [alone], "land", start=start)
        service.apply_template(connection, many, "land", start="2024-01-08")
        service.apply_template(connection, [*many, many[0]], "land", start="2024-03-01")
    with book.read() as connection:
        wanted = service.stones_of(connection, alone)
        assert all(service.stones_of(connection, number) == wanted for number in many[1:])
        assert [one for one in service.stones_of(connection, many[0]) if one.name != "样板段"] == wanted
        plans = {row.project: row for row in connection.execute(select(project_plan))}
        assert [plans[number].version for number in (alone, *many)] == [2, 2, 2, 2]
        assert plans[many[0]].weight == plans[alone].weight + 5 == sum(one.weight for one in wanted) + 5
        assert plans[alone].template == "land"
    key = f"own-{own}"
    with book.write(_("Needs")) as connection:
        service.wait_for(connection, many[0], key, ["production"])
    with book.write(_("Plan")) as connection:
        service.apply_template(connection, many, "floors", start="2024-03-01")
    with book.read() as connection:
        assert next(one for one in service.stones_of(connection, many[0]) if one.key == key).needs == ("production",)


def test_that_milestones_of_several_projects_are_put_off_at_once_and_what_is_done_stays(book: Book) -> None:
    one, other = building(book), building(book)
    with book.write(_("Plan")) as connection:
        service.apply_template(connection, [one, other], "floors", start="2024-06-03")
    with book.write(_("Done")) as connection:
        change(connection, stone(book, one, "filing").id, {"actual_on": "2024-06-20"})
    before = {key: stone(book, other, key) for key in ("filing", "fire", "production")}
    chosen = [stone(book, number, key).id for number in (one, other) for key in ("filing", "fire")]
    with book.write(_("Many")) as connection:
        assert change_many(connection, chosen, days=5, following=False, unit="发改委", reason="客观原因") == []
    assert (stone(book, one, "filing").planned_on, stone(book, one, "filing").unit) == (
        before["filing"].planned_on,
        None,
    )
    later = [stone(book, number, "fire") for number in (one, other)]
    assert len({(row.planned_on, row.unit, row.reason) for row in later}) == 1
    assert later[0].planned_on == day_after(before["fire"].planned_on, 5)
    assert stone(book, other, "production").planned_on == before["production"].planned_on
    with book.write(_("Many")) as connection:
        change_many(connection, [later[1].id], days=-5)
        change_many(connection, [later[0].id], done_on="2024-06-28")
    assert stone(book, other, "fire").planned_on == before["fire"].planned_on
    assert stone(book, other, "production").planned_on < before["production"].planned_on
    assert stone(book, one, "fire").actual_on == "2024-06-28"
    for days in (0, 10**9):
        with pytest.raises(Refused), book.write(_("Many")) as connection:
            change_many(connection, chosen, days=days)


@on_a_file
def test_that_what_waits_moves_along_and_circles_are_refused(book: Book) -> None:
    number = building(book)
    with book.write(_("Plan")) as connection:
        service.apply_template(connection, [number], "floors", start="2024-06-03")
    fire, production = stone(book, number, "fire"), stone(book, number, "production")
    with book.write(_("Replan")) as connection:
        service.replan(connection, fire.id, "2024-12-20", reason="客观原因")
    moved = stone(book, number, "production")
    assert moved.planned_on > production.planned_on
    assert (moved.first_planned_on, moved.reason) == (production.planned_on, "客观原因")
    with pytest.raises(Refused), book.write(_("Needs")) as connection:
        service.wait_for(connection, number, "filing", ["production"])
    assert stone(book, number, "filing").planned_on


def test_that_deleting_a_project_takes_its_plan_along_and_undo_brings_it_back(book: Book) -> None:
    number = building(book)
    complete(book, number)
    with book.write(_("Decide")) as connection:
        meetings.decide(connection, "加快办证", on="2024-06-20", project_id=number)
    with book.write(_("Delete")) as connection:
        delete_projects(connection, [number])
    with book.read() as connection:
        assert connection.execute(select(milestone.c.id)).first() is None
        assert [one.project for one in meetings.decisions(connection, day=TODAY)] == [None]
    undone = book.undo(book.operations()[0].number)
    assert undone.conflicts == ()
    assert ones_of(book, number) == 5


# --- lights ----------------------------------------------------------------------------------------------------------


@on_a_file
def test_that_a_light_set_by_hand_stands_until_it_is_taken_back(book: Book) -> None:
    number = projects.project(book, **signed("2023-01-10", 2))
    assert light_of(book, number) == RED
    with book.write(_("Light")) as connection:
        service.set_light(connection, number, GREEN, reason="区政府会议已定", since="2024-06-10", printed=True)
    assert (light_of(book, number), light_of(book, number, day="2024-06-09")) == (GREEN, RED)
    with book.write(_("Light")) as connection:
        service.clear_light(connection, number, on="2024-06-25")
    assert light_of(book, number) == RED
    with pytest.raises(Refused), book.write(_("Light")) as connection:
        service.set_light(connection, number, GREEN, reason="", since=TODAY)


@on_a_file
def test_that_what_does_not_go_on_has_no_light(book: Book) -> None:
    number = projects.project(book, **signed("2023-01-10", 2))
    with book.write(_("Hold")) as connection:
        set_status(connection, [number], "on_hold", on="2024-06-15")
    assert (light_of(book, number), light_of(book, number, day="2024-06-14")) == (None, RED)


@on_a_file
def test_that_an_office_keeps_its_own_rules_or_none(book: Book) -> None:
    number = projects.project(book, **signed("2024-05-01", 2), planned_start_on="2024-12-01")
    assert light_of(book, number) == GREEN
    mine = {
        "source": "本区办法", "object": "project", "phases": ["signed"],
        "rules": [{"key": "mine", "light": "yellow", "when": [{"fact": "signed_on", "months": 1}], "why": "签约满1个月", "turns_green": "开工"}],
    }  # fmt: skip
    with book.write(_("Rules")) as connection:
        service.save_preset(connection, "mine", mine)
    assert light_of(book, number) == YELLOW
    with book.write(_("Rules")) as connection:
        service.save_preset(connection, "mine", None)
    assert light_of(book, number) == GREEN


def some_projects(book: Book) -> list[int]:
    rng = Random(5)

    def day() -> str:
        return f"20{rng.choice((23, 24))}-{rng.randrange(1, 13):02d}-{rng.choice((1, 15, 28)):02d}"

    rows: list[dict[str, Any]] = []
    for at in range(30):
        facts = projects.row(negotiating_on=day(), agreed_investment=rng.choice((None, YI)))
        if at % 3:
            facts |= {"signed_on": day(), "planned_start_on": rng.choice((None, day()))}
        if at % 3 == 2:
            facts |= {"started_on": day(), "entered_statistics_on": rng.choice((None, day()))}
            facts["paid_in_reported@2024-02"] = rng.choice((None, YI // 20, YI))
        rows.append({key: value for key, value in facts.items() if value is not None})
    ids = projects.projects(book, *rows)
    with book.write(_("Plans")) as connection:
        for number in ids[::2]:
            for at in range(4):
                service.add_milestone(
                    connection, number, f"节点{at}", planned=rng.choice((None, day(), day(), day())),
                    actual=rng.choice((None, day())), weight=rng.randrange(1, 40),
                )  # fmt: skip
            add_progress(connection, number, rng.choice(("办理备案", "主体施工")), on=day())
            add_progress(connection, number, rng.choice(("办理备案", "主体施工")), on=day())
        service.apply_template(connection, ids[1::4], "land", start="2024-02-19")
        service.set_light(connection, ids[0], RED, reason="指定", since="2024-05-01")
    return ids


def test_that_the_ledger_shows_the_lights_and_counts_that_the_rules_give(book: Book) -> None:
    ids = some_projects(book)
    for day in ("2024-06-30", "2024-02-29", "2024-12-15"):
        shows_what_the_rules_give(book, ids, day)


def shows_what_the_rules_give(book: Book, ids: list[int], day: str) -> None:
    with book.read() as connection:
        known = {one.key: one for one in rooms.fields(connection, rooms.ROOMS[2])}
        wanted = [known["light"], known["five_ones"], known["milestones_overdue"]]
        shown = {row[0]: row[1:3] for row in listing.rows(connection, project, wanted, ids, today=day)}
        lights = {number: one.colour for number, one in reading.lights(connection, day=day).items()}
        counts = {number: one.count for number, one in reading.completeness_of(connection, day=day).items()}
        alone = {
            number: one.colour for number in ids for one in reading.lights(connection, day=day, ids=[number]).values()
        }
    assert shown == {number: (lights.get(number), counts.get(number)) for number in ids}
    assert alone == lights
    assert len({*lights.values()}) >= 3


def test_that_months_before_a_day_are_the_same_in_sql(book: Book) -> None:
    from sqlalchemy import Text, bindparam

    cases = [
        (day, n)
        for day in ("2024-02-29", "2024-03-30", "2024-06-30", "2023-12-31", "2024-05-17")
        for n in (0, 1, 6, 13)
    ]
    with book.read() as connection:
        for day, months in cases:
            query = select(expressions.before(bindparam("today", type_=Text()), months))
            assert connection.scalar(query, {"today": day}) == months_before(day, months)


# --- meetings --------------------------------------------------------------------------------------------------------


def test_that_a_fortnightly_meeting_is_prepared_held_and_followed_up(book: Book) -> None:
    number, calm = building(book), building(book)
    complete(book, calm)
    with book.write(_("Meeting")) as connection:
        series = meetings.add_series(connection, "双周调度会", first_on="2024-06-14")
        first, _notes = meetings.plan_next(connection, series, today="2024-06-10")
        items = meetings.propose(connection, day="2024-06-14")
        meetings.set_agenda(connection, first, items)
        meetings.hold(connection, first, on="2024-06-14", minutes="会议纪要")
        meetings.minute(connection, first, number, "同意提速")
        done = meetings.decide(
            connection, "6月20日前出具规划条件", on="2024-06-14", meeting_id=first, project_id=number, due="2024-06-20"
        )
        second, notes = meetings.plan_next(connection, series, today="2024-06-20")
    assert next(one for one in items if one.project == number).kinds == ("light", "missing")
    with book.read() as connection:
        assert reading.completeness_of(connection, day=TODAY)[number].missing["followed"].render("zh") == "没有节点"
        (one,) = meetings.decisions(connection, day="2024-06-21")
        assert (one.slip, one.open) == ("yellow_slip", True)
        again = meetings.propose(connection, day="2024-06-28")
        assert connection.scalar(select(agenda_item.c.minutes).where(agenda_item.c.project == number)) == "同意提速"
    assert "decision" in next(one for one in again if one.project == number).kinds
    with book.write(_("Slips")) as connection:
        assert meetings.step(connection, done, "yellow_slip", on="2024-06-21") == "庐督办〔2024〕1号"
        assert meetings.step(connection, done, "red_slip", on="2024-06-28") == "庐督办〔2024〕2号"
    with pytest.raises(Refused), book.write(_("Close")) as connection:
        meetings.close(connection, done, on="2024-06-29", evidence=" ")
    with book.write(_("Close")) as connection:
        meetings.close(connection, done, on="2024-06-29", evidence="合规条〔2024〕12号")
    with book.read() as connection:
        assert [one.open for one in meetings.decisions(connection, day=TODAY)] == [False]
        assert [one.open for one in meetings.decisions(connection, day="2024-06-28")] == [True]
    assert (second > first, notes) == (True, [])


@on_a_file
def test_that_a_meeting_falls_on_no_holiday(book: Book) -> None:
    with book.write(_("Meeting")) as connection:
        series = meetings.add_series(connection, "调度会", first_on="2024-09-20")
        meetings.plan_next(connection, series, today="2024-09-10")
        number, notes = meetings.plan_next(connection, series, today="2024-09-21")
        again = meetings.move(connection, number, "2024-10-01")
    assert [one.render("zh") for one in (*notes, *again)] == [
        "2024-10-04为休息日，会议改在2024-10-08。", "2024-10-01为休息日，会议改在2024-10-08。",
    ]  # fmt: skip


# --- figures ---------------------------------------------------------------------------------------------------------


def test_that_the_figures_have_their_numerators_denominators_and_rows(book: Book) -> None:
    period = Period.parse("2024-06")
    first, second = building(book, street="大杨镇"), building(book)
    with book.read() as connection:
        found = all_figures(connection, period)["figures"]
        assert not [
            key for key in found if key.startswith(("five_ones.", "milestones.", "lights."))
        ]  # nobody works with it
    complete(book, first)
    with book.read() as connection:
        found, by = figures(connection, period, rows=True, by="street")
        late = reading.overdue(connection, day=period.last)
    rate = found["five_ones.complete_rate"]
    assert (rate["value"], rate["numerator"], rate["denominator"]) == ("0.5000", "1", "2")
    assert rate["rows"] == {"room": "projects", "ids": [first, second], "numerator_ids": [first]}
    assert found["milestones.overdue.count"]["rows"] == {"room": "five_ones", "ids": sorted(one.id for one in late)}
    assert found["lights.red.count"]["value"] == "2"
    assert (by["大杨镇"]["lights.red.count"]["value"], by[""]["lights.red.count"]["value"]) == ("1", "0")
