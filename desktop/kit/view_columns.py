"""The columns of a view over the fields of the book, with what a room and the view itself let stand out in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from db.core.fields import Choice, Field
from desktop.kit import projector, theme
from desktop.kit.columns import Column, Late, Mark, missing_field, width_for
from desktop.kit.words import tr

if TYPE_CHECKING:
    from desktop.kit.asking import Found
    from desktop.kit.ledger import Manner

_LATE = 184  # pixels of a day that may be followed by how late it is
_TAG = 12  # pixels of the ground round a word
_WIDEST = 220  # pixels that a heading or a choice may claim


def columns_of(found: Found, manner: Manner, kept: Mapping[str, int]) -> list[Column]:
    """From left to right; what must not be seen now is left out. kept: widths they were dragged to."""
    chosen = {**found.view.widths, **kept}
    made = []
    for key in found.view.columns:
        one = found.fields.get(key) or missing_field(key)
        if projector.hides(one):
            continue
        late = manner.emphasis.get(key)
        width = manner.widths.get(key) or (_LATE if isinstance(late, Late) else width_for(one.kind))
        column = Column(one, width, manner.tones.get(key), late, _marks(found, one))
        made.append(replace(column, width=chosen.get(key) or max(width, _needed(column))))
    return made


def _needed(column: Column) -> int:
    """So wide that its heading and what can be chosen in it are read whole."""
    words = [theme.metrics(12).horizontalAdvance(column.heading)]
    if isinstance(column.field.kind, Choice):
        metrics, ground = theme.metrics(13), _TAG if column.tones else 0
        words += [metrics.horizontalAdvance(tr(label)) + ground for _key, label in column.field.kind.options]
    return min(max(words) + 2 * theme.CELL_PADDING + 2, _WIDEST)


def _marks(found: Found, one: Field) -> tuple[Mark, ...]:
    if not found.look.shown.emphasis:
        return ()
    from db.core.emphasis import TONES

    marks = [mark for mark in found.look.shown.emphasis if mark.condition.key == one.key]
    return tuple(Mark(found.look.stands_out(mark, one.kind), mark.tone, TONES[mark.tone][1]) for mark in marks)
