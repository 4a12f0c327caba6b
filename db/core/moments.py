"""A moment becomes an operation: a date means the end of that day in the book's zone."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Connection, MetaData, func, select

from db.core import history
from db.core.errors import Refused
from db.core.text import _

Moment = str | int | dt.date | dt.datetime
ZONE = dt.timezone(dt.timedelta(hours=8))


def zone(connection: Connection, metadata: MetaData) -> dt.tzinfo:
    """The book's time zone, +08:00 unless it was made elsewhere."""
    facts = metadata.tables["book_fact"]
    minutes = connection.scalar(select(facts.c.value).where(facts.c.name == "zone_minutes"))
    return dt.timezone(dt.timedelta(minutes=int(minutes))) if minutes is not None else ZONE


def parse(moment: str | dt.date | dt.datetime, where: dt.tzinfo) -> dt.datetime:
    """The last instant that `moment` means."""
    try:
        if isinstance(moment, str):
            moment = _read(moment)
        if not isinstance(moment, dt.datetime):
            moment = dt.datetime.combine(moment, dt.time.max, where)
        aware = moment if moment.tzinfo is not None else moment.replace(tzinfo=where)
        return aware.astimezone(dt.UTC)
    except (ValueError, OverflowError) as error:
        sentence = _("“{moment}” is not a date or time such as 2024-06-30 or 2024-06-30T17:30.", moment=str(moment))
        raise Refused(sentence) from error


def _read(moment: str) -> dt.date | dt.datetime:
    try:
        return dt.date.fromisoformat(moment)
    except ValueError:
        return dt.datetime.fromisoformat(moment)


def operation_at(connection: Connection, metadata: MetaData, moment: Moment) -> int:
    """The newest operation at or before `moment`; Refused before the book's first."""
    operation, _change = history.tables(metadata)
    if isinstance(moment, int):
        found = connection.scalar(select(operation.c.number).where(operation.c.number == moment))
        if found is None:
            raise Refused(_("There is no operation {number} in this book.", number=moment))
        return int(found)
    where = zone(connection, metadata)
    limit = history.micros(parse(moment, where))
    found = connection.scalar(select(func.max(operation.c.number)).where(operation.c.at <= limit))
    if found is not None:
        return int(found)
    first = connection.scalar(select(func.min(operation.c.at)))
    if first is None:
        raise Refused(_("The book is still empty: there is no earlier moment to look at."))
    begins = history.from_micros(first).astimezone(where).date().isoformat()
    raise Refused(_("The book begins on {day}; before that it knows nothing.", day=begins))
