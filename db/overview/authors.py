"""Who changed a cell last, and when, within a stretch of the history."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, MetaData, select

from db.core import history, moments

# Table, record, and column; None for the column means that the record itself came or went, or any of its cells.
Spot = tuple[str, int, str | None]


@dataclass(frozen=True)
class Author:
    """Who, when (in the book's zone) and in which operation."""

    operation: int
    name: str
    at: dt.datetime


def authors(
    connection: Connection, schema: MetaData, wanted: Iterable[Spot], *, after: int, until: int | None = None
) -> dict[Spot, Author]:
    """The last change of each spot by an operation later than `after` and no later than `until`."""
    spots: dict[tuple[str, int], set[str | None]] = {}
    for table, row, column in wanted:
        spots.setdefault((table, row), set()).add(column)
    if not spots:
        return {}
    start, end = history.change_range(connection, schema, after)[1], None
    if until is not None:
        end = history.change_range(connection, schema, until)[1]
    if start is None:
        return {}
    last = _last_changes(connection, schema, spots, start, end)
    made = _operations(connection, schema, after)
    return {spot: author for spot, change in last.items() if (author := _made_by(made, change)) is not None}


def _last_changes(
    connection: Connection, schema: MetaData, spots: dict[tuple[str, int], set[str | None]], start: int, end: int | None
) -> dict[Spot, int]:
    found: dict[Spot, int] = {}
    tables = sorted({table for table, _row in spots})
    rows = {table: sorted(row for name, row in spots if name == table) for table in tables}
    for change in history.changes(connection, schema, start=start, end=end, tbls=tables):
        for row in _among(rows[change.tbl], change.first_id, change.last_id):
            for column in spots[change.tbl, row]:
                # An update names the columns that it changed; anything else is of the whole record.
                if column is None or change.kind != history.UPDATED or f'"{column}":' in (change.old or ""):
                    found[change.tbl, row, column] = change.id
    return found


def _among(rows: list[int], first: int, last: int) -> list[int]:
    return rows[bisect_right(rows, first - 1) : bisect_right(rows, last)]


def _operations(connection: Connection, schema: MetaData, after: int) -> list[tuple[int, Author]]:
    """(first change, author) of the operations later than `after`, in order."""
    operation, _change = history.tables(schema)
    where = moments.zone(connection, schema)
    of = operation.c
    query = select(of.number, of.first_change, of.actor, of.at).where(of.number > after).order_by(of.number)
    return [
        (row.first_change, Author(row.number, row.actor, history.from_micros(row.at).astimezone(where)))
        for row in connection.execute(query)
    ]


def _made_by(made: list[tuple[int, Author]], change: int) -> Author | None:
    at = bisect_right(made, change, key=lambda one: one[0]) - 1
    return made[at][1] if at >= 0 else None
