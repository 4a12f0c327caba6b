"""What was learned of forms and ledgers: how their headings were understood, found again by how like they are.

A form is known again by its headings, wherever they stand now: of those kept the likest, where it shares most of them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from db.core import own
from db.core.text import Text, _

if TYPE_CHECKING:
    from sqlalchemy import Connection

_FORM = "form:"
_LIKE = 0.6  # of all headings of both, how many must be the same


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


def finder(room: str) -> Callable[[Connection, Sequence[str]], Mapping[str, Any] | None]:
    """What `RoomSheet.like_layout` is for a room whose layouts lie in the book."""

    def find(connection: Connection, headings: Sequence[str]) -> Mapping[str, Any] | None:
        kept = [layout for _name, layout in ledgers(connection, room)]
        best = max(reversed(kept), key=lambda one: alike(_headings(one), headings), default=None)
        return best if best is not None and alike(_headings(best), headings) >= _LIKE else None

    return find


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


def changed(layout: Mapping[str, Any], headings: Mapping[str, str]) -> Text:
    """What is different in a ledger's columns since it came last."""
    before = {one["heading"]: one["letter"] for one in layout["fields"] if one["heading"]}
    now = {heading: letter for letter, heading in headings.items()}
    new = [heading for heading in now if heading not in before]
    gone = [heading for heading in before if heading not in now]
    file = layout.get("file") or layout.get("sheet") or ""
    if new and gone:
        return _("Read like “{file}”. New columns: {new}; no longer there: {gone}.", file=file, new=new, gone=gone)
    if new:
        return _("Read like “{file}”. New columns: {new}.", file=file, new=new)
    if gone:
        return _("Read like “{file}”. No longer there: {gone}.", file=file, gone=gone)
    return _("Read like “{file}”; its columns stand in another order.", file=file)
