"""Contestants that search: the book's index, and the barest full-text table that could do the job."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from tests.bench import data, fixtures
from tests.bench.book_jobs import remove
from tests.bench.fixtures import desk
from tests.bench.measure import run, worker
from tests.bench.worker import Place

if TYPE_CHECKING:
    from db.core.book import Book

QUERIES, FIRST = 300, 200
_TEXT = (
    1,
    2,
    3,
    4,
    7,
    20,
    22,
    23,
    24,
)  # nine columns: code, name, investor, credit code, content, street, leader, contact
_NAMES = (2, 3)


def _queries(place: Place) -> list[str]:
    """What people type while they look for a record: a few more characters of it with every query."""
    from db.core import pinyin

    random = Random(place.rows)
    rows = [row for row in data.rows(min(place.rows, 1000)) if random.random() < 0.3]
    found: list[str] = []
    while len(found) < QUERIES:
        name = str(random.choice(rows)[random.choice(_NAMES)])[: random.randrange(6, 12)]
        start, length = random.randrange(4), random.randrange(1, 7)
        part = name[start : start + length]
        found += [part, pinyin.initials(name)[0][:length], pinyin.full(part)[0]]
        found.append(str(random.choice(rows)[random.choice((1, 24))])[-length - 3 :])
    return [query.lower() for query in found[:QUERIES]]


# --- ours -----------------------------------------------------------------------------------------------------------


def _book(place: Place) -> Book:
    import db.rooms  # noqa: F401 - loads every room's tables
    from db.core.book import Book

    return Book.open(os.environ.get("ZHAOSHANG_BENCH_URL") or place.imported)


def indexed(place: Place) -> None:
    """The imported book has its index, and the limit its own, at this desk."""
    if not _limit_file(place).exists():
        run(worker("search_jobs:make_limit", place.folder, place.rows))
    run(worker("search_jobs:make_index", place.folder, place.rows), desk(place.folder))


def make_index(place: Place) -> None:
    """Let the index catch up."""
    from db.core import search

    with _book(place) as book:
        assert search.catch_up(book)


def serve(place: Place) -> None:
    """Not measured: the imported book on the server, its index caught up, and tidied up as a server does by itself."""
    import db.rooms  # noqa: F401 - loads every room's tables
    from db.core import search
    from db.core.book import Book
    from db.core.engines import server_engine
    from db.sheets.writing import commit
    from tests.bench.history_jobs import planned

    url = os.environ["ZHAOSHANG_BENCH_URL"]
    with Book.create(url) as book:
        assert commit(book, planned(place, book)) is not None
        assert search.catch_up(book)
        search.close(book)
    engine = server_engine(url)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("VACUUM ANALYZE")
    engine.dispose()


def settled(place: Place) -> None:
    """The demonstration book, which search has caught up with at this desk: nothing works in the background."""
    fixtures.demonstration(place)
    run(worker("search_jobs:settle", place.folder, place.rows), desk(place.folder))


def settle(place: Place) -> None:
    """Let the index of the demonstration book catch up."""
    import db.rooms  # noqa: F401 - loads every room's tables
    from db.core import search
    from db.core.book import Book

    with Book.open(place.demonstration) as book:
        assert search.catch_up(book)


def ours_keystrokes(place: Place) -> None:
    """The queries, each with the first hits among the projects."""
    from db.core import search

    asked = _queries(place)
    with _book(place) as book, book.read() as connection:
        search.catch_up(book)
        assert search.find(connection, "项目", rooms=["projects"]).hits["project"]
        place.begin()
        for query in asked:
            search.find(connection, query, limit=FIRST, rooms=["projects"])
        place.end()


def ours_catching_up(place: Place) -> None:
    """The whole index of a book into which a ledger was imported: its projects and as many companies."""
    from db.core import search
    from db.core.search_file import place_of

    remove(str(place_of(place.imported)))
    with _book(place) as book:
        place.begin()
        assert search.catch_up(book)
        place.end()


# --- the limit ------------------------------------------------------------------------------------------------------


def _limit_file(place: Place) -> Path:
    return place.folder / f"terms-{place.rows}.sqlite"


def _grams(text: str) -> str:
    return " ".join({*text, *(a + b for a, b in pairwise(text))})


def _documents(place: Place) -> Iterator[tuple[int, str]]:
    from db.core import pinyin

    for number, row in enumerate(data.rows(place.rows), 1):
        names = [str(row[at]) for at in _NAMES]
        spelt = [pinyin.initials(name)[0] for name in names] + [pinyin.full(name)[0] for name in names]
        yield number, "\n".join([*(str(row[at] or "") for at in _TEXT), *spelt]).lower()


def make_limit(place: Place) -> None:
    """Single characters and pairs of everything, and the texts beside them."""
    with closing(sqlite3.connect(_limit_file(place))) as connection, connection:
        _fill(connection, list(_documents(place)))


def _fill(connection: sqlite3.Connection, documents: list[tuple[int, str]]) -> None:
    connection.execute(
        "CREATE VIRTUAL TABLE terms USING fts5(grams, content='', detail=none, columnsize=0, tokenize='ascii')"
    )
    connection.execute("CREATE TABLE texts (id INTEGER PRIMARY KEY, text TEXT)")
    connection.executemany("INSERT INTO texts VALUES (?, ?)", documents)
    connection.executemany(
        "INSERT INTO terms(rowid, grams) VALUES (?, ?)", ((number, _grams(text)) for number, text in documents)
    )


def limit_keystrokes(place: Place) -> None:
    """All pairs, then instr."""
    asked = _queries(place)
    query = (
        "SELECT x.id, x.text FROM terms JOIN texts x ON x.id = terms.rowid WHERE terms MATCH ? AND instr(x.text, ?) "
        f"ORDER BY terms.rowid DESC LIMIT {FIRST}"
    )
    with closing(sqlite3.connect(_limit_file(place))) as connection:
        place.begin()
        for text in asked:
            pairs = [text] if len(text) == 1 else [a + b for a, b in pairwise(text)]
            connection.execute(query, (" AND ".join(f'"{pair}"' for pair in pairs), text)).fetchall()
        place.end()


def like(place: Place) -> None:
    """A peer: LIKE over nine columns; the first twenty queries stand for all."""
    asked = _queries(place)[:20]
    columns = " OR ".join(f"{data.COLUMNS[at]} LIKE ?1" for at in _TEXT)
    with closing(sqlite3.connect(place.table)) as connection:
        place.begin()
        for _times in range(QUERIES // len(asked)):
            for text in asked:
                query = f"SELECT id FROM ledger WHERE {columns} ORDER BY id DESC LIMIT {FIRST}"
                connection.execute(query, (f"%{text}%",)).fetchall()
        place.end()


def limit_catching_up(place: Place) -> None:
    """Cutting the texts into terms and inserting them, into a new file, without looking at any book."""
    documents = list(_documents(place))
    path = place.scratch("terms.sqlite")
    with closing(sqlite3.connect(path)) as connection:
        place.begin()
        with connection:
            _fill(connection, documents)
        place.end()
    remove(str(path))
