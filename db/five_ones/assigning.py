"""Assigning by name, as people type it: who is not known becomes known, who has left office leads nothing any more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, select

from db.core.errors import Refused
from db.core.text import Text, _
from db.five_ones import service
from db.five_ones.models import HEAD, LEADER
from db.people.models import person
from db.people.queries import names_of_people, plain_name, terms
from db.people.service import person_ids

REASONS: Sequence[Text] = (_("Changed post"), _("Work divided anew"), _("Entered by mistake"))


def person_for(connection: Connection, name: str, role: str, *, day: str, field: str = "person") -> int:
    """The person of a name for a role on a day. A leader must be on the list of leaders, and in office."""
    wanted = plain_name(name)
    if not wanted:
        raise Refused(fields={field: _("Say who. Nothing was changed.")})
    if role != LEADER:
        return person_ids(connection, [wanted])[wanted]
    of = person.c
    query = select(of.id).where(of.name == wanted, of.is_leader == 1).order_by(of.position, of.id).limit(1)
    number: int | None = connection.scalar(query)
    if number is None:
        said = _("“{name}” is not on the list of leaders. Add the name there first; nothing was changed.", name=wanted)
        raise Refused(fields={field: said})
    known = terms(connection).get(number, [])
    if known and not any(one.holds(day) for one in known):
        last = max((one.until or "" for one in known), default="")
        said = _(
            "{name} is not in office on {day} (until {last}). Nothing was changed.", name=wanted, day=day, last=last
        )
        raise Refused(fields={field: said})
    return number


def known_person(connection: Connection, name: str, *, field: str = "who") -> int:
    """The person of a name; refused where nobody is called so."""
    wanted = plain_name(name)
    number = names_of_people(connection).get(wanted) if wanted else None
    if number is None:
        raise Refused(fields={field: _("Nobody in this book is called “{name}”. Nothing was changed.", name=wanted)})
    return number


def assign_named(
    connection: Connection, numbers: Sequence[int], role: str, name: str, *, since: str, until: str | None = None,
    reason: str | None = None,
) -> None:  # fmt: skip
    """`service.assign` by name."""
    who = person_for(connection, name, role, day=since)
    service.assign(connection, numbers, role, who, since=since, until=until, reason=reason)


def set_force(connection: Connection, number: int, head: str, members: str, *, since: str) -> None:
    """The task force by names. members: one line each, the name first, then what they see to."""
    who = person_for(connection, head, HEAD, day=since, field="head")
    named = dict(_member(line) for line in members.splitlines() if line.strip())
    if not named:
        raise Refused(fields={"members": _("A task force needs at least one member. Nothing was changed.")})
    ids = person_ids(connection, named)
    duties: Mapping[int, str | None] = {ids[name]: duty for name, duty in named.items()}
    service.set_task_force(connection, number, who, duties, since=since)


def _member(line: str) -> tuple[str, str | None]:
    for mark in ("：", ":", "，", ",", "、", "\t", "\u3000"):
        line = line.replace(mark, " ")
    name, _space, duty = line.strip().partition(" ")
    return plain_name(name), duty.strip() or None


def hand_over_named(
    connection: Connection, who: int, to: str, *, on: str, reason: str | None = None,
    numbers: Sequence[int] | None = None,
) -> int:  # fmt: skip
    """`service.hand_over` by name; who takes over a leader's projects must be a leader in office."""
    leads = connection.scalar(select(person.c.is_leader).where(person.c.id == who))
    taker = person_for(connection, to, LEADER if leads else HEAD, day=on, field="to")
    return service.hand_over(connection, who, taker, on=on, reason=reason, numbers=numbers)


__all__ = ["REASONS", "assign_named", "hand_over_named", "known_person", "person_for", "set_force"]
