"""A room's records as a workbook: every fact of it, or a view as it stands; the id of each row in a hidden column."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from db.core import listing
from db.core.dayparts import base_of, part_name
from db.core.emphasis import PAPER, TONES
from db.core.fields import Choice, Field, Flag, Words
from db.core.formats import foreign_said, show
from db.core.progress import SILENT, Progress
from db.core.text import Text, _
from db.reports.ledger_columns import ledger_column
from db.reports.streamed import Grouped, GroupRow, LedgerColumn, Mark, write_ledger

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
    look = _with_currencies(look)
    outline, fields = look.outline, look.shown.columns
    columns = [_ID, *(_column(view, look, field, lang, at < view.frozen) for at, field in enumerate(fields))]
    name = view.name.render(lang) if isinstance(view.name, Text) else view.name
    told = [_("{count} records", count=outline.count), *look.said, *look.shown.missing]
    told += [foreign_said(max(outline.foreign))] if any(outline.foreign) else []
    write_ledger(
        out, name, columns, Grouped(_grouped_rows(connection, table, look, today, lang), len(look.shown.groups), _total(look, lang)),
        note=("；" if lang == "zh" else "; ").join(one.render(lang).removesuffix("。") for one in told),
        count=outline.count + len(outline.groups), lang=lang,
        progress=progress,
    )  # fmt: skip
    return outline.count


def _column(view: View, look: Look, field: Field, lang: str, frozen: bool) -> LedgerColumn:
    marks = tuple(
        Mark(look.stands_out(one, field.kind), TONES[one.tone][1], PAPER[one.tone])
        for one in look.shown.emphasis
        if one.condition.key == field.key
    )
    column = replace(ledger_column(field, lang), frozen=frozen, marks=marks, only=_only(look, field, lang))
    pixels = view.widths.get(field.key)
    return column if pixels is None else replace(column, width=max(round((pixels - 5) / _PIXELS, 1), 1))


def _with_currencies(look: Look) -> Look:
    """With the column of the currency, where a sum leaves amounts in others out: they would all read as the unit's."""
    shown, outline = look.shown, look.outline
    left_out = {key for key, count in zip(outline.summed, outline.foreign, strict=True) if count}
    told = {one.currency.key: one.currency for one in shown.columns if one.key in left_out and one.currency}
    missing = [one for key, one in told.items() if all(column.key != key for column in shown.columns)]
    return replace(look, shown=replace(shown, columns=(*shown.columns, *missing)))


def _only(look: Look, field: Field, lang: str) -> tuple[int, str] | None:
    """Where the sums of a field leave amounts out: by which column, and the text of those that count."""
    outline = look.outline
    if field.currency is None or not dict(zip(outline.summed, outline.foreign, strict=True)).get(field.key):
        return None
    place = next(at for at, one in enumerate(look.shown.columns, 1) if one.key == field.currency.key)
    assert isinstance(field.currency.kind, Choice)
    return place, field.currency.kind.options[0][1].render(lang)


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
    cover = look.cover
    texts = {
        at for at, field in enumerate(look.shown.columns, 1) if cover is not None and isinstance(field.kind, Words)
    }
    for place, row in enumerate(_rows(connection, table, look.shown.columns, outline.ids, today)):
        while group is not None and group.start == place:
            label = f"{_said(look.shown.groups[group.level], group.value, lang)} · {group.count:,}"
            yield GroupRow(label, _span(outline, at), _sums(look, group.sums), group.level)
            at, group = next(groups)
        if texts and cover is not None:
            yield tuple(cover(cell) if at in texts and cell else cell for at, cell in enumerate(row))
        else:
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
    if base_of(field.key) is not None:
        return part_name(value, lang)
    return str(value) if isinstance(field.kind, Words) else show(field.kind, value, lang)


def _counts_days(field: Field) -> bool:
    """What depends on today is not a record's own."""
    return field.key == "days_in_stage"


def _rows(
    connection: Connection, table: Table, fields: Sequence[Field], ids: Sequence[int], today: str | None
) -> Iterator[tuple[Any, ...]]:
    for start in range(0, len(ids), _WINDOW):
        yield from listing.rows(connection, table, fields, ids[start : start + _WINDOW], today=today)
