"""Periods: what a figure or a report is about: a month, months, days or a year (contract.md).

A period is two days, both included. Where the office counts its statistical month from the 26th of the month before
to the 25th (a setting of the book), months mean those days; a period of named days always means these days.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass

from db.core.errors import Usage
from db.core.text import Text, _

CALENDAR_MONTH, FROM_26_TO_25 = "calendar", "26-25"

_MONTH = re.compile(r"(\d{4})-(\d{2})")
_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_YEAR = re.compile(r"\d{4}")
_PART = re.compile(r"(\d{4})-?(?:H([12])|Q([1-4]))", re.IGNORECASE)


@dataclass(frozen=True)
class Period:
    """The days from `first` to `last`, ISO text, both included.

    text: as a person or a command wrote it. months: (first, last) as YYYY-MM where it is made of whole months.
    cut: which days a month has, CALENDAR_MONTH or FROM_26_TO_25.
    """

    first: str
    last: str
    text: str
    months: tuple[str, str] | None = None
    cut: str = CALENDAR_MONTH

    @classmethod
    def parse(cls, text: str, *, cut: str = CALENDAR_MONTH) -> Period:
        """Read `2024-06`, `2024-01..2024-06`, `2024-06-03..2024-06-16`, `2024`, `2024-H1` or `2024-Q3`; raises `Usage`."""
        wanted = text.strip()
        low, dots, high = wanted.partition("..")
        if not dots:
            high = low
        try:
            return cls._read(wanted, low.strip(), high.strip(), cut)
        except ValueError as wrong:
            raise Usage(
                _(
                    "“{text}” is not a period. Write 2024-06, 2024-01..2024-06, 2024-06-03..2024-06-16, 2024, 2024-H1 or 2024-Q3.",
                    text=text,
                )
            ) from wrong

    @classmethod
    def _read(cls, text: str, low: str, high: str, cut: str) -> Period:
        if _YEAR.fullmatch(low) and _YEAR.fullmatch(high):
            low, high = f"{low}-01", f"{high}-12"
        low, high = _part_of_year(low)[0], _part_of_year(high)[1]
        if _MONTH.fullmatch(low) and _MONTH.fullmatch(high):
            return cls.of_months(low, high, cut=cut, text=text)
        if not (_DAY.fullmatch(low) and _DAY.fullmatch(high)):
            raise ValueError(text)
        first, last = dt.date.fromisoformat(low), dt.date.fromisoformat(high)
        if first > last:
            raise ValueError(text)
        return cls(low, high, text, None, cut)

    @classmethod
    def of_months(cls, low: str, high: str, *, cut: str = CALENDAR_MONTH, text: str | None = None) -> Period:
        """The statistical months from `low` to `high` (YYYY-MM)."""
        if low > high:
            raise ValueError(low)
        first, last = month_days(low, cut)[0], month_days(high, cut)[1]
        return cls(first, last, text or (low if low == high else f"{low}..{high}"), (low, high), cut)

    @property
    def year(self) -> int:
        """The statistical year in which it ends."""
        return int(self.months[1][:4]) if self.months else int(self.last[:4])

    def year_before(self) -> Period:
        """The same period of the previous year; 29 February becomes the 28th."""
        if self.months:
            low, high = (f"{int(month[:4]) - 1:04d}{month[4:]}" for month in self.months)
            return Period.of_months(low, high, cut=self.cut)
        first, last = (_a_year_before(day) for day in (self.first, self.last))
        return Period(first, last, f"{first}..{last}", None, self.cut)

    def year_to_date(self) -> Period:
        """From the first day of its year to its own end: what a yearly target is compared with."""
        if self.months:
            return Period.of_months(f"{self.months[1][:4]}-01", self.months[1], cut=self.cut)
        return Period(f"{self.last[:4]}-01-01", self.last, f"{self.last[:4]}-01-01..{self.last}", None, self.cut)

    def whole_months(self) -> tuple[str, str]:
        """Months (low, high) that *end* within it: amounts kept by month count by these. Empty where low > high."""
        if self.months:
            return self.months
        low = self.first[:7]
        if month_days(low, self.cut)[1] < self.first:
            low = add_months(low, 1)
        high = add_months(self.last[:7], 1)
        while month_days(high, self.cut)[1] > self.last:
            high = add_months(high, -1)
        return low, high

    def is_one_month(self) -> bool:
        """Whether it is exactly one statistical month."""
        return self.months is not None and self.months[0] == self.months[1]


def _part_of_year(text: str) -> tuple[str, str]:
    """First and last month of a half-year or a quarter; any other text as it is."""
    found = _PART.fullmatch(text)
    if found is None:
        return text, text
    length = 6 if found[2] else 3
    last = int(found[2] or found[3]) * length
    return f"{found[1]}-{last - length + 1:02d}", f"{found[1]}-{last:02d}"


def month_days(month: str, cut: str = CALENDAR_MONTH) -> tuple[str, str]:
    """First and last day of a statistical month YYYY-MM; raises ValueError where there is no such month."""
    year, number = int(month[:4]), int(month[5:7])
    if not 1 <= number <= 12:
        raise ValueError(month)
    if cut == FROM_26_TO_25:
        return f"{add_months(month, -1)}-26", f"{month}-25"
    return f"{month}-01", f"{month}-{calendar.monthrange(year, number)[1]:02d}"


def add_months(month: str, count: int) -> str:
    """The month `count` months later (earlier where negative)."""
    total = int(month[:4]) * 12 + int(month[5:7]) - 1 + count
    return f"{total // 12:04d}-{total % 12 + 1:02d}"


def months_before(day: str, count: int) -> str:
    """The last day that is `count` months ago on `day`: the same day, and the last of a month for the last of a month.

    What was signed on 31 December is six months old on 30 June.
    """
    month = add_months(day[:7], -count)
    last = month_days(month)[1]
    return last if day == month_days(day[:7])[1] else min(f"{month}{day[7:]}", last)


def _a_year_before(day: str) -> str:
    month = add_months(day[:7], -12)
    return min(f"{month}{day[7:]}", month_days(month)[1])


def month_of(day: str, cut: str = CALENDAR_MONTH) -> str:
    """The statistical month a day belongs to."""
    month = day[:7]
    return add_months(month, 1) if cut == FROM_26_TO_25 and day[8:10] > "25" else month


def period_name(period: Period) -> Text:
    """How a report names it: 2024年6月, 2024年1—6月, 2024年, or the days."""
    if period.months is None:
        return _("{first} to {last}", first=period.first, last=period.last)
    low, high = period.months
    year, first, last = low[:4], int(low[5:]), int(high[5:])
    if low == high:
        return _("{month}/{year}", year=year, month=first)
    if low[:4] != high[:4]:
        return _("{first} to {last}", first=low, last=high)
    if (first, last) == (1, 12):
        return _("year {year}", year=year)
    return _("{first}–{last}/{year}", year=year, first=first, last=last)
