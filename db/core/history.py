"""What is remembered of every change: the two untracked tables, and reading them (HISTORY.md).

The tables keep what is; the history keeps what was. `operation` has one row a write, numbered in commit order;
`change` has what the triggers recorded: for an insert the ids, for an update the previous values of the changed
columns, for a delete the whole previous row.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Column, Connection, MetaData, Table, exists, func, select

from db.core.errors import Refused
from db.core.tables import INTEGER, METADATA, untracked, whole, words
from db.core.text import Text, _, text_from_json

INSERTED, UPDATED, DELETED = "i", "u", "d"
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def history_tables(metadata: MetaData) -> None:
    """Add the untracked tables that every book has to `metadata`."""
    untracked(
        "operation",
        Column("number", INTEGER, primary_key=True, autoincrement=False),
        whole("at", null=False),
        words("actor", null=False),
        words("label", null=False),
        words("source"),
        whole("undoes"),
        whole("first_change", null=False),
        metadata=metadata,
    )
    untracked(
        "change",
        Column("id", INTEGER, primary_key=True, autoincrement=True),
        words("tbl", null=False),
        words("kind", null=False),
        whole("first_id", null=False),
        whole("last_id", null=False),
        words("old"),
        metadata=metadata,
    )
    untracked("book_fact", Column("name", words("x").type, primary_key=True), words("value"), metadata=metadata)
    untracked(
        "added_column",
        Column("id", INTEGER, primary_key=True, autoincrement=True),
        words("tbl", null=False),
        words("name", null=False),
        words("default_json", null=False),
        whole("before_change", null=False),
        metadata=metadata,
    )
    untracked(
        "retired_value",
        Column("id", INTEGER, primary_key=True, autoincrement=True),
        words("tbl", null=False),
        words("name", null=False),
        whole("row_id", null=False),
        words("value_json"),
        metadata=metadata,
    )


history_tables(METADATA)


@dataclass(frozen=True)
class Operation:
    """One write, as a person reads it. `at` is an aware UTC time; `rows` is how many records it touched."""

    number: int
    at: dt.datetime
    actor: str
    label: Text
    source: str | None
    undoes: int | None
    undone_by: int | None
    rows: int


@dataclass(frozen=True)
class Change:
    """One recorded change of one record, or of a range of inserted ones."""

    id: int
    tbl: str
    kind: str
    first_id: int
    last_id: int
    old: str | None


def micros(moment: dt.datetime) -> int:
    """An aware time as whole microseconds since 1970, the form in which `operation.at` is stored."""
    delta = moment.astimezone(dt.UTC) - _EPOCH
    return (delta.days * 86_400 + delta.seconds) * 1_000_000 + delta.microseconds


def from_micros(stored: int) -> dt.datetime:
    """The aware UTC time of a stored `operation.at`."""
    return _EPOCH + dt.timedelta(microseconds=stored)


def tables(metadata: MetaData) -> tuple[Table, Table]:
    """The `operation` and `change` tables of a schema."""
    return metadata.tables["operation"], metadata.tables["change"]


def last_operation(connection: Connection, metadata: MetaData) -> tuple[int, int]:
    """Number and time of the newest operation; (0, 0) in a book without any."""
    operation, _change = tables(metadata)
    row = connection.execute(select(operation.c.number, operation.c.at).order_by(operation.c.number.desc()).limit(1))
    found = row.one_or_none()
    return (found.number, found.at) if found else (0, 0)


def change_range(connection: Connection, metadata: MetaData, number: int) -> tuple[int, int | None]:
    """First change id of an operation, and the first of the next one (None when it is the last)."""
    operation, _change = tables(metadata)
    first = connection.scalar(select(operation.c.first_change).where(operation.c.number == number))
    if first is None:
        raise Refused(_("There is no operation {number} in this book.", number=number))
    following = connection.scalar(select(func.min(operation.c.first_change)).where(operation.c.number > number))
    return first, following


def changes(
    connection: Connection, metadata: MetaData, *, start: int, end: int | None = None, tbls: Sequence[str] | None = None
) -> Iterator[Change]:
    """The recorded changes with start ≤ id < end, oldest first, without holding them all in memory."""
    _operation, change = tables(metadata)
    query = select(change).where(change.c.id >= start).order_by(change.c.id)
    if end is not None:
        query = query.where(change.c.id < end)
    if tbls is not None:
        query = query.where(change.c.tbl.in_(list(tbls)))
    for row in connection.execute(query.execution_options(yield_per=5000)):
        yield Change(*row)


def next_change(connection: Connection, metadata: MetaData) -> int:
    """The id that the next recorded change will be at least."""
    _operation, change = tables(metadata)
    return (connection.scalar(select(func.max(change.c.id))) or 0) + 1


def operations(
    connection: Connection, metadata: MetaData, *, limit: int | None = None, number: int | None = None
) -> list[Operation]:
    """Operations, newest first, with what undid them and how many records they touched."""
    operation, change = tables(metadata)
    end = func.lead(operation.c.first_change, 1, 2**62).over(order_by=operation.c.number)
    bounds = select(operation, end.label("end_change")).subquery("bounds")
    counted = (
        select(func.coalesce(func.sum(change.c.last_id - change.c.first_id + 1), 0))
        .where(change.c.id >= bounds.c.first_change, change.c.id < bounds.c.end_change)
        .scalar_subquery()
    )
    query = select(bounds, counted.label("rows")).order_by(bounds.c.number.desc())
    if number is not None:
        query = query.where(bounds.c.number == number)
    if limit is not None:
        query = query.limit(limit)
    undone = _undone_by(
        [
            tuple(row)
            for row in connection.execute(select(operation.c.number, operation.c.undoes).order_by(operation.c.number))
        ]
    )
    return [
        Operation(
            row.number,
            from_micros(row.at),
            row.actor,
            text_from_json(row.label),
            without_folders(row.source),
            row.undoes,
            undone.get(row.number),
            int(row.rows),
        )
        for row in connection.execute(query)
    ]


def without_folders(source: str | None) -> str | None:
    """The name alone of the file or book that an operation's data came from (older books kept where it lay)."""
    return None if source is None else source.replace("\\", "/").rpartition("/")[2]


def belonging(table: Table) -> list[str]:
    """A table, and those whose lines belong to its records."""
    return [
        table.name,
        *(
            other.name
            for other in table.metadata.tables.values()
            if any(
                key.column.table is table and not column.nullable
                for column in other.columns
                for key in column.foreign_keys
            )
        ),
    ]


def touching(connection: Connection, metadata: MetaData, tbls: Sequence[str]) -> frozenset[int]:
    """The operations that changed records of any of these tables."""
    operation, change = tables(metadata)
    end = func.lead(operation.c.first_change, 1, 2**62).over(order_by=operation.c.number)
    bounds = select(operation.c.number, operation.c.first_change, end.label("end_change")).subquery("bounds")
    there = exists().where(
        change.c.id >= bounds.c.first_change, change.c.id < bounds.c.end_change, change.c.tbl.in_(list(tbls))
    )
    return frozenset(connection.scalars(select(bounds.c.number).where(there)))


def _undone_by(pairs: Sequence[tuple[int, int | None]]) -> dict[int, int]:
    """Operation → the operation that undid it and stands. An undo that was itself undone does not count."""
    undone: dict[int, int] = {}
    for number, undoes in reversed(pairs):
        if undoes is not None and number not in undone:
            undone.setdefault(undoes, number)
    return undone


def record_changes(connection: Connection, metadata: MetaData, tbl: str, row: int) -> list[tuple[Change, int]]:
    """All changes of one record, oldest first, each with the number of its operation."""
    operation, change = tables(metadata)
    number = select(func.max(operation.c.number)).where(operation.c.first_change <= change.c.id).scalar_subquery()
    query = (
        select(change, number.label("number"))
        .where(change.c.tbl == tbl, change.c.first_id <= row, change.c.last_id >= row)
        .order_by(change.c.id)
    )
    return [(Change(*found[:-1]), found[-1]) for found in connection.execute(query)]
