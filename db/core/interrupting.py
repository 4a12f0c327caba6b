"""Stopping a query that is under way on another thread."""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from db.core.errors import Cancelled

if TYPE_CHECKING:
    from sqlalchemy import Connection


_SOON = 10.0  # seconds in which a server takes the wish to stop, or never does


def _cancel(driver: Any) -> None:
    from psycopg import Error

    with contextlib.suppress(Error):
        driver.cancel_safe(timeout=_SOON)


class Interruption:
    """Handed to `book.read`; `stop`, on any thread, ends the query that runs there, now or later, with `Cancelled`."""

    def __init__(self) -> None:
        self.stopped = False
        self._driver: Any = None
        self._turn = threading.Lock()

    def stop(self) -> None:
        """End the query that is under way; a read that has not begun yet does not begin."""
        with self._turn:
            self.stopped = True
            if isinstance(self._driver, sqlite3.Connection):
                self._driver.interrupt()
            elif self._driver is not None:
                # A server is asked over a line of its own, for which nobody waits: it may be slow, or gone.
                threading.Thread(target=_cancel, args=(self._driver,), name="stopping", daemon=True).start()

    @contextmanager
    def over(self, connection: Connection) -> Iterator[None]:
        """Let `stop` end what this connection does for as long as the block runs."""
        with self._turn:
            if self.stopped:
                raise Cancelled
            self._driver = connection.connection.driver_connection
        try:
            yield
        finally:
            ended = self._let_go()
            if ended:
                # Nobody else shall be given this connection. A server may act on the request late; a file goes on ending
                # every statement, a rollback too, for as long as a cursor of the one that was ended is not let go.
                connection.invalidate()
        if ended:  # it came to its end all the same, and nobody waits for it
            raise Cancelled

    def _let_go(self) -> bool:
        with self._turn:
            self._driver = None
            return self.stopped
