"""Writing a checked block of any room: named, all or nothing, and never over what somebody else wrote meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, Table

from db.core import block, history
from db.core.block import Checked, Rules
from db.core.book import Book
from db.core.fields import Field
from db.core.reading import Stored
from db.core.text import Text


@dataclass(frozen=True)
class Blocks:
    """What a room knows of blocks of cells of its records; every `db/<room>/blocks.py` ends with one.

    write: writes what was checked and gives the ids of new records. named: what the operation is called. suggestions:
    what an editor of a field proposes. delete: records with everything that belongs to them. by_whom: who changed a
    fact of a record (id, field key) last.
    """

    rules: Rules
    write: Callable[[Connection, Checked], list[int]]
    named: Callable[[Connection, Checked, Sequence[Field]], Text]
    suggestions: Callable[[Connection, Field], list[str]]
    delete: Callable[[Connection, Sequence[int]], None]
    by_whom: Callable[[Book, int, str], str] | None = None


@dataclass(frozen=True)
class Saved:
    """What became of a block. written: cells and new rows; 0 where something of `checked` must be answered first.

    theirs: cells that somebody else changed since they were read and that were left so: (id, key, now, by whom).
    mine: what they would have become. added: ids of new records.
    """

    checked: Checked
    written: int = 0
    theirs: tuple[tuple[int, str, Stored, str], ...] = ()
    mine: Mapping[tuple[int, str], Stored] = field(default_factory=dict)
    added: tuple[int, ...] = ()


def save(
    book: Book, blocks: Blocks, look: Callable[[Connection], Checked], *, label: Text | None = None, today: str,
    seen: Mapping[tuple[int, str], Stored] | None = None, fields: Sequence[Field] = (), agreed: bool = False,
) -> Saved:  # fmt: skip
    """Check a block and write it, as one operation: all or nothing, but for cells that others changed meanwhile.

    label: what the operation is called; None for what the room calls it. seen: what the cells were when they were
    read. agreed: somebody answered that it is right as it is.
    """
    table = blocks.rules.table
    with book.read() as connection:
        checked = look(connection)
        if checked.bad or (checked.questions and not agreed):
            return Saved(checked)
        touched = {(number, key): value for number, key, value in checked.changes}
        wanted = {cell: old for cell, old in (seen or {}).items() if cell in touched}
        theirs = block.changed_since(connection, table, fields, wanted, today) if wanted else {}
        kept = block.without(checked, theirs.keys())
        text = label if label is not None else blocks.named(connection, kept, fields)
    added: list[int] = []
    if kept.changes or kept.new:
        with book.write(text) as connection:
            added = blocks.write(connection, kept)

    def who(number: int, key: str) -> str:
        return last_to_change(book, table, number) if blocks.by_whom is None else blocks.by_whom(book, number, key)

    said = tuple((number, key, now, who(number, key)) for (number, key), now in theirs.items())
    mine = {(number, key): value for number, key, value in checked.changes if (number, key) in theirs}
    return Saved(kept, len(kept.changes) + len(kept.new), said, mine, tuple(added))


def last_to_change(book: Book, table: Table, number: int) -> str:
    """Who changed a record last; "" where nobody is known."""
    with book.read() as connection:
        found = history.record_changes(connection, book.schema, table.name, number)
    last = found[-1][1] if found else 0
    return next((one.actor for one in book.operations() if one.number == last), "")
