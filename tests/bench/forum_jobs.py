"""Contestants about issues: figures and board of the forum, the issues like one of them; a book of many issues."""

from __future__ import annotations

import datetime as dt
import sqlite3
from pathlib import Path
from random import Random
from typing import Any

from tests.bench.worker import Place

PERIOD, TODAY = "2024-01..2024-06", "2024-06-30"
_WORDS = (
    "融资",
    "用电",
    "扩容",
    "入学",
    "场地",
    "手续",
    "政策",
    "兑现",
    "招工",
    "停车",
    "厂区",
    "道路",
    "消防",
    "验收",
    "备案",
    "环评",
)
_COVERING = """SELECT state, outcome, satisfaction, late, days, count(*) FROM issue WHERE +raised_on BETWEEN ? AND ?
    GROUP BY state, outcome, satisfaction, late, days"""


def book_of(place: Place) -> Path:
    """Where the book of issues lies."""
    return place.demonstration.with_name(f"forum-{place.rows}.zsb")


def make_issues(place: Place) -> None:
    """As many issues over eighteen months, nine of ten resolved, most in time, from a fixed seed."""
    import db.rooms  # noqa: F401 - loads every room's tables
    from db.core.book import Book
    from db.core.text import Text
    from db.forum.adding import add_columns

    rng, count = Random(5), place.rows
    days = [dt.date(2023, 1, 2) + dt.timedelta(days=rng.randrange(540)) for _one in range(count)]
    raised = [day.isoformat() for day in days]
    resolved = [
        (day + dt.timedelta(days=rng.randrange(15))).isoformat() if rng.random() < 0.9 else None for day in days
    ]
    columns: dict[str, list[Any]] = {
        "company": [f"公司{at % (count // 12 + 1)}" for at in range(count)],
        "text": [f"{''.join(rng.sample(_WORDS, 4))}问题{at}" for at in range(count)],
        "category": [rng.choice(("融资", "用地", "用工", "要素")) for _one in range(count)],
        "department": [f"区{at % 30}局" for at in range(count)],
        "raised_on": raised, "assigned_on": raised, "resolved_on": resolved,
        "due_on": [(day + dt.timedelta(days=10)).isoformat() for day in days],
        "handling": ["已协调解决" if done else "正在办理" for done in resolved],
        "satisfaction": ["satisfied" if done else None for done in resolved],
    }  # fmt: skip
    with Book.create(str(book_of(place)), actor="bench") as book, book.write(Text("Issues")) as connection:
        add_columns(connection, columns)


def ours_figures_and_board(place: Place) -> None:
    """All figures of half a year with the previous one, and the board with its first cards."""
    import db.rooms  # noqa: F401 - loads every room's tables
    from db.core.book import Book
    from db.core.period import Period
    from db.forum.figures import figures
    from db.forum.queries import board

    with Book.open(str(book_of(place))) as book, book.read() as connection:
        place.begin()
        found, _groups = figures(connection, Period.parse(PERIOD))
        columns = board(connection, today=TODAY)
        place.end()
    assert found["forum.issues"]["value"] != "0"
    assert sum(one.count for one in columns) == place.rows


def covering(place: Place) -> None:
    """The limit: one walk along one index."""
    connection = sqlite3.connect(book_of(place))
    place.begin()
    assert connection.execute(_COVERING, ("2024-01-01", "2024-06-30")).fetchall()
    place.end()
    connection.close()


def ours_similar(place: Place) -> None:
    """The issues like one of them."""
    import db.rooms  # noqa: F401 - loads every room's tables
    from db.core.book import Book
    from db.forum.similar import similar_to

    with Book.open(str(book_of(place))) as book, book.read() as connection:
        place.begin()
        found = similar_to(connection, place.rows // 2)
        place.end()
    assert found


def texts(place: Place) -> None:
    """The limit: reading the texts."""
    connection = sqlite3.connect(book_of(place))
    place.begin()
    assert len(connection.execute("SELECT id, text FROM issue").fetchall()) == place.rows
    place.end()
    connection.close()
