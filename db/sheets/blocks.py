"""How rows travel from the parser to the program: as columns, each packed by what it holds.

A column of a ledger mostly holds one type. The parser, whose time everybody waits for, only sorts columns by type;
cleaning is left to the program, which waits meanwhile. That is what makes a process of its own affordable.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Sequence
from datetime import date, time, timedelta
from itertools import chain
from typing import Any

# Excel keeps 15 digits: a longer number has already lost its end and stays a float, which says so.
EXACT = 10**15

Packed = tuple[str, Any]


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
        return "text", column
    if kinds == {float}:
        return "numbers", array("d", column).tobytes()
    if kinds <= {date, str}:
        return "dates", [cell.toordinal() if type(cell) is date else cell for cell in column]
    return "mixed", [_plain(cell) for cell in column]


def unpack(packed: Sequence[Packed]) -> list[tuple[Any, ...]]:
    """The rows, cleaned, as tuples; raises ValueError, TypeError or OverflowError for what `pack` never made."""
    return list(zip(*[_column(kind, cells) for kind, cells in packed], strict=True))


def _column(kind: str, cells: Any) -> list[Any]:
    if kind == "text":
        # Ledgers repeat themselves: what is equal is held once.
        same: dict[str, str | None] = dict(zip(cells, cells, strict=True))
        if "" in same:
            same[""] = None
        return list(map(same.__getitem__, cells))
    if kind == "numbers":
        numbers = array("d")
        numbers.frombytes(cells)
        return [
            (int(v) if -EXACT < v < EXACT else v) if v.is_integer() else v if math.isfinite(v) else "#NUM!"
            for v in numbers
        ]
    if kind == "dates":
        return [date.fromordinal(cell) if type(cell) is int else cell or None for cell in cells]
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
