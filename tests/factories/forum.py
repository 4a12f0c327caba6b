"""Sessions and issues for tests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import db.rooms  # noqa: F401 - a book needs every table
from db.core.text import _
from db.forum.adding import add_issues
from db.forum.service import take
from db.forum.serving import add_session, invite
from db.people.models import DEPARTMENT
from db.people.service import unit_ids

if TYPE_CHECKING:
    from db.core.book import Book
    from db.forum.rules import Step


def issue(**facts: Any) -> dict[str, Any]:
    """The row of an issue, with a different text where one is given."""
    return {"company": "庐州天仪仪器有限公司", "text": "园区南门夜间货车限行", "raised_on": "2024-07-11"} | facts


def issues(book: Book, *rows: dict[str, Any]) -> list[int]:
    """These issues."""
    with book.write(_("Issues")) as connection:
        return add_issues(connection, rows)


def session(book: Book, number: int = 19, on: str = "2024-07-11", *, companies: tuple[str, ...] = ()) -> int:
    """A session, and who came to it."""
    with book.write(_("Session")) as connection:
        made = add_session(connection, number, on=on)
        if companies:
            invite(connection, made, companies, attended=True)
        return made


def department(book: Book, name: str = "区住房和城乡建设局") -> int:
    """A department."""
    with book.write(_("Unit")) as connection:
        return unit_ids(connection, [name], kind=DEPARTMENT)[name]


def course(book: Book, number: int, *steps: Step, today: str = "2024-09-06") -> None:
    """Steps one after another, each an operation."""
    for step in steps:
        with book.write(_("Step")) as connection:
            take(connection, [number], step, today=today)
