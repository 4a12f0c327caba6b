"""Operations searched by words, person, room and days; a slider that opens the book as it was."""

from __future__ import annotations

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from db.core.book import Book
from db.core.progress import Progress
from db.core.text import Text
from db.people.service import add_unit
from desktop.shell.history import HistoryPage
from desktop.shell.window import Window
from tests.desktop.conftest import at_rest, press
from tests.desktop.shell.test_history import history_of


def numbers(page: HistoryPage) -> list[str]:
    """The operations that are listed."""
    rows = page.list.rows
    return [str(rows.index(row, 0).data()) for row in range(rows.rowCount())]


def add(book: Book, progress: Progress) -> None:
    """An operation of somebody else, on the units."""
    before, book.actor = book.actor, "周敏"
    with book.write(Text("Weekly tidying")) as connection:
        add_unit(connection, "清河街道", kind="street")
    book.actor = before


def test_that_operations_are_found_and_the_slider_opens_the_book_as_it_was(qtbot: QtBot, demo: Window) -> None:
    demo.jobs.ask(demo, add, lambda _done: None)
    at_rest(qtbot, demo)
    page = history_of(qtbot, demo)
    every, search = numbers(page), page.search
    search.words.setText("TIDYING weekly")
    at_rest(qtbot, demo)
    assert numbers(page) == every[:1]
    assert not search.clear_button.isHidden()
    search.clear()
    assert numbers(page) == every
    search.who.setCurrentIndex(search.who.findData("周敏"))
    assert numbers(page) == every[:1]
    search.room.setCurrentIndex(search.room.findData("forum"))
    at_rest(qtbot, demo)
    assert numbers(page) == []
    assert page._shown.currentIndex() == 1
    search.who.setCurrentIndex(0)
    at_rest(qtbot, demo)
    assert 0 < len(numbers(page)) < len(every)
    search.clear()
    search.until.put("2020-01-01")
    at_rest(qtbot, demo)
    assert numbers(page) == []
    search.until.put("2020-13-01")
    at_rest(qtbot, demo)
    assert numbers(page) == every
    slider = page.moments_bar.slider
    assert slider.value() == slider.maximum() == len(every) - 1
    press(slider, Qt.Key.Key_Left)
    assert page.moments_bar.operation is not None
    press(slider, Qt.Key.Key_Return)
    at_rest(qtbot, demo)
    assert demo.seen is not None
    assert str(demo.seen.number) == every[1]
    assert page.moments_bar.slider.value() == len(every) - 2
    press(slider, Qt.Key.Key_Right)
    press(slider, Qt.Key.Key_Return)
    at_rest(qtbot, demo)
    assert demo.seen is None
