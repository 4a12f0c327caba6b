"""The asking end of the parser's process: start it, ask it, wait for it with a limit, and say why it died."""

from __future__ import annotations

import contextlib
import io
import json
import os
import pickle
import queue
import struct
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any

# A frozen program has no interpreter to hand a module to: it calls itself with this word, and its entry point hands
# what follows to `db.sheets.parser.main` before anything else is imported.
PARSER_WORD = "parse-spreadsheet"

_FRAME_MOST = 256 * 1024 * 1024
_AHEAD = 4
_PULSE = 0.2
_FAREWELL = 10.0  # seconds in which one that was told to end is gone
_HARMLESS = {"date", "datetime", "time"}


@dataclass(frozen=True)
class Limits:
    """What one file may cost: seconds of waiting, bytes of memory, bytes of file, bytes unpacked, rows, cells."""

    seconds: float = 60.0
    memory: int = 1 << 30
    file: int = 200 << 20
    unpacked: int = 1 << 30
    rows: int = 1_048_576
    cells: int = 30_000_000


class Died(Exception):
    """The parser gave up or died; `word` is a reason of `db.sheets.containers`, "unreadable" or "slow"."""

    def __init__(self, word: str, errno: int | None = None) -> None:
        super().__init__(word)
        self.word = word
        self.errno = errno


class Child:
    """One parser at work on one file. `close` ends it, whatever it is doing, and may be called again."""

    def __init__(self, path: Path, limits: Limits) -> None:
        self._seconds = limits.seconds
        self._complaint = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the child
        self._process = subprocess.Popen(  # noqa: S603 - our own parser
            [*_command(), os.path.abspath(path), _said(limits)],  # noqa: PTH100 - resolve() would follow links
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._complaint,
            env=_environment(),
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        _widen(self._process.stdout)
        self._frames: queue.Queue[bytes | None] = queue.Queue(_AHEAD)
        self._reader = threading.Thread(target=self._read, name="parser", daemon=True)
        self._reader.start()

    def ask(self, sheet: int) -> None:
        """Ask for the sheet of that number."""
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(b"%d\n" % sheet)
            self._process.stdin.flush()
        except OSError:
            # It is gone; why, the next `receive` tells.
            return

    def receive(self, waiting: Callable[[], None]) -> tuple[Any, ...]:
        """The next message, as `frame`."""
        message = unpacked(self.frame(waiting))
        if message[0] == "failed":
            raise Died(str(message[1]), message[2])
        return message

    def frame(self, waiting: Callable[[], None]) -> bytes:
        """The next message, packed; `waiting` is called several times a second meanwhile and may raise. Raises `Died`."""
        while self._seconds > 0:
            began = monotonic()
            try:
                frame = self._frames.get(timeout=min(_PULSE, self._seconds))
            except queue.Empty:
                waiting()
                continue
            finally:
                # Only waiting counts: whoever takes the rows may take their time.
                self._seconds -= monotonic() - began
            if frame is None:
                raise Died(self._verdict())
            return frame
        raise Died("slow")

    def close(self) -> None:
        """End the parser and give back what it held.

        One that the system does not let go (its file lies on a share that is gone) is left to it.
        """
        self._process.kill()
        until = monotonic() + _FAREWELL
        while self._reader.is_alive():
            if monotonic() >= until:
                return
            with contextlib.suppress(queue.Empty):
                self._frames.get(timeout=_PULSE)
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout, self._complaint):
            if stream is not None:
                _shut(stream)

    def _read(self) -> None:
        stream = self._process.stdout
        assert stream is not None
        while len(head := stream.read(8)) == 8:
            length = struct.unpack("<Q", head)[0]
            frame = stream.read(length) if length <= _FRAME_MOST else b""
            if len(frame) != length:
                break
            self._frames.put(frame)
        self._frames.put(None)

    def _verdict(self) -> str:
        try:
            code = self._process.wait(_FAREWELL)
        except subprocess.TimeoutExpired:  # it says nothing more, and stays
            return "slow"
        self._complaint.seek(0)
        complaint = self._complaint.read(100_000)
        if code == -9 or b"memory allocation of" in complaint or b"MemoryError" in complaint:
            return "too_large"
        return "slow" if code == -24 else "damaged"


def _command() -> list[str]:
    if getattr(sys, "frozen", False):
        return [sys.executable, PARSER_WORD]
    return [sys.executable, "-X", "utf8", "-m", "db.sheets.parser"]


def _environment() -> dict[str, str]:
    """The parser finds the same `db` as we did; one arena, or the allocator reserves memory that counts as used."""
    paths = [str(Path(__file__).resolve().parents[2]), os.environ.get("PYTHONPATH", "")]
    kept = {"PYTHONPATH": os.pathsep.join(filter(None, paths)), "MALLOC_ARENA_MAX": "1", "RUST_BACKTRACE": "0"}
    return {**os.environ, **kept}


def _said(limits: Limits) -> str:
    return json.dumps(
        {"memory": limits.memory, "seconds": limits.seconds, "unpacked": limits.unpacked, "rows": limits.rows}
    )


def _widen(stream: Any) -> None:
    """Let the parser run a block ahead: a pipe holds 64 KiB, a block is ten times that."""
    if sys.platform == "linux":
        import fcntl

        try:
            fcntl.fcntl(stream.fileno(), 1031, 1 << 20)  # F_SETPIPE_SZ
        except OSError:
            return


def _shut(stream: Any) -> None:
    try:
        stream.close()
    except OSError:
        # What was still to be written to a dead process.
        return


class _Plain(pickle.Unpickler):
    """Unpacks data and dates, and refuses to call anything else: a hostile file may have taken the parser over."""

    def find_class(self, module: str, name: str) -> Any:
        """Dates and times only."""
        if module == "datetime" and name in _HARMLESS:
            return super().find_class(module, name)
        raise pickle.UnpicklingError(f"{module}.{name}")


def unpacked(frame: bytes) -> tuple[Any, ...]:
    """The message in a frame, if it holds nothing but data; raises `Died`."""
    try:
        message = _Plain(io.BytesIO(frame)).load()
    except (pickle.UnpicklingError, ValueError, EOFError, TypeError, KeyError, IndexError, AttributeError) as broken:
        raise Died("damaged") from broken
    if not isinstance(message, tuple) or not message:
        raise Died("damaged")
    return message
