"""The book as it was, with the manners of a book: read as ever, written never."""

from __future__ import annotations

import pytest

from db.core import search
from db.core.book import Book
from db.core.errors import Cancelled, Refused
from db.core.interrupting import Interruption
from db.core.past import look
from db.core.period import Period
from db.core.progress import Progress
from db.core.text import Text, _
from db.overview.closing import close
from db.overview.today import strip
from db.projects.service import add_progress
from tests.conftest import on_a_file
from tests.factories.projects import YI, projects, signed, write

HALF = Period.parse("2024-01..2024-06")


@pytest.fixture
def two_moments(book: Book) -> tuple[Book, int]:
    """A book with a finalised half-year, and what was added after; the operation of the finalising."""
    projects(book, signed("2024-03-02", 5, name="北辰项目"), signed("2024-06-11", 3, name="南湖项目"))
    number = close(book, HALF)
    projects(book, signed("2024-06-20", 2, name="晚报项目"))
    write(book, (1, "agreed_investment", 6 * YI))
    return book, number


def test_that_the_past_is_read_like_a_book_and_the_present_stands_behind_it(two_moments: tuple[Book, int]) -> None:
    book, number = two_moments
    past = look(book, number)
    try:
        with past.read(Interruption()) as connection, past.present.read() as now:
            then_count, now_count = (strip(one, HALF)[0].value for one in (connection, now))
            hits = list(search.ids(connection, "projects", "wbxm")), list(search.ids(connection, "projects", "beichen"))
        assert (then_count, now_count) == (2, 2)
        assert (hits[0], len(hits[1])) == ([], 1)
        assert past.name == book.name
        assert past.seen.number == number
        assert [one.number for one in past.operations()][:2] == [number + 2, number + 1]
    finally:
        past.close()
    with book.read() as connection:
        assert len(search.ids(connection, "projects", "晚报")) == 1


@on_a_file
def test_that_nothing_is_written_into_the_past_and_it_is_said_how_to_go_back(two_moments: tuple[Book, int]) -> None:
    book, number = two_moments
    past = look(book, number)
    with pytest.raises(Refused) as refused, past.write(_("Rename")) as connection:
        add_progress(connection, 1, "改动", on="2024-07-01")
    with pytest.raises(Refused):
        past.undo(number)
    past.close()
    assert "Esc" in refused.value.render("zh")
    assert len(book.operations()) == number + 2


@on_a_file
def test_that_a_moment_before_the_book_and_one_that_is_none_are_refused_in_words(two_moments: tuple[Book, int]) -> None:
    book, _number = two_moments
    for moment in ("1999-12-31", 0, 10_000, "2024-13-40"):
        with pytest.raises(Refused) as refused:
            look(book, moment)
        assert refused.value.render("zh")


def test_that_a_copy_that_is_cancelled_on_the_way_leaves_the_book_as_it_is(two_moments: tuple[Book, int]) -> None:
    book, number = two_moments

    class Stopped:
        def step(self, done: int, total: int, text: Text) -> None:
            if done:
                raise Cancelled

    stopped: Progress = Stopped()
    with pytest.raises(Cancelled):
        look(book, number, progress=stopped)
    write(book, (1, "agreed_investment", 7 * YI))
    assert book.operations()[0].number == number + 3
