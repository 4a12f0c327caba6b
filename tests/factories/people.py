"""Units and people for tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import db.rooms  # noqa: F401 - a book needs every table
from db.core.text import _
from db.people.models import DEPARTMENT, STREET
from db.people.service import add_unit

if TYPE_CHECKING:
    from db.core.book import Book


def units(book: Book, *names: str, kind: str = STREET) -> list[int]:
    """Units in this order."""
    with book.write(_("Units")) as connection:
        return [add_unit(connection, name, kind=kind) for name in names]


def departments(book: Book, *names: str) -> list[int]:
    """Departments in this order."""
    return units(book, *names, kind=DEPARTMENT)
