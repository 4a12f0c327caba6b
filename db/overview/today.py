"""今日: the strip of key figures, each with last year, its target and pace, and what opens the rows behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, cast

from sqlalchemy import Connection

from db.core import settings
from db.core.period import Period, add_months, month_of
from db.overview.explain import Goal, goal
from db.overview.figures import exact, figures, rendered
from db.overview.finalised import closed
from db.overview.measures import Basis
from db.overview.periods import period_before

Found = Mapping[str, Mapping[str, Any]]
Number = int | Decimal

STRIP = ("signed.count", "signed.investment", "started.count", "paid_in", "start_rate.cohort")
_READ = (*STRIP, "paid_in.verified", "paid_in.reported")


@dataclass(frozen=True)
class Head:
    """One figure of the strip; `key` opens its rows (`figure:<key>`) and its explanation.

    Counts as they are, money in yuan, rates as shares with their parts. change: more than in the report before
    (`last_period` says which), finalised where it is. target: None where none is set, or one of zero.
    """

    key: str
    label: str
    definition: str
    unit: str
    value: Number | None
    numerator: Number | None = None
    denominator: Number | None = None
    previous: Number | None = None
    yoy: Decimal | None = None
    target: Goal | None = None
    change: Number | None = None


def period_for(connection: Connection, today: str) -> Period:
    """What 今日 speaks of: January to the last month that has ended; in January the year that has just ended."""
    cut = settings.get(connection, "month.cut")
    month = add_months(month_of(today, cut), -1)
    return Period.of_months(f"{month[:4]}-01", month, cut=cut)


def paid_in(found: Found) -> str:
    """The figure of paid-in funds that an office speaks of: verified, or reported where nothing is verified."""
    return "paid_in.verified" if Decimal(found["paid_in.verified"]["value"] or 0) else "paid_in.reported"


def strip(connection: Connection, period: Period, *, lang: str = "zh") -> tuple[Head, ...]:
    """The strip for a period; a finalised one is as stored."""
    basis = Basis.of(connection)
    said, before = (_figures(connection, one, basis, lang) for one in (period, period_before(period)))
    return tuple(_head(paid_in(said) if key == "paid_in" else key, said, before, period) for key in STRIP)


def _figures(connection: Connection, period: Period, basis: Basis, lang: str) -> Found:
    """What the strip needs of a period: as finalised where it is, else from the book."""
    stored = closed(connection, period)
    found = figures(connection, period, only=_READ, basis=basis) if stored is None else stored.figures(lang)
    return cast("Found", rendered(found, lang)["figures"])


def _head(key: str, found: Found, before: Found, period: Period) -> Head:
    one = found[key]
    value, last = exact(one["value"]), exact(before[key]["value"]) if key in before else None
    rate = found.get(f"targets.{key}.rate")
    return Head(
        key,
        one["label"],
        one["definition"],
        one["unit"],
        value,
        exact(one["numerator"]),
        exact(one["denominator"]),
        exact(one["previous"]),
        None if one["yoy"] is None else Decimal(one["yoy"]),
        None if rate is None else goal(rate["numerator"], rate["denominator"], period),
        None if value is None or last is None or one["denominator"] is not None else value - last,
    )
