"""Many rows at once: their indexes are made afterwards, and are all there."""

from __future__ import annotations

import pytest
from sqlalchemy import inspect

from db.core.book import Book
from db.core.deferring import WORTH_IT, indexes_afterwards
from db.core.text import _
from db.projects.models import project
from tests.factories import projects
from tests.factories.projects import row


def names(book: Book) -> set[str | None]:
    with book.read() as connection:
        return {index["name"] for index in inspect(connection).get_indexes("project")}


def test_that_a_large_import_leaves_every_index_in_place(book: Book) -> None:
    before = names(book)
    projects.projects(book, *(row(signed_on="2024-01-01", investor="甲公司") for _at in range(WORTH_IT)))
    assert names(book) == before


def test_that_an_import_that_fails_leaves_every_index_in_place(book: Book) -> None:
    before = names(book)
    with (
        pytest.raises(LookupError),
        book.write(_("Import")) as connection,
        indexes_afterwards(connection, [project], WORTH_IT),
    ):
        raise LookupError
    assert names(book) == before


def test_that_undoing_a_large_import_and_doing_it_again_leave_every_index_in_place(book: Book) -> None:
    before = names(book)
    rows = (row(signed_on="2024-01-01", investor=f"公司{at}") for at in range(WORTH_IT))
    projects.projects(book, *rows)
    (imported, *_older) = book.operations()
    undone = book.undo(imported.number)
    assert undone.operation is not None
    assert names(book) == before
    assert not book.undo(undone.operation).conflicts
    with book.read() as connection:
        assert len(connection.execute(project.select()).all()) == WORTH_IT
    assert names(book) == before
