"""Somebody else's workbook (.xlsx), of which only single cells are written: all that is not touched stays byte by byte.

A library that reads a workbook and writes it anew loses what it does not know (drawings, newer validations, printer
settings). A form belongs to who sent it, so that here the parts of the file are kept and only cells are changed in them.
Rows and columns are numbered from 1, as Excel does.
"""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from collections.abc import Iterable, Iterator
from copy import deepcopy
from decimal import Decimal
from pathlib import Path
from typing import Any

from lxml import etree  # type: ignore[import-untyped]

from db.core.errors import Refused
from db.core.text import _
from db.reports.whole_files import written_whole
from db.sheets.plan import letter
from db.sheets.workbook import Cell, Sheet, Span

_ADDRESS = re.compile(r"\$?([A-Z]{1,3})\$?(\d+)")
_RELATED = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_DATE_FORMATS = frozenset({*range(14, 18), 22, *range(27, 37), *range(50, 59)})
_NOT_DATE = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')
_BEFORE_MERGED = frozenset(
    {"sheetData", "sheetCalcPr", "sheetProtection", "protectedRanges", "scenarios", "autoFilter", "sortState", "dataConsolidate",
     "customSheetViews"}
)  # fmt: skip
_WIDEST = 200  # columns; what is merged across more of them draws nothing
_UNREADABLE = (KeyError, ValueError, IndexError, zipfile.BadZipFile, etree.XMLSyntaxError)

Value = str | int | Decimal | dt.date


def column_number(letters: str) -> int:
    """A → 1, AA → 27."""
    number = 0
    for sign in letters:
        number = number * 26 + ord(sign) - 64
    return number


def address(row: int, column: int) -> str:
    """(3, 2) → B3."""
    return f"{letter(column - 1)}{row}"


def corners(area: str) -> Span:
    """B3:D5 → (3, 2, 5, 4); a single cell is its own area. Raises `ValueError` for whole rows or columns."""
    found = [_ADDRESS.fullmatch(corner) for corner in (area.split(":") * 2)[:2]]
    first, last = found
    if first is None or last is None:
        raise ValueError(area)
    return int(first[2]), column_number(first[1]), int(last[2]), column_number(last[1])


class Page:
    """One sheet of a form."""

    def __init__(self, file: FormFile, name: str, part: str, *, visible: bool) -> None:
        self.file, self.name, self.part, self.visible = file, name, part, visible
        self.root = file.xml(part)
        self.space = "{" + str(etree.QName(self.root).namespace) + "}"
        self.data = self.root.find(f"{self.space}sheetData")
        self.rows: dict[int, Any] = {}
        self._cells: dict[int, dict[int, Any]] = {}
        last = 0
        for row in self.data:
            last = int(row.get("r") or last + 1)
            row.set("r", str(last))
            self.rows[last] = row

    def cells(self, row: int) -> dict[int, Any]:
        """The cells of a row by their columns, styled empty ones included."""
        found = self._cells.get(row)
        if found is None:
            found, column = {}, 0
            for cell in self.rows.get(row, ()):
                column, said = column + 1, cell.get("r")
                if said != f"{letter(column - 1)}{row}":
                    place = _ADDRESS.fullmatch(said or "")
                    column = column_number(place[1]) if place else column
                    cell.set("r", address(row, column))
                found[column] = cell
            self._cells[row] = found
        return found

    def forget(self) -> None:
        """Rows have moved: look again."""
        self.rows = {int(row.get("r")): row for row in self.data}
        self._cells = {}

    def said(self, row: int, column: int) -> Cell:
        """What a cell says; a formula is its own text."""
        cell = self.cells(row).get(column)
        return None if cell is None else self.file.said(cell, self.space)

    def face(self, row: int, column: int) -> str:
        """The number of a cell's style; "0" where nothing is drawn."""
        cell = self.cells(row).get(column)
        return "0" if cell is None else str(cell.get("s") or "0")

    def formula(self, row: int, column: int) -> bool:
        """Whether a formula stands there."""
        cell = self.cells(row).get(column)
        return cell is not None and cell.find(f"{self.space}f") is not None

    @property
    def merged(self) -> list[Span]:
        """Merged areas."""
        return [corners(one.get("ref")) for one in self.root.iter(f"{self.space}mergeCell")]

    def sheet(self, *, head: int | None = None) -> Sheet:
        """The sheet as the heading engine reads it, rows that are only drawn included; `head`: only so many rows."""
        last = min(max(self.rows, default=0), head or max(self.rows, default=0))
        spans = [span for span in self.merged if span[0] <= last]
        width = max((max(self.cells(row), default=0) for row in self.rows if row <= last), default=0)
        width = max(width, *(span[3] for span in spans if span[3] <= _WIDEST), 0)
        rows = [self._line(row, width) for row in range(1, last + 1)]
        merged = ((top - 1, left - 1, min(bottom, last) - 1, right - 1) for top, left, bottom, right in spans)
        return Sheet(self.name, self.visible, 1, rows, tuple(sorted(merged)))

    def _line(self, row: int, width: int) -> tuple[Cell, ...]:
        line: list[Cell] = [None] * width
        for column, cell in self.cells(row).items():
            if len(cell):
                line[column - 1] = self.file.said(cell, self.space)
        return tuple(line)

    def put(self, row: int, column: int, value: Value | None) -> None:
        """Write a value in the face that the cell has; None empties it."""
        cell = self.cells(row).get(column)
        if cell is None:
            if value is None:
                return
            cell = self._new_cell(row, column)
        if len(cell):
            del cell[:]
        if cell.get("t") is not None:
            del cell.attrib["t"]
        if isinstance(value, str):
            cell.set("t", "inlineStr")
            text = etree.SubElement(etree.SubElement(cell, f"{self.space}is"), f"{self.space}t")
            text.text = value
            if value != value.strip():
                text.set(_SPACE, "preserve")
        elif value is not None:
            number = self.file.serial(value) if isinstance(value, dt.date) else value
            etree.SubElement(cell, f"{self.space}v").text = (
                f"{number:f}" if isinstance(number, Decimal) else str(number)
            )

    def _new_cell(self, row: int, column: int) -> Any:
        cells = self.cells(row)
        line = self.rows.get(row)
        if line is None:
            line = etree.Element(f"{self.space}row", r=str(row))
            self.data.insert(sum(number < row for number in self.rows), line)
            self.rows[row] = line
        cell = etree.Element(f"{self.space}c", r=address(row, column))
        style = line.get("s") if line.get("customFormat") in ("1", "true") else self._column_style(column)
        if style is not None:
            cell.set("s", style)
        line.insert(sum(other < column for other in cells), cell)
        cells[column] = cell
        return cell

    def _column_style(self, column: int) -> str | None:
        for one in self.root.iter(f"{self.space}col"):
            if int(one.get("min")) <= column <= int(one.get("max")):
                found: str | None = one.get("style")
                return found
        return None

    def takes_dates(self, row: int, column: int) -> bool:
        """Whether a cell shows a number as a day."""
        cell = self.cells(row).get(column)
        return cell is not None and self.file.is_date_style(int(cell.get("s") or 0))

    def locked(self, row: int, column: int) -> bool:
        """Whether the sheet is protected and the cell is not free to be written."""
        found = self.root.find(f"{self.space}sheetProtection")
        if found is None or found.get("sheet") not in ("1", "true"):
            return False
        cell = self.cells(row).get(column)
        return self.file.is_locked_style(int(cell.get("s") or 0) if cell is not None else 0)

    def clear(self, first: int) -> None:
        """Take the rows from this one on away."""
        for row in [row for row in self.rows if row >= first]:
            self.data.remove(self.rows[row])
        self.forget()

    def append(self, row: int, line: Any) -> None:
        """A row at the end."""
        self.data.append(line)
        self.rows[row] = line
        self._cells.pop(row, None)

    def merge(self, areas: Iterable[str]) -> None:
        """Merge these areas, too."""
        together = self.root.find(f"{self.space}mergeCells")
        for area in areas:
            if together is None:
                together = etree.Element(f"{self.space}mergeCells")
                before = max(at for at, one in enumerate(self.root) if etree.QName(one).localname in _BEFORE_MERGED)
                self.root.insert(before + 1, together)
            etree.SubElement(together, f"{self.space}mergeCell", ref=area)
        if together is not None:
            together.set("count", str(len(together)))

    def unmerge(self, first: int, last: int) -> None:
        """Part what is merged from the first row to the last."""
        for one in list(self.root.iter(f"{self.space}mergeCell")):
            if first <= corners(one.get("ref"))[0] <= last:
                one.getparent().remove(one)
        together = self.root.find(f"{self.space}mergeCells")
        if together is not None and not len(together):
            self.root.remove(together)

    def put_formula(self, row: int, column: int, formula: str) -> None:
        """A formula beside the value that stands in a cell."""
        cell = self.cells(row)[column]
        made = etree.Element(f"{self.space}f")
        made.text = formula
        cell.insert(0, made)


class FormFile:
    """A workbook whose cells can be written. Raises `Refused` where the file is no such workbook."""

    def __init__(self, path: Path) -> None:
        if not zipfile.is_zipfile(path):
            raise Refused(_NOT_XLSX(file=path.name))
        try:
            with zipfile.ZipFile(path) as archive:
                self.parts = {one: archive.read(one) for one in archive.namelist()}
            if "content.xml" in self.parts:  # .ods
                raise Refused(_NOT_XLSX(file=path.name))
            self._trees: dict[str, Any] = {}
            self._read()
        except _UNREADABLE as broken:
            raise Refused(_DAMAGED(file=path.name)) from broken
        self.path = path

    def _read(self) -> None:
        book = self.xml("xl/workbook.xml")
        space = "{" + str(etree.QName(book).namespace) + "}"
        targets = {number: target for number, _kind, target in self.related("xl/workbook.xml")}
        self._strings, self._styles = None, None
        properties = book.find(f"{space}workbookPr")
        self._from_1904 = properties is not None and properties.get("date1904") in ("1", "true")
        self.pages = [
            Page(self, one.get("name"), part, visible=one.get("state", "visible") == "visible")
            for one in book.iter(f"{space}sheet")
            if "worksheets/" in (part := targets.get(one.get(_RELATED), ""))
        ]

    def xml(self, part: str) -> Any:
        """A part as a tree that is written back on saving."""
        if part not in self._trees:
            parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
            self._trees[part] = etree.fromstring(self.parts[part], parser)
        return self._trees[part]

    def related(self, part: str) -> Iterator[tuple[str, str, str]]:
        """(id, kind, part) of what a part refers to in the file."""
        folder, _slash, name = part.rpartition("/")
        rels = f"{folder}/_rels/{name}.rels"
        for one in self.xml(rels) if rels in self.parts else ():
            target = one.get("Target", "")
            if one.get("TargetMode") != "External":
                yield one.get("Id"), one.get("Type", "").rpartition("/")[2], _resolved(folder, target)

    def forget_part(self, part: str) -> None:
        """Leave a part out."""
        self.parts.pop(part, None)
        self._trees.pop(part, None)

    def said(self, cell: Any, space: str) -> Cell:
        """What a cell says."""
        formula = cell.find(f"{space}f")
        if formula is not None:
            return f"={formula.text or ''}"
        if cell.get("t") == "inlineStr":
            return _text(cell, space) or None
        value = cell.find(f"{space}v")
        if value is None or value.text is None:
            return None
        if cell.get("t") == "s":
            return self._string(int(value.text))
        if cell.get("t") in ("str", "e", "d"):
            return str(value.text)
        number = float(value.text)
        return int(number) if number.is_integer() else number

    def _string(self, place: int) -> str:
        if self._strings is None:
            part = next(part for _id, kind, part in self.related("xl/workbook.xml") if kind == "sharedStrings")
            root = self.xml(part)
            space = "{" + str(etree.QName(root).namespace) + "}"
            self._strings = [_text(one, space) for one in root.iter(f"{space}si")]
        return self._strings[place]

    _strings: list[str] | None
    _styles: tuple[list[Any], dict[int, str], str] | None

    def _style(self, number: int) -> tuple[Any, dict[int, str], str] | None:
        if self._styles is None:
            part = next((part for _id, kind, part in self.related("xl/workbook.xml") if kind == "styles"), None)
            root = self.xml(part) if part else etree.Element("none")
            space = "{" + str(etree.QName(root).namespace) + "}"
            formats = {int(one.get("numFmtId")): one.get("formatCode", "") for one in root.iter(f"{space}numFmt")}
            faces = root.find(f"{space}cellXfs")
            self._styles = (list(faces) if faces is not None else [], formats, space)
        faces, formats, space = self._styles
        return (faces[number], formats, space) if number < len(faces) else None

    def is_date_style(self, number: int) -> bool:
        """Whether a style shows days."""
        found = self._style(number)
        if found is None:
            return False
        shown = int(found[0].get("numFmtId") or 0)
        return shown in _DATE_FORMATS or bool(re.search("[ymd年月日]", _NOT_DATE.sub("", found[1].get(shown, ""))))

    def is_locked_style(self, number: int) -> bool:
        """Whether a style is locked where its sheet is protected; styles are, unless they say otherwise."""
        found = self._style(number)
        lock = found[0].find(f"{found[2]}protection") if found else None
        return lock is None or lock.get("locked") not in ("0", "false")

    def serial(self, day: dt.date) -> int:
        """A day as this workbook counts them."""
        return (day - (dt.date(1904, 1, 1) if self._from_1904 else dt.date(1899, 12, 30))).days

    def add_page(self, source: Page, name: str) -> Page:
        """A copy of a sheet at the end, with its face and page set-up; drawings stay with the first."""
        number = 1 + max(int(re.sub(r"\D", "", part) or 0) for part in self.parts if "worksheets/" in part)
        part = f"xl/worksheets/sheet{number}.xml"
        root = deepcopy(source.root)
        for one in list(root):
            if etree.QName(one).localname in ("drawing", "legacyDrawing", "tableParts", "pageSetup"):
                one.attrib.pop(_RELATED, None)
                if etree.QName(one).localname != "pageSetup":
                    root.remove(one)
        for view in root.iter(f"{source.space}sheetView"):
            view.attrib.pop("tabSelected", None)
        self.parts[part], self._trees[part] = b"", root
        types = self.xml("[Content_Types].xml")
        kind = next(one.get("ContentType") for one in types if one.get("PartName") == f"/{source.part}")
        etree.SubElement(types, types[0].tag.replace("Default", "Override"), PartName=f"/{part}", ContentType=kind)
        rels = self.xml("xl/_rels/workbook.xml.rels")
        mark = f"rIdForm{number}"
        of_sheet = next(one.get("Type") for one in rels if one.get("Type", "").endswith("/worksheet"))
        etree.SubElement(rels, rels[0].tag, Id=mark, Type=of_sheet, Target=f"worksheets/sheet{number}.xml")
        sheets = self.xml("xl/workbook.xml").find(f"{source.space}sheets")
        largest = max(int(one.get("sheetId")) for one in sheets)
        made = etree.SubElement(sheets, f"{source.space}sheet", name=self.free_name(name), sheetId=str(largest + 1))
        made.set(_RELATED, mark)
        page = Page(self, made.get("name"), part, visible=True)
        self._copy_names(source, page, list(sheets).index(made))
        self.pages.append(page)
        return page

    def _copy_names(self, source: Page, page: Page, place: int) -> None:
        """The print area and the repeated rows of a copied sheet."""
        book = self.xml("xl/workbook.xml")
        number = [one.get("name") for one in book.iter(f"{source.space}sheet")].index(source.name)
        quoted = "'" + page.name.replace("'", "''") + "'!"
        for one in list(book.iter(f"{source.space}definedName")):
            if one.get("localSheetId") == str(number):
                copied = deepcopy(one)
                copied.set("localSheetId", str(place))
                copied.text = re.sub(r"(?:'(?:[^']|'')+'|[^,'!]+)!", lambda _found: quoted, one.text or "")
                one.addnext(copied)

    def free_name(self, wanted: str) -> str:
        """A name that a sheet may have and none has."""
        base = re.sub(r"[\[\]:*?/\\']", " ", wanted).strip()[:28] or "Sheet"
        taken = {page.name.casefold() for page in self.pages}
        names = (base, *(f"{base}{number}"[:31] for number in range(2, len(taken) + 3)))
        return next(name for name in names if name.casefold() not in taken)

    def save(self, out: Path) -> None:
        """Write the file, whole or not at all; it is calculated anew when it is opened.

        The same parts are the same bytes, whenever they are written: a layout that is kept must not differ by its hour.
        """
        book = self.xml("xl/workbook.xml")
        space = "{" + str(etree.QName(book).namespace) + "}"
        counting = book.find(f"{space}calcPr")
        if counting is not None:
            counting.set("fullCalcOnLoad", "1")
        self._drop_chain()
        with written_whole(out) as part, zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as archive:
            for name, content in self.parts.items():
                entry = zipfile.ZipInfo(name)  # of 1980
                said = _written(self._trees[name]) if name in self._trees else content
                archive.writestr(entry, said, zipfile.ZIP_DEFLATED, 4)

    def _drop_chain(self) -> None:
        """The order of calculation names cells that may have moved; whoever opens the file makes it anew."""
        if self.parts.pop("xl/calcChain.xml", None) is None:
            return
        for part in ("[Content_Types].xml", "xl/_rels/workbook.xml.rels"):
            root = self.xml(part)
            for one in list(root):
                if (one.get("PartName") or one.get("Target") or "").endswith("calcChain.xml"):
                    root.remove(one)


_NOT_XLSX = _(
    "“{file}” is not an .xlsx workbook. Nothing was written; open it in Excel or WPS, save it as .xlsx and try again."
)
_DAMAGED = _("“{file}” is damaged. Nothing was written; open it in Excel or WPS, save it anew as .xlsx and try again.")


def _written(tree: Any) -> bytes:
    found: bytes = etree.tostring(tree, xml_declaration=True, encoding="UTF-8", standalone=True)
    return found


def _resolved(folder: str, target: str) -> str:
    if target.startswith("/"):
        return target[1:]
    parts = folder.split("/")
    for piece in target.split("/"):
        if piece == "..":
            parts.pop()
        elif piece != ".":
            parts.append(piece)
    return "/".join(parts)


def _text(parent: Any, space: str) -> str:
    """Plain and rich text alike, without how it is read aloud."""
    runs = (one for one in parent.iter(f"{space}t") if not one.getparent().tag.endswith("}rPh"))
    return "".join(one.text or "" for one in runs)
