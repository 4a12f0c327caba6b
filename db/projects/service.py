"""What people do with projects. Each takes the connection of a `book.write`, so that it is part of one operation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, delete, select, update

from db.core import attachments, bulk, own
from db.core.errors import Refused
from db.core.tables import METADATA
from db.core.text import _
from db.core.updating import together
from db.projects import rules, splits, writing
from db.projects.adding import ROOM, add_projects
from db.projects.fields import COMPANY_FACTS, DATED_STAGES, PROJECT_FIELDS, field_of
from db.projects.models import (
    CHILDREN,
    CNY,
    activity,
    activity_lead,
    exchange_rate,
    investment_event,
    progress_entry,
    project,
    published_figure,
    stage_event,
    status_event,
    target,
)
from db.projects.stages import later_than, order
from db.projects.standing import UNKNOWN, events_of, put_events

__all__ = [
    "add_activity",
    "add_investment",
    "add_progress",
    "add_projects",
    "delete_projects",
    "give_evidence",
    "move",
    "plan",
    "publish",
    "set_rate",
    "set_status",
    "set_target",
    "set_values",
]


# What looks at the project's row before it is written: at its investor, at where it stands.
_AFTERWARDS = frozenset({"stage", *COMPANY_FACTS})


def set_values(connection: Connection, cells: Sequence[tuple[int, str, Any]]) -> None:
    """Write single cells: (id, cell key, stored value), links by name. Raises `Refused` with the field's sentence.

    Days of stages are written together, so that several missing stages may come in one step and in any order.
    """
    by_key: dict[str, dict[int, Any]] = {}
    for number, key, value in cells:
        by_key.setdefault(key, {})[number] = value
    dated = [
        (number, DATED_STAGES[key], value)
        for key in by_key
        if key in DATED_STAGES
        for number, value in by_key[key].items()
    ]
    if dated:
        put_events(connection, dated)
    keys = [key for key in sorted(by_key, key=_place) if key not in DATED_STAGES]
    with together(connection, project):
        for key in keys:
            if key not in _AFTERWARDS:
                own.write_column(connection, ROOM, key, list(by_key[key].items()), field=field_of(key))
    for key in keys:
        if key in _AFTERWARDS:
            own.write_column(connection, ROOM, key, list(by_key[key].items()), field=field_of(key))
    if any("@" in key for key in keys):
        splits.refuse_excess(connection, cells)


def _place(key: str) -> int:
    """In the order of the fields: the investor before its credit code, the origin before what follows from it."""
    places = {field.key: place for place, field in enumerate(PROJECT_FIELDS)}
    return places.get(key.partition("@")[0], len(places))


def move(
    connection: Connection,
    ids: Sequence[int],
    stage: str,
    *,
    on: str | None,
    also: Mapping[str, str] | None = None,
    reason: str | None = None,
) -> None:
    """Move projects to a stage on a day (None: not known); `also` gives days of stages missing on the way.

    Moving back takes the later stages away (history keeps them). Refused, naming it, where a needed stage is missing.
    """
    events = events_of(connection, ids)
    cells: list[tuple[int, str, str | None]] = []
    for number in ids:
        missing = rules.missing_before(stage, {*events[number], *(also or {})})
        if missing:
            raise Refused(fields={"stage": rules.cannot_be(stage, missing)})
        cells += [(number, later, None) for later in later_than(stage) if later in events[number]]
        cells += [(number, other, day) for other, day in (also or {}).items() if order(other) < order(stage)]
        if on is not None or stage not in events[number]:
            cells.append((number, stage, on or UNKNOWN))
    put_events(connection, cells, reason=reason)
    if reason is not None:  # of a move back, where no event is new
        _note(connection, ids, stage, reason=reason)


def give_evidence(connection: Connection, number: int, stage: str, evidence: str | None) -> None:
    """What proves that a project reached a stage; None: to be handed in later."""
    _note(connection, [number], stage, evidence=(evidence or "").strip() or None)


def _note(connection: Connection, ids: Sequence[int], stage: str, **notes: str | None) -> None:
    of = stage_event.c
    for some in bulk.chunks(list(ids)):
        connection.execute(update(stage_event).where(of.project.in_(some), of.stage == stage).values(**notes))


def plan(connection: Connection, number: int, stage: str, on: str | None) -> None:
    """The day a stage of a project is planned for; None: no plan."""
    writing.planned(stage)(connection, [(number, on)])


def set_status(
    connection: Connection, ids: Sequence[int], status: str, *, on: str | None, reason: str | None = None
) -> None:
    """Put projects on hold, take them up again, or let them go, from a day on."""
    rows = [(number, status, on, reason) for number in ids]
    bulk.insert(connection, status_event, ("project", "status", "happened_on", "reason"), rows)
    for some in bulk.chunks(list(ids)):
        connection.execute(update(project).where(project.c.id.in_(some)).values(status=status))


def add_progress(connection: Connection, number: int, text: str, *, on: str, author: str | None = None) -> int:
    """A new entry of the log."""
    if not text.strip():
        raise Refused(fields={"progress": _("Write what happened.")})
    row = (number, on, text.strip(), author)
    return bulk.insert(connection, progress_entry, ("project", "on_day", "text", "author"), [row])[0]


def add_investment(
    connection: Connection,
    number: int,
    kind: str,
    *,
    on: str,
    amount: int,
    currency: str = CNY,
    recognised_on: str | None = None,
) -> int:
    """A capital increase or a supplementary agreement (`increase`, `supplement`) and what it adds, in hundredths."""
    columns = ("project", "kind", "happened_on", "recognised_on", "amount", "currency")
    row = (number, kind, on, recognised_on, amount, currency)
    return bulk.insert(connection, investment_event, columns, [row])[0]


def add_activity(
    connection: Connection, kind: str, *, on: str, leads: Sequence[int] = (), **facts: str | int | None
) -> int:
    """A promotion activity (`outbound`, `received`, `promotion`) and the projects whose leads it found."""
    (number,) = bulk.take_ids(connection, activity, 1)
    connection.execute(activity.insert().values(id=number, kind=kind, on_day=on, **facts))
    bulk.insert(connection, activity_lead, ("activity", "project"), [(number, lead) for lead in leads])
    return number


def delete_projects(connection: Connection, ids: Sequence[int]) -> None:
    """Delete projects with everything that belongs to them; undo brings all of it back."""
    for forget in METADATA.info.get("forget_projects", ()):  # what rooms above keep of them
        forget(connection, ids)
    for some in bulk.chunks(list(ids)):
        for table in CHILDREN:
            connection.execute(delete(table).where(table.c.project.in_(some)))
        own.delete_values(connection, ROOM, some)
        attachments.remove_all(connection, ROOM, some)
        connection.execute(delete(project).where(project.c.id.in_(some)))


def set_target(connection: Connection, year: int, figure: str, value: int, *, unit: int | None = None) -> None:
    """The target of a year for a figure, of the district or of a unit: counts as they are, money in hundredths."""
    unit_is = target.c.unit.is_(None) if unit is None else target.c.unit == unit
    same = (target.c.year == year) & (target.c.figure == figure) & unit_is
    if connection.scalar(select(target.c.id).where(same)) is None:
        connection.execute(target.insert().values(unit=unit, year=year, figure=figure, value=value))
    else:
        connection.execute(update(target).where(same).values(value=value))


def publish(
    connection: Connection,
    month: str,
    figure: str,
    value: int,
    *,
    cumulative: bool = True,
    unit: int | None = None,
    source: str | None = None,
) -> None:
    """What was published of a month (since January where `cumulative`), before the book existed or beside it."""
    row = {"month": month, "figure": figure, "value": value, "cumulative": int(cumulative), "unit": unit}
    connection.execute(published_figure.insert().values(source=source, **row))


def set_rate(connection: Connection, currency: str, from_day: str, rate: int) -> None:
    """What one unit of a currency is worth from a day on, in 10⁻⁶ yuan (7.1234 → 7,123,400)."""
    same = (exchange_rate.c.currency == currency) & (exchange_rate.c.from_day == from_day)
    if connection.scalar(select(exchange_rate.c.id).where(same)) is None:
        connection.execute(exchange_rate.insert().values(currency=currency, from_day=from_day, rate=rate))
    else:
        connection.execute(update(exchange_rate).where(same).values(rate=rate))
