"""Lights and completeness of all projects, or of some: read in a few queries, judged by the plain rules.

After an edit, asking for the one project gives what the whole pass would give for it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Select, and_, func, or_, select

from db.core import bulk, settings
from db.core.text import Text
from db.five_ones import expressions as sql
from db.five_ones.lights import PHASES, STARTED, Light, Preset, by_hand, chosen, judge
from db.five_ones.models import assignment, light_preset, milestone, project_plan
from db.five_ones.rules import Completeness, Having, completeness
from db.five_ones.schedule import Progress, by_money, by_weight
from db.projects.models import project

_DAYS = 16  # whose queries are kept: a report asks of two days several times, and making a query costs more than answering it


@dataclass(frozen=True)
class Overdue:
    """A milestone past its planned day."""

    id: int
    project: int
    name: str
    planned: str
    unit: int | None


def presets(connection: Connection, object_is: str = "project") -> tuple[Preset, ...]:
    """The presets in force in this book."""
    of = light_preset.c
    return chosen(
        [(row.key, row.definition) for row in connection.execute(select(of.key, of.definition))], object_is=object_is
    )


def follow_up_days(connection: Connection) -> int:
    """Within how many days something has to be followed up."""
    return int(settings.get(connection, "five_ones.follow_up_days"))


# --- lights ----------------------------------------------------------------------------------------------------------


def facts(connection: Connection, *, day: str, ids: Sequence[int] | None = None) -> dict[int, dict[str, Any]]:
    """Id → facts of the projects that have a light on a day (`lights.DAYS`, `lights.NUMBERS`, `phase`)."""
    found: dict[int, dict[str, Any]] = {}
    for row in _rows(connection, _own_facts(day), project.c.id, ids):
        number, at_phase, talks, contact, signed, began, entered, whole = row
        found[number] = {
            "phase": at_phase, "last_change": max(talks or "", contact or "") or None, "signed_on": signed or None,
            "began_on": began or None, "entered_on": entered, "planned_start": None, "paid": None,
            "paid_share": 0 if whole else None, "points_behind": None, "overdue": None, "_whole": whole,
        }  # fmt: skip
    some = None if ids is None else [number for number in ids if number in found]
    for number, last in _apart(connection, sql.substantive(day), some):
        if number in found:
            found[number]["last_change"] = max(last, found[number]["last_change"] or "")
    for number, planned in _apart(connection, sql.planned_start(day), some):
        if number in found:
            found[number]["planned_start"] = planned
    for number, money in _apart(connection, sql.paid(day), some):
        if number in found:
            one = found[number]
            one["paid"] = money
            one["paid_share"] = money * 100_000 // one["_whole"] if one["_whole"] else None
    _add_plans(connection, day, some, found)
    return found


@lru_cache(maxsize=_DAYS)
def _own_facts(day: str) -> Select[Any]:
    of, at_phase = project.c, sql.phase(day)
    return select(
        of.id, at_phase, of.negotiating_on, sql.contact(day), of.signed_on, of.began_on,
        sql.entered(day), sql.total(),
    ).where(sql.going_on(day), _in_phases(day))  # fmt: skip


def _in_phases(day: str) -> Any:
    of = project.c
    begun = or_(of.negotiating_on <= day, of.signed_on <= day, of.began_on <= day)
    return and_(begun, or_(of.produced_on.is_(None), of.produced_on > day))


def _add_plans(connection: Connection, day: str, some: Sequence[int] | None, found: dict[int, dict[str, Any]]) -> None:
    wanted = select(project_plan.c.weight).where(project_plan.c.project == milestone.c.project).scalar_subquery()
    query = sql.sums(day).add_columns(wanted)
    for number, whole, due, done, undated, late, _count, weight in _apart(connection, query, some):
        if number in found:
            found[number]["overdue"] = late
            if whole > 0 and whole >= (weight or 0) and not undated:
                found[number]["points_behind"] = max(due - done, 0) * 100_000 // whole


def _apart(connection: Connection, query: Select[Any], some: Sequence[int] | None) -> Any:
    return _rows(connection, query, next(iter(query.selected_columns)), some)


def _rows(connection: Connection, query: Select[Any], column: Any, ids: Sequence[int] | None) -> Any:
    if ids is None:
        yield from connection.execute(query)
        return
    for some in bulk.chunks(list(ids)):
        yield from connection.execute(query.where(column.in_(some)))


def lights(
    connection: Connection, *, day: str, ids: Sequence[int] | None = None, rules: Sequence[Preset] | None = None
) -> dict[int, Light]:
    """Id → light on a day, of all projects that have one, or of some of them. rules: `presets`, where somebody has them."""
    known, rules = facts(connection, day=day, ids=ids), presets(connection) if rules is None else rules
    found: dict[int, Light] = {}
    for number, one in known.items():
        light = judge(one, rules, today=day)
        if light is not None:
            found[number] = light
    for number, colour, reason, since, printed in _apart(connection, sql.override(day), ids):
        if number in known:
            was = found.get(number)
            below = was if was is None or not was.by_hand else None
            found[number] = by_hand(below, colour, reason, since=since, printed=bool(printed))
    return found


# --- the five ones ---------------------------------------------------------------------------------------------------


def completeness_of(
    connection: Connection, *, day: str, ids: Sequence[int] | None = None, days: int | None = None
) -> dict[int, Completeness]:
    """Id → which of the five ones it has on a day, of the projects under construction. days: `follow_up_days`, if known."""
    days = follow_up_days(connection) if days is None else days
    found = having_of(connection, day=day, ids=ids)
    return {number: completeness(of, today=day, days=days) for number, of in found.items()}


def having_of(connection: Connection, *, day: str, ids: Sequence[int] | None = None) -> dict[int, Having]:
    """Id → what the five ones are judged by, of the projects under construction on a day."""
    return {number: Having(*of) for number, *of in _rows(connection, _having(day), project.c.id, ids)}


@lru_cache(maxsize=_DAYS)
def _having(day: str) -> Select[Any]:
    return select(project.c.id, *sql.having(day)).where(sql.going_on(day), _in_phases(day), sql.phase(day) == STARTED)


def overdue(connection: Connection, *, day: str, ids: Sequence[int] | None = None) -> list[Overdue]:
    """Milestones that should be done on a day and are not, of projects that go on, the oldest first."""
    of = milestone.c
    late = and_(of.planned_on < day, or_(of.actual_on.is_(None), of.actual_on > day))
    query = select(of.id, of.project, of.name, of.planned_on, of.unit).where(late, of.project.not_in(_stopped(day)))
    rows = _rows(connection, query.order_by(of.planned_on, of.id), of.project, ids)
    return [Overdue(*row) for row in rows]


def _stopped(day: str) -> Any:
    from db.projects.stopping import stopped

    return stopped(sql.of_day(day))


# --- leaders ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Load:
    """What one leader has on a day; for the screen only. money: hundredths; promised, done: milestones due and done."""

    person: int
    name: str
    projects: tuple[int, ...]
    money: int
    missing: int
    overdue: int
    promised: int
    done: int


def leaders_load(connection: Connection, *, day: str) -> list[Load]:
    """领导包联情况: the projects under construction or under negotiation of each leader, in 领导排序."""
    from db.people.models import person

    led = led_by(connection, day=day)
    order = select(person.c.id, person.c.name).order_by(person.c.position, person.c.id)
    whole = func.coalesce(project.c.total_investment, project.c.agreed_investment, 0)
    money = dict(map(tuple, connection.execute(select(project.c.id, whole))))
    lacking = {number: 5 - one.count for number, one in completeness_of(connection, day=day).items()}
    stones = {row[0]: row[1:] for row in connection.execute(_due_and_done(day))}
    found = []
    for number, name in connection.execute(order):
        mine = sorted(one for one, who in led.items() if who == number)
        if mine:
            counts = [stones.get(one, (0, 0, 0)) for one in mine]
            late, due, done = (sum(of[at] for of in counts) for at in range(3))
            missing = sum(lacking.get(one, 0) for one in mine)
            found.append(Load(number, name, tuple(mine), sum(money[one] for one in mine), missing, late, due, done))
    return found


def _due_and_done(day: str) -> Select[Any]:
    of = milestone.c
    due, done = of.planned_on <= day, of.actual_on <= day
    late = and_(of.planned_on < day, or_(of.actual_on.is_(None), of.actual_on > day))
    columns = [func.count().filter(late), func.count().filter(due), func.count().filter(and_(due, done))]
    return select(of.project, *columns).group_by(of.project)


def led_by(connection: Connection, *, day: str) -> dict[int, int]:
    """Project → its leader on a day: as assigned, or as the ledger says where nobody is assigned."""
    of, rows = assignment.c, project.c
    query = select(rows.id, rows.leader).where(rows.leader.is_not(None), sql.going_on(day), _in_phases(day))
    found: dict[int, int] = dict(map(tuple, connection.execute(query)))
    covers = sql.covers(of.since, of.until, sql.of_day(day))
    named = select(of.project, of.person).join(project, rows.id == of.project)
    named = named.where(of.role == "leader", covers, sql.going_on(day), _in_phases(day)).order_by(of.since, of.id)
    return found | dict(map(tuple, connection.execute(named)))


def in_office(connection: Connection, *, day: str) -> dict[int, bool]:
    """Person → whether in office on a day, of those whose terms are kept."""
    from db.people.queries import terms

    return {who: any(one.holds(day) for one in found) for who, found in terms(connection).items()}


# --- progress --------------------------------------------------------------------------------------------------------


def progress_of(connection: Connection, number: int, *, day: str) -> tuple[Progress, Progress]:
    """How far one project is and should be, by the weight of its milestones and by its money."""
    from db.five_ones.service import stones_of

    stones, own = stones_of(connection, number), project.c
    expected = connection.scalar(select(project_plan.c.weight).where(project_plan.c.project == number))
    paid = {row[0]: row[1] for row in _apart(connection, sql.paid(day), [number])}.get(number)
    whole, began = connection.execute(select(sql.total(), own.began_on).where(own.id == number)).one()
    last = max((one.planned for one in stones if one.planned), default=None)
    weight = by_weight(stones, expected=int(expected or 0), today=day)
    return weight, by_money(paid=paid, whole=whole, first=began, last=last, today=day)


# --- names -----------------------------------------------------------------------------------------------------------


def names(connection: Connection, ids: Sequence[int]) -> Mapping[int, str]:
    """Id → name of projects."""
    query = select(project.c.id, project.c.name)
    return {row.id: row.name for row in _rows(connection, query, project.c.id, ids)}


def light_words(light: Light) -> Text:
    """A light in one line: what it is and why."""
    from db.core.text import _
    from db.five_ones.models import LIGHT

    return _("{light}: {why}", light=LIGHT.label(light.colour), why=light.why)


def light_since(light: Light) -> Text:
    """The same, and since when."""
    from db.core.text import _

    words = light_words(light)
    return words if light.since is None else _("{light} (since {day})", light=words, day=light.since)


__all__ = [
    "PHASES",
    "Load",
    "Overdue",
    "completeness_of",
    "facts",
    "follow_up_days",
    "having_of",
    "in_office",
    "leaders_load",
    "led_by",
    "light_since",
    "light_words",
    "lights",
    "names",
    "overdue",
    "presets",
    "progress_of",
]
