"""XML Spreadsheet 2003: one text file of Excel's, with several sheets, that other systems write and call .xls.

Runs in the parser's child process; a file that declares anything is refused.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from xml.etree import ElementTree

from db.sheets.containers import DAMAGED, HOSTILE, TOO_LARGE, Unfit

Cell = str | float | bool | datetime
Row = list[Cell]
Range = tuple[int, int, int, int]

_SPACE = "{urn:schemas-microsoft-com:office:spreadsheet}"
_HIDDEN = "{urn:schemas-microsoft-com:office:excel}Visible"
_WIDEST, _TALLEST = 16_384, 1_048_576


class XmlSheet:
    """A sheet while it is read: cells stand where the last one ended, or where they say (ss:Index)."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.visible = True
        self.rows: list[Row] = []
        self.merged: list[Range] = []
        self._taken: dict[int, int] = {}  # column → first row that no merged cell above covers

    def add(self, row: ElementTree.Element) -> None:
        """One more row, below the last or at its own number."""
        place = _index(row, len(self.rows), _TALLEST)
        self.rows += [[] for _blank in range(place - len(self.rows))]
        found: dict[int, Cell] = {}
        column = 0
        for cell in row.iter(f"{_SPACE}Cell"):
            while self._taken.get(column, 0) > place:
                column += 1
            column = _index(cell, column, _WIDEST)
            found[column] = _said(cell.find(f"{_SPACE}Data"))
            wide, tall = (_number(cell, f"Merge{way}", most) for way, most in (("Across", _WIDEST), ("Down", _TALLEST)))
            if wide or tall:
                self.merged.append((place, column, place + tall, column + wide))
                self._taken |= dict.fromkeys(range(column, column + wide + 1), place + tall + 1)
            column += wide + 1
        if column > _WIDEST or place + len(found) > _TALLEST:
            raise Unfit(TOO_LARGE)
        self.rows.append([found.get(at, "") for at in range(max(found, default=-1) + 1)])


def read_xml(text: str) -> list[XmlSheet]:
    """All sheets of an XML Spreadsheet; raises `Unfit` where it is broken."""
    if "<!doctype" in text.lower():
        raise Unfit(HOSTILE)
    # The text is decoded already: what the file says of its encoding no longer holds.
    start = text.find("<", text.find("?>") + 2) if text.lstrip("\ufeff \r\n\t").startswith("<?xml") else 0
    sheets: list[XmlSheet] = []
    try:
        parsed = ElementTree.iterparse(io.StringIO(text[start:]), events=("start", "end"))  # noqa: S314 - nothing is declared
        for event, element in parsed:
            if event == "start" and element.tag == f"{_SPACE}Worksheet":
                sheets.append(XmlSheet(element.get(f"{_SPACE}Name") or f"Sheet{len(sheets) + 1}"))
            elif event == "end" and element.tag == f"{_SPACE}Row" and sheets:
                sheets[-1].add(element)
                element.clear()
            elif event == "end" and element.tag == _HIDDEN and sheets:
                sheets[-1].visible = not (element.text or "").startswith("SheetHidden")
    except ElementTree.ParseError as broken:
        raise Unfit(DAMAGED) from broken
    return sheets


def _index(element: ElementTree.Element, otherwise: int, most: int) -> int:
    """The 0-based place that a row or a cell says (ss:Index counts from 1), never before where it would stand."""
    return max(otherwise, _number(element, "Index", most) - 1)


def _number(element: ElementTree.Element, name: str, most: int) -> int:
    said = element.get(f"{_SPACE}{name}", "0")
    if not said.isdecimal() or len(said) > 8:
        raise Unfit(DAMAGED)
    if int(said) > most:
        raise Unfit(TOO_LARGE)
    return int(said)


def _said(data: ElementTree.Element | None) -> Cell:
    if data is None:
        return ""
    text, kind = "".join(data.itertext()), data.get(f"{_SPACE}Type", "String")
    try:
        if kind == "Number":
            return float(text)
        if kind == "DateTime":
            return datetime.fromisoformat(text)  # no zone: a cell knows none
    except ValueError:
        return text
    return text == "1" if kind == "Boolean" else text


def rows_of(sheet: XmlSheet) -> Iterator[list[Any]]:
    """The rows of a sheet, all equally long."""
    width = max(map(len, sheet.rows), default=0)
    return (row + [""] * (width - len(row)) for row in sheet.rows)
