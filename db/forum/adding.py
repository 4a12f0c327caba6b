"""New issues, many at once: what an import, a paste and the capture page hand in becomes rows of the right tables.

A row is field key → stored value; links travel as names. Only the enterprise and the text are asked for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, select

from db.companies.service import company_ids
from db.core import bulk, own
from db.core.columns import Columns, of_rows, size
from db.core.errors import Refused
from db.core.progress import SILENT, Progress
from db.core.text import Text, _
from db.forum import six_columns
from db.forum.courses import add_steps, chain_of
from db.forum.models import ROOM, forum_session, issue, issue_support
from db.forum.rules import Standing, Steps, replay
from db.forum.writing import names_in, session_ids, streets_of
from db.people.models import DEPARTMENT, STREET
from db.people.service import unit_ids

Row = Mapping[str, Any]

_PLAIN = ("category", "raised_on", "remarks", "visit", "kind")
_TOLD_EVERY = 2_000
_NEEDED: Mapping[str, Text] = {
    "company": _("An issue needs its enterprise."),
    "text": _("An issue needs its text."),
}


def add_issues(connection: Connection, rows: Sequence[Row]) -> list[int]:
    """Add issues; gives their ids in the order of the rows."""
    return list(add_columns(connection, of_rows(rows)))


def add_columns(connection: Connection, columns: Columns, progress: Progress = SILENT) -> range:
    """Add issues that are given column by column; gives their ids in that order.

    Unknown enterprises, departments and sessions are added. `session` is its number, `session_id` its id; the place is
    that of the enterprise where none is said, the day that of the session.
    """
    count = size(columns)
    for wrong in refused(columns).values():
        raise Refused(fields=wrong)
    ids = bulk.take_ids(connection, issue, count)
    cells = _cells(connection, columns, count)
    courses = _courses(connection, columns, ids, cells["department"], progress)
    standings = [replay(courses.get(number, ())) for number in ids]
    stored = zip(*standings, strict=True) if standings else [()] * len(Standing._fields)
    whole = cells | dict(zip(Standing._fields, stored, strict=True))
    bulk.write_new(connection, issue, ("id", *whole), zip(ids, *whole.values(), strict=True), ids=ids)
    add_steps(connection, courses)
    _add_support(connection, ids, columns)
    for key in columns:
        if key.startswith(own.PREFIX):
            own.add_values(connection, ROOM, key[len(own.PREFIX) :], zip(ids, columns[key], strict=True))
    progress.step(count, count, _("Writing {done} of {total}", done=count, total=count))
    return ids


def refused(columns: Columns) -> dict[int, dict[str, Text]]:
    """Rows that cannot be: without enterprise or text, resolved before they were assigned; place → key → why."""
    found: dict[int, dict[str, Text]] = {}
    count = size(columns)
    for key, why in _NEEDED.items():
        for place, value in enumerate(columns.get(key) or [None] * count):
            if not str(value or "").strip():
                found.setdefault(place, {})[key] = why
    days = [columns.get(key) or [None] * count for key in ("assigned_on", "due_on", "resolved_on")]
    for place, (assigned, due, done) in enumerate(zip(*days, strict=True)):
        if assigned and due and due < assigned:
            why = _("The deadline {due} lies before {day}.", due=due, day=assigned)
            found.setdefault(place, {})["due_on"] = why
        if assigned and done and done < assigned:
            why = _(
                "Resolved on {done}, before it was assigned on {day}: one of them is wrong.", done=done, day=assigned
            )
            found.setdefault(place, {})["resolved_on"] = why
    return found


def _cells(connection: Connection, columns: Columns, count: int) -> dict[str, Sequence[Any]]:
    """The columns of the issues' own table, links as ids."""
    nothing = [None] * count
    names = [str(name).strip() for name in columns["company"]]
    known = company_ids(connection, [(name, None) for name in names])
    companies = [known[name, None] for name in names]
    cells: dict[str, Sequence[Any]] = {key: columns[key] for key in _PLAIN if key in columns}
    cells |= {"company": companies, "text": [str(text).strip() for text in columns["text"]]}
    units = unit_ids(connection, filter(None, columns.get("department") or ()), kind=DEPARTMENT)
    cells["department"] = [units.get(name or "") for name in columns.get("department") or nothing]
    places = unit_ids(connection, filter(None, columns.get("street") or ()), kind=STREET)
    homes = streets_of(connection, sorted(set(companies)))
    said = columns.get("street") or nothing
    cells["street"] = [places.get(name) if name else homes.get(one) for name, one in zip(said, companies, strict=True)]
    days = columns.get("raised_on") or nothing
    numbers = columns.get("session") or nothing
    pairs = list(zip(numbers, days, strict=True))
    sessions = session_ids(connection, [(number, day) for number, day in pairs if number is not None])
    ids = columns.get("session_id") or nothing
    cells["session"] = [
        given if given is not None else sessions.get(pair) for given, pair in zip(ids, pairs, strict=True)
    ]  # fmt: skip
    held = _held_on(connection, cells["session"])
    assigned = columns.get("assigned_on") or nothing
    cells["raised_on"] = [
        day or held.get(one) or other for day, one, other in zip(days, cells["session"], assigned, strict=True)
    ]
    return cells


def _held_on(connection: Connection, sessions: Sequence[int | None]) -> dict[int | None, str | None]:
    """Session → its day."""
    found: dict[int | None, str | None] = {}
    for some in bulk.chunks(sorted({one for one in sessions if one is not None})):
        query = select(forum_session.c.id, forum_session.c.held_on).where(forum_session.c.id.in_(some))
        found |= {row.id: row.held_on for row in connection.execute(query)}
    return found


def _courses(
    connection: Connection, columns: Columns, ids: range, units: Sequence[int | None], progress: Progress
) -> dict[int, Steps]:
    """Issue → its first steps, of those whose columns say any."""
    given = {key: columns[key] for key in six_columns.COLUMNS if key in columns}
    if not given:
        return {}
    chain, found = chain_of(connection), {}
    for at, number in enumerate(ids):
        if at % _TOLD_EVERY == 0:
            progress.step(at, len(ids), _("Writing {done} of {total}", done=at, total=len(ids)))
        row = {key: column[at] for key, column in given.items()}
        if steps := six_columns.written(row, unit=units[at], chain=chain, on=None):
            found[number] = steps
    return found


def _add_support(connection: Connection, ids: range, columns: Columns) -> None:
    said = {
        number: names_in(value) for number, value in zip(ids, columns.get("support") or [None] * len(ids), strict=True)
    }
    known = unit_ids(connection, (name for names in said.values() for name in names), kind=DEPARTMENT)
    rows = [(number, one) for number, names in said.items()
            for one in dict.fromkeys(known[name] for name in names if name in known)]  # fmt: skip
    bulk.insert(connection, issue_support, ("issue", "unit"), rows)
