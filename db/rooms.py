"""The list of rooms and what each contributes. Importing it loads every table, so that a book is whole."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Table

from db.companies.fields import COMPANY_FIELDS
from db.companies.models import company
from db.core import calendar, own, settings
from db.core.fields import Field
from db.core.reversal import Conflict
from db.core.tables import METADATA
from db.core.text import Text, _
from db.overview.models import closings_stay
from db.people.fields import UNIT_FIELDS
from db.people.models import unit
from db.projects.fields import PROJECT_FIELDS, field_of
from db.projects.models import project
from db.projects.sheet import PROJECT_SHEET
from db.projects.standing import wrong_standings
from db.sheets.room import RoomSheet

__all__ = ["ROOMS", "Room", "calendar", "checks_after_reversal", "field", "fields", "room", "settings"]

Touched = dict[str, list[int]]


@dataclass(frozen=True)
class Room:
    """A room: its name on every floor, what its main table is, and what it gives to the others.

    sheet: how a ledger becomes its records, None where nothing is imported into it.
    wrong: records of the main table that break the room's rules, each with the sentence (`check`, and after an undo).
    """

    name: str
    label: Text
    table: Table
    fields: tuple[Field, ...]
    sheet: RoomSheet | None = None
    wrong: Callable[[Connection, Sequence[int]], list[tuple[int, Text]]] | None = None


ROOMS: tuple[Room, ...] = (
    Room("people", _("Departments and streets"), unit, UNIT_FIELDS),
    Room("companies", _("Companies"), company, COMPANY_FIELDS),
    Room("projects", _("Projects"), project, PROJECT_FIELDS, PROJECT_SHEET, wrong_standings),
)


def room(name: str) -> Room | None:
    """The room of this name."""
    return next((one for one in ROOMS if one.name == name), None)


def fields(connection: Connection, of: Room) -> list[Field]:
    """The facts of a room's records, the book's own ones at the end."""
    return [*of.fields, *own.own_fields(connection, of.name, of.table)]


def field(connection: Connection, of: Room, key: str) -> Field | None:
    """One fact by its key; also one month of a fact kept by month, and the book's own ones."""
    if of.table is project and "@" in key:
        return field_of(key)
    return next((one for one in fields(connection, of) if one.key == key), None)


def checks_after_reversal(connection: Connection, touched: Touched) -> list[Conflict]:
    """Run the rooms' rules on the records that an undo touched."""
    found: list[Conflict] = []
    for one in ROOMS:
        if one.wrong is not None and touched.get(one.table.name):
            wrong = one.wrong(connection, touched[one.table.name])
            found += [Conflict(one.table.name, number, None, sentence) for number, sentence in wrong]
    return found


METADATA.info["checks"] = (checks_after_reversal, closings_stay)
METADATA.info["complete"] = True
