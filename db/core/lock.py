"""One window writes a book's file at a time: an operating-system lock that also says who holds it."""

from __future__ import annotations

import contextlib
import getpass
import json
import os
import socket
import sys
import time
from pathlib import Path
from typing import IO

from db.core.errors import Unavailable
from db.core.text import _


class FileLock:
    """A lock beside a book. It vanishes with its process, so nothing is left to clean up after a crash."""

    def __init__(self, book: Path) -> None:
        self.book = book
        self.path = book.with_name(book.name + ".lock")
        self._file: IO[bytes] | None = None

    @property
    def held(self) -> bool:
        """Whether this object holds the lock now."""
        return self._file is not None

    def acquire(self, *, wait: float = 10.0) -> None:
        """Take the lock, waiting `wait` seconds for a short write elsewhere; Unavailable names the holder."""
        until = time.monotonic() + wait
        file = self._open()
        while not (_try(file) and self._same(file)):
            if time.monotonic() >= until:
                holder = _holder(file)
                file.close()
                raise worked_on(self.book.name, holder)
            if self._same(file):
                time.sleep(0.02)
            else:  # the holder took its file away when it went: lock the new one
                file.close()
                file = self._open()
        self._file = file
        who = {"user": getpass.getuser(), "host": socket.gethostname(), "process": os.getpid()}
        with contextlib.suppress(OSError):  # on a full disk the lock holds, only without a name
            file.seek(0)
            file.truncate()
            file.write(json.dumps(who).encode())

    def _open(self) -> IO[bytes]:
        try:
            return self.path.open("a+b", buffering=0)
        except OSError as error:
            raise Unavailable(
                _("“{file}” cannot be written: the file or its folder is read-only. Nothing was changed.",
                  file=self.book.name)
            ) from error  # fmt: skip

    def _same(self, file: IO[bytes]) -> bool:
        try:
            return os.path.samestat(os.fstat(file.fileno()), self.path.stat())
        except FileNotFoundError:
            return False

    def release(self) -> None:
        """Give the lock back."""
        if self._file is not None:
            if sys.platform != "win32":
                self.path.unlink(missing_ok=True)
            self._file.close()
            if sys.platform == "win32":
                with contextlib.suppress(OSError):  # somebody else has it open already
                    self.path.unlink(missing_ok=True)
            self._file = None


def worked_on(book: str, holder: str) -> Unavailable:
    """Somebody else is at work on a book."""
    return Unavailable(
        _("“{file}” is being worked on by {holder}. Nothing was changed; try again when it is closed there.",
          file=book, holder=holder)
    )  # fmt: skip


def account() -> str:
    """Who works at this desk: user@host."""
    return f"{getpass.getuser()}@{socket.gethostname()}"


def _try(file: IO[bytes]) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            file.seek(2**30)  # lock a byte far behind the text, which others must be able to read
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _holder(file: IO[bytes]) -> str:
    file.seek(0)
    try:
        who = json.loads(file.read())
        return f"{who['user']}@{who['host']}"
    except (ValueError, KeyError):
        return "?"
