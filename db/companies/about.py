"""What rooms tell of one company, as parts of lines: everything about an enterprise on one page. And what this room tells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from db.companies.land import balance
from db.companies.models import FLOORS, SITE, carrier, company, company_name, company_site
from db.companies.queries import company_names
from db.core.fields import Area, Field
from db.core.reading import Stored
from db.core.text import Text, _


@dataclass(frozen=True)
class Line:
    """One thing about a company. day: ISO, "" where none. facts: what else is said of it, in this order.

    value: an amount or a number with the field that says how it is shown. record: room and id of what it leads to.
    """

    title: Text | str
    facts: tuple[Text | str, ...] = ()
    day: str = ""
    value: tuple[Field, Stored] | None = None
    record: tuple[str, int] | None = None


@dataclass(frozen=True)
class Point:
    """A value on the way of years: what it is called, how large it is, how that is said, which record it stands in."""

    name: str
    size: int
    said: str
    record: tuple[str, int]


@dataclass(frozen=True)
class Part:
    """Lines under a heading, or points that are drawn side by side; `nothing` is said where there are none.

    unit: of the points. private: whether a projected screen leaves them out.
    """

    heading: Text | str
    lines: tuple[Line, ...]
    nothing: Text
    points: tuple[Point, ...] = ()
    unit: str = ""
    private: bool = False


_FLOORS = Field("area", _("Area"), Area("㎡"))


@dataclass(frozen=True)
class Site:
    """A site as the page of its company tells it. company, party: ids and names; there: whether it is the company's now."""

    id: int
    kind: Text
    area: int
    floors: bool
    there: bool
    company: tuple[int, str]
    party: tuple[int, str] | None
    carrier: tuple[int, str] | None
    facts: tuple[Text | str, ...]


@dataclass(frozen=True)
class Land:
    """The land of a company on a day: by kind of site, what it comes to (1/300 m²), and the sites, those of now first.

    mine: what others lease from it, or to it, as their sites say.
    """

    amounts: Mapping[str, int]
    sites: tuple[Site, ...]
    mine: tuple[Site, ...]


def land(connection: Connection, number: int, day: str) -> Land:
    """What a company owns, leases out, leases in and has of floors."""
    at = company_site.c
    rows = connection.execute(
        select(company_site).where((at.company == number) | (at.party == number)).order_by(at.since, at.id)
    ).all()
    called = company_names(connection, {one for row in rows for one in (row.company, row.party) if one is not None})
    known = {row.carrier for row in rows if row.carrier is not None}
    carriers = {row.id: row.name for row in connection.execute(select(carrier).where(carrier.c.id.in_(known)))}
    sites = [_site(row, day, called, carriers) for row in rows]
    own = [one for one in sites if one.company[0] == number]
    there = {one.id for one in own if one.there}
    amounts = balance((row.kind, row.area) for row in rows if row.id in there)
    mine = tuple(one for one in sites if one.company[0] != number and one.there)
    return Land(amounts, tuple(sorted(own, key=lambda one: not one.there)), mine)


def _site(row: Any, day: str, called: Mapping[int, str], carriers: Mapping[int, str]) -> Site:
    there = (not row.since or row.since <= day) and (not row.until or row.until >= day)
    span = [_("from {day}", day=row.since)] if row.since else []
    span += [_("until {day}", day=row.until)] if row.until else []
    return Site(
        row.id, SITE.label(row.kind), row.area, row.kind == FLOORS, there, (row.company, called[row.company]),
        (row.party, called[row.party]) if row.party is not None else None,
        (row.carrier, carriers[row.carrier]) if row.carrier is not None else None,
        tuple(filter(None, (row.place, *span, row.remarks))),
    )  # fmt: skip


def about(connection: Connection, number: int) -> Sequence[Part]:
    """Its former names, newest first."""
    of = company_name.c
    names = connection.execute(select(of.name, of.until).where(of.company == number).order_by(of.id.desc())).all()
    lines = tuple(Line(row.name, day=row.until or "") for row in names)
    return (Part(_("Former names"), lines, _("It had no other name.")),)


def in_carrier(connection: Connection, number: int) -> Sequence[Part]:
    """Who has floors or land in a carrier; who has left it."""
    at = company_site.c
    rows = connection.execute(
        select(company_site, company.c.name.label("called")).join(company, company.c.id == at.company)
        .where(at.carrier == number).order_by(at.until.is_not(None), company.c.name, at.id)
    ).all()  # fmt: skip
    lines = tuple(
        Line(
            row.called, (SITE.label(row.kind), *filter(None, (row.place, _("until {day}", day=row.until) if row.until else ""))),
            row.since or "", (_FLOORS, row.area), ("companies", row.company),
        )
        for row in rows
    )  # fmt: skip
    return (Part(_("Companies in it"), lines, _("No company is written down in it.")),)
