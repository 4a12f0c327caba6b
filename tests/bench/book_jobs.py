"""Contestants that write rows: the bare driver, the book, and what else there is, on SQLite and on PostgreSQL."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.bench.data import COLUMNS, HUNDREDTHS, WHOLE
from tests.bench.fixtures import create_table
from tests.bench.worker import Place

if TYPE_CHECKING:
    from sqlalchemy import Engine, MetaData

    from db.core.book import Book

Row = tuple[int | str | None, ...]
CHANGED = ("c11", "c19", "c28")  # what the update sets: an amount, a date, a text
_PLACES = ", ".join("?" * (len(COLUMNS) + 1))


def target(place: Place) -> str:
    """The database that is to be filled: a new file, or the server's empty database."""
    return os.environ.get("ZHAOSHANG_BENCH_URL") or str(place.scratch("book.zsb"))


def remove(path: str) -> None:
    """Take a SQLite file away with what lies beside it."""
    for name in (path, f"{path}-wal", f"{path}-shm", f"{path}-journal", f"{path}.lock"):
        Path(name).unlink(missing_ok=True)


def _rows(place: Place) -> list[Row]:
    """The base ledger as a list of tuples."""
    with closing(sqlite3.connect(place.table)) as connection:
        return connection.execute(f"SELECT {', '.join(COLUMNS)} FROM ledger ORDER BY id").fetchall()


def _schema(*, plain: bool = False) -> MetaData:
    from sqlalchemy import MetaData

    from db.core import tables
    from db.core.history import history_tables

    metadata = MetaData(naming_convention=tables.METADATA.naming_convention)
    history_tables(metadata)
    columns = [
        tables.whole(key) if at in WHOLE or at in HUNDREDTHS else tables.words(key) for at, key in enumerate(COLUMNS)
    ]
    table = tables.tracked("ledger", *columns, metadata=metadata)
    if plain:
        table.info["tracked"] = False
    return metadata


def _book(place: Place, *, plain: bool = False) -> Book:
    from db.core.book import Book

    return Book.create(target(place), schema=_schema(plain=plain), actor="bench")


def _fresh(rows: Sequence[Row]) -> list[Row]:
    """New values of `CHANGED` and the id, of every row."""
    return [((row[11] or 0) + 1, "2025-01-01", f"{row[28]}，已开工", at) for at, row in enumerate(rows, 1)]  # type: ignore[operator]


def ours_insert(place: Place) -> None:
    """The book: one write, history kept."""
    from db.core import bulk
    from db.core.text import Text

    rows = _rows(place)
    with _book(place) as book:
        table = book.schema.tables["ledger"]
        place.begin()
        with book.write(Text("insert")) as connection:
            bulk.insert(connection, table, COLUMNS, rows)
        place.end()
    remove(target(place))


def _update(place: Place, *, plain: bool) -> None:
    from db.core import bulk
    from db.core.text import Text

    rows = _rows(place)
    with _book(place, plain=plain) as book:
        table = book.schema.tables["ledger"]
        with book.write(Text("insert")) as connection:
            bulk.insert(connection, table, COLUMNS, rows)
            connection.execute(book.schema.tables["change"].insert().values(tbl="x", kind="i", first_id=1, last_id=1))
        fresh = _fresh(rows)
        with book.write(Text("update")) as connection:
            if book.dialect != "sqlite":
                connection.exec_driver_sql("ANALYZE ledger")
            place.begin()
            bulk.update(connection, table, CHANGED, fresh)
            place.end()
    remove(target(place))


def ours_update(place: Place) -> None:
    """Three cells of every row changed, history kept."""
    _update(place, plain=False)


def plain_update(place: Place) -> None:
    """The limit: the same statement on a table without triggers."""
    _update(place, plain=True)


def raw_insert(place: Place) -> None:
    """The limit on SQLite, and the yardstick U: executemany, one transaction, nothing else."""
    rows = [(at, *row) for at, row in enumerate(_rows(place), 1)]
    path = target(place)
    connection = sqlite3.connect(path)
    connection.execute(create_table().replace("BIGINT PRIMARY KEY", "INTEGER PRIMARY KEY"))
    place.begin()
    with connection:
        connection.executemany(f"INSERT INTO ledger VALUES ({_PLACES})", rows)
    place.end()
    connection.close()
    remove(path)


def _engine(place: Place) -> Engine:
    from sqlalchemy import create_engine

    url = os.environ.get("ZHAOSHANG_BENCH_URL")
    return create_engine(url or f"sqlite:///{target(place)}")


def core_insert(place: Place) -> None:
    """SQLAlchemy Core: insert() with a list of dictionaries."""
    rows = [dict(zip(COLUMNS, row, strict=True)) for row in _rows(place)]
    engine, schema = _engine(place), _schema(plain=True)
    schema.create_all(engine)
    place.begin()
    with engine.begin() as connection:
        connection.execute(schema.tables["ledger"].insert(), rows)
    place.end()
    engine.dispose()
    remove(target(place))


def _mapped() -> Any:
    from sqlalchemy.orm import registry

    class Line:
        def __init__(self, **values: Any) -> None:
            for name, value in values.items():
                setattr(self, name, value)

    registry().map_imperatively(Line, _schema(plain=True).tables["ledger"])
    return Line


def orm_bulk(place: Place) -> None:
    """SQLAlchemy's ORM: insert() of a mapped class in a session."""
    from sqlalchemy import insert
    from sqlalchemy.orm import Session

    rows = [dict(zip(COLUMNS, row, strict=True)) for row in _rows(place)]
    engine, line = _engine(place), _mapped()
    _schema(plain=True).create_all(engine)
    place.begin()
    with Session(engine) as session, session.begin():
        session.execute(insert(line), rows)
    place.end()
    engine.dispose()
    remove(target(place))


def orm_add_all(place: Place) -> None:
    """SQLAlchemy's ORM: objects and add_all."""
    from sqlalchemy.orm import Session

    rows = _rows(place)
    engine, line = _engine(place), _mapped()
    _schema(plain=True).create_all(engine)
    place.begin()
    with Session(engine) as session, session.begin():
        session.add_all([line(**dict(zip(COLUMNS, row, strict=True))) for row in rows])
    place.end()
    engine.dispose()
    remove(target(place))


def _server() -> Any:
    import psycopg

    connection = psycopg.connect(os.environ["ZHAOSHANG_BENCH_URL"].replace("+psycopg", ""))
    connection.execute(create_table())
    connection.commit()
    return connection


def copy(place: Place) -> None:
    """The limit on PostgreSQL: COPY of the rows by the driver."""
    rows = [(at, *row) for at, row in enumerate(_rows(place), 1)]
    connection = _server()
    place.begin()
    with connection.cursor() as cursor, cursor.copy("COPY ledger FROM STDIN") as lines:
        for row in rows:
            lines.write_row(row)
    connection.commit()
    place.end()
    connection.close()


def server_executemany(place: Place) -> None:
    """executemany of the driver on PostgreSQL (pipelined)."""
    rows = [(at, *row) for at, row in enumerate(_rows(place), 1)]
    connection = _server()
    place.begin()
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO ledger VALUES ({_PLACES.replace('?', '%s')})", rows)
    connection.commit()
    place.end()
    connection.close()
