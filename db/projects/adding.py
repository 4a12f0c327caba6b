"""New projects, many at once: what an import, a paste and the form hand in becomes rows of the right tables.

A row is cell key → stored value: a field's key, `paid_in_reported@2024-06`, or `own:<heading>`; links travel as names.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import Connection, Table

from db.companies.models import company
from db.companies.service import FACTS, company_ids
from db.core import bulk, own, settings
from db.core.columns import Columns, of_rows, size
from db.core.deferring import indexes_afterwards
from db.core.errors import Refused
from db.core.progress import SILENT, Progress
from db.core.text import _
from db.people.models import DEPARTMENT, STREET
from db.people.service import person_ids, unit_ids
from db.projects import rules, splits
from db.projects.fields import COMPANY_FACTS, PLANNED_STAGES, RECOGNITIONS
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
from db.projects.reached import Reached
from db.projects.standing import Standing
from db.projects.writing import currency_of, written_on

Row = Mapping[str, Any]

ROOM = "projects"
_UNITS = {"street": STREET, "department": DEPARTMENT, "reported_by": DEPARTMENT}
_MADE = {"name", "investor", "path", "status", "currency", "source_kind", "leader", *_UNITS, *Standing._fields}
_FILLED = (project, recognition, planned_date, monthly_amount, progress_entry, company, own.own_value)
_INVESTOR = ("investor", "credit_code")
_PARTS = _("Writing stages, amounts and progress")
_TOLD_EVERY = 2_000
_Line = TypeVar("_Line")


def add_projects(connection: Connection, rows: Sequence[Row]) -> list[int]:
    """Add projects; gives their ids in the order of the rows. Only the name is asked for."""
    return list(add_columns(connection, of_rows(rows)))


def add_columns(connection: Connection, columns: Columns, progress: Progress = SILENT) -> range:
    """Add projects that are given column by column; gives their ids in that order.

    Unknown units, people and companies are added. A stage given without a day is reached on a day not known, and so is
    the signing of a project that has started: the day can be supplied later.
    """
    count = size(columns)
    names = [str(name or "").strip() for name in columns.get("name") or [None] * count]
    if not all(names):
        raise Refused(fields={"name": _("A project needs a name.")})
    for wrong in rules.refused_amounts(columns).values():
        raise Refused(fields=wrong)
    reached = Reached(columns)
    with indexes_afterwards(connection, _FILLED, count):
        ids = bulk.take_ids(connection, project, count)
        cells = _cells(connection, columns, count) | {"name": names} | reached.standings()
        rows = zip(ids, *cells.values(), strict=True)
        bulk.write_new(connection, project, ("id", *cells), _told(rows, count, progress), ids=ids)
        del cells
        _write_children(connection, ids, columns, reached, lambda: progress.step(count, count, _PARTS))
    return ids


def _told(rows: Iterable[_Line], count: int, progress: Progress) -> Iterator[_Line]:
    walk = iter(rows)
    for done in range(0, count, _TOLD_EVERY):
        progress.step(done, count, _("Writing {done} of {total}", done=done, total=count))
        yield from islice(walk, _TOLD_EVERY)


def _cells(connection: Connection, columns: Columns, count: int) -> dict[str, Sequence[Any]]:
    """The columns of the projects' own table, links as ids."""
    cells: dict[str, Sequence[Any]] = {
        key: column for key, column in columns.items() if key in project.c and key not in _MADE
    }
    cells["investor"] = _investors(connection, columns, count)
    for key, kind in _UNITS.items():
        if key in columns:
            known: Mapping[str, int] = unit_ids(connection, filter(None, columns[key]), kind=kind)
            cells[key] = list(map(known.get, columns[key]))
    if "leader" in columns:
        known = person_ids(connection, filter(None, columns["leader"]), is_leader=True)
        cells["leader"] = list(map(known.get, columns["leader"]))
    if "contact" in columns:
        _split_contacts(cells, columns["contact"])
    cells["source_kind"] = _source_kinds(connection, columns, count)
    cells["currency"] = [said or CNY for said in columns.get("currency") or [CNY] * count]
    cells["status"] = [said or ACTIVE for said in columns.get("status") or [ACTIVE] * count]
    land, path = (columns.get(key) or [None] * count for key in ("land_use", "path"))
    cells["path"] = [said or ("floors" if use == "floors" else "land") for said, use in zip(path, land, strict=True)]
    return cells


def _investors(connection: Connection, columns: Columns, count: int) -> list[int | None]:
    nothing = [None] * count
    pairs = [(name or "", code) for name, code in zip(*(columns.get(key) or nothing for key in _INVESTOR), strict=True)]
    facts: dict[tuple[str, str | None], dict[str, str]] = {}
    for key, column in COMPANY_FACTS.items():
        if column in FACTS and key in columns:
            for pair, value in zip(pairs, columns[key], strict=True):
                if value and pair[0]:
                    facts.setdefault(pair, {})[column] = value
    known = company_ids(connection, (pair for pair in pairs if pair[0]), facts)
    return list(map(known.get, pairs))


def _split_contacts(cells: dict[str, Sequence[Any]], contacts: Sequence[Any]) -> None:
    split = {contact: rules.split_contact(str(contact or "")) for contact in set(contacts)}
    for at, key in enumerate(("contact_name", "contact_phone")):
        given = cells.get(key) or [None] * len(contacts)
        cells[key] = [value or split[contact][at] for value, contact in zip(given, contacts, strict=True)]


def _source_kinds(connection: Connection, columns: Columns, count: int) -> list[str | None]:
    """As said, or as the place of origin says."""
    province = settings.get(connection, "district.province")
    said, places = (columns.get(key) or [None] * count for key in ("source_kind", "source_place"))
    known = {place: rules.source_kind(place, province) for place in set(places)}
    return [kind or known[place] for kind, place in zip(said, places, strict=True)]


def _write_children(
    connection: Connection, ids: range, columns: Columns, reached: Reached, tell: Callable[[], None]
) -> None:
    """What stands in tables of its own: events, recognitions, plans, months, progress, status, the book's own fields."""
    tell()
    bulk.insert(connection, stage_event, ("project", "stage", "happened_on"), reached.events(ids), count=reached.count)
    _write_recognitions(connection, ids, columns, tell)
    for key, stage in PLANNED_STAGES.items():
        if key in columns:
            tell()
            _put(connection, planned_date, ids, columns[key], {"stage": stage}, "planned_on")
    columns = splits.unsplit(columns)
    for key in columns:
        measure, at, month = key.partition("@")
        if at:
            tell()
            measure, origin = splits.kept_as(measure)
            said = {"month": month, "measure": measure, "origin": origin, "currency": currency_of(measure)}
            _put(connection, monthly_amount, ids, columns[key], said, "amount")
    if "progress" in columns:
        tell()
        _put(connection, progress_entry, ids, columns["progress"], {"on_day": written_on(connection)}, "text")
    status = columns.get("status") or ()
    changed = [(number, said) for number, said in zip(ids, status) if said and said != ACTIVE]  # noqa: B905 - or none
    bulk.insert(connection, status_event, ("project", "status"), changed)
    for key in columns:
        if key.startswith(own.PREFIX):
            tell()
            label = key[len(own.PREFIX) :]
            own.add_values(connection, ROOM, label, zip(ids, columns[key], strict=True))


def _write_recognitions(connection: Connection, ids: range, columns: Columns, tell: Callable[[], None]) -> None:
    found: dict[tuple[str, str], dict[str, str]] = {}
    for key, (stage, level, column) in RECOGNITIONS.items():
        if key in columns:
            found.setdefault((stage, level), {})[column] = key
    for (stage, level), keys in found.items():
        tell()
        values = zip(*(columns[key] for key in keys.values()), strict=True)
        rows = [(n, stage, level, *some) for n, some in zip(ids, values, strict=True) if some.count(None) < len(some)]
        bulk.insert(connection, recognition, ("project", "stage", "level", *keys), rows)


def _put(
    connection: Connection, table: Table, ids: range, values: Sequence[Any], said: Mapping[str, Any], column: str
) -> None:
    """One row of `table` for each project that has a value."""
    same = tuple(said.values())
    rows = [(n, *same, value) for n, value in zip(ids, values, strict=True) if value is not None and value != ""]
    bulk.insert(connection, table, ("project", *said, column), rows)
