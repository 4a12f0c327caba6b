"""What is counted: a measure is one condition over the projects' dated facts, for a count, a sum and the rows alike.

The statistical date of a signing (a start, a production) is its recognition at the chosen level; it is the event's own
date where recognition is switched off, or where the book keeps none at that level.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Function,
    Null,
    Select,
    case,
    cast,
    exists,
    func,
    literal,
    null,
    or_,
    select,
)
from sqlalchemy import Text as SqlText

from db.core import settings
from db.core.tables import INTEGER
from db.projects.models import (
    ACTIVE,
    CNY,
    FRAMEWORK,
    PAID_VERIFIED,
    exchange_rate,
    investment_event,
    monthly_amount,
    project,
    recognition,
    status_event,
)

Condition = ColumnElement[bool]
_MILLION = 10**6
_RECOGNISED = ("signed", "started", "produced")


class Span(Protocol):
    """Two days, both included: those of a period, or the parameters of a query that stand for them."""

    @property
    def first(self) -> Any:
        """The first day."""

    @property
    def last(self) -> Any:
        """The last day."""


@dataclass(frozen=True)
class Basis:
    """What this book counts: its settings, and for which stages it keeps recognitions at the chosen level.

    stops: whether any project was ever put on hold, suspended, withdrawn or transferred. published: whether last year's
    figures are those that were published, where there are any.
    """

    level: str
    recognised: frozenset[str]
    framework_counts: bool
    stuck_months: int
    verified: bool
    stops: bool
    published: bool
    min_investment: int | None = None

    @classmethod
    def of(
        cls, connection: Connection, *, chosen: Mapping[str, str] | None = None, min_investment: int | None = None
    ) -> Basis:
        """Read it from the book. chosen: its settings, where somebody has them. min_investment: in hundredths of a yuan."""
        chosen = settings.get_all(connection) if chosen is None else chosen
        level, of = chosen["recognition.level"], recognition.c
        kept = [
            exists().where(of.level == level, of.stage == stage, of.recognised_on.is_not(None)) for stage in _RECOGNISED
        ]
        verified = exists().where(monthly_amount.c.measure == PAID_VERIFIED)
        stops = exists().where(status_event.c.status != ACTIVE)
        *keeps, is_verified, has_stops = connection.execute(select(*kept, verified, stops)).one()
        used = chosen["recognition.used"] == settings.YES
        return cls(
            level,
            frozenset(stage for stage, keep in zip(_RECOGNISED, keeps, strict=True) if used and keep),
            chosen["framework.counts"] == settings.YES,
            int(chosen["stuck.months"]),
            bool(is_verified),
            bool(has_stops),
            chosen["previous.source"] == "published",
            min_investment,
        )


@dataclass(frozen=True, eq=False)
class Measure:
    """Something counted: rows of `source` under `conditions`; `money` is summed.

    day: what decides whether it lies in a period. row: what is shown as the row behind; room: where that row is at
    home. repeats: a row may come several times and is counted once. about_projects: whether `source` has the project,
    so that it can be grouped by a project's facts. without: projects that are left out; they are few, so that it is
    quicker to count them apart than to ask of every project whether it is one of them.
    """

    source: FromClause
    conditions: tuple[Condition, ...]
    money: ColumnElement[Any] | None = None
    day: ColumnElement[Any] = field(default_factory=null)
    row: ColumnElement[Any] = field(default_factory=lambda: project.c.id)
    room: str = "projects"
    repeats: bool = False
    about_projects: bool = True
    without: Select[Any] | None = None

    def total(self, condition: Condition | None, *, of_money: bool) -> ColumnElement[Any]:
        """The sum of the money, or the number of rows, of those that satisfy one more condition."""
        if of_money:
            found: Function[Any] = func.sum(literal(0) if self.money is None else self.money)
        else:
            found = func.count(self.row.distinct()) if self.repeats else func.count()
        return found if condition is None else found.filter(condition)

    def asked(self, columns: Sequence[ColumnElement[Any]], group: ColumnElement[Any] | None) -> Select[Any]:
        """(group, *columns), one row a group."""
        query = select(literal(None) if group is None else group, *columns)
        query = query.select_from(self.source).where(*self.conditions)
        return query if group is None else query.group_by(group)

    def rows(self) -> Select[Any]:
        """The ids behind it."""
        query = select(self.row).select_from(self.source).where(*self.conditions, *_left_out(self.row, self.without))
        return (query.distinct() if self.repeats else query).order_by(self.row)

    def worth(self) -> Select[Any]:
        """(id, money, last day) of every row behind it, each once; what it does not have is NULL."""
        money = cast(null(), INTEGER) if self.money is None else self.money
        day = cast(null(), SqlText) if isinstance(self.day, Null) else self.day
        query = select(self.row, func.sum(money), func.max(day)).select_from(self.source)
        return query.where(*self.conditions, *_left_out(self.row, self.without)).group_by(self.row)


@dataclass(frozen=True, eq=False)
class Part:
    """Those rows of a measure that satisfy one more condition: counted with it, at no query of their own."""

    of: Measure
    condition: Condition | None = None
    without: Select[Any] | None = None

    @property
    def room(self) -> str:
        """Where its rows are at home."""
        return self.of.room

    def rows(self) -> Select[Any]:
        """The ids behind it."""
        return self._part(self.of.rows())

    def worth(self) -> Select[Any]:
        """(id, money, last day) of every row behind it."""
        return self._part(self.of.worth())

    def _part(self, query: Select[Any]) -> Select[Any]:
        own = () if self.condition is None else (self.condition,)
        return query.where(*own, *_left_out(self.of.row, self.without))


def _left_out(row: ColumnElement[Any], without: Select[Any] | None) -> tuple[Condition, ...]:
    return () if without is None else (row.not_in(without),)


def in_yuan(amount: ColumnElement[Any], currency: ColumnElement[Any], day: ColumnElement[Any]) -> ColumnElement[Any]:
    """Hundredths of a yuan at the rate of that day; nothing where the book has no rate."""
    # In two parts: amount × rate in one would not fit 64 bits.
    of, whole, rest = exchange_rate.c, amount // _MILLION, amount % _MILLION
    converted = select(whole * of.rate + (rest * of.rate + _MILLION // 2) // _MILLION)
    converted = converted.where(of.currency == currency, of.from_day <= day).order_by(of.from_day.desc()).limit(1)
    return case((currency == CNY, amount), else_=converted.correlate_except(exchange_rate).scalar_subquery())


def agreed(day: ColumnElement[Any]) -> ColumnElement[Any]:
    """The agreed investment of a project in yuan; the total where no agreed one is kept."""
    amount = func.coalesce(project.c.agreed_investment, project.c.total_investment)
    return in_yuan(amount, project.c.currency, day)


def whole(day: ColumnElement[Any]) -> ColumnElement[Any]:
    """The total investment of a project in yuan; the agreed one where no total is kept."""
    amount = func.coalesce(project.c.total_investment, project.c.agreed_investment)
    return in_yuan(amount, project.c.currency, day)


def counts(basis: Basis) -> tuple[Condition, ...]:
    """That its agreement counts as a signing."""
    if basis.framework_counts:
        return ()
    return (or_(project.c.agreement_kind.is_(None), project.c.agreement_kind != FRAMEWORK),)


def large_enough(basis: Basis, day: ColumnElement[Any]) -> tuple[Condition, ...]:
    """That its agreed investment is what was asked for at least."""
    return () if basis.min_investment is None else (agreed(day) >= basis.min_investment,)


_OWN_DAY = {"signed": project.c.signed_on, "started": project.c.began_on, "produced": project.c.produced_on}


def reached(basis: Basis, stage: str, span: Span, money: Callable[[ColumnElement[Any]], ColumnElement[Any]]) -> Measure:
    """Projects whose signing (start, production) has its statistical date in the span."""
    if stage in basis.recognised:
        of = recognition.c
        source: FromClause = recognition.join(project, project.c.id == of.project)
        day = of.recognised_on
        dated: tuple[Condition, ...] = (of.level == basis.level, of.stage == stage)
    else:
        source, day, dated = project, _OWN_DAY[stage], ()
    dated = (*dated, day.between(span.first, span.last))
    return Measure(source, (*dated, *counts(basis), *large_enough(basis, day)), money(day), day)


def increases(basis: Basis, span: Span) -> Measure:
    """Capital increases and supplements of the span: only what they add."""
    of = investment_event.c
    day = func.coalesce(of.recognised_on, of.happened_on)
    source = investment_event.join(project, project.c.id == of.project)
    conditions = (of.kind.in_(("increase", "supplement")), day.between(span.first, span.last))
    money = in_yuan(of.amount, of.currency, day)
    return Measure(source, (*conditions, *counts(basis), *large_enough(basis, day)), money, day, repeats=True)
