"""Bulletins by hand: what the city says and what was published, as rows of cells that one types, pastes or reads in."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, func, select

from db.core import settings
from db.core.errors import Refused
from db.core.fields import Money
from db.core.formats import show
from db.core.period import Period, period_name
from db.core.reading import half_width
from db.core.text import Text, _
from db.overview.bulletin_tables import figure_named, known_figures
from db.overview.bulletins import CITY, CityTable, Month, PublishedTable, city_table, published_table
from db.overview.definitions import BY_KEY
from db.overview.published import PublishedLine, drop_published, keep_published
from db.overview.ranking import read_others, said_others
from db.overview.reconcile import read_number
from db.overview.saying import counted
from db.people.queries import units
from db.projects.bulletin import CityLine, city_bulletin_of, set_city_bulletin
from db.projects.models import city_bulletin, published_figure
from db.sheets.workbook import Sheet, Workbook

CITY_COLUMNS = ("value", "rank", "group_rank", "others", "source")
PUBLISHED_COLUMNS = ("since_january", "month", "source")

Cells = Mapping[tuple[str, str], str]  # (figure, column) → as it is typed


@dataclass(frozen=True)
class Row:
    """A figure with what is kept of it, as it is typed; unit: in which money is typed without one."""

    figure: str
    label: Text
    unit: str
    cells: Mapping[str, str]


@dataclass(frozen=True)
class MonthKept:
    """A month (YYYY-MM) of which something is kept, and how many figures of each sort."""

    month: str
    city: int
    published: int


@dataclass(frozen=True)
class Line:
    """One line of a file before it is taken in. whose: a unit, "" for the district. before: what is kept of it now."""

    period: Text
    whose: str
    figure: Text
    said: Text | None
    before: Text | None


def unit_of(figure: str) -> str:
    """In which unit a figure is typed and shown: 个, 亿元 or, of used foreign capital, 万美元."""
    if not BY_KEY[figure].of_money:
        return "个"
    return "万美元" if figure == "foreign.used" else "亿元"


def shown(figure: str, value: int | None) -> str:
    """A stored number as it is typed: 47, 174.2; "" for None."""
    if value is None:
        return ""
    return show(Money(unit_of(figure)), value).replace(",", "") if BY_KEY[figure].of_money else str(value)


def months_kept(connection: Connection) -> list[MonthKept]:
    """The months of which a bulletin or published numbers are kept, newest first."""
    found: dict[str, list[int]] = {}
    for at, table in enumerate((city_bulletin, published_figure)):
        query = select(table.c.month, func.count(table.c.figure.distinct())).group_by(table.c.month)
        for month, count in connection.execute(query):
            found.setdefault(month, [0, 0])[at] = count
    return [MonthKept(month, *counts) for month, counts in sorted(found.items(), reverse=True)]


# --- what is kept -----------------------------------------------------------------------------------------------------


def city_rows(connection: Connection, month: str) -> list[Row]:
    """The city's bulletin of a month: every figure that bulletins speak of, with what is kept of it."""
    kept = {one.figure: one for one in city_bulletin_of(connection, month)}
    return [
        _row(figure, {column: _city_cell(kept.get(figure), column) for column in CITY_COLUMNS})
        for figure in _figures(kept)
    ]


def _city_cell(line: CityLine | None, column: str) -> str:
    if line is None:
        return ""
    if column == "value":
        return shown(line.figure, line.value)
    found = getattr(line, column)
    return "" if found is None else str(found)


def published_rows(connection: Connection, month: str, unit: int | None = None) -> list[Row]:
    """What was published of a month, of the district or of one of its units."""
    kept: dict[str, dict[str, str]] = {}
    for row in _published(connection, month, unit):
        cells = kept.setdefault(row.figure, {})
        cells["since_january" if row.cumulative else "month"] = shown(row.figure, row.value)
        cells["source"] = row.source or cells.get("source", "")
    return [
        _row(figure, {column: kept.get(figure, {}).get(column, "") for column in PUBLISHED_COLUMNS})
        for figure in _figures(kept)
    ]


def _published(connection: Connection, month: str, unit: int | None) -> Sequence[Any]:
    of = published_figure.c
    whose = of.unit.is_(None) if unit is None else of.unit == unit
    query = select(of.figure, of.cumulative, of.value, of.source).where(of.month == month, whose)
    return connection.execute(query.order_by(of.id)).all()


def _figures(kept: Mapping[str, object]) -> list[str]:
    usual = known_figures()
    return [*usual, *(one for one in kept if one not in usual and one in BY_KEY)]


def _row(figure: str, cells: Mapping[str, str]) -> Row:
    return Row(figure, BY_KEY[figure].label, unit_of(figure), cells)


# --- typing -----------------------------------------------------------------------------------------------------------


def enter_city(connection: Connection, month: str, typed: Cells) -> None:
    """Write cells of the city's bulletin of a month; a line with nothing but a source goes.

    Raises `Refused` with every cell that cannot be read; nothing is written then.
    """
    lines = {one.figure: one for one in city_bulletin_of(connection, month)}
    bad: list[Text] = []
    for (figure, column), text in typed.items():
        try:
            value = _read_city(figure, column, text.strip())
        except Refused as problem:
            bad.append(_told(figure, text, problem))
            continue
        line = lines.get(figure, CityLine(figure))
        lines[figure] = replace(line, **{column: value})
    _refuse(bad)
    kept = [one for one in lines.values() if (one.value, one.rank, one.group_rank, one.others) != (None,) * 4]
    set_city_bulletin(connection, month, kept)


def _read_city(figure: str, column: str, text: str) -> Any:
    if not text:
        return None
    if column == "value":
        return _number(figure, text)
    if column in ("rank", "group_rank"):
        rank = re.fullmatch(r"第?\s*(\d{1,3})\s*(?:位|名)?", half_width(text))
        if rank is None or not int(rank[1]):
            raise Refused(_("A rank is a number from 1 on."))
        return int(rank[1])
    if column == "others" and len(read_others(figure, text)) < said_others(text):
        raise Refused(_("Write the districts as 瑶海区12.3亿元；蜀山区第2位."))
    return text


def _number(figure: str, text: str) -> int | None:
    typed = read_number(figure, text.removesuffix("个"))
    return None if typed is None else typed.value


def enter_published(connection: Connection, month: str, unit: int | None, typed: Cells) -> None:
    """Write cells of what was published of a month; an emptied number goes. Raises `Refused` as `enter_city` does."""
    kept = {row.figure: row.cells for row in published_rows(connection, month, unit)}
    bad: list[Text] = []
    for figure in dict.fromkeys(figure for figure, _column in typed):
        cells = {
            **kept.get(figure, {}),
            **{column: text.strip() for (of, column), text in typed.items() if of == figure},
        }
        for column in ("since_january", "month"):
            cumulative = column == "since_january"
            try:
                value = _number(figure, cells.get(column, ""))
            except Refused as problem:
                bad.append(_told(figure, cells[column], problem))
                continue
            if value is None:
                drop_published(connection, month, figure, cumulative=cumulative, unit=unit)
            elif (figure, column) in typed or (figure, "source") in typed:
                line = PublishedLine(month, cumulative, figure, value, unit)
                keep_published(connection, [line], source=cells.get("source") or None)
    _refuse(bad)


def _told(figure: str, text: str, problem: Refused) -> Text:
    return _("{figure} “{text}”: {why}", figure=BY_KEY[figure].label, text=text.strip(), why=problem.sentence)


def _refuse(bad: Sequence[Text]) -> None:
    if len(bad) == 1:
        raise Refused(_("{what} Nothing was changed.", what=bad[0]))
    if bad:
        more = len(bad) - 1
        raise Refused(_("{what} {count} further cells cannot be taken. Nothing was changed.", what=bad[0], count=more))


# --- blocks and files -------------------------------------------------------------------------------------------------


def pasted(block: Sequence[Sequence[str | None]], *, figures: Sequence[str], columns: Sequence[str], at: tuple[int, int]
) -> dict[tuple[str, str], str]:  # fmt: skip
    """The cells of a block from a spreadsheet, by the place where it is put down; beside names of figures, by these.

    figures, columns: those of the table. at: row and column of the current cell. What would lie outside is left out.
    """
    named = [figure_named(row[0] or "") if row else None for row in block]
    if len(block[0]) > 1 and all(named):
        rows = zip((one for one in named if one), (row[1:] for row in block), strict=True)
        return {(one, key): cell or "" for one, row in rows for key, cell in zip(columns, row, strict=False)}
    low, left = at
    return {
        (figures[low + down], columns[left + right]): cell or ""
        for down, row in enumerate(block)
        for right, cell in enumerate(row)
        if low + down < len(figures) and left + right < len(columns)
    }


def block_table(
    connection: Connection, block: Sequence[Sequence[str | None]], kind: str
) -> CityTable | PublishedTable | None:
    """A pasted block that is a bulletin with its headings, read as a file would be; None where it is none."""
    rows = tuple(tuple(_cell(cell) for cell in row) for row in block)
    name = _("Clipboard").render("zh")
    workbook = Workbook(Path(name), name, (Sheet(name, True, 1, rows),))
    try:
        return table_of(connection, workbook, kind)
    except Refused:
        return None


def _cell(text: str | None) -> str | int | float | None:
    """The reader tells rows of numbers from headings by what a file's cells are."""
    plain = (text or "").strip().replace(",", "")
    if re.fullmatch(r"-?\d{1,15}", plain):
        return int(plain)
    return float(plain) if re.fullmatch(r"-?\d{1,12}\.\d{1,6}", plain) else text


def table_of(connection: Connection, workbook: Workbook, kind: str) -> CityTable | PublishedTable:
    """A workbook as the sort of bulletin that leaves least of it out, where both leave as much out as `kind`.

    Raises the `Refused` of `kind` where it is neither.
    """
    readers: list[Callable[[Connection, Workbook], CityTable | PublishedTable]] = [city_table, published_table]
    found: list[CityTable | PublishedTable] = []
    problem: Refused | None = None
    for reader in readers if kind == CITY else reversed(readers):
        try:
            found.append(reader(connection, workbook))
        except Refused as refused:
            problem = problem or refused
    if not found and problem is not None:
        raise problem
    return min(found, key=lambda one: len(one.unknown) + len(one.refused))


def lines_of(connection: Connection, table: CityTable | PublishedTable, month: str) -> list[Line]:
    """What would be taken from a table, beside what is kept now. month: of a bulletin that says none."""
    if isinstance(table, CityTable):
        said = table.month or Month(month, cumulative=False)
        kept = {one.figure: one for one in city_bulletin_of(connection, said.last)}
        group = settings.get(connection, "city.group_name")
        return [
            Line(_named(said.last, cumulative=said.cumulative), "", BY_KEY[one.figure].label,
                 _city_said(one, group), _city_said(kept.get(one.figure), group))
            for one in table.lines
        ]  # fmt: skip
    names = {one.id: one.name for one in units(connection)}
    known: dict[tuple[str, int | None], dict[tuple[str, bool], int]] = {}
    for line in table.lines:
        whose = (line.month, line.unit)
        if whose not in known:
            known[whose] = {(row.figure, bool(row.cumulative)): row.value for row in _published(connection, *whose)}
    return [
        Line(
            _named(line.month, cumulative=line.cumulative), names.get(line.unit or 0, ""), BY_KEY[line.figure].label,
            _amount(line.figure, line.value),
            _amount(line.figure, known[line.month, line.unit].get((line.figure, line.cumulative))),
        )
        for line in table.lines
    ]  # fmt: skip


def _named(month: str, *, cumulative: bool) -> Text:
    return period_name(Period.of_months(f"{month[:4]}-01" if cumulative else month, month))


def _amount(figure: str, value: int | None) -> Text | None:
    if value is None:
        return None
    said = counted(figure, Decimal(value) / 100 if BY_KEY[figure].of_money else value)
    return said if isinstance(said, Text) else Text(said)


def _city_said(line: CityLine | None, group: str) -> Text | None:
    if line is None:
        return None
    said = _amount(line.figure, line.value)
    if line.rank is not None:
        rank = _("no. {rank} of the city", rank=line.rank)
        said = rank if said is None else _("{first}, {second}", first=said, second=rank)
    if line.group_rank is not None and said is not None:
        said = _("{city}, no. {rank} of {group}", city=said, rank=line.group_rank, group=group)
    return said
