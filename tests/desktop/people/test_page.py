"""先核三张名单: typing over, putting in order, merging what is one; each an operation."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QInputMethodEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from db.core.book import Book
from desktop.kit.entries import EntryList
from desktop.people.page import ListsPage
from desktop.shell.window import Window
from tests.desktop.conftest import Answers, at_rest, page_of, press
from tests.factories import projects


@pytest.fixture(scope="module")
def made(empty_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A book of three projects."""
    path = shutil.copyfile(empty_file, tmp_path_factory.mktemp("people") / "新账.zsb")
    rows = (("2023-03-05", "大杨镇", "区发改委", "梁志远"), ("2024-04-18", "海棠街道", "发展和改革委员会", "梁志远"),
            ("2024-05-20", "双岗街道", "区商务局", "罗倩"))  # fmt: skip
    with Book.open(path, actor="测试员") as book:
        projects.projects(
            book,
            *(
                projects.row(
                    signed_on=day, agreed_investment=projects.YI, street=street, department=unit, leader=leader
                )
                for day, street, unit, leader in rows
            ),
        )
    return path


@pytest.fixture
def lists(qtbot: QtBot, window: Window, made: Path, tmp_path: Path) -> ListsPage:
    """The lists of a copy of it."""
    window.open_book(str(shutil.copyfile(made, tmp_path / "新账.zsb")))
    at_rest(qtbot, window)
    window.go("lists")
    at_rest(qtbot, window)
    page = page_of(window)
    assert isinstance(page, ListsPage)
    return page


def column(one: EntryList, at: int) -> list[str]:
    """A column of a list."""
    return [str(one.rows.index(row, at).data()) for row in range(one.rows.rowCount())]


def type_over(qtbot: QtBot, window: Window, one: EntryList, row: int, at: int, text: str) -> None:
    """Go to a cell, press Enter, type through the input method, press Enter."""
    one.setCurrentIndex(one.rows.index(row, at))
    press(one, Qt.Key.Key_Return)
    editor = one.findChild(QLineEdit)
    assert editor is not None
    editor.clear()
    event = QInputMethodEvent()
    event.setCommitString(text)
    QApplication.sendEvent(editor, event)
    press(editor, Qt.Key.Key_Return)
    at_rest(qtbot, window)


def test_that_the_lists_hold_what_the_ledger_brought(lists: ListsPage) -> None:
    assert set(column(lists.units.list, 1)) == {
        "大杨镇",
        "海棠街道",
        "双岗街道",
        "区发改委",
        "发展和改革委员会",
        "区商务局",
    }
    assert column(lists.leaders.list, 1) == ["梁志远", "罗倩"]
    assert column(lists.leaders.list, 5) == ["2", "1"]
    assert column(lists.targets.list, 0)[0] == "全区"
    assert column(lists.targets.list, 1)[0] == "上年 1"


def test_that_short_and_former_names_posts_and_terms_are_typed_in_place(
    qtbot: QtBot, window: Window, lists: ListsPage
) -> None:
    row = column(lists.units.list, 1).index("区商务局")
    type_over(qtbot, window, lists.units.list, row, 2, "商务")
    type_over(qtbot, window, lists.units.list, row, 3, "区招商局、区外经局")
    type_over(qtbot, window, lists.leaders.list, 0, 2, "区委书记")
    type_over(qtbot, window, lists.leaders.list, 0, 3, "2021.12")
    assert (column(lists.units.list, 2)[row], column(lists.units.list, 3)[row]) == ("商务", "区招商局、区外经局")
    assert (column(lists.leaders.list, 2)[0], column(lists.leaders.list, 3)[0]) == ("区委书记", "2021-12-01")
    window.undoing.undo()
    at_rest(qtbot, window)
    assert column(lists.leaders.list, 3)[0] == "—"


def test_that_what_cannot_be_is_said_and_the_list_stays(qtbot: QtBot, window: Window, lists: ListsPage) -> None:
    type_over(qtbot, window, lists.leaders.list, 0, 3, "上个月")
    assert column(lists.leaders.list, 3)[0] == "—"
    assert lists.footer.right.property("tone") == "red"


def test_that_units_are_put_in_order_with_alt_and_arrows_and_by_dragging(
    qtbot: QtBot, window: Window, lists: ListsPage
) -> None:
    units = lists.units.list
    before = column(units, 1)
    units.setCurrentIndex(units.rows.index(0, 1))
    press(units, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    at_rest(qtbot, window)
    assert column(units, 1)[:2] == [before[1], before[0]]
    assert units.currentIndex().row() == 1
    places = [QPointF(units.visualRect(units.rows.index(row, 1)).center()) for row in (0, 2)]
    left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
    for kind, place, button in (
        (QEvent.Type.MouseButtonPress, places[0], left),
        (QEvent.Type.MouseMove, places[1], none),
        (QEvent.Type.MouseButtonRelease, places[1], left),
    ):
        plain = Qt.KeyboardModifier.NoModifier
        event = QMouseEvent(kind, place, units.viewport().mapToGlobal(place), button, left, plain)
        QApplication.sendEvent(units.viewport(), event)
    at_rest(qtbot, window)
    assert column(units, 1)[:3] == [before[0], before[2], before[1]]


def test_that_a_proposed_pair_becomes_one_or_stays_two(qtbot: QtBot, window: Window, lists: ListsPage) -> None:
    assert lists.pair.isVisible()
    words = [one.text() for one in lists.pair.findChildren(QPushButton) if one.isVisible()]
    assert words == ["合并为“发展和改革委员会”", "合并为“区发改委”", "不是同一个"] or words[-1] == "不是同一个"
    assert lists.lists is not None
    lists._merge(lists.lists.pairs[0])
    at_rest(qtbot, window)
    assert not lists.pair.isVisible()
    assert len(column(lists.units.list, 1)) == 5
    window.undoing.undo()
    at_rest(qtbot, window)
    assert len(column(lists.units.list, 1)) == 6
    next(one for one in lists.pair.findChildren(QPushButton) if one.text() == "不是同一个").click()
    at_rest(qtbot, window)
    assert not lists.pair.isVisible()
    assert len(column(lists.units.list, 1)) == 6


def test_that_targets_are_typed_with_their_unit_and_taken_away(qtbot: QtBot, window: Window, lists: ListsPage) -> None:
    type_over(qtbot, window, lists.targets.list, 0, 1, "60")
    type_over(qtbot, window, lists.targets.list, 0, 2, "589亿元")
    assert (column(lists.targets.list, 1)[0], column(lists.targets.list, 2)[0]) == ("60", "589.00")
    type_over(qtbot, window, lists.targets.list, 0, 1, "")
    assert column(lists.targets.list, 1)[0] == "上年 1"
    lists._turn(1)
    at_rest(qtbot, window)
    assert column(lists.targets.list, 2)[0].startswith("上年")


def test_that_a_unit_and_a_leader_can_be_added_and_a_unit_given_another_kind(
    qtbot: QtBot, window: Window, answers: Answers, lists: ListsPage
) -> None:
    answers.words += ["区财政局", "郑晓燕"]
    lists._add_unit()
    lists._add_leader()
    at_rest(qtbot, window)
    assert column(lists.units.list, 1)[-1] == "区财政局"
    assert column(lists.leaders.list, 1)[-1] == "郑晓燕"
    lists.units.list.picked.emit(0, 4)
    from desktop.kit.lists import Picker

    picker = lists.findChild(Picker)
    assert picker is not None
    picker.chosen.emit("park")
    picker.close()
    at_rest(qtbot, window)
    assert column(lists.units.list, 4)[0] == "园区"


def test_that_a_file_of_leaders_is_proposed_and_only_what_is_ticked_is_taken(
    qtbot: QtBot, window: Window, answers: Answers, lists: ListsPage, tmp_path: Path
) -> None:
    path = tmp_path / "区领导分工表.csv"
    path.write_text("姓名,职务,任职时间\n罗倩,副区长,2022-03-01\n孙一鸣,区政协副主席,2021-09-01\n", encoding="utf-8")
    answers.files.append(path)
    next(one for one in lists.findChildren(QPushButton) if one.text() == "从文件提取…").click()
    at_rest(qtbot, window)
    shown = lists.proposals.list
    assert shown.hasFocus()
    said = [tuple(str(shown.rows.index(row, at).data()) for at in (2, 4, 5)) for row in range(shown.rows.rowCount())]
    assert said == [
        ("罗倩", "副区长，2022-03-01 起任职", "区领导分工表.csv · 区领导分工表 · A2"),
        ("孙一鸣", "新领导，区政协副主席，2021-09-01 起任职", "区领导分工表.csv · 区领导分工表 · A3"),
    ]
    shown.selectRow(1)
    press(shown, Qt.Key.Key_Space)
    assert lists.proposals.take_button.text() == "采用 1 项"
    lists.proposals.take_button.click()
    at_rest(qtbot, window)
    assert (lists.units.list.hasFocus(), shown.isVisible()) == (True, False)
    assert (column(lists.leaders.list, 2), "孙一鸣" in column(lists.leaders.list, 1)) == (["—", "副区长"], False)
    window.undoing.undo()
    at_rest(qtbot, window)
    assert column(lists.leaders.list, 2) == ["—", "—"]
