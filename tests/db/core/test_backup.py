"""A backup is the whole book, made while it is open; what is wrong with a book is said by `check`."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import make_url, select, text

import db.rooms  # noqa: F401 - every table, so that a book is whole
from db.core import engines, migrate
from db.core.backup import backup, check, restore, upgrade
from db.core.book import Book
from db.core.errors import Problem, Refused
from db.core.text import Text
from tests import postgres
from tests.db.core.test_values import extremes
from tests.db.core.town import change, drop, last, opened, put, state, town


def everything(book: Book) -> dict[str, list[Any]]:
    """All rows of all tables, history included, and the last id of each tracked one."""
    with book.read() as connection:
        found: dict[str, list[Any]] = {
            table.name: [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key))]
            for table in book.schema.sorted_tables
        }
        found["last ids"] = [migrate.last_id(connection, name) for name in ("street", "shop", "visit")]
        return found


def lived_in(book: Book) -> None:
    """A little history, with values of every kind and an id that is gone."""
    street = put(book, "street", name="甲")
    for number, note in extremes():
        put(book, "shop", area=number, note=note, street=street)
    put(book, "visit", street=street, shop=1)
    change(book, "shop", 1, note="改")
    drop(book, "street", put(book, "street", name="乙"))
    book.undo(last(book))
    drop(book, "street", 2)


def test_that_a_backup_of_an_open_book_is_one_file_that_holds_everything(book_target: str, tmp_path: Path) -> None:
    with opened(book_target, town()) as book:
        lived_in(book)
        assert backup(book, tmp_path / "copy.zsb") == tmp_path / "copy.zsb"
        kept = everything(book)
        put(book, "street", name="丙")  # later: not in the copy
    assert sorted(path.name for path in tmp_path.glob("copy*")) == ["copy.zsb"]
    with Book.open(tmp_path / "copy.zsb", schema=town()) as copy:
        assert everything(copy) == kept
        assert check(copy) == []
        assert put(copy, "street", name="丙") == 3  # no id is given twice in a copy either
        copy.undo(2)
        with copy.as_of(1) as then:
            assert state(then)["shop"] == {}


def test_that_a_backup_holds_what_was_committed_a_moment_ago(tmp_path: Path) -> None:
    with opened(str(tmp_path / "book.zsb"), town()) as book:
        put(book, "street", name="甲")
        shutil.copy(tmp_path / "book.zsb", tmp_path / "plain.zsb")
        backup(book, tmp_path / "copy.zsb")
    with Book.open(tmp_path / "copy.zsb", schema=town()) as copy:
        assert len(state(copy)["street"]) == 1
    # A plain copy, which nobody should make, lacks it: that is why `backup` exists.
    plain = sqlite3.connect(tmp_path / "plain.zsb")
    assert plain.execute("SELECT count(*) FROM sqlite_master WHERE name = 'street'").fetchone() == (0,)
    plain.close()


def test_that_a_backup_goes_back_into_a_file_and_into_a_server(
    book_target: str, tmp_path: Path, postgres_server: postgres.Server
) -> None:
    with opened(book_target, town()) as book:
        lived_in(book)
        kept = everything(book)
        backup(book, tmp_path / "copy.zsb")
    with postgres_server.fresh_database() as url:
        for target in (str(tmp_path / "restored.zsb"), url):
            restore(tmp_path / "copy.zsb", target, schema=town())
            with Book.open(target, schema=town()) as restored:
                assert everything(restored) == kept
                assert check(restored) == []
                before, newest = state(restored), last(restored)
                assert put(restored, "street", name="丙") == 3
                restored.undo(newest + 1)
                assert state(restored) == before
                assert restored.undo(2).conflicts != () or state(restored) != before


def test_that_nothing_is_ever_overwritten(book_target: str, tmp_path: Path) -> None:
    (tmp_path / "there.zsb").write_text("mine")
    with opened(book_target, town()) as book:
        put(book, "street", name="甲")
        with pytest.raises(Refused):
            backup(book, tmp_path / "there.zsb")
        backup(book, tmp_path / "copy.zsb")
        with pytest.raises(Refused):
            restore(tmp_path / "copy.zsb", book_target, schema=town())
        with pytest.raises(Problem):
            backup(book, tmp_path / "missing" / "copy.zsb")
        assert len(state(book)["street"]) == 1
    with pytest.raises(Refused):
        restore(tmp_path / "copy.zsb", tmp_path / "there.zsb", schema=town())
    assert (tmp_path / "there.zsb").read_text() == "mine"
    assert list(tmp_path.glob("*.part*")) == []


def test_that_what_is_no_backup_is_not_restored(tmp_path: Path) -> None:
    (tmp_path / "text.zsb").write_text("这不是账本")
    with pytest.raises(Refused):
        restore(tmp_path / "text.zsb", tmp_path / "new.zsb", schema=town())
    assert [path.name for path in tmp_path.iterdir()] == ["text.zsb"]


def test_that_a_server_that_is_gone_leaves_no_half_backup(postgres_server: postgres.Server, tmp_path: Path) -> None:
    with postgres_server.fresh_database() as url, opened(url, town()) as book:
        put(book, "street", name="甲")
        database = make_url(url).database
        with pytest.raises(Problem), book.read() as connection:  # noqa: PT012
            with postgres_server.administer() as administrator:
                administrator.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (database,)
                )
            connection.execute(text("SELECT 1"))
        backup(book, tmp_path / "copy.zsb")  # the next one asks again, and is whole
    assert [path.name for path in tmp_path.iterdir()] == ["copy.zsb"]


# --- check -------------------------------------------------------------------------------------------------------

HURTS = {
    "Changes of a table are not remembered: its triggers are missing.": {
        "sqlite": "DROP TRIGGER history_shop_update",
        "postgresql": "ALTER TABLE shop DISABLE TRIGGER history_shop_update",
    },
    "Operations are missing.": "DELETE FROM operation WHERE number = 2",
    "An operation is not later than the one before it.": "UPDATE operation SET at = 1 WHERE number = 2",
    "There are changes that belong to no operation.": "UPDATE operation SET first_change = 2 WHERE number = 1",
    "A change in the history cannot be read.": "UPDATE change SET old = '{' WHERE kind = 'u'",
    "Records were written past the history.": "DELETE FROM change WHERE kind = 'd' AND tbl = 'street'",
    "Ids of a table could be used twice.": {
        "sqlite": "UPDATE sqlite_sequence SET seq = 1 WHERE name = 'shop'",
        "postgresql": "SELECT setval(pg_get_serial_sequence('shop', 'id'), 1)",
    },
    "A record points at another one that does not exist.": {
        "sqlite": "PRAGMA foreign_keys = OFF; UPDATE shop SET street = 99 WHERE id = 1",
        "postgresql": "ALTER TABLE shop DROP CONSTRAINT fk_shop_street; UPDATE shop SET street = 99 WHERE id = 1",
    },
    "The book is of another version.": "UPDATE alembic_version SET version_num = '0000'",
}


@pytest.mark.parametrize("flaw", HURTS)
def test_that_a_check_finds_what_is_wrong(book_target: str, flaw: str) -> None:
    with opened(book_target, town()) as book:
        lived_in(book)
        assert check(book) == []
        hurt: Any = HURTS[flaw]
        statements = hurt if isinstance(hurt, str) else hurt[book.dialect]
        server = book.dialect == "postgresql"
        engine = engines.server_engine(book_target) if server else engines.file_engine(Path(book_target))
        with engine.connect() as connection:
            driver: Any = connection.connection.driver_connection
            for statement in statements.split("; "):
                driver.execute(statement)
            driver.commit()
        engine.dispose()
        found = check(book)
        assert flaw in [one.what.key for one in found]
        assert all(one.where and one.what.render("zh") and one.advice.render("zh") for one in found)


def test_that_a_character_that_no_server_takes_is_found(tmp_path: Path) -> None:
    with opened(str(tmp_path / "book.zsb"), town()) as book:
        row = put(book, "shop", note="a\0b")
        assert [one.where for one in check(book)] == [f"shop {row}"]
        change(book, "shop", row, note="ab")
        assert check(book) == []


def test_that_a_missing_index_is_named_and_made_again(book_target: str) -> None:
    with opened(book_target, town()) as book:
        put(book, "visit", street=put(book, "street", name="甲"), shop=put(book, "shop", name="乙"))
        with book.write(Text("by hand")) as connection:
            connection.exec_driver_sql("DROP INDEX ix_visit_street")
            connection.exec_driver_sql("DROP INDEX ix_visit_shop")
            # The right name alone helps nobody.
            connection.exec_driver_sql("CREATE INDEX ix_visit_shop ON visit (street, shop)")
            connection.execute(book.schema.tables["street"].insert().values(name="丙"))
        missing = ["visit: ix_visit_shop (shop)", "visit: ix_visit_street (street)"]
        assert [flaw.where for flaw in check(book)] == missing
        with book.write(Text("made again")) as connection:
            migrate.restore_indexes(connection, book.schema)
            connection.execute(book.schema.tables["street"].insert().values(name="丁"))
        assert check(book) == []


def test_that_an_upgrade_makes_missing_indexes_of_a_book_of_now(tmp_path: Path) -> None:
    target = tmp_path / "book.zsb"
    with Book.create(target) as book, book.write(Text("by hand")) as connection:
        connection.exec_driver_sql("DROP INDEX ix_project_signed")
        connection.execute(book.schema.tables["unit"].insert().values(name="甲", kind="department", position=1))
    revision, kept = upgrade(target)
    assert (revision, kept) == (migrate.CURRENT, None)
    with Book.open(target) as book:
        assert check(book) == []
