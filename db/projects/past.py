"""The values that one fact of a project had over time, from the history that is kept of every change."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Table, select

from db.core import history, moments
from db.core.fields import Field, Link
from db.core.history import Change
from db.core.tables import METADATA
from db.core.text import Text, text_from_json
from db.projects.fields import DATED_STAGES, PLANNED_STAGES, PROJECT_FIELDS, RECOGNITIONS
from db.projects.models import planned_date, project, recognition, stage_event
from db.projects.standing import UNKNOWN


@dataclass(frozen=True)
class Was:
    """A fact from a moment on. value: stored (a link's name), '' for "reached, day not known", None for nothing."""

    at: dt.datetime
    actor: str
    label: Text
    value: Any


@dataclass(frozen=True)
class _Place:
    """Where a fact is kept: a column of the row of a table that `match` tells."""

    table: Table
    column: str
    match: Mapping[str, Any]


def _place(key: str, number: int) -> _Place | None:
    if key in DATED_STAGES:
        return _Place(stage_event, "happened_on", {"project": number, "stage": DATED_STAGES[key]})
    if key in PLANNED_STAGES:
        return _Place(planned_date, "planned_on", {"project": number, "stage": PLANNED_STAGES[key]})
    if key in RECOGNITIONS:
        stage, level, column = RECOGNITIONS[key]
        return _Place(recognition, column, {"project": number, "stage": stage, "level": level})
    return _Place(project, key, {"id": number}) if key in project.c else None


def traceable() -> tuple[Field, ...]:
    """The facts whose values over time can be told, in the order of the form."""
    return tuple(one for one in PROJECT_FIELDS if _place(one.key, 0) is not None)


def past(connection: Connection, number: int, field: Field) -> tuple[Was, ...]:
    """The values of a fact of the project `number`, the present one first."""
    place = _place(field.key, number)
    if place is None:
        return ()
    now, rows = _rows(connection, place)
    found: list[tuple[Change, int]] = []
    for row in rows:
        found += history.record_changes(connection, METADATA, place.table.name, row)
    told: dict[int, Any] = {}
    for change, operation in sorted(found, key=lambda one: one[0].id, reverse=True):
        before = _before(change, place.column, now)
        if before != now:
            told.setdefault(operation, now)
        now = before
    named = _names(connection, field, told.values())
    return tuple(_said(connection, operation, named.get(value, value)) for operation, value in told.items())


def _rows(connection: Connection, place: _Place) -> tuple[Any, list[int]]:
    """The value as it is, and every record that ever held it: the present one and those that were taken away."""
    table = place.table
    same = [table.c[name] == value for name, value in place.match.items()]
    row = connection.execute(select(table.c.id, table.c[place.column]).where(*same)).one_or_none()
    ids = [] if row is None else [row[0]]
    if "project" in place.match:
        _operation, change = history.tables(METADATA)
        query = select(change.c.first_id, change.c.old).where(
            change.c.tbl == table.name,
            change.c.kind == history.DELETED,
            change.c.old.like(f'%"project":{place.match["project"]},%'),
        )
        for gone in connection.execute(query):
            old = json.loads(gone.old)
            if all(old.get(name) == value for name, value in place.match.items()):
                ids.append(gone.first_id)
    return (None if row is None else _kept(table, row[1])), list(dict.fromkeys(ids))


def _before(change: Change, column: str, now: Any) -> Any:
    """What stood there before a change, where `now` stood there after it."""
    if change.kind == history.INSERTED:
        return None
    old = json.loads(change.old or "{}")
    return _kept(METADATA.tables[change.tbl], old[column]) if column in old else now


def _kept(table: Table, value: Any) -> Any:
    """A stage event without a day is not nothing: it happened."""
    return UNKNOWN if value is None and table is stage_event else value


def _names(connection: Connection, field: Field, values: Any) -> dict[Any, Any]:
    if not isinstance(field.kind, Link):
        return {}
    table = METADATA.tables[field.kind.table]
    wanted = [value for value in values if value is not None]
    query = select(table.c.id, table.c.name).where(table.c.id.in_(wanted))
    return {row.id: row.name for row in connection.execute(query)}


def _said(connection: Connection, number: int, value: Any) -> Was:
    operation, _change = history.tables(METADATA)
    row = connection.execute(
        select(operation.c.at, operation.c.actor, operation.c.label).where(operation.c.number == number)
    ).one()
    where = moments.zone(connection, METADATA)
    return Was(history.from_micros(row.at).astimezone(where), row.actor, text_from_json(row.label), value)
