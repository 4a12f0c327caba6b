"""The indexes of the books that are open, and how they catch up with the history."""

from __future__ import annotations

import contextlib
import logging
import time
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from functools import partial
from typing import TYPE_CHECKING, Protocol
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine

from db.core import history, search_words
from db.core.progress import SILENT, Progress
from db.core.search_file import Candidate, Doubtful, FileIndex, Mark, forget_unused, place_of
from db.core.search_subjects import Subject, all_ids, changed_since, entries
from db.core.search_words import Indexed, Word
from db.core.tables import METADATA
from db.core.text import _

if TYPE_CHECKING:
    from db.core.book import Book

log = logging.getLogger(__name__)
_A_STEP = 500  # records
_A_TRANSACTION = 20  # steps


class Index(Protocol):
    """What an index can do, on a file or on a server."""

    def mark(self, connection: Connection) -> Mark | None:
        """How far it goes; None where it is empty or of another form."""

    def candidates(
        self, connection: Connection, key: str, words: Sequence[Word], *, limit: int | None, in_names: bool = False
    ) -> Iterator[Candidate]:
        """The records that the words propose; with `in_names` by the characters of their names."""

    def every(self, connection: Connection, key: str) -> Iterator[Candidate]:
        """All records."""

    def beginning(self, connection: Connection, key: str, start: str, *, limit: int) -> Iterator[Candidate]:
        """Records whose names begin with `start`."""

    def gapped(self, connection: Connection, key: str, patterns: Sequence[str]) -> Iterator[Candidate]:
        """Records whose initials have letters in an order."""

    def claim(self) -> bool:
        """Take the writing of it; False where somebody else is at it."""

    def release(self) -> None:
        """Give the writing back."""

    def writing(self) -> AbstractContextManager[None]:
        """One transaction of what follows."""

    def empty(self) -> None:
        """Take everything out."""

    def put(self, key: str, asked: Sequence[int], found: Sequence[Indexed]) -> None:
        """Of the records `asked`, these were `found`: put them in, and the others out."""

    def set_mark(self, mark: Mark) -> None:
        """Say how far it goes now."""

    @property
    def worn(self) -> bool:
        """Whether it is time to make it anew."""

    def discard(self) -> None:
        """Throw it away, as it is broken."""

    def close(self) -> None:
        """Let go of it."""


_indexes: WeakKeyDictionary[Engine, Index] = WeakKeyDictionary()
_under_way: WeakKeyDictionary[Engine, Generator[tuple[int, int]]] = WeakKeyDictionary()


def subjects() -> tuple[Subject, ...]:
    """What is searched, as the rooms say it; what others link to comes first."""
    found: tuple[Subject, ...] = METADATA.info.get("search", ())
    return found


def index_of(engine: Engine) -> Index | None:
    """The index of the book of this engine; None where it has none (yet): an as-of copy never has."""
    return _indexes.get(engine)


def doubt(engine: Engine, why: Doubtful) -> None:
    """The index failed: what is broken is thrown away."""
    log.info("search goes without its index: %s", why)
    _under_way.pop(engine, None)
    index = _indexes.get(engine)
    if index is not None and why.broken:
        index.discard()


def last_change(connection: Connection) -> int:
    """The number of the newest change in the book."""
    return int(connection.exec_driver_sql('SELECT max(id) FROM "change"').scalar() or 0)


def catch_up(book: Book, progress: Progress = SILENT, *, seconds: float | None = None) -> bool:
    """Bring the book's index up to its newest change; True when it is. At most for `seconds`, then call again.

    Nothing that goes wrong with the index reaches the caller: the search then goes without it.
    """
    with book.read() as connection:
        engine = connection.engine
    until = None if seconds is None else time.monotonic() + seconds
    try:
        if engine not in _indexes:
            _indexes[engine] = _opened(book, engine)
            book.at_close.append(partial(_let_go, engine))
        if engine not in _under_way:
            _under_way[engine] = _steps(book, _indexes[engine])
        for done, total in _under_way[engine]:
            progress.step(done, total, _("Search catches up"))
            if until is not None and time.monotonic() >= until:
                return False
    except Doubtful as why:
        doubt(engine, why)
        return not why.broken
    except BaseException:
        _under_way.pop(engine, None)
        raise
    _under_way.pop(engine, None)
    return True


def close(book: Book) -> None:
    """Let go of a book's index; a book that is closed does so itself."""
    with book.read() as connection:
        _let_go(connection.engine)


def _let_go(engine: Engine) -> None:
    steps = _under_way.pop(engine, None)
    if steps is not None:
        with contextlib.suppress(Doubtful):  # a server that is gone takes nothing back either
            steps.close()
    index = _indexes.pop(engine, None)
    if index is not None:
        index.close()


def _opened(book: Book, engine: Engine) -> Index:
    if book.path is None:
        from db.core.search_server import ServerIndex

        return ServerIndex(engine)
    place = place_of(book.path)
    forget_unused(place.parent)
    return FileIndex(place, [one.key for one in subjects()])


def _steps(book: Book, index: Index) -> Generator[tuple[int, int]]:
    if not index.claim():
        return
    try:
        with book.read() as connection:
            last = last_change(connection)
            mark = Mark(search_words.form(), last, *history.last_operation(connection, METADATA))
            wanted = _wanted(connection, index, last)
        if wanted is None:
            return
        done, total = 0, sum(map(len, wanted.values()))
        steps = [(one, at) for one in subjects() for at in range(0, len(wanted[one.key]), _A_STEP)]
        for first in range(0, len(steps), _A_TRANSACTION):
            with index.writing():
                for subject, at in steps[first : first + _A_TRANSACTION]:
                    records = wanted[subject.key][at : at + _A_STEP]
                    with book.read() as connection:
                        found = search_words.indexed(entries(connection, subject, records))
                    index.put(subject.key, records, found)
                    done += len(records)
                    yield done, total
        with index.writing():
            index.set_mark(mark)
    finally:
        index.release()


def _wanted(connection: Connection, index: Index, last: int) -> Mapping[str, Sequence[int]] | None:
    """The records that have to be looked at again; None where the index is as the book is."""
    mark = index.mark(connection)
    if mark is None or mark.change > last or not mark.same_book(connection) or index.worn:
        with index.writing():
            index.empty()
        return {one.key: all_ids(connection, one) for one in subjects()}
    if mark.change == last:
        return None
    changed = changed_since(connection, METADATA, subjects(), mark.change)
    return {key: sorted(records) for key, records in changed.items()}
