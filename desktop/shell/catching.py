"""The search index catches up while nobody asks anything: in short slices on the book's thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Slot

from desktop.kit.jobs import Jobs

if TYPE_CHECKING:
    from db.core.book import Book
    from db.core.progress import Progress

_AFTER_A_WRITE, _BETWEEN, _WHILE_BUSY = 300, 10, 100  # milliseconds
_SLICE = 0.04  # seconds: whoever asks meanwhile waits no longer


class Catching(QObject):
    """`soon` starts it; it ends when the index is as the book is."""

    def __init__(self, jobs: Jobs) -> None:
        super().__init__(jobs)
        self._jobs = jobs
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._go_on)
        jobs.wrote.connect(self.soon)

    @Slot()
    def soon(self, *_announced: object) -> None:
        """Something changed."""
        self._timer.start(_AFTER_A_WRITE)

    def _go_on(self) -> None:
        if self._jobs.busy:
            self._timer.start(_WHILE_BUSY)
        else:
            self._jobs.ask(self, _slice, self._done, failed=lambda _problem: None, key="search")

    def _done(self, done: bool) -> None:
        if not done:
            self._timer.start(_BETWEEN)


def _slice(book: Book, progress: Progress) -> bool:
    from db.core import search

    return search.catch_up(book.present, progress, seconds=_SLICE)
