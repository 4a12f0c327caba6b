"""The tables of all rooms together, and their indexes."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import UniqueConstraint, inspect

import db.rooms  # noqa: F401 - every room's tables
from db.core.book import Book
from db.core.tables import METADATA
from db.core.text import _
from tests.factories import projects

_DELETED_ONE_AT_A_TIME = {("own_value", "field")}


def test_that_every_link_is_looked_up_by_an_index() -> None:
    missing = set()
    for table in METADATA.sorted_tables:
        first = {index.columns[0].name for index in table.indexes}
        first |= {one.columns[0].name for one in table.constraints if isinstance(one, UniqueConstraint)}
        missing |= {
            (table.name, column.name)
            for column in table.columns
            if column.foreign_keys and not column.primary_key and column.name not in first
        }
    assert missing <= _DELETED_ONE_AT_A_TIME  # without one, deleting a record reads all that could be linked to it


def test_that_an_index_of_filled_cells_leaves_out_the_empty_ones_on_both_engines(book: Book) -> None:
    with book.read() as connection:
        (found,) = [
            one for one in inspect(connection).get_indexes("project") if one["name"] == "ix_project_reported_by"
        ]
    assert "IS NOT NULL" in str(found["dialect_options"][f"{book.dialect}_where"]).upper()


def test_that_a_window_holds_little_of_the_book_in_memory_but_while_it_writes(tmp_path: Path) -> None:
    Book.create(tmp_path / "book.zsb").close()
    with Book.open(tmp_path / "book.zsb", hold=True) as book:
        sizes = []
        projects.project(book)
        with book.read() as connection:
            sizes.append(connection.exec_driver_sql("PRAGMA cache_size").scalar_one())
        with book.write(_("Projects")) as connection:
            sizes.append(connection.exec_driver_sql("PRAGMA cache_size").scalar_one())
        with book.read() as connection:
            sizes.append(connection.exec_driver_sql("PRAGMA cache_size").scalar_one())
    assert sizes[0] == sizes[2]
    assert abs(sizes[1]) > 4 * abs(sizes[0])
