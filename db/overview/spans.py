"""What sort of period it is: the words of a report depend on it (本月, 本周, 本旬)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

from db.core.period import Period, month_days, month_of
from db.core.text import Text, _

MONTH, QUARTER, CUMULATIVE, YEAR = "month", "quarter", "cumulative", "year"
WEEK, TEN_DAYS, FORTNIGHT, DAYS = "week", "ten_days", "fortnight", "days"

SPANS: Mapping[str, Text] = {
    MONTH: _("One month"),
    CUMULATIVE: _("January to a month"),
    QUARTER: _("A quarter"),
    YEAR: _("A year"),
    WEEK: _("A week"),
    TEN_DAYS: _("Ten days of a month"),
    FORTNIGHT: _("A fortnight"),
    DAYS: _("Any other days"),
}
_QUARTERS = (("01", "03"), ("04", "06"), ("07", "09"), ("10", "12"))
_LENGTHS = {7: WEEK, 14: FORTNIGHT}


def is_meant(period: Period, spans: Collection[str]) -> bool:
    """Whether a form for such spans is one for this period; January to March is a quarter and cumulative as well."""
    alike = {span_kind(period)}
    if period.months and alike & {QUARTER, YEAR} and period.months[0][5:] == "01":
        alike.add(CUMULATIVE)
    return bool(alike & set(spans))


def span_kind(period: Period) -> str:
    """Which of SPANS a period is. January to March is called a quarter and January to December a year."""
    if period.months is None:
        return _of_days(period.first, period.last)
    low, high = period.months
    if low == high:
        return MONTH
    if low[:4] != high[:4]:
        return DAYS
    if (low[5:], high[5:]) in _QUARTERS:
        return QUARTER
    if low[5:] == "01":
        return YEAR if high[5:] == "12" else CUMULATIVE
    return DAYS


def _of_days(first: str, last: str) -> str:
    begin, end = date.fromisoformat(first), date.fromisoformat(last)
    tenth = {1: 10, 11: 20}.get(begin.day)
    if begin.day == 21 and (begin.year, begin.month) == (end.year, end.month) and _is_last(end):
        return TEN_DAYS
    if tenth is not None and first[:7] == last[:7] and end.day == tenth:
        return TEN_DAYS
    return _LENGTHS.get((end - begin).days + 1, DAYS)


def _is_last(day: date) -> bool:
    return date.fromordinal(day.toordinal() + 1).day == 1


def of_days(first: str, last: str, cut: str) -> Period:
    """The period of these days, in months where they are whole ones."""
    low, high = month_of(first, cut), month_of(last, cut)
    if month_days(low, cut)[0] == first and month_days(high, cut)[1] == last:
        return Period.of_months(low, high, cut=cut)
    return Period(first, last, f"{first}..{last}", None, cut)


def issue(period: Period) -> int:
    """Which report of its year it is: the month, the week, the quarter; of other periods the week they end in."""
    kind = span_kind(period)
    last = period.months[1][5:] if period.months else period.last[5:7]
    if kind in (MONTH, CUMULATIVE, DAYS) and period.months:
        return int(last)
    if kind == QUARTER:
        return (int(last) + 2) // 3
    if kind == YEAR:
        return 1
    end = date.fromisoformat(period.last)
    if kind == TEN_DAYS:
        return (end.month - 1) * 3 + min(3, (end.day + 9) // 10)
    day_of_year = end.timetuple().tm_yday
    return (day_of_year + 13) // 14 if kind == FORTNIGHT else (day_of_year + 6) // 7
