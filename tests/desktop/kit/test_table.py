"""The ledger table: frozen columns, blocks of cells, groups by key and mouse, headings, zoom."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QItemSelection, QItemSelectionModel, QPoint, Qt
from PySide6.QtGui import QGuiApplication, QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.app import make_window
from desktop.kit import theme, words
from desktop.kit.header import Marks
from desktop.kit.table import LedgerTable
from tests.desktop.conftest import press
from tests.desktop.kit.lines import Store, model

assert make_window is not None  # the application of these tests is the program's own


@pytest.fixture
def table(qtbot: QtBot) -> tuple[LedgerTable, Store]:
    """100,000 rows in four groups, 600 px wide, two columns frozen."""
    words.speak("zh")
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    theme.apply(app, "light")
    rows, store = model(100_000, streets=4)
    made = LedgerTable(rows, row_height=30)
    qtbot.addWidget(made)
    made.resize(600, 400)
    made.freeze(2)
    made.show()
    qtbot.waitExposed(made)
    store.answer()
    return made, store


def choose(table: LedgerTable, top: int, left: int, bottom: int, right: int) -> None:
    """Select a block of cells."""
    block = QItemSelection(table.rows.index(top, left), table.rows.index(bottom, right))
    table.selectionModel().select(block, QItemSelectionModel.SelectionFlag.ClearAndSelect)


def test_that_scrolling_sideways_never_moves_the_frozen_columns(table: tuple[LedgerTable, Store]) -> None:
    view, _store = table
    before = view.visualRect(view.rows.index(1, 0))
    view.horizontalScrollBar().setValue(view.horizontalScrollBar().maximum())
    assert view.horizontalScrollBar().value() > 0
    assert view.visualRect(view.rows.index(1, 0)) == before
    assert view.indexAt(before.center()).column() == 0
    view.scrollTo(view.rows.index(1, view.frozen_columns))
    assert view.visualRect(view.rows.index(1, view.frozen_columns)).left() >= view.frozen_width


def test_that_frozen_columns_leave_room_for_the_others_in_a_narrow_window(table: tuple[LedgerTable, Store]) -> None:
    view, _store = table
    view.freeze(4)
    assert view.frozen_columns < 4
    assert view.frozen_width <= view.viewport().width() * 2 // 3


def test_that_a_block_of_cells_is_a_rectangle_of_records_and_fields(table: tuple[LedgerTable, Store]) -> None:
    view, _store = table
    choose(view, 0, 1, 3, 2)
    block = view.chosen_cells()
    assert block.ids == (1, 2, 3)
    assert [one.key for one in block.fields] == ["money", "street"]


def test_that_all_100000_rows_are_chosen_at_once(table: tuple[LedgerTable, Store]) -> None:
    view, _store = table
    view.selectAll()
    assert len(view.chosen_cells().ids) == 100_000


def test_that_a_click_on_a_row_number_chooses_the_row(table: tuple[LedgerTable, Store]) -> None:
    view, _store = table
    place = QPoint(10, view.rowViewportPosition(2) + 10)
    QTest.mouseClick(view.gutter.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
    assert (view.chosen_cells().ids, len(view.chosen_cells().fields)) == ((2,), 4)


def test_that_left_folds_a_group_right_opens_it_and_enter_turns_it(table: tuple[LedgerTable, Store]) -> None:
    view, _store = table
    view.choose(0, 0)
    press(view, Qt.Key.Key_Left)
    assert view.rows.rowCount() == 75_004
    press(view, Qt.Key.Key_Right)
    assert view.rows.rowCount() == 100_004
    press(view, Qt.Key.Key_Return)
    assert view.rows.rowCount() == 75_004
    assert view.current_cell() is None


def test_that_a_click_on_the_arrow_folds_and_what_is_chosen_elsewhere_stays(table: tuple[LedgerTable, Store]) -> None:
    view, _store = table
    view.rows.fold(0, folded=True)
    view.choose(3, 0)
    chosen = view.current_cell()
    place = QPoint(12, view.rowViewportPosition(0) + 15)
    QTest.mouseClick(view.gutter.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
    assert view.rows.rowCount() == 100_004
    view.rows.fold(0, folded=True)
    line = view.rows.row_of(chosen[0]) if chosen is not None else None
    assert line == 3


def test_that_headings_tell_a_click_from_one_with_shift_and_one_on_the_funnel(
    qtbot: QtBot, table: tuple[LedgerTable, Store]
) -> None:
    view, _store = table
    heard: list[tuple[int, bool]] = []
    filtered: list[int] = []
    view.sort_wanted.connect(lambda at, further: heard.append((at, further)))
    view.filter_wanted.connect(filtered.append)
    header = view.frozen_header
    place = QPoint(header.sectionViewportPosition(1) + 10, 10)
    QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
    QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier, place)
    QTest.mouseClick(
        header.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, header.funnel_of(1).center()
    )
    assert heard == [(1, False), (1, True)]
    assert filtered == [1]


def test_that_a_heading_with_marks_is_never_cut(table: tuple[LedgerTable, Store]) -> None:
    view, _store = table
    view.header.resizeSection(3, 40)
    view.show_marks(Marks({1: (1, True), 3: (2, False)}, {3}))
    assert view.header.sectionSize(3) >= view.header.needed(3)


def test_that_ctrl_and_the_wheel_make_rows_and_letters_larger(table: tuple[LedgerTable, Store]) -> None:
    view, _store = table
    view.step_zoom(1)
    assert view.zoom == 1.1
    assert view.rowHeight(0) == 33
    view.set_zoom(1.0)
    assert view.rowHeight(0) == 30


def test_that_a_page_knows_a_key_before_the_table_does(table: tuple[LedgerTable, Store]) -> None:
    view, _store = table
    heard = []
    view.keys["Ctrl+D"] = lambda: heard.append("fill down")
    view.choose(1, 0)
    press(view, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    assert heard == ["fill down"]


def test_that_typing_and_an_input_method_ask_for_an_editor_where_a_cell_may_be_changed(
    table: tuple[LedgerTable, Store],
) -> None:
    view, _store = table
    heard: list[tuple[int, str]] = []
    view.edit_wanted.connect(lambda index, text: heard.append((index.column(), text)))
    view.choose(1, 2)
    press(view, Qt.Key.Key_5)
    assert heard == []  # nothing may be changed yet
    view.rows.editable = lambda index: True  # type: ignore[method-assign]
    press(view, Qt.Key.Key_5)
    press(view, Qt.Key.Key_F2)
    event = QInputMethodEvent("", [])
    event.setCommitString("大")
    QApplication.sendEvent(view, event)
    assert heard == [(2, "5"), (2, ""), (2, "大")]


def test_that_cells_are_copied_as_a_spreadsheet_takes_them(table: tuple[LedgerTable, Store]) -> None:
    view, _store = table
    choose(view, 1, 0, 2, 1)
    press(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "项目1\t1\n项目2\t2"


def test_that_what_is_painted_shows_the_ground_of_groups_through_frozen_and_other_columns(
    table: tuple[LedgerTable, Store],
) -> None:
    view, store = table
    view.viewport().repaint()
    store.answer()
    picture = view.viewport().grab().toImage()
    ground = theme.tokens().color("bg")
    edge = view.frozen_width
    assert picture.pixelColor(edge - 10, 3) == ground
    assert picture.pixelColor(edge + 10, 3) == ground
    assert picture.pixelColor(edge - 1, 15) == theme.tokens().color("line")
