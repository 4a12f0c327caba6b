"""Bulletins in: what the city says of the districts (市级通报数), and what was published of earlier years (历史公布数)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import Connection

from db.core import settings
from db.core.book import Book
from db.core.errors import Refused
from db.core.fields import Money
from db.core.formats import show
from db.core.progress import SILENT, Progress
from db.core.reading import half_width
from db.core.text import Text, _
from db.overview.bulletin_tables import GROUP_RANK, RANK, VALUE, Number, Read, read_table
from db.overview.definitions import BY_KEY
from db.overview.published import PublishedLine, keep_published
from db.people.queries import names_of_units
from db.projects.bulletin import CityLine, city_bulletin_of, set_city_bulletin
from db.sheets.reading import read_workbook
from db.sheets.workbook import Workbook

_MONTHS = re.compile(r"(20\d{2})\s*年?\s*(?:(\d{1,2})\s*月?\s*[—\-–~至到－]+\s*)?(\d{1,2})\s*月")
_SPANS = {"上半年": ("01", "06"), "一季度": ("01", "03"), "前三季度": ("01", "09"), "全年": ("01", "12")}
_SPAN = re.compile(r"(20\d{2})\s*年?\s*(" + "|".join(_SPANS) + ")")
_SUMS = re.compile(r"合计|总计|全市|平均|小计|开发区合计")
_WHOLE = re.compile(r"^(?:合计|总计|全区|全县|全市|区本级)$")


@dataclass(frozen=True)
class Month:
    """The months that a bulletin speaks of: the last one (YYYY-MM), and whether it is since January."""

    last: str
    cumulative: bool


@dataclass(frozen=True)
class CityTable:
    """A city's bulletin as read. month: None where no line of it says which. unknown: headings nobody knows."""

    month: Month | None
    lines: tuple[CityLine, ...]
    unknown: tuple[str, ...]
    refused: tuple[str, ...]
    source: str


@dataclass(frozen=True)
class PublishedTable:
    """Published numbers as read. unknown: headings, units and months nobody knows."""

    lines: tuple[PublishedLine, ...]
    unknown: tuple[str, ...]
    refused: tuple[str, ...]
    source: str


def month_in(texts: Sequence[str]) -> Month | None:
    """2024年1—6月 → June, cumulative; 2024年6月 → June alone; 2024年上半年; None where nothing says it."""
    for text in map(half_width, texts):
        span = _SPAN.search(text)
        if span:
            return Month(f"{span[1]}-{_SPANS[span[2]][1]}", cumulative=True)
        found = _MONTHS.search(text)
        if found and 1 <= int(found[3]) <= 12:
            return Month(f"{found[1]}-{int(found[3]):02d}", cumulative=found[2] is not None or found[3] == "1")
    return None


# --- the city's bulletin ----------------------------------------------------------------------------------------------


def read_city(connection: Connection, path: Path, *, progress: Progress = SILENT) -> CityTable:
    """The city's bulletin of a month from a workbook; raises `Refused` where it says nothing of this district."""
    return city_table(connection, read_workbook(path, progress=progress))


def city_table(connection: Connection, workbook: Workbook) -> CityTable:
    """The same of a workbook that was read."""
    own = settings.get(connection, "district.name").strip()
    best: tuple[Read, tuple[CityLine, ...], str] | None = None
    for sheet in workbook.sheets:
        read = read_table(sheet)
        lines = tuple(_lines(read, own))
        if best is None or len(lines) > len(best[1]):
            best = read, lines, sheet.name
    if best is None or not best[1]:
        raise Refused(
            _("“{file}” has no row or column of {district} under figures that are known; nothing was taken."
              " Check the name of the district in the settings.", file=workbook.name, district=own)
        )  # fmt: skip
    read, lines, name = best
    title = next((line for line in read.above if "通报" in line or "招商" in line), "") or Path(workbook.name).stem
    month = month_in([*read.above, name, workbook.name])
    return CityTable(month, tuple(replace(one, source=title) for one in lines), read.unknown, read.refused, title)


def _lines(read: Read, own: str) -> Iterator[CityLine]:
    figures = list(dict.fromkeys(one.figure for one in read.numbers))
    for figure in figures:
        mine = {one.what: one.value for one in read.numbers if one.figure == figure and _is(one.whose, own)}
        others = [
            one for one in read.numbers
            if one.figure == figure and not _is(one.whose, own) and one.whose and not _SUMS.search(one.whose)
        ]  # fmt: skip
        if not mine:
            continue
        rank = mine.get(RANK)
        values = [one.value for one in others if one.what == VALUE]
        if rank is None and VALUE in mine and values:
            rank = 1 + sum(value > mine[VALUE] for value in values)
        yield CityLine(figure, mine.get(VALUE), rank, _told(figure, others) or None, group_rank=mine.get(GROUP_RANK))


def _is(name: str, own: str) -> bool:
    """庐阳, 庐阳区 and an unnamed column are us."""
    plain = re.sub(r"\s", "", name)
    return plain in ("", own, own[:-1]) if len(own) > 2 else plain in ("", own)


def _told(figure: str, others: Sequence[Number]) -> str:
    """瑶海区12.3亿元；蜀山区15亿元, as `ranking.read_others` reads it."""
    values = [one for one in others if one.what == VALUE] or [one for one in others if one.what == RANK]
    return "；".join(f"{one.whose}{_amount(figure, one)}" for one in values)


def _amount(figure: str, one: Number) -> str:
    if one.what == RANK:
        return f"第{one.value}位"
    if not BY_KEY[figure].of_money:
        return f"{one.value}个"
    unit = "万美元" if figure == "foreign.used" else "亿元"
    return show(Money(unit), one.value).replace(",", "") + unit


def keep_city(connection: Connection, table: CityTable, *, month: str | None = None) -> int:
    """Keep a bulletin that was read beside what is kept of the month; a figure read anew replaces. Gives how many.

    month: YYYY-MM where the bulletin itself says none; refused without one.
    """
    wanted = month or (table.month.last if table.month is not None else None)
    if wanted is None:
        raise Refused(fields={"month": _("Say of which month this bulletin is. Nothing was taken.")})
    lines = {one.figure: one for one in city_bulletin_of(connection, wanted)} | {one.figure: one for one in table.lines}
    set_city_bulletin(connection, wanted, list(lines.values()))
    return len(table.lines)


# --- what was published -----------------------------------------------------------------------------------------------


def read_published(connection: Connection, path: Path, *, progress: Progress = SILENT) -> PublishedTable:
    """Numbers that were published, of months or of units, from a workbook; raises `Refused` where there are none."""
    return published_table(connection, read_workbook(path, progress=progress))


def published_table(connection: Connection, workbook: Workbook) -> PublishedTable:
    """The same of a workbook that was read: rows of months, or rows of units in one month that the title says."""
    units = names_of_units(connection, settings.get(connection, "district.name"))
    own = settings.get(connection, "district.name").strip()
    lines: list[PublishedLine] = []
    unknown: list[str] = []
    refused: list[str] = []
    for sheet in workbook.sheets:
        read = read_table(sheet)
        said = month_in([*read.above, sheet.name, workbook.name])
        known, strange = _published(read, said, units, own)
        lines += known
        unknown += [*read.unknown, *strange]
        refused += read.refused
    if not lines:
        raise Refused(
            _("“{file}” has no published numbers: rows of months or units under figures that are known, and the month in"
              " the title. Nothing was taken.", file=workbook.name)
        )  # fmt: skip
    once = {(one.month, one.cumulative, one.figure, one.unit): one for one in lines}
    return PublishedTable(
        tuple(once.values()), tuple(dict.fromkeys(unknown)), tuple(refused), Path(workbook.name).stem
    )  # fmt: skip


def _published(
    read: Read, said: Month | None, units: Mapping[str, int], own: str
) -> tuple[list[PublishedLine], list[str]]:
    lines: list[PublishedLine] = []
    strange: list[str] = []
    year = said.last[:4] if said is not None else next(iter(re.findall(r"20\d{2}", " ".join(read.above))), None)
    for one in read.numbers:
        if one.what != VALUE:
            continue
        month = month_in([one.whose]) or (month_in([f"{year}年{one.whose}"]) if year else None) or said
        unit = units.get(re.sub(r"\s", "", one.whose))
        whole = month_in([one.whose]) is not None or _is(one.whose, own) or _WHOLE.match(one.whose) is not None
        whole = whole or (year is not None and month_in([f"{year}年{one.whose}"]) is not None)
        if month is None or (unit is None and not whole):
            strange.append(one.whose)
            continue
        lines.append(PublishedLine(month.last, month.cumulative, one.figure, one.value, None if whole else unit))
    return lines, strange


def told(table: CityTable | PublishedTable) -> Text:
    """What a file gave, before anything is written."""
    left = [*table.unknown, *table.refused]
    if not left:
        return _("{count} numbers were read", count=len(table.lines))
    return _("{count} numbers were read; left out: {left}", count=len(table.lines), left=left[:8])


CITY, PUBLISHED = "city_bulletin", "published"


def take(
    book: Book, path: Path, kind: str, *, month: str | None = None, write: bool = True, progress: Progress = SILENT
) -> tuple[CityTable | PublishedTable, int | None]:
    """Take one file in as one operation: CITY or PUBLISHED. Gives what was read and the operation, None without `write`.

    month: of a city's bulletin that says none. Raises `Refused`; nothing is written then.
    """
    workbook = read_workbook(path, progress=progress)
    with book.read() as connection:
        table = city_table(connection, workbook) if kind == CITY else published_table(connection, workbook)
    if not write:
        return table, None
    with book.write(_("Import {file}", file=path.name), source=str(path)) as connection:
        if isinstance(table, CityTable):
            keep_city(connection, table, month=month)
        else:
            keep_published(connection, table.lines, source=table.source)
        return table, int(connection.info["operation"])
