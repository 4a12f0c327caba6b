"""A disk that is full, a killed program, a locked, read-only, damaged or foreign file: a sentence, and nothing lost."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import socketserver
import sqlite3
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

import pytest
from sqlalchemy import make_url

from db.core import bulk, engines
from db.core.backup import backup
from db.core.book import Book
from db.core.checking import check
from db.core.errors import Problem, Refused, Unavailable
from db.core.lock import account
from db.core.text import Text
from tests import postgres
from tests.db.core import desk
from tests.db.core.town import opened, put, state, town
from tests.ending import PATIENCE, run


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A closed book with one street in it."""
    path = tmp_path / "book.zsb"
    with opened(str(path), town()) as book:
        put(book, "street", name="甲")
    return path


# --- killed ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lines", [1, 2, 3, 6, 8])
def test_that_a_program_killed_at_any_moment_leaves_whole_operations(book_target: str, lines: int) -> None:
    with opened(book_target, town()) as book:
        put(book, "street", name="甲")
    with desk.start("bulk", book_target) as other:
        assert other.stdout is not None
        said = [other.stdout.readline() for _ in range(lines)]
        other.kill()
    done = sum(line.startswith("done") for line in said)
    with Book.open(book_target, schema=town()) as book:
        assert check(book) == []
        bulks = [operation for operation in book.operations() if operation.label.key == "bulk"]
        assert len(bulks) >= done
        assert {operation.rows for operation in bulks} <= {desk.ROWS}
        assert len(state(book)["shop"]) == desk.ROWS * len(bulks)
        put(book, "street", name="乙")  # nobody holds it any more
        assert check(book) == []
    if book.path is not None:
        assert [path.name for path in book.path.parent.iterdir()] == [book.path.name]


# --- full --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("bulky", [True, False])
def test_that_a_full_disk_is_said_and_nothing_is_changed(file: Path, bulky: bool) -> None:
    with Book.open(file, schema=town()) as book:
        before, shop = state(book), book.schema.tables["shop"]
        rows = [("长" * 1000,)] * 500
        with pytest.raises(Unavailable) as problem, book.write(Text("much")) as connection:  # noqa: PT012
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
            connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 20}")
            if bulky:
                bulk.insert(connection, shop, ("note",), rows)
            else:
                connection.execute(shop.insert(), [{"note": note} for (note,) in rows])
        assert "磁盘" in problem.value.render("zh")
        assert state(book) == before
        assert check(book) == []
        with book.write(Text("little")) as connection:
            connection.exec_driver_sql("PRAGMA max_page_count = 1000000")
            bulk.insert(connection, shop, ("note",), rows)
        assert len(state(book)["shop"]) == 500


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A real disk of one megabyte, where this machine lets us mount one."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = shutil.which("mount") is not None and os.geteuid() == 0
    if mounted:
        command = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(place)]
        mounted = run(*command, check=False).returncode == 0
    if not mounted:
        pytest.skip("no disk may be mounted here")
    yield place
    run("umount", place)


def test_that_a_really_full_disk_is_said_and_nothing_is_changed(small_disk: Path) -> None:
    path = small_disk / "book.zsb"
    with opened(str(path), town()) as book:
        put(book, "street", name="甲")
        with pytest.raises(Unavailable) as problem, book.write(Text("much")) as connection:
            bulk.insert(connection, book.schema.tables["shop"], ("note",), [("长" * 1000,)] * 1000)
        assert "磁盘" in problem.value.render("zh")
        assert len(state(book)["street"]) == 1
        assert state(book)["shop"] == {}
        with pytest.raises(Unavailable):  # noqa: PT012
            Book.create(small_disk / "second.zsb", schema=town()).close()
            (small_disk / "filler").write_bytes(b"x" * 2**19)
            Book.create(small_disk / "third.zsb", schema=town()).close()
            Book.create(small_disk / "fourth.zsb", schema=town()).close()
    with Book.open(path, schema=town()) as book:
        assert check(book) == []


def test_that_a_backup_onto_a_full_disk_leaves_nothing_there(file: Path, small_disk: Path) -> None:
    (small_disk / "filler").write_bytes(b"x" * (2**20 - 3 * 4096))
    with Book.open(file, schema=town()) as book:
        with pytest.raises(Unavailable) as problem:
            backup(book, small_disk / "copy.zsb")
        assert "磁盘" in problem.value.render("zh")
        assert [path.name for path in small_disk.iterdir()] == ["filler"]
        backup(book, file.with_name("copy.zsb"))


# --- somebody else's ---------------------------------------------------------------------------------------------


def test_that_a_book_open_in_a_window_is_read_by_others_and_written_by_none(file: Path) -> None:
    with desk.start("hold", str(file)) as window:
        assert window.stdout is not None
        assert window.stdin is not None
        assert window.stdout.readline() == "open\n"
        with pytest.raises(Unavailable) as problem:
            Book.open(file, schema=town(), hold=True)
        assert "@" in problem.value.render("zh")
        assert problem.value.exit_code == 3
        with Book.open(file, schema=town()) as book:
            assert len(state(book)["street"]) == 1
            book.patience = 0.1
            with pytest.raises(Unavailable) as problem:
                put(book, "street", name="乙")
            assert "@" in problem.value.render("zh")
            assert len(state(book)["street"]) == 1
            window.stdin.close()
            assert window.wait(20) == 0
            put(book, "street", name="乙")
    assert [path.name for path in file.parent.iterdir()] == [file.name]


def test_that_two_windows_do_not_open_one_book(file: Path) -> None:
    with Book.open(file, schema=town(), hold=True) as book:
        with pytest.raises(Unavailable):
            Book.open(file, schema=town(), hold=True)
        put(book, "street", name="乙")
    Book.open(file, schema=town(), hold=True).close()


def test_that_a_desk_that_waits_in_vain_for_a_servers_book_is_told_who_writes(postgres_url: str) -> None:
    with opened(postgres_url, town()) as one, Book.open(postgres_url, schema=town()) as other:
        other.patience = 0.1
        with one.write(Text("long")) as connection:
            connection.execute(town().tables["street"].insert().values(name="甲"))
            with pytest.raises(Unavailable) as problem:
                put(other, "street", name="乙")
            assert account() in problem.value.render("zh")
        put(other, "street", name="乙")
        assert [cells["name"] for cells in state(one)["street"].values()] == ["甲", "乙"]


def test_that_a_server_that_goes_in_the_middle_of_a_write_is_said_and_nothing_is_changed(
    postgres_server: postgres.Server, postgres_url: str
) -> None:
    with opened(postgres_url, town()) as book:
        with pytest.raises(Unavailable) as problem, book.write(Text("long")) as connection:  # noqa: PT012
            connection.execute(town().tables["street"].insert().values(name="甲"))
            with postgres_server.administer() as administrator:
                administrator.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'zhaoshang%'"
                )
            connection.execute(town().tables["street"].insert().values(name="乙"))
        assert "连不上" in problem.value.render("zh")
        put(book, "street", name="丙")
        assert [cells["name"] for cells in state(book)["street"].values()] == ["丙"]
        assert check(book) == []


class Line(socketserver.ThreadingTCPServer):
    """A line to a server that is cut once, when a commit is sent: before it has arrived or after."""

    daemon_threads = True

    def __init__(self, server: int, arrives: bool) -> None:
        super().__init__(("127.0.0.1", 0), End)
        self.port, self.arrives, self.whole = server, arrives, True
        threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()


class End(socketserver.BaseRequestHandler):
    """One connection over it."""

    def handle(self) -> None:
        line = self.server
        assert isinstance(line, Line)
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", line.port)) as server:
            threading.Thread(target=self.carry, args=(server, self.request), daemon=True).start()
            for said in iter(lambda: self.request.recv(65536), b""):
                if b"COMMIT" in said and line.whole:
                    line.whole = False
                    self.request.shutdown(socket.SHUT_RDWR)
                    if not line.arrives:
                        server.shutdown(socket.SHUT_RDWR)
                        return
                server.sendall(said)

    @staticmethod
    def carry(one: socket.socket, other: socket.socket) -> None:
        """What the server answers."""
        with contextlib.suppress(OSError):
            for said in iter(lambda: one.recv(65536), b""):
                other.sendall(said)


@pytest.mark.parametrize("arrives", [True, False])
def test_that_nobody_says_nothing_was_changed_of_what_a_server_kept_before_the_line_was_cut(
    postgres_server: postgres.Server, postgres_url: str, arrives: bool
) -> None:
    Book.create(postgres_url, schema=town()).close()
    with Line(postgres_server.port, arrives) as line:
        over = make_url(postgres_url).set(port=line.server_address[1]).render_as_string(hide_password=False)
        with Book.open(over, schema=town()) as book:
            with nullcontext() if arrives else pytest.raises(Unavailable):
                put(book, "street", name="甲")
            assert [cells["name"] for cells in state(book)["street"].values()] == (["甲"] if arrives else [])
        line.shutdown()


def test_that_a_port_that_never_answers_is_no_server() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(Unavailable) as problem:
        Book.open(f"postgresql://a@127.0.0.1:{silent.getsockname()[1]}/b?connect_timeout=2", schema=town())
    assert "连不上" in problem.value.render("zh")


@pytest.fixture
def readable() -> Iterator[Path]:
    """A folder that anybody may read."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.mark.skipif(sys.platform == "win32", reason="rights are of another kind there")
@pytest.mark.parametrize("open_beside", [False, True])
def test_that_a_read_only_book_can_be_read_and_says_why_it_cannot_be_written(
    file: Path, readable: Path, open_beside: bool
) -> None:
    path = readable / "book.zsb"
    shutil.copy(file, path)
    path.chmod(0o444)
    if os.geteuid() != 0:
        readable.chmod(0o555)
    with Writer(path, open_beside) as names, desk.start("look", str(path)) as other:
        said, _ = other.communicate(timeout=PATIENCE)
    readable.chmod(0o755)
    lines = said.splitlines()
    assert lines[0].split() == names
    assert lines[1].startswith("3 ")
    assert "只读" in lines[1]
    assert other.returncode == 0


class Writer:
    """Somebody who may write the book has just done so, and has it open still; or nobody."""

    def __init__(self, path: Path, there: bool) -> None:
        self.book = Book.open(path, schema=town()) if there and os.geteuid() == 0 else None

    def __enter__(self) -> list[str]:
        if self.book is None:
            return ["甲"]
        put(self.book, "street", name="乙")
        return ["乙", "甲"]

    def __exit__(self, *_: object) -> None:
        if self.book is not None:
            self.book.close()


# --- not what it seems -------------------------------------------------------------------------------------------


def test_that_what_is_no_book_is_said(tmp_path: Path) -> None:
    foreign = sqlite3.connect(tmp_path / "foreign.zsb")
    foreign.execute("CREATE TABLE t(x)")
    foreign.close()
    (tmp_path / "empty.zsb").touch()
    (tmp_path / "text.zsb").write_text("这不是账本" * 100, encoding="utf-8")
    (tmp_path / "folder.zsb").mkdir()
    (tmp_path / "short.zsb").write_bytes(b"SQLite format 3\x00")
    for name in ("foreign", "empty", "text", "folder", "short", "missing"):
        with pytest.raises(Problem) as problem:
            Book.open(tmp_path / f"{name}.zsb", schema=town())
        assert f"{name}.zsb" in problem.value.render("zh")


def test_that_a_book_of_a_newer_program_is_left_alone(book_target: str) -> None:
    with opened(book_target, town()) as book:
        put(book, "street", name="甲")
        with book.write(Text("newer")) as connection:
            connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
            connection.execute(book.schema.tables["street"].insert().values(name="乙"))
    with pytest.raises(Unavailable) as problem:
        Book.open(book_target, schema=town())
    assert "新" in problem.value.render("zh")
    assert problem.value.exit_code == 3


@pytest.mark.parametrize(
    ("start", "end"), [(100, None), (4096, None), (100, 2000), (4096 * 4, 4096 * 12), (-4096, None)]
)
@pytest.mark.parametrize("how", ["garbage", "cut off"])
def test_that_a_damaged_book_is_said_wherever_the_damage_is(file: Path, start: int, end: int | None, how: str) -> None:
    with Book.open(file, schema=town()) as book, book.write(Text("much")) as connection:
        bulk.insert(connection, book.schema.tables["shop"], ("note",), [("长" * 100,)] * 200)
    whole = file.read_bytes()
    part = whole[start:end]
    broken = whole.replace(part, b"\xa5" * len(part)) if how == "garbage" else whole[:start]
    file.write_bytes(broken)
    said = []
    try:
        with Book.open(file, schema=town()) as book:
            said = [flaw.what.render("zh") for flaw in check(book)]
    except (Unavailable, Refused) as problem:
        said = [problem.render("zh")]
    assert said
    assert file.read_bytes() == broken


# --- shares ------------------------------------------------------------------------------------------------------

MOUNTS = """\
/dev/sda1 / ext4 rw 0 0
//server/share /mnt/share cifs rw 0 0
nas:/data /mnt/two\\040words nfs4 rw 0 0
/dev/sdb1 /mnt/share/local ext4 rw 0 0
tmpfs /run tmpfs rw 0 0
"""


@pytest.mark.parametrize(
    ("where", "share"),
    [
        ("/data/a/book.zsb", False),
        ("/mnt/share/book.zsb", True),
        ("/mnt/share", True),
        ("/mnt/shared/book.zsb", False),
        ("/mnt/two words/a/book.zsb", True),
        ("/mnt/share/local/book.zsb", False),
    ],
)
def test_that_a_network_share_is_noticed(where: str, share: bool) -> None:
    assert engines.on_share(where, MOUNTS) is share


def test_that_an_ordinary_folder_is_no_share(tmp_path: Path) -> None:
    assert engines.on_network(tmp_path) is False
