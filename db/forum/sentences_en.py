"""Section Government–enterprise forum in English: one sentence for every case."""

from __future__ import annotations

from db.core.ratios import ratio
from db.forum.section_facts import Facts, most_overdue, paragraph, rate
from db.reports.report import FigureNumber, Paragraph, Run

HEADING = "Government–enterprise forum"
NOT_SAID = "no department named"


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


def _many(count: int, one: str, several: str = "") -> str:
    return f"{count:,} {one if count == 1 else several or one + 's'}"


def _held(facts: Facts) -> Paragraph:
    issues = facts.issues["all"]
    if not facts.sessions and not issues and not facts.companies:
        return paragraph(["No session of the forum was held and no issue was raised in the period."], "forum.held")
    held: list[Run] = [FigureNumber("forum.sessions", _many(facts.sessions, "session")), " of the forum"]
    runs: list[Run] = [*held, " and visits"] if facts.sessions else ["Visits"]
    runs += [" reached ", FigureNumber("forum.companies", _many(facts.companies, "enterprise", "enterprises"))]
    runs += (
        [", which raised ", FigureNumber("forum.issues", _many(issues, "issue"))]
        if issues
        else [", which raised no issue"]
    )
    refused = issues - facts.issues["admissible"]
    runs += [f", {refused} of them not admissible"] if refused else []
    return paragraph([*runs, "."], "forum.held")


def _rate(figure: str, above: int, below: int) -> list[Run]:
    number, _brackets = rate(figure, above, below)
    return [number, f" ({above:,}/{below:,})"]


def _handled(facts: Facts) -> Paragraph:
    of = facts.issues
    if not of["resolved"]:
        count = of["admissible"]
        return paragraph([f"{_many(count, 'issue')} {'is' if count == 1 else 'are'} being worked on."], "forum.handled")
    runs: list[Run] = [
        f"{_many(of['resolved'], 'issue')} {'was' if of['resolved'] == 1 else 'were'} resolved, ",
        *_rate("forum.resolved_rate", of["resolved"], of["admissible"]),
    ]
    if of["due"]:
        runs += ["; ", *_rate("forum.on_time_rate", of["on_time"], of["due"]), " on time"]
    if of["rated"]:
        runs += [f"; of {of['rated']:,} followed up, ", *_rate("forum.satisfaction_rate", of["content"], of["rated"])]
        runs += [f" were satisfied or basically satisfied, {of['satisfied']:,} of them satisfied"]
    if facts.days is not None:
        runs += [
            "; it took ",
            FigureNumber("forum.mean_days", str(ratio(*facts.days, places=1))),
            " working days on average",
        ]
    return paragraph([*runs, "."], "forum.handled")


def _late(facts: Facts) -> Paragraph:
    of, late = facts.issues, most_overdue(facts)
    told = ", ".join(f"{one.name} {one.of.numbers['overdue']}" for one in late)
    more = ", and others" if sum(one.of.numbers["overdue"] for one in late) < of["overdue"] else ""
    return paragraph(
        [f"{_many(of['open'], 'issue')} {'is' if of['open'] == 1 else 'are'} open, {of['overdue']} overdue: {told}{more}."],
        "forum.late",
    )  # fmt: skip


def _stewards(facts: Facts) -> Paragraph:
    return paragraph(
        ["Finance stewards helped ", FigureNumber("stewards.companies", _many(facts.helped, "enterprise")), " to obtain ",
         FigureNumber("stewards.financing", money(facts.financing)), "."],
        "forum.stewards",
    )  # fmt: skip


def money(hundredths: int) -> str:
    """240 million yuan."""
    return f"{str(ratio(hundredths, 10**8, places=2)).rstrip('0').rstrip('.')} million yuan"
