"""Node plans with a column a node: a row is a project, and under each milestone stands the day it is planned or was done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, select

from db.core import bulk
from db.core.columns import Columns
from db.core.errors import Refused
from db.core.fields import Day, Field, Words
from db.core.progress import Progress
from db.core.text import Text, _
from db.five_ones import schedule, service
from db.five_ones.models import milestone
from db.five_ones.sheet import set_values, without_project
from db.projects.models import project
from db.sheets.room import RoomSheet

ROOM = "node_plans"
_PLANNED, _ACTUAL = "planned_on", "actual_on"
# How ledgers call a milestone besides its name.
_ALSO: Mapping[str, tuple[str, ...]] = {
    "land": ("土地供应", "供地", "土地摘牌", "拿地", "用地手续", "土地手续", "土地出让", "用地审批"), "energy": ("节能", "能评"), "environment": ("环境影响评价", "环评批复"),
    "filing": ("立项备案", "项目备案"), "planning_permit": ("规划许可证",), "building_permit": ("施工许可证",),
    "topping_out": ("封顶",), "statistics": ("入统", "纳统"),
}  # fmt: skip
_SAID = {
    _PLANNED: ("", "计划", "计划时间", "计划完成", "计划完成时间", "计划日期", "节点"),
    _ACTUAL: ("实际", "实际时间", "实际完成", "实际完成时间", "完成", "完成时间", "完成情况"),
}  # fmt: skip


def _fields() -> tuple[Field, ...]:
    names = {step.key: step.name for one in schedule.delivered().values() for step in one.steps}
    made = [Field("project", _("Project name"), Words(), ("项目名称", "项目", "重点项目"), "facts")]
    for key, name in names.items():
        called = (name, *_ALSO.get(key, ()))
        for which, label in (
            (_PLANNED, _("{milestone}, planned", milestone=name)),
            (_ACTUAL, _("{milestone}, done", milestone=name)),
        ):
            aliases = [one + said for one in called for said in _SAID[which]]
            aliases += [("计划" if which == _PLANNED else "实际") + one for one in called]
            made.append(Field(f"{key}.{which}", label, Day(), tuple(aliases), "facts"))
    return tuple(made)


FIELDS = _fields()
_NAMES = {step.key: step.name for one in schedule.delivered().values() for step in one.steps}


def _projects(connection: Connection) -> list[dict[str, Any]]:
    query = select(project.c.id, project.c.name.label("project")).order_by(project.c.id)
    return [dict(row) for row in connection.execute(query).mappings()]


def _stones(connection: Connection, ids: Sequence[int]) -> dict[tuple[int, str], Any]:
    """(project, key of a step) → its milestone, by key or by the name of the step."""
    of = milestone.c
    key_of = {name: key for key, name in _NAMES.items()}
    found: dict[tuple[int, str], Any] = {}
    for some in bulk.chunks(list(ids)):
        query = select(of.id, of.project, of.key, of.name, of.planned_on, of.actual_on).where(of.project.in_(some))
        for row in connection.execute(query.order_by(of.position.desc(), of.id.desc())):
            key = row.key if row.key in _NAMES else key_of.get(row.name)
            if key is not None:
                found[row.project, key] = row
    return found


def _now(connection: Connection, ids: Sequence[int], keys: Sequence[str]) -> dict[int, dict[str, Any]]:
    stones = _stones(connection, ids)
    found: dict[int, dict[str, Any]] = {number: {} for number in ids}
    for number in ids:
        for key in keys:
            step, _dot, which = key.partition(".")
            row = stones.get((number, step))
            if row is not None and which:
                found[number][key] = getattr(row, which)
    return found


def _no_new_projects(connection: Connection, columns: Columns, progress: Progress) -> Sequence[int]:
    names = list(dict.fromkeys(str(name) for name in columns["project"]))
    raise Refused(_("The book has no project called {names}. Enter it first; nothing was changed.", names=names[:5]))


def _write(connection: Connection, cells: Sequence[tuple[int, str, Any]]) -> None:
    """Days of milestones that are there; those that are not are added, with the name of their step."""
    stones = _stones(connection, list({number for number, _key, _value in cells}))
    new: dict[tuple[int, str], dict[str, Any]] = {}
    known: list[tuple[int, str, Any]] = []
    for number, cell, value in cells:
        step, _dot, which = cell.partition(".")
        row = stones.get((number, step))
        if row is not None and which:
            known.append((row.id, which, value))
        elif which and value is not None:
            fresh = {"project": number, "key": step, "name": _NAMES[step]}
            new.setdefault((number, step), fresh)[which] = value
    if new:
        service.add_milestones(connection, list(new.values()))
    set_values(connection, known)


def _anything(columns: Columns) -> Mapping[int, Mapping[str, Text]]:
    return {}


WIDE_SHEET = RoomSheet(
    room=ROOM,
    label=_("Node plans, a column a milestone"),
    fields=FIELDS,
    monthly=frozenset(),
    logs=frozenset(),
    identity=(("project",),),
    required=("project",),
    whole_sheet=(),
    existing=_projects,
    current=_now,
    insert=_no_new_projects,
    update=_write,
    check=_anything,
    table=milestone.name,
    lacks=without_project,
)
