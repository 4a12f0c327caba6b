"""Cells that hold something although the parser gives them as blank: errors, and formulas nobody calculated.

The parser reads `#REF!` as nothing, and so it does a formula that was written without its value (by a program that
does not calculate). Left so, a filled cell would vanish without a word. Runs in the parser's child process, in a
thread beside the parser, which does not hold the interpreter while it parses.
"""

from __future__ import annotations

import re
import zipfile
from html import unescape
from pathlib import Path

from db.sheets.containers import BROKEN_ZIP, sheet_parts

Lost = dict[int, dict[int, str]]  # row → column (both 0-based) → what stands there

_CHUNK = 1 << 20
_MOST = 100_000
_ERROR, _FORMULA = b't="e"', b"</f>"
_UNCALCULATED = (b"</f></c>", b"</f><v></v>", b"</f><v/>", b"</f><v />")
_CELL = re.compile(
    rb"<c (?P<head>[^>]*)>"
    rb"(?:<f(?P<shared>[^>]*?)(?:/>|>(?P<formula>[^<]*)</f>))?"
    rb"(?:<v ?/>|<v[^>/]*>(?P<value>[^<]*)</v>)?</c>"
)
_PLACE = re.compile(rb'\br="([A-Z]{1,3})([0-9]{1,7})"')


def lost_cells(path: Path, sheet: str) -> Lost:
    """What stands in the cells of an .xlsx sheet that the parser leaves blank; {} for other formats."""
    found: Lost = {}
    try:
        with zipfile.ZipFile(path) as archive:
            part = sheet_parts(archive).get(sheet)
            if part not in archive.namelist():
                return found
            with archive.open(part) as stream:
                left = b""
                while (chunk := stream.read(_CHUNK)) and len(found) < _MOST:
                    left = _search(left + chunk, found)
    except BROKEN_ZIP:
        # The parser reads the same bytes and says so.
        return {}
    return found


def _search(block: bytes, found: Lost) -> bytes:
    """Search the whole cells of `block`; returns the cut one at its end."""
    end = block.rfind(b"</c>") + 4
    if end < 4:
        return block[-_CHUNK:]
    if _ERROR in block or (_FORMULA in block and any(sign in block for sign in _UNCALCULATED)):
        for match in _CELL.finditer(block, 0, end):
            said = _said(match)
            place = _PLACE.search(match["head"]) if said else None
            if place:
                found.setdefault(int(place[2]) - 1, {})[_column(place[1])] = said
    return block[end:]


def _said(match: re.Match[bytes]) -> str:
    value = (match["value"] or b"").decode("utf-8", "replace")
    if b't="e"' in match["head"]:
        return unescape(value)
    if (match["formula"] is None and match["shared"] is None) or value or b't="str"' in match["head"]:
        return ""
    return "=" + unescape((match["formula"] or b"").decode("utf-8", "replace"))


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1
