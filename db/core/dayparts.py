"""The month, the quarter or the year of a day, as facts of their own: what rows are grouped by."""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy import ColumnElement, case, func

from db.core.fields import Day, Field, Month, Words
from db.core.text import Text, _

# Part → what it is called.
PARTS: Mapping[str, Text] = {
    "month": _("{field}, by month"),
    "quarter": _("{field}, by quarter"),
    "year": _("{field}, by year"),
}
_QUARTERS = "一二三四"


def part_key(field: Field, part: str) -> str:
    """The stable key of a part of a day: `approved_on.quarter`."""
    return f"{field.key}.{part}"


def base_of(key: str) -> tuple[str, str] | None:
    """The day's own key and the part; None where the key is of something else."""
    base, sign, part = key.rpartition(".")
    return (base, part) if sign and part in PARTS else None


def part_of(field: Field, part: str) -> Field | None:
    """A part of a day as a fact that is read and never written: 2024-06, 2024-Q2, 2024; None of what is no day."""
    read = field.read
    if not isinstance(field.kind, Day) or read is None:
        return None

    def value() -> ColumnElement[str]:
        cell = read()
        year = func.substr(cell, 1, 4)
        if part == "year":
            return year
        month = func.substr(cell, 6, 2)
        if part == "month":
            return func.substr(cell, 1, 7)
        quarter = case((month <= "03", "-Q1"), (month <= "06", "-Q2"), (month <= "09", "-Q3"), else_="-Q4")
        return case((cell.is_not(None), year + quarter))

    return replace(
        field, key=part_key(field, part), label=PARTS[part](field=field.label), aliases=(), read=value, write=None,
        kind=Month() if part == "month" else Words(), sort=None if part == "month" else value,
    )  # fmt: skip


def days_of(value: str) -> tuple[str, str]:
    """The first and the last day of a month, a quarter or a year as `part_of` reads it."""
    year = int(value[:4])
    if len(value) == 4:
        return f"{year}-01-01", f"{year}-12-31"
    last = int(value[6]) * 3 if value[5] == "Q" else int(value[5:7])
    first = last - 2 if value[5] == "Q" else last
    return f"{year}-{first:02d}-01", f"{year}-{last:02d}-{calendar.monthrange(year, last)[1]:02d}"


def part_name(value: str, lang: str) -> str:
    """A quarter or a year as people say it: 2024年二季度."""
    year = value[:4]
    if len(value) == 4:
        return f"{year}年" if lang == "zh" else year
    if value[5] != "Q":
        return value
    return f"{year}年{_QUARTERS[int(value[6]) - 1]}季度" if lang == "zh" else f"Q{value[6]} {year}"
