"""Two companies that are one: every record that names the one names the other from then on, in one operation."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Connection, Table, UniqueConstraint, delete, func, select, update

from db.companies.alike import Company, Pair, alike_companies
from db.companies.models import company, company_name, company_site
from db.companies.service import ROOM
from db.core import attachments, own, settings
from db.core.errors import Refused
from db.core.settings import Setting
from db.core.text import Text, _
from db.people.merging import links_to
from db.people.models import unit

APART = "companies.apart"
settings.register(Setting(APART, _("Companies that look alike and are two"), "[]"))

_FILLED = ("credit_code", "country", "province", "city", "tags", "intro", "industry", "chain", "scale", "contact",
           "contact_phone", "street", "remarks")  # fmt: skip


def near_duplicates(connection: Connection, *, apart: Sequence[frozenset[int]] = ()) -> list[Pair]:
    """Companies of the book that may be one, each with the reason."""
    names: dict[int, list[str]] = {}
    rows = connection.execute(select(company.c.id, company.c.name, company.c.credit_code).order_by(company.c.id)).all()
    for row in rows:
        names[row.id] = [row.name]
    for number, name in connection.execute(select(company_name.c.company, company_name.c.name)):
        names[number].append(name)
    records: dict[int, int] = {}
    for column in links_to(company):
        query = select(column, func.count()).where(column.is_not(None)).group_by(column)
        for number, count in connection.execute(query):
            records[number] = records.get(number, 0) + count
    known = [Company(row.id, tuple(names[row.id]), row.credit_code, records.get(row.id, 0)) for row in rows]
    return alike_companies(known, apart=apart)


@dataclass(frozen=True)
class Side:
    """One of two companies that may be one, as they are compared before they are merged. facts: field key → stored value."""

    id: int
    name: str
    facts: Mapping[str, Any]


@dataclass(frozen=True)
class Preview:
    """What merging would do. moves: name of the table → how many records would name the other then. why_not: None: it can be."""

    gone: Side
    into: Side
    moves: Mapping[str, int]
    why_not: Text | None


def preview(connection: Connection, gone: int, into: int) -> Preview | None:
    """What would become of two companies; None where one of them is gone already."""
    rows = {row.id: row for row in connection.execute(select(company).where(company.c.id.in_((gone, into))))}
    if len(rows) < 2:
        return None
    places = select(unit.c.id, unit.c.name).where(unit.c.id.in_([row.street for row in rows.values() if row.street]))
    called = {row.id: row.name for row in connection.execute(places)}
    facts = {number: {key: getattr(row, key) for key in _FILLED} for number, row in rows.items()}
    sides = {
        number: Side(number, row.name, facts[number] | {"street": called.get(row.street)})
        for number, row in rows.items()
    }
    moves: dict[str, int] = {}
    for column in links_to(company):
        count = connection.scalar(select(func.count()).select_from(column.table).where(column == gone))
        if count:
            moves[column.table.name] = moves.get(column.table.name, 0) + count
    return Preview(sides[gone], sides[into], moves, _why_not(connection, rows[gone], rows[into]))


def _why_not(connection: Connection, gone: Any, kept: Any) -> Text | None:
    try:
        _refuse_rivals(connection, gone, kept)
    except Refused as refused:
        return refused.sentence
    return None


def apart(connection: Connection) -> list[frozenset[int]]:
    """Pairs of which a person said that they are two."""
    return [frozenset(pair) for pair in json.loads(settings.get(connection, APART))]


def keep_apart(connection: Connection, one: int, other: int) -> None:
    """These two are two: they are not proposed again."""
    pairs = {tuple(sorted(pair)) for pair in (*apart(connection), frozenset((one, other)))}
    settings.put(connection, APART, json.dumps(sorted(pairs)))


def join_companies(connection: Connection, gone: Sequence[int], into: int) -> int:
    """Companies that are one under several names: their records move to `into`, their names still find it.

    What `into` does not say itself is filled from them. Gives how many records moved. Refused where their credit codes
    or their records of a year contradict each other; nothing is changed then.
    """
    if into in gone:
        raise Refused(_("A company cannot become its own double."))
    rows = {row.id: row for row in connection.execute(select(company).where(company.c.id.in_([*gone, into])))}
    if len(rows) != len({*gone, into}):
        raise Refused(_("One of the entries is gone; nothing was changed. Look at the list again."))
    return sum(_join(connection, rows[one], into) for one in gone)


def _join(connection: Connection, gone: Any, into: int) -> int:
    kept = connection.execute(select(company).where(company.c.id == into)).one()
    _refuse_rivals(connection, gone, kept)
    moved = 0
    for column in links_to(company):
        changed = update(column.table).where(column == gone.id).values({column.name: into})
        moved += connection.execute(changed).rowcount
    at = company_site.c
    connection.execute(update(company_site).where(at.company == into, at.party == into).values(party=None))
    attachments.hand_over(connection, ROOM, {gone.id: into}, to=ROOM)
    own.hand_over(connection, ROOM, gone.id, into)
    connection.execute(delete(company).where(company.c.id == gone.id))
    filled = {key: getattr(gone, key) for key in _FILLED if getattr(kept, key) is None and getattr(gone, key)}
    if filled:
        connection.execute(update(company).where(company.c.id == into).values(**filled))
    if gone.name != kept.name:
        connection.execute(company_name.insert().values(company=into, name=gone.name))
    return moved


def _refuse_rivals(connection: Connection, gone: Any, kept: Any) -> None:
    """Two credit codes are two companies; records of which there may be one a company must not be there twice afterwards."""
    if gone.credit_code and kept.credit_code and gone.credit_code != kept.credit_code:
        raise Refused(_("{one} and {other} have different credit codes: they are two.", one=gone.name, other=kept.name))
    for column in links_to(company):
        for others in _rest_of_keys(column):
            table: Table = column.table
            held = [
                set(map(tuple, connection.execute(select(*others).where(column == one.id)))) if others else {()}
                for one in (gone, kept)
            ]
            if held[0] & held[1]:
                raise Refused(
                    _(
                        "{one} and {other} both have a record of the same year in “{table}”; nothing was changed."
                        " Remove the wrong one first.",
                        one=gone.name,
                        other=kept.name,
                        table=table.name,
                    )
                )


def _rest_of_keys(column: Column[int]) -> list[list[Column[Any]]]:
    """The other columns of every key that this column is a part of."""
    keys = [key for key in column.table.constraints if isinstance(key, UniqueConstraint) and column.name in key.columns]
    return [[one for one in key.columns if one is not column] for key in keys]
