"""What one company pays, uses and sells by year, the newest first, and which class it was given."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, select

from db.companies.about import Line, Part
from db.core.fields import Field, Words
from db.core.text import Text, _
from db.per_mu.models import HALF, METRICS, WHOLE_YEAR, company_year, evaluation, evaluation_result
from db.per_mu.queries import data_of

_CLASS = Field("class", _("Class"), Words(), private=True)


def about(connection: Connection, number: int) -> Sequence[Part]:
    """One part a year (or half): its metrics with their sources; then the evaluations it was in."""
    of = company_year.c
    years = connection.execute(
        select(of.id, of.year, of.half).where(of.company == number).order_by(of.year.desc(), of.half)
    )
    parts = [
        Part(_year(row.year, row.half), _metrics(connection, row.id), _("Nothing is filled in of this year."))
        for row in years
    ]
    if not parts:
        parts.append(Part(_("Metrics by year"), (), _("No year of it is in the book.")))
    return (*parts, Part(_("Evaluations"), _results(connection, number), _("It was not evaluated yet.")))


def _year(year: int, half: int) -> Text | str:
    return str(year) if half == WHOLE_YEAR else _("{year}, {half}", year=year, half=HALF.label(str(half)))


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
