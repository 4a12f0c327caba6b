"""Enterprises: doubles found and joined with their links, codes that look wrong, land of their sites, where they stand."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from db.companies.alike import Company, alike_companies, core_name
from db.companies.fields import COMPANY_FIELDS
from db.companies.land import add_site
from db.companies.land_blocks import put_site
from db.companies.merging import join_companies, near_duplicates
from db.companies.models import LEASED_IN, LEASED_OUT, OWN, company, company_site
from db.companies.queries import find_company, land_of
from db.companies.service import odd_codes
from db.core import listing
from db.core.book import Book
from db.core.errors import Refused
from db.core.text import _
from db.projects.models import project
from tests.conftest import on_a_file
from tests.factories import companies, projects
from tests.factories.companies import GOOD_CODE
from tests.factories.per_mu import year_of_metrics

MU = 200_000


def test_that_doubles_are_proposed_with_the_reason_and_two_codes_are_two_companies() -> None:
    known = [
        Company(1, ("合肥恒光信息技术有限公司",), "A", 3), Company(2, ("恒光信息技术有限责任公司",), None, 9),
        Company(3, ("庐州朗感光电科技有限公司",)), Company(4, ("庐州朗感光电科技股份有限公司",)),
        Company(5, ("合肥恒光信息技术有限公司（庐阳）",), "B"), Company(6, ("甲公司", "乙公司")), Company(7, ("乙公司",)),
    ]  # fmt: skip
    found = {(pair.gone, pair.into): pair.why.render("en") for pair in alike_companies(known)}
    assert found == {
        (2, 1): "the same name but for place and legal form",
        (4, 3): "the same name but for place and legal form",
        (2, 5): "the same name but for place and legal form",
        (7, 6): "a former name of the other",
    }
    assert alike_companies(known[2:4], apart=[frozenset((3, 4))]) == []
    assert core_name("合肥恒光信息技术有限公司") == "恒光信息技术"


def test_that_joined_companies_keep_their_links_names_and_facts(book: Book) -> None:
    kept, gone = (
        companies.company(book, "恒光信息技术有限公司"),
        companies.company(book, "合肥恒光信息技术有限公司", GOOD_CODE),
    )
    number = projects.project(book, name="甲项目", investor="合肥恒光信息技术有限公司")
    with book.read() as connection:
        assert [(pair.gone, pair.into) for pair in near_duplicates(connection)] == [(kept, gone)]
    with book.write(_("Join")) as connection:
        assert join_companies(connection, [gone], kept) == 1
    operation = book.operations()[0].number
    with book.read() as connection:
        assert find_company(connection, "合肥恒光信息技术有限公司") == kept
        assert find_company(connection, "没有", GOOD_CODE) == kept
        assert connection.scalar(select(project.c.investor).where(project.c.id == number)) == kept
    assert book.undo(operation).operation is not None
    with book.read() as connection:
        assert connection.scalar(select(project.c.investor).where(project.c.id == number)) == gone


@on_a_file
def test_that_what_contradicts_is_not_joined(book: Book) -> None:
    other = companies.company(book, "丙公司", "91340108AG26E4H6DP")
    coded = companies.company(book, "丁公司", GOOD_CODE)
    year_of_metrics(book, [("甲公司", {"land": 1}), ("乙公司", {"land": 2})])
    with book.read() as connection:
        first, second = (find_company(connection, name) or 0 for name in ("甲公司", "乙公司"))
    with pytest.raises(Refused, match="a record of the same year"), book.write(_("Join")) as connection:
        join_companies(connection, [second], first)
    with pytest.raises(Refused, match="different credit codes"), book.write(_("Join")) as connection:
        join_companies(connection, [other], coded)
    with pytest.raises(Refused, match="its own double"), book.write(_("Join")) as connection:
        join_companies(connection, [coded], coded)
    with book.read() as connection:
        assert len(connection.execute(select(company.c.id)).all()) == 4


@on_a_file
def test_that_a_code_that_fails_its_checksum_is_kept_and_named(book: Book) -> None:
    companies.company(book, "好公司", GOOD_CODE)
    wrong = companies.company(book, "错公司", "913401009XXXXXXXX1")
    with book.read() as connection:
        assert [number for number, _why in odd_codes(connection)] == [wrong]


def test_that_land_of_sites_is_own_less_leased_out_and_leased_in_on_a_day(book: Book) -> None:
    number = companies.company(book)
    with book.write(_("Sites")) as connection:
        add_site(connection, number, OWN, area=30 * MU, place="天水路", since="2020-01-01")
        leased = add_site(connection, number, LEASED_OUT, area=5 * MU)
        add_site(connection, number, LEASED_IN, area=MU, since="2024-01-01")
        with pytest.raises(Refused, match="above zero"):
            add_site(connection, number, OWN, area=0)
        with pytest.raises(Refused, match="own, leased out, leased in"):
            add_site(connection, number, "bought", area=1)
        put_site(connection, {"until": "2023-06-30"}, leased)
    with book.read() as connection:
        assert [land_of(connection, day)[number] // MU for day in ("2023-01-01", "2023-12-31", "2024-12-31")] == [
            25,
            30,
            31,
        ]
        assert connection.scalar(select(company_site.c.until).where(company_site.c.id == leased)) == "2023-06-30"
        fields = {one.key: one for one in COMPANY_FIELDS}
        (row,) = listing.rows(connection, company, [fields["site_land"]], [number])
        assert row == (number, 31 * MU)


@on_a_file
def test_that_the_place_and_the_size_of_a_company_are_facts_like_any_other(book: Book) -> None:
    number = companies.company(book)
    fields = {one.key: one for one in COMPANY_FIELDS}
    with book.write(_("Facts")) as connection:
        for key, value in (("street", "大杨镇"), ("scale", "above"), ("industry", "新能源")):
            write = fields[key].write
            assert write is not None
            write(connection, [(number, value)])
    with book.read() as connection:
        wanted = [fields[key] for key in ("street", "scale", "industry")]
        assert listing.rows(connection, company, wanted, [number]) == [(number, "大杨镇", "above", "新能源")]
