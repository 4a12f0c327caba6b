"""The figures of a period, with their definitions, numerators, last year's values and the rows behind them."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, select

from db.core.errors import Usage
from db.core.period import Period
from db.core.ratios import change, ratio
from db.core.text import Text, _, say
from db.overview.definitions import ADDS_UP, BY_KEY, FIGURES, Figure
from db.overview.groups import GROUPINGS, Grouping
from db.overview.measures import Basis, Measure, measures
from db.overview.published import Published
from db.projects.models import target

# measure → group → (count, sum); without a grouping the only group is None.
Totals = Mapping[str, Mapping[Any, tuple[int, int]]]


def figures(
    connection: Connection,
    period: Period,
    *,
    by: str | None = None,
    min_investment: int | None = None,
    rows: bool = False,
    as_of: str | None = None,
) -> dict[str, Any]:
    """What `zhaoshang figures --json` prints (contract.md), labels and definitions as sentences to be rendered.

    by: street, department, industry, source or size. min_investment: in yuan. Numbers are decimal strings, money in
    yuan, rates fractions of four decimals.
    """
    if by is not None and by not in GROUPINGS:
        raise Usage(_("“{by}” is not a way to group figures.", by=by))
    basis = Basis.of(connection, min_investment=None if min_investment is None else min_investment * 100)
    work = _Work(connection, basis, period)
    found: dict[str, Any] = {
        "period": {"from": period.first, "to": period.last},
        "as_of": as_of,
        "figures": work.all(None, rows=rows),
    }
    if by is not None:
        grouping = GROUPINGS[by](connection)
        values = work.group_by(grouping)
        found["by"] = {name: work.all(value, rows=False) for value, name in values}
        found["by_labels"] = {name: grouping.labels.get(value, Text(name)) for value, name in values}
    return found


def rendered(found: Mapping[str, Any], lang: str) -> dict[str, Any]:
    """The same with every sentence said in one language: ready for JSON."""
    plain = {key: rendered(value, lang) if isinstance(value, Mapping) else value for key, value in found.items()}
    return {key: say(value, lang) if isinstance(value, Text) else value for key, value in plain.items()}


class _Work:
    """One computation: the measures of the period, of the year before, and of the year to date for the targets."""

    def __init__(self, connection: Connection, basis: Basis, period: Period) -> None:
        self._connection = connection
        self._period, self._before = period, period.year_before()
        self._sets = {"now": measures(basis, period), "before": measures(basis, self._before)}
        self._targets = self._read_targets()
        if self._targets and period.year_to_date().first != period.first:
            self._sets["year"] = measures(basis, period.year_to_date())
        self._published = Published.of(connection, self._before)
        self._grouping: Grouping | None = None
        self._totals = {name: self._read(found, None) for name, found in self._sets.items()}

    def group_by(self, grouping: Grouping) -> list[tuple[Any, str]]:
        """Compute by group from here on; gives (value, name) of every group, empty ones included."""
        self._grouping = grouping
        self._totals = {name: self._read(found, grouping) for name, found in self._sets.items()}
        used = {group for of in self._totals["now"].values() for group in of}
        return grouping.listed(used)

    def _read(self, found: Mapping[str, Measure], grouping: Grouping | None) -> Totals:
        """Each measure's totals; one that several figures share is asked for once."""
        known: dict[int, dict[Any, tuple[int, int]]] = {}
        for measure in found.values():
            if id(measure) not in known:
                known[id(measure)] = self._ask(measure, grouping)
        return {name: known[id(measure)] for name, measure in found.items()}

    def _ask(self, measure: Measure, grouping: Grouping | None) -> dict[Any, tuple[int, int]]:
        column = None
        if grouping is not None:
            column = grouping.column(measure)
            if column is None:
                return {}
        totals: dict[Any, tuple[int, int]] = {}
        for value, count, money in self._connection.execute(measure.totals(column)):
            group = grouping.group(value) if grouping is not None else None
            before = totals.get(group, (0, 0))
            totals[group] = (before[0] + count, before[1] + int(money or 0))
        return totals

    def _read_targets(self) -> dict[tuple[int | None, str], int]:
        of = target.c
        query = select(of.unit, of.figure, of.value).where(of.year == self._period.year)
        return {(row.unit, row.figure): row.value for row in self._connection.execute(query) if row.figure in ADDS_UP}

    def all(self, group: Any, *, rows: bool) -> dict[str, Any]:
        """Every figure of one group."""
        found = {figure.key: self._figure(figure, group, rows=rows) for figure in FIGURES}
        unit = None if self._grouping is None else group
        if self._grouping is None or self._grouping.is_unit:
            wanted = [key for (owner, key) in self._targets if owner == unit]
            found |= {f"targets.{key}.rate": self._target(BY_KEY[key], group, unit) for key in wanted}
        return found

    def _raw(self, figure: Figure, group: Any, when: str) -> int:
        part = 1 if figure.of_money else 0
        totals = self._totals[when]
        return sum(totals[name].get(group, (0, 0))[part] for name in figure.above)

    def _below(self, figure: Figure, group: Any, when: str) -> int:
        return sum(self._totals[when][name].get(group, (0, 0))[0] for name in figure.below)

    def _figure(self, figure: Figure, group: Any, *, rows: bool) -> dict[str, Any]:
        now, before = self._raw(figure, group, "now"), self._raw(figure, group, "before")
        found: dict[str, Any] = {"label": figure.label, "definition": figure.definition, "unit": figure.unit}
        if figure.is_rate:
            below, below_before = self._below(figure, group, "now"), self._below(figure, group, "before")
            found |= {
                "value": ratio(now, below),
                "numerator": str(now),
                "denominator": str(below),
                "previous": ratio(before, below_before),
                "yoy": None,
            }
        else:
            found |= {"value": _shown(figure, now), "numerator": None, "denominator": None}
            found |= self._compared(figure, now, before, group)
        found["rows"] = self._rows(figure) if rows else None
        return found

    def _compared(self, figure: Figure, now: int, before: int, group: Any) -> dict[str, Any]:
        """Last year's value: as published where the book says so, and both where they differ."""
        unit = group if self._grouping is not None and self._grouping.is_unit else None
        told = self._published.value(figure.key, unit) if self._grouping is None or unit is not None else None
        base = before if told is None else told
        found: dict[str, Any] = {"previous": _shown(figure, base), "yoy": change(now, base)}
        if told is not None:
            found["previous_source"] = "published"
            if told != before:
                found["previous_book"] = _shown(figure, before)
        return found

    def _target(self, figure: Figure, group: Any, unit: int | None) -> dict[str, Any]:
        """Completion of the yearly target: the year to date ÷ the target."""
        done = self._raw(figure, group, "year" if "year" in self._totals else "now")
        wanted = self._targets[unit, figure.key]
        return {
            "label": _("Completion of the target: {figure}", figure=figure.label),
            "definition": _("{figure} since January ÷ the target of the year.", figure=figure.label),
            "unit": _("share"),
            "value": ratio(done, wanted),
            "numerator": _shown(figure, done),
            "denominator": _shown(figure, wanted),
            "previous": None,
            "yoy": None,
            "rows": None,
        }

    def _rows(self, figure: Figure) -> dict[str, Any]:
        """The rows behind a figure; of a rate those of the denominator, with those of the numerator named."""
        names = figure.below or figure.above
        found = {"room": self._sets["now"][names[0]].room, "ids": self._ids(names)}
        if figure.is_rate:
            found["numerator_ids"] = self._ids(figure.above)
        return found

    def _ids(self, names: tuple[str, ...]) -> list[int]:
        return sorted({row for name in names for row in self._connection.scalars(self._sets["now"][name].rows())})


def _shown(figure: Figure, value: int) -> str:
    """Counts as they are, money in yuan or dollars."""
    if not figure.of_money:
        return str(value)
    whole, cents = divmod(value, 100)
    return str(whole) if cents == 0 else f"{Decimal(value).scaleb(-2):f}"
