"""Contestants on an open window: leafing through the ledger, and bringing it onto the screen.

Both sides paint the same number of rows of the same book in a window of the same size. What is measured begins when
the window stands and ends when everything that was asked for has been painted.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tests.bench.worker import Place

if TYPE_CHECKING:
    from PySide6.QtWidgets import QTableView

    from desktop.projects.page import ProjectsPage
    from desktop.shell.window import Window

PAGES = 40
_SIZE = (1366, 768)
_PATIENCE = 120_000  # milliseconds
# The same facts as the ledger's first columns; those that ours reads from other tables are left out here.
_QUERY = (
    "SELECT name, stage, status, agreed_investment, signed_on, source_place, industry, total_investment, code, site, "
    "chain, content FROM project ORDER BY signed_on DESC"
)


def _wait(ready: Callable[[], bool]) -> None:
    """Let the window work until it is ready, asleep in between: a loop that spins would cost more than the work."""
    from PySide6.QtCore import QElapsedTimer, QEventLoop, QTimer

    clock, loop, tick = QElapsedTimer(), QEventLoop(), QTimer()
    clock.start()
    tick.start(2)
    while not ready() and clock.elapsed() < _PATIENCE:
        loop.processEvents(QEventLoop.ProcessEventsFlag.AllEvents | QEventLoop.ProcessEventsFlag.WaitForMoreEvents)


def _window(place: Place) -> tuple[Window, ProjectsPage]:
    import datetime as dt

    from desktop.app import make_window
    from desktop.kit.preferences import Preferences
    from desktop.projects.page import ProjectsPage

    window = make_window(Preferences(language="zh", theme="light", actor="bench"), today=dt.date(2024, 7, 17))
    window.resize(*_SIZE)
    window.show()
    window.open_book(str(place.demonstration))
    _wait(lambda: isinstance(window.page, ProjectsPage) and not window.jobs.busy and window.page.model.known(0))
    page = window.page
    assert isinstance(page, ProjectsPage)
    page.rows.choose(0)
    page.rows.close_pane()
    _wait(lambda: not window.jobs.busy)
    return window, page


def _leaf(view: QTableView, ready: Callable[[], bool]) -> None:
    from PySide6.QtCore import QCoreApplication, QEvent, Qt
    from PySide6.QtGui import QKeyEvent

    for _page in range(PAGES):
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            QCoreApplication.sendEvent(view, QKeyEvent(kind, Qt.Key.Key_PageDown, Qt.KeyboardModifier.NoModifier))
        _wait(ready)
        view.viewport().repaint()


def ours_leafed(place: Place) -> None:
    """PAGES times page down in our ledger, rows fetched by the worker."""
    window, page = _window(place)
    place.begin()
    _leaf(page.table, lambda: all(page.model.known(line) for line in page.table.seen_lines()))
    place.end()
    window.close()


def query_model(place: Place) -> None:
    """The limit: QTableView over a QSqlQueryModel, twelve columns of one table."""
    from PySide6.QtSql import QSqlDatabase, QSqlQueryModel
    from PySide6.QtWidgets import QTableView

    from desktop.app import application

    app = application()
    database = QSqlDatabase.addDatabase("QSQLITE")
    database.setDatabaseName(str(place.demonstration))
    database.open()
    model = QSqlQueryModel()
    model.setQuery(_QUERY, database)
    view = QTableView()
    view.setModel(model)
    view.resize(1214, 636)
    view.show()
    view.setCurrentIndex(model.index(0, 0))
    app.processEvents()
    place.begin()
    _leaf(view, lambda: True)
    place.end()
    view.close()


def ours_screen(place: Place) -> None:
    """Bring the ledger onto the screen of an open window: ids, sums and the rows one sees, painted."""
    window, page = _window(place)
    place.begin()
    page.refresh()
    _wait(lambda: not window.jobs.busy and all(page.model.known(line) for line in page.table.seen_lines()))
    page.table.viewport().repaint()
    place.end()
    window.close()


def bare_window(place: Place) -> None:
    """What the memory is compared with: an empty main window with our look, and no book."""
    from desktop.app import make_window

    window = make_window()
    window.resize(*_SIZE)
    window.show()
    place.begin()
    place.end()
    window.close()
