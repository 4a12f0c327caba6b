"""What rooms above the companies tell of one of them: a place in its pane, filled by the list of rooms (desktop/rooms.py)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from db.core.text import Text

if TYPE_CHECKING:
    from db.companies.about import Part

About = Callable[[Any, int], "Sequence[Part]"]  # a connection and the id of the company → what is told
ABOUT: list[tuple[str, Text, About]] = []  # key and word of the tab, and what stands there
