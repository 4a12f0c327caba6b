"""The register of enterprises that the demonstration shows."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import select

import db.rooms  # noqa: F401 - a book needs every table
from db.companies.alike import Company, alike_companies
from db.companies.models import company
from db.companies.service import odd_codes
from db.core.book import Book


def test_that_the_demonstration_has_a_register_without_odd_codes_and_two_pairs_that_may_be_one(
    demonstration: Path,
) -> None:
    with Book.open(demonstration) as book, book.read() as connection:
        rows = connection.execute(select(company)).all()
        odd = odd_codes(connection)
    assert all(row.industry and row.street for row in rows)
    assert sum(row.credit_code is None for row in rows) < len(rows) // 9
    assert odd == []
    assert len(alike_companies([Company(row.id, (row.name,), row.credit_code) for row in rows])) == 2
