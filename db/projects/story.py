"""What happened to one project, in words: who changed which fact from what to what, newest first."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, select

from db.core import history
from db.core.book import Book
from db.core.fields import Field, Link, Money
from db.core.formats import show
from db.core.history import Operation
from db.core.tables import METADATA
from db.core.text import Text, _
from db.projects.fields import PROJECT_FIELDS, field_of
from db.projects.models import monthly_amount, progress_entry, project, stage_event
from db.projects.stages import STAGE_CHOICE

MOST = 60


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


def story(book: Book, number: int) -> list[Told]:
    """The history of the project `number`, newest first."""
    operations = {one.number: one for one in book.operations()}
    with book.read() as connection:
        found = history.record_changes(connection, book.schema, project.name, number)
        lines: dict[int, list[Changed]] = {operation: [] for _change, operation in found}
        _own_changes(connection, found, number, lines)
        for table in (stage_event, progress_entry, monthly_amount):
            _child_changes(connection, book, table, number, lines)
    return _told(operations, lines)


def _told(operations: dict[int, Operation], lines: dict[int, list[Changed]]) -> list[Told]:
    return [
        Told(operations[at].at, operations[at].actor, operations[at].label, tuple(lines[at][:12]))
        for at in sorted(lines, reverse=True)[:MOST]
        if at in operations
    ]


def _own_changes(
    connection: Connection, found: list[tuple[history.Change, int]], number: int, lines: dict[int, list[Changed]]
) -> None:
    """Walk back from now: what a cell is after a change is what the next change says it was before."""
    fields = {one.key: one for one in PROJECT_FIELDS}
    row = connection.execute(select(project).where(project.c.id == number)).mappings().one_or_none()
    after: dict[str, Any] = dict(row) if row is not None else {}
    for change, operation in reversed(found):
        if change.old is None:
            continue
        before = json.loads(change.old)
        for key, old in before.items():
            field = fields.get(key)
            new = after.get(key)
            if field is not None and old != new and key != "id":
                named = isinstance(field.kind, Link)
                lines[operation].append(
                    Changed(
                        field,
                        _name(connection, field, old) if named else old,
                        _name(connection, field, new) if named else new,
                    )
                )
        after |= before


def _name(connection: Connection, field: Field, number: Any) -> str | None:

    kind = field.kind
    if number is None or not isinstance(kind, Link):
        return None
    table = METADATA.tables[kind.table]
    return connection.scalar(select(table.c.name).where(table.c.id == number))


def _child_changes(
    connection: Connection, book: Book, table: Table, number: int, lines: dict[int, list[Changed]]
) -> None:

    rows = connection.execute(select(table).where(table.c.project == number).order_by(table.c.id.desc()).limit(MOST))
    for row in rows.mappings().all():
        for change, operation in history.record_changes(connection, book.schema, table.name, row["id"]):
            if change.kind == history.INSERTED:
                lines.setdefault(operation, []).append(Changed(None, None, None, _words(dict(row))))


def _words(row: dict[str, Any]) -> Text:
    if "stage" in row:
        day = row["happened_on"] or _("day not known")
        return _("{stage}: {day}", stage=STAGE_CHOICE.label(row["stage"]), day=day)
    if "text" in row:
        return _("Progress: {text}", text=row["text"])
    field = field_of(row["measure"])
    amount = show(field.kind if field else Money(), row["amount"])
    return _(
        "{what}, {month}: {amount}", what=field.label if field else row["measure"], month=row["month"], amount=amount
    )
