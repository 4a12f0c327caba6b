"""The application: font, language, look, one window."""

from __future__ import annotations

import datetime as dt
import sys

from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication, QIcon
from PySide6.QtWidgets import QApplication

from desktop.kit import icons, preferences, theme, words
from desktop.kit.dialogs import Dialogs
from desktop.shell.window import Window


def application() -> QApplication:
    """The one QApplication of this process, made if there is none yet."""
    known = QApplication.instance()
    if isinstance(known, QApplication):
        return known
    app = QApplication(sys.argv[:1])
    app.setApplicationName("zhaoshang")
    QGuiApplication.setDesktopFileName("zhaoshang")
    return app


def make_window(
    chosen: preferences.Preferences | None = None, dialogs: Dialogs | None = None, *, today: dt.date | None = None
) -> Window:
    """A dressed window, without a book yet."""
    app = application()
    chosen = chosen or preferences.load()
    words.speak(chosen.language)
    theme.apply(app, chosen.theme)
    app.setWindowIcon(QIcon(icons.pixmap("app", "", 64)))
    return Window(chosen, dialogs, today=today)


def run(book: str | None = None) -> int:
    """Open the window: on `book`, else on the last one, else on the welcome page."""
    window = make_window()
    window.show()
    last = window.preferences.recent[0]["target"] if window.preferences.recent else None
    target = book or last
    if target is not None:
        QTimer.singleShot(0, window, lambda: window.open_book(target))
    return application().exec()
