"""What people do with units and persons."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Select, Table, delete, func, select, update

from db.core import bulk, settings
from db.core.errors import Refused
from db.core.text import _
from db.core.updating import update_column
from db.people.models import DEPARTMENT, PARK, STREET, UNIT_KIND, ZONE, person, person_term, unit, unit_name
from db.people.queries import find_unit, names_of_people, names_of_units, plain_name, plain_person


def add_unit(
    connection: Connection,
    name: str,
    *,
    kind: str,
    short_name: str | None = None,
    former: Sequence[str] = (),
    position: int | None = None,
) -> int:
    """Add a unit at the end of 建制顺序 (or at `position`). A name that is taken is refused."""
    name = plain_name(name)
    if not name:
        raise Refused(fields={"name": _("A unit needs a name.")})
    if connection.scalar(select(unit.c.id).where(unit.c.name == name)) is not None:
        raise Refused(fields={"name": _("There is already a unit called {name}.", name=name)})
    place = position if position is not None else _after_last(connection, unit)
    (new,) = bulk.take_ids(connection, unit, 1)
    connection.execute(unit.insert().values(id=new, name=name, short_name=short_name, kind=kind, position=place))
    for old in former:
        connection.execute(unit_name.insert().values(unit=new, name=plain_name(old)))
    return new


def rename_unit(connection: Connection, number: int, name: str, *, on: str | None = None) -> None:
    """Give a unit a new name; the old one is kept, so that old ledgers still find it."""
    old = connection.scalar(select(unit.c.name).where(unit.c.id == number))
    if old is None:
        raise Refused(_("There is no such unit."))
    name = plain_name(name)
    if name == old:
        return
    if connection.scalar(select(unit.c.id).where(unit.c.name == name)) is not None:
        raise Refused(fields={"name": _("There is already a unit called {name}.", name=name)})
    connection.execute(unit_name.insert().values(unit=number, name=old, until=on))
    connection.execute(update(unit).where(unit.c.id == number).values(name=name))


def set_unit(connection: Connection, number: int, *, short_name: str | None, kind: str, former: Sequence[str]) -> None:
    """Short name, kind and former names of a unit, as they are from now on."""
    if kind not in {key for key, _label in UNIT_KIND.options}:
        raise Refused(fields={"kind": _("There is no such kind of unit.")})
    short = plain_name(short_name or "") or None
    connection.execute(update(unit).where(unit.c.id == number).values(short_name=short, kind=kind))
    wanted = [name for name in dict.fromkeys(map(plain_name, former)) if name]
    known = {row.name: row.id for row in connection.execute(_names(number))}
    for name in wanted:
        if name not in known:
            connection.execute(unit_name.insert().values(unit=number, name=name))
    gone = [known[name] for name in known if name not in wanted]
    if gone:
        connection.execute(delete(unit_name).where(unit_name.c.id.in_(gone)))


def _names(number: int) -> Select[Any]:
    return select(unit_name.c.id, unit_name.c.name).where(unit_name.c.unit == number)


def set_person(connection: Connection, number: int, *, name: str, title: str | None, is_leader: bool) -> None:
    """Name and post of a person, and whether one of the leaders."""
    name = plain_name(name)
    if not name:
        raise Refused(fields={"name": _("A person needs a name.")})
    changed = {"name": name, "title": (title or "").strip() or None, "is_leader": int(is_leader)}
    connection.execute(update(person).where(person.c.id == number).values(changed))


def set_term(
    connection: Connection, number: int, *, since: str | None, until: str | None, title: str | None = None
) -> None:
    """The newest term of a person: from a day to a day, both included; none at all where both are None."""
    if since and until and until < since:
        raise Refused(fields={"until": _("A term cannot end before it begins.")})
    of = person_term.c
    newest = select(of.id).where(of.person == number).order_by(of.since.desc().nulls_last(), of.id.desc()).limit(1)
    known = connection.scalar(newest)
    if known is None and (since or until):
        connection.execute(person_term.insert().values(person=number, since=since, until=until, title=title))
    elif known is not None and (since or until):
        connection.execute(update(person_term).where(of.id == known).values(since=since, until=until))
    elif known is not None:
        connection.execute(delete(person_term).where(of.id == known))


def merge_unit(connection: Connection, number: int, into: int) -> None:
    """A unit becomes part of another; its names then mean that one. Records keep the unit they name."""
    if number == into:
        raise Refused(_("A unit cannot become part of itself."))
    connection.execute(update(unit).where(unit.c.id == number).values(merged_into=into))
    connection.execute(update(unit).where(unit.c.merged_into == number).values(merged_into=into))


def reorder_units(connection: Connection, ids: Sequence[int]) -> None:
    """Put units into this order (建制顺序)."""
    update_column(connection, unit, "position", [(number, place) for place, number in enumerate(ids, 1)])


def reorder_people(connection: Connection, ids: Sequence[int]) -> None:
    """Put people into this order (领导排序)."""
    update_column(connection, person, "position", [(number, place) for place, number in enumerate(ids, 1)])


def add_person(
    connection: Connection,
    name: str,
    *,
    title: str | None = None,
    unit_id: int | None = None,
    phone: str | None = None,
    is_leader: bool = False,
) -> int:
    """Add a person at the end of the order."""
    (new,) = bulk.take_ids(connection, person, 1)
    row = {
        "id": new,
        "name": plain_name(name),
        "title": title,
        "unit": unit_id,
        "phone": phone,
        "is_leader": int(is_leader),
        "position": _after_last(connection, person),
    }
    connection.execute(person.insert().values(row))
    return new


def unit_ids(connection: Connection, names: Iterable[str], *, kind: str = DEPARTMENT) -> dict[str, int]:
    """Name as written → id, for many names at once; a unit nobody knows is added at the end of the order.

    kind: what an unknown unit is; for places the name says whether it is a street, a park or the zone.
    """
    district = settings.get(connection, "district.name")
    known = names_of_units(connection, district)
    found: dict[str, int] = {}
    new: dict[str, list[str]] = {}
    for name in dict.fromkeys(names):
        number = find_unit(known, name, district)
        if number is not None:
            found[name] = number
        elif plain_name(name):
            new.setdefault(plain_name(name), []).append(name)
    if new:
        ids = bulk.take_ids(connection, unit, len(new))
        place = _after_last(connection, unit)
        rows = [
            (number, name, kind if kind == DEPARTMENT else place_kind(name), place + at)
            for at, (number, name) in enumerate(zip(ids, new, strict=True))
        ]
        bulk.write(connection, unit, ("id", "name", "kind", "position"), rows)
        found |= {written: number for number, name in zip(ids, new, strict=True) for written in new[name]}
    return found


def person_ids(connection: Connection, names: Iterable[str], *, is_leader: bool = False) -> dict[str, int]:
    """Name as written → id, for many names at once; the first of the order where two share a name."""
    known = names_of_people(connection)
    wanted = {
        name: plain if (plain := plain_name(name)) in known else plain_person(name) for name in dict.fromkeys(names)
    }
    new = [name for name in dict.fromkeys(wanted.values()) if name and name not in known]
    if new:
        ids = bulk.take_ids(connection, person, len(new))
        place = _after_last(connection, person)
        rows = [
            (number, name, int(is_leader), place + at) for at, (number, name) in enumerate(zip(ids, new, strict=True))
        ]
        bulk.write(connection, person, ("id", "name", "is_leader", "position"), rows)
        known |= dict(zip(new, ids, strict=True))
    return {written: known[name] for written, name in wanted.items() if name}


def place_kind(name: str) -> str:
    """What kind of place a name means: 开发区 → zone, 园/基地 → park, anything else a street or town."""
    if "开发区" in name or "高新区" in name or "经开区" in name:
        return ZONE
    return PARK if name.endswith(("园", "园区", "产业园", "基地", "港")) else STREET


def _after_last(connection: Connection, table: Table) -> int:
    return (connection.scalar(select(func.max(table.c.position))) or 0) + 1
