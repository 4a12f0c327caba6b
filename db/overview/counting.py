"""Everything that a month's figures count, as few queries: one for all that is read from the same rows.

A query stands for any period: the days are its parameters (`days`). It is made once for a book's basis and asked for
this year and the year before. All queries of a period go to the book as one, since a server may be far away. Measures
called `year.…` count since January.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Select,
    Text,
    and_,
    bindparam,
    case,
    cast,
    literal_column,
    null,
    or_,
    union_all,
)

from db.core.period import Period, add_months, month_days, month_of, months_before
from db.overview.measures import (
    Basis,
    Condition,
    Measure,
    Part,
    agreed,
    counts,
    in_yuan,
    increases,
    large_enough,
    reached,
    whole,
)
from db.projects.models import (
    FIXED_DONE,
    FOREIGN_USED,
    MEASURES,
    OUTSIDE,
    PAID_REPORTED,
    PAID_VERIFIED,
    activity,
    activity_lead,
    monthly_amount,
    planned_date,
    project,
)
from db.projects.stopping import stopped

YEAR = "year."

# A measure by name, and whether its money is wanted or its count.
Wanted = tuple[str, bool]


def _text(name: str) -> ColumnElement[Any]:
    return bindparam(name, type_=Text())


class _Span(NamedTuple):
    first: ColumnElement[Any]
    last: ColumnElement[Any]


class _Clock(NamedTuple):
    """What a period is to a query, as days or as months. since: the earlier one of `first` and `january`."""

    first: ColumnElement[Any]
    january: ColumnElement[Any]
    since: ColumnElement[Any]
    last: ColumnElement[Any]


_DAYS = _Clock(_text("first"), _text("january"), _text("since"), _text("last"))
_MONTHS = _Clock(_text("first_month"), _text("january_month"), _text("since_month"), _text("last_month"))
_END = _DAYS.last
_BEGUN = project.c.began_on <= _END
_ACTIVITIES = ("outbound", "received", "promotion")

_Parts = Mapping[str, Condition | None]  # a measure's name, and which of the rows it is


def days(basis: Basis, period: Period) -> dict[str, str]:
    """The parameters of every query, for one period."""
    end, to_date = period.last, period.year_to_date()
    (low, high), january = period.whole_months(), to_date.whole_months()[0]
    month = month_of(end, period.cut)
    return {
        "first": period.first,
        "january": to_date.first,
        "since": min(period.first, to_date.first),
        "last": end,
        "first_month": low,
        "january_month": january,
        "since_month": min(low, january),
        "last_month": high,
        "long_ago": months_before(end, basis.stuck_months),
        "first_planned": f"{period.year}-01-01",
        "last_planned": f"{period.year}-12-31",
        "first_expected": add_months(month, 1) if month_days(month, period.cut)[1] == end else month,
        "last_expected": f"{period.year}-12",
    }


@dataclass(frozen=True, eq=False)
class Question:
    """One query: what is wanted of the rows of one measure. sign: -1 where its numbers are to be taken off."""

    measure: Measure
    wanted: Mapping[Wanted, ColumnElement[Any]]
    sign: int = 1


@dataclass(frozen=True, eq=False)
class Questions:
    """The measures by name, and what is asked of them. ungrouped: `together` without groups."""

    measures: Mapping[str, Measure | Part]
    asked: tuple[Question, ...]
    ungrouped: CompoundSelect[Any]


def together(asked: Sequence[Question], groups: Sequence[ColumnElement[Any] | None]) -> CompoundSelect[Any]:
    """(group, place of the question, a number for each that is wanted, then zeros), one row a group. groups: by question."""
    width = max(len(one.wanted) for one in asked)
    kind = next((group.type for group in groups if group is not None), None)
    made = []
    for at, (one, group) in enumerate(zip(asked, groups, strict=True)):
        columns = [literal_column(str(at)), *one.wanted.values()]
        columns += [literal_column("0")] * (width - len(one.wanted))
        # A server must be told what kind of nothing stands where others have their group.
        made.append(one.measure.asked(columns, cast(null(), kind) if group is None and kind is not None else group))
    return union_all(*made)


def rows_of(found: Mapping[str, Measure | Part], names: Iterable[str]) -> CompoundSelect[Any]:
    """(id, place in `names`) of every row behind these measures."""
    return union_all(
        *(found[name].rows().order_by(None).add_columns(literal_column(str(at))) for at, name in enumerate(names))
    )


@lru_cache(maxsize=16)
def questions(basis: Basis, wanted: frozenset[Wanted]) -> Questions:
    """What is to be asked for what is wanted; made once, which is the dearer half of asking it once."""
    found = measures(basis, frozenset(name.removeprefix(YEAR) for name, _money in wanted if name.startswith(YEAR)))
    asked: dict[Measure, dict[Wanted, ColumnElement[Any]]] = {}
    apart: dict[Wanted, ColumnElement[Any]] = {}
    for name, of_money in sorted(wanted):
        one = found[name]
        measure, condition = (one.of, one.condition) if isinstance(one, Part) else (one, None)
        asked.setdefault(measure, {})[name, of_money] = measure.total(condition, of_money=of_money)
        if one.without is not None:
            every = and_(*measure.conditions, *(() if condition is None else (condition,)))
            apart[name, of_money] = measure.total(every, of_money=of_money)
    made = [Question(measure, of) for measure, of in asked.items()]
    if apart:
        gone = stopped(_END).subquery()
        made.append(Question(Measure(project.join(gone, gone.c.project == project.c.id), ()), apart, sign=-1))
    return Questions(found, tuple(made), together(made, [None] * len(made)))


def measures(basis: Basis, since_january: frozenset[str]) -> dict[str, Measure | Part]:
    """Every measure of a period; those named in `since_january` are counted since January too."""
    found: dict[str, Measure | Part] = {}

    def flow(make: Callable[[_Span], Measure], parts: _Parts, clock: _Clock = _DAYS) -> None:
        found.update(_flow(make, parts, clock, since_january))

    flow(lambda span: reached(basis, "signed", span, agreed), {"signed": None, "cohort.started": _BEGUN})
    flow(lambda span: _paid_of_signed(basis, span), {"cohort.paid": None})
    flow(lambda span: increases(basis, span), {"increases": None})
    flow(lambda span: reached(basis, "started", span, whole), {"started": None})
    flow(lambda span: reached(basis, "produced", span, whole), {"produced": None})
    flow(lambda span: _by_month(basis, span), _amounts(basis), _MONTHS)
    flow(lambda span: _entered(basis, span), {"entered": None})
    flow(_activities, {f"activities.{kind}": activity.c.kind == kind for kind in _ACTIVITIES})
    flow(_leads, {"activities.leads": None})
    without = stopped(_END) if basis.stops else None
    return found | _standing(basis, without) | {"expected": _expected(basis, without)}


def _flow(
    make: Callable[[_Span], Measure], parts: _Parts, clock: _Clock, since_january: frozenset[str]
) -> dict[str, Measure | Part]:
    """What happened in the period by name: parts of one measure, which begins in January where that is wanted."""
    wide = not since_january.isdisjoint(parts)
    base = make(_Span(clock.since if wide else clock.first, clock.last))
    found: dict[str, Measure | Part] = {}
    for name, part in parts.items():
        some = () if part is None else (part,)
        own = (*some, base.day >= clock.first) if wide else some
        found[name] = Part(base, and_(*own)) if own else base
        if name in since_january:
            found[YEAR + name] = Part(base, and_(*some, base.day >= clock.january))
    return found


def _amounts(basis: Basis) -> _Parts:
    """What is kept by month; from outside the province what is verified, or reported where nothing is."""
    measure, origin = monthly_amount.c.measure, monthly_amount.c.origin
    outside = or_(origin == OUTSIDE, and_(origin == "", project.c.source_kind == OUTSIDE))
    return {
        "paid.reported": measure == PAID_REPORTED,
        "paid.verified": measure == PAID_VERIFIED,
        "paid.outside": and_(measure == (PAID_VERIFIED if basis.verified else PAID_REPORTED), outside),
        "foreign": measure == FOREIGN_USED,
        "fixed": measure == FIXED_DONE,
    }


def _by_month(basis: Basis, span: _Span) -> Measure:
    """Amounts kept by month, of the months that end in the span; foreign capital stays in dollars."""
    of = monthly_amount.c
    end = of.month + "-31"
    money = case((of.measure == FOREIGN_USED, of.amount), else_=in_yuan(of.amount, of.currency, end))
    conditions = (of.measure.in_(MEASURES), of.month.between(span.first, span.last), *large_enough(basis, end))
    source = monthly_amount.join(project, project.c.id == of.project)
    return Measure(source, conditions, money, of.month, repeats=True)


def _paid_of_signed(basis: Basis, span: _Span) -> Measure:
    """What was paid in, to the end of the span, of the projects signed in it."""
    of, signed = monthly_amount.c, reached(basis, "signed", span, agreed)
    paid = (of.measure == (PAID_VERIFIED if basis.verified else PAID_REPORTED), of.month <= _MONTHS.last)
    money = in_yuan(of.amount, of.currency, of.month + "-31")
    source = signed.source.join(monthly_amount, of.project == project.c.id)
    return Measure(source, (*signed.conditions, *paid), money, signed.day, repeats=True)


def _entered(basis: Basis, span: _Span) -> Measure:
    day = project.c.entered_statistics_on
    return Measure(project, (day.between(span.first, span.last), *large_enough(basis, day)), agreed(day), day)


def _activities(span: _Span) -> Measure:
    of = activity.c
    dated = (of.on_day.between(span.first, span.last),)
    return Measure(activity, dated, day=of.on_day, row=of.id, room="activities", about_projects=False)


def _leads(span: _Span) -> Measure:
    """Leads found by the activities of the span."""
    of = activity.c
    source = activity_lead.join(activity, of.id == activity_lead.c.activity)
    dated = (of.on_day.between(span.first, span.last),)
    return Measure(source, dated, day=of.on_day, row=activity_lead.c.project, repeats=True, about_projects=False)


def _standing(basis: Basis, without: Select[Any] | None) -> dict[str, Measure | Part]:
    """What stands at the end of the period: talks, the stock by how far it has come, the yearly plan, what is stuck.

    without: projects that do not go on; they stay in the stock.
    """
    of, long_ago = project.c, _text("long_ago")
    large = large_enough(basis, _END)
    talks = (of.negotiating_on <= _END, *large)
    not_begun = or_(of.began_on.is_(None), of.began_on > _END)
    not_producing = or_(of.produced_on.is_(None), of.produced_on > _END)
    ever = (of.signed_on <= _END, *counts(basis), *large)
    signed, plan = Measure(project, ever, agreed(_END), of.signed_on), _planned_starts(basis)
    return {
        # Two measures, since each is one range of an index.
        "negotiating.still": Measure(
            project, (of.left_negotiating_on.is_(None), *talks), agreed(_END), of.negotiating_on, without=without
        ),
        "negotiating.then": Measure(
            project, (of.left_negotiating_on > _END, *talks), agreed(_END), of.negotiating_on, without=without
        ),
        "stock": signed,
        "stock.begun": Part(signed, _BEGUN),
        "stock.producing": Part(signed, of.produced_on <= _END),
        "stock.performing": Part(signed, without=without),
        "stuck.signed": Part(signed, and_(not_begun, of.signed_on.between("0", long_ago)), without),
        "stuck.started": Part(signed, and_(not_producing, of.began_on.between("0", long_ago)), without),
        "plan": plan,
        "plan.started": Part(plan, _BEGUN),
    }


def _planned_starts(basis: Basis) -> Measure:
    """Projects whose start is planned for the year."""
    of = planned_date.c
    in_year = (of.stage == "started", of.planned_on.between(_text("first_planned"), _text("last_planned")))
    source = planned_date.join(project, project.c.id == of.project)
    return Measure(source, (*in_year, *large_enough(basis, of.planned_on)), agreed(_END), of.planned_on)


def _expected(basis: Basis, without: Select[Any] | None) -> Measure:
    """Not signed at the end of the period, with an expected month of signing in the rest of the year."""
    of = project.c
    in_time = of.expected_signing.between(_text("first_expected"), _text("last_expected"))
    unsigned = or_(of.signed_on.is_(None), of.signed_on > _END)
    conditions = (in_time, unsigned, *counts(basis), *large_enough(basis, _END))
    return Measure(project, conditions, agreed(_END), of.expected_signing, without=without)
