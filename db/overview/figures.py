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
from db.overview.measures import Basis, Measure, Part, measures
from db.overview.published import Published
from db.projects.models import target

ALL = "all of them"  # the group of everything; None is the group of what says nothing

# measure → group → (count, sum)
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
    grouping = GROUPINGS[by](connection) if by is not None else None
    work = _Work(connection, basis, period, grouping)
    found: dict[str, Any] = {
        "period": {"from": period.first, "to": period.last},
        "as_of": as_of,
        "figures": work.all(ALL, rows=rows),
    }
    if grouping is not None:
        values = work.groups()
        found["by"] = {name: work.all(value, rows=False) for value, name in values}
        found["by_labels"] = {name: grouping.labels.get(value, Text(name)) for value, name in values}
    return found


def rendered(found: Mapping[str, Any], lang: str) -> dict[str, Any]:
    """The same with every sentence said in one language: ready for JSON."""
    plain = {key: rendered(value, lang) if isinstance(value, Mapping) else value for key, value in found.items()}
    return {key: say(value, lang) if isinstance(value, Text) else value for key, value in plain.items()}


class _Work:
    """One computation: the measures of the period, of the year before, and of the year to date for the targets."""

    def __init__(self, connection: Connection, basis: Basis, period: Period, grouping: Grouping | None) -> None:
        self._connection, self._grouping = connection, grouping
        self._period, self._before = period, period.year_before()
        self._sets = {"now": measures(basis, period), "before": measures(basis, self._before)}
        self._targets = self._read_targets()
        if self._targets and period.year_to_date().first != period.first:
            needed = {name for _unit, key in self._targets for name in BY_KEY[key].above}
            since_january = measures(basis, period.year_to_date())
            self._sets["year"] = {name: one for name, one in since_january.items() if name in needed}
        self._published = Published.of(connection, self._before)
        self._totals = {name: self._read(found) for name, found in self._sets.items()}

    def _read(self, found: Mapping[str, Measure | Part]) -> Totals:
        """The totals of every measure, one query each; parts are counted with the measure they are of."""
        parts: dict[Measure, list[Part]] = {}
        for one in found.values():
            measure = one.of if isinstance(one, Part) else one
            of_measure = parts.setdefault(measure, [])
            if isinstance(one, Part):
                of_measure.append(one)
        known: dict[Measure | Part, dict[Any, tuple[int, int]]] = {}
        for measure, some in parts.items():
            known |= self._ask(measure, some)
        return {name: known[one] for name, one in found.items()}

    def _ask(self, measure: Measure, parts: list[Part]) -> dict[Measure | Part, dict[Any, tuple[int, int]]]:
        column = self._grouping.column(measure) if self._grouping is not None else None
        found: dict[Measure | Part, dict[Any, tuple[int, int]]] = {measure: {}, **{part: {} for part in parts}}
        for value, count, money, *counts in self._connection.execute(measure.totals(column, parts)):
            group = ALL if self._grouping is None or column is None else self._grouping.group(value)
            for one, number in zip(found, (count, *counts), strict=True):
                amount = int(money or 0) if one is measure else 0
                for place in {group, ALL}:
                    before = found[one].get(place, (0, 0))
                    found[one][place] = (before[0] + number, before[1] + amount)
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
        return {(row.unit, row.figure): row.value for row in self._connection.execute(query) if row.figure in ADDS_UP}

    def all(self, group: Any, *, rows: bool) -> dict[str, Any]:
        """Every figure of one group."""
        found = {figure.key: self._figure(figure, group, rows=rows) for figure in FIGURES}
        if group is ALL or self._by_unit:
            unit = None if group is ALL else group
            wanted = [key for (owner, key) in self._targets if owner == unit and (group is ALL or unit is not None)]
            found |= {f"targets.{key}.rate": self._target(BY_KEY[key], group, unit) for key in wanted}
        return found

    @property
    def _by_unit(self) -> bool:
        return self._grouping is not None and self._grouping.is_unit

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
        told = None
        if group is ALL:
            told = self._published.value(figure.key, None)
        elif self._by_unit and group is not None:
            told = self._published.value(figure.key, group)
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
