"""The rows behind a figure, each with what it adds, largest first, with a remainder so that the sum closes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from heapq import nsmallest
from typing import Any

from sqlalchemy import Connection, literal_column, select, union_all

from db.core import bulk
from db.core.period import Period
from db.overview.counting import days, measures
from db.overview.definitions import Figure
from db.overview.measures import Basis, Measure, Part
from db.projects.models import activity, project

SHOWN = 12


@dataclass(frozen=True)
class BehindRow:
    """One row: what it adds in hundredths (None: no amount), its statistical day, whether the numerator counts it."""

    id: int
    name: str
    day: str = ""
    money: int | None = None
    above: bool = True


@dataclass(frozen=True)
class Behind:
    """The rows behind a figure: `rows` the largest of `count`, `rest` what the others add; money in hundredths.

    total: all of them together, which is the figure where it is one of money. above: how many the numerator counts.
    """

    room: str
    count: int
    total: int
    rows: tuple[BehindRow, ...] = ()
    rest_count: int = 0
    rest: int = 0
    above: int | None = None
    without_amount: int = 0


@dataclass(frozen=True)
class Worth:
    """What a row adds to a measure, and its last day."""

    money: int | None
    day: str


Worths = Mapping[int, Worth]


class Rows:
    """The rows of the measures of one period, each read once."""

    def __init__(self, connection: Connection, basis: Basis, period: Period) -> None:
        self._connection = connection
        self._known = measures(basis, frozenset({"signed", "increases"}))
        self._days = days(basis, period)
        self._read: dict[str, Worths] = {}
        self._together: dict[tuple[str, ...], Worths] = {}
        self._names: dict[tuple[str, int], str] = {}

    def measure(self, name: str) -> Measure | Part:
        """A measure by its name."""
        return self._known[name]

    def of(self, names: Sequence[str]) -> Worths:
        """Id → what it adds to these measures together."""
        self.read(names)
        if len(names) == 1:
            return self._read[names[0]]
        wanted = tuple(names)
        if wanted not in self._together:
            found: dict[int, Worth] = {}
            for name in names:
                for number, one in self._read[name].items():
                    before = found.get(number)
                    found[number] = one if before is None else _together(before, one)
            self._together[wanted] = found
        return self._together[wanted]

    def read(self, names: Sequence[str]) -> None:
        """Read at once what of these measures was not read yet."""
        wanted = [name for name in dict.fromkeys(names) if name not in self._read]
        if not wanted:
            return
        found: list[dict[int, Worth]] = [{} for _name in wanted]
        asked = (self._known[name].worth().add_columns(literal_column(str(at))) for at, name in enumerate(wanted))
        for number, money, day, at in self._connection.execute(union_all(*asked), self._days):
            found[at][int(number)] = Worth(None if money is None else int(money), day or "")
        self._read |= zip(wanted, found, strict=True)

    def behind(self, figure: Figure) -> Behind:
        """What is behind a figure: of a rate the rows of its denominator, the numerator's marked."""
        names = figure.below or figure.above
        above = self.of(figure.above) if figure.is_rate else None
        return self.shown(self.of(names), room=self._known[names[0]].room, above=above)

    def shown(self, found: Worths, *, room: str = "projects", above: Worths | None = None) -> Behind:
        """These rows, the largest with their names."""
        first = nsmallest(SHOWN, found, key=lambda one: (-(found[one].money or 0), found[one].day, one))
        total = sum(one.money or 0 for one in found.values())
        shown = sum(found[one].money or 0 for one in first)
        unnamed = [one for one in first if (room, one) not in self._names]
        self._names |= {(room, one): name for one, name in names_of(self._connection, room, unnamed).items()}
        rows = tuple(
            BehindRow(
                one,
                self._names.get((room, one), str(one)),
                found[one].day,
                found[one].money,
                above is None or one in above,
            )
            for one in first
        )
        return Behind(
            room, len(found), total, rows, len(found) - len(first), total - shown,
            None if above is None else sum(one in above for one in found),
            sum(one.money is None for one in found.values()) if room == "projects" else 0,
        )  # fmt: skip


def _together(one: Worth, other: Worth) -> Worth:
    money = None if one.money is None and other.money is None else (one.money or 0) + (other.money or 0)
    return Worth(money, max(one.day, other.day))


def names_of(connection: Connection, room: str, ids: Sequence[int]) -> dict[int, str]:
    """Id → what a record is called."""
    table: Any = activity if room == "activities" else project
    name = table.c.title if room == "activities" else table.c.name
    found: dict[int, str] = {}
    for some in bulk.chunks(sorted(ids)):
        query = select(table.c.id, name).where(table.c.id.in_(list(some)))
        found |= {row[0]: row[1] or str(row[0]) for row in connection.execute(query)}
    return found
