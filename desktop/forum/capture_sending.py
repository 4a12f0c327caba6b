"""Lines on their way into the book, each its own operation, in their order; those that could not go are sent again."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

from db.core.errors import Problem, Unavailable
from db.core.text import _
from desktop.forum.capture_queue import Queue, Waiting
from desktop.forum.steps import short
from desktop.kit.page import Connection, Page

_AGAIN = 10_000  # milliseconds until lines that wait are sent once more


class Sender(QObject):
    """`written` after each line; `changed` when one could not go. refused: line → why the book did not take it.

    offline: the book could not be reached; then nothing is lost, and the lines are sent every ten seconds.
    """

    written = Signal()
    changed = Signal()

    def __init__(self, page: Page, queue: Queue) -> None:
        super().__init__(page)
        self._page, self.queue = page, queue
        self.refused: dict[int, Problem] = {}
        self.offline = False
        self._sent: set[int] = set()
        self._doubtful: set[int] = set()  # sent before, and not known whether it arrived
        self._again = QTimer(self)
        self._again.setInterval(_AGAIN)
        self._again.timeout.connect(self.try_again)

    def send(self) -> None:
        """Send what waits; what was refused stays until it is typed anew, and an unreachable book is asked by the clock."""
        if not self.offline:
            for one in self._to_send():
                self._send(one)
        if not self.queue.waiting:
            self._again.stop()
        elif not self._again.isActive():
            self._again.start()

    def try_again(self) -> None:
        """One line only: whether the book is back. The others follow when it is written."""
        for one in self._to_send()[: 1 if self.offline else None]:
            self._send(one)

    def _to_send(self) -> list[Waiting]:
        if self._page.desk.seen is not None:
            return []
        return [one for one in self.queue.waiting if one.key not in self._sent and one.key not in self.refused]

    def _send(self, one: Waiting) -> None:
        self._sent.add(one.key)
        again = one.again or one.key in self._doubtful

        def work(connection: Connection) -> None:
            from db.forum import at_table

            if one.issue:
                at_table.change(connection, one.issue, one.line, on=one.on)
            else:
                at_table.record(connection, one.line, on=one.on, session=one.session, alike=one.alike, again=again)

        name = (
            _("Change the issue “{name}”", name=short(one.line.text))
            if one.issue
            else _("Capture “{name}”", name=short(one.line.text))
        )
        self._page.write(name, work, partial(self._is_written, one), failed=partial(self._failed, one))

    def _is_written(self, one: Waiting, _nothing: object) -> None:
        self._sent.discard(one.key)
        self.queue.drop(one.key)
        self.offline = False
        self.written.emit()

    def _failed(self, one: Waiting, problem: Problem) -> None:
        self._sent.discard(one.key)
        if isinstance(problem, Unavailable):
            self.offline = True
            self._doubtful.add(one.key)
        else:
            self.refused[one.key] = problem
            self._page.desk.complain(problem)
        self.changed.emit()

    def take_back(self, key: int) -> Problem | None:
        """A refused line goes back into the entry: it does not wait any more."""
        self.queue.drop(key)
        return self.refused.pop(key, None)
