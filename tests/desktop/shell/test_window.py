"""The window from the first page to the last Ctrl+Z."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QFrame, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from desktop.kit import actions
from desktop.kit.parts import Tag
from desktop.kit.preferences import account_name
from desktop.projects.page import ProjectsPage
from desktop.sheets.page import ImportPage
from desktop.shell.manual import HELP, ManualWindow
from desktop.shell.window import Window
from tests.desktop.conftest import Answers, at_rest, drop, page_of, press
from tests.desktop.ledgers import three_projects
from tests.ending import python

ROOT = Path(__file__).resolve().parents[3]


def test_that_the_first_way_is_the_ledger_and_alt_2_opens_the_demonstration(qtbot: QtBot, window: Window) -> None:
    assert window.welcome.chosen == 0
    assert window.welcome.cards[0].buttons[0].text() == "选择文件…"
    press(window.welcome, Qt.Key.Key_2, Qt.KeyboardModifier.AltModifier)
    at_rest(qtbot, window)
    page = page_of(window)
    assert isinstance(page, ProjectsPage)
    assert page.model.rowCount() > 100
    assert "演示区" in window.windowTitle()


def test_that_a_ledger_dropped_on_the_first_page_makes_a_book_and_shows_its_plan(
    qtbot: QtBot, window: Window, answers: Answers, tmp_path: Path
) -> None:
    answers.files.append(tmp_path / "新账.zsb")
    drop(window, three_projects(tmp_path / "台账.xlsx"))
    at_rest(qtbot, window)
    page = page_of(window)
    assert isinstance(page, ImportPage)
    assert page.plan is not None
    assert (page.plan.new_count, page.import_button.text()) == (3, "导入 3 行")
    assert (tmp_path / "新账.zsb").exists()


def test_that_an_import_is_one_operation_that_ctrl_z_takes_back_and_ctrl_y_brings_again(
    qtbot: QtBot, empty: Window, tmp_path: Path
) -> None:
    drop(empty, three_projects(tmp_path / "台账.xlsx"))
    at_rest(qtbot, empty)
    page = page_of(empty)
    assert isinstance(page, ImportPage)
    page.import_button.click()
    at_rest(qtbot, empty)
    ledger = page_of(empty)
    assert isinstance(ledger, ProjectsPage)
    assert ledger.model.rowCount() == 3
    press(empty, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    at_rest(qtbot, empty)
    assert ledger.model.rowCount() == 0
    press(empty, Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
    at_rest(qtbot, empty)
    assert ledger.model.rowCount() == 3
    assert "台账.xlsx" in ledger.footer.right.toolTip() + ledger.footer.right.text()


GARBAGE: dict[str, bytes] = {
    "empty.xlsx": b"",
    "noise.xls": bytes(range(256)) * 40,
    "cut.xlsx": b"PK\x03\x04" + b"\0" * 500,
    "web.xls": b"<html><body><table><tr><td>1</td></tr></table></body></html>",
    "old.xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\xff" * 2000,
    "picture.png": b"\x89PNG\r\n\x1a\n" + b"\0" * 100,
    "broken.zsb": b"SQLite format 3\x00" + b"\xff" * 4000,
}


@pytest.mark.parametrize("name", GARBAGE)
def test_that_the_window_survives_any_file_and_the_book_stays_as_it_is(
    qtbot: QtBot, demo: Window, tmp_path: Path, name: str
) -> None:
    path = tmp_path / name
    path.write_bytes(GARBAGE[name])
    drop(demo, path)
    at_rest(qtbot, demo)
    said = " ".join(texts_of(demo))
    assert name in said or "账本" in said
    demo.go("projects")
    at_rest(qtbot, demo)
    page = page_of(demo)
    assert isinstance(page, ProjectsPage)
    assert page.model.rowCount() > 100


def test_that_a_folder_dropped_on_the_window_is_refused_in_words(qtbot: QtBot, demo: Window, tmp_path: Path) -> None:
    folder = tmp_path / "台账"
    folder.mkdir()
    drop(demo, folder)
    at_rest(qtbot, demo)
    assert any("台账" in text for text in texts_of(page_of(demo)))


def test_that_a_book_that_is_none_is_explained_under_its_card(qtbot: QtBot, window: Window, tmp_path: Path) -> None:
    path = tmp_path / "不是账本.zsb"
    path.write_text("你好", encoding="utf-8")
    window.open_book(str(path))
    at_rest(qtbot, window)
    assert "不是账本.zsb" in window.welcome.cards[2].problem.text()
    assert window.page is None


def test_that_closing_while_an_import_runs_leaves_no_thread_and_no_half_written_book(
    qtbot: QtBot, empty: Window, tmp_path: Path
) -> None:
    from db.core.book import Book

    drop(empty, three_projects(tmp_path / "台账.xlsx"))
    at_rest(qtbot, empty)
    page = page_of(empty)
    assert isinstance(page, ImportPage)
    page.import_button.click()
    empty.close()
    assert empty.jobs.let_go
    with Book.open(tmp_path / "新账.zsb") as book:
        assert len(book.operations()) in (0, 1)


def test_that_what_another_window_holds_is_said_with_its_holder(
    qtbot: QtBot, demo: Window, new_window: Callable[..., Window], tmp_path: Path
) -> None:
    second = new_window()
    second.open_book(str(tmp_path / "庐阳区.zsb"))
    at_rest(qtbot, second)
    assert "正在" in second.welcome.cards[2].problem.text()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_that_no_word_of_the_other_language_is_left(
    qtbot: QtBot, new_window: Callable[..., Window], tmp_path: Path, answers: Answers, lang: str
) -> None:
    window = new_window(lang)
    wrong = wrong_language(window, lang)
    answers.files.append(tmp_path / "book.zsb")
    window.welcome.new_book.emit()
    at_rest(qtbot, window)
    for page in ("projects", "overview", "history", "settings", "import"):
        window.go(page)
        at_rest(qtbot, window)
        wrong += wrong_language(window, lang)
    window.go("projects")
    at_rest(qtbot, window)
    projects = page_of(window)
    assert isinstance(projects, ProjectsPage)
    projects.new_project()
    at_rest(qtbot, window)
    wrong += wrong_language(window, lang)
    assert sorted(set(wrong)) == []


def test_that_the_language_changes_at_once_and_keeps_the_page(qtbot: QtBot, demo: Window) -> None:
    demo.go("settings")
    demo.change_language("en")
    at_rest(qtbot, demo)
    assert page_of(demo).heading.text() == "Settings"
    demo.change_theme("dark")
    at_rest(qtbot, demo)
    assert page_of(demo).heading.text() == "Settings"


def test_that_a_new_name_is_the_actor_of_what_follows(qtbot: QtBot, empty: Window, tmp_path: Path) -> None:
    from db.core.book import Book

    empty.change_name("高翔")
    drop(empty, three_projects(tmp_path / "台账.xlsx"))
    at_rest(qtbot, empty)
    page = page_of(empty)
    assert isinstance(page, ImportPage)
    page.import_button.click()
    at_rest(qtbot, empty)
    empty.close()
    with Book.open(tmp_path / "新账.zsb") as book:
        assert [one.actor for one in book.operations()] == ["高翔"]


def test_that_f1_opens_the_manual_at_the_page_one_is_on(qtbot: QtBot, demo: Window) -> None:
    demo.show_manual()
    manual = demo.findChild(ManualWindow)
    assert isinstance(manual, ManualWindow)
    assert manual.browser.source().toLocalFile() == str(HELP / "zh" / "projects.md")
    manual.close()


def test_that_no_key_means_two_things_on_a_page() -> None:
    pages = {one.page for one in actions.ACTIONS}
    for page in pages:
        keys = [one.shortcut for one in actions.of_page(page)]
        assert len(keys) == len(set(keys)), page


def test_that_the_window_comes_up_before_the_database_is_loaded() -> None:
    """Importing SQLAlchemy takes longer than the whole window."""
    code = (
        "import sys\nfrom desktop.app import make_window\nwindow = make_window()\nwindow.show()\n"
        "print([name for name in ('sqlalchemy', 'openpyxl', 'reportlab', 'pypdfium2') if name in sys.modules])\n"
        "window.close()\n"
    )
    done = python("-c", code, cwd=ROOT)
    assert done.stdout.strip() == "[]"


def texts_of(widget: QWidget) -> list[str]:
    """Everything that a part of the window says."""
    found = [one.text() for one in widget.findChildren(QLabel) if one.isVisible()]
    found += [one.text() for one in widget.findChildren(QAbstractButton) if one.isVisible()]
    found += [one.placeholderText() for one in widget.findChildren(QLineEdit) if one.isVisible()]
    found += [one.text for one in widget.findChildren(Tag) if one.isVisible()]
    found += [one.toolTip() for one in widget.findChildren(QWidget) if one.isVisible()]
    for one in widget.findChildren(QFrame):  # the welcome page paints what it says
        found += [one.accessibleName(), one.accessibleDescription()] if one.isVisible() else []
    return [text for text in found if text]


ALLOWED = {
    account_name(),
    "简体中文",
    "English",
    "测试员",
    "book",
    "Excel",
    "Word",
    "PDF",
    "Ctrl",
    "Alt",
    "Enter",
    "Esc",
    "Z",
    "F",
}


def wrong_language(window: Window, lang: str) -> list[str]:
    """Texts with words of the other language; names of files, keys and formats are both."""
    wrong = []
    for text in texts_of(window):
        rest = text
        for word in ALLOWED:
            rest = rest.replace(word, "")
        other = r"[\u4e00-\u9fff]" if lang == "en" else r"[A-Za-z]{4,}"
        if re.search(other, re.sub(r"\.\w+|[\w.]+\.(?:zsb|md)", "", rest)):
            wrong.append(text)
    return wrong


def test_that_the_offices_book_on_a_server_opens_like_a_file(
    qtbot: QtBot, new_window: Callable[..., Window], postgres_url: str
) -> None:
    import db.rooms  # noqa: F401
    from db.core.book import Book

    Book.create(postgres_url, actor="测试员").close()
    window = new_window()
    window.open_book(postgres_url)
    at_rest(qtbot, window)
    assert page_of(window).heading.text() == "项目"
    password = postgres_url.partition("://")[2].partition("@")[0].partition(":")[2]
    assert not password or password not in str(window.preferences.recent)


def test_that_no_page_shows_a_window_by_the_way_that_takes_the_keyboard(qtbot: QtBot, demo: Window) -> None:
    demo.activateWindow()
    for name in ("overview", "lists", "history", "settings", "reconcile", "projects"):
        demo.go(name)
        at_rest(qtbot, demo)
        assert QApplication.activeWindow() is demo, name


@pytest.mark.parametrize("size", [(683, 384), (900, 700)])
def test_that_the_first_page_folds_and_scrolls_where_there_is_little_room(
    window: Window, size: tuple[int, int]
) -> None:
    window.resize(*size)
    QApplication.processEvents()
    assert window.welcome.promises.isHidden()
    for _step in range(4):
        press(window.welcome, Qt.Key.Key_Right)
        card = window.welcome.cards[window.welcome.chosen]
        seen = card.visibleRegion().boundingRect()
        assert seen.size() == card.size()
        assert all(card.rect().contains(one.geometry()) for one in card.buttons)
    window.resize(1366, 768)
    QApplication.processEvents()
    assert window.welcome.promises.isVisible()
