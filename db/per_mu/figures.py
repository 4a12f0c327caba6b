"""Per-mu and per-head figures of above-scale industry: ΣX ÷ Σland, never a mean of ratios.

Land, or staff, and X are summed over the same companies: those that have both. The year is that of the period's end,
or the last one before it of which there are metrics.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sqlalchemy import Connection

from db.companies.models import ABOVE
from db.core.period import Period
from db.core.ratios import ratio
from db.core.text import Text, _
from db.per_mu.groups import Group, Member
from db.per_mu.models import MICRO
from db.per_mu.queries import group_of, years

ROOM = "per_mu"
_WAN = 10_000


@dataclass(frozen=True)
class Quotient:
    """A figure: the metric above ÷ the metric below, in yuan per unit."""

    key: str
    label: Text
    unit: Text
    above: str
    below: str
    definition: Text


FIGURES: tuple[Quotient, ...] = (
    Quotient("per_mu.tax", _("Tax per mu"), _("yuan per mu"), "tax", "land",
             _("Tax paid by above-scale industry ÷ the land it uses (own − leased out + leased in), in {year}.")),
    Quotient("per_mu.revenue", _("Revenue per mu"), _("yuan per mu"), "revenue", "land",
             _("Revenue of above-scale industry ÷ the land it uses (own − leased out + leased in), in {year}.")),
    Quotient("per_head.tax", _("Tax per head"), _("yuan per head"), "tax", "staff",
             _("Tax paid by above-scale industry ÷ its staff, in {year}.")),
    Quotient("per_head.revenue", _("Revenue per head"), _("yuan per head"), "revenue", "staff",
             _("Revenue of above-scale industry ÷ its staff, in {year}.")),
)  # fmt: skip
_KEYS = ("tax", "revenue", "staff")
_GROUPED: Mapping[str, Callable[[Member], str]] = {
    "street": lambda one: one.street,
    "industry": lambda one: one.industry,
}


@dataclass(frozen=True)
class Sums:
    """What a quotient stands on: both sums in units, and the entries that have both."""

    above: Fraction
    below: Fraction
    entries: tuple[int, ...]

    @property
    def value(self) -> Fraction | None:
        """The quotient, None where there is nothing to divide by."""
        return self.above / self.below if self.below else None


def sums(group: Group, one: Quotient, places: Sequence[int] | None = None) -> Sums:
    """Both sums over the companies that have both metrics."""
    above, below = group.given[one.above], group.given[one.below]
    wanted = range(len(group.members)) if places is None else places
    both = [place for place in wanted if above[place] is not None and below[place] is not None]
    return Sums(
        Fraction(sum(above[place] or 0 for place in both), MICRO), Fraction(sum(below[place] or 0 for place in both), MICRO),
        tuple(group.members[place].entry for place in both),
    )  # fmt: skip


def year_of(connection: Connection, period: Period) -> int | None:
    """The year that the figures of a period are of; None where there are no metrics."""
    return next((year for year in years(connection) if year <= period.year), None)


def figures(
    connection: Connection, period: Period, *, rows: bool = False, by: str | None = None
) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
    """Key → figure as the contract prints it, of all; and by group's name, where companies can be grouped so."""
    year = year_of(connection, period)
    said = year or period.year
    now = Group([], _nothing()) if year is None else group_of(connection, year, scope=ABOVE, keys=_KEYS)
    before = Group([], _nothing()) if year is None else group_of(connection, year - 1, scope=ABOVE, keys=_KEYS)
    whole = {one.key: _figure(one, said, sums(now, one), sums(before, one), rows=rows) for one in FIGURES}
    grouped: dict[str, dict[str, Any]] = {}
    if by is not None and by in _GROUPED:
        parts = [_places(group, _GROUPED[by]) for group in (now, before)]
        for name in sorted(parts[0]):
            grouped[name] = {
                one.key: _figure(
                    one, said, sums(now, one, parts[0][name]), sums(before, one, parts[1].get(name, ())), rows=False
                )
                for one in FIGURES
            }
        grouped[""] = {
            one.key: _figure(one, said, sums(now, one, ()), sums(before, one, ()), rows=False) for one in FIGURES
        }
    return whole, grouped


def _nothing() -> dict[str, list[int | None]]:
    return {key: [] for key in (*_KEYS, "land")}


def _places(group: Group, named: Callable[[Member], str]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for place, one in enumerate(group.members):
        if named(one):
            found.setdefault(named(one), []).append(place)
    return found


def _figure(one: Quotient, year: int, now: Sums, before: Sums, *, rows: bool) -> dict[str, Any]:
    earlier = before.value if now.value is not None else None
    return {
        "label": one.label,
        "definition": one.definition(year=year),
        "unit": one.unit,
        "value": _yuan(now.value),
        "numerator": plain_decimal(now.above * _WAN),
        "denominator": plain_decimal(now.below),
        "previous": _yuan(earlier),
        "yoy": growth(now, before),
        "rows": {"room": ROOM, "ids": sorted(now.entries)} if rows else None,
    }


def growth(now: Sums, before: Sums, *, places: int = 4) -> str | None:
    """Of one quotient over the other, from their four sums; None where there is nothing to compare with."""
    if now.value is None or not before.value:
        return None
    change = now.value / before.value - 1
    return ratio(change.numerator, change.denominator, places=places)


def _yuan(value: Fraction | None) -> str | None:
    return None if value is None else plain_decimal(value * _WAN, places=2)


def plain_decimal(value: Fraction, *, places: int = 6) -> str:
    """A number rounded half up to at most `places` decimals, without needless zeros."""
    text = ratio(value.numerator, value.denominator, places=places) or "0"
    return text.rstrip("0").rstrip(".")
