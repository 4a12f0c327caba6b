"""Paid-in funds of a month, split by where they come from (省内、省外、境外).

A month keeps its parts and one row without origin: what of the month's total is not split. Hence all rows of a month
always add up to the total, whatever is typed first: with no total given, the total is the sum of the parts. Parts
that exceed a total that was given are refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import Connection, select

from db.core import bulk
from db.core.columns import Columns
from db.core.errors import Refused
from db.core.text import Text, _
from db.projects import writing
from db.projects.models import INSIDE, OUTSIDE, OVERSEAS, PAID_REPORTED, PAID_VERIFIED, monthly_amount

SPLIT = (PAID_REPORTED, PAID_VERIFIED)
ORIGINS = (INSIDE, OUTSIDE, OVERSEAS)
# Field key → the measure and the origin that it is.
PARTS: Mapping[str, tuple[str, str]] = {
    f"{measure}_{origin}": (measure, origin) for measure in SPLIT for origin in ORIGINS
}
_EXCEED = _("The parts inside, outside and overseas are more than the month's total; correct one of them.")


def kept_as(key: str) -> tuple[str, str]:
    """Measure and origin under which the amount of a field is kept; the origin is '' where the field is no part."""
    return PARTS.get(key, (key, ""))


def adds_to(measure: str, month: str, origin: str) -> list[str]:
    """The cell keys whose amount a row of this measure, month and origin is part of."""
    part_key = f"{measure}_{origin}"
    return [f"{measure}@{month}", *([f"{part_key}@{month}"] if part_key in PARTS else [])]


def total(measure: str, month: str) -> writing.Write:
    """Write the total of a month: what the parts leave of it is kept without origin."""

    def write(connection: Connection, pairs: writing.Pairs) -> None:
        parts = _parts(connection, measure, month, [number for number, _value in pairs])
        rest = [(n, None if value is None else value - sum(parts.get(n, {}).values())) for n, value in pairs]
        writing.amount(measure, month)(connection, rest)

    return write


def part(measure: str, month: str, origin: str) -> writing.Write:
    """Write one part of a month; where the total is known it stays, and the part is taken from what is not split."""

    def write(connection: Connection, pairs: writing.Pairs) -> None:
        numbers = [number for number, _value in pairs]
        parts = _parts(connection, measure, month, numbers)
        unsplit = _parts(connection, measure, month, numbers, origins=("",))
        rest = [
            (n, unsplit[n][""] + parts.get(n, {}).get(origin, 0) - (value or 0)) for n, value in pairs if n in unsplit
        ]
        writing.amount(measure, month, origin=origin)(connection, pairs)
        writing.amount(measure, month)(connection, rest)

    return write


def _parts(
    connection: Connection, measure: str, month: str, numbers: Sequence[int], *, origins: Sequence[str] = ORIGINS
) -> dict[int, dict[str, int]]:
    of = monthly_amount.c
    found: dict[int, dict[str, int]] = {}
    for some in bulk.chunks(numbers):
        query = select(of.project, of.origin, of.amount).where(
            of.project.in_(some), of.measure == measure, of.month == month, of.origin.in_(origins)
        )
        for row in connection.execute(query):
            found.setdefault(row.project, {})[row.origin] = row.amount or 0
    return found


def refuse_excess(connection: Connection, cells: Iterable[tuple[int, str, object]]) -> None:
    """Raise `Refused` where, after these cells were written, the parts of a month exceed its total."""
    written: dict[str, list[int]] = {}
    for number, key, _value in cells:
        plain, at, month = key.partition("@")
        if at and kept_as(plain)[0] in SPLIT:
            written.setdefault(f"{kept_as(plain)[0]}@{month}", []).append(number)
    for key, numbers in written.items():
        measure, _at, month = key.partition("@")
        unsplit_left = _parts(connection, measure, month, numbers, origins=("",)).values()
        if any(left[""] < 0 for left in unsplit_left):
            raise Refused(fields={key: _EXCEED})


def exceeding(columns: Columns) -> dict[int, dict[str, Text]]:
    """Where the parts of a month exceed its total, of many projects at once: place → key → why."""
    found: dict[int, dict[str, Text]] = {}
    for key, parts in _split_months(columns).items():
        for place, whole in enumerate(columns[key]):
            if whole is not None and sum(columns[one][place] or 0 for one in parts) > whole:
                found.setdefault(place, {})[key] = _EXCEED
    return found


def unsplit(columns: Columns) -> Columns:
    """The columns with each month's total turned into what its parts leave of it."""
    rest = {
        key: [
            None if whole is None else whole - sum(columns[one][place] or 0 for one in parts)
            for place, whole in enumerate(columns[key])
        ]
        for key, parts in _split_months(columns).items()
    }
    return {**columns, **rest} if rest else columns


def _split_months(columns: Columns) -> dict[str, list[str]]:
    """`measure@month` → the columns that hold its parts, where both are given."""
    found: dict[str, list[str]] = {}
    for key in columns:
        plain, at, month = key.partition("@")
        if at and plain in PARTS and f"{PARTS[plain][0]}@{month}" in columns:
            found.setdefault(f"{PARTS[plain][0]}@{month}", []).append(key)
    return found
