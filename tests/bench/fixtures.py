"""The files that the contestants find: made once a run, from a fixed seed."""

from __future__ import annotations

import sqlite3
import sys
from pathlib import Path

from tests.bench import data, sheet_xml
from tests.bench.measure import run, worker
from tests.bench.worker import Place

A_SHEET = 100_000  # rows: a larger ledger is refused by the reader, and comes in several sheets


def create_table(name: str = "ledger") -> str:
    """The base ledger as a plain table, as SQL for both engines."""
    whole = {*data.WHOLE, *data.HUNDREDTHS}
    columns = ", ".join(f"{key} {'BIGINT' if at in whole else 'TEXT'}" for at, key in enumerate(data.COLUMNS))
    return f"CREATE TABLE {name} (id BIGINT PRIMARY KEY, {columns})"


def ledger(place: Place) -> None:
    """The ledger, made in a process of its own."""
    if not place.ledger.exists():
        run(worker("fixtures:make_ledger", place.folder, place.rows))


def make_ledger(place: Place) -> None:
    """The base ledger as a workbook with a title, a unit line and shared strings, as offices have them."""
    rows = data.rows(place.rows)
    sheet_xml.write(place.ledger, rows, above=(data.TITLE, data.UNIT_LINE), shared=True)


def table(place: Place) -> None:
    """The table, made in a process of its own."""
    if not place.table.exists():
        run(worker("fixtures:make_table", place.folder, place.rows))


def make_table(place: Place) -> None:
    """The base ledger as a SQLite table."""
    connection = sqlite3.connect(place.table)
    connection.execute(create_table().replace("BIGINT PRIMARY KEY", "INTEGER PRIMARY KEY"))
    places = ", ".join("?" * (len(data.COLUMNS) + 1))
    with connection:
        rows = ((number, *row) for number, row in enumerate(data.stored(place.rows), 1))
        connection.executemany(f"INSERT INTO ledger VALUES ({places})", rows)
    connection.close()


def demonstration(place: Place) -> None:
    """A demonstration book of as many projects."""
    if not place.demonstration.exists():
        run([sys.executable, "-m", "db.cli", "demo", str(place.demonstration), "--scale", str(place.rows)])


def planned(place: Place) -> None:
    """The demonstration book with ten milestones a project, made in a process of its own."""
    demonstration(place)
    if not place.demonstration.with_name(f"planned-{place.rows}.zsb").exists():
        run(worker("light_jobs:make_planned", place.folder, place.rows))


def issues(place: Place) -> None:
    """A book of as many issues of the forum, made in a process of its own."""
    if not place.demonstration.with_name(f"forum-{place.rows}.zsb").exists():
        run(worker("forum_jobs:make_issues", place.folder, place.rows))


def desk(folder: Path) -> dict[str, str]:
    """The environment of one person's desk, without a screen."""
    home = folder / "home"
    places = {f"XDG_{part}_HOME": str(home / part) for part in ("DATA", "CONFIG", "CACHE", "STATE")}
    return {"QT_QPA_PLATFORM": "offscreen", "HOME": str(home), "LC_ALL": "C.UTF-8", **places}


def visited(place: Place) -> None:
    """The demonstration book, opened and left at this desk before."""
    demonstration(place)
    run(worker("window_jobs:visit", place.folder, place.rows), desk(place.folder))


def imported(place: Place) -> None:
    """A book with the imported ledger, and one more operation that changes every project."""
    if place.rows <= A_SHEET:
        ledger(place)
    if not place.imported.exists():
        run(worker("history_jobs:make_imported", place.folder, place.rows))


def folder_of(path: Path) -> Path:
    """An empty folder for them, with one for what is thrown away at once."""
    (path / "scratch").mkdir(parents=True, exist_ok=True)
    return path
