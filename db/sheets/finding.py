"""Where the tables of a sheet are: title lines, header block (one row or several), data, the next table below.

All positions here are 0-based within `Sheet.rows`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from db.core.reading import half_width
from db.sheets.headings import GENERIC, Vocabulary, heading_text, named, normal, unit_in
from db.sheets.values import is_blank
from db.sheets.workbook import Cell, Sheet, Span

LOOK = 200
_YEAR = re.compile(r"20\d{2}(?:年度?)?(?:实绩|实际|完成)?")
DEEPEST = 5


@dataclass(frozen=True)
class Block:
    """One table: header rows first..last, data from `start` to before `end`, the lines above, the heading paths."""

    first: int
    last: int
    start: int
    end: int
    above: tuple[str, ...]
    above_rows: tuple[int, ...]
    paths: dict[int, tuple[str, ...]]


class Grid:
    """A sheet's rows with its merged areas looked up by any of their cells."""

    def __init__(self, sheet: Sheet) -> None:
        self.rows: Sequence[Sequence[Cell]] = sheet.rows
        self.width = max((len(row) for row in sheet.rows), default=0)
        self.spans = {(span[0], span[1]): span for span in sheet.merged}
        self._by_row: dict[int, list[Span]] = {}
        for span in sheet.merged:
            for row in range(span[0], min(span[2], span[0] + LOOK) + 1):
                self._by_row.setdefault(row, []).append(span)

    def span(self, row: int, column: int) -> Span | None:
        """The merged area that a cell lies in."""
        for span in self._by_row.get(row, ()):
            if span[1] <= column <= span[3]:
                return span
        return None

    def spans_of(self, row: int) -> list[Span]:
        """The merged areas that touch a row."""
        return self._by_row.get(row, [])

    def cell(self, row: int, column: int) -> Cell:
        """A cell, None beyond the end of its row."""
        line = self.rows[row]
        return line[column] if column < len(line) else None

    def filled(self, row: int) -> list[int]:
        """Columns of a row that say something."""
        return [column for column, cell in enumerate(self.rows[row]) if not is_blank(cell)]


def find_blocks(sheet: Sheet, vocabulary: Vocabulary) -> list[Block]:
    """All tables of a sheet whose headings are known well enough; empty where the sheet is not a table of the room."""
    grid = Grid(sheet)
    heads = _header_rows(grid, vocabulary)
    blocks: list[Block] = []
    floor = 0
    for place, (first, last) in enumerate(heads):
        lines = _lines_above(grid, first, floor, vocabulary)
        end = len(grid.rows) if place + 1 == len(heads) else heads[place + 1][0]
        end -= len(_lines_above(grid, end, last + 1, vocabulary)) if end < len(grid.rows) else 0
        start = last + 1 + _numbers_row(grid, last + 1, end)
        texts = tuple(heading_text(grid.cell(row, column)) for row in lines for column in grid.filled(row))
        blocks.append(Block(first, last, start, end, texts, tuple(lines), _paths(grid, first, last)))
        floor = last + 1
    return blocks


def _header_rows(grid: Grid, vocabulary: Vocabulary) -> list[tuple[int, int]]:
    """First and last row of each header block, from top to bottom."""
    found: list[tuple[int, int]] = []
    seen: set[str] = set()
    row = 0
    while row < len(grid.rows):
        if _may_be_header(grid, row, vocabulary, seen) and _is_header(grid, row, vocabulary, seen):
            row = _best_of(grid, row, vocabulary)
            first, last = _extent(grid, row, found[-1][1] + 1 if found else 0, vocabulary)
            found.append((first, last))
            seen |= {cell.strip() for line in grid.rows[first : last + 1] for cell in line if isinstance(cell, str)} - {
                ""
            }
            row = last
        row += 1
    return found


def _may_be_header(grid: Grid, row: int, vocabulary: Vocabulary, seen: set[str]) -> bool:
    """A cheap look at the first few cells; far down only cells written like headings already met are looked at."""
    looked = 0
    for cell in grid.rows[row]:
        if cell is None or cell == "":
            continue
        if isinstance(cell, str) and (cell.strip() in seen or (row < LOOK and vocabulary.names(cell))):
            return True
        looked += 1
        if looked >= 6 and row >= LOOK:
            return False
    return False


def _is_header(grid: Grid, row: int, vocabulary: Vocabulary, seen: set[str]) -> bool:
    columns = grid.filled(row)
    cells = [grid.cell(row, column) for column in columns]
    texts = {cell.strip() for cell in cells if isinstance(cell, str)}
    known = {text for text in texts if vocabulary.names(text)}
    months = {text for text in texts - known if vocabulary.knows(text)}
    if sum(not isinstance(cell, str | date) for cell in cells) > 0.5 * len(columns):
        return False
    first = not seen
    if len(texts) > 1 and texts <= seen:
        return True
    named_here = names_record(known, vocabulary)
    if any(len(text) > 60 for text in texts) or len(known) < (1 if named_here and (first or known == texts) else 2):
        return False
    enough = 0.25 if first or named_here else 0.6
    return len(known) >= enough * len(texts - months)


def names_record(known: set[str], vocabulary: Vocabulary) -> bool:
    """Whether a required field (the name) is among the headings."""
    matches = [vocabulary.match((text,)) for text in known]
    return any(match is not None and match.key in vocabulary.room.required for match in matches)


def _best_of(grid: Grid, row: int, vocabulary: Vocabulary) -> int:
    """Of this row and the header-like ones directly below it, the one with most known headings.

    A lone cell may be a title (招商项目): then a line that counts the rows may stand between.
    """
    best, most = row, 0
    for place in range(row, min(row + 4, len(grid.rows))):
        hits = sum(vocabulary.names(cell) for cell in grid.rows[place])
        if not hits and len(grid.filled(row)) > 1:
            break
        if hits > most:
            best, most = place, hits
    return best


def _extent(grid: Grid, anchor: int, floor: int, vocabulary: Vocabulary) -> tuple[int, int]:
    first = last = anchor
    while (
        first > floor
        and anchor - first < DEEPEST
        and _is_above(grid, first - 1, first, vocabulary, below_table=floor > 0)
    ):
        first -= 1
    for row in range(first, anchor + 1):
        for span in grid.spans_of(row):
            if span[0] == row and span[2] - row <= DEEPEST:
                last = max(last, span[2])
    last = min(last, len(grid.rows) - 1)
    while last + 1 < len(grid.rows) and last - anchor < DEEPEST and _is_below(grid, last, last + 1, vocabulary):
        last += 1
    return first, last


def _is_above(grid: Grid, row: int, below: int, vocabulary: Vocabulary, *, below_table: bool) -> bool:
    """A row of group headings over the row below: it is merged down into it, or fills its gaps, or spans part of it."""
    columns = grid.filled(row)
    if not columns or any(not isinstance(grid.cell(row, column), str) for column in columns):
        return False
    texts = [heading_text(grid.cell(row, column)) for column in columns]
    if any("单位:" in half_width(text) or "填报" in text or len(text) > 40 for text in texts):
        return False
    if any(span[0] <= row and span[2] >= below for span in grid.spans_of(row)):
        return True
    across = [span for span in grid.spans_of(row) if span[3] > span[1]]
    # A table at the right of another begins where its first heading stands.
    width = grid.width - min(columns[0], *grid.filled(below)[:1])
    if len(columns) == 1 and (not across or across[0][3] - across[0][1] + 1 >= 0.6 * width):
        return False
    if below_table or not any(is_blank(grid.cell(below, column)) for column in columns):
        return bool(across) or any(vocabulary.names(text) for text in texts) or _are_years(texts)
    return True


def _is_below(grid: Grid, last: int, row: int, vocabulary: Vocabulary) -> bool:
    """A row of sub-headings or of units under a header that was not merged."""
    columns = grid.filled(row)
    cells = [grid.cell(row, column) for column in columns]
    if not columns or not all(isinstance(cell, str | date | int | float) for cell in cells):
        return False
    texts = [heading_text(cell) for cell in cells]
    if all(isinstance(cell, str) and _is_heading_word(cell, vocabulary) for cell in cells):
        return True
    if _are_years(texts):
        return True
    if any(len(text) > 20 for text in texts) or not all(_under_group(grid, last, column) for column in columns):
        return False
    strings = [text for text, cell in zip(texts, cells, strict=True) if isinstance(cell, str)]
    known = sum(vocabulary.knows(text) for text in strings)
    return len(strings) == len(cells) and known >= 1 and (known * 3 >= len(strings) or len(strings) >= 2)


def _are_years(texts: Sequence[str]) -> bool:
    return len(texts) > 1 and all(_YEAR.fullmatch(text) for text in texts)


def _is_heading_word(cell: str, vocabulary: Vocabulary) -> bool:
    return vocabulary.knows(cell) or unit_in(cell) is not None or normal(cell) in GENERIC


def _under_group(grid: Grid, last: int, column: int) -> bool:
    """Whether a cell lies under a gap of the header, or under a heading with a gap at its right."""
    span = grid.span(last, column)
    if span and span[2] > span[0] and span[1] == span[3]:
        return False
    if is_blank(grid.cell(last, column)):
        return any(not is_blank(grid.cell(last, left)) for left in range(column))
    return column + 1 < grid.width and is_blank(grid.cell(last, column + 1))


def _lines_above(grid: Grid, first: int, floor: int, vocabulary: Vocabulary) -> list[int]:
    """Title, unit and reporting lines directly above a header; the first table takes everything above it."""
    if floor == 0:
        return [row for row in range(first) if grid.filled(row)]
    lines: list[int] = []
    for row in range(first - 1, max(floor, first - 4) - 1, -1):
        columns = grid.filled(row)
        texts = [heading_text(grid.cell(row, column)) for column in columns]
        below_data = bool(grid.filled(row - 1)) and not grid.spans_of(row)
        banner = len(texts) == 1 and bool(vocabulary.room.context(texts[0]))
        if (columns and not banner and not _is_line(texts, below_data)) or (
            not columns and any(map(grid.filled, lines))
        ):
            break
        lines.append(row)
    while lines and not grid.filled(lines[-1]):
        lines.pop()
    return sorted(lines)


def _is_line(texts: list[str], below_data: bool) -> bool:
    """A title or unit line. Directly below a record a lone text is one only if it sounds like a title."""
    if len(texts) > 3 or any(normal(text).endswith(("小计", "合计", "总计")) for text in texts):
        return False
    if any("单位:" in half_width(text) or unit_in(text) for text in texts):
        return True
    if len(texts) != 1 or texts[0].startswith(("注", "备注", "说明", "审核", "填报人", "填表人")):
        return False
    return not below_data or bool(re.search(r"(表|台账|清单|明细|名单|一览|汇总|情况|统计)([（(].*[）)])?$", texts[0]))


def _numbers_row(grid: Grid, row: int, end: int) -> int:
    """1 where the row under the header only numbers the columns (1 2 3, 甲 乙 1 2)."""
    if row >= end:
        return 0
    texts = [half_width(heading_text(grid.cell(row, column))).strip("()") for column in grid.filled(row)]
    numbers = [text for text in texts if text not in ("甲", "乙", "丙", "丁", "戊")]
    plain = [int(text) for text in numbers if text.isdigit() and len(text) <= 4]
    counted = len(texts) >= 3 and len(plain) == len(numbers) and plain[:1] in ([1], [0])
    return int(counted and plain == list(range(plain[0], plain[0] + len(plain))))


def _paths(grid: Grid, first: int, last: int) -> dict[int, tuple[str, ...]]:
    """Heading texts of every column from top to bottom, merged and spread group headings included."""
    paths: dict[int, tuple[str, ...]] = {}
    for column in range(grid.width):
        path: list[str] = []
        for row in range(first, last + 1):
            text = _heading_at(grid, row, column, first, last)
            if text and (not path or path[-1] != text):
                path.append(text)
        if path:
            paths[column] = tuple(path)
    return paths


def _heading_at(grid: Grid, row: int, column: int, first: int, last: int) -> str:
    span = grid.span(row, column)
    if span:
        return heading_text(grid.cell(max(span[0], first), span[1])) if span[2] <= last else ""
    text = heading_text(grid.cell(row, column))
    if text or row == last:
        return text
    below = range(row + 1, last + 1)
    if all(is_blank(grid.cell(lower, column)) for lower in below):
        return ""
    left = column - 1
    while left >= 0 and is_blank(grid.cell(row, left)) and grid.span(row, left) is None:
        left -= 1
    spread = left >= 0 and grid.span(row, left) is None
    spread = spread and any(not is_blank(grid.cell(lower, left)) for lower in below)
    return heading_text(grid.cell(row, left)) if spread else ""


def headings_of(paths: Mapping[int, tuple[str, ...]]) -> dict[int, str]:
    """Headings as they are shown: the lowest text where no other column has it, else the path (到位资金 / 1月)."""
    plain = {column: without_units(path) for column, path in paths.items()}
    lowest = [path[-1] for path in plain.values()]
    return {
        column: path[-1] if lowest.count(path[-1]) == 1 and not path[-1].endswith("月") else " / ".join(path)
        for column, path in plain.items()
    }


def unit_of(path: tuple[str, ...]) -> str | None:
    """The unit that a heading says itself, the lowest text first."""
    for text in reversed(path):
        unit = unit_in(text) or named(text)[1]
        if unit:
            return unit
    return None


def without_units(path: tuple[str, ...]) -> tuple[str, ...]:
    """The path without texts that only say a unit."""
    return tuple(text for text in path if unit_in(text) is None) or path
