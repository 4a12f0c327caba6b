"""A real PostgreSQL for the tests: one server a session, on loopback, in a folder that is thrown away.

The server refuses to run as root, so it is started there as the user `postgres`. It keeps nothing safe (no fsync),
which makes a fresh database for every test cheap. Tests never connect as a superuser: a desk does not either.
"""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import psycopg
from psycopg import sql

from tests.ending import run

ADMINISTRATOR = "postgres"
KEEPER = "keeper"
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "password_encryption": "scram-sha-256",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "max_connections": "60",
    "shared_buffers": "64MB",
    "timezone": "UTC",
    "log_min_messages": "log",
    "log_checkpoints": "off",
    "statement_timeout": "100s",  # making and dropping a database waits for every connection of the server
}
PATIENCE = 60  # seconds that a server may take to start


class NoServer(Exception):
    """PostgreSQL is not here or did not start; the sentence says what to do."""


@dataclass
class Server:
    """A server: its folder and port, the two passwords, and the connection that makes and drops databases."""

    data: Path
    port: int
    administrator_password: str
    keeper_password: str
    made: int = 0
    at_hand: psycopg.Connection | None = None
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """It runs, and answers. What it says is in `log`: a pipe would have to be read, and is held open by its children."""
        with self.log.open("wb") as log:
            self.process = _launch(self.data, binaries(), self.port, log)
        self._await(self.process)

    @property
    def log(self) -> Path:
        """What it says."""
        return self.data.parent / "log"

    def _await(self, process: subprocess.Popen[bytes]) -> None:
        until = time.monotonic() + PATIENCE
        while process.poll() is None and time.monotonic() < until:
            if b"ready to accept connections" in self.log.read_bytes():
                return
            time.sleep(0.02)
        _stop(process)
        raise NoServer(f"PostgreSQL did not start: {self.log.read_text(encoding='utf-8', errors='replace')[-500:]}")

    def stop(self) -> None:
        """It is gone, whoever is connected; `start` brings it back with its databases."""
        if self.at_hand is not None:
            self.at_hand.close()
            self.at_hand = None
        if self.process is not None:
            _stop(self.process)
            self.process = None

    def administer(self, database: str = "postgres") -> psycopg.Connection:
        """A superuser's connection, for making and dropping databases."""
        return psycopg.connect(
            host="127.0.0.1",
            port=self.port,
            user=ADMINISTRATOR,
            password=self.administrator_password,
            dbname=database,
            autocommit=True,
            connect_timeout=PATIENCE,
        )

    def _hand(self) -> psycopg.Connection:
        if self.at_hand is None:
            self.at_hand = self.administer()
        return self.at_hand

    def url(self, database: str) -> str:
        """Where a book lies, for the role that owns it and is no superuser."""
        return f"postgresql+psycopg://{KEEPER}:{self.keeper_password}@127.0.0.1:{self.port}/{database}"

    @contextmanager
    def fresh_database(self, like: str = "template1") -> Iterator[str]:
        """The URL of an empty database, or of a copy of one; dropped afterwards even where a connection was left open."""
        self.made += 1
        name = f"book_{self.made}"
        hand = self._hand()
        # Files are copied in a quarter of the time in which their pages go through the log.
        how = " STRATEGY FILE_COPY" if hand.info.server_version >= 150_000 else ""
        new = sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {}" + how)
        hand.execute(new.format(*map(sql.Identifier, (name, KEEPER, like))))
        try:
            yield self.url(name)
        finally:
            self._hand().execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def prefix(what: str) -> str:
    """How a folder of this process is named, so that `sweep` knows whose it was."""
    return f"zhaoshang-{what}-{os.getpid()}-"


def sweep() -> None:
    """Remove the folders of processes that were killed before they could: they may lie in memory."""
    for folder in Path(tempfile.gettempdir()).glob("zhaoshang-*-*-*"):
        owner = folder.name.split("-")[2]
        if owner.isdigit() and not Path(f"/proc/{owner}").exists() and Path("/proc/self").exists():
            shutil.rmtree(folder, ignore_errors=True)


def binaries() -> Path:
    """The folder of PostgreSQL's programs, the newest where there are several."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    found = str(debian[-1]) if debian else shutil.which("initdb")
    if not found:
        raise NoServer(
            "PostgreSQL is not on this machine: `apt-get install postgresql` (make setup does it where it may), "
            "or set ZHAOSHANG_TEST_ENGINES=sqlite to leave its tests out."
        )
    return Path(found).resolve().parent


def as_nobody_special(command: list[str]) -> list[str]:
    """The command as a user who may run a server, and ended by the kernel should this process die."""
    setpriv = shutil.which("setpriv")
    user = ["--reuid=postgres", "--regid=postgres", "--init-groups"] if os.geteuid() == 0 else []
    if setpriv:
        return [setpriv, *user, "--pdeathsig=INT", *command]
    if user:
        raise NoServer(
            "PostgreSQL does not run as root, and `setpriv` (util-linux) is not here to step down to postgres."
        )
    return command


def _prepare(data: Path, programs: Path, password: str) -> None:
    secret = data.parent / "password"
    secret.write_text(password, encoding="utf-8")
    if os.geteuid() == 0:
        try:
            shutil.chown(data.parent, "postgres", "postgres")
            shutil.chown(secret, "postgres", "postgres")
        except LookupError:
            raise NoServer(
                "PostgreSQL does not run as root, and there is no user `postgres` to step down to."
            ) from None
    command = [str(programs / "initdb"), "-D", str(data), "-U", ADMINISTRATOR, f"--pwfile={secret}"]
    command += ["--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--no-sync", "--no-instructions"]
    done = run(*as_nobody_special(command), cwd=Path("/"), check=False)
    secret.unlink()
    if done.returncode:
        raise NoServer(f"PostgreSQL could not make its folder: {done.stderr.strip()[-500:]}")


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def _launch(data: Path, programs: Path, port: int, log: IO[bytes]) -> subprocess.Popen[bytes]:
    options = [word for name, value in SETTINGS.items() for word in ("-c", f"{name}={value}")]
    command = as_nobody_special([str(programs / "postgres"), "-D", str(data), "-p", str(port), *options])
    return subprocess.Popen(command, cwd="/", stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT)


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGINT)  # fast shutdown: connections left open do not hold it
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGQUIT)  # immediate shutdown, with its children
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(20)


@contextmanager
def running() -> Iterator[Server]:
    """A server for as long as the block runs; its processes and its folder are gone afterwards."""
    with tempfile.TemporaryDirectory(prefix=prefix("postgres"), ignore_cleanup_errors=True) as folder:
        data = Path(folder) / "data"
        password = secrets.token_hex(16)
        _prepare(data, binaries(), password)
        server = Server(data, _free_port(), password, secrets.token_hex(16))
        try:
            server.start()
            with server.administer() as connection:
                role = sql.SQL("CREATE ROLE {} LOGIN PASSWORD {} NOSUPERUSER NOCREATEDB NOCREATEROLE")
                connection.execute(role.format(sql.Identifier(KEEPER), sql.Literal(server.keeper_password)))
            yield server
        finally:
            server.stop()
