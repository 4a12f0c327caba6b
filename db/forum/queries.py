"""What pages of the forum ask: the board, one issue's course, ageing, similar issues, who should be invited or told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, case, func, or_, select

from db.companies.models import company
from db.core import bulk, settings
from db.core.calendar import calendar as calendar_of
from db.core.calendar import working_days_between
from db.core.text import Text
from db.forum.courses import chain_of, steps_of
from db.forum.models import (
    ASSIGNED,
    OPEN,
    STATE,
    attendance,
    forum_session,
    issue,
    issue_step,
    policy,
    policy_sent,
    visit,
)
from db.forum.rules import Steps, asked_until, replay, visit_hint
from db.forum.ways import Lane
from db.people.models import unit

_i = issue.c
A_COLUMN = 50  # cards shown of a column of the board


# --- the board -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Card:
    """An issue on the board. left: working days until its clock ends, below zero where it is over; None without one.

    number: its place in its session (19-03), 0 where it was raised elsewhere; raised: the day then. clock_on: the day on
    which that clock ends. days: working days that its resolution took. waited: those since it was
    assigned. longer: more time was granted.
    """

    id: int
    text: str
    company: str
    department: str
    state: str
    left: int | None
    outcome: str | None
    satisfaction: str | None
    session: int | None
    number: int
    raised: str | None
    times_assigned: int
    escalated: bool
    clock_on: str | None = None
    days: int | None = None
    waited: int | None = None
    reopened: bool = False
    longer: bool = False


@dataclass(frozen=True)
class Column:
    """A state of the board, or several: how many issues are in it, how many of them overdue, and the first cards."""

    state: str
    label: Text
    count: int
    overdue: int
    cards: tuple[Card, ...]


EACH: tuple[Lane, ...] = tuple((key, label, (key,)) for key, label in STATE.options)


def board(
    connection: Connection, *, today: str, where: Sequence[ColumnElement[bool]] = (), lanes: Sequence[Lane] = EACH,
    most: Mapping[str, int] | None = None,
) -> list[Column]:  # fmt: skip
    """The columns, every state by itself where no lanes are given; the overdue first, then what is soonest.

    most: lane → how many of its cards are wanted, `A_COLUMN` where it says nothing.
    """
    query = select(_i.state, func.count()).where(*where).group_by(_i.state)
    counts = {row[0]: row[1] for row in connection.execute(query)}
    late = {row[0]: row[1] for row in connection.execute(query.where(_i.state.in_(OPEN), _i.clock_on < today))}
    ids = {
        key: _first(connection, [one for one in states if one in counts], where, (most or {}).get(key, A_COLUMN))
        for key, _label, states in lanes
    }
    known = {
        one.id: one for one in cards(connection, [number for some in ids.values() for number in some], today=today)
    }
    return [
        Column(
            key, label, sum(counts.get(one, 0) for one in states), sum(late.get(one, 0) for one in states),
            tuple(known[number] for number in ids[key]),
        )
        for key, label, states in lanes
    ]  # fmt: skip


def _first(connection: Connection, states: Sequence[str], where: Sequence[ColumnElement[bool]], most: int) -> list[int]:
    """The first issues of some states, each state by its own walk along the index."""
    found: list[tuple[bool, str, int]] = []
    for state in states if most else ():
        query = select(_i.clock_on, _i.id).where(_i.state == state, *where).order_by(_i.clock_on.nulls_last(), _i.id)
        found += [(row[0] is None, row[0] or "", row[1]) for row in connection.execute(query.limit(most))]
    return [number for _none, _clock, number in sorted(found)[:most]]


def cards(connection: Connection, ids: Sequence[int], *, today: str) -> list[Card]:
    """Issues as cards, in the order of `ids`; one that is gone gives none."""
    days, day = calendar_of(connection), dt.date.fromisoformat(today)
    found: dict[int, Card] = {}
    of = forum_session.c
    source = (
        issue.join(company, company.c.id == _i.company)
        .outerjoin(unit, unit.c.id == _i.department)
        .outerjoin(forum_session, of.id == _i.session)
    )
    of_step = issue_step.c
    granted = select(of_step.id).where(of_step.issue == _i.id, of_step.kind == "grant").correlate(issue).exists()
    query = select(
        _i.id, _i.text, company.c.name, func.coalesce(unit.c.short_name, unit.c.name, "").label("unit"), _i.state,
        _i.clock_on, _i.outcome, _i.satisfaction, of.number, _i.raised_on,
        _i.times_assigned, _i.escalated, _i.days, _i.reopened_on, _i.assigned_on, granted.label("granted"),
    ).select_from(source)  # fmt: skip
    left: dict[str | None, int] = {}

    def until(end: str | None) -> int | None:
        if end is not None and end not in left:
            left[end] = working_days_between(days, day, dt.date.fromisoformat(end)).value
        return left.get(end)

    for some in bulk.chunks(list(ids)):
        places = _places(connection, some)
        for row in connection.execute(query.where(_i.id.in_(some))):
            since = until(row.assigned_on)
            waited = None if since is None else -since
            found[row.id] = Card(
                id=row.id, text=row.text, company=row.name, department=row.unit, state=row.state, left=until(row.clock_on),
                outcome=row.outcome, satisfaction=row.satisfaction, session=row.number, number=places.get(row.id, 0),
                raised=row.raised_on, times_assigned=row.times_assigned, escalated=bool(row.escalated),
                clock_on=row.clock_on, days=row.days, waited=waited, reopened=bool(row.reopened_on),
                longer=bool(row.granted),
            )  # fmt: skip
    return [found[number] for number in ids if number in found]


def _places(connection: Connection, ids: Sequence[int]) -> dict[int, int]:
    """Issue → its place in its session. Counted for whole sessions: for each issue by itself it is their square."""
    held = select(_i.session).where(_i.id.in_(ids))
    place = func.row_number().over(partition_by=_i.session, order_by=_i.id).label("place")
    of = select(_i.id, place).where(_i.session.in_(held)).subquery().c
    return {row.id: row.place for row in connection.execute(select(of.id, of.place).where(of.id.in_(ids)))}


def queue(connection: Connection, department: int, *, today: str) -> list[Card]:
    """What a department has to do, the most urgent first: what it leads and what it has to accept."""
    query = select(_i.id).where(_i.department == department, _i.state.in_(OPEN))
    ids = connection.scalars(
        query.order_by(_i.clock_on.nulls_last(), case((_i.state == ASSIGNED, 0), else_=1), _i.id)
    ).all()
    return cards(connection, ids, today=today)


@dataclass(frozen=True)
class Course:
    """One issue in full: its steps, until when more time was asked for, and the sum of its clock as people say it."""

    id: int
    steps: Steps
    asked_until: str | None
    must_escalate: bool
    escalated_until: str


def course(connection: Connection, number: int, *, today: str) -> Course | None:
    """The course of an issue, None where it is gone."""
    if connection.scalar(select(_i.id).where(_i.id == number)) is None:
        return None
    steps = steps_of(connection, [number])[number]
    chain, now = chain_of(connection), replay(steps)
    return Course(number, steps, asked_until(steps), now.must_escalate, chain.after(today, chain.escalated))


@dataclass(frozen=True)
class Age:
    """How many open issues have been open for how many working days: `most` included, None without end."""

    least: int
    most: int | None
    count: int
    ids: tuple[int, ...]


_AGES = (0, 8, 16, 31, 61)


def ageing(connection: Connection, *, today: str, where: Sequence[ColumnElement[bool]] = ()) -> list[Age]:
    """The open issues by the working days since they were assigned, or raised where they are not yet."""
    days, day = calendar_of(connection), dt.date.fromisoformat(today)
    since = func.coalesce(_i.assigned_on, _i.raised_on)
    rows = connection.execute(
        select(_i.id, since).where(_i.state.in_(OPEN), since.is_not(None), *where).order_by(_i.id)
    ).all()
    known = {one: working_days_between(days, dt.date.fromisoformat(one), day).value for one in {row[1] for row in rows}}
    bands = [(least, _AGES[at + 1] - 1 if at + 1 < len(_AGES) else None) for at, least in enumerate(_AGES)]
    found = []
    for least, most in bands:
        ids = tuple(
            row[0] for row in rows if least <= max(known[row[1]], 0) and (most is None or known[row[1]] <= most)
        )
        found.append(Age(least, most, len(ids), ids))
    return found


# --- sessions and service --------------------------------------------------------------------------------------------


def last_session(connection: Connection, before: int) -> int | None:
    """The session held before a session: its pack opens with what became of its issues."""
    of = forum_session.c
    day = select(of.held_on).where(of.id == before).scalar_subquery()
    return connection.scalar(
        select(of.id).where(of.held_on < day, of.id != before).order_by(of.held_on.desc(), of.id.desc()).limit(1)
    )


@dataclass(frozen=True)
class Invitation:
    """An enterprise that should be invited, and why: last met (None: never), how many issues open, which tags."""

    company: int
    name: str
    met_on: str | None
    open: int
    tags: str


def to_invite(connection: Connection, *, today: str, limit: int = 50) -> list[Invitation]:
    """Enterprises not met for longest, those with open issues first; those met within 90 days are left out."""
    at, of = attendance.c, forum_session.c
    came = select(at.company, func.max(of.held_on).label("day")).join(forum_session, of.id == at.session)
    came = came.where(func.coalesce(at.attended, 0) == 1).group_by(at.company)
    visited = select(visit.c.company, func.max(visit.c.on_day)).where(visit.c.done == 1).group_by(visit.c.company)
    asked = select(_i.company, func.max(_i.raised_on)).group_by(_i.company)
    together = came.union_all(visited, asked).subquery()
    met = select(together.c.company, func.max(together.c.day).label("day")).group_by(together.c.company).subquery()
    waiting = select(_i.company, func.count().label("many")).where(_i.state.in_(OPEN)).group_by(_i.company).subquery()
    recent = (dt.date.fromisoformat(today) - dt.timedelta(days=90)).isoformat()
    many = func.coalesce(waiting.c.many, 0)
    query = (
        select(company.c.id, company.c.name, met.c.day, many, func.coalesce(company.c.tags, ""))
        .select_from(
            company.outerjoin(met, met.c.company == company.c.id).outerjoin(waiting, waiting.c.company == company.c.id)
        )
        .where(or_(met.c.day.is_(None), met.c.day < recent))
        .order_by(many.desc(), met.c.day.nulls_first(), company.c.id)
    )
    return [Invitation(*row) for row in connection.execute(query.limit(limit))]


@dataclass(frozen=True)
class Planned:
    """A visit in the calendar; `note`: the grey note where the enterprise is visited often, None else."""

    id: int
    company: str
    on_day: str
    who: str
    purpose: str
    requested: bool
    done: bool
    note: Text | None


def visits(connection: Connection, first: str, last: str) -> list[Planned]:
    """Who visits whom from a day to a day; visits that an enterprise asked for are not counted as disturbance."""
    limit = int(settings.get(connection, "forum.visits.most"))
    of = visit.c
    query = select(
        of.id, company.c.name, of.on_day, func.coalesce(of.visitors, unit.c.short_name, unit.c.name, "").label("who"),
        func.coalesce(of.purpose, "").label("purpose"), of.requested, of.done, of.company,
    ).select_from(visit.join(company, company.c.id == of.company).outerjoin(unit, unit.c.id == of.unit))  # fmt: skip
    rows = connection.execute(
        query.where(of.on_day.between(f"{first[:7]}-01", f"{last[:7]}-31")).order_by(of.on_day, of.id)
    ).all()
    planned: dict[tuple[int, str], int] = {}
    for row in rows:
        if not row.requested:
            planned[row.company, row.on_day[:7]] = planned.get((row.company, row.on_day[:7]), 0) + 1
    return [
        Planned(
            row.id, row.name, row.on_day, row.who, row.purpose, bool(row.requested), bool(row.done),
            None if row.requested else visit_hint(planned[row.company, row.on_day[:7]], limit),
        )
        for row in rows
        if first <= row.on_day <= last
    ]  # fmt: skip


@dataclass(frozen=True)
class Match:
    """An enterprise that a policy may be for: which of its tags fit, and when it was told last."""

    company: int
    name: str
    fitting: tuple[str, ...]
    sent_on: str | None


def matching(connection: Connection, number: int) -> list[Match]:
    """Enterprises whose tags (any of the policy's) and size fit a policy; those it was not yet sent to first."""
    wanted = connection.execute(select(policy.c.tags, policy.c.scale).where(policy.c.id == number)).one_or_none()
    if wanted is None:
        return []
    tags = _tags(wanted.tags)
    sent = select(func.max(policy_sent.c.sent_on)).where(
        policy_sent.c.policy == number, policy_sent.c.company == company.c.id
    )
    query = select(
        company.c.id, company.c.name, company.c.tags, company.c.industry, sent.scalar_subquery().label("sent")
    )
    if wanted.scale:
        query = query.where(company.c.scale == wanted.scale)
    found = []
    for row in connection.execute(query.order_by(company.c.id)):
        own = {*_tags(row.tags), *_tags(row.industry)}
        fitting = tuple(tag for tag in tags if tag in own)
        if fitting or not tags:
            found.append(Match(row.id, row.name, fitting, row.sent))
    return sorted(found, key=lambda one: (one.sent_on is not None, -len(one.fitting)))


def _tags(text: str | None) -> tuple[str, ...]:
    return tuple(
        tag for part in (text or "").replace("，", "、").replace(",", "、").split("、") if (tag := part.strip())
    )


def department_order(connection: Connection) -> Mapping[int, int]:
    """Department → how many issues it has had: the order in which the capture page proposes them."""
    query = select(_i.department, func.count()).where(_i.department.is_not(None)).group_by(_i.department)
    found: dict[int, int] = {row[0]: row[1] for row in connection.execute(query)}
    return found
