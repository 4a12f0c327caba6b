"""One contestant: `python -m tests.bench.worker MODULE:FUNCTION FOLDER ROWS`.

A contestant that has to prepare something calls `place.begin()` afterwards; then only what follows is measured, CPU
of its children included. One that does not is measured as a whole process, by the parent.
"""

from __future__ import annotations

import importlib
import json
import os
import resource
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Place:
    """Where a contestant finds its data: a folder with the files of `fixtures`, and how many rows are meant."""

    folder: Path
    rows: int
    _began: tuple[float, float] | None = field(default=None)
    _ended: tuple[float, float] | None = field(default=None)

    @property
    def ledger(self) -> Path:
        """The base ledger as an .xlsx with shared strings."""
        return self.folder / f"ledger-{self.rows}.xlsx"

    @property
    def table(self) -> Path:
        """The base ledger as a plain SQLite table `ledger`."""
        return self.folder / f"ledger-{self.rows}.sqlite"

    @property
    def demonstration(self) -> Path:
        """A demonstration book of as many projects."""
        return self.folder / f"demo-{self.rows}.zsb"

    @property
    def imported(self) -> Path:
        """A book into which the base ledger was imported, and in which every project was changed afterwards."""
        return self.folder / f"imported-{self.rows}.zsb"

    def scratch(self, name: str) -> Path:
        """A file of this process alone; it is removed with its folder."""
        return self.folder / "scratch" / f"{os.getpid()}-{name}"

    def begin(self) -> None:
        """What is measured begins."""
        self._began = _now()

    def end(self) -> None:
        """What is measured ends; without it, it ends with the contestant."""
        self._ended = _now()

    def told(self) -> dict[str, float]:
        """Seconds of CPU and wall time between; nothing where the whole process counts."""
        if self._began is None:
            return {}
        cpu, wall = self._ended or _now()
        return {"cpu": cpu - self._began[0], "wall": wall - self._began[1]}


def _now() -> tuple[float, float]:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used), time.perf_counter()


def main() -> None:
    """Run the contestant and say what it cost."""
    module, _sign, function = sys.argv[1].partition(":")
    place = Place(Path(sys.argv[2]), int(sys.argv[3]))
    getattr(importlib.import_module(f"tests.bench.{module}"), function)(place)
    print(json.dumps({"bench": place.told()}), flush=True)


if __name__ == "__main__":
    main()
