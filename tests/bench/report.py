"""What was measured, as lines on a terminal, JSON, a picture, and the page that is kept."""

from __future__ import annotations

import datetime as dt
import json
import math
import os
import platform
import shutil
import sqlite3
import subprocess
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from tests.bench.jobs import Job
from tests.bench.measure import Cost

_PACKAGES = ("python-calamine", "openpyxl", "XlsxWriter", "SQLAlchemy", "psycopg", "PySide6-Essentials")
_COLUMNS = ("job", "rows", "ours", "limit", "ratio", "goal", "", "growth", "memory", "peers and reasons")

_HOW = (
    "{rounds} rounds in turns (a peer that takes longer than eight seconds once), medians. Seconds of CPU of all "
    "processes of a contestant; wall time where a second process or a server works (read, PostgreSQL). The ratio is "
    "ours to the limit, or to U where it says so. U, the raw sqlite3 insert of 100,000 rows of 30 columns, was "
    "{unit} s. Goals hold at 100,000 rows and above. Growth is the exponent from the size before. Memory is the highest "
    "sum over the processes of ours."
)


@dataclass
class Row:
    """A job at one size: the cost of each contestant that ran, and why others did not."""

    job: Job
    rows: int
    costs: dict[str, Cost]
    missing: dict[str, str]

    def of(self, name: str) -> float | None:
        """What counts of one contestant: seconds of CPU or of wall time."""
        cost = self.costs.get(name)
        return None if cost is None else cost.wall if self.job.unit == "wall" else cost.cpu


@dataclass
class Run:
    """Everything of one run."""

    rounds: int
    machine: dict[str, str]
    rows: list[Row] = field(default_factory=list)
    yardstick: float | None = None

    @property
    def unit(self) -> float | None:
        """U: seconds of CPU of the raw insert of 100,000 rows."""
        for row in self.rows:
            if row.job.key == "insert" and row.rows == 100_000:
                return row.of(row.job.limit.name)
        return self.yardstick

    def before(self, row: Row) -> Row | None:
        """The same job at the next smaller size."""
        smaller = [one for one in self.rows if one.job.key == row.job.key and one.rows < row.rows]
        return max(smaller, key=lambda one: one.rows) if smaller else None

    def ratio(self, row: Row) -> float | None:
        """Ours ÷ what it is measured against."""
        ours = row.of(row.job.ours.name)
        base = self.unit if row.job.against == "U" else row.of(row.job.limit.name)
        return ours / base if ours is not None and base else None

    def growth(self, row: Row) -> float | None:
        """The exponent of growth of ours from the size before to this one."""
        before = self.before(row)
        now = row.of(row.job.ours.name)
        then = before.of(row.job.ours.name) if before else None
        return math.log(now / then) / math.log(row.rows / before.rows) if before and now and then else None

    def faults(self, row: Row) -> list[str]:
        """Which goals were missed, in words; goals hold from the job's own size on."""
        job, found = row.job, []
        goal, ratio, growth = job.goals.get(row.rows, job.goal), self.ratio(row), self.growth(row)
        if row.rows < job.goal_from:
            return []
        if ratio is None:
            return ["not measured"]
        if ratio > goal:
            found.append(f"{ratio:.2f} > {goal:g}")
        if job.exponent is not None and growth is not None and growth > job.exponent:
            found.append(f"growth {growth:.2f} > {job.exponent:g}")
        memory = row.costs[job.ours.name].memory
        if job.memory is not None and memory is not None and memory > job.memory:
            found.append(f"{memory:.0f} MB > {job.memory:.0f} MB")
        before = self.before(row)
        least = before.costs[job.ours.name].memory if before and job.ours.name in before.costs else None
        if job.steady_memory and memory is not None and least is not None and memory > 1.25 * least:
            found.append(f"memory grows: {least:.0f} → {memory:.0f} MB")
        return found


def machine() -> dict[str, str]:
    """Where this ran."""
    found = {
        "date": f"{dt.datetime.now(dt.UTC):%Y-%m-%d}",
        "processor": _processor(),
        "cores": str(os.cpu_count() or "?"),
    }
    found |= {"system": f"{platform.system()} {platform.release()}", "Python": platform.python_version()}
    found |= {"SQLite": sqlite3.sqlite_version, "PostgreSQL": _said(_postgres()), "LibreOffice": _said("soffice")}
    for name in _PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    return found


def _processor() -> str:
    told = Path("/proc/cpuinfo")
    if told.exists():
        for line in told.read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or "unknown"


def _postgres() -> str:
    from tests import postgres

    try:
        return str(postgres.binaries() / "postgres")
    except postgres.NoServer:
        return "postgres"


def _said(program: str) -> str:
    found = shutil.which(program)
    if found is None:
        return "not installed"
    done = subprocess.run([found, "--version"], capture_output=True, text=True, check=False)
    return " ".join(done.stdout.split()[:3]) or "installed"


def head(run: Run) -> list[str]:
    """The machine and the names of the columns."""
    about = ", ".join(f"{name} {value}" for name, value in run.machine.items())
    return [f"{run.rounds} rounds in turns, medians. {about}", "", _table_line(_COLUMNS)]


def _table_line(cells: tuple[str, ...] | list[str]) -> str:
    widths = (42, 9, 10, 10, 7, 6, 7, 7, 8)
    padded = [cell.ljust(width) for cell, width in zip(cells, widths, strict=False)]
    return " ".join([*padded, cells[-1]]).rstrip()


def line(run: Run, row: Row) -> str:
    """One row of the table for a terminal."""
    return _table_line(cells(run, row))


def _number(value: float | None, pattern: str) -> str:
    return "–" if value is None else format(value, pattern)


def cells(run: Run, row: Row) -> list[str]:
    """One row of the table as texts."""
    job = row.job
    ours, limit = row.of(job.ours.name), row.of(job.limit.name)
    memory = row.costs[job.ours.name].memory if job.ours.name in row.costs else None
    faults = run.faults(row)
    met = "" if row.rows < row.job.goal_from else "missed" if faults else "met"
    ratio = _number(run.ratio(row), ".2f") + (" U" if job.against == "U" else "")
    return [
        job.title, f"{row.rows:,}", _number(ours, ".3f"), _number(limit, ".3f"), ratio,
        f"{job.goals.get(row.rows, job.goal):g}", met, _number(run.growth(row), ".2f"),
        _number(memory, ".0f") + (" MB" if memory is not None else ""), "; ".join([*faults, *_beside(row)]),
    ]  # fmt: skip


def _beside(row: Row) -> list[str]:
    """The peers as multiples of the limit, and what did not run."""
    base = row.of(row.job.limit.name)
    found = [f"{row.job.limit.name} 1.00"] if base else []
    for peer in row.job.peers:
        value = row.of(peer.name)
        if value is not None and base:
            found.append(f"{peer.name} {value / base:.2f}")
    return [*found, *(f"{name} missing: {why.splitlines()[-1]}" for name, why in row.missing.items())]


def write(run: Run, out: Path, kept: Path | None) -> None:
    """JSON and picture into `out`; the page that is kept, if asked for."""
    from tests.bench.picture import picture

    out.mkdir(exist_ok=True)
    (out / "bench.json").write_text(json.dumps(_json(run), ensure_ascii=False, indent=1), encoding="utf-8")
    (out / "bench.svg").write_text(picture(run), encoding="utf-8")
    if kept is not None:
        kept.write_text(page(run), encoding="utf-8")


def _json(run: Run) -> dict[str, Any]:
    rows = [
        {
            "job": row.job.key, "title": row.job.title, "rows": row.rows, "unit": row.job.unit,
            "goal": row.job.goals.get(row.rows, row.job.goal), "against": row.job.against, "ratio": run.ratio(row),
            "growth": run.growth(row), "missed": run.faults(row), "missing": row.missing,
            "costs": {name: vars(cost) for name, cost in row.costs.items()},
        }
        for row in run.rows
    ]  # fmt: skip
    return {"machine": run.machine, "rounds": run.rounds, "U": run.unit, "rows": rows}


def page(run: Run) -> str:
    """RESULTS.md."""
    about = "; ".join(f"{name} {value}" for name, value in run.machine.items())
    lines = [
        "# The last run of `make bench`",
        "",
        f"{about}.",
        "",
        _HOW.format(rounds=run.rounds, unit=_number(run.unit, ".2f")),
        "",
        "| " + " | ".join(name or "met" for name in _COLUMNS) + " |",
        "|---" * len(_COLUMNS) + "|",
    ]
    lines += ["| " + " | ".join(cells(run, row)) + " |" for row in run.rows]
    seen: dict[str, str] = {row.job.title: row.job.note for row in run.rows if row.job.note}
    lines += ["", *(f"- {title}: {note}." for title, note in seen.items()), ""]
    return "\n".join(lines)
