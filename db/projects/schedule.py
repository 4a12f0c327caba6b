"""Planned days beside actual ones, as a timeline shows them; planning anew."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, case, false, func, or_, select

from db.core import bulk, history
from db.core.tables import METADATA
from db.people.models import person
from db.projects.models import ACTIVE, planned_date, project, stage_event
from db.projects.stages import later_than, order, paths, stages

_AT_ONCE = 5_000  # projects counted in one statement
_YEARS = 12  # how far from today a day may lie and still make the timeline longer


@dataclass(frozen=True)
class Step:
    """A stage of a project.

    planned: its day; first: the day planned at first, where it is another. actual: the day on which it was reached,
    None where it was not or nobody knows the day (see `reached`).
    """

    stage: str
    planned: str | None = None
    first: str | None = None
    reached: bool = False
    actual: str | None = None


@dataclass(frozen=True)
class Course:
    """How one project went and is to go: its steps in order."""

    id: int
    name: str
    leader: str | None
    stage: str
    status: str
    steps: tuple[Step, ...]
    is_over: bool = False

    def overdue(self, today: str) -> tuple[Step, int] | None:
        """The first planned step that should have been reached, and by how many days it is late."""
        if self.status != ACTIVE:
            return None
        here = max((order(one.stage) for one in self.steps if one.reached), default=0)
        for one in self.steps:
            if one.planned and not one.reached and order(one.stage) > here and one.planned < today:
                return one, (_day(today) - _day(one.planned)).days
        return None


@dataclass(frozen=True)
class Tally:
    """How many planned days there are, how many of them were reached and how many are overdue."""

    planned: int
    reached: int
    overdue: int


def courses(connection: Connection, ids: Sequence[int], *, first: Mapping[int, str] | None = None) -> list[Course]:
    """The courses of these projects, in their order. first: what `first_plans` found."""
    planned = _by_project(connection, planned_date, planned_date.c.planned_on, ids)
    actual = _by_project(connection, stage_event, stage_event.c.happened_on, ids)
    ends = {key: path.steps[-1] for key, path in paths(connection).items() if path.steps}
    of = project.c
    query = select(of.id, of.name, person.c.name.label("leader"), of.stage, of.status, of.path)
    query = query.select_from(project.outerjoin(person, person.c.id == of.leader))
    found = {}
    for some in bulk.chunks(ids):
        for row in connection.execute(query.where(of.id.in_(list(some)))):
            steps = _steps(planned.get(row.id, {}), actual.get(row.id, {}), first or {})
            is_over = row.path in ends and order(row.stage) >= order(ends[row.path])
            found[row.id] = Course(*row[:5], steps, is_over)
    return [found[number] for number in ids if number in found]


_Days = Mapping[str, tuple[int, str | None]]


def _by_project(
    connection: Connection, table: Any, day: ColumnElement[Any], ids: Sequence[int]
) -> dict[int, dict[str, tuple[int, str | None]]]:
    """Project → stage → (id of the row, its day)."""
    found: dict[int, dict[str, tuple[int, str | None]]] = {}
    for some in bulk.chunks(ids):
        query = select(table.c.id, table.c.project, table.c.stage, day.label("day"))
        for row in connection.execute(query.where(table.c.project.in_(list(some)))):
            found.setdefault(row.project, {})[row.stage] = (row.id, row.day)
    return found


def _steps(planned: _Days, actual: _Days, first: Mapping[int, str]) -> tuple[Step, ...]:
    steps = []
    for stage in sorted({*planned, *actual}, key=order):
        row, day = planned.get(stage, (0, None))
        before = first.get(row)
        steps.append(
            Step(
                stage, day, before if before != day else None, stage in actual, actual.get(stage, (0, None))[1] or None
            )
        )
    return tuple(steps)


def first_plans(connection: Connection) -> dict[int, str]:
    """Row of `planned_date` → the day that stood there first, for all that were planned anew."""
    _operation, change = history.tables(METADATA)
    query = select(change.c.first_id, change.c.old).where(
        change.c.tbl == planned_date.name, change.c.kind == history.UPDATED
    )
    found: dict[int, str] = {}
    for row in connection.execute(query.order_by(change.c.id)):
        before = json.loads(row.old).get("planned_on")
        if before:
            found.setdefault(row.first_id, before)
    return found


def extent(connection: Connection, *, today: str) -> tuple[str, str]:
    """The first and the last day that a timeline must reach: of all planned and actual days, and today."""
    low, high = (str(int(today[:4]) + way) + today[4:] for way in (-_YEARS, _YEARS))
    days = [today]
    for column in (planned_date.c.planned_on, stage_event.c.happened_on):
        query = select(func.min(column), func.max(column)).where(column >= low, column <= high)
        days += [day for day in connection.execute(query).one() if day]
    return min(days), max(days)


def tally(connection: Connection, ids: Sequence[int], *, today: str) -> Tally:
    """What the planned days of these projects amount to."""
    plan, of = planned_date.c, project.c
    reached = or_(false(), *(and_(plan.stage == key, of.stage.in_([key, *later_than(key)])) for key in stages()))
    overdue = and_(plan.planned_on < today, of.status == ACTIVE, ~reached)
    sums = [func.coalesce(func.sum(case((what, 1), else_=0)), 0) for what in (reached, overdue)]
    query = select(func.count(), *sums).select_from(planned_date.join(project, of.id == plan.project))
    query = query.where(plan.planned_on.is_not(None))
    counts = [0, 0, 0]
    for some in bulk.chunks(ids, _AT_ONCE):
        row = connection.execute(query.where(plan.project.in_(list(some)))).one()
        counts = [before + int(more) for before, more in zip(counts, row, strict=True)]
    return Tally(*counts)


def _day(text: str) -> dt.date:
    return dt.date.fromisoformat(text[:10])
