"""A colleague's copy: a block of ids of its own, a base that both books know, a note of who took it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from db.cli import main
from db.core import copies
from db.core.book import BLOCK, Book
from db.core.checking import check
from db.core.copies import Copy
from db.core.errors import Problem
from db.core.text import Text
from db.projects.service import add_projects
from tests.conftest import on_a_file

DAY = dt.date(2024, 7, 17)


def add(book: Book, *names: str) -> list[int]:
    """New projects as one operation; their ids."""
    with book.write(Text("add")) as connection:
        return list(add_projects(connection, [{"name": name} for name in names]))


def hand_out(book: Book, path: Path, who: str = "高翔") -> Copy:
    return copies.hand_out(book, path, taken_by=who, on=DAY)


def test_that_ids_made_in_copies_and_in_copies_of_copies_never_collide(book: Book, tmp_path: Path) -> None:
    add(book, "原有项目")
    blocks, ids, tree = {0}, set(add(book, "主账本")), [book]
    for depth in range(3):
        parent = tree[-1]
        for child in range(2):
            path = tmp_path / f"副本{depth}{child}.zsb"
            made = hand_out(parent, path)
            assert made.block not in blocks
            blocks.add(made.block)
            opened = Book.open(path)
            new = set(add(opened, "甲", "乙"))
            assert not new & ids
            assert {one // BLOCK for one in new} == {made.block}
            ids |= new
            if child == 1:
                tree.append(opened)
            else:
                opened.close()
    assert not set(add(book, "之后")) & ids
    for opened in tree[1:]:
        opened.close()


def test_that_a_copy_is_whole_and_knows_its_base(book: Book, tmp_path: Path) -> None:
    add(book, "北辰聚变装置", "晴川机器人")
    base = book.operations()[0].number
    made = hand_out(book, tmp_path / "高翔.zsb", "  高翔  ")
    assert (made.taken_by, made.base_operation, made.file) == ("高翔", base, "高翔.zsb")
    with book.read() as connection:
        assert copies.handed_out(connection) == [made]
        assert copies.origin_of(connection) is None
        assert copies.digest(connection, base) == made.base_hash
    with Book.open(tmp_path / "高翔.zsb") as copy:
        assert check(copy) == []
        with copy.read() as connection:
            origin = copies.origin_of(connection)
            assert origin is not None
            assert (origin.taken_by, origin.base_operation, origin.base_hash) == ("高翔", base, made.base_hash)
        add(copy, "新的")
        with copy.read() as connection, copy.as_of(base) as then, then.read() as before:
            assert copies.digest(connection, base) == made.base_hash  # whatever is done in it later
            assert before.exec_driver_sql("SELECT count(*) FROM project").scalar() == 2
    assert not list(tmp_path.glob("*.part*"))
    assert not list(tmp_path.glob("高翔.zsb-*"))


@on_a_file
def test_that_the_note_is_an_operation_and_its_block_is_never_given_again(book: Book, tmp_path: Path) -> None:
    add(book, "原有项目")
    first = hand_out(book, tmp_path / "一.zsb")
    last = book.operations()[0]
    assert last.label.render("zh") == "同事带一份：高翔"
    book.undo(last.number)
    with book.read() as connection:
        assert copies.handed_out(connection) == []
    assert hand_out(book, tmp_path / "二.zsb").block > first.block


@on_a_file
def test_that_a_copy_that_cannot_be_made_is_said_and_not_noted(book: Book, tmp_path: Path) -> None:
    add(book, "原有项目")
    taken = tmp_path / "有了.zsb"
    taken.write_bytes(b"theirs")
    with pytest.raises(Problem, match="exists already"):
        hand_out(book, taken)
    assert taken.read_bytes() == b"theirs"
    with pytest.raises(Problem, match="does not exist"):
        hand_out(book, tmp_path / "没有" / "副本.zsb")
    with pytest.raises(Problem, match="who takes"):
        hand_out(book, tmp_path / "无名.zsb", " ")
    with book.read() as connection:
        assert copies.handed_out(connection) == []
    assert [one.name for one in tmp_path.iterdir() if "无名" in one.name or "副本" in one.name] == []


def test_that_a_copy_far_down_says_where_the_next_one_is_to_be_made(tmp_path: Path) -> None:
    book = Book.create(tmp_path / "主.zsb", actor="测试员")
    add(book, "原有项目")
    books = [book]
    with pytest.raises(Problem, match="No more copies"):  # noqa: PT012 - the depth at which it ends is no promise
        for depth in range(9):
            hand_out(books[-1], tmp_path / f"{depth}.zsb")
            books.append(Book.open(tmp_path / f"{depth}.zsb"))
    assert len(books) >= 4
    for one in books:
        one.close()


@on_a_file
def test_that_the_command_makes_a_copy_and_says_who_has_it(
    book: Book, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    add(book, "原有项目")
    out = tmp_path / "高翔.zsb"
    target = book.target
    book.close()
    assert main(["copy", target, str(out), "--for", "高翔", "--lang", "zh"]) == 0
    assert "由高翔带走" in capsys.readouterr().out
    assert main(["copy", target, str(out), "--for", "高翔", "--lang", "zh"]) == 1
    with Book.open(out) as copy, copy.read() as connection:
        assert copies.space(connection) == (1, 16)
