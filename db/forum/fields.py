"""The facts of an issue, described once: what people call them, how they are read, how they are written.

The headings under which real lists carry them are data: resources/presets/headings_forum.json.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, case, func, select

from db.companies.models import company
from db.core.fields import Choice, Day, Field, Flag, Kind, Link, Whole, Words
from db.core.headings import headings
from db.core.text import Text, _
from db.forum import writing as write
from db.forum.models import (
    DONE,
    OUTCOME,
    SATISFACTION,
    STATE,
    forum_session,
    issue,
    issue_kind,
    issue_support,
    visit,
)
from db.people.models import unit

Read = Callable[[], ColumnElement[Any]]

GROUPS: Mapping[str, Text] = {
    "facts": _("Issue"),
    "handling": _("Handling"),
    "reply": _("Reply and follow-up"),
}


_aliases = headings("forum")


def _column(key: str) -> Read:
    return lambda: issue.c[key]


def _of(table: Any, link: str, name: str) -> Read:
    """A column of the record that the issue is linked to."""
    return lambda: select(table.c[name]).where(table.c.id == issue.c[link]).scalar_subquery()


def _supporting() -> ColumnElement[Any]:
    of = issue_support.c
    names = (
        select(unit.c.name).join(issue_support, of.unit == unit.c.id).where(of.issue == issue.c.id)
        .order_by(unit.c.position, unit.c.id).correlate(issue).subquery()
    )  # fmt: skip
    return select(func.aggregate_strings(names.c.name, "、")).scalar_subquery()


def _resolved() -> ColumnElement[Any]:
    return case((issue.c.state.in_(DONE), 1), else_=0)


def _asked_at() -> ColumnElement[Any]:
    return select(visit.c.on_day).where(visit.c.id == issue.c.visit).scalar_subquery()


def _held_on() -> ColumnElement[Any]:
    return select(forum_session.c.held_on).where(forum_session.c.id == issue.c.session).scalar_subquery()


def _state_order() -> ColumnElement[Any]:
    return case({key: at for at, (key, _label) in enumerate(STATE.options)}, value=issue.c.state, else_=99)


def _plain(key: str, label: Text, kind: Kind, group: str = "facts") -> Field:
    return Field(key, label, kind, _aliases(key), group, _column(key), write.column(key))


def _step(key: str, label: Text, kind: Kind, group: str = "handling") -> Field:
    """One of the six columns: a column that follows from the steps, typed like any other."""
    read = _resolved if key == "resolved" else _column(key)
    return Field(key, label, kind, _aliases(key), group, read, write.step(key))


def _told(key: str, label: Text, kind: Kind, read: Read, group: str = "handling", sort: Read | None = None) -> Field:
    """What follows from the others and cannot be typed."""
    return Field(key, label, kind, (), group, read, sort=sort, adds_up=False)


_UNIT = Link("people", "unit")

FORUM_FIELDS: tuple[Field, ...] = (
    Field("company", _("Enterprise"), Link("companies", "company"), _aliases("company"), "facts",
          _of(company, "company", "name"), write.company_link),
    Field("text", _("What it is about"), Words(long=True), _aliases("text"), "facts", _column("text"), write.text),
    _plain("category", _("Category of the issue"), Words()),
    Field("session", _("Session"), Whole("期"), _aliases("session"), "facts", _of(forum_session, "session", "number"),
          write.session, adds_up=False),
    _told("held_on", _("Day of the session"), Day(), _held_on, "facts"),
    _told("visited_on", _("Day of the visit"), Day(), _asked_at, "facts"),
    _plain("raised_on", _("Raised on"), Day()),
    Field("department", _("Responsible department"), _UNIT, _aliases("department"), "handling",
          _of(unit, "department", "name"), write.unit_link("department"), _of(unit, "department", "position")),
    Field("support", _("Supporting departments"), Words(tags=True), _aliases("support"), "handling", _supporting,
          write.support),
    Field("street", _("Place"), _UNIT, _aliases("street"), "facts", _of(unit, "street", "name"),
          write.unit_link("street"), _of(unit, "street", "position")),
    _told("state", _("Where it stands"), STATE, _column("state"), "handling", _state_order),
    _step("assigned_on", _("Assigned on"), Day()),
    _step("due_on", _("Deadline"), Day()),
    _step("handling", _("Handling of the issue"), Words(long=True)),
    _step("resolved_on", _("Resolved on"), Day(), "reply"),
    _step("resolved", _("Resolved?"), Flag(), "reply"),
    _step("outcome", _("How it was resolved"), OUTCOME, "reply"),
    _step("satisfaction", _("Satisfaction"), SATISFACTION, "reply"),
    _told("followed_up_on", _("Followed up on"), Day(), _column("followed_up_on"), "reply"),
    _told("closed_on", _("Closed on"), Day(), _column("closed_on"), "reply"),
    _told("clock_on", _("Next day to look at"), Day(), _column("clock_on")),
    _told("days", _("Working days taken"), Whole("工作日"), _column("days"), "reply"),
    _told("times_assigned", _("Times assigned"), Whole("次"), _column("times_assigned")),
    _told("escalated", _("Escalated"), Flag(), _column("escalated")),
    _told("reopened_on", _("Reopened on"), Day(), _column("reopened_on"), "reply"),
    _told("kind", _("Kind of thing"), Words(), _of(issue_kind, "kind", "name"), "facts"),
    _plain("remarks", _("Remarks"), Words(long=True)),
)  # fmt: skip


@cache
def _by_key() -> dict[str, Field]:
    return {field.key: field for field in FORUM_FIELDS}


def field_of(key: str) -> Field | None:
    """The field of a key; None where unknown."""
    return _by_key().get(key)


_CHOICES: Mapping[str, Choice] = {"state": STATE, "outcome": OUTCOME, "satisfaction": SATISFACTION}


def label_of(key: str, value: str) -> Text:
    """How a stored choice of an issue is called."""
    return _CHOICES[key].label(value)
