"""Many rows at once, at nearly the speed of the bare driver: executemany on SQLite, COPY on PostgreSQL.

Ids are taken first, so that children can be written without reading their parents back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Sized
from contextlib import nullcontext
from itertools import chain, islice
from typing import Any, TypeVar

from sqlalchemy import Connection, Table, text

from db.core import triggers
from db.core.migrate import start_ids

_Item = TypeVar("_Item")
_A_STATEMENT = 200  # rows; SQLite takes 32,766 values at once
WORTH_A_RANGE = 100  # rows: below that, stepping aside costs more than it saves
WORTH_NARROWING = 500  # rows: exchanging the update trigger of a table of sixty columns takes as long as 200 of them


def take_ids(connection: Connection, table: Table, count: int) -> range:
    """`count` new ids of a tracked table, inside the write that will use them."""
    if connection.dialect.name == "sqlite":
        last = connection.scalar(text("SELECT seq FROM sqlite_sequence WHERE name = :name"), {"name": table.name}) or 0
        if count:
            start_ids(connection, table.name, last + count)
        return range(last + 1, last + 1 + count)
    if not count:
        return range(0)
    first = connection.scalar(text("SELECT nextval(pg_get_serial_sequence(:name, 'id'))"), {"name": f'"{table.name}"'})
    if first is None:
        raise LookupError(table.name)
    start_ids(connection, table.name, int(first) + count - 1)
    return range(int(first), int(first) + count)


def insert(
    connection: Connection,
    table: Table,
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    count: int | None = None,
) -> range:
    """Insert `rows` (values in the order of `columns`, without id); returns their ids in the same order.

    `count`: how many rows there are, where they are made on the way.
    """
    ids = take_ids(connection, table, len(rows) if isinstance(rows, Sized) else count or 0)
    whole = ((row_id, *row) for row_id, row in zip(ids, rows, strict=True))
    write_new(connection, table, ["id", *columns], whole, ids=ids)
    return ids


def write_new(
    connection: Connection, table: Table, columns: Sequence[str], rows: Iterable[Sequence[Any]], *, ids: range
) -> None:
    """As `write`, for exactly the new `ids` that `take_ids` gave: history records them as one range."""
    if connection.dialect.name != "sqlite" or len(ids) < WORTH_A_RANGE:
        write(connection, table, columns, rows)
        return
    with triggers.one_range(connection, table.name, ids):
        write(connection, table, columns, rows)


def write(connection: Connection, table: Table, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write whole rows, ids included, as they come."""
    names = ", ".join(f'"{name}"' for name in columns)
    driver: Any = connection.connection.driver_connection
    if connection.dialect.name == "sqlite":
        _write_to_file(driver, f'INSERT INTO "{table.name}" ({names}) VALUES ', len(columns), iter(rows))
        return
    with driver.cursor() as cursor, cursor.copy(f'COPY "{table.name}" ({names}) FROM STDIN') as copy:
        for row in rows:
            copy.write_row(row)


def _write_to_file(driver: Any, insert: str, width: int, rows: Iterator[Sequence[Any]]) -> None:
    # Several rows a statement: every statement looks up the table's last id first, which costs as much as a short row.
    places = f"({', '.join('?' * width)})"
    many = insert + ", ".join([places] * _A_STATEMENT)
    cursor = driver.cursor()
    while some := list(islice(rows, _A_STATEMENT)):
        statement = many if len(some) == _A_STATEMENT else insert + ", ".join([places] * len(some))
        cursor.execute(statement, list(chain.from_iterable(some)))
    cursor.close()


def update(connection: Connection, table: Table, names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Set the columns `names` of many records; each row is the new values in that order and then the id."""
    driver: Any = connection.connection.driver_connection
    if connection.dialect.name == "sqlite":
        setting = ", ".join(f'"{name}" = ?' for name in names)
        walk = iter(rows)
        first = list(islice(walk, WORTH_NARROWING))
        many = len(first) == WORTH_NARROWING
        with triggers.only_columns(connection, table, names) if many else nullcontext():
            driver.executemany(f'UPDATE "{table.name}" SET {setting} WHERE id = ?', chain(first, walk))
        return
    # One statement over a temporary table: its trigger fires once, and nothing is sent row by row.
    shape = ", ".join(f'"{name}"' for name in ("id", *names))
    setting = ", ".join(f'"{name}" = fresh."{name}"' for name in names)
    connection.exec_driver_sql(
        f'CREATE TEMP TABLE new_cells ON COMMIT DROP AS SELECT {shape} FROM "{table.name}" LIMIT 0'
    )
    with driver.cursor() as cursor, cursor.copy(f"COPY new_cells ({shape}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row((row[-1], *row[:-1]))
    connection.exec_driver_sql("ANALYZE new_cells")
    connection.exec_driver_sql(
        f'UPDATE "{table.name}" AS old SET {setting} FROM new_cells AS fresh WHERE old.id = fresh.id'
    )
    connection.exec_driver_sql("DROP TABLE new_cells")


def chunks(ids: Sequence[_Item], size: int = 500) -> Iterator[Sequence[_Item]]:
    """`ids` in pieces that fit an IN list on both engines."""
    for start in range(0, len(ids), size):
        yield ids[start : start + size]
