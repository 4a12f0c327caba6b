"""A quiet icon in the desk's tray, where it has one: what is due is said there once, and a click opens 今日.

Whatever the desk does with a message, 今日 has it all.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QApplication, QSystemTrayIcon

from db.overview.reminding import as_kept, counted, remind, reminded
from desktop.kit import icons, projector
from desktop.kit.preferences import without_password
from desktop.kit.words import tr

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from db.overview.due import Due
    from desktop.shell.window import Window


def tell(window: Window, due: Sequence[Due]) -> bool:
    """Say what is one's own and due by today, if anything is to be said; False where this desk is not reminded."""
    if not window.preferences.reminders or not QSystemTrayIcon.isSystemTrayAvailable():
        rest(window)
        return False
    (window.findChild(Tray) or Tray(window)).take(due)
    return True


def rest(window: QWidget) -> None:
    """No icon any more."""
    there = window.findChild(Tray)
    if there is not None:
        there.icon.hide()
        there.setParent(None)
        there.deleteLater()


class Tray(QObject):
    """Of a window; it stays while rail and pages are made anew."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self.reminded = reminded(window.preferences.reminded)
        self.icon = QSystemTrayIcon(icons.icon("app", "", 64), self)
        self.icon.activated.connect(self._clicked)
        self.icon.messageClicked.connect(self.open)
        QApplication.instance().aboutToQuit.connect(self.icon.hide)  # type: ignore[union-attr]
        self.icon.show()

    def take(self, due: Sequence[Due]) -> None:
        """Say what was not said before; nothing while the screen is projected."""
        self.icon.setToolTip(tr(counted(due)))
        if projector.on():
            return
        window = self._window
        today, now = window.real_today().isoformat(), dt.datetime.now(dt.UTC)
        book = without_password(window.target)
        said, self.reminded = remind(due, self.reminded, book=book, today=today, now=now)
        if said is not None:
            window.preferences.reminded = as_kept(self.reminded)
            window.preferences.save()
            self.icon.showMessage(tr(said.title), "\n".join(tr(line) for line in said.lines), self.icon.icon())

    def _clicked(self, how: QSystemTrayIcon.ActivationReason) -> None:
        if how != QSystemTrayIcon.ActivationReason.Context:
            self.open()

    def open(self) -> None:
        """The window with 今日; a question that waits for an answer stays before it."""
        window = self._window
        window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
        window.raise_()
        window.activateWindow()
        if QApplication.activeModalWidget() is None:
            window.go("today")
