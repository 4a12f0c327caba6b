"""Errors and uncalculated formulas in an .ods, whose parser reads only the values that cells declare.

An error is declared as an empty text, by old programs as the number 0, and stands only in the paragraph that is
shown. Blocks without the sign of one are counted, not looked into.
"""

from __future__ import annotations

import re
import zipfile
from html import unescape
from pathlib import Path

from db.core.packages import BROKEN_ZIP
from db.sheets.containers import MOST_LOST, TOO_LARGE, Lost, Unfit

_CHUNK = 1 << 20
_OVERLAP = 8192  # the longest formula
_LONGEST_ROW = 64 << 20
_ROW_END = b"</table:table-row>"
_ATTRIBUTES = rb"(?:[^>\"']|\"[^\"]*\"|'[^']*')*+"
_SIGNS = (b'-type="error"', b"<text:p>#", b"<text:p>Err:")
_UNCALCULATED = re.compile(rb'table:formula="[^"]*"(?: table:[a-z-]+="[^"]*")*/?>')
_TOKEN = re.compile(rb"<table:(?P<what>table|table-row)(?P<head>(?:[\s/]" + _ATTRIBUTES + rb")?)>")
_CELL = re.compile(
    rb"<table:(?:covered-)?table-cell(?P<head>"
    + _ATTRIBUTES
    + rb")(?:(?<=/)>|>(?P<inside>.*?)</table:(?:covered-)?table-cell>)",
    re.DOTALL,
)
_NAME = re.compile(rb'table:name="([^"]*)"')
_FORMULA = re.compile(rb'table:formula="(?:[a-z]+:)?([^"]*)"')
_ROWS, _COLUMNS = (
    re.compile(rb"table:number-" + what + rb'-repeated="([0-9]{1,9})"') for what in (b"rows", b"columns")
)
_NOTE = re.compile(rb"<office:annotation\b.*?</office:annotation>", re.DOTALL)
_SHOWN = re.compile(rb"<text:p\b[^>]*>(.*?)</text:p>", re.DOTALL)
_ERROR = re.compile(r"#(?:[A-Z]+[!?]|N/A|DIV/0!|GETTING_DATA)|Err:[0-9]{3}")


def lost_in_open_document(path: Path) -> dict[str, Lost]:
    """What stands in cells that the parser leaves blank or gives as 0, for each sheet by its name."""
    search = _Search()
    try:
        with zipfile.ZipFile(path) as archive, archive.open("content.xml") as stream:
            if not _may_hold_any(archive):
                return {}
            left = b""
            while (chunk := stream.read(_CHUNK)) and search.count < MOST_LOST:
                block = left + chunk
                end = block.rfind(_ROW_END, max(0, len(left) - len(_ROW_END)))
                if end >= 0:
                    search.take(block[: end + len(_ROW_END)])
                    block = block[end + len(_ROW_END) :]
                elif len(block) > _LONGEST_ROW:
                    raise Unfit(TOO_LARGE)
                left = block
    except (*BROKEN_ZIP, KeyError):
        # The parser reads the same bytes and says so.
        return {}
    return search.found


def _may_hold_any(archive: zipfile.ZipFile) -> bool:
    """A quick look at the whole document: most hold none, and are not to wait for it."""
    with archive.open("content.xml") as stream:
        left = b""
        while chunk := stream.read(4 * _CHUNK):
            block = left + chunk
            if _suspect(block, 0, len(block)):
                return True
            left = chunk[-_OVERLAP:]
    return False


class _Search:
    """How far the document was read: which sheet, how many rows of it."""

    def __init__(self) -> None:
        self.found: dict[str, Lost] = {}
        self.count = 0
        self._sheet = ""
        self._row = 0

    def take(self, block: bytes) -> None:
        """Look through whole rows."""
        suspect = _suspect(block, 0, len(block))
        if not suspect and b"<table:table " not in block:
            self._row += sum(block.count(b"<table:table-row" + after) for after in (b" ", b">", b"/>"))
            self._row += sum(int(times) - 1 for times in _ROWS.findall(block))
            return
        tokens = list(_TOKEN.finditer(block))
        ends = [token.start() for token in tokens[1:]] + [len(block)]
        for token, end in zip(tokens, ends, strict=True):
            if token["what"] == b"table":
                name = _NAME.search(token["head"])
                self._sheet, self._row = unescape(name[1].decode("utf-8", "replace")) if name else "", 0
                continue
            times = _repeated(_ROWS, token["head"])
            if suspect and _suspect(block, token.end(), end):
                self._look(block, token.end(), end, times)
            self._row += times

    def _look(self, block: bytes, start: int, end: int, rows: int) -> None:
        column = 0
        for cell in _CELL.finditer(block, start, end):
            times = _repeated(_COLUMNS, cell["head"])
            said = _said(cell["head"], cell["inside"] or b"")
            if said:
                rows, times = min(rows, MOST_LOST), min(times, MOST_LOST)
                self.count += rows * times
                if self.count > MOST_LOST:
                    return
                for row in range(self._row, self._row + rows):
                    known = self.found.setdefault(self._sheet, {}).setdefault(row, {})
                    known.update(dict.fromkeys(range(column, column + times), said))
            column += times


def _suspect(block: bytes, start: int, end: int) -> bool:
    if block.find(b"table:formula=", start, end) < 0 and block.find(_SIGNS[0], start, end) < 0:
        return False
    return any(block.find(sign, start, end) >= 0 for sign in _SIGNS) or bool(_UNCALCULATED.search(block, start, end))


def _repeated(what: re.Pattern[bytes], head: bytes) -> int:
    times = what.search(head)
    return max(1, int(times[1])) if times else 1


def _said(head: bytes, inside: bytes) -> str:
    formula = _FORMULA.search(head)
    declared = b'-type="error"' in head
    if formula is None and not declared:
        return ""
    shown = _SHOWN.search(_NOTE.sub(b"", inside))
    text = unescape(re.sub(rb"<[^>]*>", b"", shown[1]).decode("utf-8", "replace")) if shown else ""
    if declared or b"office:value-type=" not in head:
        return text or (unescape(formula[1].decode("utf-8", "replace")) if formula else "")
    return text if _ERROR.fullmatch(text) else ""
