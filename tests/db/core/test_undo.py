"""Undo gives back exactly what was, or refuses in words and touches nothing."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection

from db.core import bulk
from db.core.book import Book
from db.core.checking import check
from db.core.errors import Refused
from db.core.reversal import Conflict
from db.core.text import Text, _
from tests.db.core.town import change, drop, last, opened, put, state, town


def test_that_an_operation_can_be_undone_and_redone_for_ever(book_target: str) -> None:
    with opened(book_target, town()) as book:
        row = put(book, "street", name="甲", place=1)
        states = [state(book)]
        change(book, "street", row, name="乙", place=2)
        states.append(state(book))
        for turn in range(6):
            number = last(book)
            assert book.undo(number).operation == number + 1
            assert state(book) == states[turn % 2]
    with Book.open(book_target, schema=town()) as book:
        assert book.undo(last(book)).conflicts == ()
        assert state(book) == states[0]
        labels = [operation.label.render("en") for operation in book.operations()]
        assert labels[:3] == ["Undo: change", "Redo: change", "Undo: change"]


def test_that_an_operation_undone_is_named_and_not_undone_again(book_target: str) -> None:
    with opened(book_target, town()) as book:
        put(book, "street", name="甲")
        book.undo(1)
        assert [operation.undone_by for operation in book.operations()] == [None, 2]
        with pytest.raises(Refused):
            book.undo(1)
        book.undo(2)  # redone: it can be undone again
        assert [operation.undone_by for operation in book.operations()] == [None, 3, None]
        assert book.undo(1).operation == 4
        assert state(book)["street"] == {}
        with pytest.raises(Refused):
            book.undo(99)


def test_that_an_older_operation_is_undone_around_later_changes_of_other_cells(book_target: str) -> None:
    with opened(book_target, town()) as book:
        row = put(book, "street", name="甲", place=1)
        change(book, "street", row, name="乙")
        change(book, "street", row, place=2)
        put(book, "street", name="丙")
        done = book.undo(2)
        assert (done.restored, done.conflicts) == (1, ())
        assert state(book)["street"][row] == {"name": "甲", "place": 2}


def refused(book: Book, number: int) -> list[Conflict]:
    """The conflicts of an undo, after which nothing is different."""
    before, newest = state(book), last(book)
    done = book.undo(number)
    assert (state(book), last(book)) == (before, newest)
    assert (done.operation, done.restored) == (None, 0)
    assert all(conflict.sentence.render("zh") for conflict in done.conflicts)
    return list(done.conflicts)


def test_that_a_later_change_of_the_same_cell_is_never_overwritten(book_target: str) -> None:
    with opened(book_target, town()) as book:
        row = put(book, "street", name="甲")
        change(book, "street", row, name="乙")
        change(book, "street", row, name="丙")
        (conflict,) = refused(book, 2)
        assert (conflict.tbl, conflict.row, conflict.column) == ("street", row, "name")
        change(book, "street", row, name="乙")  # put back by hand: nothing stands in the way any more
        assert book.undo(2).conflicts == ()
        assert state(book)["street"][row]["name"] == "甲"


def test_that_an_inserted_record_that_was_changed_since_stays(book_target: str) -> None:
    with opened(book_target, town()) as book:
        row = put(book, "street", name="甲")
        change(book, "street", row, place=7)
        (conflict,) = refused(book, 1)
        assert conflict.column == "place"


def test_that_a_change_of_a_record_deleted_since_is_refused(book_target: str) -> None:
    with opened(book_target, town()) as book:
        row = put(book, "street", name="甲")
        change(book, "street", row, name="乙")
        drop(book, "street", row)
        (conflict,) = refused(book, 2)
        assert (conflict.row, conflict.column) == (row, None)


def test_that_a_record_on_which_another_depends_is_not_taken_away(book_target: str) -> None:
    with opened(book_target, town()) as book:
        street = put(book, "street", name="甲")
        shop = put(book, "shop", street=street)
        (conflict,) = refused(book, 1)
        assert (conflict.tbl, conflict.row, conflict.column) == ("shop", shop, "street")


def test_that_a_record_does_not_come_back_to_a_parent_that_is_gone(book_target: str) -> None:
    with opened(book_target, town()) as book:
        street = put(book, "street", name="甲")
        shop = put(book, "shop", street=street)
        drop(book, "shop", shop)
        drop(book, "street", street)
        (conflict,) = refused(book, 3)
        assert (conflict.tbl, conflict.row) == ("shop", shop)
        book.undo(4)
        assert book.undo(3).conflicts == ()


def test_that_a_key_taken_by_another_since_is_refused_in_words(book_target: str) -> None:
    with opened(book_target, town()) as book:
        row = put(book, "street", name="甲")
        drop(book, "street", row)
        put(book, "street", name="甲")
        (conflict,) = refused(book, 2)
        assert conflict.tbl == "street"
        assert conflict.sentence == _("Another record has taken the same key since.")


def test_that_swapped_keys_swap_back(book_target: str) -> None:
    with opened(book_target, town()) as book:
        left, right = put(book, "shop", code="A"), put(book, "shop", code="B")
        before = state(book)
        shop = book.schema.tables["shop"]
        with book.write(Text("swap")) as connection:
            for row, code in ((left, None), (right, "A"), (left, "B")):
                connection.execute(shop.update().where(shop.c.id == row).values(code=code))
        book.undo(3)
        assert state(book) == before
        book.undo(4)
        assert state(book)["shop"][left]["code"] == "B"


def test_that_a_record_deleted_and_put_back_in_one_operation_is_undone_as_a_change(book_target: str) -> None:
    with opened(book_target, town()) as book:
        row = put(book, "street", name="甲", place=1)
        street = book.schema.tables["street"]
        with book.write(Text("again")) as connection:
            connection.execute(street.delete())
            connection.execute(street.insert().values(id=row, name="乙"))
        done = book.undo(2)
        assert (done.restored, done.conflicts) == (1, ())
        assert state(book)["street"] == {row: {"name": "甲", "place": 1}}


def test_that_an_operation_that_undid_itself_has_nothing_to_undo(book_target: str) -> None:
    with opened(book_target, town()) as book:
        street = book.schema.tables["street"]
        with book.write(Text("nothing")) as connection:
            connection.execute(street.insert().values(name="甲"))
            connection.execute(street.delete())
        assert last(book) == 1
        assert (book.undo(1).operation, book.undo(1).restored) == (None, 0)


def test_that_an_import_of_parents_and_children_is_undone_whole(book_target: str) -> None:
    with opened(book_target, town()) as book:
        old = put(book, "street", name="old")
        before = state(book)
        with book.write(Text("import")) as connection:
            streets = bulk.insert(connection, book.schema.tables["street"], ("name",), [(str(n),) for n in range(50)])
            shops = [(f"s{n}", streets[n % 50]) for n in range(3000)]
            bulk.insert(connection, book.schema.tables["shop"], ("note", "street"), shops)
            connection.execute(book.schema.tables["street"].update().values(place=9))
        assert book.operations(limit=1)[0].rows == 3101
        done = book.undo(2)
        assert (done.restored, state(book)) == (3051, before)
        assert book.undo(3).restored == 3051
        assert state(book)["street"][old]["place"] == 9
        assert check(book) == []


def test_that_a_broken_rule_of_a_room_refuses_the_undo(book_target: str) -> None:
    schema = town()

    def no_first_place(connection: Connection, touched: dict[str, list[int]]) -> list[Conflict]:
        street = schema.tables["street"]
        wrong = street.select().where(street.c.place == 1, street.c.id.in_(touched.get("street", [])))
        return [
            Conflict("street", row.id, "place", _("Another record depends on it.")) for row in connection.execute(wrong)
        ]

    with opened(book_target, schema) as book:
        row = put(book, "street", name="甲", place=1)
        change(book, "street", row, place=2)
        schema.info["checks"] = (no_first_place,)
        (conflict,) = refused(book, 2)
        assert conflict.column == "place"
        change(book, "street", row, name="乙")
        assert book.undo(3).conflicts == ()
