"""Blocks that follow from cells that are there: filled down or to the right, continued as a series, one value for many."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from db.core.block import KEEP, Checked, Rules, check, settle, stored
from db.core.errors import Refused
from db.core.fields import Area, Day, Field, Kind, Metric, Money, Month, Whole, Words
from db.core.formats import show
from db.core.quantities import scale_of
from db.core.reading import Stored
from db.core.text import _

_NUMBER = re.compile(r"(?P<head>.*?)(?P<digits>\d{1,15})(?P<tail>\D{0,4})", re.DOTALL)


def fill_down(
    connection: Connection, rules: Rules, *, fields: Sequence[Field], ids: Sequence[int], today: str
) -> Checked:
    """The first record's cells in all the records below it."""
    before = stored(connection, rules.table, fields, ids[:1], today)
    first = before[ids[0]]
    columns = [[KEEP, *[first[at]] * (len(ids) - 1)] for at in range(len(fields))]
    return settle(connection, rules, fields=fields, ids=ids, columns=columns, today=today)


def fill_right(
    connection: Connection, rules: Rules, *, fields: Sequence[Field], ids: Sequence[int], today: str
) -> Checked:
    """The first field's cells in the fields to the right of it, understood as those fields understand them."""
    before = stored(connection, rules.table, fields[:1], ids, today)
    texts = [_typed(fields[0].kind, before[number][0]) for number in ids]
    cells = [[None, *[text] * (len(fields) - 1)] for text in texts]
    return check(connection, rules, fields=fields, ids=ids, cells=cells, today=today)


def _typed(kind: Kind, value: Stored) -> str:
    """A value as it would be typed: an amount with its unit, so that a column of another unit takes it."""
    unit = kind.unit if isinstance(kind, Money | Area) and value is not None else ""
    return show(kind, value) + unit


@dataclass(frozen=True)
class Preview:
    """What one value for many records would do: the values they have now with how many, most first."""

    checked: Checked
    before: tuple[tuple[Stored, int], ...]
    value: Stored


def change_many(
    connection: Connection, rules: Rules, one: Field, text: str, ids: Sequence[int], *, today: str
) -> Preview:
    """The same typed value in one field of many records, with what it replaces."""
    checked = check(connection, rules, fields=[one], ids=ids, cells=[[text]] * len(ids), today=today)
    counts = Counter(values[0] for values in stored(connection, rules.table, [one], ids, today).values())
    return Preview(checked, tuple(counts.most_common()), checked.changes[0][2] if checked.changes else None)


# --- series ----------------------------------------------------------------------------------------------------------


def series(
    connection: Connection, rules: Rules, one: Field, ids: Sequence[int], *, today: str, by: str = ""
) -> Checked:
    """Continue what the first record has, in the step that the second one sets.

    by: "day" or "month" for days; empty: as the first two say. Where they say nothing: a day, a month, one of the unit.
    """
    before = stored(connection, rules.table, [one], ids[:2], today)
    first, second = before[ids[0]][0], before[ids[1]][0] if len(ids) > 1 else None
    values = continued(one.kind, first, None if second == first else second, len(ids), by=by)
    return settle(connection, rules, fields=[one], ids=ids, columns=[[KEEP, *values[1:]]], today=today)


def continued(kind: Kind, first: Stored, second: Stored, count: int, *, by: str = "") -> list[Any]:
    """`count` values from `first` on; raises `Refused` where nothing can be continued."""
    if first is None or first == "":
        raise Refused(_("The first cell is empty; there is nothing to continue."))
    if isinstance(kind, Month) or (isinstance(kind, Day) and by == "month"):
        return _months(str(first), str(second or ""), count)
    if isinstance(kind, Day):
        return _days(str(first), str(second or ""), count, by)
    if isinstance(kind, Money | Area | Metric | Whole):
        scale = scale_of(kind)
        step = int(second) - int(first) if second is not None else scale.factor if scale else 1
        return [int(first) + at * step for at in range(count)]
    if isinstance(kind, Words):
        return _texts(str(first), str(second or ""), count)
    raise Refused(_("“{value}” cannot be continued; fill down repeats it.", value=show(kind, first)))


def _days(first: str, second: str, count: int, by: str) -> list[str]:
    start = dt.date.fromisoformat(first)
    if second:
        then = dt.date.fromisoformat(second)
        if not by and then.day == start.day:
            return _months(first, second, count)
        step = (then - start).days
    else:
        step = 1
    return [(start + dt.timedelta(days=at * step)).isoformat() for at in range(count)]


def _months(first: str, second: str, count: int) -> list[str]:
    """The same day of every month; the last one where a month has no such day."""
    year, month = int(first[:4]), int(first[5:7])
    step = (int(second[:4]) - year) * 12 + int(second[5:7]) - month if second else 1
    found = []
    for at in range(count):
        years, months = divmod(month - 1 + at * step, 12)
        text = f"{year + years:04d}-{months + 1:02d}"
        if len(first) > 7:
            last = calendar.monthrange(year + years, months + 1)[1]
            text += f"-{min(int(first[8:10]), last):02d}"
        found.append(text)
    return found


def _texts(first: str, second: str, count: int) -> list[str]:
    """A text that ends in a number, counted on with as many digits: XM-009, XM-010."""
    start, then = _NUMBER.fullmatch(first), _NUMBER.fullmatch(second)
    if start is None:
        raise Refused(_("“{value}” has no number at its end; fill down repeats it.", value=first))
    same = then is not None and (then["head"], then["tail"]) == (start["head"], start["tail"])
    step = int(then["digits"]) - int(start["digits"]) if then is not None and same else 1
    width = len(start["digits"])
    return [f"{start['head']}{int(start['digits']) + at * step:0{width}d}{start['tail']}" for at in range(count)]
