"""What a report is written from: plain numbers, already counted. Money in hundredths of a yuan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction

from db.core.period import Period
from db.overview.spans import span_kind
from db.reports.report import FigureNumber, Paragraph, Run


@dataclass(frozen=True)
class Compared:
    """A number and that of the same period last year; without one (or with 0) nothing is said of year on year."""

    value: int = 0
    previous: int | None = None


@dataclass(frozen=True)
class Sum:
    """How many projects, and how much they are together."""

    count: int = 0
    money: int = 0


@dataclass(frozen=True)
class Part:
    """One unit, industry, source, band or reason: its name, projects and money. blank: where nothing is stated."""

    name: str
    count: int
    money: int = 0
    blank: bool = False


@dataclass(frozen=True)
class Target:
    """What was done since January, and the target of the year, in the figure's stored unit."""

    done: int
    wanted: int


@dataclass(frozen=True)
class Rank:
    """What the city's bulletin says of us. group: what the urban districts are called together (四城区)."""

    figure: str
    value: int | None
    rank: int | None
    group: str = ""
    group_rank: int | None = None


@dataclass(frozen=True)
class Facts:
    """Everything the sentences of one report say.

    scope: 全区, 全县 or 全市. threshold: what a large start is, in hundred millions. cohort: (started, signed) of the
    period's signings, None where the office does not print that rate. months: from when a project counts as stuck.
    paid_in, foreign: hundredths of yuan and of US dollars. expected: the whole year, None where nothing is expected
    beyond what is done. in_order: units in 建制顺序, otherwise most first. gap: whether what is missing from a target
    is said.
    """

    period: Period
    scope: str = "全区"
    signed: Compared = Compared()
    invested: Compared = Compared()
    streets: Sequence[Part] = ()
    industries: Sequence[Part] = ()
    sources: Sequence[Part] = ()
    sizes: Sequence[Part] = ()
    threshold: int = 1
    started: Sum = Sum()
    started_large: Sum = Sum()
    produced: Sum = Sum()
    cohort: tuple[int, int] | None = None
    paid_in: Compared = Compared()
    paid_in_figure: str = "paid_in.reported"
    foreign: Compared = Compared()
    targets: Mapping[str, Target] = field(default_factory=dict)
    expected: Sum | None = None
    ranks: Sequence[Rank] = ()
    activities: Mapping[str, int] = field(default_factory=dict)
    negotiating: Sum = Sum()
    stuck_signed: Sum = Sum()
    stuck_reasons: Sequence[Part] = ()
    stuck_started: Sum = Sum()
    months: int = 6
    in_order: bool = False
    gap: bool = False

    @property
    def kind(self) -> str:
        """What sort of period it is (spans.py)."""
        return span_kind(self.period)

    @property
    def to_date(self) -> bool:
        """Whether the period begins with its year, so that its numbers are those a target is compared with."""
        return self.period.year_to_date().first == self.period.first

    @property
    def elapsed(self) -> Fraction:
        """Which part of the year has passed at the end of the period (序时进度)."""
        if self.period.months:
            return Fraction(int(self.period.months[1][5:]), 12)
        last = date.fromisoformat(self.period.last)
        year = date(last.year, 12, 31).timetuple().tm_yday
        return Fraction(last.timetuple().tm_yday, year)


Runs = list[Run]
MOST_INDUSTRIES = 5
REST = "*"  # the part that stands for all further ones


def number(figure: str, text: str) -> FigureNumber:
    """A number in a sentence that a page can explain."""
    return FigureNumber(figure, text)


def part_key(figure: str, by: str, name: str) -> str:
    """The figure of one part: signed.count@street@大杨镇."""
    return f"{figure}@{by}@{name}"


def is_count(figure: str) -> bool:
    """Whether a figure counts projects or activities, and is no money."""
    return figure.endswith(".count") or figure.startswith("activities.")


def joined(clauses: Sequence[Sequence[Run]], between: str) -> Runs:
    """Clauses with a separator between them; empty ones are left out."""
    found: Runs = []
    for clause in clauses:
        if clause:
            found += [between, *clause] if found else clause
    return found


def paragraph(*runs: Run, place: str = "") -> Paragraph:
    """A paragraph whose neighbouring texts are one text, and whose numbers know which of their figure they are."""
    merged: Runs = []
    met: dict[str, int] = {}
    for run in runs:
        if isinstance(run, FigureNumber):
            met[run.figure] = met.get(run.figure, 0) + 1
            merged.append(replace(run, nth=met[run.figure]))
        elif merged and isinstance(merged[-1], str):
            merged[-1] += run
        elif run:
            merged.append(run)
    return Paragraph(tuple(merged), place=place)


def headed(parts: Sequence[Part]) -> list[Part]:
    """The largest parts and the rest as one (REST); a rest of one stands under its own name."""
    named, rest = list(parts[:MOST_INDUSTRIES]), parts[MOST_INDUSTRIES:]
    if len(rest) < 2:
        return list(parts)
    return [*named, Part(REST, sum(part.count for part in rest), sum(part.money for part in rest))]


def present(parts: Sequence[Part], *, in_order: bool = False) -> list[Part]:
    """Parts with projects in them, most first or in their order; ties keep it, what is not stated comes last."""
    return sorted((part for part in parts if part.count), key=lambda part: (part.blank, 0 if in_order else -part.count))


def decimals(value: int, per_unit: int, digits: int = 2) -> str:
    """`value` ÷ `per_unit`, rounded half up to `digits` decimals, without zeros at the end: 174.2, 196."""
    scaled, rest = divmod(abs(value) * 10**digits, per_unit)
    scaled += rest * 2 >= per_unit
    whole, part = divmod(scaled, 10**digits)
    text = f"{whole}.{part:0{digits}d}".rstrip("0").rstrip(".")
    return f"-{text}" if value < 0 and scaled else text


def tenths(value: Fraction) -> int:
    """A share as tenths of a per cent, rounded half up away from zero: 0.58066 → 581."""
    scaled, rest = divmod(abs(value.numerator) * 1000, value.denominator)
    scaled += rest * 2 >= value.denominator
    return -scaled if value < 0 else scaled


def per_cent(value: Fraction) -> str:
    """The size of a share in per cent with its one decimal: 69.6, 60.0."""
    whole, part = divmod(abs(tenths(value)), 10)
    return f"{whole}.{part}"
