"""「投屏模式」: while the screen is projected, tax, classes and phones are nowhere on it.

A field says by itself that it is private (`Field.private`); telephone numbers inside other texts are covered too. Like
the language, it is one thing for the whole window, so it is kept once, here. What is stored is never touched.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from db.core.fields import Field

COVERED = "•••"
_PHONE = re.compile(r"(?<!\d)(1[3-9]\d)[ -]?\d{4}[ -]?\d{4}(?!\d)|(?<!\d)(0\d{2,3})[ -]\d{7,8}(?!\d)")
_state = {"on": False}


def on() -> bool:
    """Whether the screen is projected."""
    return _state["on"]


def switch(to: bool) -> None:
    """Projected or not; pages are made anew by the window."""
    _state["on"] = to


def hides(field: Field) -> bool:
    """Whether the values of a field must not be seen now."""
    return field.private and on()


def covered(text: str) -> str:
    """A text without the telephone numbers in it, while the screen is projected."""
    return _PHONE.sub(lambda found: (found[1] or found[2]) + COVERED, text) if on() else text
