"""A query that takes too long is ended from another thread, with a sentence, and the book goes on."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import text

from db.core.book import Book
from db.core.errors import Cancelled
from db.core.interrupting import Interruption
from tests.ending import while_there_is

ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"


def test_that_a_query_is_ended_from_another_thread_and_the_book_goes_on(book: Book) -> None:
    interruption = Interruption()
    begun, told = threading.Event(), list[BaseException]()

    def ask() -> None:
        try:
            with book.read(interruption) as connection:
                begun.set()
                connection.execute(text(ENDLESS)).all()
        except Cancelled as why:
            told.append(why)

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    assert begun.wait(20)
    for _again in while_there_is(asking.is_alive, 400):  # it may not have reached the engine when it is asked to stop
        interruption.stop()
        asking.join(0.05)
    assert [str(one) for one in told] == ["Cancelled. Nothing was changed."]
    with book.read(Interruption()) as connection:
        assert connection.execute(text("SELECT 1")).scalar_one() == 1


def test_that_a_read_that_was_stopped_before_it_began_does_not_begin(book: Book) -> None:
    interruption = Interruption()
    interruption.stop()
    with pytest.raises(Cancelled), book.read(interruption):
        pytest.fail("it began")


def test_that_stopping_what_is_over_disturbs_nobody(book: Book) -> None:
    interruption = Interruption()
    with book.read(interruption) as connection:
        connection.execute(text("SELECT 1"))
    interruption.stop()
    with book.read() as connection:
        assert connection.execute(text("SELECT 2")).scalar_one() == 2
