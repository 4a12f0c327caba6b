"""A spreadsheet as read from its file: plain values, no opinion about what they mean."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path

Cell = None | str | int | float | bool | date | datetime | time
Row = Sequence[Cell]
Span = tuple[int, int, int, int]


@dataclass(frozen=True)
class Sheet:
    """One sheet: its rows from `first_row` (1-based, as Excel counts), equally long, and its merged areas.

    `merged` holds (first row, first column, last row, last column), 0-based positions within `rows`.
    """

    name: str
    visible: bool
    first_row: int
    rows: Sequence[Row]
    merged: tuple[Span, ...] = ()


@dataclass(frozen=True)
class Workbook:
    """A file with sheets; a text table is a workbook of one sheet."""

    path: Path
    name: str
    sheets: tuple[Sheet, ...]
