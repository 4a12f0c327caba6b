"""Rows of a room for a table on the screen, a sheet or a report: ids first, then the cells of those one looks at.

The ids of the filtered and sorted rows are small (8 bytes each) and held; cells are fetched by window. Never OFFSET.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Table, func, select

from db.core import bulk
from db.core.fields import Field
from db.core.text import Text, _

Order = tuple[Field, bool]


def ids(
    connection: Connection,
    table: Table,
    *,
    where: Sequence[ColumnElement[bool]] = (),
    order: Sequence[Order] = (),
    today: str | None = None,
) -> array[int]:
    """Ids of the rows of `table` that satisfy every condition, sorted by (field, descending?), then by id.

    Empty cells come last either way. `today` is needed where a field counts days until today.
    """
    query = select(table.c.id).where(*where)
    for field, descending in order:
        sort = _sort(field)
        query = query.order_by((sort.desc() if descending else sort.asc()).nulls_last())
    if order:
        query = query.order_by(table.c.id)
    cursor: Any = connection.execute(query, _given(today)).cursor
    found = array("q", [row[0] for row in cursor.fetchall()])
    # Without an order the engine may read its smallest index; asked for the order of ids it would read the whole table.
    return found if order else array("q", sorted(found))


def _sort(field: Field) -> ColumnElement[Any]:
    read = field.sort or field.read
    if read is None:
        raise LookupError(field.key)
    return read()


def rows(
    connection: Connection, table: Table, fields: Sequence[Field], wanted: Sequence[int], *, today: str | None = None
) -> list[tuple[Any, ...]]:
    """The stored values of `fields` for these ids, in their order; an id that is gone gives no row.

    Each row begins with its id.
    """
    query = select(table.c.id, *_reads(fields))
    found: dict[int, tuple[Any, ...]] = {}
    for some in bulk.chunks(wanted):
        result = connection.execute(query.where(table.c.id.in_(list(some))), _given(today))
        cursor: Any = result.cursor
        found.update((row[0], row) for row in map(tuple, cursor.fetchall()))
    return [_whole(found[number]) for number in wanted if number in found]


def _whole(row: tuple[Any, ...]) -> tuple[Any, ...]:
    # PostgreSQL sums bigint to numeric, which the driver gives as Decimal.
    return tuple(value if value is None or isinstance(value, int | str) else int(value) for value in row)


def _reads(fields: Iterable[Field]) -> list[ColumnElement[Any]]:
    return [field.read().label(f"f{at}") for at, field in enumerate(fields) if field.read is not None]


def count(connection: Connection, table: Table, *, where: Sequence[ColumnElement[bool]] = ()) -> int:
    """How many rows satisfy every condition."""
    return connection.scalar(select(func.count()).select_from(table).where(*where)) or 0


def total(
    connection: Connection, table: Table, field: Field, *, where: Sequence[ColumnElement[bool]] = ()
) -> int | None:
    """The sum of a number over the rows that satisfy every condition; None where nothing is filled in."""
    if field.read is None:
        raise LookupError(field.key)
    inner: Select[Any] = select(field.read().label("value")).select_from(table).where(*where)
    found = connection.scalar(select(func.sum(inner.subquery().c.value)))
    return None if found is None else int(found)


def values(
    connection: Connection, table: Table, field: Field, *, where: Sequence[ColumnElement[bool]] = (), limit: int = 1000
) -> list[tuple[Any, int]]:
    """(value, how many rows), most frequent first: the check list of a column's filter."""
    if field.read is None:
        raise LookupError(field.key)
    inner = select(field.read().label("value")).select_from(table).where(*where).subquery()
    query = select(inner.c.value, func.count()).group_by(inner.c.value).order_by(func.count().desc(), inner.c.value)
    return [(row[0], row[1]) for row in connection.execute(query.limit(limit))]


def _given(today: str | None) -> Mapping[str, Any]:
    return {"today": today} if today is not None else {}


def unknown_column(key: str) -> Text:
    """What a saved view shows for a field that the book does not have."""
    return _("“{key}” is not in this book.", key=key)
