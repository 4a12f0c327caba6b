"""What is counted: each measure is one condition over the projects' dated facts, for a count, a sum and the rows alike.

The statistical date of a signing (a start, a production) is its recognition at the chosen level; it is the event's own
date where recognition is switched off, or where the book keeps none at that level.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Connection, FromClause, Select, Text, and_, case, func, literal, not_, or_, select

from db.core import settings
from db.core.period import Period, add_months, month_days, month_of, months_before
from db.projects.models import (
    ACTIVE,
    CNY,
    FIXED_DONE,
    FOREIGN_USED,
    FRAMEWORK,
    OUTSIDE,
    PAID_REPORTED,
    PAID_VERIFIED,
    activity,
    activity_lead,
    exchange_rate,
    investment_event,
    monthly_amount,
    planned_date,
    project,
    recognition,
    status_event,
)

Condition = ColumnElement[bool]
_MILLION = 10**6


@dataclass(frozen=True)
class Basis:
    """What this book counts: its settings, and for which stages it keeps recognitions at the chosen level."""

    level: str
    recognised: frozenset[str]
    framework_counts: bool
    stuck_months: int
    verified: bool
    min_investment: int | None = None

    @classmethod
    def of(cls, connection: Connection, *, min_investment: int | None = None) -> Basis:
        """Read it from the book. min_investment: in hundredths of a yuan."""
        chosen = settings.get_all(connection)
        level = chosen["recognition.level"]
        recognised = {
            stage
            for stage in ("signed", "started", "produced")
            if chosen["recognition.used"] == settings.YES and _keeps(connection, level, stage)
        }
        verified = select(monthly_amount.c.id).where(monthly_amount.c.measure == PAID_VERIFIED).limit(1)
        return cls(
            level,
            frozenset(recognised),
            chosen["framework.counts"] == settings.YES,
            int(chosen["stuck.months"]),
            connection.scalar(verified) is not None,
            min_investment,
        )


def _keeps(connection: Connection, level: str, stage: str) -> bool:
    of = recognition.c
    query = select(of.id).where(of.level == level, of.stage == stage, of.recognised_on.is_not(None)).limit(1)
    return connection.scalar(query) is not None


@dataclass(frozen=True, eq=False)
class Measure:
    """Something counted: rows of `source` under `conditions`; `money` is summed.

    row: what is shown as the row behind; room: where that row is at home. repeats: a row may come several times and is
    counted once. about_projects: whether `source` has the project, so that it can be grouped by a project's facts.
    """

    source: FromClause
    conditions: tuple[Condition, ...]
    money: ColumnElement[Any] | None = None
    row: ColumnElement[Any] = field(default_factory=lambda: project.c.id)
    room: str = "projects"
    repeats: bool = False
    about_projects: bool = True

    def totals(self, group: ColumnElement[Any] | None, parts: Sequence[Part] = ()) -> Select[Any]:
        """(group, count, sum, count of each part), one row a group: parts cost no query of their own."""
        counted = func.count(self.row.distinct()) if self.repeats else func.count()
        summed = func.sum(self.money) if self.money is not None else literal(0)
        of_parts = [func.count(case((part.condition, 1))) for part in parts]
        query = select(literal(None) if group is None else group, counted, summed, *of_parts)
        query = query.select_from(self.source).where(*self.conditions)
        return query if group is None else query.group_by(group)

    def rows(self) -> Select[Any]:
        """The ids behind it."""
        query = select(self.row).select_from(self.source).where(*self.conditions)
        return (query.distinct() if self.repeats else query).order_by(self.row)


@dataclass(frozen=True, eq=False)
class Part:
    """Those rows of a measure that satisfy one more condition; counted, not summed."""

    of: Measure
    condition: Condition

    @property
    def room(self) -> str:
        """Where its rows are at home."""
        return self.of.room

    def rows(self) -> Select[Any]:
        """The ids behind it."""
        return self.of.rows().where(self.condition)


def in_yuan(amount: ColumnElement[Any], currency: ColumnElement[Any], day: ColumnElement[Any]) -> ColumnElement[Any]:
    """Hundredths of a yuan at the rate of that day; nothing where the book has no rate."""
    rate = (
        select(exchange_rate.c.rate)
        .where(exchange_rate.c.currency == currency, exchange_rate.c.from_day <= day)
        .order_by(exchange_rate.c.from_day.desc())
        .limit(1)
        .scalar_subquery()
    )
    # In two parts: amount × rate in one would not fit 64 bits.
    whole, rest = amount // _MILLION, amount % _MILLION
    return case((currency == CNY, amount), else_=whole * rate + (rest * rate + _MILLION // 2) // _MILLION)


def agreed(day: ColumnElement[Any]) -> ColumnElement[Any]:
    """The agreed investment of a project in yuan; the total where no agreed one is kept."""
    amount = func.coalesce(project.c.agreed_investment, project.c.total_investment)
    return in_yuan(amount, project.c.currency, day)


def whole(day: ColumnElement[Any]) -> ColumnElement[Any]:
    """The total investment of a project in yuan; the agreed one where no total is kept."""
    amount = func.coalesce(project.c.total_investment, project.c.agreed_investment)
    return in_yuan(amount, project.c.currency, day)


def _day(text: str) -> ColumnElement[Any]:
    return literal(text, Text())


def _counts(basis: Basis) -> tuple[Condition, ...]:
    if basis.framework_counts:
        return ()
    return (or_(project.c.agreement_kind.is_(None), project.c.agreement_kind != FRAMEWORK),)


def _large_enough(basis: Basis, day: ColumnElement[Any]) -> tuple[Condition, ...]:
    return () if basis.min_investment is None else (agreed(day) >= basis.min_investment,)


def inactive(end: str) -> Select[Any]:
    """Projects that were on hold, suspended, withdrawn or transferred at the end of a day."""
    later = status_event.alias("later")
    since, later_since = func.coalesce(status_event.c.happened_on, ""), func.coalesce(later.c.happened_on, "")
    superseded = select(later.c.id).where(
        later.c.project == status_event.c.project,
        later_since <= end,
        or_(later_since > since, and_(later_since == since, later.c.id > status_event.c.id)),
    )
    return select(status_event.c.project).where(
        status_event.c.status != ACTIVE, since <= end, not_(superseded.exists())
    )


_OWN_DAY = {"signed": project.c.signed_on, "started": project.c.began_on, "produced": project.c.produced_on}


def reached(
    basis: Basis,
    stage: str,
    period: Period,
    money: Callable[[ColumnElement[Any]], ColumnElement[Any]],
) -> Measure:
    """Projects whose signing (start, production) has its statistical date in the period."""
    if stage in basis.recognised:
        of = recognition.c
        source: FromClause = recognition.join(project, project.c.id == of.project)
        day = of.recognised_on
        dated: tuple[Condition, ...] = (
            of.level == basis.level,
            of.stage == stage,
            day.between(period.first, period.last),
        )
    else:
        source, day = project, _OWN_DAY[stage]
        dated = (day.between(period.first, period.last),)
    return Measure(source, (*dated, *_counts(basis), *_large_enough(basis, day)), money(day))


def increases(basis: Basis, period: Period) -> Measure:
    """Capital increases and supplements of the period: only what they add."""
    of = investment_event.c
    day = func.coalesce(of.recognised_on, of.happened_on)
    source = investment_event.join(project, project.c.id == of.project)
    conditions = (of.kind.in_(("increase", "supplement")), day.between(period.first, period.last))
    money = in_yuan(of.amount, of.currency, day)
    return Measure(source, (*conditions, *_counts(basis), *_large_enough(basis, day)), money, repeats=True)


def negotiating(basis: Basis, end: str) -> Measure:
    """In negotiation at the end of a day, and active."""
    left, day = project.c.left_negotiating_on, _day(end)
    conditions = (
        project.c.negotiating_on <= end,
        or_(left.is_(None), left > end),
        project.c.id.not_in(inactive(end)),
    )
    return Measure(project, (*conditions, *_large_enough(basis, day)), agreed(day))


def stock(basis: Basis, end: str) -> Measure:
    """All projects signed up to a day, earlier years included."""
    return Measure(project, (project.c.signed_on <= end, *_counts(basis), *_large_enough(basis, _day(end))))


def planned_starts(basis: Basis, year: int) -> Measure:
    """Projects whose start is planned for the year."""
    of = planned_date.c
    in_year = (of.stage == "started", of.planned_on.between(f"{year}-01-01", f"{year}-12-31"))
    source = planned_date.join(project, project.c.id == of.project)
    return Measure(source, (*in_year, *_large_enough(basis, of.planned_on)))


def by_month(basis: Basis, measure: str, period: Period, *also: Condition) -> Measure:
    """Amounts kept by month, of the months that end in the period."""
    low, high = period.whole_months()
    of = monthly_amount.c
    source = monthly_amount.join(project, project.c.id == of.project)
    end = of.month + "-31"
    money = of.amount if measure == FOREIGN_USED else in_yuan(of.amount, of.currency, end)
    conditions = (of.measure == measure, of.month.between(low, high), *_large_enough(basis, end), *also)
    return Measure(source, conditions, money, repeats=True)


def expected(basis: Basis, period: Period) -> Measure:
    """Not signed at the end of the period, active, with an expected month of signing in the rest of the year."""
    end = period.last
    month = month_of(end, period.cut)
    first = add_months(month, 1) if month_days(month, period.cut)[1] == end else month
    conditions = (
        project.c.expected_signing.between(first, f"{period.year}-12"),
        or_(project.c.signed_on.is_(None), project.c.signed_on > end),
        project.c.id.not_in(inactive(end)),
    )
    day = _day(end)
    return Measure(project, (*conditions, *_counts(basis), *_large_enough(basis, day)), agreed(day))


def activities(kind: str, period: Period) -> Measure:
    """Promotion activities of the period."""
    of = activity.c
    return Measure(
        activity,
        (of.kind == kind, of.on_day.between(period.first, period.last)),
        row=of.id,
        room="activities",
        about_projects=False,
    )


def leads(period: Period) -> Measure:
    """Leads found by the activities of the period."""
    source = activity_lead.join(activity, activity.c.id == activity_lead.c.activity)
    conditions = (activity.c.on_day.between(period.first, period.last),)
    return Measure(source, conditions, row=activity_lead.c.project, repeats=True, about_projects=False)


def measures(basis: Basis, period: Period) -> Mapping[str, Measure | Part]:
    """Every measure of a period."""
    paid = PAID_VERIFIED if basis.verified else PAID_REPORTED
    origin, source = monthly_amount.c.origin, project.c.source_kind
    entered_on = project.c.entered_statistics_on
    entered = (entered_on.between(period.first, period.last), *_large_enough(basis, entered_on))
    signed, increased = reached(basis, "signed", period, agreed), increases(basis, period)
    to_date = period.year_to_date()
    whole_year = to_date.first == period.first
    return {
        "signed": signed,
        "increases": increased,
        "cohort.started": Part(signed, project.c.began_on <= period.last),
        "started": reached(basis, "started", period, whole),
        "produced": reached(basis, "produced", period, whole),
        "negotiating": negotiating(basis, period.last),
        **_standing_at(basis, period),
        "paid.reported": by_month(basis, PAID_REPORTED, period),
        "paid.verified": by_month(basis, PAID_VERIFIED, period),
        "paid.outside": by_month(basis, paid, period, or_(origin == OUTSIDE, and_(origin == "", source == OUTSIDE))),
        "foreign": by_month(basis, FOREIGN_USED, period),
        "fixed": by_month(basis, FIXED_DONE, period),
        "entered": Measure(project, entered),
        "year.signed": signed if whole_year else reached(basis, "signed", to_date, agreed),
        "year.increases": increased if whole_year else increases(basis, to_date),
        "expected": expected(basis, period),
        "activities.outbound": activities("outbound", period),
        "activities.received": activities("received", period),
        "activities.promotion": activities("promotion", period),
        "activities.leads": leads(period),
    }


def _standing_at(basis: Basis, period: Period) -> dict[str, Measure | Part]:
    """What stands at the end of the period: the stock by how far it has come, the yearly plan, what is stuck."""
    end, began, produced = period.last, project.c.began_on, project.c.produced_on
    long_ago = months_before(end, basis.stuck_months)
    active = project.c.id.not_in(inactive(end))
    not_begun, not_producing = or_(began.is_(None), began > end), or_(produced.is_(None), produced > end)
    signed, plan = stock(basis, end), planned_starts(basis, period.year)
    return {
        "stock": signed,
        "stock.begun": Part(signed, began <= end),
        "stock.producing": Part(signed, produced <= end),
        "stock.performing": Part(signed, active),
        "stuck.signed": Part(signed, and_(not_begun, project.c.signed_on.between("0", long_ago), active)),
        "stuck.started": Part(signed, and_(not_producing, began.between("0", long_ago), active)),
        "plan": plan,
        "plan.started": Part(plan, began <= end),
    }
