"""The facts of a company's year, described once: who it is, and each metric in the unit that offices write."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, String, and_, case, cast, func, select
from sqlalchemy import Text as SqlText

from db.companies.models import company
from db.companies.service import company_ids
from db.core.fields import Apart, Choice, Day, Field, Link, Whole, Words
from db.core.headings import headings
from db.core.text import _
from db.core.updating import update_column
from db.people.models import unit
from db.per_mu.models import (
    BY_METRIC,
    HALF,
    METRICS,
    SCOPE,
    WHOLE_YEAR,
    Measured,
    company_year,
    evaluation,
    evaluation_result,
    metric,
)
from db.per_mu.service import put_metrics

Pairs = Sequence[tuple[int, Any]]
Read = Callable[[], ColumnElement[Any]]

_aliases = headings("per_mu")


def _of_company(name: str) -> Read:
    return lambda: select(company.c[name]).where(company.c.id == company_year.c.company).scalar_subquery()


def _street(name: str) -> Read:
    joined = unit.join(company, company.c.street == unit.c.id)
    return lambda: (
        select(unit.c[name]).select_from(joined).where(company.c.id == company_year.c.company).scalar_subquery()
    )


def _value(one: Measured) -> Apart:
    """A metric in the stored unit of its kind."""
    shown: ColumnElement[Any] = metric.c.value if one.factor == 1 else metric.c.value // one.factor

    def rows() -> Select[Any]:
        return select(metric.c.entry, shown).where(metric.c.key == one.key)

    def of_one() -> ColumnElement[Any]:
        return rows().with_only_columns(shown).where(metric.c.entry == company_year.c.id).scalar_subquery()

    return Apart(of_one, rows)


def _put(key: str) -> Callable[[Connection, Pairs], None]:
    def write(connection: Connection, pairs: Pairs) -> None:
        factor = BY_METRIC[key].factor
        put_metrics(connection, {entry: {key: None if value is None else value * factor} for entry, value in pairs})

    return write


def _put_company(connection: Connection, pairs: Pairs) -> None:
    numbers = company_ids(connection, [(str(name), None) for _entry, name in pairs])
    update_column(connection, company_year, "company", [(entry, numbers[str(name), None]) for entry, name in pairs])


def _put_year(connection: Connection, pairs: Pairs) -> None:
    update_column(connection, company_year, "year", pairs)


def _put_half(connection: Connection, pairs: Pairs) -> None:
    update_column(connection, company_year, "half", [(entry, int(half or WHOLE_YEAR)) for entry, half in pairs])


def _put_scale(connection: Connection, pairs: Pairs) -> None:
    update_column(connection, company_year, "scale", pairs)


def _put_remarks(connection: Connection, pairs: Pairs) -> None:
    update_column(connection, company_year, "remarks", pairs)


def _given(name: str) -> Read:
    """What a result list that was imported says of the company's year."""
    of = evaluation_result.join(evaluation, evaluation.c.id == evaluation_result.c.evaluation)
    whose = (
        evaluation.c.scheme.is_(None),
        evaluation.c.year == company_year.c.year,
        evaluation.c.half == company_year.c.half,
        evaluation_result.c.company == company_year.c.company,
    )
    return lambda: select(func.max(evaluation_result.c[name])).select_from(of).where(*whose).scalar_subquery()


def _put_given(key: str) -> Callable[[Connection, Pairs], None]:
    def write(connection: Connection, pairs: Pairs) -> None:
        from db.per_mu.evaluations import put_given  # a start needs no scoring

        put_given(connection, {entry: {key: value} for entry, value in pairs})

    return write


CONFIRMED = Choice((("all", _("Confirmed")), ("some", _("Partly confirmed")), ("none", _("Not confirmed"))))


def _confirmed() -> ColumnElement[Any]:
    """Whether those who owe the data said that they are right; nothing where there are none."""
    of = select(metric.c.id).where(metric.c.entry == company_year.c.id)
    said, unsaid = of.where(metric.c.confirmed_on.is_not(None)), of.where(metric.c.confirmed_on.is_(None))
    return case(
        (and_(said.exists(), unsaid.exists()), "some"), (said.exists(), "all"), (unsaid.exists(), "none"), else_=None
    )


def _confirmed_on() -> ColumnElement[Any]:
    return select(func.max(metric.c.confirmed_on)).where(metric.c.entry == company_year.c.id).scalar_subquery()


RESULT_FIELDS: tuple[Field, ...] = (
    Field("given_score", _("Score given"), Words(), _aliases("given_score"), "results",
          _given("score"), _put_given("given_score")),
    Field("given_rank", _("Rank given"), Whole(), _aliases("given_rank"), "results", _given("rank"),
          _put_given("given_rank"), adds_up=False),
    Field("given_class", _("Class given"), Words(), _aliases("given_class"), "results",
          _given("class"), _put_given("given_class"), private=True),
)  # fmt: skip
METRIC_FIELDS: tuple[Field, ...] = tuple(
    Field(one.key, one.label, one.kind, _aliases(one.key), "metrics", _value(one), _put(one.key), private=one.private)
    for one in METRICS
)
PER_MU_FIELDS: tuple[Field, ...] = (
    Field("company", _("Company"), Link("companies", "company"), _aliases("company"),
          read=_of_company("name"), write=_put_company),
    Field("credit_code", _("Credit code"), Words(identifier=True), _aliases("credit_code"),
          read=_of_company("credit_code")),
    Field("year", _("Year of the data"), Whole(plain=True), _aliases("year"), read=lambda: company_year.c.year,
          write=_put_year, adds_up=False),
    Field("half", _("Half-year"), HALF, _aliases("half"), read=lambda: cast(cast(company_year.c.half, String), SqlText),
          write=_put_half),
    Field("scale", _("Scope"), SCOPE, _aliases("scale"), read=lambda: company_year.c.scale,
          write=_put_scale),
    Field("street", _("Place"), Link("people", "unit"), _aliases("street"),
          read=_street("name"), sort=_street("position")),
    Field("industry", _("Industry"), Words(), _aliases("industry"), read=_of_company("industry")),
    *METRIC_FIELDS,
    Field("confirmed", _("Confirmation"), CONFIRMED, read=_confirmed),
    Field("confirmed_on", _("Last confirmed on"), Day(), read=_confirmed_on),
    *RESULT_FIELDS,
    Field("remarks", _("Remarks"), Words(long=True), _aliases("remarks"), read=lambda: company_year.c.remarks, write=_put_remarks),
)  # fmt: skip
