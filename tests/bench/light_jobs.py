"""Contestants of the lights: all projects of a book with ten milestones each, and one project after an edit."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path
from random import Random

from tests.bench.worker import Place

DAY = "2024-06-30"
A_PROJECT = 10  # milestones
_ROWS = "SELECT project, planned_on, actual_on, weight FROM milestone ORDER BY project"


def planned_book(place: Place) -> Path:
    """Where the book with the milestones lies."""
    return place.demonstration.with_name(f"planned-{place.rows}.zsb")


def make_planned(place: Place) -> None:
    """The demonstration book of as many projects with ten milestones each and a plan that says what they weigh."""
    import db.rooms  # noqa: F401 - loads every room's tables
    from db.core import bulk
    from db.core.book import Book
    from db.core.text import _
    from db.five_ones.models import milestone, project_plan

    shutil.copyfile(place.demonstration, planned_book(place))
    rng = Random(4)
    names = ("project", "key", "name", "position", "weight", "planned_on", "actual_on")
    with Book.open(planned_book(place)) as book, book.write(_("Import {file}", file="plans.xlsx")) as connection:
        ids = range(1, place.rows + 1)
        days = [f"{2019 + at % 7}-{at % 12 + 1:02d}-{at % 28 + 1:02d}" for at in range(840)]
        rows = (
            (number, f"s{at}", f"节点{at}", at, 10, days[(number * 7 + at * 60) % 840], _done(days, number, at, rng))
            for number in ids
            for at in range(A_PROJECT)
        )
        bulk.insert(connection, milestone, names, rows, count=place.rows * A_PROJECT)
        plans = ((number, 1, 100) for number in ids)
        bulk.insert(connection, project_plan, ("project", "version", "weight"), plans, count=place.rows)


def _done(days: list[str], number: int, at: int, rng: Random) -> str | None:
    return days[(number * 7 + at * 60 + 1) % 840] if rng.random() < 0.7 else None


def ours_lights(place: Place) -> None:
    """Every light with its rule, its reason and what turns it green."""
    import db.rooms  # noqa: F401 - loads every room's tables
    from db.core.book import Book
    from db.five_ones.reading import lights

    with Book.open(planned_book(place)) as book, book.read() as connection:
        place.begin()
        found = lights(connection, day=DAY)
        place.end()
    assert len(found) > place.rows // 3


def ours_one_light(place: Place) -> None:
    """The light of one project after an edit of it, the edit included."""
    import db.rooms  # noqa: F401 - loads every room's tables
    from db.core.book import Book
    from db.core.text import _
    from db.five_ones import reading
    from db.five_ones.sheet import set_values

    with Book.open(planned_book(place)) as book:
        with book.read() as connection:
            number = next(iter(reading.lights(connection, day=DAY, ids=range(1, 50))))
        place.begin()
        with book.write(_("Milestones")) as connection:
            set_values(connection, [(number * A_PROJECT, "remarks", place.folder.name)])
        with book.read() as connection:
            found = reading.lights(connection, day=DAY, ids=[number])
        place.end()
    assert found[number].colour


def one_pass(place: Place) -> None:
    """The limit: one pass over the milestones in Python, adding up what is due and what is done."""
    connection = sqlite3.connect(planned_book(place))
    place.begin()
    due: dict[int, list[int]] = {}
    for project, planned, actual, weight in connection.execute(_ROWS):
        of = due.setdefault(project, [0, 0])
        of[0] += weight if planned <= DAY else 0
        of[1] += weight if actual is not None and actual <= DAY else 0
    place.end()
    connection.close()
    assert len(due) == place.rows
