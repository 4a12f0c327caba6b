"""A ledger of any length as a workbook, written row by row: memory does not grow with the rows.

XlsxWriter makes the workbook around it once (styles, widths, frozen header, filter, lists to choose from) with a single
sample row; the rows are then streamed into the sheet's XML in its place. Only public means of XlsxWriter are used, and
what comes out reads back equal cell by cell.
"""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import IO, Any, Literal, NamedTuple
from zipfile import ZIP_DEFLATED, ZipFile

from xlsxwriter import Workbook
from xlsxwriter.utility import xl_col_to_name

from db.core.errors import Refused
from db.core.progress import SILENT, Progress
from db.core.text import _
from db.reports.whole_files import written_whole
from db.reports.xlsx_sheets import page_set_up
from db.reports.xlsx_styles import BORDER, TOTAL_FILL, Styles, sheet_name

Stored = int | str | None
LAST_ROW = 1_048_576  # of an Excel sheet
_BATCH = 1000
_REMEMBERED = 4096  # pieces of XML a column remembers: bounded, so that memory does not depend on the rows
_LEVEL = 3  # of compression: a third of the default's time for a tenth more bytes
_LONGEST_TEXT = 32767
_PLACES = 12
_ZIP64_FROM = 20_000_000  # cells


class Mark(NamedTuple):
    """Which stored values stand out, and how: a sign before them, and a colour (RRGGBB)."""

    holds: Callable[[Stored], bool]
    sign: str
    color: str


@dataclass(frozen=True)
class LedgerColumn:
    """A column of a ledger and how its stored values (int, text or None) appear in Excel.

    kind: text, code (text, whatever digits it has), number (the stored int ÷ `divide`, exactly), date (ISO text),
    choice (`labels` by stored key; offered as a list). hidden: there, but not shown (ids). frozen: it and those before
    it stay when one scrolls; the first two shown where none is. marks: the first that holds counts.
    only: where its sums leave rows out, the place of the column that tells which, and the text of those that count.
    """

    key: str
    label: str
    kind: Literal["text", "code", "number", "date", "choice"] = "text"
    divide: int = 1
    decimals: int = 0
    width: float = 12
    labels: Mapping[str, str] = field(default_factory=dict)
    hidden: bool = False
    frozen: bool = False
    marks: tuple[Mark, ...] = ()
    only: tuple[int, str] | None = None


@dataclass(frozen=True)
class GroupRow:
    """A row over the `span` rows that follow: `label` in the first column shown, sums in bold, which fold in Excel.

    level: 0 for the outermost. sums: stored value by place of the column.
    """

    label: str
    span: int
    sums: Mapping[int, int]
    level: int = 0


@dataclass(frozen=True)
class Grouped:
    """Rows among which stand the rows of their groups, of so many levels.

    total: the row of all, which stands over the header, where no filter hides it and no sorting moves it.
    """

    rows: Iterable[Sequence[Stored] | GroupRow]
    levels: int
    total: GroupRow | None = None


def write_ledger(
    path: Path,
    title: str,
    columns: Sequence[LedgerColumn],
    rows: Iterable[Sequence[Stored]] | Grouped,
    *,
    note: str = "",
    count: int = 0,
    lang: str = "zh",
    progress: Progress = SILENT,
) -> int:
    """Write `rows` (as long as `columns` each) under `title`, `note` and the header; how many were written.

    count: how many to expect, for the progress. Raises Refused where they do not fit on a sheet, Unavailable where the
    file cannot be written, Cancelled where a person stopped it; nothing is left then.
    """
    if not isinstance(rows, Grouped):
        rows = Grouped(rows, 0)
    frame = _Frame(title, columns, note, lang, rows)
    with written_whole(path) as part, ZipFile(part, "w", ZIP_DEFLATED, compresslevel=_LEVEL) as package:
        large = count * len(columns) > _ZIP64_FROM
        with package.open(frame.sheet_file, "w", force_zip64=large) as out:
            out.write(frame.before.encode())
            last = _stream(out, frame, columns, rows.rows, count, progress)
            out.write(frame.after(last).encode())
        for name, content in frame.others(last):
            package.writestr(name, content)
    return last - frame.header_row


def _stream(
    out: IO[bytes],
    frame: _Frame,
    columns: Sequence[LedgerColumn],
    rows: Iterable[Sequence[Stored] | GroupRow],
    count: int,
    progress: Progress,
) -> int:
    """Write the rows; the number of the last one, as Excel counts."""
    depth = f' outlineLevel="{frame.levels}"' if frame.levels else ""
    heads = [f'<c r="{xl_col_to_name(i)}' for i in range(len(columns))]
    pieces = [
        _Pieces(column, style, marked)
        for column, style, marked in zip(columns, frame.styles, frame.marked_styles, strict=True)
    ]
    number, remaining = frame.header_row, iter(rows)
    said = _("Writing rows to “{sheet}”", sheet=frame.name)
    while batch := list(islice(remaining, _BATCH)):
        if number + len(batch) > LAST_ROW:
            raise Refused(_("A sheet holds at most {rows} rows. Nothing was written; filter first.", rows=LAST_ROW - 3))
        lines = []
        for row in batch:
            number += 1
            text = str(number)
            if isinstance(row, GroupRow):
                lines.append(_group_row(row, number, frame, columns))
                continue
            cells = [
                head + text + piece[value]
                for head, piece, value in zip(heads, pieces, row, strict=True)
                if value is not None
            ]
            lines.append(f'<row r="{text}"{depth}>{"".join(cells)}</row>')
        out.write("".join(lines).encode())
        progress.step(number - frame.header_row, count, said)
    return number


def _group_row(row: GroupRow, number: int, frame: _Frame, columns: Sequence[LedgerColumn]) -> str:
    """Its sums are formulas that leave one another out, so that they follow a filter; their values stand beside them."""
    label = next((at for at, column in enumerate(columns) if not column.hidden), 0)
    cells = []
    for at, (column, style) in enumerate(zip(columns, frame.bold_styles, strict=True)):
        letter = xl_col_to_name(at)
        head = f'<c r="{letter}{number}" s="{style}"'
        if at == label:
            cells.append(f'{head} t="inlineStr"><is><t xml:space="preserve">{escaped(row.label)}</t></is></c>')
        elif at in row.sums:
            formula = escaped(_subtotal(columns, at, number + 1, row.span))
            cells.append(f"{head}><f>{formula}</f><v>{quotient(row.sums[at], column.divide)}</v></c>")
        else:
            cells.append(f"{head}/>")
    depth = f' outlineLevel="{row.level}"' if row.level else ""
    return f'<row r="{number}"{depth}>{"".join(cells)}</row>'


def _subtotal(columns: Sequence[LedgerColumn], at: int, first: int, span: int) -> str:
    """The sum over so many rows that leaves out other subtotals and what a filter hides.

    Where only some rows count, Excel cannot leave out hidden ones as well.
    """
    letter, only, last = xl_col_to_name(at), columns[at].only, first + span - 1
    if only is None:
        return f"SUBTOTAL(109,{letter}{first}:{letter}{last})"
    told = xl_col_to_name(only[0])
    return f'SUMIFS({letter}{first}:{letter}{last},{told}{first}:{told}{last},"{only[1]}")'


class _Pieces(dict[Stored, str]):
    """Stored value → the XML of its cell after the row's number."""

    def __init__(self, column: LedgerColumn, style: str, marked: Sequence[str]) -> None:
        super().__init__()
        self._style, self._marked, self._column = style, marked, column

    def __missing__(self, value: Stored) -> str:
        piece = self._piece(value)
        if len(self) < _REMEMBERED:
            self[value] = piece
        return piece

    def _piece(self, value: Stored) -> str:
        column = self._column
        pairs = zip(column.marks, self._marked, strict=True)
        style = next((style for mark, style in pairs if mark.holds(value)), self._style)
        if column.kind == "number" and isinstance(value, int):
            return f'" s="{style}"><v>{quotient(value, column.divide)}</v></c>'
        text = column.labels.get(str(value), str(value)) if column.kind == "choice" else str(value)
        if column.kind == "date":
            serial = date_serial(text)
            if serial is not None:
                return f'" s="{style}"><v>{serial}</v></c>'
        space = ' xml:space="preserve"' if text != text.strip() or "\n" in text else ""
        return f'" s="{style}" t="inlineStr"><is><t{space}>{escaped(text[:_LONGEST_TEXT])}</t></is></c>'


_UNSAFE = re.compile("[&<>\x00-\x08\x0b-\x1f\ufffe\uffff\ud800-\udfff]|_(?=x[0-9A-Fa-f]{4}_)")
_NAMED = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


def escaped(text: str) -> str:
    """Text as it may stand in a sheet's XML; what XML cannot hold is written _xHHHH_, as Excel does."""
    if not _UNSAFE.search(text):
        return text
    return _UNSAFE.sub(lambda found: _NAMED.get(found[0]) or f"_x{ord(found[0]):04X}_", text)


def quotient(value: int, divide: int) -> str:
    """`value` ÷ `divide` as a decimal: exact where it ends within twelve places, cut there where it does not."""
    if divide == 1:
        return str(value)
    whole, rest = divmod(abs(value), divide)
    sign = "-" if value < 0 else ""
    if not rest:
        return f"{sign}{whole}"
    digits = ""
    while rest and len(digits) < _PLACES:
        digit, rest = divmod(rest * 10, divide)
        digits += str(digit)
    return f"{sign}{whole}.{digits}"


_EPOCH = dt.date(1899, 12, 30).toordinal()


def date_serial(text: str) -> int | None:
    """The number Excel keeps for an ISO date; None where it is none, or before March 1900."""
    try:
        serial = dt.date.fromisoformat(text).toordinal() - _EPOCH
    except ValueError:
        return None
    return serial if serial > 60 else None


class _Frame:
    """The workbook around the rows, made once with sample rows (plain, bold, marked) and taken apart at them."""

    def __init__(self, title: str, columns: Sequence[LedgerColumn], note: str, lang: str, rows: Grouped) -> None:
        self.name = sheet_name(title, ())
        self.levels = rows.levels
        self.header_row = 3 if rows.total is None else 4
        self._files = _unpacked(_made(self.name, title, columns, note, lang, rows))
        self.sheet_file = "xl/worksheets/sheet1.xml"
        whole = self._files.pop(self.sheet_file).decode()
        begin = whole.index(f'<row r="{self.header_row + 1}"')
        middle = whole.index("</row>", begin) + len("</row>")
        end = whole.index("</row>", middle) + len("</row>")
        self.styles = _styles_of(whole[begin:middle])
        self.bold_styles = _styles_of(whole[middle:end])
        self.marked_styles: list[list[str]] = [[] for _column in columns]
        marks = [at for at, column in enumerate(columns) for _mark in column.marks]
        if marks:
            begin, end = end, whole.index("</row>", end) + len("</row>")
            for at, style in zip(marks, _styles_of(whole[begin:end]), strict=True):
                self.marked_styles[at].append(style)
        # How far the sheet reaches is not known yet; the element is optional.
        self.before = re.sub(r"<dimension [^>]*/>", "", whole[:begin])
        self._after = whole[end:]

    def after(self, last: int) -> str:
        """The sheet after its rows, of which `last` is the last."""
        return self._after.replace(str(LAST_ROW), str(max(last, self.header_row + 1)), 1)

    def others(self, last: int) -> list[tuple[str, bytes]]:
        """The other files of the package; names that reach to the last row reach to this one."""
        final = str(max(last, self.header_row + 1)).encode()
        return [
            (name, content.replace(str(LAST_ROW).encode(), final) if name == "xl/workbook.xml" else content)
            for name, content in self._files.items()
        ]


def _styles_of(sample: str) -> list[str]:
    return re.findall(r'<c r="[A-Z]+\d+" s="(\d+)"', sample)


def _made(name: str, title: str, columns: Sequence[LedgerColumn], note: str, lang: str, rows: Grouped) -> bytes:
    buffer = io.BytesIO()
    workbook = Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    styles = Styles(workbook)
    sheet = workbook.add_worksheet(name)
    header = 3 if rows.total is None else 4
    sheet.write_string(0, 0, title, styles.of(font_size=18, bold=True))
    sheet.set_row_pixels(0, 44)
    sheet.write_string(1, 0, note, styles.of())
    sheet.set_row(header - 1, 33)
    for i, column in enumerate(columns):
        style = _style(styles, column)
        sheet.write_string(header - 1, i, column.label, styles.header())
        sheet.write_blank(header, i, None, style)
        sheet.write_blank(header + 1, i, None, _style(styles, column, bold=True))
        sheet.set_column(i, i, column.width, None, {"hidden": 1} if column.hidden else {})
    marks = ((column, mark) for column in columns for mark in column.marks)
    for at, (column, mark) in enumerate(marks):
        sheet.write_blank(header + 2, at, None, _style(styles, column, mark=mark))
    if rows.total is not None:
        _write_total(sheet, styles, columns, rows.total, header)
    if rows.levels:
        sheet.set_row(header, None, None, {"level": rows.levels})
        sheet.outline_settings(True, False, False, False)  # the row of a group stands over its rows
    else:
        sheet.autofilter(header - 1, 0, LAST_ROW - 1, max(len(columns) - 1, 0))
    shown = [i for i, column in enumerate(columns) if not column.hidden]
    frozen = max((i + 1 for i, column in enumerate(columns) if column.frozen), default=0)
    sheet.freeze_panes(header, frozen or (min(shown[0] + 2, len(columns)) if shown else 0))
    page_set_up(sheet, repeat=header - 1, footer=_("&CPage &P of &N").render(lang))
    _offer(workbook, sheet, columns, lang, header)
    workbook.close()
    return buffer.getvalue()


def _write_total(sheet: Any, styles: Styles, columns: Sequence[LedgerColumn], total: GroupRow, header: int) -> None:
    """In the row over the header."""
    label = next((at for at, column in enumerate(columns) if not column.hidden), 0)
    for at, column in enumerate(columns):
        style = _style(styles, column, bold=True)
        sheet.write_blank(header - 2, at, None, style)
        if at == label:
            sheet.write_string(header - 2, at, total.label, style)
        elif at in total.sums:
            value = float(quotient(total.sums[at], column.divide))  # only what is shown until Excel adds up
            sheet.write_formula(header - 2, at, f"={_subtotal(columns, at, header + 1, total.span)}", style, value)


def _style(styles: Styles, column: LedgerColumn, *, bold: bool = False, mark: Mark | None = None) -> Any:
    look: dict[str, Any] = {"border": 1, "border_color": BORDER}
    if bold:
        look |= {"bold": True, "bg_color": TOTAL_FILL}
    if column.kind == "number":
        look["num_format"] = "#,##0" + (f".{'0' * column.decimals}" if column.decimals else "")
    elif column.kind == "date":
        look |= {"num_format": "yyyy-mm-dd", "align": "center"}
    elif column.kind == "code":
        look["num_format"] = "@"
    if mark is not None:
        look |= {
            "bold": True,
            "font_color": f"#{mark.color}",
            "num_format": f'"{mark.sign} "{look.get("num_format", "@")}',
        }
    return styles.of(**look)


def _offer(workbook: Any, sheet: Any, columns: Sequence[LedgerColumn], lang: str, header: int) -> None:
    """Lists to choose from stand on a hidden sheet: in the rule itself they may have 255 characters only."""
    offered = [(i, list(column.labels.values())) for i, column in enumerate(columns) if column.labels]
    if not offered:
        return
    name = sheet_name(_("Choices").render(lang), (sheet.get_name(),))
    lists = workbook.add_worksheet(name)
    lists.hide()
    for place, (i, labels) in enumerate(offered):
        for row, label in enumerate(labels):
            lists.write_string(row, place, label)
        letter = xl_col_to_name(place)
        rule = {"validate": "list", "source": f"='{name}'!${letter}$1:${letter}${len(labels)}", "error_type": "warning"}
        # To the end of the sheet, so that added rows offer them too.
        sheet.data_validation(header, i, LAST_ROW - 1, i, rule)


def _unpacked(package: bytes) -> dict[str, bytes]:
    with ZipFile(io.BytesIO(package)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}
