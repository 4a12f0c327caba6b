"""From figures as the contract prints them, and what the city says, to the plain facts the sentences are made of."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection

from db.core import settings
from db.core.period import Period
from db.overview.facts import Compared, Facts, Rank, Sum, Target, is_count
from db.overview.forms import Form
from db.overview.ranking import ranks

_KINDS = ("outbound", "received", "promotion", "leads")
_SCOPES = {"县": "全县", "市": "全市"}

Found = Mapping[str, Mapping[str, Any]]


def gather(connection: Connection, period: Period, found: Found, chosen: Mapping[str, str], form: Form) -> Facts:
    """What the figures of a period, settings and form say; the parts and lists are added by who reads records."""
    cohort = chosen["report.start_rate"] == settings.YES or "started.cohort" in form.optional
    paid = "paid_in.verified" if _stored(found, "paid_in.verified") else "paid_in.reported"
    return Facts(
        period,
        scope=_SCOPES.get(chosen["district.name"].strip()[-1:], "全区"),
        signed=_compared(found, "signed.count"),
        invested=_compared(found, "signed.investment"),
        started=_sum(found, "started"),
        produced=_sum(found, "produced"),
        cohort=_cohort(found) if cohort else None,
        paid_in=_compared(found, paid),
        paid_in_figure=paid,
        foreign=_compared(found, "foreign.used"),
        targets=_targets(found),
        expected=_expected(period, found),
        ranks=[
            Rank(one.figure, one.value, one.rank, one.group, one.group_rank)
            for one in ranks(connection, period, chosen=chosen)
        ],
        activities={kind: _stored(found, f"activities.{kind}") for kind in _KINDS},
        negotiating=_sum(found, "negotiating"),
        months=int(chosen["stuck.months"]),
        in_order=form.units == "order",
        gap="targets.gap" in form.optional,
    )


def _stored(found: Found, key: str, part: str = "value") -> int:
    """A number of the contract in stored form: counts as they are, money in hundredths."""
    text = found[key][part] if key in found else None
    if text is None:
        return 0
    counted = is_count(key.removeprefix("targets.").removesuffix(".rate"))
    return int(text) if counted else int(Decimal(text) * 100)


def _compared(found: Found, key: str) -> Compared:
    before = found[key]["previous"]
    return Compared(_stored(found, key), None if before is None else _stored(found, key, "previous"))


def _sum(found: Found, key: str) -> Sum:
    return Sum(_stored(found, f"{key}.count"), _stored(found, f"{key}.investment"))


def _cohort(found: Found) -> tuple[int, int]:
    rate = found["start_rate.cohort"]
    return int(rate["numerator"]), int(rate["denominator"])


def _targets(found: Found) -> dict[str, Target]:
    keys = [key for key in found if key.startswith("targets.")]
    return {
        key.removeprefix("targets.").removesuffix(".rate"): Target(
            _stored(found, key, "numerator"), _stored(found, key, "denominator")
        )
        for key in keys
    }


def _expected(period: Period, found: Found) -> Sum | None:
    """The forecast of the year, where it says more than what is done."""
    whole = _sum(found, "forecast.signed")
    done = _stored(found, "signed.count")
    return whole if period.year_to_date().first == period.first and whole.count > done else None
