"""A book of every release is upgraded, read, seen as it was, and undone, on both engines."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from sqlalchemy import Connection, inspect

import db.rooms  # noqa: F401 - every table, so that a book is whole
from db.core.backup import restore, upgrade
from db.core.book import Book
from db.core.checking import check
from db.core.tables import METADATA
from tests.museum.make import make

BOOKS = sorted(Path(__file__).parent.glob("*.zsb"))


@pytest.fixture(params=["of now", *BOOKS], ids=lambda book: book if isinstance(book, str) else book.stem)
def old_book(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A copy of a book of the museum, and one that this release would leave there."""
    path = tmp_path / "old.zsb"
    if isinstance(request.param, Path):
        shutil.copy(request.param, path)
    else:
        make(path)
    return path


def _columns(connection: Connection) -> dict[str, list[str]]:
    seen = inspect(connection)
    names = sorted(set(seen.get_table_names()) & set(METADATA.tables))
    return {name: sorted(column["name"] for column in seen.get_columns(name)) for name in names}


def test_that_a_book_of_every_release_lives_on(
    old_book: Path, engine_name: str, request: pytest.FixtureRequest
) -> None:
    target = str(old_book)
    upgrade(target)
    if engine_name == "postgres":
        target = request.getfixturevalue("postgres_url")
        restore(old_book, target)
    with Book.open(target) as book:
        with book.read() as connection:
            assert _columns(connection) == {
                table.name: sorted(table.columns.keys()) for table in METADATA.sorted_tables
            }
        made_up = {flaw.what.key for flaw in check(book) if flaw.advice.key == "Open the record and correct it."}
        made_up.add("The content of an attachment is missing.")
        assert {flaw.what.key for flaw in check(book)} <= made_up  # it breaks rules of rooms, nothing else
        operations = book.operations()
        assert [operation.number for operation in operations] == list(range(len(operations), 0, -1))
        assert all(operation.label.render("zh") for operation in operations)
        for operation in operations:
            with book.as_of(operation.number) as then, then.read() as connection:
                assert connection.info is not None
        with book.as_of("2024-06-01") as then:
            assert then.number == 1
