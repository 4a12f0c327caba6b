"""How a project's facts are read: SQL expressions beside the table `project`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, Text, bindparam, case, func, select

from db.companies.models import company
from db.core.fields import Apart
from db.core.sqlfunc import days_between
from db.people.models import person, unit
from db.projects.models import (
    monthly_amount,
    planned_date,
    progress_entry,
    project,
    recognition,
    stage_event,
)

Read = Callable[[], ColumnElement[Any]]


def column(name: str) -> Read:
    """A column of the project itself."""
    return lambda: project.c[name]


def of_investor(name: str) -> Read:
    """A fact of the company that invests."""
    return lambda: select(company.c[name]).where(company.c.id == project.c.investor).scalar_subquery()


def unit_called(name: str) -> Read:
    """The name of the unit in this column."""
    return lambda: select(unit.c.name).where(unit.c.id == project.c[name]).scalar_subquery()


def unit_place(name: str) -> Read:
    """The unit's place in 建制顺序."""
    return lambda: select(unit.c.position).where(unit.c.id == project.c[name]).scalar_subquery()


def person_called(name: str) -> Read:
    """The name of the person in this column."""
    return lambda: select(person.c.name).where(person.c.id == project.c[name]).scalar_subquery()


def person_place(name: str) -> Read:
    """The person's place in 领导排序."""
    return lambda: select(person.c.position).where(person.c.id == project.c[name]).scalar_subquery()


def reached(stage: str) -> Read:
    """The day a stage was reached; of the signing the project's own row tells it."""
    if stage == "signed":
        return lambda: func.nullif(project.c.signed_on, "")

    return _of_one(stage_event, "happened_on", stage=stage)


def _of_one(table: Table, name: str, **told_apart_by: str) -> Apart:
    """A column of the one row that a project may have among these."""

    def rows() -> Select[Any]:
        among = (table.c[key] == value for key, value in told_apart_by.items())
        return select(table.c.project, table.c[name]).where(*among)

    def one() -> ColumnElement[Any]:
        return rows().with_only_columns(table.c[name]).where(table.c.project == project.c.id).scalar_subquery()

    return Apart(one, rows)


def recognised(stage: str, level: str, name: str) -> Read:
    """A column of the recognition of a stage at a level."""
    return _of_one(recognition, name, stage=stage, level=level)


def planned(stage: str) -> Read:
    """The day a stage is planned for."""
    return _of_one(planned_date, "planned_on", stage=stage)


def amount(measure: str, month: str | None = None, *, origin: str | None = None) -> Read:
    """What was kept by month: of one month, or of all months together; of one origin, or of all."""
    of = monthly_amount.c

    def rows() -> Select[Any]:
        query = select(of.project, of.amount).where(of.measure == measure)
        if month is not None:
            query = query.where(of.month == month)
        return query if origin is None else query.where(of.origin == origin)

    def one() -> ColumnElement[Any]:
        return rows().with_only_columns(func.sum(of.amount)).where(of.project == project.c.id).scalar_subquery()

    return Apart(one, rows, several=True)


def newest_progress() -> ColumnElement[Any]:
    """The newest entry of the log."""
    entry = progress_entry.c
    query = select(entry.text).where(entry.project == project.c.id)
    return query.order_by(func.coalesce(entry.on_day, "").desc(), entry.id.desc()).limit(1).scalar_subquery()


def contact() -> ColumnElement[Any]:
    """Name and phone of the contact in one cell."""
    name, phone = project.c.contact_name, project.c.contact_phone
    both = name + " " + phone
    return func.coalesce(both, name, phone)


def days_in_stage() -> ColumnElement[Any]:
    """Days since the present stage was reached, until the parameter `today`."""
    query = select(stage_event.c.happened_on)
    since = query.where(stage_event.c.project == project.c.id, stage_event.c.stage == project.c.stage).scalar_subquery()
    return days_between(since, bindparam("today", type_=Text()))


def stage_order() -> ColumnElement[Any]:
    """The place of the stage on the way from lead to capacity."""
    from db.projects.stages import stages

    return case({key: one.order for key, one in stages().items()}, value=project.c.stage, else_=0)
