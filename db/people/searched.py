"""What search finds units and people by."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, select

from db.core.search_subjects import Further, Line, Subject
from db.core.text import _
from db.people.models import UNIT_KIND, person, person_name, unit, unit_name


def _units(connection: Connection, ids: Sequence[int]) -> list[Line]:
    query = select(unit.c.id, unit.c.name, unit.c.kind).where(unit.c.id.in_(ids))
    return [Line(row.id, row.name, (UNIT_KIND.label(row.kind),)) for row in connection.execute(query)]


def _people(connection: Connection, ids: Sequence[int]) -> list[Line]:
    query = select(person.c.id, person.c.name, person.c.title, unit.c.name.label("unit"))
    query = query.join_from(person, unit, person.c.unit == unit.c.id, isouter=True).where(person.c.id.in_(ids))
    return [Line(row.id, row.name, (row.title or "", row.unit or "")) for row in connection.execute(query)]


SEARCHED = (
    Subject(
        "people", unit, _("Units"), _units, ("name", "short_name"),
        further=(Further(unit_name, "unit", "name", name=True),),
    ),
    Subject(
        "people", person, _("People"), _people, ("name",), ("title", "phone"),
        further=(Further(person_name, "person", "name", name=True),),
    ),
)  # fmt: skip
