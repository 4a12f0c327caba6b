"""The ledger of issues: six columns typed in cells, many resolved in one step, steps and answers in the pane."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from db.core.book import Book
from desktop.forum.issues import Finish, IssuesView
from desktop.forum.page import ForumPage
from desktop.kit.parts import Tag
from desktop.shell.window import Window
from tests.desktop.conftest import at_rest, page_of, press
from tests.factories import forum

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture(scope="module")
def made(empty_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A book of three issues, the first of them resolved."""
    path = shutil.copyfile(empty_file, tmp_path_factory.mktemp("issues") / "新账.zsb")
    with Book.open(path, actor="测试员") as book:
        forum.session(book)
        forum.issues(
            book,
            forum.issue(
                assigned_on="2024-07-12", resolved_on="2024-07-15", handling="已放行", satisfaction="satisfied", session=19,
                raised_on="2024-07-12",
            ),
            forum.issue(text="停车难", assigned_on="2024-07-12", due_on="2024-07-16"),
            forum.issue(text="招工难", company="皖中朗感有限公司", raised_on="2024-07-10"),
        )  # fmt: skip
    return path


@pytest.fixture
def issues(qtbot: QtBot, window: Window, made: Path, tmp_path: Path) -> IssuesView:
    """The ledger of a copy of it."""
    path = shutil.copy(made, tmp_path / "新账.zsb")
    window.open_book(str(path))
    at_rest(qtbot, window)
    window.go("forum")
    page = page_of(window)
    assert isinstance(page, ForumPage)
    page.show_as("issues")
    at_rest(qtbot, window)
    view = page.shown
    assert isinstance(view, IssuesView)
    return view


def type_in(widget: QWidget, text: str) -> None:
    """Commit text as an input method does."""
    event = QInputMethodEvent("", [])
    event.setCommitString(text)
    QApplication.sendEvent(widget, event)


def cell(view: IssuesView, row: int, key: str) -> str:
    """The text of a cell."""
    column = view.model.column_of(key)
    assert column is not None
    return str(view.model.index(row, column).data())


def type_over(qtbot: QtBot, window: Window, view: IssuesView, row: int, key: str, text: str) -> None:
    """Go to a cell, type, press Enter."""
    view.table.choose(row, view.model.column_of(key))
    view.table.setFocus()
    press(view.table, Qt.Key.Key_F2)
    editor = view.editing.editor
    assert editor is not None
    editor.input.clear()
    type_in(editor.input, text)
    press(editor.input, Qt.Key.Key_Return)
    at_rest(qtbot, window)


def words(view: QWidget) -> list[str]:
    """Every label that is seen."""
    return [one.text() for one in view.findChildren(QLabel) if one.isVisible()]


def test_that_the_six_columns_are_typed_in_their_cells_and_ctrl_z_takes_them_back(
    qtbot: QtBot, window: Window, issues: IssuesView
) -> None:
    assert [cell(issues, row, "text") for row in range(3)] == ["园区南门夜间货车限行", "停车难", "招工难"]
    type_over(qtbot, window, issues, 1, "resolved_on", "2024-07-16")
    assert (cell(issues, 1, "resolved"), cell(issues, 1, "state")) == ("是", "已办结")
    type_over(qtbot, window, issues, 1, "due_on", "2024-07-01")
    assert "早于" in window.page.footer.right.text() or "2024-07-01" in window.page.footer.right.toolTip()  # type: ignore[union-attr]
    issues.editing._give_up()
    window.doing["undo"]()
    at_rest(qtbot, window)
    assert (cell(issues, 1, "resolved"), cell(issues, 1, "state")) == ("否", "办理中")


def test_that_a_dissatisfied_enterprise_typed_in_the_cell_opens_the_issue_again(
    qtbot: QtBot, window: Window, issues: IssuesView
) -> None:
    type_over(qtbot, window, issues, 0, "satisfaction", "不满意")
    assert (cell(issues, 0, "state"), cell(issues, 0, "resolved")) == ("办理中", "否")
    assert "不满意，重新办理" in window.page.footer.right.text()  # type: ignore[union-attr]
    issues.open_record(1)
    issues.pane.show_tab("course")
    at_rest(qtbot, window)
    assert any("已放行" in text for text in words(issues.pane))
    assert [one.text for one in issues.pane.parts["course"].findChildren(Tag)] == [
        "交办",
        "办结",
        "满意",
        "不满意",
        "重办",
    ]


def test_that_several_issues_are_resolved_in_one_step_from_the_keyboard(
    qtbot: QtBot, window: Window, issues: IssuesView
) -> None:
    issues.table.choose(1, 0)
    issues.table.setFocus()
    press(issues.table, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    issues.doing["finish"]()
    card = issues.findChild(Finish)
    assert card is not None
    type_in(card.text, "已协调解决")
    card.rating.setCurrentIndex(1)
    press(card.text, Qt.Key.Key_Return, CONTROL)
    at_rest(qtbot, window)
    rows = {cell(issues, row, "text"): row for row in range(3)}
    for text in ("停车难", "招工难"):
        told = [cell(issues, rows[text], key) for key in ("handling", "resolved_on", "satisfaction")]
        assert told == ["已协调解决", "2024-07-17", "满意"]
    window.doing["undo"]()
    at_rest(qtbot, window)
    assert sorted(cell(issues, row, "resolved") for row in range(3)) == ["否", "否", "是"]


def test_that_the_pane_offers_the_next_step_and_writes_a_new_issue(
    qtbot: QtBot, window: Window, issues: IssuesView
) -> None:
    issues.open_record(2)
    at_rest(qtbot, window)
    pane = issues.pane
    assert pane.forward.text() == "办结…"
    pane.take_usual()
    at_rest(qtbot, window)
    assert pane.busy
    issues.table.choose(0, 0)
    at_rest(qtbot, window)
    assert pane.number == 2
    assert pane.step_form is not None
    pane.step_form.closed.emit()
    issues.new_record()
    at_rest(qtbot, window)
    assert pane.form is not None
    type_in(pane.form.editors["company"].input, "皖中朗感有限公司")
    pane.save()
    at_rest(qtbot, window)
    assert pane.form is not None
    assert "请填写" in pane.form.editors["text"]._reason.text()
    type_in(pane.form.editors["text"].input, "用电扩容")
    pane.save()
    at_rest(qtbot, window)
    assert pane.record is not None
    assert (pane.record["name"], pane.record["company"]) == ("用电扩容", "皖中朗感有限公司")


def test_that_an_empty_book_says_how_issues_come_into_it(qtbot: QtBot, empty: Window) -> None:
    empty.go("forum")
    page = page_of(empty)
    assert isinstance(page, ForumPage)
    page.show_as("issues")
    at_rest(qtbot, empty)
    assert "还没有诉求。把问题清单拖进来，或新建一件。" in words(page)
