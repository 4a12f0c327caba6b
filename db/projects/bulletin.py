"""What the city's bulletin says of us (市级通报数): by month and figure our value, our rank and the other districts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import Connection, delete, select, update

from db.core.errors import Refused
from db.core.text import _
from db.projects.models import city_bulletin


@dataclass(frozen=True)
class CityLine:
    """One figure of a bulletin.

    value: counts as they are, money in hundredths. others: the other districts, as text (甲区12.3亿元；乙区9亿元).
    group_rank: our place among the urban districts, where the bulletin says it.
    """

    figure: str
    value: int | None = None
    rank: int | None = None
    others: str | None = None
    source: str | None = None
    group_rank: int | None = None


def set_city_bulletin(connection: Connection, month: str, lines: Sequence[CityLine]) -> None:
    """Keep what the bulletin of a month (YYYY-MM) says: known figures are changed, those not named are taken out.

    Raises `Refused` and writes nothing where a line cannot be.
    """
    if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", month):
        raise Refused(fields={"month": _("“{said}” is no month.", said=month)})
    figures = [line.figure for line in lines]
    if len(set(figures)) < len(figures):
        raise Refused(fields={"figure": _("A figure stands twice in one bulletin.")})
    if any(rank is not None and rank < 1 for line in lines for rank in (line.rank, line.group_rank)):
        raise Refused(fields={"rank": _("A rank begins at 1.")})
    of = city_bulletin.c
    known = {row.figure: row.id for row in connection.execute(select(of.id, of.figure).where(of.month == month))}
    for line in lines:
        if line.figure in known:
            connection.execute(update(city_bulletin).where(of.id == known[line.figure]).values(**asdict(line)))
        else:
            connection.execute(city_bulletin.insert().values(month=month, **asdict(line)))
    connection.execute(delete(city_bulletin).where(of.month == month, of.figure.not_in(figures)))


def city_bulletin_of(connection: Connection, month: str) -> list[CityLine]:
    """What is kept of a month's bulletin, in the order in which it was entered."""
    of = city_bulletin.c
    query = (
        select(of.figure, of.value, of.rank, of.others, of.source, of.group_rank)
        .where(of.month == month)
        .order_by(of.id)
    )
    return [CityLine(*row) for row in connection.execute(query)]
