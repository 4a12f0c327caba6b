"""A person at the keyboard: every key goes where the keyboard is, through the window's own queue of events."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from PySide6.QtCore import QKeyCombination
from PySide6.QtGui import QInputMethodEvent, QKeySequence, QWindow
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget
from pytestqt.qtbot import QtBot

from desktop.shell.window import Window
from tests.desktop.conftest import at_rest

MOST_TABS = 40


class Hands:
    """Keys by name, Chinese through the input method, and waiting as a person waits."""

    def __init__(self, qtbot: QtBot, window: Window) -> None:
        self.qtbot, self.window = qtbot, window
        self.rest()

    @property
    def at(self) -> QWidget:
        """The part that has the keyboard."""
        popup = QApplication.activePopupWidget()
        if popup is None and QApplication.activeWindow() is None:
            self.window.activateWindow()  # as the desktop does when a small window is gone
            QApplication.processEvents()
        inside = cast("QWidget | None", popup.focusWidget()) if popup is not None else QApplication.focusWidget()
        found = inside if inside is not None else popup
        assert found is not None, "the keyboard is nowhere"
        return found

    def _handle(self) -> QWindow:
        handle = self.at.window().windowHandle()
        assert handle is not None
        return handle

    def _click(self, shortcut: str) -> None:
        keys: QKeyCombination = QKeySequence(shortcut)[0]  # type: ignore[index]
        QTest.keyClick(self._handle(), keys.key(), keys.keyboardModifiers())

    def rest(self) -> None:
        """Wait until nothing is under way."""
        at_rest(self.qtbot, self.window)

    def press(self, shortcut: str) -> None:
        """A key by its name ("Ctrl+K", "Down"), then wait until the window rests."""
        self.keys(shortcut)
        self.rest()

    def keys(self, *shortcuts: str) -> None:
        """Several keys, one right after the other."""
        for shortcut in shortcuts:
            self._click(shortcut)
            QApplication.processEvents()

    def write(self, text: str) -> None:
        """Letters key by key, anything else as an input method commits it."""
        if text.isascii():
            for char in text:
                QTest.keyClick(self._handle(), ord(char))
        else:
            event = QInputMethodEvent()
            event.setCommitString(text)
            QApplication.sendEvent(self.at, event)
        self.rest()

    def tab_to(self, wanted: QWidget | Callable[[QWidget], bool], *, back: bool = False) -> None:
        """Tab until the keyboard is at a part, or at one for which a question is true."""
        seen: list[str] = []
        for _count in range(MOST_TABS):
            here = self.at
            if here is wanted or (not isinstance(wanted, QWidget) and wanted(here)):
                return
            seen.append(f"{type(here).__name__} {said(here) or here.accessibleName()}")
            self._click("Shift+Tab" if back else "Tab")
        raise AssertionError(f"not reached by Tab: {seen}")


def said(widget: QWidget) -> str:
    """What a button says."""
    return widget.text() if isinstance(widget, QAbstractButton) else ""
