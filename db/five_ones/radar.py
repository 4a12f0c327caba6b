"""The stale-data radar: projects whose data look untended, of all of them or of some. What looks so say the rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, and_, func, not_, or_, select

from db.core.period import months_before
from db.five_ones import expressions as sql
from db.five_ones import rules
from db.five_ones.rules import Stale
from db.projects.models import FIXED_DONE, monthly_amount, planned_date, progress_entry, project
from db.projects.stages import later_than, stages

REPEATED_MONTHS = 2
_MANY = 500  # asked for by their ids up to so many, else all are read at once


def all_stale(connection: Connection, *, day: str, ids: Sequence[int] | None = None) -> dict[int, tuple[Stale, ...]]:
    """Project → what the radar sees on a day; only of those that go on and are not in production."""
    suspects = _suspects(connection, day)
    if ids is not None:
        suspects &= set(ids)
    going = sql.going_on(day) & or_(project.c.produced_on.is_(None), project.c.produced_on > day)
    stage_of = dict(map(tuple, connection.execute(select(project.c.id, project.c.stage).where(going))))
    some = sorted(suspects & stage_of.keys())
    entries, plans, shares = _entries(connection, day, some), _plans(connection, some), _shares(connection, day, some)
    found: dict[int, tuple[Stale, ...]] = {}
    for number in some:
        seen = rules.stale(
            entries.get(number, ()), today=day, months=REPEATED_MONTHS, passed=plans.get(number, {}),
            reached=_reached(stage_of[number]), shares=shares.get(number, ()),
        )  # fmt: skip
        if seen:
            found[number] = tuple(seen)
    return found


def _suspects(connection: Connection, day: str) -> set[int]:
    """The projects that can have anything: most have nothing, and their log need not be read."""
    entry, plan, amount = progress_entry.c, planned_date.c, monthly_amount.c
    substantive = sql.substantive(day).subquery("said")
    new = [*substantive.c]
    last = select(entry.project, func.max(entry.on_day).label("day")).where(entry.on_day <= day)
    newest = last.group_by(entry.project).subquery("newest")
    repeated = select(newest.c.project).join(substantive, new[0] == newest.c.project)
    repeated = repeated.where(new[1] < newest.c.day, new[1] <= months_before(day, REPEATED_MONTHS))
    known = stages()
    not_yet = or_(*(and_(plan.stage == key, project.c.stage.not_in([key, *later_than(key)])) for key in known))
    passed = select(plan.project).join(project, project.c.id == plan.project).where(plan.planned_on < day, not_yet)
    whole = func.coalesce(project.c.total_investment, project.c.agreed_investment)
    jumped = select(amount.project).join(project, project.c.id == amount.project)
    jumped = jumped.where(amount.measure == FIXED_DONE, not_(amount.amount.between(0, whole / 2)))
    return {number for query in (repeated, passed, jumped) for number in connection.scalars(query)}


def _reached(stage: str) -> set[str]:
    return {key for key in stages() if key == stage or stage in later_than(key)}


def _some(connection: Connection, query: Any, column: Any, ids: Sequence[int]) -> Any:
    if len(ids) <= _MANY:
        return connection.execute(query.where(column.in_(ids)))
    return connection.execute(query)


def _entries(connection: Connection, day: str, ids: Sequence[int]) -> Mapping[int, list[tuple[str | None, str]]]:
    of, found = progress_entry.c, dict[int, list[tuple[str | None, str]]]()
    query = select(of.project, of.on_day, of.text).where(of.on_day <= day).order_by(of.id)
    for number, on_day, text in _some(connection, query, of.project, ids):
        found.setdefault(number, []).append((on_day, text))
    return found


def _plans(connection: Connection, ids: Sequence[int]) -> Mapping[int, dict[str, str | None]]:
    of, found = planned_date.c, dict[int, dict[str, str | None]]()
    for number, stage, planned in _some(connection, select(of.project, of.stage, of.planned_on), of.project, ids):
        found.setdefault(number, {})[stage] = planned
    return found


def _shares(connection: Connection, day: str, ids: Sequence[int]) -> Mapping[int, list[tuple[str, int]]]:
    """Fixed assets done so far by month, per cent of the whole."""
    of, found, done = monthly_amount.c, dict[int, list[tuple[str, int]]](), dict[int, int]()
    whole = func.coalesce(project.c.total_investment, project.c.agreed_investment)
    query = select(of.project, of.month, func.sum(of.amount), whole).join(project, project.c.id == of.project)
    query = query.where(of.measure == FIXED_DONE, of.month <= day[:7], whole > 0)
    for number, month, amount, total in _some(
        connection, query.group_by(of.project, of.month, whole).order_by(of.project, of.month), of.project, ids
    ):
        done[number] = done.get(number, 0) + int(amount or 0)
        found.setdefault(number, []).append((month, done[number] * 100 // int(total)))
    return found
