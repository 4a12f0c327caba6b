"""A room's records as a workbook: every fact of it, with the id of each row in a hidden column."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from db.core import listing
from db.core.fields import Area, Choice, Day, Field, Flag, Kind, Metric, Money, Whole, Words
from db.core.progress import SILENT, Progress
from db.core.quantities import scale_of
from db.core.text import Text, _
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
    columns = [LedgerColumn("id", "id", "number", width=8, hidden=True), *(column(field, lang) for field in shown)]
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


def column(field: Field, lang: str) -> LedgerColumn:
    """How a field stands in a ledger: its heading with the unit, and how the stored value appears."""
    kind = field.kind
    label, unit = field.label.render(lang), getattr(kind, "unit", "")
    heading = f"{label}（{unit}）" if unit else label
    if isinstance(kind, Money | Area | Metric | Whole):
        scale = scale_of(kind)
        decimals = 0 if isinstance(kind, Whole) else 2
        return LedgerColumn(
            field.key, heading, "number", divide=scale.factor if scale else 1, decimals=decimals, width=14
        )
    if isinstance(kind, Choice | Flag):
        return LedgerColumn(field.key, heading, "choice", labels=_labels(kind, lang), width=12)
    if isinstance(kind, Day):
        return LedgerColumn(field.key, heading, "date", width=12)
    code = isinstance(kind, Words) and kind.identifier
    return LedgerColumn(field.key, heading, "code" if code else "text", width=20 if code else 24)


def _labels(kind: Kind, lang: str) -> dict[str, str]:
    if isinstance(kind, Choice):
        return {key: label.render(lang) for key, label in kind.options}
    return {"1": _("Yes").render(lang), "0": _("No").render(lang)}
