"""Tables next to each other on one sheet, with an empty column between them or a year in each of their headings.

Each is planned as if it stood alone.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping, Sequence
from itertools import groupby, pairwise

from db.core.reading import Stored
from db.sheets.finding import LOOK, Block, find_blocks, names_record
from db.sheets.headings import Vocabulary, normal, years_in
from db.sheets.plan import Counts, SheetPlan
from db.sheets.values import is_blank
from db.sheets.workbook import Cell, Sheet

_YEAR = re.compile(r"[(（]?(?:20|19)\d{2}(?:年度?)?[)）]?")


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


def years_apart(sheet: Sheet, vocabulary: Vocabulary) -> list[tuple[Sheet, dict[str, Stored]]]:
    """The sheet itself, or one for each year that stands in its headings (2022年 | 2023年 under 营业收入), with that year.

    Only where a record is one of a year, and some fact is told of two years at least, or every heading that has a year
    says the same one and no other heading the same fact. Columns without a year go to all.
    """
    room = vocabulary.room
    blocks = find_blocks(sheet, vocabulary) if "year" in room.required and "year" in room.whole_sheet else []
    if len(blocks) != 1:
        return [(sheet, {})]
    block = blocks[0]
    year_of = {column: year for column, path in block.paths.items() if (year := _one_year(path))}
    told: dict[str, set[int]] = {}
    for column, year in year_of.items():
        if key := _meant(vocabulary, _without_year(block.paths[column])):
            told.setdefault(key, set()).add(year)
    years = sorted(set().union(*told.values()))
    without = {_meant(vocabulary, path) for column, path in block.paths.items() if column not in year_of}
    elsewhere = set(years_in([*block.above, sheet.name]))
    alone = len(years) == 1 and not without & set(told) and elsewhere <= set(years)
    if not alone and max(map(len, told.values()), default=0) < 2:
        return [(sheet, {})]
    return [(_of_year(sheet, block, year_of, year), {"year": year}) for year in years]


def _meant(vocabulary: Vocabulary, path: tuple[str, ...]) -> str | None:
    match = vocabulary.match(path) if path else None
    return match.key if match else None


def _one_year(path: tuple[str, ...]) -> int | None:
    years = set(years_in(list(path)))
    return years.pop() if len(years) == 1 else None


def _without_year(path: tuple[str, ...]) -> tuple[str, ...]:
    bare = (_YEAR.sub("", text).strip() for text in path)
    return tuple(text for text in bare if normal(text))


def _of_year(sheet: Sheet, block: Block, year_of: Mapping[int, int], year: int) -> Sheet:
    """The same rows without other years' cells; every heading at the foot of the header, whole and without its year."""
    others, own = ({column for column, one in year_of.items() if (one == year) is mine} for mine in (False, True))
    kept = [() if at in others else _without_year(block.paths.get(at, ())) for at in range(max(block.paths) + 1)]
    rows: list[Sequence[Cell]] = []
    for place, row in enumerate(sheet.rows):
        if place > block.last:
            said = {at for at, cell in enumerate(row) if not is_blank(cell)}
            left_out = said & others and not said & own  # nothing is told of this year
            rows.append(tuple(None if left_out or at in others else cell for at, cell in enumerate(row)))
        elif place < block.first:
            rows.append(row)
        else:
            above_foot = block.last - place
            rows.append(tuple(path[-1 - above_foot] if above_foot < len(path) else None for path in kept))
    merged = tuple(span for span in sheet.merged if span[2] < block.first or span[0] > block.last)
    return dataclasses.replace(sheet, rows=rows, merged=merged)


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
        columns=tuple(dict.fromkeys(column for part in parts for column in part.columns)),
        rows_read=sum(part.rows_read for part in parts),
        skipped=tuple(
            sorted({row.row: row for part in parts for row in part.skipped}.values(), key=lambda row: row.row)
        ),
        counts=Counts(**{name: sum(getattr(part.counts, name) for part in parts) for name in names}),
        layouts=tuple(layout for part in parts for layout in part.layouts),
    )
