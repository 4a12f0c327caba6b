"""Contestants that change a block of 10,000 × 10 cells: as it is pasted, checked and written, and taken back."""

from __future__ import annotations

import shutil
import sqlite3
from typing import TYPE_CHECKING

from tests.bench.book_jobs import remove
from tests.bench.data import COLUMNS
from tests.bench.worker import Place

if TYPE_CHECKING:
    from db.core.block import Checked
    from db.core.book import Book

MOST = 10_000
KEYS = (
    "name", "agreed_investment", "total_investment", "street", "department", "industry", "next_step_due", "remarks",
    "content", "expected_signing",
)  # fmt: skip


def _cells(count: int) -> list[list[str | None]]:
    return [
        [
            f"新项目{at}", f"{at % 99 / 10 + 0.1:.1f}亿", f"{at % 9_999 + 1:,}", f"街道{at % 12}街道", f"区{at % 30}局",
            f"行业{at % 9}", f"2024.{at % 12 + 1}.{at % 27 + 1}", f"备注{at}，已对接", f"年产{at}套", f"2024年{at % 12 + 1}月",
        ]
        for at in range(count)
    ]  # fmt: skip


def _book(place: Place, name: str) -> tuple[Book, list[int]]:
    import db.rooms  # noqa: F401 - a book needs every table
    from db.core import listing
    from db.core.book import Book
    from db.projects.models import project

    path = place.scratch(name)
    shutil.copy(place.demonstration, path)
    book = Book.open(path)
    with book.read() as connection:
        ids = list(listing.ids(connection, project))[:MOST]
    return book, ids


def _paste(book: Book, ids: list[int]) -> Checked:
    from db.core.block import check
    from db.core.text import Text
    from db.projects import blocks
    from db.projects.fields import field_of

    fields = [one for key in KEYS if (one := field_of(key)) is not None]
    cells = _cells(len(ids))
    with book.read() as connection:
        checked = check(connection, blocks.RULES, fields=fields, ids=ids, cells=cells, today="2024-07-17")
    with book.write(Text("paste")) as connection:
        blocks.write(connection, checked)
    return checked


def ours_paste(place: Place) -> None:
    """Understood, compared, checked against the rules, written with history."""
    book, ids = _book(place, "paste.zsb")
    with book:
        place.begin()
        checked = _paste(book, ids)
        place.end()
        assert len(checked.changes) > 9 * len(ids), len(checked.changes)
    remove(str(place.scratch("paste.zsb")))


def ours_undo_paste(place: Place) -> None:
    """The same taken back."""
    book, ids = _book(place, "unpaste.zsb")
    with book:
        _paste(book, ids)
        number = book.operations(limit=1)[0].number
        place.begin()
        undone = book.undo(number)
        place.end()
        assert not undone.conflicts, undone.conflicts
    remove(str(place.scratch("unpaste.zsb")))


def raw_paste(place: Place) -> None:
    """The limit: one UPDATE of ten columns a row, values ready, no history."""
    path = place.scratch("raw.sqlite")
    shutil.copy(place.table, path)
    names = COLUMNS[1:11]
    connection = sqlite3.connect(path)
    setting = ", ".join(f"{name} = ?" for name in names)
    rows = [(*range(at, at + 10), at) for at in range(1, min(place.rows, MOST) + 1)]
    place.begin()
    with connection:
        connection.executemany(f"UPDATE ledger SET {setting} WHERE id = ?", rows)
    place.end()
    connection.close()
    path.unlink()
