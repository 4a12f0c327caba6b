"""What the database drivers say, turned into the house's errors, in one place."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy.exc import DBAPIError

from db.core.errors import Cancelled, Problem, Refused, Unavailable
from db.core.text import Text, _


@contextmanager
def explained(book: str) -> Iterator[None]:
    """Turn a driver's error into a sentence: disk full, locked, damaged, read-only, server gone."""
    try:
        yield
    except _driver_errors() as error:
        sentence = _sentence(error, book)
        if sentence is None:
            raise
        raise sentence from error


def _driver_errors() -> tuple[type[BaseException], ...]:
    # Bulk paths speak to the driver itself, past SQLAlchemy. psycopg is loaded only where a server is used.
    server = sys.modules.get("psycopg")
    return (DBAPIError, sqlite3.Error) if server is None else (DBAPIError, sqlite3.Error, server.Error)


def _original(error: BaseException) -> BaseException | None:
    return error.orig if isinstance(error, DBAPIError) else error


def _sentence(error: BaseException, book: str) -> Problem | None:
    original = _original(error)
    if isinstance(original, sqlite3.Error):
        name = getattr(original, "sqlite_errorname", "") or ""
        if name == "SQLITE_INTERRUPT":
            return Cancelled()
        for start, sentence in _SQLITE.items():
            if name.startswith(start):
                return Unavailable(sentence(file=book))
        return None
    state = getattr(original, "sqlstate", None) or _state_said(str(original))
    if state == "57014":
        return Cancelled()
    if state == "54000":
        return Refused(
            _("A text is too long for a field that must be found quickly (about 800 characters). "
              "Nothing was changed in “{file}”.", file=book)
        )  # fmt: skip
    if not state and any(kind.__name__ == "OperationalError" for kind in type(original).__mro__):
        return Unavailable(_GONE(file=book))
    return next((Unavailable(said(file=book)) for start, said in _SERVER.items() if state.startswith(start)), None)


def _state_said(message: str) -> str:
    """The state behind a connection that was refused, which the driver gives as the server's words only."""
    for words, state in _SAID.items():
        if words in message:
            return state
    return ""


_SAID = {
    "password authentication failed": "28P01",
    "no password supplied": "28P01",
    "no pg_hba.conf entry": "28000",
    "认证失败": "28P01",
    'database "': "3D000",
    "数据库": "3D000",
}

_GONE = _("The server of “{file}” cannot be reached. Nothing was changed; try again later.")
_FULL = _("The server's disk or memory is full. Nothing was changed in “{file}”.")
_NO_SPACE = _("The disk is full. Nothing was changed in “{file}”; free some space and try again.")
_OCCUPIED = _("“{file}” is being written by another program. Nothing was changed; try again.")

_SERVER: dict[str, Text] = {
    "28": _("The server does not accept this user or password for “{file}”."),
    "3D000": _("The server has no book “{file}”."),
    "42501": _("This user may not do that in “{file}”. Nothing was changed."),
    "53100": _FULL,
    "53200": _FULL,
    "53300": _("The server has too many connections. Nothing was changed in “{file}”; try again later."),
    "55P03": _OCCUPIED,  # waited for in vain
    "40P01": _OCCUPIED,  # two waited for each other
    "40001": _OCCUPIED,
    "25P03": _GONE,  # what stood still in the middle of a write was ended
    "57P": _GONE,
    "08": _GONE,
}

_SQLITE: dict[str, Text] = {
    "SQLITE_FULL": _NO_SPACE,
    "SQLITE_IOERR_SHMSIZE": _NO_SPACE,  # no room for the few pages beside the book by which readers find their way
    "SQLITE_IOERR": _("The disk could not be read or written. Nothing was changed in “{file}”."),
    "SQLITE_BUSY": _OCCUPIED,
    "SQLITE_LOCKED": _OCCUPIED,
    "SQLITE_READONLY": _("“{file}” is read-only. Nothing was changed."),
    "SQLITE_CANTOPEN": _("“{file}” cannot be opened: its folder is missing or may not be written."),
    "SQLITE_CORRUPT": _("“{file}” is damaged. Nothing was changed; restore the last backup."),
    "SQLITE_NOTADB": _("“{file}” is not a book of this program, or it is damaged."),
}


@dataclass
class Taken:
    """Which table refused a value, if one did, and whether because the key belongs to another record."""

    table: str | None = None
    key: bool = False


@contextmanager
def taken_keys() -> Iterator[Taken]:
    """Notice that a key is taken or a value not allowed: the caller's transaction must be given up then."""
    taken = Taken()
    try:
        yield taken
    except _driver_errors() as error:
        original = _original(error)
        state = getattr(original, "sqlstate", None) or ""
        name = getattr(original, "sqlite_errorname", None) or ""
        if not state.startswith("23") and not name.startswith("SQLITE_CONSTRAINT"):
            raise
        named = getattr(getattr(original, "diag", None), "table_name", None)
        taken.table = named or str(original).rpartition(": ")[2].partition(".")[0] or "?"
        taken.key = state == "23505" or name in ("SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY")
