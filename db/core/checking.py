"""Whether a book is whole: its file or database, its schema, its history, and the rooms' rules."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, MetaData, false, func, inspect, or_, select

from db.core import attachments, contents, history, migrate, migrating, triggers
from db.core.book import Book
from db.core.history import DELETED, INSERTED, UPDATED
from db.core.tables import is_tracked
from db.core.text import Text, _

_SHOWN = 5


@dataclass(frozen=True)
class Flaw:
    """Something wrong with a book: what, where (a table, an operation), and what to do."""

    what: Text
    where: str
    advice: Text


_RESTORE = _("Restore the last backup.")
_TELL = _("Make a backup, go on working, and send the backup to who looks after the program.")
_UPGRADE = _("Run “zhaoshang upgrade” on it.")
_ATTACH_AGAIN = _("Take it from the last backup, or attach the file again.")
_CORRECT = _("Open the record and correct it.")


def check(book: Book) -> list[Flaw]:
    """Everything that is wrong with a book; empty where nothing is."""
    with book.read() as connection:
        flaws = list(_file(connection)) if book.dialect == "sqlite" else []
        if flaws:
            return flaws  # nothing read from a damaged file can be trusted
        for look in _LOOKS:
            flaws += look(connection, book.schema)
    return flaws


def _file(connection: Connection) -> Iterator[Flaw]:
    for (said,) in connection.exec_driver_sql(f"PRAGMA integrity_check({_SHOWN})"):
        if said != "ok":
            yield Flaw(_("The file is damaged."), str(said), _RESTORE)


def _revision(connection: Connection, schema: MetaData) -> Iterator[Flaw]:
    found = migrate.revision(connection)
    if found != migrate.CURRENT:
        yield Flaw(_("The book is of another version."), str(found), _UPGRADE)


def _tables(connection: Connection, schema: MetaData) -> Iterator[Flaw]:
    there = set(inspect(connection).get_table_names())
    made = _triggers(connection)
    for table in schema.tables.values():
        if table.name not in there:
            yield Flaw(_("A table is missing."), table.name, _RESTORE)
        elif is_tracked(table):
            missing = triggers.expected(table.name, connection.dialect.name) - made
            if missing or triggers.overlooked(connection, table):
                yield Flaw(_("Changes of a table are not remembered: its triggers are missing."), table.name, _TELL)
            if migrating.ids_can_be_reused(connection, table.name):
                yield Flaw(_("Ids of a table could be used twice."), table.name, _TELL)


def _indexes(connection: Connection, schema: MetaData) -> Iterator[Flaw]:
    for index in migrate.missing_indexes(connection, schema):
        columns = ", ".join(column.name for column in index.columns)
        what = _("An index is missing; the book works, and is slower than it need be.")
        yield Flaw(what, f"{index.table}: {index.name} ({columns})", _UPGRADE)


def _triggers(connection: Connection) -> set[str]:
    if connection.dialect.name == "sqlite":
        query = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    else:
        # A trigger can be there and switched off.
        query = (
            "SELECT tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid "
            "WHERE tgenabled <> 'D' AND relnamespace = current_schema()::regnamespace"
        )
    return set(connection.exec_driver_sql(query).scalars())


def _links(connection: Connection, schema: MetaData) -> Iterator[Flaw]:
    for table in schema.sorted_tables:
        for column in table.columns:
            for key in column.foreign_keys:
                up = key.column.table.alias("up")
                query = (
                    select(table.c.id).outerjoin(up, up.c.id == column).where(column.is_not(None), up.c.id.is_(None))
                )
                for row in connection.scalars(query.limit(_SHOWN)):
                    what = _("A record points at another one that does not exist.")
                    yield Flaw(what, f"{table.name} {row}: {column.name}", _CORRECT)


def _order(connection: Connection, schema: MetaData) -> Iterator[Flaw]:
    operation, change = history.tables(schema)
    columns = operation.c.number, operation.c.at, operation.c.first_change
    before: tuple[int, int, int] = (0, -(2**63), 0)
    for row in connection.execute(select(*columns).order_by(operation.c.number)):
        number, at, first = row
        if number != before[0] + 1:
            yield Flaw(_("Operations are missing."), f"{before[0] + 1} – {number - 1}", _RESTORE)
        if at <= before[1] or first < before[2]:
            yield Flaw(_("An operation is not later than the one before it."), str(number), _TELL)
        before = number, at, first
    earliest = connection.scalar(select(func.min(operation.c.first_change)))
    lost = connection.scalar(select(func.count()).where(change.c.id < (2**62 if earliest is None else earliest)))
    if lost:
        yield Flaw(_("There are changes that belong to no operation."), str(lost), _TELL)


def _changes(connection: Connection, schema: MetaData) -> Iterator[Flaw]:
    """Every change can be read, and speaks of tables and columns that exist (or were retired: `name~1`)."""
    columns = {table.name: set(table.columns.keys()) for table in schema.tables.values() if is_tracked(table)}
    shown = 0
    for change in history.changes(connection, schema, start=0):
        known = columns.get(change.tbl)
        wrong = known is None or change.kind not in (INSERTED, UPDATED, DELETED) or change.last_id < change.first_id
        if not wrong and change.kind != INSERTED:
            wrong = not _cells_are_known(change.old, known or set())
        if wrong:
            yield Flaw(
                _("A change in the history cannot be read."), f"{change.tbl} {change.first_id} ({change.id})", _TELL
            )
            shown += 1
            if shown == _SHOWN:
                return


def _cells_are_known(old: str | None, known: set[str]) -> bool:
    try:
        cells = json.loads(old or "")
    except ValueError:
        return False
    return isinstance(cells, dict) and all(name in known or "~" in name for name in cells)


def _counts(connection: Connection, schema: MetaData) -> Iterator[Flaw]:
    """As many records as were inserted and not deleted: fewer or more were written past the history."""
    _operation, change = history.tables(schema)
    rows = func.sum(change.c.last_id - change.c.first_id + 1)
    counted: dict[tuple[str, str], int] = {}
    for tbl, kind, number in connection.execute(
        select(change.c.tbl, change.c.kind, rows).group_by(change.c.tbl, change.c.kind)
    ):
        counted[tbl, kind] = int(number)
    for table in schema.tables.values():
        if is_tracked(table):
            there = connection.scalar(select(func.count()).select_from(table)) or 0
            known = counted.get((table.name, INSERTED), 0) - counted.get((table.name, DELETED), 0)
            if there != known:
                yield Flaw(_("Records were written past the history."), f"{table.name}: {there} / {known}", _TELL)


def _contents(connection: Connection, schema: MetaData) -> Iterator[Flaw]:
    """Every attachment has its content, to the last byte, in a schema that has attachments."""
    if attachments.attachment.name not in schema.tables:
        return
    of, parts = attachments.attachment.c, contents.content.c
    kept = select(parts.hash, func.sum(func.length(parts.bytes)).label("size")).group_by(parts.hash).subquery()
    query = select(of.id, of.name, kept.c.size).outerjoin(kept, kept.c.hash == of.hash)
    for row in connection.execute(query.where(or_(kept.c.size.is_(None), kept.c.size != of.size)).limit(_SHOWN)):
        what = _("The content of an attachment is missing.") if row.size is None else None
        yield Flaw(
            what or _("The content of an attachment is not whole."), f"attachment {row.id}: {row.name}", _ATTACH_AGAIN
        )


def _rules(connection: Connection, schema: MetaData) -> Iterator[Flaw]:
    for look in schema.info.get("checks", ()):
        tracked = [table for table in schema.tables.values() if is_tracked(table)]
        everything = {
            table.name: list(connection.scalars(select(table.c.id).order_by(table.c.id))) for table in tracked
        }
        for found in look(connection, everything):
            yield Flaw(found.sentence, f"{found.tbl} {found.row}", _CORRECT)


def _characters(connection: Connection, schema: MetaData) -> Iterator[Flaw]:
    """NUL, which a file takes and a server refuses."""
    if connection.dialect.name != "sqlite":
        return
    for table in schema.tables.values():
        texts = [c for c in table.columns if is_tracked(table) and c.type.python_type is str]
        found = or_(false(), *(func.instr(column, func.char(0)) > 0 for column in texts))
        for row in connection.scalars(select(table.c.id).where(found).limit(_SHOWN)) if texts else ():
            yield Flaw(_("A text contains a character that no book can keep (NUL)."), f"{table.name} {row}", _CORRECT)


_LOOKS: tuple[Callable[[Connection, MetaData], Iterator[Any]], ...] = (
    _revision, _tables, _indexes, _links, _order, _changes, _counts, _characters, _contents, _rules,
)  # fmt: skip
