"""What a Word file carries that nobody sees: which figure a number is, where a paragraph stands, of which report it is.

A number is wrapped in a content control that names its figure, and a paragraph in a hidden bookmark that names its
place, so that a copy that comes back edited can be laid beside what was sent (docx_return.py).
"""

from __future__ import annotations

from db.reports.report import FigureNumber

CONTROL = "zs"
BOOKMARK = "_zs_"
OWN = "zhaoshang."  # begins the names of what the file says of itself
_LONGEST_TAG, _LONGEST_BOOKMARK = 64, 40  # what Word takes


def tag_of(number: FigureNumber) -> str:
    """The control's name: figure, which of its numbers, and how it read when it was sent; "" where Word would not take it."""
    name = f"{CONTROL}|{number.figure}|{number.nth}|{number.printed}"
    return name if len(name) <= _LONGEST_TAG else ""


def bookmark_of(place: str) -> str:
    """The bookmark's name, "" where Word would not take it."""
    name = BOOKMARK + place.replace(".", "__")
    return name if place and len(name) <= _LONGEST_BOOKMARK and name.replace("_", "").isalnum() else ""
