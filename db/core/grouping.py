"""Rows in groups: the ids of all of them in order, where each group begins and ends, and what it amounts to.

Sums and members of the innermost groups come from one GROUP BY; the outer groups add them up.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import chain
from typing import Any, Protocol

from sqlalchemy import ColumnElement, Connection, Table, func, select

from db.core import listing
from db.core.fields import Area, Field, Metric, Money, Whole


@dataclass(frozen=True, slots=True)
class Group:
    """The rows `ids[start:stop]` of an outline that have one value.

    level: 0 for the outermost. key: the field they are grouped by. value: stored value (a link's name), None where
    nothing is filled in. sums: one for each of the outline's `summed`, None where nothing is filled in.
    foreign: for each of them, how many amounts in another currency it leaves out.
    path: the values from the outermost group to this one; it tells groups apart however the rows change.
    """

    level: int
    key: str
    value: Any
    start: int
    stop: int
    count: int
    sums: tuple[int | None, ...]
    path: tuple[Any, ...]
    foreign: tuple[int, ...] = ()


@dataclass(frozen=True)
class Outline:
    """Ids of all rows as the view sorts them, and its groups as they stand on the screen: an outer before its inner ones.

    summed: keys of the columns that have sums. sums, foreign: those of all rows, as in `Group`.
    """

    ids: array[int]
    groups: tuple[Group, ...]
    summed: tuple[str, ...]
    sums: tuple[int | None, ...]
    foreign: tuple[int, ...] = ()

    @property
    def count(self) -> int:
        """How many rows there are."""
        return len(self.ids)


class Shown(Protocol):
    """What is wanted of the rows: `views.Shown`."""

    @property
    def columns(self) -> Sequence[Field]:
        """Those whose numbers are summed."""

    @property
    def order(self) -> Sequence[tuple[Field, bool]]:
        """(field, descending?), the first one counts most."""

    @property
    def groups(self) -> Sequence[Field]:
        """The outermost first."""


def may_be_summed(field: Field) -> bool:
    """Whether adding up its values means anything: amounts and counts, but no price, no share, no place in an order."""
    return field.adds_up and field.read is not None and isinstance(field.kind, Money | Area | Metric | Whole)


def outline(
    connection: Connection,
    table: Table,
    shown: Shown,
    *,
    where: Sequence[ColumnElement[bool]] = (),
    today: str | None = None,
) -> Outline:
    """The rows that satisfy every condition, in the order and the groups that are wanted.

    Units stand in 建制顺序 and leaders in 领导排序, choices in their own order, numbers and dates by value, words by how
    many rows they have; what is not filled in comes last. An order by a grouped field orders the groups.
    """
    summed = tuple(one for one in shown.columns if may_be_summed(one))
    keys = tuple(one.key for one in summed)
    grouped = {one.key for one in shown.groups}
    order = [one for one in shown.order if one[0].key not in grouped]
    if not shown.groups:
        found = listing.ids(connection, table, where=where, order=order, today=today)
        totals = listing.totals(connection, table, [*summed, *_left_out(summed)], where=where, today=today)
        return Outline(found, (), keys, *_apart(summed, totals))
    adding = [*map(listing.home_part, summed), *_left_out(summed)]
    top = _tree(connection, table, shown.groups, adding, where=where, today=today)
    if order:
        _put_in_order(top, listing.ids(connection, table, where=where, order=order, today=today))
    directions = {one.key: descending for one, descending in shown.order if one.key in grouped}
    ids, groups = array("q"), list[Group]()
    _lay_out(top, shown.groups, directions, ids, groups, partial(_apart, summed))
    return Outline(ids, tuple(groups), keys, *_apart(summed, top.sums))


def _left_out(summed: Iterable[Field]) -> list[Field]:
    """What counts the amounts that the sums leave out, of those fields that may have any."""
    return [one for one in map(listing.foreign_part, summed) if one is not None]


def _apart(summed: Sequence[Field], totals: Sequence[int | None]) -> tuple[tuple[int | None, ...], tuple[int, ...]]:
    """The sums, and for each of them how many amounts it leaves out."""
    counts = iter(totals[len(summed) :])
    foreign = (0 if listing.foreign_part(one) is None else next(counts) or 0 for one in summed)
    return tuple(totals[: len(summed)]), tuple(foreign)


@dataclass(slots=True)
class _Branch:
    """One group while it is put together. place: where it stands among its like, if its field says so."""

    value: Any
    path: tuple[Any, ...]
    sums: list[int | None]
    place: Any = None
    count: int = 0
    branches: dict[Any, _Branch] = field(default_factory=dict)
    ids: array[int] = field(default_factory=lambda: array("q"))

    def leaves(self) -> Iterable[_Branch]:
        """The innermost groups."""
        return chain.from_iterable(one.leaves() for one in self.branches.values()) if self.branches else (self,)

    def add(self, count: int, sums: Sequence[int | None]) -> None:
        """Rows that belong to it."""
        self.count += count
        for at, more in enumerate(sums):
            if more is not None:
                self.sums[at] = (self.sums[at] or 0) + more


def _tree(
    connection: Connection,
    table: Table,
    groups: Sequence[Field],
    summed: Sequence[Field],
    *,
    where: Sequence[ColumnElement[bool]],
    today: str | None,
) -> _Branch:
    cells = [listing.told_apart_by(table, one).label(f"g{at}") for at, one in enumerate(groups)]
    numbers = [one.read().label(f"s{at}") for at, one in enumerate(summed) if one.read is not None]
    inner = select(table.c.id, *cells, *numbers).select_from(table).where(*where).subquery()
    by = [inner.c[cell.name] for cell in cells]
    on_file = connection.dialect.name == "sqlite"
    members = (func.group_concat if on_file else func.array_agg)(inner.c.id)
    sums = list(chain.from_iterable(listing.sum_of(connection, inner.c[one.name]) for one in numbers))
    cursor: Any = connection.execute(select(*by, members, *sums).group_by(*by), listing.given(today)).cursor
    rows = [(row, _ids(row[len(by)])) for row in cursor.fetchall()]
    named = [
        listing.named(connection, table, one, {row[at]: ids[0] for row, ids in rows}) for at, one in enumerate(groups)
    ]
    top = _Branch(None, (), [None] * len(summed))
    for row, ids in rows:
        totals = listing.whole_sums(connection, row[len(by) + 1 :])
        branch = top
        branch.add(len(ids), totals)
        for at, names in enumerate(named):
            value, place = names[row[at]]
            if value not in branch.branches:
                branch.branches[value] = _Branch(value, (*branch.path, value), [None] * len(summed), place)
            branch = branch.branches[value]
            branch.add(len(ids), totals)
        branch.ids.extend(ids)
    for leaf in top.leaves():
        leaf.ids = array("q", sorted(leaf.ids))
    return top


def _ids(members: Any) -> array[int]:
    return array("q", map(int, members.split(",")) if isinstance(members, str) else members)


def _put_in_order(top: _Branch, ids: Iterable[int]) -> None:
    """Let the rows of every group stand as they do in `ids`."""
    put: dict[int, Callable[[int], None]] = {}
    for leaf in top.leaves():
        fresh: array[int] = array("q")
        put.update(dict.fromkeys(leaf.ids, fresh.append))
        leaf.ids = fresh
    for number in ids:
        put[number](number)


def _lay_out(
    branch: _Branch,
    fields: Sequence[Field],
    directions: Mapping[str, bool],
    ids: array[int],
    groups: list[Group],
    apart: Callable[[Sequence[int | None]], tuple[tuple[int | None, ...], tuple[int, ...]]],
) -> None:
    if not fields:
        ids.extend(branch.ids)
        return
    level, key = len(branch.path), fields[0].key
    for one in _in_order(branch.branches.values(), fields[0], directions.get(key)):
        start, at = len(ids), len(groups)
        stop = start + one.count
        sums, foreign = apart(one.sums)
        groups.append(Group(level, key, one.value, start, stop, one.count, sums, one.path, foreign))
        _lay_out(one, fields[1:], directions, ids, groups, apart)
        assert len(ids) == groups[at].stop


def _in_order(branches: Iterable[_Branch], by: Field, descending: bool | None) -> list[_Branch]:
    """Groups of one level as they stand below each other."""
    rank = listing.rank(by)
    if descending is None and listing.by_frequency(by):
        return listing.empty_last(
            branches, value=lambda one: one.value, key=lambda one: (-one.count, rank(one.value, one.place))
        )
    return listing.empty_last(
        branches, value=lambda one: one.value, key=lambda one: rank(one.value, one.place), descending=bool(descending)
    )
