"""What offices type, and what is stored for it."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from db.core.fields import Area, Choice, Day, Flag, Kind, Link, Metric, Money, Whole, Words
from db.core.formats import understand
from db.core.text import Text
from db.sheets.values import convert_column, converter, credit_code_doubt, filled, own_column
from db.sheets.workbook import Cell

WAN = 10**6
MIDNIGHT = datetime(2024, 9, 5)  # noqa: DTZ001 - a cell of Excel knows no zone


@pytest.mark.parametrize(
    "typed",
    ["2024-09-05", "2024.9.5", "2024年9月5日", "2024/9/5", "20240905", 20240905.0, 20240905, "240905", 45540, "45540",
     "2024-09-05 00:00:00", "２０２４．９．５", " 2024 年 9 月\n5 日", date(2024, 9, 5), MIDNIGHT, "2024、9、5",
     "24.9.5", "2024年9月5号", "24年9月5日"],
)  # fmt: skip
def test_that_a_day_is_read_however_it_is_written(typed: Cell) -> None:
    assert understand(Day(), typed).value == "2024-09-05"


@pytest.mark.parametrize(
    "typed",
    ["2024.9", 2024.9, "2024年9月", "2024-09", "202409", 202409.0, "2024年9月份", "2024/9", "2024-09-", "24年9月"],
)
def test_that_a_month_in_a_day_field_is_its_first_day_and_the_reading_says_so(typed: Cell) -> None:
    reading = understand(Day(), typed)
    assert reading.value == "2024-09-01"
    assert reading.note is not None


def test_that_words_beside_a_date_go_to_the_remarks() -> None:
    reading = understand(Day(), "2024.9.30前")
    assert (reading.value, reading.remark) == ("2024-09-30", "2024.9.30前")


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("2024年2月底", "2024-02-29"),
        ("2024.9底前", "2024-09-30"),
        ("2024年9月上旬", "2024-09-01"),
        ("2024年9月5日上午", "2024-09-05"),
    ],
)
def test_that_the_end_of_a_month_is_its_last_day_and_the_words_are_kept(typed: str, day: str) -> None:
    reading = understand(Day(), typed)
    assert (reading.value, reading.remark) == (day, typed)


@pytest.mark.parametrize(
    ("typed", "accepted"),
    [("2024-02-30", "2024-02-29、2024.2.29、2024年2月29日"), ("2024年4月31日", "2024-04-30、2024.4.30、2024年4月30日"),
     ("2024.13", "2024-12、2024.12、2024年12月"), (20240230.0, "2024-02-29、2024.2.29、2024年2月29日")],
)  # fmt: skip
def test_that_a_day_that_is_not_is_refused_with_what_would_be_accepted(typed: Cell, accepted: str) -> None:
    reading = understand(Day(), typed)
    assert reading.value is None
    assert reading.refused is not None
    assert reading.accepted == accepted


@pytest.mark.parametrize(
    ("typed", "part"),
    [("2024年二季度", True), ("2024Q2", True), ("2024年第3季度", True), ("2024年上半年", True), ("2024年底", True),
     ("2024年", False), ("2024", False), (2024, False)],
)  # fmt: skip
def test_that_a_quarter_or_a_year_is_no_day_and_the_reason_says_what_is_missing(typed: Cell, part: bool) -> None:
    reading = understand(Day(), typed)
    assert reading.refused is not None
    assert reading.accepted
    assert reading.refused.key.startswith("Only a part of the year" if part else "Only the year")


@pytest.mark.parametrize("typed", ["2024年", "9月5日", "年底前", "三季度", 12.5, 7, "2024.9.5、2024.10.8"])
def test_that_a_date_nobody_can_know_is_refused(typed: Cell) -> None:
    assert understand(Day(), typed).refused is not None


@pytest.mark.parametrize(
    ("typed", "yuan"),
    [("1.2亿", "120000000"), ("12.3", "123000"), (12.3, "123000"), ("182000万元", "1820000000"), ("1,250.5", "12505000"),
     ("２５００", "25000000"), ("人民币500万元", "5000000"), ("12.5亿元人民币", "1250000000"), ("1.2E+3", "12000000"),
     (0.1 + 0.2, "3000"), ("1000元", "1000"), ("3千万元", "30000000"), ("8万", "80000"), ("-5", "-50000"),
     ("1，250", "12500000")],
)  # fmt: skip
def test_that_money_is_exact_and_its_own_unit_beats_the_columns(typed: Cell, yuan: str) -> None:
    assert understand(Money("万元"), typed, unit="万元").value == int(yuan) * 100


@pytest.mark.parametrize(
    ("typed", "beside"), [("约12.5", "约"), ("12.5左右", "左右"), ("12.5余", "余"), ("12.5（含设备）", "(含设备)")]
)
def test_that_words_beside_an_amount_are_taken_off_said_and_kept(typed: str, beside: str) -> None:
    reading = understand(Money(), typed, unit="亿元")
    assert reading.value == 1_250_000_000_00
    assert reading.note is not None
    assert reading.note.args["words"] == beside
    assert reading.remark


@pytest.mark.parametrize(
    ("typed", "code"), [("$500万", "USD"), ("500万美元", "USD"), ("500万港币", "HKD"), ("€500万", "EUR")]
)
def test_that_a_foreign_currency_is_told_from_yuan(typed: str, code: str) -> None:
    reading = understand(Money("万元"), typed)
    assert (reading.value, reading.currency) == (500 * WAN, code)


@pytest.mark.parametrize("typed", ["租赁厂房", "12-15亿", "很多", "12.5.6", "abc", "１２亩", "1e999"])
def test_that_what_is_no_amount_of_money_is_refused(typed: str) -> None:
    assert understand(Money(), typed).refused is not None


@pytest.mark.parametrize(
    ("typed", "unit", "stored"),
    [("34", "亩", 6_800_000), ("80亩", "㎡", 16_000_000), ("53000㎡", "亩", 15_900_000), ("2万平方米", "亩", 6_000_000),
     (53000.0, "㎡", 15_900_000), ("5公顷", None, 15_000_000), (0.0001, "亩", 20)],
)  # fmt: skip
def test_that_area_is_exact_in_mu_and_in_square_metres(typed: Cell, unit: str | None, stored: int) -> None:
    assert understand(Area("亩"), typed, unit=unit).value == stored


def test_that_counts_are_whole_and_other_quantities_keep_six_decimals() -> None:
    assert understand(Whole("人"), "23人").value == 23
    assert understand(Whole(), 12.5).refused is not None
    assert understand(Whole("工作日"), "15个工作日").value == 15
    reading = understand(Metric(), 0.12345678)
    assert (reading.value, reading.note is not None) == (123_457, True)


@pytest.mark.parametrize(
    ("own", "unit", "factor"),
    [("吨标煤", "吨标准煤", 1), ("吨标煤", "万tce", 10_000), ("千瓦时", "万kWh", 10_000), ("千瓦时", "万度", 10_000), ("千瓦时", "MWh", 1_000),
     ("吨", "t", 1)],
)  # fmt: skip
def test_that_a_measure_is_read_by_whatever_name_its_unit_has(own: str, unit: str, factor: int) -> None:
    assert (
        understand(Metric(own), 12.5, unit=unit).value
        == understand(Metric(own), f"12.5{unit}").value
        == 12_500_000 * factor
    )
    assert understand(Metric(own), 1, unit="米").refused is not None


def test_that_a_range_is_refused_as_one() -> None:
    refused = understand(Money(), "10-12亿元").refused
    assert refused is not None
    assert refused.key.startswith("A range")


@pytest.mark.parametrize("typed", ["/", "／", "无", "待定", "-", "—", "暂无", "\\", "N/A", " / "])
def test_that_a_customary_blank_is_read_as_no_value_and_counted(typed: str) -> None:
    for kind in (Money(), Day(), Words(), Words(identifier=True), Link()):
        reading = converter(kind)(typed)
        assert (reading.value, reading.blank, reading.refused) == (None, True, None)


def test_that_none_is_an_answer_where_the_question_is_whether() -> None:
    assert converter(Flag())("无").value == 0
    levels = Choice(options=(("none", Text("无")), ("city", Text("市级"))))
    assert converter(levels)("无").value == "none"


def test_that_a_column_is_converted_like_its_cells_one_by_one() -> None:
    cells: list[Cell] = [1.0, 1, True, "1", None, "", "　", "/", "约2", "很多", 2.5, "1", "$3万", 0.1]
    column, one = convert_column(cells, Money("万元"), "万元"), converter(Money("万元"), "万元")
    expected = [one("TRUE" if cell is True else cell).value for cell in cells]
    assert column.values == expected
    assert sorted(column.odd) == [2, 7, 8, 9, 12]


_NAMES = [f"合肥项目{number}" for number in range(60)]
_CODES = [f"LY{number:06}" for number in range(60)]


@pytest.mark.parametrize(
    ("kind", "unit", "column"),
    [
        (Words(), None, _NAMES),
        (Words(), None, [*_NAMES, "合肥 "]),
        (Words(), None, [*_NAMES, "合肥 |甲", "乙|"]),
        (Words(), None, [*_NAMES, "无", "待定", "〃", ""]),
        (Words(), None, [*_NAMES, "合\u200b肥", "合\x07肥", "Ｂ座", "9号"]),
        (Words(identifier=True), None, _CODES),
        (Words(identifier=True), None, [*_CODES, "ly000099", "LY 1", "LY-2", "甲", "LYX", ""]),
        (Words(identifier=True), None, ["91340103MA9MGNY6PC", "91340103MAY8FPHMKM"]),
        (Words(identifier=True), None, ["91340103MA9MGNY6PC", "91340103MAY8FPHMK1"]),
        (Money("万元"), None, [73030.24, 0.1, 1.005, 20849.82, -0.0, 3, None]),
        (Money("万元"), None, [0.1 + 0.2, 73030.24]),
        (Money("万元"), None, [1e-05, 0.0000001, 99999999.99, 9_999_999_999.5]),
        (Money("元"), None, [1.005, 2.5]),
        (Area(), "亩", [126.61, 0.3, 14.2857]),
        (Whole(), None, [1.0, 2.0, 2.5]),
        (Whole(), None, [None, None]),
    ],
)
def test_that_a_column_seen_as_a_whole_is_what_its_cells_are_one_by_one(
    kind: Kind, unit: str | None, column: list[Cell]
) -> None:
    one = converter(kind, unit)
    each = [one(raw) for raw in column]
    found = convert_column(column, kind, unit)
    assert found.values == [reading.value for reading in each]
    assert set(found.odd) >= {at for at, reading in enumerate(each) if reading.refused or reading.note}


def test_that_a_column_of_the_books_own_keeps_what_stands_there() -> None:
    assert own_column(["无", 12.0, None, "  ", date(2024, 9, 5), True, "甲 "]).values == [
        "无", "12", None, None, "2024-09-05", "TRUE", "甲",
    ]  # fmt: skip


def test_that_cells_are_counted_without_blanks_and_spaces() -> None:
    assert filled([None, "", " ", "　\n", "x", 0, 0.0, False]) == 4


def test_that_a_credit_code_is_doubted_and_never_dropped() -> None:
    assert credit_code_doubt("91350100M000100Y43") is None
    assert converter(Words(identifier=True))("91350100M000100Y44").value == "91350100M000100Y44"
    assert converter(Words(identifier=True))("91350100M000100Y44").note is not None


@pytest.mark.parametrize("error", ["#REF!", "#VALUE!", " #div/0! "])
@pytest.mark.parametrize("kind", [Words(), Words(identifier=True), Link("companies", "company")])
def test_that_the_error_of_a_formula_is_no_name(kind: Kind, error: str) -> None:
    column = convert_column(["甲公司", error], kind)
    assert column.values[1] is None
    assert column.odd[1].refused is not None
