"""The history page: any operation can be undone, after a look at what that would do."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from desktop.shell.history import HistoryPage
from desktop.shell.window import Window
from tests.desktop.conftest import Answers, at_rest, page_of


def history_of(qtbot: QtBot, window: Window) -> HistoryPage:
    """The history page, filled."""
    window.go("history")
    at_rest(qtbot, window)
    page = page_of(window)
    assert isinstance(page, HistoryPage)
    return page


def test_that_undoing_says_first_what_goes_and_is_an_operation_itself(
    qtbot: QtBot, demo: Window, answers: Answers
) -> None:
    page = history_of(qtbot, demo)
    count = page.list.rows.rowCount()
    page.undo_button.click()
    at_rest(qtbot, demo)
    title, body, _names = answers.asked[0]
    assert title.startswith("撤销第")
    assert any("将" in sentence for sentence in body)
    assert page.list.rows.rowCount() == count + 1
    assert str(page.list.rows.index(1, 6).data()) == f"已由第{count + 1}号撤销"
    assert str(page.list.rows.index(0, 6).data()) == f"撤销第{count}号"


def test_that_no_leaves_everything_as_it_is(qtbot: QtBot, demo: Window, answers: Answers) -> None:
    page = history_of(qtbot, demo)
    count = page.list.rows.rowCount()
    answers.yes = False
    page.undo_button.click()
    at_rest(qtbot, demo)
    assert page.list.rows.rowCount() == count


def test_that_a_conflict_is_named_and_nothing_is_overwritten(qtbot: QtBot, demo: Window, answers: Answers) -> None:
    page = history_of(qtbot, demo)
    count = page.list.rows.rowCount()
    row = next(row for row in range(count) if str(page.list.rows.index(row, 0).data()) == "4")
    page.list.selectRow(row)
    page.undo_button.click()
    at_rest(qtbot, demo)
    assert answers.asked[-1][0] == "没有撤销"
    assert page.list.rows.rowCount() == count


def test_that_an_empty_book_has_no_operation(qtbot: QtBot, empty: Window) -> None:
    page = history_of(qtbot, empty)
    assert page.list.rows.rowCount() == 0
    assert not page.undo_button.isEnabled()
