"""What search finds projects by: all their words, their log, the book's own fields, and whom they are linked to."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Connection, func, or_, select

from db.core.own import own_field, own_value
from db.core.search_subjects import Further, Line, Subject
from db.core.text import _
from db.people.models import unit
from db.projects.models import progress_entry, project, recognition
from db.projects.stages import STAGE_CHOICE

_LINKS = ("investor", "street", "department", "leader", "reported_by")


def _own() -> ColumnElement[bool]:
    return own_value.c.field.in_(select(own_field.c.id).where(own_field.c.room == "projects"))


def _lines(connection: Connection, ids: Sequence[int]) -> list[Line]:
    of = project.c
    query = select(of.id, of.name, of.code, unit.c.name.label("street"), of.stage, of.agreed_investment)
    query = query.join_from(project, unit, of.street == unit.c.id, isouter=True).where(of.id.in_(ids))
    return [
        Line(row.id, row.name, (row.code or "", row.street or "", STAGE_CHOICE.label(row.stage)), row.agreed_investment)
        for row in connection.execute(query)
    ]


def of_linked(connection: Connection, table: str, ids: Sequence[int]) -> list[int]:
    """The projects that are linked to any of these companies, units or people."""
    (subject,) = SEARCHED
    columns = [project.c[name] for name in _LINKS if subject.target(name) == table]
    query = select(project.c.id).where(or_(*(column.in_(ids) for column in columns))).order_by(project.c.id)
    return list(connection.scalars(query)) if columns and ids else []


def count_linked(connection: Connection, table: str, ids: Sequence[int]) -> dict[int, int]:
    """How many projects each of these companies, units or people is linked to; the first link that leads there counts."""
    (subject,) = SEARCHED
    column = next((project.c[name] for name in _LINKS if subject.target(name) == table), None)
    if column is None or not ids:
        return {}
    query = select(column, func.count()).where(column.in_(ids)).group_by(column)
    return {row[0]: row[1] for row in connection.execute(query)}


SEARCHED = (
    Subject(
        "projects",
        project,
        _("Projects found"),
        _lines,
        ("name", "contact_name"),
        (
            "code", "contact_phone", "contact_post", "agreement_number", "minutes_number", "industry", "chain",
            "content", "source_place", "site", "lead_source", "referrer", "task_force", "demands", "blocker",
            "problems", "next_step", "permits", "policy_promises", "fund", "remarks",
        ),
        _LINKS,
        (
            Further(progress_entry, "project", "text"),
            Further(recognition, "project", "number"),
            Further(own_value, "record", "value", _own),
        ),
    ),
)  # fmt: skip
