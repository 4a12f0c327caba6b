"""Contestants that compute: all figures of a month with the previous year, and the one query beside which they stand."""

from __future__ import annotations

import sqlite3

from tests.bench.worker import Place

MONTH, END = "2024-06", "2024-06-30"
_STOCK = """SELECT stage, count(*) FROM
    (SELECT project, stage, max(happened_on) FROM stage_event WHERE happened_on <= ? GROUP BY project) GROUP BY stage"""


def ours_figures(place: Place) -> None:
    """Every figure of the month, the previous year and the targets, without the rows behind them."""
    import db.rooms  # noqa: F401 - loads every room's tables
    from db.core.book import Book
    from db.core.period import Period
    from db.overview.figures import figures

    with Book.open(place.demonstration) as book, book.read() as connection:
        place.begin()
        found = figures(connection, Period.parse(MONTH))
        place.end()
    assert len(found["figures"]) > 20


def stock(place: Place) -> None:
    """The limit: the stock by latest stage at the end of the period, one query."""
    connection = sqlite3.connect(place.demonstration)
    place.begin()
    assert connection.execute(_STOCK, (END,)).fetchall()
    place.end()
    connection.close()
