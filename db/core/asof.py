"""A copy of the book as it was: a temporary file of a SQLite book, temporary tables of a PostgreSQL one."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from sqlalchemy import Connection, Engine, inspect

from db.core import engines, failures, history, reversal, triggers
from db.core.progress import SILENT, Progress
from db.core.tables import is_tracked
from db.core.text import _

if TYPE_CHECKING:
    from db.core.book import Book

_COPYING, _TURNING = _("Copying the book"), _("Turning back to the moment")
_WORTH_LEAVING = 32  # parts of 1 MiB: copying pages is quicker than copying rows, unless most pages are contents


@dataclass
class AsOf:
    """A read-only look at a book as it was after operation `number`. Close it, or use it as a context manager."""

    book: Book
    number: int
    _read: Callable[[], Any]
    _close: Callable[[], None]

    def read(self) -> Any:
        """A context manager giving a connection to the book as it was."""
        return self._read()

    def close(self) -> None:
        """Throw the copy away."""
        self._close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open_as_of(book: Book, engine: Engine, number: int, *, progress: Progress = SILENT) -> AsOf:
    """The book as it was after operation `number`. Nothing is left of one that was cancelled on the way."""
    way = _copied_file if book.dialect == "sqlite" else _temporary_tables
    return way(book, engine, number, progress)


def _copied_file(book: Book, engine: Engine, number: int, progress: Progress) -> AsOf:
    folder = tempfile.TemporaryDirectory(prefix="zhaoshang-", ignore_cleanup_errors=True)
    path = Path(folder.name) / "as-of.zsb"
    copy = engines.file_engine(path, throwaway=True)
    try:
        with failures.explained(book.name):
            progress.step(0, 2, _COPYING)
            _copy(book, engine, copy)
            progress.step(1, 2, _TURNING)
            with copy.begin() as connection:
                _turn_back(connection, book, number)
            progress.step(2, 2, _TURNING)
    except BaseException:
        copy.dispose()
        folder.cleanup()
        raise

    def close() -> None:
        copy.dispose()
        folder.cleanup()

    return _view(book, number, copy, close)


def _copy(book: Book, source: Engine, target: Engine) -> None:
    """Without the contents of attachments, which never change: the book itself has them at any moment."""
    with source.connect() as connection:
        parts = 0
        if inspect(connection).has_table("content"):
            parts = connection.exec_driver_sql("SELECT count(*) FROM content").scalar_one()
    if parts > _WORTH_LEAVING and book.path is not None:
        _copy_without_contents(book.path, target)
        return
    copy_file(source, target)
    if parts:
        with target.connect() as connection:
            copy: Any = connection.connection.driver_connection
            copy.execute("DROP TRIGGER IF EXISTS content_delete")
            copy.execute("DELETE FROM content")


def _copy_without_contents(path: Path, target: Engine) -> None:
    with target.connect() as connection:
        copy: Any = connection.connection.driver_connection
        copy.execute("PRAGMA foreign_keys = OFF")
        copy.execute("ATTACH ? AS home", (str(path),))
        copy.execute("BEGIN")  # everything of home is read as of one moment
        made = copy.execute(
            "SELECT type, name, sql FROM home.sqlite_master WHERE sql IS NOT NULL ORDER BY rowid"
        ).fetchall()
        for _kind, name, sql in (one for one in made if one[0] == "table" and one[1] != "sqlite_sequence"):
            copy.execute(sql)
            if name != "content":
                copy.execute(f'INSERT INTO main."{name}" SELECT * FROM home."{name}"')
        copy.execute("DELETE FROM main.sqlite_sequence")
        copy.execute("INSERT INTO main.sqlite_sequence SELECT * FROM home.sqlite_sequence")
        for sql in (one[2] for one in made if one[0] == "index"):
            copy.execute(sql)
        copy.execute("COMMIT")
        copy.execute("DETACH home")
        copy.execute("PRAGMA foreign_keys = ON")


def copy_file(source: Engine, target: Engine) -> None:
    """Copy a SQLite book while it is open, whole and consistent (the backup interface, never a plain copy)."""
    with source.connect() as reading, target.connect() as writing:
        copy: Any = writing.connection.driver_connection
        copy.execute("PRAGMA journal_mode = DELETE")  # a copy in WAL cannot take over pages of another size
        reading.connection.driver_connection.backup(copy)  # type: ignore[union-attr]
        copy.execute("PRAGMA journal_mode = WAL")


def _temporary_tables(book: Book, engine: Engine, number: int, progress: Progress) -> AsOf:
    # All tables and the history of one moment, whoever writes meanwhile.
    pinned = engine.connect().execution_options(isolation_level="REPEATABLE READ")
    try:
        with failures.explained(book.name), pinned.begin():
            names = [table.name for table in book.schema.tables.values() if is_tracked(table)]
            names += ["operation", "change", "added_column"]
            for done, name in enumerate(names):
                progress.step(done, len(names), _COPYING)
                pinned.exec_driver_sql(f'CREATE TEMP TABLE "{name}" (LIKE "{name}" INCLUDING INDEXES)')
                source = f'"{_home(pinned)}"."{name}"'
                pinned.exec_driver_sql(f'INSERT INTO pg_temp."{name}" SELECT * FROM {source}')
            progress.step(len(names), len(names), _TURNING)
            _turn_back(pinned, book, number, triggered=False)
            pinned.exec_driver_sql("ANALYZE")
    except BaseException:
        pinned.invalidate()
        pinned.close()
        raise

    def close() -> None:
        pinned.invalidate()  # temporary tables end with their connection
        pinned.close()

    @contextmanager
    def read() -> Iterator[Connection]:
        with failures.explained(book.name), engines.reading(pinned) as connection, connection.begin():
            yield connection

    return AsOf(book, number, read, close)


def _home(connection: Connection) -> str:
    return str(connection.exec_driver_sql("SELECT current_schema()").scalar())


def _turn_back(connection: Connection, book: Book, number: int, *, triggered: bool = True) -> None:
    _start, end = history.change_range(connection, book.schema, number)
    if end is None:
        return
    if triggered:
        for table in book.schema.tables.values():
            if is_tracked(table):
                triggers.drop(connection, table.name)
    before = reversal.fold(history.changes(connection, book.schema, start=end))
    steps = {
        name: reversal.plan_blindly(connection, book.schema.tables[name], found)
        for name, found in before.items()
        if name in book.schema.tables
    }
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
    reversal.reverse(connection, book.schema, steps)
    operation, change = history.tables(book.schema)
    connection.execute(change.delete().where(change.c.id >= end))
    connection.execute(operation.delete().where(operation.c.number > number))


def _view(book: Book, number: int, engine: Engine, close: object) -> AsOf:
    @contextmanager
    def read() -> Iterator[Connection]:
        with (
            failures.explained(book.name),
            engine.connect() as plain,
            engines.reading(plain) as connection,
            connection.begin(),
        ):
            yield connection

    return AsOf(book, number, read, close)  # type: ignore[arg-type]
