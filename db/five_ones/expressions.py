"""The facts that lights and completeness ask, as SQL beside the table `project`; true on any day, past ones included.

`day` is an ISO date, or the parameter of a query that stands for it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    Text,
    and_,
    case,
    cast,
    func,
    literal,
    not_,
    null,
    or_,
    select,
    type_coerce,
)

from db.core.period import months_before
from db.core.sqlfunc import days_between
from db.core.tables import INTEGER
from db.five_ones import lights
from db.five_ones.lights import PER_POINT, Atom, Preset
from db.five_ones.models import (
    HEAD,
    LEADER,
    MEMBER,
    agenda_item,
    assignment,
    decision,
    light_override,
    meeting,
    milestone,
    project_plan,
)
from db.people.models import person_term
from db.projects.models import CNY, PAID_REPORTED, PAID_VERIFIED, monthly_amount, planned_date, progress_entry, project
from db.projects.stopping import stopped

Day = str | ColumnElement[Any]
Sql = ColumnElement[Any]
_p = project.c


def of_day(day: Day) -> Sql:
    """A day as SQL."""
    return literal(day, Text()) if isinstance(day, str) else day


def _later(one: Sql, other: Sql) -> Sql:
    """The later of two days, either of which may be missing."""
    return func.nullif(
        case((func.coalesce(one, "") >= func.coalesce(other, ""), func.coalesce(one, "")), else_=other), ""
    )


def _known(day: Sql) -> Sql:
    return func.nullif(day, "")


# --- of the project itself -------------------------------------------------------------------------------------------


def phase(day: Day) -> Sql:
    """How far a project had come on a day: lead, negotiating, signed, started, produced."""
    at = of_day(day)
    return case(
        (_p.produced_on <= at, "produced"),
        (_p.began_on <= at, lights.STARTED),
        (_p.signed_on <= at, lights.SIGNED),
        (_p.negotiating_on <= at, lights.NEGOTIATING),
        else_="lead",
    )


def going_on(day: Day) -> Sql:
    """That it was not on hold, suspended, withdrawn or transferred."""
    return _p.id.not_in(stopped(of_day(day)))


def total() -> Sql:
    """The whole investment in yuan (not hundredths); nothing where it is not kept, or in another currency."""
    whole = func.coalesce(_p.total_investment, _p.agreed_investment)
    # Where the types are not said, a division would be one of fractions.
    return type_coerce(
        case((_p.currency == CNY, func.nullif(type_coerce(whole, INTEGER) // 100, 0)), else_=null()), INTEGER
    )


# --- of what stands in other tables: project, value, one row a project ------------------------------------------------


def substantive(day: Day) -> Select[Any]:
    """The last day on which the log said something new."""
    entry, before = progress_entry.c, progress_entry.alias("before")
    said, said_before = func.coalesce(entry.on_day, ""), func.coalesce(before.c.on_day, "")
    again = select(before.c.id).where(
        before.c.project == entry.project,
        before.c.text == entry.text,
        or_(said_before < said, and_(said_before == said, before.c.id < entry.id)),
    )
    query = select(entry.project, func.max(entry.on_day)).where(entry.on_day <= of_day(day), not_(again.exists()))
    return query.group_by(entry.project)


def paid(day: Day) -> Select[Any]:
    """Money paid in, in yuan: what is verified, or reported where nothing is."""
    of = monthly_amount.c
    verified = func.sum(of.amount).filter(of.measure == PAID_VERIFIED)
    reported = func.sum(of.amount).filter(of.measure == PAID_REPORTED)
    wanted = (of.measure.in_((PAID_VERIFIED, PAID_REPORTED)), of.month <= func.substr(of_day(day), 1, 7))
    # A sum of integers is a numeric on a server.
    return (
        select(of.project, cast(func.coalesce(verified, reported), INTEGER) // 100).where(*wanted).group_by(of.project)
    )


def sums(day: Day) -> Select[Any]:
    """(project, weight in all, due, done, without a day, overdue, milestones) of the milestones."""
    at, of = of_day(day), milestone.c
    done = of.actual_on <= at
    wanted = func.coalesce(of.planned_on, case((done, of.actual_on)))
    whole = [
        func.sum(of.weight),
        func.coalesce(func.sum(of.weight).filter(wanted <= at), 0),
        func.coalesce(func.sum(of.weight).filter(done), 0),
    ]
    late = and_(of.planned_on < at, or_(of.actual_on.is_(None), of.actual_on > at))
    return select(
        of.project,
        *(cast(one, INTEGER) for one in whole),
        func.count().filter(wanted.is_(None)),
        func.count().filter(late),
        func.count(),
    ).group_by(of.project)


def met(day: Day) -> Select[Any]:
    """The last day on which a meeting dealt with it or decided about it."""
    at = of_day(day)
    dealt = select(agenda_item.c.project.label("project"), meeting.c.held_on.label("day")).join(
        meeting, meeting.c.id == agenda_item.c.meeting
    )
    decided = select(decision.c.project, decision.c.decided_on)
    both = dealt.union_all(decided).subquery("met")
    query = select(both.c.project, func.max(both.c.day)).where(both.c.day <= at, both.c.project.is_not(None))
    return query.group_by(both.c.project)


def planned_start(day: Day) -> Select[Any]:
    """The day the start is planned for; the same on every day: what it was before stands in the history."""
    of = planned_date.c
    return select(of.project, of.planned_on).where(of.stage == "started")


def plan_weight() -> Select[Any]:
    """What the weights of the milestones should add up to."""
    return select(project_plan.c.project, project_plan.c.weight)


def in_force(day: Day, *roles: str) -> Select[Any]:
    """(project, how many) people in these roles on a day, those left out whose term of office is over."""
    of, at = assignment.c, of_day(day)
    query = select(of.project, func.count()).where(
        of.role.in_(roles), covers(of.since, of.until, at), serves(of.person, at)
    )
    return query.group_by(of.project)


def covers(since: Sql, until: Sql, at: Sql) -> ColumnElement[bool]:
    """That a span of days, open where it has no ends, holds a day."""
    return and_(func.coalesce(since, "") <= at, or_(until.is_(None), until >= at))


def serves(who: Sql, at: Sql) -> ColumnElement[bool]:
    """That a person is in office: one of the terms covers the day, or no terms are kept."""
    of = person_term.c
    mine = select(of.id).where(of.person == who)
    return or_(not_(mine.exists()), mine.where(covers(of.since, of.until, at)).exists())


def leads_in_ledger(day: Day) -> Sql:
    """Whether the ledger names a leader who is in office."""
    return case((and_(_p.leader.is_not(None), serves(_p.leader, of_day(day))), 1), else_=0)


def override(day: Day) -> Select[Any]:
    """(project, light, …) of lights set by hand that hold on a day, the newest last."""
    of = light_override.c
    query = select(of.project, of.light, of.reason, of.since, of.printed)
    return query.where(covers(of.since, of.until, of_day(day))).order_by(of.since, of.id)


# --- one project: the same, correlated -------------------------------------------------------------------------------


def own(query: Select[Any], place: int = 1) -> Sql:
    """A column of a query of (project, …) for the project of the row."""
    columns = [*query.selected_columns]
    alone = query.with_only_columns(columns[place], maintain_column_froms=True).where(columns[0] == _p.id)
    return alone.correlate(project).scalar_subquery()


def facts(day: Day) -> Mapping[str, Sql]:
    """Every fact of `lights.DAYS` and `lights.NUMBERS` that is about a project."""
    money, behind = own(paid(day)), _behind(day)
    return {
        "last_change": _later(own(substantive(day)), _later(_known(_p.negotiating_on), contact(day))),
        "signed_on": _known(_p.signed_on),
        "began_on": _known(_p.began_on),
        "planned_start": own(planned_start(day)),
        "entered_on": entered(day),
        "paid": money,
        "paid_share": type_coerce(func.coalesce(money, 0), INTEGER) * (100 * PER_POINT) // total(),
        "points_behind": behind,
        "overdue": own(sums(day), 5),
    }


def entered(day: Day) -> Sql:
    """The day of entry in statistics, where it was by that day."""
    return case((_p.entered_statistics_on <= of_day(day), _p.entered_statistics_on))


def contact(day: Day) -> Sql:
    """The last contact, where it was by that day."""
    return case((_p.last_contact_on <= of_day(day), _p.last_contact_on))


def _behind(day: Day) -> Sql:
    whole, due, done, undated = (own(sums(day), at) for at in (1, 2, 3, 4))
    known = and_(whole > 0, whole >= func.coalesce(own(plan_weight()), 0), undated == 0)
    return case((known, case((due > done, (due - done) * (100 * PER_POINT) // whole), else_=0)))


# --- a light and a count as SQL --------------------------------------------------------------------------------------


def before(day: Day, months: int) -> Sql:
    """`period.months_before` as SQL."""
    if isinstance(day, str):
        return literal(months_before(day, months), Text())
    year, month, date = (cast(func.substr(day, at, n), Integer) for at, n in ((1, 4), (6, 2), (9, 2)))
    index = year * 12 + month - 1 - months
    last = _last_of(index // 12, index % 12 + 1)
    of_last = case((date == _last_of(year, month), last), (date < last, date), else_=last)
    parts = (index // 12 + 10_000, index % 12 + 101, of_last + 100)
    texts = [func.substr(cast(part, Text), 2) for part in parts]
    return type_coerce(texts[0] + "-" + texts[1] + "-" + texts[2], Text())


def _last_of(year: Sql, month: Sql) -> Sql:
    return case((month.in_((4, 6, 9, 11)), 30), (and_(month == 2, year % 4 == 0), 29), (month == 2, 28), else_=31)


def _holds(atom: Atom, fact: Sql, day: Day) -> ColumnElement[bool]:
    number = atom.value * PER_POINT if atom.fact in ("paid_share", "points_behind") else atom.value
    match atom.how:
        case "missing":
            nothing: Sql = literal(0) if atom.fact in lights.NUMBERS else literal("")
            return func.coalesce(fact, nothing) == nothing
        case "months":
            return fact <= before(day, number)
        case "over_months":
            return fact < before(day, number)
        case "months_passed":
            return func.substr(fact, 1, 7) <= func.substr(before(day, number), 1, 7)
        case "at_least":
            return fact >= number
        case "above":
            return fact > number
        case _:
            return fact < number


def colour(presets: Sequence[Preset], day: Day) -> Sql:
    """`lights.colour_of` as SQL, of projects that go on; a light set by hand stands before it."""
    known, at_phase = facts(day), phase(day)
    turned: dict[str, list[ColumnElement[bool]]] = {lights.RED: [], lights.YELLOW: [], lights.GREY: []}
    for preset in presets:
        for rule in preset.rules:
            conditions = [_holds(atom, known[atom.fact], day) for atom in rule.when]
            turned[rule.light].append(and_(at_phase.in_(rule.phases), *conditions))
        for one in lights.PHASES:
            lacking = [known[fact].is_(None) for fact in preset.needs(one)]
            if lacking:
                turned[lights.GREY].append(and_(at_phase == one, or_(*lacking)))
    judged = {one for preset in presets for rule in preset.rules for one in rule.phases}
    cases = [(or_(*conditions), light) for light, conditions in turned.items() if conditions]
    computed = case(*cases, (at_phase.in_(sorted(judged)), lights.GREEN), else_=null())
    by_hand = own(override(day)).element.order_by(None)
    newest = by_hand.order_by(light_override.c.since.desc(), light_override.c.id.desc()).limit(1).scalar_subquery()
    return case((and_(going_on(day), at_phase.in_(lights.PHASES)), func.coalesce(newest, computed)))


def having(day: Day) -> Sequence[Sql]:
    """The columns of `rules.Having`, in its order."""
    in_ledger, named = leads_in_ledger(day), func.coalesce(own(in_force(day, LEADER)), 0)
    any_leader = or_(
        _p.leader.is_not(None),
        select(assignment.c.id).where(assignment.c.project == _p.id, assignment.c.role == LEADER).exists(),
    )
    leads = case((or_(in_ledger == 1, named > 0), 1), else_=0)
    made = select(project_plan.c.id).where(
        project_plan.c.project == _p.id, func.coalesce(project_plan.c.made_on, "") <= of_day(day)
    )
    return (
        leads,
        case((and_(any_leader, leads == 0), 1), else_=0),
        func.coalesce(own(in_force(day, HEAD)), 0),
        func.coalesce(own(in_force(day, MEMBER)), 0),
        case((func.coalesce(_p.task_force, "") != "", 1), else_=0),
        case((made.exists(), 1), else_=0),
        func.coalesce(own(sums(day), 6), 0),
        _later(own(substantive(day)), own(met(day))),
    )


def ones(day: Day, follow_up_days: int) -> Sql:
    """`rules.completeness(…).count` as SQL; nothing where a project is not under construction."""
    leads, _left, head, members, in_words, plan, stones, followed = having(day)
    force = or_(in_words == 1, and_(head > 0, members > 0))
    through = and_(stones > 0, days_between(followed, of_day(day)) <= follow_up_days)
    count = literal(1) + leads + plan + case((force, 1), else_=0) + case((through, 1), else_=0)
    return case((and_(going_on(day), phase(day) == lights.STARTED), count))


def members(day: Day) -> Sql:
    """How many people the task force has on a day, its head counted."""
    return own(in_force(day, HEAD, MEMBER))
