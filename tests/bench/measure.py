"""Running one contestant in a process of its own, and what it cost: CPU of the whole tree, wall time, peak memory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
_LOOK = 0.04  # seconds between two looks at the memory of the tree
_LONGEST = 1800.0


@dataclass(frozen=True)
class Cost:
    """What one run cost: seconds of CPU and of wall time, MB at the peak (None where it cannot be seen)."""

    cpu: float
    wall: float
    memory: float | None


class Failed(Exception):
    """A contestant did not finish; the sentence is its last words."""


class Missing(Exception):
    """A contestant cannot run here; the sentence says what is missing."""


def middle(costs: Sequence[Cost]) -> Cost:
    """The median of several runs, each measure by itself; the highest memory."""
    seen = [cost.memory for cost in costs if cost.memory is not None]
    return Cost(median(cost.cpu for cost in costs), median(cost.wall for cost in costs), max(seen) if seen else None)


def worker(function: str, folder: Path, rows: int, *more: str) -> list[str]:
    """The command that runs `module:function` of this package in a fresh interpreter."""
    return [sys.executable, "-m", "tests.bench.worker", function, str(folder), str(rows), *more]


def run(command: Sequence[str], environment: Mapping[str, str] | None = None, *, may_fail: bool = False) -> Cost:
    """Run a command to its end. A worker that measured only its own job says so in its last line of JSON."""
    with tempfile.TemporaryFile() as said, tempfile.TemporaryFile() as complained:
        began = time.perf_counter()
        process = subprocess.Popen(
            list(command), cwd=ROOT, stdin=subprocess.DEVNULL, stdout=said, stderr=complained,
            env={**os.environ, **(environment or {})},
        )  # fmt: skip
        peak = _Peak(process.pid)
        _pid, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        memory = peak.end()
        said.seek(0)
        complained.seek(0)
        lines, last_words = said.read().decode("utf-8", "replace").splitlines(), complained.read()[-2000:]
    if process.returncode and not may_fail:
        raise Failed(last_words.decode("utf-8", "replace").strip() or f"exit {process.returncode}")
    own = _own(lines)
    if "missing" in own:
        raise Missing(str(own["missing"]))
    return Cost(float(own.get("cpu", used.ru_utime + used.ru_stime)), float(own.get("wall", wall)), memory)


def _own(lines: list[str]) -> dict[str, Any]:
    if lines and lines[-1].startswith('{"bench": '):
        found: dict[str, Any] = json.loads(lines[-1])["bench"]
        return found
    return {}


class _Peak:
    """Looks at the memory of a process and its children until it ends: the highest sum of what they held at once."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._peak = 0
        self._over = threading.Event()
        self._watch = threading.Thread(target=self._look, daemon=True)
        self._watch.start()

    def _look(self) -> None:
        waited = 0.0
        while not self._over.wait(_LOOK):
            waited += _LOOK
            self._peak = max(self._peak, sum(map(_resident, _tree(self._pid))))
            if waited > _LONGEST:
                os.kill(self._pid, 9)

    def end(self) -> float | None:
        """MB at the peak; None where the system does not tell."""
        self._over.set()
        self._watch.join()
        return self._peak / 1e6 if self._peak else None


def _tree(pid: int) -> list[int]:
    found = [pid]
    for parent in found:
        try:
            children = Path(f"/proc/{parent}/task/{parent}/children").read_text(encoding="ascii")
        except OSError:
            continue
        found += [int(child) for child in children.split()]
    return found


def _resident(pid: int) -> int:
    try:
        pages = Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]
    except (OSError, IndexError):
        return 0
    return int(pages) * 4096
