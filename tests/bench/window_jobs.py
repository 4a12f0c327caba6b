"""Contestants that start: a bare window, ours, and ours on a book with its first rows shown.

Each is a whole process from the start of the interpreter to the moment at which the window has been painted and its
event loop is idle. The window is not told that it is measured: a timer looks at it from outside.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tests.bench.worker import Place

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

_EVERY = 5  # milliseconds between two looks
_ROWS = 200


def bare(place: Place) -> None:
    """The limit: an empty main window."""
    from PySide6.QtWidgets import QApplication, QMainWindow

    app = QApplication([])
    window = QMainWindow()
    window.resize(1366, 768)
    window.show()
    _quit_when(lambda window: True)
    app.exec()


def ours_window(place: Place) -> None:
    """Our window as it first opens: the welcome page."""
    os.environ["XDG_CONFIG_HOME"] = str(place.scratch("desk"))  # at which no book was opened yet
    from desktop.app import application, run

    application()
    _quit_when(lambda window: True)
    run()


def ours_rows(place: Place) -> None:
    """Our window on a book that was left at this desk before (`visit`), with its first rows shown."""
    from desktop.app import application, run

    application()
    _quit_when(_shows_rows)
    run(str(place.demonstration))


def ours_rows_first(place: Place) -> None:
    """The same at a desk that has never seen the book: the rows come once engine and rooms are loaded."""
    os.environ["XDG_CACHE_HOME"] = str(place.scratch("cache"))
    ours_rows(place)


def visit(place: Place) -> None:
    """Not measured: a person opens the book, sees its rows and closes the window."""
    from PySide6.QtCore import QTimer

    from desktop.app import application, make_window

    app = application()
    window = make_window(coming=str(place.demonstration))
    window.show()
    window.begin()
    timer = QTimer(window)
    timer.timeout.connect(lambda: _shows_rows(window) and not window.jobs.busy and window.close())
    timer.start(_EVERY)
    app.exec()


def eager(place: Place) -> None:
    """The peer: a bare window after everything was imported up front."""
    import openpyxl  # noqa: F401
    import pypinyin  # noqa: F401
    import reportlab.platypus  # noqa: F401
    import sqlalchemy.orm  # noqa: F401
    import xlsxwriter  # noqa: F401

    bare(place)


def _shows_rows(window: QWidget) -> bool:
    from PySide6.QtWidgets import QTableView

    for view in window.findChildren(QTableView):
        model: Any = view.model()
        if view.isVisible() and model and model.rowCount() >= _ROWS:
            last = model.index(_ROWS - 1, max(0, model.columnCount() - 1))
            first = [model.index(0, at).data() for at in range(model.columnCount())]
            if any(first) and any(model.index(_ROWS - 1, at).data() for at in range(last.column() + 1)):
                return True
    return False


def _exposed(window: QWidget) -> bool:
    handle: Any = window.windowHandle()
    return handle is not None and bool(handle.isExposed())


def _quit_when(ready: Callable[[QWidget], bool]) -> None:
    """End the event loop once a window is shown and ready, and everything asked of it has been painted."""
    from PySide6.QtCore import QCoreApplication, QTimer
    from PySide6.QtWidgets import QApplication

    timer = QTimer(QCoreApplication.instance())
    seen: list[bool] = []

    def look() -> None:
        windows = [one for one in QApplication.topLevelWidgets() if one.isVisible() and one.isWindow()]
        if any(_exposed(one) and ready(one) for one in windows):
            seen.append(True)
        if len(seen) == 2:
            os._exit(0)  # what closing costs is no part of starting

    timer.timeout.connect(look)
    timer.start(_EVERY)
