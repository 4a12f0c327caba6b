"""The index of a book's file: a second file in the person's cache, which may be thrown away at any time.

It never lies beside the book: that may be on a share, or read-only. A record that changes gets a new number and its old
text is dropped; the terms of old numbers stay in the full-text table, where nothing leads to them any more (taking them
out would need exactly the text that went in). When there are more of them than records, the file is made anew. Newer
numbers are newer changes, so that the first hits are the latest.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sqlite3
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from sqlalchemy import Connection

from db.core import engines
from db.core.paths import user_folder
from db.core.search_words import Indexed, Kept, Word, form

_UNUSED_AFTER = 90 * 86_400  # seconds: then the index of a book that is gone, or never opened, goes too
_SMALL = 500  # records: all of them are looked at faster than any are looked up
_AT_ONCE = 256  # rows of an answer
_SPARE = 5_000  # old numbers that are no reason to make the file anew


@dataclass(frozen=True)
class Mark:
    """How far an index goes: the last change that is in it, and the operation by which the book is known again."""

    form: str
    change: int
    operation: int
    at: int

    def same_book(self, connection: Connection) -> bool:
        """Whether a book still is the one: another may lie in its place, or an earlier state of it."""
        query = f"SELECT at FROM operation WHERE number = {self.operation}"
        return (connection.exec_driver_sql(query).scalar() or 0) == self.at


_NOT_ITS_FAULT = ("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_FULL", "SQLITE_IOERR", "SQLITE_READONLY", "SQLITE_CANTOPEN")
Candidate = tuple[int, int, Kept]  # number of the text, id of the record, what is looked at


def place_of(book: Path) -> Path:
    """Where the index of a book's file lies: in the cache, or for temporary files where the cache is on a share."""
    folder = user_folder("cache") / "search"
    if engines.on_network(folder.parent):
        folder = Path(tempfile.gettempdir()) / f"zhaoshang-search-{os.getuid() if hasattr(os, 'getuid') else ''}"
    name = hashlib.sha256(str(book.resolve()).encode()).hexdigest()[:24]
    return folder / f"{name}.idx"


def forget_unused(folder: Path, *, now: float | None = None) -> None:
    """Remove the indexes that nobody has used for three months: they hold the texts of books."""
    for path in folder.glob("*.idx"):
        with contextlib.suppress(OSError):
            if (time.time() if now is None else now) - path.stat().st_mtime > _UNUSED_AFTER:
                _remove(path)


class Doubtful(Exception):
    """The index cannot be asked or written now; `broken` where it will not be better later."""

    def __init__(self, error: Exception, *, broken: bool) -> None:
        super().__init__(str(error))
        self.broken = broken


@contextlib.contextmanager
def _trusted() -> Iterator[None]:
    try:
        yield
    except OSError as error:  # its folder cannot be made
        raise Doubtful(error, broken=False) from error
    except sqlite3.Error as error:
        name = getattr(error, "sqlite_errorname", None) or ""
        raise Doubtful(error, broken=not name.startswith(_NOT_ITS_FAULT)) from error


class FileIndex:
    """See the module. `Doubtful` is raised where it fails: the book is looked at directly then."""

    def __init__(self, path: Path, subjects: Sequence[str]) -> None:
        self.path = path
        self._subjects = tuple(subjects)
        self._connection: sqlite3.Connection | None = None

    @property
    def _db(self) -> sqlite3.Connection:
        if self._connection is None:
            self._connection = self._opened()
        return self._connection

    def _opened(self) -> sqlite3.Connection:
        fresh = not self.path.exists()
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        connection = sqlite3.connect(self.path, isolation_level=None, check_same_thread=False, timeout=2)
        try:
            # Rarely copied back: while the index is made, the same pages are written again and again.
            for setting in (
                "journal_mode = WAL", "synchronous = NORMAL", "cache_size = -32000", "wal_autocheckpoint = 10000",
            ):  # fmt: skip
                connection.execute(f"PRAGMA {setting}")
            if fresh:
                self.path.chmod(0o600)
            connection.execute("BEGIN IMMEDIATE")
            self._make(connection)
            connection.execute("COMMIT")
        except BaseException:
            connection.close()
            raise
        os.utime(self.path)
        return connection

    def _make(self, connection: sqlite3.Connection) -> None:
        connection.execute("CREATE TABLE IF NOT EXISTS mark (id INTEGER PRIMARY KEY, said TEXT)")
        for key in self._subjects:
            connection.execute(
                f"CREATE TABLE IF NOT EXISTS text_{key} (id INTEGER PRIMARY KEY AUTOINCREMENT, record INTEGER UNIQUE, "
                "names TEXT, texts TEXT, sounds TEXT, initials TEXT, links TEXT)"
            )
            connection.execute(f"CREATE INDEX IF NOT EXISTS name_{key} ON text_{key}(names)")
            connection.execute(
                f"CREATE VIRTUAL TABLE IF NOT EXISTS terms_{key} USING "
                "fts5(terms, content='', detail=none, columnsize=0, tokenize='ascii')"
            )

    def close(self) -> None:
        """Let go of the file."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def discard(self) -> None:
        """Throw the file away."""
        self.close()
        with contextlib.suppress(OSError):
            _remove(self.path)

    # --- how far it goes -----------------------------------------------------------------------------------------------

    def mark(self, _connection: Connection) -> Mark | None:
        """What it says of itself; None where it says nothing, or was made in another form."""
        with _trusted():
            row = self._db.execute("SELECT said FROM mark").fetchone()
        said = json.loads(row[0]) if row is not None else {}
        return Mark(**said) if said.get("form") == form() else None

    def set_mark(self, mark: Mark) -> None:
        """Say how far it goes now."""
        self._db.execute("INSERT OR REPLACE INTO mark VALUES (1, ?)", (json.dumps(asdict(mark)),))

    def count(self, key: str) -> tuple[int, int]:
        """How many records it has of a subject, and how many numbers it gave out."""
        (records,) = self._db.execute(f"SELECT count(*) FROM text_{key}").fetchone()
        return records, self._last(key)

    def _last(self, key: str) -> int:
        with _trusted():
            row = self._db.execute("SELECT seq FROM sqlite_sequence WHERE name = ?", (f"text_{key}",)).fetchone()
        return row[0] if row else 0

    @property
    def worn(self) -> bool:
        """Whether most of its numbers are old."""
        with _trusted():
            return any(given > 2 * records + _SPARE for records, given in map(self.count, self._subjects))

    def claim(self) -> bool:
        """A file is written in short transactions: whoever comes second finds it done."""
        return True

    def release(self) -> None:
        """Nothing was taken."""

    # --- writing -------------------------------------------------------------------------------------------------------

    @contextlib.contextmanager
    def writing(self) -> Iterator[None]:
        """One transaction."""
        with _trusted():
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    def empty(self) -> None:
        """Take everything out."""
        self._db.execute("DELETE FROM mark")
        for key in self._subjects:
            self._db.execute(f"DROP TABLE text_{key}")
            self._db.execute(f"DROP TABLE terms_{key}")
        self._make(self._db)

    def put(self, key: str, asked: Sequence[int], found: Sequence[Indexed]) -> None:
        """Of the records `asked`, these were `found`: put them in, and the others out."""
        db = self._db
        places = ",".join("?" * len(asked))
        there = {
            row[0]: row[1:]
            for row in db.execute(
                f"SELECT record, names, texts, sounds, initials, links FROM text_{key} WHERE record IN ({places})",
                list(asked),
            )
        }
        new = [one for one in found if there.get(one.record) != one.kept] if there else found
        kept = {one.record for one in found} - {one.record for one in new}
        gone = [record for record in there if record not in kept]
        db.executemany(f"DELETE FROM text_{key} WHERE record = ?", ((record,) for record in gone))
        last = self._last(key)
        db.executemany(
            f"INSERT INTO terms_{key}(rowid, terms) VALUES (?, ?)",
            ((number, one.terms) for number, one in enumerate(new, last + 1)),
        )
        db.executemany(
            f"INSERT INTO text_{key} VALUES (?, ?, ?, ?, ?, ?, ?)",
            ((number, one.record, *one.kept) for number, one in enumerate(new, last + 1)),
        )

    # --- asking --------------------------------------------------------------------------------------------------------

    def candidates(
        self, _connection: Connection, key: str, words: Sequence[Word], *, limit: int | None, in_names: bool = False
    ) -> Iterator[Candidate]:
        """The records that the words propose, latest first; with `in_names` by the characters of their names."""
        if self._last(key) <= _SMALL:
            return self.every(_connection, key)
        asked = " AND ".join(f"({_matching((word.in_names(),) if in_names else word.proposals())})" for word in words)
        return self._rows(
            key, f"terms_{key} JOIN text_{key} AS x ON x.id = terms_{key}.rowid WHERE terms_{key} MATCH ? ORDER BY terms_{key}.rowid DESC",
            (asked,),
        )  # fmt: skip

    def every(self, _connection: Connection, key: str) -> Iterator[Candidate]:
        """All records, latest first."""
        return self._rows(key, f"text_{key} AS x ORDER BY x.id DESC", ())

    def beginning(self, _connection: Connection, key: str, start: str, *, limit: int) -> Iterator[Candidate]:
        """Records whose names begin with `start`, the shortest of them in any case."""
        where = f"text_{key} AS x WHERE names >= ? AND names < ? ORDER BY names LIMIT ?"
        return self._rows(key, where, (start, start + chr(0x10FFFF), limit))

    def gapped(self, _connection: Connection, key: str, patterns: Sequence[str]) -> Iterator[Candidate]:
        """Records whose initials have these letters in order, latest first."""
        where = " AND ".join("x.initials LIKE ?" for _pattern in patterns)
        return self._rows(key, f"text_{key} AS x WHERE {where} ORDER BY x.id DESC", tuple(patterns))

    def _rows(self, key: str, source: str, given: tuple[object, ...]) -> Iterator[Candidate]:
        query = f"SELECT x.id, x.record, x.names, x.texts, x.sounds, x.initials, x.links FROM {source}"
        with _trusted():
            cursor = self._db.execute(query, given)
        while True:
            with _trusted():
                some = cursor.fetchmany(_AT_ONCE)
            if not some:
                return
            for row in some:
                yield row[0], row[1], row[2:]


def _matching(ways: Iterable[tuple[str, ...]]) -> str:
    said = (" AND ".join(_quoted(term) for term in terms) for terms in ways if terms)
    return " OR ".join(f"({way})" for way in dict.fromkeys(said)) or '""'


def _quoted(term: str) -> str:
    return f'"{term[:-1]}"*' if term.endswith("*") else f'"{term}"'


def _remove(path: Path) -> None:
    for ending in ("", "-wal", "-shm"):
        path.with_name(path.name + ending).unlink(missing_ok=True)
