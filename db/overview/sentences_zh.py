"""The report in Chinese, as offices write it (handbook §9): one sentence for every case, composed from plain numbers.

A fall says 下降 with a positive number; without a number of last year nothing is said of 同比; one unit is not
「分别为」; ties keep the order of units; a rate prints its numerator and denominator.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from db.core.period import Period
from db.overview.facts import (
    Compared,
    Facts,
    Part,
    Runs,
    Sum,
    Target,
    decimals,
    joined,
    number,
    paragraph,
    per_cent,
    present,
    tenths,
)
from db.reports.report import Paragraph

HEADINGS: Mapping[str, str] = {
    "targets": "目标任务完成情况",
    "work": "主要工作情况",
    "signed": "新签约",
    "started": "开工与投产",
    "activities": "招商活动",
    "negotiating": "在谈项目",
    "problems": "存在问题",
    "next_steps": "下一步工作打算",
}
_YI, _WAN = 10**10, 10**6  # 亿元 and 万元 in hundredths
_CITY: Mapping[str, tuple[str, bool]] = {
    "signed.count": ("新签约项目", False),
    "signed.investment": ("新签约项目协议投资额", True),
    "started.count": ("新开工项目", False),
    "started.investment": ("新开工项目总投资", True),
    "produced.count": ("新投产项目", False),
    "paid_in.reported": ("到位资金", True),
    "paid_in.verified": ("到位资金", True),
    "entered_statistics.count": ("入库项目", False),
}
_MOST_INDUSTRIES = 5
_ORDINALS = "一二三四五六七八九"


def money(amount: int) -> str:
    """174.2亿元, 196亿元; below 1亿元 in 万元. Two decimals at most."""
    if abs(amount) * 2 >= (_YI * 2 - _WAN // 100):  # 9999.995万元 reads 1亿元
        return f"{decimals(amount, _YI)}亿元"
    return f"{decimals(amount, _WAN)}万元"


def day(text: str) -> str:
    """2024-06-30 → 2024年6月30日."""
    year, month, date = (int(part) for part in text.split("-"))
    return f"{year}年{month}月{date}日"


def span(period: Period) -> str:
    """2024年1—6月, 2024年6月, 2024年, 2024年6月3日—16日."""
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
    _year, month, date = day(last).replace("年", " ").replace("月", " ").split()
    return f"{day(first)}—{date}" if first[:7] == last[:7] else f"{day(first)}—{month}月{date}"


def _within(period: Period) -> str:
    """The period inside its year: 1—6月, 6月, 全年."""
    words = span(period)
    return words[5:] or "全年" if words.count("年") == 1 else words


def title(facts: Facts) -> str:
    """2024年上半年全区招商引资工作情况通报."""
    months = facts.period.months
    words = span(facts.period)
    if months and months[0][:4] == months[1][:4] and (months[0][5:], months[1][5:]) == ("01", "06"):
        words = f"{months[0][:4]}年上半年"
    return f"{words}{facts.scope}招商引资工作情况通报"


def subtitle(facts: Facts) -> str:
    """The line under the title."""
    return f"（截至{day(facts.period.last)}）"


def opening(facts: Facts) -> Paragraph:
    """The sentence before the first heading."""
    return paragraph(f"现将{span(facts.period)}{facts.scope}招商引资工作情况通报如下：")


def targets(facts: Facts) -> list[Paragraph]:
    """一、目标任务完成情况."""
    clauses = [*_signed_clauses(facts), _large_clause(facts), *_money_clauses(facts), *_since_january(facts)]
    head = f"{_within(facts.period)}，{facts.scope}" if facts.signed.value else ""
    found = [paragraph(head, *joined(clauses, "；"), "。")]
    told = [_rank(rank.figure, rank.value, rank.rank) for rank in facts.ranks if rank.figure in _CITY]
    if any(told):
        found.append(paragraph("据市级通报，", *joined(told, "；"), "。"))
    if facts.expected is not None:
        found.append(_expected(facts, facts.expected))
    return found


def _nothing(facts: Facts, what: str) -> str:
    return f"{'本月' if facts.period.is_one_month() else '本期'}无{what}"


def _signed_clauses(facts: Facts) -> list[Runs]:
    if not facts.signed.value:
        found: list[Runs] = [[_nothing(facts, "新签约项目")]]
        if facts.invested.value:
            found.append(["增资扩产新增协议投资额", number("signed.investment", money(facts.invested.value))])
        return found
    count: Runs = [
        "新签约项目", number("signed.count", f"{facts.signed.value}个"),
        *growth("signed.count", facts.signed), *_completion(facts, "signed.count"),
    ]  # fmt: skip
    amount: Runs = [
        "协议投资额", number("signed.investment", money(facts.invested.value)),
        *growth("signed.investment", facts.invested), *_completion(facts, "signed.investment"),
    ]  # fmt: skip
    return [count, amount]


def growth(figure: str, compared: Compared) -> Runs:
    """，同比增长69.6%; nothing where there is nothing to compare with."""
    before = compared.previous
    if not before:
        return []
    if compared.value == before:
        return ["，同比持平"]
    change = Fraction(compared.value - before, before)
    if not tenths(change):
        return ["，与上年同期基本持平"]
    return [f"，同比{'增长' if change > 0 else '下降'}", number(figure, f"{per_cent(change)}%")]


def _completion(facts: Facts, figure: str) -> Runs:
    """，完成年度目标任务的58.1%（174.2/300亿元），快于序时进度8.1个百分点."""
    goal = facts.targets.get(figure)
    return ["，", *_completed(facts, figure, goal)] if goal and goal.wanted and facts.to_date else []


def _completed(facts: Facts, figure: str, goal: Target) -> Runs:
    share = Fraction(goal.done, goal.wanted)
    ahead = share - facts.elapsed
    pace = f"{'快于' if ahead > 0 else '慢于'}序时进度{per_cent(ahead)}个百分点" if tenths(ahead) else "与序时进度持平"
    done = number(f"targets.{figure}.rate", f"{per_cent(share)}%")
    return ["完成年度目标任务的", done, f"（{_of(goal, figure)}），{pace}"]


def _of(goal: Target, figure: str) -> str:
    if figure.endswith(".count") or figure.startswith("activities."):
        return f"{goal.done}/{goal.wanted}个"
    unit, per_unit = ("亿元", _YI) if goal.wanted >= _YI else ("万元", _WAN)
    return f"{decimals(goal.done, per_unit)}/{decimals(goal.wanted, per_unit)}{unit}"


def _since_january(facts: Facts) -> list[Runs]:
    """What a target is compared with where the period does not begin with the year."""
    if facts.to_date:
        return []
    found: list[Runs] = []
    for figure, words in (("signed.count", "新签约项目"), ("signed.investment", "协议投资额")):
        goal = facts.targets.get(figure)
        if goal and goal.wanted:
            done = f"{goal.done}个" if figure == "signed.count" else money(goal.done)
            head = f"{_within(facts.period.year_to_date())}累计{words}{done}，"
            found.append([head, *_completed(facts, figure, goal)])
    return found


def _large(facts: Facts) -> str:
    return "亿元以上" if facts.threshold == 1 else f"{facts.threshold}亿元以上"


def _large_clause(facts: Facts) -> Runs:
    large = facts.started_large
    if not large.count:
        return []
    return [f"新开工{_large(facts)}项目", *_sum("started.large", large)]


def _sum(figure: str, of: Sum, words: str = "总投资") -> Runs:
    """26个，总投资196亿元."""
    counted = number(f"{figure}.count", f"{of.count}个")
    return [counted, f"，{words}", number(f"{figure}.investment", money(of.money))] if of.money else [counted]


def _money_clauses(facts: Facts) -> list[Runs]:
    figure, paid, foreign = facts.paid_in_figure, facts.paid_in, facts.foreign
    found: list[Runs] = []
    if paid.value:
        said: Runs = ["到位资金", number(figure, money(paid.value)), *growth(figure, paid)]
        found.append(said + _completion(facts, figure))
    if foreign.value:
        dollars = number("foreign.used", f"{decimals(foreign.value, _WAN)}万美元")
        found.append(["实际使用外资", dollars, *growth("foreign.used", foreign)])
    return found


def _rank(figure: str, value: int | None, rank: int | None) -> Runs:
    words, of_money = _CITY[figure]
    said = "" if value is None else money(value) if of_money else f"{value}个"
    place = f"居全市第{rank}位" if rank is not None else ""
    told = "，".join(part for part in (said, place) if part)
    return [f"{words}{told}"] if told else []


def _expected(facts: Facts, expected: Sum) -> Paragraph:
    counted = number("forecast.signed.count", f"{expected.count}个")
    amount = number("forecast.signed.investment", money(expected.money))
    runs: Runs = ["按在谈项目预计签约月份推算，预计全年新签约项目", counted, "，协议投资额", amount]
    goal = facts.targets.get("signed.investment")
    if goal and goal.wanted:
        share = per_cent(Fraction(expected.money, goal.wanted))
        runs.append(f"，为年度目标任务的{share}%（{_of(Target(expected.money, goal.wanted), 'signed.investment')}）")
    return paragraph(*runs, "。")


def signed(facts: Facts) -> list[Paragraph]:
    """（一）新签约."""
    if not facts.signed.value:
        return [paragraph(_nothing(facts, "新签约项目"), "。")]
    told = (
        _by_street(facts), _by_industry(facts), _by_kind("资金来源", facts.sources, "资金"),
        _by_kind("投资规模", list(reversed(facts.sizes)), ""),
    )  # fmt: skip
    found = [paragraph(*runs) for runs in told if runs]
    return found or [paragraph("新签约项目", number("signed.count", f"{facts.signed.value}个"), "。")]


def _by_street(facts: Facts) -> Runs:
    parts = present(facts.streets)
    if not parts or parts[0].blank:
        return []
    if len(parts) == 1:
        return [f"{parts[0].count}个新签约项目{'均' if parts[0].count > 1 else ''}在{parts[0].name}。"]
    told = "、".join(f"{'属地' if part.blank else ''}{part.name}{part.count}个" for part in parts)
    return [f"新签约项目按属地分别为：{told}。"]


def _by_industry(facts: Facts) -> Runs:
    parts = present(facts.industries)
    if not parts or parts[0].blank:
        return []
    total = facts.invested.value
    if len(parts) == 1:
        return [f"分产业看，{'均' if parts[0].count > 1 else ''}为{parts[0].name}项目。"]
    named, rest = parts[:_MOST_INDUSTRIES], parts[_MOST_INDUSTRIES:]
    if len(rest) == 1:
        named, rest = parts, []
    if rest:
        named.append(Part("其他产业", sum(part.count for part in rest), sum(part.money for part in rest)))
    told = [_share(part, total, first=place == 0) for place, part in enumerate(named)]
    return [f"分产业看，{'；'.join(told)}。"]


def _share(part: Part, total: int, *, first: bool) -> str:
    name = f"产业{part.name}" if part.blank else part.name
    if not part.money or not total:
        return f"{name}{part.count}个"
    of = "占协议投资额的" if first else "占"
    return f"{name}{part.count}个、{money(part.money)}，{of}{per_cent(Fraction(part.money, total))}%"


def _by_kind(words: str, parts: Sequence[Part], suffix: str) -> Runs:
    """Sources and bands keep their own order."""
    here = [part for part in parts if part.count]
    if not here or all(part.blank for part in here):
        return []
    if len(here) == 1:
        return [f"分{words}看，{'均' if here[0].count > 1 else ''}为{here[0].name}{suffix or '的'}项目。"]
    here.sort(key=lambda part: part.blank)
    told = "、".join(_kind(part, words) for part in here)
    return [f"分{words}看，{told}。"]


def _kind(part: Part, words: str) -> str:
    amount = f"（{money(part.money)}）" if part.money else ""
    return f"{words if part.blank else ''}{part.name}{part.count}个{amount}"


def started(facts: Facts) -> list[Paragraph]:
    """（二）开工与投产."""
    return [
        paragraph(
            *_newly("新开工项目", "started", facts), *_of_large(facts), *_completion(facts, "started.count"), "。"
        ),
        paragraph(*_newly("新投产项目", "produced", facts), *_completion(facts, "produced.count"), "。"),
        *_cohort(facts),
    ]


def _newly(words: str, figure: str, facts: Facts) -> Runs:
    of = facts.started if figure == "started" else facts.produced
    return [words, *_sum(figure, of)] if of.count else [_nothing(facts, words)]


def _of_large(facts: Facts) -> Runs:
    large = facts.started_large
    if not large.count:
        return []
    if large.count == facts.started.count:
        return [f"，{'均' if large.count > 1 else ''}为{_large(facts)}项目"]
    return [f"，其中{_large(facts)}项目", *_sum("started.large", large)]


def _cohort(facts: Facts) -> list[Paragraph]:
    if facts.cohort is None or not facts.cohort[1]:
        return []
    begun, of = facts.cohort
    rate = number("start_rate.cohort", f"{per_cent(Fraction(begun, of))}%")
    return [paragraph(f"本期签约的{of}个项目中，已开工{begun}个，开工率", rate, f"（{begun}/{of}）。")]


def activities(facts: Facts) -> list[Paragraph]:
    """招商活动; nothing where there was none."""
    held = facts.activities

    def times(key: str, words: str, unit: str) -> Runs:
        return [words, number(f"activities.{key}", f"{held[key]}{unit}")] if held.get(key) else []

    visits = joined([times("outbound", "外出招商", "次"), times("received", "来访接待", "次")], "、")
    events = times("promotion", "举办推介、对接、路演活动", "场")
    told = joined([["开展", *visits] if visits else [], events, times("leads", "发现项目线索", "个")], "，")
    return [paragraph(*told, "。")] if visits or events else []


def negotiating(facts: Facts) -> list[Paragraph]:
    """在谈项目 at the end of the period; nothing where there are none."""
    if not facts.negotiating.count:
        return []
    head = f"截至{day(facts.period.last)}，在谈项目"
    return [paragraph(head, *_sum("negotiating", facts.negotiating, "拟投资"), "。")]


def problems(facts: Facts) -> list[Paragraph]:
    """存在问题: what the figures show, then what the office wrote."""
    told = [runs for runs in (_stuck_signed(facts), _stuck_started(facts)) if runs]
    found = [
        paragraph(f"{_ORDINALS[place]}是" if len(told) > 1 else "", *runs, "。") for place, runs in enumerate(told)
    ]
    return found + [paragraph(line) for line in facts.problems]


def _stuck_signed(facts: Facts) -> Runs:
    of = facts.stuck_signed
    if not of.count:
        return []
    figure = number("stuck.signed_not_started.count", f"{of.count}个")
    runs: Runs = [f"签约满{facts.months}个月未开工项目（含往年）", figure]
    if of.money:
        runs.append(f"，协议投资额{money(of.money)}")
    reasons = present(facts.stuck_reasons)
    if not reasons or reasons[0].blank:
        return runs
    if len(reasons) == 1:
        return [*runs, f"，未开工原因{'均' if of.count > 1 else ''}为{reasons[0].name}"]
    told = "、".join(f"{'原因' if part.blank else ''}{part.name}{part.count}个" for part in reasons)
    return [*runs, f"，未开工原因分别为：{told}"]


def _stuck_started(facts: Facts) -> Runs:
    of = facts.stuck_started
    if not of.count:
        return []
    figure = number("stuck.started_not_producing.count", f"{of.count}个")
    amount = f"，总投资{money(of.money)}" if of.money else ""
    return [f"开工满{facts.months}个月未投产项目（含往年）", figure, amount]


def next_steps(facts: Facts) -> list[Paragraph]:
    """下一步工作打算: only what the office wrote."""
    return [paragraph(line) for line in facts.next_steps]
