"""Two tables next to each other on one sheet."""

from __future__ import annotations

from pathlib import Path

import openpyxl

from db.sheets.planning import plan
from db.sheets.problems import write_problems
from db.sheets.workbook import Cell
from tests.db.sheets.sample import book, new_records, options, room, sheet

ROWS: list[list[Cell]] = [
    ["签约项目", None, None, None, "在谈项目", None, None],
    ["项目名称", "投资方", "签约日期", None, "项目名称", "投资方", "协议投资额（万元）"],
    ["甲", "A公司", "2024-05-01", None, "丙", "C公司", 300],
    ["乙", "B公司", "2024-05-02", None, "丁", "D公司", 400],
    ["小计", None, "2项", None, "戊", "E公司", "很多"],
]


def test_that_tables_side_by_side_are_planned_each_by_itself() -> None:
    found = plan(book(sheet(*ROWS[:4], merged=((0, 0, 0, 2), (0, 4, 0, 6)))), room(), None, options())
    assert found.unaccounted() == 0
    assert [(row, record["name"], record["stage"]) for row, record in new_records(found)] == [
        (3, "甲", "signed"), (4, "乙", "signed"), (3, "丙", "negotiating"), (4, "丁", "negotiating"),
    ]  # fmt: skip
    assert [record.get("agreed_investment") for _row, record in new_records(found)] == [
        None,
        None,
        3_000_000_00,
        4_000_000_00,
    ]
    (told,) = found.sheets
    assert [column.letter for column in told.columns] == ["A", "B", "C", "E", "F", "G"]
    assert (told.rows_read, told.counts.cells, told.counts.stored) == (4, 20, 12)


def test_that_what_cannot_be_read_in_the_right_table_is_marked_in_its_own_column(tmp_path: Path) -> None:
    made = book(sheet(*ROWS))
    found = plan(made, room(), None, options())
    assert found.unaccounted() == 0
    assert [(one.row, one.column) for one in found.refused] == [(5, "G")]
    assert write_problems(found, made, tmp_path / "p.xlsx", lang="zh") == 1
    page = openpyxl.load_workbook(tmp_path / "p.xlsx").active
    assert page is not None
    assert [page.cell(5, column).value for column in (1, 5, 7)] == ["小计", "戊", "很多"]


def test_that_one_table_with_an_empty_column_stays_one() -> None:
    rows: list[list[Cell]] = [["项目名称", "投资方", None, "签约日期"], ["甲", "A公司", None, "2024-05-01"]]
    (record,) = (record for _row, record in new_records(plan(book(sheet(*rows)), room(), None, options())))
    assert (record["name"], record["signed_on"]) == ("甲", "2024-05-01")


def test_that_tables_without_a_gap_between_them_are_not_torn_apart() -> None:
    rows: list[list[Cell]] = [
        ["项目名称", "投资方", None, "项目名称", "投资方"],
        ["甲", "A公司", "注", "丙", "C公司"],
    ]
    found = plan(book(sheet(*rows)), room(), None, options())
    assert found.unaccounted() == 0
    assert [record["name"] for _row, record in new_records(found)] == ["甲"]
