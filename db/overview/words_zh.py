"""What the Chinese report says around its sentences: headings, periods, amounts, title, single figures."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import partial

from db.core.dates import day_in_words
from db.core.period import Period
from db.overview.facts import Facts, decimals, is_count, paragraph, per_cent
from db.overview.section_names import headings
from db.overview.spans import DAYS, FORTNIGHT, MONTH, QUARTER, TEN_DAYS, WEEK, YEAR
from db.reports.report import Figure, Paragraph

HEADINGS: Mapping[str, str] = headings("zh")
KINDS: Mapping[str, str] = {"bulletin": "通报", "monthly": "月报", "special": "专报", "brief": "简报"}
_THIS: Mapping[str, str] = {
    MONTH: "本月", QUARTER: "本季度", YEAR: "全年", WEEK: "本周", TEN_DAYS: "本旬", FORTNIGHT: "本期", DAYS: "本期",
}  # fmt: skip
_SPANS: Mapping[tuple[str, str], str] = {
    ("01", "06"): "上半年", ("07", "12"): "下半年", ("01", "09"): "前三季度",
    ("01", "03"): "第一季度", ("04", "06"): "第二季度", ("07", "09"): "第三季度", ("10", "12"): "第四季度",
}  # fmt: skip
YI, WAN = 10**10, 10**6  # 亿元 and 万元 in hundredths


def money(amount: int) -> str:
    """174.2亿元, 196亿元; below 1亿元 in 万元. Two decimals at most."""
    if abs(amount) * 2 >= (YI * 2 - WAN // 100):  # 9999.995万元 reads 1亿元
        return f"{decimals(amount, YI)}亿元"
    return f"{decimals(amount, WAN)}万元"


day = partial(day_in_words, lang="zh")


def span(period: Period) -> str:
    """2024年1—6月, 2024年6月, 2024年, 2024年6月3日—6月16日."""
    if period.months is None:
        return _days(period.first, period.last)
    low, high = period.months
    first, last = int(low[5:]), int(high[5:])
    if low == high:
        return f"{low[:4]}年{first}月"
    if low[:4] != high[:4]:
        return f"{low[:4]}年{first}月—{high[:4]}年{last}月"
    return f"{low[:4]}年" if (first, last) == (1, 12) else f"{low[:4]}年{first}—{last}月"


def _days(first: str, last: str) -> str:
    if first == last:
        return day(first)
    if first[:4] != last[:4]:
        return f"{day(first)}—{day(last)}"
    return f"{day(first)}—{day(last)[5:]}"


def within(period: Period) -> str:
    """The period inside its year: 1—6月, 6月, 全年."""
    words = span(period)
    return words[5:] or "全年" if words.count("年") == 1 else words


def title(facts: Facts, kind: str = "bulletin") -> str:
    """2024年上半年全区招商引资工作情况通报; a numbered 简报 names its period under the title."""
    months = facts.period.months
    words = span(facts.period)
    if months and months[0][:4] == months[1][:4] and (months[0][5:], months[1][5:]) in _SPANS:
        words = f"{months[0][:4]}年{_SPANS[months[0][5:], months[1][5:]]}"
    return f"{words}{facts.scope}{_work(kind)}"


def _work(kind: str) -> str:
    return f"招商引资工作{'情况' if kind == 'bulletin' else ''}{KINDS.get(kind, kind)}"


def file_stem(period: Period, kind: str) -> str:
    """招商引资工作情况通报_2024年1—6月."""
    return f"{_work(kind)}_{span(period)}"


def number_line(issue: int) -> str:
    """第6期."""
    return f"第{issue}期"


def subtitle(facts: Facts) -> str:
    """The line under the title."""
    return f"（截至{day(facts.period.last)}）"


def opening(facts: Facts, kind: str = "bulletin") -> Paragraph:
    """The sentence before the first heading; a 专报 goes upwards and reports."""
    verb = "报告" if kind == "special" else "通报"
    return paragraph(f"现将{span(facts.period)}{facts.scope}招商引资工作情况{verb}如下：", place="opening")


def figure_text(of: Figure | None, nth: int) -> str:
    """The nth number of a figure where no composed sentence says it: its value, then its growth; — without one."""
    if of is None or of.value is None or nth > 2:
        return "—"
    if nth == 2:
        return (
            "—"
            if of.previous in (None, 0)
            else f"{per_cent(Fraction(of.value - of.previous) / Fraction(of.previous))}%"
        )
    if of.denominator is not None:
        return f"{per_cent(Fraction(of.numerator or 0) / Fraction(of.denominator))}%" if of.denominator else "—"
    base = of.key.partition("@")[0]
    if base == "foreign.used":
        return f"{decimals(int(of.value * 100), WAN)}万美元"
    return f"{of.value}{counted(base)}" if is_count(base) else money(int(of.value * 100))


def counted(figure: str) -> str:
    """What a figure counts by: 个, 次, 场."""
    return {"activities.outbound": "次", "activities.received": "次", "activities.promotion": "场"}.get(figure, "个")


def nothing(facts: Facts, what: str) -> str:
    """本月无新签约项目."""
    return f"{_THIS.get(facts.kind, '本期')}无{what}"
