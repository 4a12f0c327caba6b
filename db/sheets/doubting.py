"""What a room asks about rows before they are taken: a leap from last year, a slip of unit, a ratio against its parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from db.core.text import _
from db.sheets.asking import Desk
from db.sheets.plan import Question
from db.sheets.room import Doubt
from db.sheets.table import Table

if TYPE_CHECKING:
    from sqlalchemy import Connection

_ONE_BY_ONE = 20  # more rows with the same doubt are asked about once


def ask_doubts(table: Table, desk: Desk, connection: Connection | None) -> None:
    """Ask, and change the cells as answered; what is only to be said becomes a note. Stated values are then let go."""
    alike: dict[tuple[str, str], list[Doubt]] = {}
    for doubt in table.room.doubts(connection, table.values):
        if doubt.place not in table.bad:
            alike.setdefault((doubt.kind, doubt.key), []).append(doubt)
    for doubts in alike.values():
        _settle(table, doubts, desk)
    for key in table.room.stated:
        table.values.pop(key, None)


def _settle(table: Table, doubts: list[Doubt], desk: Desk) -> None:
    sheet, together = table.sheet.name, len(doubts) > _ONE_BY_ONE
    for doubt in doubts:
        row, letter = table.excel_row(doubt.place), table.letters.get(doubt.key, "")
        if not doubt.options:
            desk.note(
                sheet, letter if together else f"{letter}{row}", _("Row {row}: {why}", row=row, why=doubt.why), row
            )
            if "" in doubt.values:
                _put(table, doubt, "")
            continue
        where = letter if together else f"{letter}{row}"
        text = _("Row {row}: {why}", row=row, why=doubt.why)
        if together:
            text = _("{count} rows, the first {row}: {why}", count=len(doubts), row=row, why=doubt.why)
        asked = Question(f"{doubt.kind}:{sheet}!{where}", sheet, where, text, doubt.proposed, doubt.options)
        answer = desk.ask(asked)
        if answer in doubt.values:
            _put(table, doubt, answer)


def _put(table: Table, doubt: Doubt, answer: str) -> None:
    """What an answer means, in its column, or where the table has none for it, beside the row."""
    if doubt.key in table.values:
        table.values[doubt.key][doubt.place] = doubt.values[answer]
    else:
        table.extras.setdefault(doubt.place, {})[doubt.key] = doubt.values[answer]
