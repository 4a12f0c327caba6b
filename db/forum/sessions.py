"""Sessions as a list, who is invited to one and who came, and whom to invite; read, and written as a form says.

A row is field key → stored value; `id` with it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, func, select, update

from db.companies.models import company
from db.core.errors import Refused
from db.core.fields import Day, Field, Whole, Words
from db.core.text import _
from db.forum import serving
from db.forum.models import DONE, OPEN, attendance, forum_session, issue
from db.forum.queries import Invitation, to_invite
from db.per_mu.models import company_year, metric

Row = Mapping[str, Any]

SESSION_FIELDS: tuple[Field, ...] = (
    Field("number", _("Number of the session"), Whole("期")),
    Field("held_on", _("Day of the session"), Day()),
    Field("theme", _("Theme"), Words()),
    Field("place", _("Place of the session"), Words()),
    Field("leaders", _("Leaders who take part"), Words(tags=True)),
    Field("departments", _("Departments that take part"), Words(tags=True)),
    Field("agenda", _("Agenda"), Words(long=True)),
    Field("minutes", _("Minutes"), Words(long=True)),
)
_GROWING, _LOOKED_AT = 20, 400  # per cent of revenue from which growth is high; how many are looked at for it
_i = issue.c


def session_rows(connection: Connection) -> list[Row]:
    """The sessions, the newest first: `guests` invited, `came`, `issues`, `closed` (resolved), `open`."""
    of, at = forum_session.c, attendance.c
    there = select(at.session, func.count().label("guests"), func.count().filter(at.attended == 1).label("came"))
    invited = there.group_by(at.session).subquery()
    raised = select(
        _i.session, func.count().label("issues"), func.count().filter(_i.state.in_(DONE)).label("closed"),
        func.count().filter(_i.state.in_(OPEN)).label("open"),
    )  # fmt: skip
    asked = raised.where(_i.session.is_not(None)).group_by(_i.session).subquery()
    counts = [func.coalesce(invited.c[key], 0).label(key) for key in ("guests", "came")]
    counts += [func.coalesce(asked.c[key], 0).label(key) for key in ("issues", "closed", "open")]
    query = select(forum_session, *counts).select_from(
        forum_session.outerjoin(invited, invited.c.session == of.id).outerjoin(asked, asked.c.session == of.id)
    )
    query = query.order_by(func.coalesce(of.held_on, "9").desc(), of.number.desc(), of.id.desc())
    return [dict(row) for row in connection.execute(query).mappings()]


def next_number(connection: Connection, year: str) -> int:
    """The number after the last one of a year."""
    of = forum_session.c
    here = connection.scalar(select(func.max(of.number)).where(of.held_on.between(f"{year}-01-01", f"{year}-12-31")))
    return int(here or 0) + 1


def put_session(connection: Connection, number: int, facts: Row) -> int:
    """Write what a form says of a session; number: 0 for a new one. Gives its id."""
    told = dict(facts)
    for key in ("number", "held_on"):
        if (not number or key in told) and not told.get(key):
            why = _("Say which number it has.") if key == "number" else _("Say on which day.")
            raise Refused(fields={key: why})
    if number:
        _refuse_same(connection, number, told)
        if told:
            serving.set_session(connection, number, **told)
        return number
    return serving.add_session(connection, int(told.pop("number")), on=told.pop("held_on"), **told)


def _refuse_same(connection: Connection, session: int, told: Row) -> None:
    """Refused where another session of the year has this number."""
    of = forum_session.c
    row = connection.execute(select(of.number, of.held_on).where(of.id == session)).one_or_none()
    if row is None:
        raise Refused(_("The session is gone; nothing was changed. Look at the list again."))
    number, day = int(told.get("number", row.number)), str(told.get("held_on", row.held_on) or "")
    if number < 1:
        raise Refused(fields={"number": _("Sessions are numbered from 1.")})
    same = select(of.id).where(
        of.number == number, of.id != session, of.held_on.between(f"{day[:4]}-01-01", f"{day[:4]}-12-31")
    )
    if connection.scalar(same) is not None:
        raise Refused(
            fields={"number": _("There is already a session {number} in {year}.", number=number, year=day[:4])}
        )


# --- who comes -------------------------------------------------------------------------------------------------------


def guests(connection: Connection, session: int) -> list[Row]:
    """Who is invited: `company` (id), `name`, `attended`, `people`, `remarks`, `issues` raised at this session."""
    at = attendance.c
    asked = (
        select(func.count())
        .where(_i.session == session, _i.company == at.company)
        .correlate(attendance)
        .scalar_subquery()
    )
    query = select(at.id, at.company, company.c.name, at.attended, at.people, at.remarks, asked.label("issues")).join(
        company, company.c.id == at.company
    )
    return [dict(row) for row in connection.execute(query.where(at.session == session).order_by(at.id)).mappings()]


def set_guest(connection: Connection, row: int, **facts: Any) -> None:
    """Change what is said of one who is invited: `attended` (1, 0 or None), `people`, `remarks`."""
    connection.execute(update(attendance).where(attendance.c.id == row).values(**facts))


def take_off(connection: Connection, row: int) -> None:
    """Take an enterprise off the list; refused where it raised something at the session."""
    at = attendance.c
    raised = select(_i.id).join(attendance, (at.session == _i.session) & (at.company == _i.company)).where(at.id == row)
    if connection.scalar(raised.limit(1)) is not None:
        raise Refused(_("It raised an issue at this session; it stays on the list."))
    connection.execute(delete(attendance).where(at.id == row))


@dataclass(frozen=True)
class Proposal:
    """An enterprise that should be invited. growth: of its revenue in its last year, in per cent; None: not known."""

    of: Invitation
    growth: int | None

    @property
    def growing(self) -> bool:
        """Whether it grows fast."""
        return self.growth is not None and self.growth >= _GROWING


def proposals(connection: Connection, session: int, *, today: str, most: int = 50) -> list[Proposal]:
    """Whom to invite who is not invited yet: open issues first, then who grows fast, then who was not met for longest."""
    invited = set(connection.scalars(select(attendance.c.company).where(attendance.c.session == session)))
    found = [one for one in to_invite(connection, today=today, limit=_LOOKED_AT) if one.company not in invited]
    growth = _growth(connection, [one.company for one in found])
    made = [Proposal(one, growth.get(one.company)) for one in found]
    return sorted(made, key=lambda one: (-one.of.open, not one.growing, one.of.met_on or ""))[:most]


def _growth(connection: Connection, companies: Sequence[int]) -> dict[int, int]:
    """Enterprise → by how many per cent its revenue grew from the year before to its last one."""
    of = company_year.c
    query = (
        select(of.company, metric.c.value).join(metric, metric.c.entry == of.id)
        .where(of.half == 0, metric.c.key == "revenue", of.company.in_(companies)).order_by(of.company, of.year.desc())
    )  # fmt: skip
    values: dict[int, list[int]] = {}
    for row in connection.execute(query):
        values.setdefault(row.company, []).append(row.value)
    return {one: (now[0] - now[1]) * 100 // now[1] for one, now in values.items() if len(now) > 1 and now[1] > 0}
