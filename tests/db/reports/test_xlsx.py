from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from db.core.errors import Cancelled, Unavailable
from db.core.text import Text
from db.reports.report import Figure, Report, Section, Table
from db.reports.xlsx import render_xlsx
from db.reports.xlsx_styles import sheet_name
from tests.db.reports.office import converted
from tests.db.reports.sample import BY_STREET, SIGNED, half_year


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("xlsx") / "月报.xlsx"
    render_xlsx(half_year(), path)
    return path


def _cells(path: Path, **options: Any) -> dict[tuple[str, str], Any]:
    book = openpyxl.load_workbook(path, **options)
    return {(sheet.title, cell.coordinate): cell.value for sheet in book for row in sheet.iter_rows() for cell in row}


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, int | float) and isinstance(other, int | float):
        return abs(one - other) < 1e-9
    return bool(one == other)


def _differences(path: Path, folder: Path) -> tuple[int, list[Any]]:
    formulas, cached = _cells(path), _cells(path, data_only=True)
    anew = _cells(converted(path, "xlsx", folder), data_only=True)
    places = [place for place, value in formulas.items() if isinstance(value, str) and value.startswith("=")]
    return len(places), [
        (place, formulas[place], cached[place], anew[place])
        for place in places
        if not _same(cached[place], anew[place])
    ]


@pytest.mark.slow
def test_that_libreoffice_computes_every_formula_to_its_cached_value(written: Path, tmp_path: Path) -> None:
    count, differences = _differences(written, tmp_path)
    assert count > 50
    assert differences == []


@pytest.mark.slow
def test_that_empty_lists_and_awkward_names_compute_too(tmp_path: Path) -> None:
    rows = (
        ('引号"街道', 0, Decimal(0), None, Decimal(0), None, 0, None),
        ("=1+1", 0, Decimal(0), None, Decimal(0), None, 0, None),
    )
    by_street = replace(
        BY_STREET, rows=rows, totals=("合　计", 0, Decimal(0), None, Decimal(0), None, 0, None), sheet="汇'总"
    )
    signed = replace(SIGNED, rows=(), totals=(*(None,) * 5, 0, *(None,) * 4), sheet="明'细[1]")
    path = tmp_path / "empty.xlsx"
    render_xlsx(Report("题", (Section("s", "节", (by_street,)),), appendix=(signed,)), path)
    count, differences = _differences(path, tmp_path)
    assert count > 15
    assert differences == []


def test_that_totals_are_sums_over_the_list_of_records(written: Path) -> None:
    formulas, values = _cells(written), _cells(written, data_only=True)
    assert formulas["汇总", "C5"] == "=SUMIFS('明细'!$F$5:$F$51,'明细'!$J$5:$J$51,\"计入\")/10000"
    assert values["汇总", "C5"] == 174.2
    assert formulas["汇总", "B6"] == "=COUNTIFS('明细'!$C$5:$C$51,$A6,'明细'!$J$5:$J$51,\"计入\")"
    assert formulas["明细", "F3"] == "=SUBTOTAL(109,F5:F51)"
    assert values["明细", "F3"] == 1742000
    assert formulas["汇总", "F6"] == '=IF(E6=0,"—",ROUND((C6-E6)/E6*100,1))'
    assert values["汇总", "F5"] == 69.6


def test_that_the_check_row_says_whether_rows_and_total_agree(written: Path, tmp_path: Path) -> None:
    values = _cells(written, data_only=True)
    assert values["汇总", "A14"] == "核对：本期协议投资额各行之和 174.20 ＝ 合计 174.20，相符"
    wrong = replace(BY_STREET, totals=("合　计", 47, Decimal("174.3"), None, Decimal("102.71"), None, 7, None))
    path = tmp_path / "wrong.xlsx"
    render_xlsx(Report("题", (Section("s", "节", (wrong, SIGNED)),)), path)
    assert _cells(path, data_only=True)["汇总", "A14"].endswith("＝ 合计 174.30，相差 -0.1")


def test_that_text_beginning_like_a_formula_stays_text(tmp_path: Path) -> None:
    bad = ("=1+1", "+86", "-5", "@cmd", '=HYPERLINK("http://a")', "http://example.cn", "\u0007响", "_x0041_")
    table = Table("t", "=题", SIGNED.columns[1:3], tuple((text, text) for text in bad), detail=True)
    path = tmp_path / "text.xlsx"
    render_xlsx(Report("=报", (Section("s", "节", (table,)),)), path)
    sheet = openpyxl.load_workbook(path)["=题"]
    read = [sheet.cell(row, 1) for row in range(5, 5 + len(bad))]
    assert [cell.data_type for cell in read] == ["s"] * len(bad)
    assert [row[0] for row in CalamineWorkbook.from_path(path).get_sheet_by_name("=题").to_python()[4:]][:6] == list(
        bad[:6]
    )


def test_that_long_codes_are_text_and_dates_are_dates(written: Path) -> None:
    sheet = openpyxl.load_workbook(written)["明细"]
    assert sheet["I5"].value == SIGNED.rows[0][8]
    assert sheet["G5"].is_date
    assert sheet["G5"].number_format == "yyyy-mm-dd"


def test_that_sheets_are_frozen_and_set_up_for_print(written: Path) -> None:
    book = openpyxl.load_workbook(written)
    assert book.sheetnames == ["说明", "汇总", "签约未开工", "明细"]
    assert book["汇总"].freeze_panes == "B6"
    detail = book["明细"]
    assert detail.freeze_panes == "C5"
    assert detail.auto_filter.ref == "A4:J51"
    assert detail.page_setup.orientation == "landscape"
    assert detail.page_setup.paperSize == 9
    set_up, footer = detail.sheet_properties.pageSetUpPr, detail.oddFooter
    assert set_up is not None
    assert set_up.fitToPage
    assert detail.print_title_rows == "$1:$4"
    assert footer is not None
    assert footer.center.text == "第 &P 页，共 &N 页"


def test_that_definitions_are_comments_on_the_headings(written: Path) -> None:
    book = openpyxl.load_workbook(written)
    assert book["明细"]["F4"].comment.text.startswith("认定日期在期内")
    assert "协议投资额合计" in book["汇总"]["C4"].comment.text


def test_that_charts_are_native_and_stand_on_the_sheet_of_their_table(written: Path) -> None:
    with ZipFile(written) as package:
        names = package.namelist()
        assert [name for name in names if name.startswith("xl/charts/")] == ["xl/charts/chart1.xml"]
        assert not [name for name in names if "chartsheet" in name]
        chart = package.read("xl/charts/chart1.xml").decode()
    assert chart.count("<c:ser>") == 2
    assert "61.23" in chart, "the values are cached for viewers that do not calculate"


def test_that_headings_of_groups_are_merged(written: Path) -> None:
    merged = {str(area) for area in openpyxl.load_workbook(written)["汇总"].merged_cells.ranges}
    assert {"A1:H1", "A3:A4", "B3:D3", "E3:F3", "G3:H3"} <= merged


def test_that_names_of_sheets_are_lawful_and_unique() -> None:
    taken: list[str] = []
    for wanted in ("a/b:c*?[d]\\", "'引号'", "History", "长" * 40, "长" * 40, "", "𬭎" * 20, "明细", "明细"):
        name = sheet_name(wanted, taken)
        taken.append(name)
        assert 1 <= len(name.encode("utf-16-le")) // 2 <= 31
        assert not set("[]:*?/\\") & set(name)
        assert name[0] != "'" != name[-1]
    assert len({name.lower() for name in taken}) == len(taken)


def test_that_the_first_sheet_says_each_figure_as_people_do_and_leaves_parts_out(tmp_path: Path) -> None:
    figures = (
        Figure(
            "signed.investment",
            "协议投资额",
            "口径。",
            "元",
            3611000000,
            previous=Decimal(2699000000),
            yoy=Decimal("0.3379"),
        ),
        Figure("start_rate.stock", "开工率", "口径。", "比率", Decimal("0.5620"), 77, 137, Decimal("0.3774")),
        Figure("signed.count", "签约数", "很长的口径，" * 20, "个", 9),
        Figure("signed.count@street@大杨镇", "签约数：大杨镇", "口径。", "个", 1),
    )
    path = tmp_path / "a.xlsx"
    render_xlsx(Report("题", (), figures=figures), path)
    sheet = openpyxl.load_workbook(path).worksheets[0]
    rows = {row[0].value: row for row in sheet.iter_rows() if row[1].value is not None}
    assert [cell.value for cell in rows["协议投资额"]][1:7] == [36.11, "亿元", "—", "—", 26.99, 33.8]
    assert [cell.value for cell in rows["开工率"]][1:6] == [56.2, "%", 77, 137, 37.74]
    assert "签约数：大杨镇" not in rows
    assert any((row.height or 0) > 40 for row in sheet.row_dimensions.values() if row.index != 1)


class _Stopping:
    def step(self, done: int, total: int, text: Text) -> None:
        raise Cancelled


def test_that_stopping_and_failing_leave_no_file_behind(tmp_path: Path) -> None:
    with pytest.raises(Cancelled):
        render_xlsx(half_year(), tmp_path / "a.xlsx", progress=_Stopping())
    with pytest.raises(Unavailable):
        render_xlsx(half_year(), tmp_path / "none" / "a.xlsx")
    assert list(tmp_path.iterdir()) == []
