"""The matrix of the five ones: what is missing is seen, filled in with one form, undone with one key."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPlainTextEdit
from pytestqt.qtbot import QtBot

from db.five_ones.rules import FOLLOWED, LEADER, PLAN, TASK_FORCE
from desktop.five_ones.assign_notices import NoticesCard
from desktop.five_ones.matrix import MatrixView
from desktop.five_ones.milestones_forms import TemplateForm
from desktop.kit.cell_parts import plain
from desktop.kit.small_form import SmallForm
from desktop.kit.words import tr
from desktop.overview.today import TodayPage
from desktop.shell.manual import ManualWindow
from desktop.shell.window import Window
from tests.desktop.conftest import Answers, at_rest, page_of, press

TODAY = "2024-07-17"


@pytest.fixture
def matrix(qtbot: QtBot, demo: Window) -> MatrixView:
    demo.go("five_ones")
    at_rest(qtbot, demo)
    view = page_of(demo).shown  # type: ignore[attr-defined]
    assert isinstance(view, MatrixView)
    return view


def rested(qtbot: QtBot, view: MatrixView) -> None:
    at_rest(qtbot, view.window())  # type: ignore[arg-type]


def form(view: MatrixView) -> SmallForm:
    found = [one for one in view.page.findChildren(SmallForm) if one.isVisible()]
    assert len(found) == 1
    return found[0]


def fill(made: SmallForm, **texts: str) -> None:
    for key, text in texts.items():
        made.editors[key].input.put(text)


def says(view: MatrixView, number: int, key: str) -> str:
    return plain(view.cells.cell(view.lines[number], key))


def test_that_the_worst_stand_first_and_the_sums_count_them(qtbot: QtBot, matrix: MatrixView) -> None:
    first = matrix.sheet.lines[0]  # type: ignore[union-attr]
    assert LEADER in first.ones.missing
    counts = [one.ones.count for one in matrix.lines.values() if one.lacks and LEADER not in one.ones.missing]
    assert counts == sorted(counts)
    whole = len(matrix.lines)
    have = sum(LEADER not in one.ones.missing for one in matrix.lines.values())
    assert plain(matrix.table.sums[LEADER]) == f"{have}/{whole}" == f"{whole - 1}/{whole}"
    assert says(matrix, first.project, LEADER) == "未明确"
    assert matrix.table.record == first.project
    assert {"缺 专班", "缺 方案", "缺 节点"} <= {
        says(matrix, one, key) for one in matrix.lines for key in matrix.cells.ones
    }
    # whose load is too great: a click shows exactly these projects, a second one all again
    share = matrix.pane.load.shares[0]
    matrix.pane.load.picked.emit(LEADER, share.name)
    assert sorted(matrix.table.all_ids) == sorted(share.projects)
    assert "超" in matrix.pane.load._cell(0, 2).text
    press(matrix.table, Qt.Key.Key_Escape)
    assert len(matrix.table.all_ids) == whole
    matrix.words.setText("冷链")
    assert {"冷链" in matrix.lines[one].name for one in matrix.table.all_ids} == {True}
    matrix.words.setText("没有这样的项目")
    assert matrix.stack.currentWidget() is matrix.none
    matrix.none_button.click()
    assert len(matrix.table.all_ids) == whole


def test_that_enter_on_a_missing_cell_opens_its_editor_and_undo_takes_it_back(qtbot: QtBot, matrix: MatrixView) -> None:
    number = matrix.table.record
    matrix.table.choose(number, LEADER)
    press(matrix.table, Qt.Key.Key_Return)
    rested(qtbot, matrix)
    made = form(matrix)
    fill(made, person="张三丰")
    made.carry_out()
    rested(qtbot, matrix)
    assert "不在领导名单中" in made.editors["person"]._reason.text()
    fill(made, person="周敏")
    made.reasons.chips[1].click()  # type: ignore[union-attr]
    made.carry_out()
    rested(qtbot, matrix)
    assert says(matrix, number, LEADER) == "周敏"
    matrix.window().undoing.undo()  # type: ignore[attr-defined]
    rested(qtbot, matrix)
    assert says(matrix, number, LEADER) == "未明确"


def test_that_each_of_the_five_is_filled_in_from_the_pane(qtbot: QtBot, matrix: MatrixView) -> None:
    number = next(
        one.project for one in matrix.lines.values() if {TASK_FORCE, PLAN, FOLLOWED} <= one.ones.missing.keys()
    )
    matrix.table.choose(number)
    rested(qtbot, matrix)
    for key, texts in (
        (TASK_FORCE, {"head": "程永强", "members": "卫东明 土地手续\n新来的：环评"}), (PLAN, {"title": "推进方案"}),
        (FOLLOWED, {}), (FOLLOWED, {"progress": "完成桩基施工"}),
    ):  # fmt: skip
        matrix.pane.buttons[key].click()
        rested(qtbot, matrix)
        if not texts:  # without milestones a template is asked for first
            planned = matrix.page.findChild(TemplateForm)
            assert isinstance(planned, TemplateForm)
            planned.start.setText("2024-05-06")
            planned.do.click()
            rested(qtbot, matrix)
            continue
        made = form(matrix)
        if "progress" in texts:
            fill(made, **texts, since="2031-07-17")
            made.carry_out()
            rested(qtbot, matrix)
            assert "还没有到" in made.editors["since"]._reason.text()
            fill(made, since=TODAY)
        else:
            fill(made, **texts)
        made.carry_out()
        made.carry_out()  # a double click writes it once
        rested(qtbot, matrix)
    assert not matrix.lines[number].lacks
    assert says(matrix, number, "count") == "5/5"
    assert says(matrix, number, TASK_FORCE) == "3人"
    assert matrix.detail is not None
    assert matrix.detail.by_weight.due is not None


def test_that_several_projects_are_assigned_at_once_and_handed_over_together(qtbot: QtBot, matrix: MatrixView) -> None:
    some = matrix.table.all_ids[:4]
    matrix.table.selected = set(some)
    matrix.doing["assign"]()
    rested(qtbot, matrix)
    fill(form(matrix), person="陈立", since="2024-07-01")
    form(matrix).carry_out()
    rested(qtbot, matrix)
    assert {says(matrix, one, LEADER) for one in some} == {"陈立"}
    matrix.hand_over()
    rested(qtbot, matrix)
    made = form(matrix)
    fill(made, who="陈立", to="陈立")
    made.carry_out()
    rested(qtbot, matrix)
    assert made.isVisible()
    fill(made, to="周敏")
    made.carry_out()
    rested(qtbot, matrix)
    assert {says(matrix, one, LEADER) for one in some} == {"周敏"}
    assert all(share.name != "陈立" for share in matrix.pane.load.shares)


def test_that_a_light_by_hand_needs_a_reason_and_notices_never_go_to_a_leader(qtbot: QtBot, matrix: MatrixView) -> None:
    number = next(one.project for one in matrix.lines.values() if one.light is not None and one.light.colour == "red")
    matrix.table.choose(number)
    rested(qtbot, matrix)
    assert any("转绿条件" in text for text in _texts(matrix))
    matrix.pane.buttons["light"].click()
    made = form(matrix)
    fill(made, light="黄灯")
    made.carry_out()
    rested(qtbot, matrix)
    assert made.isVisible()
    assert "红灯" in says(matrix, number, "light")
    fill(made, reason="资金已在途")
    made.carry_out()
    rested(qtbot, matrix)
    assert says(matrix, number, "light") == "黄灯*"
    assert any("资金已在途" in text for text in _texts(matrix))
    assert "资金已在途" in _copied(matrix)
    matrix.pane.notices.click()
    rested(qtbot, matrix)
    card = matrix.page.findChild(NoticesCard)
    assert isinstance(card, NoticesCard)
    receivers = {one.to for one in card._found}
    leaders = set(matrix.sheet.leaders)  # type: ignore[union-attr]
    assert receivers
    assert not receivers & leaders
    card.receiver.setCurrentIndex(1)
    card.copy.click()
    assert QGuiApplication.clipboard().text() == card.findChild(QPlainTextEdit).toPlainText()  # type: ignore[union-attr]
    assert QGuiApplication.clipboard().text().count("请补齐以下项目") == 1


def _texts(view: MatrixView) -> list[str]:
    from PySide6.QtWidgets import QLabel

    return [one.text() for one in view.pane.project.findChildren(QLabel)]


def _copied(view: MatrixView) -> str:
    view.doing["copy_text"]()
    return QGuiApplication.clipboard().text()


def test_that_an_office_calls_them_as_it_likes_and_a_wrong_number_is_refused(
    qtbot: QtBot, demo: Window, matrix: MatrixView
) -> None:
    matrix._settings()
    rested(qtbot, matrix)
    made = form(matrix)
    fill(
        made,
        **{
            "five_ones.name": "四督四保",
            "five_ones.labels": "项目、书记、专员、清单",
            "five_ones.most_projects": "很多",
        },
    )
    made.carry_out()
    rested(qtbot, matrix)
    assert "五个名称" in made.editors["five_ones.labels"]._reason.text()
    fill(made, **{"five_ones.labels": "项目、书记、专员、清单、督查", "five_ones.most_projects": "20"})
    made.carry_out()
    rested(qtbot, matrix)
    assert matrix.page.heading.text() == "四督四保"
    assert [tr(column.label) for column in matrix.cells.columns()[3:6]] == ["书记", "专员", "清单"]
    assert "超" not in matrix.pane.load._cell(0, 2).text
    demo.change_rooms({"five_ones": True})
    at_rest(qtbot, demo)
    assert demo.rail is not None
    assert [one.text().strip() for one in demo.rail.buttons.values()].count("四督四保") == 1
    demo.show_manual()
    manual = demo.findChild(ManualWindow)
    assert isinstance(manual, ManualWindow)
    assert manual.windowTitle() == "四督四保 — 使用手册"
    manual.close()
    demo.undo_now()
    at_rest(qtbot, demo)
    assert page_of(demo).heading.text() == demo.rail.buttons["five_ones"].text().strip() == "五个一"


def test_that_matrix_and_leaders_page_leave_as_files_and_stewards_are_named(
    qtbot: QtBot, matrix: MatrixView, answers: Answers, tmp_path: Path
) -> None:
    answers.files += [tmp_path / "五个一.xlsx", tmp_path / "周敏.pdf"]
    matrix.doing["export"]()
    rested(qtbot, matrix)
    sheets = load_workbook(tmp_path / "五个一.xlsx", read_only=True)
    texts = {str(cell) for sheet in sheets for row in sheet.iter_rows(values_only=True) for cell in row}
    assert matrix.sheet.lines[0].name in texts  # type: ignore[union-attr]
    matrix.one_pager("周敏")
    rested(qtbot, matrix)
    assert (tmp_path / "周敏.pdf").read_bytes().startswith(b"%PDF")
    matrix.page.show_as("stewards")
    rested(qtbot, matrix)
    view = matrix.page.shown
    number = view.table.record
    assert says(view, number, "contact") == "未明确"
    view.open_cell(number, "contact")
    rested(qtbot, matrix)
    fill(form(view), person="叶青")
    form(view).carry_out()
    rested(qtbot, matrix)
    assert says(view, number, "contact") == "叶青"
    assert says(view, number, "count") == "2/2"
    view.pane.notices.click()
    rested(qtbot, matrix)
    card = matrix.page.findChild(NoticesCard)
    assert isinstance(card, NoticesCard)
    told = {one.project for one in card._found}
    assert told & {one.name for one in view.lines.values() if one.lacks}
    assert not told & {one.name for one in matrix.lines.values()}


def test_that_lights_due_milestones_and_gaps_join_today_and_the_past_is_only_read(
    qtbot: QtBot, matrix: MatrixView
) -> None:
    window: Any = matrix.window()
    window.go("today")
    rested(qtbot, matrix)
    page = page_of(window)
    assert isinstance(page, TodayPage)
    stones = [line.due for line in page.list.lines if line.due is not None and line.due.kind == "milestone"]
    assert stones
    assert any("亮红灯" in line.still.sentence.render("zh") for line in page.list.lines if line.still is not None)
    page.list.step_wanted.emit(stones[0])
    rested(qtbot, matrix)
    (made,) = page.findChildren(SmallForm)
    made.carry_out()
    rested(qtbot, matrix)
    left = [line.due for line in page.list.lines if line.due is not None and line.due.kind == "milestone"]
    assert len(left) == len(stones) - 1
    window.go("five_ones")
    window.look_at("2024-07-11")
    rested(qtbot, matrix)
    assert matrix.lines
    assert not matrix.assign_button.isEnabled()
    matrix.edit(LEADER)
    rested(qtbot, matrix)
    assert not [one for one in matrix.page.findChildren(SmallForm) if one.isVisible()]
