"""Tax per m² of carriers: what the companies in a park, a building or a factory pay, over its floor area."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from sqlalchemy import Connection, select

from db.companies.models import LEASED_OUT, carrier, company_site
from db.companies.queries import there_on
from db.per_mu.models import MICRO, WHOLE_YEAR, company_year, metric

_WAN, _SQUARE_METRE, _MU = 10_000, 300, 200_000


@dataclass(frozen=True)
class Building:
    """A carrier in a year. floor_area, land: 1/300 m²; tax: 10,000 yuan; companies: those in it that have tax data."""

    id: int
    name: str
    floor_area: int
    land: int | None
    tax: Fraction
    companies: tuple[int, ...]

    @property
    def per_square_metre(self) -> Fraction:
        """Yuan per m² of floor."""
        return self.tax * _WAN * _SQUARE_METRE / self.floor_area

    @property
    def per_mu(self) -> Fraction | None:
        """10,000 yuan per mu of its land, where that is known."""
        return self.tax * _MU / self.land if self.land else None


def buildings(connection: Connection, year: int, half: int = WHOLE_YEAR) -> Sequence[Building]:
    """The carriers whose floor area and companies are known, the highest tax per m² first.

    A company with sites in several carriers counts in each by the area that it has there at the end of the period.
    """
    at, of = company_site.c, company_year.c
    day = f"{year}-06-30" if half == 1 else f"{year}-12-31"
    sites = select(at.company, at.carrier, at.area).where(at.carrier.is_not(None), at.kind != LEASED_OUT, there_on(day))
    shares: dict[int, dict[int, int]] = {}
    for company, where, area in connection.execute(sites):
        shares.setdefault(company, {})[where] = shares.get(company, {}).get(where, 0) + area
    paid = select(of.company, metric.c.value).join(metric, metric.c.entry == of.id)
    paid = paid.where(of.year == year, of.half == half, metric.c.key == "tax")
    taxes: dict[int, Fraction] = {}
    inside: dict[int, list[int]] = {}
    for company, value in connection.execute(paid.order_by(of.company)):
        parts = shares.get(company, {})
        for where, area in parts.items():
            taxes[where] = taxes.get(where, Fraction(0)) + Fraction(value * area, MICRO * sum(parts.values()))
            inside.setdefault(where, []).append(company)
    rows = connection.execute(select(carrier).where(carrier.c.floor_area.is_not(None)).order_by(carrier.c.id))
    found = [
        Building(row.id, row.name, row.floor_area, row.land, taxes[row.id], tuple(inside[row.id]))
        for row in rows if row.id in taxes
    ]  # fmt: skip
    return sorted(found, key=lambda one: -one.per_square_metre)
