"""Contestants that open, sort, filter and group the ledger, and the bare SQL beside which they stand."""

from __future__ import annotations

import sqlite3
from array import array
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from tests.bench.worker import Place

TODAY = "2024-07-17"
_SORTED = "SELECT id FROM project ORDER BY agreed_investment DESC NULLS LAST, id"
_BY_WORDS = "SELECT id FROM project NOT INDEXED ORDER BY name, id"
_FILTERED = "SELECT id FROM project WHERE stage IN ('signed', 'started') AND agreed_investment >= 10000000000"
_GROUPED = """SELECT count(*), street, industry, sum(agreed_investment), sum(total_investment)
    FROM project GROUP BY street, industry"""


@contextmanager
def _ours(place: Place) -> Iterator[tuple[Any, Any]]:
    """A connection to the book and the room of projects."""
    from db import rooms
    from db.core.book import Book

    with Book.open(place.demonstration) as book, book.read() as connection:
        yield connection, rooms.room("projects")


def _cold(place: Place, work: Callable[[], Any]) -> Any:
    """Done once, with pages and statements in memory, and nothing remembered of the order."""
    place.begin()
    found = work()
    place.end()
    assert found
    return found


def _warm(place: Place, work: Callable[[], Any]) -> Any:
    """Done twice, the second time measured: a ledger is open all day, pages and statements are in memory."""
    work()
    place.begin()
    found = work()
    place.end()
    assert found
    return found


def _raw(place: Place, statement: str) -> None:
    connection = sqlite3.connect(place.demonstration)
    connection.execute("PRAGMA cache_size = -32000")
    _warm(place, lambda: array("q", [row[0] for row in connection.execute(statement).fetchall()]))
    connection.close()


def ours_ids(place: Place) -> None:
    """Every id, as a ledger holds them."""
    from db.core import listing

    with _ours(place) as (connection, room):
        _warm(place, lambda: listing.ids(connection, room.table))


def raw_ids(place: Place) -> None:
    """The limit."""
    _raw(place, "SELECT id FROM project")


def _sorted(place: Place, key: str, *, descending: bool, once: bool = False) -> None:
    from db.core import listing
    from db.projects.fields import field_of

    field = field_of(key)
    assert field is not None
    with _ours(place) as (connection, room):
        if once:
            from db.core import pinyin

            pinyin.table()
            listing.ids(connection, room.table, where=[room.table.c[key].contains("项")])
        (_cold if once else _warm)(place, lambda: listing.ids(connection, room.table, order=[(field, descending)]))


def ours_sorted(place: Place) -> None:
    """By one column, the largest first."""
    _sorted(place, "agreed_investment", descending=True)


def raw_sorted(place: Place) -> None:
    """The limit."""
    _raw(place, _SORTED)


def ours_by_words(place: Place) -> None:
    """By words, in the order of pinyin, once more while the book is as it was."""
    _sorted(place, "name", descending=False)


def ours_by_words_first(place: Place) -> None:
    """The same for the first time after the book was changed."""
    _sorted(place, "name", descending=False, once=True)


def raw_by_words(place: Place) -> None:
    """The limit: in the order of the characters' codes, which is nobody's."""
    _raw(place, _BY_WORDS)


def ours_filtered(place: Place) -> None:
    """Two conditions."""
    from db.core import filters, listing
    from db.core.filters import Condition
    from db.projects.fields import PROJECT_FIELDS

    known = {one.key: one for one in PROJECT_FIELDS}
    conditions = [
        Condition("stage", "one_of", ("signed", "started")),
        Condition("agreed_investment", "at_least", 10**10),
    ]
    with _ours(place) as (connection, room):
        _warm(place, lambda: listing.ids(connection, room.table, where=filters.all_sql(known, conditions)))


def raw_filtered(place: Place) -> None:
    """The limit."""
    _raw(place, _FILTERED)


def ours_grouped(place: Place) -> None:
    """Two levels with subtotals, and every row in its place."""
    from db import rooms
    from db.core.views import View

    columns = ("name", "agreed_investment", "total_investment", "street", "industry")
    view = View("", columns, groups=("street", "industry"))
    with _ours(place) as (connection, room):
        found = _warm(place, lambda: rooms.look(connection, room, view, today=TODAY).outline)
    assert found.count >= place.rows * 0.9
    assert max(one.level for one in found.groups) == 1


def raw_grouped(place: Place) -> None:
    """The limit: the subtotals alone."""
    _raw(place, _GROUPED)
