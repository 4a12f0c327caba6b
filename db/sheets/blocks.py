"""How rows travel from the parser to the program: as columns, each packed by what it holds.

A column of a ledger mostly holds one type, and often few different texts. The parser, whose time everybody waits for,
only sorts columns by that; cleaning is left to the program, which waits meanwhile. That is what makes a process of its
own affordable.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Sequence
from datetime import date, time, timedelta
from functools import lru_cache
from itertools import chain
from typing import Any

# Excel keeps 15 digits: a longer number has already lost its end and stays a float, which says so.
EXACT = 10**15

_SAMPLE = 100
_PLACES = 256  # as many as a byte tells

Packed = tuple[str, Any]
_day = lru_cache(50_000)(date.fromordinal)


def width_of(block: Sequence[Sequence[Any]]) -> int:
    """Columns used by the rows of `block`; blank is ""."""
    width = max(map(len, block), default=0)
    while width and all(len(row) < width or row[width - 1] == "" for row in block):
        width -= 1
    return width


def pack(block: Sequence[list[Any]]) -> list[Packed]:
    """Pack rows of raw cells ("" is blank) without blank columns at the right."""
    width = width_of(block)
    if any(len(row) != width for row in block):
        block = [row[:width] + [""] * (width - len(row)) for row in block]
    flat = list(chain.from_iterable(block))
    return [_packed(flat[start::width]) for start in range(width)]


def _packed(column: list[Any]) -> Packed:
    kinds = set(map(type, column))
    if kinds == {str}:
        return ("text", column) if _seldom_repeats(column) else _by_place(column)
    if kinds == {float}:
        return "numbers", array("d", column).tobytes()
    if kinds <= {date, str} and not [cell for cell in column if cell and type(cell) is str]:
        return "days", array("i", [cell.toordinal() if cell else 0 for cell in column]).tobytes()
    return "mixed", column if kinds <= {float, str} else [_plain(cell) for cell in column]


def _seldom_repeats(cells: Sequence[Any]) -> bool:
    """Whether, by the first of them, hardly two cells of a column are alike."""
    return len(set(cells[:_SAMPLE])) > len(cells[:_SAMPLE]) // 2


def _by_place(column: list[str]) -> Packed:
    """Each different text once, and for every cell the place of its own: most columns of a ledger know few."""
    places = {text: place for place, text in enumerate(dict.fromkeys(column))}
    if len(places) > _PLACES:
        return "text", column
    return "places", (list(places), bytes(map(places.__getitem__, column)))


def unpack(packed: Sequence[Packed]) -> list[tuple[Any, ...]]:
    """The rows, cleaned, as tuples; raises ValueError, TypeError, IndexError or OverflowError for what `pack` never made."""
    return list(zip(*[_column(kind, cells) for kind, cells in packed], strict=True))


def _column(kind: str, cells: Any) -> list[Any]:
    if kind == "text":
        return [cell or None for cell in cells]
    if kind == "places":
        texts, places = cells
        return list(map([text or None for text in texts].__getitem__, places))
    if kind == "numbers":
        numbers = array("d")
        numbers.frombytes(cells)
        return [
            (int(v) if -EXACT < v < EXACT else v) if v.is_integer() else v if math.isfinite(v) else "#NUM!"
            for v in numbers
        ]
    if kind == "days":
        days = array("i")
        days.frombytes(cells)
        return [_day(day) if day else None for day in days]
    return [_number(cell) if type(cell) is float else None if cell == "" else cell for cell in cells]


def _number(value: float) -> int | float | str:
    if value.is_integer():
        return int(value) if -EXACT < value < EXACT else value
    return value if math.isfinite(value) else "#NUM!"


def _plain(value: Any) -> Any:
    if isinstance(value, timedelta):
        return _duration(value)
    return value if isinstance(value, str | float | int | date | time) else "" if value is None else str(value)


def _duration(value: timedelta) -> str:
    """Hours beyond a day have no time of day: as a spreadsheet shows them, 42:00:00."""
    seconds = abs(round(value.total_seconds()))
    sign = "-" if value < timedelta(0) else ""
    return f"{sign}{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"
