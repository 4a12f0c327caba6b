"""A room's records as a workbook: every fact of it, with the id of each row in a hidden column."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from db.core import listing
from db.core.fields import Field
from db.core.progress import SILENT, Progress
from db.core.text import Text, _
from db.reports.ledger_columns import ledger_column
from db.reports.streamed import LedgerColumn, write_ledger

if TYPE_CHECKING:
    from sqlalchemy import Connection, Table

_WINDOW = 2000


def write_room(
    connection: Connection, table: Table, title: Text, fields: Sequence[Field], out: Path, *, lang: str = "zh",
    progress: Progress = SILENT, today: str | None = None,
) -> int:  # fmt: skip
    """Write all records of a room to `out`; how many there were. Nothing is left when it cannot be finished."""
    shown = [field for field in fields if field.read is not None and not _counts_days(field)]
    ids = listing.ids(connection, table, today=today)
    columns = [
        LedgerColumn("id", "id", "number", width=8, hidden=True),
        *(ledger_column(field, lang) for field in shown),
    ]
    return write_ledger(
        out, title.render(lang), columns, _rows(connection, table, shown, ids, today), count=len(ids), lang=lang,
        progress=progress, note=_("{count} records", count=len(ids)).render(lang),
    )  # fmt: skip


def _counts_days(field: Field) -> bool:
    """What depends on today is not a record's own."""
    return field.key == "days_in_stage"


def _rows(
    connection: Connection, table: Table, fields: Sequence[Field], ids: Sequence[int], today: str | None
) -> Iterator[tuple[Any, ...]]:
    for start in range(0, len(ids), _WINDOW):
        yield from listing.rows(connection, table, fields, ids[start : start + _WINDOW], today=today)
