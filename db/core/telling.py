"""What happened to one record, in words: who changed which fact from what to what, newest first."""

from __future__ import annotations

import json
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from operator import eq
from typing import Any, NamedTuple

from sqlalchemy import BinaryExpression, BindParameter, Column, ColumnElement, Connection, Select, Table, select
from sqlalchemy.sql import visitors

from db.core import history
from db.core.book import Book
from db.core.fields import Field, Link
from db.core.history import Change
from db.core.listing import among
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


def last_writers(
    connection: Connection, table: Table, field: Field | str | None, numbers: Collection[int], *, since: int = 0
) -> dict[int, Writer]:
    """Record → who changed a fact of it last, after the operation `since`; without those of which nobody did.

    field: a fact, also one that is kept in lines of another table; a column of the table; None for the whole record.
    """
    operation, _change = history.tables(METADATA)
    query = select(operation.c.first_change, operation.c.actor, operation.c.at).where(operation.c.number > since)
    done = connection.execute(query.order_by(operation.c.number)).all()
    if not done or not numbers:
        return {}
    begins = [one.first_change for one in done]
    if isinstance(field, Field) and field.read is not None and field.key not in table.c:
        wrote = _latest(_read_from(connection, field.read(), table, numbers, begins[0]))
    else:
        key = field.key if isinstance(field, Field) else field
        wrote = _wrote(connection, table, numbers, columns=None if key is None else {key}, start=begins[0])
    found = ((number, done[bisect_right(begins, change) - 1]) for number, change in wrote.items())
    return {number: Writer(one.actor, history.from_micros(one.at)) for number, one in found}


_Wrote = dict[int, int]  # record → the id of a change, here: of the last one that wrote it


def _latest(parts: Iterable[Iterable[tuple[int, int]]]) -> _Wrote:
    found: _Wrote = {}
    for number, change in chain.from_iterable(parts):
        found[number] = max(change, found.get(number, 0))
    return found


def _wrote(
    connection: Connection, table: Table, numbers: Collection[int], *, columns: set[str] | None, start: int
) -> _Wrote:  # fmt: skip
    """The last changes from `start` on that wrote these records new, away, or these columns of them."""
    _operation, change = history.tables(METADATA)
    wanted, found = sorted(numbers), _Wrote()
    if not wanted:
        return found
    query = select(change.c.id, change.c.kind, change.c.first_id, change.c.last_id, change.c.old).where(
        change.c.id >= start, change.c.tbl == table.name, change.c.last_id >= wanted[0], change.c.first_id <= wanted[-1]
    )
    for at, kind, first, last, old in connection.execute(query.order_by(change.c.id)):
        inside = wanted[bisect_left(wanted, first) : bisect_right(wanted, last)]
        if inside and (kind != history.UPDATED or columns is None or columns & json.loads(old or "{}").keys()):
            found.update(dict.fromkeys(inside, at))
    return found


def _read_from(
    connection: Connection, read: ColumnElement[Any], main: Table, numbers: Collection[int], start: int
) -> Iterator[Iterable[tuple[int, int]]]:
    """What was written, from the change `start` on, in every table out of which a fact of these records is read."""
    columns: dict[Any, set[str]] = {}
    for part in visitors.iterate(read):
        if isinstance(part, Column):
            columns.setdefault(part.table, set()).add(part.name)
    own = columns.pop(main, {"id"}) - {"id"}
    if own:
        yield _wrote(connection, main, numbers, columns=own, start=start).items()
    for query in (one for one in visitors.iterate(read) if isinstance(one, Select) and _is_about(one, main)):
        sources: set[Any] = {part for of in query.get_final_froms() for part in visitors.iterate(of) if part in columns}
        for source in sources:
            table = getattr(source, "element", source)
            if not isinstance(table, Table) or not is_tracked(table):
                continue
            lines = _lines(connection, query, source, main, numbers)
            wrote = _wrote(connection, table, {line for _of, line in lines}, columns=columns[source], start=start)
            yield ((number, wrote[line]) for number, line in lines if line in wrote)
            yield _taken_away(connection, table, _said_of(query, source, main), numbers, start)


def _is_about(query: Select[Any], main: Table) -> bool:
    where = query.whereclause
    return where is not None and any(getattr(part, "table", None) is main for part in visitors.iterate(where))


def _lines(
    connection: Connection, query: Select[Any], source: Any, main: Table, numbers: Collection[int]
) -> list[tuple[int, int]]:
    """(record, id of a line) of the lines out of which a query reads; the first of a record where it reads only that."""
    every = query.limit(None)
    wanted = (
        every.with_only_columns(main.c.id, source.c.id).correlate(None).where(among(connection, main, list(numbers)))
    )
    rows: list[tuple[int, int]] = [(row[0], row[1]) for row in connection.execute(wanted)]
    return rows if query.compare(every) else list(dict(reversed(rows)).items())


def _said_of(query: Select[Any], source: Any, main: Table) -> dict[str, Any]:
    """Column → value by which a line is one of this fact; None in the column that says of which record."""
    found: dict[str, Any] = {}
    for part in visitors.iterate(query.whereclause) if query.whereclause is not None else ():
        if isinstance(part, BinaryExpression) and part.operator is eq:
            sides = (part.left, part.right), (part.right, part.left)
            for one, other in ((a, b) for a, b in sides if isinstance(a, Column) and a.table is source):
                if isinstance(other, BindParameter):
                    found[one.name] = other.value
                elif other is main.c.id:
                    found[one.name] = None
    return found


def _taken_away(
    connection: Connection, table: Table, said: Mapping[str, Any], numbers: Collection[int], start: int
) -> Iterator[tuple[int, int]]:
    """(record, change) of the lines of these records that were deleted and of which all this was said."""
    of = next((name for name, value in said.items() if value is None), None)
    if of is None:
        return
    rest, wanted = {name: value for name, value in said.items() if name != of}, set(numbers)
    for one in history.changes(connection, METADATA, start=start, tbls=[table.name]):
        old = json.loads(one.old or "{}") if one.kind == history.DELETED else {}
        if old.get(of) in wanted and rest.items() <= old.items():
            yield old[of], one.id
