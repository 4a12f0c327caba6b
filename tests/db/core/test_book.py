"""A book: the one way to change it, who may when, and in what order it happened."""

from __future__ import annotations

import datetime as dt
import threading
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import make_url, text
from sqlalchemy.exc import DBAPIError

from db.core import bulk, triggers
from db.core.book import Announcement, Book
from db.core.checking import check
from db.core.errors import Bug, Problem, Refused, Unavailable
from db.core.failures import taken_keys
from db.core.history import changes
from db.core.moments import Moment
from db.core.text import Text, _
from tests.db.core import desk
from tests.db.core.town import change, drop, last, opened, put, state, town

NOON = dt.datetime(2024, 6, 30, 4, tzinfo=dt.UTC)


# --- one write, one operation ------------------------------------------------------------------------------------


def test_that_a_write_is_one_operation_with_a_name_a_person_and_the_name_of_a_file(book_target: str) -> None:
    with opened(book_target, town()) as book:
        with book.write(_("Undo: {what}", what="x"), source="/某处/台账.xlsx") as connection:
            assert connection.info["operation"] == 1
            for name in "甲乙":
                connection.execute(book.schema.tables["street"].insert().values(name=name))
        (operation,) = book.operations()
        assert (operation.number, operation.actor, operation.source, operation.rows) == (1, "测试员", "台账.xlsx", 2)
        assert operation.label == _("Undo: {what}", what="x")


def test_that_a_write_that_fails_leaves_nothing(book_target: str) -> None:
    with opened(book_target, town()) as book:
        with pytest.raises(ZeroDivisionError), book.write(Text("fails")) as connection:  # noqa: PT012
            connection.execute(book.schema.tables["street"].insert().values(name="甲"))
            raise ZeroDivisionError
        assert state(book)["street"] == {}
        assert book.operations() == []


def test_that_a_write_that_changes_nothing_leaves_no_operation(book_target: str) -> None:
    with opened(book_target, town()) as book:
        row = put(book, "street", name="甲")
        change(book, "street", row, name="甲")
        assert last(book) == 1


def test_that_listeners_hear_of_a_commit_and_of_nothing_else(book_target: str) -> None:
    with opened(book_target, town()) as book:
        heard: list[Announcement] = []
        book.listeners.append(heard.append)
        with book.write(Text("put"), origin="window 2") as connection:
            connection.execute(book.schema.tables["street"].insert().values(name="甲"))
            assert heard == []
        with pytest.raises(ZeroDivisionError), book.write(Text("fails")):
            raise ZeroDivisionError
        assert heard == [Announcement(1, frozenset({"street"}), "window 2")]


def test_that_what_is_read_cannot_be_written(book_target: str) -> None:
    with opened(book_target, town()) as book:
        put(book, "street", name="甲")
        with pytest.raises((Problem, DBAPIError)), book.read() as connection:
            connection.execute(book.schema.tables["street"].insert().values(name="乙"))
        with pytest.raises((Problem, DBAPIError)), book.as_of(1) as then, then.read() as connection:
            connection.execute(book.schema.tables["street"].insert().values(name="乙"))
        put(book, "street", name="丙")  # and the same connection writes again where it may
        assert [cells["name"] for cells in state(book)["street"].values()] == ["甲", "丙"]
        assert check(book) == []


def test_that_a_reader_sees_one_state_while_another_writes(book_target: str) -> None:
    with opened(book_target, town()) as book, Book.open(book_target, schema=town()) as other:
        street = book.schema.tables["street"]
        put(book, "street", name="甲")
        with book.read() as connection:
            before = connection.execute(street.select()).all()
            put(other, "street", name="乙")
            assert connection.execute(street.select()).all() == before
        assert len(state(book)["street"]) == 2


def test_that_a_write_inside_a_write_is_a_mistake_and_not_a_standstill(book_target: str) -> None:
    with opened(book_target, town()) as book:
        with pytest.raises(Bug), book.write(Text("outer")):
            put(book, "street", name="甲")
        assert put(book, "street", name="乙") > 0


# --- order -------------------------------------------------------------------------------------------------------


def test_that_two_processes_writing_at_once_get_numbers_in_the_order_of_their_commits(book_target: str) -> None:
    with opened(book_target, town()) as book:
        others = [desk.start("write", book_target, "25") for _ in range(2)]
        for number in range(10):
            put(book, "street", name=f"here {number}")
        for other in others:
            with other:
                assert other.wait(60) == 0
        found = book.operations()[::-1]
        assert [operation.number for operation in found] == list(range(1, 61))
        assert len({operation.actor for operation in found}) == 3
        assert all(earlier.at < later.at for earlier, later in pairwise(found))
        # Numbers are the order in which ids were given too: each write saw all the earlier ones.
        assert [operation.rows for operation in found] == [1] * 60
        assert check(book) == []


def test_that_two_threads_of_one_window_take_turns(book_target: str) -> None:
    with opened(book_target, town()) as book:

        def work(name: str) -> None:
            for number in range(5):
                put(book, "street", name=f"{name}{number}")

        threads = [threading.Thread(target=work, args=(name,), daemon=True) for name in "甲乙丙"]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        assert [operation.number for operation in book.operations()] == list(range(15, 0, -1))


def test_that_time_goes_on_where_the_clock_goes_back(book_target: str) -> None:
    moments = iter([NOON, NOON, NOON - dt.timedelta(days=400), NOON + dt.timedelta(seconds=1)])
    with opened(book_target, town(), clock=lambda: next(moments)) as book:
        for name in "甲乙丙丁":
            put(book, "street", name=name)
        times = [operation.at for operation in book.operations()[::-1]]
        micro = dt.timedelta(microseconds=1)
        assert times == [NOON, NOON + micro, NOON + 2 * micro, NOON + dt.timedelta(seconds=1)]


# --- moments -----------------------------------------------------------------------------------------------------


def with_days(target: str, *days: str) -> Book:
    """A book with one street a day, at noon in Peking."""
    book = Book.create(target, schema=town(), actor="测试员")
    for day in days:
        with book.write(Text("put"), at=dt.datetime.fromisoformat(f"{day}T12:00+08:00")) as connection:
            connection.execute(book.schema.tables["street"].insert().values(name=day))
    return book


def test_that_a_date_means_the_end_of_that_day_where_the_book_is(book_target: str) -> None:
    with with_days(book_target, "2024-06-29", "2024-06-30", "2024-07-01") as book:
        known: list[tuple[Moment, int]] = [
            ("2024-06-29", 1),
            ("2024-06-30", 2),
            (dt.date(2024, 6, 30), 2),
            ("2024-06-30T11:59", 1),
            ("2024-06-30T12:00", 2),
            ("2024-06-30T04:00+00:00", 2),
            (dt.datetime(2024, 6, 30, 3, 59, tzinfo=dt.UTC), 1),
            ("20240630", 2),
            ("9999-12-31", 3),
            (2, 2),
        ]
        for moment, number in known:
            with book.as_of(moment) as then:
                assert (then.number, len(state(then)["street"])) == (number, number)


def test_that_just_before_midnight_still_is_that_day(book_target: str) -> None:
    with Book.create(book_target, schema=town()) as book:
        for at in ("2024-06-30T23:59:59.999999+08:00", "2024-07-01T00:00:00+08:00"):
            with book.write(Text("put"), at=dt.datetime.fromisoformat(at)) as connection:
                connection.execute(book.schema.tables["street"].insert().values(name=at))
        with book.as_of("2024-06-30") as then:
            assert then.number == 1


def test_that_a_moment_before_the_book_begins_is_refused_with_the_day(book_target: str) -> None:
    with with_days(book_target, "2024-06-29") as book:
        with pytest.raises(Refused) as refusal:
            book.as_of("2024-06-28")
        assert "2024-06-29" in refusal.value.render("zh")
        wrongs: list[Moment] = ["2024-6-31", "昨天", "", "2024-02-30", "0001-01-01", "0001-01-01T00:00", 7, 0]
        for wrong in wrongs:
            with pytest.raises(Refused):
                book.as_of(wrong)


def test_that_an_empty_book_has_no_earlier_moment(book_target: str) -> None:
    with opened(book_target, town()) as book, pytest.raises(Refused):
        book.as_of("2024-06-28")


def test_that_looking_back_leaves_the_book_and_the_machine_as_they_were(
    book_target: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "looks"))
    (tmp_path / "looks").mkdir()
    with with_days(book_target, "2024-06-29", "2024-06-30") as book:
        before = state(book)
        with book.as_of("2024-06-29") as then, book.as_of("2024-06-30") as later:
            assert (len(state(then)["street"]), len(state(later)["street"])) == (1, 2)
        assert state(book) == before
        assert last(book) == 2
    assert list((tmp_path / "looks").iterdir()) == []


# --- ids ---------------------------------------------------------------------------------------------------------


def test_that_an_id_is_never_given_twice_even_after_deleting_and_reopening(book_target: str) -> None:
    with opened(book_target, town()) as book:
        first, second = put(book, "street", name="甲"), put(book, "street", name="乙")
        drop(book, "street", second)
    with Book.open(book_target, schema=town()) as book:
        third = put(book, "street", name="丙")
        assert first < second < third
        with book.write(Text("bulk")) as connection:
            taken = bulk.take_ids(connection, book.schema.tables["street"], 10)
        assert third < min(taken)


def test_that_each_copy_has_a_block_of_a_thousand_million_ids(book_target: str) -> None:
    with opened(book_target, town(), block=3) as book:
        assert put(book, "street", name="甲") == 3_000_000_001
        assert put(book, "shop", name="乙") == 3_000_000_001
        with book.write(Text("bulk")) as connection:
            table = book.schema.tables["street"]
            assert list(bulk.insert(connection, table, ("name",), [("丙",), ("丁",)])) == [3_000_000_002, 3_000_000_003]
        assert put(book, "street", name="戊") == 3_000_000_004


def test_that_an_id_never_changes(book_target: str) -> None:
    with opened(book_target, town()) as book:
        row = put(book, "street", name="甲")
        with pytest.raises(DBAPIError):
            change(book, "street", row, id=99)
        assert list(state(book)["street"]) == [row]


def test_that_a_replacement_is_remembered_and_can_be_undone(book_target: str) -> None:
    with opened(book_target, town()) as book:
        put(book, "shop", code="A", note="一")
        put(book, "shop", code="B", note="二")
        before = state(book)
        sql = "INSERT OR REPLACE INTO shop(id, code, note) VALUES (1, 'B', '三')"
        if book.dialect == "postgresql":
            sql = (
                "DELETE FROM shop WHERE id = 2; "
                "INSERT INTO shop(id, code, note) VALUES (1, 'B', '三') "
                "ON CONFLICT (id) DO UPDATE SET code = excluded.code, note = excluded.note"
            )
        with book.write(Text("replace")) as connection:
            connection.execute(text(sql))
        assert {row: cells["note"] for row, cells in state(book)["shop"].items()} == {1: "三"}
        with book.as_of(2) as then:
            assert state(then) == before
        assert book.undo(3).conflicts == ()
        assert state(book) == before
        assert check(book) == []


def test_that_a_server_refuses_to_truncate(postgres_url: str) -> None:
    with opened(postgres_url, town()) as book:
        put(book, "visit", street=put(book, "street", name="甲"), shop=put(book, "shop", name="乙"))
        with pytest.raises(DBAPIError), book.write(Text("truncate")) as connection:
            connection.execute(text("TRUNCATE visit"))
        assert len(state(book)["visit"]) == 1


def test_that_a_server_records_a_bulk_insert_as_one_change(postgres_url: str) -> None:
    with opened(postgres_url, town()) as book:
        with book.write(Text("bulk")) as connection:
            bulk.insert(connection, book.schema.tables["street"], ("name",), [(str(n),) for n in range(1000)])
        with book.read() as connection:
            assert connection.scalar(text("SELECT count(*) FROM change")) == 1
        assert book.operations()[0].rows == 1000
        assert book.undo(1).restored == 1000


# --- opening -----------------------------------------------------------------------------------------------------


def test_that_a_book_is_never_made_over_something_that_is_there(book_target: str, tmp_path: Path) -> None:
    with opened(book_target, town()) as book:
        put(book, "street", name="甲")
    with pytest.raises(Refused):
        Book.create(book_target, schema=town())
    with Book.open(book_target, schema=town()) as book:
        assert len(state(book)["street"]) == 1
    with pytest.raises(Unavailable):
        Book.create(tmp_path / "missing" / "book.zsb", schema=town())


def test_that_a_closed_book_is_one_file(tmp_path: Path) -> None:
    with opened(str(tmp_path / "a 账本 #1?.zsb"), town()) as book:
        put(book, "street", name="甲")
        state(book)
        book.as_of(1).close()
    assert [path.name for path in tmp_path.iterdir()] == ["a 账本 #1?.zsb"]


@pytest.mark.parametrize("broken", ["{}/nobody", "127.0.0.1:1/"])
def test_that_a_server_that_does_not_answer_is_said_without_its_password(postgres_url: str, broken: str) -> None:
    parsed = make_url(postgres_url)
    wrong = {
        "{}/nobody": parsed.set(database="nobody"),
        "127.0.0.1:1/": parsed.set(port=1),
    }[broken]
    with pytest.raises(Unavailable) as problem:
        Book.open(wrong.render_as_string(hide_password=False), schema=town())
    assert str(parsed.password) not in problem.value.render("zh")


def test_that_a_wrong_password_is_said(postgres_url: str) -> None:
    wrong = make_url(postgres_url).set(password="wrong").render_as_string(hide_password=False)
    with pytest.raises(Unavailable) as problem:
        Book.open(wrong, schema=town())
    assert "密码" in problem.value.render("zh")


def test_that_an_empty_database_is_no_book(postgres_url: str) -> None:
    with pytest.raises(Refused):
        Book.open(postgres_url, schema=town())


def test_that_every_tracked_table_has_the_triggers_that_are_expected(book_target: str) -> None:
    with opened(book_target, town()) as book:
        put(book, "street", name="甲")
        with book.write(Text("drop")) as connection:
            triggers.drop(connection, "street")
            put_by_hand = book.schema.tables["shop"].insert().values(name="x")
            connection.execute(put_by_hand)
        assert [flaw.where for flaw in check(book)] == ["street"]


def test_that_a_trigger_that_overlooks_a_column_is_found(book_target: str) -> None:
    with opened(book_target, town()) as book:
        with book.write(Text("narrow")) as connection:
            triggers.remake(connection, "shop", ["name", "code", "area", "street"])
            connection.execute(book.schema.tables["street"].insert().values(name="甲"))
        assert [flaw.where for flaw in check(book)] == ["shop"]


def test_that_many_new_records_are_one_range_of_the_history(book_target: str) -> None:
    with opened(book_target, town()) as book:
        street = book.schema.tables["street"]
        with book.write(_("Undo: {what}", what="x")) as connection:
            bulk.insert(connection, street, ["name"], [(f"{n}号",) for n in range(500)])
        with book.read() as connection:
            found = list(changes(connection, book.schema, start=1))
        assert [(one.kind, one.last_id - one.first_id + 1) for one in found] == [("i", 500)]
        book.undo(1)
        assert state(book)["street"] == {}


def test_that_many_new_records_of_which_one_is_taken_leave_neither_rows_nor_a_missing_trigger(book_target: str) -> None:
    with opened(book_target, town()) as book:
        street = book.schema.tables["street"]
        with pytest.raises(Exception, match=r"(?i)unique"), book.write(_("Undo: {what}", what="x")) as connection:
            bulk.insert(connection, street, ["name"], [("同名",)] * 500)
        assert state(book)["street"] == {}
        assert check(book) == []


def _shops(book: Book, count: int) -> list[int]:
    """So many shops, each with a code of its own; their ids."""
    shop = book.schema.tables["shop"]
    rows = [(f"{n}铺", f"K{n}", n) for n in range(count)]
    with book.write(Text("shops")) as connection:
        return list(bulk.insert(connection, shop, ("name", "code", "area"), rows))


def test_that_many_changed_records_are_remembered_as_one_by_one(book_target: str) -> None:
    with opened(book_target, town()) as book:
        ids, shop = _shops(book, 600), book.schema.tables["shop"]
        before = state(book)
        with book.write(Text("many")) as connection:
            fresh = ((at + 1, "新", None if at % 2 == 0 else f"K{at}", row) for at, row in enumerate(ids))
            bulk.update(connection, shop, ("area", "note", "code"), fresh)
            bulk.update(connection, shop, ("area",), ((at + 1, row) for at, row in enumerate(ids)))  # as they are
        with book.read() as connection:
            found = [one.old for one in changes(connection, book.schema, start=2)]
        assert found[0] == '{"code":"K0","area":0,"note":null}'
        assert found[1] == '{"area":1,"note":null}'
        assert len(found) == 600
        change(book, "shop", ids[0], name="别的")  # the whole trigger is there again
        assert book.undo(3).restored == 1
        assert book.undo(2).restored == 600
        assert state(book) == before
        assert check(book) == []


def test_that_a_bulk_change_that_meets_a_taken_key_leaves_the_whole_trigger(tmp_path: Path) -> None:
    with opened(str(tmp_path / "book.zsb"), town()) as book:
        ids, shop = _shops(book, 600), book.schema.tables["shop"]
        with book.write(Text("many")) as connection:
            with taken_keys() as taken:
                bulk.update(connection, shop, ("code",), (("K9", row) for row in ids))
            connection.execute(shop.update().where(shop.c.id == ids[5]).values(name="别的"))
        assert taken.key
        assert check(book) == []
        with book.as_of(1) as then:
            assert state(then)["shop"][ids[0]]["code"] == "K0"
            assert state(then)["shop"][ids[5]]["name"] == "5铺"
