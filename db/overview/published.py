"""What was published of last year, before the book existed or beside it (历史公布数)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import Connection, select

from db.core import settings
from db.core.period import Period
from db.projects.models import published_figure


@dataclass(frozen=True)
class Published:
    """Published values of one period, as the figures store them: counts as they are, money in hundredths."""

    values: Mapping[tuple[str, int | None], int] = field(default_factory=dict)

    @classmethod
    def of(cls, connection: Connection, period: Period) -> Published:
        """Of months since January the cumulative value; of one month its own; nothing of other periods."""
        if settings.get(connection, "previous.source") != "published" or period.months is None:
            return cls()
        low, high = period.months
        of = published_figure.c
        query = select(of.figure, of.unit, of.value, of.cumulative).where(of.month == high).order_by(of.id)
        rows = connection.execute(query).all()
        found: dict[tuple[str, int | None], int] = {}
        if low == high:
            found = {(row.figure, row.unit): row.value for row in rows if not row.cumulative}
        if low == f"{high[:4]}-01":
            found |= {(row.figure, row.unit): row.value for row in rows if row.cumulative}
        return cls(found)

    def value(self, figure: str, unit: int | None) -> int | None:
        """The published value of a figure for a unit (None: the district), None where none was published."""
        return self.values.get((figure, unit))
