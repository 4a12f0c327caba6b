"""What sheets beside the ledgers say of units, leaders and yearly targets: 目标任务分解表, 领导分工表, 单位名单.

Only what stands there, with the cell it stands in; what of it is new to a book is `proposing`'s.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from db.core.fields import Field, Kind, Money, Whole, Words
from db.core.formats import understand
from db.core.reading import half_width
from db.core.text import Text, _
from db.overview.definitions import BY_KEY
from db.sheets.finding import Block, find_blocks, unit_of, without_units
from db.sheets.headings import NUMBERING, SUMS, Vocabulary, normal, unit_for, unit_in, years_in
from db.sheets.plan import letter
from db.sheets.room import RoomSheet
from db.sheets.workbook import Cell, Sheet, Workbook

_UNIT = ("单位", "单位名称", "责任单位", "属地", "乡镇街道", "镇街", "街道", "乡镇", "考核单位", "招商单位", "部门", "牵头单位",
         "任务单位", "开发区、乡镇街道", "部门（单位）", "部门单位", "责任部门", "镇街园区", "板块")  # fmt: skip
_LEADER = ("姓名", "领导姓名", "区领导", "县领导", "市领导", "领导", "包联领导", "联系领导", "包保领导", "牵头领导", "牵头区领导",
           "责任领导", "区级领导", "县级领导", "挂包领导")  # fmt: skip
_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "unit": _UNIT,
    "short_name": ("简称", "单位简称"),
    "former": ("曾用名", "原名称", "原单位名称", "别名", "更名前名称", "原名"),
    "leader": _LEADER,
    "title": ("职务", "现任职务", "党政职务", "现职"),
    "since": ("任职时间", "任现职时间", "任职日期", "到任时间", "任职起", "起始时间", "包联起始时间", "开始时间", "任职开始时间"),
    "until": ("离任时间", "免职时间", "任职止", "结束时间", "任职结束时间"),
    "term": ("任期", "任职期间", "任职起止", "任职起止时间"),
    "duty": ("分工", "分管工作", "工作分工", "分管部门", "分管领域", "包联项目", "包联企业", "联系企业", "联系单位", "分工内容"),
    "project": ("项目名称", "企业名称", "项目"),
    "signed.count": ("签约项目数", "新签约项目数", "签约项目", "新签约项目", "签约个数", "签约数", "签约项目个数", "新签约项目个数"),
    "signed.investment": ("协议投资额", "签约金额", "签约投资额", "协议金额", "签约项目投资额", "新签约项目协议投资额", "签约额"),
    "started.count": ("开工项目数", "开工项目", "新开工项目", "新开工项目数", "开工个数", "开工数"),
    "produced.count": ("投产项目数", "投产项目", "竣工投产项目", "竣工投产项目数", "投产个数", "投产数", "新投产项目"),
    "paid_in.reported": ("到位资金", "实际到位资金", "省外到位资金", "招商引资到位资金", "到位内资", "资金到位", "省外资金"),
}  # fmt: skip
_FIGURES = tuple(key for key in _COLUMNS if "." in key)
_NOT_TARGETS = re.compile(
    r"完成|实际完成|进度|占比|比例|率|排名|得分|分值|权重|同比|去年|上年|同期|差额|缺口|季度|上半年|\d月"
)
_TARGETS = re.compile(r"目标|任务|计划|分解|考核")
_UNITS = re.compile(r"建制|单位名单|单位名称|机构|成员单位|名册|单位一览")
_LEADERS = re.compile(r"分工|包联|包保|领导|挂包")
_EMPTY_WORDS = re.compile(r"全年|年度|本年|\d{4}年?|目标任务|目标|任务数|任务|计划数|计划|指标|考核|[:：]")
_WHOLE = frozenset({*SUMS, "全区", "全县", "全市", "区合计", "全区合计", "全区总计", "总数"})
_REMARK = re.compile(r"^(?:备注|注|说明|填表|制表|单位负责人)")
_NAME = re.compile(r"[\u4e00-\u9fff]{2,4}|[\u4e00-\u9fff]{1,6}·[\u4e00-\u9fff]{1,8}")
_WITH_POST = re.compile(r"(?P<name>[\u4e00-\u9fff]{2,4})\((?P<post>[^()]{2,30})\)")
_TO = re.compile(r"\s*(?:--?|—+|–|~|至|到)\s*(?!\d{1,2}(?:\D|$))")
_LONGEST_NAME = 20
_MOST_INDICATORS, _MOST_UNITS = 100, 200  # a sheet that is larger is no table of targets
_SAYS_UNITS = re.compile(r"(?:计量)?单位")


class Source(NamedTuple):
    """Where something stands."""

    file: str
    sheet: str
    cell: str


@dataclass(frozen=True)
class UnitFound:
    """A unit of a list of units; the list's order is theirs."""

    name: str
    short_name: str | None
    former: tuple[str, ...]
    source: Source


@dataclass(frozen=True)
class LeaderFound:
    """A leader of a list of leaders; days ISO."""

    name: str
    title: str | None
    since: str | None
    until: str | None
    source: Source


@dataclass(frozen=True)
class TargetsFound:
    """The targets of a year for a unit, None: of the whole district. year: None where the sheet names none."""

    unit: str | None
    year: int | None
    values: Mapping[str, int]
    source: Source


@dataclass(frozen=True)
class Found:
    """What the sheets say, in their order."""

    units: tuple[UnitFound, ...] = ()
    leaders: tuple[LeaderFound, ...] = ()
    targets: tuple[TargetsFound, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.units or self.leaders or self.targets)

    def __add__(self, other: Found) -> Found:
        return Found(self.units + other.units, self.leaders + other.leaders, self.targets + other.targets)


def lists_in(book: Workbook) -> Found:
    """Units, leaders and targets that the sheets of a workbook hold; nothing of what reads like a ledger of projects."""
    found = Found()
    for sheet in book.sheets:
        if sheet.visible:
            found += _upright(book, sheet) or _turned(book, sheet)
    return found


def _upright(book: Workbook, sheet: Sheet) -> Found:
    blocks = find_blocks(sheet, _vocabulary())
    return sum((_Table(book, sheet, block).found() for block in blocks), Found())


def _turned(book: Workbook, sheet: Sheet) -> Found:
    """The targets of a sheet whose indicators stand under each other and whose units beside each other."""
    width = max(map(len, sheet.rows), default=0)
    if len(sheet.rows) > _MOST_INDICATORS or width > _MOST_UNITS:
        return Found()
    lines = [[line[at] if at < len(line) else None for line in sheet.rows] for at in range(width)]
    merged = tuple(  # without titles, which span the table
        (left, top, right, bottom) for top, left, bottom, right in sheet.merged if right - left < width / 2
    )
    turned = Sheet(sheet.name, sheet.visible, 1, lines, merged)
    blocks = find_blocks(turned, _vocabulary())
    return sum((_TurnedTable(book, turned, block, sheet.first_row).found() for block in blocks), Found())


@cache
def _vocabulary() -> Vocabulary:
    def field(key: str, names: Sequence[str]) -> Field:
        kind = (Money("亿元") if BY_KEY[key].of_money else Whole()) if key in _FIGURES else Words()
        return Field(key, Text(names[0]), kind, tuple(names))

    def nothing(*_given: Any) -> Any:
        return {}

    # Nothing is ever imported into it: it only names the headings.
    return Vocabulary(
        RoomSheet(
            "lists", _("Lists"), tuple(field(key, names) for key, names in _COLUMNS.items()), frozenset(), frozenset(),
            (), ("unit", "leader"), (), existing=lambda _connection: [], current=nothing, insert=nothing, update=nothing,
            check=nothing,
        )
    )  # fmt: skip


class _Table:
    """One table of a sheet: what its columns mean, and its rows."""

    def __init__(self, book: Workbook, sheet: Sheet, block: Block) -> None:
        self._book, self._sheet, self._block = book, sheet, block
        self._said = [*block.above, sheet.name, book.path.stem]
        self._columns: dict[str, int] = {}
        for column, path in block.paths.items():
            key = self._means(path)
            if key is not None:
                self._columns.setdefault(key, column)

    def _means(self, path: tuple[str, ...]) -> str | None:
        bare = tuple(
            text for text in (_EMPTY_WORDS.sub("", half_width(one)) for one in without_units(path)) if normal(text)
        )
        match = _vocabulary().match(bare) if bare else None
        if match is None or (match.key in _FIGURES and _NOT_TARGETS.search(half_width("".join(path)))):
            return None
        return match.key

    def _about(self, what: re.Pattern[str]) -> bool:
        return any(what.search(text) for text in self._said)

    def found(self) -> Found:
        """What it says, if it is one of the three lists."""
        has = self._columns.keys()
        if "leader" in has and ("title" in has or ("project" not in has and self._about(_LEADERS))):
            return Found(leaders=tuple(self._leaders()))
        if "unit" not in has or "project" in has:
            return Found()
        told = self._about(_TARGETS) or any(_TARGETS.search("".join(path)) for path in self._block.paths.values())
        if told and any(key in has for key in _FIGURES):
            return Found(units=tuple(self._units()), targets=tuple(self._targets()))
        if {"short_name", "former"} & has or self._about(_UNITS):
            return Found(units=tuple(self._units()))
        return Found()

    def _rows(self, key: str) -> Iterator[tuple[int, str]]:
        """(place of the row, what stands in the column), blanks and remarks left out."""
        for row in range(self._block.start, self._block.end):
            text = self._text(row, key)
            if text and len(text) <= _LONGEST_NAME and not _REMARK.match(text) and normal(text) not in NUMBERING:
                yield row, text

    def _cell(self, row: int, key: str) -> Cell:
        column, line = self._columns.get(key), self._sheet.rows[row]
        return line[column] if column is not None and column < len(line) else None

    def _text(self, row: int, key: str) -> str:
        cell = self._cell(row, key)
        return re.sub(r"\s+", "", cell) if isinstance(cell, str) else ""

    def _source(self, row: int, key: str) -> Source:
        cell = f"{letter(self._columns[key])}{self._sheet.first_row + row}"
        return Source(self._book.name, self._sheet.name, cell)

    def _units(self) -> Iterator[UnitFound]:
        seen = set()
        for row, name in self._rows("unit"):
            if half_width(name) in _WHOLE or name in seen or name.isdigit():
                continue
            seen.add(name)
            former = tuple(one for one in re.split(r"[、,，;；/]", self._text(row, "former")) if one)
            yield UnitFound(name, self._text(row, "short_name") or None, former, self._source(row, "unit"))

    def _leaders(self) -> Iterator[LeaderFound]:
        seen = set()
        for row, said in self._rows("leader"):
            with_post = _WITH_POST.fullmatch(half_width(said))
            name = with_post["name"] if with_post else said
            if name in seen or name in _WHOLE or not _NAME.fullmatch(name):
                continue
            seen.add(name)
            title = self._text(row, "title") or (with_post["post"] if with_post else "")
            yield LeaderFound(name, title or None, *self._days(row), self._source(row, "leader"))

    def _days(self, row: int) -> tuple[str | None, str | None]:
        term = self._text(row, "term")
        if term:
            since, *until = _TO.split(term, maxsplit=1)
            return _day(since), _day(until[0]) if until else None
        return _day(self._cell(row, "since")), _day(self._cell(row, "until"))

    def _targets(self) -> Iterator[TargetsFound]:
        years = years_in([*self._said, *("".join(path) for path in self._block.paths.values())])
        for row, name in self._rows("unit"):
            values = {key: value for key in _FIGURES if (value := self._number(row, key)) is not None}
            if values:
                whole = half_width(name) in _WHOLE
                source = self._source(row, next(iter(values)))
                yield TargetsFound(None if whole else name, years[0] if years else None, values, source)

    def _unit_beside(self, key: str) -> str | None:
        return None

    def _number(self, row: int, key: str) -> int | None:
        cell = self._cell(row, key)
        if cell is None or isinstance(cell, bool):
            return None
        path = self._block.paths[self._columns[key]]
        kind: Kind = Whole()
        if BY_KEY[key].of_money:
            field = next(one for one in _vocabulary().room.fields if one.key == key)
            told = unit_of(path) or self._unit_beside(key) or unit_for(field, [*path, *self._said])
            kind = Money(told or "亿元")
        read = understand(kind, cell)
        return read.value if read.refused is None and isinstance(read.value, int) and read.value > 0 else None


class _TurnedTable(_Table):
    """A table of targets turned over: its columns are the sheet's rows. first_row: of the sheet, as Excel counts."""

    def __init__(self, book: Workbook, sheet: Sheet, block: Block, first_row: int) -> None:
        super().__init__(book, sheet, block)
        self._first_row = first_row
        figures = {column for key, column in self._columns.items() if key in _FIGURES}
        head = min(figures, default=0)
        self._said += [text for column, path in block.paths.items() if column < head for text in path]
        # Whatever their heading is (指标, 任务, 项目): the units are the last row of names before the first indicator.
        names = [at for at in range(head) if sum(self._is_name(row, at) for row in range(block.start, block.end)) > 0]
        self._columns = {key: at for key, at in self._columns.items() if at in figures}
        if len(figures) > 1 and names:
            self._columns["unit"] = names[-1]
            self._said += [self._text(row, "unit") for row in range(block.start, block.end)]

    def _is_name(self, row: int, column: int) -> bool:
        line = self._sheet.rows[row]
        return column < len(line) and isinstance(line[column], str) and bool(line[column])

    def _rows(self, key: str) -> Iterator[tuple[int, str]]:
        for row, text in super()._rows(key):
            if not _SAYS_UNITS.fullmatch(text) and not _NOT_TARGETS.search(half_width(text)):
                # 2024年目标 is no unit: it is the whole district's.
                yield row, text if normal(_EMPTY_WORDS.sub("", half_width(text))) else "合计"

    def _source(self, row: int, key: str) -> Source:
        return Source(self._book.name, self._sheet.name, f"{letter(row)}{self._first_row + self._columns[key]}")

    def _unit_beside(self, key: str) -> str | None:
        """What a row of the table that gives units (计量单位) says of an indicator."""
        for row, text in super()._rows("unit"):
            if _SAYS_UNITS.fullmatch(text):
                return unit_in(self._text(row, key))
        return None


def _day(cell: Cell) -> str | None:
    """A day as a list of people writes it; 至今 is none."""
    from db.core.dates import read_day

    read = read_day(cell) if cell is not None and cell != "" else None
    return str(read.value) if read is not None and read.refused is None and read.value else None
