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


def test_that_a_blank_of_a_card_keeps_its_unit_and_its_boxes(book: Book, form: Callable[..., Path]) -> None:
    def cards(page: Any) -> None:
        pages = [page, page.parent.create_sheet("二"), page.parent.create_sheet("三")]
        for one in pages:
            for line, (label, blank) in enumerate(
                (("项目名称", None), ("协议投资额", "      万元"), ("签约日期", "   年   月   日"), ("推进状态", "□推进中  □已终止"),
                 ("填报日期：    年   月   日", None)), 2
            ):  # fmt: skip
                one.cell(line, 1, label)
                one.cell(line, 2, blank)
            one.cell(2, 3).number_format = "@"

    several(book, 2)
    done, page = filled(book, form(cards))
    assert (done.rows, len(page.parent.worksheets)) == (2, 3)
    assert [page.cell(line, 2).value for line in range(2, 6)] == [
        "项目甲1",
        "10000万元",
        "2024年6月5日",
        "☑推进中  □已终止",
    ]
    assert page["A6"].value == "填报日期：2024年6月30日"
    assert page.parent.worksheets[1]["B3"].value == "20000万元"
    assert page.parent.worksheets[2]["B3"].value == "      万元"


def test_that_labels_and_blanks_in_one_cell_are_filled(book: Book, form: Callable[..., Path]) -> None:
    lines = (
        "填报单位：________  填报日期：______  联系人：____",
        "项目名称：____  联 系 人：____ 联系电话：____",
        "总投资：____万元   协议投资额：____万美元   固定资产投资：____万盾",
        "签约日期：    年   月   日   推进状态：□推进中 □已终止   区长批示：____",
    )

    def drawing(page: Any) -> None:
        for line, text in enumerate(lines, 1):
            page.cell(line, 1, text).fill = PatternFill("solid", fgColor="FFEEEEEE")

    several(book, 1, total_investment=YI, fixed_investment=YI, contact_name="张三")
    done, page = filled(book, form(drawing))
    assert [page.cell(line, 1).value for line in range(2, 5)] == [
        "项目名称：项目甲1  联 系 人：张三 联系电话：____",
        "总投资：10000万元   协议投资额：____万美元   固定资产投资：____万盾",
        "签约日期：2024年6月5日   推进状态：☑推进中 □已终止   区长批示：____",
    ]
    assert str(page["A1"].value).endswith("填报日期：2024年6月30日　联系人：____")
    assert page["A3"].fill.fgColor.rgb == "FFEEEEEE"
    assert [(one.row, one.why.render("en")) for one in done.unfilled] == [
        (2, "The book does not say."),
        (3, "The amount is in Yuan."),
        (3, "No fact of the ledger is known for “固定资产投资（万盾）”."),
        (4, "No fact of the ledger is known for “区长批示”."),
        (1, "“联系人” is for a person to write."),
    ]


def test_that_records_stand_side_by_side_below_or_right_of_their_labels(book: Book, form: Callable[..., Path]) -> None:
    def above(page: Any) -> None:
        for left in (1, 5):
            for column, text in enumerate(("项目名称", "投资方", "属地"), left):
                page.cell(2, column, text)
                page.cell(3, column).number_format = "@"
            for column, text in enumerate(("总投资（亿元）", "签约时间", "责任领导"), left):
                page.cell(4, column, text)
                page.cell(5, column).number_format = "@"

    def across(page: Any) -> None:
        for column, text in enumerate(("指标", "项目一", "项目二"), 1):
            page.cell(2, column, text)
        for line, text in enumerate(("项目名称", "投资方", "签约时间"), 3):
            for column in (1, 2, 3):
                page.cell(line, column, text if column == 1 else None).number_format = "@"

    several(book, 2, street="大杨镇")
    _done, page = filled(book, form(above), view="all")
    assert sorted((page.cell(3, left).value, page.cell(3, left + 2).value) for left in (1, 5)) == [
        ("项目甲1", "大杨镇"), ("项目甲2", "大杨镇"),
    ]  # fmt: skip
    assert page["D2"].value is None
    _done, page = filled(book, form(across), view="all")
    assert sorted((page["B3"].value, page["C3"].value)) == ["项目甲1", "项目甲2"]
    assert (page["B2"].value, len(page.parent.worksheets)) == ("项目一", 1)


def grouped(*groups: str) -> Callable[[Any], None]:
    """A form with two blank rows under each group."""

    def drawing(page: Any) -> None:
        for column, text in enumerate(("序号", "项目名称", "协议投资额（亿元）", "签约时间（格式：20240101）"), 1):
            page.cell(1, column, text)
        for at, group in enumerate(groups):
            page.cell(2 + 3 * at, 1, group)
            page.merge_cells(start_row=2 + 3 * at, start_column=1, end_row=2 + 3 * at, end_column=4)
            page.cell(3 + 3 * at, 1, 1)
            page.cell(4 + 3 * at, 1, 2)

    return drawing


def test_that_groups_are_told_by_what_records_say_of_themselves(book: Book, form: Callable[..., Path]) -> None:
    several(book, 1, industry="新材料", street="大杨镇")
    projects(
        book, *(row(name=f"项目乙{one}", industry="生物医药") for one in range(3)), row(name="项目丙", industry="文旅")
    )
    _done, page = filled(book, form(grouped("一、生物医药产业", "二、新材料类项目", "三、其他")), view="all")
    assert {page.cell(line, 2).value for line in (3, 4, 5)} == {"项目乙0", "项目乙1", "项目乙2"}
    assert [page.cell(line, 1).value for line in (3, 4, 5, 7)] == [1, 2, 3, 1]
    assert [page.cell(line, 2).value for line in (7, 8, 10)] == ["项目甲1", None, "项目丙"]
    assert page["D7"].value == "20240605"
    done, page = filled(book, form(grouped("一、省级重点", "二、市级重点")), view="all")
    assert all(page.cell(line, 2).value for line in range(3, 8))
    assert any("一、省级重点" in why.render("en") for _place, why, _count in left_empty(done))


def test_that_each_of_two_tables_on_a_sheet_is_filled_by_its_name(book: Book, form: Callable[..., Path]) -> None:
    def two(page: Any) -> None:
        listing(page)
        page["A11"] = "表二：开工项目"
        for column, text in enumerate(PLAIN, 1):
            page.cell(12, column, text)
            page.cell(13, column).number_format = "@"

    several(book, 3)
    path = form(two)
    filled(book, path, sheet="附表 1 （   年   月）签约项目表")
    first = path.with_name("out.xlsx").rename(path.with_name("first.xlsx"))
    _done, page = filled(book, first, sheet="附表 1 表二：开工项目")
    assert all(page.cell(line, 2).value for line in (3, 4, 5, 14, 15, 16))


def test_that_striped_rows_go_on_striped(book: Book, form: Callable[..., Path]) -> None:
    def stripes(page: Any) -> None:
        for column, text in enumerate(PLAIN, 1):
            page.cell(1, column, text)
            for line in range(2, 6):
                page.cell(line, column).number_format = "@"
                if line % 2:
                    page.cell(line, column).fill = PatternFill("solid", fgColor="FFEEEEEE")
        page["C6"] = "=SUM(C2:C5)"

    several(book, 7)
    _done, page = filled(book, form(stripes), view="all")
    assert [page.cell(line, 2).fill.fill_type for line in range(2, 9)] == [None, "solid"] * 3 + [None]
    assert page["C9"].value == "=SUM(C2:C8)"


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
    ("drawing", "sentence"), [(no_header, "No header"), (two_headers, "several forms"), (protected, "is protected")]
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
