"""Working days in China: weekends, public holidays, and the weekend days worked for them (调休).

The program brings the published years; a later year is imported once the State Council has published it. Until then
only its weekends are known, and every answer that needed it says so: `Reckoned.unpublished`.
"""

from __future__ import annotations

import datetime as dt
import json
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection, delete, select

from db.core.dates import read_day
from db.core.errors import Refused
from db.core.paths import RESOURCES
from db.core.tables import tracked, words
from db.core.text import Text, _

OFF, WORK = "off", "work"

# The days of imported years; a year that is here is published, and stands instead of the program's own.
holiday = tracked("holiday", words("day", null=False, unique=True), words("kind", null=False))

_Answer = TypeVar("_Answer")
_DAY = dt.timedelta(days=1)
_NAMED = 4  # years that are said one by one
_WORDS = {
    OFF: ("off", "休", "休息", "放假", "假", "节假日", "法定节假日", "休假", "holiday"),
    WORK: ("work", "班", "上班", "调休", "调休上班", "补班", "工作日", "工作", "workday"),
}
_HEADINGS = ("日期", "日", "day", "date", "时间")


@dataclass(frozen=True)
class Reckoned(Generic[_Answer]):
    """An answer, and the years it touched whose holidays are not yet published (weekends alone were counted there)."""

    value: _Answer
    unpublished: tuple[int, ...] = ()

    @property
    def note(self) -> Text | None:
        """The sentence that says so; None where every year is published."""
        if not self.unpublished:
            return None
        first, last = self.unpublished[0], self.unpublished[-1]
        years = list(self.unpublished) if last - first < _NAMED else f"{first}—{last}"
        return _("The holidays of {years} are not yet published; only weekends are left out.", years=years)


@dataclass(frozen=True)
class Calendar:
    """The days that differ from the week, and the years for which they are known."""

    years: frozenset[int]
    off: frozenset[dt.date]
    work: frozenset[dt.date]

    def works(self, day: dt.date) -> bool:
        """Whether people work that day, as far as is known."""
        return day in self.work or (day.weekday() < 5 and day not in self.off)

    @cached_property
    def unlike_the_week(self) -> tuple[list[dt.date], list[dt.date]]:
        """The weekdays on which nobody works, and the days of weekends on which people do; in their order."""
        off = (day for day in self.off if day.weekday() < 5 and day not in self.work)
        return sorted(off), sorted(day for day in self.work if day.weekday() >= 5)

    def reckoned(self, value: _Answer, first: dt.date, last: dt.date) -> Reckoned[_Answer]:
        """`value` with the unpublished years from one day to another."""
        low, high = sorted((first.year, last.year))
        return Reckoned(value, tuple(year for year in range(low, high + 1) if year not in self.years))


@cache
def published() -> Calendar:
    """The calendar that the program brings (resources/calendars/cn.json)."""
    stored = json.loads((RESOURCES / "calendars" / "cn.json").read_text("utf-8"))["years"]
    return Calendar(
        frozenset(map(int, stored)),
        frozenset(dt.date.fromisoformat(day) for year in stored.values() for day in year["off"]),
        frozenset(dt.date.fromisoformat(day) for year in stored.values() for day in year["work"]),
    )


def calendar(connection: Connection) -> Calendar:
    """The calendar of a book: the program's years, and the imported ones instead of or beside them."""
    days = [
        (dt.date.fromisoformat(row.day), row.kind) for row in connection.execute(select(holiday.c.day, holiday.c.kind))
    ]
    own, known = {day.year for day, _kind in days}, published()
    return Calendar(
        known.years | own,
        frozenset(day for day in known.off if day.year not in own) | {day for day, kind in days if kind == OFF},
        frozenset(day for day in known.work if day.year not in own) | {day for day, kind in days if kind == WORK},
    )


def is_working_day(days: Calendar, day: dt.date) -> Reckoned[bool]:
    """Whether people work that day."""
    return days.reckoned(days.works(day), day, day)


def add_working_days(days: Calendar, start: dt.date, count: int) -> Reckoned[dt.date]:
    """The `count`-th working day after `start` (before it, where negative); `start` itself never counts."""
    day, step = start, _DAY if count >= 0 else -_DAY
    left = abs(count)
    while left:
        day += step
        left -= days.works(day)
    return days.reckoned(day, start, day)


def working_days_between(days: Calendar, start: dt.date, end: dt.date) -> Reckoned[int]:
    """The working days after `start` up to `end`, `end` counted; negative where `end` is earlier."""
    before, last = (start, end) if end >= start else (end - _DAY, start - _DAY)
    weeks, rest = divmod((last - before).days, 7)
    count = 5 * weeks + sum((before.weekday() + day) % 7 < 5 for day in range(1, rest + 1))
    for shifted, by in ((days.unlike_the_week[0], -1), (days.unlike_the_week[1], 1)):
        count += by * (bisect_right(shifted, last) - bisect_right(shifted, before))
    return days.reckoned(count if end >= start else -count, start, end)


def import_days(connection: Connection, rows: Sequence[Sequence[Any]]) -> tuple[int, ...]:
    """Store the published days of whole years from the rows of a table: date, 休 or 班. Returns the years.

    Each year that appears replaces what was known of it. A row that cannot be understood refuses all of them.
    """
    found: dict[str, str] = {}
    for number, row in enumerate(rows, 1):
        cells = [cell for cell in row if cell is not None and str(cell).strip()]
        if not cells or (not found and str(cells[0]).strip().lower() in _HEADINGS):
            continue
        day, kind = read_day(cells[0]).value, _kind(cells[1:])
        if not isinstance(day, str) or kind is None:
            raise Refused(_("Row {row}: a date and then 休 or 班 are expected, not “{text}”.",
                            row=number, text=" ".join(map(str, cells))))  # fmt: skip
        if found.setdefault(day, kind) != kind:
            raise Refused(
                _("Row {row}: {day} stands twice, once as holiday and once as working day.", row=number, day=day)
            )
    if not found:
        raise Refused(_("There is no day in this table."))
    years = tuple(sorted({int(day[:4]) for day in found}))
    for year in years:
        connection.execute(delete(holiday).where(holiday.c.day.startswith(f"{year}-")))
    connection.execute(holiday.insert(), [{"day": day, "kind": kind} for day, kind in sorted(found.items())])
    return years


def _kind(cells: Sequence[Any]) -> str | None:
    said = {str(cell).strip().lower() for cell in cells}
    return next((kind for kind, names in _WORDS.items() if said & set(names)), None)
