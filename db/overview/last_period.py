"""The period a report is most likely wanted for."""

from __future__ import annotations

from sqlalchemy import Connection, func, select

from db.core.period import Period
from db.projects.models import project, recognition


def last_period(connection: Connection) -> Period | None:
    """January to the last month with a recognised or signed project; None in a book without any."""
    last = connection.scalar(select(func.max(recognition.c.recognised_on)))
    last = last or connection.scalar(select(func.max(project.c.signed_on)))
    return Period.of_months(f"{last[:4]}-01", last[:7]) if last else None
