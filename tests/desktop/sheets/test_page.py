"""The import page: what is asked, what is left out, what is mended."""

from __future__ import annotations

from pathlib import Path

import openpyxl
from pytestqt.qtbot import QtBot

from desktop.projects.page import ProjectsPage
from desktop.sheets.page import ImportPage
from desktop.shell.window import Window
from tests.desktop.conftest import Answers, at_rest, drop, page_of
from tests.desktop.ledgers import HEADINGS, ledger, three_projects
from tests.ending import while_there_is


def plan_of(qtbot: QtBot, window: Window, path: Path) -> ImportPage:
    """The import page over a dropped file."""
    drop(window, path)
    at_rest(qtbot, window)
    page = page_of(window)
    assert isinstance(page, ImportPage)
    assert page.plan is not None
    return page


def cells(page: ImportPage) -> list[list[str]]:
    """What the list at the right shows."""
    rows = page.outcome.list.rows
    return [[str(rows.index(row, at).data()) for at in range(rows.columnCount())] for row in range(rows.rowCount())]


def test_that_the_plan_shows_new_rows_with_their_row_in_excel(qtbot: QtBot, empty: Window, tmp_path: Path) -> None:
    page = plan_of(qtbot, empty, three_projects(tmp_path / "台账.xlsx"))
    assert [row[:2] for row in cells(page)] == [
        ["3", "晴川机器人总装线"],
        ["4", "云岭光学镜头产业化"],
        ["5", "北辰检测认证平台"],
    ]
    assert page.outcome.tabs.buttons["skipped"].text() == "跳过 2"


def test_that_a_second_look_at_the_same_ledger_finds_nothing_to_write(
    qtbot: QtBot, empty: Window, tmp_path: Path
) -> None:
    page = plan_of(qtbot, empty, three_projects(tmp_path / "台账.xlsx"))
    page.import_button.click()
    at_rest(qtbot, empty)
    page = plan_of(qtbot, empty, tmp_path / "台账.xlsx")
    assert page.plan is not None
    assert (page.plan.new_count, page.plan.changed_count, page.plan.same) == (0, 0, 3)
    assert not page.import_button.isEnabled()


def test_that_a_changed_cell_can_be_left_out_and_taken_in_again(qtbot: QtBot, empty: Window, tmp_path: Path) -> None:
    page = plan_of(qtbot, empty, three_projects(tmp_path / "台账.xlsx"))
    page.import_button.click()
    at_rest(qtbot, empty)
    second = tmp_path / "台账2.xlsx"
    book = openpyxl.load_workbook(tmp_path / "台账.xlsx")
    book.active["D3"] = 15000  # type: ignore[index]
    book.active["F4"] = "双岗街道"  # type: ignore[index]
    book.save(second)
    page = plan_of(qtbot, empty, second)
    page.outcome.tabs.buttons["changed"].click()
    assert cells(page)[0][2:] == ["协议投资额", "1.20 亿元", "1.50 亿元"]
    page.outcome.list.twice.emit(0, 4)
    at_rest(qtbot, empty)
    assert page.plan is not None
    assert (page.plan.changed_count, cells(page)[0][4]) == (1, "1.50 亿元 · 不导入")
    page.outcome.list.twice.emit(0, 4)
    at_rest(qtbot, empty)
    assert page.plan.changed_count == 2


def test_that_a_column_can_be_given_another_meaning(qtbot: QtBot, empty: Window, tmp_path: Path) -> None:
    page = plan_of(qtbot, empty, three_projects(tmp_path / "台账.xlsx"))
    page.columns.remapped.emit("签约项目", "F", "department")
    at_rest(qtbot, empty)
    assert page.plan is not None
    assert page.plan.sheets[0].columns[5].keys == ("department",)


def test_that_an_open_question_holds_the_import_until_it_is_answered(
    qtbot: QtBot, empty: Window, tmp_path: Path
) -> None:
    rows: list[tuple[object, ...]] = [
        (at, f"项目{at}号产业化", "企业", 1000 + at, "2024-03-05", "大杨镇", None) for at in range(1, 9)
    ]
    headings = (*HEADINGS[:3], "投资额（万元）", *HEADINGS[4:])
    page = plan_of(qtbot, empty, ledger(tmp_path / "台账.xlsx", rows, headings=headings))
    assert page.plan is not None
    assert page.plan.open_questions
    assert not page.import_button.isEnabled()
    for _question in while_there_is(lambda: page.plan is not None and page.plan.open_questions):
        strip = page.columns.questions if page.columns.questions.shown else page.outcome.questions
        assert strip.shown is not None
        strip.answered.emit(strip.shown.id, strip.shown.proposed)
        at_rest(qtbot, empty)
    assert page.import_button.isEnabled()


def test_that_rows_with_problems_stay_to_be_mended_and_the_others_go_in(
    qtbot: QtBot, empty: Window, answers: Answers, tmp_path: Path
) -> None:
    rows: list[tuple[object, ...]] = [
        (1, "晴川机器人总装线", "合肥晴川智能有限公司", 12000, "2024-03-05", "大杨镇", None),
        (2, "云岭光学镜头产业化", "合肥云岭光电有限公司", 34500, "2024-02-30", "双岗街道", None),
    ]
    page = plan_of(qtbot, empty, ledger(tmp_path / "台账.xlsx", rows))
    assert page.plan is not None
    assert page.outcome.dock.isVisible()
    assert str(page.outcome.dock.list.rows.index(0, 0).data()) == "E4"
    answers.files.append(tmp_path / "问题表.xlsx")
    page.problems_button.click()
    at_rest(qtbot, empty)
    assert (tmp_path / "问题表.xlsx").exists()
    page.import_button.click()
    at_rest(qtbot, empty)
    shown = page_of(empty)
    assert isinstance(shown, ProjectsPage)
    assert shown.model.rowCount() == 1


def test_that_a_file_without_a_ledger_says_so_and_offers_nothing_to_import(
    qtbot: QtBot, empty: Window, tmp_path: Path
) -> None:
    path = tmp_path / "会议.csv"
    path.write_text("时间,地点\n9点,会议室\n", encoding="utf-8")
    page = plan_of(qtbot, empty, path)
    assert not page.import_button.isEnabled()
    assert "会议.csv" in page._what.text()
