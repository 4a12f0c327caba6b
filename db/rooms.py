"""The list of rooms and what each contributes. Importing it loads every table, so that a book is whole."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, Table

from db.companies.fields import COMPANY_FIELDS
from db.companies.models import company
from db.companies.searched import SEARCHED as COMPANIES_SEARCHED
from db.core import attachments, calendar, copies, own, settings
from db.core import views as viewing
from db.core.fields import Field
from db.core.filters import Scope, When
from db.core.period import Period, month_of
from db.core.reversal import Conflict
from db.core.tables import METADATA
from db.core.text import Text, _
from db.core.views import Look, View
from db.overview.models import closings_stay
from db.people.fields import UNIT_FIELDS
from db.people.models import unit
from db.people.searched import SEARCHED as PEOPLE_SEARCHED
from db.projects.fields import PROJECT_FIELDS, field_of
from db.projects.models import project
from db.projects.searched import SEARCHED as PROJECTS_SEARCHED
from db.projects.sheet import PROJECT_SHEET
from db.projects.standing import wrong_standings
from db.projects.views import built_in
from db.sheets.room import RoomSheet

__all__ = [
    "ROOMS",
    "Room",
    "attachments",
    "calendar",
    "checks_after_reversal",
    "copies",
    "field",
    "fields",
    "known_to",
    "look",
    "room",
    "scopes",
    "settings",
    "views",
    "when",
]

Touched = dict[str, list[int]]


@dataclass(frozen=True)
class Room:
    """A room: its name on every floor, what its main table is, and what it gives to the others.

    sheet: how a ledger becomes its records, None where nothing is imported into it.
    wrong: records of the main table that break the room's rules, each with the sentence (`check`, and after an undo).
    views: those that come with the program. scopes: rows that conditions of a view may name, by their keys.
    """

    name: str
    label: Text
    table: Table
    fields: tuple[Field, ...]
    sheet: RoomSheet | None = None
    wrong: Callable[[Connection, Sequence[int]], list[tuple[int, Text]]] | None = None
    views: Callable[[Connection], tuple[View, ...]] | None = None
    scopes: Callable[[Connection], dict[str, Scope]] | None = None


def _behind_figures(connection: Connection) -> dict[str, Scope]:
    from db.overview.scopes import figure_scopes  # most views name no figure

    return figure_scopes(connection)


ROOMS: tuple[Room, ...] = (
    Room("people", _("Departments and streets"), unit, UNIT_FIELDS),
    Room("companies", _("Companies"), company, COMPANY_FIELDS),
    Room("projects", _("Projects"), project, PROJECT_FIELDS, PROJECT_SHEET, wrong_standings, built_in, _behind_figures),
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


def known_to(connection: Connection, of: Room, view: View) -> dict[str, Field]:
    """Key → fact of a room's records, with the single months that a view names."""
    found = {one.key: one for one in fields(connection, of)}
    for key in view.keys:
        if key not in found and (one := field(connection, of, key)) is not None:
            found[key] = one
    return found


def scopes(connection: Connection, of: Room) -> dict[str, Scope]:
    """Key → rows that a condition may name beside the facts: those behind a figure."""
    return of.scopes(connection) if of.scopes is not None else {}


def views(connection: Connection, of: Room, actor: str) -> list[View]:
    """The views of a room that `actor` may choose from: those of the program, then shared ones, then their own."""
    everything = (View(of.label, tuple(one.key for one in of.fields), key="all"),)
    offered = of.views(connection) if of.views is not None else everything
    return [*offered, *viewing.views(connection, of.name, actor)]


def when(connection: Connection, today: str, period: Period | None = None) -> When:
    """What "this month" and "this period" mean in this book; the period is this year so far unless it is said."""
    cut = settings.get(connection, "month.cut")
    if period is None:
        month = month_of(today, cut)
        period = Period.of_months(f"{month[:4]}-01", month, cut=cut)
    return When(today, period, cut)


def look(
    connection: Connection, of: Room, view: View, *, today: str, period: Period | None = None,
    where: Sequence[ColumnElement[bool]] = (),
) -> Look:  # fmt: skip
    """The rows of a view of a room, in order and groups, and what of the view this book cannot show."""
    known = known_to(connection, of, view)
    named = scopes(connection, of) if any(one.key not in known for one in view.conditions) else {}
    return viewing.look(
        connection, of.table, view, fields=known, scopes=named, when=when(connection, today, period), where=where
    )


def checks_after_reversal(connection: Connection, touched: Touched) -> list[Conflict]:
    """Run the rooms' rules on the records that an undo touched."""
    found: list[Conflict] = []
    for one in ROOMS:
        if one.wrong is not None and touched.get(one.table.name):
            wrong = one.wrong(connection, touched[one.table.name])
            found += [Conflict(one.table.name, number, None, sentence) for number, sentence in wrong]
    return found


METADATA.info["checks"] = (checks_after_reversal, closings_stay)
METADATA.info["search"] = (*PEOPLE_SEARCHED, *COMPANIES_SEARCHED, *PROJECTS_SEARCHED)
METADATA.info["complete"] = True
