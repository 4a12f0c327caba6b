"""The columns of a view over the fields of the book, with what a room and the view itself let stand out in them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from db.core.fields import Field
from desktop.kit import projector
from desktop.kit.columns import Column, Late, Mark, missing_field, width_for

if TYPE_CHECKING:
    from desktop.kit.asking import Found
    from desktop.kit.ledger import Manner

_LATE = 184  # pixels of a day that may be followed by how late it is


def columns_of(found: Found, manner: Manner, kept: Mapping[str, int]) -> list[Column]:
    """From left to right; what must not be seen now is left out. kept: widths they were dragged to."""
    widths = {**manner.widths, **found.view.widths, **kept}
    made = []
    for key in found.view.columns:
        one = found.fields.get(key) or missing_field(key)
        if projector.hides(one):
            continue
        late = manner.emphasis.get(key)
        width = widths.get(key) or (_LATE if isinstance(late, Late) else width_for(one.kind))
        made.append(Column(one, width, manner.tones.get(key), late, _marks(found, one)))
    return made


def _marks(found: Found, one: Field) -> tuple[Mark, ...]:
    if not found.look.shown.emphasis:
        return ()
    from db.core.emphasis import TONES

    marks = [mark for mark in found.look.shown.emphasis if mark.condition.key == one.key]
    return tuple(Mark(found.look.stands_out(mark, one.kind), mark.tone, TONES[mark.tone][1]) for mark in marks)
