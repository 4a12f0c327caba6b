"""What search finds issues by: their words, what was done about them, whom they concern."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Connection, or_, select

from db.companies.models import company
from db.core.own import own_field, own_value
from db.core.search_subjects import Further, Line, Subject
from db.core.text import _
from db.forum.models import STATE, forum_session, issue, issue_step

_LINKS = ("company", "department", "street")


def _own() -> ColumnElement[bool]:
    return own_value.c.field.in_(select(own_field.c.id).where(own_field.c.room == "forum"))


def _lines(connection: Connection, ids: Sequence[int]) -> list[Line]:
    of = issue.c
    query = select(of.id, of.text, company.c.name, forum_session.c.number, of.state).select_from(
        issue.join(company, company.c.id == of.company).outerjoin(forum_session, forum_session.c.id == of.session)
    )
    return [
        Line(row.id, row.text, (row.name, "" if row.number is None else str(row.number), STATE.label(row.state)), None)
        for row in connection.execute(query.where(of.id.in_(ids)))
    ]


def of_linked(connection: Connection, table: str, ids: Sequence[int]) -> list[int]:
    """The issues that are linked to any of these companies or units."""
    (subject,) = SEARCHED
    columns = [issue.c[name] for name in _LINKS if subject.target(name) == table]
    query = select(issue.c.id).where(or_(*(column.in_(ids) for column in columns))).order_by(issue.c.id)
    return list(connection.scalars(query)) if columns and ids else []


SEARCHED = (
    Subject(
        "forum",
        issue,
        _("Issues found"),
        _lines,
        ("text",),
        ("category", "handling", "remarks"),
        _LINKS,
        (Further(issue_step, "issue", "text"), Further(own_value, "record", "value", _own)),
    ),
)
