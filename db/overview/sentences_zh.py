"""The report in Chinese, as offices write it (handbook §9): one sentence for every case, composed from plain numbers.

A fall says 下降 with a positive number; without a number of last year nothing is said of 同比; one unit is not
「分别为」; ties keep the order of units; a rate prints its numerator and denominator.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from db.overview.facts import (
    REST,
    Compared,
    Facts,
    Part,
    Rank,
    Runs,
    Sum,
    Target,
    decimals,
    headed,
    is_count,
    joined,
    number,
    paragraph,
    part_key,
    per_cent,
    present,
    tenths,
)
from db.overview.words_zh import (
    HEADINGS,
    KINDS,
    WAN,
    YI,
    counted,
    day,
    figure_text,
    file_stem,
    money,
    nothing,
    number_line,
    opening,
    span,
    subtitle,
    title,
    within,
)
from db.reports.report import FigureNumber, Paragraph

__all__ = [
    "HEADINGS",
    "KINDS",
    "activities",
    "day",
    "figure_text",
    "file_stem",
    "growth",
    "money",
    "negotiating",
    "number_line",
    "opening",
    "problems",
    "signed",
    "span",
    "started",
    "subtitle",
    "targets",
    "title",
]

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
_ORDINALS = "一二三四五六七八九"


def targets(facts: Facts) -> list[Paragraph]:
    """一、目标任务完成情况."""
    clauses = [*_signed_clauses(facts), _large_clause(facts), *_money_clauses(facts), *_since_january(facts)]
    head = f"{within(facts.period)}，{facts.scope}" if facts.signed.value else ""
    found = [paragraph(head, *joined(clauses, "；"), "。", place="targets.results")]
    told = [_rank(rank) for rank in facts.ranks if rank.figure in _CITY]
    if any(told):
        # The city counts from January, whatever the period of the report.
        since = "" if facts.to_date else within(facts.period.year_to_date())
        found.append(paragraph(f"据市级{since}通报，", *joined(told, "；"), "。", place="targets.city"))
    if facts.expected is not None:
        found.append(_expected(facts, facts.expected))
    return found


def _signed_clauses(facts: Facts) -> list[Runs]:
    if not facts.signed.value:
        found: list[Runs] = [[nothing(facts, "新签约项目")]]
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
    rate = f"targets.{figure}.rate"
    of = number(rate, _of(goal, figure))
    runs: Runs = ["完成年度目标任务的", number(rate, f"{per_cent(share)}%"), "（", of, "），"]
    if tenths(ahead):
        pace = number(rate, f"{per_cent(ahead)}个百分点")
        runs += [f"{'快于' if ahead > 0 else '慢于'}序时进度", pace]
    else:
        runs.append("与序时进度持平")
    missing = goal.wanted - goal.done
    if facts.gap and missing > 0:
        of_money = not is_count(figure)
        runs += ["，距目标还差", number(rate, money(missing) if of_money else f"{missing}个")]
    return runs


def _of(goal: Target, figure: str) -> str:
    if is_count(figure):
        return f"{goal.done}/{goal.wanted}{counted(figure)}"
    unit, per_unit = ("亿元", YI) if goal.wanted >= YI else ("万元", WAN)
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
            head = f"{within(facts.period.year_to_date())}累计{words}"
            told = number(f"targets.{figure}.rate", done)
            found.append([head, told, "，", *_completed(facts, figure, goal)])
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
        dollars = number("foreign.used", f"{decimals(foreign.value, WAN)}万美元")
        found.append(["实际使用外资", dollars, *growth("foreign.used", foreign)])
    return found


def _rank(of: Rank) -> Runs:
    """新签约项目协议投资额170亿元，居全市第3位、四城区第1位."""
    words, of_money = _CITY[of.figure]
    said = "" if of.value is None else money(of.value) if of_money else f"{of.value}个"
    places = [("全市", of.rank), (of.group, of.group_rank)]
    told = joined([[name, number(of.figure, f"第{rank}位")] for name, rank in places if name and rank], "、")
    if not said and not told:
        return []
    value: Runs = [number(of.figure, said)] if said else []
    return [words, *value, *([f"{'，' if said else ''}居", *told] if told else [])]


def _expected(facts: Facts, expected: Sum) -> Paragraph:
    key = "forecast.signed.investment"
    counted = number("forecast.signed.count", f"{expected.count}个")
    runs: Runs = [
        "按在谈项目预计签约月份推算，预计全年新签约项目",
        counted,
        "，协议投资额",
        number(key, money(expected.money)),
    ]
    goal = facts.targets.get("signed.investment")
    if goal and goal.wanted:
        share = number(key, f"{per_cent(Fraction(expected.money, goal.wanted))}%")
        of = number(key, _of(Target(expected.money, goal.wanted), "signed.investment"))
        runs += ["，为年度目标任务的", share, "（", of, "）"]
    return paragraph(*runs, "。", place="targets.forecast")


def signed(facts: Facts) -> list[Paragraph]:
    """（一）新签约."""
    if not facts.signed.value:
        return [paragraph(nothing(facts, "新签约项目"), "。", place="signed.none")]
    told = {
        "places": _by_street(facts), "industries": _by_industry(facts),
        "sources": _by_kind("资金来源", "source", facts.sources, "资金"),
        "sizes": _by_kind("投资规模", "size", list(reversed(facts.sizes)), ""),
    }  # fmt: skip
    found = [paragraph(*runs, place=f"signed.{key}") for key, runs in told.items() if runs]
    whole = number("signed.count", f"{facts.signed.value}个")
    return found or [paragraph("新签约项目", whole, "。", place="signed.none")]


def _count(by: str, part: Part, figure: str = "signed.count") -> FigureNumber:
    return number(part_key(figure, by, part.name), f"{part.count}个")


def _by_street(facts: Facts) -> Runs:
    parts = present(facts.streets, in_order=facts.in_order)
    if not parts or parts[0].blank:
        return []
    if len(parts) == 1:
        return [_count("street", parts[0]), f"新签约项目{'均' if parts[0].count > 1 else ''}在{parts[0].name}。"]
    told = joined([[f"{'属地' if part.blank else ''}{part.name}", _count("street", part)] for part in parts], "、")
    return ["新签约项目按属地分别为：", *told, "。"]


def _by_industry(facts: Facts) -> Runs:
    parts = present(facts.industries)
    if not parts or parts[0].blank:
        return []
    total = facts.invested.value
    if len(parts) == 1:
        return [f"分产业看，{'均' if parts[0].count > 1 else ''}为{parts[0].name}项目。"]
    told = [_share(part, total, first=place == 0) for place, part in enumerate(headed(parts))]
    return ["分产业看，", *joined(told, "；"), "。"]


def _share(part: Part, total: int, *, first: bool) -> Runs:
    name = "其他产业" if part.name == REST else f"产业{part.name}" if part.blank else part.name
    if not part.money or not total:
        return [name, _count("industry", part)]
    amount = part_key("signed.investment", "industry", part.name)
    share = number(amount, f"{per_cent(Fraction(part.money, total))}%")
    of = "，占协议投资额的" if first else "，占"
    return [name, _count("industry", part), "、", number(amount, money(part.money)), of, share]


def _by_kind(words: str, by: str, parts: Sequence[Part], suffix: str) -> Runs:
    """Sources and bands keep their own order."""
    here = [part for part in parts if part.count]
    if not here or all(part.blank for part in here):
        return []
    if len(here) == 1:
        return [f"分{words}看，{'均' if here[0].count > 1 else ''}为{here[0].name}{suffix or '的'}项目。"]
    here.sort(key=lambda part: part.blank)
    return [f"分{words}看，", *joined([_kind(part, by, words) for part in here], "、"), "。"]


def _kind(part: Part, by: str, words: str) -> Runs:
    amount = number(part_key("signed.investment", by, part.name), money(part.money))
    told: Runs = [f"{words if part.blank else ''}{part.name}", _count(by, part)]
    return [*told, "（", amount, "）"] if part.money else told


def started(facts: Facts) -> list[Paragraph]:
    """（二）开工与投产."""
    return [
        paragraph(
            *_newly("新开工项目", "started", facts), *_of_large(facts), *_completion(facts, "started.count"), "。",
            place="started.starts",
        ),
        paragraph(
            *_newly("新投产项目", "produced", facts), *_completion(facts, "produced.count"), "。",
            place="started.productions",
        ),
        *_cohort(facts),
    ]  # fmt: skip


def _newly(words: str, figure: str, facts: Facts) -> Runs:
    of = facts.started if figure == "started" else facts.produced
    return [words, *_sum(figure, of)] if of.count else [nothing(facts, words)]


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
    key = "start_rate.cohort"
    rate = number(key, f"{per_cent(Fraction(begun, of))}%")
    head: Runs = ["本期签约的", number(key, f"{of}个"), "项目中，已开工", number(key, f"{begun}个")]
    told: Runs = [*head, "，开工率", rate, "（", number(key, f"{begun}/{of}"), "）。"]
    return [paragraph(*told, place="started.cohort")]


def activities(facts: Facts) -> list[Paragraph]:
    """招商活动; nothing where there was none."""
    held = facts.activities

    def times(key: str, words: str, unit: str) -> Runs:
        return [words, number(f"activities.{key}", f"{held[key]}{unit}")] if held.get(key) else []

    visits = joined([times("outbound", "外出招商", "次"), times("received", "来访接待", "次")], "、")
    events = times("promotion", "举办推介、对接、路演活动", "场")
    told = joined([["开展", *visits] if visits else [], events, times("leads", "发现项目线索", "个")], "，")
    return [paragraph(*told, "。", place="activities.held")] if visits or events else []


def negotiating(facts: Facts) -> list[Paragraph]:
    """在谈项目 at the end of the period; nothing where there are none."""
    if not facts.negotiating.count:
        return []
    head = f"截至{day(facts.period.last)}，在谈项目"
    return [paragraph(head, *_sum("negotiating", facts.negotiating, "拟投资"), "。", place="negotiating.stock")]


def problems(facts: Facts) -> list[Paragraph]:
    """存在问题: what the figures show; what the office writes comes after it."""
    told = {"stuck_signed": _stuck_signed(facts), "stuck_started": _stuck_started(facts)}
    known = {key: runs for key, runs in told.items() if runs}
    return [
        paragraph(f"{_ORDINALS[at]}是" if len(known) > 1 else "", *runs, "。", place=f"problems.{key}")
        for at, (key, runs) in enumerate(known.items())
    ]


def _stuck_signed(facts: Facts) -> Runs:
    of, key = facts.stuck_signed, "stuck.signed_not_started.count"
    if not of.count:
        return []
    runs: Runs = [f"签约满{facts.months}个月未开工项目（含往年）", number(key, f"{of.count}个")]
    if of.money:
        runs += ["，协议投资额", number(key, money(of.money))]
    reasons = present(facts.stuck_reasons)
    if not reasons or reasons[0].blank:
        return runs
    if len(reasons) == 1:
        return [*runs, f"，未开工原因{'均' if of.count > 1 else ''}为{reasons[0].name}"]
    told: list[Runs] = [[f"{'原因' if part.blank else ''}{part.name}", _count("reason", part, key)] for part in reasons]
    return [*runs, "，未开工原因分别为：", *joined(told, "、")]


def _stuck_started(facts: Facts) -> Runs:
    of, key = facts.stuck_started, "stuck.started_not_producing.count"
    if not of.count:
        return []
    amount: Runs = ["，总投资", number(key, money(of.money))] if of.money else []
    return [f"开工满{facts.months}个月未投产项目（含往年）", number(key, f"{of.count}个"), *amount]
