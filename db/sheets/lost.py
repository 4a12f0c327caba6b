"""Cells that hold something although the parser gives them as blank: errors, and formulas nobody calculated.

The parser reads `#REF!` as nothing, and so it does a formula that was written without its value (by a program that
does not calculate). Left so, a filled cell would vanish without a word. Runs in the parser's child process, in a
thread beside the parser, which does not hold the interpreter while it parses. This module knows the .xlsx, its
neighbours the other formats.
"""

from __future__ import annotations

import re
import zipfile
from html import unescape
from pathlib import Path

from db.core.packages import BROKEN_ZIP
from db.sheets.containers import MOST_LOST, Lost, sheet_parts
from db.sheets.lost_binary import lost_in_binary_sheet, lost_in_old_workbook
from db.sheets.lost_open import lost_in_open_document

_CHUNK = 1 << 20
_ERROR, _FORMULA = b't="e"', b"</f>"
_UNCALCULATED = (b"</f></c>", b"</f><v></v>", b"</f><v/>", b"</f><v />")
_CELL = re.compile(
    rb"<c (?P<head>[^>]*)>"
    rb"(?:<f(?P<shared>[^>]*?)(?:/>|>(?P<formula>[^<]*)</f>))?"
    rb"(?:<v ?/>|<v[^>/]*>(?P<value>[^<]*)</v>)?</c>"
)
_PLACE = re.compile(rb'\br="([A-Z]{1,3})([0-9]{1,7})"')


def lost_in_book(path: Path, kind: str) -> dict[str | int, Lost]:
    """What stands in the cells that the parser leaves blank, for each sheet of an .ods by name, of an .xls by place."""
    found: dict[str | int, Lost] = {}
    if kind == "ods":
        found.update(lost_in_open_document(path).items())
    elif kind == "xls":
        found.update(lost_in_old_workbook(path).items())
    return found


def lost_in_sheet(path: Path, kind: str, sheet: str) -> Lost:
    """The same for a sheet of an .xlsx or .xlsb, where each is a part of its own; {} for other formats."""
    if kind == "xlsb":
        return lost_in_binary_sheet(path, sheet)
    return _lost_in_xml(path, sheet) if kind == "xlsx" else {}


def _lost_in_xml(path: Path, sheet: str) -> Lost:
    found: Lost = {}
    try:
        with zipfile.ZipFile(path) as archive:
            part = sheet_parts(archive).get(sheet)
            if part not in archive.namelist():
                return found
            with archive.open(part) as stream:
                left = b""
                while (chunk := stream.read(_CHUNK)) and len(found) < MOST_LOST:
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
    errors = b"e" in block and _ERROR in block  # a single letter is found, or missed, many times faster
    if errors or (b"f" in block and _FORMULA in block and any(sign in block for sign in _UNCALCULATED)):
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
