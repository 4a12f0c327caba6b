"""A copy of the book with some of its rooms: what the others hold is not in it, neither now nor in its history.

Which tables are a room's own says `METADATA.info["apart"]` (db/rooms.py); tables of all rooms (attachments, saved views,
the book's own fields) part by the room that each line names. A room goes along with those that its records point at.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from itertools import chain

from sqlalchemy import Connection, MetaData, Table, delete, insert, select, text, update

from db.core import contents, history, triggers
from db.core.attachments import attachment
from db.core.bulk import chunks
from db.core.errors import Usage
from db.core.history import DELETED, INSERTED
from db.core.reversal import Before
from db.core.tables import METADATA, is_tracked
from db.core.text import _

Ids = dict[str, set[int]]


def rooms(schema: MetaData = METADATA) -> Mapping[str, tuple[str, ...]]:
    """The rooms that a copy may be without, each with its own tables."""
    found: Mapping[str, tuple[str, ...]] = schema.info.get("apart", {})
    return found


def along(wanted: Collection[str], schema: MetaData = METADATA) -> frozenset[str]:
    """The rooms that go along with these: those too that their records point at. Raises `Usage` where there is no such."""
    known, found = rooms(schema), set(wanted)
    strange = sorted(found - known.keys())
    if strange:
        raise Usage(_("There is no room “{name}”; there are: {known}.", name=strange[0], known=list(known)))
    of = {table: room for room, tables in known.items() for table in tables}
    before: set[str] = set()
    while before != found:
        before = set(found)
        for name in chain.from_iterable(known[room] for room in before):
            keys = (key for column in schema.tables[name].columns for key in column.foreign_keys)
            found |= {of[key.column.table.name] for key in keys if key.column.table.name in of}
    return frozenset(found)


def empty(connection: Connection, left: Collection[str], schema: MetaData) -> None:
    """Take what these rooms hold out of a file, history and contents included. VACUUM it afterwards."""
    gone = _held(connection, schema, left, None)
    whole = _tables(left, schema)
    for table in reversed(schema.sorted_tables):
        if table.name not in gone:
            continue
        triggers.drop(connection, table.name)
        if table.name in whole:
            connection.execute(delete(table))
        else:
            for some in chunks(sorted(gone[table.name])):
                connection.execute(delete(table).where(table.c.id.in_(list(some))))
        triggers.make(connection, table)
    _forget(connection, schema, whole, {name: ids for name, ids in gone.items() if name not in whole})
    attached = [str(cells["hash"]) for _number, cells in _deleted(connection, schema, attachment, None)]
    contents.keep_only(connection, {*attached, *connection.scalars(select(attachment.c.hash))})


def without(
    connection: Connection, changed: Mapping[str, Before], left: Collection[str], schema: MetaData = METADATA
) -> tuple[dict[str, Before], dict[str, int]]:
    """What a book changed but for what these rooms hold; and room → how many records of it that leaves out."""
    if not left:
        return dict(changed), {}
    whole, gone = _tables(left, schema), _held(connection, schema, left, changed)
    counted = {room: sum(len(changed[name].ids()) for name in rooms(schema)[room] if name in changed) for room in left}
    rest: dict[str, Before] = {}
    for name, before in changed.items():
        if name not in whole:
            ids = gone.get(name, set())
            cells = {number: one for number, one in before.cells.items() if number not in ids}
            rest[name] = Before(before.absent - ids, cells, before.gone - ids)
    return rest, {room: count for room, count in counted.items() if count}


def _tables(left: Collection[str], schema: MetaData) -> frozenset[str]:
    return frozenset(chain.from_iterable(rooms(schema)[room] for room in left))


def _held(
    connection: Connection, schema: MetaData, left: Collection[str], changed: Mapping[str, Before] | None
) -> Ids:  # fmt: skip
    """Table → the records of it that belong to these rooms, those too that were deleted; of tables of one room: none.

    changed: among these alone, else among everything that ever was.
    """
    whole = _tables(left, schema)
    named = {room for room, table in schema.info.get("rooms_tables", {}).items() if table in whole}
    found: Ids = {name: set() for name in whole}
    for table in schema.sorted_tables:
        if table.name in whole or not is_tracked(table):
            continue
        by = {column.name: found[key.column.table.name] for column in table.columns for key in column.foreign_keys
              if not column.nullable and found.get(key.column.table.name)}  # fmt: skip
        wanted: Mapping[str, Collection[str | int]] = {"room": named} if "room" in table.columns else by
        for column, values in wanted.items():
            some = {number for part in chunks(sorted(values)) for number in connection.scalars(
                select(table.c.id).where(table.c[column].in_(list(part))))}  # fmt: skip
            some |= {
                number for number, cells in _deleted(connection, schema, table, changed) if cells.get(column) in values
            }
            if some:
                found.setdefault(table.name, set()).update(some)
    return found


def _deleted(
    connection: Connection, schema: MetaData, table: Table, changed: Mapping[str, Before] | None
) -> Iterable[tuple[int, Mapping[str, object]]]:
    if changed is not None:
        return changed.get(table.name, Before()).cells.items()
    _operation, change = history.tables(schema)
    query = select(change.c.first_id, change.c.old).where(change.c.tbl == table.name, change.c.kind == DELETED)
    return ((row.first_id, json.loads(row.old)) for row in connection.execute(query))


def _forget(connection: Connection, schema: MetaData, whole: Collection[str], some: Ids) -> None:
    """The history of whole tables, and of single records of others: a range of new ones keeps the rest of itself."""
    _operation, change = history.tables(schema)
    retired = schema.tables["retired_value"]
    for table in (change, retired):
        connection.execute(delete(table).where(table.c.tbl.in_(sorted(whole))))
    doomed: list[int] = []
    parted: dict[int, list[tuple[int, int]]] = {}
    for one in history.changes(connection, schema, start=0, tbls=sorted(some)):
        rest = _runs(set(range(one.first_id, one.last_id + 1)) - some[one.tbl])
        if not rest:
            doomed.append(one.id)
        elif one.kind == INSERTED and rest != [(one.first_id, one.last_id)]:
            parted[one.id] = rest
    for part in chunks(doomed):
        connection.execute(delete(change).where(change.c.id.in_(list(part))))
    for name, ids in some.items():
        for part in chunks(sorted(ids)):
            connection.execute(delete(retired).where(retired.c.tbl == name, retired.c.row_id.in_(list(part))))
    step = max(map(len, parted.values()), default=1)
    if step > 1:
        _make_room(connection, step)
    for number, rest in parted.items():
        row = connection.execute(select(change).where(change.c.id == number * step)).one()
        first, *others = rest
        connection.execute(update(change).where(change.c.id == row.id).values(first_id=first[0], last_id=first[1]))
        for at, (low, high) in enumerate(others, 1):
            cells = {"id": row.id + at, "tbl": row.tbl, "kind": row.kind, "first_id": low, "last_id": high}
            connection.execute(insert(change).values(cells))
    following = {
        "next": history.next_change(connection, schema)
    }  # what was last may be gone, and its numbers come again
    for name, column in (("operation", "first_change"), ("added_column", "before_change")):
        connection.execute(text(f"UPDATE {name} SET {column} = :next WHERE {column} > :next"), following)


def _make_room(connection: Connection, step: int) -> None:
    """Number the changes `step` apart, so that one can become several in its place."""
    for by in (-step, -1):  # past each other: a number that is still taken would be refused
        connection.execute(text("UPDATE change SET id = id * :by"), {"by": by})
    connection.execute(text("UPDATE operation SET first_change = first_change * :by"), {"by": step})
    connection.execute(text("UPDATE added_column SET before_change = before_change * :by"), {"by": step})


def _runs(ids: Collection[int]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for number in sorted(ids):
        if found and number == found[-1][1] + 1:
            found[-1] = found[-1][0], number
        else:
            found.append((number, number))
    return found
