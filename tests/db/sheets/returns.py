"""A street's sheet for the tests of returns: sent, edited as tables of cells, saved as whatever people save."""

from __future__ import annotations

import csv
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import xlwt
from sqlalchemy import select

from db.core.book import Book
from db.core.tables import METADATA, is_tracked
from db.core.text import Text
from db.projects.service import set_values
from db.projects.sheet import PROJECT_SHEET
from db.sheets.merging import Merge, plan_return
from db.sheets.reading import read_workbook
from db.sheets.sending import Wanted, send
from db.sheets.sent import Sending
from tests.factories import projects
from tests.factories.projects import row

KEYS = ("name", "investor", "agreed_investment", "land_area", "street", "signed_on", "problems", "next_step", "jobs")
MARK, NAME, INVESTOR, AGREED, LAND, STREET, SIGNED, PROBLEMS, NEXT, JOBS = range(10)
HEADER = 3  # 0-based row of the headings
Table = list[list[Any]]


@dataclass
class Sheet:
    """What was sent: where, which records, the cells of the sheet."""

    sending: Sending
    ids: list[int]
    cells: Table

    def of(self, name: str) -> list[Any]:
        """The row of a project."""
        return next(line for line in self.cells if line[NAME] == name)


def fill(book: Book, count: int = 6) -> list[int]:
    """Projects 甲 to 己 of a street."""
    return projects.projects(
        book,
        *(
            row(
                name=f"{name}项目", investor=f"{name}公司", agreed_investment=(at + 1) * 12_345 * 10**6, street="大杨镇",
                land_area=(at + 1) * 7 * 200_000, signed_on=f"2024-0{at + 1}-1{at}", problems=f"{name}的问题", jobs=10 * at + 5,
                stage="signed",
            )
            for at, name in zip(range(count), "甲乙丙丁戊己", strict=False)
        ),
    )  # fmt: skip


def sent(book: Book, folder: Path, **more: Any) -> Sheet:
    """Send the sheet of all projects to 大杨镇."""
    with book.read() as connection:
        ids = [record["id"] for record in PROJECT_SHEET.existing(connection)]
    wanted = Wanted("大杨镇", KEYS, tuple(ids), on="2024-07-01", due_on="2024-07-10", **more)
    noted = send(book, PROJECT_SHEET, wanted, folder / "大杨镇.xlsx")
    page = openpyxl.load_workbook(folder / "大杨镇.xlsx").worksheets[0]
    cells = [list(line) for line in page.iter_rows(values_only=True)]
    last = max(at for at, line in enumerate(cells) if any(cell is not None for cell in line))
    return Sheet(noted, ids, cells[: last + 1])


def change(book: Book, *cells: tuple[int, str, Any], actor: str = "招商局") -> None:
    """What we change meanwhile."""
    before, book.actor = book.actor, actor
    with book.write(Text("meanwhile")) as connection:
        set_values(connection, cells)
    book.actor = before


def save_xlsx(cells: Sequence[Sequence[Any]], path: Path) -> Path:
    """As Excel and WPS save it."""
    book = openpyxl.Workbook()
    for line in cells:
        book.worksheets[0].append([cell if cell is not None else None for cell in line])
    book.save(path.with_suffix(".xlsx"))
    return path.with_suffix(".xlsx")


def save_xls(cells: Sequence[Sequence[Any]], path: Path) -> Path:
    """As twenty years ago."""
    book = xlwt.Workbook()
    page, day = book.add_sheet("回表"), xlwt.easyxf(num_format_str="YYYY-MM-DD")
    for at, line in enumerate(cells):
        for place, cell in enumerate(line):
            if cell is not None:
                page.write(at, place, cell, day) if hasattr(cell, "isoformat") else page.write(at, place, cell)
    book.save(path.with_suffix(".xls"))
    return path.with_suffix(".xls")


def save_csv(cells: Sequence[Sequence[Any]], path: Path) -> Path:
    """As Excel writes it in China: what was shown, in GB 18030."""
    with path.with_suffix(".csv").open("w", encoding="gb18030", newline="") as stream:
        csv.writer(stream).writerows([_shown(cell) for cell in line] for line in cells)
    return path.with_suffix(".csv")


def _shown(cell: Any) -> str:
    if cell is None:
        return ""
    if hasattr(cell, "year"):
        return f"{cell.year}/{cell.month}/{cell.day}"
    return f"{cell:,.0f}" if isinstance(cell, float) and cell > 1_000 else str(cell)


def planned(book: Book, path: Path) -> Merge:
    """What merging a file would do."""
    return plan_return(book, read_workbook(path), [PROJECT_SHEET])


def by_name(merge: Merge, cells: Sequence[Any]) -> set[tuple[str, str, Any]]:
    """Cells as (project, field, theirs)."""
    return {(merge.names[one.id][0], one.key, one.theirs) for one in cells}


def everything(book: Book) -> dict[str, list[tuple[Any, ...]]]:
    """All tracked tables, bit by bit."""
    with book.read() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(select(table).order_by(table.c.id))]
            for table in METADATA.sorted_tables
            if is_tracked(table)
        }


# --- mutilations ------------------------------------------------------------------------------------------------------


def moved(cells: Table, order: Sequence[int]) -> Table:
    """With its columns in another order."""
    return [[line[at] if at < len(line) else None for at in order] for line in cells]


def as_sent(sheet: Sheet) -> Table:
    return sheet.cells


def sorted_anew(sheet: Sheet) -> Table:
    body = sheet.cells[HEADER + 1 :]
    random.Random(8).shuffle(body)
    return [*sheet.cells[: HEADER + 1], *body]


def columns_moved(sheet: Sheet) -> Table:
    return moved(sheet.cells, (NAME, JOBS, NEXT, SIGNED, MARK, INVESTOR, LAND, PROBLEMS, AGREED, STREET))


def columns_renamed(sheet: Sheet) -> Table:
    head = sheet.cells[HEADER]
    head[AGREED], head[SIGNED], head[JOBS] = "盘子", "哪天", "带人"
    return sheet.cells


def other_units(sheet: Sheet) -> Table:
    sheet.cells[HEADER][AGREED] = "协议投资额（亿元）"
    for line in sheet.cells[HEADER + 1 :]:
        line[AGREED] = line[AGREED] / 10_000
    return sheet.cells


def unit_only_in_the_cells(sheet: Sheet) -> Table:
    for line in sheet.cells[HEADER + 1 :]:
        line[AGREED] = line[AGREED] * 10_000  # yuan under a heading that says 万元
        line[LAND] = f"{line[LAND]}亩"
    return sheet.cells


def other_days(sheet: Sheet) -> Table:
    for at, line in enumerate(sheet.cells[HEADER + 1 :]):
        day = line[SIGNED]
        if hasattr(day, "year"):
            forms = (f"{day.year}.{day.month}.{day.day}", f"{day:%Y%m%d}", f"{day.year}年{day.month}月{day.day}日")
            line[SIGNED] = forms[at % 3]
    return sheet.cells


def days_without_year(sheet: Sheet) -> Table:
    for at, line in enumerate(sheet.cells[HEADER + 1 :]):
        day = line[SIGNED]
        if hasattr(day, "year"):
            line[SIGNED] = (f"{day.month}.{day.day}", f"{day.month}月{day.day}日", float(f"{day.month}.{day.day}"))[
                at % 3
            ]
    return sheet.cells


def hints_under_the_header(sheet: Sheet) -> Table:
    hints = [None, "（全称）", None, "（万元）", None, None, "年月日", *[None] * 3]
    return [*sheet.cells[: HEADER + 1], hints, *sheet.cells[HEADER + 1 :]]


def lines_among_rows(sheet: Sheet) -> Table:
    width = len(sheet.cells[HEADER])
    total = [None, "合计", None, 999_999, *[None] * (width - 4)]
    note = [None, "备注：以上数据由镇里填报", *[None] * (width - 2)]
    cells = list(sheet.cells)
    cells[HEADER + 3 : HEADER + 3] = [[None] * width]
    return [*cells, total, note]


def more_columns(sheet: Sheet) -> Table:
    return [[at, *line, "随手"] for at, line in enumerate(sheet.cells)]


def without_lines_above(sheet: Sheet) -> Table:
    return sheet.cells[HEADER:]


def without_headings(sheet: Sheet) -> Table:
    return [*sheet.cells[:HEADER], *sheet.cells[HEADER + 1 :]]


def without_marks(sheet: Sheet) -> Table:
    return [line[1:] for line in sheet.cells]


def mark_said_twice(sheet: Sheet) -> Table:
    return [*sheet.cells, list(sheet.of("甲项目"))]


def spaces_and_breaks(sheet: Sheet) -> Table:
    for line in sheet.cells[HEADER + 1 :]:
        line[NAME], line[INVESTOR] = f" {line[NAME]}　", f"{line[INVESTOR]}\n"
    return sheet.cells


MUTILATIONS = (
    as_sent, sorted_anew, columns_moved, columns_renamed, other_units, unit_only_in_the_cells, other_days,
    days_without_year, hints_under_the_header, lines_among_rows, more_columns, without_lines_above, without_marks,
    mark_said_twice, spaces_and_breaks,
)  # fmt: skip
