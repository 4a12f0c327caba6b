"""Companies for tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import db.rooms  # noqa: F401 - a book needs every table
from db.companies.service import add_company
from db.core.text import _

if TYPE_CHECKING:
    from db.core.book import Book

GOOD_CODE = "91340100MA2RAKPB15"  # invented; its checksum is right


def company(book: Book, name: str = "庐州天仪仪器有限公司", credit_code: str | None = None) -> int:
    """One company."""
    with book.write(_("Company")) as connection:
        return add_company(connection, name, credit_code=credit_code)
