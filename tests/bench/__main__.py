"""`python -m tests.bench`: every job beside its limit and its peers, round after round, as one table."""

from __future__ import annotations

import argparse
import compileall
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests import postgres
from tests.bench import fixtures, report
from tests.bench.fixtures import folder_of
from tests.bench.jobs import JOBS, MILLION, Contestant, Job
from tests.bench.measure import ROOT, Cost, Failed, Missing, middle, run, worker
from tests.bench.reading_jobs import libreoffice
from tests.bench.report import Row, Run
from tests.bench.worker import Place

ROUNDS, QUICK_ROUNDS = 5, 2
_COMPILED = {"PYTHONDONTWRITEBYTECODE": ""}
_SLOW = 8.0  # a peer that takes longer, in seconds of CPU, is measured once


class Bench:
    """One run: a folder of files, a server when it is first needed, and the results so far."""

    def __init__(self, folder: Path, rounds: int, stack: ExitStack) -> None:
        self.folder, self.rounds = folder_of(folder), rounds
        self._stack = stack
        self._server: postgres.Server | None = None
        self._filled: dict[tuple[str, int], dict[str, str]] = {}
        # As on a desk: what a program consists of was compiled when it was installed.
        compileall.compile_dir(str(ROOT / "db"), quiet=2)
        compileall.compile_dir(str(ROOT / "desktop"), quiet=2)
        self._office = shutil.which("soffice") or shutil.which("libreoffice")

    def measure(self, job: Job, rows: int) -> Row:
        """One row of the table: all contestants of a job at one size, in turns."""
        place = Place(self.folder, rows)
        contestants = (job.ours, job.limit, *job.peers)
        costs: dict[str, list[Cost]] = {one.name: [] for one in contestants}
        missing: dict[str, str] = {}
        try:
            for need in job.needs:
                need(place)
        except Failed as why:
            return Row(job, rows, {}, {job.ours.name: str(why)})
        for number in range(self.rounds):
            for one in contestants:
                if one.name in missing or (number and self._is_slow(one, job, costs[one.name])):
                    continue
                try:
                    costs[one.name].append(self._once(one, job, rows))
                except (Failed, Missing) as why:
                    missing[one.name] = str(why)
        return Row(job, rows, {name: middle(some) for name, some in costs.items() if some}, missing)

    def _is_slow(self, one: Contestant, job: Job, so_far: Sequence[Cost]) -> bool:
        return one in job.peers and middle(so_far).cpu > _SLOW

    def _once(self, one: Contestant, job: Job, rows: int) -> Cost:
        kind, _sign, name = one.function.partition(":")
        environment = {**fixtures.desk(self.folder), **_COMPILED}
        if kind == "office":
            if self._office is None:
                raise Missing("LibreOffice is not installed")
            return run(libreoffice(self._office, self.folder, rows, name), environment, may_fail=True)
        with self._database(job, rows) as url:
            return run(worker(one.function, self.folder, rows), {**environment, **url})

    @contextmanager
    def _database(self, job: Job, rows: int) -> Iterator[dict[str, str]]:
        if not job.server:
            yield {}
            return
        if self._server is None:
            try:
                self._server = self._stack.enter_context(postgres.running())
            except postgres.NoServer as why:
                raise Missing(str(why)) from None
        if not job.served:
            with self._server.fresh_database() as url:
                yield {"ZHAOSHANG_BENCH_URL": url}
            return
        if (job.served, rows) not in self._filled:
            url = self._stack.enter_context(self._server.fresh_database())
            self._filled[job.served, rows] = {"ZHAOSHANG_BENCH_URL": url}
            run(worker(job.served, self.folder, rows), {**fixtures.desk(self.folder), "ZHAOSHANG_BENCH_URL": url})
        yield self._filled[job.served, rows]


def _sizes(job: Job, given: argparse.Namespace) -> list[int]:
    found = [int(part) for part in given.rows.split(",")] if given.rows else list(job.sizes)
    if given.million and job.up_to_million:
        found.append(MILLION)
    return found


def _arguments(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench ARGS=…", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="two rounds instead of five")
    parser.add_argument("--rows", default="", help="sizes, e.g. 1000,10000")
    parser.add_argument("--million", action="store_true", help="1,000,000 rows too, where the job is marked so")
    parser.add_argument("--only", action="append", default=[], metavar="KEY", help=", ".join(job.key for job in JOBS))
    parser.add_argument("--folder", type=Path, help="keep the files that are made, and take those that are there")
    parser.add_argument("--keep", action="store_true", help="write tests/bench/RESULTS.md too")
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, print the table as it grows, write out/bench.json, out/bench.svg and, with --keep, RESULTS.md."""
    given = _arguments(sys.argv[1:] if argv is None else argv)
    unknown = set(given.only) - {job.key for job in JOBS}
    if unknown:
        print(
            f"no such job: {', '.join(sorted(unknown))}; there are {', '.join(job.key for job in JOBS)}",
            file=sys.stderr,
        )
        return 2
    chosen = [job for job in JOBS if not given.only or job.key in given.only]
    rounds = QUICK_ROUNDS if given.quick else ROUNDS
    with ExitStack() as stack:
        folder = given.folder or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="zhaoshang-bench-")))
        bench = Bench(folder.resolve(), rounds, stack)
        done = Run(rounds, report.machine())
        if any(job.against == "U" for job in chosen) and "insert" not in {job.key for job in chosen}:
            done.yardstick = _yardstick(bench)
        print("\n".join(report.head(done)))
        for job in chosen:
            for rows in _sizes(job, given):
                done.rows.append(bench.measure(job, rows))
                print(report.line(done, done.rows[-1]), flush=True)
                report.write(done, ROOT / "out", ROOT / "tests" / "bench" / "RESULTS.md" if given.keep else None)
    print(f"\n{os.path.relpath(ROOT / 'out')}/bench.json, bench.svg")
    return 0


def _yardstick(bench: Bench) -> float:
    """U alone, where the job that contains it is not asked for."""
    fixtures.table(Place(bench.folder, 100_000))
    command = worker("book_jobs:raw_insert", bench.folder, 100_000)
    return middle([run(command) for _round in range(bench.rounds)]).cpu


if __name__ == "__main__":
    sys.exit(main())
