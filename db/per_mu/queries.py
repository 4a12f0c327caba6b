"""Reading metrics: a group column by column, who owes what, the sums behind per-mu figures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, or_, select

from db.companies.models import company
from db.companies.queries import land_of
from db.core import bulk
from db.people.models import unit
from db.per_mu.groups import Adjustment, Group, Member
from db.per_mu.models import METRICS, WHOLE_YEAR, Measured, adjustment, company_year, metric

_SITE_UNIT = 5  # 1/300 m² in 10⁻⁶ mu
_SCALE: ColumnElement[Any] = func.coalesce(company_year.c.scale, company.c.scale)


@dataclass(frozen=True)
class Datum:
    """A metric of a company with where it comes from. value in 10⁻⁶ of the unit."""

    key: str
    value: int
    source: str | None
    confirmed_by: str | None
    confirmed_on: str | None


@dataclass(frozen=True)
class Gap:
    """What one company lacks of what is wanted."""

    entry: int
    company: int
    name: str
    metric: Measured


@dataclass(frozen=True)
class Adjusted:
    """What the office entered for one company's year. points in 10⁻⁶, of a bonus or a deduction."""

    id: int
    kind: str
    points: int | None
    reason: str


_LAND = ("land", "land_own", "land_out", "land_in")


def group_of(
    connection: Connection, year: int, *, half: int = WHOLE_YEAR, scope: str | None = None,
    keys: Sequence[str] | None = None, company: int | None = None,
) -> Group:  # fmt: skip
    """The companies with metrics of a year (or half of one), in the order of their entries.

    scope: of this size only. keys: of these metrics and land only, and without what is adjusted, where not all is wanted.
    company: only of this one.

    A company whose size nobody has said counts in every scope. Land is what was given, else own − leased out + leased
    in, else the balance of its sites at the end of the period.
    """
    of = [company_year.c.year == year, company_year.c.half == half]
    if company is not None:
        of.append(company_year.c.company == company)
    members = _members(connection, of, scope)
    place = {one.entry: at for at, one in enumerate(members)}
    given: dict[str, list[int | None]] = {one.key: [None] * len(members) for one in METRICS}
    query = select(metric.c.entry, metric.c.key, metric.c.value).join(company_year, company_year.c.id == metric.c.entry)
    if keys is not None:
        query = query.where(metric.c.key.in_({*keys, *_LAND}))
    for entry, key, value in connection.execute(query.where(*of)):
        if entry in place and key in given:
            given[key][place[entry]] = value
    _fill_land(connection, members, given, f"{year}-06-30" if half == 1 else f"{year}-12-31")
    adjusted = _adjusted(connection, place, of) if keys is None else {}
    return Group(members, given, year, adjusted, half)


def _members(connection: Connection, of: Sequence[ColumnElement[bool]], scope: str | None) -> list[Member]:
    query = (
        select(company_year.c.id, company.c.id, company.c.name, company.c.credit_code, company.c.tags, unit.c.name,
               company.c.industry)
        .join(company, company.c.id == company_year.c.company)
        .outerjoin(unit, unit.c.id == company.c.street)
        .where(*of)
        .order_by(company_year.c.id)
    )  # fmt: skip
    if scope is not None:
        query = query.where(or_(_SCALE.in_((scope,)), _SCALE.is_(None)))
    return [
        Member(number, name, code, tags or "", entry, street or "", industry or "")
        for entry, number, name, code, tags, street, industry in connection.execute(query)
    ]


def _fill_land(
    connection: Connection, members: Sequence[Member], given: Mapping[str, list[int | None]], day: str
) -> None:
    land = given["land"]
    if None not in land:
        return
    parts = (given["land_own"], given["land_out"], given["land_in"])
    sites: dict[int, int] | None = None
    for place, value in enumerate(land):
        if value is not None:
            continue
        own, out, leased = (part[place] for part in parts)
        if (own, out, leased) != (None, None, None):
            land[place] = (own or 0) - (out or 0) + (leased or 0)
            continue
        sites = land_of(connection, day) if sites is None else sites
        if members[place].company in sites:
            land[place] = sites[members[place].company] * _SITE_UNIT


def _adjusted(
    connection: Connection, place: Mapping[int, int], of: Sequence[ColumnElement[bool]]
) -> dict[int, tuple[Adjustment, ...]]:
    at = adjustment.c
    query = select(at.entry, at.kind, at.points, at.reason).join(company_year, company_year.c.id == at.entry)
    found: dict[int, tuple[Adjustment, ...]] = {}
    for entry, kind, points, reason in connection.execute(query.where(*of).order_by(at.id)):
        if entry in place:
            found[place[entry]] = (*found.get(place[entry], ()), (kind, points, reason))
    return found


def data_of(connection: Connection, entry: int) -> list[Datum]:
    """Every datum of one entry with its source, in the order of the metrics."""
    of = metric.c
    query = select(of.key, of.value, of.source, of.confirmed_by, of.confirmed_on).where(of.entry == entry)
    rows = {row.key: Datum(*row) for row in connection.execute(query)}
    return [rows[one.key] for one in METRICS if one.key in rows]


def adjusted(connection: Connection, entry: int) -> list[Adjusted]:
    """What is adjusted for one entry now, the oldest first."""
    of = adjustment.c
    query = select(of.id, of.kind, of.points, of.reason).where(of.entry == entry).order_by(of.id)
    return [Adjusted(*row) for row in connection.execute(query)]


def values_before(
    connection: Connection, companies: Iterable[int], year: int, half: int = WHOLE_YEAR
) -> dict[int, dict[str, int]]:
    """Company → metrics of the year before."""
    found: dict[int, dict[str, int]] = {}
    for some in bulk.chunks(sorted(set(companies))):
        query = (
            select(company_year.c.company, metric.c.key, metric.c.value)
            .join(metric, metric.c.entry == company_year.c.id)
            .where(company_year.c.year == year - 1, company_year.c.half == half, company_year.c.company.in_(some))
        )
        for number, key, value in connection.execute(query):
            found.setdefault(number, {})[key] = value
    return found


def gaps(group: Group, wanted: Sequence[str]) -> dict[str, list[Gap]]:
    """What is missing of the wanted metrics, by the department that owes it (its name in English as the key)."""
    found: dict[str, list[Gap]] = {}
    for one in METRICS:
        if one.key not in wanted:
            continue
        for place, value in enumerate(group.given[one.key]):
            if value is None:
                member = group.members[place]
                gap = Gap(member.entry, member.company, member.name, one)
                found.setdefault(str(one.owed_by), []).append(gap)
    return found


def years(connection: Connection, *, half: int = WHOLE_YEAR) -> list[int]:
    """The years of which there are metrics, newest first."""
    query = select(company_year.c.year).where(company_year.c.half == half).distinct()
    return sorted(connection.scalars(query), reverse=True)


def periods(connection: Connection) -> list[tuple[int, int]]:
    """(year, half) of which there are entries, the newest year first, in it the whole year first."""
    of = company_year.c
    query = select(of.year, of.half).distinct().order_by(of.year.desc(), of.half)
    return [(row.year, row.half) for row in connection.execute(query)]
