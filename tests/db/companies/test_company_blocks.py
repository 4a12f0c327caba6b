"""Cells of companies that are typed, companies that are one, and companies that nobody names any more."""

from __future__ import annotations

import pytest
from sqlalchemy import select

import db.rooms  # noqa: F401 - a book needs every table
from db.companies import about, blocks, merging
from db.companies.fields import COMPANY_FIELDS
from db.companies.land import add_site
from db.companies.models import company
from db.companies.service import add_company, delete_companies, rename_company
from db.core import block, saving
from db.core.book import Book
from db.core.errors import Refused
from db.core.saving import Saved
from db.core.text import _
from db.forum.about_company import issues, service
from db.projects.about_company import about as projects_of
from tests.conftest import on_a_file
from tests.factories import forum, projects

TODAY = "2024-07-17"
CODE = "91340100149100000X"
FIELDS = {one.key: one for one in COMPANY_FIELDS}


def companies(book: Book, *names: str, code: str | None = None) -> list[int]:
    """Companies of these names; the first has the code."""
    with book.write(_("Companies")) as connection:
        return [add_company(connection, name, credit_code=None if at else code) for at, name in enumerate(names)]


def save(book: Book, ids: list[int], rows: list[list[str]], *keys: str, agreed: bool = False) -> Saved:
    """A block as a person types it."""
    fields = [FIELDS[key] for key in keys]
    return saving.save(
        book,
        blocks.BLOCKS,
        lambda connection: block.check(connection, blocks.RULES, fields=fields, ids=ids, cells=rows, today=TODAY),
        today=TODAY, fields=fields, agreed=agreed,
    )  # fmt: skip


@on_a_file
def test_that_a_name_or_code_of_another_company_is_refused_and_an_odd_code_asks(book: Book) -> None:
    one, other = companies(book, "北辰光学有限公司", "天工机器人有限公司", code=CODE)
    taken = save(book, [other], [["北辰光学有限公司", CODE]], "name", "credit_code")
    assert {(bad.row, bad.column) for bad in taken.checked.bad} == {(0, 0), (0, 1)}
    odd = save(book, [other], [["91340100MA2ABCDE12"]], "credit_code")
    assert odd.written == 0
    assert "91340100MA2ABCDE12" in odd.checked.questions[0].sentence.render("zh")
    assert save(book, [other], [["91340100MA2ABCDE12"]], "credit_code", agreed=True).written == 1
    assert save(book, [one], [["北辰光学（安徽）有限公司"]], "name").written == 1
    assert book.operations()[0].label.render("zh") == "修改“北辰光学有限公司”：企业名称"


@on_a_file
def test_that_pasted_rows_become_companies_with_their_facts(book: Book) -> None:
    saved = save(
        book, [], [["北辰光学有限公司", "高企、专精特新", "大杨镇"], ["", "高企", ""]], "name", "tags", "street"
    )
    assert [(bad.row, bad.column) for bad in saved.checked.bad] == [(1, 0)]
    saved = save(book, [], [["北辰光学有限公司", "高企、专精特新", "大杨镇"]], "name", "tags", "street", agreed=True)
    with book.read() as connection:
        row = connection.execute(select(company).where(company.c.id == saved.added[0])).one()
        assert (row.name, row.tags, row.street is not None) == ("北辰光学有限公司", "高企、专精特新", True)
        assert blocks.suggestions(connection, FIELDS["tags"]) == ["高企", "专精特新"]


def test_that_a_company_that_records_name_stays_and_another_goes_and_comes_back(book: Book) -> None:
    forum.issues(book, forum.issue(company="北辰光学有限公司"))
    (other,) = companies(book, "天工机器人有限公司")
    with book.write(_("Land")) as connection:
        rename_company(connection, other, "天工智能有限公司")
        add_site(connection, other, "own", area=300)
    with book.read() as connection:
        named = connection.scalar(select(company.c.id).where(company.c.name == "北辰光学有限公司"))
    with pytest.raises(Refused, match="北辰光学有限公司"), book.write(_("Delete")) as connection:
        delete_companies(connection, [named or 0])
    with book.write(_("Delete")) as connection:
        delete_companies(connection, [other])
        gone = connection.info["operation"]
    book.undo(gone)
    with book.read() as connection:
        (names,) = about.about(connection, other)
        assert [line.title for line in names.lines] == ["天工机器人有限公司"]
        assert len(about.land(connection, other, TODAY).sites) == 1


@on_a_file
def test_that_a_preview_says_what_merging_would_do_and_two_that_are_two_are_not_proposed_again(book: Book) -> None:
    projects.projects(book, projects.row(investor="北辰光学有限公司"))
    forum.issues(book, forum.issue(company="北辰光学有限公司"))
    (other,) = companies(book, "北辰光学股份有限公司", code=CODE)
    with book.read() as connection:
        (pair,) = merging.near_duplicates(connection)
        seen = merging.preview(connection, pair.gone, pair.into)
    assert seen is not None
    assert (pair.into, dict(seen.moves), seen.why_not) == (other, {"project": 1, "issue": 1}, None)
    with book.write(_("Two")) as connection:
        merging.keep_apart(connection, pair.gone, pair.into)
    with book.read() as connection:
        assert merging.near_duplicates(connection, apart=merging.apart(connection)) == []
    with book.write(_("Merge")) as connection:
        merging.join_companies(connection, [pair.gone], pair.into)
    with book.read() as connection:
        assert merging.preview(connection, pair.gone, pair.into) is None
        assert [len(part.lines) for part in (*projects_of(connection, other), *issues(connection, other))] == [1, 1, 0]
        assert all(not part.lines for part in service(connection, other))
