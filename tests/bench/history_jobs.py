"""Contestants that turn history back: undo of an import, and the book as of the moment before 100,000 changes."""

from __future__ import annotations

import datetime as dt
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.bench import data, sheet_xml
from tests.bench.fixtures import A_SHEET
from tests.bench.worker import Place

if TYPE_CHECKING:
    from db.core.book import Book
    from db.sheets.plan import Plan

IMPORT, CHANGE = 2, 3  # numbers of the operations in the imported book


def planned(place: Place, book: Book, ledger: Path | None = None) -> Plan:
    """What importing the base ledger, or a part of it, into this book would write."""
    from db.projects.sheet import PROJECT_SHEET
    from db.sheets.plan import Options
    from db.sheets.planning import plan
    from db.sheets.reading import read_workbook

    workbook: Any = read_workbook(ledger or place.ledger)
    with book.read() as connection:
        return plan(workbook, PROJECT_SHEET, connection, Options(today=dt.date(2024, 7, 1), assume_yes=True))


def writing(place: Place) -> None:
    """The yardstick: what writing the same import costs, read and planned before."""
    import db.rooms  # noqa: F401 - loads every room's tables
    from db.core.book import Book
    from db.sheets.writing import commit

    path = place.scratch("written.zsb")
    with Book.create(path) as book:
        wanted = planned(place, book)
        place.begin()
        assert commit(book, wanted) is not None
        place.end()
    path.unlink()


def make_imported(place: Place) -> None:
    """The book that the other contestants take: a first operation, the import, and a change of every project."""
    import db.rooms  # noqa: F401 - loads every room's tables
    from db.core.book import Book
    from db.core.text import Text
    from db.people.service import add_unit
    from db.projects.models import project
    from db.sheets.writing import commit

    part = place.imported.with_suffix(".part")
    part.unlink(missing_ok=True)
    with Book.create(part) as book:
        with book.write(Text("begin")) as connection:
            add_unit(connection, "区投促局", kind="department")
        for number, part_of in enumerate(_parts(place), IMPORT):
            assert commit(book, planned(place, book, part_of)) == number
        with book.write(Text("change")) as connection:
            connection.execute(
                project.update().values(remarks="已核对", agreed_investment=project.c.agreed_investment + 1)
            )
            assert connection.info["operation"] == CHANGE or place.rows > A_SHEET
    part.rename(place.imported)


def _parts(place: Place) -> Iterator[Path]:
    """The base ledger, as one sheet or as several that the reader takes."""
    if place.rows <= A_SHEET:
        yield place.ledger
        return
    rows, path = data.rows(place.rows), place.scratch("part.xlsx")
    while some := list(islice(rows, A_SHEET)):
        sheet_xml.write(path, some, above=(data.TITLE, data.UNIT_LINE), shared=True)
        yield path
    path.unlink()


def ours_undo(place: Place) -> None:
    """The change undone, unmeasured, then the import: everything it made goes."""
    import db.rooms  # noqa: F401 - loads every room's tables
    from db.core.book import Book

    path = place.scratch("undo.zsb")
    shutil.copy(place.imported, path)
    with Book.open(path) as book:
        assert not book.undo(CHANGE).conflicts
        place.begin()
        done = book.undo(IMPORT)
        place.end()
        assert not done.conflicts
        assert done.restored >= place.rows
    path.unlink()


def ours_as_of(place: Place) -> None:
    """The book as it was before the change of every project: a copy, turned back."""
    import db.rooms  # noqa: F401 - loads every room's tables
    from db.core.book import Book
    from db.projects.models import project

    with Book.open(place.imported) as book:
        place.begin()
        with book.as_of(IMPORT) as then, then.read() as connection:
            found = connection.scalar(project.select().with_only_columns(project.c.remarks).order_by(project.c.id))
        place.end()
    assert found != "已核对"


_TRACKED = "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'"


def _copied(place: Place) -> sqlite3.Connection:
    path = place.scratch("reversed.zsb")
    place.begin()
    with closing(sqlite3.connect(place.imported)) as source:
        connection = sqlite3.connect(path)
        connection.execute("PRAGMA synchronous = OFF")
        source.backup(connection)
    for name, _table in connection.execute(_TRACKED).fetchall():
        connection.execute(f'DROP TRIGGER "{name}"')
    return connection


def reversed_import(place: Place) -> None:
    """The limit of undo: copy the file, delete what the import inserted, one statement a table."""
    connection = _copied(place)
    low, high = (
        connection.execute("SELECT first_change FROM operation WHERE number = ?", (number,)).fetchone()[0]
        for number in (IMPORT, CHANGE)
    )
    query = "SELECT tbl, min(first_id), max(last_id) FROM change WHERE kind = 'i' AND id >= ? AND id < ? GROUP BY tbl"
    with connection:
        for table, first, last in connection.execute(query, (low, high)).fetchall():
            connection.execute(f'DELETE FROM "{table}" WHERE id BETWEEN ? AND ?', (first, last))
    place.end()
    connection.close()
    place.scratch("reversed.zsb").unlink()


def reversed_change(place: Place) -> None:
    """The limit of as-of: copy the file, put the old cells back, one statement."""
    connection = _copied(place)
    low = connection.execute("SELECT first_change FROM operation WHERE number = ?", (CHANGE,)).fetchone()[0]
    with connection:
        connection.execute(
            """UPDATE project SET remarks = json_extract(old, '$.remarks'),
               agreed_investment = json_extract(old, '$.agreed_investment')
               FROM change WHERE change.first_id = project.id AND change.tbl = 'project' AND change.id >= ?""",
            (low,),
        )
    place.end()
    connection.close()
    place.scratch("reversed.zsb").unlink()
