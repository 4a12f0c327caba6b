"""A room's records as a workbook: every fact of it, or a view as it stands; the id of each row in a hidden column."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from db.core import listing
from db.core.fields import Choice, Field, Flag, Words
from db.core.formats import show
from db.core.progress import SILENT, Progress
from db.core.text import Text, _
from db.reports.ledger_columns import ledger_column
from db.reports.streamed import Grouped, GroupRow, LedgerColumn, write_ledger

if TYPE_CHECKING:
    from sqlalchemy import Connection, Table

    from db.core.grouping import Group, Outline
    from db.core.views import Look, View

_WINDOW = 2000
_ID = LedgerColumn("id", "id", "number", width=8, hidden=True)
_PIXELS = 7  # of a digit, by which Excel measures widths


def write_room(
    connection: Connection, table: Table, title: Text, fields: Sequence[Field], out: Path, *, lang: str = "zh",
    progress: Progress = SILENT, today: str | None = None,
) -> int:  # fmt: skip
    """Write all records of a room to `out`; how many there were. Nothing is left when it cannot be finished."""
    shown = [field for field in fields if field.read is not None and not _counts_days(field)]
    ids = listing.ids(connection, table, today=today)
    columns = [_ID, *(ledger_column(field, lang) for field in shown)]
    return write_ledger(
        out, title.render(lang), columns, _rows(connection, table, shown, ids, today), count=len(ids), lang=lang,
        progress=progress, note=_("{count} records", count=len(ids)).render(lang),
    )  # fmt: skip


def write_view(
    connection: Connection, table: Table, view: View, look: Look, out: Path, *, today: str, lang: str = "zh",
    progress: Progress = SILENT,
) -> int:  # fmt: skip
    """Write a view as it stands to `out`: its columns, order and groups with their sums; how many records there were.

    The line under the title says the conditions, and what the view could not show.
    """
    outline, fields = look.outline, look.shown.columns
    columns = [_ID, *(_column(view, field, lang, at < view.frozen) for at, field in enumerate(fields))]
    name = view.name.render(lang) if isinstance(view.name, Text) else view.name
    told = [_("{count} records", count=outline.count), *look.said, *look.shown.missing]
    write_ledger(
        out, name, columns, Grouped(_grouped_rows(connection, table, look, today, lang), len(look.shown.groups), _total(look, lang)),
        note=("；" if lang == "zh" else "; ").join(one.render(lang).removesuffix("。") for one in told),
        count=outline.count + len(outline.groups), lang=lang,
        progress=progress,
    )  # fmt: skip
    return outline.count


def _column(view: View, field: Field, lang: str, frozen: bool) -> LedgerColumn:
    column = replace(ledger_column(field, lang), frozen=frozen)
    pixels = view.widths.get(field.key)
    return column if pixels is None else replace(column, width=max(round((pixels - 5) / _PIXELS, 1), 1))


def _total(look: Look, lang: str) -> GroupRow | None:
    outline = look.outline
    sums = _sums(look, outline.sums)
    return GroupRow(_("Total").render(lang), outline.count + len(outline.groups), sums) if sums else None


def _grouped_rows(
    connection: Connection, table: Table, look: Look, today: str, lang: str
) -> Iterator[tuple[Any, ...] | GroupRow]:
    """Each group's own row, then its rows."""
    outline = look.outline
    groups = iter([*enumerate(outline.groups), (len(outline.groups), None)])
    at, group = next(groups)
    for place, row in enumerate(_rows(connection, table, look.shown.columns, outline.ids, today)):
        while group is not None and group.start == place:
            label = f"{_said(look.shown.groups[group.level], group.value, lang)} · {group.count:,}"
            yield GroupRow(label, _span(outline, at), _sums(look, group.sums), group.level)
            at, group = next(groups)
        yield row


def _sums(look: Look, sums: Sequence[int | None]) -> dict[int, int]:
    """By the place of the column, which the ids are before."""
    places = {field.key: at for at, field in enumerate(look.shown.columns, 1)}
    pairs = zip(look.outline.summed, sums, strict=True)
    return {places[key]: value for key, value in pairs if value is not None}


def _span(outline: Outline, at: int) -> int:
    """How many rows of the sheet stand under a group: its records, and the rows of the groups in it."""
    group: Group = outline.groups[at]
    inside = 0
    for one in outline.groups[at + 1 :]:
        if one.start >= group.stop or one.level <= group.level:
            break
        inside += 1
    return group.count + inside


def _said(field: Field, value: Any, lang: str) -> str:
    if value is None:
        return _("(empty)").render(lang)
    if isinstance(field.kind, Choice):
        return field.kind.label(value).render(lang)
    if isinstance(field.kind, Flag):
        return (_("Yes") if value else _("No")).render(lang)
    return str(value) if isinstance(field.kind, Words) else show(field.kind, value, lang)


def _counts_days(field: Field) -> bool:
    """What depends on today is not a record's own."""
    return field.key == "days_in_stage"


def _rows(
    connection: Connection, table: Table, fields: Sequence[Field], ids: Sequence[int], today: str | None
) -> Iterator[tuple[Any, ...]]:
    for start in range(0, len(ids), _WINDOW):
        yield from listing.rows(connection, table, fields, ids[start : start + _WINDOW], today=today)
