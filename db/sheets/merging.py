"""Carrying out what was decided about a returned sheet: one operation with the sender's name, all or nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import replace
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from db.core import own
from db.core.columns import of_rows
from db.core.errors import Refused
from db.core.progress import SILENT, Progress
from db.core.reading import Stored
from db.core.sweeping import sweeping_afterwards
from db.core.tables import METADATA
from db.core.telling import Writer, last_writers
from db.core.text import _
from db.core.three_way import Written, identical
from db.sheets import sent
from db.sheets.comparing_return import plan_return
from db.sheets.merge_plan import (
    OURS,
    THEIRS,
    Cell,
    Decisions,
    Merge,
    Missing,
    NewRow,
    Take,
    decisions_from_json,
)
from db.sheets.outdated import Outdated
from db.sheets.room import current_cells
from db.sheets.sending import field_of
from db.sheets.sent import NewSaid

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from db.core.book import Book

_AT_ONCE = 20_000  # cells that a room is given to write

__all__ = [
    "OURS",
    "THEIRS",
    "Cell",
    "Decisions",
    "Merge",
    "Missing",
    "NewRow",
    "Outdated",
    "Written",
    "added",
    "apply",
    "chosen",
    "decisions_from_json",
    "demand_decisions",
    "merge_json",
    "plan_return",
    "undecided",
    "who_changed",
]


def undecided(merge: Merge, decisions: Decisions, *, take: Take = "ask") -> int:
    """How many conflicts, and new rows that may be records of the book, nobody has decided."""
    if take != "ask":
        return 0
    cells = sum((one.id, one.key) not in decisions.cells for one in merge.conflicts)
    return cells + sum(one.alike is not None and one.place not in decisions.new for one in merge.new)


def demand_decisions(merge: Merge, decisions: Decisions, *, take: Take = "ask") -> None:
    """Raise `Refused` while something is undecided."""
    rest = undecided(merge, decisions, take=take)
    if rest:
        raise Refused(
            _("{count} cells of “{file}” were changed here and there; nothing was written. Decide each, or take all of "
              "one side.", count=rest, file=merge.file)
        )  # fmt: skip


def chosen(merge: Merge, decisions: Decisions, *, take: Take = "ask") -> list[tuple[int, str, Stored]]:
    """The cells that would be written: (record, field key, value)."""
    found: list[tuple[int, str, Stored]] = []
    for cell, unsaid in [(one, THEIRS) for one in merge.taken] + [(one, take) for one in merge.conflicts]:
        said = decisions.cells.get((cell.id, cell.key), unsaid)
        value = said.value if isinstance(said, Written) else cell.theirs if said == THEIRS else cell.ours
        if not identical(value, cell.ours):
            found.append((cell.id, cell.key, value))
    for row in merge.new:
        record = decisions.new.get(row.place, 0)
        if record > 0:
            found += [(record, key, value) for key, value in row.values.items()]
    return sorted(found, key=itemgetter(0))  # what changes in a record is one change of its history


def added(merge: Merge, decisions: Decisions, *, take: Take = "ask") -> list[NewRow]:
    """The rows that would become new records."""
    return [
        one
        for one in merge.new
        if decisions.new.get(one.place, -1 if one.alike is not None and take != THEIRS else 0) == 0
    ]


def apply(
    book: Book, merge: Merge, decisions: Decisions | None = None, *, take: Take = "ask", on: str | None = None,
    progress: Progress = SILENT,
) -> int | None:  # fmt: skip
    """Write what was decided as one operation and give its number; None where there is nothing to write.

    take: what becomes of conflicts that nobody decided. Raises `Refused` while any is open, and `Outdated` where the book
    was changed since in cells that would be written.
    """
    decisions = decisions or Decisions()
    if merge.already is not None:
        return None
    demand_decisions(merge, decisions, take=take)
    cells, new = chosen(merge, decisions, take=take), added(merge, decisions, take=take)
    delete = sorted(decisions.delete & {one.id for one in merge.missing})
    if delete and merge.room.delete is None:
        raise Refused(_("Records of this room are not deleted by a returned sheet; keep them. Nothing was written."))
    if not (cells or merge.new or delete) and _says_nothing_new(book, merge):
        return None
    label = _("Returned by {unit}: {file}", unit=merge.sending.unit, file=merge.file)
    with sweeping_afterwards(), book.write(label, source=str(merge.path)) as connection:
        number: int = connection.info["operation"]
        if number > merge.seen + 1:
            _refuse_outdated(connection, merge, cells)
        for start in range(0, len(cells), _AT_ONCE):
            progress.step(start, len(cells), _("Writing {done} of {total}", done=start, total=len(cells)))
            merge.room.update(connection, cells[start : start + _AT_ONCE])
        made = _insert(connection, merge, new, progress)
        if delete and merge.room.delete is not None:
            merge.room.delete(connection, delete)
        day = on or dt.datetime.now().astimezone().date().isoformat()
        known = {place: record for place, record in decisions.new.items() if record > 0} | made
        became = [NewSaid(row.values, known.get(row.place)) for row in merge.new]
        said = replace(merge.said, new=(*merge.said.new, *became))
        sent.note_return(connection, merge.sending.id, on=day, file=merge.file, digest=merge.digest, said=said)
    return number


def _says_nothing_new(book: Book, merge: Merge) -> bool:
    with book.read() as connection:
        before = sent.said_by(connection, merge.sending.id)
    return merge.said in before[:-1]


def _insert(connection: Connection, merge: Merge, rows: Sequence[NewRow], progress: Progress) -> dict[int, int]:
    if not rows:
        return {}
    ids = merge.room.insert(connection, of_rows([row.values for row in rows]), progress)
    return {row.place: number for row, number in zip(rows, ids, strict=True)}


def _refuse_outdated(connection: Connection, merge: Merge, cells: Sequence[tuple[int, str, Stored]]) -> None:
    ours = {(one.id, one.key): one.ours for one in (*merge.taken, *merge.conflicts)}
    ids, keys = sorted({one for one, _key, _value in cells}), sorted({key for _one, key, _value in cells})
    now = current_cells(connection, merge.room, ids, keys) if ids else {}
    wrong = {
        number
        for number, key, _value in cells
        if (number, key) in ours and not identical(now.get(number, {}).get(key), ours[number, key])
    }
    if wrong:
        names = [merge.names.get(number, str(number)) for number in sorted(wrong)[:10]]
        raise Outdated(
            _("The book was changed after “{file}” was compared with it ({names}). Nothing was written; compare it again.",
              file=merge.file, names=names)
        )  # fmt: skip


# --- who and when -----------------------------------------------------------------------------------------------------


def who_changed(book: Book, merge: Merge, cells: Iterable[Cell]) -> dict[tuple[int, str], Writer]:
    """Who of us changed these cells last since they were sent, and when."""
    table, since, asked = METADATA.tables[merge.room.table], merge.sending.operation, dict[str, list[int]]()
    for cell in cells:
        asked.setdefault(cell.key, []).append(cell.id)
    with book.read() as connection:
        own_ones = {one.key: one for one in own.own_fields(connection, merge.room.room, table)}
        return {
            (number, key): told
            for key, numbers in asked.items()
            for number, told in last_writers(
                connection, table, own_ones.get(key) or field_of(merge.room, key), numbers, since=since
            ).items()
        }


def merge_json(merge: Merge, operation: int | None, lang: str = "zh") -> dict[str, Any]:
    """What `merge --json` prints (contract.md)."""
    return {
        "taken": len(merge.taken),
        "equal": merge.equal,
        "conflicts": [
            {"id": one.id, "field": one.key, "base": one.base, "ours": one.ours, "theirs": one.theirs}
            for one in merge.conflicts
        ],
        "new": [
            {"row": one.row, "values": dict(one.values), "alike": one.alike, "copied": one.copied} for one in merge.new
        ],
        "missing": [one.id for one in merge.missing],
        "refused": [
            {"row": one.row, "column": one.column, "value": one.value, "why": one.why.render(lang)}
            for one in merge.refused
        ],
        "notes": [one.text.render(lang) for one in merge.notes],
        "already": merge.already,
        "operation": operation,
    }
