"""How a stored value becomes a painted cell of a ledger: text, side, tag, what makes it stand out.

A column's way of doing it is found once, not for each of the hundreds of cells on a page.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from db.core.fields import Words
from db.core.formats import SHOW, foreign_said, show
from db.core.text import _
from desktop.kit import projector
from desktop.kit.cells import EMPTY, Cell
from desktop.kit.columns import Above, Column, Late
from desktop.kit.words import language, tr

if TYPE_CHECKING:
    from db.core.fields import Field
    from db.core.grouping import Group

Values = Sequence[Any]
Dress = Callable[[Values], Cell]

_UNKNOWN = Cell("—", tone="faint")
_UNKNOWN_NUMBER = Cell("—", tone="faint", right=True)


def dresses(columns: Sequence[Column], places: Mapping[str, int], today: str) -> list[Dress]:
    """For each column what makes its cell of a row of values. places: field key → where its value stands in a row."""
    return [_marked(column, _dress(column, places, today), places) for column in columns]


def _marked(column: Column, dress: Dress, places: Mapping[str, int]) -> Dress:
    """The same, and where the view says that the value stands out, its tone and sign."""
    place = places.get(column.field.key)
    if not column.marks or place is None or projector.hides(column.field):
        return dress

    def marked(values: Values) -> Cell:
        cell = dress(values)
        found = next((mark for mark in column.marks if mark.holds(values[place])), None)
        return cell if found is None else cell._replace(text=f"{found.sign} {cell.text}", tone=found.tone, bold=True)

    return marked


def _dress(column: Column, places: Mapping[str, int], today: str) -> Dress:
    place = places.get(column.field.key)
    unknown = _UNKNOWN_NUMBER if column.right else _UNKNOWN
    if place is None:
        return lambda _values: unknown
    if projector.hides(column.field):
        return lambda _values: Cell(projector.COVERED, tone="faint")
    kind, lang, said = column.field.kind, language(), SHOW[type(column.field.kind)]
    if isinstance(kind, Words) and projector.on():
        return partial(_covered, place)
    if isinstance(column.emphasis, Late):
        until = places.get(column.emphasis.until) if column.emphasis.until else None
        return partial(_late, column.emphasis.tone, place, until, today)
    right, tones = column.right, column.tones
    bold_from = column.emphasis.value if isinstance(column.emphasis, Above) else None

    def dress(values: Values) -> Cell:
        value = values[place]
        if value is None or value == "":
            return unknown
        bold = bold_from is not None and value >= bold_from
        return Cell(
            said(kind, value, lang, None, None), "text", tones.get(value, "") if tones else "", right, False, bold
        )

    return dress


def _covered(place: int, values: Values) -> Cell:
    value = values[place]
    return Cell(projector.covered(str(value))) if value else _UNKNOWN


def _late(tone: str, place: int, until: int | None, today: str, values: Values) -> Cell:
    value = values[place]
    if not value:
        return _UNKNOWN
    if not today > value or (until is not None and values[until]):
        return Cell(value)
    return Cell(value, tone=tone, after=tr(_("{days} days late", days=_days(value, today))))


def _days(first: str, last: str) -> int:
    import datetime as dt

    return (dt.date.fromisoformat(last[:10]) - dt.date.fromisoformat(first[:10])).days


def _sum(column: Column, total: int | None, left_out: int) -> Cell:
    """A star says that there are amounts in other currencies beside it."""
    if total is None and not left_out:
        return EMPTY
    text = show(column.field.kind, total or 0, language())
    said = tr(foreign_said(left_out)) if left_out else ""
    return Cell(f"* {text}" if left_out else text, right=True, bold=True, tip=said)


def heading(group: Group, by: Field, columns: Sequence[Column], sums: Mapping[str, int]) -> list[Cell]:
    """The cells of a group's heading: name and count, then what its columns amount to. sums: key → place in them."""
    from db.core.dayparts import base_of, part_name

    name = tr(_("(empty)")) if group.value is None else show(by.kind, group.value, language())
    if group.value is not None and base_of(by.key) is not None:
        name = part_name(group.value, language())
    name = projector.COVERED if projector.hides(by) else projector.covered(name)
    cells = [Cell(tr(_("{name} · {count}", name=name, count=f"{group.count:,}")), bold=True)]
    for column in columns[1:]:
        place = sums.get(column.field.key)
        total = None if place is None else group.sums[place]
        left_out = 0 if place is None or not group.foreign else group.foreign[place]
        cells.append(_sum(column, total, left_out))
    return cells
