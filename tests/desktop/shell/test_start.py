"""Coming up: what is seen before a book is open, and what a start does not load."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFrame, QLabel
from pytestqt.qtbot import QtBot

from db.core.book import Book
from db.core.paths import user_folder
from db.core.text import _
from db.projects.service import add_projects
from desktop.app import make_window
from desktop.kit.preferences import Preferences
from desktop.projects.page import ProjectsPage
from desktop.shell.window import Window
from tests.desktop.conftest import TODAY, Answers, at_rest, page_of
from tests.ending import python

ROOT = Path(__file__).resolve().parents[3]
Coming = Callable[..., Window]


@pytest.fixture
def coming(answers: Answers, open_windows: list[Window], new_window: object) -> Iterator[Coming]:
    """Makes windows as the program does that go on with a book; the book is not asked for yet."""

    def make(book: Path, lang: str = "zh") -> Window:
        chosen = Preferences(language=lang, theme="light", actor="测试员")
        window = make_window(chosen, answers, today=TODAY, coming=str(book))
        window.resize(1366, 768)
        window.show()
        open_windows.append(window)
        window.begin()
        return window

    yield make
    for one in user_folder("cache").glob("sight-*"):
        one.unlink()


@pytest.fixture
def book(demonstration: Path, tmp_path: Path) -> Path:
    """A copy of the demonstration."""
    return Path(shutil.copy(demonstration, tmp_path / "庐阳区.zsb"))


def shown(window: Window) -> list[list[str]]:
    """The texts of the first rows of the ledger."""
    page = page_of(window)
    assert isinstance(page, ProjectsPage)
    model = page.model
    across = range(model.columnCount())
    return [[str(model.index(row, at).data()) for at in across] for row in range(min(30, model.rowCount()))]


def said_below(window: Window) -> str:
    """The footer's words."""
    return " ".join(one.text() for one in page_of(window).footer.findChildren(QLabel))


def leave(qtbot: QtBot, window: Window) -> list[list[str]]:
    """Wait for the rows of a window and close it."""
    at_rest(qtbot, window)
    rows = shown(window)
    window.close()
    return rows


def test_that_the_ledger_stands_before_its_book_is_open_and_no_welcome_page_is_made(
    qtbot: QtBot, coming: Coming, book: Path
) -> None:
    window = coming(book)
    page = page_of(window)
    assert isinstance(page, ProjectsPage)
    assert shown(window) == []
    assert "庐阳区" in window.windowTitle()
    assert window._welcome is None  # asking for `welcome` would make it
    at_rest(qtbot, window)
    assert window.page is page
    assert len(shown(window)) == 30
    assert window.preferences.recent[0]["target"] == str(book)


def test_that_a_book_comes_up_with_the_rows_it_was_left_with_until_the_real_ones_are_there(
    qtbot: QtBot, coming: Coming, book: Path
) -> None:
    left = leave(qtbot, coming(book))
    window = coming(book)
    page = page_of(window)
    assert isinstance(page, ProjectsPage)
    assert not window.jobs.busy
    assert shown(window) == left
    assert "共" in said_below(window)
    page.table.horizontalHeader().sectionClicked.emit(0)  # a click that can mean nothing yet
    at_rest(qtbot, window)
    assert shown(window) == left
    page.table.horizontalHeader().sectionClicked.emit(0)
    at_rest(qtbot, window)
    assert shown(window) != left


def test_that_rows_of_an_earlier_operation_are_never_shown(qtbot: QtBot, coming: Coming, book: Path) -> None:
    leave(qtbot, coming(book))
    with Book.open(book, actor="同事") as opened, opened.write(_("New project")) as connection:
        add_projects(connection, [{"name": "此后新增的项目"}])
    assert shown(coming(book)) == []


def test_that_another_book_in_the_same_place_is_not_taken_for_the_one_that_was_left(
    qtbot: QtBot, coming: Coming, book: Path
) -> None:
    leave(qtbot, coming(book))
    book.unlink()
    Book.create(book, actor="同事").close()
    assert shown(coming(book)) == []


def test_that_what_was_read_in_another_language_is_not_shown(qtbot: QtBot, coming: Coming, book: Path) -> None:
    leave(qtbot, coming(book))
    assert shown(coming(book, "en")) == []


@pytest.mark.parametrize("stored", ["", "[]", "{", "[1, 2, 3]", '[["0"], [1], []]'])
def test_that_a_damaged_memory_is_no_memory(qtbot: QtBot, coming: Coming, book: Path, stored: str) -> None:
    leave(qtbot, coming(book))
    remembered = list(user_folder("cache").glob("sight-*.json"))
    for one in remembered:
        one.write_text(stored, encoding="utf-8")
    assert remembered
    assert shown(coming(book)) == []


def test_that_only_the_person_may_read_what_is_remembered_and_few_books_are(
    qtbot: QtBot, coming: Coming, book: Path
) -> None:
    for number in range(8):
        (user_folder("cache") / f"sight-{number}.json").write_text("", encoding="utf-8")
    leave(qtbot, coming(book))
    kept = list(user_folder("cache").glob("sight-*"))
    assert len(kept) == 6
    assert sorted(one.stat().st_mode & 0o777 for one in kept if one.stat().st_size) == [0o600]


def test_that_a_book_that_is_gone_ends_on_the_welcome_page_with_the_reason(
    qtbot: QtBot, coming: Coming, book: Path
) -> None:
    leave(qtbot, coming(book))
    book.rename(book.with_name("搬走.zsb"))
    window = coming(book)
    at_rest(qtbot, window)
    assert window.page is None
    assert window.welcome.isVisible()
    assert "庐阳区.zsb" in window.welcome.cards[2].problem.text()
    window.open_book(str(book.with_name("搬走.zsb")))
    at_rest(qtbot, window)
    assert len(shown(window)) == 30


def test_that_a_page_chosen_while_the_book_still_opens_stays(qtbot: QtBot, coming: Coming, book: Path) -> None:
    window = coming(book)
    qtbot.waitUntil(lambda: window.jobs.busy)
    window.go("history")
    at_rest(qtbot, window)
    assert window.page is not None
    assert window.page.title.key == "History"


def test_that_closing_while_the_book_opens_leaves_nothing_behind(coming: Coming, book: Path, qtbot: QtBot) -> None:
    window = coming(book)
    qtbot.waitUntil(lambda: window.jobs.busy)
    window.close()
    assert window.jobs.let_go


def test_that_a_screen_reader_is_told_what_the_welcome_page_paints(qtbot: QtBot, window: Window) -> None:
    card = window.welcome.cards[1]
    assert card.accessibleName() == "打开演示区"
    assert "约几秒，不联网" in card.accessibleDescription()
    assert "Alt 2" in card.accessibleDescription()
    (side,) = [one for one in window.welcome.findChildren(QFrame) if one.accessibleName() == "招商一本账"]
    assert "改过的都记得" in side.accessibleDescription()


def test_that_a_card_makes_room_for_its_problem_and_takes_it_back(qtbot: QtBot, window: Window) -> None:
    card = window.welcome.cards[1]
    before = card.height()
    window.welcome.complain(1, "这个文件不是账本。")
    qtbot.waitUntil(lambda: card.height() > before)
    assert card.problem.geometry().top() > card.buttons[0].geometry().bottom()
    assert card.rect().contains(card.problem.geometry())
    window.welcome.complain(-1, "")
    qtbot.waitUntil(lambda: card.height() == before)
    assert not card.problem.isVisible()


def test_that_the_welcome_page_needs_neither_qts_namespace_nor_the_engine() -> None:
    lines = (
        "import sys, os",
        "import PySide6.QtCore, PySide6.QtGui, PySide6.QtWidgets",
        "from desktop.app import make_window",
        "from desktop.kit.preferences import Preferences",
        "from PySide6.QtWidgets import QApplication",
        "window = make_window(Preferences())",
        "window.show()",
        "[QApplication.processEvents() for _turn in range(5)]",
        "made = {*vars(PySide6.QtCore), *vars(PySide6.QtGui), *vars(PySide6.QtWidgets), *sys.modules}",
        "unwanted = {'Qt', 'QStyle', 'QKeySequence', 'QGradient', 'sqlalchemy', 'babel', 'sqlite3'}",
        "print(*sorted(made & {*unwanted, 'QPushButton'}), flush=True)",
        "os._exit(0)",
    )
    told = python("-c", "\n".join(lines), cwd=ROOT)
    assert told.stdout.split() == ["QPushButton"]
