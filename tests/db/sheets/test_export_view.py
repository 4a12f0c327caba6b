"""A view leaves as it stands: its columns, its rows in order and groups, sums that follow, its conditions in words."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from db import rooms
from db.core.book import Book
from db.core.emphasis import Emphasis
from db.core.errors import Usage
from db.core.filters import Condition
from db.core.period import Period
from db.core.text import _
from db.core.views import View, save_view
from db.exporting import write_out
from db.sheets.export import write_view
from tests.conftest import on_a_file
from tests.factories import projects
from tests.factories.projects import YI, row, signed

ROOM = rooms.ROOMS[2]
TODAY = "2024-07-17"


def exported(book: Book, view: View, out: Path) -> Any:
    with book.read() as connection:
        look = rooms.look(connection, ROOM, view, today=TODAY, period=Period.parse("2024-01..2024-06"))
        assert write_view(connection, ROOM.table, view, look, out, today=TODAY) == look.outline.count
    return load_workbook(out).worksheets[0]


@pytest.fixture
def four(book: Book) -> list[int]:
    return projects.projects(
        book,
        signed("2024-03-01", 2, name="甲", street="大杨镇", stage="signed"),
        signed("2024-04-01", 3, name="乙", street="杏林街道"),
        signed("2024-05-01", 5, name="丙", street="大杨镇", started_on="2024-06-01"),
        row(name="丁", street="大杨镇"),
    )


@on_a_file
def test_that_a_plain_view_keeps_columns_order_and_conditions(book: Book, four: list[int], tmp_path: Path) -> None:
    view = View(
        "大杨镇签约", ("name", "agreed_investment", "approved_on", "gone"),
        (Condition("figure:signed.count", "behind"), Condition("street", "is", "大杨镇")),
        (("agreed_investment", True),), widths={"name": 187}, frozen=2,
    )  # fmt: skip
    sheet = exported(book, view, tmp_path / "签约.xlsx")
    said = "共 2 条；2024年1—6月新签约项目；属地为大杨镇；账本中没有“gone”"
    assert [sheet["A1"].value, sheet["A2"].value] == ["大杨镇签约", said]
    assert [cell.value for cell in sheet[3]] == [None, "合　计", "=SUBTOTAL(109,C5:C6)", None]
    assert [cell.value for cell in sheet[4]] == ["id", "项目名称", "协议投资额（万元）", "认定日期"]
    assert [[cell.value for cell in line][:3] for line in sheet["A5:D6"]] == [
        [four[2], "丙", 50_000], [four[0], "甲", 20_000],
    ]  # fmt: skip
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("D5", "A4:D6")
    assert sheet.column_dimensions["B"].width == pytest.approx(26, abs=1)
    cached = load_workbook(tmp_path / "签约.xlsx", data_only=True).worksheets[0]
    assert cached["C3"].value == 70_000


def test_that_groups_fold_and_their_sums_leave_one_another_out(book: Book, four: list[int], tmp_path: Path) -> None:
    view = View("分组", ("name", "agreed_investment"), groups=("street", "stage"), order=(("name", False),))
    sheet = exported(book, view, tmp_path / "分组.xlsx")
    lines = [(line[1].value, line[2].value) for line in sheet.iter_rows(min_row=3)]
    assert lines == [
        ("合　计", "=SUBTOTAL(109,C5:C14)"), ("项目名称", "协议投资额（万元）"),
        ("大杨镇 · 3", "=SUBTOTAL(109,C6:C11)"), ("在谈 · 1", None), ("丁", None),
        ("签约 · 1", "=SUBTOTAL(109,C9:C9)"), ("甲", 20_000), ("开工 · 1", "=SUBTOTAL(109,C11:C11)"), ("丙", 50_000),
        ("杏林街道 · 1", "=SUBTOTAL(109,C13:C14)"), ("签约 · 1", "=SUBTOTAL(109,C14:C14)"), ("乙", 30_000),
    ]  # fmt: skip
    assert [sheet.row_dimensions[number].outlineLevel for number in range(5, 9)] == [0, 1, 2, 1]
    assert sheet.sheet_properties.outlinePr.summaryBelow is False
    cached = load_workbook(tmp_path / "分组.xlsx", data_only=True).worksheets[0]
    assert [cached[f"C{number}"].value for number in (3, 5, 12)] == [100_000, 70_000, 30_000]
    assert cached["B5"].font.bold


@on_a_file
def test_that_a_view_without_rows_is_a_sheet_without_rows(book: Book, four: list[int], tmp_path: Path) -> None:
    view = View("无", ("name",), (Condition("name", "is", "没有"),), groups=("street",))
    sheet = exported(book, view, tmp_path / "无.xlsx")
    assert sheet["A2"].value == "共 0 条；项目名称为没有"
    assert [cell.value for cell in sheet[3]] == ["id", "项目名称"]
    assert sheet.max_row <= 4


@on_a_file
def test_that_a_saved_view_is_exported_by_its_name(book: Book, four: list[int], tmp_path: Path) -> None:
    with book.write(_("Save a view")) as connection:
        save_view(connection, "projects", View("我的", ("name", "street"), owner="高翔"))
    with book.read() as connection:
        for name in ("我的", "全部项目", "All projects", "all"):
            assert write_out(connection, "projects", tmp_path / f"{name}.xlsx", view=name, actor="高翔") == 4
        with pytest.raises(Usage):
            write_out(connection, "projects", tmp_path / "x.xlsx", view="我的", actor="别人")
    assert not (tmp_path / "x.xlsx").exists()


@on_a_file
def test_that_what_stands_out_does_so_on_paper_with_its_sign(book: Book, four: list[int], tmp_path: Path) -> None:
    marks = (
        Emphasis(Condition("agreed_investment", "top", 1), "red"), Emphasis(Condition("agreed_investment", "at_most", 2 * YI), "green"),
        Emphasis(Condition("name", "contains", "乙"), "amber"),
    )  # fmt: skip
    view = View("全部", ("name", "agreed_investment"), order=(("agreed_investment", True),), emphasis=marks)
    sheet = exported(book, view, tmp_path / "全部.xlsx")
    lines = sheet["B5:C7"]
    assert [line[1].value for line in lines] == [50_000, 30_000, 20_000]
    assert [line[1].number_format for line in lines] == ['"▲ "#,##0', "#,##0", '"● "#,##0']
    assert [line[0].number_format for line in lines] == ["General", '"◆ "@', "General"]
    assert lines[0][1].font.color.rgb == "FFB72C26"


@on_a_file
def test_that_free_text_is_covered_where_it_is_not_for_all_eyes(book: Book, tmp_path: Path) -> None:
    projects.projects(book, row(name="甲 13812345678", street="大杨镇"))
    with book.read() as connection:
        look = replace(rooms.look(connection, ROOM, View("全部", ("name",)), today=TODAY), cover=lambda text: text[:1])
        write_view(connection, ROOM.table, View("全部", ("name",)), look, tmp_path / "a.xlsx", today=TODAY)
    sheet = load_workbook(tmp_path / "a.xlsx").worksheets[0]
    assert [cell.value for cell in sheet["B"]][-1] == "甲"


@on_a_file
def test_that_sums_leave_other_currencies_out_and_the_column_that_tells_them_comes_along(
    book: Book, tmp_path: Path
) -> None:
    projects.projects(
        book,
        row(name="甲", street="大杨镇", agreed_investment=5 * YI),
        row(name="乙", street="大杨镇", agreed_investment=3 * YI, currency="USD"),
    )
    view = View("外币", ("name", "agreed_investment"), groups=("street",), order=(("name", False),))
    sheet = exported(book, view, tmp_path / "外币.xlsx")
    assert sheet["A2"].value == "共 2 条；另有外币 1 项，未计入"
    assert [cell.value for cell in sheet[4]][1:] == ["项目名称", "协议投资额（万元）", "币种"]
    assert (sheet["C3"].value, sheet["C5"].value) == ('=SUMIFS(C5:C7,D5:D7,"人民币")', '=SUMIFS(C6:C7,D6:D7,"人民币")')
    assert {sheet[f"D{number}"].value for number in (6, 7)} == {"人民币", "美元"}
    cached = load_workbook(tmp_path / "外币.xlsx", data_only=True).worksheets[0]
    assert (cached["C3"].value, cached["C5"].value) == (50_000, 50_000)
