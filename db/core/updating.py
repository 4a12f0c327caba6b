"""Setting one column of many rows at once, on both engines, through the same triggers as any other change."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Table


def update_column(connection: Connection, table: Table, column: str, pairs: Sequence[tuple[int, Any]]) -> None:
    """Set `column` of the rows (id, value)."""
    if not pairs:
        return
    if connection.dialect.name == "sqlite":
        statement = f'UPDATE "{table.name}" SET "{column}" = ? WHERE id = ?'
        connection.exec_driver_sql(statement, [(value, row) for row, value in pairs])
        return
    kind = table.c[column].type.compile(dialect=connection.dialect)
    statement = (
        f'UPDATE "{table.name}" AS t SET "{column}" = f.value '
        f"FROM unnest(%s::bigint[], %s::{kind}[]) AS f(row, value) WHERE t.id = f.row"
    )
    connection.exec_driver_sql(statement, ([row for row, _value in pairs], [value for _row, value in pairs]))
