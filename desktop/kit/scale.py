"""Days as pixels: the scale of a timeline and what its heading says."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import NamedTuple

from db.core.text import Text, _
from desktop.kit.words import tr

ZOOMS = ("quarter", "month", "week")
_A_DAY = {"quarter": 0.9, "month": 2.6, "week": 11.0}


class Tick(NamedTuple):
    """Where a month (quarter, week) begins, and its name."""

    day: dt.date
    name: str
    is_year: bool


class Scale:
    """From the first day on, so many pixels a day."""

    def __init__(self, first: str, last: str, zoom: str) -> None:
        self.zoom = zoom
        self.a_day = _A_DAY[zoom]
        self.first = dt.date.fromisoformat(first[:10]).replace(day=1) - dt.timedelta(days=31)
        self.first = self.first.replace(month=1, day=1) if zoom == "quarter" else self.first.replace(day=1)
        self.last = dt.date.fromisoformat(last[:10]) + dt.timedelta(days=150)

    @property
    def width(self) -> int:
        """All days together."""
        return int(((self.last - self.first).days + 1) * self.a_day)

    def x(self, day: str | dt.date) -> float:
        """Where a day lies."""
        at = dt.date.fromisoformat(day[:10]) if isinstance(day, str) else day
        return (at - self.first).days * self.a_day

    def day(self, x: float) -> str:
        """The day at a place."""
        return (self.first + dt.timedelta(days=round(x / self.a_day))).isoformat()

    def ticks(self, low: float, high: float) -> Iterator[Tick]:
        """The months (quarters, weeks) between two places."""
        day = self._begin(self.first + dt.timedelta(days=max(0, int(low / self.a_day) - 93)))
        while self.x(day) <= high:
            after = self._after(day)
            if self.x(after) >= low:
                yield Tick(day, self._name(day), self._is_year(day))
            day = after

    def _begin(self, day: dt.date) -> dt.date:
        if self.zoom == "week":
            return day - dt.timedelta(days=day.weekday())
        return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1) if self.zoom == "quarter" else day.replace(day=1)

    def _after(self, day: dt.date) -> dt.date:
        if self.zoom == "week":
            return day + dt.timedelta(days=7)
        months = 3 if self.zoom == "quarter" else 1
        at = day.month - 1 + months
        return dt.date(day.year + at // 12, at % 12 + 1, 1)

    def _is_year(self, day: dt.date) -> bool:
        return day.month == 1 and (self.zoom != "week" or day.day <= 7)

    def _name(self, day: dt.date) -> str:
        if self.zoom == "week":
            return f"{day.year}-{day.month}-{day.day:02d}" if self._is_year(day) else f"{day.month}-{day.day:02d}"
        if self.zoom == "quarter":
            number = str((day.month - 1) // 3 + 1)
            return tr(_("{year}, Q{number}", year=str(day.year), number=number)) if number == "1" else tr(
                _("Q{number}", number=number)
            )  # fmt: skip
        name = tr(MONTHS[day.month - 1])
        return tr(_("{month} {year}", month=name, year=str(day.year))) if day.month == 1 else name


MONTHS: tuple[Text, ...] = (
    _("Jan"), _("Feb"), _("Mar"), _("Apr"), _("May"), _("Jun"), _("Jul"), _("Aug"), _("Sep"), _("Oct"), _("Nov"),
    _("Dec"),
)  # fmt: skip
