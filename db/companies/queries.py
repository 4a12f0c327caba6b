"""Finding companies."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BindParameter,
    Column,
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    bindparam,
    func,
    or_,
    select,
)
from sqlalchemy import Text as Words

from db.companies.models import FLOORS, LEASED_OUT, company, company_name, company_site
from db.companies.rules import plain_code, plain_company
from db.core import bulk

_NEVER = "9999-12-31"
_MANY, _MANY_TIMES = 500, 4  # reading a row costs a few times less than asking for it


@dataclass(frozen=True)
class Known:
    """Companies that may be meant: by credit code, by name (present or former), and the code of each."""

    by_code: dict[str, int]
    by_name: dict[str, int]
    code_of: dict[int, str | None]


def known_companies(connection: Connection, names: Iterable[str], codes: Iterable[str]) -> Known:
    """The companies with these plain names and codes; the oldest wins a name, and a present name wins a former one."""
    known = Known({}, {}, {})
    names = set(names)
    earlier = select(company_name.c.name, company_name.c.company).order_by(company_name.c.id)
    rows = _matching(connection, earlier, [(company_name.c.name, names)])
    former: dict[str, int] = {row.name: row.company for row in rows if row.name in names}
    facts = select(company.c.id, company.c.name, company.c.credit_code)
    asked: list[tuple[Column[Any], set[Any]]] = [
        (company.c.name, names), (company.c.credit_code, set(codes)), (company.c.id, set(former.values())),
    ]  # fmt: skip
    for row in _matching(connection, facts, asked):
        _take_older(known.by_name, row.name, row.id)
        if row.credit_code:
            _take_older(known.by_code, row.credit_code, row.id)
        known.code_of[row.id] = row.credit_code
    return Known(known.by_code, former | known.by_name, known.code_of)


def _matching(
    connection: Connection, query: Select[Any], asked: Sequence[tuple[Column[Any], set[Any]]]
) -> Iterator[Row[Any]]:
    """Rows that have one of the wanted values; where much is wanted of a small table, all its rows, which is cheaper."""
    wanted = sum(len(values) for _column, values in asked)
    table = asked[0][0].table
    if wanted > _MANY and wanted * _MANY_TIMES >= (connection.scalar(select(func.count()).select_from(table)) or 0):
        yield from connection.execute(query)
        return
    for column, values in asked:
        for some in bulk.chunks(sorted(values)):
            yield from connection.execute(query.where(column.in_(some)))


def _take_older(found: dict[str, int], key: str, number: int) -> None:
    found[key] = min(number, found.get(key, number))


def find_company(connection: Connection, name: str, credit_code: str | None = None) -> int | None:
    """The company with this code, else with this name (present or former), else None."""
    code = plain_code(credit_code)
    known = known_companies(connection, [plain_company(name)], [code] if code else [])
    return known.by_code.get(code or "") or known.by_name.get(plain_company(name))


def called_companies(connection: Connection, names: Iterable[str]) -> dict[str, str]:
    """Names of companies as written, present and former ones → the names that they have now."""
    plain = {name: plain_company(name) for name in names}
    known = known_companies(connection, set(plain.values()) - {""}, ())
    numbers = {name: known.by_name[bare] for name, bare in plain.items() if bare in known.by_name}
    called = company_names(connection, numbers.values())
    return {name: called[number] for name, number in numbers.items()}


def company_names(connection: Connection, ids: Iterable[int]) -> dict[int, str]:
    """Id → name."""
    wanted = sorted(set(ids))
    found: dict[int, str] = {}
    for at in range(0, len(wanted), 500):
        query = select(company.c.id, company.c.name).where(company.c.id.in_(wanted[at : at + 500]))
        found |= {row.id: row.name for row in connection.execute(query)}
    return found


def there_on(day: str | BindParameter[str]) -> ColumnElement[bool]:
    """Whether a site is its company's on a day."""
    of = company_site.c
    return and_(or_(of.since.is_(None), of.since <= day), or_(of.until.is_(None), of.until >= day))


def there_now() -> ColumnElement[bool]:
    """The same on the day on which a fact is read; of sites without an end where no day is said."""
    return there_on(bindparam("today", _NEVER, type_=Words()))


def land_of(connection: Connection, day: str) -> dict[int, int]:
    """Company → own land − leased out + leased in on a day, in 1/300 m²; companies without land are left out."""
    of = company_site.c
    found: dict[int, int] = {}
    for row in connection.execute(select(of.company, of.kind, of.area).where(there_on(day), of.kind != FLOORS)):
        found[row.company] = found.get(row.company, 0) + (-row.area if row.kind == LEASED_OUT else row.area)
    return found
