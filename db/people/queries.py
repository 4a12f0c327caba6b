"""Finding units and people by what a ledger calls them, and listing them in their order."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from db.people.models import person, unit, unit_name

_SUFFIX = re.compile(r"(街道办事处|街道办|街道|乡人民政府|镇人民政府|乡政府|镇政府|镇|乡)$")
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True)
class Unit:
    """A department, street, park or development zone."""

    id: int
    name: str
    short_name: str | None
    kind: str
    position: int

    @property
    def short(self) -> str:
        """What tables call it."""
        return self.short_name or self.name


@dataclass(frozen=True)
class Person:
    """Somebody who leads or works."""

    id: int
    name: str
    title: str | None
    unit: int | None
    is_leader: bool


def plain_name(name: str) -> str:
    """A name without blanks and full-width forms, as it is compared."""
    return _SPACE.sub("", unicodedata.normalize("NFKC", name)).strip("、,;；，。")


def loose_name(name: str, district: str = "") -> str:
    """A unit's name without the district before it and without 街道 after it: 庐阳区杏林街道 → 杏林."""
    bare = plain_name(name)
    if district and bare.startswith(district) and len(bare) > len(district):
        bare = bare[len(district) :]
    elif bare.startswith("区") and len(bare) > 2:
        bare = bare[1:]
    shorter = _SUFFIX.sub("", bare)
    return shorter if len(shorter) > 1 else bare


def units(connection: Connection, kinds: Sequence[str] | None = None) -> list[Unit]:
    """The units that still exist, in 建制顺序."""
    query = select(unit.c.id, unit.c.name, unit.c.short_name, unit.c.kind, unit.c.position).where(
        unit.c.merged_into.is_(None)
    )
    if kinds is not None:
        query = query.where(unit.c.kind.in_(kinds))
    return [Unit(*row) for row in connection.execute(query.order_by(unit.c.position, unit.c.id))]


def leaders(connection: Connection) -> list[Person]:
    """The leaders in 领导排序."""
    query = select(person.c.id, person.c.name, person.c.title, person.c.unit, person.c.is_leader)
    query = query.where(person.c.is_leader == 1).order_by(person.c.position, person.c.id)
    return [Person(row.id, row.name, row.title, row.unit, bool(row.is_leader)) for row in connection.execute(query)]


def names_of_units(connection: Connection, district: str = "") -> dict[str, int]:
    """Every name by which a unit is known → its id; a merged unit leads to the one it became part of.

    Full, short and former names win over names shortened by `loose_name`, and a shortened name that two units share
    finds neither.
    """
    rows = connection.execute(select(unit.c.id, unit.c.name, unit.c.short_name, unit.c.merged_into)).all()
    target = {row.id: row.merged_into or row.id for row in rows}
    said = [(row.id, name) for row in rows for name in (row.name, row.short_name) if name]
    said += [(row.unit, row.name) for row in connection.execute(select(unit_name.c.unit, unit_name.c.name))]
    loose: dict[str, set[int]] = {}
    for found, name in said:
        loose.setdefault(loose_name(name, district), set()).add(target[found])
    known = {name: next(iter(ids)) for name, ids in loose.items() if len(ids) == 1}
    known.update({plain_name(name): target[found] for found, name in said})
    return known


def find_unit(known: dict[str, int], name: str, district: str = "") -> int | None:
    """The id of the unit a ledger calls `name`, from `names_of_units`; None where there is none."""
    exact = known.get(plain_name(name))
    return exact if exact is not None else known.get(loose_name(name, district))
