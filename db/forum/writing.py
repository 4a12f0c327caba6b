"""How an issue's facts are written, one writer a sort of fact: (id, value) pairs in, rows of the right table out.

Links are written by name: a company or a department that nobody knows is added.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, delete, select

from db.companies.models import company
from db.companies.service import company_ids
from db.core import bulk
from db.core.errors import Refused
from db.core.text import _
from db.core.updating import update_column
from db.forum import six_columns
from db.forum.courses import chain_of, put_steps, steps_of
from db.forum.models import forum_session, issue, issue_support
from db.people.models import DEPARTMENT, STREET
from db.people.service import unit_ids
from db.projects.writing import written_on

Pairs = Sequence[tuple[int, Any]]
Write = Callable[[Connection, Pairs], None]
Session = tuple[int, str | None]  # number and day


def column(name: str) -> Write:
    """A column of the issue itself."""

    def write(connection: Connection, pairs: Pairs) -> None:
        update_column(connection, issue, name, pairs)

    return write


def text(connection: Connection, pairs: Pairs) -> None:
    """An issue cannot lose what it is about."""
    if any(not str(value or "").strip() for _number, value in pairs):
        raise Refused(fields={"text": _("An issue needs its text.")})
    update_column(connection, issue, "text", [(number, str(value).strip()) for number, value in pairs])


def company_link(connection: Connection, pairs: Pairs) -> None:
    """The enterprise, by name."""
    if any(not str(value or "").strip() for _number, value in pairs):
        raise Refused(fields={"company": _("An issue needs its enterprise.")})
    known = company_ids(connection, [(value, None) for _number, value in pairs])
    update_column(connection, issue, "company", [(number, known[value, None]) for number, value in pairs])


def unit_link(name: str) -> Write:
    """The department or the place, by name; a unit that became part of another is that other."""

    def write(connection: Connection, pairs: Pairs) -> None:
        kind = STREET if name == "street" else DEPARTMENT
        known = unit_ids(connection, [value for _number, value in pairs if value], kind=kind)
        update_column(connection, issue, name, [(number, known.get(value)) for number, value in pairs])

    return write


def support(connection: Connection, pairs: Pairs) -> None:
    """The departments that help, several with 、 between."""
    of = issue_support.c
    wanted = {number: names_in(value) for number, value in pairs}
    known = unit_ids(connection, (name for names in wanted.values() for name in names), kind=DEPARTMENT)
    ids = {
        number: list(dict.fromkeys(known[name] for name in names if name in known)) for number, names in wanted.items()
    }
    there: dict[int, dict[int, int]] = {number: {} for number in ids}
    for some in bulk.chunks(list(ids)):
        for row in connection.execute(select(of.id, of.issue, of.unit).where(of.issue.in_(some))):
            there[row.issue][row.unit] = row.id
    gone = [row for number, units in there.items() for unit, row in units.items() if unit not in ids[number]]
    for some in bulk.chunks(gone):
        connection.execute(delete(issue_support).where(of.id.in_(some)))
    rows = [(number, unit) for number, units in ids.items() for unit in units if unit not in there[number]]
    bulk.insert(connection, issue_support, ("issue", "unit"), rows)


def names_in(value: str | None) -> list[str]:
    """The names in a cell: 区住建局、区数据局 are two."""
    bare = str(value or "")
    for mark in "，,；;/\n":
        bare = bare.replace(mark, "、")
    return [name for part in bare.split("、") if (name := part.strip())]


def session(connection: Connection, pairs: Pairs) -> None:
    """The session at which it was raised, by its number."""
    days = _raised(connection, [number for number, _value in pairs])
    wanted = [(value, days.get(number)) for number, value in pairs if value is not None]
    known = session_ids(connection, wanted)
    cells = [(number, None if value is None else known[value, days.get(number)]) for number, value in pairs]
    update_column(connection, issue, "session", cells)


def _raised(connection: Connection, ids: Sequence[int]) -> dict[int, str | None]:
    found: dict[int, str | None] = {}
    for some in bulk.chunks(list(ids)):
        found |= {
            row[0]: row[1]
            for row in connection.execute(select(issue.c.id, issue.c.raised_on).where(issue.c.id.in_(some)))
        }
    return found


def session_ids(connection: Connection, wanted: Iterable[Session]) -> dict[Session, int]:
    """(number, day) → session; numbers may begin anew every year. One that is not there yet is added."""
    of = forum_session.c
    known: dict[int, list[tuple[int, str | None]]] = {}
    for row in connection.execute(select(of.id, of.number, of.held_on).order_by(of.id)):
        known.setdefault(row.number, []).append((row.id, row.held_on))
    found: dict[Session, int] = {}
    dated: list[tuple[int, str]] = []
    for number, day in sorted(set(wanted), key=lambda one: (one[0], one[1] or "9")):
        same = [(row, on) for row, on in known.get(number, []) if not day or not on or on[:4] == day[:4]]
        if not same:
            (new,) = bulk.insert(connection, forum_session, ("number", "held_on"), [(number, day)])
            known.setdefault(number, []).append((new, day))
            same = [(new, day)]
        chosen, on = same[-1]
        if day and not on:
            dated.append((chosen, day))
            known[number] = [(one, day if one == chosen else its) for one, its in known[number]]
        found[number, day] = chosen
    update_column(connection, forum_session, "held_on", dated)
    return found


def step(key: str) -> Write:
    """One of the six columns: what it means for the steps of the issue."""

    def write(connection: Connection, pairs: Pairs) -> None:
        put_typed(connection, {number: {key: value} for number, value in pairs})

    return write


def put_typed(connection: Connection, cells: Mapping[int, Mapping[str, Any]], *, on: str | None = None) -> None:
    """Several of the six columns of several issues; refused where they cannot stand together.

    on: the day of what has none of its own; that of the operation where it is not said.
    """
    courses, units = steps_of(connection, list(cells)), _departments(connection, list(cells))
    chain, today = chain_of(connection), on or written_on(connection)
    for number, values in cells.items():
        steps = courses[number]
        for key in (one for one in six_columns.COLUMNS if one in values):
            steps = six_columns.typed(steps, key, values[key], unit=units.get(number), chain=chain, on=today)
        if wrong := six_columns.refused(steps):
            raise Refused(fields=wrong)
        courses[number] = steps
    put_steps(connection, courses)


def _departments(connection: Connection, ids: Sequence[int]) -> dict[int, int | None]:
    found: dict[int, int | None] = {}
    for some in bulk.chunks(list(ids)):
        query = select(issue.c.id, issue.c.department).where(issue.c.id.in_(some))
        found |= {row[0]: row[1] for row in connection.execute(query)}
    return found


def streets_of(connection: Connection, companies: Sequence[int]) -> dict[int, int | None]:
    """Company → the place in which it sits."""
    found: dict[int, int | None] = {}
    for some in bulk.chunks(list(companies)):
        query = select(company.c.id, company.c.street).where(company.c.id.in_(some))
        found |= {row[0]: row[1] for row in connection.execute(query)}
    return found
