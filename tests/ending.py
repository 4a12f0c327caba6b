"""What a test waits for comes to an end: other programs, and loops that go on until something is done."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

PATIENCE = 120  # seconds for another program; a busy machine takes ten
_MOST_ROUNDS = 40


def run(
    *command: object, check: bool = True, cwd: Path | None = None, env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Another program, and what it said; it fails the test where it gets stuck or, with `check`, where it fails."""
    return subprocess.run(
        [str(word) for word in command], stdin=subprocess.DEVNULL, capture_output=True, text=True, encoding="utf-8",
        check=check, timeout=PATIENCE, cwd=cwd, env=env,
    )  # fmt: skip


def python(*words: object, check: bool = True, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """This interpreter in a process of its own."""
    return run(sys.executable, *words, check=check, cwd=cwd)


def while_there_is(what: Callable[[], object], most: int = _MOST_ROUNDS) -> Iterator[None]:
    """A round for as long as there is something left; a test that gets nowhere fails instead of standing still."""
    for _round in range(most):
        if not what():
            return
        yield
    assert not what(), f"not done after {most} rounds"
