"""How a project's facts are written, one writer a sort of fact: (id, value) pairs in, rows of the right table out.

Links are written by name: a unit, person or company that nobody knows is added.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table, and_, delete, select

from db.companies.models import company
from db.companies.rules import plain_code
from db.companies.service import company_ids, set_facts
from db.core import bulk, settings
from db.core.errors import Refused
from db.core.history import from_micros
from db.core.tables import METADATA
from db.core.text import _
from db.core.updating import update_column
from db.people.models import DEPARTMENT, STREET, person
from db.people.service import person_ids, unit_ids
from db.projects import rules
from db.projects.models import (
    CNY,
    monthly_amount,
    planned_date,
    progress_entry,
    project,
    recognition,
    status_event,
)
from db.projects.stages import later_than
from db.projects.standing import UNKNOWN, events_of, put_events

Pairs = Sequence[tuple[int, Any]]
Write = Callable[[Connection, Pairs], None]

_ZONE = dt.timezone(dt.timedelta(hours=8))


def column(name: str) -> Write:
    """A column of the project itself."""

    def write(connection: Connection, pairs: Pairs) -> None:
        for wrong in rules.refused_amounts({name: [value for _number, value in pairs]}).values():
            raise Refused(fields=wrong)
        update_column(connection, project, name, pairs)

    return write


def name(connection: Connection, pairs: Pairs) -> None:
    """A project cannot lose its name."""
    if any(not str(value or "").strip() for _number, value in pairs):
        raise Refused(fields={"name": _("A project needs a name.")})
    update_column(connection, project, "name", [(number, str(value).strip()) for number, value in pairs])


def source_place(connection: Connection, pairs: Pairs) -> None:
    """Where the money comes from; inside, outside the province or overseas follows from it."""
    province = settings.get(connection, "district.province")
    update_column(connection, project, "source_place", pairs)
    kinds = [(number, rules.source_kind(value, province)) for number, value in pairs]
    update_column(connection, project, "source_kind", kinds)


def contact(connection: Connection, pairs: Pairs) -> None:
    """Name and phone typed in one cell."""
    split = [(number, *rules.split_contact(str(value or ""))) for number, value in pairs]
    update_column(connection, project, "contact_name", [(number, who) for number, who, _phone in split])
    update_column(connection, project, "contact_phone", [(number, phone) for number, _who, phone in split])


def unit_link(name: str) -> Write:
    """A department or a place, by name."""

    def write(connection: Connection, pairs: Pairs) -> None:
        kind = STREET if name == "street" else DEPARTMENT
        known = unit_ids(connection, [value for _number, value in pairs if value], kind=kind)
        update_column(connection, project, name, [(number, known.get(value)) for number, value in pairs])

    return write


def leader(connection: Connection, pairs: Pairs) -> None:
    """The leader, by name; rooms above that keep from when to when follow."""
    known = person_ids(connection, [value for _number, value in pairs if value], is_leader=True)
    named = [(number, known.get(value)) for number, value in pairs]
    update_column(connection, project, "leader", named)
    _tell_above(connection, "leader", dict(named))


def liaison(connection: Connection, pairs: Pairs) -> None:
    """The liaison officer, in words; of whom the book knows, rooms above that keep from when to when are told."""
    update_column(connection, project, "liaison", pairs)
    wanted, known = sorted({value for _number, value in pairs if value}), dict[str, int]()
    for some in bulk.chunks(wanted):
        query = select(person.c.name, person.c.id).where(person.c.name.in_(some))
        known |= dict(map(tuple, connection.execute(query)))
    _tell_above(connection, "liaison", {number: known.get(value) for number, value in pairs})


def _tell_above(connection: Connection, role: str, named: Mapping[int, int | None]) -> None:
    for follow in METADATA.info.get("people_named", ()):
        follow(connection, role, named)


def investor(connection: Connection, pairs: Pairs) -> None:
    """The company that invests, by name."""
    known = company_ids(connection, [(value, None) for _number, value in pairs if value])
    update_column(connection, project, "investor", [(number, known.get((value, None))) for number, value in pairs])


def of_investor(name: str) -> Write:
    """A fact of the company that invests; refused where the project has none yet."""

    def write(connection: Connection, pairs: Pairs) -> None:
        owners = _investors(connection, [number for number, _value in pairs])
        if any(owners.get(number) is None for number, value in pairs if value is not None):
            raise Refused(fields={name: _("Name the investor first.")})
        values = {owner: value for number, value in pairs if (owner := owners.get(number)) is not None}
        if name == "credit_code":
            _free_codes(connection, values)
            values = {owner: plain_code(value) for owner, value in values.items()}
        set_facts(connection, name, values)

    return write


def _investors(connection: Connection, ids: Sequence[int]) -> dict[int, int | None]:
    found: dict[int, int | None] = {}
    for some in bulk.chunks(list(ids)):
        query = select(project.c.id, project.c.investor).where(project.c.id.in_(some))
        found |= {row.id: row.investor for row in connection.execute(query)}
    return found


def _free_codes(connection: Connection, values: dict[int, Any]) -> None:
    owners = {code: owner for owner, value in values.items() if (code := plain_code(value)) is not None}
    for at in range(0, len(owners), 500):
        some = list(owners)[at : at + 500]
        query = select(company.c.id, company.c.name, company.c.credit_code).where(company.c.credit_code.in_(some))
        for row in connection.execute(query):
            if owners[row.credit_code] != row.id:
                raise Refused(fields={"credit_code": _("{name} already has this credit code.", name=row.name)})


def reached(stage: str) -> Write:
    """The day a stage was reached: writing it is the move; emptying it takes the stage back."""

    def write(connection: Connection, pairs: Pairs) -> None:
        put_events(connection, [(number, stage, value) for number, value in pairs])

    return write


def stage(connection: Connection, pairs: Pairs) -> None:
    """The stage itself: reached, day not known; the stages after it are taken back."""
    events = events_of(connection, [number for number, _stage in pairs])
    cells: list[tuple[int, str, str | None]] = []
    for number, wanted in pairs:
        if wanted is None:
            raise Refused(fields={"stage": _("A project is always at some stage.")})
        if wanted not in events[number]:
            cells.append((number, wanted, UNKNOWN))
        cells += [(number, later, None) for later in later_than(wanted) if later in events[number]]
    put_events(connection, cells)


def status(connection: Connection, pairs: Pairs) -> None:
    """The status, with the day on which it changed: that of the operation."""
    changed = [(number, value) for number, value in pairs if value]
    update_column(connection, project, "status", changed)
    today = written_on(connection)
    rows = [(number, value, today) for number, value in changed]
    bulk.insert(connection, status_event, ("project", "status", "happened_on"), rows)


def recognised(stage: str, level: str, name: str) -> Write:
    """A column of the recognition of a stage at a level; one without date, number and amount is none."""

    def write(connection: Connection, pairs: Pairs) -> None:
        of = recognition.c
        same = and_(of.stage == stage, of.level == level)
        known = _present(connection, recognition, [number for number, _value in pairs], same)
        update_column(connection, recognition, name, [(known[n], value) for n, value in pairs if n in known])
        new = [(n, stage, level, value) for n, value in pairs if n not in known and value is not None]
        bulk.insert(connection, recognition, ("project", "stage", "level", name), new)
        empty = and_(of.recognised_on.is_(None), of.number.is_(None), of.amount.is_(None))
        for some in bulk.chunks([known[n] for n, value in pairs if value is None and n in known]):
            connection.execute(delete(recognition).where(of.id.in_(some), empty))

    return write


def planned(stage: str) -> Write:
    """The day a stage is planned for."""

    def write(connection: Connection, pairs: Pairs) -> None:
        same = planned_date.c.stage == stage
        known = _present(connection, planned_date, [number for number, _value in pairs], same)
        for some in bulk.chunks([known[n] for n, value in pairs if value is None and n in known]):
            connection.execute(delete(planned_date).where(planned_date.c.id.in_(some)))
        present = [(known[n], value) for n, value in pairs if value is not None and n in known]
        update_column(connection, planned_date, "planned_on", present)
        new = [(n, stage, value) for n, value in pairs if value is not None and n not in known]
        bulk.insert(connection, planned_date, ("project", "stage", "planned_on"), new)

    return write


def amount(measure: str, month: str, *, origin: str = "") -> Write:
    """What is kept of one month."""

    def write(connection: Connection, pairs: Pairs) -> None:
        of = monthly_amount.c
        same = and_(of.measure == measure, of.month == month, of.origin == origin)
        known = _present(connection, monthly_amount, [number for number, _value in pairs], same)
        for some in bulk.chunks([known[n] for n, value in pairs if value is None and n in known]):
            connection.execute(delete(monthly_amount).where(of.id.in_(some)))
        present = [(known[n], value) for n, value in pairs if value is not None and n in known]
        update_column(connection, monthly_amount, "amount", present)
        new = [
            (n, month, measure, origin, value, currency_of(measure))
            for n, value in pairs
            if value is not None and n not in known
        ]
        names = ("project", "month", "measure", "origin", "amount", "currency")
        bulk.insert(connection, monthly_amount, names, new)

    return write


def currency_of(measure: str) -> str:
    """Foreign capital used is kept in US dollars, everything else in yuan."""
    return "USD" if measure == "foreign_used" else CNY


def progress(connection: Connection, pairs: Pairs) -> None:
    """A new entry of the log, dated with the day of the operation. The entries before it stay."""
    today = written_on(connection)
    rows = [(number, today, str(text).strip()) for number, text in pairs if text and str(text).strip()]
    bulk.insert(connection, progress_entry, ("project", "on_day", "text"), rows)


def written_on(connection: Connection) -> str | None:
    """The day of the operation under way, in the book's zone; None outside of one."""
    number = connection.info.get("operation")
    if number is None:
        return None
    operation = METADATA.tables["operation"]
    at = connection.scalar(select(operation.c.at).where(operation.c.number == number))
    return from_micros(at).astimezone(_ZONE).date().isoformat() if at is not None else None


def _present(connection: Connection, table: Table, ids: Sequence[int], same: Any) -> dict[int, int]:
    """Project → id of the row of `table` that satisfies `same`."""
    found: dict[int, int] = {}
    for some in bulk.chunks(list(ids)):
        query = select(table.c.project, table.c.id).where(table.c.project.in_(some), same)
        found |= {row.project: row.id for row in connection.execute(query)}
    return found
