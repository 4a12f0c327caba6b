"""Beside the issues: sessions and who came, visits, finance stewards, policies sent to enterprises."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, delete, select, update

from db.companies.service import company_ids
from db.core import bulk
from db.core.errors import Refused
from db.core.text import _
from db.forum.models import attendance, forum_session, issue, policy, policy_sent, steward_case, visit


def add_session(connection: Connection, number: int, *, on: str, **facts: str | None) -> int:
    """A session: theme, place, leaders, departments, agenda, minutes may be said. Refused where the year has this number."""
    if number < 1:
        raise Refused(fields={"number": _("Sessions are numbered from 1.")})
    of = forum_session.c
    same = select(of.id).where(of.number == number, of.held_on.between(f"{on[:4]}-01-01", f"{on[:4]}-12-31"))
    if connection.scalar(same) is not None:
        raise Refused(
            fields={"number": _("There is already a session {number} in {year}.", number=number, year=on[:4])}
        )
    (new,) = bulk.take_ids(connection, forum_session, 1)
    connection.execute(forum_session.insert().values(id=new, number=number, held_on=on, **facts))
    return new


def set_session(connection: Connection, session: int, /, **facts: Any) -> None:
    """Change facts of a session."""
    connection.execute(update(forum_session).where(forum_session.c.id == session).values(**facts))


def delete_session(connection: Connection, number: int) -> None:
    """Delete a session nobody raised anything at; refused where there are issues."""
    if connection.scalar(select(issue.c.id).where(issue.c.session == number).limit(1)) is not None:
        raise Refused(_("Issues were raised at this session; move or delete them first."))
    connection.execute(delete(attendance).where(attendance.c.session == number))
    connection.execute(delete(forum_session).where(forum_session.c.id == number))


def invite(
    connection: Connection, session: int, companies: Iterable[str], *, attended: bool | None = None
) -> list[int]:
    """Put enterprises on the list of a session, by name, and whether they came; those on it already stay, with that."""
    known = company_ids(connection, [(name, None) for name in companies])
    ids = list(dict.fromkeys(known.values()))
    of = attendance.c
    there = set(connection.scalars(select(of.company).where(of.session == session)))
    came = None if attended is None else int(attended)
    if came is not None:
        again = [one for one in ids if one in there]
        connection.execute(update(attendance).where(of.session == session, of.company.in_(again)).values(attended=came))
    rows = [(session, one, came) for one in ids if one not in there]
    bulk.insert(connection, attendance, ("session", "company", "attended"), rows)
    return ids


def add_visit(
    connection: Connection, company: str, *, on: str, requested: bool = False, done: bool = True, **facts: Any
) -> int:
    """A visit to an enterprise, planned or made; `requested`: the enterprise asked for it."""
    number = company_ids(connection, [(company, None)])[company, None]
    (new,) = bulk.take_ids(connection, visit, 1)
    cells = {"id": new, "company": number, "on_day": on, "requested": int(requested), "done": int(done)}
    connection.execute(visit.insert().values(cells | facts))
    return new


def set_visit(connection: Connection, number: int, **facts: Any) -> None:
    """Change facts of a visit; `company` and `unit` are ids."""
    if facts:
        connection.execute(update(visit).where(visit.c.id == number).values(**facts))


def delete_visit(connection: Connection, number: int) -> None:
    """Delete a visit; refused where issues were raised on it."""
    if connection.scalar(select(issue.c.id).where(issue.c.visit == number).limit(1)) is not None:
        raise Refused(_("Issues were raised on this visit; move or delete them first."))
    connection.execute(delete(visit).where(visit.c.id == number))


def add_steward_case(
    connection: Connection, company: str, *, need: str | None = None, wanted: int | None = None, **facts: Any
) -> int:
    """A need of money that a finance steward looks after; amounts in hundredths of a yuan.

    facts: steward, raised_on, bank, product, obtained_on, obtained, remarks. What was obtained needs its day, and a day
    its amount.
    """
    _refuse_amounts(wanted, facts)
    number = company_ids(connection, [(company, None)])[company, None]
    (new,) = bulk.take_ids(connection, steward_case, 1)
    connection.execute(steward_case.insert().values(id=new, company=number, need=need, wanted=wanted, **facts))
    return new


def obtained(connection: Connection, case: int, *, on: str, amount: int, bank: str | None = None) -> None:
    """What an enterprise got in the end."""
    facts: dict[str, Any] = {"obtained_on": on, "obtained": amount}
    _refuse_amounts(None, facts)
    facts |= {"bank": bank} if bank else {}
    connection.execute(update(steward_case).where(steward_case.c.id == case).values(**facts))


def set_steward_case(connection: Connection, number: int, **facts: Any) -> None:
    """Change facts of a need of money."""
    of = steward_case.c
    row = connection.execute(select(of.obtained, of.obtained_on).where(of.id == number)).mappings().one_or_none()
    if row is None:
        raise Refused(_("It is gone; nothing was changed. Look at the list again."))
    _refuse_amounts(facts.get("wanted"), dict(row) | facts)
    if facts:
        connection.execute(update(steward_case).where(of.id == number).values(**facts))


def delete_steward_case(connection: Connection, number: int) -> None:
    """Delete a need of money."""
    connection.execute(delete(steward_case).where(steward_case.c.id == number))


def _refuse_amounts(wanted: int | None, facts: Mapping[str, Any]) -> None:
    if (wanted or 0) < 0 or (facts.get("obtained") or 0) < 0:
        raise Refused(fields={"obtained": _("An amount cannot be below zero.")})
    if (facts.get("obtained") is None) != (facts.get("obtained_on") is None):
        raise Refused(fields={"obtained": _("Say both the amount obtained and its day.")})


def add_policy(connection: Connection, name: str, **facts: str | None) -> int:
    """A policy that enterprises may use: number, summary, tags, scale, issued_on, until."""
    if not name.strip():
        raise Refused(fields={"name": _("A policy needs a name.")})
    (new,) = bulk.take_ids(connection, policy, 1)
    connection.execute(policy.insert().values(id=new, name=name.strip(), **facts))
    return new


def set_policy(connection: Connection, number: int, **facts: str | None) -> None:
    """Change facts of a policy."""
    if "name" in facts and not (facts["name"] or "").strip():
        raise Refused(fields={"name": _("A policy needs a name.")})
    if facts:
        connection.execute(update(policy).where(policy.c.id == number).values(**facts))


def delete_policy(connection: Connection, number: int) -> None:
    """Delete a policy, and that it was sent; undo brings both back."""
    connection.execute(delete(policy_sent).where(policy_sent.c.policy == number))
    connection.execute(delete(policy).where(policy.c.id == number))


def send_policy(
    connection: Connection, number: int, companies: Sequence[int], *, on: str, author: str | None = None,
    channel: str | None = None,
) -> list[int]:  # fmt: skip
    """Note that a policy was sent to enterprises; those who got it that day already are left out. Gives the new ones."""
    row = connection.execute(select(policy.c.name, policy.c.until).where(policy.c.id == number)).one_or_none()
    if row is None:
        raise Refused(_("There is no such policy."))
    if row.until and on > row.until:
        raise Refused(_("“{policy}” could be asked for until {day} only.", policy=row.name, day=row.until))
    of = policy_sent.c
    there = set(connection.scalars(select(of.company).where(of.policy == number, of.sent_on == on)))
    rows = [(number, one, on, author, channel) for one in dict.fromkeys(companies) if one not in there]
    bulk.insert(connection, policy_sent, ("policy", "company", "sent_on", "author", "channel"), rows)
    return [row[1] for row in rows]
