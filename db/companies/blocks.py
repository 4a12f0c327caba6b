"""Blocks of cells of companies: what `db/core/block.py` must know of the room, writing what was checked, names to choose."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, select

from db.companies.fields import COMPANY_FIELDS
from db.companies.models import company
from db.companies.queries import known_companies
from db.companies.rules import credit_code_warning, plain_code, plain_company
from db.companies.service import ROOM, add_company, delete_companies
from db.core import listing, own, settings
from db.core.block import Change, Checked, Rules
from db.core.fields import Field, Link, Words
from db.core.reading import Stored
from db.core.saving import Blocks
from db.core.text import Text, _
from db.people.models import DEPARTMENT, unit
from db.people.queries import find_unit, names_of_units, units

_NAMELESS = _("A company needs a name.")
_NAMES = 200


def links(connection: Connection, one: Field, names: Collection[str]) -> dict[str, str]:
    """Names of places as written → the names that they have, by present, former and short names."""
    district = settings.get(connection, "district.name")
    known = names_of_units(connection, district)
    called = {row.id: row.name for row in connection.execute(select(unit.c.id, unit.c.name))}
    numbers = {name: find_unit(known, name, district) for name in names}
    return {name: called[number] for name, number in numbers.items() if number is not None}


def refuse(
    connection: Connection, changes: Sequence[Change], new: Sequence[Mapping[str, Stored]]
) -> list[tuple[int, str, Text]]:
    """The cells that cannot be: no name, a name or credit code that another company has (place, field key, why)."""
    cells = [(place, number, key, value) for place, (number, key, value) in enumerate(changes)]
    cells += [
        (len(changes) + at, 0, key, row.get(key)) for at, row in enumerate(new) for key in ("name", "credit_code")
    ]
    names = {plain_company(str(value or "")) for _at, _number, key, value in cells if key == "name"}
    codes = {code for _at, _number, key, value in cells if key == "credit_code" and (code := plain_code(_text(value)))}
    known = known_companies(connection, names - {""}, codes)
    found: list[tuple[int, str, Text]] = []
    seen: set[tuple[str, str]] = set()
    for place, number, key, value in cells:
        plain = plain_company(str(value or "")) if key == "name" else plain_code(_text(value))
        if key == "name" and not plain:
            found.append((place, key, _NAMELESS))
        elif key in ("name", "credit_code") and plain:
            other = (known.by_name if key == "name" else known.by_code).get(plain, number)
            if other != number or (key, plain) in seen:
                found.append((place, key, _TAKEN[key]))
            seen.add((key, plain))
    return found


_TAKEN: Mapping[str, Text] = {
    "name": _("Another company has this name, or had it; where the two are one, merge them."),
    "credit_code": _("Another company has this credit code; where the two are one, merge them."),
}


def _text(value: Stored) -> str | None:
    return None if value is None else str(value)


def doubts(changes: Sequence[Change], new: Sequence[Mapping[str, Stored]]) -> list[tuple[int, str, Text]]:
    """Credit codes that fail their checksum: a slip of the pen mostly, and sometimes right."""
    cells = [(place, value) for place, (_number, key, value) in enumerate(changes) if key == "credit_code"]
    cells += [(len(changes) + at, row.get("credit_code")) for at, row in enumerate(new)]
    told = [(place, credit_code_warning(_text(value))) for place, value in cells]
    return [(place, "credit_code", why) for place, why in told if why is not None]


RULES = Rules(company, links, refuse, frozenset({"people"}), "remarks", doubts)


def set_values(connection: Connection, cells: Sequence[tuple[int, str, Any]]) -> None:
    """Set single cells: (id of a company, field key, stored value)."""
    by_key: dict[str, dict[int, Any]] = {}
    for number, key, value in cells:
        by_key.setdefault(key, {})[number] = value
    known = {one.key: one for one in COMPANY_FIELDS}
    for key, values in by_key.items():
        own.write_column(connection, ROOM, key, list(values.items()), field=known.get(key))


def write(connection: Connection, checked: Checked) -> list[int]:
    """Write what a checked block changes and adds; gives the ids of new companies."""
    set_values(connection, checked.changes)
    added: list[int] = []
    for row in checked.new:
        number = add_company(connection, str(row["name"]), credit_code=_text(row.get("credit_code")))
        set_values(
            connection, [(number, key, value) for key, value in row.items() if key not in ("name", "credit_code")]
        )
        added.append(number)
    return added


def named(connection: Connection, checked: Checked, fields: Sequence[Field]) -> Text:
    """What changing these cells is called: the company and the fields, or the fields and how many companies."""
    labels = {one.key: one.label for one in fields}
    said = [labels[key] for key in dict.fromkeys(key for _number, key, _value in checked.changes) if key in labels][:4]
    ids = list(dict.fromkeys(number for number, _key, _value in checked.changes))
    if not ids:
        return _("Add {count} companies", count=len(checked.new))
    if len(ids) == 1:
        name = connection.scalar(select(company.c.name).where(company.c.id == ids[0])) or ""
        return _("Change “{name}”: {fields}", name=name, fields=said)
    return _("Change {fields} of {count} companies", fields=said, count=len(ids))


def suggestions(connection: Connection, one: Field) -> list[str]:
    """What an editor proposes: places in 建制顺序, words and tags that are there often."""
    if isinstance(one.kind, Link):
        return [found.name for found in units(connection) if found.kind != DEPARTMENT]
    if isinstance(one.kind, Words) and not one.kind.long and not one.kind.identifier and one.key != "name":
        values = [str(value) for value, _count in listing.values(connection, company, one, limit=_NAMES) if value]
        return list(dict.fromkeys(tag for value in values for tag in value.split("、"))) if one.kind.tags else values
    return []


BLOCKS = Blocks(RULES, write, named, suggestions, delete_companies)
