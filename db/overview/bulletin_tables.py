"""A table of a bulletin as numbers: whose (a district, a unit, a month) and which figure, whichever way it is turned.

Bulletins come as rows of districts under figures, as rows of figures under districts, or as rows of months; beside a
value may stand its place among the districts and its growth, which is computed here and never taken.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from db.core.fields import Money, Whole
from db.core.formats import understand
from db.core.paths import RESOURCES
from db.core.reading import half_width
from db.overview.definitions import BY_KEY
from db.sheets.finding import Grid
from db.sheets.headings import heading_text, normal, unit_in
from db.sheets.values import is_blank
from db.sheets.workbook import Cell, Sheet

VALUE, RANK, GROUP_RANK = "value", "rank", "group_rank"
_LOOK = 12  # rows in which the headings of a bulletin begin
_RANKS = re.compile(r"位次|排名|名次|位序|排位")
_SKIPPED = re.compile(r"本月|当月|同比|环比|增幅|增长|增速|占比|完成率|进度|目标|任务|上年|去年|%|％")
_NUMBERED = re.compile(r"序号|编号|^No\.?$", re.IGNORECASE)
_UNIT_SAID = re.compile(r"[（(](?P<said>[^（()）]*)[)）]")


@dataclass(frozen=True)
class Number:
    """One number of the table: whose it is, which figure, what of it (value or a rank), as stored; text as written."""

    whose: str
    figure: str
    what: str
    value: int
    text: str = ""


@dataclass(frozen=True)
class Read:
    """A table's numbers in reading order, the lines above it, headings nobody knows, and cells that are no number."""

    numbers: tuple[Number, ...]
    above: tuple[str, ...]
    unknown: tuple[str, ...]
    refused: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Column:
    place: int
    figure: str
    what: str
    unit: str | None


@cache
def known_figures() -> dict[str, list[str]]:
    """The figures that bulletins speak of, in their order, with their headings there."""
    stored: dict[str, list[str]] = json.loads((RESOURCES / "presets" / "headings_bulletin.json").read_text("utf-8"))
    return stored


@cache
def _names() -> list[tuple[str, str]]:
    """(heading as compared, figure), the longest first."""
    found = [(normal(name), key) for key, names in known_figures().items() for name in names]
    found += [(normal(one.label.render("zh")), one.key) for one in BY_KEY.values() if not one.is_rate]
    return sorted(found, key=lambda one: -len(one[0]))


def figure_named(text: str) -> str | None:
    """The figure that a heading means; money of signings is told by its words, not by 项目."""
    plain = normal(_UNIT_SAID.sub("", half_width(text)))
    return next((key for name, key in _names() if name and name in plain), None)


def read_table(sheet: Sheet) -> Read:
    """The numbers of one sheet; without any where it has none that a bulletin has."""
    grid = Grid(sheet)
    head = _head(grid)
    if head is None:
        return _by_rows(grid)
    first, last = head
    above = tuple(_line(grid, row) for row in range(first) if _line(grid, row))
    columns, unknown = _columns(grid, first, last, _common_unit(above))
    if not columns:
        return _by_rows(grid)
    numbers: list[Number] = []
    refused: list[str] = []
    for row in range(last + 1, len(grid.rows)):
        whose = _whose(grid, row, {one.place for one in columns})
        if not whose:
            continue
        for column in columns:
            _take(whose, column, grid.cell(row, column.place), numbers, refused)
    return Read(tuple(numbers), above, tuple(unknown), tuple(refused))


def _line(grid: Grid, row: int) -> str:
    return " ".join(heading_text(grid.cell(row, column)) for column in grid.filled(row))


def _head(grid: Grid) -> tuple[int, int] | None:
    """First and last row of the headings: from the first row that names figures side by side to the first with numbers."""
    for row in range(min(len(grid.rows), _LOOK)):
        texts = [heading_text(grid.cell(row, column)) for column in grid.filled(row)]
        named = {figure for text in texts if len(text) <= 30 and (figure := figure_named(text)) is not None}
        if named and len(texts) >= 2 and not _has_numbers(grid, row):
            last = row
            while last + 1 < len(grid.rows) and last - row < 3 and not _has_numbers(grid, last + 1):
                if not grid.filled(last + 1) or not _is_sub(grid, last + 1):
                    break
                last += 1
            return row, last
    return None


def _has_numbers(grid: Grid, row: int) -> bool:
    return any(isinstance(grid.cell(row, column), int | float) for column in grid.filled(row))


def _is_sub(grid: Grid, row: int) -> bool:
    texts = [heading_text(grid.cell(row, column)) for column in grid.filled(row)]
    words = ("个数", "数量", "总量", "数值", "完成", "金额", "投资", "本月", "累计", "单位")
    return all(
        _RANKS.search(text)
        or _SKIPPED.search(text)
        or figure_named(text)
        or unit_in(text)
        or any(w in text for w in words)
        for text in texts
    )


def _columns(grid: Grid, first: int, last: int, common: str | None) -> tuple[list[_Column], list[str]]:
    """What each column is; a rank belongs to the figure it stands under or beside."""
    found: list[_Column] = []
    unknown: list[str] = []
    figure: str | None = None
    for place in range(grid.width):
        parts = _path(grid, first, last, place)
        path = " ".join(parts)
        if not path or _NUMBERED.search(path):
            continue
        own = figure_named(path)
        figure = own or figure
        rank = _RANKS.search(path) is not None
        if figure is None or (own is None and not rank):
            if place > 1 and not _SKIPPED.search(path):
                unknown.append(path)
            continue
        if rank:
            found.append(_Column(place, figure, GROUP_RANK if "城区" in parts[-1] else RANK, None))
        elif not _SKIPPED.search(path) and not any((one.figure, one.what) == (figure, VALUE) for one in found):
            found.append(_Column(place, figure, VALUE, _unit(parts) or common))
    return found, unknown


def _path(grid: Grid, first: int, last: int, place: int) -> list[str]:
    parts: list[str] = []
    for row in range(first, last + 1):
        span = grid.span(row, place)
        text = heading_text(grid.cell(span[0], span[1]) if span is not None else grid.cell(row, place))
        if text and text not in parts:
            parts.append(text)
    return parts


def _unit(parts: Sequence[str]) -> str | None:
    said = [found for part in parts for found in [*_UNIT_SAID.findall(half_width(part)), part]]
    return next((unit for text in said if (unit := unit_in(text)) is not None), None)


def _common_unit(above: Sequence[str]) -> str | None:
    """单位：个、亿元 → 亿元: the unit of money that is said for the whole table."""
    found = re.search(r"单位[:：]?(.*)", half_width(" ".join(above)))
    if found is None:
        return None
    return next((unit for unit in ("亿元", "万元") if unit in found[1]), None)


def _whose(grid: Grid, row: int, taken: set[int]) -> str:
    """The first text of a row that is no number of the table: a district, a unit, a month."""
    for column in grid.filled(row):
        if column in taken:
            return ""
        text = heading_text(grid.cell(row, column))
        if text and not text.replace(".", "").isdigit():
            return text
    return ""


def _take(whose: str, column: _Column, cell: Cell, numbers: list[Number], refused: list[str]) -> None:
    text = "" if is_blank(cell) else heading_text(cell)
    if not text or set(text) <= set("-—－/"):
        return
    value = _stored(column, text)
    if value is None:
        refused.append(f"{whose} {text}")
    else:
        numbers.append(Number(whose, column.figure, column.what, value, text))


def _stored(column: _Column, text: str) -> int | None:
    if column.what != VALUE:
        rank = re.fullmatch(r"第?(\d+)(?:位|名)?(?:\.0)?", half_width(text))
        return int(rank[1]) if rank and int(rank[1]) else None
    of_money = BY_KEY[column.figure].of_money
    unit = column.unit or ("万美元" if column.figure == "foreign.used" else "亿元")
    kind = Money(unit) if of_money else Whole()
    reading = understand(kind, text.removesuffix("个"))
    return reading.value if reading.refused is None and isinstance(reading.value, int) else None


# --- rows of figures under districts ----------------------------------------------------------------------------------


def _by_rows(grid: Grid) -> Read:
    """A table whose rows are figures: the heads of its columns are whose the numbers are, or what of them."""
    rows = [row for row in range(len(grid.rows)) if _figure_of_row(grid, row) is not None and _has_numbers(grid, row)]
    if not rows:
        return Read((), tuple(_line(grid, row) for row in range(min(len(grid.rows), _LOOK))), ())
    first = rows[0]
    head = next((row for row in range(first - 1, -1, -1) if len(grid.filled(row)) > 1), None)
    above = tuple(_line(grid, row) for row in range(head if head is not None else first) if _line(grid, row))
    common = _common_unit(above)
    heads = {} if head is None else {place: heading_text(grid.cell(head, place)) for place in range(grid.width)}
    numbers: list[Number] = []
    refused: list[str] = []
    for row in rows:
        figure, unit = _figure_of_row(grid, row) or "", _unit_of_row(grid, row)
        for place, whose, what in _heads(heads):
            column = _Column(place, figure, what, unit or common)
            _take(whose, column, grid.cell(row, place), numbers, refused)
    return Read(tuple(numbers), above, (), tuple(refused))


def _figure_of_row(grid: Grid, row: int) -> str | None:
    texts = [heading_text(grid.cell(row, place)) for place in grid.filled(row)[:2]]
    return next((figure for text in texts if len(text) <= 30 and (figure := figure_named(text)) is not None), None)


def _unit_of_row(grid: Grid, row: int) -> str | None:
    return _unit([heading_text(grid.cell(row, place)) for place in grid.filled(row)[:3]])


def _heads(heads: dict[int, str]) -> Iterator[tuple[int, str, str]]:
    """(column, whose, what): 庐阳区 is a district, 本区 and 完成 are us, 位次 is our place."""
    for place, text in heads.items():
        if not text or _NUMBERED.search(text) or text in ("指标", "指标名称", "单位", "项目", "计量单位"):
            continue
        if _RANKS.search(text):
            yield place, "", GROUP_RANK if "城区" in text else RANK
        elif not _SKIPPED.search(text):
            ours = re.search(r"本区|我区|本县|我县|完成|数值|总量|累计|\d月", text)
            yield place, "" if ours else text, VALUE
