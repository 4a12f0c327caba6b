"""The user's own sheet back, with red cells and a column that says why, so that it can be mended and imported again."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from db.core.reading import half_width
from db.core.text import _, say
from db.reports.whole_files import written_whole
from db.sheets.plan import Plan, Refusal
from db.sheets.workbook import Sheet, Workbook

if TYPE_CHECKING:
    import openpyxl
    from openpyxl.worksheet.worksheet import Worksheet

_RED, _DARK = "FFFBEAE9", "FFB72C26"
_FORMULA = ("=", "+", "-", "@")


def write_problems(plan: Plan, workbook: Workbook, out: Path, *, lang: str = "zh") -> int:
    """Write the refused rows of a plan to `out` (.xlsx) and give their number.

    An .xlsx or .xlsm keeps its face; for any other format the same cells go into a new workbook. Sheets without
    problems are kept as they are. The file appears whole or not at all.
    """
    target = _same_file(plan.path) or _copied(workbook)
    by_sheet: dict[str, dict[int, list[Refusal]]] = {}
    for refusal in plan.refused:
        by_sheet.setdefault(refusal.sheet, {}).setdefault(refusal.row, []).append(refusal)
    sheets = {sheet.name: sheet for sheet in workbook.sheets}
    for name, rows in by_sheet.items():
        if name in target.sheetnames:
            header = next((sheet.header_rows for sheet in plan.sheets if sheet.name == name), None)
            _mark(target[name], rows, sheets[name], header, lang)
    with written_whole(out) as part:
        target.save(part)
    return sum(len(rows) for rows in by_sheet.values())


def _same_file(path: Path) -> openpyxl.Workbook | None:
    """The file itself, where openpyxl can keep its face."""
    import zipfile

    import openpyxl

    if path.suffix.lower() not in (".xlsx", ".xlsm") or not zipfile.is_zipfile(path):
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return openpyxl.load_workbook(path)
        except (KeyError, ValueError, TypeError, zipfile.BadZipFile):
            return None  # WPS writes parts that openpyxl does not know; the cells are then copied


def _copied(workbook: Workbook) -> openpyxl.Workbook:
    """A new workbook with the same cells, merged areas and hidden sheets."""
    import openpyxl

    target = openpyxl.Workbook()
    blank = target.active
    assert blank is not None, workbook.name
    target.remove(blank)
    for sheet in workbook.sheets:
        page = target.create_sheet(sheet.name[:31])
        page.sheet_state = "visible" if sheet.visible else "hidden"
        _copy_cells(page, sheet)
    return target


def _copy_cells(page: Worksheet, sheet: Sheet) -> None:
    for place, row in enumerate(sheet.rows):
        for column, value in enumerate(row):
            if value is None:
                continue
            cell = page.cell(sheet.first_row + place, column + 1, value)
            if isinstance(value, str) and value.startswith(_FORMULA):
                cell.data_type = "s"
    for top, left, bottom, right in sheet.merged:
        page.merge_cells(
            start_row=sheet.first_row + top,
            start_column=left + 1,
            end_row=sheet.first_row + bottom,
            end_column=right + 1,
        )


def _mark(
    page: Worksheet, rows: Mapping[int, list[Refusal]], sheet: Sheet, header: tuple[int, int] | None, lang: str
) -> None:
    """Colour the refused cells, and say why in the first free column."""
    from openpyxl.styles import Alignment, Font, PatternFill

    red, dark = PatternFill("solid", fgColor=_RED), Font(color=_DARK, bold=True)
    title = _("What is wrong").render(lang)
    column = _reason_column(page, sheet, header, title)
    if header:
        cell: Any = page.cell(header[0], column, title)
        cell.font = dark
    for row, refusals in rows.items():
        for refusal in refusals:
            page[f"{refusal.column}{row}"].fill = red
        cell = page.cell(row, column, "；".join(dict.fromkeys(_sentence(refusal, lang) for refusal in refusals)))
        cell.font, cell.alignment = Font(color=_DARK), Alignment(wrap_text=True, vertical="top")
    page.column_dimensions[cell.column_letter].width = 48


def _reason_column(page: Worksheet, sheet: Sheet, header: tuple[int, int] | None, title: str) -> int:
    """The first column after the data; a reason column of an earlier round is used again."""
    if header:
        for cell in page[header[0]]:
            if isinstance(cell.value, str) and half_width(cell.value) in (title, *REASON_HEADINGS):
                return int(cell.column)
    return max((len(row) for row in sheet.rows), default=0) + 1


def _sentence(refusal: Refusal, lang: str) -> str:
    why = refusal.why.render(lang).rstrip("。.")
    words = f"{refusal.column}{refusal.row} {why}"
    accepted = say(refusal.accepted, lang)
    return _("{what}. Accepted: {forms}", what=words, forms=accepted).render(lang) if accepted else words


REASON_HEADINGS = ("问题说明", "What is wrong")
