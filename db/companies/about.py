"""What rooms tell of one company, as parts of lines: everything about an enterprise on one page. And what this room tells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from db.companies.models import SITE, company_name, company_site
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
class Part:
    """Lines under a heading; `nothing` is said where there are none."""

    heading: Text | str
    lines: tuple[Line, ...]
    nothing: Text


_AREA = Field("area", _("Area"), Area("亩"))


def about(connection: Connection, number: int) -> Sequence[Part]:
    """Its former names, newest first, and its land."""
    of, at = company_name.c, company_site.c
    names = connection.execute(select(of.name, of.until).where(of.company == number).order_by(of.id.desc())).all()
    sites = connection.execute(
        select(company_site).where(at.company == number).order_by(at.until.is_not(None), at.since, at.id)
    ).all()
    told = tuple(
        Line(
            SITE.label(one.kind),
            tuple(filter(None, (one.place, _until(one.until)))),
            one.since or "",
            (_AREA, one.area),
        )
        for one in sites
    )
    return (
        Part(
            _("Former names"), tuple(Line(row.name, day=row.until or "") for row in names), _("It had no other name.")
        ),
        Part(_("Sites"), told, _("No site is written down.")),
    )


def _until(day: str | None) -> Text | str:
    return _("until {day}", day=day) if day else ""
