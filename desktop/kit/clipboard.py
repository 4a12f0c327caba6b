"""Blocks of cells to and from spreadsheets: HTML with types beside text with tabs, as Excel and WPS give and take them."""

from __future__ import annotations

import atexit
import re
from collections.abc import Sequence
from html import escape
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QGuiApplication

from db.core.errors import Refused, Unavailable
from db.core.fields import Area, Day, Field, Kind, Metric, Money, Whole, Words
from db.core.text import Text, _
from desktop.kit.words import language

if TYPE_CHECKING:
    from PySide6.QtGui import QClipboard, QImage

    from desktop.kit.page import Desk

MOST = 200_000  # cells of one paste; more is a ledger to be imported
_NUMBERS = (Money, Area, Metric, Whole)
_STYLE = (
    'td{mso-number-format:General}.t{mso-number-format:"\\@"}.n{mso-number-format:"\\#\\,\\#\\#0\\.\\#\\#\\#\\#\\#\\#"}'
    '.d{mso-number-format:"yyyy\\-mm\\-dd"}'
)
_WIDEST_SPAN = 1_000
_PLAIN_NUMBER = re.compile(r"[+-]?[\d,]+(\.\d+)?(e[+-]?\d+)?%?", re.IGNORECASE)

_HELD = _("Another program holds the clipboard. Nothing was copied; copy again in a moment.")

Rows = list[list[str | None]]
_ours: list[str] = []  # the text that was put on the clipboard last


class Taken(NamedTuple):
    """What the clipboard held, as it was; `rows_of` understands it, off the window's thread."""

    html: str
    text: str


# --- out ---------------------------------------------------------------------------------------------------------


def copy_cells(fields: Sequence[Field], rows: Sequence[Sequence[Any]]) -> None:
    """Put a block of stored values on the clipboard. Raises `Unavailable` where another program holds it."""
    mime = QMimeData()
    mime.setText(as_text(fields, rows))
    mime.setHtml(as_html(fields, rows))
    put(mime)


def copy_shown(rows: Sequence[Sequence[str]]) -> None:
    """Put texts on the clipboard, as they are shown."""
    mime = QMimeData()
    mime.setText("\n".join("\t".join(map(_quoted, row)) for row in rows))
    put(mime)


def put(mime: QMimeData) -> None:
    """Put anything on the clipboard. Raises `Unavailable` where another program holds it."""
    board = QGuiApplication.clipboard()
    text = mime.text()
    board.setMimeData(mime)
    if not _ours:
        atexit.register(_leave_text)
    _ours[:] = [text]
    if not holds(board, text):
        raise Unavailable(_("Another program holds the clipboard. Nothing was copied; press Ctrl+C again in a moment."))


def give(desk: Desk, given: str | QImage, said: Text) -> None:
    """Put a text or a picture there for a chat and say so; or that another program holds the clipboard."""
    try:
        if isinstance(given, str):
            mime = QMimeData()
            mime.setText(given)
            put(mime)
        else:
            _put_picture(given)
    except Unavailable:
        desk.complain(Unavailable(_HELD))
    else:
        desk.say(said)


def _put_picture(image: QImage) -> None:
    board = QGuiApplication.clipboard()
    board.setImage(image)
    if board.image().size() != image.size():
        raise Unavailable(_HELD)


def _leave_text() -> None:
    """Qt would destroy what Python gave it after Python is gone, and crash; the text stays for other programs."""
    if QGuiApplication.instance() is not None and holds(QGuiApplication.clipboard(), _ours[0]):
        QGuiApplication.clipboard().setText(_ours[0])


def holds_picture() -> bool:
    """Whether a picture, and no text, is there."""
    held: QMimeData | None = QGuiApplication.clipboard().mimeData()
    return held is not None and held.hasImage() and not held.hasText()


def holds_lines() -> bool:
    """Whether there are several lines of text, or cells beside each other."""
    mime = QGuiApplication.clipboard().mimeData()
    text = mime.text().strip("\r\n") if _there(mime) else ""
    return "\n" in text or "\t" in text


def holds(board: QClipboard, text: str) -> bool:
    """Whether what was put there is there: a clipboard that another program holds open takes nothing, and says nothing."""
    mime = board.mimeData()
    return _there(mime) and mime.text().replace("\r\n", "\n") == text


def _there(mime: object) -> bool:
    """PySide gives None for an empty clipboard, whatever its types say."""
    return mime is not None


def as_text(fields: Sequence[Field], rows: Sequence[Sequence[Any]]) -> str:
    """Text with tabs; a cell with a line break, a tab or a quote in it is quoted."""
    return "\n".join(
        "\t".join(_quoted(_shown(one.kind, value)) for one, value in zip(fields, row, strict=True)) for row in rows
    )


def as_html(fields: Sequence[Field], rows: Sequence[Sequence[Any]]) -> str:
    """A table whose cells say what they are: numbers with all their digits, codes as text, days as days."""
    lines = "".join(
        "<tr>" + "".join(_html_cell(one.kind, value) for one, value in zip(fields, row, strict=True)) + "</tr>"
        for row in rows
    )
    return (
        '<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head><meta charset="utf-8"><style>'
        f"{_STYLE}</style></head><body><table>{lines}</table></body></html>"
    )


def _shown(kind: Kind, value: Any) -> str:
    from db.core.formats import show

    return show(kind, value, language())


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if any(mark in text for mark in '\t\n"') else text


def _html_cell(kind: Kind, value: Any) -> str:
    text = _shown(kind, value)
    said = escape(text).replace("\n", '<br style="mso-data-placement:same-cell">')
    if not text:
        return "<td></td>"
    if isinstance(kind, _NUMBERS):
        return f'<td class="n" x:num="{text.replace(",", "")}">{said}</td>'
    if isinstance(kind, Day):
        return f'<td class="d">{said}</td>'
    return f'<td class="t">{said}</td>' if isinstance(kind, Words) else f"<td>{said}</td>"


# --- in ----------------------------------------------------------------------------------------------------------


def take() -> Taken:
    """What the clipboard holds. Raises `Refused` where there is nothing that has cells."""
    mime = QGuiApplication.clipboard().mimeData()
    html, text = (mime.html(), mime.text()) if _there(mime) else ("", "")
    if not text.strip("\r\n") and "<td" not in html.lower():
        raise Refused(_("There is nothing on the clipboard that can be pasted here."))
    return Taken(html, text)


def rows_of(taken: Taken) -> Rows:
    """The cells as rows of one length. None is a cell that a merged one beside it covers: it says nothing of its own."""
    rows = _of_html(taken.html) if "<td" in taken.html.lower() else None
    if rows is None:
        rows = [list(row) for row in of_text(taken.text)]
    width = max((len(row) for row in rows), default=0)
    if len(rows) * width > MOST:
        raise Refused(
            _("{count} cells are too many for one paste (at most {most}); import the file instead.",
              count=f"{len(rows) * width:,}", most=f"{MOST:,}")
        )  # fmt: skip
    return [[*row, *[""] * (width - len(row))] for row in rows]


def of_text(text: str) -> list[list[str]]:
    """Text with tabs; a quoted cell may hold line breaks, tabs and doubled quotes. A lone quote is just a character."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = text.removesuffix("\n")
    if '"' not in text:
        return [line.split("\t") for line in text.split("\n")]
    rows: list[list[str]] = [[]]
    at = 0
    while at <= len(text):
        cell, at = _cell(text, at)
        rows[-1].append(cell)
        if at < len(text) and text[at] == "\n":
            rows.append([])
        at += 1
    return rows


_QUOTED = re.compile(r'"((?:[^"]|"")*)"(?=[\t\n]|$)')
_BARE = re.compile(r"[^\t\n]*")


def _cell(text: str, at: int) -> tuple[str, int]:
    """The cell that begins at a place, and where it ends."""
    found = _QUOTED.match(text, at)
    if found is not None and ("\n" in found[1] or "\t" in found[1] or '""' in found[1]):
        return found[1].replace('""', '"'), found.end()
    bare = _BARE.match(text, at)
    assert bare is not None
    return bare[0], bare.end()


def _of_html(html: str) -> Rows | None:
    """The cells of a page with one table; None where it has another shape than a spreadsheet's."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.grid() if reader.tables == 1 and reader.cells else None


class _Spread(NamedTuple):
    text: str
    across: int
    down: int


class _Reader(HTMLParser):
    """Rows of cells, with how far each goes."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables = 0
        self.cells: list[list[_Spread]] = []
        self._text: list[str] | None = None
        self._given: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A table, a row, a cell, a line break in a cell."""
        if tag == "table":
            self.tables += 1
        elif tag == "tr":
            self._end()
            self.cells.append([])
        elif tag in ("td", "th") and self.cells:
            self._end()
            self._text, self._given = [], {name: value or "" for name, value in attrs}
        elif tag == "br" and self._text is not None:
            self._text.append("\n")

    def handle_endtag(self, tag: str) -> None:
        """The end of a cell or of a row."""
        if tag in ("td", "th", "tr", "table"):
            self._end()

    def handle_data(self, data: str) -> None:
        """Text of a cell; line breaks of the page's source are blanks."""
        if self._text is not None:
            self._text.append(re.sub(r"[ \t\r\n]+", " ", data))

    def _end(self) -> None:
        if self._text is not None:
            lines = "".join(self._text).replace("\xa0", " ").split("\n")
            text = _number(self._given.get("x:num"), "\n".join(line.strip() for line in lines).strip())
            self.cells[-1].append(_Spread(text, _span(self._given.get("colspan")), _span(self._given.get("rowspan"))))
            self._text = None

    def grid(self) -> Rows:
        """Every place with its text; a cell merged downwards stands in all its rows, one merged sideways in the first."""
        rows: Rows = []
        below: dict[tuple[int, int], str | None] = {}
        for at, line in enumerate(self.cells):
            row: list[str | None] = []
            for one in line:
                while (at, len(row)) in below:
                    row.append(below.pop((at, len(row))))
                for further in range(1, min(one.down, len(self.cells) - at)):
                    below |= {(at + further, len(row) + step): None if step else one.text for step in range(one.across)}
                row += [one.text, *[None] * (one.across - 1)]
            while (at, len(row)) in below:
                row.append(below.pop((at, len(row))))
            rows.append(row)
        return rows


def _span(text: str | None) -> int:
    return max(1, min(int(text), _WIDEST_SPAN)) if text and text.isdigit() else 1


def _number(exact: str | None, text: str) -> str:
    """The digits that a spreadsheet keeps where it shows fewer of them, or only ###."""
    if not exact or text.endswith("%"):
        return text
    return exact if not text.strip("#") or _PLAIN_NUMBER.fullmatch(text.replace(" ", "")) else text
