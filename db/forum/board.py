"""What the pages of the board and of the follow-up ask for, each in one look."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, func, select

from db.companies.models import company
from db.core.attachments import Attachment
from db.core.period import Period
from db.core.text import Text, _, say
from db.forum.courses import chain_of, files_of, rows_of, steps_of
from db.forum.figures import ALL, counted, names_of_groups
from db.forum.models import (
    DONE,
    FOLLOWED_UP,
    OPEN,
    PENDING,
    REGISTERED,
    RESOLVED,
    RETURNED,
    forum_session,
    issue,
    issue_kind,
    issue_step,
    issue_support,
)
from db.forum.queries import Card, Column, board, cards
from db.forum.rules import SUPERVISED, Chain, Steps, asked_until, replay, replies
from db.forum.ways import Clock, clock, lanes, possible, towards, usual, why_not
from db.people import supervision
from db.people.models import unit

_i = issue.c
_REMIND = 3  # days before a deadline
Named = tuple[tuple[int, str], ...]


@dataclass(frozen=True)
class Chosen:
    """Which issues are shown: of a department, of a session (ids), of a category; None: whichever."""

    department: int | None = None
    session: int | None = None
    category: str | None = None

    def where(self) -> list[ColumnElement[bool]]:
        """As conditions."""
        said = ((_i.department, self.department), (_i.session, self.session), (_i.category, self.category))
        return [column == value for column, value in said if value is not None]


@dataclass(frozen=True)
class Board:
    """The board: its columns, how the office works, what one may choose from, what the year amounts to.

    numbers: as `figures.NAMES`, of the issues raised since the year began. sessions: (id, number, day), newest first.
    """

    columns: tuple[Column, ...]
    chain: Chain
    departments: Named
    sessions: tuple[tuple[int, int, str], ...]
    categories: tuple[str, ...]
    numbers: Mapping[str, int]


def look(connection: Connection, chosen: Chosen, *, today: str, most: Mapping[str, int] | None = None) -> Board:
    """The board as it is to be shown; `most`: column → how many of its cards."""
    chain = chain_of(connection)
    year = Period(f"{today[:4]}-01-01", today, today[:4])
    of = forum_session.c
    sessions = connection.execute(
        select(of.id, of.number, func.coalesce(of.held_on, "")).order_by(of.held_on.desc(), of.number.desc())
    )
    return Board(
        tuple(board(connection, today=today, where=chosen.where(), lanes=lanes(chain), most=most)),
        chain, responsible(connection), tuple((row[0], row[1], row[2]) for row in sessions), tuple(names_of_groups(connection, "category")),
        counted(connection, year)[ALL].numbers,
    )  # fmt: skip


def responsible(connection: Connection) -> Named:
    """The departments that have issues, in 建制顺序."""
    query = select(unit.c.id, func.coalesce(unit.c.short_name, unit.c.name)).where(
        unit.c.id.in_(select(_i.department).where(_i.department.is_not(None)))
    )
    return tuple((row[0], row[1]) for row in connection.execute(query.order_by(unit.c.position, unit.c.id)))


def chosen_ids(
    connection: Connection, chosen: Chosen, *, only: Sequence[str] = (), before: str | None = None
) -> list[int]:
    """The issues of a choice, by enterprise; only: in these states; before: whose clock ended before a day."""
    query = select(_i.id).where(*chosen.where()).order_by(_i.session, _i.company, _i.id)
    if only:
        query = query.where(_i.state.in_(only))
    if before is not None:
        query = query.where(_i.clock_on < before)
    return list(connection.scalars(query))


@dataclass(frozen=True)
class Issue:
    """One issue in full: its card, its steps, and what may be done with it.

    rows: those of its steps, in their order. files: row → what is attached to that step. units: id → name of those in
    its steps. may: step → why it cannot be taken, None where it can. usual: the step that
    mostly comes next. asked: until when more time was asked for.
    """

    card: Card
    contact: str
    phone: str
    category: str
    department: str
    support: str
    remarks: str
    steps: Steps
    rows: tuple[int, ...]
    files: Mapping[int, Sequence[Attachment]]
    units: Mapping[int, str]
    may: Mapping[str, Text | None]
    usual: str | None
    clock: Clock | None
    asked: str | None
    must_escalate: bool
    escalated_until: str
    chain: Chain

    @property
    def replies(self) -> int:
        """How many replies the enterprise was given."""
        return len(replies(self.steps))


def one(connection: Connection, number: int, *, today: str) -> Issue | None:
    """An issue in full, None where it is gone."""
    of = company.c
    query = select(
        of.contact, of.contact_phone, _i.category, _i.remarks,
        func.coalesce(unit.c.name, "").label("department"),
    ).select_from(issue.join(company, of.id == _i.company).outerjoin(unit, unit.c.id == _i.department))  # fmt: skip
    row = connection.execute(query.where(_i.id == number)).one_or_none()
    if row is None:
        return None
    steps, chain = steps_of(connection, [number])[number], chain_of(connection)
    rows = rows_of(connection, number)
    names = select(unit.c.id, unit.c.name).where(unit.c.id.in_({step.unit for step in steps if step.unit}))
    help_from = select(unit.c.name).join(issue_support, issue_support.c.unit == unit.c.id)
    support = connection.scalars(help_from.where(issue_support.c.issue == number).order_by(unit.c.position, unit.c.id))
    return Issue(
        cards(connection, [number], today=today)[0], row.contact or "", row.contact_phone or "",
        row.category or "", row.department, "、".join(support), row.remarks or "",
        steps, rows, files_of(connection, rows),
        {row.id: row.name for row in connection.execute(names)}, possible(steps, chain=chain, today=today),
        usual(steps, chain=chain), clock(steps, chain), asked_until(steps), replay(steps).must_escalate,
        chain.after(today, chain.escalated), chain,
    )  # fmt: skip


# --- follow-up -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Call:
    """A follow-up call that is to be made. again: the enterprise was called before, and is called once more."""

    card: Card
    contact: str
    phone: str
    reply: str
    resolved_on: str | None
    again: bool


def calls(connection: Connection, *, most: int = 500) -> tuple[int, list[int]]:
    """How many calls are to be made, and the issues of the first of them, the earliest first."""
    due = (_i.state.in_((RESOLVED, FOLLOWED_UP)), _i.clock_on.is_not(None))
    count = connection.scalar(select(func.count()).where(*due)) or 0
    return count, list(connection.scalars(select(_i.id).where(*due).order_by(_i.clock_on, _i.id).limit(most)))


def call_list(connection: Connection, ids: Sequence[int], *, today: str) -> list[Call]:
    """These issues as calls."""
    query = select(_i.id, company.c.contact, company.c.contact_phone, _i.handling, _i.resolved_on).join(
        company, company.c.id == _i.company
    )
    rows = {row.id: row for row in connection.execute(query.where(_i.id.in_(list(ids))))}
    found = []
    for card in cards(connection, ids, today=today):
        of = rows[card.id]
        again = card.state == FOLLOWED_UP
        found.append(Call(card, of.contact or "", of.contact_phone or "", of.handling or "", of.resolved_on, again))
    return found


@dataclass(frozen=True)
class Kind:
    """Similar issues as one kind of thing, and the policy that is suggested because of them."""

    id: int
    name: str
    issues: int
    companies: int
    open: int
    suggestion: str
    suggested_to: str
    suggested_on: str


def kinds(connection: Connection) -> list[Kind]:
    """Every kind of thing, those with most issues first."""
    of = issue_kind.c
    waiting = func.count().filter(_i.state.in_(OPEN))
    query = (
        select(of.id, of.name, func.count(_i.id), func.count(_i.company.distinct()), waiting, of.suggestion,
               of.suggested_to, of.suggested_on)
        .select_from(issue_kind.outerjoin(issue, _i.kind == of.id))
        .group_by(of.id, of.name, of.suggestion, of.suggested_to, of.suggested_on)
        .order_by(func.count(_i.id).desc(), of.id)
    )  # fmt: skip
    return [Kind(*row[:5], *(cell or "" for cell in row[5:])) for row in connection.execute(query)]


def of_kind(connection: Connection, kind: int, *, today: str) -> list[Card]:
    """The issues of a kind of thing."""
    return cards(
        connection, list(connection.scalars(select(_i.id).where(_i.kind == kind).order_by(_i.id))), today=today
    )


def kind_name(connection: Connection, number: int) -> str:
    """What the kind of thing is called that an issue belongs to; "" where to none."""
    query = select(issue_kind.c.name).join(issue, issue.c.kind == issue_kind.c.id).where(_i.id == number)
    return connection.scalar(query) or ""


def way(connection: Connection, number: int, lane: str, *, today: str) -> tuple[str | None, Text | None]:
    """The step that brings an issue into a column of the board, and why it cannot be taken; None where it can."""
    chain, steps = chain_of(connection), steps_of(connection, [number])[number]
    kind = towards(steps, lane, chain=chain)
    return kind, None if kind is None else why_not(steps, kind, chain=chain, today=today)


_WITH_UNITS = tuple(state for state in OPEN if state not in (REGISTERED, PENDING, RETURNED))


def of_slip(
    connection: Connection, chosen: Chosen, kind: str, *, today: str, colour: str = supervision.YELLOW
) -> list[int]:
    """The issues of a slip of a choice: the open ones that a unit has, those to be supervised, those that have a reply.

    colour: blue of those due within _REMIND days, yellow of the overdue ones, red of those that had a yellow one already.
    """
    if kind == "supervision":
        soon = (dt.date.fromisoformat(today) + dt.timedelta(days=_REMIND + 1)).isoformat()
        late = chosen_ids(connection, chosen, only=OPEN, before=today)
        if colour == supervision.BLUE:
            overdue = set(late)
            return [one for one in chosen_ids(connection, chosen, only=OPEN, before=soon) if one not in overdue]
        of = issue_step.c
        warned = set(connection.scalars(
            select(of.issue).join(issue, _i.id == of.issue)
            .where(of.kind == SUPERVISED, of.choice != supervision.BLUE, of.on_day >= func.coalesce(_i.assigned_on, ""))
        ))  # fmt: skip
        return [one for one in late if (one in warned) == (colour == supervision.RED)]
    return chosen_ids(connection, chosen, only=_WITH_UNITS if kind == "assignment" else DONE)


def said(connection: Connection, chosen: Chosen) -> dict[str, str | int]:
    """A choice as cells of an issue: names and numbers."""
    name = select(unit.c.name).where(unit.c.id == chosen.department)
    number = select(forum_session.c.number, forum_session.c.held_on).where(forum_session.c.id == chosen.session)
    found: dict[str, str | int] = {"department": connection.scalar(name) or ""} if chosen.department else {}
    if chosen.category:
        found["category"] = chosen.category
    row = connection.execute(number).one_or_none() if chosen.session else None
    if row is not None:
        found |= {"session": row.number} | ({"raised_on": row.held_on} if row.held_on else {})
    return found


def as_text(connection: Connection, chosen: Chosen, *, today: str, lang: str) -> tuple[str, int]:
    """The open issues of a choice as lines for a chat, the most urgent first; and how many they are."""
    query = select(_i.id).where(_i.state.in_(OPEN), *chosen.where()).order_by(_i.clock_on.nulls_last(), _i.id)
    found = cards(connection, list(connection.scalars(query)), today=today)
    lines = []
    for at, card in enumerate(found, 1):
        parts: list[Text | str] = [card.company, card.text, card.department]
        if card.clock_on is not None and card.left is not None:
            late = _("{count} working days overdue", count=-card.left)
            parts.append(late if card.left < 0 else _("by {day}", day=card.clock_on))
        lines.append(f"{at}. " + " · ".join(str(say(one, lang)) for one in parts if one))
    return "\n".join(lines), len(found)
