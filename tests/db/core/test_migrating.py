"""A book of an older release is brought to a newer schema, and its history goes on being read and written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import MetaData, inspect, text

from db.core import backup, engines, migrate, migrating
from db.core.book import Book
from db.core.checking import check
from db.core.errors import Bug, Unavailable
from db.core.tables import whole, words
from db.core.text import Text
from tests.db.core.town import change, drop, last, opened, put, state, town

NEW = ("name", "code", "land", "owner", "second")

LATER = "9999"  # behind every revision of the program

SECOND = '''
"""What a later release changed."""

from alembic import op

from db.core import migrating
from db.core.tables import link, words
from db.core.text import Text

revision = "9999"
down_revision = "{before}"


def upgrade() -> None:
    connection = op.get_bind()
    migrating.rename_column(connection, "shop", "area", "land")
    migrating.add_column(connection, "shop", words("owner"), default="不详")
    migrating.drop_column(connection, "shop", "note")
    migrating.drop_column(connection, "shop", "street")
    migrating.add_column(connection, "shop", link("second", "street"))
    migrating.operation(connection, Text("land of nought is unknown"))
    connection.exec_driver_sql("UPDATE shop SET land = NULL WHERE land = 0")
    {more}
'''


def newer() -> MetaData:
    """The schema after `SECOND`."""
    return town(NEW)


def older_book(target: str) -> tuple[int, int]:
    """A book of the first release with a little history; the ids of a shop that is there and of one that is gone."""
    with Book.create(target, schema=town(), actor="测试员") as book:
        with book.write(Text("first day"), at=dt.datetime(2024, 6, 1, 4, tzinfo=dt.UTC)) as connection:
            connection.execute(book.schema.tables["street"].insert().values(name="老街"))
        there = put(book, "shop", name="茶馆", area=5, note="靠河", code="A", street=1)
        gone = put(book, "shop", name="米店", area=0, note='"area": {', code="B", street=1)
        put(book, "visit", street=1, shop=there)
        change(book, "shop", there, area=6, note="靠山")
        drop(book, "shop", gone)
        change(book, "shop", there, area=0, name='area":')
    return there, gone


def upgraded(target: str, versions: Path, more: str = "") -> tuple[str, Path | None]:
    """Bring the book to the second release by the program's own way."""
    script = SECOND.replace("{more}", more).replace("{before}", migrate.CURRENT)
    (versions / "9999_later.py").write_text(script, encoding="utf-8")
    server = engines.is_server(target)
    engine = engines.server_engine(target) if server else engines.file_engine(Path(target))
    try:
        return migrate.upgrade(
            engine, "book", keep=lambda: None, revisions=(*migrate.REVISIONS, LATER), versions=versions
        )
    finally:
        engine.dispose()


@pytest.fixture
def opened_newer(book_target: str) -> Callable[[], Book]:
    """Open the book as the second release does, which knows its own revision."""

    def open_it() -> Book:
        server = engines.is_server(book_target)
        engine = engines.server_engine(book_target) if server else engines.file_engine(Path(book_target))
        with engine.begin() as connection:
            assert migrate.revision(connection) in (migrate.CURRENT, LATER)
            connection.execute(text(f"UPDATE alembic_version SET version_num = '{migrate.CURRENT}'"))
        engine.dispose()
        return Book.open(book_target, schema=newer(), actor="测试员")

    return open_it


def test_that_an_older_book_is_upgraded_with_its_history(
    book_target: str, tmp_path: Path, opened_newer: Callable[[], Book]
) -> None:
    there, gone = older_book(book_target)
    assert upgraded(book_target, tmp_path) == (migrate.CURRENT, None)
    with opened_newer() as book:
        assert check(book) == []
        assert state(book)["shop"] == {
            there: {"name": 'area":', "code": "A", "land": None, "owner": "不详", "second": None}
        }
        assert last(book) == 8  # the migration's own operation
        # As of before the upgrade, in the columns of now: what was known then.
        with book.as_of(5) as then:
            assert state(then)["shop"] == {
                there: {"name": "茶馆", "code": "A", "land": 6, "owner": "不详", "second": None},
                gone: {"name": "米店", "code": "B", "land": 0, "owner": "不详", "second": None},
            }
        with book.as_of("2024-06-01") as then:
            assert state(then)["shop"] == {}
        # An earlier operation is undone: the shop that was deleted comes back, with the default of the new column.
        assert book.undo(6).conflicts == ()
        assert state(book)["shop"][gone] == {"name": "米店", "code": "B", "land": 0, "owner": "不详", "second": None}
        assert [conflict.column for conflict in book.undo(7).conflicts] == ["land"]
        book.undo(8)
        assert book.undo(7).conflicts == ()
        assert state(book)["shop"][there]["name"] == "茶馆"
        # And what is done from now on is remembered in the new columns.
        before = state(book)
        change(book, "shop", there, land=1, owner="王", second=1)
        book.undo(last(book))
        assert state(book) == before
        assert put(book, "shop", name="新店") > gone
        assert check(book) == []


def test_that_a_failed_upgrade_leaves_the_book_as_it_was(book_target: str, tmp_path: Path) -> None:
    older_book(book_target)
    with Book.open(book_target, schema=town()) as book:
        before, newest = state(book), last(book)
    with pytest.raises(ZeroDivisionError):
        upgraded(book_target, tmp_path, more="raise ZeroDivisionError")
    with Book.open(book_target, schema=town()) as book:
        assert (state(book), last(book)) == (before, newest)
        assert check(book) == []
        book.undo(newest)
    with pytest.raises(Bug):  # noqa: PT012
        with_dangling = 'connection.exec_driver_sql("INSERT INTO visit(street, shop) VALUES (77, 78)")'
        upgraded(book_target, tmp_path, more=with_dangling + "; raise migrating.Bug('dangling')")


def test_that_an_older_book_says_what_to_do_and_a_current_one_needs_nothing(book_target: str, tmp_path: Path) -> None:
    older_book(book_target)
    assert backup.upgrade(book_target) == (migrate.CURRENT, None)
    upgraded(book_target, tmp_path)
    with pytest.raises(Unavailable):  # for this program the second release is a newer one
        Book.open(book_target, schema=town())
    with pytest.raises(Unavailable):
        backup.upgrade(book_target)


def test_that_a_dropped_columns_values_are_kept(book_target: str, tmp_path: Path) -> None:
    there, _gone = older_book(book_target)
    upgraded(book_target, tmp_path)
    server = engines.is_server(book_target)
    engine = engines.server_engine(book_target) if server else engines.file_engine(Path(book_target))
    with engine.connect() as connection:
        query = text("SELECT name, row_id, value_json FROM retired_value WHERE row_id > 0 ORDER BY name")
        assert [tuple(row) for row in connection.execute(query)] == [
            ("note~1", there, '"靠山"'),
            ("street~1", there, "1"),
        ]
        assert "note~1" in connection.execute(text("SELECT old FROM change WHERE kind = 'd'")).scalar_one()
    engine.dispose()


def test_that_a_column_dropped_and_added_again_is_another_one(book_target: str) -> None:
    with opened(book_target, town()) as book:
        row = put(book, "shop", name="茶馆", note="旧")
        change(book, "shop", row, note="新")
        drop(book, "shop", row)
        with migrating.migration(book._engine) as connection:
            for _again in range(2):
                migrating.drop_column(connection, "shop", "note")
                migrating.add_column(connection, "shop", words("note"), default="无")
    with Book.open(book_target, schema=town(("name", "code", "area", "street", "note"))) as book:
        assert book.undo(3).conflicts == ()
        assert state(book)["shop"][row]["note"] == "无"
        assert check(book) == []


def test_that_a_column_with_a_key_is_unique_from_then_on_and_one_that_is_needed_has_its_default(
    book_target: str,
) -> None:
    with opened(book_target, town()) as book:
        row = put(book, "street", name="甲")
        with migrating.migration(book._engine) as connection:
            migrating.add_column(connection, "street", words("sign", unique=True))
            migrating.add_column(connection, "street", whole("rank", null=False, index=True), default=7)
            found = inspect(connection).get_indexes("street")
            assert {
                index["name"]: bool(index["unique"]) for index in found if str(index["name"]).endswith(("rank", "sign"))
            } == {
                "uq_street_sign": True,
                "ix_street_rank": False,
            }
        with book.read() as connection:
            assert connection.execute(text("SELECT sign, rank FROM street")).one() == (None, 7)
    assert row


def test_that_a_renamed_table_keeps_its_ids_its_children_and_its_history(book_target: str) -> None:
    with opened(book_target, town()) as book:
        street = put(book, "street", name="甲")
        put(book, "shop", street=street)
        drop(book, "street", put(book, "street", name="乙"))
        change(book, "street", street, name="丙")
        with migrating.migration(book._engine) as connection:
            migrating.rename_table(connection, "street", "road")
    schema = town(parent="road")
    road = schema.tables["road"]
    with Book.open(book_target, schema=schema) as book:
        with book.as_of(4) as then, then.read() as connection:
            assert [row.name for row in connection.execute(road.select().order_by(road.c.id))] == ["甲"]
        assert book.undo(5).conflicts == ()
        assert book.undo(4).conflicts == ()
        with book.write(Text("next")) as connection:
            assert connection.execute(road.insert().values(name="丁").returning(road.c.id)).scalar_one() == 3
        with book.read() as connection:
            assert connection.scalar(text("SELECT count(*) FROM shop JOIN road ON road.id = shop.street")) == 1
            assert [row.name for row in connection.execute(road.select().order_by(road.c.id))] == ["甲", "乙", "丁"]
        assert check(book) == []


def test_that_losing_what_keeps_ids_apart_is_noticed(book_target: str) -> None:
    with opened(book_target, town()) as book:
        put(book, "street", name="甲")
        with pytest.raises(Bug), migrating.migration(book._engine) as connection:  # noqa: PT012
            if book.dialect == "sqlite":
                connection.exec_driver_sql("DELETE FROM sqlite_sequence")
            else:
                connection.exec_driver_sql("ALTER TABLE street ALTER COLUMN id DROP DEFAULT")
            migrating.add_column(connection, "street", words("sign"))
        assert check(book) == []


def test_that_a_table_rebuilt_for_a_dropped_link_keeps_everything_else(book_target: str) -> None:
    with opened(book_target, town()) as book:
        street = put(book, "street", name="甲")
        visits = [put(book, "visit", street=street, shop=put(book, "shop", code=str(number))) for number in range(3)]
        drop(book, "visit", visits[-1])
        with migrating.migration(book._engine) as connection:
            migrating.drop_column(connection, "visit", "shop")
            (key,) = inspect(connection).get_foreign_keys("visit")
            assert key["constrained_columns"] == ["street"]
            assert key["options"] == {"deferrable": True, "initially": "DEFERRED"}
            assert [index["name"] for index in inspect(connection).get_indexes("visit")] == ["ix_visit_street"]
            assert [column["nullable"] for column in inspect(connection).get_columns("visit")] == [False, False]
            if book.dialect == "sqlite":
                made = connection.execute(text("SELECT sql FROM sqlite_master WHERE name = 'visit'")).scalar_one()
                assert ("AUTOINCREMENT" in made, "STRICT" in made) == (True, True)
        with book.write(Text("next")) as connection:
            done = connection.execute(text("INSERT INTO visit(street) VALUES (1) RETURNING id"))
            assert done.scalar_one() == visits[-1] + 1
