"""Work off the window's thread: one worker that owns the book, and a pool for files and PDF.

A job is a plain function; its result comes back on the window's thread. A job that failed says why in one sentence:
a `Problem` carries its own, anything else is logged with its traceback and becomes a sentence for the person.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

import shiboken6
from PySide6.QtCore import QObject, QRunnable, QThread, QThreadPool, Signal, Slot

from db.core.errors import Cancelled, Problem
from db.core.progress import Progress
from db.core.text import Text, _

if TYPE_CHECKING:
    from db.core.book import Book

log = logging.getLogger(__name__)

SHOWN_AFTER = 0.6
_TOLD_EVERY = 0.05


class Job(QObject):
    """One piece of work under way, and its `Progress`: `step` raises `Cancelled` once a person said stop."""

    told = Signal(int, int, object)
    over = Signal(object)

    def __init__(self, work: Callable[..., Any], title: Text, *, of_book: bool = True) -> None:
        super().__init__()
        self.work = work
        self.title = title
        self.of_book = of_book  # whether it is done on the book's thread
        self.result: Any = None
        self.problem: Problem | None = None
        self.started = time.monotonic()
        self.running = True
        self._stop = threading.Event()
        self._last_told = 0.0
        self.at_cancel: Callable[[], None] | None = None

    def cancel(self) -> None:
        """Ask it to stop at its next step, or at once where it said how."""
        self._stop.set()
        if self.at_cancel is not None:
            self.at_cancel()

    @property
    def cancelled(self) -> bool:
        """Whether somebody asked it to stop."""
        return self._stop.is_set()

    def step(self, done: int, total: int, text: Text) -> None:
        """Called by the work, on its own thread."""
        self._go_on()
        now = time.monotonic()
        if now - self._last_told >= _TOLD_EVERY:
            self._last_told = now
            self.told.emit(done, total, text)

    def _go_on(self) -> None:
        if self._stop.is_set():
            raise Cancelled

    def carry_out(self, *given: Any) -> None:
        """Do the work, on the thread it belongs to. Whatever goes wrong ends here as a sentence."""
        try:
            self._go_on()
            self.result = self.work(*given, self)
        except Problem as problem:
            self.problem = problem
        except Exception as error:
            log.exception("a job failed: %s", self.title)
            self.problem = _sentence_for(error)
        self.over.emit(self)


def _sentence_for(error: Exception) -> Problem:
    if isinstance(error, MemoryError):
        return Problem(_("There is not enough memory for this. Nothing was changed."))
    if isinstance(error, OSError) and error.strerror:
        return Problem(_("This did not work: {reason}. Nothing was changed.", reason=error.strerror))
    return Problem(_("This did not work: an error of the program. Nothing was changed; the details are in the log."))


class _BookDesk(QObject):
    """Lives on the worker's thread and holds the book there."""

    def __init__(self) -> None:
        super().__init__()
        self.book: Book | None = None

    @Slot(object)
    def carry_out(self, job: Job) -> None:
        """Do one job with the book."""
        job.carry_out(self)


class _FileJob(QRunnable):
    def __init__(self, job: Job) -> None:
        super().__init__()
        self._job = job

    def run(self) -> None:
        """Do one job of the pool."""
        self._job.carry_out()


class Jobs(QObject):
    """The work of one window. `ask` goes to the book's thread, in order; `in_pool` to the pool, beside each other."""

    begun = Signal(object)
    ended = Signal(object)
    wrote = Signal(object)
    _handed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thread = QThread()
        self._thread.setObjectName("book")
        self._desk = _BookDesk()
        self._desk.moveToThread(self._thread)
        self._handed.connect(self._desk.carry_out)  # queued, as the desk lives on the other thread
        self._closed = False
        self._pool = QThreadPool()
        self._pool.setMaxThreadCount(2)
        # A job must not be destroyed on the worker's thread, which may still hold it when it is over.
        self._over: deque[Job] = deque(maxlen=32)
        self._waiting: dict[Job, tuple[QObject, Callable[[Any], None], Callable[[Problem], None] | None, str]] = {}

    def ask(
        self, owner: QObject, work: Callable[[Book, Progress], Any], done: Callable[[Any], None], *,
        failed: Callable[[Problem], None] | None = None, title: Text | None = None, key: str = "",
    ) -> Job:  # fmt: skip
        """Do `work(book, progress)` on the book's thread, then `done(result)` or `failed(problem)` on this one.

        A new job with the same `key` of the same owner makes the earlier one's answer void.
        """

        def with_book(desk: _BookDesk, job: Job) -> Any:
            if desk.book is None:
                raise Cancelled
            return work(desk.book, job)

        return self._begin(Job(with_book, title or Text("")), owner, done, failed, key, self._hand)

    def look(
        self, owner: QObject, work: Callable[[Book, Progress], Any], done: Callable[[Any], None], *,
        failed: Callable[[Problem], None] | None = None, key: str = "",
    ) -> Job:  # fmt: skip
        """As `ask`, for what only reads and is wanted at once: beside the book's thread where that is at something else.

        Readers do not wait for the writer: each reads the book as it was when it began.
        """
        book = self._desk.book
        if book is None or not any(job.of_book for job in self._waiting):
            return self.ask(owner, work, done, failed=failed, key=key)
        return self.in_pool(owner, partial(work, book), done, failed=failed, key=key)

    def take_book(
        self, owner: QObject, opening: Callable[[Progress], Book], done: Callable[[Any], None], *,
        failed: Callable[[Problem], None], title: Text,
    ) -> Job:  # fmt: skip
        """Open or create a book on its thread; the one before is closed once the new one is there.

        done: gets its name, and the days on which it stands still (`db.core.settings.standing_days`).
        """

        def swap(desk: _BookDesk, job: Job) -> tuple[str, dict[str, str]]:
            from db.core.settings import standing_days

            before = desk.book
            opened = opening(job)
            with opened.read() as connection:
                days = standing_days(connection)
            opened.listeners.append(self.wrote.emit)
            desk.book = opened
            _close(before)
            return opened.name, days

        return self._begin(Job(swap, title), owner, done, failed, "book", self._hand)

    def look_at(
        self, owner: QObject, opening: Callable[[Book, Progress], Book], done: Callable[[Book], None], *,
        failed: Callable[[Problem], None], title: Text,
    ) -> Job:  # fmt: skip
        """Let whatever asks from now on see the book as it was, or (an opening that gives it back) as it is.

        `opening(book, progress)` is given the book as it is; it stays open behind what is looked at.
        """

        def turn(desk: _BookDesk, job: Job) -> Book:
            before = desk.book
            if before is None:
                raise Cancelled
            desk.book = opening(before.present, job)
            if before is not before.present and before is not desk.book:
                before.close()
            return desk.book

        return self._begin(Job(turn, title), owner, done, failed, "moment", self._hand)

    def in_pool(
        self, owner: QObject, work: Callable[[Progress], Any], done: Callable[[Any], None], *,
        failed: Callable[[Problem], None] | None = None, title: Text | None = None, key: str = "",
    ) -> Job:  # fmt: skip
        """Do `work(progress)` in the pool."""
        job = Job(work, title or Text(""), of_book=False)
        return self._begin(job, owner, done, failed, key, lambda one: self._pool.start(_FileJob(one)))

    def _hand(self, job: Job) -> None:
        if not self._closed:
            self._thread.start()  # with the first job; nothing where it runs
        self._handed.emit(job)

    def _begin(
        self, job: Job, owner: QObject, done: Callable[[Any], None], failed: Callable[[Problem], None] | None,
        key: str, hand: Callable[[Job], None],
    ) -> Job:  # fmt: skip
        if key:
            for other, (whose, _done, _failed, its_key) in list(self._waiting.items()):
                if whose is owner and its_key == key:
                    other.cancel()
                    self._waiting.pop(other)
                    self._waiting[other] = (self, _nobody, _nobody, "")
        self._waiting[job] = (owner, done, failed, key)
        job.over.connect(self._finish)  # queued, as it is told on the other thread
        self.begun.emit(job)
        hand(job)
        return job

    @Slot(object)
    def _finish(self, job: Job) -> None:
        owner, done, failed, _key = self._waiting.pop(job, (self, _nobody, _nobody, ""))
        job.running = False
        result, job.result = job.result, None  # it may be a million ids, and the job is still held for a while
        self._over.append(job)
        self.ended.emit(job)
        if not shiboken6.isValid(owner):
            return
        if job.problem is None:
            done(result)
        elif failed is not None:
            failed(job.problem)

    @property
    def let_go(self) -> bool:
        """Whether the book is closed and no thread of this window is left."""
        return self._desk.book is None and not self._thread.isRunning() and self._pool.activeThreadCount() == 0

    @property
    def busy(self) -> bool:
        """Whether anything is under way."""
        return bool(self._waiting)

    def let_book_go(self) -> None:
        """Close the book and leave no thread behind; what is under way is stopped first."""
        for job in self._waiting:
            job.cancel()
        self._waiting.clear()
        self._closed = True
        self._pool.waitForDone()
        self._thread.quit()
        self._thread.wait()
        _close(self._desk.book)
        self._desk.book = None


def _close(book: Book | None) -> None:
    """What is looked at, and the book behind it."""
    if book is not None:
        book.close()
        if book.present is not book:
            book.present.close()


def _nobody(result: object) -> None:
    """Nobody waits for the answer any more."""
