"""What was published of last year, before the book existed or beside it (历史公布数)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, delete, select

from db.core.period import Period
from db.overview.measures import Basis
from db.projects.models import published_figure
from db.projects.service import publish


@dataclass(frozen=True)
class Published:
    """Published values of one period, as the figures store them: counts as they are, money in hundredths."""

    values: Mapping[tuple[str, int | None], int] = field(default_factory=dict)

    @classmethod
    def of(cls, connection: Connection, basis: Basis, period: Period) -> Published:
        """What year on year is computed from; nothing where the office's setting says that it is the book."""
        return cls.known(connection, period) if basis.published else cls()

    @classmethod
    def known(cls, connection: Connection, period: Period) -> Published:
        """Of months since January the cumulative value; of one month its own; nothing of other periods."""
        if period.months is None:
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


@dataclass(frozen=True)
class PublishedLine:
    """A number that was published: of a month, since January where cumulative; unit None: the whole district."""

    month: str
    cumulative: bool
    figure: str
    value: int
    unit: int | None = None


def keep_published(connection: Connection, lines: Sequence[PublishedLine], *, source: str | None = None) -> int:
    """Keep published numbers; one of the same month, figure and unit is replaced. Gives how many."""
    for one in lines:
        drop_published(connection, one.month, one.figure, cumulative=one.cumulative, unit=one.unit)
        publish(
            connection, one.month, one.figure, one.value, cumulative=one.cumulative, unit=one.unit, source=source
        )  # fmt: skip
    return len(lines)


def drop_published(
    connection: Connection, month: str, figure: str, *, cumulative: bool, unit: int | None = None
) -> None:  # fmt: skip
    """Take a published number out, where there is one."""
    of = published_figure.c
    unit_is = of.unit.is_(None) if unit is None else of.unit == unit
    same = (of.month == month, of.figure == figure, of.cumulative == int(cumulative), unit_is)
    connection.execute(delete(published_figure).where(*same))
