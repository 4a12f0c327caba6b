"""Stopping a query that is under way on another thread."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from db.core.errors import Cancelled

if TYPE_CHECKING:
    from sqlalchemy import Connection


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
            if self._driver is not None:
                # sqlite3 and psycopg both allow this from another thread, under different names.
                (getattr(self._driver, "interrupt", None) or self._driver.cancel)()

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
