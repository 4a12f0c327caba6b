"""Writing a checked block of any room: named, all or nothing, and never over what somebody else wrote meanwhile.

A save that meets somebody else's is compared as everything that comes back is (`db.core.three_way`): what the cells were
when they were read, what they are now, what this save says.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection

from db.core import block
from db.core.block import Checked, Rules
from db.core.book import Book
from db.core.fields import Field
from db.core.reading import Stored
from db.core.telling import last_writers
from db.core.text import Text
from db.core.three_way import Verdict, compared


@dataclass(frozen=True)
class Blocks:
    """What a room knows of blocks of cells of its records; every `db/<room>/blocks.py` ends with one.

    write: writes what was checked and gives the ids of new records. named: what the operation is called. suggestions:
    what an editor of a field proposes. delete: records with everything that belongs to them.
    """

    rules: Rules
    write: Callable[[Connection, Checked], list[int]]
    named: Callable[[Connection, Checked, Sequence[Field]], Text]
    suggestions: Callable[[Connection, Field], list[str]]
    delete: Callable[[Connection, Sequence[int]], None]


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
        kept, theirs = _compared(connection, blocks, checked, fields, seen or {}, today)
        text = label if label is not None else blocks.named(connection, kept, fields)
    added: list[int] = []
    if kept.changes or kept.new:
        with book.write(text) as connection:  # once more: somebody may have been a moment faster
            kept, theirs = _compared(connection, blocks, checked, fields, seen or {}, today)
            added = blocks.write(connection, kept)
    known = {one.key: one for one in fields}
    with book.read() as connection:
        who = {
            key: last_writers(connection, table, known[key], [number for number, of in theirs if of == key])
            for key in {key for _number, key in theirs}
        }
    said = tuple(
        (number, key, now, told.actor if (told := who[key].get(number)) else "")
        for (number, key), now in theirs.items()
    )
    mine = {(number, key): value for number, key, value in checked.changes if (number, key) in theirs}
    return Saved(kept, len(kept.changes) + len(kept.new), said, mine, tuple(added))


def _compared(
    connection: Connection, blocks: Blocks, checked: Checked, fields: Sequence[Field],
    seen: Mapping[tuple[int, str], Stored], today: str,
) -> tuple[Checked, dict[tuple[int, str], Stored]]:  # fmt: skip
    """The block without the cells that somebody else changed meanwhile; those of them that both did, as they are now."""
    base: dict[int, dict[str, Stored]] = {}
    mine: dict[int, dict[str, Stored]] = {}
    for number, key, value in checked.changes:
        if (number, key) in seen:
            base.setdefault(number, {})[key] = seen[number, key]
            mine.setdefault(number, {})[key] = value
    if not mine:
        return checked, {}
    rows = block.stored(connection, blocks.rules.table, fields, sorted(mine), today)
    now = {number: dict(zip((one.key for one in fields), cells, strict=True)) for number, cells in rows.items()}
    found = {(number, key): verdict for number, key, verdict in compared(base, now, mine)}
    left = {cell for cell, verdict in found.items() if verdict is not Verdict.THEIRS}
    both = {(number, key): now[number][key] for (number, key) in left if found[number, key] is Verdict.CONFLICT}
    return block.without(checked, left), both
