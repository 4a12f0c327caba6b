"""A plan becomes one operation, or none at all: of a book that has changed meanwhile, of odd cells, of many rows."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, inspect, select

from db.core.book import Book
from db.core.deferring import WORTH_IT
from db.core.errors import Cancelled
from db.core.text import Text
from db.projects.models import project
from db.projects.sheet import PROJECT_SHEET
from db.sheets.outdated import Outdated
from db.sheets.plan import Plan
from db.sheets.planning import plan
from db.sheets.workbook import Cell
from db.sheets.writing import commit
from tests.conftest import on_a_file
from tests.db.sheets.sample import book as workbook
from tests.db.sheets.sample import new_records, options, sheet
from tests.factories import projects
from tests.factories.projects import read, row

HEAD: list[Cell] = ["项目名称", "投资主体", "协议投资额（万元）", "包保区领导", "目前进展"]


def planned(book: Book, *rows: list[Cell], head: list[Cell] = HEAD, **given: Any) -> Plan:
    """A plan of one sheet typed by hand, against the book as it is."""
    with book.read() as connection:
        return plan(workbook(sheet(head, *rows)), PROJECT_SHEET, connection, options(**given))


def count(book: Book) -> int:
    with book.read() as connection:
        return connection.scalar(select(func.count()).select_from(project)) or 0


class Watch:
    """A progress that remembers what it was told and says stop at the `stop`-th step."""

    def __init__(self, stop: int = 0) -> None:
        self.told: list[tuple[int, int]] = []
        self._stop = stop

    def step(self, done: int, total: int, text: Text) -> None:
        self.told.append((done, total))
        if len(self.told) == self._stop:
            raise Cancelled


def test_that_a_plan_is_written_although_somebody_saved_something_else_meanwhile(book: Book) -> None:
    found = planned(book, ["甲项目", "甲公司", 100, "张明", "在谈"])
    projects.project(book, name="乙项目")
    assert commit(book, found) is not None
    assert count(book) == 2


def test_that_a_record_that_somebody_added_meanwhile_is_not_added_twice(book: Book) -> None:
    rows: list[list[Cell]] = [["甲项目", "甲公司", 100, "张明", "在谈"], ["丙项目", "丙公司", 300, None, None]]
    found = planned(book, *rows)
    projects.project(book, name="甲项目", investor="甲公司", agreed_investment=100 * 10**6)
    with pytest.raises(Outdated) as refused:
        commit(book, found)
    assert "Sheet1!2" in refused.value.render("en")
    assert count(book) == 1
    again = planned(book, *rows)
    assert (again.new_count, again.changed_count) == (1, 1)
    assert commit(book, again) is not None
    assert count(book) == 2


def test_that_a_cell_that_somebody_changed_meanwhile_is_not_overwritten_unseen(book: Book) -> None:
    number = projects.project(book, name="甲项目", agreed_investment=10**6)
    found = planned(book, ["甲项目", None, 100, None, None])
    projects.write(book, (number, "agreed_investment", 2 * 10**6))
    with pytest.raises(Outdated):
        commit(book, found)
    assert read(book, number, "agreed_investment") == (2 * 10**6,)


@on_a_file
def test_that_another_cell_of_a_record_may_be_changed_meanwhile(book: Book) -> None:
    number = projects.project(book, name="甲项目", agreed_investment=10**6)
    found = planned(book, ["甲项目", None, 100, None, None])
    projects.write(book, (number, "content", "新建厂房"))
    assert commit(book, found) is not None
    assert read(book, number, "agreed_investment", "content") == (100 * 10**6, "新建厂房")


@on_a_file
def test_that_control_characters_are_left_out_and_said(book: Book) -> None:
    head: list[Cell] = ["项目名称", "投资主体", "协议投资额（万元）", "包保区领导", "目前进展", "红黑\x01榜"]
    found = planned(book, ["甲\x07项目", "甲公司\0", "100\0左右", "\0", "第一\x0b步\x1f\n第二步", "红\x02"], head=head)
    assert any(note.text.key.startswith("Control characters") for note in found.notes)
    assert found.unaccounted() == 0
    assert commit(book, found) is not None
    ((_row, said),) = new_records(found)
    assert (said["name"], said["own:红黑榜"], said.get("leader")) == ("甲项目", "红", None)
    assert read(book, 1, "name", "investor", "agreed_investment", "progress") == (
        "甲项目", "甲公司", 100 * 10**6, "第一\x0b步\n第二步",
    )  # fmt: skip


@on_a_file
def test_that_filling_down_is_asked_once_for_a_layout(book: Book) -> None:
    rows: list[list[Cell]] = [
        [f"{name}项目", None, None, "张明" if name == "甲" else None, None] for name in "甲乙丙丁"
    ]
    first = planned(book, *rows, assume_yes=False)
    (question,) = first.open_questions
    assert question.id == "fill:Sheet1!D"
    answered = planned(book, *rows, assume_yes=False, answers={question.id: "no"})
    commit(book, answered)
    later: list[list[Cell]] = [[f"新{name}", *others] for name, *others in rows]
    again = planned(book, *later, assume_yes=False)
    assert not again.open_questions
    assert [record.get("leader") for _row, record in new_records(again)] == ["张明", None, None, None]


def test_that_a_large_import_says_how_far_it_is(book: Book) -> None:
    rows: list[list[Cell]] = [[f"项目{number}", f"公司{number}", 1, None, None] for number in range(WORTH_IT)]
    watch = Watch()
    commit(book, planned(book, *rows), progress=watch)
    assert watch.told == sorted(watch.told)
    assert (watch.told[0], watch.told[-1]) == ((0, WORTH_IT), (WORTH_IT, WORTH_IT))
    assert count(book) == WORTH_IT


@pytest.mark.parametrize("stop", [2, 4])
def test_that_a_large_import_that_is_stopped_leaves_the_book_as_it_was(book: Book, stop: int) -> None:
    rows: list[list[Cell]] = [[f"项目{number}", f"公司{number}", 1, None, None] for number in range(WORTH_IT)]
    found = planned(book, *rows)
    with book.read() as connection:
        before = {index["name"] for index in inspect(connection).get_indexes("project")}
    with pytest.raises(Cancelled):
        commit(book, found, progress=Watch(stop))
    with book.read() as connection:
        assert {index["name"] for index in inspect(connection).get_indexes("project")} == before
    assert (count(book), book.operations()) == (0, [])
    projects.projects(book, row(), row())
    assert count(book) == 2
