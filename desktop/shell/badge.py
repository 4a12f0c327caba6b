"""What the rail says of the book: how its rooms are called, and beside 今日 what is due and is one's own.

The count is always that of today and one's own, whatever 今日 shows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Slot

from desktop.rooms import shown

if TYPE_CHECKING:
    from db.core.book import Book
    from db.core.progress import Progress
    from db.overview.due import Due
    from desktop.shell.rail import Rail
    from desktop.shell.window import Window

_AFTER_OPENING, _AFTER_A_WRITE = 1_500, 250  # milliseconds: what a person looks at comes first
_AGAIN = 600_000  # on a desk that is reminded: another day may have come, or something had to wait


class Badge(QObject):
    """Reads again after every write, with another book and where one goes to a page."""

    def __init__(self, window: Window, rail: Rail) -> None:
        super().__init__(rail)
        self._window, self._rail = window, rail
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._read)
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

    def _read(self) -> None:
        if self._window.seen is not None:
            return  # of the present alone
        name, today = self._window.preferences.name, self._window.real_today().isoformat()
        due = "today" in self._rail.buttons

        def work(book: Book, progress: Progress) -> tuple[dict[str, str], tuple[Due, ...] | None]:
            from db.five_ones.options import own_names
            from db.overview.due import due_now

            with book.present.read() as connection:
                return own_names(connection), due_now(connection, today, name) if due else None

        self._window.jobs.ask(self, work, self._take, failed=lambda _problem: None, key="badge")

    def _take(self, found: tuple[dict[str, str], tuple[Due, ...] | None]) -> None:
        called, due = found
        self._call(called)
        if due is not None:
            self._rail.count("today", len(due))
            from desktop.shell.reminding import tell

            if tell(self._window, due):
                self._timer.start(_AGAIN)

    def _call(self, called: dict[str, str]) -> None:
        """The rooms by their names in this book; the page one is on says its new name, too."""
        chosen = self._window.preferences
        if chosen.called != called:
            chosen.called = called
            chosen.save()
            for room in shown(chosen):
                self._rail.call(room.name, room.label)
            if self._window.page is not None:
                self._window.page.refresh()
