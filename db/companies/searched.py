"""What search finds companies by."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, select

from db.companies.models import company, company_name
from db.core.search_subjects import Further, Line, Subject
from db.core.text import _


def _lines(connection: Connection, ids: Sequence[int]) -> list[Line]:
    of = company.c
    query = select(of.id, of.name, of.credit_code, of.province, of.city).where(of.id.in_(ids))
    return [
        Line(row.id, row.name, (row.credit_code or "", (row.province or "") + (row.city or "")))
        for row in connection.execute(query)
    ]


SEARCHED = (
    Subject(
        "companies", company, _("Companies"), _lines, ("name",),
        ("credit_code", "country", "province", "city", "tags", "intro", "remarks"),
        further=(Further(company_name, "company", "name", name=True),),
    ),
)  # fmt: skip
