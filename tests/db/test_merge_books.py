"""Copies of the book come home, and the main book goes into them: whatever both did, as often as one likes."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db.cli import main
from db.core import attachments, copies
from db.core.book import Book
from db.core.checking import check
from db.core.coming_home import plan_merge
from db.core.errors import Refused, Usage
from db.core.period import Period
from db.core.taking_over import Agreed, take_over, undecided
from db.core.text import Text
from db.core.three_way import Written
from db.forum.adding import add_issues
from db.overview.figures import figures
from db.overview.report import build
from db.projects.service import add_projects, delete_projects, set_values
from db.projects.sheet import PROJECT_SHEET
from tests.conftest import on_a_file
from tests.db.sheets import returns
from tests.db.sheets.returns import everything

KEYS = ("name", "investor", "agreed_investment", "problems", "next_step", "signed_on", "started_on", "jobs", "stage")


def change(book: Book, *cells: tuple[int, str, Any]) -> None:
    with book.write(Text("change")) as connection:
        set_values(connection, cells)


def add(book: Book, *rows: dict[str, Any]) -> list[int]:
    with book.write(Text("add")) as connection:
        return list(add_projects(connection, rows))


def delete(book: Book, *ids: int) -> None:
    with book.write(Text("delete")) as connection:
        delete_projects(connection, ids)


def state(book: Book) -> dict[int, dict[str, Any]]:
    """What a book says of its projects."""
    with book.read() as connection:
        ids = [record["id"] for record in PROJECT_SHEET.existing(connection)]
        return PROJECT_SHEET.current(connection, ids, KEYS)


def merged(book: Book, other: Book, agreed: Agreed | None = None, **more: Any) -> int | None:
    return take_over(book, other, plan_merge(book, other), agreed, **more)


@pytest.fixture
def two(book: Book, tmp_path: Path) -> Iterator[tuple[Book, Book, list[int]]]:
    """A book of six projects, and a copy that 高翔 took along."""
    ids = returns.fill(book)
    copies.hand_out(book, tmp_path / "高翔.zsb", taken_by="高翔")
    with Book.open(tmp_path / "高翔.zsb", actor="高翔") as copy:
        yield book, copy, ids


def test_that_what_was_done_in_a_copy_comes_home_and_what_both_did_is_asked(two: tuple[Book, Book, list[int]]) -> None:
    book, copy, ids = two
    (new,) = add(copy, {"name": "论坛上谈的", "investor": "新公司", "signed_on": "2024-07-02", "stage": "signed"})
    change(copy, (ids[0], "problems", "缺电"), (ids[1], "next_step", "他写的"), (ids[2], "started_on", "2024-07-03"))
    add(book, {"name": "这边加的", "investor": "新公司"})
    change(book, (ids[1], "next_step", "我写的"), (ids[3], "jobs", 1))
    before = everything(book)
    plan = plan_merge(book, copy)
    assert [(one.table, one.id, one.column, one.ours, one.theirs) for one in plan.conflicts] == [
        ("project", ids[1], "next_step", "我写的", "他写的")
    ]
    assert undecided(plan, Agreed()) == 1
    with pytest.raises(Refused, match="1"):
        take_over(book, copy, plan)
    assert everything(book) == before
    number = take_over(book, copy, plan, Agreed({("project", ids[1], "next_step"): "theirs"}))
    assert number is not None
    after = state(book)
    assert (after[new]["name"], after[new]["investor"], after[new]["stage"]) == ("论坛上谈的", "新公司", "signed")
    assert [after[ids[0]]["problems"], after[ids[1]]["next_step"], after[ids[3]]["jobs"]] == ["缺电", "他写的", 1]
    assert (after[ids[2]]["started_on"], after[ids[2]]["stage"]) == ("2024-07-03", "started")
    assert check(book) == []
    assert merged(book, copy) is None
    assert book.undo(number).conflicts == ()
    assert everything(book) == before


@on_a_file
def test_that_a_third_value_is_written_and_a_taken_cell_turned_back(two: tuple[Book, Book, list[int]]) -> None:
    book, copy, ids = two
    first, second = ids[0], ids[1]
    change(copy, (first, "next_step", "他"), (first, "investor", "乙公司"), (first, "jobs", 7), (second, "jobs", 8))
    change(copy, (first, "problems", "他的"), (second, "problems", "他的"))
    change(book, (first, "next_step", "我"), (first, "investor", "丙公司"), (first, "problems", "我的"))
    plan = plan_merge(book, copy)
    base = {one.column: one.base for one in plan.conflicts}
    cells = {
        ("project", first, "next_step"): Written("折中"), ("project", first, "investor"): Written("丁公司"),
        ("project", first, "problems"): Written(base["problems"]), ("project", first, "jobs"): "ours",
        ("project", second, "jobs"): Written(80),
    }  # fmt: skip
    strange = Agreed({**cells, ("project", first, "investor"): Written("没有这家")})  # type: ignore[dict-item]
    with pytest.raises(Refused, match="没有这家"):
        take_over(book, copy, plan, strange)
    assert take_over(book, copy, plan, Agreed(cells)) is not None  # type: ignore[arg-type]
    after = state(book)
    assert [after[first][key] for key in ("next_step", "investor", "problems", "jobs")] == [
        "折中",
        "丁公司",
        "甲的问题",
        5,
    ]
    assert [after[second][key] for key in ("problems", "jobs")] == ["他的", 80]
    assert merged(book, copy) is None
    assert merged(copy, book) is not None
    assert state(copy) == after


@on_a_file
def test_that_both_directions_end_in_the_same_book_and_numbers_never_meet(two: tuple[Book, Book, list[int]]) -> None:
    book, copy, ids = two
    for turn in range(3):
        add(copy, {"name": f"副本{turn}"})
        add(book, {"name": f"主账本{turn}"})
        change(copy, (ids[0], "problems", f"副本{turn}"))
        change(book, (ids[1], "problems", f"主账本{turn}"))
        assert merged(book, copy) is not None
        assert merged(copy, book) is not None
        assert state(book) == state(copy)
    assert merged(book, copy) is None or state(book) == state(copy)
    assert len(state(book)) == 12
    assert check(book) == check(copy) == []


@on_a_file
def test_that_a_decision_is_not_asked_a_second_time_on_the_way_back(two: tuple[Book, Book, list[int]]) -> None:
    book, copy, ids = two
    change(book, (ids[0], "problems", "我"))
    change(copy, (ids[0], "problems", "他"))
    assert merged(book, copy, take="ours") is not None
    plan = plan_merge(copy, book)
    assert plan.conflicts == ()
    assert take_over(copy, book, plan) is not None
    assert state(copy)[ids[0]]["problems"] == "我"


@on_a_file
def test_that_deletions_are_proposed_and_go_whole_when_agreed(two: tuple[Book, Book, list[int]]) -> None:
    book, copy, ids = two
    delete(copy, ids[0], ids[1])
    change(book, (ids[1], "problems", "还在谈"))
    plan = plan_merge(book, copy)
    assert [(one.name, one.changed) for one in plan.gone] == [("甲项目", False), ("乙项目", True)]
    assert take_over(book, copy, plan) is None
    assert set(state(book)) == set(ids)
    number = take_over(book, copy, plan, Agreed(delete=frozenset({("project", ids[0])})))
    assert number is not None
    assert set(state(book)) == set(ids[1:])
    assert check(book) == []
    assert book.undo(number).conflicts == ()
    assert set(state(book)) == set(ids)


@on_a_file
def test_that_what_was_deleted_here_and_changed_there_can_come_back_whole(two: tuple[Book, Book, list[int]]) -> None:
    book, copy, ids = two
    delete(book, ids[0])
    change(copy, (ids[0], "problems", "还在谈"), (ids[0], "started_on", "2024-07-04"))
    plan = plan_merge(book, copy)
    assert ("project", ids[0], None) in {(one.table, one.id, one.column) for one in plan.conflicts}
    assert take_over(book, copy, plan, take="theirs") is not None
    assert state(book)[ids[0]] == state(copy)[ids[0]]
    assert check(book) == []


def test_that_attachments_come_along_once(two: tuple[Book, Book, list[int]], tmp_path: Path) -> None:
    book, copy, ids = two
    paper = tmp_path / "协议.pdf"
    paper.write_bytes(b"%PDF-1.4 " + random.Random(1).randbytes(3 * 2**20))
    with copy.write(Text("attach")) as connection:
        number = attachments.add(connection, "projects", ids[0], attachments.examine(paper), on="2024-07-01", by="高翔")
    assert merged(book, copy) is not None
    with book.read() as connection:
        (one,) = attachments.of_record(connection, "projects", ids[0])
        assert (one.id, one.name, one.size) == (number, "协议.pdf", paper.stat().st_size)
    assert check(book) == []


def test_that_a_copy_of_some_rooms_lacks_the_others_and_brings_home_what_was_in_it(book: Book, tmp_path: Path) -> None:
    ids = returns.fill(book)
    paper = tmp_path / "批文.pdf"
    paper.write_bytes(b"%PDF-1.4 approval of a project")
    with book.write(Text("attach")) as connection:
        attachments.add(connection, "projects", ids[0], attachments.examine(paper), on="2024-07-01", by="高翔")
    delete(book, ids[5])
    with pytest.raises(Usage, match="per_mu"):
        copies.hand_out(book, tmp_path / "没有.zsb", taken_by="周敏", rooms=["没有"])
    made = copies.hand_out(book, tmp_path / "周敏.zsb", taken_by="周敏", rooms=["forum"])
    assert set(made.left_out) == {"projects", "per_mu", "five_ones", "contests"}
    inside = (tmp_path / "周敏.zsb").read_bytes()
    assert "甲公司".encode() in inside
    for secret in ("甲项目", "己项目", "批文.pdf"):
        assert secret.encode() not in inside
    assert b"approval of a project" not in inside
    with Book.open(tmp_path / "周敏.zsb", actor="周敏") as copy:
        assert check(copy) == []
        with copy.as_of(2) as then, then.read() as connection:
            assert connection.exec_driver_sql("SELECT count(*) FROM project").scalar() == 0
            known = figures(connection, Period.parse("2024-07"), by="street")
            assert {one["signed.count"]["value"] for one in (known["figures"], *known["by"].values())} == {None}
            with pytest.raises(Refused, match="without projects"):
                build(connection, Period.parse("2024-07"))
        for turn in range(2):
            with copy.write(Text("there")) as connection:
                add_issues(connection, [{"company": "甲公司", "text": f"论坛上说的{turn}", "raised_on": "2024-07-02"}])
            change(book, (ids[1], "problems", f"这边写的{turn}"))
            add(copy, {"name": f"副本里误加的{turn}"})
            before = state(book)
            plan = plan_merge(book, copy)
            assert (set(plan.apart), plan.conflicts, plan.gone) == ({"projects"}, (), ())
            assert "甲公司" not in {one["name"] for one in before.values()}
            assert take_over(book, copy, plan) is not None
            assert state(book) == before
            back = plan_merge(copy, book)
            assert (set(back.apart), back.conflicts) == ({"projects"}, ())
            take_over(copy, book, back)
            assert (check(book), check(copy)) == ([], [])
    with book.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM issue").scalar() == 2


@on_a_file
def test_that_foreign_books_and_plain_copies_are_refused(two: tuple[Book, Book, list[int]], tmp_path: Path) -> None:
    book, copy, ids = two
    with Book.create(tmp_path / "别家.zsb", actor="别人") as other:
        returns.fill(other, 1)
        with pytest.raises(Refused, match="no copy of this book"):
            plan_merge(book, other)
    with ExitStack() as stack:
        (tmp_path / "拷贝.zsb").write_bytes((tmp_path / "高翔.zsb").read_bytes())
        plain = stack.enter_context(Book.open(tmp_path / "拷贝.zsb"))
        change(plain, (ids[0], "problems", "拷贝里改的"))
        with pytest.raises(Refused, match="plain copy"):
            plan_merge(copy, plain)


@on_a_file
def test_that_a_book_changed_meanwhile_is_compared_again(two: tuple[Book, Book, list[int]]) -> None:
    book, copy, ids = two
    change(copy, (ids[0], "problems", "缺电"))
    plan = plan_merge(book, copy)
    change(book, (ids[3], "problems", "别的"))
    with pytest.raises(Refused, match="compare again"):
        take_over(book, copy, plan)


EDITS = st.lists(
    st.tuples(
        st.sampled_from(["book", "copy"]),
        st.integers(0, 3),
        st.sampled_from(["problems", "jobs", "next_step", "add", "delete"]),
        st.integers(1, 3),
    ),
    max_size=7,
)


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory, empty_file: Path) -> tuple[bytes, bytes, list[int]]:
    """A book of four projects and its copy, as bytes."""
    folder = tmp_path_factory.mktemp("pair")
    (folder / "主.zsb").write_bytes(empty_file.read_bytes())
    with Book.open(folder / "主.zsb", actor="测试员") as book:
        ids = returns.fill(book, 4)
        copies.hand_out(book, folder / "副.zsb", taken_by="高翔")
    return (folder / "主.zsb").read_bytes(), (folder / "副.zsb").read_bytes(), ids


@given(EDITS)
@settings(max_examples=6)
def test_that_random_edits_on_both_sides_lose_no_one_sided_change(
    pair: tuple[bytes, bytes, list[int]], tmp_path: Path, edits: list[tuple[str, int, str, int]]
) -> None:
    with ExitStack() as stack:
        books: dict[str, Book] = {}
        for name, content in zip(("book", "copy"), pair[:2], strict=True):
            (tmp_path / f"{name}.zsb").write_bytes(content)
            books[name] = stack.enter_context(Book.open(tmp_path / f"{name}.zsb", actor=name))
        base = state(books["book"])
        for side, place, what, value in edits:
            number = pair[2][place]
            if what == "add":
                add(books[side], {"name": f"{side}{value}"})
            elif number in state(books[side]):
                if what == "delete":
                    delete(books[side], number)
                else:
                    change(books[side], (number, what, value if what == "jobs" else f"问题{value}"))
        ours, theirs, before = state(books["book"]), state(books["copy"]), everything(books["book"])
        plan = plan_merge(books["book"], books["copy"])
        conflicts = {(one.id, one.column) for one in plan.conflicts if one.table == "project"}
        done = take_over(books["book"], books["copy"], plan, take="ours")
        after = state(books["book"])
        for number, cells in theirs.items():
            if number not in ours:
                assert (number in after) == (number not in base)
                continue
            for key, value in cells.items():
                was, here = base[number][key], ours[number][key]
                both = was not in (value, here) and value != here
                assert ((number, key) in conflicts) == both
                assert after[number][key] == (here if both or value == was else value)
        assert {one.id for one in plan.gone} == {one for one in base if one in ours and one not in theirs}
        assert set(ours) <= set(after)
        assert check(books["book"]) == []
        assert merged(books["book"], books["copy"], take="ours") is None or not plan.conflicts
        if done is not None:
            assert books["book"].undo(done).conflicts == ()
            assert everything(books["book"]) == before


@on_a_file
def test_that_the_commands_send_merge_and_say_so_in_json(
    book: Book, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    returns.fill(book)
    target = book.target
    copies.hand_out(book, tmp_path / "高翔.zsb", taken_by="高翔")
    book.close()
    out = tmp_path / "大杨镇.xlsx"
    with Book.open(tmp_path / "高翔.zsb", actor="高翔") as copy:
        change(copy, (1, "problems", "副本里写的"))
    assert main(["merge", target, str(tmp_path / "高翔.zsb"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["taken"] == 1
    asked = ["export", target, "projects", "--out", str(out), "--for", "大杨镇", "--due", "2024-07-20", "--lang", "zh"]
    assert main([*asked, "--columns", "name,problems,next_step", "--editable", "problems"]) == 0
    assert "发给大杨镇的 6 行" in capsys.readouterr().out
    assert main(["merge", target, str(out), "--dry-run", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["taken"], found["conflicts"], found["missing"], found["operation"]) == (0, [], [], None)
    assert main(["export", target, "projects", "--out", str(out), "--for", "没有的镇", "--lang", "zh"]) == 1
    assert "没有“没有的镇”这个单位" in capsys.readouterr().err
    assert main(["merge", target, str(tmp_path / "没有.xlsx"), "--lang", "zh"]) == 3
