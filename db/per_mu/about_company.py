"""What one company pays, uses and sells by year: how it came along, each year's data, and which class it was given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sqlalchemy import Connection, select

from db.companies.about import Line, Part, Point
from db.core.fields import Field, Words
from db.core.ratios import ratio
from db.core.text import Text, _
from db.per_mu.figures import FIGURES, sums
from db.per_mu.models import BY_METRIC, METRICS, WHOLE_YEAR, company_year, evaluation, evaluation_result, period_name
from db.per_mu.queries import data_of, group_of

_CLASS = Field("class", _("Class"), Words(), private=True)
_NOTHING = _("Nothing is filled in of this year.")
_LARGE = 1_000  # from here on without decimals


def about(connection: Connection, number: int) -> Sequence[Part]:
    """The years side by side; then one part a year (or half): its metrics with their sources; then the evaluations."""
    of = company_year.c
    years = connection.execute(
        select(of.id, of.year, of.half).where(of.company == number).order_by(of.year.desc(), of.half)
    )
    parts = [Part(period_name(row.year, row.half), _metrics(connection, row.id), _NOTHING) for row in years]
    if not parts:
        parts.append(Part(_("Metrics by year"), (), _("No year of it is in the book.")))
    results = Part(_("Evaluations"), _results(connection, number), _("It was not evaluated yet."))
    return (*(one for one in trend(connection, number) if len(one.points) > 1), *parts, results)


def trend(connection: Connection, number: int) -> Sequence[Part]:
    """Revenue and tax, both per mu, and the score with its class, each by year with the oldest first."""
    of = company_year.c
    query = select(of.year, of.id).where(of.company == number, of.half == WHOLE_YEAR).order_by(of.year)
    entries = {row.year: row.id for row in connection.execute(query)}
    groups = {year: group_of(connection, year, company=number, keys=("revenue", "tax")) for year in entries}
    found: list[Part] = []
    for key in ("revenue", "tax"):
        one = BY_METRIC[key]
        values = {year: group.given[key][0] for year, group in groups.items()}
        whole = {year: Fraction(value, 10**6) for year, value in values.items() if value is not None}
        found.append(_part(one.label, one.unit, whole, entries, private=one.private))
    for quotient in FIGURES[1::-1]:
        worked = {year: sums(group, quotient).value for year, group in groups.items()}
        there = {year: value for year, value in worked.items() if value is not None}
        found.append(_part(quotient.label, "万元/亩", there, entries, private=BY_METRIC[quotient.above].private))
    return (*found, _scores(connection, number, entries))


def _part(label: Text, unit: str, values: Mapping[int, Fraction], entries: Mapping[int, int], *, private: bool) -> Part:
    points = tuple(
        Point(str(year), _size(value), _said(value), ("per_mu", entries[year])) for year, value in values.items()
    )
    return Part(label, (), _("No year of it is in the book."), points, unit, private)


def _size(value: Fraction) -> int:
    return int(value * 100)


def _said(value: Fraction) -> str:
    return f"{Decimal(ratio(value.numerator, value.denominator, places=0 if abs(value) >= _LARGE else 1) or 0):,}"


def _scores(connection: Connection, number: int, entries: Mapping[int, int]) -> Part:
    """Of each year what was published last, else kept or taken over last."""
    of, run = evaluation_result.c, evaluation.c
    query = select(run.year, of.score, of["class"].label("given")).join(evaluation, run.id == of.evaluation)
    query = query.where(of.company == number, run.half == WHOLE_YEAR)
    rows = connection.execute(query.order_by(run.year, run.published_on.is_not(None), run.id))
    newest: dict[int, Any] = {row.year: row for row in rows if row.year in entries}
    points = tuple(_scored(row, ("per_mu", entries[year])) for year, row in newest.items())
    return Part(_("Score and class"), (), _("It was not evaluated yet."), points, "分", private=True)


def _scored(row: Any, record: tuple[str, int]) -> Point:
    """A score that somebody else computed is shown as it was written."""
    try:
        exact = Fraction(row.score or "")
    except ValueError:
        return Point(str(row.year), 0, " ".join(filter(None, (row.score, row.given))), record)
    text = ratio(exact.numerator, exact.denominator, places=2)
    return Point(str(row.year), _size(exact), " ".join(filter(None, (text, row.given))), record)


def _metrics(connection: Connection, entry: int) -> tuple[Line, ...]:
    data = {one.key: one for one in data_of(connection, entry)}
    return tuple(
        Line(
            one.label, (data[one.key].source or "",) if data[one.key].source else (),
            value=(Field(one.key, one.label, one.kind, private=one.private), data[one.key].value // one.factor),
        )
        for one in METRICS if one.key in data
    )  # fmt: skip


def _results(connection: Connection, number: int) -> tuple[Line, ...]:
    of, run = evaluation_result.c, evaluation.c
    query = select(run.name, run.year, run.done_on, of.rank, of["class"].label("given")).join(
        evaluation, run.id == of.evaluation
    )
    return tuple(
        Line(
            row.name, (_("place {rank}", rank=row.rank),) if row.rank is not None else (), row.done_on or "",
            (_CLASS, row.given) if row.given else None,
        )
        for row in connection.execute(query.where(of.company == number).order_by(run.year.desc(), run.id.desc()))
    )  # fmt: skip
