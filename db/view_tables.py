"""A saved view of any room's ledger as a table of a report: its rows and columns as they are at the end of the period."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection

from db.core import listing
from db.core import views as viewing
from db.core.fields import Field
from db.core.formats import foreign_said, show
from db.core.period import Period
from db.core.text import _, say
from db.core.views import SAVED, View
from db.overview.forms import OwnTable
from db.reports.ledger_columns import ledger_column
from db.reports.report import Cell, Column, Table
from db.rooms import Room, look, room, views

_LANDSCAPE_FROM = 7  # columns


def table_of(connection: Connection, wanted: OwnTable, period: Period, lang: str) -> Table | None:
    """The table an office asked for, None where its view or its room is gone.

    Amounts that may be added up have a total. What of the view the book cannot show is said in the note.
    """
    of = room(wanted.room)
    view = None if of is None else _view(connection, of, wanted.view)
    if of is None or view is None:
        return None
    seen = look(connection, of, view, today=period.last, period=period)
    outline, fields = seen.outline, seen.shown.columns
    whole = [key for key, foreign in zip(outline.summed, outline.foreign, strict=True) if not foreign]
    columns = [_column(field, whole, lang) for field in fields]
    cells = [_cell(field, lang) for field in fields]
    rows = listing.rows(connection, of.table, fields, outline.ids, today=period.last)
    sums = dict(zip(outline.summed, outline.sums, strict=True))
    totals = tuple(cell(sums.get(field.key)) for field, cell in zip(fields, cells, strict=True))
    title = wanted.title.strip() or str(say(view.name, lang))
    count = _("{count} records", count=f"{outline.count:,}")
    said = [*seen.shown.missing, *([foreign_said(max(outline.foreign))] if any(outline.foreign) else [])]
    missing = ("；" if lang == "zh" else "; ").join(one.render(lang) for one in said)
    place, count_said = _("No.").render(lang), count.render(lang)
    return Table(
        key=f"own_{wanted.view}", title=title,
        columns=(Column("no", place, "centre"), *columns),
        rows=tuple((at, *(cell(one) for cell, one in zip(cells, row[1:], strict=True))) for at, row in enumerate(rows, 1)),
        stand="；".join((_("Up to {day}", day=period.last).render(lang), count_said)),
        totals=(None, *_labelled(totals, _("Total").render(lang))) if any(sums.values()) and len(rows) > 1 else None,
        note=missing, landscape=len(columns) >= _LANDSCAPE_FROM, detail=True,
    )  # fmt: skip


def _view(connection: Connection, of: Room, key: str) -> View | None:
    if key.startswith(SAVED):
        return viewing.saved(connection, key)
    return next((one for one in views(connection, of, "") if one.key == key), None)


def _labelled(totals: tuple[Cell, ...], label: str) -> tuple[Cell, ...]:
    """The word for the total in the first column that has none."""
    at = next((place for place, cell in enumerate(totals) if cell is None), None)
    return tuple(label if place == at else cell for place, cell in enumerate(totals))


def _column(field: Field, summed: Sequence[str], lang: str) -> Column:
    known = ledger_column(field, lang)
    kind = "text" if known.kind == "choice" else known.kind
    return Column(field.key, known.label, kind, decimals=known.decimals, total="sum" if field.key in summed else "")


def _cell(field: Field, lang: str) -> Callable[[Any], Cell]:
    """Stored value → cell: numbers in the unit of the heading, exact; days as they are; anything else as it reads."""
    known = ledger_column(field, lang)
    if known.kind == "number":
        return lambda value: None if value is None else _number(int(value), known.divide)
    if known.kind == "date":
        return lambda value: value
    return lambda value: None if value is None else show(field.kind, value, lang)


def _number(value: int, divide: int) -> int | Decimal:
    whole, rest = divmod(value, divide)
    return whole if not rest else Decimal(value) / Decimal(divide)
