"""What section 6 of the report says, as plain numbers: the writers of both languages make sentences of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection, select

from db.core.period import Period
from db.core.ratios import percent
from db.forum.figures import ALL, Counted, Numbers, companies_met, counted, sessions_in, stewards
from db.forum.models import forum_session
from db.people.queries import units
from db.reports.report import FigureNumber, Paragraph, Run


@dataclass(frozen=True)
class UnitLine:
    """A department: its id (None: not said), what tables call it, what is counted of its issues."""

    id: int | None
    name: str
    of: Counted


@dataclass(frozen=True)
class Facts:
    """Of one period. first, last: numbers of its sessions. financing: hundredths of a yuan."""

    sessions: int
    numbers: tuple[int, ...]
    companies: int
    issues: Numbers
    days: tuple[int, int] | None
    units: tuple[UnitLine, ...]
    helped: int
    financing: int


def gather(connection: Connection, period: Period, *, blank: str) -> Facts:
    """The facts of a period; units in 建制顺序, `blank` for issues without one."""
    by_unit = counted(connection, period, "department")
    of = forum_session.c
    held = select(of.number).where(of.id.in_(sessions_in(period))).order_by(of.held_on, of.number)
    numbers = tuple(connection.scalars(held))
    lines = [UnitLine(one.id, one.short, by_unit[one.id]) for one in units(connection) if one.id in by_unit]
    lines += [UnitLine(None, blank, by_unit[None])] if None in by_unit else []
    helped, money = stewards(connection, period)
    whole = by_unit[ALL]
    return Facts(len(numbers), numbers, len(list(connection.scalars(companies_met(connection, period)))), whole.numbers,
                 (whole.numbers["days"], whole.numbers["timed"]) if whole.numbers["timed"] else None,
                 tuple(lines), helped, money)  # fmt: skip


def rate(figure: str, above: int, below: int) -> list[Run]:
    """88.8%（142/160）: a rate with its numerator and denominator, which are never left out."""
    return [FigureNumber(figure, f"{percent(above, below)}%"), f"（{above}/{below}）"]


def paragraph(runs: Sequence[Run], place: str) -> Paragraph:
    """Neighbouring texts as one, and each number knowing which of its figure it is."""
    merged: list[Run] = []
    met: dict[str, int] = {}
    for run in runs:
        if isinstance(run, FigureNumber):
            met[run.figure] = met.get(run.figure, 0) + 1
            merged.append(replace(run, nth=met[run.figure]))
        elif merged and isinstance(merged[-1], str):
            merged[-1] += run
        elif run:
            merged.append(run)
    return Paragraph(tuple(merged), place=place)


def most_overdue(facts: Facts, most: int = 5) -> list[UnitLine]:
    """The departments with overdue issues, most first; ties keep 建制顺序."""
    late = [one for one in facts.units if one.of.numbers["overdue"]]
    return sorted(late, key=lambda one: -one.of.numbers["overdue"])[:most]
