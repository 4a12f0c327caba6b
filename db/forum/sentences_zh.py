"""Section 政企有约 in Chinese: one sentence for every case. A rate prints its numerator and denominator."""

from __future__ import annotations

from db.core.ratios import ratio
from db.forum.section_facts import Facts, most_overdue, paragraph, rate
from db.reports.report import FigureNumber, Paragraph, Run

HEADING = "政企有约"
NOT_SAID = "未明确责任单位"


def paragraphs(facts: Facts) -> list[Paragraph]:
    """What was held, what became of the issues, who is late, what the stewards did."""
    found = [_held(facts)]
    if facts.issues["admissible"]:
        found.append(_handled(facts))
    if facts.issues["overdue"]:
        found.append(_late(facts))
    if facts.helped:
        found.append(_stewards(facts))
    return found


def _held(facts: Facts) -> Paragraph:
    issues = facts.issues["all"]
    if not facts.sessions and not issues and not facts.companies:
        return paragraph(["本期未举办政企有约活动，无新增诉求。"], "forum.held")
    runs: list[Run] = []
    if facts.sessions:
        runs += ["举办政企有约活动", FigureNumber("forum.sessions", f"{facts.sessions}期"), *_which(facts), "，"]
    else:
        runs += ["未举办政企有约活动，"]
    runs += ["接待走访企业", FigureNumber("forum.companies", f"{facts.companies}家")]
    runs += ["，收集协调诉求", FigureNumber("forum.issues", f"{issues}件")] if issues else ["，无新增诉求"]
    refused = issues - facts.issues["admissible"]
    runs += [f"，其中不予受理{refused}件"] if refused else []
    return paragraph([*runs, "。"], "forum.held")


def _which(facts: Facts) -> list[Run]:
    numbers = facts.numbers
    if not numbers:
        return []
    in_a_row = list(numbers) == list(range(numbers[0], numbers[0] + len(numbers)))
    if len(numbers) > 1 and not in_a_row:
        return []
    return [f"（第{numbers[0]}期）" if len(numbers) == 1 else f"（第{numbers[0]}—{numbers[-1]}期）"]


def _handled(facts: Facts) -> Paragraph:
    of = facts.issues
    if not of["resolved"]:
        return paragraph([f"受理的{of['admissible']}件诉求均在办理中。"], "forum.handled")
    runs: list[Run] = [
        f"已办结{of['resolved']}件，办结率",
        *rate("forum.resolved_rate", of["resolved"], of["admissible"]),
    ]
    if of["due"]:
        runs += ["；按时办结率", *rate("forum.on_time_rate", of["on_time"], of["due"])]
    if of["rated"]:
        runs += [f"；已回访{of['rated']}件，满意率", *rate("forum.satisfaction_rate", of["content"], of["rated"])]
        runs += [f"，其中满意{of['satisfied']}件、基本满意{of['content'] - of['satisfied']}件"] if of["content"] else []
    if facts.days is not None:
        runs += ["；平均用时", FigureNumber("forum.mean_days", f"{ratio(*facts.days, places=1)}个工作日")]
    return paragraph([*runs, "。"], "forum.handled")


def _late(facts: Facts) -> Paragraph:
    of, late = facts.issues, most_overdue(facts)
    told = "、".join(f"{one.name}{one.of.numbers['overdue']}件" for one in late)
    more = "等" if sum(one.of.numbers["overdue"] for one in late) < of["overdue"] else ""
    units = f"，责任单位为{late[0].name}" if len(late) == 1 else f"，分别为：{told}{more}"
    return paragraph([f"在办{of['open']}件，其中逾期{of['overdue']}件{units}。"], "forum.late")


def _stewards(facts: Facts) -> Paragraph:
    return paragraph(
        ["金融管家帮助企业", FigureNumber("stewards.companies", f"{facts.helped}家"), "，获得融资",
         FigureNumber("stewards.financing", money(facts.financing)), "。"],
        "forum.stewards",
    )  # fmt: skip


def money(hundredths: int) -> str:
    """2.4亿元, 850万元: two decimals of 亿元 at most."""
    if hundredths >= 10**10:
        return f"{_short(ratio(hundredths, 10**10, places=2))}亿元"
    return f"{_short(ratio(hundredths, 10**6, places=2))}万元"


def _short(text: str | None) -> str:
    return str(text).rstrip("0").rstrip(".")
