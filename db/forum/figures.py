"""Figures of the forum and of the finance stewards (handbook §6): each with its numerator, denominator and population.

Issues are those raised in the period; where they stand is looked at as of its end. A period's issues are read once, from
an index that holds all that is asked of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, UnaryExpression, func, select, union, union_all
from sqlalchemy.sql.operators import custom_op

from db.core.period import Period
from db.core.ratios import SHARE, change, ratio
from db.core.text import Text, _
from db.forum.models import (
    AT_CITY,
    BASICALLY,
    DONE,
    IN_HAND,
    INADMISSIBLE,
    ON_HOLD,
    RESOLVED,
    SATISFIED,
    SOLVED,
    attendance,
    forum_session,
    issue,
    steward_case,
    visit,
)
from db.people.models import unit

_i = issue.c
TIMES, COMPANIES, ISSUES, YUAN, DAYS = (
    _("times"), _("enterprises"), _("issues"), _("yuan"), _("working days"),
)  # fmt: skip
_POPULATION = _("Of the issues raised in the period, as they stand at its end: {what}")


@dataclass(frozen=True)
class _Rate:
    """A share of issues: which are counted above, which below, by their names in `NAMES`."""

    key: str
    label: Text
    definition: Text
    above: str
    below: str


RATES = (
    _Rate("forum.resolved_rate", _("Share of issues resolved"),
          _POPULATION(what=_("resolved ÷ all but those not admissible.")), "resolved", "admissible"),
    _Rate("forum.on_time_rate", _("Share of issues resolved on time"),
          _POPULATION(what=_("resolved by the deadline, granted extensions counted ÷ resolved or past the deadline.")),
          "on_time", "due"),
    _Rate("forum.satisfaction_rate", _("Share of satisfied enterprises"),
          _POPULATION(what=_("satisfied or basically satisfied ÷ followed up.")), "content", "rated"),
    _Rate("forum.solved_rate", _("Share of issues solved"),
          _POPULATION(what=_("solved, not explained, planned or impossible ÷ resolved, where it is said how.")), "solved", "told"),
    _Rate("forum.follow_up_rate", _("Share of issues followed up"),
          _POPULATION(what=_("followed up ÷ resolved.")), "called", "resolved"),
)  # fmt: skip

_COUNTS: tuple[tuple[str, Text, Text], ...] = (
    ("forum.issues", _("Issues raised"), _("Issues raised by enterprises in the period, at sessions and on visits.")),
)


def raised(period: Period) -> ColumnElement[bool]:
    """The issues of a period."""
    return _i.raised_on.between(period.first, period.last)


_GROUPS: Mapping[str, ColumnElement[Any]] = {
    "department": _i.department, "street": _i.street, "category": _i.category, "session": _i.session,
}  # fmt: skip

Numbers = dict[str, int]
_STANDING = (_i.state, _i.outcome, _i.satisfaction, _i.late, _i.days)
NAMES = ("all", "admissible", "resolved", "due", "on_time", "rated", "content", "satisfied", "solved", "told", "called",
         "open", "overdue", "timed", "days")  # fmt: skip


@dataclass(frozen=True)
class Counted:
    """What is counted of the issues of a group: how many of each name, and how many took how many working days."""

    numbers: Numbers
    took: dict[int, int]

    @classmethod
    def nothing(cls) -> Counted:
        """Of no issues."""
        return cls(dict.fromkeys(NAMES, 0), {})

    def add(self, standing: Any, count: int, overdue: int) -> None:
        """Issues of one standing, and how many of them are past their deadline."""
        state, outcome, satisfaction, late, days = standing
        admissible, resolved, rated = state != INADMISSIBLE, state in DONE, satisfaction is not None
        done = admissible and resolved
        held = {
            "all": True, "admissible": admissible, "resolved": done, "on_time": done and late == 0,
            "rated": admissible and rated, "content": admissible and satisfaction in (SATISFIED, BASICALLY),
            "satisfied": admissible and satisfaction == SATISFIED, "solved": done and outcome == SOLVED,
            "told": done and outcome is not None, "called": done and rated, "open": admissible and not resolved,
            "timed": done and days is not None,
        }  # fmt: skip
        past = overdue if held["open"] and state not in (ON_HOLD, AT_CITY) else 0  # whose clocks stand still
        for name, holds in held.items():
            self.numbers[name] += count if holds else 0
        self.numbers["overdue"] += past
        self.numbers["due"] += count if done and late is not None else past
        if held["timed"]:
            self.numbers["days"] += days * count
            self.took[days] = self.took.get(days, 0) + count

    def add_all(self, other: Counted) -> None:
        """What is counted of others too."""
        for name, number in other.numbers.items():
            self.numbers[name] += number
        for days, count in other.took.items():
            self.took[days] = self.took.get(days, 0) + count

    @property
    def median(self) -> tuple[int, int] | None:
        """The median of the working days taken, as (sum of the one or two in the middle, how many of them)."""
        count = sum(self.took.values())
        values: list[int] = []
        before = 0
        for days, many in sorted(self.took.items()):
            values += [days for place in sorted({(count - 1) // 2, count // 2}) if before <= place < before + many]
            before += many
        return (sum(values), len(values)) if values else None


def counted(connection: Connection, period: Period, by: str | None = None) -> dict[Any, Counted]:
    """Group (None where it is not said; everything under `ALL`) → what is counted of its issues.

    What has not changed since the end of the period is counted by where it stands, in one walk along an index; the
    others, if any, one by one as they stood then.
    """
    found: dict[Any, Counted] = {ALL: Counted.nothing()}
    if connection.scalar(select(_i.id).where(raised(period)).limit(1)) is None:
        return found
    column = _GROUPS.get(by or "")
    groups = [] if column is None else [column]
    late = func.count().filter(_i.late.is_(None), _i.due_on < period.last)  # what was resolved is never past it
    inside = (_walked(connection).between(period.first, period.last), _i.told_on <= period.last)
    query = select(*_STANDING, func.count(), late, *groups).where(*inside).group_by(*groups, *_STANDING)
    counts = [(row[7] if groups else ALL, row[:5], row[5], row[6]) for row in connection.execute(query).all()]
    aliases = _merged(connection) if by in ("department", "street") else {}
    for group, standing, many, overdue in counts + _as_they_stood(connection, period, groups):
        found.setdefault(aliases.get(group, group), Counted.nothing()).add(standing, many, overdue)
    for group in [one for one in found if one is not ALL]:
        found[ALL].add_all(found[group])
    return found


def _walked(connection: Connection) -> ColumnElement[Any]:
    """The day on which an issue was raised, so that a file walks along the index in whose order it groups."""
    if connection.dialect.name != "sqlite":
        return _i.raised_on
    return UnaryExpression(_i.raised_on, operator=custom_op("+"))  # by which no index is entered


def _as_they_stood(connection: Connection, period: Period, groups: list[Any]) -> list[tuple[Any, ...]]:
    """(group, standing, how many, how many past their deadline) of issues resolved, rated or reopened after the period."""
    query = select(*_AS_THEY_STOOD, *groups).where(raised(period), _i.told_on > period.last)
    found: dict[tuple[Any, ...], list[int]] = {}
    for row in connection.execute(query).all():
        standing, due = then(row, period.last)
        counts = found.setdefault((row[9] if groups else ALL, standing), [0, 0])
        counts[0] += 1
        counts[1] += bool(due and due < period.last)
    return [(group, standing, many, late) for (group, standing), (many, late) in found.items()]


_AS_THEY_STOOD = (
    _i.state, _i.outcome, _i.satisfaction, _i.due_on, _i.days, _i.resolved_on, _i.followed_up_on, _i.reopened_on,
    _i.resolved_before,
)  # fmt: skip


def then(row: Any, end: str) -> tuple[tuple[Any, ...], str | None]:
    """(standing as `_STANDING` has it, deadline) of an issue at the end of a day."""
    state, outcome, satisfaction, due, days, resolved_on, followed_on, reopened_on, before = row[:9]
    done_on = before if reopened_on and reopened_on > end else resolved_on if state in DONE else None
    if (done_on or "") > end or (done_on is None and state not in DONE):
        state, outcome, days, done_on = (state if state not in DONE else IN_HAND), None, None, None
    elif state not in DONE:
        state, outcome, days = RESOLVED, None, None  # it was resolved until it was reopened
    rated = satisfaction if (followed_on or "") <= end else None
    late = int(done_on > due) if done_on and due else None
    return (state, outcome, rated, late, days), due


ALL = "all of them"


def issues_behind(connection: Connection, period: Period) -> dict[str, list[int]]:
    """Name → the issues of the period that are counted under it."""
    query = select(*_AS_THEY_STOOD, _i.id).where(raised(period)).order_by(_i.id)
    found: dict[str, list[int]] = {name: [] for name in NAMES}
    for row in connection.execute(query):
        standing, due = then(row, period.last)
        one = Counted.nothing()
        one.add(standing, 1, int(bool(due and due < period.last)))
        for name in NAMES:
            if name != "days" and one.numbers[name]:
                found[name].append(row.id)
    return found


def _merged(connection: Connection) -> dict[int, int]:
    query = select(unit.c.id, unit.c.merged_into).where(unit.c.merged_into.is_not(None))
    return {row.id: row.merged_into for row in connection.execute(query)}


# --- who and when ----------------------------------------------------------------------------------------------------


def companies_met(connection: Connection, period: Period) -> Select[Any]:
    """Enterprises received at a session or visited in the period, or that raised something in it."""
    of, at = attendance.c, forum_session.c
    held = at.held_on.between(period.first, period.last)
    received = (
        select(of.company).join(forum_session, at.id == of.session).where(held, func.coalesce(of.attended, 0) == 1)
    )
    seen = visit.c.on_day.between(period.first, period.last)
    visited = select(visit.c.company).where(seen, visit.c.done == 1)
    asked = select(_i.company).where(_walked(connection).between(period.first, period.last)).distinct()
    others = union(visited, received).subquery().c.company
    silent = select(others).where(~select(_i.id).where(_i.company == others, raised(period)).exists())
    return select(union_all(asked, silent).subquery().c.company)  # so that nothing that was asked is sorted


def sessions_in(period: Period) -> Select[Any]:
    """The sessions held in a period."""
    return select(forum_session.c.id).where(forum_session.c.held_on.between(period.first, period.last))


def totals(connection: Connection, period: Period) -> tuple[int, int, int]:
    """Sessions, enterprises and issues of a period, as `figures` counts them."""
    issues = connection.scalar(select(func.count()).select_from(issue).where(raised(period)))
    return *_met(connection, period), issues or 0


def _met(connection: Connection, period: Period) -> tuple[int, int]:
    """Sessions and enterprises of a period."""
    queries = (sessions_in(period), companies_met(connection, period))
    counts = (select(func.count()).select_from(query.subquery()).scalar_subquery() for query in queries)
    held, met = connection.execute(select(*counts)).one()
    return held, met


def _obtained(period: Period) -> ColumnElement[bool]:
    return steward_case.c.obtained_on.between(period.first, period.last)


def stewards(connection: Connection, period: Period) -> tuple[int, int]:
    """(enterprises, hundredths of a yuan) that the finance stewards helped to financing in a period."""
    of = steward_case.c
    read = select(func.count(of.company.distinct()), func.sum(of.obtained)).where(_obtained(period))
    many, money = connection.execute(read).one()
    return many, int(money or 0)


# --- as the contract prints them -------------------------------------------------------------------------------------


def figures(
    connection: Connection, period: Period, *, rows: bool = False, by: str | None = None
) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
    """Figures of a period, of all and by the name of each group; under "" those of a group with nothing."""
    before = period.year_before()
    now, earlier = _Numbers.of(connection, period), _Numbers.of(connection, before)
    whole = {**_forum(now, earlier), **_stewards(now, earlier)}
    if rows:
        _add_rows(connection, whole, period)
    if by not in _GROUPS:
        return whole, {}
    names = names_of_groups(connection, str(by))
    groups = counted(connection, period, by)
    groups_before = counted(connection, before, by)
    nothing = Counted.nothing()
    found = {
        name: _of_issues(groups.get(group, nothing), groups_before.get(group, nothing))
        for group, name in {**names, None: "未填"}.items()
    }
    return whole, {**found, "": _of_issues(nothing, nothing)}


@dataclass(frozen=True)
class _Numbers:
    """What is counted in one period. helped, financing: enterprises and hundredths of a yuan."""

    issues: Counted
    sessions: int
    companies: int
    helped: int
    financing: int

    @classmethod
    def of(cls, connection: Connection, period: Period) -> _Numbers:
        """Of one period."""
        return cls(counted(connection, period)[ALL], *_met(connection, period), *stewards(connection, period))


def _forum(now: _Numbers, before: _Numbers) -> dict[str, Any]:
    counts = {
        "forum.sessions": _plain(_("Sessions held"), _("Sessions of the forum held in the period."), TIMES,
                                 now.sessions, before.sessions),
        "forum.companies": _plain(
            _("Enterprises received or visited"),
            _("Enterprises, each once, that came to a session, were visited or raised an issue in the period."),
            COMPANIES, now.companies, before.companies),
    }  # fmt: skip
    found = {**counts, **_of_issues(now.issues, before.issues)}
    found["forum.median_days"] = _average(
        _("Median working days"), _("The middle one of the working days from assignment to resolution"
                                    " of the issues raised in the period and resolved by its end."),
        now.issues.median, before.issues.median,
    )  # fmt: skip
    return found


def _of_issues(counted_now: Counted, counted_before: Counted) -> dict[str, Any]:
    now, before = counted_now.numbers, counted_before.numbers
    found = {key: _plain(label, told, ISSUES, now["all"], before["all"]) for key, label, told in _COUNTS}
    for rate in RATES:
        above, below = now[rate.above], now[rate.below]
        found[rate.key] = {
            "label": rate.label, "definition": rate.definition, "unit": SHARE, "value": ratio(above, below),
            "numerator": str(above), "denominator": str(below),
            "previous": ratio(before[rate.above], before[rate.below]), "yoy": None, "rows": None,
        }  # fmt: skip
    found["forum.mean_days"] = _average(
        _("Mean working days"),
        _("Working days from assignment to resolution ÷ the issues raised in the period and resolved by its end."),
        (now["days"], now["timed"]), (before["days"], before["timed"]),
    )  # fmt: skip
    return found


def _stewards(now: _Numbers, before: _Numbers) -> dict[str, Any]:
    return {
        "stewards.companies": _plain(
            _("Enterprises helped to financing"),
            _("Enterprises, each once, that obtained money in the period with the help of a finance steward."),
            COMPANIES, now.helped, before.helped),
        "stewards.financing": _plain(
            _("Financing obtained through stewards"),
            _("Money obtained in the period with the help of the finance stewards."), YUAN,
            now.financing, before.financing, _yuan),
    }  # fmt: skip


def _yuan(value: int) -> str:
    whole, cents = divmod(value, 100)
    return str(whole) if not cents else f"{whole}.{cents:02d}"


def _plain(
    label: Text, definition: Text, of: Text, now: int, before: int, say: Callable[[int], str] = str
) -> dict[str, Any]:
    return {
        "label": label, "definition": definition, "unit": of, "value": say(now), "numerator": None, "denominator": None,
        "previous": say(before), "yoy": change(now, before), "rows": None,
    }  # fmt: skip


def _average(
    label: Text, definition: Text, now: tuple[int, int] | None, before: tuple[int, int] | None
) -> dict[str, Any]:
    above, below = now or (0, 0)
    return {
        "label": label, "definition": definition, "unit": DAYS, "value": ratio(above, below, places=1),
        "numerator": str(above), "denominator": str(below),
        "previous": None if before is None else ratio(*before, places=1), "yoy": None, "rows": None,
    }  # fmt: skip


def _add_rows(connection: Connection, found: dict[str, Any], period: Period) -> None:
    """The rows behind each figure; of a rate those below, with those above named."""

    def ids(query: Select[Any]) -> list[int]:
        return sorted(set(connection.scalars(query)))

    issues = issues_behind(connection, period)
    found["forum.sessions"]["rows"] = {"room": "forum_sessions", "ids": ids(sessions_in(period))}
    found["forum.companies"]["rows"] = {"room": "companies", "ids": ids(companies_met(connection, period))}
    found["forum.issues"]["rows"] = {"room": "forum", "ids": issues["all"]}
    for key in ("forum.mean_days", "forum.median_days"):
        found[key]["rows"] = {"room": "forum", "ids": issues["timed"]}
    for rate in RATES:
        found[rate.key]["rows"] = {"room": "forum", "ids": issues[rate.below], "numerator_ids": issues[rate.above]}
    obtained = ids(select(steward_case.c.company).where(_obtained(period)))
    for key in ("stewards.companies", "stewards.financing"):
        found[key]["rows"] = {"room": "companies", "ids": obtained}


def names_of_groups(connection: Connection, by: str) -> dict[Any, str]:
    """Group → the name under which it stands in `figures --by`."""
    if by == "category":
        return {name: name for name in _used(connection, _i.category)}
    if by == "session":
        of = forum_session.c
        query = select(of.id, of.number, of.held_on).order_by(of.held_on, of.number)
        return session_names(connection.execute(query).all())
    query = select(unit.c.id, unit.c.name, unit.c.short_name, unit.c.kind)
    short = by == "department"
    return {row.id: (row.short_name or row.name) if short else row.name for row in connection.execute(query)}


def session_names(rows: Iterable[Any]) -> dict[Any, str]:
    """Session → 第3期, with its year where two years have that number."""
    known = list(rows)
    numbers = [row.number for row in known]
    return {
        row.id: f"第{row.number}期"
        if numbers.count(row.number) == 1
        else f"{(row.held_on or '')[:4]}年第{row.number}期"
        for row in known
    }


def _used(connection: Connection, column: ColumnElement[Any]) -> list[Any]:
    query = select(column).where(column.is_not(None)).group_by(column).order_by(func.count().desc(), column)
    return list(connection.scalars(query))
