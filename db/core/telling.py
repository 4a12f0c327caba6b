"""What happened to one record, in words: who changed which fact from what to what, newest first."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Column, Connection, Table, select

from db.core import history
from db.core.book import Book
from db.core.fields import Field, Link
from db.core.history import Change
from db.core.tables import METADATA
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
