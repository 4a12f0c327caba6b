"""市级通报数 and 历史公布数 on the screen: typed, pasted, read from a file, undone."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.overview.bulletin import CITY, PUBLISHED, BulletinPage
from desktop.shell.window import Window
from tests.desktop.conftest import Answers, at_rest, drop, page_of, press

CONTROL = Qt.KeyboardModifier.ControlModifier


def bulletin(qtbot: QtBot, window: Window, month: str = "2024-05") -> BulletinPage:
    """The page, on a month."""
    window.go("bulletin")
    at_rest(qtbot, window)
    page = page_of(window)
    assert isinstance(page, BulletinPage)
    page.choose_month(month)
    at_rest(qtbot, window)
    return page


def stand(page: BulletinPage, figure: str, column: str) -> None:
    """The keyboard into a cell."""
    row = [one.figure for one in page.found].index(figure)
    keys = list(page.found[row].cells)
    page.table.setCurrentIndex(page.table.rows.index(row, keys.index(column) + 2))


def cell(page: BulletinPage, figure: str, column: str) -> str:
    """What is kept in a cell."""
    return next(one.cells[column] for one in page.found if one.figure == figure)


def type_in(qtbot: QtBot, window: Window, page: BulletinPage, figure: str, column: str, text: str) -> None:
    """Type into a cell as with the keyboard."""
    stand(page, figure, column)
    press(page.table, Qt.Key.Key_Return)
    editor = QApplication.focusWidget()
    assert editor is not None
    QTest.keyClick(editor, Qt.Key.Key_A, CONTROL)
    QTest.keyClicks(editor, text)
    press(editor, Qt.Key.Key_Return)
    at_rest(qtbot, window)


def clip(text: str) -> None:
    """Put a block on the clipboard as text with tabs."""
    mime = QMimeData()
    mime.setText(text)
    QGuiApplication.clipboard().setMimeData(mime)


def test_that_an_empty_page_says_what_may_be_entered_and_the_keyboard_enters_it(qtbot: QtBot, empty: Window) -> None:
    page = bulletin(qtbot, empty)
    assert page.nothing.isVisibleTo(page)
    assert not page.months
    type_in(qtbot, empty, page, "signed.count", "value", "31")
    type_in(qtbot, empty, page, "signed.count", "rank", "2")
    type_in(qtbot, empty, page, "signed.investment", "value", "120.5")
    assert (cell(page, "signed.count", "value"), cell(page, "signed.count", "rank")) == ("31", "2")
    assert cell(page, "signed.investment", "value") == "120.5"
    assert [(one.month, one.city, one.published) for one in page.months] == [("2024-05", 2, 0)]
    assert not page.nothing.isVisibleTo(page)
    empty.undoing.undo()
    at_rest(qtbot, empty)
    assert cell(page, "signed.investment", "value") == ""
    stand(page, "signed.count", "rank")
    press(page.table, Qt.Key.Key_Delete)
    at_rest(qtbot, empty)
    assert (cell(page, "signed.count", "rank"), cell(page, "signed.count", "value")) == ("", "31")


def test_that_what_cannot_be_read_is_said_and_nothing_is_lost(qtbot: QtBot, empty: Window) -> None:
    page = bulletin(qtbot, empty)
    type_in(qtbot, empty, page, "signed.count", "value", "31")
    type_in(qtbot, empty, page, "signed.count", "rank", "0")
    assert "位次应为 1 以上的整数" in page.strip.sentence
    assert "账本未改动" in page.strip.sentence
    assert cell(page, "signed.count", "value") == "31"
    type_in(qtbot, empty, page, "signed.count", "rank", "3")
    assert not page.strip.isVisibleTo(page)
    assert cell(page, "signed.count", "rank") == "3"


def test_that_a_block_is_pasted_by_place_or_by_the_names_of_figures_as_one_step(qtbot: QtBot, empty: Window) -> None:
    page = bulletin(qtbot, empty)
    clip("31\t第2位\n120.5\t3\n")
    stand(page, "signed.count", "value")
    press(page.table, Qt.Key.Key_V, CONTROL)
    at_rest(qtbot, empty)
    assert (cell(page, "signed.count", "rank"), cell(page, "signed.investment", "rank")) == ("2", "3")
    clip("新开工项目数\t20\t4\n到位资金\t98.2亿元\t5\n")
    press(page.table, Qt.Key.Key_V, CONTROL)
    at_rest(qtbot, empty)
    assert (cell(page, "started.count", "value"), cell(page, "paid_in.reported", "value")) == ("20", "98.2")
    empty.undoing.undo()
    at_rest(qtbot, empty)
    assert cell(page, "started.count", "value") == ""
    assert cell(page, "signed.count", "value") == "31"


def test_that_a_block_with_headings_is_looked_at_first_and_taken_or_left(qtbot: QtBot, demo: Window) -> None:
    page = bulletin(qtbot, demo, "2024-03")
    clip("2024年1—3月全市招商引资情况通报\t\t\n县（市）区\t新签约项目数\t位次\n庐阳区\t19\t2\n蜀山区\t25\t1\n")
    page.paste()
    at_rest(qtbot, demo)
    assert page.stack.currentWidget() is page.lines
    assert page.lines.rows.rowCount() == 1
    assert page.months
    assert not any(one.month == "2024-03" for one in page.months if one.city)
    page.strip.buttons[1].click()
    assert page.stack.currentWidget() is page.table
    assert page.proposed is None
    page.paste()
    at_rest(qtbot, demo)
    page.strip.buttons[0].click()
    at_rest(qtbot, demo)
    assert (cell(page, "signed.count", "value"), cell(page, "signed.count", "rank")) == ("19", "2")
    assert "蜀山区" in cell(page, "signed.count", "others")


def test_that_a_dropped_file_of_published_numbers_is_shown_beside_the_book_and_then_kept(
    qtbot: QtBot, empty: Window, tmp_path: Path
) -> None:
    page = bulletin(qtbot, empty)
    path = tmp_path / "2023年招商引资公布数.csv"
    path.write_text(
        "2023年招商引资情况\n月份,新签约项目数,协议投资额（亿元）\n1—5月,28,102.7\n1—6月,36,131\n", "utf-8-sig"
    )
    drop(empty, path)
    at_rest(qtbot, empty)
    assert page.kind == PUBLISHED
    assert page.lines.rows.rowCount() == 4
    assert not page.months
    press(page.strip.buttons[0], Qt.Key.Key_Space)
    at_rest(qtbot, empty)
    assert page.month == "2023-06"
    assert cell(page, "signed.investment", "since_january") == "131"
    type_in(qtbot, empty, page, "signed.count", "since_january", "37")
    assert cell(page, "signed.count", "since_january") == "37"
    assert cell(page, "signed.count", "source") == "2023年招商引资公布数"


@pytest.mark.parametrize("content", ["", "姓名,电话\n张三,1\n"])
def test_that_a_file_that_is_no_bulletin_is_refused_in_a_sentence(
    qtbot: QtBot, empty: Window, answers: Answers, tmp_path: Path, content: str
) -> None:
    page = bulletin(qtbot, empty)
    path = tmp_path / "通讯录.csv"
    path.write_text(content, "utf-8")
    answers.files.append(path)
    page.choose_file()
    at_rest(qtbot, empty)
    assert page.strip.sentence
    assert page.stack.currentWidget() is page.table
    assert page.kind == CITY
