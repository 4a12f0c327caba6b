"""Setting one column of many rows at once, on both engines, through the same triggers as any other change."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Table

from db.core import bulk

_GATHERED = "gathered"


@contextmanager
def together(connection: Connection, table: Table) -> Iterator[None]:
    """Within it `update_column` of this table waits; at the end all columns of a record are set by one statement.

    So ten cells of a record are one change of its history, and its triggers run once. Nothing within may read what
    was set there.
    """
    cells: dict[int, dict[str, Any]] = {}
    kept = connection.info  # taken now: a connection that broke meanwhile has none to give
    kept[_GATHERED] = (table.name, cells)
    try:
        yield
    finally:
        kept.pop(_GATHERED, None)
    alike: dict[tuple[str, ...], list[int]] = {}
    for row, values in cells.items():
        alike.setdefault(tuple(values), []).append(row)
    for names, rows in alike.items():
        if len(names) == 1:
            update_column(connection, table, names[0], [(row, cells[row][names[0]]) for row in rows])
        else:
            bulk.update(connection, table, names, [(*cells[row].values(), row) for row in rows])


def update_column(connection: Connection, table: Table, column: str, pairs: Sequence[tuple[int, Any]]) -> None:
    """Set `column` of the rows (id, value)."""
    if not pairs:
        return
    gathered = connection.info.get(_GATHERED)
    if gathered is not None and gathered[0] == table.name:
        for row, value in pairs:
            gathered[1].setdefault(row, {})[column] = value
        return
    if connection.dialect.name == "sqlite":
        bulk.update(connection, table, (column,), ((value, row) for row, value in pairs))
        return
    kind = table.c[column].type.compile(dialect=connection.dialect)
    statement = (
        f'UPDATE "{table.name}" AS t SET "{column}" = f.value '
        f"FROM unnest(%s::bigint[], %s::{kind}[]) AS f(row, value) WHERE t.id = f.row"
    )
    connection.exec_driver_sql(statement, ([row for row, _value in pairs], [value for _row, value in pairs]))
