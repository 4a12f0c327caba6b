"""Reading a contest: its scheme, what every item is scored from, the league table as it stands or as it was frozen.

Until it is frozen a contest is scored from the book as it is; afterwards from what was kept.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, literal, select

from db.companies.models import company
from db.contests.among import projects_among
from db.contests.models import (
    DEPARTMENT,
    FROZEN,
    OPEN,
    PROJECT,
    PUBLISHED,
    STREET,
    contest,
    contest_appeal,
    contest_entry,
    contest_result,
    contest_scheme,
)
from db.contests.rules import Datum, Line, Part, Subject, moved, score
from db.contests.schemes import GIVEN, YEAR, Item, Scheme, presets
from db.core import bulk, settings
from db.core.errors import Refused
from db.core.period import Period
from db.core.tables import METADATA
from db.core.text import _, text_from_json
from db.five_ones.models import milestone
from db.five_ones.reading import overdue
from db.overview.figures import figures
from db.overview.measures import agreed, in_yuan
from db.people.models import DEPARTMENT as DEPARTMENT_UNIT
from db.people.models import PLACES, unit
from db.people.queries import units
from db.per_mu.models import MICRO
from db.projects.models import FIXED_DONE, PAID_REPORTED, PAID_VERIFIED, activity, monthly_amount, project

# What of a project may be scored: figures of its own.
FACTS: Mapping[str, str] = {
    "paid_in.reported": PAID_REPORTED,
    "paid_in.verified": PAID_VERIFIED,
    "fixed_assets.done": FIXED_DONE,
    "investment": "",
}
OVERDUE = "milestones.overdue.count"  # of a project: its overdue milestones


@dataclass(frozen=True)
class Contest:
    """A scheme held for a period. state: being scored, frozen or published."""

    id: int
    name: str
    period: str
    first_on: str
    last_on: str
    scheme: int
    key: str
    subject: str
    frozen_on: str | None
    published_on: str | None

    @property
    def state(self) -> str:
        """One of `models.STATE`."""
        return PUBLISHED if self.published_on else FROZEN if self.frozen_on else OPEN


@dataclass(frozen=True)
class Appeal:
    """An appeal against a result. points: by how much the decision changed the score, in 10⁻⁶."""

    id: int
    filed_on: str
    text: str
    state: str
    decided_on: str | None = None
    decision: str | None = None
    points: int | None = None


@dataclass(frozen=True)
class Standing:
    """A competitor's line. result: id of what was kept, None while it is being scored. moved: places up since the last period."""

    line: Line
    result: int | None = None
    moved: int | None = None
    appeals: tuple[Appeal, ...] = ()


@dataclass(frozen=True)
class League:
    """The league table of a contest. entries: (item, competitor) → points in 10⁻⁶ and what they rest on."""

    contest: Contest
    scheme: Scheme
    rows: tuple[Standing, ...]
    entries: Mapping[tuple[str, int], tuple[int, str]]
    last: Contest | None = None


def contests(connection: Connection) -> list[Contest]:
    """All of them, the latest period first."""
    of, by = contest.c, contest_scheme.c
    query = (
        select(of.id, of.name, of.period, of.first_on, of.last_on, of.scheme, by.key, by.subject, of.frozen_on,
               of.published_on)
        .join(contest_scheme, by.id == of.scheme)
        .order_by(of.last_on.desc(), of.first_on.desc(), of.id)
    )  # fmt: skip
    return [Contest(**one) for one in connection.execute(query).mappings()]


def contest_of(connection: Connection, number: int) -> Contest:
    """One of them; raises `Refused`."""
    found = next((one for one in contests(connection) if one.id == number), None)
    if found is None:
        raise Refused(_("There is no such contest."))
    return found


def scheme_saved(connection: Connection, number: int) -> Scheme:
    """A version of a scheme; raises `Refused`."""
    text = connection.scalar(select(contest_scheme.c.definition).where(contest_scheme.c.id == number))
    if text is None:
        raise Refused(_("There is no such scheme."))
    return Scheme.of(json.loads(text))


def contest_with(connection: Connection, ids: Sequence[int]) -> int:
    """The contest in which the first of these kept results is; 0 where it is gone."""
    number = select(contest_result.c.contest).where(contest_result.c.id == (ids[0] if ids else 0))
    return int(connection.scalar(number) or 0)


def schemes(connection: Connection) -> dict[str, tuple[str, int | None]]:
    """Key → (name, id of its last version) of the book's schemes; of the program's, where the book has none of the key, None."""
    of = contest_scheme.c
    query = select(of.key, of.name, of.id).order_by(of.version)
    saved = {row.key: (row.name, row.id) for row in connection.execute(query)}
    return {key: (str(one["name"]), None) for key, one in presets().items()} | saved


def league(connection: Connection, number: int) -> League:
    """The league table: as it was frozen, else scored from the book as it is."""
    of = contest_of(connection, number)
    scheme = scheme_saved(connection, of.scheme)
    entries = entries_of(connection, number)
    last = _last(connection, of)
    before = ranks(connection, last.id) if last is not None else {}
    if of.state == OPEN:
        kept: list[tuple[Line, int | None]] = [(line, None) for line in scored(connection, of, scheme, entries)]
    else:
        kept = [(line, result) for result, line in results(connection, of).items()]
    heard = appeals(connection, number)
    rows = tuple(
        Standing(line, result, moved(line.rank, before.get(line.subject.id)), heard.get(result or 0, ()))
        for line, result in kept
    )
    return League(of, scheme, rows, entries, last)


def ranks(connection: Connection, number: int) -> dict[int, int]:
    """Competitor → place, of a frozen contest."""
    of = contest_result.c
    query = select(func.coalesce(of.unit, of.project), of.rank).where(of.contest == number)
    return {row[0]: row[1] for row in connection.execute(query)}


def _last(connection: Connection, of: Contest) -> Contest | None:
    """The latest earlier contest of the same scheme that was frozen."""
    earlier = [one for one in contests(connection) if one.key == of.key and one.last_on < of.last_on]
    return next((one for one in earlier if one.state != OPEN), None)


def entries_of(connection: Connection, number: int) -> dict[tuple[str, int], tuple[int, str]]:
    """(item, competitor) → points entered in 10⁻⁶, and what they rest on."""
    of = contest_entry.c
    query = select(of.item, func.coalesce(of.unit, of.project), of.points, of.reason).where(of.contest == number)
    return {(row[0], row[1]): (row[2], row[3] or "") for row in connection.execute(query)}


def appeals(connection: Connection, number: int) -> dict[int, tuple[Appeal, ...]]:
    """Result → its appeals, the oldest first."""
    of = contest_appeal.c
    query = select(of.result, of.id, of.filed_on, of.text, of.state, of.decided_on, of.decision, of.points)
    query = query.join(contest_result, contest_result.c.id == of.result).where(contest_result.c.contest == number)
    found: dict[int, tuple[Appeal, ...]] = {}
    for result, *rest in connection.execute(query.order_by(of.id)):
        found[result] = (*found.get(result, ()), Appeal(*rest))
    return found


def results(connection: Connection, of: Contest) -> dict[int, Line]:
    """Id of the result → the line as it was kept, group by group in the order of the places."""
    one = contest_result.c
    query = select(
        one.id, func.coalesce(one.unit, one.project), one.name, one.team, one.score, one.rank, one.star, one.flag,
        one.content,
    )  # fmt: skip
    found: dict[int, Line] = {}
    met: set[int | None] = {None}
    for number, whose, called, team, points, rank, star, flag, content in connection.execute(
        query.where(one.contest == of.id).order_by(one.id)
    ):
        subject = -number if whose in met else whose  # gone since, or merged with another one of the table
        met.add(whose)
        parts = tuple(map(_part, json.loads(content)))
        found[number] = Line(Subject(subject, called, team or ""), parts, points, rank, star or "", bool(flag))
    groups = {group: place for place, group in enumerate(dict.fromkeys(line.subject.group for line in found.values()))}
    order = sorted(found, key=lambda key: (groups[found[key].subject.group], found[key].rank, key))
    return {key: found[key] for key in order}


def as_kept(part: Part) -> dict[str, Any]:
    """A part as it is kept."""
    return {
        "code": part.code, "name": part.name, "kind": part.kind, "points": part.points,
        "how": part.how.as_json(), "room": part.room, "ids": list(part.ids),
    }  # fmt: skip


def _part(kept: Mapping[str, Any]) -> Part:
    how = text_from_json(kept["how"])
    return Part(kept["code"], kept["name"], kept["kind"], kept["points"], how, kept["room"], tuple(kept["ids"]))


# --- scoring from the book as it is ------------------------------------------------------------------------------------


def scored(
    connection: Connection, of: Contest, scheme: Scheme, entries: Mapping[tuple[str, int], tuple[int, str]]
) -> list[Line]:
    """Every competitor, scored from the figures of the period and from what was entered."""
    period = Period.parse(of.period, cut=settings.get(connection, "month.cut"))
    if scheme.subject == PROJECT:
        found = _projects(connection, scheme, period)
        data = _of_projects(connection, scheme, period, [one.id for one in found])
    else:
        found = competitors(connection, scheme)
        data = _of_units(connection, scheme, period, found)
    for item in scheme.items:
        if item.method == GIVEN:
            for one in found:
                if (item.code, one.id) in entries:
                    points, reason = entries[item.code, one.id]
                    data[item.code, one.id] = Datum(Fraction(points, MICRO), reason=reason)
    return score(scheme, found, data)


def competitors(connection: Connection, scheme: Scheme) -> list[Subject]:
    """The units that compete, in 建制顺序."""
    kinds = PLACES if scheme.subject == STREET else (DEPARTMENT_UNIT,)
    return [Subject(one.id, one.name, scheme.group_of(one.name)) for one in units(connection, kinds)]


def _of_units(
    connection: Connection, scheme: Scheme, period: Period, found: Sequence[Subject]
) -> dict[tuple[str, int], Datum]:
    asked = {(one.since, one.min_investment) for one in scheme.items if one.method != GIVEN}
    told = {
        (since, least): figures(
            connection, period.year_to_date() if since == YEAR else period, by=scheme.subject, min_investment=least,
            rows=True,
        )
        for since, least in sorted(asked, key=str)
    }  # fmt: skip
    behind = _Behind(connection, scheme.subject)
    shorts = {one.id: one.short for one in units(connection)}
    data: dict[tuple[str, int], Datum] = {}
    for item in scheme.items:
        if item.method == GIVEN:
            continue
        answer = told[item.since, item.min_investment]
        whole = answer["figures"].get(item.figure)
        if whole is None:
            raise Refused(_("There is no figure “{figure}”.", figure=item.figure))
        rows = whole["rows"] or {"room": "", "ids": ()}
        ids = behind.of(rows["room"], rows["ids"])
        for one in found:
            named = shorts[one.id] if scheme.subject == DEPARTMENT else one.name
            of_one = answer["by"].get(named, {})
            value = _value(of_one.get(item.figure))
            goal = _target(item, (one.name, shorts[one.id]), of_one)
            data[item.code, one.id] = Datum(
                None if value is None else value / item.scale, goal, rows["room"], tuple(ids.get(one.id, ()))
            )
    return data


def _value(found: Mapping[str, Any] | None) -> Fraction | None:
    """Exactly: a rate from its numerator and denominator."""
    if found is None or found["value"] is None:
        return None
    if found["denominator"] is not None and found["numerator"] is not None and Fraction(found["denominator"]):
        return Fraction(found["numerator"]) / Fraction(found["denominator"])
    return Fraction(found["value"])


def _target(item: Item, names: Sequence[str], of_one: Mapping[str, Any]) -> Fraction | None:
    said = next((item.targets[name] for name in names if name in item.targets), item.target)
    if said is not None:
        return said
    of_year = of_one.get(f"targets.{item.figure}.rate", {}).get("denominator")
    return None if of_year is None or not Fraction(of_year) else Fraction(of_year) / item.scale


class _Behind:
    """Whose the rows behind a figure are."""

    def __init__(self, connection: Connection, subject: str) -> None:
        self._connection, self._subject = connection, subject
        merged = connection.execute(select(unit.c.id, unit.c.merged_into).where(unit.c.merged_into.is_not(None)))
        self._merged = {row[0]: row[1] for row in merged}

    def of(self, room: str, ids: Sequence[int]) -> dict[int, list[int]]:
        """Unit → its rows among `ids`; none where the rows say no unit."""
        query = self._query(room)
        found: dict[int, list[int]] = {}
        if query is not None:
            number = next(iter(query.selected_columns))
            for some in bulk.chunks(list(ids)):
                for row, whose in self._connection.execute(query.where(number.in_(some)).order_by(number)):
                    found.setdefault(self._merged.get(whose, whose), []).append(row)
        return found

    def _query(self, room: str) -> Select[Any] | None:
        table = METADATA.tables.get(METADATA.info["rooms_tables"].get(room, ""))
        if room == "activities":
            return select(activity.c.id, activity.c.unit)
        if table is None:
            return None
        if self._subject in table.c:
            return select(table.c.id, table.c[self._subject])
        for column, of in (("project", project), ("company", company)):
            if column in table.c and self._subject in of.c:
                return select(table.c.id, of.c[self._subject]).join(of, of.c.id == table.c[column])
        return None


def _projects(connection: Connection, scheme: Scheme, period: Period) -> list[Subject]:
    """The projects that compete."""
    found: list[Subject] = []
    for some in bulk.chunks(projects_among(connection, scheme, period)):
        query = select(project.c.id, project.c.name).where(project.c.id.in_(some)).order_by(project.c.id)
        found += [Subject(row.id, row.name, scheme.group_of(row.name)) for row in connection.execute(query)]
    return found


def _of_projects(
    connection: Connection, scheme: Scheme, period: Period, ids: Sequence[int]
) -> dict[tuple[str, int], Datum]:
    data: dict[tuple[str, int], Datum] = {}
    for item in scheme.items:
        if item.method == GIVEN:
            continue
        if item.figure == OVERDUE:
            late = _overdue(connection, period.last, ids)
            data |= {
                (item.code, one): Datum(Fraction(len(late[one])) / item.scale, item.target, "five_ones", late[one])
                for one in ids if one in late
            }  # fmt: skip
            continue
        if item.figure not in FACTS:
            raise Refused(_("There is no figure “{figure}” of a project.", figure=item.figure))
        span = period.year_to_date() if item.since == YEAR else period
        sums = _sums(connection, FACTS[item.figure], span)
        for one in ids:
            value = None if sums.get(one) is None else Fraction(sums[one], 100) / item.scale
            data[item.code, one] = Datum(value, item.target, "projects", (one,))
    return data


def _overdue(connection: Connection, day: str, ids: Sequence[int]) -> dict[int, tuple[int, ...]]:
    """Project → its overdue milestones, of those that have milestones: without a plan nothing is kept in time."""
    found: dict[int, tuple[int, ...]] = {}
    for some in bulk.chunks(list(ids)):
        planned = select(milestone.c.project).where(milestone.c.project.in_(some)).distinct()
        found |= dict.fromkeys(connection.scalars(planned), ())
    for late in overdue(connection, day=day, ids=list(found)):
        found[late.project] = (*found[late.project], late.id)
    return found


def _sums(connection: Connection, measure: str, span: Period) -> dict[int, int]:
    """Project → hundredths of a yuan: of a measure in the months of the span, or what was agreed."""
    if not measure:
        amount: ColumnElement[Any] = agreed(literal(span.last))
        return {row[0]: row[1] for row in connection.execute(select(project.c.id, amount))}
    of, (low, high) = monthly_amount.c, span.whole_months()
    amount = func.sum(in_yuan(of.amount, of.currency, of.month + "-31"))
    query = select(of.project, amount).where(of.measure == measure, of.month.between(low, high)).group_by(of.project)
    return {row[0]: int(row[1] or 0) for row in connection.execute(query)}
