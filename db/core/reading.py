"""What a typed value was understood as: a stored value, a blank, or a refusal in words."""

from __future__ import annotations

import unicodedata
from typing import NamedTuple

from db.core.text import Text

Stored = int | str | None


class Reading(NamedTuple):
    """One value as understood.

    value: as stored. refused: why it cannot be taken; accepted: forms that would be. note: what was decided in
    reading (a month without a day). remark: what was written beside the value and belongs in the remarks (左右).
    currency: code of a currency other than yuan that the cell itself names. words: text where a number, a date or a
    choice belongs; the room may know what it means. blank: a way of saying nothing (/, 待定). doubt: may mean two
    things. sized: the value itself names its unit.
    """

    value: Stored = None
    refused: Text | None = None
    accepted: Text | str = ""
    note: Text | None = None
    remark: str = ""
    currency: str = ""
    words: bool = False
    blank: bool = False
    sized: bool = False


def refuse(why: Text, accepted: Text | str = "", *, words: bool = False) -> Reading:
    """A value that cannot be taken, why, and what would be."""
    return Reading(refused=why, accepted=accepted, words=words)


def half_width(text: str) -> str:
    """Full-width digits, letters, brackets and spaces as their ordinary forms, trimmed."""
    return (text if text.isascii() else unicodedata.normalize("NFKC", text)).strip()
