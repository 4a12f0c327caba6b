"""Why a day has two answers: what was finalised for it, and what the book knew at another moment, side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from db.core import settings
from db.core.past import day_name
from db.core.period import Period, period_name
from db.core.text import Text, _
from db.overview.figures import figures, rendered
from db.overview.finalised import Closing, closings
from db.overview.saying import counted

HEADS = ("signed.count", "signed.investment")


def choices(connection: Connection) -> list[Closing]:
    """The finalised reports that one may look at, the newest first; of those finalised together the longest one."""
    found: dict[int, Closing] = {}
    for one in closings(connection):
        kept = found.get(one.operation)
        if kept is None or one.first < kept.first:
            found[one.operation] = one
    return sorted(found.values(), key=lambda one: (one.last, one.operation), reverse=True)


def moment_name(one: Closing) -> Text:
    """2024年1—6月报告定稿时（7月12日 17:30）."""
    at = _("{day} {time}", day=day_name(one.at), time=f"{one.at:%H:%M}")
    return _("the report of {period} as finalised ({at})", period=period_name(Period.parse(one.period)), at=at)


def heads_said(heads: Mapping[str, str | None]) -> Sequence[Text | str]:
    """47个, 174.20亿元."""
    return [counted(key, heads[key]) for key in HEADS if heads.get(key) is not None]


def both(now: Connection, then: Connection, number: int, day: str) -> Text | None:
    """What the newest report until a day says as finalised, and what the book of operation `number` says for it.

    None where nothing is finalised until then, or where that report is what one looks at.
    """
    known = [one for one in choices(now) if one.last <= day]
    if not known or known[0].operation == number or not heads_said(known[0].heads):
        return None
    report = known[0]
    period = Period.parse(report.period, cut=settings.get(then, "month.cut"))
    found: Mapping[str, Any] = rendered(figures(then, period), "zh")["figures"]
    values = {key: found[key]["value"] for key in HEADS}
    return _(
        "{period}: here {then}, as finalised {final}",
        period=period_name(period), then=heads_said(values), final=heads_said(report.heads),
    )  # fmt: skip
