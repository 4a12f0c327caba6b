"""The law of the book, tried at random on both engines: nothing is lost, and every moment can be seen again.

A machine mixes inserts, bulk inserts, updates, deletes, swaps of unique values, undo, redo, undo of older operations
and migrations, through two books on one target, and keeps a copy of everything after every operation.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test
from sqlalchemy import Table

from db.core import backup, bulk, migrating
from db.core.book import Book
from db.core.failures import taken_keys
from db.core.tables import words
from db.core.text import Text
from tests import postgres
from tests.db.core.town import SHOP, State, last, state, town

NAMES = st.sampled_from(["老街", "新街", "长街", "庐阳路", "", "'", "蒙城\\n路"])
CODES = st.none() | st.sampled_from(["A", "B", "C", "甲"])
NUMBERS = st.none() | st.integers(-(2**62), 2**62)
WHICH = st.integers(0, 10**6)
DEPTH = int(os.environ.get("ZHAOSHANG_TEST_DEPTH", "1"))  # 20 before a release


class Town(RuleBasedStateMachine):
    """Two desks at one book. `copies` is what the tracked tables held after each operation."""

    place: Callable[[ExitStack], str]

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        self.columns: tuple[str, ...] = SHOP
        self.schema = town()
        self.target = self.place(self.stack)
        Book.create(self.target, schema=self.schema, actor="甲").close()
        self.desks = [Book.open(self.target, schema=self.schema, actor=actor) for actor in ("甲", "乙")]
        self.copies: dict[int, State] = {0: state(self.desks[0])}
        self.steps = 0

    def teardown(self) -> None:
        try:
            assert backup.check(self.desks[0]) == []
            for number in range(1, max(self.copies) + 1):
                self.look_back(number)
            self.back_to_the_beginning()
            assert backup.check(self.desks[0]) == []
        finally:
            for desk in self.desks:
                desk.close()
            self.stack.close()

    def back_to_the_beginning(self) -> None:
        """Undo everything, the newest first: each undo gives exactly what was before."""
        for number in range(max(self.copies), 0, -1):
            done = [operation.undone_by for operation in self.desk.operations() if operation.number == number]
            if done == [None]:
                assert self.desk.undo(number).conflicts == ()
            assert state(self.desks[0]) == self.copies[number - 1]

    # --- helpers ---------------------------------------------------------------------------------------------------

    @property
    def desk(self) -> Book:
        self.steps += 1
        return self.desks[self.steps % 2]

    def table(self, name: str) -> Table:
        return self.schema.tables[name]

    def now(self) -> State:
        return self.copies[max(self.copies)]

    def row(self, table: str, which: int) -> int:
        rows = sorted(self.now()[table])
        return rows[which % len(rows)]

    def attempt(self, work: Callable[[Any], object]) -> None:
        """One operation; where a key or a link does not allow it, nothing may have changed."""
        desk = self.desk
        before = last(desk)
        with taken_keys(), desk.write(Text("work"), source="machine") as connection:
            work(connection)
        self.keep(before)

    def keep(self, before: int) -> None:
        found = state(self.desks[0])
        number = last(self.desks[1])
        assert number in (before, before + 1)
        if number == before:
            assert found == self.now()
        self.copies[number] = found

    # --- what people do --------------------------------------------------------------------------------------------

    @initialize(name=NAMES)
    def first_street(self, name: str) -> None:
        self.attempt(lambda c: c.execute(self.table("street").insert().values(name=name, place=1)))

    @rule(name=NAMES, place=NUMBERS)
    def add_street(self, name: str, place: int | None) -> None:
        self.attempt(lambda c: c.execute(self.table("street").insert().values(name=name, place=place)))

    @precondition(lambda self: self.now()["street"])
    @rule(data=st.lists(st.tuples(NAMES, CODES, NUMBERS), min_size=1, max_size=4), which=WHICH)
    def add_shops(self, data: list[tuple[str, str | None, int | None]], which: int) -> None:
        street = self.row("street", which)
        rows = [(name, code, area, street) for name, code, area in data]
        self.attempt(lambda c: bulk.insert(c, self.table("shop"), ("name", "code", self.area, "street"), rows))

    @precondition(lambda self: self.now()["street"] and self.now()["shop"])
    @rule(street=WHICH, shop=WHICH)
    def visit(self, street: int, shop: int) -> None:
        cells = {"street": self.row("street", street), "shop": self.row("shop", shop)}
        self.attempt(lambda c: c.execute(self.table("visit").insert().values(cells)))

    @precondition(lambda self: self.now()["shop"])
    @rule(shop=WHICH, name=NAMES, code=CODES, area=NUMBERS, which=st.integers(1, 15))
    def change_shop(self, shop: int, name: str, code: str | None, area: int | None, which: int) -> None:
        cells = {"name": name, "code": code, self.area: area}
        cells |= {"extra": name} if "extra" in self.columns else {}
        cells = {key: value for at, (key, value) in enumerate(cells.items()) if which >> at & 1}
        table, row = self.table("shop"), self.row("shop", shop)
        if cells:
            self.attempt(lambda c: c.execute(table.update().where(table.c.id == row).values(cells)))

    @rule(area=NUMBERS)
    def change_all_shops(self, area: int | None) -> None:
        self.attempt(lambda c: c.execute(self.table("shop").update().values({self.area: area})))

    @precondition(lambda self: len(self.now()["shop"]) > 1)
    @rule(one=WHICH, other=WHICH)
    def swap_codes(self, one: int, other: int) -> None:
        table = self.table("shop")
        left, right = self.row("shop", one), self.row("shop", other)
        codes = {row: self.now()["shop"][row]["code"] for row in (left, right)}

        def swap(connection: Any) -> None:
            for row, code in ((left, None), (right, codes[left]), (left, codes[right])):
                connection.execute(table.update().where(table.c.id == row).values(code=code))

        self.attempt(swap)

    @precondition(lambda self: any(self.now().values()))
    @rule(name=st.sampled_from(["street", "shop", "visit"]), which=WHICH)
    def delete(self, name: str, which: int) -> None:
        if self.now()[name]:
            table, row = self.table(name), self.row(name, which)
            self.attempt(lambda c: c.execute(table.delete().where(table.c.id == row)))

    @precondition(lambda self: self.now()["shop"])
    @rule(which=WHICH, name=NAMES, same=st.booleans())
    def change_and_delete_and_add_in_one(self, which: int, name: str, same: bool) -> None:
        table, row = self.table("shop"), self.row("shop", which)

        def work(connection: Any) -> None:
            connection.execute(table.update().where(table.c.id == row).values(name=name, code=None))
            visits = self.table("visit")
            connection.execute(visits.delete().where(visits.c.shop == row))
            connection.execute(table.delete().where(table.c.id == row))
            again = {"id": row} if same else {}
            connection.execute(table.insert().values(name=name, **again))
            connection.execute(table.update().where(table.c.name == name, table.c.street.is_(None)).values(code="甲"))

        self.attempt(work)

    # --- taking back -----------------------------------------------------------------------------------------------

    @precondition(lambda self: max(self.copies) > 0)
    @rule()
    def undo_the_last(self) -> None:
        number = max(self.copies)
        done = self.desk.undo(number)
        assert done.conflicts == ()
        # It may have changed something and put it back, or only what a migration has dropped since.
        same = self.copies[number] == self.copies[number - 1]
        assert done.operation == number + 1 or (same and done.operation is None)
        self.keep(number)
        assert self.now() == self.copies[number - 1]

    @precondition(lambda self: max(self.copies) > 2)
    @rule(which=WHICH)
    def undo_an_older(self, which: int) -> None:
        newest = max(self.copies)
        number = which % newest + 1
        before = self.now()
        if self.desks[0].operations()[newest - number].undone_by is not None:
            return
        done = self.desk.undo(number)
        self.keep(newest)
        if done.conflicts or done.operation is None:
            assert self.now() == before
            return
        for name, rows in self.copies[number - 1].items():
            was, then = rows, self.copies[number][name]
            for row in was.keys() | then.keys():
                self.compare_record(self.now()[name].get(row), was.get(row), then.get(row), before[name].get(row))

    @staticmethod
    def compare_record(now: Any, was: Any, then: Any, before: Any) -> None:
        """A record that the operation touched is as before it, cell by cell; any other is left alone."""
        if was == then:
            assert now == before
        elif was is None or then is None:
            assert now == was
        else:
            for name in was:
                assert now[name] == (was[name] if was[name] != then[name] else before[name])

    # --- a newer program -------------------------------------------------------------------------------------------

    def migrate(self, work: Callable[[Any], None], told: Callable[[dict[str, Any]], object]) -> None:
        """Both desks close, a newer program alters the shops, both open again; copies are told the same."""
        for desk in self.desks:
            desk.close()
        engine = Book.open(self.target, schema=self.schema)
        with migrating.migration(engine._engine) as connection:
            work(connection)
        engine.close()
        for found in self.copies.values():
            for cells in found["shop"].values():
                told(cells)
        self.schema = town(self.columns)
        self.desks = [Book.open(self.target, schema=self.schema, actor=actor) for actor in ("甲", "乙")]
        assert state(self.desks[0]) == self.now()

    @property
    def area(self) -> str:
        return next(name for name in self.columns if name.startswith("area"))

    @precondition(lambda self: len(self.columns) < 7)
    @rule(default=st.none() | st.sampled_from(["普通", "100% 'x' :y \\"]))
    def add_a_column(self, default: str | None) -> None:
        name = next(name for name in ("extra", "more", "most") if name not in self.columns)
        self.columns = (*self.columns, name)
        self.migrate(
            lambda c: migrating.add_column(c, "shop", words(name), default=default),
            lambda cells: cells.update({name: default}),
        )

    @rule()
    def rename_a_column(self) -> None:
        old, new = self.area, "area2" if self.area == "area" else "area"
        self.columns = tuple(new if name == old else name for name in self.columns)
        self.migrate(
            lambda c: migrating.rename_column(c, "shop", old, new),
            lambda cells: cells.update({new: cells.pop(old)}),
        )

    @precondition(lambda self: "extra" in self.columns or "note" in self.columns)
    @rule()
    def drop_a_column(self) -> None:
        name = "extra" if "extra" in self.columns else "note"
        self.columns = tuple(one for one in self.columns if one != name)
        self.migrate(
            lambda c: migrating.drop_column(c, "shop", name),
            lambda cells: cells.pop(name),
        )

    # --- looking back ----------------------------------------------------------------------------------------------

    def look_back(self, number: int) -> None:
        with self.desk.as_of(number) as then:
            assert state(then) == self.copies[number]

    @precondition(lambda self: max(self.copies) > 0)
    @rule(which=WHICH)
    def look_back_somewhere(self, which: int) -> None:
        self.look_back(which % max(self.copies) + 1)


@pytest.fixture
def a_place(engine_name: str, request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[ExitStack], str]:
    """Where each run of the machine makes its book."""
    if engine_name == "sqlite":
        return lambda stack: str(Path(stack.enter_context(tempfile.TemporaryDirectory(dir=tmp_path))) / "town.zsb")
    server: postgres.Server = request.getfixturevalue("postgres_server")
    return lambda stack: stack.enter_context(server.fresh_database())


def test_that_nothing_is_lost_whatever_is_done(
    engine_name: str, a_place: Callable[[ExitStack], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    # The handful of records that the machine has is to go the ways of thousands.
    monkeypatch.setattr(bulk, "WORTH_A_RANGE", 2)
    monkeypatch.setattr(bulk, "WORTH_NARROWING", 2)

    class Here(Town):
        place = staticmethod(a_place)

    examples = (8 if engine_name == "sqlite" else 4) * DEPTH
    run_state_machine_as_test(Here, settings=settings(max_examples=examples, stateful_step_count=40))
