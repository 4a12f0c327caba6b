"""Ctrl+K over a real window: typing, the input method, keys, what is opened and what is filtered."""

from __future__ import annotations

import threading

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from db.core.book import Book
from db.core.progress import Progress
from db.core.text import _
from db.projects.service import add_projects
from desktop.projects.page import ProjectsPage
from desktop.shell.palette import Palette
from desktop.shell.window import Window
from tests.desktop.conftest import at_rest, page_of, press

CONTROL = Qt.KeyboardModifier.ControlModifier


def opened(qtbot: QtBot, window: Window) -> Palette:
    """The palette, by its key."""
    press(window, Qt.Key.Key_K, CONTROL)
    at_rest(qtbot, window)
    palette = window.findChild(Palette)
    assert palette is not None
    return palette


def ledger_page(window: Window) -> ProjectsPage:
    """The page of the projects, which is shown."""
    page = page_of(window)
    assert isinstance(page, ProjectsPage)
    return page


def rows_shown(window: Window) -> int:
    """How many projects the ledger shows."""
    found = ledger_page(window).ledger.found
    assert found is not None
    return len(found.outline.ids)


def type_in(qtbot: QtBot, window: Window, palette: Palette, text: str) -> None:
    """Latin letters by keys, anything else as an input method commits it."""
    if text.isascii():
        QTest.keyClicks(palette.field, text)
    else:
        event = QInputMethodEvent()
        event.setCommitString(text)
        QApplication.sendEvent(palette.field, event)
    at_rest(qtbot, window)


def shown(palette: Palette) -> list[str]:
    """The titles of the hits."""
    return [item.offer.title for item in palette.list.found.items if item.offer is not None]


def kinds(palette: Palette) -> list[str]:
    """The sections in their order."""
    return [item.section.key for item in palette.list.found.items if item.offer is None]


def test_that_initials_find_projects_and_the_matched_characters_are_marked(qtbot: QtBot, demo: Window) -> None:
    palette = opened(qtbot, demo)
    type_in(qtbot, demo, palette, "jwjg")
    item = palette.list.item
    assert item is not None
    assert item.offer is not None
    assert (item.offer.title[:4], item.offer.spans) == ("精微激光", ((0, 4),))
    assert palette.count.text().startswith("首字母 · ")
    assert "亿元" in str(palette.list.currentIndex().data())


def test_that_chinese_from_the_input_method_is_searched_once_it_is_there(qtbot: QtBot, demo: Window) -> None:
    palette = opened(qtbot, demo)
    composing = QInputMethodEvent("jing", [])
    QApplication.sendEvent(palette.field, composing)
    at_rest(qtbot, demo)
    assert palette.count.text() == ""
    type_in(qtbot, demo, palette, "精微")
    assert all("精微" in title for title in shown(palette)[:5])


def test_that_enter_opens_the_project_in_the_pane(qtbot: QtBot, demo: Window) -> None:
    demo.go("overview")
    at_rest(qtbot, demo)
    palette = opened(qtbot, demo)
    type_in(qtbot, demo, palette, "jwjg")
    title = shown(palette)[0]
    press(palette.field, Qt.Key.Key_Return)
    at_rest(qtbot, demo)
    assert demo.showing == "projects"
    assert ledger_page(demo).pane.isVisible()
    record = ledger_page(demo).pane.record
    assert record is not None
    assert record["name"] == title


def test_that_control_enter_shows_all_hits_in_the_table(qtbot: QtBot, demo: Window) -> None:
    palette = opened(qtbot, demo)
    type_in(qtbot, demo, palette, "jw")
    assert palette.list.item is not None
    total = palette.list.item.section.total
    press(palette.field, Qt.Key.Key_Return, CONTROL)
    at_rest(qtbot, demo)
    assert rows_shown(demo) == total > 5


def test_that_a_company_and_an_issue_open_in_their_own_ledgers(qtbot: QtBot, demo: Window) -> None:
    for typed, key, page in (("江淮", "company", "companies"), ("技能工人招聘", "issue", "forum")):
        palette = opened(qtbot, demo)
        type_in(qtbot, demo, palette, typed)
        found = palette.list.found.items
        row = next(at for at, item in enumerate(found) if item.offer and item.offer.key == key)
        offer = found[row].offer
        assert offer is not None
        palette.list.setCurrentIndex(palette.list.found.index(row, 0))
        press(palette.field, Qt.Key.Key_Return)
        at_rest(qtbot, demo)
        assert demo.showing == page
        view = page_of(demo).ledger_view()
        assert view is not None
        assert view.pane.number == offer.record
        assert view.pane.isVisible()


def test_that_an_empty_field_offers_what_changed_last_and_the_commands_of_the_page(qtbot: QtBot, demo: Window) -> None:
    palette = opened(qtbot, demo)
    assert kinds(palette) == ["project", "command"]
    assert shown(palette)[5:] == ["新建项目", *shown(palette)[6:]]
    assert len(shown(palette)) == 10


def test_that_commands_pages_views_and_settings_are_found_and_done(qtbot: QtBot, demo: Window) -> None:
    for typed, kind in (("lishi", "page"), ("qbxm", "view"), ("xjxm", "command"), ("外观：深色", "setting")):
        palette = opened(qtbot, demo)
        type_in(qtbot, demo, palette, typed)
        found = {item.section.key for item in palette.list.found.items}
        assert kind in found, typed
        palette.leave()
    palette = opened(qtbot, demo)
    type_in(qtbot, demo, palette, "lishi")
    press(palette.field, Qt.Key.Key_Return)
    at_rest(qtbot, demo)
    assert demo.showing == "history"


def test_that_a_command_of_another_page_goes_there_first(qtbot: QtBot, demo: Window) -> None:
    demo.go("history")
    at_rest(qtbot, demo)
    palette = opened(qtbot, demo)
    type_in(qtbot, demo, palette, "新建项目")
    press(palette.field, Qt.Key.Key_Return)
    at_rest(qtbot, demo)
    assert demo.showing == "projects"
    assert ledger_page(demo).pane.form is not None


def test_that_what_cannot_be_done_now_says_why_and_stays(qtbot: QtBot, demo: Window) -> None:
    palette = opened(qtbot, demo)
    type_in(qtbot, demo, palette, "撤销")
    item = palette.list.item
    assert item is not None
    assert item.offer is not None
    assert item.offer.why == "没有可撤销的操作。"
    press(palette.field, Qt.Key.Key_Return)
    assert not palette.isHidden()


def test_that_tab_shows_one_section_alone_and_backspace_all_again(qtbot: QtBot, demo: Window) -> None:
    palette = opened(qtbot, demo)
    type_in(qtbot, demo, palette, "jw")
    assert len(kinds(palette)) > 1
    press(palette.field, Qt.Key.Key_Tab)
    at_rest(qtbot, demo)
    assert kinds(palette) == ["project"]
    assert len(shown(palette)) > 5
    press(palette.field, Qt.Key.Key_Tab)
    at_rest(qtbot, demo)
    assert len(kinds(palette)) > 1


def _add_another(book: Book, progress: Progress) -> None:
    with book.write(_("Projects")) as connection:
        add_projects(connection, [{"name": "精微激光新项目"}])


def test_that_the_choice_stays_while_nothing_is_typed(qtbot: QtBot, demo: Window) -> None:
    palette = opened(qtbot, demo)
    type_in(qtbot, demo, palette, "jw")
    for _step in range(3):
        press(palette.field, Qt.Key.Key_Down)
    before, chosen = shown(palette), palette.list.currentIndex().row()
    demo.jobs.ask(demo, _add_another, lambda _nothing: None)
    at_rest(qtbot, demo)
    assert (shown(palette), palette.list.currentIndex().row()) == (before, chosen)
    press(palette.field, Qt.Key.Key_Up)
    assert palette.list.currentIndex().row() == chosen - 1


@pytest.mark.parametrize("way", ["escape", "key", "click"])
def test_that_it_closes_and_gives_the_keyboard_back(qtbot: QtBot, demo: Window, way: str) -> None:
    ledger_page(demo).table.setFocus()
    before = demo.focusWidget()
    palette = opened(qtbot, demo)
    assert demo.focusWidget() is palette.field
    if way == "escape":
        press(palette.field, Qt.Key.Key_Escape)
    elif way == "key":
        press(demo, Qt.Key.Key_K, CONTROL)
    else:
        QTest.mouseClick(palette, Qt.MouseButton.LeftButton, pos=palette.rect().bottomLeft())
    assert palette.isHidden()
    assert demo.focusWidget() is before


def test_that_the_box_in_the_top_bar_opens_it_and_nothing_found_is_said(qtbot: QtBot, demo: Window) -> None:
    page_of(demo).finder.click()
    at_rest(qtbot, demo)
    palette = demo.findChild(Palette)
    assert palette is not None
    type_in(qtbot, demo, palette, "qqqqqq")
    assert palette.nothing.text() == "没有找到“qqqqqq”。"
    assert palette.list.isHidden()


def test_that_the_palette_answers_while_an_import_writes(qtbot: QtBot, demo: Window) -> None:
    begun, may_end = threading.Event(), threading.Event()

    def write(book: Book, progress: Progress) -> None:
        with book.write(_("Import")) as connection:
            add_projects(connection, [{"name": "尚未写完的项目", "stage": "lead"}])
            begun.set()
            may_end.wait(30)

    demo.jobs.ask(demo, write, lambda _nothing: None)
    assert begun.wait(30)
    try:
        press(demo, Qt.Key.Key_K, CONTROL)
        palette = demo.findChild(Palette)
        assert palette is not None
        QTest.keyClicks(palette.field, "dayang")
        qtbot.waitUntil(lambda: "大杨镇" in shown(palette), timeout=20_000)
    finally:
        may_end.set()
    at_rest(qtbot, demo)


def test_that_what_the_window_offers_is_there_before_a_slow_book_has_answered(qtbot: QtBot, demo: Window) -> None:
    palette = opened(qtbot, demo)
    may_end = threading.Event()
    demo.jobs.in_pool(demo, lambda _progress: may_end.wait(30), lambda _nothing: None)
    demo.jobs.in_pool(demo, lambda _progress: may_end.wait(30), lambda _nothing: None)
    demo.jobs.ask(demo, lambda _book, _progress: may_end.wait(30), lambda _nothing: None)
    try:
        QTest.keyClicks(palette.field, "lishi")
        qtbot.waitUntil(lambda: "历史" in shown(palette), timeout=20_000)
        assert palette.count.text() == "正在查找…"
    finally:
        may_end.set()
    at_rest(qtbot, demo)
    assert palette.count.text() != "正在查找…"
