"""Which field a column heading means: by label, by alias, by month, by likeness (asked), or none.

Headings are compared without spaces, brackets, units and punctuation. A heading in several rows is a path:
投资额 / 协议投资额. The joined path is tried first (计划 / 开工时间 is not the actual start), then the lowest text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from db.core.fields import Area, Field, Metric, Money, Month, Whole, Words
from db.core.quantities import area_scale, measure_of, money_scale, scale_of
from db.core.reading import half_width
from db.sheets.room import RoomSheet
from db.sheets.values import visible
from db.sheets.workbook import Cell

SUMS = frozenset({"小计", "合计", "总计"})
NUMBERING = frozenset(
    {
        "id",
        "序号",
        "行号",
        "序",
        "no",
        "no.",
        "#",
        "次序",
        "排序号",
        "问题序号",
        "项目序号",
        "企业序号",
        "总序号",
        "分序号",
        "编排序号",
    }
)
GENERIC = frozenset(
    {"金额", "数额", "名称", "时间", "日期", "数量", "面积", "内容", "情况", "数", "值", "合计", "总额", "姓名", "单位"}
)
_TELLING = (
    "计划", "预计", "实际", "拟", "目标", "上年", "去年", "同期", "同比", "环比", "增长", "增速", "增幅", "累计", "本年", "本月",
    "当月", "新增", "简介", "电话", "手机", "编号", "代码", "比例", "占比", "率", "类型", "性质", "级别", "职务", "地址", "排名",
    "备注", "一期", "二期", "三期", "首期", "省级", "市级", "区级", "省内", "省外", "境外", "外资", "填报", "核定", "年度", "全年",
    "注册", "配合", "是否", "人数", "个数", "原因", "意见", "亩均", "竣工", "开工", "投产", "签约", "洽谈", "认定", "入库",
)  # fmt: skip
_UNITS = frozenset({"个", "人", "户", "家", "项", "套", "件", "%", "天", "年", "次"})
# A measure of one thing by another: 万元/亩, 吨标煤/万元.
_PER = re.compile(r"[^/]{1,4}/[^/]{1,4}")
_BRACKETS = re.compile(r"[(\[【〔（][^)\]】〕）]*[)\]】〕）]")
_NOISE = re.compile(r"[\s:;,.、。/\\\-—_*★☆#\"“”'’‘·|()（）\[\]【】<>《》]+")
_MONTH = re.compile(r"(?:(?P<y>\d{4})年?[-./]?)?(?P<m>1[0-2]|0?[1-9])月份?(?P<rest>.*)")
_DIGIT_MONTHS = {"十二月": "12月", "十一月": "11月", "十月": "10月", "九月": "9月", "八月": "8月", "七月": "7月", "六月": "6月",
                 "五月": "5月", "四月": "4月", "三月": "3月", "二月": "2月", "一月": "1月"}  # fmt: skip
_OF_YEAR = re.compile(
    r"^(?:20\d{2}年度?(?=.)|(?:20\d{2}年)?(?:1[-—–~至到]?(?:6|12)月份?|上半年|下半年|全年|年度|本年|当年)(?=.))"
)
_NOTED = re.compile(r"(?:^|[:.、])?(?P<what>[^:.]*?)(?:计量|金额|货币)?单位(?:均|统一)?(?:为|是|:)?(?P<unit>.+)$")
_YEAR = re.compile(r"(?<!\d)(20\d{2}|19\d{2})(?:年|(?!\d))")


def heading_text(cell: Cell) -> str:
    """A header cell as it stands, on one line; a date shown as a month is that month."""
    if cell is None:
        return ""
    if isinstance(cell, datetime | date):
        return f"{cell.year}年{cell.month}月"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return visible(str(cell).replace("\r", "").replace("\n", "")).strip()


@lru_cache(maxsize=8192)
def normal(text: str) -> str:
    """A heading as it is compared: half width, lower case, without spaces, punctuation, brackets and 的."""
    return _NOISE.sub("", half_width(text).lower()).replace("的", "")


@lru_cache(maxsize=8192)
def named(text: str) -> tuple[str, str | None]:
    """A heading without its bracketed parts, normalised, and the unit among them: 投资额（万元） → (投资额, 万元)."""
    plain, unit = half_width(text), None
    for part in _BRACKETS.findall(plain):
        found = unit_in(part[1:-1])
        unit = unit or found
        if found:
            plain = plain.replace(part, "")
    if unit is None and (tail := re.search(r"[:：]?((?:百|千|万|亿)+(?:元|美元)|亩|m2|平方米)$", plain)):
        short = plain[: tail.start()]
        if len(normal(short)) >= 2:
            return normal(short), tail[1]
    return normal(plain), unit


def bare_heading(text: str) -> str:
    """A heading as it stands, without a bracket that only says its unit."""
    for part in _BRACKETS.findall(text):
        if unit_in(part[1:-1]):
            text = text.replace(part, "")
    return text.strip()


def unit_in(text: str) -> str | None:
    """The unit that a bracket, a sub-heading or a unit line names alone: 单位：万元 → 万元."""
    word = re.sub(r"^(?:计量|金额|货币)?单位[:：]?", "", half_width(text).replace(" ", "")).strip("()[]（）【】:：")
    return word if word and (_is_unit(word) or (_PER.fullmatch(word) and all(map(_is_unit, word.split("/"))))) else None


def _is_unit(word: str) -> bool:
    return bool(money_scale(word) or area_scale(word) or measure_of(word)) or word.lower() in _UNITS


@dataclass(frozen=True)
class Match:
    """The field a heading means and how sure that is: exact (its label), alias, guessed (asked), part (by a part)."""

    key: str
    how: str
    score: float = 100.0


class Vocabulary:
    """Every heading a room knows."""

    def __init__(self, room: RoomSheet) -> None:
        self.room = room
        self.known: dict[str, Match] = {}
        self.ambiguous = {named(text)[0]: keys for text, keys in room.ambiguous.items()}
        for field in room.fields:
            for alias in field.aliases:
                self.known.setdefault(named(alias)[0], Match(field.key, "alias"))
        for field in room.fields:
            for label in (field.label.render("zh"), field.label.render("en")):
                name, match = named(label)[0], Match(field.key, "exact")
                # What is only told (办理状态) is not what a list means that uses its word for what can be written.
                known = self.known.setdefault(name, match)
                if field.write is not None or known.key == field.key:
                    self.known[name] = match
        self._seen: dict[str, bool] = {}

    def knows(self, cell: Cell) -> bool:
        """Whether a cell reads like a heading of this room, 序号 or a month (which a date in a row does as well)."""
        return self.names(cell) or (isinstance(cell, str) and len(cell) <= 20 and _is_month_heading(normal(cell)))

    def names(self, cell: Cell) -> bool:
        """Whether a cell reads like a heading of this room or 序号."""
        if not isinstance(cell, str) or len(cell) > 40:
            return False
        found = self._seen.get(cell)
        if found is None:
            name = _OF_YEAR.sub("", named(cell)[0]).removeprefix("其中")
            found = name in self.known or name in self.ambiguous or name in NUMBERING
            self._seen[cell] = found
        return found

    def match(self, path: tuple[str, ...]) -> Match | None:
        """The field a heading path names outright."""
        leaf, groups = named(path[-1])[0], [named(text)[0] for text in path[:-1]]
        for joined in self._joined(leaf, groups):
            if joined in self.known:
                return self.known[joined]
        telling = {word for group in groups for word in _TELLING if word in group} - {w for w in _TELLING if w in leaf}
        plain = leaf.removeprefix("其中").removeprefix("其")
        # Where a sheet is one of a year or half of it, its headings may say so again: 1—6月营业收入.
        again = _OF_YEAR.sub("", plain) if "year" in self.room.whole_sheet else plain
        for name in (leaf, plain, named(_BRACKETS.sub("", half_width(path[-1])))[0].removeprefix("其中"), again):
            if name in self.known:
                found = self.known[name]
                return found if not self._contradicted(found, telling) else Match(found.key, "guessed", 70.0)
        if leaf in GENERIC or not leaf:
            return next((self.known[group] for group in reversed(groups) if group in self.known), None)
        return None

    def _contradicted(self, match: Match, telling: set[str]) -> bool:
        """A group that says 计划 over a heading whose field is nowhere called 计划 changes what is meant; not of a text."""
        field = self.room.field(match.key)
        if not telling or (field is not None and isinstance(field.kind, Words) and field.kind.long):
            return False
        names = "".join(name for name, known in self.known.items() if known.key == match.key)
        return any(word not in names for word in telling)

    @staticmethod
    def _joined(leaf: str, groups: list[str]) -> list[str]:
        if not groups:
            return []
        plain = leaf.removeprefix("其中")
        return ["".join([*groups, plain]), groups[-1] + plain, groups[0] + plain, plain + groups[-1]]

    def guess(self, path: tuple[str, ...]) -> list[Match]:
        """Fields whose names are like this heading, best first; they are only ever proposed."""
        from rapidfuzz import fuzz, process

        leaf = named(path[-1])[0]
        if len(leaf) < 2:
            return []
        found = process.extract(leaf, list(self.known), scorer=fuzz.ratio, score_cutoff=66, limit=8)
        inside = [
            (name, 80.0, 0) for name in self.known if len(name) >= 3 and name in leaf and len(leaf) <= len(name) + 4
        ]
        best: dict[str, Match] = {}
        for name, score, _place in sorted([*found, *inside], key=lambda item: -item[1]):
            if _same_telling(leaf, name):
                best.setdefault(self.known[name].key, Match(self.known[name].key, "guessed", score))
        return list(best.values())


def _same_telling(one: str, other: str) -> bool:
    """投资方简介 is like 投资方 but means something else: words that tell things apart must be in both or neither."""
    return all((word in one) == (word in other) for word in _TELLING)


def _is_month_heading(name: str) -> bool:
    found = _MONTH.fullmatch(_DIGIT_MONTHS.get(name, name))
    return found is not None and len(found["rest"]) <= 8 and not found["rest"][:1].isdigit()


@dataclass(frozen=True)
class MonthHeading:
    """A column that is one month of a monthly field; the year may have to be found elsewhere."""

    key: str
    month: int
    year: int | None


def month_heading(path: tuple[str, ...], vocabulary: Vocabulary) -> MonthHeading | None:
    """到位资金 / 1月, 2024年1月到位资金 or 1月 under a monthly field's heading; never 1—6月, which is a sum."""
    for place in range(len(path) - 1, -1, -1):
        text = normal(path[place])
        if re.search(r"\d[-—–~至到]+\d", half_width(path[place])) or "累计" in text:
            return None
        found = _MONTH.fullmatch(_DIGIT_MONTHS.get(text, text))
        if not found:
            continue
        others = [*path[:place], *([found["rest"]] if found["rest"] else []), *path[place + 1 :]]
        key = _monthly_key(others, vocabulary)
        if key:
            year = found["y"] or next(iter(_YEAR.findall(" ".join(path))), None)
            return MonthHeading(key, int(found["m"]), int(year) if year else None)
    return None


def _monthly_key(texts: list[str], vocabulary: Vocabulary) -> str | None:
    monthly = vocabulary.room.monthly
    cleaned = [re.sub(r"\d{4}年?|分月|按月|各月|逐月|每月|本年|当年|情况|完成", "", named(text)[0]) for text in texts]
    for name in ["".join(cleaned), *reversed(cleaned)]:
        found = vocabulary.known.get(name)
        if found and found.key in monthly:
            return found.key
    return next(iter(monthly)) if len(monthly) == 1 and not any(cleaned) else None


def years_in(texts: list[str]) -> list[int]:
    """The years that a title, a sheet's name or a file's name says."""
    return [int(year) for text in texts for year in _YEAR.findall(half_width(text))]


def unit_for(field: Field, texts: list[str]) -> str | None:
    """The first unit among these texts that fits the field's kind: 单位：万元、亩 gives 万元 to money and 亩 to land."""
    for text in texts:
        for word in [text, *re.split(r"[、,，;；/()\[\]（）\s:：]+", half_width(text))]:
            unit = unit_in(word)
            if unit and unit_fits(field, unit):
                return unit
    return None


def unit_noted(field: Field, heading: str, notes: Iterable[str]) -> str | None:
    """The unit that notes name for a heading, or for all of its kind: 注：税收单位为万元，用电量单位为万度."""
    found: dict[str, None] = {}
    for part in (part for note in notes for part in re.split(r"[,;。]", half_width(note))):
        said = _NOTED.search(part)
        units = [word for word in re.split(r"[、/和]", said["unit"]) if unit_in(word)] if said else []
        unit = next((unit_in(word) for word in units if unit_fits(field, word)), None)
        if said is None or unit is None:
            continue
        if any(normal(name) and normal(name) in normal(heading) for name in said["what"].split("、")):
            return unit
        found[unit] = None
    return next(iter(found)) if len(found) == 1 else None


def unit_fits(field: Field, unit: str) -> bool:
    """Whether a value of this field can be given in this unit."""
    if isinstance(field.kind, Money):
        return money_scale(unit) is not None
    if isinstance(field.kind, Area):
        return area_scale(unit) is not None
    if isinstance(field.kind, Metric):
        return scale_of(field.kind, unit) is not None
    return isinstance(field.kind, Whole | Month) and money_scale(unit) is None and area_scale(unit) is None
