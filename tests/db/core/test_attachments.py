"""Files that lie in the book: kept once, brought back by undo, carried by backups, and refused in words."""

from __future__ import annotations

import os
import tracemalloc
from pathlib import Path

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import DBAPIError

from db.core import attachments, contents
from db.core.attachments import Attachment
from db.core.backup import backup, restore
from db.core.book import Book
from db.core.checking import check
from db.core.errors import Problem
from db.core.text import Text
from db.projects.service import add_projects, delete_projects
from tests.conftest import on_a_file

DAY = "2024-07-17"


@pytest.fixture
def record(book: Book) -> int:
    """A project to attach to."""
    with book.write(Text("new")) as connection:
        return add_projects(connection, [{"name": "北辰聚变装置"}])[0]


def attach(book: Book, record: int, path: Path) -> int:
    """Attach a file as one operation; the attachment's number."""
    incoming = attachments.examine(path)
    with book.write(Text("attach")) as connection:
        return attachments.add(connection, "projects", record, incoming, on=DAY, by="高翔")


def of(book: Book, record: int) -> list[Attachment]:
    with book.read() as connection:
        return attachments.of_record(connection, "projects", record)


def a_file(folder: Path, name: str = "协议.pdf", data: bytes = b"%PDF-1.7 ...") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def test_that_an_attachment_comes_out_as_it_went_in(book: Book, record: int, tmp_path: Path) -> None:
    data = os.urandom(2 * contents.PART + 17)
    number = attach(book, record, a_file(tmp_path, "现场照片.bin2", data))
    with book.read() as connection:
        out = attachments.save_as(connection, number, tmp_path / "out.bin2")
        one = attachments.get(connection, number)
    assert out.read_bytes() == data
    assert (one.name, one.size, one.added_on, one.added_by) == ("现场照片.bin2", len(data), DAY, "高翔")
    assert not list(tmp_path.glob("*.part"))


def test_that_adding_renaming_and_removing_are_undone_one_by_one(book: Book, record: int, tmp_path: Path) -> None:
    number = attach(book, record, a_file(tmp_path))
    with book.write(Text("rename")) as connection:
        attachments.rename(connection, number, "投资协议")
    assert [one.name for one in of(book, record)] == ["投资协议.pdf"]
    with book.write(Text("remove")) as connection:
        attachments.remove(connection, number)
    assert of(book, record) == []
    for wanted in (["投资协议.pdf"], ["协议.pdf"], []):
        last = next(one.number for one in book.operations() if one.undoes is None and one.undone_by is None)
        book.undo(last)
        assert [one.name for one in of(book, record)] == wanted


def test_that_the_same_content_is_kept_once(book: Book, record: int, tmp_path: Path) -> None:
    attach(book, record, a_file(tmp_path))
    attach(book, record, a_file(tmp_path, "另一个名字.pdf"))
    with pytest.raises(Problem, match="attached here already"):
        attach(book, record, a_file(tmp_path))
    with book.read() as connection:
        assert connection.scalar(select(func.count()).select_from(contents.content)) == 1
    attach(book, record, a_file(tmp_path, data=b"another text"))
    assert [one.name for one in of(book, record)] == ["协议.pdf", "另一个名字.pdf", "协议 (2).pdf"]


def test_that_attachments_go_with_their_project_and_come_back_with_it(book: Book, record: int, tmp_path: Path) -> None:
    number = attach(book, record, a_file(tmp_path))
    with book.write(Text("delete")) as connection:
        delete_projects(connection, [record])
        gone = connection.info["operation"]
    assert of(book, record) == []
    book.undo(gone)
    with book.read() as connection:
        assert attachments.save_as(connection, number, tmp_path / "back.pdf").read_bytes() == b"%PDF-1.7 ..."


@pytest.mark.parametrize("statement", ["DELETE FROM content", "UPDATE content SET part = 7"])
def test_that_the_book_itself_refuses_to_change_a_content(
    book: Book, record: int, tmp_path: Path, statement: str
) -> None:
    number = attach(book, record, a_file(tmp_path))
    with pytest.raises(DBAPIError, match="stays as it is"), book.write(Text("cheat")) as connection:
        connection.execute(text(statement))
    with book.read() as connection:
        assert attachments.save_as(connection, number, tmp_path / "still.pdf").exists()


def test_that_a_backup_carries_contents_and_a_look_back_does_not(
    book: Book, record: int, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    number = attach(book, record, a_file(tmp_path, data=b"x" * (2 * contents.PART)))
    with book.as_of(book.operations()[0].number) as then, then.read() as connection:
        assert [one.id for one in attachments.of_record(connection, "projects", record)] == [number]
        if book.dialect == "sqlite":
            assert not list(contents.parts(connection, attachments.get(connection, number).hash))
    kept = backup(book, tmp_path / "kept.zsb")
    target = tmp_path / "again.zsb"
    restore(kept, target)
    with Book.open(target) as again:
        with again.read() as connection:
            out = attachments.save_as(connection, number, tmp_path / "again.pdf")
        assert out.stat().st_size == 2 * contents.PART
        assert check(again) == []


def test_that_a_look_back_leaves_many_contents_where_they_are(book: Book, record: int, tmp_path: Path) -> None:
    attach(book, record, a_file(tmp_path, data=os.urandom(34 * contents.PART)))
    with book.write(Text("more")) as connection:
        add_projects(connection, [{"name": "后来的项目"}])
        last = connection.info["operation"]
    with book.as_of(last - 1) as then, then.read() as connection:
        assert connection.scalar(text("SELECT count(*) FROM project")) == 1
        assert len(attachments.of_record(connection, "projects", record)) == 1


def test_that_a_large_file_needs_little_memory(book: Book, record: int, tmp_path: Path) -> None:
    path = tmp_path / "录像.mp4"
    with path.open("wb") as stream:
        for _part in range(16):
            stream.write(os.urandom(contents.PART))
    tracemalloc.start()
    try:
        number = attach(book, record, path)
        with book.read() as connection:
            attachments.save_as(connection, number, tmp_path / "out.mp4")
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 12 * contents.PART


@on_a_file
def test_that_what_cannot_be_attached_is_said_in_a_sentence(book: Book, record: int, tmp_path: Path) -> None:
    huge = tmp_path / "录像.mp4"
    with huge.open("wb") as stream:
        stream.truncate(2 * 2**30)  # sparse: no disk is needed for it
    wrong = {
        huge: "at most 200 MB",
        a_file(tmp_path, "空.pdf", b""): "0 bytes",
        a_file(tmp_path, "报价.exe"): "is a program",
        a_file(tmp_path, "照片.jpg", b"MZ\x90\x00\x03\x00"): "is a program",
        a_file(tmp_path, "~$台账(1).xlsx"): "mark of an open file",
        a_file(tmp_path, "台账.xlsx.crdownload"): "not downloaded",
        a_file(tmp_path, "台账.tmp"): "not downloaded",
        tmp_path / "没有.pdf": "no longer there",
        tmp_path: "is a folder",
    }
    for path, words in wrong.items():
        with pytest.raises(Problem, match=words) as refused:
            attach(book, record, path)
        assert "attached" in str(refused.value)
    assert of(book, record) == []


@on_a_file
@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="this account may read everything")
def test_that_a_file_nobody_may_read_is_named(book: Book, record: int, tmp_path: Path) -> None:
    path = a_file(tmp_path)
    path.chmod(0)
    with pytest.raises(Problem, match="may not be read"):
        attach(book, record, path)


@on_a_file
def test_that_a_file_that_changes_on_the_way_leaves_nothing(book: Book, record: int, tmp_path: Path) -> None:
    path = a_file(tmp_path)
    incoming = attachments.examine(path)
    path.write_bytes(b"another one by now")
    with pytest.raises(Problem, match="changed while it was read"), book.write(Text("attach")) as connection:
        attachments.add(connection, "projects", record, incoming, on=DAY, by="高翔")
    path.unlink()
    with pytest.raises(Problem, match="cannot be read"), book.write(Text("attach")) as connection:
        attachments.add(connection, "projects", record, incoming, on=DAY, by="高翔")
    with book.read() as connection:
        assert connection.scalar(select(func.count()).select_from(contents.content)) == 0
    assert of(book, record) == []


@on_a_file
def test_that_a_name_of_255_characters_is_kept_and_comes_out_shorter(book: Book, record: int, tmp_path: Path) -> None:
    number = attach(book, record, a_file(tmp_path))
    name = "协" * 251 + ".pdf"
    with book.write(Text("rename")) as connection:
        attachments.rename(connection, number, name)
    with book.read() as connection:
        assert attachments.get(connection, number).name == name
        out = attachments.take_out(connection, number, tmp_path / "opened")
        assert out.read_bytes() == b"%PDF-1.7 ..."
        assert out.suffix == ".pdf"
        assert attachments.take_out(connection, number, tmp_path / "opened") == out
    with pytest.raises(Problem, match="at most 255"), book.write(Text("rename")) as connection:
        attachments.rename(connection, number, "协" * 252 + ".pdf")


@on_a_file
def test_that_a_name_cannot_make_a_program_or_leave_its_folder(book: Book, record: int, tmp_path: Path) -> None:
    number = attach(book, record, a_file(tmp_path))
    with pytest.raises(Problem, match="is a program"), book.write(Text("rename")) as connection:
        attachments.rename(connection, number, "协议.exe")
    with pytest.raises(Problem, match="needs a name"), book.write(Text("rename")) as connection:
        attachments.rename(connection, number, " .. ")
    with book.write(Text("rename")) as connection:
        attachments.rename(connection, number, "../../协议")
    with book.read() as connection:
        out = attachments.take_out(connection, number, tmp_path / "opened")
    assert tmp_path / "opened" in out.parents
    assert ".." not in out.parts


@on_a_file
def test_that_a_full_disk_is_said_and_leaves_no_half_file(book: Book, record: int, tmp_path: Path) -> None:
    number = attach(book, record, a_file(tmp_path))
    with pytest.raises(Problem, match="cannot be written"), book.read() as connection:
        attachments.save_as(connection, number, tmp_path / "no such folder" / "协议.pdf")


def test_that_the_check_names_an_attachment_whose_content_is_missing(book: Book, record: int, tmp_path: Path) -> None:
    number = attach(book, record, a_file(tmp_path))
    assert [one for one in check(book) if one.where.startswith("attachment")] == []
    with book.write(Text("Past the program")) as connection:
        connection.execute(update(attachments.attachment).values(hash="0" * 64))
    assert [one.where for one in check(book) if one.where.startswith("attachment")] == [
        f"attachment {number}: 协议.pdf"
    ]
