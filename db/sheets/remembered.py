"""What was learned of forms and ledgers: how their headings were understood, found again by how like they are.

A form is known again by its headings, wherever they stand now: of those kept the likest, where it shares most of them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any

from db.core import own
from db.core.text import Text, _

if TYPE_CHECKING:
    from sqlalchemy import Connection

_FORM = "form:"
_LIKE = 0.6  # of all headings of both, how many must be the same; of a renamed one, how much of its text
_BESIDE = 0.3  # the same where its neighbours stand beside it still


def alike(some: Iterable[str], others: Iterable[str]) -> float:
    """How much of two lots of headings is the same: 1 all, 0 nothing."""
    one, other = set(some), set(others)
    return len(one & other) / max(1, len(one | other))


def known_form(connection: Connection, room: str, headings: Sequence[str]) -> dict[str, str]:
    """Heading → cell key or "none", as the likest form was corrected before; {} where none is like it."""
    kept = [json.loads(text) for _name, mark, text in own.layouts(connection, room) if mark.startswith(_FORM)]
    best = max(reversed(kept), key=lambda one: alike(one["headings"], headings), default=None)
    if best is None or alike(best["headings"], headings) < _LIKE:
        return {}
    meanings: dict[str, str] = best["meanings"]
    return meanings


def remember_form(
    connection: Connection, room: str, name: str, headings: Sequence[str], meanings: Mapping[str, str]
) -> None:
    """Keep how a form's headings were corrected. The same headings replace what was kept."""
    mark = _FORM + "|".join(sorted(headings))
    text = json.dumps({"headings": list(headings), "meanings": dict(meanings)}, ensure_ascii=False, sort_keys=True)
    own.remember_layout(connection, room=room, signature=mark, name=name, layout=text)


def ledgers(connection: Connection, room: str) -> list[tuple[str, dict[str, Any]]]:
    """(name, layout) of the ledgers that came into a room, newest last."""
    kept = own.layouts(connection, room)
    return [(name, json.loads(text)) for name, mark, text in kept if not mark.startswith(_FORM)]


def finder(room: str) -> Callable[[Connection, Sequence[str], str], Mapping[str, Any] | None]:
    """What `RoomSheet.like_layout` is for a room whose layouts lie in the book."""

    def find(connection: Connection, headings: Sequence[str], sender: str = "") -> Mapping[str, Any] | None:
        kept = [layout for _name, layout in ledgers(connection, room)]
        likeness = [alike(_headings(one), headings) for one in kept]
        best = max(likeness, default=0.0)
        if best < _LIKE:
            return None
        own_ones = [
            one for one, like in zip(kept, likeness, strict=True) if like >= _LIKE and one.get("sender") == sender
        ]
        likest = [one for one, like in zip(kept, likeness, strict=True) if like == best]
        return own.of_sender(own_ones if sender and own_ones else likest, sender)

    return find


def sender(names: Iterable[str], *texts: str) -> str:
    """Who a ledger is from, by the first of these texts that names somebody of the book: the file, the title, the sheet."""
    known = sorted((name for name in set(names) if len(name) > 1), key=len, reverse=True)
    for text in texts:
        found = min((name for name in known if name in text), key=text.index, default="")
        if found:
            return found
    return ""


def _headings(layout: Mapping[str, Any]) -> list[str]:
    return [one["heading"] for one in layout.get("fields", ()) if one["heading"]]


def carried_over(layout: Mapping[str, Any], headings: Mapping[str, str]) -> dict[str, str]:
    """What was answered about a ledger's columns, at the letters at which they stand now. headings: letter → heading."""
    letters = {heading: letter for letter, heading in headings.items()}
    found: dict[str, str] = {}
    for one in layout["fields"]:
        now = letters.get(one["heading"])
        for mark in ("", "fill:", "unit:"):
            before = layout["columns"].get(f"{mark}{one['letter']}")
            if now is not None and before is not None:
                found[f"{mark}{now}"] = before
    return found


def changed(layout: Mapping[str, Any], headings: Mapping[str, str]) -> list[Text]:
    """What is different in a ledger's columns since it came last: new, gone, renamed, moved."""
    before, now = _headings(layout), list(headings.values())
    gone, new = [one for one in before if one not in now], [one for one in now if one not in before]
    renamed = {one: like for one in gone if (like := _renamed(one, before, now, new)) is not None}
    stayed = [one for one in now if one in before]
    there = [one for one in before if one in now]
    still = {one for part in SequenceMatcher(None, there, stayed, False).get_matching_blocks()
             for one in stayed[part.b : part.b + part.size]}  # fmt: skip
    fresh, lost = [one for one in new if one not in renamed.values()], [one for one in gone if one not in renamed]
    said = {
        _("New columns: {names}.", names=fresh): fresh,
        _("No longer there: {names}.", names=lost): lost,
        _("Renamed: {names}.", names=[f"{old} → {like}" for old, like in renamed.items()]): list(renamed),
        _("Moved: {names}.", names=(moved := [one for one in stayed if one not in still])): moved,
    }
    file = layout.get("file") or layout.get("sheet") or ""
    return [_("Read like “{file}”.", file=file), *(text for text, names in said.items() if names)]


def _renamed(old: str, before: Sequence[str], now: Sequence[str], new: Sequence[str]) -> str | None:
    """A new heading that stands where the old one stood and is nearly called so."""
    at = before.index(old)
    for one in new:
        place = now.index(one)
        beside = (before[at - 1 : at], before[at + 1 : at + 2]) == (now[place - 1 : place], now[place + 1 : place + 2])
        if SequenceMatcher(None, old, one).ratio() >= (_LIKE if not beside else _BESIDE):
            return one
    return None
