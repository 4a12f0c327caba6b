"""The report in English: as complete as the Chinese one, composed by its own writer from the same plain numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
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
    "targets": "Targets and results",
    "work": "Main work",
    "signed": "New signings",
    "started": "Starts and production",
    "activities": "Promotion activities",
    "negotiating": "Projects under negotiation",
    "problems": "Problems",
    "next_steps": "Next steps",
}
_BILLION, _MILLION, _YUAN = 10**11, 10**8, 10**2  # in hundredths
_SCOPES = {"全区": "the district", "全县": "the county", "全市": "the city"}
_CITY: Mapping[str, tuple[str, bool]] = {
    "signed.count": ("newly signed projects", False),
    "signed.investment": ("agreed investment", True),
    "started.count": ("newly started projects", False),
    "started.investment": ("total investment of newly started projects", True),
    "produced.count": ("projects newly in production", False),
    "paid_in.reported": ("paid-in funds", True),
    "paid_in.verified": ("paid-in funds", True),
    "entered_statistics.count": ("projects entered in statistics", False),
}
_MONTHS = "January February March April May June July August September October November December".split()
_MOST_INDUSTRIES = 5


def money(amount: int, unit: str = "yuan") -> str:
    """17.42 billion yuan, 500 million yuan, 617,500 yuan. Two decimals at most."""
    if abs(amount) * 2 >= _BILLION * 2 - _MILLION // 100:
        return f"{decimals(amount, _BILLION)} billion {unit}"
    if abs(amount) >= _MILLION:
        return f"{decimals(amount, _MILLION)} million {unit}"
    return f"{int(decimals(amount, _YUAN, 0)):,} {unit}"


def day(text: str) -> str:
    """2024-06-30 → 30 June 2024."""
    found = date.fromisoformat(text)
    return f"{found.day} {_MONTHS[found.month - 1]} {found.year}"


def span(period: Period) -> str:
    """January–June 2024, June 2024, 2024, 3–16 June 2024."""
    if period.months is None:
        return _days(period.first, period.last)
    low, high = period.months
    first, last = (_MONTHS[int(month[5:]) - 1] for month in (low, high))
    if low == high:
        return f"{first} {low[:4]}"
    if low[:4] != high[:4]:
        return f"{first} {low[:4]} to {last} {high[:4]}"
    return low[:4] if (low[5:], high[5:]) == ("01", "12") else f"{first}–{last} {low[:4]}"


def _days(first: str, last: str) -> str:
    if first == last:
        return day(first)
    if first[:7] == last[:7]:
        return f"{int(first[8:])}–{day(last)}"
    return f"{day(first)[:-5]} to {day(last)}" if first[:4] == last[:4] else f"{day(first)} to {day(last)}"


def _projects(count: int, words: str = "") -> str:
    return f"{count} {words}{'project' if count == 1 else 'projects'}"


def _scope(facts: Facts) -> str:
    return _SCOPES.get(facts.scope, "the district")


def title(facts: Facts) -> str:
    """Investment promotion in the district, first half of 2024."""
    months = facts.period.months
    words = span(facts.period)
    if months and (months[0][5:], months[1][5:]) == ("01", "06") and months[0][:4] == months[1][:4]:
        words = f"first half of {months[0][:4]}"
    return f"Investment promotion in {_scope(facts)}, {words}"


def subtitle(facts: Facts) -> str:
    """The line under the title."""
    return f"(as of {day(facts.period.last)})"


def opening(facts: Facts) -> Paragraph:
    """The sentence before the first heading."""
    return paragraph(f"This bulletin reports on investment promotion in {_scope(facts)} in {span(facts.period)}.")


def targets(facts: Facts) -> list[Paragraph]:
    """Targets and results."""
    clauses = [*_signed_clauses(facts), _large_clause(facts), *_money_clauses(facts), *_since_january(facts)]
    head = f"In {span(facts.period)}, " if facts.signed.value else ""
    found = [paragraph(head, *joined(clauses, "; "), ".")]
    told = [_rank(rank.figure, rank.value, rank.rank) for rank in facts.ranks if rank.figure in _CITY]
    if any(told):
        found.append(paragraph("According to the city's bulletin: ", *joined(told, "; "), "."))
    if facts.expected is not None:
        found.append(_expected(facts, facts.expected))
    return found


def _nothing(facts: Facts, what: str) -> str:
    return f"No {what} this {'month' if facts.period.is_one_month() else 'period'}"


def _signed_clauses(facts: Facts) -> list[Runs]:
    if not facts.signed.value:
        found: list[Runs] = [[_nothing(facts, "new signings")]]
        if facts.invested.value:
            added = number("signed.investment", money(facts.invested.value))
            found.append(["capital increases added an agreed investment of ", added])
        return found
    was = "was" if facts.signed.value == 1 else "were"
    count: Runs = [
        number("signed.count", _projects(facts.signed.value)), f" {was} newly signed",
        *growth("signed.count", facts.signed), *_completion(facts, "signed.count"),
    ]  # fmt: skip
    amount: Runs = [
        "agreed investment came to ", number("signed.investment", money(facts.invested.value)),
        *growth("signed.investment", facts.invested), *_completion(facts, "signed.investment"),
    ]  # fmt: skip
    return [count, amount]


def growth(figure: str, compared: Compared) -> Runs:
    """, up 69.6% year on year; nothing where there is nothing to compare with."""
    before = compared.previous
    if not before:
        return []
    if compared.value == before:
        return [", unchanged year on year"]
    change = Fraction(compared.value - before, before)
    if not tenths(change):
        return [", nearly unchanged year on year"]
    return [f", {'up' if change > 0 else 'down'} ", number(figure, f"{per_cent(change)}%"), " year on year"]


def _completion(facts: Facts, figure: str) -> Runs:
    goal = facts.targets.get(figure)
    return [", ", *_completed(facts, figure, goal)] if goal and goal.wanted and facts.to_date else []


def _completed(facts: Facts, figure: str, goal: Target) -> Runs:
    share = Fraction(goal.done, goal.wanted)
    ahead = share - facts.elapsed
    points = f"{per_cent(ahead)} percentage points"
    pace = f"{points} {'ahead of' if ahead > 0 else 'behind'} schedule" if tenths(ahead) else "on schedule"
    done = number(f"targets.{figure}.rate", f"{per_cent(share)}%")
    return [done, f" of the year's target ({_of(goal, figure)}), {pace}"]


def _of(goal: Target, figure: str) -> str:
    if figure.endswith(".count") or figure.startswith("activities."):
        return f"{goal.done}/{goal.wanted}"
    unit, per_unit = ("billion", _BILLION) if goal.wanted >= _BILLION else ("million", _MILLION)
    return f"{decimals(goal.done, per_unit)}/{decimals(goal.wanted, per_unit)} {unit} yuan"


def _since_january(facts: Facts) -> list[Runs]:
    if facts.to_date:
        return []
    found: list[Runs] = []
    for figure in ("signed.count", "signed.investment"):
        goal = facts.targets.get(figure)
        if goal and goal.wanted:
            done = _projects(goal.done) if figure == "signed.count" else f"an agreed investment of {money(goal.done)}"
            found.append([f"since January {done}, ", *_completed(facts, figure, goal)])
    return found


def _large(facts: Facts) -> str:
    return f"of at least {money(facts.threshold * 10**10)}"


def _large_clause(facts: Facts) -> Runs:
    large = facts.started_large
    if not large.count:
        return []
    counted = number("started.large.count", _projects(large.count))
    return [counted, f" {_large(facts)} started construction", *_worth("started.large", large)]


def _worth(figure: str, of: Sum, words: str = "a total investment") -> Runs:
    return [f", with {words} of ", number(f"{figure}.investment", money(of.money))] if of.money else []


def _money_clauses(facts: Facts) -> list[Runs]:
    figure, paid, foreign = facts.paid_in_figure, facts.paid_in, facts.foreign
    found: list[Runs] = []
    if paid.value:
        said: Runs = ["paid-in funds came to ", number(figure, money(paid.value)), *growth(figure, paid)]
        found.append(said + _completion(facts, figure))
    if foreign.value:
        dollars = number("foreign.used", money(foreign.value, "US dollars"))
        found.append(["foreign capital used came to ", dollars, *growth("foreign.used", foreign)])
    return found


def _rank(figure: str, value: int | None, rank: int | None) -> Runs:
    words, of_money = _CITY[figure]
    said = "" if value is None else f" {money(value) if of_money else value}"
    place = f", number {rank} in the city" if rank is not None else ""
    return [f"{words}{said}{place}"] if said or place else []


def _expected(facts: Facts, expected: Sum) -> Paragraph:
    counted = number("forecast.signed.count", _projects(expected.count))
    amount = number("forecast.signed.investment", money(expected.money))
    runs: Runs = ["By the months in which signings are expected, the whole year may bring ", counted, " and ", amount]
    goal = facts.targets.get("signed.investment")
    if goal and goal.wanted:
        share = per_cent(Fraction(expected.money, goal.wanted))
        runs.append(
            f", {share}% of the year's target ({_of(Target(expected.money, goal.wanted), 'signed.investment')})"
        )
    return paragraph(*runs, ".")


def signed(facts: Facts) -> list[Paragraph]:
    """New signings."""
    if not facts.signed.value:
        return [paragraph(_nothing(facts, "new signings"), ".")]
    told = (
        _by_street(facts), _by_industry(facts), _by_kind("source of funds", facts.sources),
        _by_kind("size", list(reversed(facts.sizes))),
    )  # fmt: skip
    found = [paragraph(*runs) for runs in told if runs]
    if found:
        return found
    return [paragraph("Newly signed: ", number("signed.count", _projects(facts.signed.value)), ".")]


def _by_street(facts: Facts) -> Runs:
    parts = present(facts.streets)
    if not parts or parts[0].blank:
        return []
    if len(parts) == 1:
        count = parts[0].count
        head = "The newly signed project is" if count == 1 else f"All {count} newly signed projects are"
        return [f"{head} in {parts[0].name}."]
    told = ", ".join(f"{'place ' if part.blank else ''}{part.name} {part.count}" for part in parts)
    return [f"Newly signed projects by place: {told}."]


def _by_industry(facts: Facts) -> Runs:
    parts = present(facts.industries)
    if not parts or parts[0].blank:
        return []
    if len(parts) == 1:
        return [f"By industry: {'all ' if parts[0].count > 1 else ''}{parts[0].name}."]
    named, rest = parts[:_MOST_INDUSTRIES], parts[_MOST_INDUSTRIES:]
    if len(rest) == 1:
        named, rest = parts, []
    if rest:
        named.append(Part("other industries", sum(part.count for part in rest), sum(part.money for part in rest)))
    told = [_share(part, facts.invested.value, first=place == 0) for place, part in enumerate(named)]
    return [f"By industry: {'; '.join(told)}."]


def _share(part: Part, total: int, *, first: bool) -> str:
    name = f"industry {part.name}" if part.blank else part.name
    if not part.money or not total:
        return f"{name} {_projects(part.count)}"
    of = " of the agreed investment" if first else ""
    return f"{name} {_projects(part.count)}, {money(part.money)}, {per_cent(Fraction(part.money, total))}%{of}"


def _by_kind(words: str, parts: Sequence[Part]) -> Runs:
    here = [part for part in parts if part.count]
    if not here or all(part.blank for part in here):
        return []
    if len(here) == 1:
        return [f"By {words}: {'all ' if here[0].count > 1 else ''}{here[0].name}."]
    here.sort(key=lambda part: part.blank)
    return [f"By {words}: {', '.join(_kind(part) for part in here)}."]


def _kind(part: Part) -> str:
    return f"{part.name} {part.count}" + (f" ({money(part.money)})" if part.money else "")


def started(facts: Facts) -> list[Paragraph]:
    """Starts and production."""
    begun, produced = facts.started, facts.produced
    starts: Runs = [_nothing(facts, "new starts of construction")]
    if begun.count:
        counted = number("started.count", _projects(begun.count))
        starts = [counted, " started construction", *_worth("started", begun), *_of_large(facts)]
    products: Runs = [_nothing(facts, "projects newly in production")]
    if produced.count:
        counted = number("produced.count", _projects(produced.count))
        products = [counted, " went into production", *_worth("produced", produced)]
    return [
        paragraph(*starts, *_completion(facts, "started.count"), "."),
        paragraph(*products, *_completion(facts, "produced.count"), "."),
        *_cohort(facts),
    ]


def _of_large(facts: Facts) -> Runs:
    large = facts.started_large
    if not large.count:
        return []
    if large.count == facts.started.count:
        return [f", {'all ' if large.count > 1 else ''}{_large(facts)}"]
    return [", of which ", number("started.large.count", str(large.count)), f" {_large(facts)}"]


def _cohort(facts: Facts) -> list[Paragraph]:
    if facts.cohort is None or not facts.cohort[1]:
        return []
    begun, of = facts.cohort
    rate = number("start_rate.cohort", f"{per_cent(Fraction(begun, of))}%")
    have = "has" if begun == 1 else "have"
    head = f"Of the {_projects(of)} signed in the period, {begun} {have} started: a start rate of "
    return [paragraph(head, rate, f" ({begun}/{of}).")]


def activities(facts: Facts) -> list[Paragraph]:
    """Promotion activities; nothing where there was none."""
    words = (
        ("outbound", "outbound visit", "outbound visits"),
        ("received", "visit received", "visits received"),
        ("promotion", "promotion event", "promotion events"),
    )
    told: list[Runs] = []
    for key, one, many in words:
        count = facts.activities.get(key, 0)
        if count:
            told.append([number(f"activities.{key}", str(count)), f" {one if count == 1 else many}"])
    if not told:
        return []
    runs: Runs = ["There were ", *joined(told, ", ")]
    if facts.activities.get("leads"):
        runs += [", and ", number("activities.leads", _projects(facts.activities["leads"])), " found through them"]
    return [paragraph(*runs, ".")]


def negotiating(facts: Facts) -> list[Paragraph]:
    """Projects under negotiation at the end of the period."""
    of = facts.negotiating
    if not of.count:
        return []
    counted = number("negotiating.count", _projects(of.count))
    under = [counted, " under negotiation", *_worth("negotiating", of, "an intended investment")]
    return [paragraph(f"On {day(facts.period.last)}: ", *under, ".")]


def problems(facts: Facts) -> list[Paragraph]:
    """Problems: what the figures show, then what the office wrote."""
    told = (_stuck_signed(facts), _stuck_started(facts))
    return [paragraph(*runs, ".") for runs in told if runs] + [paragraph(line) for line in facts.problems]


def _stuck_signed(facts: Facts) -> Runs:
    of = facts.stuck_signed
    if not of.count:
        return []
    figure = number("stuck.signed_not_started.count", _projects(of.count))
    runs: Runs = [figure, f" signed at least {facts.months} months before and not started (earlier years included)"]
    runs += [f", with an agreed investment of {money(of.money)}"] if of.money else []
    reasons = present(facts.stuck_reasons)
    if not reasons or reasons[0].blank:
        return runs
    told = ", ".join(f"{part.name} {part.count}" for part in reasons)
    return [*runs, f"; reasons: {told}"]


def _stuck_started(facts: Facts) -> Runs:
    of = facts.stuck_started
    if not of.count:
        return []
    figure = number("stuck.started_not_producing.count", _projects(of.count))
    words = f" started at least {facts.months} months before and not producing (earlier years included)"
    return [figure, words, f", with a total investment of {money(of.money)}" if of.money else ""]


def next_steps(facts: Facts) -> list[Paragraph]:
    """Next steps: only what the office wrote."""
    return [paragraph(line) for line in facts.next_steps]
