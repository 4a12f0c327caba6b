"""The facts of a kept result, described once: who, in which contest, with what place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, func, select

from db.contests.models import contest, contest_result
from db.core.fields import Day, Field, Link, Metric, Whole, Words
from db.core.text import _
from db.people.models import unit
from db.projects.models import project

_TO_MICRO = 10**6  # scores are kept in 10⁻¹²

Read = Callable[[], ColumnElement[Any]]


def _of_contest(name: str) -> Read:
    return lambda: select(contest.c[name]).where(contest.c.id == contest_result.c.contest).scalar_subquery()


def _unit() -> ColumnElement[Any]:
    return select(unit.c.name).where(unit.c.id == contest_result.c.unit).scalar_subquery()


def _unit_place() -> ColumnElement[Any]:
    return select(unit.c.position).where(unit.c.id == contest_result.c.unit).scalar_subquery()


def _project() -> ColumnElement[Any]:
    return select(project.c.name).where(project.c.id == contest_result.c.project).scalar_subquery()


CONTEST_FIELDS: tuple[Field, ...] = (
    Field("contest", _("Contest"), Words(), ("评比名称",), read=_of_contest("name")),
    Field("period", _("Period"), Words(), ("评比期",), read=_of_contest("period")),
    Field("unit", _("Unit"), Link("people", "unit"), ("参评单位",), read=_unit, sort=_unit_place),
    Field("project", _("Project name"), Link("projects", "project"), ("参评项目",), read=_project),
    Field("team", _("Group"), Words(), ("组别",), read=lambda: func.coalesce(contest_result.c.team, "")),
    Field("rank", _("Place in the group"), Whole(), ("组内名次",), read=lambda: contest_result.c.rank, adds_up=False),
    Field("score", _("Score"), Metric("分"), ("评比得分",), read=lambda: contest_result.c.score // _TO_MICRO, adds_up=False),
    Field("star", _("Star"), Words(), ("星级",), read=lambda: contest_result.c.star),
    Field("frozen_on", _("Frozen on"), Day(), (), read=_of_contest("frozen_on")),
    Field("published_on", _("Published on"), Day(), (), read=_of_contest("published_on")),
)  # fmt: skip
