"""A view in the layout in which a ledger came: its headings and their order, groups, sums, units, notes and print area."""

from __future__ import annotations

import base64
import io
import re
import tempfile
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from db.core.fields import Area, Field, Metric, Money, Whole
from db.core.formats import show
from db.core.progress import SILENT, Progress
from db.core.reading import Stored
from db.core.text import Text, _
from db.sheets.form_file import FormFile, Page, Value, address, column_number
from db.sheets.form_growing import Gap, copied, move_along, placed, renumber, unshare
from db.sheets.form_values import DAY_IN_WORDS, as_asked
from db.sheets.headings import NUMBERING, normal
from db.sheets.plan import letter
from db.sheets.room import RoomSheet

if TYPE_CHECKING:
    from sqlalchemy import Connection

_NUMERALS = "一二三四五六七八九十"
_ADDED = Money | Area | Metric | Whole


@dataclass(frozen=True)
class LaidOut:
    """A ledger in its old layout. rows: records. left_out: headings that the book cannot fill."""

    rows: int
    left_out: tuple[Text, ...]


@dataclass(frozen=True)
class _Filled:
    """A column of the layout: where, which fact in which unit, and how it writes days."""

    column: int
    key: str
    field: Field | None
    unit: str | None
    pattern: str | None


@dataclass(frozen=True)
class _Part:
    """Records under one group row; words: None where there is none above them."""

    words: str | None
    records: list[int]


def write_in_layout(
    connection: Connection, room: RoomSheet, layout: Mapping[str, Any], ids: Sequence[int], out: Path, *,
    progress: Progress = SILENT,
) -> LaidOut:  # fmt: skip
    """Write records in a kept layout, in the order given, parted as the ledger was."""
    with tempfile.TemporaryDirectory() as folder:
        shell = Path(folder) / "shell.xlsx"
        shell.write_bytes(base64.b64decode(layout["shell"]) if "shell" in layout else _plain_shell(layout))
        file = FormFile(shell)
    page, body = file.pages[0], layout["body"]
    columns = _columns(page, room, layout)
    grouped: Mapping[str, Any] = body["grouped"]
    keys = [one.key for one in columns] + ([grouped["key"]] if grouped else [])
    values = room.current(connection, ids, list(dict.fromkeys(keys)))
    progress.step(0, len(ids), _("Writing {done} of {total}", done=0, total=len(ids)))
    _Writer(page, layout, columns, _parts(room, grouped, ids, values), values).write()
    file.save(out)
    unknown = [
        one["heading"] for one in layout["fields"] if not one["keys"] and normal(one["heading"]) not in NUMBERING
    ]
    unknown += [one["heading"] for one in layout["fields"] if one["keys"] and one["keys"][0] in room.stated]
    left = [_("The book says nothing of “{heading}”.", heading=heading) for heading in unknown if heading]
    return LaidOut(len(ids), tuple(left))


def _columns(page: Page, room: RoomSheet, layout: Mapping[str, Any]) -> list[_Filled]:
    found, record = [], layout["body"]["record"]
    days: Mapping[str, str] = layout["body"].get("days", {})  # older layouts have the day of their first record only
    for one in layout["fields"]:
        column = column_number(one["letter"])
        if one["keys"] and not page.formula(record, column):
            key = str(one["keys"][0])
            example = days.get(one["letter"]) or page.said(record, column)
            words = isinstance(example, str) and DAY_IN_WORDS.fullmatch(example.strip())
            found.append(_Filled(column, key, room.field(key), one["unit"], str(example).strip() if words else None))
    return found


def _numbering(layout: Mapping[str, Any]) -> int | None:
    letters = (one["letter"] for one in layout["fields"] if normal(one["heading"]) in NUMBERING - {"id"})
    return next((column_number(one) for one in letters), None)


def _parts(
    room: RoomSheet, grouped: Mapping[str, Any], ids: Sequence[int], values: Mapping[int, Mapping[str, Any]]
) -> list[_Part]:
    """Records by group in the order of the ledger, values that it did not have behind, then those without any."""
    if not grouped:
        return [_Part(None, list(ids))]
    words: dict[Stored, str] = dict(grouped["words"])
    field = room.field(grouped["key"])
    parts: dict[str | None, list[int]] = {text: [] for text in words.values()}
    for number in ids:
        value = values[number].get(grouped["key"])
        text = words.get(value)
        if text is None and not grouped["named"]:
            text = show(field.kind, value, "zh") if field else str(value or "")
            text = text or _("(empty)").render("zh")
            text = f"一、{text}" if re.match("[一二三四五六七八九十]+、", grouped["words"][0][1]) else text
        parts.setdefault(text, []).append(number)
    shown = sorted((text for text in parts if parts[text]), key=lambda text: text is None)
    return [_Part(_counted(text, place), parts[text]) for place, text in enumerate(shown, 1)]


def _counted(text: str | None, place: int) -> str | None:
    """A group's words with its numeral counted anew: 二、在建项目."""
    return None if text is None else re.sub("^[一二三四五六七八九十]+(?=、)", _numeral(place), text)


def _numeral(number: int) -> str:
    tens, ones = divmod(number, 10)
    head = ("" if tens == 1 else _NUMERALS[tens - 1]) + "十" if tens else ""
    return head + (_NUMERALS[ones - 1] if ones else "")


class _Writer:
    """Rows under the header, made one after the other from the patterns that the shell holds."""

    def __init__(
        self, page: Page, layout: Mapping[str, Any], columns: Sequence[_Filled], parts: Sequence[_Part],
        values: Mapping[int, Mapping[str, Any]],
    ) -> None:  # fmt: skip
        self.page, self.columns, self.parts, self.values = page, columns, parts, values
        self.body, self.numbering = layout["body"], _numbering(layout)
        self.dates = {one.column: page.takes_dates(self.body["record"], one.column) for one in columns}
        self.patterns = {row: deepcopy(line) for row, line in page.rows.items() if row >= self.body["first"]}
        self.spans = [one for one in page.merged if one[0] == one[2] and one[0] in self.patterns]
        self.merged: list[str] = []
        self.grand: dict[int, Value] = {}
        self.number = 0
        groups = [row for row, _words in self.body["groups"] if row in self.patterns]
        self.group_row = groups[0] if groups else None
        self._sort_totals()
        self.at = self.body["first"]

    def _sort_totals(self) -> None:
        """Which sum rows stand above the records, after every group, and below all."""
        body = self.body
        totals = [(row, words) for row, words in body["totals"] if row in self.patterns]
        last_group = max((row for row, _words in body["groups"]), default=0)
        self.above = [row for row, _words in totals if row < body["record"] and row < body["until"]][:1]
        within = [(row, words) for row, words in totals if row not in self.above]
        self.subtotal = next((row for row, _words in within if row < last_group), None)
        said = dict(within).get(self.subtotal) if self.subtotal else None
        self.below = [row for row, words in within if row > last_group and words != said][-1:]

    def write(self) -> None:
        """Everything from the first row under the header on."""
        body, page = self.body, self.page
        below = [page.rows[row] for row in sorted(page.rows) if row > body["last"]]
        unshare(page)
        page.clear(body["first"])
        page.unmerge(body["first"], body["last"])
        move_along(page, Gap(body["until"], self._length() - (body["last"] - body["first"] + 1), grow=True))
        above = [self._line(row) for row in self.above]
        for part in self.parts:
            self._part(part)
        first, last = body["first"] + len(above), self.at - 1
        for row in self.below:
            self._sums(self._line(row), row, first, last, self.grand)
        for row, pattern in zip(above, self.above, strict=True):
            self._sums(row, pattern, first, last, self.grand)
        for line in below:
            renumber(line, int(line.get("r")) + self.at - 1 - body["last"])
            page.data.append(line)
        page.merge(self.merged)
        page.forget()

    def _length(self) -> int:
        inside = sum(
            len(part.records) + (part.words is not None) * ((self.group_row is not None) + (self.subtotal is not None))
            for part in self.parts
        )  # fmt: skip
        return inside + len(self.above) + len(self.below)

    def _line(self, pattern: int) -> int:
        """A new row in the face of a pattern; its number."""
        row: int = self.at
        self.page.append(row, placed(self.page, copied(self.page, self.patterns[pattern]), row))
        for top, left, _bottom, right in self.spans:
            if top == pattern:
                self.merged.append(f"{address(row, left)}:{address(row, right)}")
        self.at += 1
        return row

    def _part(self, part: _Part) -> None:
        """A group row, its records, its sum."""
        if part.words is not None and self.group_row is not None:
            row = self._line(self.group_row)
            said = self._said(self.group_row)
            self.page.put(row, next((column for column, text in said.items() if isinstance(text, str)), 1), part.words)
        start = self.at
        sums: dict[int, Value] = {}
        faces = [self.body["record"], self.body.get("stripe", self.body["record"])]
        for place, number in enumerate(part.records):
            row = self._line(faces[place % 2])
            self.number += 1
            if self.numbering is not None:
                self.page.put(row, self.numbering, self.number)
            for one in self.columns:
                self._cell(row, one, self.values[number].get(one.key), sums)
        self._merge_tall(start, part.records)
        for column, value in sums.items():
            self.grand[column] = self.grand.get(column, 0) + value  # type: ignore[operator]
        if self.subtotal is not None and part.words is not None:
            self._sums(self._line(self.subtotal), self.subtotal, start, self.at - 2, sums)

    def _cell(self, row: int, one: _Filled, value: Stored, sums: dict[int, Value]) -> None:
        if value is None or value == "":
            return
        if one.field is None:
            self.page.put(row, one.column, str(value))
            return
        found = as_asked(one.field, value, one.unit, one.pattern, as_date=self.dates[one.column])
        self.page.put(row, one.column, found)
        if isinstance(one.field.kind, _ADDED) and one.field.adds_up:
            sums[one.column] = sums.get(one.column, 0) + found  # type: ignore[operator]

    def _merge_tall(self, start: int, records: Sequence[int]) -> None:
        """Cells that were merged over records of the same value are so again."""
        for one in (one for one in self.columns if one.column in self.body["tall"]):
            row = start
            for said, same in groupby(self.values[number].get(one.key) for number in records):
                last = row + len(list(same)) - 1
                if said is not None and last > row:
                    self.merged.append(f"{address(row, one.column)}:{address(last, one.column)}")
                    for lower in range(row + 1, last + 1):
                        self.page.put(lower, one.column, None)
                row = last + 1

    def _sums(self, row: int, pattern: int, first: int, last: int, sums: Mapping[int, Value]) -> None:
        """A sum row: its words as they were, its numbers as formulas over the rows with what they come to."""
        for column, said in self._said(pattern).items():
            if isinstance(said, str) and not said.startswith("="):
                self.page.put(row, column, said)
            elif said is not None and column in sums:
                where = letter(column - 1)
                self.page.put(row, column, sums[column])
                self.page.put_formula(row, column, f"SUBTOTAL(9,{where}{first}:{where}{last})")

    def _said(self, pattern: int) -> dict[int, Any]:
        page = self.page
        return {
            column_number(re.sub(r"\d", "", cell.get("r"))): page.file.said(cell, page.space)
            for cell in self.patterns[pattern]
        }


def _plain_shell(layout: Mapping[str, Any]) -> bytes:
    """A shell for a ledger whose own file could not be kept (.xls, .csv): the same rows, plainly drawn."""
    import openpyxl
    from openpyxl.styles import Alignment, Border, Font, Side

    book = openpyxl.Workbook()
    page: Any = book.active
    page.title = re.sub(r"[\[\]:*?/\\']", " ", str(layout["sheet"]))[:31] or "Sheet"
    thin = Side(style="thin")
    body, line = layout["body"], Border(left=thin, right=thin, top=thin, bottom=thin)
    head = body["first"] - len(layout["header"])
    above = layout["above"][-(head - 1) :] if head > 1 else []
    for place, texts in enumerate(above, head - len(above)):
        for column, text in enumerate(texts, 1):
            page.cell(place, column, text or None)
    for place, texts in enumerate(layout["header"], head):
        for column, text in enumerate(texts, 1):
            cell = page.cell(place, column, text or None)
            cell.border, cell.font = line, Font(bold=True)
            cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
    for top, left, bottom, right in layout["merged"]:
        page.merge_cells(start_row=head + top, start_column=left + 1, end_row=head + bottom, end_column=right + 1)
    width = max(map(len, layout["header"]), default=1)
    patterns = {body["record"]: "", **dict(body["totals"])}
    patterns |= dict(body["groups"][:1])
    for row, words in patterns.items():
        for column in range(1, width + 1):
            page.cell(row, column).border = line
        if words:
            page.cell(row, 2 if width > 1 else 1, words)
            for one in layout["fields"]:
                if one["unit"] and row in {total for total, _words in body["totals"]}:
                    page.cell(row, column_number(one["letter"]), 0)
    for column in range(1, width + 1):
        page.column_dimensions[letter(column - 1)].width = 16
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()
