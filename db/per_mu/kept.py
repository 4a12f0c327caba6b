"""A kept evaluation: found again, and opened with the data it was computed from, whatever the book has now."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sqlalchemy import Connection, func, select

from db.companies.models import company
from db.core.text import text_from_json
from db.people.models import unit
from db.per_mu.columns import compute
from db.per_mu.groups import Group, Member
from db.per_mu.models import FILED, METRICS, company_year, evaluation, evaluation_result, objection
from db.per_mu.schemes import Scheme
from db.per_mu.scoring import SCALE, Outcome, line_from, only


@dataclass(frozen=True)
class Kept:
    """A kept evaluation.

    results: company → its result; waiting: objections without a decision; drifted: companies whose score would be
    another one with the metrics that the book has now; with_data: whether the data it was computed from were kept too.
    """

    number: int
    done_on: str
    published_on: str | None
    results: Mapping[int, int]
    objections: int
    waiting: int
    drifted: int
    with_data: bool


def kept_one(connection: Connection, number: int, year: int, half: int, now: Outcome | None) -> Kept | None:
    """The newest one of a period by a version of a scheme. now: what would come out today, None where nothing would."""
    of = evaluation.c
    query = select(of.id, of.done_on, of.published_on).where(of.scheme == number, of.year == year, of.half == half)
    row = connection.execute(query.order_by(of.id.desc()).limit(1)).one_or_none()
    if row is None:
        return None
    result = evaluation_result.c
    query = select(result.id, result.company, result.score, result.content)
    rows = connection.execute(query.where(result.evaluation == row.id)).all()
    scores = {one.company: None if one.score is None else _scaled(one.score) for one in rows}
    today = {} if now is None else {one.company: now.scores[at] for at, one in enumerate(now.group.members)}
    drifted = sum(company not in today or today[company] != score for company, score in scores.items())
    query = select(objection.c.state, func.count()).join(evaluation_result, result.id == objection.c.result)
    counted = connection.execute(query.where(result.evaluation == row.id).group_by(objection.c.state))
    states: dict[str, int] = {row[0]: row[1] for row in counted}
    return Kept(
        row.id, row.done_on, row.published_on, {one.company: one.id for one in rows}, sum(states.values()),
        states.get(FILED, 0), drifted + len(today.keys() - scores.keys()), all("given" in json.loads(one.content) for one in rows),
    )  # fmt: skip


def _scaled(text: str) -> int:
    """A score as it is kept, in 10⁻¹²."""
    return int(Decimal(text) * SCALE)


def as_kept(connection: Connection, scheme: Scheme, kept: Kept, now: Outcome | None) -> Outcome | None:
    """The scores, places and classes that were kept, over the data that were kept with them.

    Where an older version kept no data, over those of the book; None where nothing comes out of these any more.
    """
    of, run = evaluation_result.c, evaluation.c
    query = (
        select(of.company, of.score, of.rank, of["class"].label("grade"), of.content, company.c.name, company.c.credit_code,
               company.c.industry, unit.c.name.label("street"), company_year.c.id.label("entry"))
        .join(evaluation, run.id == of.evaluation).join(company, company.c.id == of.company)
        .outerjoin(unit, unit.c.id == company.c.street)
        .outerjoin(company_year, (company_year.c.company == of.company) & (company_year.c.year == run.year)
                   & (company_year.c.half == run.half))
        .where(of.evaluation == kept.number).order_by(of.id)
    )  # fmt: skip
    rows = connection.execute(query).all()
    if not kept.with_data:
        return None if now is None else _over_todays(now, {row.company: row for row in rows})
    told = [json.loads(row.content) for row in rows]
    head = connection.execute(select(run.year, run.half, run.content).where(run.id == kept.number)).one()
    group = Group(
        [Member(row.company, row.name, row.credit_code, one["tags"], row.entry or 0, row.street or "", row.industry or "")
         for row, one in zip(rows, told, strict=True)],
        {key.key: [one["given"].get(key.key) for one in told] for key in METRICS},
        head.year, {at: tuple(map(tuple, one["adjusted"])) for at, one in enumerate(told) if one["adjusted"]}, head.half,
    )  # fmt: skip
    baselines: Mapping[str, Sequence[str]] = json.loads(head.content)["baselines"]
    items = {one.code: one for one in scheme.indicators}
    lines = {code: line_from(items[code], tuple(map(Fraction, ends))) for code, ends in baselines.items()}
    trees, count = scheme.trees(), len(rows)
    ranked = frozenset(at for at, row in enumerate(rows) if row.score is not None)
    gaps = {code: compute(tree, group.given, count).gaps & ranked for code, tree in trees.items()}
    return _with_results(Outcome(scheme, group, lines, {}, [], [], [], {}, gaps, trees), rows)


def _over_todays(now: Outcome, rows: Mapping[int, Any]) -> Outcome:
    places = [at for at, one in enumerate(now.group.members) if one.company in rows]
    group = only(now.group, places)
    gaps = {code: frozenset(at for at, place in enumerate(places) if place in some) for code, some in now.gaps.items()}
    return _with_results(replace(now, group=group, gaps=gaps), [rows[one.company] for one in group.members])


def _with_results(outcome: Outcome, rows: Sequence[Any]) -> Outcome:
    told = [json.loads(row.content) for row in rows]
    codes = dict.fromkeys(code for one in told for code in one["parts"])
    return replace(
        outcome,
        parts={code: [_scaled(one["parts"].get(code, "0")) for one in told] for code in codes},
        scores=[None if row.score is None else _scaled(row.score) for row in rows],
        ranks=[row.rank for row in rows], classes=[row.grade for row in rows],
        notes={at: [text_from_json(json.dumps(note)) for note in one["notes"]] for at, one in enumerate(told) if one["notes"]},
    )  # fmt: skip
