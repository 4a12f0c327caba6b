"""At the table: what the capture page shows beside the lines, and how a line is kept, changed and assigned."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select

from db.companies.models import company
from db.core import history, listing
from db.core.dates import read_day
from db.core.errors import Refused
from db.core.fields import Field
from db.core.period import Period
from db.core.tables import METADATA
from db.core.text import _
from db.forum.categories import propose
from db.forum.courses import chain_of, put_steps, steps_of
from db.forum.figures import totals
from db.forum.models import (
    OPEN,
    PENDING,
    REGISTERED,
    RESOLVED,
    attendance,
    forum_session,
    issue,
    issue_step,
    issue_support,
)
from db.forum.queries import Card, cards, last_session
from db.forum.rules import Chain, Step
from db.forum.service import Line, capture, join, set_values, start, take
from db.forum.serving import invite
from db.people.models import DEPARTMENT, unit
from db.per_mu.models import BY_METRIC, company_year, evaluation, evaluation_result, metric

_i = issue.c
_FACTS = ("industry", "scale", "street", "tags", "contact", "contact_phone")
_METRICS = ("revenue", "tax", "staff", "land", "electricity")
_UNITS_TOLD = 2_000


@dataclass(frozen=True)
class Guest:
    """An enterprise at the table.

    attended: 1 came, 0 did not, None not known. times: sessions of this year that it came to. open: its open issues.
    metrics: stored values of its last year, by key; given: the class it was given last. facts: all that is shown of it,
    with the fields that say how (and whether they are private).
    """

    id: int
    name: str
    attended: int | None
    times: int
    open: int
    year: int | None
    metrics: Mapping[str, int]
    given: str
    facts: tuple[tuple[Field, Any], ...]


@dataclass(frozen=True)
class Captured:
    """A line that is kept. due: the deadline proposed or set; answer, answered_by: what was said on the spot."""

    id: int
    company: str
    text: str
    departments: tuple[str, ...]
    category: str
    state: str
    due: str | None
    answer: str | None
    answered_by: str | None
    outcome: str | None
    kind: int | None


@dataclass(frozen=True)
class Sitting:
    """A session as the capture page shows it; `last`: number, day and issues of the one before, None where none was.

    begun: when the first of its lines was kept. year: sessions, enterprises and issues of the year so far.
    """

    id: int
    number: int
    day: str
    theme: str
    place: str
    leaders: str
    guests: tuple[Guest, ...]
    lines: tuple[Captured, ...]
    last: tuple[int, str, tuple[Card, ...]] | None
    chain: Chain
    begun: dt.datetime | None
    year: tuple[int, int, int]


@dataclass(frozen=True)
class Known:
    """What completes what is typed. units: (name, short name, issues this year), those with most first.

    companies: names. people: who may have answered. usual: department → the category of most of its issues.
    """

    companies: tuple[str, ...]
    units: tuple[tuple[str, str, int], ...]
    people: tuple[str, ...]
    usual: Mapping[str, str]


# --- reading ---------------------------------------------------------------------------------------------------------


def sessions(connection: Connection) -> list[tuple[int, int, str]]:
    """(id, number, day) of every session, the newest first."""
    of = forum_session.c
    day = func.coalesce(of.held_on, "")
    return [
        (row[0], row[1], row[2])
        for row in connection.execute(select(of.id, of.number, day).order_by(day.desc(), of.id.desc()))
    ]


def sitting(connection: Connection, number: int, *, today: str) -> Sitting | None:
    """A session with its guests, its lines and what became of the last one's issues; None where it is gone."""
    row = connection.execute(select(forum_session).where(forum_session.c.id == number)).one_or_none()
    if row is None:
        return None
    day = row.held_on or today
    before = last_session(connection, number)
    last = None
    if before is not None:
        of = forum_session.c
        told = connection.execute(select(of.number, of.held_on).where(of.id == before)).one()
        ids = list(connection.scalars(select(_i.id).where(_i.session == before).order_by(_i.id)))
        last = (told.number, told.held_on or "", tuple(cards(connection, ids, today=today)))
    return Sitting(
        row.id, row.number, day, row.theme or "", row.place or "", row.leaders or "", tuple(_guests(connection, number, day)),
        tuple(_lines(connection, number)), last, chain_of(connection), _begun(connection, number),
        totals(connection, Period(f"{today[:4]}-01-01", today, today[:4])),
    )  # fmt: skip


def _begun(connection: Connection, session: int) -> dt.datetime | None:
    first = connection.scalar(select(func.min(_i.id)).where(_i.session == session))
    made = history.record_changes(connection, METADATA, issue.name, first) if first is not None else []
    if not made:
        return None
    (_change, number), *_later = made
    operation, _changes = history.tables(METADATA)
    return history.from_micros(
        connection.execute(select(operation.c.at).where(operation.c.number == number)).scalar_one()
    )


def _guests(connection: Connection, session: int, day: str) -> list[Guest]:
    at, of = attendance.c, forum_session.c
    there = select(at.company, func.count().label("times")).join(forum_session, of.id == at.session)
    came = there.where(at.attended == 1, of.held_on.between(f"{day[:4]}-01-01", day)).group_by(at.company).subquery()
    waiting = select(_i.company, func.count().label("many")).where(
        _i.state.in_(OPEN), _i.session.is_distinct_from(session)
    )
    waits = waiting.group_by(_i.company).subquery()
    query = (
        select(at.company, company.c.name, at.attended, func.coalesce(came.c.times, 0).label("times"),
               func.coalesce(waits.c.many, 0).label("open"))
        .select_from(attendance.join(company, company.c.id == at.company)
                     .outerjoin(came, came.c.company == at.company).outerjoin(waits, waits.c.company == at.company))
        .where(at.session == session).order_by(at.id)
    )  # fmt: skip
    rows = connection.execute(query).all()
    ids = [row.company for row in rows]
    years, given, facts = _metrics(connection, ids), _classes(connection, ids), _facts(connection, ids)
    found = []
    for row in rows:
        year, values = years.get(row.company, (None, {}))
        measured = [(BY_METRIC[key], values[key]) for key in _METRICS if key in values]
        told = [
            (Field(one.key, one.label, one.kind, private=one.private), value // one.factor) for one, value in measured
        ]
        shown = (*facts.get(row.company, ()), *told)
        mark = given.get(row.company, "")
        found.append(Guest(row.company, row.name, row.attended, row.times, row.open, year, values, mark, shown))
    return found


def _facts(connection: Connection, ids: Sequence[int]) -> dict[int, tuple[tuple[Field, Any], ...]]:
    from db.companies.fields import COMPANY_FIELDS  # the business facts of the guests

    fields = [one for one in COMPANY_FIELDS if one.key in _FACTS]
    rows = listing.rows(connection, company, fields, ids) if ids else []
    return {
        row[0]: tuple((field, value) for field, value in zip(fields, row[1:], strict=True) if value not in (None, ""))
        for row in rows
    }


def _metrics(connection: Connection, ids: Sequence[int]) -> dict[int, tuple[int, dict[str, int]]]:
    """Enterprise → its last whole year and what it measured then."""
    of = company_year.c
    newest = (
        select(of.company, func.max(of.year).label("year"))
        .where(of.half == 0, of.company.in_(ids))
        .group_by(of.company)
        .subquery()
    )
    query = (
        select(of.company, of.year, metric.c.key, metric.c.value)
        .join(newest, (newest.c.company == of.company) & (newest.c.year == of.year)).join(metric, metric.c.entry == of.id)
        .where(of.half == 0, metric.c.key.in_(_METRICS))
    )  # fmt: skip
    found: dict[int, tuple[int, dict[str, int]]] = {}
    for row in connection.execute(query):
        found.setdefault(row.company, (row.year, {}))[1][row.key] = row.value
    return found


def _classes(connection: Connection, ids: Sequence[int]) -> dict[int, str]:
    of, run = evaluation_result.c, evaluation.c
    query = select(of.company, of["class"]).join(evaluation, run.id == of.evaluation)
    rows = connection.execute(query.where(of.company.in_(ids), of["class"].is_not(None)).order_by(run.year, run.id))
    return {row[0]: row[1] for row in rows}


def _lines(connection: Connection, session: int) -> list[Captured]:
    of, step = issue_support.c, issue_step.c
    here = select(_i.id).where(_i.session == session)
    helpers: dict[int, list[str]] = {}
    names = select(of.issue, unit.c.name).join(unit, unit.c.id == of.unit).where(of.issue.in_(here))
    for number, name in connection.execute(names.order_by(of.issue, of.id)):
        helpers.setdefault(number, []).append(name)
    steps: dict[tuple[int, str], Any] = {}
    told = select(step.issue, step.kind, step.due_on, step.text, step.author).where(
        step.issue.in_(here), step.kind.in_(("propose", "resolve"))
    )
    for one in connection.execute(told.order_by(step.issue, step.place)):
        steps[one.issue, one.kind] = one
    query = (
        select(_i.id, company.c.name, _i.text, unit.c.name.label("unit"), _i.category, _i.state, _i.due_on, _i.outcome, _i.kind)
        .select_from(issue.join(company, company.c.id == _i.company).outerjoin(unit, unit.c.id == _i.department))
        .where(_i.session == session).order_by(_i.id)
    )  # fmt: skip
    found = []
    for row in connection.execute(query):
        proposed, reply = steps.get((row.id, "propose")), steps.get((row.id, "resolve"))
        departments = (*((row.unit,) if row.unit else ()), *helpers.get(row.id, ()))
        found.append(Captured(
            row.id, row.name, row.text, departments, row.category or "", row.state,
            row.due_on or (proposed.due_on if proposed else None), reply.text if reply else None,
            reply.author if reply else None, row.outcome, row.kind,
        ))  # fmt: skip
    return found


def known(connection: Connection, *, today: str) -> Known:
    """The names that complete what is typed."""
    from db.forum.blocks import suggestions
    from db.forum.fields import field_of
    from db.people.queries import names_of_people

    firm = field_of("company")
    assert firm is not None
    mine = func.count(_i.id).label("many")
    this_year = (_i.department == unit.c.id) & _i.raised_on.between(f"{today[:4]}-01-01", f"{today[:4]}-12-31")
    query = (
        select(unit.c.name, func.coalesce(unit.c.short_name, ""), mine).select_from(unit.outerjoin(issue, this_year))
        .where(unit.c.kind == DEPARTMENT, unit.c.merged_into.is_(None))
        .group_by(unit.c.id, unit.c.name, unit.c.short_name, unit.c.position).order_by(mine.desc(), unit.c.position, unit.c.id)
    )  # fmt: skip
    units = tuple((row[0], row[1], row[2]) for row in connection.execute(query.limit(_UNITS_TOLD)))
    usual = (
        select(unit.c.name, _i.category, func.count())
        .join(unit, unit.c.id == _i.department)
        .where(_i.category.is_not(None))
    )
    rows = connection.execute(usual.group_by(unit.c.name, _i.category).order_by(func.count(), _i.category))
    return Known(
        tuple(suggestions(connection, firm)),
        units,
        tuple(names_of_people(connection)),
        {row[0]: row[1] for row in rows},
    )


def guess(text: str, department: str, usual: Mapping[str, str]) -> str:
    """The category that the words speak for, else the usual one of the department; "" where neither says any."""
    return propose(text) or usual.get(department, "")


_NUMBER, _SHORT_DAY = re.compile(r"(\d{1,3})(?:个?工作日|天)?"), re.compile(r"(\d{1,2})[-./月](\d{1,2})日?")


def deadline(typed: str, *, on: str, chain: Chain) -> str | None:
    """The day that a deadline means: a number of working days after `on`, or a day (9-20 is of this year).

    None where nothing is typed; Refused where it is neither, lies before `on` or is further off than the office allows.
    """
    said = typed.strip()
    if not said:
        return None
    short, number = _SHORT_DAY.fullmatch(said), _NUMBER.fullmatch(said)
    if number is not None:
        day = chain.after(on, int(number[1]))
    else:
        reading = read_day(f"{on[:4]}-{int(short[1])}-{int(short[2])}" if short else said)
        if not isinstance(reading.value, str):
            raise Refused(fields={"due": _("A number of working days or a day: 7, 9-20, 2024-09-20.")})
        day = reading.value
    if day < on:
        raise Refused(fields={"due": _("The deadline {due} lies before {day}.", due=day, day=on)})
    if chain.between(on, day) > chain.most:
        latest = chain.after(on, chain.most)
        raise Refused(fields={"due": _("At most {count} working days: until {day}.", count=chain.most, day=latest)})
    return day


def shifted(day: str, chain: Chain) -> bool:
    """Whether a day is one of a weekend that is worked (调休上班)."""
    return dt.date.fromisoformat(day) in chain.days.work


# --- writing ---------------------------------------------------------------------------------------------------------


def record(
    connection: Connection, line: Line, *, on: str, session: int, alike: Sequence[int] = (), again: bool = False
) -> int:
    """Keep a line of a session; gives the id of the issue. Its enterprise came, then.

    alike: issues it is joined with as one kind of thing. again: it may have been written before (the program ended
    before it heard so); the same enterprise with the same words at this session is that line.
    """
    if connection.scalar(select(forum_session.c.id).where(forum_session.c.id == session)) is None:
        raise Refused(_("The session is gone; the line is kept here. Choose another session."))
    if again:
        same = (
            select(_i.id)
            .join(company, company.c.id == _i.company)
            .where(_i.session == session, _i.text == line.text.strip())
        )
        there = connection.scalar(same.where(company.c.name == line.company.strip()))
        if there is not None:
            return int(there)
    number = capture(connection, line, on=on, session=session)
    invite(connection, session, [line.company], attended=True)
    if alike:
        kinds = connection.scalars(select(_i.kind).where(_i.id.in_(list(alike)), _i.kind.is_not(None))).first()
        join(connection, [*alike, number], name="" if kinds else line.text.strip().splitlines()[0][:30])
    return number


def change(connection: Connection, number: int, line: Line, *, on: str) -> None:
    """A line once more, as it is typed now. What was done about it since it was kept stays."""
    row = connection.execute(select(_i.state).where(_i.id == number)).one_or_none()
    if row is None:
        raise Refused(_("One of the issues is gone; nothing was changed. Look at the list again."))
    cells = {
        "company": line.company, "text": line.text, "department": next(iter(line.departments), None),
        "support": "、".join(line.departments[1:]) or None, "category": line.category or propose(line.text),
    }  # fmt: skip
    set_values(connection, [(number, key, value) for key, value in cells.items()])
    steps = steps_of(connection, [number])[number]
    if any(one.kind not in ("propose", "assign", "resolve") for one in steps) or row.state not in (
        REGISTERED,
        PENDING,
        RESOLVED,
    ):
        return
    if line.answer is None and row.state == RESOLVED and not _answered(steps):
        return
    put_steps(connection, {number: ()})
    start(connection, number, line, on=on)


def _answered(steps: Sequence[Step]) -> bool:
    """Whether the reply was given on the day it was asked."""
    return len({one.on for one in steps}) == 1


def assign(connection: Connection, session: int, *, on: str) -> list[int]:
    """Assign what the session proposed, each with its deadline; gives the ids. What has no department stays."""
    ids = list(connection.scalars(
        select(_i.id).where(_i.session == session, _i.state.in_((REGISTERED, PENDING)), _i.department.is_not(None)).order_by(_i.id)
    ))  # fmt: skip
    by_due: dict[str | None, list[int]] = {}
    for number, steps in steps_of(connection, ids).items():
        by_due.setdefault(next((one.due for one in steps if one.kind == "propose"), None), []).append(number)
    for due, some in by_due.items():
        take(connection, some, Step("assign", on, due=due), today=on)
    return ids
