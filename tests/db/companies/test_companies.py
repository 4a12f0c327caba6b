"""Companies: told apart by credit code, then by name."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from db.companies.models import company
from db.companies.queries import find_company
from db.companies.rules import credit_code_warning, plain_code
from db.companies.service import company_ids, rename_company, set_credit_code
from db.core.book import Book
from db.core.errors import Refused
from db.core.text import _
from tests.conftest import on_a_file
from tests.factories import companies
from tests.factories.companies import GOOD_CODE


def test_that_a_company_is_found_by_credit_code_before_its_name(book: Book) -> None:
    coded = companies.company(book, "甲公司", GOOD_CODE)
    named = companies.company(book, "乙公司")
    with book.read() as connection:
        assert find_company(connection, "乙公司", GOOD_CODE) == coded
        assert find_company(connection, "乙公司") == named
        assert find_company(connection, "丙公司") is None


@on_a_file
def test_that_brackets_and_blanks_make_no_other_company(book: Book) -> None:
    found = companies.company(book, "安徽（庐州）天仪有限公司")
    with book.read() as connection:
        assert find_company(connection, "安徽(庐州)天仪 有限公司") == found


@on_a_file
def test_that_a_former_name_still_finds_the_company(book: Book) -> None:
    found = companies.company(book, "旧名公司")
    with book.write(_("Rename")) as connection:
        rename_company(connection, found, "新名公司")
    with book.read() as connection:
        assert find_company(connection, "旧名公司") == find_company(connection, "新名公司") == found


def test_that_many_companies_are_resolved_or_added_at_once(book: Book) -> None:
    known = companies.company(book, "甲公司")
    with book.write(_("Import")) as connection:
        wanted = [("甲公司", GOOD_CODE), ("乙公司", None), ("乙公司", None), ("换名公司", GOOD_CODE), ("", None)]
        found = company_ids(connection, wanted, {("乙公司", None): {"intro": "做仪器"}})
    assert found["甲公司", GOOD_CODE] == found["换名公司", GOOD_CODE] == known
    assert ("", None) not in found
    with book.read() as connection:
        rows = connection.execute(select(company.c.name, company.c.credit_code, company.c.intro).order_by(company.c.id))
        assert [tuple(row) for row in rows] == [("甲公司", GOOD_CODE, None), ("乙公司", None, "做仪器")]


@on_a_file
def test_that_one_name_with_two_credit_codes_is_two_companies(book: Book) -> None:
    with book.write(_("Import")) as connection:
        found = company_ids(connection, [("甲公司", GOOD_CODE), ("甲公司", "91340108AG26E4H6DP")])
    assert len(set(found.values())) == 2


@on_a_file
def test_that_facts_of_an_import_fill_what_is_empty_and_overwrite_nothing(book: Book) -> None:
    with book.write(_("Import")) as connection:
        company_ids(connection, [("甲公司", None)], {("甲公司", None): {"intro": "先说"}})
    with book.write(_("Import")) as connection:
        company_ids(connection, [("甲公司", None)], {("甲公司", None): {"intro": "后说", "tags": "上市"}})
    with book.read() as connection:
        assert tuple(connection.execute(select(company.c.intro, company.c.tags)).one()) == ("先说", "上市")


@on_a_file
def test_that_a_credit_code_of_another_company_is_refused_naming_it(book: Book) -> None:
    companies.company(book, "甲公司", GOOD_CODE)
    other = companies.company(book, "乙公司")
    with pytest.raises(Refused) as refused, book.write(_("Code")) as connection:
        set_credit_code(connection, other, GOOD_CODE.lower())
    assert "甲公司" in refused.value.fields["credit_code"].render("zh")


def test_that_a_wrong_checksum_warns_and_a_slash_is_no_code() -> None:
    assert credit_code_warning(GOOD_CODE) is None
    assert credit_code_warning(GOOD_CODE[:-1] + "6") is not None
    assert credit_code_warning("/") is None
    assert plain_code(" 91340100ma2rakpb15 ") == GOOD_CODE
    assert plain_code("无") is None
