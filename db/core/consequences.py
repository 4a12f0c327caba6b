"""What undoing an operation would do, in words, before anybody decides: how many records of what sort, and which."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection, select

from db.core import history
from db.core.book import Book
from db.core.history import Change
from db.core.tables import METADATA
from db.core.text import Text, _

NAMED = 8


@dataclass(frozen=True)
class Consequences:
    """Counts of main records and of what belongs to them, and the first names."""

    removed: int
    restored: int
    returned: int
    parts: int
    names: tuple[str, ...]

    def in_words(self) -> list[Text]:
        """The counts as sentences."""
        lines = []
        if self.removed:
            lines.append(_("{count} records that it added will go.", count=f"{self.removed:,}"))
        if self.restored:
            lines.append(_("{count} changes of records will be taken back.", count=f"{self.restored:,}"))
        if self.returned:
            lines.append(_("{count} records that it deleted will come back.", count=f"{self.returned:,}"))
        if self.parts:
            lines.append(
                _("With them {count} entries: stages, amounts, progress and the like.", count=f"{self.parts:,}")
            )
        return lines


def consequences(book: Book, number: int, main: Collection[str]) -> Consequences:
    """Look at what the operation `number` recorded; `main` are the tables whose rows people call records."""
    counted = {history.INSERTED: 0, history.UPDATED: 0, history.DELETED: 0}
    parts = 0
    touched: list[Change] = []
    with book.read() as connection:
        start, end = history.change_range(connection, book.schema, number)
        for change in history.changes(connection, book.schema, start=start, end=end):
            size = change.last_id - change.first_id + 1
            if change.tbl not in main:
                parts += size
                continue
            counted[change.kind] += size
            if len(touched) < NAMED * 4:
                touched.append(change)
        names = _names(connection, touched)
    return Consequences(counted[history.INSERTED], counted[history.UPDATED], counted[history.DELETED], parts, names)


def _names(connection: Connection, touched: list[Change]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for change in touched:
        table = METADATA.tables[change.tbl]
        if "name" not in table.c or len(found) >= NAMED:
            continue
        last = min(change.last_id, change.first_id + NAMED)
        query = select(table.c.name).where(table.c.id >= change.first_id, table.c.id <= last)
        for name in connection.scalars(query):
            found[str(name)] = None
        old = json.loads(change.old) if change.old else {}
        if "name" in old:
            found[str(old["name"])] = None
    return tuple(found)[:NAMED]
