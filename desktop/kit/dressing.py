"""How a stored value becomes a painted cell of a ledger: text, side, tag, what makes it stand out.

A column's way of doing it is found once, not for each of the hundreds of cells on a page.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from db.core.fields import Words
from db.core.formats import SHOW, show
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
    return [_dress(column, places, today) for column in columns]


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


def heading(group: Group, by: Field, columns: Sequence[Column], sums: Mapping[str, int]) -> list[Cell]:
    """The cells of a group's heading: name and count, then what its columns amount to. sums: key → place in them."""
    name = tr(_("(empty)")) if group.value is None else show(by.kind, group.value, language())
    name = projector.COVERED if projector.hides(by) else name
    cells = [Cell(tr(_("{name} · {count}", name=name, count=f"{group.count:,}")), bold=True)]
    for column in columns[1:]:
        place = sums.get(column.field.key)
        total = None if place is None else group.sums[place]
        text = "" if total is None else show(column.field.kind, total, language())
        cells.append(Cell(text, right=True, bold=True) if text else EMPTY)
    return cells
