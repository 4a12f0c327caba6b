"""Reading sound files: every cell as it stands, whatever the file is called."""

from __future__ import annotations

from datetime import date, datetime, time
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
import xlwt

from db.core.errors import Cancelled, Refused
from db.core.text import Text
from db.sheets.child import Limits
from db.sheets.reading import open_workbook, read_workbook
from tests.factories import spreadsheets
from tests.ledgers import FOLDER, needs_ledgers

ERRORS = ["#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A"]
TABLE = [("序号", "项目名称", "协议投资额"), (1, "光伏组件项目", 1.5), (2, "储能电池项目", 23000)]


@pytest.mark.parametrize("name", ["a.xlsx", "a.xlsm", "a.xls", "a.et", "a.csv", "a.dat"])
def test_that_a_workbook_is_told_by_its_content_whatever_its_name(tmp_path: Path, name: str) -> None:
    book = read_workbook(spreadsheets.xlsx(tmp_path / name))
    assert [(sheet.name, sheet.visible, sheet.first_row, sheet.rows) for sheet in book.sheets] == [
        ("台账", True, 1, TABLE)
    ]


@pytest.mark.parametrize("name", ["b.xls", "b.et", "b.xlsx"])
def test_that_an_old_workbook_gives_merged_ranges_and_lists_hidden_sheets(tmp_path: Path, name: str) -> None:
    shown, hidden = read_workbook(spreadsheets.xls(tmp_path / name)).sheets
    assert shown.rows == [("签约项目台账", None, None), *TABLE]
    assert shown.merged == ((0, 0, 0, 2),)
    assert (hidden.name, hidden.visible, hidden.rows) == ("旧表", False, [])


def test_that_an_open_document_is_read(tmp_path: Path) -> None:
    assert read_workbook(spreadsheets.ods(tmp_path / "c.ods")).sheets[0].rows == TABLE


def test_that_a_workbook_of_openpyxl_is_read_with_very_hidden_sheets(tmp_path: Path) -> None:
    made = openpyxl.Workbook()
    assert made.active is not None
    made.active.append(["甲", 1])
    made.create_sheet("深藏").sheet_state = "veryHidden"
    made.save(tmp_path / "d.xlsx")
    first, second = read_workbook(tmp_path / "d.xlsx").sheets
    assert first.rows == [("甲", 1)]
    assert (second.name, second.visible) == ("深藏", False)


def test_that_rows_keep_their_numbers_and_begin_in_column_a(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(str(tmp_path / "e.xlsx"))
    sheet = book.add_worksheet()
    sheet.write(4, 2, "x")
    sheet.write(6, 1, "y")
    sheet.merge_range("C9:D10", "z")
    book.close()
    read = read_workbook(tmp_path / "e.xlsx").sheets[0]
    assert read.first_row == 5
    assert read.rows == [(None, None, "x"), (None,) * 3, (None, "y", None), (None,) * 3, (None, None, "z")]
    assert read.merged == ((4, 2, 5, 3),)  # counted from the first row that is kept


def test_that_every_kind_of_cell_arrives_as_what_it_is(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(str(tmp_path / "f.xlsx"))
    sheet = book.add_worksheet()
    day, clock, hours = (book.add_format({"num_format": f}) for f in ("yyyy-mm-dd hh:mm", "hh:mm", "[h]:mm"))
    sheet.write_row(0, 0, ["文", 12, 1, 0, 0.5, True, False, -3])
    sheet.write_datetime(1, 0, datetime(2024, 5, 1, 12, 30), day)  # noqa: DTZ001 - a sheet knows no zone
    sheet.write_datetime(1, 1, datetime(2024, 5, 1), day)  # noqa: DTZ001
    sheet.write_datetime(1, 2, time(12, 30), clock)
    sheet.write_number(1, 3, 1.75, hours)
    sheet.write_number(1, 4, 123456789012345678)
    sheet.write_number(1, 5, 10**15 - 1)
    book.close()
    first, second = read_workbook(tmp_path / "f.xlsx").sheets[0].rows
    assert [(type(cell), cell) for cell in first] == [
        (str, "文"), (int, 12), (int, 1), (int, 0), (float, 0.5), (bool, True), (bool, False), (int, -3),
    ]  # fmt: skip
    moment = datetime(2024, 5, 1, 12, 30)  # noqa: DTZ001
    assert second[:4] == (moment, date(2024, 5, 1), time(12, 30), "42:00:00")
    assert second[4:] == (1.23456789012345700e17, 999_999_999_999_999, None, None)
    assert type(second[4]) is float


def test_that_a_number_beyond_fifteen_digits_stays_a_float_as_a_warning(tmp_path: Path) -> None:
    path = spreadsheets.xlsx(tmp_path / "g.xlsx", [[330106199001011234], [2.0]])
    (long,), (short,) = read_workbook(path).sheets[0].rows
    assert (type(long), type(short)) == (float, int)


def test_that_a_book_counting_from_1904_gives_the_same_dates(tmp_path: Path) -> None:
    for system in (False, True):
        path = tmp_path / f"h{system}.xlsx"
        book = xlsxwriter.Workbook(str(path), {"date_1904": system})
        book.add_worksheet().write_datetime(0, 0, date(2024, 5, 1), book.add_format({"num_format": "yyyy/m/d"}))
        book.close()
        assert read_workbook(path).sheets[0].rows == [(date(2024, 5, 1),)]


def test_that_errors_and_formulas_without_a_value_are_not_taken_for_blank(tmp_path: Path) -> None:
    rows = read_workbook(spreadsheets.unfinished_formulas(tmp_path / "i.xlsx")).sheets[0].rows
    assert rows == [("项目名称", "投资额"), ("甲", "#DIV/0!"), ("乙", 5), (None, "=B2+B3")]


def test_that_errors_of_an_old_workbook_are_not_taken_for_blank(tmp_path: Path) -> None:
    cells: list[list[object]] = [["项目名称", "投资额", "备注"], *([error, 1.5, error] for error in ERRORS)]
    first, second = read_workbook(spreadsheets.xls_with_errors(tmp_path / "l.xls", cells)).sheets
    assert first.rows == [("填报说明",)]
    assert second.rows == [tuple(row) for row in cells]


def test_that_errors_of_a_binary_workbook_are_not_taken_for_blank(tmp_path: Path) -> None:
    typed: list[list[object]] = [["项目名称", "投资额"], *([error, 2] for error in ERRORS)]
    computed: list[list[object]] = [[1, f"={error}"] for error in ERRORS]
    first, second = read_workbook(spreadsheets.xlsb(tmp_path / "m.xlsb", typed + computed)).sheets
    assert first.rows == []
    assert second.rows == [*map(tuple, typed), *((1, error) for error in ERRORS)]


def test_that_errors_of_an_open_document_are_not_taken_for_blank(tmp_path: Path) -> None:
    """As LibreOffice writes them, as old programs do (the number 0), in repeated cells and rows, under a note."""
    formula = 'table:formula="of:=[.A1]&gt;1" office:value-type'
    error = f'{formula}="string" office:string-value="" calcext:value-type="error"'
    note = "<office:annotation><dc:creator>乙</dc:creator><text:p>#NAME?</text:p></office:annotation>"
    rows = [
        _ods_cell("项目名称") + _ods_cell("金额"),
        _ods_cell("甲") + f"<table:table-cell {error}>{note}<text:p>#REF!</text:p></table:table-cell>",
        f'<table:table-cell/><table:table-cell table:number-columns-repeated="2" {error}><text:p>#N/A</text:p></table:table-cell>',
        _ods_cell("#1地块")
        + f'<table:table-cell {formula}="float" office:value="0"><text:p>Err:502</text:p></table:table-cell>',
        _ods_cell("#REF!") + '<table:table-cell table:formula="of:=[.B2]*2"/>',
    ]
    attributes = ["", "", ' table:number-rows-repeated="2"', "", ""]
    written = "".join(f"<table:table-row{a}>{r}</table:table-row>" for a, r in zip(attributes, rows, strict=True))
    blank = '<table:table-row table:number-rows-repeated="2"/>'
    first, second = read_workbook(spreadsheets.ods_with_rows(tmp_path / "n.ods", blank + written)).sheets
    assert first.rows == []
    assert second.first_row == 3
    assert second.rows == [
        ("项目名称", "金额", None),
        ("甲", "#REF!", None),
        (None, "#N/A", "#N/A"),
        (None, "#N/A", "#N/A"),
        ("#1地块", "Err:502", None),
        ("#REF!", "=[.B2]*2", None),
    ]


def _ods_cell(text: str) -> str:
    return f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>'


def test_that_an_old_workbook_beyond_seven_megabytes_is_read(tmp_path: Path) -> None:
    """From that size on the list of its sectors no longer fits the first of them."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("a")
    for row in range(1_300):
        sheet.write(row, 0, f"{row}" + "长" * 3_000)
    book.save(str(tmp_path / "o.xls"))
    assert (tmp_path / "o.xls").stat().st_size > 7_200_000
    rows = read_workbook(tmp_path / "o.xls").sheets[0].rows
    assert (len(rows), rows[-1][0]) == (1_300, "1299" + "长" * 3_000)


def test_that_dates_of_an_old_workbook_are_dates(tmp_path: Path) -> None:
    book = xlwt.Workbook()
    book.add_sheet("a").write(0, 0, date(2024, 5, 1), xlwt.easyxf(num_format_str="yyyy-mm-dd"))
    book.save(str(tmp_path / "j.xls"))
    assert read_workbook(tmp_path / "j.xls").sheets[0].rows == [(date(2024, 5, 1),)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_that_separated_text_is_read_in_every_usual_encoding(tmp_path: Path, encoding: str, separator: str) -> None:
    lines = ["项目名称,统一社会信用代码,备注", "一号项目,913401048335H79HJA,㛃", '"甲,乙",330106199001011234,', ""]
    quoted = [line if line.startswith('"') else line.replace(",", separator) for line in lines]
    quoted[2] = separator.join(['"甲,乙"', "330106199001011234", ""])
    path = tmp_path / "k.csv"
    path.write_bytes("\r\n".join(quoted).encode(encoding))
    assert read_workbook(path).sheets[0].rows == [
        ("项目名称", "统一社会信用代码", "备注"),
        ("一号项目", "913401048335H79HJA", "㛃"),
        ("甲,乙", "330106199001011234", None),
    ]


def test_that_text_named_xls_is_read_as_text_and_its_codes_stay_whole(tmp_path: Path) -> None:
    path = tmp_path / "导出.xls"
    path.write_bytes('名称\t编号\n甲\t="0012"\n\n乙\t"两\n行"\n'.encode("gb18030"))
    sheet = read_workbook(path).sheets[0]
    assert sheet.name == "导出"
    assert sheet.rows == [("名称", "编号"), ("甲", "0012"), (None, None), ("乙", "两\n行")]


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8"])
def test_that_a_web_page_named_xls_is_read_with_its_merged_cells(tmp_path: Path, encoding: str) -> None:
    sheet = read_workbook(spreadsheets.web_page(tmp_path / "l.xls", encoding)).sheets[0]
    assert sheet.rows == [
        ("签约项目 台账", None, None),
        ("城东街道", "甲项目", "913401048335H79HJA"),
        (None, "乙\n项目", "330106199001011234"),
    ]
    assert sheet.merged == ((0, 0, 0, 2), (1, 0, 2, 0))


def test_that_an_xml_spreadsheet_named_xls_is_read_sheet_by_sheet(tmp_path: Path) -> None:
    text = (
        '<?xml version="1.0" encoding="gb2312"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"'
        ' xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet" xmlns:x="urn:schemas-microsoft-com:office:excel">'
        '<Worksheet ss:Name="签约"><Table><Row><Cell ss:MergeDown="1"><Data ss:Type="String">甲 &amp; 乙</Data></Cell>'
        '<Cell><Data ss:Type="Number">1.5</Data></Cell></Row><Row><Cell><Data ss:Type="DateTime">2024-05-01T00:00:00.000</Data>'
        '</Cell></Row><Row ss:Index="4"><Cell ss:Index="2"><Data ss:Type="Boolean">1</Data></Cell></Row></Table></Worksheet>'
        '<Worksheet ss:Name="底稿"><Table/><x:WorksheetOptions><x:Visible>SheetHidden</x:Visible></x:WorksheetOptions>'
        "</Worksheet></Workbook>"
    )
    (tmp_path / "a.xls").write_bytes(text.encode("gb18030"))
    first, hidden = read_workbook(tmp_path / "a.xls").sheets
    assert (first.name, first.visible, hidden.name, hidden.visible) == ("签约", True, "底稿", False)
    assert first.rows == [("甲 & 乙", 1.5), (None, datetime(2024, 5, 1)), (None, None), (None, True)]  # noqa: DTZ001
    assert first.merged == ((0, 0, 1, 0),)
    (tmp_path / "b.xls").write_bytes(text.replace("<Workbook", "<!DOCTYPE a><Workbook", 1).encode("utf-16"))
    with pytest.raises(Refused, match="hostile"):
        read_workbook(tmp_path / "b.xls")


def test_that_a_quote_never_closed_swallows_no_rows(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text('名称,投资方\n甲,"乙\n丙,丁\n', "utf-8")
    assert read_workbook(tmp_path / "a.csv").sheets[0].rows[1:] == [("甲", '"乙'), ("丙", "丁")]
    (tmp_path / "a.csv").write_text('名称,投资方\n"甲,1",管径12"\n', "utf-8")
    assert read_workbook(tmp_path / "a.csv").sheets[0].rows[1:] == [("甲,1", '管径12"')]


def test_that_merged_areas_below_the_last_row_are_left_out(tmp_path: Path) -> None:
    made = openpyxl.Workbook()
    page = made.worksheets[0]
    page.append(["项目名称", "投资方"])
    page.merge_cells("A1:A4")
    page.merge_cells("A9:C2000")
    made.save(tmp_path / "a.xlsx")
    assert read_workbook(tmp_path / "a.xlsx").sheets[0].merged == ((0, 0, 3, 0),)


def test_that_a_declared_dimension_may_lie_and_phantom_rows_vanish(tmp_path: Path) -> None:
    assert read_workbook(spreadsheets.phantom_rows(tmp_path / "m.xlsx")).sheets[0].rows == TABLE


def test_that_a_sheet_as_wide_as_can_be_is_read(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(str(tmp_path / "n.xlsx"))
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["列"] * 16_384)
    sheet.write(1, 0, "甲")
    book.close()
    read = read_workbook(tmp_path / "n.xlsx").sheets[0]
    assert [len(row) for row in read.rows] == [16_384, 16_384]


def test_that_blocks_of_a_long_sheet_come_one_after_the_other_with_their_gaps(tmp_path: Path) -> None:
    rows: list[list[object]] = [[n, f"项目{n}"] if n % 3000 < 1500 else [] for n in range(7000)]
    path = spreadsheets.xlsx(tmp_path / "o.xlsx", rows)
    with open_workbook(path) as book:
        blocks = list(book.sheets[0].rows())
    assert len(blocks) > 3
    whole = [row for block in blocks for row in block]
    assert [row[0] if row else None for row in whole] == [n if n % 3000 < 1500 else None for n in range(7000)]
    assert read_workbook(path).sheets[0].rows[2000] == (None, None)


def test_that_sheets_can_be_read_in_any_order_twice_and_in_part(tmp_path: Path) -> None:
    made = openpyxl.Workbook()
    assert made.active is not None
    for n in range(2500):
        made.active.append([n])
    made.create_sheet("二").append(["乙"])
    made.save(tmp_path / "p.xlsx")
    with open_workbook(tmp_path / "p.xlsx") as book:
        first, second = book.sheets
        assert next(first.rows())[0] == (0,)
        assert list(second.rows()) == [[("乙",)]]
        assert sum(map(len, first.rows())) == 2500
        assert first.first_row == 1
        assert first.expected_rows == 2500
        assert list(second.rows()) == [[("乙",)]]


def test_that_a_person_can_stop_the_reading(tmp_path: Path) -> None:
    class Stop:
        def step(self, done: int, total: int, text: Text) -> None:
            assert text.render("zh") == "正在读取“q.xlsx”"
            raise Cancelled

    with pytest.raises(Cancelled):
        read_workbook(spreadsheets.xlsx(tmp_path / "q.xlsx"), progress=Stop())


def test_that_more_rows_or_cells_than_the_limits_allow_are_refused_and_never_cut_off(tmp_path: Path) -> None:
    path = spreadsheets.xlsx(tmp_path / "r.xlsx")
    for limits in (Limits(rows=2), Limits(cells=5), Limits(file=100), Limits(unpacked=1000)):
        with pytest.raises(Refused, match="too large"):
            read_workbook(path, limits=limits)


@needs_ledgers
def test_that_the_real_ledgers_are_read() -> None:
    shapes = {}
    for path in sorted(FOLDER.glob("*.xls*")):
        (sheet,) = read_workbook(path).sheets
        shapes[path.name] = (sheet.name, sheet.first_row, len(sheet.rows), len(sheet.rows[0]), len(sheet.merged))
    assert shapes == {
        "上级空白表.xlsx": ("附表1", 1, 15, 10, 2),
        "亩均数据2023.xlsx": ("规上工业", 1, 43, 11, 1),
        "在谈项目.xls": ("Sheet1", 1, 19, 13, 0),
        "政企有约问题清单.xlsx": ("问题清单", 1, 63, 12, 25),
        "签约项目台账.xlsx": ("签约项目", 1, 53, 13, 12),
    }
