"""Tables next to each other on one sheet, with an empty column between them: each is planned as if it stood alone."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from itertools import groupby, pairwise

from db.sheets.finding import LOOK, names_record
from db.sheets.headings import Vocabulary
from db.sheets.plan import Counts, SheetPlan
from db.sheets.values import is_blank
from db.sheets.workbook import Sheet


def side_by_side(sheet: Sheet, vocabulary: Vocabulary) -> list[Sheet]:
    """The sheet itself, or one for each table on it from left to right: the same rows, without the others' cells.

    Tables are parted at a column that is empty from the header down, where a record is named at both its sides. Titles
    above belong to the table over which they begin.
    """
    for row in range(min(LOOK, len(sheet.rows))):
        named = _names(sheet, row, vocabulary)
        if len(named) > 1:
            cuts = [cut for left, right in pairwise(named) if (cut := _gap(sheet, row, left, right))]
            return _parted(sheet, cuts) if cuts else [sheet]
    return [sheet]


def _names(sheet: Sheet, row: int, vocabulary: Vocabulary) -> list[int]:
    """The columns of a row whose heading is that of a record's name."""
    cells = enumerate(sheet.rows[row])
    return [
        at
        for at, cell in cells
        if isinstance(cell, str) and vocabulary.names(cell) and names_record({cell}, vocabulary)
    ]


def _gap(sheet: Sheet, header: int, left: int, right: int) -> int:
    """The last column between two that is empty from the header down and lies in no merged area; 0 where none is."""
    empty = set(range(left + 1, right))
    for span in sheet.merged:
        if span[2] >= header:
            empty.difference_update(range(span[1], span[3] + 1))
    for place in range(header, len(sheet.rows)):
        if not empty:
            return 0
        row = sheet.rows[place]
        empty = {column for column in empty if column >= len(row) or is_blank(row[column])}
    return max(empty, default=0)


def _parted(sheet: Sheet, cuts: Sequence[int]) -> list[Sheet]:
    parts = []
    for first, after in zip((0, *cuts), (*cuts, None), strict=True):
        rows = [(None,) * first + tuple(row[first:after]) for row in sheet.rows]
        spans = (span for span in sheet.merged if span[1] >= first and (after is None or span[1] < after))
        merged = tuple(
            (top, left, low, right if after is None else min(right, after - 1)) for top, left, low, right in spans
        )
        parts.append(dataclasses.replace(sheet, rows=rows, merged=merged))
    return parts


def as_one(plans: Sequence[SheetPlan]) -> tuple[SheetPlan, ...]:
    """What becomes of each sheet, tables that stood next to each other told together."""
    return tuple(_together(list(parts)) for _name, parts in groupby(plans, key=lambda plan: plan.name))


def _together(parts: list[SheetPlan]) -> SheetPlan:
    taken = [part for part in parts if part.taken]
    if len(parts) == 1 or not taken:
        return parts[0]
    names = [field.name for field in dataclasses.fields(Counts)]
    return dataclasses.replace(
        taken[0],
        columns=tuple(column for part in parts for column in part.columns),
        rows_read=sum(part.rows_read for part in parts),
        skipped=tuple(sorted((row for part in parts for row in part.skipped), key=lambda row: row.row)),
        counts=Counts(**{name: sum(getattr(part.counts, name) for part in parts) for name in names}),
        layouts=tuple(layout for part in parts for layout in part.layouts),
    )
