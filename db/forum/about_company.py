"""What the forum tells of one company: its issues, visits, financing through stewards, policies sent to it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, select

from db.companies.about import Line, Part
from db.core.fields import Field, Money
from db.core.text import Text, _
from db.forum.models import (
    SATISFACTION,
    STATE,
    attendance,
    forum_session,
    issue,
    policy,
    policy_sent,
    steward_case,
    visit,
)
from db.people.models import unit

_OBTAINED = Field("obtained", _("Amount obtained"), Money())


def issues(connection: Connection, number: int) -> Sequence[Part]:
    """Its issues and the sessions it was at, the newest first."""
    of = issue.c
    query = select(of.id, of.text, of.state, of.satisfaction, of.raised_on, unit.c.name).select_from(
        issue.outerjoin(unit, unit.c.id == of.department)
    )
    found = connection.execute(query.where(of.company == number).order_by(of.raised_on.desc(), of.id.desc()))
    told = tuple(
        Line(
            row.text, _said(STATE.label(row.state), row.name, SATISFACTION.label(row.satisfaction) if row.satisfaction else ""),
            row.raised_on or "", record=("forum", row.id),
        )
        for row in found
    )  # fmt: skip
    at, held = attendance.c, forum_session.c
    sessions = connection.execute(
        select(held.number, held.held_on, held.theme, at.attended).join(forum_session, held.id == at.session)
        .where(at.company == number).order_by(held.held_on.desc())
    )  # fmt: skip
    came = tuple(
        Line(
            _("Session {number}", number=row.number),
            _said(_("invited, did not come") if row.attended == 0 else "", row.theme), row.held_on or "",
        )
        for row in sessions
    )  # fmt: skip
    return (
        Part(_("Issues"), told, _("It raised no issue.")),
        Part(_("Sessions"), came, _("It was at no session.")),
    )


def service(connection: Connection, number: int) -> Sequence[Part]:
    """Visits, financing, policies, the newest first."""
    return (
        Part(_("Visits"), _visits(connection, number), _("Nobody visited it yet.")),
        Part(_("Financing"), _financing(connection, number), _("No need for financing is written down.")),
        Part(_("Policies sent"), _policies(connection, number), _("No policy was sent to it.")),
    )


def _visits(connection: Connection, number: int) -> tuple[Line, ...]:
    of = visit.c
    query = select(of.on_day, of.visitors, of.purpose, of.done, unit.c.name).select_from(
        visit.outerjoin(unit, unit.c.id == of.unit)
    )
    return tuple(
        Line(row.visitors or row.name or _("Visit"), _said(row.purpose, "" if row.done else _("planned")), row.on_day)
        for row in connection.execute(query.where(of.company == number).order_by(of.on_day.desc(), of.id.desc()))
    )


def _financing(connection: Connection, number: int) -> tuple[Line, ...]:
    of = steward_case.c
    query = select(steward_case).where(of.company == number).order_by(of.raised_on.desc(), of.id.desc())
    return tuple(
        Line(
            row.need or _("Financing"), _said(row.bank, row.product, row.steward), row.obtained_on or row.raised_on or "",
            (_OBTAINED, row.obtained) if row.obtained is not None else None,
        )
        for row in connection.execute(query)
    )  # fmt: skip


def _policies(connection: Connection, number: int) -> tuple[Line, ...]:
    of = policy_sent.c
    query = select(policy.c.name, policy.c.number, of.sent_on, of.author, of.channel).join(
        policy, policy.c.id == of.policy
    )
    return tuple(
        Line(row.name, _said(row.number, row.channel, row.author), row.sent_on)
        for row in connection.execute(query.where(of.company == number).order_by(of.sent_on.desc(), of.id.desc()))
    )


def _said(*facts: Text | str | None) -> tuple[Text | str, ...]:
    return tuple(one for one in facts if one)
