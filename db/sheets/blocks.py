"""How rows travel from the parser to the program: every different value of a block once, and its number per cell.

Ledgers repeat themselves; what is equal in a block is packed once, cleaned once and held once by whoever reads it.
Per cell nothing is left but two lookups, which is what makes a process of its own affordable (tests/bench).
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from itertools import chain
from typing import Any

# Excel keeps 15 digits: a longer number has already lost its end and stays a float, which says so.
EXACT = 10**15

Packed = tuple[int, list[str | None], bytes, list[int], list[Any], bytes]


class _Flag:
    """Stands for a truth value while values are told apart: True and 1.0 are equal, and not the same cell."""

    def __init__(self, value: bool) -> None:
        self.value = value


_FLAGS = (_Flag(False), _Flag(True))


def width_of(block: Sequence[Sequence[Any]]) -> int:
    """Columns used by the rows of `block`; blank is ""."""
    width = max(map(len, block), default=0)
    while width and all(len(row) < width or row[width - 1] == "" for row in block):
        width -= 1
    return width


def pack(block: Sequence[list[Any]]) -> Packed:
    """Pack rows of raw cells ("" is blank), cleaned of blank columns at the right."""
    width = width_of(block)
    if any(len(row) != width for row in block):
        block = [row[:width] + [""] * (width - len(row)) for row in block]
    flat = list(chain.from_iterable(block))
    different = dict.fromkeys(flat)
    if (1 in different or 0 in different) and bool in set(map(type, flat)):
        flat = [_FLAGS[cell] if type(cell) is bool else cell for cell in flat]
        different = dict.fromkeys(flat)
    strings = [value for value in different if type(value) is str]
    floats = [value for value in different if type(value) is float]
    dates = [value for value in different if type(value) is date]
    others = [value for value in different if type(value) not in (str, float, date)]
    number = dict(zip(chain(strings, floats, dates, others), range(len(different)), strict=True))
    cells = array("I", map(number.__getitem__, flat))
    return (
        width,
        [value or None for value in strings],
        array("d", floats).tobytes(),
        [value.toordinal() for value in dates],
        [_plain(value) for value in others],
        cells.tobytes(),
    )


def unpack(packed: Packed) -> list[tuple[Any, ...]]:
    """The rows again, as tuples; raises ValueError, TypeError or IndexError for what `pack` never made."""
    width, strings, floats, dates, others, numbers = packed
    if not width:
        return []
    values: list[Any] = list(strings)
    values += map(_number, _array("d", floats))
    values += map(date.fromordinal, dates)
    values += others
    flat = map(values.__getitem__, _array("I", numbers))
    return list(zip(*[flat] * width, strict=True))


def _array(code: str, raw: bytes) -> array[Any]:
    made = array(code)
    made.frombytes(raw)
    return made


def _number(value: float) -> int | float | str:
    if value.is_integer():
        return int(value) if -EXACT < value < EXACT else value
    return value if math.isfinite(value) else "#NUM!"


def _plain(value: Any) -> Any:
    if isinstance(value, _Flag):
        return value.value
    if isinstance(value, timedelta):
        return _duration(value)
    return value if isinstance(value, int | datetime | time) or value is None else str(value)


def _duration(value: timedelta) -> str:
    """Hours beyond a day have no time of day: as a spreadsheet shows them, 42:00:00."""
    seconds = abs(round(value.total_seconds()))
    sign = "-" if value < timedelta(0) else ""
    return f"{sign}{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"
