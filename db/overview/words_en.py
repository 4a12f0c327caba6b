"""What the English report says around its sentences: headings, periods, amounts, title, single figures."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import partial

from db.core.dates import MONTHS, day_in_words
from db.core.period import Period
from db.overview.facts import Facts, decimals, is_count, paragraph, per_cent
from db.overview.section_names import headings
from db.overview.spans import DAYS, FORTNIGHT, MONTH, QUARTER, TEN_DAYS, WEEK, YEAR
from db.reports.report import Figure, Paragraph

HEADINGS: Mapping[str, str] = headings("en")
KINDS: Mapping[str, str] = {"bulletin": "bulletin", "monthly": "monthly report", "special": "report", "brief": "brief"}
_THIS: Mapping[str, str] = {
    MONTH: "this month", QUARTER: "this quarter", YEAR: "this year", WEEK: "this week", TEN_DAYS: "in these ten days",
    FORTNIGHT: "this fortnight", DAYS: "this period",
}  # fmt: skip
_SPANS: Mapping[tuple[str, str], str] = {
    ("01", "06"): "first half", ("07", "12"): "second half", ("01", "09"): "first three quarters",
    ("01", "03"): "first quarter", ("04", "06"): "second quarter", ("07", "09"): "third quarter",
    ("10", "12"): "fourth quarter",
}  # fmt: skip
BILLION, MILLION, YUAN = 10**11, 10**8, 10**2  # in hundredths
_SCOPES = {"全区": "the district", "全县": "the county", "全市": "the city"}


def money(amount: int, unit: str = "yuan") -> str:
    """17.42 billion yuan, 500 million yuan, 617,500 yuan. Two decimals at most."""
    if abs(amount) * 2 >= BILLION * 2 - MILLION // 100:
        return f"{decimals(amount, BILLION)} billion {unit}"
    if abs(amount) >= MILLION:
        return f"{decimals(amount, MILLION)} million {unit}"
    return f"{int(decimals(amount, YUAN, 0)):,} {unit}"


day = partial(day_in_words, lang="en")


def span(period: Period) -> str:
    """January–June 2024, June 2024, 2024, 3–16 June 2024."""
    if period.months is None:
        return _days(period.first, period.last)
    low, high = period.months
    first, last = (MONTHS[int(month[5:]) - 1] for month in (low, high))
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


def projects(count: int, words: str = "") -> str:
    """1 project, 47 projects."""
    return f"{count} {words}{'project' if count == 1 else 'projects'}"


def scope_of(facts: Facts) -> str:
    """The district, the county, the city."""
    return _SCOPES.get(facts.scope, "the district")


def when(facts: Facts) -> str:
    """As in June 2024, in the week of 3–9 June 2024, on 3 June 2024."""
    words = span(facts.period)
    if facts.period.months is not None:
        return f"in {words}"
    if facts.period.first == facts.period.last:
        return f"on {words}"
    return f"in the {'week of' if facts.kind == WEEK else 'days'} {words}"


def first_up(words: str) -> str:
    """The same at the beginning of a sentence."""
    return words[:1].upper() + words[1:]


def title(facts: Facts, kind: str = "bulletin") -> str:
    """Investment promotion in the district, first half of 2024."""
    months = facts.period.months
    words = span(facts.period)
    if months and months[0][:4] == months[1][:4] and (months[0][5:], months[1][5:]) in _SPANS:
        words = f"{_SPANS[months[0][5:], months[1][5:]]} of {months[0][:4]}"
    said = "" if kind == "bulletin" else f": {KINDS.get(kind, kind)}"
    return f"Investment promotion in {scope_of(facts)}, {words}{said}"


def file_stem(period: Period, kind: str) -> str:
    """Investment promotion June 2024."""
    return f"Investment promotion{'' if kind == 'bulletin' else f' {KINDS.get(kind, kind)}'} {span(period)}"


def number_line(issue: int) -> str:
    """No. 6."""
    return f"No. {issue}"


def subtitle(facts: Facts) -> str:
    """The line under the title."""
    return f"(as of {day(facts.period.last)})"


def opening(facts: Facts, kind: str = "bulletin") -> Paragraph:
    """The sentence before the first heading."""
    said = f"This {KINDS.get(kind, kind)} is on" if kind != "bulletin" else "This bulletin reports on"
    words = f"{said} investment promotion in {scope_of(facts)} {when(facts)}."
    return paragraph(words, place="opening")


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
    if is_count(base):
        return projects(int(of.value)) if base.endswith(".count") else str(of.value)
    return money(int(of.value * 100), "US dollars" if base == "foreign.used" else "yuan")


def nothing(facts: Facts, what: str) -> str:
    """No new signings this month."""
    return f"No {what} {_THIS.get(facts.kind, 'this period')}"


def inside(name: str) -> str:
    """A label inside a sentence: Outside the province → outside the province; names of one's own stay."""
    return name[:1].lower() + name[1:] if name.isascii() and name[:2] != name[:2].upper() else name
