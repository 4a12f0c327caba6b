"""The period with whose report a report is compared: 比上期."""

from __future__ import annotations

import datetime as dt

from db.core.period import Period, add_months


def period_before(period: Period) -> Period:
    """The period of the report before.

    January to a month is compared with January to the month before, anything else with as much time just before it.
    """
    if period.months is None:
        first, last = (dt.date.fromisoformat(day) for day in (period.first, period.last))
        length = last - first + dt.timedelta(days=1)
        low, high = ((day - length).isoformat() for day in (first, last))
        return Period(low, high, f"{low}..{high}", None, period.cut)
    begin, end = period.months
    if begin[5:] == "01" and begin[:4] == end[:4] and begin != end:
        return Period.of_months(begin, add_months(end, -1), cut=period.cut)
    count = (int(end[:4]) - int(begin[:4])) * 12 + int(end[5:]) - int(begin[5:]) + 1
    return Period.of_months(add_months(begin, -count), add_months(end, -count), cut=period.cut)
