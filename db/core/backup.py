"""Copies of a book that can be trusted: made while it is open, from either engine, always as one file.

A plain copy of an open book can lack what was just committed; `backup` cannot. Nothing is ever overwritten.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import Connection, MetaData, select

from db.core import bulk, engines, failures, migrate, triggers
from db.core.book import Book, not_on_network, readable_book
from db.core.checking import Flaw, check
from db.core.errors import Refused, Unavailable
from db.core.lock import FileLock
from db.core.tables import METADATA, is_tracked
from db.core.text import _

__all__ = ["Flaw", "backup", "check", "fill", "new_file", "restore", "upgrade"]

_BATCH = 5000


def backup(book: Book, out: str | os.PathLike[str]) -> Path:
    """Copy a book, open or not, from a file or a server, into the new file `out`, history included."""
    path = Path(out)
    with new_file(path) as part:
        fill(book, part)
    return path


def fill(book: Book, part: Path) -> None:
    """Write the whole book, history and contents included, into a file that is not there yet."""
    with failures.explained(part.name.removesuffix(".part")):
        if book.path is not None:
            _copy_file(book.path, part, read_only=book.read_only)
        else:
            with book.read() as source:
                _fill_file(source, part, book.schema)


def restore(kept: str | os.PathLike[str], target: str | os.PathLike[str], *, schema: MetaData = METADATA) -> None:
    """Make a new book from a backup: a file, or all tables of an empty server's database."""
    with Book.open(kept, schema=schema) as source:
        if not engines.is_server(target):
            not_on_network(Path(target))
            backup(source, target)
            return
        engine = engines.server_engine(str(target))
        try:
            with source.read() as reading, failures.explained(engines.name_of(engine)), engine.begin() as writing:
                migrate.build(writing, schema)
                _copy_rows(reading, writing, schema)
        finally:
            engine.dispose()


def upgrade(target: str | os.PathLike[str]) -> tuple[str, Path | None]:
    """Bring a book to this program's schema. Returns the revision it had, and the copy that was kept of a file.

    A server's book is upgraded by its owner, who keeps the server's own backups.
    """
    if engines.is_server(target):
        engine = engines.server_engine(str(target))
        try:
            with failures.explained(engines.name_of(engine)):
                return migrate.upgrade(engine, engines.name_of(engine), keep=lambda: None)
        finally:
            engine.dispose()
    path = Path(target)
    readable_book(path)
    lock = FileLock(path)
    lock.acquire()
    engine = engines.file_engine(path)
    try:
        with failures.explained(path.name):
            return migrate.upgrade(engine, path.name, keep=lambda: _keep(path))
    finally:
        engine.dispose()
        lock.release()


def _keep(path: Path) -> Path:
    """Copy a book beside itself before it is upgraded; the number counts up, nothing is overwritten."""
    number = 1
    while (kept := path.with_name(f"{path.stem}.before-upgrade-{number}.zsb")).exists():
        number += 1
    with new_file(kept) as part:
        _copy_file(path, part, read_only=False)
    return kept


@contextmanager
def new_file(path: Path) -> Iterator[Path]:
    """A place to write to; the file gets its name only when it is whole."""
    if path.exists():
        raise Refused(_("“{file}” exists already; choose another name.", file=path.name))
    if not path.absolute().parent.is_dir():
        raise Refused(_("The folder “{folder}” does not exist.", folder=str(path.parent)))
    part = path.with_name(path.name + ".part")
    try:
        part.unlink(missing_ok=True)
        yield part
        with part.open("rb+") as stream:
            os.fsync(stream.fileno())
        part.replace(path)
    except OSError as error:
        sentence = _("“{file}” cannot be written: the disk is full, or its folder is read-only.", file=path.name)
        raise Unavailable(sentence) from error
    finally:
        for left in ("", "-wal", "-shm", "-journal"):
            with contextlib.suppress(OSError):
                part.with_name(part.name + left).unlink()


def _copy_file(path: Path, part: Path, *, read_only: bool) -> None:
    engine = engines.file_engine(path, read_only=read_only)
    try:
        with engine.connect() as connection, closing(sqlite3.connect(part, isolation_level=None)) as copy:
            source = connection.connection.driver_connection
            source.backup(copy)  # type: ignore[union-attr]
            copy.execute("PRAGMA journal_mode = DELETE")
    finally:
        engine.dispose()


def _fill_file(source: Connection, part: Path, schema: MetaData) -> None:
    engine = engines.file_engine(part, throwaway=True)
    try:
        with engine.begin() as target:
            migrate.build(target, schema)
            _copy_rows(source, target, schema)
        with engine.connect() as target:
            target.connection.driver_connection.execute("PRAGMA journal_mode = DELETE")  # type: ignore[union-attr]
    finally:
        engine.dispose()


def _copy_rows(source: Connection, target: Connection, schema: MetaData) -> None:
    """All rows of all tables, as they are; the history is copied and not written again."""
    for table in schema.sorted_tables:
        if is_tracked(table):
            triggers.drop(target, table.name)
        names = [column.name for column in table.columns]
        rows = source.execute(select(table).execution_options(yield_per=table.info.get("at_once", _BATCH)))
        for batch in rows.partitions():
            bulk.write(target, table, names, batch)
        if is_tracked(table):
            triggers.make(target, table)
        if "id" in names and (is_tracked(table) or target.dialect.name != "sqlite"):
            last = migrate.last_id(source, table.name) if is_tracked(table) else _highest(target, table.name)
            if last:
                migrate.start_ids(target, table.name, last)


def _highest(connection: Connection, name: str) -> int:
    return int(connection.exec_driver_sql(f'SELECT coalesce(max(id), 0) FROM "{name}"').scalar_one())
