"""Settings of a book."""

from __future__ import annotations

import pytest

import db.rooms  # noqa: F401 - a book needs every table
from db.core import settings
from db.core.book import Book
from db.core.errors import Refused
from db.core.text import _
from tests.conftest import on_a_file


def test_that_what_was_never_set_has_its_default(book: Book) -> None:
    with book.read() as connection:
        assert settings.get(connection, "stuck.months") == "6"
        assert settings.get_all(connection)["recognition.level"] == "district"


def test_that_a_setting_is_kept_and_undone_like_anything_else(book: Book) -> None:
    for months in ("9", "12"):
        with book.write(_("Setting")) as connection:
            settings.put(connection, "stuck.months", months)
    book.undo(book.operations(limit=1)[0].number)
    with book.read() as connection:
        assert settings.get(connection, "stuck.months") == "9"


@on_a_file
def test_that_an_option_that_does_not_exist_is_refused(book: Book) -> None:
    with pytest.raises(Refused), book.write(_("Setting")) as connection:
        settings.put(connection, "recognition.level", "village")
    with pytest.raises(Refused), book.write(_("Setting")) as connection:
        settings.put(connection, "nothing", "1")
    with book.read() as connection:
        assert "nothing" not in settings.get_all(connection)


def test_that_every_default_is_one_of_its_options() -> None:
    for known in settings.SETTINGS.values():
        assert not known.options or known.default in {option for option, _label in known.options}, known.key
