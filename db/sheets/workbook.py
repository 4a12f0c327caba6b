"""A spreadsheet as read from its file: plain values, no opinion about what they mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path

Cell = None | str | int | float | bool | date | datetime | time
Row = Sequence[Cell]
Span = tuple[int, int, int, int]


@dataclass(frozen=True)
class Sheet:
    """One sheet: its rows from `first_row` (1-based, as Excel counts), equally long, and its merged areas.

    `merged` holds (first row, first column, last row, last column), 0-based positions within `rows`; `stood`, of a
    sheet that was set upright, where its cells stand in the file.
    """

    name: str
    visible: bool
    first_row: int
    rows: Sequence[Row]
    merged: tuple[Span, ...] = ()
    stood: Mapping[tuple[int, int], tuple[int, int]] = field(default_factory=dict)

    def excel_row(self, place: int, column: int = 0) -> int:
        """The row of a cell as Excel numbers it."""
        return self.first_row + self.stood.get((place, column), (place, column))[0]

    def excel_column(self, place: int, column: int) -> int:
        """The column of a cell in the file, from 0."""
        return self.stood.get((place, column), (place, column))[1]


@dataclass(frozen=True)
class Workbook:
    """A file with sheets; a text table is a workbook of one sheet."""

    path: Path
    name: str
    sheets: tuple[Sheet, ...]
