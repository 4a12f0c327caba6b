"""A real window without a screen: real book, real worker, dialogs answered through their one door."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent, QMimeData, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from db.core.text import Text
from desktop.app import make_window
from desktop.kit.dialogs import Dialogs
from desktop.kit.page import Page
from desktop.kit.preferences import Preferences
from desktop.shell.window import Window

LONG = 60_000
SOON = 260  # milliseconds
TODAY = dt.date(2024, 7, 17)


class Answers(Dialogs):
    """What a person would answer, in order; each question is kept."""

    def __init__(self) -> None:
        self.files: list[Path | None] = []
        self.yes = True
        self.words: list[str | None] = []
        self.asked: list[tuple[str, list[str], list[str]]] = []

    def open_file(self, parent: QWidget, title: Text, kinds: str) -> Path | None:
        return self.files.pop(0)

    def open_files(self, parent: QWidget, title: Text) -> list[Path]:
        found, self.files = [one for one in self.files if one is not None], []
        return found

    def open_folder(self, parent: QWidget, title: Text) -> Path | None:
        return self.files.pop(0)

    def save_file(self, parent: QWidget, title: Text, proposed: str, kinds: str) -> Path | None:
        return self.files.pop(0)

    def confirm(
        self,
        parent: QWidget,
        title: Text,
        body: Sequence[Text],
        verb: Text,
        *,
        facts: Sequence[str] = (),
        grave: bool = False,
    ) -> bool:
        self.asked.append((title.render("zh"), [one.render("zh") for one in body], list(facts)))
        return self.yes

    def tell(self, parent: QWidget, title: Text, body: Sequence[Text], *, facts: Sequence[str] = ()) -> None:
        self.asked.append((title.render("zh"), [one.render("zh") for one in body], list(facts)))

    def ask_words(self, parent: QWidget, title: Text, body: Text, verb: Text, *, proposed: str = "") -> str | None:
        return self.words.pop(0)


@pytest.fixture
def answers() -> Answers:
    """The answers of this test's person."""
    return Answers()


@pytest.fixture
def open_windows() -> list[Window]:
    """The windows of this test."""
    return []


@pytest.fixture
def new_window(qtbot: QtBot, answers: Answers, open_windows: list[Window]) -> Iterator[Callable[..., Window]]:
    """Makes windows; each is closed afterwards and must leave no thread and no open book."""

    def make(lang: str = "zh", theme: str = "light") -> Window:
        chosen = Preferences(language=lang, theme=theme, actor="测试员")
        window = make_window(chosen, answers, today=TODAY)
        window.resize(1366, 768)
        window.show()
        open_windows.append(window)
        return window

    yield make
    for window in open_windows:
        window.close()
        assert window.jobs.let_go
        window.deleteLater()
    # At once: a style sheet is put on whatever is still alive, so each window would cost as much as two.
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def window(new_window: Callable[..., Window]) -> Window:
    """A window on its welcome page."""
    return new_window()


@pytest.fixture
def demo(qtbot: QtBot, window: Window, demonstration: Path, tmp_path: Path) -> Window:
    """A window on its own copy of the demonstration, with the ledger there."""
    copy = tmp_path / "庐阳区.zsb"
    shutil.copy(demonstration, copy)
    window.open_book(str(copy))
    at_rest(qtbot, window)
    return window


@pytest.fixture
def empty(qtbot: QtBot, window: Window, empty_file: Path, tmp_path: Path) -> Window:
    """A window on a new and empty book."""
    window.open_book(str(shutil.copyfile(empty_file, tmp_path / "新账.zsb")))
    at_rest(qtbot, window)
    return window


def at_rest(qtbot: QtBot, window: Window) -> None:
    """Wait until nothing is under way and nothing follows from it.

    What the window puts off for a moment (`SOON`) while somebody types or walks is done at once, the earliest first.
    """
    quiet = 0

    def rested() -> bool:
        nonlocal quiet
        if window.jobs.busy:
            quiet = 0
        elif (due := _put_off(window)) is not None:
            quiet = 0
            due.stop()
            due.timeout.emit()
        else:
            quiet += 1
        return quiet > 3

    qtbot.waitUntil(rested, timeout=LONG)


def _put_off(window: Window) -> QTimer | None:
    """The timer of our own that would go off next."""
    timers = [one for one in window.findChildren(QTimer) if shiboken6.createdByPython(one)]
    due = [one for one in timers if one.isSingleShot() and one.isActive() and one.interval() <= SOON]
    return min(due, key=QTimer.remainingTime, default=None)


def drop(window: Window, *paths: Path) -> None:
    """Drop files onto the window."""
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    event = QDropEvent(
        QPointF(600, 400), Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    window.dropEvent(event)


def press(widget: QWidget, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """Press a key on a widget."""
    QTest.keyClick(widget, key, modifier)


def page_of(window: Window) -> Page:
    """The page that is shown."""
    assert window.page is not None
    return window.page
