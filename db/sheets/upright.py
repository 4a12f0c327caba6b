"""A card (labels with what they ask for beside them) or a table that lies on its side, set upright: a row a record.

项目名称   | 氢能装备产业园 | 投资主体   | 某某公司            项目名称 | 甲 | 乙
总投资（亿元） | 12.5          | 所属行业   | 新能源              总投资   | 3  | 5
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from db.sheets.finding import LOOK, Grid
from db.sheets.headings import Match, Vocabulary, heading_text
from db.sheets.values import is_blank
from db.sheets.workbook import Cell, Sheet

_SIDE_BY_SIDE = 3  # labels in a row of a card; the header of a table has more
_FEWEST = 3
Spot = tuple[int, int]
Record = Mapping[tuple[str, int], Spot]


def upright(sheet: Sheet, vocabulary: Vocabulary) -> Sheet:
    """The sheet itself, or where it is a card, cards below each other or a table on its side, a table of its records.

    Lines above and below stay. Nothing may be lost by it: where a label has more beside it than there are records, or
    a record no name, the sheet is left as it is.
    """
    if len(sheet.rows) > LOOK:
        return sheet
    grid = Grid(sheet)
    known = _labels(grid, vocabulary)
    columns = sorted({column for _row, column in known})
    if not columns:
        return sheet
    first, last = min(row for row, _column in known), max(row for row, _column in known)
    while (
        last + 1 < len(grid.rows)
        and isinstance(grid.cell(last + 1, columns[0]), str)
        and any(_values(grid, last + 1, columns[0], columns))
    ):  # labels that the room does not know
        last += 1
    records = _records(grid, columns, range(first, last + 1), _starts(known, vocabulary))
    if records is None or any(_name_missing(one, known, vocabulary) for one in records):
        return sheet
    return _rebuilt(sheet, first, last, records)


def _labels(grid: Grid, vocabulary: Vocabulary) -> dict[Spot, str]:
    """The labels that the room knows, by where they stand; none where the sheet looks like a table with a header."""
    found: dict[Spot, str] = {}
    for row in range(len(grid.rows)):
        here = {
            (row, column): match.key for column in grid.filled(row) if (match := _meant(grid, row, column, vocabulary))
        }
        if len(here) > _SIDE_BY_SIDE or any(_end(grid, *one) + 1 == other[1] for one, other in pairwise(here)):
            return {}
        found |= here
    columns = [column for _row, column in found]
    found = {spot: key for spot, key in found.items() if columns.count(spot[1]) > 1}
    needed = set(vocabulary.room.required) - set(vocabulary.room.whole_sheet)
    return found if len(set(found.values())) >= _FEWEST and needed <= set(found.values()) else {}


def _meant(grid: Grid, row: int, column: int, vocabulary: Vocabulary) -> Match | None:
    cell = grid.cell(row, column)
    return vocabulary.match((heading_text(cell),)) if vocabulary.names(cell) else None


def _end(grid: Grid, row: int, column: int) -> int:
    """The last column of a cell, merged or not."""
    span = grid.span(row, column)
    return span[3] if span else column


def _starts(known: Mapping[Spot, str], vocabulary: Vocabulary) -> list[int]:
    """The rows in which a card begins: those of its name."""
    return sorted({row for (row, _column), key in known.items() if key in vocabulary.room.required})


def _records(grid: Grid, columns: Sequence[int], rows: range, starts: Sequence[int]) -> list[Record] | None:
    """Heading (and which of that name it is) → where its value stands, record by record; None where it is no card."""
    beside = [(row, column, list(_values(grid, row, column, columns))) for row in rows for column in columns
              if isinstance(grid.cell(row, column), str) and not is_blank(grid.cell(row, column))]  # fmt: skip
    most = max((len(values) for _row, _column, values in beside), default=0)
    if len(columns) == 1 and most > 1 and len(starts) == 1:
        across = sorted({spot[1] for _row, _column, values in beside for spot in values})
        return [_record(grid, [(row, column, [spot for spot in values if spot[1] == at]) for row, column, values in beside])
                for at in across]  # fmt: skip
    if most > 1:
        return None
    edges = [rows.start, *starts[1:], rows.stop]
    return [_record(grid, [one for one in beside if start <= one[0] < end]) for start, end in pairwise(edges)]


def _values(grid: Grid, row: int, column: int, columns: Sequence[int]) -> Iterator[Spot]:
    """What stands at the right of a label, up to the next column of labels."""
    after = next((other for other in columns if other > column), grid.width)
    return ((row, at) for at in range(_end(grid, row, column) + 1, after) if not is_blank(grid.cell(row, at)))


def _record(grid: Grid, beside: Sequence[tuple[int, int, Sequence[Spot]]]) -> Record:
    found: dict[tuple[str, int], Spot] = {}
    for row, column, values in beside:
        heading = heading_text(grid.cell(row, column))
        again = sum(one == heading for one, _again in found)
        if values:
            found[heading, again] = values[0]
    return found


def _name_missing(record: Record, known: Mapping[Spot, str], vocabulary: Vocabulary) -> bool:
    needed = set(vocabulary.room.required) - set(vocabulary.room.whole_sheet)
    said = {match.key for heading, _again in record if (match := vocabulary.match((heading,)))}
    return not needed <= said


def _rebuilt(sheet: Sheet, first: int, last: int, records: Sequence[Record]) -> Sheet:
    headings = list(dict.fromkeys(heading for record in records for heading in record))
    stood: dict[Spot, Spot] = {}
    body: list[list[Cell]] = [[heading for heading, _again in headings]]
    for record in records:
        line: list[Cell] = [None] * len(headings)
        for heading, spot in record.items():
            at = headings.index(heading)
            line[at] = sheet.rows[spot[0]][spot[1]]
            stood[first + len(body), at] = spot
        body.append(line)
    body += [[] for _row in range(last - first + 1 - len(body))]
    grown = len(body) - (last - first + 1)
    rows = [*sheet.rows[:first], *body, *sheet.rows[last + 1 :]]
    width = max(map(len, rows))
    stood |= {(row + grown, 0): (row, 0) for row in range(last + 1, len(sheet.rows)) if grown}
    # A title over the whole card is one over the whole table.
    over = max(map(len, sheet.rows)) / 2
    merged = [
        (*span[:3], width - 1 if span[3] - span[1] >= over else span[3]) for span in sheet.merged if span[2] < first
    ]
    merged += [(top + grown, left, low + grown, right) for top, left, low, right in sheet.merged if top > last]
    padded = [tuple(row) + (None,) * (width - len(row)) for row in rows]
    return dataclasses.replace(sheet, rows=padded, merged=tuple(merged), stood=stood)
