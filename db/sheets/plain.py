"""Tables kept as text: separated values in the encodings Chinese offices use, web pages and XML named .xls.

Runs in the parser's child process. Every cell stays text: an 18-digit code in a .csv is not yet a number.
"""

from __future__ import annotations

import csv
import io
import re
from collections import deque
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, NamedTuple

from db.sheets.containers import DAMAGED, NOT_A_TABLE, TOO_LARGE, Unfit, refuse_doctype
from db.sheets.plain_xml import read_xml, rows_of

Row = list[str]
Range = tuple[int, int, int, int]

_DELIMITERS = ",\t;|，"
_WIDEST, _TALLEST = 16_384, 1_048_576
# A cell may hold a long paragraph; beyond this a quote was never closed.
_LONGEST_CELL = 1_000_000


def decode(raw: bytes) -> str:
    """Text of a file that names no encoding: by its mark, as UTF-8, else as GB18030; raises `Unfit`."""
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return _strict(raw, "utf-16")
    if raw[:3] == b"\xef\xbb\xbf":
        return _strict(raw, "utf-8-sig")
    if 0 in raw[:4096]:
        return _strict(raw, _unmarked_utf16(raw[:4096]))
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unfit(NOT_A_TABLE)


def _strict(raw: bytes, encoding: str) -> str:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as broken:
        raise Unfit(DAMAGED) from broken


def _unmarked_utf16(start: bytes) -> str:
    """Separators and line ends of a table in UTF-16 leave zeros mostly in one half of the bytes."""
    even, odd = start[0::2].count(0), start[1::2].count(0)
    if max(even, odd) < 4 * min(even, odd) + 4:
        raise Unfit(NOT_A_TABLE)
    return "utf-16-le" if odd > even else "utf-16-be"


class TextSheet(NamedTuple):
    """One sheet of a text file: its name, whether it is shown, its rows and merged ranges."""

    name: str
    visible: bool
    rows: Iterator[list[Any]]
    merged: list[Range]


def read_text(path: Path) -> list[TextSheet]:
    """The sheets of a text, web-page or XML table; raises `Unfit` for what is none of them."""
    raw = path.read_bytes().rstrip(b"\x1a")  # the end mark of DOS programs
    if raw.lstrip()[:5] in (b"%PDF-", b"{\\rtf"):
        raise Unfit(NOT_A_TABLE)
    text = decode(raw)
    if not text.strip() or re.search(r"[\x00-\x08\x0e-\x1f\x7f]", text[:200_000]):
        raise Unfit(NOT_A_TABLE)
    start = text[:4096].lstrip("\ufeff \t\r\n").lower()
    if start.startswith("<"):
        if start.startswith("<?xml"):
            refuse_doctype(raw[:65_536])
        if "urn:schemas-microsoft-com:office:spreadsheet" in start and "<workbook" in start:
            return [TextSheet(one.name, one.visible, rows_of(one), one.merged) for one in read_xml(text)]
        if "<table" in text.lower():
            page = _Page(text)
            return [TextSheet(path.stem, True, iter(page.rows), page.merged)]
        raise Unfit(NOT_A_TABLE)
    return [TextSheet(path.stem, True, _separated(text), [])]


def _separated(text: str) -> Iterator[Row]:
    stream = io.StringIO(text.removeprefix("\ufeff"), newline="")
    said = re.match(r"\ufeff?sep=(.)\r?\n", text)
    if said:
        stream.readline()
    delimiter = said[1] if said else delimiter_of(text)
    csv.field_size_limit(_LONGEST_CELL)
    place = stream.tell()
    bare = _never_closed(stream, delimiter)
    stream.seek(place)
    try:
        for row in csv.reader(stream, delimiter=delimiter, quoting=csv.QUOTE_NONE if bare else csv.QUOTE_MINIMAL):
            if len(row) > _WIDEST:
                raise Unfit(TOO_LARGE)
            yield [_unwrapped(cell) if cell[:2] == '="' else cell for cell in row]
    except csv.Error as broken:
        raise Unfit(TOO_LARGE if "field limit" in str(broken) else DAMAGED) from broken


def _never_closed(stream: io.StringIO, delimiter: str) -> bool:
    """Whether a quote is opened that nothing closes: all that follows would be one cell, so it is a sign like others."""
    if stream.getvalue().count('"') % 2 == 0:
        return False
    try:
        deque(csv.reader(stream, delimiter=delimiter, strict=True), maxlen=0)
    except csv.Error as broken:
        return "end of data" in str(broken)
    return False


def _unwrapped(cell: str) -> str:
    """Other systems write ="0123" so that Excel keeps the zero: the cell is 0123."""
    return cell[2:-1] if cell.endswith('"') and len(cell) > 2 else cell


def delimiter_of(text: str) -> str:
    """The separator that cuts the most of the first lines into the same number of cells; a comma where none does."""
    lines = [re.sub(r'"[^"]*"', "", line) for line in text[:65_536].splitlines()[:60] if line.strip()]

    def worth(delimiter: str) -> tuple[int, int]:
        counts = [line.count(delimiter) for line in lines]
        cut = [count for count in counts if count]
        usual = max(set(cut), key=cut.count) if cut else 0
        return cut.count(usual), usual

    return max(_DELIMITERS, key=worth) if any(d in line for line in lines for d in _DELIMITERS) else ","


class _Page(HTMLParser):
    """The tables of a web page, one below the other as a spreadsheet program shows them."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: list[Row] = []
        self.merged: list[Range] = []
        self._row: dict[int, str] | None = None
        self._cell: list[str] | None = None
        self._column = 0
        self._spans = (1, 1)
        self._taken: dict[int, int] = {}  # column → rows still covered by a cell above
        self._mute = 0
        self.feed(text)
        self.close()
        self._end_row()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open a row or a cell; a missing end tag is implied."""
        if tag in ("style", "script", "title"):
            self._mute += 1
        elif tag in ("tr", "table"):
            self._end_row()
            self._row = {} if tag == "tr" else None
            self._taken = {} if tag == "table" else self._taken
        elif tag in ("td", "th"):
            self._end_cell()
            self._row = {} if self._row is None else self._row
            given = dict(attrs)
            self._cell = []
            self._spans = (_span(given.get("rowspan"), _TALLEST), _span(given.get("colspan"), _WIDEST))
        elif tag == "br" and self._cell is not None:
            self._cell.append("\n")

    def handle_endtag(self, tag: str) -> None:
        """Close what the tag closes."""
        if tag in ("style", "script", "title"):
            self._mute = max(0, self._mute - 1)
        elif tag in ("td", "th"):
            self._end_cell()
        elif tag in ("tr", "table"):
            self._end_row()

    def handle_data(self, data: str) -> None:
        """Text of a cell, its white space folded as a browser does."""
        if self._cell is not None and not self._mute:
            self._cell.append(re.sub(r"[ \t\r\n\xa0]+", " ", data))

    def _end_cell(self) -> None:
        if self._cell is None or self._row is None:
            return
        column = self._column
        while self._taken.get(column, 0) > 0:
            column += 1
        tall, wide = self._spans
        text = "".join(self._cell)
        self._row[column] = "\n".join(line.strip() for line in text.split("\n")).strip()
        for covered in range(column + 1, column + wide):
            self._row[covered] = ""
        self._column = column + wide
        if tall > 1 or wide > 1:
            top = len(self.rows)
            self.merged.append((top, column, top + tall - 1, column + wide - 1))
        if tall > 1:
            # Counted from this row on: the end of the row takes one off.
            self._taken.update(dict.fromkeys(range(column, column + wide), tall))
        self._cell = None
        if column + wide > _WIDEST:
            raise Unfit(TOO_LARGE)

    def _end_row(self) -> None:
        self._end_cell()
        if self._row is None:
            return
        self.rows.append([self._row.get(column, "") for column in range(self._column)])
        self._column = 0
        self._taken = {column: left - 1 for column, left in self._taken.items() if left > 1}
        self._row = None


def _span(said: str | None, most: int) -> int:
    number = int(said) if said and said.strip().isdecimal() and len(said) < 9 else 1
    return min(max(number, 1), most)
