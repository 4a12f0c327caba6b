"""More rows in a form than it has: as a careful person puts them in, with everything below moved along.

Faces, merged areas and heights are those of the row above; the ranges of sums and of rules grow with the rows; signature
lines, print areas, pictures and notes move down. Rows and columns are numbered from 1.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from lxml import etree  # type: ignore[import-untyped]

from db.sheets.form_file import FormFile, Page, address, column_number, corners

_LAST = 2**20  # rows of a sheet; a range down to the last of them stays so
_CELL = re.compile(r"(\$?)([A-Z]{1,3})(\$?)(\d+)")
_ROWS = re.compile(r"(\$?)(\d+):(\$?)(\d+)")
_FORMULAS = frozenset({"f", "formula", "formula1", "formula2", "definedName"})
_AREAS = frozenset(
    {"mergeCell", "autoFilter", "hyperlink", "dimension", "table", "comment", "threadedComment", "sortState", "sortCondition"}
)  # fmt: skip
_LISTS = frozenset({"conditionalFormatting", "dataValidation", "selection", "protectedRange", "ignoredError"})


@dataclass(frozen=True)
class Gap:
    """`count` rows after `row`. grow: ranges that end with that row take the new rows in."""

    row: int
    count: int
    grow: bool

    def start(self, row: int) -> int:
        """Where a row, or the first of a range, stands afterwards."""
        return min(row + self.count, _LAST) if row > self.row else row

    def end(self, row: int, *, of_range: bool) -> int:
        """Where the last row of a range stands afterwards."""
        moves = row > self.row or (of_range and self.grow and row == self.row)
        return min(row + self.count, _LAST) if moves and row < _LAST else row

    def area(self, text: str, *, grows: bool = True) -> str:
        """A3:B5, $A$3, 3:5 after the rows have moved; anything else as it is."""
        rows = _ROWS.fullmatch(text)
        if rows:
            return f"{rows[1]}{self.start(int(rows[2]))}:{rows[3]}{self.end(int(rows[4]), of_range=grows)}"
        found = [_CELL.fullmatch(corner) for corner in text.split(":")]
        if len(found) > 2 or found[0] is None or found[-1] is None:
            return text
        first, last = found[0], found[-1]
        start = f"{first[1]}{first[2]}{first[3]}{self.start(int(first[4]))}"
        if len(found) == 1:
            return start
        ranged = grows and int(first[4]) <= int(last[4])
        return f"{start}:{last[1]}{last[2]}{last[3]}{self.end(int(last[4]), of_range=ranged)}"

    def areas(self, text: str) -> str:
        """Several with blanks between, as rules name theirs; a rule for one row above the gap grows, too."""
        return " ".join(self.area(one if ":" in one or not self.grow else f"{one}:{one}") for one in text.split())


def striped(page: Page, rows: Sequence[int]) -> bool:
    """Whether rows are drawn by turns in two faces, the last like the last but two."""
    faces = [[page.face(row, column) for column in page.cells(row)] for row in rows[-4:]]
    return (
        len(faces) > 2
        and faces[-1] != faces[-2]
        and all(one == two for one, two in zip(faces, faces[2:], strict=False))
    )


def insert_rows(page: Page, after: int, count: int, *, templates: Sequence[int], grow: bool) -> None:
    """Put `count` rows after a row, by turns with the face and the formulas of `templates`, which are not below it."""
    gap = Gap(after, count, grow)
    unshare(page)
    for row in sorted((row for row in page.rows if row > after), reverse=True):
        renumber(page.rows[row], row + count)
    spans = [one for one in page.merged if one[0] == one[2] == templates[-1]]
    move_along(page, gap)
    _add_rows(page, after, count, templates)
    _add_merged(page, spans, after, count)
    page.forget()


def renumber(line: Any, row: int) -> None:
    """Let a row and its cells stand at another number."""
    line.set("r", str(row))
    for cell in line:
        place = _CELL.fullmatch(cell.get("r") or "")
        if place:
            cell.set("r", f"{place[2]}{row}")


def unshare(page: Page) -> None:
    """A formula that cells share is written out in each of them: their ranges part when rows move."""
    from openpyxl.formula.translate import Translator

    masters: dict[str, tuple[str, str]] = {}
    for one in page.root.iter(f"{page.space}f"):
        if one.get("t") != "shared":
            continue
        number, here = one.get("si"), one.getparent().get("r")
        if one.text:
            masters[number] = (one.text, here)
        elif number in masters:
            text, origin = masters[number]
            one.text = Translator("=" + text, origin=origin).translate_formula(here)[1:]
        for name in ("t", "si", "ref"):
            one.attrib.pop(name, None)


def move_along(page: Page, gap: Gap) -> None:
    """Everything that names rows of a sheet, but the rows themselves."""
    _move_formulas(page, gap)
    _move_parts(page, gap)


def _move_formulas(page: Page, gap: Gap) -> None:
    """Every formula of the file that names rows of this sheet: in its cells, in others', in names, rules and charts."""
    file = page.file
    for one in _formulas(page.root):
        one.text = moved(one.text, gap, page.name, own=True)
    others = [other.part for other in file.pages if other.part != page.part] + ["xl/workbook.xml"]
    others += [part for part in file.parts if part.startswith("xl/charts/chart")]
    for part in others:
        for one in _formulas(file.xml(part)):
            text = moved(one.text, gap, page.name, own=False)
            if text != one.text:
                one.text = text
                drop_value(one)


def drop_value(formula: Any) -> None:
    """Forget what a cell's formula came to; who opens the file computes it."""
    cell = formula.getparent()
    if etree.QName(cell).localname == "c":
        for one in list(cell):
            if etree.QName(one).localname == "v":
                cell.remove(one)
        cell.attrib.pop("t", None)


def _formulas(root: Any) -> list[Any]:
    return [one for one in root.iter(etree.Element) if etree.QName(one).localname in _FORMULAS and one.text]


def moved(text: str, gap: Gap, name: str, *, own: bool) -> str:
    """A formula after the rows of the sheet `name` have moved. own: it stands on that sheet itself."""
    from openpyxl.formula import Tokenizer
    from openpyxl.formula.tokenizer import Token

    if not any(sign.isdigit() for sign in text) or (not own and name not in text.replace("''", "'")):
        return text
    found = Tokenizer("=" + text)
    for one in found.items:
        if one.type != Token.OPERAND or one.subtype != Token.RANGE:
            continue
        sheet, mark, area = one.value.rpartition("!")
        named = sheet.strip("'").replace("''", "'") == name if mark else own
        if named:
            one.value = f"{sheet}{mark}{gap.area(area)}"
    return "".join(one.value for one in found.items)


def _move_parts(page: Page, gap: Gap) -> None:
    for one in page.root.iter(etree.Element):
        name = etree.QName(one).localname
        if name in _AREAS and one.get("ref"):
            one.set("ref", gap.area(one.get("ref"), grows=name != "mergeCell" or _is_tall(one.get("ref"))))
        elif name in _LISTS and one.get("sqref"):
            one.set("sqref", gap.areas(one.get("sqref")))
        elif name == "sqref" and one.text:
            one.text = gap.areas(one.text)
        elif name == "brk" and etree.QName(one.getparent()).localname == "rowBreaks":
            one.set("id", str(gap.start(int(one.get("id")))))
    for _number, kind, part in page.file.related(page.part):
        if kind in ("table", "comments", "threadedComment") and part in page.file.parts:
            for one in page.file.xml(part).iter(etree.Element):
                if etree.QName(one).localname in _AREAS and one.get("ref"):
                    one.set("ref", gap.area(one.get("ref")))
        elif kind == "drawing" and part in page.file.parts:
            _move_anchors(page.file, part, gap)


def _is_tall(area: str) -> bool:
    top, _left, bottom, _right = corners(area)
    return bottom > top


def _move_anchors(file: FormFile, part: str, gap: Gap) -> None:
    """Pictures and charts stand between rows counted from 0."""
    for one in file.xml(part).iter(etree.Element):
        if etree.QName(one).localname == "row":
            one.text = str(gap.start(int(one.text) + 1) - 1)


def _add_rows(page: Page, after: int, count: int, templates: Sequence[int]) -> None:
    patterns = [copied(page, page.rows.get(one)) for one in templates]
    at = sum(row <= after for row in page.rows)
    for number in range(count):
        page.data.insert(at + number, placed(page, patterns[number % len(patterns)], after + 1 + number))


def copied(page: Page, line: Any) -> Any:
    """A row with its face and its formulas, without what it says."""
    line = deepcopy(line) if line is not None else etree.Element(f"{page.space}row")
    for cell in line:
        for child in list(cell):
            if child.tag != f"{page.space}f":
                cell.remove(child)
        cell.attrib.pop("t", None)
    return line


def placed(page: Page, pattern: Any, row: int) -> Any:
    """A copy of a row at another number, its formulas as they are when copied there."""
    line = deepcopy(pattern)
    origins = [cell.get("r") for cell in line]
    renumber(line, row)
    for cell, origin in zip(line, origins, strict=True):
        formula = cell.find(f"{page.space}f")
        if formula is not None and formula.text:
            from openpyxl.formula.translate import Translator

            formula.text = Translator("=" + formula.text, origin=origin).translate_formula(cell.get("r"))[1:]
    return line


def _add_merged(page: Page, spans: list[tuple[int, int, int, int]], after: int, count: int) -> None:
    rows = range(after + 1, after + count + 1)
    page.merge([f"{address(row, left)}:{address(row, right)}" for _top, left, _bottom, right in spans for row in rows])


# --- what formulas come to -----------------------------------------------------------------------------------------

_SUM = re.compile(r"(SUM|COUNT|COUNTA|SUBTOTAL)\((?:(9|109|3|103),)?\$?([A-Z]{1,3})\$?(\d+):\$?([A-Z]{1,3})\$?(\d+)\)")


def refresh_sums(page: Page, told: Callable[[int, int], Any]) -> None:
    """Sums and counts over one range say their value beside the formula; any other formula says none until it is computed.

    told: what a cell says (row, column). A viewer that does not calculate shows what stands beside the formula.
    """
    for formula in list(page.root.iter(f"{page.space}f")):
        drop_value(formula)
        found = _SUM.fullmatch((formula.text or "").replace(" ", ""))
        if found is None or (found[1] == "SUBTOTAL") != (found[2] is not None):
            continue
        left, right = column_number(found[3]), column_number(found[5])
        cells = [
            told(row, column) for row in range(int(found[4]), int(found[6]) + 1) for column in range(left, right + 1)
        ]
        if any(isinstance(cell, str) and cell.startswith("=") for cell in cells):
            continue
        counted = found[1] == "COUNTA" or found[2] in ("3", "103")
        numbers = [cell for cell in cells if isinstance(cell, int | float)]
        value = (
            sum(cell is not None for cell in cells)
            if counted
            else sum(numbers)
            if found[1] != "COUNT"
            else len(numbers)
        )
        etree.SubElement(formula.getparent(), f"{page.space}v").text = f"{value:.15g}"
