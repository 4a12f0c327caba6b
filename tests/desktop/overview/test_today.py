"""今日: figures, what is due and the questions of the meeting, each one step from the rows behind it."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from openpyxl import load_workbook
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QSystemTrayIcon
from pytestqt.qtbot import QtBot
from sqlalchemy import Connection, update

from db.core.filters import Condition
from db.core.text import _
from db.overview.reminding import reminded
from db.projects.models import project
from desktop.kit.lists import Picker
from desktop.overview.compare import ComparePage
from desktop.overview.next_step import StepCard
from desktop.overview.page import ReportPage
from desktop.overview.today import TodayPage
from desktop.overview.today_strip import DefinitionWindow
from desktop.projects.moving import MoveForm
from desktop.projects.page import ProjectsPage
from desktop.shell.reminding import Tray
from desktop.shell.window import Window
from tests.desktop.conftest import Answers, at_rest, page_of, press


def today_of(qtbot: QtBot, window: Window) -> TodayPage:
    window.go("today")
    at_rest(qtbot, window)
    page = page_of(window)
    assert isinstance(page, TodayPage)
    return page


def opened(qtbot: QtBot, window: Window) -> ProjectsPage:
    at_rest(qtbot, window)
    page = page_of(window)
    assert isinstance(page, ProjectsPage)
    return page


def test_that_a_figure_opens_exactly_its_rows_and_its_definition(qtbot: QtBot, demo: Window) -> None:
    page = today_of(qtbot, demo)
    assert page.figures.values["signed.count"].text() == "47"
    assert "完成目标52.2%" in page.figures.text()
    page.figures.more["signed.count"].click()
    at_rest(qtbot, demo)
    window = page.findChild(DefinitionWindow)
    assert isinstance(window, DefinitionWindow)
    assert "签约" in window.explained.figure.definition  # type: ignore[union-attr]
    window.explained.rows_wanted.emit()
    ledger = opened(qtbot, demo)
    assert len(ledger.model.ids) == 47
    assert ledger.ledger.view is not None
    assert ledger.ledger.view.conditions == (Condition("figure:signed.count", "behind"),)
    assert ledger.period.period.text == "2024-01..2024-06"


def test_that_each_question_is_answered_in_one_step_and_leads_to_its_rows(qtbot: QtBot, demo: Window) -> None:
    page = today_of(qtbot, demo)
    assert [one.key for one in page.answers][:3] == ["signed", "rank", "stuck"]
    page.doing["question_3"]()
    assert page.stack.currentWidget() is page.answer
    assert "签约满6个月未开工项目" in page.answer.text()
    page.doing["copy_text"]()
    assert QGuiApplication.clipboard().text() == page.answer.text()
    press(page.answer.list, Qt.Key.Key_Escape)
    assert page.stack.currentWidget() is page.list
    page.show_answer("stuck")
    page.answer.open.click()
    assert len(opened(qtbot, demo).model.ids) == 20
    page = today_of(qtbot, demo)
    page.show_answer("stuck")
    page.answer.list.picked.emit(0, 0)
    assert len(opened(qtbot, demo).model.ids) == 1


def test_that_the_smallest_form_does_the_step_and_the_line_goes(qtbot: QtBot, demo: Window) -> None:
    page = today_of(qtbot, demo)
    first = page.list.lines[1].due
    assert first is not None
    page.list.list.picked.emit(1, 6)
    at_rest(qtbot, demo)
    form = page.findChild(MoveForm)
    assert isinstance(form, MoveForm)
    form.days["started"].setText("2024-07-16")
    form.do.click()
    at_rest(qtbot, demo)
    assert all(one.due is None or one.due.project != first.project for one in page.list.lines)
    demo.doing["undo"]()
    at_rest(qtbot, demo)
    assert page.list.lines[1].due == first


def test_that_a_next_step_is_recorded_with_the_day_of_the_following_one(qtbot: QtBot, demo: Window) -> None:
    from db.projects.service import set_values

    page = today_of(qtbot, demo)
    assert page.read is not None
    number = page.read.todo.due[-1].project

    def plan(connection: object) -> None:
        set_values(connection, [(number, "next_step", "报规划方案"), (number, "next_step_due", "2024-07-17")])  # type: ignore[arg-type]

    page.write(page.title, plan)
    at_rest(qtbot, demo)
    row = next(at for at, one in enumerate(page.list.lines) if one.due is not None and one.due.kind == "step")
    assert page.list.list.rows.index(row, 1).data() == "报规划方案"
    page.list.list.selectRow(row)
    press(page.list.list, Qt.Key.Key_Return)
    card = page.findChild(StepCard)
    assert isinstance(card, StepCard)
    card.carry_out()
    assert "写做了什么" in card.said.text()
    card.until.setText("2024-02-30")
    card.carry_out()
    assert card.said.text()
    card.until.setText("2024-07-26")
    card.next.setText("报施工图")
    card.carry_out()
    at_rest(qtbot, demo)
    assert all(one.due is None or one.due.kind != "step" for one in page.list.lines)
    assert "可撤销" in page.footer.right.toolTip() + page.footer.right.text()


def test_that_an_empty_book_says_what_will_come_up_here(qtbot: QtBot, empty: Window) -> None:
    page = today_of(qtbot, empty)
    assert page.list.lines == []
    assert "计划、下一步和提醒" in page.list.none.sentence.text()
    assert page.figures.values["signed.count"].text() == "0"
    page.copy_text()
    assert QGuiApplication.clipboard().text().startswith("今日（2024-07-17）")


def test_that_mine_is_what_one_leads_or_looks_after_and_is_remembered(qtbot: QtBot, demo: Window) -> None:
    page = today_of(qtbot, demo)
    everything = len(page.list.lines)
    page.switch.buttons["mine"].click()
    at_rest(qtbot, demo)
    assert len(page.list.lines) < everything
    assert demo.preferences.ledgers["today"] == {"whose": "mine"}


def test_that_ones_department_is_known_from_the_people_or_chosen_and_remembered(qtbot: QtBot, demo: Window) -> None:
    page = today_of(qtbot, demo)
    everything = len(page.list.lines)
    page.switch.buttons["unit"].click()
    at_rest(qtbot, demo)
    assert page.list.lines == []
    assert "没有“测试员”所在的部门" in page.list.none.sentence.text()
    page.choose_unit()
    at_rest(qtbot, demo)
    picker = page.findChild(Picker)
    assert isinstance(picker, Picker)
    picker.chosen.emit("区商务局")
    picker.close()
    at_rest(qtbot, demo)
    assert page.unit_button.text() == "区商务局"
    assert 0 < len(page.list.lines) < everything
    assert demo.preferences.ledgers["today"] == {"whose": "unit", "unit": "区商务局"}


def test_that_only_what_is_due_until_today_is_shown_where_one_wants_it_so(qtbot: QtBot, demo: Window) -> None:
    page = today_of(qtbot, demo)
    page.days.buttons["today"].click()
    at_rest(qtbot, demo)
    assert all(one.due is None or one.due.late >= 0 for one in page.list.lines)
    assert demo.preferences.ledgers["today"]["span"] == "today"


def two_of_ones_own(connection: Connection) -> None:
    """Two things that are due on the day of the tests."""
    plan = {"next_step": "报规划方案", "next_step_due": "2024-07-17"}
    mine = project.c.id.in_([1, 2])
    connection.execute(update(project).where(mine).values(liaison="测试员", status="active", **plan))


def test_that_the_rail_counts_what_is_due_and_ones_own(qtbot: QtBot, demo: Window) -> None:
    today_of(qtbot, demo).write(_("Next step"), two_of_ones_own)
    at_rest(qtbot, demo)
    assert demo.findChild(Tray) is None  # a desk without a tray
    assert demo.rail is not None
    assert demo.rail.badges["today"].text() == "2"
    demo.doing["undo"]()
    at_rest(qtbot, demo)
    assert not demo.rail.badges["today"].isVisible()


@pytest.mark.qt_log_ignore("systemTrayWindowChanged", extend=True)
def test_that_a_desk_with_a_tray_is_reminded_once_and_never_while_projecting_and_a_click_opens_today(
    qtbot: QtBot, demo: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QSystemTrayIcon, "isSystemTrayAvailable", lambda: True)
    demo.change_projector(True)
    page_of(demo).write(_("Next step"), two_of_ones_own)
    at_rest(qtbot, demo)
    tray = demo.findChild(Tray)
    assert tray is not None
    assert tray.icon.toolTip() == "逾期 0 件，今天到期 2 件"
    assert tray.reminded.at is None
    demo.change_projector(False)
    demo.go("settings")
    demo.rail.chosen.emit("settings")  # type: ignore[union-attr]
    at_rest(qtbot, demo)
    told = tray.reminded
    assert (demo.findChild(Tray), len(told.things)) == (tray, 2)
    page_of(demo).write(_("Next step"), two_of_ones_own)
    at_rest(qtbot, demo)
    assert tray.reminded is told
    assert reminded(demo.preferences.reminded) == told
    tray.icon.messageClicked.emit()
    assert demo.showing == "today"
    demo.go("settings")
    page_of(demo).reminders.buttons["off"].click()  # type: ignore[attr-defined]
    assert not tray.icon.isVisible()
    at_rest(qtbot, demo)
    assert demo.findChild(Tray) is None


def test_that_the_report_stands_beside_the_one_before(
    qtbot: QtBot, demo: Window, answers: Answers, tmp_path: Path
) -> None:
    demo.go("compare")
    at_rest(qtbot, demo)
    page = page_of(demo)
    assert isinstance(page, ComparePage)
    assert page.found is not None
    texts = [[str(page.figures.rows.index(0, at).data()) for at in range(4)]]
    assert texts == [["新签约项目", "38 个", "47 个", "+9 个"]]
    page.tabs.buttons["new"].click()
    assert len(page.lines) == page.changes.rows.rowCount() == len(page.found.of_kind("new"))
    page.copy_text()
    assert "新签约项目：38 个 → 47 个（+9 个）" in QGuiApplication.clipboard().text()
    answers.files.append(tmp_path / "对比.xlsx")
    page.export()
    at_rest(qtbot, demo)
    book = load_workbook(tmp_path / "对比.xlsx")
    values = [cell.value for line in book["指标"].iter_rows() for cell in line]
    assert {38, 47, 9} <= set(values)
    page.changes.twice.emit(0, 1)
    assert len(opened(qtbot, demo).model.ids) == 1


def test_that_everything_for_the_city_goes_into_one_file_or_none(
    qtbot: QtBot, demo: Window, answers: Answers, tmp_path: Path
) -> None:
    demo.go("overview")
    at_rest(qtbot, demo)
    page = page_of(demo)
    assert isinstance(page, ReportPage)
    answers.files.append(tmp_path / "报市.zip")
    page.export_bundle()
    at_rest(qtbot, demo)
    with zipfile.ZipFile(tmp_path / "报市.zip") as packed:
        names = packed.namelist()
    assert {name.rpartition(".")[2] for name in names} == {"xlsx", "pdf", "docx"}
    assert len([name for name in names if "签约" in name]) >= 2
    assert all(name.startswith(page.made.name) for name in names)  # type: ignore[union-attr]
    answers.files.append(tmp_path / "没有" / "报市.zip")
    page.export_bundle()
    at_rest(qtbot, demo)
    assert "没有写出" in page.strip.sentence
    assert [one.name for one in tmp_path.iterdir() if not one.name.startswith("庐阳区.zsb")] == ["报市.zip"]
