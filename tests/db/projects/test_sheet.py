"""What the import is told: rows as they come from a ledger."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet
from sqlalchemy import func, select

from db.companies.models import company
from db.core.book import Book
from db.core.columns import of_rows
from db.core.progress import SILENT
from db.core.text import _
from db.projects.fields import DATED_STAGES, RECOGNITIONS
from db.projects.models import progress_entry
from db.projects.sheet import PROJECT_SHEET
from db.projects.stages import stages
from db.projects.standing import wrong_standings
from db.sheets.plan import Options
from db.sheets.planning import plan
from db.sheets.reading import read_workbook
from db.sheets.writing import commit
from tests.conftest import on_a_file
from tests.factories import projects
from tests.factories.companies import GOOD_CODE
from tests.factories.projects import YI, read


def imported(book: Book, *rows: dict[str, Any]) -> list[int]:
    with book.write(_("Import")) as connection:
        return list(PROJECT_SHEET.insert(connection, of_rows(rows), SILENT))


def updated(book: Book, *cells: tuple[int, str, Any]) -> None:
    with book.write(_("Import")) as connection:
        PROJECT_SHEET.update(connection, cells)


@on_a_file
def test_that_a_ledger_without_a_stage_column_gets_its_stages_from_its_dates(book: Book) -> None:
    talks, signed, approved, nothing, late = imported(
        book,
        {"name": "谈", "negotiating_on": "2024-01-01"},
        {"name": "签", "signed_on": "2024-04-21", "approved_on": "2024-05-25"},
        {"name": "认", "approved_on": "2024-05-25"},
        {"name": "无"},
        {"name": "开", "started_on": "2024-06-01"},
    )
    assert read(book, talks, "stage", "negotiating_on") == ("negotiating", "2024-01-01")
    assert read(book, signed, "stage", "signed_on", "approved_on") == ("signed", "2024-04-21", "2024-05-25")
    assert read(book, approved, "stage", "signed_on", "approved_on") == ("signed", None, "2024-05-25")
    assert read(book, nothing, "stage") == ("negotiating",)
    assert read(book, late, "stage", "signed_on") == ("started", None)


@on_a_file
def test_that_a_stage_said_for_the_whole_sheet_does_not_take_back_what_dates_say(book: Book) -> None:
    (number,) = imported(book, {"name": "甲", "stage": "signed", "signed_on": "2024-01-01", "started_on": "2024-02-01"})
    assert read(book, number, "stage") == ("started",)


def test_that_what_is_there_is_told_with_names_and_codes(book: Book) -> None:
    (number,) = imported(book, {"name": "甲项目", "investor": "甲公司", "credit_code": GOOD_CODE, "code": "X1"})
    with book.read() as connection:
        assert PROJECT_SHEET.existing(connection) == [
            {"id": number, "code": "X1", "name": "甲项目", "investor": "甲公司", "credit_code": GOOD_CODE}
        ]


def test_that_present_cells_are_told_as_stored_months_and_own_fields_included(book: Book) -> None:
    said = {"name": "甲", "street": "杏林街道", "fixed_assets_done@2024-05": 7, "own:列": "值", "agreed_investment": YI}
    (number,) = imported(book, said)
    keys = [*said, "fixed_assets_done@2024-06", "own:别列"]
    with book.read() as connection:
        assert PROJECT_SHEET.current(connection, [number], keys) == {number: said}


def test_that_every_cell_of_an_update_is_written(book: Book) -> None:
    (number,) = imported(book, {"name": "甲", "investor": "甲公司", "progress": "一"})
    updated(
        book, (number, "progress", "二"), (number, "credit_code", GOOD_CODE), (number, "paid_in_verified@2024-03", 9),
        (number, "own:列", "值"), (number, "street", "新街道"), (number, "signed_on", "2024-01-01"),
    )  # fmt: skip
    assert read(book, number, "progress", "credit_code", "paid_in_verified", "street", "stage") == (
        "二", GOOD_CODE, 9, "新街道", "signed",
    )  # fmt: skip
    with book.read() as connection:
        assert connection.scalar(select(func.count()).select_from(progress_entry)) == 2
        assert PROJECT_SHEET.own_headings(connection) == {"列"}


@on_a_file
def test_that_a_start_in_a_ledger_is_believed_where_the_signing_has_no_date_yet(book: Book) -> None:
    (number,) = imported(book, {"name": "甲", "negotiating_on": "2023-01-01"})
    updated(book, (number, "started_on", "2024-06-01"))
    assert read(book, number, "stage", "signed_on", "started_on") == ("started", None, "2024-06-01")


@on_a_file
def test_that_a_credit_code_says_which_company_the_investor_is(book: Book) -> None:
    first, second = imported(
        book,
        {"name": "甲", "investor": "甲公司", "credit_code": GOOD_CODE},
        {"name": "乙", "investor": "甲公司（简称）"},
    )
    updated(book, (second, "credit_code", GOOD_CODE))
    assert read(book, second, "investor") == read(book, first, "investor") == ("甲公司",)
    with book.read() as connection:
        assert connection.scalar(select(func.count()).select_from(company)) == 2


@pytest.mark.parametrize(
    ("words", "means"),
    [
        ("租赁厂房", {"land_use": "floors"}),
        ("租标准化厂房", {"land_use": "floors"}),
        ("新增用地", {"land_use": "land"}),
        ("待商议", {}),
    ],
)
def test_that_words_in_a_column_of_land_say_how_the_project_is_housed(words: str, means: object) -> None:
    assert PROJECT_SHEET.spill("land_area", words) == means
    assert PROJECT_SHEET.spill("agreed_investment", words) == {}


@pytest.mark.parametrize(
    ("key", "words", "means"),
    [
        ("produced_on", "2025年3月（预计）", {"planned_production_on": "2025-03-01"}),
        ("started_on", "计划2024年9月", {"planned_start_on": "2024-09-01"}),
        ("started_on", "2024年四季度", {}),
        ("planned_start_on", "预计2024年9月底", {"planned_start_on": "2024-09-30"}),
        ("planned_start_on", "2025年", {"remarks": "2025年"}),
        ("expected_signing", "三季度", {"remarks": "三季度"}),
        ("next_step_due", "长期", {"remarks": "长期"}),
        ("planned_start_on", "2024-02-30", {}),
        ("stage", "暂停", {"status": "on_hold"}),
        ("stage", "观望", {}),
        ("not_started_reason", "用地指标未解决", {"not_started_reason": "land", "remarks": "用地指标未解决"}),
        ("not_started_reason", "土地、资金均未落实", {"not_started_reason": "other", "remarks": "土地、资金均未落实"}),
    ],
)
def test_that_words_in_the_place_of_a_day_a_stage_or_a_reason_go_where_they_belong(
    key: str, words: str, means: dict[str, str]
) -> None:
    assert PROJECT_SHEET.spill(key, words) == means


@on_a_file
def test_that_a_streets_ledger_in_vague_words_comes_in_whole(book: Book, tmp_path: Path) -> None:
    made = Workbook()
    page = made.active
    assert isinstance(page, Worksheet)
    page.title = "临河镇"
    for row in (
        [
            "编号",
            "项目名称",
            "协议投资额（万元）",
            "签约时间",
            "投产时间",
            "预计签约时间",
            "完成时限",
            "项目状态",
            "牵头领导",
        ],
        [1, "甲项目", 100, "2024年3月", "2025年3月（预计）", "", "8月底", "签约", "张三（区委书记）"],
        [2, "乙项目", 200, "", "", "年底", "长期", "暂缓", "李 四"],
        ["平均", "", 150, "", "", "", "", "", ""],
    ):
        page.append(row)
    made.save(tmp_path / "a.xlsx")
    with book.read() as connection:
        found = plan(
            read_workbook(tmp_path / "a.xlsx"), PROJECT_SHEET, connection, Options(date(2024, 7, 1), assume_yes=True)
        )
    assert (found.refused, found.unaccounted()) == ((), 0)
    commit(book, found)
    keys = (
        "street",
        "stage",
        "status",
        "produced_on",
        "planned_production_on",
        "next_step_due",
        "remarks",
        "leader",
        "code",
    )
    assert [read(book, number, *keys) for number in (1, 2)] == [
        ("临河镇", "signed", "active", None, "2025-03-01", "2024-08-31", "完成时限：2024年8月底", "张三", None),
        ("临河镇", "negotiating", "on_hold", None, None, None, "预计签约时间：年底；完成时限：长期", "李四", None),
    ]


@pytest.mark.parametrize(
    ("words", "means"),
    [
        ("（二）临河镇（3个）", {"street": "临河镇"}),
        ("填报单位：滨湖街道", {"street": "滨湖街道"}),
        ("各乡镇招商项目", {}),
        ("景德镇陶瓷项目", {}),
        ("二、在建项目", {"stage": "started"}),
        ("（一）已投产项目（12个）", {"stage": "produced"}),
        ("签约项目", {"stage": "signed"}),
        ("一、工业项目", {}),
        ("在谈项目", {"stage": "negotiating"}),
    ],
)
def test_that_a_group_row_may_say_the_stage_or_the_street_of_the_rows_under_it(
    words: str, means: dict[str, str]
) -> None:
    assert PROJECT_SHEET.context(words) == means


@on_a_file
def test_that_a_layout_is_recalled_by_the_signature_of_its_header(book: Book) -> None:
    with book.write(_("Import")) as connection:
        layout = {"signature": "s1", "file": "台账.xlsx", "columns": {"B": "name", "C": "own"}}
        PROJECT_SHEET.remember_layout(connection, layout)
        PROJECT_SHEET.remember_layout(connection, layout | {"columns": {"B": "name", "C": "investor"}})
    with book.read() as connection:
        assert PROJECT_SHEET.recall_layout(connection, "s1", "") == {"B": "name", "C": "investor"}
        assert PROJECT_SHEET.recall_layout(connection, "s2", "") == {}


def test_that_the_undo_of_an_import_restores_every_cell(book: Book) -> None:
    (number,) = imported(book, {"name": "甲", "investor": "甲公司", "progress": "一", "signed_on": "2024-01-01"})
    keys = ("investor", "progress", "signed_on", "stage", "street", "credit_code")
    before = read(book, number, *keys)
    updated(
        book, (number, "investor", "乙公司"), (number, "progress", "二"), (number, "signed_on", "2024-02-01"),
        (number, "started_on", "2024-03-01"), (number, "street", "街道"), (number, "credit_code", GOOD_CODE),
    )  # fmt: skip
    assert read(book, number, *keys) != before
    assert book.undo(book.operations(limit=1)[0].number).conflicts == ()
    assert read(book, number, *keys) == before


def test_that_the_sheet_speaks_only_of_fields_that_can_be_written() -> None:
    known = {field.key for field in PROJECT_SHEET.fields}
    named = {key for keys in PROJECT_SHEET.identity for key in keys} | set(PROJECT_SHEET.whole_sheet)
    assert named | PROJECT_SHEET.monthly | PROJECT_SHEET.logs | PROJECT_SHEET.fill_down <= known
    assert projects.row()["name"]


@on_a_file
def test_that_whatever_dates_a_ledger_gives_the_row_says_what_the_events_say(book: Book) -> None:
    random = Random(7)
    keys = [*DATED_STAGES, *RECOGNITIONS]
    rows: list[dict[str, Any]] = [
        {"name": f"项目{number}", "stage": random.choice([None, *stages()])}
        | {
            key: 5 if key == "approved_amount" else f"2024-0{random.randrange(1, 9)}-01"
            for key in random.sample(keys, 3)
        }
        for number in range(300)
    ]
    ids = imported(book, *rows)
    with book.read() as connection:
        assert wrong_standings(connection, ids) == []


def test_that_many_companies_are_found_as_few_are(book: Book) -> None:
    names = [f"公司{number}" for number in range(600)]
    imported(book, *({"name": f"项目{name}", "investor": name} for name in names))
    imported(
        book, *({"name": f"新项目{name}", "investor": name} for name in names), {"name": "甲", "investor": "公司7"}
    )
    with book.read() as connection:
        assert connection.scalar(select(func.count()).select_from(company)) == 600
