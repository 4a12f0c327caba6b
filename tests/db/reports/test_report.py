from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from db.reports.checking import disagreements
from db.reports.formulas import growth_of, half_up, percent_of
from db.reports.report import Column, Report, Section, Table, chinese_number, numbered
from db.reports.shown import computed, shown
from db.reports.stored import from_json, to_json
from tests.db.reports.sample import BY_STREET, SIGNED, half_year


def test_that_a_report_comes_back_from_json_equal() -> None:
    report = half_year()
    assert from_json(to_json(report)) == report


def test_that_a_stored_report_holds_no_float() -> None:
    def refuse(text: str) -> float:
        raise AssertionError(text)

    json.loads(to_json(half_year()), parse_float=refuse)


def test_that_a_field_of_a_later_program_is_passed_over() -> None:
    plain = json.loads(to_json(half_year()))
    plain["mood"] = "calm"
    assert from_json(json.dumps(plain)) == half_year()


_CELLS = st.one_of(
    st.none(),
    st.integers(),
    st.text(),
    st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12),
)


@given(st.lists(st.tuples(_CELLS, _CELLS), max_size=5))
def test_that_any_cell_survives_storing(rows: list[tuple]) -> None:
    columns = (Column("a", "甲"), Column("b", "乙", "number"))
    report = Report("题", (Section("s", "节", (Table("t", "表", columns, tuple(rows)),)),))
    assert from_json(to_json(report)) == report


def test_that_sections_are_numbered_as_the_standard_wants_and_anew_under_each_heading() -> None:
    sections = tuple(Section(str(i), "题", (), level) for i, level in enumerate((1, 2, 2, 3, 1, 2)))
    report = Report("题", sections)
    assert [number for number, _section in numbered(report)] == ["一、", "（一）", "（二）", "1.", "二、", "（一）"]
    english = replace(report, language="en")
    assert [number for number, _section in numbered(english)] == ["1. ", "1.1 ", "1.2 ", "a) ", "2. ", "2.1 "]


def test_that_numbers_of_headings_are_written_out() -> None:
    assert [chinese_number(n) for n in (1, 10, 11, 20, 21, 99)] == ["一", "十", "十一", "二十", "二十一", "九十九"]


def test_that_rates_are_rounded_half_up_once() -> None:
    assert percent_of(22, 32) == Decimal("68.8")
    assert percent_of(154, 2454) == Decimal("6.3")
    assert growth_of(Decimal("174.2"), Decimal("102.71")) == Decimal("69.6")
    assert half_up(Decimal("-0.05"), 1) == Decimal("-0.1")


def test_that_nothing_to_divide_by_gives_a_dash() -> None:
    table = replace(BY_STREET, rows=(("空街道", 0, Decimal(0), None, Decimal(0), None, 0, None),))
    growth, rate = table.place("growth"), table.place("rate")
    for index in (growth, rate):
        assert shown(computed(table, table.rows[0], index), table.columns[index]) == "—"


def test_that_unknown_and_zero_are_told_apart_in_print() -> None:
    column = Column("n", "数", "number")
    assert shown(None, column) == "—"
    assert shown(0, column) == "0"
    assert shown(1742000, column) == "1,742,000"


def test_that_the_sample_carries_what_its_formulas_give() -> None:
    assert disagreements(half_year()) == []


def test_that_a_wrong_value_is_found_in_its_row_and_in_the_total() -> None:
    rows = list(BY_STREET.rows)
    rows[1] = ("大杨镇", 9, Decimal("28.5"), None, Decimal("17.95"), None, 3, None)
    wrong = replace(
        BY_STREET, rows=tuple(rows), totals=("合　计", 48, Decimal("174.2"), None, Decimal(1), None, 7, None)
    )
    found = disagreements(Report("题", (Section("s", "节", (wrong, SIGNED)),)))
    assert [(one.column, one.row, one.given) for one in found] == [
        ("count", -1, 47),
        ("agreed", 1, Decimal("28.4")),
        ("before", -1, Decimal("102.71")),
    ]
