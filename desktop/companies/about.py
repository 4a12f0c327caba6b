"""What rooms above the companies tell of one of them: a place in its pane, filled by the list of rooms (desktop/rooms.py)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from db.core.text import Text

if TYPE_CHECKING:
    from db.companies.about import Part
    from desktop.kit.page import Page
    from desktop.kit.side_form import SideForm

About = Callable[[Any, int], "Sequence[Part]"]  # a connection and the id of the company → what is told
Company = tuple[int, str]  # its id and its name


class Tab(NamedTuple):
    """A tab: its key and word, and what stands there. verb, form: what is added there, by the form that is shown then."""

    key: str
    word: Text
    about: About
    verb: Text | None = None
    form: Callable[[Page, Company, Callable[[SideForm], None]], None] | None = None


ABOUT: list[Tab] = []
