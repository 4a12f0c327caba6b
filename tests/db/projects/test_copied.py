"""「复制文字」: short, in each language by its own writer, without what should not go round."""

from __future__ import annotations

import datetime as dt

import pytest

from db.core.book import Book
from db.core.text import Text
from db.projects.copied import MOST, copied
from db.projects.service import add_projects
from tests.conftest import on_a_file

TODAY = dt.date(2024, 7, 17)


@pytest.fixture
def projects(book: Book) -> list[int]:
    """One project with everything, one with a name, one on hold."""
    rows: list[dict[str, object]] = [
        {"name": "北辰聚变装置", "agreed_investment": 12_000_000_000, "investor": "北辰科技", "contact_phone": "13856012345",
         "expected_tax": 30_000_000, "talk_class": "A", "signed_on": "2024-03-05", "next_step": "完成选址。",
         "next_step_due": "2024-08-01", "progress": "已签约"},
        {"name": "晴川机器人"},
        {"name": "暂停的项目", "agreed_investment": 300_000_000, "status": "on_hold"},
    ]  # fmt: skip
    with book.write(Text("add")) as connection:
        return list(add_projects(connection, rows))


def text(book: Book, ids: list[int], lang: str = "zh") -> str:
    with book.read() as connection:
        return copied(connection, ids, today=TODAY, lang=lang)


@on_a_file
def test_that_one_project_is_told_in_a_few_lines(book: Book, projects: list[int]) -> None:
    said = text(book, projects[:1]).splitlines()
    assert said[0] == "【北辰聚变装置】"
    assert said[1] == "阶段：签约"
    assert "协议投资1.2亿元" in said
    assert "下一步：完成选址（2024年8月1日前）" in said
    assert said[-1] == "（截至2024年7月17日）"


def test_that_several_projects_are_a_numbered_list(book: Book, projects: list[int]) -> None:
    said = text(book, projects)
    assert said.startswith("【项目情况】3个，截至2024年7月17日\n\n1. 北辰聚变装置\n签约　1.2亿元")
    assert "（" in said.splitlines()[-1]
    assert "300万元" in said


@on_a_file
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_that_tax_class_and_phones_are_never_in_it(book: Book, projects: list[int], lang: str) -> None:
    for ids in (projects[:1], projects):
        said = text(book, ids, lang)
        assert not any(secret in said for secret in ("13856012345", "30万", "0.3 million", "A类"))


@on_a_file
def test_that_english_has_a_writer_of_its_own(book: Book, projects: list[int]) -> None:
    said = text(book, projects[:1], "en")
    assert "Agreed investment: 120 million yuan" in said
    assert said.endswith("(as of 2024-07-17)")
    assert text(book, [], "en") == ""


@on_a_file
def test_that_a_long_choice_ends_in_a_sentence(book: Book) -> None:
    with book.write(Text("add")) as connection:
        ids = list(add_projects(connection, [{"name": f"项目{number}"} for number in range(MOST + 3)]))
    assert text(book, ids).endswith("另有3个，见台账。")
