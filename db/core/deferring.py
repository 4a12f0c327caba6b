"""Indexes: cheaper made once, afterwards, than kept up again and again while much is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext

from sqlalchemy import Connection, Index, Table, func, select

WORTH_IT = 5000


@contextmanager
def indexes_afterwards(connection: Connection, tables: Sequence[Table], count: int) -> Iterator[None]:
    """Write `count` rows to each of `tables` inside; those that grow by half or more do without indexes meanwhile.

    Sorting is cheaper than a hundred thousand insertions into each. Part of the same transaction, so that a rollback
    brings them back. Only on SQLite: on a server others are reading.
    """
    growing = [table for table in tables if _is_much(connection, table, count)]
    indexes = [index for table in growing for index in _plain(table)]
    with _little_cache(connection) if indexes else nullcontext(), _without(connection, indexes):
        yield


@contextmanager
def indexes_of_what_is_left(connection: Connection, counts: Mapping[Table, int]) -> Iterator[None]:
    """Delete so many rows of each table inside; those that lose half or more do without indexes meanwhile.

    As `indexes_afterwards`; but the index of a link stays: by it every deletion looks for records that depend on it.
    """
    shrinking = [table for table, count in counts.items() if _is_much(connection, table, count)]
    indexes = [index for table in shrinking for index in _plain(table)]
    with _without(connection, [index for index in indexes if not index.columns[0].foreign_keys]):
        yield


@contextmanager
def _without(connection: Connection, indexes: Sequence[Index]) -> Iterator[None]:
    """Lift those of the indexes that the book has by that name: in an older one a name may be another."""
    query = "SELECT name FROM sqlite_master WHERE type = 'index'"
    there = set(connection.exec_driver_sql(query).scalars()) if indexes else set()
    lifted = [index for index in indexes if index.name in there]
    for index in lifted:
        index.drop(connection, checkfirst=False)
    yield
    for index in lifted:
        index.create(connection, checkfirst=False)


def _plain(table: Table) -> list[Index]:
    return sorted((index for index in table.indexes if not index.unique), key=lambda one: str(one.name))


@contextmanager
def _little_cache(connection: Connection) -> Iterator[None]:
    """Pages that are filled one after the other are not looked at again.

    A page that waits in the cache to be written is kept a second time as soon as a savepoint begins, in a list that
    every further statement walks.
    """
    usual = connection.exec_driver_sql("PRAGMA cache_size").scalar_one()
    connection.exec_driver_sql("PRAGMA cache_size = -1000")
    try:
        yield
    finally:
        connection.exec_driver_sql(f"PRAGMA cache_size = {int(usual)}")


def _is_much(connection: Connection, table: Table, count: int) -> bool:
    if connection.dialect.name != "sqlite" or count < WORTH_IT:
        return False
    return count * 2 >= (connection.scalar(select(func.count()).select_from(table)) or 0)
