"""A superior's form: what it asks for, what fills it, what stays empty, and that nothing of its face is lost."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.formatting.rule import Rule
from openpyxl.styles import PatternFill
from openpyxl.worksheet.datavalidation import DataValidation

from db import cli
from db.core.book import Book
from db.core.errors import Refused
from db.forms_out import Asked, fill, left_empty
from db.sheets.filling_forms import Filled
from tests.conftest import on_a_file
from tests.factories.projects import YI, projects, row
from tests.ledgers import FOLDER, needs_ledgers

pytestmark = on_a_file
TODAY = "2024-06-30"
PLAIN = ["序号", "项目名称", "协议投资额（亿元）", "签约时间（××××年××月）", "备案情况说明"]


def several(book: Book, count: int, **facts: Any) -> None:
    """Projects 项目甲1, 项目甲2 … of 1, 2 … 亿元."""
    projects(
        book,
        *(
            row(name=f"项目甲{one}", agreed_investment=one * YI, signed_on="2024-06-05", **facts)
            for one in range(1, count + 1)
        ),
    )


@pytest.fixture
def form(tmp_path: Path) -> Callable[..., Path]:
    """A form drawn by hand."""

    def draw(drawing: Callable[[Any], None]) -> Path:
        book = openpyxl.Workbook()
        drawing(book.active)
        book.save(tmp_path / "form.xlsx")
        return tmp_path / "form.xlsx"

    return draw


def listing(page: Any) -> None:
    """Two blank rows between the header and a sum, a signature line below; rules, merged cells, a height, a print area."""
    page.title = "附表 1"
    page["A1"] = "（   年   月）签约项目表"
    for column, text in enumerate(PLAIN, 1):
        page.cell(2, column, text)
    for line in (3, 4):
        page.cell(line, 6, f"=C{line}*2")
        page.merge_cells(start_row=line, end_row=line, start_column=7, end_column=8)
        page.row_dimensions[line].height = 31
    for line in (3, 4):
        for column in range(1, 9):
            page.cell(line, column).number_format = "0.00" if column == 3 else "General"
            page.cell(line, column).fill = PatternFill("solid", fgColor="FFEEEEEE")
    page["A5"], page["C5"] = "合计", "=SUM(C3:C4)"
    page["A6"] = "填表人：          联系电话："
    page.conditional_formatting.add("C3:C4", Rule("cellIs", operator="greaterThan", formula=["$C$5"]))
    rule = DataValidation(type="decimal", operator="greaterThan", formula1="0")
    rule.add("C3:C4")
    rule.add("J3:J1048576")
    page.add_data_validation(rule)
    page.print_area = "A1:H6"
    page.parent.create_sheet("汇总")["A1"] = "='附表 1'!C5+SUM('附表 1'!C3:C4)"


def filled(book: Book, path: Path, **asked: Any) -> tuple[Filled, Any]:
    """What was filled, and the first sheet as openpyxl reads it back."""
    out = path.with_name("out.xlsx")
    done, _view = fill(book, path, out, Asked(today=TODAY, **asked))
    return done, openpyxl.load_workbook(out).worksheets[0]


@needs_ledgers
def test_that_the_shared_form_is_filled_and_grows(book: Book, tmp_path: Path) -> None:
    several(book, 12, total_investment=2 * YI, department="区商务局")
    done, _view = fill(book, FOLDER / "上级空白表.xlsx", tmp_path / "out.xlsx", Asked(today=TODAY))
    page: Any = openpyxl.load_workbook(tmp_path / "out.xlsx").active
    shown: Any = openpyxl.load_workbook(tmp_path / "out.xlsx", data_only=True).active
    assert (done.header, done.rows) == ((3, 3), 12)
    assert [one.key for one in done.columns][4:8] == ["total_investment", "signed_on", "planned_start_on", "leader"]
    assert page["A2"].value.startswith("填报单位（盖章）：庐阳区")
    assert page["H2"].value == "填报日期：2024年6月30日"
    assert [page[f"A{line}"].value for line in (4, 15)] == [1, 12]
    assert page["F4"].value == "2024年6月"
    assert (page["E16"].value, shown["E16"].value) == ("=SUM(E4:E15)", 24)
    assert "A16:B16" in {str(one) for one in page.merged_cells.ranges}
    assert page["A17"].value.startswith("单位负责人")
    assert page["B15"].border.left.style == "thin"


def test_that_a_form_grows_as_a_careful_person_lets_it(book: Book, form: Callable[..., Path]) -> None:
    several(book, 5)
    _done, page = filled(book, form(listing), period="2024-06", view="all")
    assert page["A1"].value == "（2024年6月）签约项目表"
    assert page["C8"].value == "=SUM(C3:C7)"
    assert page["F6"].value == "=C6*2"
    assert {"G3:H3", "G5:H5", "G7:H7"} <= {str(one) for one in page.merged_cells.ranges}
    assert [page.row_dimensions[line].height for line in (3, 5, 7)] == [31, 31, 31]
    assert page["C5"].number_format == "0.00"
    assert page["C6"].fill.fgColor.rgb == "FFEEEEEE"
    assert str(page.data_validations.dataValidation[0].sqref) == "C3:C7 J3:J1048576"
    assert [(str(one.sqref), one.rules[0].formula) for one in page.conditional_formatting] == [("C3:C7", ["$C$8"])]
    assert page.print_area.endswith("$A$1:$H$9")
    assert page.parent["汇总"]["A1"].value == "='附表 1'!C8+SUM('附表 1'!C3:C7)"


def test_that_what_stays_empty_is_listed_with_the_reason(book: Book, form: Callable[..., Path]) -> None:
    several(book, 1)
    projects(book, row(name="外资项目", agreed_investment=YI, currency="USD"))
    done, page = filled(book, form(listing))
    said = {place: why.render("en") for place, why, _count in left_empty(done)}
    assert said["E2"] == "No fact of the ledger is known for “备案情况说明”."
    assert any("for a person to write" in why for why in said.values())
    foreign = next(line for line in (3, 4) if page.cell(line, 2).value == "外资项目")
    assert page.cell(foreign, 3).value is None
    assert any(
        one.row == foreign and one.column == "C" and "amount is in" in one.why.render("en") for one in done.unfilled
    )


def test_that_a_corrected_heading_is_remembered_for_forms_that_are_like_it(
    book: Book, form: Callable[..., Path]
) -> None:
    several(book, 1, remarks="已备案")
    _done, page = filled(book, form(listing), meanings={"备案情况说明": "备注"})
    assert page["E3"].value == "已备案"

    def next_month(page: Any) -> None:
        listing(page)
        page["C2"], page["D2"] = "签约时间（YYYY.MM）", "协议投资额（万元）"

    _done, page = filled(book, form(next_month))
    assert [page.cell(3, column).value for column in (3, 4, 5)] == ["2024.06", 10000, "已备案"]


def test_that_a_list_of_a_cell_is_kept_to(book: Book, form: Callable[..., Path]) -> None:
    def chosen(page: Any) -> None:
        listing(page)
        page["E2"] = "资金来源地"
        rule = DataValidation(type="list", formula1='"省内,省外"')
        rule.add("E3:E4")
        page.add_data_validation(rule)

    several(book, 1, source_place="浙江省")
    done, page = filled(book, form(chosen))
    assert page["E3"].value is None
    assert any("does not offer “浙江省”" in one.why.render("en") for one in done.unfilled)


def test_that_dates_stay_dates_where_the_form_shows_them_so(book: Book, form: Callable[..., Path]) -> None:
    def dated(page: Any) -> None:
        listing(page)
        page["D2"] = "签约时间"
        for line in (3, 4):
            page.cell(line, 4).number_format = 'yyyy"年"m"月"'

    several(book, 1)
    _done, page = filled(book, form(dated))
    assert page["D3"].value.date() == dt.date(2024, 6, 5)


def card(page: Any) -> None:
    """One record, labels at the left."""
    page.merge_cells("A1:D1")
    page["A1"], page["D2"] = "重点项目情况表", "单位：万元"
    for line, (left, right) in enumerate(
        (("项目名称", "投资方"), ("协议投资额", "责任单位"), ("签约时间", "区长批示")), 3
    ):
        page.cell(line, 1, left)
        page.cell(line, 3, right)
        page.cell(line, 4).number_format = "@"
    page.print_area = "A1:D5"


def test_that_a_single_record_form_becomes_a_sheet_a_record(book: Book, form: Callable[..., Path]) -> None:
    several(book, 2, investor="甲公司")
    done, page = filled(book, form(card))
    assert (done.header, done.rows, len(page.parent.worksheets)) == (None, 2, 2)
    names = [one["B3"].value for one in page.parent.worksheets]
    assert sorted(names) == ["项目甲1", "项目甲2"]
    assert page.parent.sheetnames[1] == names[1]
    assert page["D3"].value == "甲公司"
    assert page["B4"].value in (10000, 20000)
    assert page.parent.worksheets[1].print_area.endswith("$A$1:$D$5")
    assert [place for place, why, _count in left_empty(done) if "区长批示" in why.render("en")] == ["D"]


def test_that_a_single_record_form_becomes_a_file_a_record(book: Book, form: Callable[..., Path]) -> None:
    several(book, 2)
    done, _view = fill(book, path := form(card), path.with_name("out.xlsx"), Asked(each="file", today=TODAY))
    assert {file.name for file in done.files} == {"out-项目甲1.xlsx", "out-项目甲2.xlsx"}
    assert all(file.is_file() for file in done.files)


def test_that_labels_stand_above_the_blanks_of_two_records_on_a_page(book: Book, form: Callable[..., Path]) -> None:
    def above(page: Any) -> None:
        for top in (1, 6):
            for column, text in enumerate(("项目名称", "投资方", "属地"), 1):
                page.cell(top, column, text)
            for column, text in enumerate(("总投资（亿元）", "签约时间", "责任领导"), 1):
                page.cell(top + 2, column, text)
                page.cell(top + 3, column).number_format = "@"

    several(book, 3, total_investment=YI)
    done, page = filled(book, form(above), view="all")
    assert done.rows == 3
    assert len(page.parent.worksheets) == 2
    assert page["A2"].value != page["A7"].value
    assert page["A4"].value == 1
    assert page["B9"].value == "2024-06-05"


def test_that_cards_below_and_beside_one_another_are_told_apart(book: Book, form: Callable[..., Path]) -> None:
    def four(page: Any) -> None:
        page.merge_cells("A1:I1")  # nothing else is drawn beyond the last label
        for top in (2, 7):
            for left in (1, 6):
                for line, (one, other) in enumerate((("项目名称", "投资方"), ("协议投资额（亿元）", "签约时间")), top):
                    page.cell(line, left, one)
                    page.cell(line, left + 2, other)

    several(book, 4, investor="甲公司")
    done, page = filled(book, form(four), view="all")
    assert (done.rows, len(page.parent.worksheets)) == (4, 1)
    for top, left in ((2, 2), (2, 7), (7, 2), (7, 7)):
        assert page.cell(top, left).value == f"项目甲{page.cell(top + 1, left).value}"
        assert page.cell(top, left + 2).value == "甲公司"
    assert {page.cell(top, left).value for top in (3, 8) for left in (2, 7)} == {1, 2, 3, 4}


def no_header(page: Any) -> None:
    page["A1"] = "你好"


def two_headers(page: Any) -> None:
    listing(page)
    for column, text in enumerate(PLAIN, 1):
        page.cell(12, column, text)


def protected(page: Any) -> None:
    listing(page)
    page.protection.sheet = True


@pytest.mark.parametrize(
    ("drawing", "sentence"), [(no_header, "No header"), (two_headers, "several tables"), (protected, "is protected")]
)
def test_that_a_form_that_cannot_be_filled_is_refused_in_words(
    book: Book, form: Callable[..., Path], drawing: Callable[[Any], None], sentence: str
) -> None:
    several(book, 1)
    path = form(drawing)
    with pytest.raises(Refused) as refused:
        fill(book, path, path.with_name("out.xlsx"), Asked(today=TODAY))
    assert sentence in refused.value.render("en")
    assert not path.with_name("out.xlsx").exists()


def test_that_three_hundred_merged_cells_do_no_harm(book: Book, form: Callable[..., Path]) -> None:
    def merged(page: Any) -> None:
        listing(page)
        for line in range(10, 310):
            page.merge_cells(start_row=line, end_row=line, start_column=1, end_column=3)

    several(book, 3)
    done, page = filled(book, form(merged))
    assert done.rows == 3
    assert "A310:C310" in {str(one) for one in page.merged_cells.ranges}


@pytest.mark.parametrize("name", ["form.csv", "form.xls"])
def test_that_other_kinds_of_files_are_refused_in_words(book: Book, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("序号,项目名称,投资方\n", encoding="utf-8")
    with pytest.raises(Refused, match="xlsx"):
        fill(book, tmp_path / name, tmp_path / "out.xlsx", Asked(today=TODAY))


def test_that_the_command_says_what_it_filled(
    book: Book, form: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    several(book, 3)
    path, target = form(listing), str(book.path)
    book.close()
    out = path.with_name("out.xlsx")
    assert cli.main(["fill", target, str(path), "--out", str(out), "--period", "2024-06", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["header_rows"] == [2, 2]
    assert told["filled"] == 3
    assert told["columns"][2] == {
        "heading": "协议投资额（亿元）", "field": "agreed_investment", "unit": "亿元", "column": "C", "how": "exact",
    }  # fmt: skip
    assert {"row", "column", "why"} == set(told["unfilled"][0])
    assert cli.main(["fill", target, str(path), "--out", str(path)]) == 2
    assert openpyxl.load_workbook(path).active["B3"].value is None  # type: ignore[index]
