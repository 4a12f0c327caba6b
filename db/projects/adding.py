"""New projects, many at once: what an import, a paste and the form hand in becomes rows of the right tables.

A row is cell key → stored value: a field's key, `paid_in_reported@2024-06`, or `own:<heading>`; links travel as names.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import cache
from itertools import compress
from typing import Any

from sqlalchemy import Connection, Table

from db.companies.models import company
from db.companies.service import FACTS, company_ids
from db.core import bulk, own, settings
from db.core.deferring import indexes_afterwards
from db.core.errors import Refused
from db.core.text import _
from db.people.models import DEPARTMENT, STREET
from db.people.service import person_ids, unit_ids
from db.projects import rules
from db.projects.fields import COMPANY_FACTS, DATED_STAGES, PLANNED_STAGES, RECOGNITIONS
from db.projects.models import (
    ACTIVE,
    CNY,
    monthly_amount,
    planned_date,
    progress_entry,
    project,
    recognition,
    stage_event,
    status_event,
)
from db.projects.stages import later_than, order
from db.projects.standing import Events, Standing, standing
from db.projects.writing import currency_of, written_on

Row = Mapping[str, Any]

ROOM = "projects"
_UNITS = {"street": STREET, "department": DEPARTMENT, "reported_by": DEPARTMENT}
_MADE = {"name", "investor", "path", "status", "currency", "source_kind", "leader", *_UNITS, *Standing._fields}
_FILLED = (project, recognition, planned_date, monthly_amount, progress_entry, company)


def add_projects(connection: Connection, rows: Sequence[Row]) -> list[int]:
    """Add projects; gives their ids in the order of the rows. Only the name is asked for.

    Unknown units, people and companies are added. A stage given without a day is reached on a day not known, and so is
    the signing of a project that has started: the day can be supplied later.
    """
    if any(not str(row.get("name") or "").strip() for row in rows):
        raise Refused(fields={"name": _("A project needs a name.")})
    present = sorted(set().union(*rows)) if rows else []
    for row in rows if not rules.MONEY.isdisjoint(present) else ():
        wrong = rules.refused_amounts(row)
        if wrong:
            raise Refused(fields=wrong)
    events = events_of_rows(rows, present)
    with indexes_afterwards(connection, _FILLED, len(rows)):
        ids = bulk.take_ids(connection, project, len(rows))
        _write_projects(connection, ids, rows, events, present)
        reached = ((n, stage, day) for n, found in zip(ids, events, strict=True) for stage, day in found.items())
        bulk.insert(connection, stage_event, ("project", "stage", "happened_on"), list(reached))
        _write_children(connection, ids, rows, present)
    return list(ids)


def events_of_rows(rows: Sequence[Row], present: Collection[str]) -> list[Events]:
    """The stage events that the cells of new projects amount to: stage → day, None where the day is not known."""
    dated = [(key, stage) for key, stage in DATED_STAGES.items() if key in present]
    recognised = [(key, where[0]) for key, where in RECOGNITIONS.items() if key in present]
    return [_events(row, dated, recognised) for row in rows]


def _events(row: Row, dated: Sequence[tuple[str, str]], recognised: Sequence[tuple[str, str]]) -> Events:
    events: dict[str, str | None] = {stage: day for key, stage in dated if (day := row.get(key))}
    for key, stage in recognised:
        if stage not in events and row.get(key) is not None:
            events[stage] = None
    said = row.get("stage")
    if said and events.keys().isdisjoint(later_than(said)):
        events.setdefault(said, None)
    if not events:
        return {"negotiating": None}
    for missing in _missing(tuple(events)):
        events.setdefault(missing, None)
    return events


@cache
def _missing(reached: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(missing for stage in sorted(reached, key=order) for missing in rules.missing_before(stage, reached))


def _write_projects(
    connection: Connection, ids: range, rows: Sequence[Row], events: Sequence[Events], present: Sequence[str]
) -> None:
    cells: dict[str, list[Any]] = {
        key: [row.get(key) for row in rows] for key in present if key in project.c and key not in _MADE
    }
    cells["name"] = [str(row["name"]).strip() for row in rows]
    cells["investor"] = _investors(connection, rows)
    for key, kind in _UNITS.items():
        if key in present:
            known = unit_ids(connection, [row[key] for row in rows if row.get(key)], kind=kind)
            cells[key] = [known.get(row.get(key) or "") for row in rows]
    if "leader" in present:
        people = person_ids(connection, [row["leader"] for row in rows if row.get("leader")], is_leader=True)
        cells["leader"] = [people.get(row.get("leader") or "") for row in rows]
    if "contact" in present:
        _split_contacts(cells, rows)
    cells["source_kind"] = _source_kinds(connection, rows)
    cells["currency"] = [row.get("currency") or CNY for row in rows]
    cells["status"] = [row.get("status") or ACTIVE for row in rows]
    cells["path"] = [row.get("path") or ("floors" if row.get("land_use") == "floors" else "land") for row in rows]
    cells |= dict(zip(Standing._fields, map(list, zip(*map(standing, events), strict=True)), strict=True))
    bulk.write_new(connection, project, ("id", *cells), zip(ids, *cells.values(), strict=True), ids=ids)


def _investors(connection: Connection, rows: Sequence[Row]) -> list[int | None]:
    pairs = [(row.get("investor") or "", row.get("credit_code")) for row in rows]
    names = {column: key for key, column in COMPANY_FACTS.items() if column in FACTS}
    facts: dict[tuple[str, str | None], dict[str, str]] = {}
    for pair, row in zip(pairs, rows, strict=True):
        said = {column: row[key] for column, key in names.items() if row.get(key)}
        if said and pair[0]:
            facts.setdefault(pair, {}).update(said)
    known = company_ids(connection, (pair for pair in pairs if pair[0]), facts)
    return [known.get(pair) for pair in pairs]


def _split_contacts(cells: dict[str, list[Any]], rows: Sequence[Row]) -> None:
    split = [rules.split_contact(str(row.get("contact") or "")) for row in rows]
    for at, key in enumerate(("contact_name", "contact_phone")):
        given = cells.get(key) or [None] * len(rows)
        cells[key] = [value or parts[at] for value, parts in zip(given, split, strict=True)]


def _source_kinds(connection: Connection, rows: Sequence[Row]) -> list[str | None]:
    """As said, or as the place of origin says."""
    province = settings.get(connection, "district.province")
    places = {row.get("source_place") for row in rows}
    known = {place: rules.source_kind(place, province) for place in places}
    return [row.get("source_kind") or known[row.get("source_place")] for row in rows]


def _write_children(connection: Connection, ids: range, rows: Sequence[Row], present: Sequence[str]) -> None:
    """What stands in tables of its own: recognitions, plans, months, progress, status, the book's own fields."""
    numbered = list(zip(ids, rows, strict=True))
    _write_recognitions(connection, numbered, present)
    for key, stage in PLANNED_STAGES.items():
        if key in present:
            _put(connection, planned_date, numbered, key, {"stage": stage}, "planned_on")
    for key in present:
        measure, at, month = key.partition("@")
        if at:
            said = {"month": month, "measure": measure, "origin": "", "currency": currency_of(measure)}
            _put(connection, monthly_amount, numbered, key, said, "amount")
    if "progress" in present:
        _put(connection, progress_entry, numbered, "progress", {"on_day": written_on(connection)}, "text")
    changed = [(n, row["status"]) for n, row in numbered if row.get("status") and row["status"] != ACTIVE]
    bulk.insert(connection, status_event, ("project", "status"), changed)
    kept = [key for key in present if key.startswith(own.PREFIX)]
    cells = [(n, key[len(own.PREFIX) :], row.get(key)) for n, row in numbered for key in kept]
    own.add_values(connection, ROOM, cells)


def _write_recognitions(connection: Connection, numbered: Sequence[tuple[int, Row]], present: Sequence[str]) -> None:
    found: dict[tuple[str, str], dict[str, str]] = {}
    for key, (stage, level, column) in RECOGNITIONS.items():
        if key in present:
            found.setdefault((stage, level), {})[column] = key
    columns = ("recognised_on", "number", "amount")
    for (stage, level), keys in found.items():
        values = [[row.get(keys[c]) if c in keys else None for c in columns] for _number, row in numbered]
        said = [any(value is not None for value in some) for some in values]
        lines = [(n, stage, level, *some) for (n, _row), some in zip(numbered, values, strict=True)]
        bulk.insert(connection, recognition, ("project", "stage", "level", *columns), list(compress(lines, said)))


def _put(
    connection: Connection, table: Table, numbered: Sequence[tuple[int, Row]], key: str, said: Row, column: str
) -> None:
    """One row of `table` for each project that has a value under `key`."""
    rows = [(n, *said.values(), row[key]) for n, row in numbered if row.get(key) not in (None, "")]
    bulk.insert(connection, table, ("project", *said, column), rows)
