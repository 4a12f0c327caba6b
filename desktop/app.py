"""The application: font, language, look, one window."""

# ruff: noqa: E402 - what is loaded here lives as long as the program: looking for garbage among it is a tenth of a start

from __future__ import annotations

import gc

gc.disable()

import sys
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from desktop.kit import preferences, theme, words
from desktop.kit.dialogs import Dialogs
from desktop.shell.window import Window

if TYPE_CHECKING:
    import datetime as dt

gc.freeze()
gc.enable()
_SHOWN = 100  # milliseconds after which the window has been painted: its icon, which the desk mostly knows, can wait
_START = 3000  # after which the first book has been loaded, too


def application() -> QApplication:
    """The one QApplication of this process, made if there is none yet."""
    known = QApplication.instance()
    if isinstance(known, QApplication):
        return known
    app = QApplication([*sys.argv[:1], "-style", "Fusion"])  # setStyle() would load QStyle (desktop/kit/parts.py)
    app.setApplicationName("zhaoshang")
    QGuiApplication.setDesktopFileName("zhaoshang")
    return app


def make_window(
    chosen: preferences.Preferences | None = None, dialogs: Dialogs | None = None, *, today: dt.date | None = None,
    coming: str = "",
) -> Window:  # fmt: skip
    """A dressed window, without a book yet; its `begin` opens the one that is `coming`."""
    app = application()
    chosen = chosen or preferences.load()
    words.speak(chosen.language)
    theme.apply(app, chosen.theme)
    return Window(chosen, dialogs, today=today, coming=coming)


def run(book: str | None = None) -> int:
    """Open the window: on `book`, else on the last one, else on the welcome page."""
    gc.disable()
    chosen = preferences.load()
    target = book or (chosen.recent[0]["target"] if chosen.recent else "")
    window = make_window(chosen, coming=target)
    window.show()
    application().processEvents()  # the rail is seen while the ledger is still built
    if target:
        window.begin()
        application().processEvents()  # and the ledger before the work on its rows begins
    QTimer.singleShot(_SHOWN, window, _wear_icon)
    QTimer.singleShot(_START, window, _collect)
    return application().exec()


def _wear_icon() -> None:
    from desktop.kit import icons

    application().setWindowIcon(icons.icon("app", "", 64))


def _collect() -> None:
    gc.freeze()
    gc.enable()
