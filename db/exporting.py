"""A room's records, or a view of them, to a workbook: what the command and the window write."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

from db.core import settings
from db.core.errors import Usage
from db.core.period import Period
from db.core.progress import SILENT, Progress
from db.core.text import LANGUAGES, _, say
from db.rooms import ROOMS, facts, look, room, views
from db.sheets.export import write_room, write_view

if TYPE_CHECKING:
    from sqlalchemy import Connection


def write_out(
    connection: Connection, room_name: str, out: Path, *, actor: str, view: str | None = None,
    period: str | None = None, lang: str = "zh", progress: Progress = SILENT,
) -> int:  # fmt: skip
    """Every record of a room with every fact, or the view of this name or key as `actor` sees it today.

    Returns how many records there were. Raises `Usage` where there is no such room or view.
    """
    of = room(room_name)
    if of is None:
        raise Usage(
            _("There is no room “{room}”; there are: {known}.", room=room_name, known=[one.name for one in ROOMS])
        )
    if view is None:
        if period is not None:
            raise Usage(_("--period goes with --view."))
        return write_room(connection, of.table, of.label, facts(connection, of), out, lang=lang, progress=progress)
    known = views(connection, of, actor)
    chosen = next((one for one in known if view in (one.key, *(say(one.name, lang) for lang in LANGUAGES))), None)
    if chosen is None:
        names = [one.name for one in known]
        raise Usage(_("There is no view “{view}”; there are: {known}.", view=view, known=names))
    today = dt.datetime.now().astimezone().date().isoformat()
    span = Period.parse(period, cut=settings.get(connection, "month.cut")) if period else None
    seen = look(connection, of, chosen, today=today, period=span)
    return write_view(connection, of.table, chosen, seen, out, today=today, lang=lang, progress=progress)
