"""A sheet for a unit to fill in and send back: rows, columns, who may change what, a due date, a mark in every row.

What it says is noted in the book first, cell by cell and as one operation; the file is written from that.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from db.core.book import Book
from db.core.errors import Refused
from db.core.fields import Day, Field, Link, Words
from db.core.progress import SILENT, Progress
from db.core.text import Text, _
from db.reports.ledger_columns import ledger_column
from db.reports.streamed import LedgerColumn, date_serial, quotient
from db.reports.whole_files import written_whole
from db.reports.xlsx_sheets import page_set_up
from db.reports.xlsx_styles import BORDER, HEADER_FILL, TOTAL_FILL, Styles, sheet_name
from db.sheets import sent
from db.sheets.room import BATCH, RoomSheet, current_cells
from db.sheets.sent import Sending

_FREE_ROWS = 200  # below the last record, where lists to choose from are offered too
_INVITING = 10  # empty rows with borders, for what is new
_HEADER = 3  # 0-based row of the headings, under the title, what to do and the code
_EXACT = 15  # digits of a number that a spreadsheet keeps


@dataclass(frozen=True)
class Wanted:
    """What is sent to whom. columns: field keys in order; editable: those the unit may change (None: all that can be).

    records: ids in the order of the sheet. due_on: ISO day. choices: field key → names offered in a column of links.
    """

    unit: str
    columns: tuple[str, ...]
    records: tuple[int, ...]
    editable: frozenset[str] | None = None
    due_on: str | None = None
    instructions: str | None = None
    lang: str = "zh"
    on: str | None = None
    choices: Mapping[str, Sequence[str]] = field(default_factory=dict)


def send(book: Book, room: RoomSheet, wanted: Wanted, out: Path, *, progress: Progress = SILENT) -> Sending:
    """Write the sheet to `out` and note the sending; nothing is noted where the file cannot be written.

    Raises `Refused` where a column is none of the room's, or a day is none; `Unavailable` where `out` cannot be written.
    """
    unit = " ".join(wanted.unit.split())
    if not unit:
        raise Refused(fields={"unit": _("Say whom the sheet is for.")})
    if wanted.due_on is not None:
        _day(wanted.due_on)
    fields = [field_of(room, key) for key in wanted.columns]
    can = {one.key for one in fields if one.editable or one.key.startswith("own:")}
    editable = can if wanted.editable is None else can & wanted.editable
    on = wanted.on or dt.datetime.now().astimezone().date().isoformat()
    label = _("Sheet for {unit}: {count} rows", unit=unit, count=len(wanted.records))
    with book.write(label, source=out.name) as connection:
        found = current_cells(connection, room, wanted.records, wanted.columns)
        cells = {number: found[number] for number in wanted.records if number in found}
        noted = sent.note(connection, {
            "room": room.room, "unit": unit, "sent_on": on, "sent_by": book.actor, "due_on": wanted.due_on,
            "instructions": wanted.instructions, "file": out.name, "lang": wanted.lang, "columns": wanted.columns,
            "editable": editable,
        }, cells)  # fmt: skip
        head = room.label, sent.code(connection, noted)
        _write(noted, fields, head, cells, out, wanted.choices, progress)
    return noted


def _day(text: str) -> None:
    try:
        dt.date.fromisoformat(text)
    except ValueError:
        why = _("“{day}” is no day; write it like 2024-07-20.", day=text)
        raise Refused(fields={"due_on": why}) from None


def field_of(room: RoomSheet, key: str) -> Field:
    """The field of a column of a sheet; the book's own ones are words. Refused where the room has none."""
    if key.startswith("own:"):
        return Field(key, Text(key[len("own:") :]), Words())
    found = room.field(key)
    if found is None:
        raise Refused(_("There is no field “{name}”.", name=key))
    return found


def _write(
    noted: Sending, fields: Sequence[Field], head: tuple[Text, str], cells: Mapping[int, Mapping[str, Any]], out: Path,
    choices: Mapping[str, Sequence[str]], progress: Progress,
) -> None:  # fmt: skip
    from xlsxwriter import Workbook  # only whoever sends waits for it

    columns = [ledger_column(one, noted.lang) for one in fields]
    with written_whole(out) as part:
        workbook = Workbook(str(part), {"strings_to_formulas": False, "strings_to_urls": False})
        page = _Page(workbook, noted, fields, columns)
        page.head(*head)
        for at, (number, line) in enumerate(cells.items()):
            if at % BATCH == 0:
                progress.step(at, len(cells), _("Writing rows to “{sheet}”", sheet=page.name))
            page.row(_HEADER + 1 + at, sent.mark(noted, number), line)
        page.finish(_HEADER + len(cells), choices)
        workbook.close()


class _Page:
    """The sheet while it is written: a hidden column of marks, then the columns; grey where nothing is to be changed."""

    def __init__(self, workbook: Any, noted: Sending, fields: Sequence[Field], columns: Sequence[LedgerColumn]) -> None:
        self._workbook, self._noted, self._columns = workbook, noted, columns
        self._kinds = [one.kind for one in fields]
        self._styles = Styles(workbook)
        self.name = sheet_name(noted.unit, ())
        self._sheet = workbook.add_worksheet(self.name)
        self._cells = [self._style(column, locked=column.key not in noted.editable) for column in columns]

    def _style(self, column: LedgerColumn, *, locked: bool) -> Any:
        look: dict[str, Any] = {"border": 1, "border_color": BORDER, "locked": locked}
        if look["locked"]:
            look |= {"bg_color": TOTAL_FILL, "font_color": "#5A6472"}
        if column.kind == "number":
            look["num_format"] = "#,##0" + (f".{'0' * column.decimals}" if column.decimals else "")
        elif column.kind == "date":
            look |= {"num_format": "yyyy-mm-dd", "align": "center"}
        elif column.kind == "code":
            look["num_format"] = "@"
        return self._styles.of(**look)

    def head(self, label: Text, code: str) -> None:
        """Title, what to do until when, the code, the headings."""
        sheet, noted, lang = self._sheet, self._noted, self._noted.lang
        title = _("{ledger}: to be filled in by {unit}", ledger=label, unit=noted.unit).render(lang)
        sheet.write_string(0, 1, title, self._styles.of(font_size=18, bold=True))
        sheet.set_row_pixels(0, 44)
        told = [noted.instructions or ""]
        told += [_("Please send it back by {day}.", day=noted.due_on).render(lang)] if noted.due_on else []
        told += [_("Grey columns are only to look at.").render(lang)]
        told += [_("New rows go below; a row that is deleted is asked about.").render(lang)]
        sheet.write_string(1, 1, ("" if lang == "zh" else " ").join(filter(None, told)), self._styles.of())
        said = _("Code of the sheet, please leave it: {code}", code=code)
        sheet.write_string(2, 1, said.render(lang), self._styles.of(font_size=8, font_color="#8A94A3"))
        sheet.set_row(_HEADER, 33)
        sheet.write_string(_HEADER, 0, _("Mark").render(lang), self._styles.header())
        sheet.set_column(0, 0, 14, None, {"hidden": 1})
        for at, column in enumerate(self._columns, 1):
            fill = HEADER_FILL if column.key in noted.editable else "#E3E6EA"
            head = self._styles.of(
                font_name="黑体", bg_color=fill, border=1, border_color=BORDER, align="center", text_wrap=True
            )
            sheet.write_string(_HEADER, at, column.label, head)
            sheet.set_column(at, at, column.width)

    def row(self, at: int, mark: str, values: Mapping[str, Any]) -> None:
        """One record."""
        sheet = self._sheet
        sheet.write_string(at, 0, mark)
        for place, (column, style) in enumerate(zip(self._columns, self._cells, strict=True), 1):
            value = values.get(column.key)
            if value is None or value == "":
                sheet.write_blank(at, place, None, style)
            elif column.kind == "number" and isinstance(value, int):
                said = quotient(value, column.divide)
                # More digits than a spreadsheet keeps would come back as another number.
                if len(said.strip("-").replace(".", "")) <= _EXACT:
                    sheet.write_number(at, place, float(said), style)
                else:
                    sheet.write_string(at, place, said, style)
            elif column.kind == "date" and (serial := date_serial(str(value))) is not None:
                sheet.write_number(at, place, serial, style)
            else:
                text = column.labels.get(str(value), str(value)) if column.kind == "choice" else str(value)
                sheet.write_string(at, place, text, style)

    def finish(self, last: int, choices: Mapping[str, Sequence[str]]) -> None:
        """Filter, frozen header, what may stand in the cells, and how it prints."""
        sheet, width = self._sheet, len(self._columns)
        free = [self._style(column, locked=False) for column in self._columns]
        for at in range(last + 1, last + 1 + _INVITING):
            for place, style in enumerate(free, 1):
                sheet.write_blank(at, place, None, style)
        sheet.autofilter(_HEADER, 0, max(last, _HEADER + 1), width)
        sheet.freeze_panes(_HEADER + 1, min(2, width + 1))
        page_set_up(sheet, repeat=_HEADER, footer=_("&CPage &P of &N").render(self._noted.lang))
        self._offer(last + _FREE_ROWS, choices)

    def _offer(self, last: int, choices: Mapping[str, Sequence[str]]) -> None:
        """Lists to choose from stand on a hidden sheet; a warning, never a refusal: the book is asked in the end."""
        lists = None
        free = 0
        for at, (column, kind) in enumerate(zip(self._columns, self._kinds, strict=True), 1):
            if column.key not in self._noted.editable:
                continue
            names = list(column.labels.values()) or (
                list(choices.get(column.key, ())) if isinstance(kind, Link) else []
            )
            if names:
                if lists is None:
                    lists = self._workbook.add_worksheet(
                        sheet_name(_("Choices").render(self._noted.lang), (self.name,))
                    )
                    lists.hide()
                lists.write_column(0, free, names)
                letter = _letter(free)
                source = f"='{lists.get_name()}'!${letter}$1:${letter}${len(names)}"
                rule: dict[str, Any] = {"validate": "list", "source": source, "error_type": "warning"}
                self._sheet.data_validation(_HEADER + 1, at, last, at, rule)
                free += 1
            elif column.kind == "number":
                rule = {"validate": "decimal", "criteria": ">=", "value": 0, "error_type": "warning"}
                self._sheet.data_validation(_HEADER + 1, at, last, at, rule)
            elif isinstance(kind, Day):
                rule = {"validate": "date", "criteria": ">=", "value": dt.date(1949, 10, 1), "error_type": "warning"}
                self._sheet.data_validation(_HEADER + 1, at, last, at, rule)


def _letter(place: int) -> str:
    from xlsxwriter.utility import xl_col_to_name

    return str(xl_col_to_name(place))
