"""A book: one SQLite file or one PostgreSQL database, in which every change is remembered.

`with book.write(label) as connection:` is the only way to change anything: one transaction, one operation.
`with book.read() as connection:` gives rows out. `book.as_of(moment)` is the book as it was then, read-only.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import getpass
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import Connection, Engine, MetaData, insert, select, text

from db.core import asof, engines, failures, history, migrate, moments, reversal
from db.core.errors import Bug, Refused, Unavailable
from db.core.history import Operation
from db.core.interrupting import Interruption
from db.core.lock import FileLock
from db.core.progress import SILENT, Progress
from db.core.reversal import Conflict
from db.core.tables import METADATA
from db.core.text import Text, _

BLOCK = 10**9  # each copy of a book owns a block of ids, so that copies never collide


@dataclass(frozen=True)
class Announcement:
    """Told to listeners after a commit: which operation, which tables changed, and who asked."""

    operation: int
    tables: frozenset[str]
    origin: object


@dataclass(frozen=True)
class Undone:
    """What an undo did: its own operation (None where conflicts kept it from writing) and records restored."""

    operation: int | None
    restored: int
    conflicts: tuple[Conflict, ...]


class Book:
    """See the module. Made by `Book.create` and `Book.open`; close it, or use it as a context manager."""

    patience: float = engines.PATIENCE  # seconds that a write waits for a short one elsewhere

    def __init__(
        self, target: str, engine: Engine, *, schema: MetaData, actor: str, path: Path | None, read_only: bool = False,
        clock: Callable[[], dt.datetime] | None = None,
    ) -> None:  # fmt: skip
        self.target = target
        self.path = path
        self.actor = actor
        self.schema = schema
        self.read_only = read_only
        self.listeners: list[Callable[[Announcement], None]] = []
        self.at_close: list[Callable[[], None]] = []  # for whoever keeps something of it open
        self._engine = engine
        self._clock = clock
        self._writing = threading.Lock()
        self._writer: int | None = None
        self._lock = FileLock(path) if path is not None else None

    # --- opening and closing ---------------------------------------------------------------------------------------

    @classmethod
    def create(
        cls, target: str | os.PathLike[str], *, actor: str | None = None, schema: MetaData = METADATA, block: int = 0,
        clock: Callable[[], dt.datetime] | None = None,
    ) -> Book:  # fmt: skip
        """A new, empty book. Refused where there is a file, or a database that is not empty."""
        _complete(schema)
        if engines.is_server(target):
            engine, path = engines.server_engine(str(target)), None
        else:
            path = Path(target)
            _free_place(path)
            engine = engines.file_engine(path)
        book = cls(str(target), engine, schema=schema, actor=actor or getpass.getuser(), path=path, clock=clock)
        try:
            with failures.explained(book.name), engine.begin() as connection:
                migrate.build(connection, schema, block=block * BLOCK)
        except BaseException:
            book.close()
            if path is not None:
                for part in ("", "-wal", "-shm"):
                    path.with_name(path.name + part).unlink(missing_ok=True)
            raise
        return book

    @classmethod
    def open(
        cls, target: str | os.PathLike[str], *, actor: str | None = None, schema: MetaData = METADATA,
        hold: bool = False, clock: Callable[[], dt.datetime] | None = None,
    ) -> Book:  # fmt: skip
        """An existing book. `hold` takes the file for as long as it is open (a window); commands take it per write."""
        _complete(schema)
        read_only = False
        if engines.is_server(target):
            engine, path = engines.server_engine(str(target)), None
        else:
            path = Path(target)
            readable_book(path)
            read_only = not (os.access(path, os.W_OK) and os.access(path.resolve().parent, os.W_OK))
            # A window reads by pages; whoever works with all rows at once gains by holding more of them.
            cache = engines.SMALL_CACHE if hold else engines.LARGE_CACHE
            engine = engines.file_engine(path, read_only=read_only, cache=cache)
        book = cls(
            str(target), engine, schema=schema, actor=actor or getpass.getuser(), path=path, read_only=read_only,
            clock=clock,
        )  # fmt: skip
        try:
            if hold and book._lock is not None and not read_only:
                book._lock.acquire(wait=0.5)
            with failures.explained(book.name), engine.connect() as connection:
                migrate.require_current(connection, book.name)
        except BaseException:
            book.close()
            raise
        return book

    @property
    def name(self) -> str:
        """What people call the book: its file's name, or the database and its server."""
        return self.path.name if self.path is not None else engines.name_of(self._engine)

    @property
    def present(self) -> Book:
        """The book as it is, whatever moment one looks at (db/core/past.py)."""
        return self

    @property
    def dialect(self) -> str:
        """Which engine: `sqlite` or `postgresql`."""
        return self._engine.dialect.name

    def close(self) -> None:
        """Let go of the book: everything is written, no -wal is left, the lock is given back."""
        while self.at_close:
            self.at_close.pop()()
        self._engine.dispose()
        if self._lock is not None:
            self._lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # --- reading and writing ---------------------------------------------------------------------------------------

    @contextmanager
    def read(self, interruption: Interruption | None = None) -> Iterator[Connection]:
        """A connection that sees one consistent state, and cannot change it.

        `interruption` lets another thread end a query that is under way: it then raises `Cancelled`.
        """
        with (
            failures.explained(self.name),
            self._engine.connect() as plain,
            engines.reading(plain) as connection,
            connection.begin(),
            nullcontext() if interruption is None else interruption.over(connection),
        ):
            yield connection

    @contextmanager
    def write(
        self, label: Text, *, source: str | None = None, at: dt.datetime | None = None, undoes: int | None = None,
        origin: object = None,
    ) -> Iterator[Connection]:  # fmt: skip
        """One transaction, one operation. `connection.info["operation"]` is its number.

        `source`: the file or book that the data come from; its name is kept, never where it lay on this machine.
        `at` gives the operation a past (demonstrations, tests); it is never before the operation before it.
        An operation that changes nothing leaves no trace. After the commit the listeners are told.
        """
        if self.read_only:
            raise Unavailable(_("“{file}” is read-only. Nothing was changed.", file=self.name))
        if self._writer == threading.get_ident():
            raise Bug("a write inside a write: one operation is one transaction")
        changed: frozenset[str] = frozenset()
        try:
            with (
                self._one_writer(),
                failures.explained(self.name),
                self._engine.connect().execution_options(begin="BEGIN IMMEDIATE") as connection,
                engines.for_writing(connection),
                connection.begin(),
            ):
                number = self._begin_operation(connection, label, source=source, at=at, undoes=undoes)
                kept = connection.info  # taken now: a connection that broke meanwhile has none to give
                kept["operation"] = number
                try:
                    yield connection
                finally:
                    kept.pop("operation", None)
                changed = self._changed_tables(connection, number)
                if not changed:
                    connection.get_transaction().rollback()  # type: ignore[union-attr]
        except Unavailable:
            if not (changed and self.path is None and self._was_kept(number, label)):
                raise
        if changed:
            for listener in self.listeners:
                listener(Announcement(number, changed, origin))

    def _was_kept(self, number: int, label: Text) -> bool:
        """Whether a server that went away while it was told to keep an operation has done so.

        Unavailable where it cannot be asked: nobody may say then that nothing was changed.
        """
        try:
            with failures.explained(self.name), self._engine.connect() as connection, connection.begin():
                engines.take_turn(connection, patience=self.patience)  # it may be at it still
                found = history.operations(connection, self.schema, number=number)
        except Unavailable as lost:
            raise Unavailable(
                _("The server of “{file}” went away just when “{what}” was saved. Look in the history whether it is there "
                  "before you do it again.", file=self.name, what=label)
            ) from lost  # fmt: skip
        return bool(found) and (found[0].actor, found[0].label.key) == (self.actor, label.key)

    @contextmanager
    def _one_writer(self) -> Iterator[None]:
        with self._writing:
            taken = self._lock is not None and not self._lock.held
            if taken and self._lock is not None:
                self._lock.acquire(wait=self.patience)
            self._writer = threading.get_ident()
            try:
                yield
            finally:
                self._writer = None
                if taken and self._lock is not None:
                    self._lock.release()

    def _begin_operation(
        self, connection: Connection, label: Text, *, source: str | None, at: dt.datetime | None, undoes: int | None
    ) -> int:
        # The lock first, only then number and time: so number, time and commit order are the same order.
        engines.take_turn(connection, patience=self.patience)
        last, last_at = history.last_operation(connection, self.schema)
        now = history.micros(at) if at is not None else self._now(connection)
        operation, _change = history.tables(self.schema)
        connection.execute(
            insert(operation).values(
                number=last + 1, at=max(last_at + 1, now), actor=self.actor, label=label.as_json(),
                source=history.without_folders(source), undoes=undoes, first_change=history.next_change(connection, self.schema),
            )
        )  # fmt: skip
        return last + 1

    def _now(self, connection: Connection) -> int:
        if self._clock is not None:
            return history.micros(self._clock())
        if self.dialect == "sqlite":
            return history.micros(dt.datetime.now(dt.UTC))
        return int(connection.scalar(text("SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint")) or 0)

    def _changed_tables(self, connection: Connection, number: int) -> frozenset[str]:
        operation, change = history.tables(self.schema)
        first = select(operation.c.first_change).where(operation.c.number == number).scalar_subquery()
        return frozenset(connection.scalars(select(change.c.tbl).where(change.c.id >= first).distinct()))

    # --- history ---------------------------------------------------------------------------------------------------

    def operations(self, *, limit: int | None = None) -> list[Operation]:
        """What was done, newest first, at times of the book's zone."""
        with self.read() as connection:
            where = moments.zone(connection, self.schema)
            found = history.operations(connection, self.schema, limit=limit)
        return [dataclasses.replace(one, at=one.at.astimezone(where)) for one in found]

    def undo(self, number: int, *, origin: object = None) -> Undone:
        """Undo one operation, whenever it was made; itself an operation, so undoing it is redo.

        With conflicts nothing is written, and they are returned in words.
        """
        with self.read() as connection:
            found = history.operations(connection, self.schema, number=number)
        if not found:
            raise Refused(_("There is no operation {number} in this book.", number=number))
        if found[0].undone_by is not None:
            raise Refused(
                _("Operation {number} was already undone by operation {by}.", number=number, by=found[0].undone_by)
            )
        label = _label_of_undoing(found[0])
        try:
            with self.write(label, undoes=number, origin=origin) as connection:
                own = connection.info["operation"]
                restored = self._reverse_operation(connection, number, own)
        except _Conflicts as found_conflicts:
            return Undone(None, 0, found_conflicts.conflicts)
        return Undone(own if restored else None, restored, ())

    def _reverse_operation(self, connection: Connection, number: int, own: int) -> int:
        start, end = history.change_range(connection, self.schema, number)
        mine = reversal.fold(history.changes(connection, self.schema, start=start, end=end))
        later: dict[str, reversal.Before] = {}
        if end is not None and own != number + 1:
            later = reversal.fold(history.changes(connection, self.schema, start=end, tbls=list(mine)))
        steps, conflicts = {}, []
        for name, before in mine.items():
            if name in self.schema.tables:
                table = self.schema.tables[name]
                steps[name], found = reversal.plan_carefully(connection, table, before, later.get(name))
                conflicts += found
        if not conflicts:
            conflicts = self._carry_out(connection, steps)
        if conflicts:
            raise _Conflicts(tuple(conflicts))
        return sum(step.count() for step in steps.values())

    def _carry_out(self, connection: Connection, steps: dict[str, reversal.Step]) -> list[Conflict]:
        with failures.taken_keys() as taken:
            reversal.reverse(connection, self.schema, steps)
        if taken.table is not None:
            key = _("Another record has taken the same key since.")
            return [Conflict(taken.table, 0, None, key if taken.key else _("The book no longer allows this value."))]
        conflicts = reversal.dangling(connection, self.schema, steps)
        touched = {name: sorted({*step.insert, *step.update}) for name, step in steps.items()}
        for check in self.schema.info.get("checks", ()):
            conflicts += check(connection, touched)
        return conflicts

    def as_of(self, moment: moments.Moment, *, progress: Progress = SILENT) -> asof.AsOf:
        """The book as it was known at `moment`: an ISO date or time, a date, a datetime, or an operation's number."""
        with self.read() as connection:
            number = moments.operation_at(connection, self.schema, moment)
        return asof.open_as_of(self, self._engine, number, progress=progress)


class _Conflicts(Exception):
    def __init__(self, conflicts: tuple[Conflict, ...]) -> None:
        super().__init__(conflicts)
        self.conflicts = conflicts


def _label_of_undoing(operation: Operation) -> Text:
    """Undoing X is "Undo: X", undoing that is "Redo: X", and undoing that is "Undo: X" again."""
    what = operation.label.args.get("what")
    if operation.undoes is None or not isinstance(what, Text):
        return _("Undo: {what}", what=operation.label)
    return _("Redo: {what}", what=what) if operation.label.key.startswith("Undo") else _("Undo: {what}", what=what)


def _complete(schema: MetaData) -> None:
    if schema is METADATA and not schema.info.get("complete"):
        raise Bug("the rooms' tables are not loaded: import db.rooms before opening a book")


def _free_place(path: Path) -> None:
    if path.exists():
        raise Refused(_("“{file}” exists already; choose another name.", file=path.name))
    if not path.parent.is_dir():
        raise Unavailable(_("The folder “{folder}” does not exist.", folder=str(path.parent)))
    if not os.access(path.resolve().parent, os.W_OK):
        raise Unavailable(
            _("“{file}” cannot be written: the file or its folder is read-only. Nothing was changed.", file=path.name)
        )
    not_on_network(path)


def readable_book(path: Path) -> None:
    """Raise what keeps this file from being a book that can be opened."""
    if not path.exists():
        raise Refused(_("There is no book “{file}”.", file=str(path)))
    if path.is_dir():
        raise Refused(_("“{file}” is a folder, not a book.", file=path.name))
    if not os.access(path, os.R_OK):
        raise Unavailable(_("“{file}” may not be read by this account.", file=path.name))
    with path.open("rb") as stream:
        head = stream.read(16)
    if head != b"SQLite format 3\x00":
        raise Refused(_("“{file}” is not a book of this program, or it is damaged.", file=path.name))
    not_on_network(path)


def not_on_network(path: Path) -> None:
    """Refuse to work on a file on a share, and say what to do."""
    if engines.on_network(path):
        raise Unavailable(
            _("“{file}” lies on a network share, where a book can be damaged. Copy it to this computer and open the copy, "
              "or use the office's book on a server.", file=path.name)
        )  # fmt: skip


__all__ = ["Announcement", "Book", "Undone", "not_on_network", "readable_book"]
