"""What the page of an evaluation shows: run as `zhaoshang score` runs it, or as it was kept, beside another one."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction

from sqlalchemy import Connection, func, select

from db.core.errors import Refused
from db.core.text import Text, _, text_from_json
from db.per_mu.columns import Quotients, compute
from db.per_mu.defending import Move, Weighing, moves, sensitivity
from db.per_mu.evaluations import keep_evaluation, publish_scheme, save_scheme, scheme_called, scheme_saved
from db.per_mu.formulas import Op, names_in
from db.per_mu.models import (
    BY_METRIC,
    FILED,
    MICRO,
    WHOLE_YEAR,
    company_year,
    evaluation,
    evaluation_result,
    objection,
    scheme,
)
from db.per_mu.queries import group_of, years
from db.per_mu.schemes import Scheme, presets
from db.per_mu.scoring import SCALE, Outcome, evaluate, only, total_of
from db.per_mu.service import entries


@dataclass(frozen=True)
class Known:
    """A scheme one can choose. state: published, draft or preset."""

    key: str
    name: str
    year: int
    state: str


@dataclass(frozen=True)
class Kept:
    """A kept evaluation.

    results: company → its result; waiting: objections without a decision; drifted: companies whose score would be
    another one with the metrics that the book has now.
    """

    number: int
    done_on: str
    published_on: str | None
    results: Mapping[int, int]
    objections: int
    waiting: int
    drifted: int


@dataclass(frozen=True)
class Board:
    """All of it. outcome: None where it cannot be run, `why` in words. number: of the scheme in the book.

    raw: the indicators' values; before: the moves since the year before, by company; no_before: why there are none.
    """

    year: int
    years: tuple[int, ...]
    schemes: tuple[Known, ...]
    scheme: str = ""
    number: int | None = None
    outcome: Outcome | None = None
    why: Text | None = None
    raw: Mapping[str, Quotients] = field(default_factory=dict)
    before: Mapping[int, Move] = field(default_factory=dict)
    no_before: Text | None = None
    kept: Kept | None = None


def run(connection: Connection, year: int, called: str) -> tuple[Outcome, int | None]:
    """Score, rank and class the companies of a year by a scheme of this name or key; its id where the book has it."""
    found, number = scheme_called(connection, called)
    return outcome_of(connection, year, found), number


def outcome_of(connection: Connection, year: int, found: Scheme) -> Outcome:
    """As `run`, by a scheme."""
    group = group_of(connection, year, scope=found.scope)
    if not group.members:
        raise Refused(
            _("The book has no metrics of {year} for “{scheme}”. Import them first.", year=year, scheme=found.name)
        )
    last = group_of(connection, year - 1, scope=found.scope) if found.needs_last_year else None
    return evaluate(found, group, last)


def sensitivity_of(connection: Connection, outcome: Outcome) -> list[Weighing]:
    """Which weights decide in this group."""
    found = outcome.scheme
    year = outcome.group.year
    last = group_of(connection, year - 1, scope=found.scope) if found.needs_last_year else None
    return sensitivity(found, outcome.group, last)


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
    """One evaluation beside that of a year by a scheme ("" for its own)."""
    try:
        other = run(connection, year, called)[0] if called else outcome_of(connection, year, outcome.scheme)
    except Refused as refused:
        return Beside(year, called, (), why=refused.sentence)
    found = moves(other, outcome)
    whole = len(other.group.members), len(outcome.group.members)
    name = other.scheme.name if called else ""
    return Beside(year, name, tuple(found), whole[0] - len(found), whole[1] - len(found))


def keep_run(connection: Connection, year: int, called: str, *, on: str) -> int:
    """Run and keep it; a preset becomes a version of the book, and the scheme is published with it."""
    found, number = scheme_called(connection, called)
    if number is None:
        number = save_scheme(connection, {**presets()[found.key], "year": year})
    if connection.scalar(select(scheme.c.published_on).where(scheme.c.id == number)) is None:
        publish_scheme(connection, number, on=on)
    return keep_evaluation(
        connection, outcome_of(connection, year, scheme_saved(connection, number)), number=number, on=on
    )


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


def board(connection: Connection, year: int | None = None, called: str = "", *, kept: bool = True) -> Board:
    """What is shown of a year by a scheme; the newest year and the scheme last evaluated with, where not said.

    kept: as it was kept, where it was; else as it would be with what the book has now.
    """
    there, schemes = tuple(years(connection)), known_schemes(connection)
    year = year or (there[0] if there else 0)
    key = called or _last_used(connection, year) or (schemes[0].key if schemes else "")
    if not there:
        return Board(year, there, schemes, key, why=_("The book has no metrics of enterprises yet."))
    try:
        outcome, number = run(connection, year, key)
    except Refused as refused:
        return Board(year, there, schemes, key, why=refused.sentence)
    stored = _kept(connection, outcome, number, year) if number is not None else None
    if stored is not None and kept:
        outcome = _as_kept(connection, outcome, stored.number)
    count = len(outcome.group.members)
    raw = {code: compute(tree, outcome.group.given, count) for code, tree in outcome.trees.items()}
    before, why = _before(connection, outcome, year)
    return Board(year, there, schemes, key, number, outcome, None, raw, before, why, stored)


def _last_used(connection: Connection, year: int) -> str:
    query = select(scheme.c.key).join(evaluation, evaluation.c.scheme == scheme.c.id)
    query = query.order_by((evaluation.c.year == year).desc(), evaluation.c.id.desc())
    return str(connection.scalar(query.limit(1)) or "")


def _before(connection: Connection, outcome: Outcome, year: int) -> tuple[dict[int, Move], Text | None]:
    try:
        before = outcome_of(connection, year - 1, outcome.scheme)
    except Refused as refused:
        return {}, refused.sentence
    return {one.company: one for one in moves(before, outcome)}, None


def _kept(connection: Connection, outcome: Outcome, number: int, year: int) -> Kept | None:
    of = evaluation.c
    query = (
        select(of.id, of.done_on, of.published_on).where(of.scheme == number, of.year == year).order_by(of.id.desc())
    )
    row = connection.execute(query.limit(1)).one_or_none()
    if row is None:
        return None
    result = evaluation_result.c
    rows = connection.execute(select(result.id, result.company, result.score).where(result.evaluation == row.id)).all()
    scores = {one.company: None if one.score is None else scaled_score(one.score) for one in rows}
    now = {one.company: outcome.scores[at] for at, one in enumerate(outcome.group.members)}
    drifted = sum(now.get(company) != score for company, score in scores.items()) + len(now.keys() - scores.keys())
    query = select(objection.c.state, func.count()).join(evaluation_result, result.id == objection.c.result)
    counted = connection.execute(query.where(result.evaluation == row.id).group_by(objection.c.state))
    states: dict[str, int] = {row[0]: row[1] for row in counted}
    return Kept(
        row.id, row.done_on, row.published_on, {one.company: one.id for one in rows}, sum(states.values()),
        states.get(FILED, 0), drifted,
    )  # fmt: skip


def scaled_score(text: str) -> int:
    """A score as it is kept, in 10⁻¹²."""
    return int(Decimal(text) * SCALE)


def _as_kept(connection: Connection, outcome: Outcome, number: int) -> Outcome:
    """The scores, places and classes that were kept, in the group as it is."""
    of = evaluation_result.c
    query = select(of.company, of.score, of.rank, of["class"].label("grade"), of.content).where(of.evaluation == number)
    rows = {row.company: row for row in connection.execute(query)}
    places = [at for at, one in enumerate(outcome.group.members) if one.company in rows]
    group = only(outcome.group, places)
    found = [rows[one.company] for one in group.members]
    told = [json.loads(row.content) for row in found]
    codes = dict.fromkeys(code for one in told for code in one["parts"])
    return replace(
        outcome, group=group,
        parts={code: [scaled_score(one["parts"].get(code, "0")) for one in told] for code in codes},
        scores=[None if row.score is None else scaled_score(row.score) for row in found],
        ranks=[row.rank for row in found], classes=[row.grade for row in found],
        notes={at: [text_from_json(json.dumps(note)) for note in one["notes"]] for at, one in enumerate(told) if one["notes"]},
        gaps={code: frozenset(at for at, place in enumerate(places) if place in some) for code, some in outcome.gaps.items()},
    )  # fmt: skip


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
    """An indicator of all companies of the scheme's scope together, year by year, the oldest first."""
    found = []
    for year in sorted(years(connection)):
        group = group_of(connection, year, scope=outcome.scheme.scope)
        found.append((year, weighted(replace(outcome, group=group), code, range(len(group.members)))))
    return found


def summed(outcome: Outcome, metric: str, places: Sequence[int]) -> Fraction:
    """A metric of some companies together, in units."""
    column = outcome.group.given[metric]
    return Fraction(sum(column[place] or 0 for place in places), MICRO)


def is_private(outcome: Outcome, code: str) -> bool:
    """Whether an indicator tells what is not for a projected screen."""
    return any(BY_METRIC[key].private for key in names_in(outcome.trees[code]) if key in BY_METRIC)
