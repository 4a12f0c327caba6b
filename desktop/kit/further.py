"""What rooms above offer to do with a file that is attached to a record: a place in the menu of any list of files."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from db.core.text import Text

if TYPE_CHECKING:
    from db.core.attachments import Attachment
    from desktop.kit.page import Page


class Further(NamedTuple):
    """One thing to do. suffixes: of the files it is offered for (`.jpg`)."""

    text: Text
    suffixes: frozenset[str]
    do: Callable[[Page, Attachment], None]


OFFERED: list[Further] = []  # filled by the list of rooms (desktop/rooms.py)
