from __future__ import annotations

import datetime as dt
import resource
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from db.core.errors import Cancelled, Refused
from db.core.fields import Area, Choice, Day, Field, Flag, Money, Words
from db.core.text import Text, _
from db.reports import streamed
from db.reports.ledger_columns import ledger_column
from db.reports.streamed import LedgerColumn, date_serial, escaped, quotient, write_ledger
from tests.db.reports.office import converted
from tests.ending import python

COLUMNS = (
    LedgerColumn("id", "id", "number", hidden=True),
    LedgerColumn("name", "项目名称", width=30),
    LedgerColumn("code", "统一社会信用代码", "code", width=22),
    LedgerColumn("agreed", "协议投资额（万元）", "number", 10**6, 2),
    LedgerColumn("day", "认定日期", "date"),
    LedgerColumn("stage", "阶段", "choice", labels={"signed": "签约", "started": "开工"}),
)
ROWS: list[tuple[int | str | None, ...]] = [
    (1, "恒光光伏", "91340103MA2T8XYZ1K", 52_000 * 10**6 + 1, "2024-05-09", "signed"),
    (2, "=1+1", "340103202400001000123", -12_345_678, "2024-02-29", "started"),
    (3, " 前后空格 ", None, 0, None, None),
    (4, "a<b>&\"'\n第二行", "007", None, "待定", "已归档"),
]


def _midnight(year: int, month: int, day: int) -> dt.datetime:
    return dt.datetime.combine(dt.date(year, month, day), dt.time())


def test_that_a_ledger_reads_back_equal_in_openpyxl(tmp_path: Path) -> None:
    path = tmp_path / "台账.xlsx"
    assert write_ledger(path, "签约项目台账", COLUMNS, iter(ROWS), note="单位：万元") == 4
    sheet = openpyxl.load_workbook(path).worksheets[0]
    read = [tuple(cell.value for cell in row) for row in sheet.iter_rows(min_row=4)]
    assert read == [
        (1, "恒光光伏", "91340103MA2T8XYZ1K", 52000.000001, _midnight(2024, 5, 9), "签约"),
        (2, "=1+1", "340103202400001000123", -12.345678, _midnight(2024, 2, 29), "开工"),
        (3, " 前后空格 ", None, 0, None, None),
        (4, "a<b>&\"'\n第二行", "007", None, "待定", "已归档"),
    ]
    assert sheet["B5"].data_type in ("s", "inlineStr")
    assert [sheet.cell(3, i + 1).value for i in range(6)] == [column.label for column in COLUMNS]


def test_that_calamine_reads_the_same(tmp_path: Path) -> None:
    path = tmp_path / "台账.xlsx"
    write_ledger(path, "签约项目台账", COLUMNS, iter(ROWS))
    rows = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python(skip_empty_area=False)
    assert rows[3] == [1.0, "恒光光伏", "91340103MA2T8XYZ1K", 52000.000001, dt.date(2024, 5, 9), "签约"]
    assert rows[4][:3] == [2.0, "=1+1", "340103202400001000123"]


@pytest.mark.slow
def test_that_libreoffice_opens_it_and_keeps_every_cell(tmp_path: Path) -> None:
    path = tmp_path / "台账.xlsx"
    write_ledger(path, "签约项目台账", COLUMNS, iter(ROWS))
    sheet = openpyxl.load_workbook(converted(path, "xlsx", tmp_path)).worksheets[0]
    assert sheet["B5"].value == "=1+1"
    assert sheet["B5"].data_type == "s"
    assert sheet["D4"].value == 52000.000001
    assert sheet["C5"].value == "340103202400001000123"
    assert sheet.auto_filter.ref == "A3:F7"


def test_that_the_sheet_is_styled_as_a_ledger(tmp_path: Path) -> None:
    path = tmp_path / "台账.xlsx"
    write_ledger(path, "签约项目台账", COLUMNS, iter(ROWS))
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    assert sheet.title == "签约项目台账"
    assert sheet.freeze_panes == "D4"
    assert sheet.auto_filter.ref == "A3:F7"
    assert sheet["D4"].number_format == "#,##0.00"
    assert sheet["E4"].number_format == "yyyy-mm-dd"
    assert sheet["C4"].number_format == "@"
    assert sheet.column_dimensions["A"].hidden
    assert sheet.column_dimensions["B"].width == pytest.approx(30, abs=1)
    (rule,) = sheet.data_validations.dataValidation
    assert str(rule.sqref) == "F4:F1048576"
    assert [row[0].value for row in book["选项"].iter_rows()] == ["签约", "开工"]
    assert book["选项"].sheet_state == "hidden"


def test_that_an_empty_ledger_is_a_header(tmp_path: Path) -> None:
    path = tmp_path / "空.xlsx"
    assert write_ledger(path, "空", COLUMNS, iter(())) == 0
    sheet = openpyxl.load_workbook(path).worksheets[0]
    assert sheet["B3"].value == "项目名称"
    assert sheet.auto_filter.ref == "A3:F4"


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(max_size=40), min_size=1, max_size=20))
def test_that_any_text_comes_back(tmp_path: Path, texts: list[str]) -> None:
    path = tmp_path / "文字.xlsx"
    write_ledger(path, "文字", (LedgerColumn("a", "甲"),), [(text or "空",) for text in texts])
    read = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python(skip_empty_area=False)[3:]
    assert [row[0] for row in read] == [text or "空" for text in texts]


@given(st.integers(-(10**15), 10**15), st.sampled_from([1, 100, 10**6, 10**10, 200_000]))
def test_that_amounts_are_divided_exactly(value: int, divide: int) -> None:
    assert Decimal(quotient(value, divide)) * divide == value


def test_that_a_quotient_without_an_end_is_cut() -> None:
    assert quotient(100, 300) == "0.333333333333"


def test_that_dates_before_excel_can_count_stay_text() -> None:
    assert date_serial("2024-05-09") == 45421
    assert date_serial("1900-02-28") is None
    assert date_serial("2024-02-30") is None


def test_that_what_xml_cannot_hold_is_written_as_excel_does() -> None:
    assert escaped("a\x07b\r_x0041_<") == "a_x0007_b_x000D__x005F_x0041_&lt;"


class _StoppingLate:
    def step(self, done: int, total: int, text: Text) -> None:
        if done > 2000:
            raise Cancelled


def _many(count: int) -> Iterator[tuple[int, str]]:
    return ((i, f"项目{i}") for i in range(count))


def test_that_stopping_leaves_no_file_behind(tmp_path: Path) -> None:
    columns = (LedgerColumn("a", "甲", "number"), LedgerColumn("b", "乙"))
    with pytest.raises(Cancelled):
        write_ledger(tmp_path / "a.xlsx", "台账", columns, _many(10_000), progress=_StoppingLate())
    assert list(tmp_path.iterdir()) == []


def test_that_more_rows_than_a_sheet_holds_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streamed, "LAST_ROW", 2500)
    columns = (LedgerColumn("a", "甲", "number"), LedgerColumn("b", "乙"))
    with pytest.raises(Refused, match="at most"):
        write_ledger(tmp_path / "a.xlsx", "台账", columns, _many(2600))
    assert list(tmp_path.iterdir()) == []


_MEASURE = """
import resource, sys
from pathlib import Path
from db.reports.streamed import LedgerColumn, write_ledger
columns = [LedgerColumn(f"c{i}", f"列{i}") for i in range(10)]
rows = ([f"第{n}行第{i}列的文字" for i in range(10)] for n in range(int(sys.argv[2])))
write_ledger(Path(sys.argv[1]), "台账", columns, rows)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


@pytest.mark.skipif(not hasattr(resource, "RUSAGE_SELF"), reason="measured with getrusage")
def test_that_memory_does_not_grow_with_the_rows(tmp_path: Path) -> None:
    used = [int(python("-c", _MEASURE, tmp_path / "a.xlsx", count).stdout) for count in (6_000, 30_000)]
    assert used[1] < used[0] * 1.1


def test_that_a_field_becomes_a_column_in_its_unit() -> None:
    money = ledger_column(Field("agreed", _("Agreed investment"), Money("亿元")), "zh")
    assert (money.kind, money.divide) == ("number", 10**10)
    assert money.label.endswith("（亿元）")
    assert ledger_column(Field("land", _("Land"), Area("亩")), "en").divide == 200_000
    assert ledger_column(Field("day", _("Date"), Day()), "zh").kind == "date"
    assert ledger_column(Field("code", _("Code"), Words(identifier=True)), "zh").kind == "code"
    assert ledger_column(Field("flag", _("Yes"), Flag()), "zh").labels == {"1": "是", "0": "否"}
    choice = Choice(options=(("a", Text("甲")),))
    assert ledger_column(Field("stage", _("Stage"), choice), "zh").labels == {"a": "甲"}
