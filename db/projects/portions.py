"""Projects counted by one of their facts, for a chart: by place, industry, month of recognition, stage."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, case, select

from db.core import bulk, listing, settings
from db.core.fields import Day, Field
from db.core.period import add_months
from db.core.settings import NO
from db.projects.fields import field_of
from db.projects.models import CNY, project

BY = ("street", "industry", "month", "stage")
_WHOLE_TABLE = 5_000
_MONTHS = 240  # a slip of a year (1924) does not make a chart of a century
_RECOGNISED = {"district": "approved_on", "city": "city_approved_on", "province": "province_approved_on"}


@dataclass(frozen=True)
class Portion:
    """The projects that have one value. value: stored (a link's name, a month), None where nothing is filled in.

    amount: their agreed investment in hundredths.
    """

    value: Any
    count: int
    amount: int


@dataclass(frozen=True)
class Portions:
    """By which field, and its values in their order.

    Units stand in 建制顺序, stages and months as they follow each other, words by how many projects they have; what is
    not filled in comes last. foreign: how many have an amount in another currency, which no amount here contains.
    """

    field: Field
    parts: tuple[Portion, ...]
    foreign: int = 0


def portions(connection: Connection, ids: Sequence[int], by: str) -> Portions:
    """These projects by place, industry, month (of the signing as figures count it) or stage."""
    known = field_of(_counted_on(connection) if by == "month" else by)
    assert known is not None, by
    cell = listing.told_apart_by(project, known)
    amount = project.c.agreed_investment
    query = select(project.c.id, cell, case((project.c.currency == CNY, amount)), amount)
    foreign = 0
    by_month = isinstance(known.kind, Day)
    counts: dict[Any, list[int]] = {}
    examples: dict[Any, int] = {}
    wanted = frozenset(ids)
    pieces = [None] if len(wanted) > _WHOLE_TABLE else bulk.chunks(list(ids))
    for some in pieces:
        rows = connection.execute(query if some is None else query.where(project.c.id.in_(list(some))))
        for number, value, own, any_amount in rows:
            if some is None and number not in wanted:
                continue
            key = value[:7] if by_month and value else value
            kept = counts.setdefault(key, [0, 0])
            kept[0] += 1
            kept[1] += own or 0
            foreign += own is None and any_amount is not None
            examples.setdefault(key, number)
    if by_month:
        return Portions(known, _by_value(counts), foreign)
    return Portions(known, _in_order(connection, known, counts, examples), foreign)


def _counted_on(connection: Connection) -> str:
    """The field of the day on which a signing counts in this book."""
    if settings.get(connection, "recognition.used") == NO:
        return "signed_on"
    return _RECOGNISED[settings.get(connection, "recognition.level")]


def _by_value(counts: dict[Any, list[int]]) -> tuple[Portion, ...]:
    """Month after month; those between the first and the last in which nothing happened are there, too."""
    dated = sorted(key for key in counts if key)
    if not dated:
        return tuple(Portion(None, *numbers) for numbers in counts.values())
    months = [dated[0]]
    while months[-1] < dated[-1] and len(months) < _MONTHS:
        months.append(add_months(months[-1], 1))
    shown = months if months[-1] == dated[-1] else dated
    parts = [Portion(key, *counts.get(key, (0, 0))) for key in shown]
    return (*parts, *(Portion(None, *numbers) for key, numbers in counts.items() if not key))


def _in_order(
    connection: Connection, known: Field, counts: dict[Any, list[int]], examples: dict[Any, int]
) -> tuple[Portion, ...]:
    named = listing.named(connection, project, known, examples)
    merged: dict[Any, list[int]] = {}
    places: dict[Any, Any] = {}
    for raw, (count, amount) in counts.items():
        value, places[value] = named[raw]
        kept = merged.setdefault(value, [0, 0])
        kept[0] += count
        kept[1] += amount
    rank, frequent = listing.rank(known), listing.by_frequency(known)
    found = listing.empty_last(
        merged.items(),
        value=lambda one: one[0],
        key=lambda one: (-one[1][0] if frequent else 0, rank(one[0], places[one[0]])),
    )
    return tuple(Portion(value, *numbers) for value, numbers in found)
