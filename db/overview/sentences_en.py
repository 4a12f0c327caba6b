"""The report in English: as complete as the Chinese one, composed by its own writer from the same plain numbers."""

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
from db.overview.words_en import (
    BILLION,
    HEADINGS,
    KINDS,
    MILLION,
    day,
    figure_text,
    file_stem,
    first_up,
    inside,
    money,
    nothing,
    number_line,
    opening,
    projects,
    span,
    subtitle,
    title,
    when,
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

_CITY_GROUPS = {"四城区": "the four urban districts"}
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


def targets(facts: Facts) -> list[Paragraph]:
    """Targets and results."""
    clauses = [*_signed_clauses(facts), _large_clause(facts), *_money_clauses(facts), *_since_january(facts)]
    head = f"{first_up(when(facts))}, " if facts.signed.value else ""
    found = [paragraph(head, *joined(clauses, "; "), ".", place="targets.results")]
    told = [_rank(rank) for rank in facts.ranks if rank.figure in _CITY]
    if any(told):
        since = "" if facts.to_date else f" for {span(facts.period.year_to_date())}"
        found.append(
            paragraph(f"According to the city's bulletin{since}: ", *joined(told, "; "), ".", place="targets.city")
        )
    if facts.expected is not None:
        found.append(_expected(facts, facts.expected))
    return found


def _signed_clauses(facts: Facts) -> list[Runs]:
    if not facts.signed.value:
        found: list[Runs] = [[nothing(facts, "new signings")]]
        if facts.invested.value:
            added = number("signed.investment", money(facts.invested.value))
            found.append(["capital increases added an agreed investment of ", added])
        return found
    was = "was" if facts.signed.value == 1 else "were"
    count: Runs = [
        number("signed.count", projects(facts.signed.value)), f" {was} newly signed",
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
    rate = f"targets.{figure}.rate"
    of = number(rate, _of(goal, figure))
    runs: Runs = [number(rate, f"{per_cent(share)}%"), " of the year's target (", of, "), "]
    if tenths(ahead):
        points = number(rate, f"{per_cent(ahead)} percentage points")
        runs += [points, f" {'ahead of' if ahead > 0 else 'behind'} schedule"]
    else:
        runs.append("on schedule")
    missing = goal.wanted - goal.done
    if facts.gap and missing > 0:
        runs += [", ", number(rate, str(missing) if is_count(figure) else money(missing)), " short of it"]
    return runs


def _of(goal: Target, figure: str) -> str:
    if is_count(figure):
        return f"{goal.done}/{goal.wanted}"
    unit, per_unit = ("billion", BILLION) if goal.wanted >= BILLION else ("million", MILLION)
    return f"{decimals(goal.done, per_unit)}/{decimals(goal.wanted, per_unit)} {unit} yuan"


def _since_january(facts: Facts) -> list[Runs]:
    if facts.to_date:
        return []
    found: list[Runs] = []
    for figure in ("signed.count", "signed.investment"):
        goal = facts.targets.get(figure)
        if goal and goal.wanted:
            counted = figure == "signed.count"
            done = number(f"targets.{figure}.rate", projects(goal.done) if counted else money(goal.done))
            head = "since January " if counted else "since January an agreed investment of "
            found.append([head, done, ", ", *_completed(facts, figure, goal)])
    return found


def _large(facts: Facts) -> str:
    return f"of at least {money(facts.threshold * 10**10)}"


def _large_clause(facts: Facts) -> Runs:
    large = facts.started_large
    if not large.count:
        return []
    counted = number("started.large.count", projects(large.count))
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


def _rank(of: Rank) -> Runs:
    words, of_money = _CITY[of.figure]
    said = "" if of.value is None else money(of.value) if of_money else str(of.value)
    places = [("the city", of.rank), (_CITY_GROUPS.get(of.group, of.group), of.group_rank)]
    told: list[Runs] = [
        [", number ", number(of.figure, str(rank)), f" in {name}"] for name, rank in places if name and rank
    ]
    if not said and not told:
        return []
    value: Runs = [" ", number(of.figure, said)] if said else []
    return [words, *value, *joined(told, "")]


def _expected(facts: Facts, expected: Sum) -> Paragraph:
    key = "forecast.signed.investment"
    counted = number("forecast.signed.count", projects(expected.count))
    amount = number(key, money(expected.money))
    runs: Runs = ["By the months in which signings are expected, the whole year may bring ", counted, " and ", amount]
    goal = facts.targets.get("signed.investment")
    if goal and goal.wanted:
        share = number(key, f"{per_cent(Fraction(expected.money, goal.wanted))}%")
        of = number(key, _of(Target(expected.money, goal.wanted), "signed.investment"))
        runs += [", ", share, " of the year's target (", of, ")"]
    return paragraph(*runs, ".", place="targets.forecast")


def signed(facts: Facts) -> list[Paragraph]:
    """New signings."""
    if not facts.signed.value:
        return [paragraph(nothing(facts, "new signings"), ".", place="signed.none")]
    told = {
        "places": _by_street(facts), "industries": _by_industry(facts),
        "sources": _by_kind("source of funds", "source", facts.sources),
        "sizes": _by_kind("size", "size", list(reversed(facts.sizes))),
    }  # fmt: skip
    found = [paragraph(*runs, place=f"signed.{key}") for key, runs in told.items() if runs]
    whole = number("signed.count", projects(facts.signed.value))
    return found or [paragraph("Newly signed: ", whole, ".", place="signed.none")]


def _count(by: str, part: Part, figure: str = "signed.count") -> FigureNumber:
    return number(part_key(figure, by, part.name), str(part.count))


def _by_street(facts: Facts) -> Runs:
    parts = present(facts.streets, in_order=facts.in_order)
    if not parts or parts[0].blank:
        return []
    if len(parts) == 1:
        only = parts[0]
        if only.count == 1:
            return [f"The newly signed project is in {only.name}."]
        return ["All ", _count("street", only), f" newly signed projects are in {only.name}."]
    told = joined([[f"{'place ' if part.blank else ''}{part.name} ", _count("street", part)] for part in parts], ", ")
    return ["Newly signed projects by place: ", *told, "."]


def _by_industry(facts: Facts) -> Runs:
    parts = present(facts.industries)
    if not parts or parts[0].blank:
        return []
    if len(parts) == 1:
        return [f"By industry: {'all ' if parts[0].count > 1 else ''}{parts[0].name}."]
    told = [_share(part, facts.invested.value, first=place == 0) for place, part in enumerate(headed(parts))]
    return ["By industry: ", *joined(told, "; "), "."]


def _share(part: Part, total: int, *, first: bool) -> Runs:
    name = "other industries" if part.name == REST else f"industry {part.name}" if part.blank else part.name
    count = number(part_key("signed.count", "industry", part.name), projects(part.count))
    if not part.money or not total:
        return [f"{name} ", count]
    key = part_key("signed.investment", "industry", part.name)
    share = number(key, f"{per_cent(Fraction(part.money, total))}%")
    told: Runs = [f"{name} ", count, ", ", number(key, money(part.money)), ", ", share]
    return [*told, " of the agreed investment"] if first else told


def _by_kind(words: str, by: str, parts: Sequence[Part]) -> Runs:
    here = [part for part in parts if part.count]
    if not here or all(part.blank for part in here):
        return []
    if len(here) == 1:
        return [f"By {words}: {'all ' if here[0].count > 1 else ''}{inside(here[0].name)}."]
    here.sort(key=lambda part: part.blank)
    return [f"By {words}: ", *joined([_kind(part, by) for part in here], ", "), "."]


def _kind(part: Part, by: str) -> Runs:
    told: Runs = [f"{inside(part.name)} ", _count(by, part)]
    return (
        [*told, " (", number(part_key("signed.investment", by, part.name), money(part.money)), ")"]
        if part.money
        else told
    )


def started(facts: Facts) -> list[Paragraph]:
    """Starts and production."""
    begun, produced = facts.started, facts.produced
    starts: Runs = [nothing(facts, "new starts of construction")]
    if begun.count:
        counted = number("started.count", projects(begun.count))
        starts = [counted, " started construction", *_worth("started", begun), *_of_large(facts)]
    products: Runs = [nothing(facts, "projects newly in production")]
    if produced.count:
        counted = number("produced.count", projects(produced.count))
        products = [counted, " went into production", *_worth("produced", produced)]
    return [
        paragraph(*starts, *_completion(facts, "started.count"), ".", place="started.starts"),
        paragraph(*products, *_completion(facts, "produced.count"), ".", place="started.productions"),
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
    key = "start_rate.cohort"
    have = "has" if begun == 1 else "have"
    head: Runs = ["Of the ", number(key, projects(of)), " signed in the period, ", number(key, str(begun))]
    rate = number(key, f"{per_cent(Fraction(begun, of))}%")
    told: Runs = [*head, f" {have} started: a start rate of ", rate, " (", number(key, f"{begun}/{of}"), ")."]
    return [paragraph(*told, place="started.cohort")]


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
    first = next(count for key, _one, _many in words if (count := facts.activities.get(key, 0)))
    runs: Runs = [f"There {'was' if first == 1 else 'were'} ", *joined(told, ", ")]
    if facts.activities.get("leads"):
        runs += [", and ", number("activities.leads", projects(facts.activities["leads"])), " found through them"]
    return [paragraph(*runs, ".", place="activities.held")]


def negotiating(facts: Facts) -> list[Paragraph]:
    """Projects under negotiation at the end of the period."""
    of = facts.negotiating
    if not of.count:
        return []
    counted = number("negotiating.count", projects(of.count))
    under = [counted, " under negotiation", *_worth("negotiating", of, "an intended investment")]
    return [paragraph(f"On {day(facts.period.last)}: ", *under, ".", place="negotiating.stock")]


def problems(facts: Facts) -> list[Paragraph]:
    """Problems: what the figures show; what the office writes comes after it."""
    told = {"stuck_signed": _stuck_signed(facts), "stuck_started": _stuck_started(facts)}
    return [paragraph(*runs, ".", place=f"problems.{key}") for key, runs in told.items() if runs]


def _stuck_signed(facts: Facts) -> Runs:
    of, key = facts.stuck_signed, "stuck.signed_not_started.count"
    if not of.count:
        return []
    words = f" signed at least {facts.months} months before and not started (earlier years included)"
    runs: Runs = [number(key, projects(of.count)), words]
    runs += [", with an agreed investment of ", number(key, money(of.money))] if of.money else []
    reasons = present(facts.stuck_reasons)
    if not reasons or reasons[0].blank:
        return runs
    named: list[Runs] = [[f"{inside(part.name)} ", _count("reason", part, key)] for part in reasons]
    return [*runs, "; reasons: ", *joined(named, ", ")]


def _stuck_started(facts: Facts) -> Runs:
    of, key = facts.stuck_started, "stuck.started_not_producing.count"
    if not of.count:
        return []
    words = f" started at least {facts.months} months before and not producing (earlier years included)"
    amount: Runs = [", with a total investment of ", number(key, money(of.money))] if of.money else []
    return [number(key, projects(of.count)), words, *amount]
