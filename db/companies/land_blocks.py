"""Blocks of cells of sites and of carriers: what `db/core/block.py` must know of them, writing, names to choose."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table, func, select

from db.companies.blocks import links as links_of_places
from db.companies.land import (
    CARRIERS,
    SITES,
    add_carrier,
    add_site,
    carrier_ids,
    carriers_named,
    delete_carriers,
    delete_sites,
    plain_carrier,
    wrong_carrier,
    wrong_site,
)
from db.companies.land_fields import CARRIER_FIELDS, SITE_FIELDS
from db.companies.models import carrier, company, company_site
from db.companies.queries import called_companies
from db.companies.service import company_ids
from db.core import listing, own
from db.core.block import Change, Checked, Rules
from db.core.errors import Refused
from db.core.fields import Field, Link
from db.core.reading import Stored
from db.core.saving import Blocks
from db.core.text import Text, _
from db.people.models import DEPARTMENT, STREET
from db.people.queries import units
from db.people.service import unit_ids

_NAMES = 400
_TAKEN = _("Another carrier has this name.")


def links(connection: Connection, one: Field, names: Collection[str]) -> Mapping[str, str]:
    """Names as written → the names that the companies, carriers and places have."""
    assert isinstance(one.kind, Link)
    if one.kind.table == company.name:
        return called_companies(connection, names)
    if one.kind.table == carrier.name:
        known = carriers_named(connection, names)
        return {name: plain_carrier(name) for name in known}
    return links_of_places(connection, one, names)


def _wholes(
    connection: Connection, table: Table, fields: Sequence[Field], changes: Sequence[Change],
    new: Sequence[Mapping[str, Stored]],
) -> Iterable[tuple[Mapping[str, Any], Mapping[str, int], int]]:  # fmt: skip
    """Each record as it would be, the places of its changed cells (a new one's is one for all), its id (0 of a new one)."""
    touched: dict[int, dict[str, tuple[int, Stored]]] = {}
    for place, (number, key, value) in enumerate(changes):
        touched.setdefault(number, {})[key] = (place, value)
    wanted = [one for one in fields if one.write is not None]
    for row in listing.rows(connection, table, wanted, list(touched)):
        cells = touched[row[0]]
        now = dict(zip([one.key for one in wanted], row[1:], strict=True))
        yield (
            now | {key: value for key, (_at, value) in cells.items()},
            {k: at for k, (at, _v) in cells.items()},
            row[0],
        )
    for at, given in enumerate(new):
        yield given, dict.fromkeys([one.key for one in wanted], len(changes) + at), 0


def refuse_sites(
    connection: Connection, changes: Sequence[Change], new: Sequence[Mapping[str, Stored]]
) -> list[tuple[int, str, Text]]:
    """The cells that cannot be (place, field key, why)."""
    return [
        (at.get(key, next(iter(at.values()))), key, why)
        for values, at, _number in _wholes(connection, company_site, SITE_FIELDS, changes, new)
        for key, why in wrong_site(values).items()
    ]


def refuse_carriers(
    connection: Connection, changes: Sequence[Change], new: Sequence[Mapping[str, Stored]]
) -> list[tuple[int, str, Text]]:
    """As of sites; and a name that another carrier has."""
    found: list[tuple[int, str, Text]] = []
    seen: set[str] = set()
    for values, at, number in _wholes(connection, carrier, CARRIER_FIELDS, changes, new):
        wrong = wrong_carrier(values)
        name = str(values.get("name") or "")
        other = carriers_named(connection, [name]).get(name, number) if "name" in at else number
        if not wrong and (name in seen or other != number):
            wrong = {"name": _TAKEN}
        seen.add(name)
        found += [(at.get(key, next(iter(at.values()))), key, why) for key, why in wrong.items()]
    return found


def set_values(
    connection: Connection, room: str, fields: Sequence[Field], cells: Sequence[tuple[int, str, Any]]
) -> None:
    """Set single cells: (id, field key, stored value)."""
    by_key: dict[str, list[tuple[int, Any]]] = {}
    for number, key, value in cells:
        by_key.setdefault(key, []).append((number, value))
    known = {one.key: one for one in fields}
    for key, pairs in by_key.items():
        own.write_column(connection, room, key, pairs, field=known.get(key))


def add_sites(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """New sites, their companies and carriers by name; those nobody knows are added."""
    named = [str(row[key]) for row in rows for key in ("company", "party") if row.get(key)]
    companies = company_ids(connection, [(name, None) for name in named])
    carriers = carrier_ids(connection, [str(row["carrier"]) for row in rows if row.get("carrier")])
    added = []
    for row in rows:
        facts = {key: row.get(key) for key in ("place", "since", "until", "remarks")}
        facts["party"] = companies.get((str(row.get("party") or ""), None))
        facts["carrier"] = carriers.get(str(row.get("carrier") or ""))
        number = companies.get((str(row.get("company") or ""), None), 0)
        added.append(add_site(connection, number, row.get("kind") or "", area=row.get("area") or 0, **facts))
    _add_own(connection, SITES, SITE_FIELDS, rows, added)
    return added


def put_site(connection: Connection, values: Mapping[str, Any], number: int = 0) -> int:
    """Add a site, by the keys of `SITE_FIELDS`, or change one (`number`). Raises `Refused` by key where it cannot be so."""
    if not number:
        if wrong := wrong_site(values):
            raise Refused(fields=wrong)  # before a company or carrier is added for it
        return add_sites(connection, [values])[0]
    changes = [(number, key, value) for key, value in values.items()]
    wrong = {key: why for _place, key, why in refuse_sites(connection, changes, ())}
    if wrong:
        raise Refused(fields=wrong)
    set_values(connection, SITES, SITE_FIELDS, changes)
    return number


def add_carriers(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """New carriers, their places by name."""
    places = unit_ids(connection, [str(row["street"]) for row in rows if row.get("street")], kind=STREET)
    added = []
    for row in rows:
        facts = {key: row.get(key) for key in ("kind", "place", "floor_area", "land", "remarks")}
        facts["street"] = places.get(str(row.get("street") or ""))
        added.append(add_carrier(connection, str(row.get("name") or ""), **facts))
    _add_own(connection, CARRIERS, CARRIER_FIELDS, rows, added)
    return added


def _add_own(
    connection: Connection, room: str, fields: Sequence[Field], rows: Sequence[Mapping[str, Any]], ids: Sequence[int]
) -> None:
    said = [
        (number, key, value)
        for number, row in zip(ids, rows, strict=True)
        for key, value in row.items()
        if key.startswith(own.PREFIX) and value is not None
    ]
    set_values(connection, room, fields, said)


def write_sites(connection: Connection, checked: Checked) -> list[int]:
    """Write what a checked block changes and adds; gives the ids of new sites."""
    set_values(connection, SITES, SITE_FIELDS, checked.changes)
    return add_sites(connection, checked.new)


def write_carriers(connection: Connection, checked: Checked) -> list[int]:
    """The same of carriers."""
    set_values(connection, CARRIERS, CARRIER_FIELDS, checked.changes)
    return add_carriers(connection, checked.new)


def _said(checked: Checked, fields: Sequence[Field]) -> tuple[list[int], list[Text]]:
    labels = {one.key: one.label for one in fields}
    keys = dict.fromkeys(key for _number, key, _value in checked.changes)
    ids = list(dict.fromkeys(number for number, _key, _value in checked.changes))
    return ids, [labels[key] for key in keys if key in labels][:4]


def named_sites(connection: Connection, checked: Checked, fields: Sequence[Field]) -> Text:
    """What changing these cells is called: the company and the fields, or the fields and how many sites."""
    ids, said = _said(checked, fields)
    if not ids:
        return _("Add {count} sites", count=len(checked.new))
    whose = select(company.c.name).join(company_site, company_site.c.company == company.c.id)
    names = connection.scalars(whose.where(company_site.c.id.in_(ids[:_NAMES])).distinct().limit(2)).all()
    if len(names) == 1:
        return _("Change sites of “{name}”: {fields}", name=names[0], fields=said)
    return _("Change {fields} of {count} sites", fields=said, count=len(ids))


def named_carriers(connection: Connection, checked: Checked, fields: Sequence[Field]) -> Text:
    """The same of carriers."""
    ids, said = _said(checked, fields)
    if not ids:
        return _("Add {count} carriers", count=len(checked.new))
    if len(ids) == 1:
        name = connection.scalar(select(carrier.c.name).where(carrier.c.id == ids[0])) or ""
        return _("Change “{name}”: {fields}", name=name, fields=said)
    return _("Change {fields} of {count} carriers", fields=said, count=len(ids))


def suggestions(connection: Connection, one: Field) -> list[str]:
    """What an editor proposes: companies that have sites first, carriers, places in 建制顺序, words that are there often."""
    kind = one.kind
    if isinstance(kind, Link) and kind.table == company.name:
        known = company.c.id.in_(select(company_site.c.company))
        return list(connection.scalars(select(company.c.name).order_by(known.desc(), company.c.name).limit(_NAMES)))
    if isinstance(kind, Link) and kind.table == carrier.name:
        return list(connection.scalars(select(carrier.c.name).order_by(func.length(carrier.c.name)).limit(_NAMES)))
    if isinstance(kind, Link):
        return [found.name for found in units(connection) if found.kind != DEPARTMENT]
    return []


SITE_BLOCKS = Blocks(
    Rules(company_site, links, refuse_sites, frozenset({"companies", "carriers"}), "remarks"),
    write_sites, named_sites, suggestions, delete_sites,
)  # fmt: skip
CARRIER_BLOCKS = Blocks(
    Rules(carrier, links, refuse_carriers, frozenset({"people"}), "remarks"),
    write_carriers, named_carriers, suggestions, delete_carriers,
)  # fmt: skip
