"""Sheets to a unit from a view of a room: which rows are the unit's, which columns it gets, what it may choose from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from db.core.errors import Refused, Usage
from db.core.fields import Field, Link
from db.core.progress import SILENT, Progress
from db.core.text import LANGUAGES, _, say
from db.people.models import unit as unit_table
from db.people.queries import units
from db.rooms import ROOMS, Room, facts, look, room, views
from db.sheets.room import current_cells
from db.sheets.sending import Wanted, field_of, send
from db.sheets.sent import Sending

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from db.core.book import Book
    from db.core.views import View
    from db.sheets.room import RoomSheet


@dataclass(frozen=True)
class Asked:
    """What a unit is asked for. view: by key or name; columns and editable: field keys; due_on, today: ISO days.

    records: rows that are sent as they are, in this order, in place of the view's.
    """

    unit: str
    view: str | None = None
    columns: Sequence[str] | None = None
    editable: Sequence[str] | None = None
    due_on: str | None = None
    instructions: str | None = None
    lang: str = "zh"
    today: str | None = None
    records: Sequence[int] | None = None


def send_unit(book: Book, room_name: str, asked: Asked, out: Path, *, progress: Progress = SILENT) -> Sending:
    """Write the sheet that a unit is to fill in, and note the sending.

    Rows: those of the view (the first of the room where none is named) in which the unit occurs; all of a named view in
    which it occurs nowhere. Columns: of the view, or the keys given. Raises `Usage` where there is no such room or view,
    `Refused` where the unit is not known and no view is named.
    """
    of = room(room_name)
    if of is None or of.sheet is None or of not in sending_rooms():
        known = [one.name for one in sending_rooms()]
        raise Usage(_("No sheet is sent from “{room}”; there are: {known}.", room=room_name, known=known))
    day = asked.today or dt.datetime.now().astimezone().date().isoformat()
    with book.read() as connection:
        chosen = _view(connection, of, book.actor, asked.view)
        keys = _keys(connection, of, of.sheet, asked.columns or chosen.columns)
        if asked.records is None:
            ids = list(look(connection, of, chosen, today=day).outline.ids)
        else:
            ids = list(asked.records)
        name, own = _of_unit(connection, of.sheet, asked.unit, ids)
        if name is None and asked.view is None and asked.records is None:
            raise Refused(
                _("There is no unit “{unit}”; there are: {known}.", unit=asked.unit,
                  known=[one.name for one in units(connection)])
            )  # fmt: skip
        rows = ids if asked.records is not None else own if own or asked.view is None else ids
        choices = _choices(connection, of.sheet, keys)
    editable = None if asked.editable is None else frozenset(asked.editable)
    wanted = Wanted(
        name or asked.unit, keys, tuple(rows), editable, asked.due_on, asked.instructions, asked.lang, day, choices
    )
    return send(book, of.sheet, wanted, out, progress=progress)


def sending_rooms() -> list[Room]:
    """The rooms whose records a sheet can hold; others only take in what another layout says of them."""
    return [one for one in ROOMS if one.sheet is not None and any(field.read for field in one.sheet.fields)]


def units_in(connection: Connection, room_name: str, ids: Sequence[int]) -> dict[str, list[int]]:
    """Unit → those of these records in which it occurs in any column of units; every unit, in the order of the lists."""
    of = room(room_name)
    found: dict[str, list[int]] = {one.name: [] for one in units(connection)}
    if of is None or of.sheet is None:
        return found
    columns = [one.key for one in of.sheet.fields if isinstance(one.kind, Link) and one.kind.table == unit_table.name]
    now = current_cells(connection, of.sheet, ids, columns) if columns else {}
    for number in ids:
        for name in {str(one) for one in now.get(number, {}).values() if one is not None}:
            if name in found:
                found[name].append(number)
    return found


def columns_sent(connection: Connection, room_name: str, wanted: Sequence[str]) -> list[Field]:
    """Which of these columns travel in a sheet, what a record is called first."""
    of = room(room_name)
    assert of is not None
    assert of.sheet is not None
    known = {one.key: one for one in facts(connection, of)}
    return [known.get(key) or field_of(of.sheet, key) for key in _keys(connection, of, of.sheet, wanted)]


def _view(connection: Connection, of: Room, actor: str, name: str | None) -> View:
    known = views(connection, of, actor)
    if name is None:
        return known[0]
    found = next((one for one in known if name in (one.key, *(say(one.name, lang) for lang in LANGUAGES))), None)
    if found is None:
        names = [one.name for one in known]
        raise Usage(_("There is no view “{view}”; there are: {known}.", view=name, known=names))
    return found


def _keys(connection: Connection, of: Room, sheet: RoomSheet, wanted: Sequence[str]) -> tuple[str, ...]:
    """The columns in order, what a record is called first; what is counted to the day of looking stays out."""
    known = {one.key: one for one in facts(connection, of)}
    found = [key for key in wanted if _travels(known.get(key) or sheet.field(key))]
    first = [key for key in sheet.required if key not in found]
    return tuple(dict.fromkeys([*first, *found]))


def _travels(one: Field | None) -> bool:
    return one is not None and one.read is not None and (one.editable or not one.key.startswith("days_"))


def _of_unit(connection: Connection, sheet: RoomSheet, unit: str, ids: Sequence[int]) -> tuple[str | None, list[int]]:
    """What the book calls the unit, and the records in which it occurs in any column of units."""
    columns = [one.key for one in sheet.fields if isinstance(one.kind, Link) and one.kind.table == unit_table.name]
    found = current_cells(connection, sheet, ids, columns) if columns else {}
    known = {one.name for one in units(connection)}
    name = (
        unit if unit in known else next((n for key in columns if (n := sheet.aliases(connection, key).get(unit))), None)
    )
    return name, [number for number in ids if number in found and name in found[number].values()] if name else []


def _choices(connection: Connection, sheet: RoomSheet, keys: Sequence[str]) -> dict[str, list[str]]:
    """Names that a column of units offers."""
    names = [one.name for one in units(connection)]
    kinds = {key: sheet.field(key) for key in keys}
    return {
        key: names
        for key, one in kinds.items()
        if one is not None and isinstance(one.kind, Link) and one.kind.table == unit_table.name
    }
