"""Two companies that are one: every record that names the one names the other from then on, in one operation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Column, Connection, Table, UniqueConstraint, delete, func, select, update

from db.companies.alike import Company, Pair, alike_companies
from db.companies.models import company, company_name
from db.core.errors import Refused
from db.core.text import _
from db.people.merging import links_to

_FILLED = ("credit_code", "country", "province", "city", "tags", "intro", "industry", "chain", "scale", "contact",
           "contact_phone", "street")  # fmt: skip


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
    if gone.credit_code and kept.credit_code and gone.credit_code != kept.credit_code:
        raise Refused(_("{one} and {other} have different credit codes: they are two.", one=gone.name, other=kept.name))
    _refuse_rivals(connection, gone, kept)
    moved = 0
    for column in links_to(company):
        changed = update(column.table).where(column == gone.id).values({column.name: into})
        moved += connection.execute(changed).rowcount
    connection.execute(delete(company).where(company.c.id == gone.id))
    filled = {key: getattr(gone, key) for key in _FILLED if getattr(kept, key) is None and getattr(gone, key)}
    if filled:
        connection.execute(update(company).where(company.c.id == into).values(**filled))
    if gone.name != kept.name:
        connection.execute(company_name.insert().values(company=into, name=gone.name))
    return moved


def _refuse_rivals(connection: Connection, gone: Any, kept: Any) -> None:
    """Records of which there may be one a company (a year's metrics) must not be there twice afterwards."""
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
