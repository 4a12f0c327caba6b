"""What is stored comes back exactly, through update, delete and reverse, with one and the same JSON on both engines."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from db.core import history
from tests import postgres
from tests.db.core.town import change, drop, last, opened, put, state, town

NUMBERS = (0, 1, -1, 2**31, -(2**31) - 1, 2**53 + 1, 10**15, -(10**15), 2**62, -(2**62), 2**63 - 1, -(2**63), None)
WORDS = (
    "", " ", "0", "null", "NULL", "\\N", "\\.", "'", '"', '"";--', "\\", "\\u0000", "a\\nb", "{}", "%s", ":x",
    "".join(map(chr, range(1, 32))), "\x7f\x80\x9f", "\r\n\t\b\f", "\u2028\u2029\u200b\ufeff\uffff", "¥1,000.00", "２０２４",
    "庐阳区", "𬭎䶮㛃", "👩‍🌾🇨🇳", "e\u0301é", "/</script>", "=1+1", "长" * 100_000, None,
)  # fmt: skip


def extremes() -> list[tuple[int | None, str | None]]:
    """Each number and each text once, each beside some other."""
    count = max(len(NUMBERS), len(WORDS))
    return [(NUMBERS[at % len(NUMBERS)], WORDS[at % len(WORDS)]) for at in range(count)]


def history_of(target: str) -> list[tuple[Any, ...]]:
    """Send the extremes through insert, update, delete and undo; what was recorded, and a look at every step."""
    with opened(target, town()) as book:
        rows = [put(book, "shop", area=number, note=text) for number, text in extremes()]
        before = state(book)
        assert [(cells["area"], cells["note"]) for cells in before["shop"].values()] == extremes()
        for row in rows:
            change(book, "shop", row, area=7, note="改")
        for row in rows:
            drop(book, "shop", row)
        assert state(book)["shop"] == {}
        for number in range(last(book), len(rows), -1):
            assert book.undo(number).conflicts == ()
        assert state(book) == before
        with book.as_of(len(rows) * 2) as then:
            assert {cells["note"] for cells in state(then)["shop"].values()} == {"改"}
        with book.read() as connection:
            table = history.tables(book.schema)[1]
            return [tuple(row) for row in connection.execute(select(table).order_by(table.c.id))]


@pytest.fixture
def both(tmp_path: Path, postgres_server: postgres.Server) -> Any:
    """A place for a file and the URL of a database."""
    with postgres_server.fresh_database() as url:
        yield str(tmp_path / "extremes.zsb"), url


def test_that_the_extremes_of_every_kind_come_back_and_leave_the_same_history_on_both_engines(both: Any) -> None:
    file, url = both
    on_file, on_server = history_of(file), history_of(url)
    assert on_file == on_server
    for _id, _table, kind, _first, _last, old in on_file:
        assert (old is None) == (kind == "i")
        assert old is None or isinstance(json.loads(old), dict)


@pytest.mark.parametrize("wrong", [{"area": 1.5}, {"area": "十"}, {"name": b"\x00\xff"}])
def test_that_nothing_but_integers_and_text_is_stored(book_target: str, wrong: dict[str, Any]) -> None:
    with opened(book_target, town()) as book:
        row = put(book, "shop", area=1, name="茶馆")
        before = state(book)
        # PostgreSQL rounds a fraction where the driver lets it through; what it stores is an integer all the same.
        try:
            change(book, "shop", row, **wrong)
        except DBAPIError:
            assert state(book) == before
        assert all(isinstance(cells["area"], int) for cells in state(book)["shop"].values())
        assert all(isinstance(cells["name"], str) for cells in state(book)["shop"].values())
