"""Indexes of a table that is about to be filled are made once, afterwards.

Sorting is cheaper than a hundred thousand insertions into each. Part of the same transaction, so that a rollback
brings them back. Only on SQLite: on a server others are reading.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy import Connection, Table, func, select

WORTH_IT = 5000


@contextmanager
def indexes_afterwards(connection: Connection, tables: Sequence[Table], count: int) -> Iterator[None]:
    """Write `count` rows to each of `tables` inside; those that grow by half or more do without indexes meanwhile."""
    growing = [table for table in tables if _grows(connection, table, count)]
    indexes = [index for table in growing for index in sorted(table.indexes, key=lambda one: str(one.name))]
    lifted = [index for index in indexes if not index.unique]
    for index in lifted:
        index.drop(connection, checkfirst=False)
    yield
    for index in lifted:
        index.create(connection, checkfirst=False)


def _grows(connection: Connection, table: Table, count: int) -> bool:
    if connection.dialect.name != "sqlite" or count < WORTH_IT:
        return False
    return count * 2 >= (connection.scalar(select(func.count()).select_from(table)) or 0)
