"""One ledger in, one report out, by command, on both engines."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from sqlalchemy import select

from db import cli
from db.core import listing
from db.core.book import Book
from db.core.tables import is_tracked
from db.people.models import person
from db.projects.fields import field_of
from db.projects.models import project
from tests.conftest import ENGINES, on_a_file
from tests.journeys.console import Console
from tests.ledgers import FOLDER, gold, needs_ledgers

SIGNED, TALKS = "签约项目台账.xlsx", "在谈项目.xls"


def _facts(target: str, *keys: str) -> list[tuple[Any, ...]]:
    fields = [field for key in keys if (field := field_of(key)) is not None]
    with Book.open(target) as book, book.read() as connection:
        rows = listing.rows(connection, project, fields, listing.ids(connection, project))
    return [row[1:] for row in rows]


def _everything(target: str) -> dict[str, list[tuple[Any, ...]]]:
    with Book.open(target) as book, book.read() as connection:
        tables = [table for table in book.schema.tables.values() if is_tracked(table)]
        return {
            table.name: [tuple(row) for row in connection.execute(select(table).order_by(table.c.id))]
            for table in tables
        }


def _ledger(path: Path, *rows: tuple[Any, ...], merge: str = "") -> Path:
    """A workbook with these rows, as a person typed them."""
    made = Workbook()
    sheet = made.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    if merge:
        sheet.merge_cells(merge)
    made.save(path)
    return path


def _hundredths(yuan: str) -> int:
    return int(Decimal(yuan) * 100)


@needs_ledgers
def test_that_the_ledger_of_signings_comes_in_to_its_gold(zhaoshang: Console, book_target: str) -> None:
    expected = gold(SIGNED)
    assert zhaoshang("new", book_target).code == 0
    answer = zhaoshang("import", book_target, FOLDER / SIGNED, "--assume", "yes", "--json")
    assert answer.code == 0, answer.err
    assert answer.json["sheets"][0]["header_rows"] == expected["header_rows"]
    assert answer.json["new"] == expected["records"]
    found = _facts(book_target, "name", "investor", "agreed_investment", "fixed_investment", "signed_on", "approved_on")
    wanted = [
        (row["name"], row["investor"], _hundredths(row["agreed_investment"]), _hundredths(row["fixed"]),
         row["signed_on"], row["approved_on"])
        for row in expected["rows"]
    ]  # fmt: skip
    assert found == wanted
    figures = zhaoshang("figures", book_target, "--period", "2024-01..2024-06", "--json").json["figures"]
    assert figures["signed.count"]["value"] == str(expected["approved_h1_count"])
    assert figures["signed.investment"]["value"] == expected["approved_h1_sum"]


@needs_ledgers
def test_that_the_ledger_of_talks_comes_in_to_its_gold(zhaoshang: Console, book_target: str) -> None:
    expected = gold(TALKS)
    zhaoshang("new", book_target)
    answer = zhaoshang("import", book_target, FOLDER / TALKS, "--assume", "yes", "--json")
    assert answer.code == 0, answer.err
    assert answer.json["new"] == expected["records"]
    found = _facts(book_target, "name", "investor", "agreed_investment", "leader", "land_area", "stage")
    wanted = [
        (row["name"], row["investor"], _hundredths(row["agreed_investment"]), row["lead"],
         None if row["land_mu"] is None else row["land_mu"] * 200_000, "negotiating")
        for row in expected["rows"]
    ]  # fmt: skip
    assert found == wanted


@needs_ledgers
@pytest.mark.parametrize("file", [SIGNED, TALKS])
def test_that_an_import_can_be_undone_and_done_again_to_the_last_cell(
    zhaoshang: Console, book_target: str, file: str
) -> None:
    zhaoshang("new", book_target)
    empty = _everything(book_target)
    operation = zhaoshang("import", book_target, FOLDER / file, "--assume", "yes", "--json").json["operation"]
    full = _everything(book_target)
    undone = zhaoshang("undo", book_target, operation, "--json")
    assert undone.code == 0
    assert undone.json["conflicts"] == []
    assert _everything(book_target) == empty
    assert zhaoshang("undo", book_target, undone.json["operation"]).code == 0
    assert _everything(book_target) == full


@on_a_file
@needs_ledgers
def test_that_importing_the_same_ledger_twice_changes_nothing(zhaoshang: Console, book_target: str) -> None:
    zhaoshang("new", book_target)
    zhaoshang("import", book_target, FOLDER / SIGNED, "--assume", "yes")
    before = _everything(book_target)
    again = zhaoshang("import", book_target, FOLDER / SIGNED, "--assume", "yes", "--json")
    assert (again.code, again.json["new"], again.json["changed"], again.json["operation"]) == (0, 0, 0, None)
    assert _everything(book_target) == before


@on_a_file
@needs_ledgers
def test_that_open_questions_refuse_a_ledger_and_leave_the_book_as_it_was(zhaoshang: Console, book_target: str) -> None:
    zhaoshang("new", book_target)
    before = _everything(book_target)
    answer = zhaoshang("--lang", "zh", "import", book_target, FOLDER / TALKS)
    assert answer.code == 1
    assert "包保区领导" in answer.err
    assert _everything(book_target) == before


@pytest.fixture(scope="module", params=ENGINES)
def demonstrated(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The demonstration, made once an engine by the command that makes it; only read."""
    with ExitStack() as stack:
        if request.param == "sqlite":
            target = str(tmp_path_factory.mktemp("demo") / "book.zsb")
        else:
            target = stack.enter_context(request.getfixturevalue("postgres_server").fresh_database())
        assert cli.main(["demo", target]) == 0
        yield target


def test_that_the_demonstration_computes_the_published_figures(zhaoshang: Console, demonstrated: str) -> None:
    figures = zhaoshang("figures", demonstrated, "--period", "2024-01..2024-06", "--json").json["figures"]
    signed, money = figures["signed.count"], figures["signed.investment"]
    assert (signed["value"], money["value"], money["yoy"]) == ("47", "17420000000", "0.6960")
    assert (figures["started.count"]["value"], figures["started.investment"]["value"]) == ("26", "19600000000")
    assert figures["activities.promotion"]["value"] == "20"


def test_that_the_demonstration_is_known_as_it_was_at_the_end_of_june(zhaoshang: Console, demonstrated: str) -> None:
    words = ("figures", demonstrated, "--period", "2024-01..2024-06", "--json", "--as-of", "2024-06-30")
    figures = zhaoshang(*words).json["figures"]
    assert (figures["signed.count"]["value"], figures["signed.investment"]["value"]) == ("46", "17283000000")


def test_that_streets_add_up_to_the_district(zhaoshang: Console, demonstrated: str) -> None:
    found = zhaoshang("figures", demonstrated, "--period", "2024-01..2024-06", "--by", "street", "--json").json
    counts = [int(group["signed.count"]["value"]) for group in found["by"].values()]
    assert counts[:11] == [14, 9, 8, 6, 5, 3, 2, 0, 0, 0, 0]
    assert sum(int(group["signed.investment"]["value"]) for group in found["by"].values()) == 17420000000


@on_a_file
@needs_ledgers
def test_that_leaders_of_the_talks_are_people_of_the_book(zhaoshang: Console, book_target: str) -> None:
    zhaoshang("new", book_target)
    zhaoshang("import", book_target, FOLDER / TALKS, "--assume", "yes")
    with Book.open(book_target) as book, book.read() as connection:
        leaders = list(
            connection.scalars(select(person.c.name).where(person.c.is_leader == 1).order_by(person.c.position))
        )
    assert leaders == ["梁志远", "郑晓燕", "胡蓉", "陈立", "罗倩", "吴海涛"]


def test_that_rows_with_problems_come_back_as_the_users_own_sheet(zhaoshang: Console, tmp_path: Path) -> None:
    problems, target = tmp_path / "问题.xlsx", tmp_path / "book.zsb"
    header = ("项目名称", "协议投资额（万元）", "签约日期")
    ledger = _ledger(tmp_path / "台账.xlsx", header, ("甲", 1200, "2024-02-30"), ("乙", 800, "2024-03-01"))
    zhaoshang("new", target)
    refused = zhaoshang("--lang", "zh", "import", target, ledger, "--assume", "yes")
    assert refused.code == 1
    assert "2024-02-30" in refused.err
    assert _facts(str(target), "name") == []
    taken = zhaoshang("import", target, ledger, "--assume", "yes", "--partial", "--problems", problems)
    assert taken.code == 0
    assert _facts(str(target), "name", "signed_on") == [("乙", "2024-03-01")]
    sheet = load_workbook(problems).worksheets[0]
    assert sheet["C2"].fill.fgColor.rgb.endswith("FBEAE9")
    assert any("2024-02-29" in str(cell.value) for cell in sheet[2])


def test_that_a_title_never_moves_a_project_that_is_already_in_the_book(zhaoshang: Console, tmp_path: Path) -> None:
    target = tmp_path / "book.zsb"
    rows = (("项目名称", "签约日期", "开工时间"), ("甲", "2024-03-01", "2024-05-01"), ("乙", "2024-03-02", "未开工"))
    ledger = _ledger(tmp_path / "签约项目台账.xlsx", ("签约项目台账",), *rows)
    zhaoshang("new", target)
    assert zhaoshang("import", target, ledger, "--assume", "yes").code == 0
    assert _facts(str(target), "name", "stage", "started_on") == [
        ("甲", "started", "2024-05-01"),
        ("乙", "signed", None),
    ]
    again = zhaoshang("import", target, ledger, "--assume", "yes", "--json").json
    assert (again["changed"], again["operation"]) == (0, None)


def test_that_a_subtotal_row_is_not_taken_for_the_header_of_another_table(zhaoshang: Console, tmp_path: Path) -> None:
    target = tmp_path / "book.zsb"
    rows: list[tuple[Any, ...]] = [
        ("序号", "项目名称", "总投资（亿元）", "2024年到位资金（万元）", None, None, "责任单位"),
        (None, None, None, "1月", "2月", "小计", None),
        ("一", "工业项目", None, None, None, None, None),
        (1, "甲", 3.5, 100, 200, 300, "区发改委"),
        (None, "小计", 3.5, None, None, None, None),
        ("二", "服务业项目", None, None, None, None, None),
        (1, "乙", 0.8, 50, None, 50, "区商务局"),
    ]
    ledger = _ledger(tmp_path / "推进表.xlsx", *rows, merge="D1:F1")
    zhaoshang("new", target)
    assert zhaoshang("import", target, ledger, "--assume", "yes").code == 0
    money = ("paid_in_reported@2024-01", "paid_in_reported@2024-02")
    assert _facts(str(target), "name", *money) == [("甲", 10**8, 2 * 10**8), ("乙", 5 * 10**7, None)]


def test_that_a_planned_day_in_a_column_of_actual_days_is_a_plan_and_no_event(
    zhaoshang: Console, tmp_path: Path
) -> None:
    target = tmp_path / "book.zsb"
    header = ("项目名称", "签约时间", "开工时间")
    ledger = _ledger(
        tmp_path / "台账.xlsx", header, ("甲", "2024-03-01", "预计2024年9月"), ("乙", "2024-03-02", "尚未开工")
    )
    zhaoshang("new", target)
    assert zhaoshang("import", target, ledger, "--assume", "yes").code == 0
    found = _facts(str(target), "name", "stage", "started_on", "planned_start_on")
    assert found == [("甲", "signed", None, "2024-09-01"), ("乙", "signed", None, None)]
