"""What every test stands on: both engines, a home that is nobody's, and no warning unheard."""

from __future__ import annotations

import logging
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

from tests import postgres

if TYPE_CHECKING:
    from db.core.book import Book

# Before anything asks for them: no real window, no language and no home of the person who runs the tests.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["LC_ALL"] = "C.UTF-8"
# In memory, where there is room: every commit of a book waits for the disk, and a thousand books wait for minutes.
_MEMORY, _ROOM = Path("/dev/shm"), 3 * 2**30
if "TMPDIR" not in os.environ and os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free > _ROOM:
    os.environ["TMPDIR"] = tempfile.tempdir = str(_MEMORY)
_HOME = tempfile.mkdtemp(prefix=postgres.prefix("home"))
for _name in ("HOME", "APPDATA", "LOCALAPPDATA"):
    os.environ[_name] = _HOME
for _name in ("DATA", "CONFIG", "CACHE", "STATE"):
    os.environ[f"XDG_{_name}_HOME"] = str(Path(_HOME) / _name.lower())

ENGINES = tuple(os.environ.get("ZHAOSHANG_TEST_ENGINES", "sqlite,postgres").split(","))
# For what is said of what was read: the queries below it are tried on both engines elsewhere.
on_a_file = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)

# A busy machine is no fault of the code, and what fails on one machine must fail on every other in the same way: other
# examples are tried where somebody asks for many (ZHAOSHANG_TEST_DEPTH).
settings.register_profile(
    "house",
    deadline=None,
    derandomize="ZHAOSHANG_TEST_DEPTH" not in os.environ,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.load_profile("house")


def pytest_unconfigure() -> None:
    """Leave nothing behind."""
    shutil.rmtree(_HOME, ignore_errors=True)
    postgres.sweep()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[postgres.Server]:
    """The one PostgreSQL of this session, started by the first test that asks."""
    with ExitStack() as stack:
        try:
            server = stack.enter_context(postgres.running())
        except postgres.NoServer as why:
            pytest.fail(str(why), pytrace=False)
        yield server


@pytest.fixture(params=ENGINES)
def engine_name(request: pytest.FixtureRequest) -> str:
    """`sqlite` or `postgres`: a test that asks for it, or for a book, runs on each."""
    name: str = request.param
    return name


@pytest.fixture
def postgres_url(postgres_server: postgres.Server) -> Iterator[str]:
    """The URL of an empty PostgreSQL database, owned by a role that is no superuser."""
    with postgres_server.fresh_database() as url:
        yield url


@pytest.fixture
def book_target(engine_name: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a new book may be made: a path that is not there yet, or the URL of an empty database."""
    if engine_name == "sqlite":
        return str(tmp_path / "book.zsb")
    url: str = request.getfixturevalue("postgres_url")
    return url


def _make_empty(target: str) -> None:
    import db.rooms  # noqa: F401 - every table, so that the book is whole
    from db.core.book import Book

    Book.create(target, actor="测试员").close()


@pytest.fixture(scope="session")
def empty_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty book in a file, made once: `book` is a copy of it."""
    path = tmp_path_factory.mktemp("empty") / "book.zsb"
    _make_empty(str(path))
    return path


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration district, made once: tests read it, or take copies."""
    import db.rooms  # noqa: F401 - every table, so that the book is whole
    from db.core.book import Book
    from db.overview.demo import make_demo

    path = tmp_path_factory.mktemp("demo") / "庐阳区.zsb"
    with Book.create(path, actor="测试员") as book:
        make_demo(book)
    return path


@pytest.fixture(scope="session")
def empty_database(postgres_server: postgres.Server) -> Iterator[str]:
    """The name of a database with an empty book, made once: `book` is a copy of it."""
    with postgres_server.fresh_database() as url:
        _make_empty(url)
        yield url.rsplit("/", 1)[1]


@pytest.fixture
def book(engine_name: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Book]:
    """An empty book, kept by 测试员; closed afterwards."""
    with ExitStack() as stack:
        if engine_name == "sqlite":
            target = str(shutil.copyfile(request.getfixturevalue("empty_file"), tmp_path / "book.zsb"))
        else:
            server: postgres.Server = request.getfixturevalue("postgres_server")
            target = stack.enter_context(server.fresh_database(request.getfixturevalue("empty_database")))
        from db.core.book import Book

        yield stack.enter_context(Book.open(target, actor="测试员"))


class _Loud(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


@pytest.fixture(autouse=True)
def _nothing_is_logged_unasked(request: pytest.FixtureRequest) -> Iterator[None]:
    """A warning or an error in the log fails the test, unless it is marked `logs`."""
    loud = _Loud()
    logging.getLogger().addHandler(loud)
    yield
    logging.getLogger().removeHandler(loud)
    if loud.records and request.node.get_closest_marker("logs") is None:
        pytest.fail("logged unasked: " + "; ".join(record.getMessage() for record in loud.records), pytrace=False)
