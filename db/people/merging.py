"""Two entries that are one: every record that names the one names the other from then on, in one operation.

Which tables name a unit or a person is read from the foreign keys, so that a room that comes later needs nothing here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import Column, Connection, Table, delete, func, select, update

from db.core.errors import Refused
from db.core.tables import METADATA
from db.core.text import Text, _
from db.people.models import person, person_name, unit
from db.people.service import merge_unit


def links_to(table: Table) -> Iterator[Column[int]]:
    """Every column of the book that names a record of this table."""
    for other in METADATA.sorted_tables:
        for column in other.columns:
            if any(key.column is table.c.id for key in column.foreign_keys):
                yield column


def refuse_named(
    connection: Connection, table: Table, ids: Sequence[int], why: Text, *, beside: frozenset[str] = frozenset()
) -> None:
    """Refuse, with {name} and {count}, what other records name. beside: columns (table.column) that go along with it."""
    for column in links_to(table):
        if f"{column.table.name}.{column.name}" in beside:
            continue
        named = connection.execute(
            select(table.c.name, func.count()).join(table, table.c.id == column)
            .where(column.in_(ids)).group_by(table.c.name).limit(1)
        ).one_or_none()  # fmt: skip
        if named is not None:
            raise Refused(why(name=named[0], count=f"{named[1]:,}"))


def join_units(connection: Connection, gone: Sequence[int], into: int) -> int:
    """Units that are one under several names: their records move to `into`, their names stay known. Gives how many."""
    _require(connection, unit, (*gone, into))
    if into in gone:
        raise Refused(_("A unit cannot become part of itself."))
    moved = sum(_move(connection, unit, one, into) for one in gone)
    for one in gone:
        merge_unit(connection, one, into)
    return moved


def join_people(connection: Connection, gone: Sequence[int], into: int) -> int:
    """People who are one under several names: their records move, the other names are kept. Gives how many moved."""
    _require(connection, person, (*gone, into))
    if into in gone:
        raise Refused(_("A person cannot become another one's double."))
    moved = 0
    for one in gone:
        name = connection.scalar(select(person.c.name).where(person.c.id == one))
        moved += _move(connection, person, one, into)
        connection.execute(person_name.insert().values(person=into, name=name))
        connection.execute(delete(person).where(person.c.id == one))
    return moved


def _require(connection: Connection, table: Table, ids: Sequence[int]) -> None:
    found = set(connection.scalars(select(table.c.id).where(table.c.id.in_(list(ids)))))
    if len(found) != len(set(ids)):
        raise Refused(_("One of the entries is gone; nothing was changed. Look at the list again."))


def _move(connection: Connection, table: Table, gone: int, into: int) -> int:
    moved = 0
    for column in links_to(table):
        if column.table is unit and column.name == "merged_into":
            continue
        changed = update(column.table).where(column == gone).values({column.name: into})
        moved += connection.execute(changed).rowcount
    return moved
