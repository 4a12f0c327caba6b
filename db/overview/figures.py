"""The figures of a period, with their definitions, numerators, last year's values and the rows behind them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, select

from db.core import copies
from db.core.errors import Refused, Usage
from db.core.period import Period
from db.core.ratios import change, ratio
from db.core.text import Text, _, say
from db.overview import contributed
from db.overview.counting import YEAR, Wanted, days, questions, rows_of, together
from db.overview.definitions import ADDS_UP, BY_KEY, FIGURES, Figure
from db.overview.groups import GROUPINGS, Grouping
from db.overview.measures import Basis
from db.overview.published import Published
from db.projects.models import target

NOT_HERE = _("This copy of the book is without projects.")
ALL = "all of them"  # the group of everything; None is the group of what says nothing

# What is wanted → group → the number.
Totals = Mapping[Wanted, Mapping[Any, int]]


def figures(
    connection: Connection,
    period: Period,
    *,
    by: str | None = None,
    min_investment: int | None = None,
    rows: bool = False,
    as_of: str | None = None,
    only: Collection[str] | None = None,
    basis: Basis | None = None,
) -> dict[str, Any]:
    """What `zhaoshang figures --json` prints (contract.md), labels and definitions as sentences to be rendered.

    by: street, department, industry, source or size. min_investment: in yuan. Numbers are decimal strings, money in
    yuan, rates fractions of four decimals. In a copy of the book without projects nothing is known of them: no figure
    has a value.

    only: these with their targets, and nothing that rooms contribute. basis: of the book, where somebody has read it.
    """
    if by is not None and by not in GROUPINGS:
        raise Usage(_("“{by}” is not a way to group figures.", by=by))
    if basis is None:
        basis = Basis.of(connection, min_investment=None if min_investment is None else min_investment * 100)
    grouping = GROUPINGS[by](connection) if by is not None else None
    work = _Work(connection, basis, period, grouping, only)
    found: dict[str, Any] = {
        "period": {"from": period.first, "to": period.last},
        "as_of": as_of,
        "figures": work.all(ALL, rows=rows),
    }
    if grouping is not None:
        values = work.groups()
        found["by"] = {name: work.all(value, rows=False) for value, name in values}
        found["by_labels"] = {name: grouping.labels.get(value, Text(name)) for value, name in values}
    if copies.lacks(connection, "projects"):
        for of_group in (found["figures"], *found.get("by", {}).values()):
            of_group.update({key: _unknown(one) for key, one in of_group.items()})
    if only is None:
        contributed.add_figures(connection, found, period, rows=rows, by=by)
    return found


def rendered(found: Mapping[str, Any], lang: str) -> dict[str, Any]:
    """The same with every sentence said in one language: ready for JSON."""
    plain = {key: rendered(value, lang) if isinstance(value, Mapping) else value for key, value in found.items()}
    return {key: say(value, lang) if isinstance(value, Text) else value for key, value in plain.items()}


def must_have_projects(found: Mapping[str, Mapping[str, Any]]) -> None:
    """Refused where figures are of a copy of the book without projects: what is asked would speak of none."""
    if found["signed.count"]["value"] is None:
        raise Refused(_("{why} This is done in the whole book.", why=NOT_HERE))


def _unknown(one: Mapping[str, Any]) -> dict[str, Any]:
    """A figure of what the book has nothing of."""
    definition = _("{definition} {why}", definition=one["definition"], why=NOT_HERE)
    nothing = dict.fromkeys(("value", "numerator", "denominator", "previous", "yoy", "rows"))
    return {"label": one["label"], "definition": definition, "unit": one["unit"], **nothing}


class _Work:
    """One computation: what is counted in the period and in that of the year before; since January for the targets."""

    def __init__(
        self, connection: Connection, basis: Basis, period: Period, grouping: Grouping | None,
        only: Collection[str] | None,
    ) -> None:  # fmt: skip
        self._connection, self._grouping = connection, grouping
        self._shown = [one for one in FIGURES if only is None or one.key in only]
        self._period, self._before = period, period.year_before()
        self._from_january = period.year_to_date().first == period.first
        self._targets = self._read_targets()
        targets = [BY_KEY[key] for _unit, key in self._targets]
        wanted = {one for figure in self._shown for one in (*self._above(figure), *self._below(figure))}
        wanted |= {one for figure in targets for one in self._above(figure, YEAR)}
        self._questions = questions(basis, frozenset(wanted))
        self._days = days(basis, period)
        self._published = Published.of(connection, basis, self._before)
        self._totals = {"now": self._read(self._days), "before": self._read(days(basis, self._before))}

    def _above(self, figure: Figure, since: str = "") -> list[Wanted]:
        """What a figure adds up, in the period or since January, which may be the same."""
        return [(self._name(since + name), figure.of_money) for name in figure.above]

    def _below(self, figure: Figure) -> list[Wanted]:
        return [(name, figure.of_money) for name in figure.below]

    def _name(self, name: str) -> str:
        return name.removeprefix(YEAR) if self._from_january else name

    def _read(self, when: Mapping[str, str]) -> Totals:
        asked, by = self._questions.asked, self._grouping
        columns = [None if by is None else by.column(question.measure) for question in asked]
        found: dict[Wanted, dict[Any, int]] = {one: {} for question in asked for one in question.wanted}
        query = self._questions.ungrouped if by is None else together(asked, columns)
        for value, at, *numbers in self._connection.execute(query, when):
            group = ALL if by is None or columns[at] is None else by.group(value)
            for one, number in zip(asked[at].wanted, numbers, strict=False):
                for place in {group, ALL}:
                    found[one][place] = found[one].get(place, 0) + asked[at].sign * int(number or 0)
        return found

    def groups(self) -> list[tuple[Any, str]]:
        """(value, name) of every group, empty ones included."""
        if self._grouping is None:
            return []
        used = {group for of in self._totals["now"].values() for group in of if group is not ALL}
        return self._grouping.listed(used)

    def _read_targets(self) -> dict[tuple[int | None, str], int]:
        of = target.c
        query = select(of.unit, of.figure, of.value).where(of.year == self._period.year)
        known = {one.key for one in self._shown} & ADDS_UP
        return {(row.unit, row.figure): row.value for row in self._connection.execute(query) if row.figure in known}

    def all(self, group: Any, *, rows: bool) -> dict[str, Any]:
        """Every figure of one group."""
        found = {figure.key: self._figure(figure, group, rows=rows) for figure in self._shown}
        if group is ALL or self._by_unit:
            unit = None if group is ALL else group
            wanted = [key for (owner, key) in self._targets if owner == unit and (group is ALL or unit is not None)]
            found |= {f"targets.{key}.rate": self._target(BY_KEY[key], group, unit) for key in wanted}
        return found

    @property
    def _by_unit(self) -> bool:
        return self._grouping is not None and self._grouping.is_unit

    def _sum(self, wanted: Sequence[Wanted], group: Any, when: str) -> int:
        return sum(self._totals[when][one].get(group, 0) for one in wanted)

    def _figure(self, figure: Figure, group: Any, *, rows: bool) -> dict[str, Any]:
        now, before = (self._sum(self._above(figure), group, when) for when in ("now", "before"))
        found: dict[str, Any] = {"label": figure.label, "definition": figure.definition, "unit": figure.unit}
        if figure.is_rate:
            below, below_before = (self._sum(self._below(figure), group, when) for when in ("now", "before"))
            found |= {
                "value": ratio(now, below),
                "numerator": shown(figure, now),
                "denominator": shown(figure, below),
                "previous": ratio(before, below_before),
                "yoy": None,
            }
        else:
            found |= {"value": shown(figure, now), "numerator": None, "denominator": None}
            found |= self._compared(figure, now, before, group)
        found["rows"] = self._rows(figure) if rows else None
        return found

    def _compared(self, figure: Figure, now: int, before: int, group: Any) -> dict[str, Any]:
        """Last year's value: as published where the book says so, and both where they differ."""
        told = None
        if group is ALL:
            told = self._published.value(figure.key, None)
        elif self._by_unit and group is not None:
            told = self._published.value(figure.key, group)
        base = before if told is None else told
        found: dict[str, Any] = {"previous": shown(figure, base), "yoy": change(now, base)}
        if told is not None:
            found["previous_source"] = "published"
            if told != before:
                found["previous_book"] = shown(figure, before)
        return found

    def _target(self, figure: Figure, group: Any, unit: int | None) -> dict[str, Any]:
        """Completion of the yearly target: the year to date ÷ the target."""
        done = self._sum(self._above(figure, YEAR), group, "now")
        wanted = self._targets[unit, figure.key]
        return {
            "label": _("Completion of the target: {figure}", figure=figure.label),
            "definition": _("{figure} since January ÷ the target of the year.", figure=figure.label),
            "unit": _("share"),
            "value": ratio(done, wanted),
            "numerator": shown(figure, done),
            "denominator": shown(figure, wanted),
            "previous": None,
            "yoy": None,
            "rows": None,
        }

    def _rows(self, figure: Figure) -> dict[str, Any]:
        """The rows behind a figure; of a rate those of the denominator, with those of the numerator named."""
        above = [name for name, _money in self._above(figure)]
        names = figure.below or above
        found = {"room": self._questions.measures[names[0]].room, "ids": self._ids(names)}
        if figure.is_rate:
            found["numerator_ids"] = self._ids(above)
        return found

    def _ids(self, names: Sequence[str]) -> list[int]:
        return sorted({row for name in names for row in self._behind[name]})

    @cached_property
    def _behind(self) -> Mapping[str, Sequence[int]]:
        """The ids behind everything that is shown."""
        wanted = (one for figure in self._shown for one in (*self._above(figure), *self._below(figure)))
        names = list(dict.fromkeys(name for name, _money in wanted))
        found: list[list[int]] = [[] for _name in names]
        for row, at in self._connection.execute(rows_of(self._questions.measures, names), self._days):
            found[at].append(row)
        return dict(zip(names, found, strict=True))


def shown(figure: Figure, value: int) -> str:
    """A stored value as the contract prints it: counts as they are, money in yuan or dollars."""
    if not figure.of_money:
        return str(value)
    whole, cents = divmod(value, 100)
    return str(whole) if cents == 0 else f"{Decimal(value).scaleb(-2):f}"


def exact(text: str | None) -> int | Decimal | None:
    """A number of the contract as a report keeps it."""
    if text is None:
        return None
    return int(text) if text.lstrip("-").isdigit() else Decimal(text)
