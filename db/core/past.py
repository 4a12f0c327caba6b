"""The book as it was, for whoever has learned to read a book: read as ever, written never.

`book.as_of(moment)` gives a copy; this gives it the manners of a book, so that a page, a report or an export need not
know what they look at. The history stays that of the present: what was done later is known, and can be undone there.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from db.core import history, moments
from db.core.asof import AsOf
from db.core.book import Book, Undone
from db.core.dates import MONTHS
from db.core.errors import Refused
from db.core.history import Operation
from db.core.interrupting import Interruption
from db.core.progress import SILENT, Progress
from db.core.text import Text, _


@dataclass(frozen=True)
class Seen:
    """Which moment is looked at. number: its newest operation, written `at`, in the book's zone.

    day: the ISO day on which one would have looked, today for whatever counts days. named: how people call the moment.
    """

    number: int
    at: dt.datetime
    day: str
    named: Text


class Past(Book):
    """See the module. `present` is the book itself; closing this leaves that one open."""

    def __init__(self, home: Book, copy: AsOf, seen: Seen) -> None:
        super().__init__(
            home.target, home._engine, schema=home.schema, actor=home.actor, path=None, read_only=True,  # noqa: SLF001
        )  # fmt: skip
        self.seen = seen
        self._home, self._copy = home, copy
        self._name = home.name
        self._turn = threading.Lock()

    @property
    def name(self) -> str:
        """What people call the book itself."""
        return self._name

    @property
    def present(self) -> Book:
        """The book as it is."""
        return self._home

    @contextmanager
    def read(self, interruption: Interruption | None = None) -> Iterator[Connection]:
        """A connection to the book as it was. On a server all reading is done on one connection, which is never ended."""
        if self.dialect != "sqlite":
            with self._turn, self._copy.read() as connection:
                yield connection
            return
        with (
            self._copy.read() as connection,
            nullcontext() if interruption is None else interruption.over(connection),
        ):  # fmt: skip
            yield connection

    @contextmanager
    def write(self, label: Text, **_given: Any) -> Iterator[Connection]:
        """Refused: what was cannot be changed."""
        raise refusal(self.seen)
        yield  # type: ignore[unreachable]

    def operations(self, *, limit: int | None = None) -> list[Operation]:
        """What was done until now, newest first."""
        return self._home.operations(limit=limit)

    def undo(self, number: int, *, origin: object = None) -> Undone:
        """Refused: an operation is undone in the present."""
        raise refusal(self.seen)

    def as_of(self, moment: moments.Moment, *, progress: Progress = SILENT) -> AsOf:
        """Another moment of the same book."""
        return self._home.as_of(moment, progress=progress)

    def close(self) -> None:
        """Throw the copy away."""
        self._copy.close()


def refusal(seen: Seen) -> Refused:
    """Why nothing is written: said wherever somebody tries."""
    return Refused(
        _("This is the book as of {moment}: it can be looked at and exported, not changed. Nothing was changed."
          " Go back to the present with Esc.", moment=seen.named)
    )  # fmt: skip


def look(book: Book, moment: moments.Moment, *, named: Text | None = None, progress: Progress = SILENT) -> Past:
    """The book as it was known at a moment. Refused before its first operation, with the day on which it begins.

    A day means its end, an operation's number the book just after it. named: what it is called where it is no mere time.
    """
    home = book.present
    if isinstance(moment, int) and moment < 1:
        raise Refused(_("The book begins with operation 1; before it there was nothing."))
    with home.read() as connection:
        seen = _seen(connection, home, moment, named)
    return Past(home, home.as_of(seen.number, progress=progress), seen)


def _seen(connection: Connection, book: Book, moment: moments.Moment, named: Text | None) -> Seen:
    zone = moments.zone(connection, book.schema)
    number = moments.operation_at(connection, book.schema, moment)
    (operation,) = history.operations(connection, book.schema, number=number)
    at = operation.at.astimezone(zone)
    if isinstance(moment, int):
        return Seen(number, at, at.date().isoformat(), named or _("{day} {time}", day=day_name(at), time=f"{at:%H:%M}"))
    asked = moments.parse(moment, zone).astimezone(zone)
    if isinstance(moment, dt.datetime) or (isinstance(moment, str) and len(moment) > len("2024-06-30")):
        told = _("{day} {time}", day=day_name(asked), time=f"{asked:%H:%M}")
    else:
        told = _("{day} 24:00", day=day_name(asked))
    return Seen(number, at, asked.date().isoformat(), named or told)


def day_name(at: dt.date) -> Text:
    """2024年6月30日."""
    return _("{day} {month} {year}", year=at.year, month=Text(MONTHS[at.month - 1][:3]), day=at.day)


def told(seen: Seen) -> Text:
    """The line that whatever leaves the window carries."""
    return _("the book as of {moment}", moment=seen.named)
