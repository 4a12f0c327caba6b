"""A little schema of its own, so that the ground floor is proved before any room stands on it.

A `street` is a parent with a unique name, a `shop` its child with two unique keys, `visit` an association of both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

from sqlalchemy import Connection, MetaData, UniqueConstraint, select
from sqlalchemy.schema import SchemaItem

from db.core import tables
from db.core.book import Book
from db.core.history import history_tables
from db.core.tables import link, tracked, whole, words
from db.core.text import Text

State = dict[str, dict[int, dict[str, Any]]]


SHOP = ("name", "code", "area", "note", "street")


def town(shop: Sequence[str] = SHOP, *, parent: str = "street") -> MetaData:
    """A new schema with the three tables, as migrations left it: the columns of a shop, and the streets' name."""
    metadata = MetaData(naming_convention=tables.METADATA.naming_convention)
    history_tables(metadata)
    to_parent = partial(link, target=parent)
    known: dict[str, Callable[[str], SchemaItem]]
    known = {"code": partial(words, unique=True), "street": to_parent, "second": to_parent}
    known |= {"area": whole, "area2": whole, "land": whole}
    columns: list[SchemaItem] = [known.get(name, words)(name) for name in shop]
    columns += [UniqueConstraint("street", "name")] if {"street", "name"} <= set(shop) else []
    tracked(parent, words("name", null=False, unique=True), whole("place"), metadata=metadata)
    tracked("shop", *columns, metadata=metadata)
    tracked("visit", link("street", parent, null=False), link("shop", "shop", null=False), metadata=metadata)
    return metadata


def state_of(connection: Connection, schema: MetaData) -> State:
    """Everything that is in the tracked tables: table → id → cells."""
    found: State = {}
    for table in schema.sorted_tables:
        if tables.is_tracked(table):
            rows = connection.execute(select(table).order_by(table.c.id)).mappings()
            found[table.name] = {row["id"]: {key: row[key] for key in row if key != "id"} for row in rows}
    return found


def state(book: Any) -> State:
    """Everything that is in the tracked tables of a book, or of a book as of a moment."""
    schema = book.schema if isinstance(book, Book) else book.book.schema
    with book.read() as connection:
        return state_of(connection, schema)


@contextmanager
def opened(target: str, schema: MetaData, **options: Any) -> Iterator[Book]:
    """A new book of `schema`, closed afterwards."""
    with Book.create(target, schema=schema, actor="测试员", **options) as book:
        yield book


def put(book: Book, table: str, **cells: Any) -> int:
    """One operation that inserts one record; its id."""
    with book.write(Text("put")) as connection:
        done = connection.execute(book.schema.tables[table].insert().values(cells))
        key: Any = done.inserted_primary_key
        return int(key[0])


def change(book: Book, table: str, row: int, **cells: Any) -> None:
    """One operation that changes cells of one record."""
    found = book.schema.tables[table]
    with book.write(Text("change")) as connection:
        connection.execute(found.update().where(found.c.id == row).values(cells))


def drop(book: Book, table: str, row: int) -> None:
    """One operation that deletes one record."""
    found = book.schema.tables[table]
    with book.write(Text("drop")) as connection:
        connection.execute(found.delete().where(found.c.id == row))


def last(book: Book) -> int:
    """The number of the newest operation; 0 where there is none."""
    newest = book.operations(limit=1)
    return newest[0].number if newest else 0
