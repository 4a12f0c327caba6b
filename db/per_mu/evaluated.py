"""What the page of an evaluation shows: run as `zhaoshang score` runs it, or as it was kept, beside another one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from sqlalchemy import Connection, select

from db.core.errors import Refused
from db.core.text import Text, _
from db.per_mu.columns import Quotients, compute
from db.per_mu.defending import Move, Weighing, moves, sensitivity
from db.per_mu.evaluations import keep_evaluation, publish_scheme, save_scheme, scheme_called, scheme_saved
from db.per_mu.formulas import Op, names_in
from db.per_mu.groups import Group
from db.per_mu.kept import Kept, as_kept, kept_one
from db.per_mu.models import (
    BY_METRIC,
    FILED,
    MICRO,
    WHOLE_YEAR,
    company_year,
    evaluation,
    evaluation_result,
    objection,
    period_name,
    scheme,
)
from db.per_mu.names import called
from db.per_mu.queries import group_of, periods, years
from db.per_mu.schemes import Scheme, presets
from db.per_mu.scoring import Outcome, evaluate, total_of
from db.per_mu.service import entries

_FAR, _FEWEST = 1_000, 3


@dataclass(frozen=True)
class Known:
    """A scheme one can choose. state: published, draft or preset."""

    key: str
    name: str
    year: int
    state: str

    @property
    def called(self) -> Text | str:
        """Its name as a language says it."""
        return called(self.name)


@dataclass(frozen=True)
class Outlier:
    """A value that is so many times the mean of all others that it is asked about."""

    company: int
    name: str
    indicator: Text | str
    times: int


@dataclass(frozen=True)
class Board:
    """All of it. periods: (year, half) that the book has, the newest first. number: of the scheme in the book.

    outcome: None where it cannot be run, `why` in words. raw: the indicators' values; before: the moves since the year
    before (of a half-year since the same half), by company; no_before: why there are none.
    """

    year: int
    half: int
    periods: tuple[tuple[int, int], ...]
    schemes: tuple[Known, ...]
    scheme: str = ""
    number: int | None = None
    outcome: Outcome | None = None
    why: Text | None = None
    raw: Mapping[str, Quotients] = field(default_factory=dict)
    before: Mapping[int, Move] = field(default_factory=dict)
    no_before: Text | None = None
    kept: Kept | None = None
    outlier: Outlier | None = None

    @property
    def period(self) -> Text:
        """The year, or which half of it, in words."""
        return period_name(self.year, self.half)

    @property
    def years(self) -> tuple[int, ...]:
        """The years that can stand beside it: of a half-year those with the same half."""
        return tuple(year for year, half in self.periods if half == self.half)


def run(connection: Connection, year: int, called: str, *, half: int = WHOLE_YEAR) -> tuple[Outcome, int | None]:
    """Score, rank and class the companies of a year (or half of it) by a scheme of this name or key.

    Gives the scheme's id with it, where the book has it.
    """
    found, number = scheme_called(connection, called)
    return outcome_of(connection, year, found, half=half), number


def outcome_of(connection: Connection, year: int, found: Scheme, *, half: int = WHOLE_YEAR) -> Outcome:
    """As `run`, by a scheme."""
    if half != WHOLE_YEAR and not found.halves:
        raise Refused(
            _("“{scheme}” evaluates whole years; copy it, and say among its facts that it takes half-years too.",
              scheme=found.called)
        )  # fmt: skip
    group = group_of(connection, year, half=half, scope=found.scope)
    if not group.members:
        raise Refused(
            _(
                "The book has no metrics of {year} for “{scheme}”. Import them first.",
                year=group.period,
                scheme=found.called,
            )
        )
    return evaluate(found, group, _year_before(connection, found, group))


def _year_before(connection: Connection, found: Scheme, group: Group) -> Group | None:
    """What a baseline of last year is taken from; None where none is."""
    if not found.needs_last_year:
        return None
    return group_of(connection, group.year - 1, half=group.half, scope=found.scope)


def sensitivity_of(connection: Connection, outcome: Outcome) -> list[Weighing]:
    """Which weights decide in this group."""
    return sensitivity(outcome.scheme, outcome.group, _year_before(connection, outcome.scheme, outcome.group))


@dataclass(frozen=True)
class Beside:
    """Another evaluation beside one. scheme: its name, "" where it is the same; gone, new: only there, only here."""

    year: int
    scheme: str
    moves: tuple[Move, ...]
    gone: int = 0
    new: int = 0
    why: Text | None = None


def beside(connection: Connection, outcome: Outcome, year: int, called: str) -> Beside:
    """One evaluation beside that of a year (of a half-year, the same half) by a scheme ("" for its own)."""
    half = outcome.group.half
    try:
        found = scheme_called(connection, called)[0] if called else outcome.scheme
        other = outcome_of(connection, year, found, half=half)
    except Refused as refused:
        return Beside(year, called, (), why=refused.sentence)
    both = moves(other, outcome)
    whole = len(other.group.members), len(outcome.group.members)
    name = other.scheme.name if called else ""
    return Beside(year, name, tuple(both), whole[0] - len(both), whole[1] - len(both))


def keep_run(connection: Connection, year: int, called: str, *, on: str, half: int = WHOLE_YEAR) -> int:
    """Run and keep it; a preset becomes a version of the book, and the scheme is published with it."""
    found, number = scheme_called(connection, called)
    if number is None:
        number = save_scheme(connection, {**presets()[found.key], "year": year})
    if connection.scalar(select(scheme.c.published_on).where(scheme.c.id == number)) is None:
        publish_scheme(connection, number, on=on)
    outcome = outcome_of(connection, year, scheme_saved(connection, number), half=half)
    return keep_evaluation(connection, outcome, number=number, on=on)


def objecting(connection: Connection, number: int) -> list[int]:
    """The companies whose objection to a kept evaluation waits for its decision."""
    of = evaluation_result.c
    query = select(of.company).join(objection, objection.c.result == of.id).where(of.evaluation == number)
    return list(connection.scalars(query.where(objection.c.state == FILED).order_by(objection.c.id)))


def take_list(connection: Connection, before: int, year: int) -> int:
    """The companies of one year in another, without their data; how many there are."""
    of = company_year.c
    query = select(of.company, of.scale).where(of.year == before, of.half == WHOLE_YEAR).order_by(of.id)
    scales: dict[str | None, list[int]] = {}
    for company, scale in connection.execute(query):
        scales.setdefault(scale, []).append(company)
    for scale, companies in scales.items():
        entries(connection, companies, year, scale=scale)
    return sum(map(len, scales.values()))


def known_schemes(connection: Connection) -> tuple[Known, ...]:
    """The schemes of the book by their newest version, the published ones first; then the presets."""
    of = scheme.c
    found: dict[str, Known] = {}
    for row in connection.execute(select(of.key, of.name, of.year, of.published_on).order_by(of.version)):
        if row.published_on or found.get(row.key, Known("", "", 0, "draft")).state == "draft":
            found[row.key] = Known(row.key, row.name, row.year, "published" if row.published_on else "draft")
    own = sorted(found.values(), key=lambda one: (one.state != "published", -one.year, one.name))
    more = [Known(key, str(one["name"]), int(one["year"]), "preset") for key, one in presets().items()]
    return (*own, *(one for one in more if one.key not in found))


def board(
    connection: Connection, year: int | None = None, called: str = "", *, half: int = WHOLE_YEAR, kept: bool = True
) -> Board:
    """What is shown of a year (or half of it) by a scheme; where not said, the newest year, the scheme last used.

    kept: as it was kept, where it was; else as it would be with what the book has now.
    """
    there, schemes = tuple(periods(connection)), known_schemes(connection)
    if year is None:
        year, half = next((one for one in there if one[1] == half), there[0] if there else (0, half))
    key = called or _last_used(connection, year, half) or (schemes[0].key if schemes else "")
    if not year:
        return Board(0, half, there, schemes, key, why=_("The book has no metrics of enterprises yet."))
    found, number = scheme_called(connection, key)
    now, why = _try(connection, year, found, half)
    stored = kept_one(connection, number, year, half, now) if number is not None else None
    outcome = as_kept(connection, found, stored, now) if stored is not None and kept else now
    if outcome is None:
        return Board(year, half, there, schemes, key, number, why=why, kept=stored)
    outcome = outcome.whole()
    count = len(outcome.group.members)
    raw = {code: compute(tree, outcome.group.given, count) for code, tree in outcome.trees.items()}
    earlier, no_before = _try(connection, year - 1, outcome.scheme, half)
    before = {} if earlier is None else {one.company: one for one in moves(earlier, outcome)}
    return Board(year, half, there, schemes, key, number, outcome, None, raw, before, no_before, stored,
                 _outlier(outcome, raw))  # fmt: skip


def _outlier(outcome: Outcome, raw: Mapping[str, Quotients]) -> Outlier | None:
    """The value that stands out most, where one does by a thousand times: it decides means and ranges for all."""
    found = None
    for one in outcome.scheme.indicators:
        column, members = raw[one.code], outcome.group.members
        there = {at: float(column.at(at)) for at in range(len(members)) if at not in column.gaps}
        if len(there) < _FEWEST:
            continue
        most = max(there, key=there.__getitem__)
        others = (sum(there.values()) - there[most]) / (len(there) - 1)
        times = int(there[most] / others) if others > 0 else 0
        if times >= _FAR and (found is None or times > found.times):
            found = Outlier(members[most].company, members[most].name, one.called, times)
    return found


def _last_used(connection: Connection, year: int, half: int) -> str:
    of = evaluation.c
    query = select(scheme.c.key).join(evaluation, of.scheme == scheme.c.id)
    query = query.order_by((of.half == half).desc(), (of.year == year).desc(), of.id.desc())
    return str(connection.scalar(query.limit(1)) or "")


def _try(connection: Connection, year: int, found: Scheme, half: int) -> tuple[Outcome | None, Text | None]:
    """What comes out, or why nothing does."""
    try:
        return outcome_of(connection, year, found, half=half), None
    except Refused as refused:
        return None, refused.sentence


def weighted(outcome: Outcome, code: str, places: Sequence[int]) -> Fraction | None:
    """An indicator of some companies together: ΣX ÷ Σland, never a mean of ratios. None where nothing is divided."""
    tree = outcome.trees[code]
    if not isinstance(tree, Op) or tree.sign != "/" or not places:
        return None
    count, columns = len(places), outcome.group.given
    given = {key: [columns[key][place] for place in places] for key in names_in(tree) if key in columns}
    gaps = compute(tree, given, count).gaps
    above, below = (total_of(compute(side, given, count), gaps, count) for side in (tree.left, tree.right))
    return above / below if below else None


def by_year(connection: Connection, outcome: Outcome, code: str) -> list[tuple[int, Fraction | None]]:
    """An indicator of all companies of the scheme's scope together, year by year (of a half-year, the same halves)."""
    found = []
    for year in sorted(years(connection, half=outcome.group.half)):
        group = group_of(connection, year, half=outcome.group.half, scope=outcome.scheme.scope)
        found.append((year, weighted(replace(outcome, group=group), code, range(len(group.members)))))
    return found


def summed(outcome: Outcome, metric: str, places: Sequence[int]) -> Fraction:
    """A metric of some companies together, in units."""
    column = outcome.group.given[metric]
    return Fraction(sum(column[place] or 0 for place in places), MICRO)


def is_private(outcome: Outcome, code: str) -> bool:
    """Whether an indicator tells what is not for a projected screen."""
    return any(BY_METRIC[key].private for key in names_in(outcome.trees[code]) if key in BY_METRIC)
