"""What happened to one record, in words: who changed which fact from what to what, newest first."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import eq
from typing import Any, NamedTuple

from sqlalchemy import BinaryExpression, BindParameter, Column, ColumnElement, Connection, Select, Table, select
from sqlalchemy.sql import visitors

from db.core import history
from db.core.book import Book
from db.core.fields import Field, Link
from db.core.history import Change
from db.core.tables import METADATA, is_tracked
from db.core.text import Text

MOST = 60
_FACTS = 12  # of one operation


@dataclass(frozen=True)
class Changed:
    """One fact of one operation. old and new are stored values; `field` None where a line belongs to another table."""

    field: Field | None
    old: Any
    new: Any
    words: Text | None = None


@dataclass(frozen=True)
class Told:
    """What one operation did to the record."""

    at: datetime
    actor: str
    label: Text
    changes: tuple[Changed, ...]


class Child(NamedTuple):
    """Lines that belong to the record: their table, the column that says to which, and a new one in words."""

    table: Table
    link: Column[Any]
    words: Callable[[Mapping[str, Any]], Text]


def story(book: Book, table: Table, fields: Sequence[Field], number: int, children: Sequence[Child] = ()) -> list[Told]:
    """The history of the record `number` of a table. fields: its facts, of which the columns of the table are told."""
    operations = {one.number: one for one in book.operations()}
    with book.read() as connection:
        found = history.record_changes(connection, book.schema, table.name, number)
        lines: dict[int, list[Changed]] = {operation: [] for _change, operation in found}
        _own_changes(connection, table, fields, found, number, lines)
        for child in children:
            _child_changes(connection, book, child, number, lines)
    return [
        Told(operations[at].at, operations[at].actor, operations[at].label, tuple(lines[at][:_FACTS]))
        for at in sorted(lines, reverse=True)[:MOST]
        if at in operations
    ]


def _own_changes(
    connection: Connection, table: Table, fields: Sequence[Field], found: Sequence[tuple[Change, int]], number: int,
    lines: dict[int, list[Changed]],
) -> None:  # fmt: skip
    """Walk back from now: what a cell is after a change is what the next change says it was before."""
    known = {one.key: one for one in fields}
    row = connection.execute(select(table).where(table.c.id == number)).mappings().one_or_none()
    after: dict[str, Any] = dict(row) if row is not None else {}
    for change, operation in reversed(found):
        if change.old is None:
            continue
        before = json.loads(change.old)
        for key, old in before.items():
            field = known.get(key)
            new = after.get(key)
            if field is not None and old != new and key != "id":
                was, now = (
                    _name(connection, field, one) if isinstance(field.kind, Link) else one for one in (old, new)
                )
                lines[operation].append(Changed(field, was, now))
        after |= before


def _name(connection: Connection, field: Field, number: Any) -> str | None:
    kind = field.kind
    if number is None or not isinstance(kind, Link):
        return None
    table = METADATA.tables[kind.table]
    return connection.scalar(select(table.c.name).where(table.c.id == number))


def _child_changes(
    connection: Connection, book: Book, child: Child, number: int, lines: dict[int, list[Changed]]
) -> None:
    table = child.table
    rows = connection.execute(select(table).where(child.link == number).order_by(table.c.id.desc()).limit(MOST))
    for row in rows.mappings().all():
        for change, operation in history.record_changes(connection, book.schema, table.name, row["id"]):
            if change.kind == history.INSERTED:
                lines.setdefault(operation, []).append(Changed(None, None, None, child.words(dict(row))))


# --- who changed a fact -----------------------------------------------------------------------------------------------


class Writer(NamedTuple):
    """Who wrote something, and when (UTC)."""

    actor: str
    at: datetime


def last_writer(
    connection: Connection, table: Table, field: Field | str | None, number: int, *, since: int = 0
) -> Writer | None:
    """Who changed a fact of a record last, after the operation `since`; None where nobody did.

    field: a fact, also one that is kept in lines of another table; a column of the table; None for the whole record.
    """
    if isinstance(field, Field) and field.read is not None and field.key not in table.c:
        wrote = [at for some in _read_from(connection, field.read(), table, number, since) for at in some]
    else:
        key = field.key if isinstance(field, Field) else field
        wrote = _wrote(connection, table, number, None if key is None else {key})
    last = max((at for at in wrote if at > since), default=0)
    if not last:
        return None
    (one,) = history.operations(connection, METADATA, number=last)
    return Writer(one.actor, one.at)


def _wrote(connection: Connection, table: Table, number: int, columns: set[str] | None) -> list[int]:
    """The operations that wrote a record new, away, or these columns of it."""
    return [
        at for change, at in history.record_changes(connection, METADATA, table.name, number)
        if change.kind != history.UPDATED or columns is None or columns & json.loads(change.old or "{}").keys()
    ]  # fmt: skip


def _read_from(
    connection: Connection, read: ColumnElement[Any], main: Table, number: int, since: int
) -> Iterator[list[int]]:
    """The operations behind every table out of which a fact of a record is read."""
    columns: dict[Any, set[str]] = {}
    for part in visitors.iterate(read):
        if isinstance(part, Column):
            columns.setdefault(part.table, set()).add(part.name)
    own = columns.pop(main, {"id"}) - {"id"}
    if own:
        yield _wrote(connection, main, number, own)
    for query in (one for one in visitors.iterate(read) if isinstance(one, Select) and _is_about(one, main)):
        sources: set[Any] = {part for of in query.get_final_froms() for part in visitors.iterate(of) if part in columns}
        for source in sources:
            table = getattr(source, "element", source)
            if not isinstance(table, Table) or not is_tracked(table):
                continue
            rows = query.with_only_columns(source.c.id).correlate(None).where(main.c.id == number)
            for row in connection.scalars(rows):
                yield _wrote(connection, table, row, columns[source])
            yield _taken_away(connection, table, _said_of(query, source, main, number), since)


def _is_about(query: Select[Any], main: Table) -> bool:
    where = query.whereclause
    return where is not None and any(getattr(part, "table", None) is main for part in visitors.iterate(where))


def _said_of(query: Select[Any], source: Any, main: Table, number: int) -> dict[str, Any]:
    """Column → value by which a line is one of this fact of this record."""
    found: dict[str, Any] = {}
    for part in visitors.iterate(query.whereclause) if query.whereclause is not None else ():
        if isinstance(part, BinaryExpression) and part.operator is eq:
            sides = (part.left, part.right), (part.right, part.left)
            for one, other in ((a, b) for a, b in sides if isinstance(a, Column) and a.table is source):
                if isinstance(other, BindParameter):
                    found[one.name] = other.value
                elif other is main.c.id:
                    found[one.name] = number
    return found


def _taken_away(connection: Connection, table: Table, said: Mapping[str, Any], since: int) -> list[int]:
    """The operations that deleted lines of which all this was said."""
    if not said or since >= history.last_operation(connection, METADATA)[0]:
        return []
    start = history.change_range(connection, METADATA, since + 1)[0]
    gone = (
        one
        for one in history.changes(connection, METADATA, start=start, tbls=[table.name])
        if one.kind == history.DELETED
    )
    rows = [one.first_id for one in gone if said.items() <= json.loads(one.old or "{}").items()]
    return [at for row in rows for _change, at in history.record_changes(connection, METADATA, table.name, row)]
