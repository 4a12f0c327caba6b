"""Blocks of cells of projects: what `db/core/block.py` must know of the room, writing what was checked, names to choose."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, select

from db.companies.models import company
from db.companies.queries import known_companies
from db.companies.rules import plain_company
from db.core import bulk, listing, settings
from db.core.block import Change, Checked, Rules
from db.core.fields import Field, Link, Words
from db.core.reading import Stored
from db.core.saving import Blocks
from db.core.text import Text, _
from db.people.models import DEPARTMENT, person, unit
from db.people.queries import find_unit, leaders, names_of_units, plain_name, units
from db.projects import rules
from db.projects.adding import add_projects
from db.projects.fields import COMPANY_FACTS, DATED_STAGES
from db.projects.models import project
from db.projects.service import delete_projects, set_values
from db.projects.stages import later_than
from db.projects.standing import UNKNOWN, events_of

_NAMES, _COMPANIES = 200, 2_000
_NEVER_EMPTY: Mapping[str, Text] = {
    "name": _("A project needs a name."),
    "stage": _("A project is always at some stage."),
    "status": _("A project always has a status."),
    "progress": _("Progress is a log; an entry is added, never emptied."),
}


# --- links -----------------------------------------------------------------------------------------------------------


def links(connection: Connection, one: Field, names: Collection[str]) -> dict[str, str]:
    """Names as written → the names that the linked records have, by present, former and short names."""
    assert isinstance(one.kind, Link)
    if one.kind.table == unit.name:
        return _units(connection, names)
    if one.kind.table == person.name:
        known = set(connection.scalars(select(person.c.name)))
        return {name: plain_name(name) for name in names if plain_name(name) in known}
    return _companies(connection, names)


def _units(connection: Connection, names: Collection[str]) -> dict[str, str]:
    district = settings.get(connection, "district.name")
    known = names_of_units(connection, district)
    called = {row.id: row.name for row in connection.execute(select(unit.c.id, unit.c.name))}
    numbers = {name: find_unit(known, name, district) for name in names}
    return {name: called[number] for name, number in numbers.items() if number is not None}


def _companies(connection: Connection, names: Collection[str]) -> dict[str, str]:
    plain = {name: plain_company(name) for name in names}
    known = known_companies(connection, plain.values(), ()).by_name
    ids = {name: known[bare] for name, bare in plain.items() if bare in known}
    called: dict[int, str] = {}
    for some in bulk.chunks(sorted(set(ids.values()))):
        query = select(company.c.id, company.c.name).where(company.c.id.in_(some))
        called |= {row.id: row.name for row in connection.execute(query)}
    return {name: called[number] for name, number in ids.items()}


# --- what cannot be --------------------------------------------------------------------------------------------------


def refuse(
    connection: Connection, changes: Sequence[Change], new: Sequence[Mapping[str, Stored]]
) -> list[tuple[int, str, Text]]:
    """The cells that the room's rules refuse: (place in the changes and then the new rows, field key, why)."""
    found: list[tuple[int, str, Text]] = []
    for place, (_number, key, value) in enumerate(changes):
        if key in _NEVER_EMPTY and (value is None or not str(value).strip()):
            found.append((place, key, _NEVER_EMPTY[key]))
        elif key in rules.MONEY and isinstance(value, int) and value < 0:
            found.append((place, key, rules.refused_amounts({key: [value]})[0][key]))
    found += _gaps(connection, changes)
    found += _ownerless(connection, changes)
    for at, row in enumerate(new):
        if not str(row.get("name") or "").strip():
            found.append((len(changes) + at, "name", _NEVER_EMPTY["name"]))
        for wrong in rules.refused_amounts({key: [value] for key, value in row.items()}).values():
            found += [(len(changes) + at, key, why) for key, why in wrong.items()]
    return found


def _gaps(connection: Connection, changes: Sequence[Change]) -> list[tuple[int, str, Text]]:
    """Days of stages without the stage that must come before; all cells of a project count together."""
    touched = {
        number: place for place, (number, key, _value) in enumerate(changes) if key in DATED_STAGES or key == "stage"
    }
    if not touched:
        return []
    events = events_of(connection, sorted(touched))
    for number, key, value in changes:
        if key in DATED_STAGES:
            events[number].pop(DATED_STAGES[key], None)
            if value is not None:
                events[number][DATED_STAGES[key]] = str(value)
    for number, key, value in changes:
        if key == "stage" and value is not None:
            events[number].setdefault(str(value), UNKNOWN)
            for later in later_than(str(value)):
                events[number].pop(later, None)
    wrong = {number: rules.gap(reached) for number, reached in events.items()}
    return [(touched[number], changes[touched[number]][1], why) for number, why in wrong.items() if why is not None]


def _ownerless(connection: Connection, changes: Sequence[Change]) -> list[tuple[int, str, Text]]:
    """Facts of the investor of projects that have none, and get none in the same block."""
    wanted = [(place, number, key) for place, (number, key, value) in enumerate(changes)
              if key in COMPANY_FACTS and value is not None]  # fmt: skip
    given = {number: value for number, key, value in changes if key == "investor"}
    owned: set[int] = set()
    for some in bulk.chunks(sorted({number for _place, number, _key in wanted})):
        owned |= set(
            connection.scalars(select(project.c.id).where(project.c.id.in_(some), project.c.investor.is_not(None)))
        )
    why = _("Name the investor first.")
    return [(place, key, why) for place, number, key in wanted if not given.get(number, number in owned)]


RULES = Rules(project, links, refuse, frozenset({"people"}), "remarks")


# --- writing ---------------------------------------------------------------------------------------------------------


def write(connection: Connection, checked: Checked) -> list[int]:
    """Write what a checked block changes and adds; gives the ids of new projects."""
    if checked.changes:
        set_values(connection, checked.changes)
    return add_projects(connection, checked.new) if checked.new else []


def named(connection: Connection, checked: Checked, fields: Sequence[Field]) -> Text:
    """What changing these cells is called: the project and the fields, or the fields and how many projects."""
    labels = {one.key: one.label for one in fields}
    said = [labels[key] for key in dict.fromkeys(key for _number, key, _value in checked.changes) if key in labels][:4]
    ids = list(dict.fromkeys(number for number, _key, _value in checked.changes))
    if len(ids) == 1:
        return _("Change “{name}”: {fields}", name=names_of(connection, ids).get(ids[0], ""), fields=said)
    return _("Change {fields} of {count} projects", fields=said, count=len(ids))


def names_of(connection: Connection, numbers: Sequence[int]) -> dict[int, str]:
    """Id → name, of the projects that are still there."""
    found: dict[int, str] = {}
    for some in bulk.chunks(list(numbers)):
        query = select(project.c.id, project.c.name).where(project.c.id.in_(some))
        found |= {row.id: row.name for row in connection.execute(query)}
    return found


# --- names to choose from --------------------------------------------------------------------------------------------


def suggestions(connection: Connection, one: Field) -> list[str]:
    """What an editor proposes: units in 建制顺序, leaders in 领导排序, newest companies, frequent words."""
    kind: Any = one.kind
    if isinstance(kind, Link) and kind.table == unit.name:
        known = units(connection)
        if one.key == "street":
            return [found.name for found in known if found.kind != DEPARTMENT]
        return [found.name for found in sorted(known, key=lambda found: found.kind != DEPARTMENT)]
    if isinstance(kind, Link) and kind.table == person.name:
        first = [found.name for found in leaders(connection)]
        others = connection.scalars(select(person.c.name).where(person.c.is_leader == 0).order_by(person.c.position))
        return list(dict.fromkeys([*first, *others]))
    if isinstance(kind, Link):
        return list(connection.scalars(select(company.c.name).order_by(company.c.id.desc()).limit(_COMPANIES)))
    if isinstance(kind, Words) and not kind.long and not kind.identifier and one.key != "name" and one.read is not None:
        values = [str(value) for value, _count in listing.values(connection, project, one, limit=_NAMES) if value]
        return list(dict.fromkeys(tag for value in values for tag in tags_of(value))) if kind.tags else values
    return []


def tags_of(text: str) -> list[str]:
    """The tags of a cell: 高企、专精特新 are two."""
    return [
        tag
        for part in text.replace("，", "、").replace(",", "、").replace("；", "、").split("、")
        if (tag := part.strip())
    ]


BLOCKS = Blocks(RULES, write, named, suggestions, delete_projects)
