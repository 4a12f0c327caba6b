"""A ledger goes out in the layout in which it came, for any view: headings, groups, sums, units, notes and its face."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.styles import PatternFill

from db import cli
from db.core.book import Book
from db.core.errors import Usage
from db.core.text import _
from db.forms_out import in_layout, layouts
from db.people.service import add_unit
from db.projects.sheet import PROJECT_SHEET
from db.sheets.planning import plan
from db.sheets.reading import read_workbook
from db.sheets.writing import commit
from tests.conftest import on_a_file
from tests.db.sheets.sample import options
from tests.factories.projects import YI, project
from tests.ledgers import FOLDER, needs_ledgers


def ledger(page: Any) -> None:
    """Two groups with their sums, a sum of all, a note; amounts in 亿元, days with dots."""
    page.title = "台账"
    page["A1"], page["F2"] = "2024年重点项目台账", "单位：亿元"
    page.merge_cells("A1:F1")
    for column, text in enumerate(("序号", "项目名称", "属地", "协议投资额", "签约日期", "跟踪人手机"), 1):
        page.cell(3, column, text)
    rows: list[tuple[Any, ...]] = [
        (None, "一、杏林街道"), (1, "甲项目", "杏林街道", 1.5), (2, "乙项目", "杏林街道", 2, "2024.06.07"),
        (None, "小计", None, 3.5),
        (None, "二、三十岗乡"), (3, "丙项目", "三十岗乡", 4, "2024.05.05"), (None, "小计", None, 4),
        (None, "合计", None, 7.5), ("注：本表为统计口径。",),
    ]  # fmt: skip
    for line, cells in enumerate(rows, 4):
        for column, value in enumerate(cells, 1):
            page.cell(line, column, value)
    for column in range(1, 7):
        page.cell(5, column).fill = PatternFill("solid", fgColor="FFEEEEEE")
        page.column_dimensions["ABCDEF"[column - 1]].width = 10 + column
    page.print_area = "A1:F12"
    page.row_dimensions[5].height = 33


@pytest.fixture
def came(book: Book, tmp_path: Path) -> Callable[..., Book]:
    """The book after a ledger of this drawing was imported."""

    def bring(drawing: Callable[[Any], None] = ledger, name: str = "台账.xlsx") -> Book:
        drawn = openpyxl.Workbook()
        drawing(drawn.active)
        drawn.save(tmp_path / name)
        with book.read() as connection:
            planned = plan(read_workbook(tmp_path / name), PROJECT_SHEET, connection, options(assume_yes=True))
        commit(book, planned)
        return book

    return bring


def out(book: Book, path: Path, **asked: Any) -> Any:
    """The sheet that went out."""
    in_layout(book, "projects", "台账", path, **asked)
    return openpyxl.load_workbook(path).worksheets[0]


def test_that_a_ledger_goes_out_as_it_came(came: Callable[..., Book], tmp_path: Path) -> None:
    page = out(came(), tmp_path / "out.xlsx")
    before: Any = openpyxl.load_workbook(tmp_path / "台账.xlsx").active
    sums = {"D7", "D10", "D11"}
    for line in before.iter_rows():
        for cell in line:
            if cell.coordinate not in sums and cell.column != 6:
                assert page[cell.coordinate].value == cell.value, cell.coordinate
    wanted = {"D7": "=SUBTOTAL(9,D5:D6)", "D10": "=SUBTOTAL(9,D9:D9)", "D11": "=SUBTOTAL(9,D4:D10)"}
    assert {cell: page[cell].value for cell in sums} == wanted
    shown: Any = openpyxl.load_workbook(tmp_path / "out.xlsx", data_only=True).active
    assert [shown[cell].value for cell in ("D7", "D10", "D11")] == [3.5, 4, 7.5]
    assert {str(one) for one in page.merged_cells.ranges} == {"A1:F1"}
    assert page.print_area.endswith("$A$1:$F$12")
    assert page.column_dimensions["C"].width == 13
    assert page.row_dimensions[6].height == 33
    assert page["B9"].fill.fgColor.rgb == "FFEEEEEE"


@on_a_file
def test_that_striped_rows_go_out_striped(came: Callable[..., Book], tmp_path: Path) -> None:
    def stripes(page: Any) -> None:
        for column, text in enumerate(("序号", "项目名称", "投资方", "属地"), 1):
            page.cell(1, column, text)
        for line in range(2, 8):
            for column, value in enumerate((line - 1, f"项目{line}", f"公司{line}", "杏林街道"), 1):
                page.cell(line, column, value)
                if line % 2:
                    page.cell(line, column).fill = PatternFill("solid", fgColor="FFEEEEEE")

    in_layout(came(stripes), "projects", "台账", tmp_path / "out.xlsx")
    page: Any = openpyxl.load_workbook(tmp_path / "out.xlsx").active
    assert [page.cell(line, 2).fill.fill_type for line in range(2, 8)] == [None, "solid"] * 3
    assert page["C7"].value == "公司7"


def test_that_new_records_join_their_groups_and_new_groups_come_behind(
    came: Callable[..., Book], tmp_path: Path
) -> None:
    book = came()
    project(book, name="丁项目", street="杏林街道", agreed_investment=YI, signed_on="2024-06-09")
    project(book, name="戊项目", street="双岗街道", agreed_investment=YI)
    page = out(book, tmp_path / "out.xlsx")
    names = [page.cell(line, 2).value for line in range(4, 15)]
    assert names == [
        "一、杏林街道",
        "甲项目",
        "乙项目",
        "丁项目",
        "小计",
        "二、三十岗乡",
        "丙项目",
        "小计",
        "三、双岗街道",
        "戊项目",
        "小计",
    ]
    assert page["D15"].value == "=SUBTOTAL(9,D4:D14)"
    assert page["A16"].value == "注：本表为统计口径。"
    assert page.print_area.endswith("$F$16")
    assert page["E7"].value == "2024.06.09"


@on_a_file
def test_that_a_view_chooses_the_rows_of_a_layout(came: Callable[..., Book], tmp_path: Path) -> None:
    page = out(came(), tmp_path / "out.xlsx", view="signed", period="2024-05")
    assert [page.cell(line, 2).value for line in range(4, 8)] == ["一、三十岗乡", "丙项目", "小计", "合计"]
    assert page["A8"].value == "注：本表为统计口径。"


@on_a_file
def test_that_groups_that_no_fact_parts_stay_where_their_names_stood(came: Callable[..., Book], tmp_path: Path) -> None:
    def parted(page: Any) -> None:
        ledger(page)
        page["B4"], page["B8"] = "一、工业项目", "二、服务业项目"

    book = came(parted)
    project(book, name="丁项目")
    page = out(book, tmp_path / "out.xlsx")
    names = [page.cell(line, 2).value for line in range(4, 13)]
    assert names == ["一、工业项目", "甲项目", "乙项目", "小计", "二、服务业项目", "丙项目", "小计", "丁项目", "合计"]


@on_a_file
def test_that_what_is_kept_of_a_ledger_holds_none_of_its_records(came: Callable[..., Book], tmp_path: Path) -> None:
    import base64
    import io
    import zipfile

    from db.sheets.remembered import ledgers

    with came().read() as connection:
        ((name, layout),) = ledgers(connection, "projects")
    assert name == "台账.xlsx"
    parts = zipfile.ZipFile(io.BytesIO(base64.b64decode(layout["shell"])))
    text = "".join(parts.read(one).decode("utf-8", "ignore") for one in parts.namelist())
    assert "小计" in text
    assert "乙项目" not in text
    assert "丙项目" not in text


@on_a_file
@needs_ledgers
def test_that_an_old_xls_goes_out_in_its_headings(book: Book, tmp_path: Path) -> None:
    assert cli.main(["import", str(book.path), str(FOLDER / "在谈项目.xls"), "--assume", "yes"]) == 0
    with book.read() as connection:
        assert layouts(connection, "projects") == ["在谈项目.xls"]
    command = ["export", str(book.path), "projects", "--layout", "在谈项目", "--out", str(tmp_path / "out.xlsx")]
    assert cli.main(command) == 0
    page: Any = openpyxl.load_workbook(tmp_path / "out.xlsx").active
    assert page["F1"].value == "拟投资额（亿元）"
    assert page.max_row == 19
    assert isinstance(page["F2"].value, int | float)


@on_a_file
def test_that_a_layout_that_never_came_is_named(book: Book, tmp_path: Path) -> None:
    with pytest.raises(Usage, match="No ledger"):
        in_layout(book, "projects", "没有", tmp_path / "out.xlsx")


def monthly(page: Any, *, heads: tuple[str, ...] = ("项目名称", "联审批次", "固投金额", "属地")) -> None:
    """A sender's ledger: a heading nobody knows, amounts without their unit."""
    for column, text in enumerate(heads, 1):
        page.cell(1, column, text)
    for line in range(2, 5):
        for column, text in enumerate(heads, 1):
            cell = {"项目名称": f"项目{line}", "联审批次": "约定", "固投金额": line * 10, "属地": "杏林街道"}.get(
                text, "新"
            )
            page.cell(line, column, cell)


def test_that_next_months_ledger_comes_in_one_step_and_says_what_changed(
    came: Callable[..., Book], tmp_path: Path
) -> None:
    book = came(monthly)
    for heads, said in (
        (("项目名称", "窗口专班", "联审批次", "固投金额", "属地"), ["New columns: 窗口专班."]),
        (("项目名称", "联审批次号", "属地", "固投金额"), ["Renamed: 联审批次 → 联审批次号.", "Moved: 属地."]),
    ):
        again = openpyxl.Workbook()
        monthly(again.active, heads=heads)
        again.save(tmp_path / "七月.xlsx")
        with book.read() as connection:
            planned = plan(read_workbook(tmp_path / "七月.xlsx"), PROJECT_SHEET, connection, options(assume_yes=False))
        assert [question.where for question in planned.open_questions] == ["B"]  # only what is new, or called otherwise
        assert [note.text.render("en") for note in planned.notes][: len(said) + 1] == ["Read like “台账.xlsx”.", *said]


@on_a_file
def test_that_two_senders_of_one_heading_keep_their_own_units(came: Callable[..., Book], tmp_path: Path) -> None:
    def drawing(page: Any) -> None:
        for row in (("项目名称", "协议投资额"), ("甲项目", 3), ("乙项目", 20)):
            page.append(row)

    book = came(drawing)
    with book.write(_("Units")) as connection:
        for place, name in enumerate(("大杨镇", "海棠街道")):
            add_unit(connection, name, kind="street", position=place)
    for name, unit in (("大杨镇6月.xlsx", "万元"), ("海棠街道6月.xlsx", "亿元")):
        shutil.copy(tmp_path / "台账.xlsx", tmp_path / name)
        given = options(assume_yes=False)
        with book.read() as connection:
            first = plan(read_workbook(tmp_path / name), PROJECT_SHEET, connection, given)
        answers = {one.id: unit if one.id.startswith("unit:") else one.proposed for one in first.open_questions}
        assert bool(answers) == (unit == "亿元")  # nobody else had said anything when the first came
        with book.read() as connection:
            given = options(assume_yes=False, answers=answers)
            commit(book, plan(read_workbook(tmp_path / name), PROJECT_SHEET, connection, given))
    for name, unit in (("7月（大杨镇）.xlsx", "万元"), ("7月海棠街道.xlsx", "亿元")):
        shutil.copy(tmp_path / "台账.xlsx", tmp_path / name)
        with book.read() as connection:
            again = plan(read_workbook(tmp_path / name), PROJECT_SHEET, connection, options(assume_yes=False))
        assert again.open_questions == ()
        assert [one.unit for one in again.sheets[0].columns if one.heading == "协议投资额"] == [unit]


@on_a_file
def test_that_the_same_ledger_asks_for_its_unit_once(came: Callable[..., Book], tmp_path: Path) -> None:
    book = came(monthly)
    with book.read() as connection:
        planned = plan(read_workbook(tmp_path / "台账.xlsx"), PROJECT_SHEET, connection, options(assume_yes=False))
    assert planned.open_questions == ()
    assert planned.same == 3
