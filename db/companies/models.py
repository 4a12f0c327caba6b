"""Companies: who invests. Told apart by credit code, then by name; former names still find them."""

from __future__ import annotations

from sqlalchemy import Index

from db.core.tables import link, tracked, words

company = tracked(
    "company",
    words("name", null=False),
    words("credit_code"),
    words("country"),
    words("province"),
    words("city"),
    words("tags"),
    words("intro"),
    words("remarks"),
)
Index("ix_company_name", company.c.name)
Index("ix_company_credit_code", company.c.credit_code)

company_name = tracked(
    "company_name",
    link("company", "company", null=False),
    words("name", null=False),
    words("until"),
)
