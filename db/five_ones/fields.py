"""The facts of a milestone, and what this room tells of a project: its light, n of five, the next milestone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Text, bindparam, func, select, update

from db.core import bulk, settings
from db.core.errors import Refused
from db.core.fields import Day, Field, Link, Whole, Words
from db.core.headings import headings
from db.core.text import _
from db.core.updating import update_column
from db.five_ones.models import LIGHT, LINE, milestone
from db.five_ones.schedule import MAIN
from db.people.models import unit
from db.people.service import unit_ids
from db.projects.models import project

_m = milestone.c
Pairs = Sequence[tuple[int, Any]]


def _column(name: str) -> Callable[[], ColumnElement[Any]]:
    return lambda: milestone.c[name]


def _write(name: str) -> Callable[[Connection, Pairs], None]:
    def write(connection: Connection, pairs: Pairs) -> None:
        update_column(connection, milestone, name, pairs)

    return write


def _write_name(connection: Connection, pairs: Pairs) -> None:
    if any(not str(value or "").strip() for _number, value in pairs):
        raise Refused(fields={"name": _("A milestone needs a name.")})
    update_column(connection, milestone, "name", [(number, str(value).strip()) for number, value in pairs])


def _write_planned(connection: Connection, pairs: Pairs) -> None:
    """What is done keeps its plan; the first plan stays beside the new one."""
    chunks = list(bulk.chunks([number for number, _value in pairs]))
    for ids in chunks:
        done = connection.execute(select(_m.name).where(_m.id.in_(ids), _m.actual_on.is_not(None))).first()
        if done is not None:
            raise Refused(fields={"planned_on": _("“{name}” is done; its plan stays as it was.", name=done.name)})
    update_column(connection, milestone, "planned_on", pairs)
    for ids in chunks:
        first = update(milestone).where(_m.id.in_(ids), _m.first_planned_on.is_(None))
        connection.execute(first.values(first_planned_on=_m.planned_on))


def _write_line(connection: Connection, pairs: Pairs) -> None:
    update_column(connection, milestone, "line", [(number, value or MAIN) for number, value in pairs])


def _write_weight(connection: Connection, pairs: Pairs) -> None:
    from db.five_ones.service import weigh

    weigh(connection, {number: int(value or 0) for number, value in pairs})


def _write_unit(connection: Connection, pairs: Pairs) -> None:
    known = unit_ids(connection, [value for _number, value in pairs if value])
    update_column(connection, milestone, "unit", [(number, known.get(value)) for number, value in pairs])


def _of_project(name: str) -> Callable[[], ColumnElement[Any]]:
    return lambda: select(project.c[name]).where(project.c.id == _m.project).scalar_subquery()


def _unit_name() -> ColumnElement[Any]:
    return select(unit.c.name).where(unit.c.id == _m.unit).scalar_subquery()


def _unit_place() -> ColumnElement[Any]:
    return select(unit.c.position).where(unit.c.id == _m.unit).scalar_subquery()


_aliases = headings("milestones")

MILESTONE_FIELDS: tuple[Field, ...] = (
    Field(
        "project", _("Project name"), Link("projects", "project"), _aliases("project"), "facts",
        _of_project("name"),
    ),
    Field("name", _("Milestone"), Words(), _aliases("name"), "facts", _column("name"), _write_name),
    Field(
        "planned_on", _("Planned on"), Day(), _aliases("planned_on"), "facts",
        _column("planned_on"), _write_planned,
    ),
    Field("forecast_on", _("Forecast on"), Day(), _aliases("forecast_on"), "facts", _column("forecast_on"), _write("forecast_on")),
    Field(
        "actual_on", _("Done on"), Day(), _aliases("actual_on"), "facts",
        _column("actual_on"), _write("actual_on"),
    ),
    Field("unit", _("Responsible unit"), Link("people", "unit"), _aliases("unit"), "facts", _unit_name, _write_unit, _unit_place),
    Field("weight", _("Weight"), Whole(), _aliases("weight"), "facts", _column("weight"), _write_weight),
    Field("line", _("Line"), LINE, _aliases("line"), "facts", lambda: func.coalesce(_m.line, MAIN), _write_line),
    Field("first_planned_on", _("First planned on"), Day(), (), "facts", _column("first_planned_on")),
    Field("reason", _("Reason for re-planning"), Words(), _aliases("reason"), "facts", _column("reason"), _write("reason")),
    Field("remarks", _("Remarks"), Words(long=True), _aliases("remarks"), "facts", _column("remarks"), _write("remarks")),
)  # fmt: skip


# --- told of a project -----------------------------------------------------------------------------------------------


def _today() -> ColumnElement[Any]:
    return bindparam("today", type_=Text())


def _next(name: str) -> Callable[[], ColumnElement[Any]]:
    def read() -> ColumnElement[Any]:
        query = select(_m[name]).where(_m.project == project.c.id, _m.actual_on.is_(None))
        return query.order_by(_m.planned_on.nulls_last(), _m.position, _m.id).limit(1).scalar_subquery()

    return read


def project_fields(connection: Connection) -> tuple[Field, ...]:
    """What the ledger of projects shows from here, by the rules of this book."""
    from db.five_ones import reading

    rules, days = reading.presets(connection), reading.follow_up_days(connection)

    def light() -> ColumnElement[Any]:
        from db.five_ones import expressions as sql

        return sql.colour(rules, _today())

    def count() -> ColumnElement[Any]:
        from db.five_ones import expressions as sql

        return sql.ones(_today(), days)

    def late() -> ColumnElement[Any]:
        from db.five_ones import expressions as sql

        return sql.own(sql.sums(_today()), 5)

    def led() -> ColumnElement[Any]:
        from db.five_ones import expressions as sql

        return sql.members(_today())

    called = settings.get(connection, "five_ones.name")
    return (
        Field("light", _("Light"), LIGHT, ("亮灯", "亮灯情况", "灯"), "stage", light),
        Field("five_ones", _("{name}: how many of five", name=called), Whole(), (), "people", count, adds_up=False),
        Field("next_milestone", _("Next milestone"), Words(), (), "stage", _next("name")),
        Field("next_milestone_on", _("Next milestone planned on"), Day(), (), "stage", _next("planned_on")),
        Field("milestones_overdue", _("Milestones overdue"), Whole(), (), "stage", late),
        Field("task_force_members", _("Members of the task force"), Whole("人"), (), "people", led, adds_up=False),
    )
