"""Projects that do not go on: put on hold, suspended, withdrawn or transferred, on any day."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, not_, or_, select

from db.projects.models import ACTIVE, status_event


def stopped(end: ColumnElement[Any]) -> Select[Any]:
    """Projects that were on hold, suspended, withdrawn or transferred at the end of a day, each once."""
    later = status_event.alias("later")
    since, later_since = func.coalesce(status_event.c.happened_on, ""), func.coalesce(later.c.happened_on, "")
    superseded = select(later.c.id).where(
        later.c.project == status_event.c.project,
        later_since <= end,
        or_(later_since > since, and_(later_since == since, later.c.id > status_event.c.id)),
    )
    return select(status_event.c.project).where(
        status_event.c.status != ACTIVE, since <= end, not_(superseded.exists())
    )
