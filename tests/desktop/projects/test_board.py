"""The board: columns by stage, cards by how long they have stood there, moving with keyboard and mouse."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desktop.kit.lanes import FOLDED, PART
from desktop.projects.board import BoardView
from desktop.projects.moving import MoveForm
from desktop.projects.page import ProjectsPage
from desktop.shell.window import Window
from tests.desktop.conftest import at_rest, press
from tests.desktop.kit.cards import drag
from tests.desktop.projects.test_page import ledger_of

CTRL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier


@pytest.fixture
def page(qtbot: QtBot, demo: Window) -> ProjectsPage:
    """The ledger of the demonstration, shown as a board."""
    found = ledger_of(demo)
    at_rest(qtbot, demo)
    press(found.table, Qt.Key.Key_2, ALT)
    at_rest(qtbot, demo)
    return found


@pytest.fixture
def board(page: ProjectsPage) -> BoardView:
    """The board of the demonstration."""
    (found,) = page.findChildren(BoardView)
    assert found.isVisible()
    return found


def move_form(board: BoardView) -> MoveForm:
    """The form that asks for the day."""
    assert isinstance(board.form, MoveForm)
    assert board.form.isVisible()
    return board.form


def test_that_every_project_stands_in_the_column_of_its_stage_and_empty_ones_are_strips(
    page: ProjectsPage, board: BoardView
) -> None:
    assert sum(len(one.ids) for one in board.lanes.values()) == len(page.model.ids)
    assert list(board.lanes)[:4] == ["lead", "negotiating", "ready", "signed"]
    assert (board.lanes["lead"].width(), board.lanes["lead"].folded) == (FOLDED, True)
    signed = board.lanes["signed"]
    days = [card.days for at in signed.body.visible() if (card := signed.card(at)) is not None]
    assert len(days) > 3
    assert days == sorted(days, key=lambda one: -(one or 0))
    assert "亿元" in board.facts.text()


def test_that_fifty_cards_are_shown_and_the_rest_comes_in_its_place(
    qtbot: QtBot, demo: Window, board: BoardView
) -> None:
    lane = board.lanes["signed"]
    count = len(lane.ids)
    assert (lane.shown, lane.rest) == (PART, count - PART)
    lane.body.verticalScrollBar().setValue(lane.body.verticalScrollBar().maximum())
    QTest.mouseClick(lane.body.viewport(), Qt.MouseButton.LeftButton, pos=lane.body.more_box().center())
    assert lane.rest == max(0, count - 2 * PART)
    lane.body.verticalScrollBar().setValue(lane.body.verticalScrollBar().maximum())
    at_rest(qtbot, demo)
    assert lane.card(lane.shown - 1) is not None


def test_that_a_filter_of_the_table_is_one_of_the_board(qtbot: QtBot, demo: Window, board: BoardView) -> None:
    page = ledger_of(demo)
    page.ledger.show_only("两个", list(board.lanes["signed"].ids[:2]))
    at_rest(qtbot, demo)
    assert [len(one.ids) for one in board.lanes.values() if one.ids] == [2]


def test_that_arrows_walk_between_cards_and_enter_opens_the_pane(
    qtbot: QtBot, demo: Window, page: ProjectsPage, board: BoardView
) -> None:
    press(board, Qt.Key.Key_Down)
    talks, signed = board.lanes["negotiating"], board.lanes["signed"]
    assert board.current == talks.ids[0]
    press(board, Qt.Key.Key_Down)
    press(board, Qt.Key.Key_Right)
    assert board.current == signed.ids[1]
    at_rest(qtbot, demo)
    card = signed.card(1)
    assert card is not None
    assert card.name in board.accessibleDescription()
    press(board, Qt.Key.Key_Return)
    at_rest(qtbot, demo)
    assert page.pane.isVisible()
    assert page.pane.record is not None
    assert page.pane.record["id"] == signed.ids[1]


def test_that_ctrl_right_asks_for_the_day_and_moves_one_stage_and_ctrl_z_takes_it_back(
    qtbot: QtBot, demo: Window, board: BoardView
) -> None:
    number = board.lanes["negotiating"].ids[0]
    board.choose(number)
    press(board, Qt.Key.Key_Right, CTRL)
    at_rest(qtbot, demo)
    form = move_form(board)
    assert form.way.target == "ready"
    assert form.days["ready"].text() == "2024-07-17"
    form.do.click()
    at_rest(qtbot, demo)
    assert number in board.lanes["ready"].ids
    assert board.current == number
    demo.activateWindow()  # what a desk does when the form goes
    at_rest(qtbot, demo)
    press(board, Qt.Key.Key_Z, CTRL)
    at_rest(qtbot, demo)
    assert number in board.lanes["negotiating"].ids


def test_that_a_card_dropped_over_stages_asks_for_those_between_and_keeps_their_days(
    qtbot: QtBot, demo: Window, board: BoardView
) -> None:
    lane = board.lanes["negotiating"]
    number = lane.ids[0]
    drag(lane, 0, board.lanes["started"])
    at_rest(qtbot, demo)
    form = move_form(board)
    assert "signed" in form.days
    form.days["signed"].setText("2024.7.1")
    form.days["started"].setText("2024-06-01")
    assert "早于" in form.hint.text()
    form.days["started"].setText("7月15日")
    form.do.click()
    assert form.isVisible()
    assert form.refusal.text()
    form.days["started"].setText("2024-07-15")
    form.do.click()
    at_rest(qtbot, demo)
    assert number in board.lanes["started"].ids
    card = next(one for at in board.lanes["started"].body.visible() if (one := board.lanes["started"].card(at)))
    assert card.days is not None


def test_that_a_card_goes_back_to_its_place_when_the_form_is_left(qtbot: QtBot, demo: Window, board: BoardView) -> None:
    lane = board.lanes["signed"]
    number, count = lane.ids[0], len(lane.ids)
    drag(lane, 0, board.lanes["started"])
    at_rest(qtbot, demo)
    move_form(board).reject()
    at_rest(qtbot, demo)
    assert (lane.ids[0], len(lane.ids)) == (number, count)
    assert board.dragged is None
    drag(lane, 0, lane)
    at_rest(qtbot, demo)
    assert len(lane.ids) == count


def test_that_moving_back_offers_reasons_and_says_what_is_taken_away(
    qtbot: QtBot, demo: Window, board: BoardView
) -> None:
    number = board.lanes["started"].ids[0]
    board.choose(number)
    press(board, Qt.Key.Key_Left, CTRL)
    at_rest(qtbot, demo)
    form = move_form(board)
    assert form.way.is_back
    assert form.reasons is not None
    form.reasons.chips[0].click()
    form.do.click()
    at_rest(qtbot, demo)
    assert number not in board.lanes["started"].ids


def test_that_an_empty_column_unfolds_and_takes_a_card(qtbot: QtBot, demo: Window, board: BoardView) -> None:
    lane = board.lanes["completed"]
    lane.head.setFocus()
    press(lane.head, Qt.Key.Key_Return)
    unfolded = not lane.folded
    QTest.mouseClick(lane.head, Qt.MouseButton.LeftButton, pos=QPoint(20, 10))
    assert (unfolded, lane.folded) == (True, True)
    drag(board.lanes["started"], 0, lane)
    at_rest(qtbot, demo)
    assert move_form(board).way.target == "completed"


def test_that_a_column_of_ten_thousand_draws_and_asks_only_for_what_one_sees(
    qtbot: QtBot, demo: Window, board: BoardView
) -> None:
    from array import array

    lane = board.lanes["signed"]
    lane.show_ids(array("q", range(1, 10_001)))
    lane.shown = 10_000
    lane.body.measure()
    lane.body.verticalScrollBar().setValue(lane.body.verticalScrollBar().maximum() // 2)
    assert len(lane.missing()) < 30
    assert lane.place_of(9_999) == 9_998


def test_that_a_board_without_rows_says_so(qtbot: QtBot, empty: Window) -> None:
    page = ledger_of(empty)
    page.show_as("board")
    at_rest(qtbot, empty)
    (board,) = page.findChildren(BoardView)
    assert board.nothing.isVisible()
    press(board, Qt.Key.Key_Down)
    assert board.current is None
