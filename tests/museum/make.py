"""Make the small book that a release leaves in the museum: `python -m tests.museum.make tests/museum/0.1.0.zsb`.

Every table of the release has records in it that were inserted, changed, deleted and brought back.
"""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table

import db.rooms  # noqa: F401 - every table, so that the book is whole
from db.core.book import Book
from db.core.tables import METADATA, is_tracked
from db.core.text import Text

BEGIN = dt.datetime(2024, 6, 1, 1, tzinfo=dt.UTC)


def make(path: Path) -> None:
    """The book, with the same operations whenever it is made."""
    days = (BEGIN + dt.timedelta(days=number) for number in range(100))
    with Book.create(path, actor="博物馆", clock=lambda: next(days)) as book:
        tracked = [table for table in METADATA.sorted_tables if is_tracked(table)]
        with book.write(Text("everything")) as connection:
            for table in tracked:
                for number in (1, 2, 3):
                    connection.execute(table.insert().values(_record(table, number)))
        with book.write(Text("changed")) as connection:
            for table in tracked:
                _change(connection, table)
        with book.write(Text("deleted")) as connection:
            for table in reversed(tracked):
                connection.execute(table.delete().where(table.c.id == 3))
        book.undo(2)
        book.undo(3)


def _record(table: Table, number: int) -> dict[str, Any]:
    cells: dict[str, Any] = {}
    for column in table.columns:
        if column.name == "id":
            continue
        if column.foreign_keys:
            cells[column.name] = None if column.nullable and _upwards(table, column) else number
        else:
            cells[column.name] = number if column.type.python_type is int else _words(column.name, number)
    return cells


def _words(name: str, number: int) -> str:
    return f"2024-06-0{number}" if name in ("day", "date") else f"{name} 值{number}"


def _upwards(table: Table, column: Any) -> bool:
    """Whether a link is to the same table: record 3 could then not be deleted alone."""
    return any(key.column.table is table for key in column.foreign_keys)


def _change(connection: Connection, table: Table) -> None:
    texts = [c for c in table.columns if c.type.python_type is str and c.name not in ("day", "date", "month", "kind")]
    for column in texts[:1]:
        connection.execute(table.update().where(table.c.id == 1).values({column.name: "改过"}))


if __name__ == "__main__":
    make(Path(sys.argv[1]))
