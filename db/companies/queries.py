"""Finding companies."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, select

from db.companies.models import company, company_name
from db.companies.rules import plain_code, plain_company


def known_companies(connection: Connection) -> tuple[dict[str, int], dict[str, int]]:
    """(credit code → id, name → id); the oldest company wins a name, and a present name wins a former one."""
    rows = connection.execute(select(company.c.id, company.c.name, company.c.credit_code).order_by(company.c.id.desc()))
    codes: dict[str, int] = {}
    present: dict[str, int] = {}
    for row in rows:
        if row.credit_code:
            codes[row.credit_code] = row.id
        present[plain_company(row.name)] = row.id
    former = connection.execute(select(company_name.c.name, company_name.c.company).order_by(company_name.c.id))
    return codes, {plain_company(name): number for name, number in former} | present


def find_company(connection: Connection, name: str, credit_code: str | None = None) -> int | None:
    """The company with this code, else with this name (present or former), else None."""
    codes, names = known_companies(connection)
    code = plain_code(credit_code)
    return codes.get(code or "") or names.get(plain_company(name))


def company_names(connection: Connection, ids: Iterable[int]) -> dict[int, str]:
    """Id → name."""
    wanted = sorted(set(ids))
    found: dict[int, str] = {}
    for at in range(0, len(wanted), 500):
        query = select(company.c.id, company.c.name).where(company.c.id.in_(wanted[at : at + 500]))
        found |= {row.id: row.name for row in connection.execute(query)}
    return found
