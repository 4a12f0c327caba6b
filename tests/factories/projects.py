"""Projects for tests: say what matters, the rest is as small as it may be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import count
from typing import TYPE_CHECKING, Any

import db.rooms  # noqa: F401 - a book needs every table
from db.core import settings
from db.core.text import _
from db.projects.fields import field_of
from db.projects.service import add_projects, set_values

if TYPE_CHECKING:
    from db.core.book import Book

YI = 10**8 * 100  # 1 亿元 in hundredths
_numbers = count(1)


def row(**facts: Any) -> dict[str, Any]:
    """A project as the import hands it in."""
    return {"name": f"项目{next(_numbers)}"} | facts


def projects(book: Book, *rows: Mapping[str, Any]) -> list[int]:
    """Projects with these facts."""
    with book.write(_("Projects")) as connection:
        return add_projects(connection, rows)


def project(book: Book, **facts: Any) -> int:
    """One project."""
    return projects(book, row(**facts))[0]


def write(book: Book, *cells: tuple[int, str, Any]) -> None:
    """Set single cells."""
    with book.write(_("Cells")) as connection:
        set_values(connection, cells)


def read(book: Book, number: int, *keys: str, today: str = "2024-07-17") -> tuple[Any, ...]:
    """Stored values of one project, by the keys of its fields."""
    from db.core import listing
    from db.projects.models import project as table

    fields = [field for key in keys if (field := field_of(key)) is not None]
    with book.read() as connection:
        return listing.rows(connection, table, fields, [number], today=today)[0][1:]


def choose(book: Book, **chosen: str) -> None:
    """Settings: choose(book, recognition__used="0")."""
    with book.write(_("Settings")) as connection:
        for key, value in chosen.items():
            settings.put(connection, key.replace("__", "."), value)


def signed(day: str, yi: int = 1, **facts: Any) -> dict[str, Any]:
    """A project of `yi` 亿元, signed and recognised on a day."""
    return row(signed_on=day, approved_on=day, agreed_investment=yi * YI, **facts)


def ids_of(found: Mapping[str, Any], key: str) -> Sequence[int]:
    """The rows behind a figure."""
    ids: Sequence[int] = found["figures"][key]["rows"]["ids"]
    return ids
