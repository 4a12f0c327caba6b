"""A ledger's model over made-up rows, answered at once and without a book."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtWidgets import QApplication

from db.core.fields import Day, Field, Money, Words
from db.core.grouping import Group, Outline
from db.core.text import Text
from desktop.kit.columns import Column, Late
from desktop.kit.rows import Deliver, Rows


def _nowhere() -> Any:
    return None


NAME = Field("name", Text("Project name"), Words(), read=_nowhere)
MONEY = Field("money", Text("Agreed investment"), Money("万元"), read=_nowhere)
STREET = Field("street", Text("Place"), Words(), read=_nowhere)
DUE = Field("due", Text("Planned start"), Day(), read=_nowhere)
STARTED = Field("started", Text("Started on"), Day(), read=_nowhere)
COLUMNS = (
    Column(NAME, 200), Column(MONEY, 120), Column(STREET, 140), Column(DUE, 180, emphasis=Late("started")),
)  # fmt: skip


class Store:
    """Rows made from their ids; remembers how many were asked for, and answers when told to."""

    def __init__(self) -> None:
        self.asked: list[list[int]] = []
        self.waiting: list[tuple[list[tuple[Any, ...]], Deliver]] = []

    def fetch(self, fields: Sequence[Field], ids: Sequence[int], deliver: Deliver) -> None:
        made: dict[str, Callable[[int], Any]] = {
            "name": lambda n: f"项目{n}", "money": lambda n: n * 10**6, "street": lambda n: "大杨镇" if n % 2 else "双岗街道",
            "due": lambda n: "2024-06-30", "started": lambda n: None if n % 2 else "2024-07-01",
        }  # fmt: skip
        self.asked.append(list(ids))
        self.waiting.append(([(number, *(made[one.key](number) for one in fields)) for number in ids], deliver))

    def answer(self) -> None:
        """Deliver what was asked for, and what is asked for then, until nothing is."""
        for _round in range(20):
            QApplication.processEvents()
            asked, self.waiting = self.waiting, []
            for rows, deliver in asked:
                deliver(rows)


def of(count: int, *, streets: int = 0) -> Outline:
    """Ids 1 … count; in `streets` groups of one size where that is not 0."""
    groups = []
    each = count // streets if streets else 0
    for at in range(streets):
        start, stop = at * each, count if at == streets - 1 else (at + 1) * each
        total = sum(range(start + 1, stop + 1)) * 10**6
        groups.append(Group(0, "street", f"街道{at}", start, stop, stop - start, (total,), (f"街道{at}",)))
    return Outline(array("q", range(1, count + 1)), tuple(groups), ("money",), (count * (count + 1) // 2 * 10**6,))


def model(count: int, *, streets: int = 0) -> tuple[Rows, Store]:
    """A model and where its rows come from; today is 2024-07-17."""
    store = Store()
    rows = Rows(COLUMNS, store.fetch, today="2024-07-17")
    rows.show_outline(of(count, streets=streets), COLUMNS, more=(NAME, MONEY, STREET, DUE, STARTED))
    return rows, store
