"""Blocks of cells of companies' years: what `db/core/block.py` must know of the room, writing, names to choose."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import Connection, delete, select

from db.companies.models import company
from db.companies.queries import called_companies
from db.companies.rules import plain_company
from db.core import attachments, bulk, columns, own
from db.core.block import Change, Checked, Rules
from db.core.fields import Field, Link, Whole
from db.core.progress import SILENT
from db.core.reading import Stored
from db.core.saving import Blocks
from db.core.text import Text, _
from db.per_mu import rules, sheet
from db.per_mu.models import WHOLE_YEAR, adjustment, company_year, metric

_NAMES = 400
_IDENTITY = ("company", "year", "half")
_TWICE = _("The company has this year already; change it there.")


def links(connection: Connection, one: Field, names: Collection[str]) -> dict[str, str]:
    """Names of companies as written → the names that they have now, by present and former names."""
    return called_companies(connection, names)


def refuse(
    connection: Connection, changes: Sequence[Change], new: Sequence[Mapping[str, Stored]]
) -> list[tuple[int, str, Text]]:
    """The cells that cannot be: below zero, no year, a company whose year is there already (place, field key, why)."""
    cells = [(place, key, value) for place, (_number, key, value) in enumerate(changes)]
    cells += [(len(changes) + at, key, value) for at, row in enumerate(new) for key, value in row.items()]
    found = [
        (place, key, why)
        for place, key, value in cells
        if isinstance(value, int)
        for why in rules.refused({key: value}).values()
    ]
    found += [
        (place, "year", rules.no_year(value))
        for place, key, value in cells
        if key == "year" and not (isinstance(value, int) and rules.is_year(value))
    ]
    for at, row in enumerate(new):
        if not str(row.get("company") or "").strip():
            found.append((len(changes) + at, "company", _("The name of the company is missing.")))
        if "year" not in row:
            found.append((len(changes) + at, "year", _("The year is missing.")))
    return found or _twice(connection, changes, new)


def _twice(
    connection: Connection, changes: Sequence[Change], new: Sequence[Mapping[str, Stored]]
) -> list[tuple[int, str, Text]]:
    """Years that are there already, of the same company."""
    moved: dict[int, dict[str, tuple[int, Stored]]] = {}
    for place, (number, key, value) in enumerate(changes):
        if key in _IDENTITY:
            moved.setdefault(number, {})[key] = (place, value)
    if not moved and not new:
        return []
    entries = {_mark(row["company"], row["year"], row["half"]): row["id"] for row in sheet.existing(connection)}
    marks = {number: mark for mark, number in entries.items()}
    found: list[tuple[int, str, Text]] = []
    for number, cells in moved.items():
        said = [cells[key][1] if key in cells else marks[number][at] for at, key in enumerate(_IDENTITY)]
        if entries.get(_mark(*said), number) != number:
            key = next(iter(cells))
            found.append((cells[key][0], key, _TWICE))
    for at, row in enumerate(new):
        mark = _mark(row.get("company"), row.get("year"), row.get("half"))
        if mark in entries:
            found.append((len(changes) + at, "year", _TWICE))
        entries[mark] = 0
    return found


def _mark(name: Stored, year: Stored, half: Stored) -> tuple[str, int, int]:
    return plain_company(str(name or "")), int(year or 0), int(half or WHOLE_YEAR)


RULES = Rules(company_year, links, refuse, frozenset({"companies"}), "remarks")


def write(connection: Connection, checked: Checked) -> list[int]:
    """Write what a checked block changes and adds; gives the ids of new years."""
    fields = {one.key: one for one in sheet.PER_MU_SHEET.fields}
    moved: dict[str, list[tuple[int, Stored]]] = {}
    for number, key, value in checked.changes:
        if key in _IDENTITY:
            moved.setdefault(key, []).append((number, value))
    for key, pairs in moved.items():
        put = fields[key].write
        assert put is not None, key
        put(connection, pairs)
    sheet.update(connection, [one for one in checked.changes if one[1] not in _IDENTITY])
    return sheet.insert(connection, columns.of_rows(checked.new), SILENT) if checked.new else []


def named(connection: Connection, checked: Checked, fields: Sequence[Field]) -> Text:
    """What changing these cells is called: the company and the fields, or the fields and how many of them."""
    labels = {one.key: one.label for one in fields}
    said = [labels[key] for key in dict.fromkeys(key for _number, key, _value in checked.changes) if key in labels][:4]
    ids = list(dict.fromkeys(number for number, _key, _value in checked.changes))
    if not ids:
        return _("Add the metrics of {count} companies", count=len(checked.new))
    if len(ids) == 1:
        query = select(company.c.name, company_year.c.year).join(company, company.c.id == company_year.c.company)
        name, year = connection.execute(query.where(company_year.c.id == ids[0])).one()
        return _("Change “{name}” of {year}: {fields}", name=name, year=year, fields=said)
    return _("Change {fields} of {count} companies", fields=said, count=len(ids))


def suggestions(connection: Connection, one: Field) -> list[str]:
    """What an editor proposes: companies that have metrics first; the years that are there, the newest first."""
    if isinstance(one.kind, Link) and one.kind.room == "companies":
        has_years = company.c.id.in_(select(company_year.c.company))
        query = select(company.c.name).order_by(has_years.desc(), company.c.name).limit(_NAMES)
        return list(connection.scalars(query))
    if one.key == "year" and isinstance(one.kind, Whole):
        years = select(company_year.c.year).distinct().order_by(company_year.c.year.desc())
        return [str(year) for year in connection.scalars(years)]
    return []


def delete_years(connection: Connection, ids: Sequence[int]) -> None:
    """Delete companies' years with their data and adjustments; results of evaluations that were kept stay."""
    for some in bulk.chunks(list(ids)):
        for table in (metric, adjustment):
            connection.execute(delete(table).where(table.c.entry.in_(some)))
        own.delete_values(connection, sheet.ROOM, some)
        attachments.remove_all(connection, sheet.ROOM, some)
        connection.execute(delete(company_year).where(company_year.c.id.in_(some)))


BLOCKS = Blocks(RULES, write, named, suggestions, delete_years)
