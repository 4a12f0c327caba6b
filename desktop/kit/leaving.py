"""What rooms above offer to do with the rows of a ledger, beside exporting them: a place in the menu of its export button."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from db.core.text import Text

if TYPE_CHECKING:
    from desktop.kit.ledger import Ledger


class Offer(NamedTuple):
    """One thing to do. keys: its shortcut. fits: whether the ledger of a room, by its name, has it."""

    text: Text
    keys: str
    do: Callable[[Ledger], object]
    fits: Callable[[str], bool]


OFFERED: list[Offer] = []  # filled by the list of rooms (desktop/rooms.py)
