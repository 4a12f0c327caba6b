"""The count on the rail's 今日: what is due today or overdue and is one's own. It is always that, whatever 今日 shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Slot

if TYPE_CHECKING:
    from db.core.book import Book
    from db.core.progress import Progress
    from desktop.shell.rail import Rail
    from desktop.shell.window import Window

_AFTER_OPENING, _AFTER_A_WRITE = 1_500, 250  # milliseconds: what a person looks at comes first


class Badge(QObject):
    """Counts again after every write, with another book and where one goes to 今日."""

    def __init__(self, window: Window, rail: Rail) -> None:
        super().__init__(rail)
        self._window, self._rail = window, rail
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._count)
        window.jobs.wrote.connect(self.soon)
        window.book_opened.connect(self.later)
        rail.chosen.connect(self.soon)
        self.later()

    @Slot()
    def soon(self, *_announced: object) -> None:
        """Something changed."""
        self._timer.start(_AFTER_A_WRITE)

    @Slot()
    def later(self, *_name: object) -> None:
        """Another book."""
        self._timer.start(_AFTER_OPENING)

    def _count(self) -> None:
        if self._window.seen is not None or "today" not in self._rail.buttons:
            return  # of the present alone
        name, today = self._window.preferences.name, self._window.real_today().isoformat()

        def work(book: Book, progress: Progress) -> int:
            from db.overview.due import count_now

            with book.present.read() as connection:
                return count_now(connection, today, name)

        self._window.jobs.ask(
            self, work, lambda count: self._rail.count("today", count), failed=lambda _problem: None, key="badge"
        )
