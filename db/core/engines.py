"""How a book's file or server is reached, and what each engine is told before anything is read."""

from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, OperationalError

from db.core.errors import Refused, Unavailable
from db.core.lock import account, worked_on
from db.core.text import _

NETWORK_FILE_SYSTEMS = frozenset(
    "cifs smb2 smb3 smbfs nfs nfs4 ncpfs afpfs afs fuse.sshfs fuse.davfs davfs webdav glusterfs".split()
)
OLDEST_SQLITE = (3, 40)
LARGE_CACHE, SMALL_CACHE = 32_000, 4_000  # KB; what is not in it comes from the system's own cache, at little cost
_ADVISORY_LOCK = 0x7A68616F
PATIENCE = 10  # seconds that anything waits for a short work of somebody else

# A desk whose line or power is cut says no good-bye: server and desk find out within a minute, and its lock is free.
_LOST = {"keepalives_idle": 20, "keepalives_interval": 3}
# A desk that stands still in the middle of a write (asleep, stopped) holds up the office no longer than this.
_FORSAKEN = 5 * 60_000  # milliseconds
_NAMED = "zhaoshang "  # before the account, in what a server knows of a connection
_LONGEST_NAME = 63  # bytes, of which the server keeps no more


def is_server(target: str | os.PathLike[str]) -> bool:
    """Whether the book is a PostgreSQL database rather than a file."""
    return str(target).startswith(("postgresql://", "postgresql+psycopg://", "postgres://"))


def called(target: str | os.PathLike[str]) -> str:
    """A book as it may be shown: the file as it was given, a server without its password."""
    return _server(str(target)).render_as_string() if is_server(target) else str(target)


def name_of(engine: Engine) -> str:
    """What people call a server's book: database@host, without who is connected and how."""
    return "@".join(filter(None, (engine.url.database, engine.url.host)))


def _server(url: str) -> URL:
    try:
        return make_url(url.replace("postgres://", "postgresql://", 1))
    except (ArgumentError, ValueError) as error:
        raise Refused(_("This is no address of a server; write postgresql://user@server:5432/book.")) from error


def server_engine(url: str) -> Engine:
    """An engine for a PostgreSQL book. The server's own clock and READ COMMITTED are used; nothing waits for ever.

    What the address says of these settings counts more than ours.
    """
    parsed = _server(url).set(drivername="postgresql+psycopg")
    given = dict(parsed.query)
    settings = {"lock_timeout": PATIENCE * 1000, "statement_timeout": 0}
    settings |= {f"tcp_{name}": value for name, value in _LOST.items()}
    usual = {"connect_timeout": PATIENCE, "tcp_user_timeout": 30_000, "application_name": _signed(), **_LOST}
    options = " ".join([*(f"-c {name}={value}" for name, value in settings.items()), str(given.pop("options", ""))])
    connecting = {name: value for name, value in usual.items() if name not in given}
    return create_engine(parsed, pool_pre_ping=True, connect_args={**connecting, "options": options})


def _signed() -> str:
    """How a connection is named: a server keeps plain letters only, and not many."""
    signed = _NAMED
    for letter in (quote(one, safe="@") for one in account()):
        if len(signed) + len(letter) > _LONGEST_NAME:
            break
        signed += letter
    return signed


def file_engine(path: Path, *, read_only: bool = False, throwaway: bool = False, cache: int = LARGE_CACHE) -> Engine:
    """An engine for a SQLite book: WAL, foreign keys on, transactions begun by us and not by the driver.

    A `throwaway` copy need not survive a power cut. cache: KB of the book that a connection holds in memory.
    """
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        raise Unavailable(_("SQLite {found} is too old; 3.40 or newer is needed.", found=sqlite3.sqlite_version))
    location = quote(path.resolve().as_posix(), safe="/:")

    def connect() -> sqlite3.Connection:
        mode = _read_only_mode(path) if read_only else "mode=rwc"
        return sqlite3.connect(
            f"file:{location}?{mode}", uri=True, isolation_level=None, check_same_thread=False, timeout=PATIENCE
        )

    engine = create_engine("sqlite://", creator=connect, poolclass=_pool())

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        cursor = connection.cursor()
        if not read_only:
            cursor.execute("PRAGMA page_size = 8192")  # of a new book; large imports and scans cost a tenth less
            cursor.execute("PRAGMA journal_mode = WAL")
        for setting in (
            "foreign_keys = ON",
            "recursive_triggers = ON",  # a REPLACE is then at least recorded as the delete that it is
            "synchronous = OFF" if throwaway else "synchronous = FULL",
            f"cache_size = -{cache}",
            "temp_store = MEMORY",
        ):
            cursor.execute(f"PRAGMA {setting}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql(connection.get_execution_options().get("begin", "BEGIN"))

    return engine


def take_turn(connection: Connection, *, patience: float = PATIENCE) -> None:
    """Wait until no other desk writes to a server's book; a file is locked by BEGIN IMMEDIATE.

    After `patience` seconds Unavailable names who is at work on it.
    """
    if connection.dialect.name == "sqlite":
        return
    settings = {"lock_timeout": round(patience * 1000), "idle_in_transaction_session_timeout": _FORSAKEN}
    said = ", ".join(f"set_config('{one}', '{value}', true)" for one, value in settings.items())
    try:
        connection.exec_driver_sql(f"SELECT {said}, pg_advisory_xact_lock({_ADVISORY_LOCK})")
    except OperationalError as error:
        if getattr(error.orig, "sqlstate", None) != "55P03":
            raise
        raise worked_on(name_of(connection.engine), _at_work(connection)) from error


def _at_work(connection: Connection) -> str:
    """Who writes to a server's book now; asked on a connection whose transaction has failed."""
    driver: Any = connection.connection.driver_connection
    driver.rollback()
    found = driver.execute(
        "SELECT application_name, usename FROM pg_locks JOIN pg_stat_activity USING (pid) WHERE locktype = 'advisory' "
        f"AND granted AND classid = 0 AND objid = {_ADVISORY_LOCK} AND datname = current_database()"
    ).fetchone()
    if found is None:
        return "?"
    return unquote(found[0].removeprefix(_NAMED)) if found[0].startswith(_NAMED) else str(found[1] or "?")


@contextmanager
def for_writing(connection: Connection) -> Iterator[None]:
    """The large cache for as long as the block runs: pages that were changed wait in it."""
    if connection.dialect.name != "sqlite":
        yield
        return
    driver: Any = connection.connection.driver_connection
    ((usual,),) = driver.execute("PRAGMA cache_size").fetchall()
    driver.execute(f"PRAGMA cache_size = -{LARGE_CACHE}")
    try:
        yield
    finally:
        driver.execute(f"PRAGMA cache_size = {usual}")


def _read_only_mode(path: Path) -> str:
    # In a folder that may not be written SQLite cannot put its -shm beside the book, and opens it only as immutable.
    # That overlooks a -wal: where there is one, a writer is at work or was killed, and it has to be read.
    waiting = path.with_name(path.name + "-wal")
    alone = not waiting.exists() or waiting.stat().st_size == 0
    return "mode=ro&immutable=1" if alone and not os.access(path.resolve().parent, os.W_OK) else "mode=ro"


@contextmanager
def reading(connection: Connection) -> Iterator[Connection]:
    """The same connection, on which nothing can be changed for as long as the block runs."""
    if connection.dialect.name != "sqlite":
        yield connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        return
    driver: Any = connection.connection.driver_connection
    driver.execute("PRAGMA query_only = ON")
    try:
        yield connection
    finally:
        if not connection.invalidated:  # one that was interrupted is thrown away
            driver.execute("PRAGMA query_only = OFF")


def _pool() -> Any:
    from sqlalchemy.pool import QueuePool

    return QueuePool


def on_network(path: Path) -> bool:
    """Whether a file lies on a share, where SQLite's locks cannot be trusted."""
    if sys.platform == "win32":
        import ctypes

        drive = os.path.splitdrive(path.resolve())[0]
        return drive.startswith("\\\\") or ctypes.windll.kernel32.GetDriveTypeW(f"{drive}\\") == 4
    mounts = Path("/proc/self/mounts")
    return mounts.exists() and on_share(str(path.resolve()), mounts.read_text("utf-8", "replace"))


def on_share(where: str, mounts: str) -> bool:
    """Whether an absolute path lies on a network file system, by the lines of /proc/self/mounts."""
    best, kind = "", ""
    for line in mounts.splitlines():
        parts = line.split()
        if len(parts) < 3:
            continue
        point = parts[1].replace("\\040", " ")
        inside = where == point or where.startswith(point.rstrip("/") + "/")
        if inside and len(point) >= len(best):
            best, kind = point, parts[2]
    return kind in NETWORK_FILE_SYSTEMS
