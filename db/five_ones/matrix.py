"""Every project under construction with its five ones, every project under negotiation with its steward, and one in full."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, or_, select

from db.core import bulk, settings
from db.core.text import Text, _
from db.five_ones import expressions as sql
from db.five_ones import radar, reading
from db.five_ones.lights import NEGOTIATING, Light
from db.five_ones.models import (
    HEAD,
    LEADER,
    LIAISON,
    MEMBER,
    RESPONSIBLE,
    agenda_item,
    assignment,
    meeting,
    meeting_series,
    milestone,
    project_plan,
)
from db.five_ones.options import labels
from db.five_ones.rules import TASK_FORCE, Completeness, Stale, completeness
from db.five_ones.schedule import Progress
from db.people.models import person, unit
from db.projects.models import project

CONTACT = "contact"
STEWARD_ONES = (LEADER, CONTACT)


@dataclass(frozen=True)
class Line:
    """A project as the matrix shows it. money: hundredths; followed_on: the last substantive day; late: milestones.

    has: who and what there is, by one, as words or a day; `ones` says what is missing. plan: (version, day it was made).
    """

    project: int
    name: str
    place: str
    unit: str
    money: int | None
    ones: Completeness
    light: Light | None = None
    leader: int | None = None
    has: Mapping[str, str] | None = None
    people: int = 0
    plan: tuple[int, str | None] | None = None
    milestones: int = 0
    done: int = 0
    late: int = 0
    followed_on: str | None = None
    stale: tuple[Stale, ...] = ()

    @property
    def lacks(self) -> bool:
        """Whether anything is missing."""
        return bool(self.ones.missing)


def lines(connection: Connection, *, day: str) -> list[Line]:
    """The projects under construction on a day: without a leader first, then the worst, then by investment."""
    having = reading.having_of(connection, day=day)
    days = reading.follow_up_days(connection)
    stones = {row[0]: row[1:] for row in connection.execute(_stones(day))}
    plans = {row[0]: (row[1], row[2]) for row in connection.execute(_plans(day))}
    names = _in_roles(connection, day, (HEAD,))
    found = []
    for row, led, light, stale in _facts(connection, list(having), day):
        one = having[row.id]
        ones = completeness(one, today=day, days=days)
        count, done, late = stones.get(row.id, (0, 0, 0))
        has = {LEADER: led[1], TASK_FORCE: names.get((row.id, HEAD), row.task_force or "")}
        found.append(
            Line(
                row.id, row.name, row.place or "", row.unit or "", row.money, ones, light, led[0], has,
                one.head + one.members, plans.get(row.id), count, done, late, one.followed_on, stale,
            )
        )  # fmt: skip
    return sorted(found, key=_worst_first)


def stewards(connection: Connection, *, day: str) -> list[Line]:
    """The projects under negotiation on a day with their steward: a leader in charge and a contact."""
    of = project.c
    ids = list(connection.scalars(select(of.id).where(sql.phase(day) == NEGOTIATING, sql.going_on(day))))
    serving = _in_roles(connection, day, (LIAISON, RESPONSIBLE))
    talked: dict[int, str] = {row[0]: row[1] for row in connection.execute(sql.substantive(day))}
    found = []
    for row, led, light, stale in _facts(connection, ids, day):
        contact = serving.get((row.id, LIAISON)) or row.liaison or serving.get((row.id, RESPONSIBLE)) or ""
        missing: dict[str, Text] = {}
        if not led[1]:
            missing[LEADER] = _("No leader in charge is named")
        if not contact:
            missing[CONTACT] = _("No contact is named")
        ones = Completeness(tuple(one for one in STEWARD_ONES if one not in missing), missing)
        last = max(talked.get(row.id, ""), row.last_contact_on or "") or None
        found.append(
            Line(
                row.id, row.name, row.place or "", row.unit or "", row.money, ones, light, led[0],
                {LEADER: led[1], CONTACT: contact}, followed_on=last, stale=stale,
            )
        )  # fmt: skip
    return sorted(found, key=_worst_first)


def _worst_first(one: Line) -> tuple[Any, ...]:
    return not one.lacks, LEADER not in one.ones.missing, one.ones.count, -(one.money or 0), one.project


def _facts(connection: Connection, ids: Sequence[int], day: str) -> list[Any]:
    """(row of the ledger, (leader, name), light, what the radar sees) of projects."""
    of = project.c
    place, owner = unit.alias("place"), unit.alias("owner")
    query = select(
        of.id, of.name, place.c.name.label("place"), owner.c.name.label("unit"), of.task_force, of.liaison,
        func.coalesce(of.total_investment, of.agreed_investment).label("money"), of.last_contact_on,
    ).select_from(project.outerjoin(place, place.c.id == of.street).outerjoin(owner, owner.c.id == of.department))  # fmt: skip
    lights, led = reading.lights(connection, day=day), reading.led_by(connection, day=day)
    seen, people, wanted = radar.all_stale(connection, day=day), _people(connection), set(ids)
    serving = reading.in_office(connection, day=day)
    return [
        (row, _leader(led.get(row.id), people, serving), lights.get(row.id), seen.get(row.id, ()))
        for row in connection.execute(query)
        if row.id in wanted
    ]


def _leader(who: int | None, people: Mapping[int, str], serving: Mapping[int, bool]) -> tuple[int | None, str]:
    """One whose term is over leads nothing."""
    return (who, people.get(who, "")) if who is not None and serving.get(who, True) else (None, "")


def _people(connection: Connection) -> dict[int, str]:
    return dict(map(tuple, connection.execute(select(person.c.id, person.c.name))))


def _in_roles(connection: Connection, day: str, roles: Sequence[str]) -> dict[tuple[int, str], str]:
    of = assignment.c
    query = select(of.project, of.role, person.c.name).join(person, person.c.id == of.person)
    query = query.where(of.role.in_(roles), _covers(day)).order_by(of.since, of.id)
    return {(row.project, row.role): row.name for row in connection.execute(query)}


def _covers(day: str) -> ColumnElement[bool]:
    return sql.covers(assignment.c.since, assignment.c.until, sql.of_day(day))


def _stones(day: str) -> Select[Any]:
    of = milestone.c
    late = (of.planned_on < day) & or_(of.actual_on.is_(None), of.actual_on > day)
    counts = [func.count(), func.count().filter(of.actual_on <= day), func.count().filter(late)]
    return select(of.project, *counts).group_by(of.project)


def _plans(day: str) -> Select[Any]:
    of = project_plan.c
    return select(of.project, of.version, of.made_on).where(func.coalesce(of.made_on, "") <= day)


# --- loads -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Share:
    """What one leader or one unit has of some lines; name "" where nobody is named. money: hundredths."""

    name: str
    projects: tuple[int, ...]
    money: int
    missing: int
    late: int


def shares(found: Sequence[Line], by: str, order: Sequence[str]) -> list[Share]:
    """领导包联情况, or the same by unit: in the order of the book, nobody's last. by: leader, unit."""
    groups: dict[str, list[Line]] = {}
    for one in found:
        groups.setdefault((one.has or {}).get(LEADER, "") if by == LEADER else one.unit, []).append(one)
    place = {name: at for at, name in enumerate(order)}
    names = sorted(groups, key=lambda name: (not name, place.get(name, len(place)), name))
    return [
        Share(
            name, tuple(one.project for one in groups[name]), sum(one.money or 0 for one in groups[name]),
            sum(len(one.ones.missing) for one in groups[name]), sum(one.late for one in groups[name]),
        )
        for name in names
    ]  # fmt: skip


def order_of(connection: Connection, by: str) -> list[str]:
    """Names of the leaders in 领导排序, or of the units in 建制顺序."""
    if by == LEADER:
        return names_of(connection, leaders=True)
    return list(connection.scalars(select(unit.c.name).order_by(unit.c.position, unit.c.id)))


# --- one project -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Serving:
    """Somebody in a role of a project, on a day or before it. id: of the assignment."""

    id: int
    role: str
    name: str
    duty: str
    since: str | None
    until: str | None
    reason: str
    now: bool


@dataclass(frozen=True)
class Detail:
    """One project in full. late: (milestone, planned day); source: where the rules of its light come from."""

    line: Line
    serving: tuple[Serving, ...]
    plan_title: str
    late: tuple[tuple[str, str], ...]
    by_weight: Progress
    by_money: Progress
    source: str


def detail(connection: Connection, line: Line, *, day: str) -> Detail:
    """What the pane shows of a line."""
    number = line.project
    late = [(one.name, one.planned) for one in reading.overdue(connection, day=day, ids=[number])]
    weight, money = reading.progress_of(connection, number, day=day)
    return Detail(
        line, tuple(serving(connection, number, day=day)), plan_words(connection, number)[0], tuple(late), weight, money,
        _source(connection, line.light),
    )  # fmt: skip


def _source(connection: Connection, light: Light | None) -> str:
    known = {one.key: one.source for one in reading.presets(connection)}
    return known.get(light.preset, "") if light is not None and light.rule else ""


def serving(connection: Connection, number: int, *, day: str) -> list[Serving]:
    """Who serves a project, the newest first."""
    of = assignment.c
    query = select(of.id, of.role, person.c.name, of.duty, of.since, of.until, of.reason)
    query = query.join(person, person.c.id == of.person).where(of.project == number)
    query = query.order_by(of.since.desc(), of.id)
    return [
        Serving(
            row.id, row.role, row.name, row.duty or "", row.since, row.until, row.reason or "",
            (row.since or "") <= day and (row.until is None or row.until >= day),
        )
        for row in connection.execute(query)
    ]  # fmt: skip


def force_of(connection: Connection, number: int, *, day: str) -> tuple[str, list[tuple[str, str]]]:
    """Head, and members with their duties, on a day."""
    now = [one for one in serving(connection, number, day=day) if one.now]
    head = next((one.name for one in now if one.role == HEAD), "")
    return head, [(one.name, one.duty) for one in now if one.role == MEMBER]


def names_of(connection: Connection, *, leaders: bool) -> list[str]:
    """Names to choose from: the leaders in their order, or everybody, the leaders last."""
    of = person.c
    query = select(of.name).where(of.is_leader == 1) if leaders else select(of.name)
    return list(connection.scalars(query.order_by(of.is_leader, of.position, of.id)))


def plan_words(connection: Connection, number: int) -> tuple[str, str]:
    """Name and words of a project's plan, "" where there is none."""
    of = project_plan.c
    row = connection.execute(select(of.title, of.text).where(of.project == number)).one_or_none()
    return ("", "") if row is None else (row.title or "", row.text or "")


def projects_of(connection: Connection, stones: Sequence[int]) -> list[int]:
    """The projects that milestones belong to."""
    of = milestone.c
    found = [
        row
        for some in bulk.chunks(list(stones))
        for row in connection.scalars(select(of.project).where(of.id.in_(some)))
    ]
    return list(dict.fromkeys(found))


# --- the meeting that comes ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Coming:
    """The next meeting of any series. items: of its agenda, 0 where none is set yet."""

    name: str
    number: int
    day: str
    items: int


def coming(connection: Connection, *, day: str) -> Coming | None:
    """The meeting that comes next, else the last one that should have been held; None where none is planned."""
    of = meeting.c
    query = select(of.id, meeting_series.c.name, of.number, of.planned_on)
    query = query.join(meeting_series, meeting_series.c.id == of.series)
    rows = connection.execute(query.where(or_(of.held_on.is_(None), of.held_on > day)).order_by(of.planned_on)).all()
    row = next((one for one in rows if one.planned_on >= day), rows[-1] if rows else None)
    if row is None:
        return None
    count = connection.scalar(select(func.count()).where(agenda_item.c.meeting == row.id))
    return Coming(row.name, row.number, row.planned_on, int(count or 0))


@dataclass(frozen=True)
class Sheet:
    """All that a page of the matrix shows. most: projects a leader should have at most."""

    lines: tuple[Line, ...]
    labels: Mapping[str, Text]
    days: int
    most: int
    leaders: tuple[str, ...]
    units: tuple[str, ...]
    meeting: Coming | None


def sheet(connection: Connection, *, day: str, negotiating: bool = False) -> Sheet:
    """The matrix of the five ones, or of the stewards of projects under negotiation."""
    found = stewards(connection, day=day) if negotiating else lines(connection, day=day)
    named = (
        {LEADER: _("District leader in charge"), CONTACT: _("Steward contact")} if negotiating else labels(connection)
    )
    most = settings.get(connection, "five_ones.most_projects")
    return Sheet(
        tuple(found), named, reading.follow_up_days(connection), int(most) if most.isdecimal() else 0,
        tuple(order_of(connection, LEADER)), tuple(order_of(connection, "unit")), coming(connection, day=day),
    )  # fmt: skip
