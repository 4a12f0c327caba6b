"""The jobs of `make bench`: what is measured, beside which limit and which peers, and the goal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from tests.bench import fixtures
from tests.bench.worker import Place

Fixture = Callable[[Place], None]
STANDARD = (1_000, 10_000, 100_000)
MILLION = 1_000_000


@dataclass(frozen=True)
class Contestant:
    """`function` of this package, or `office:KIND` for LibreOffice converting the ledger to that."""

    name: str
    function: str


@dataclass(frozen=True)
class Job:
    """One row of the table.

    unit: what counts, "cpu" or "wall". goal: the ratio that is not to be passed, at `goal_at` rows; of what, says
    `against` ("limit" or "U", the raw insert of 100,000 rows; `goals` overrides it by size). memory: MB allowed.
    server: PostgreSQL works, each run in an empty database. less: what a peer did besides, to be taken off.
    """

    key: str
    title: str
    ours: Contestant
    limit: Contestant
    goal: float
    peers: tuple[Contestant, ...] = ()
    unit: str = "cpu"
    against: str = "limit"
    needs: tuple[Fixture, ...] = ()
    goals: dict[int, float] = field(default_factory=dict)
    memory: float | None = None
    steady_memory: bool = False
    server: bool = False
    up_to_million: bool = False
    exponent: float | None = None
    note: str = ""


def _sheet(name: str, function: str) -> Contestant:
    return Contestant(name, f"reading_jobs:{function}")


def _rows(name: str, function: str) -> Contestant:
    return Contestant(name, f"book_jobs:{function}")


def _past(name: str, function: str) -> Contestant:
    return Contestant(name, f"history_jobs:{function}")


def _start(name: str, function: str) -> Contestant:
    return Contestant(name, f"window_jobs:{function}")


LOAD = Contestant("LibreOffice load", "office:nothing:none")

JOBS = (
    Job(
        "read", "read .xlsx cells", _sheet("ours", "ours_read"), _sheet("calamine", "calamine"), 1.4, unit="wall",
        peers=(Contestant("LibreOffice → csv", "office:csv"), _sheet("openpyxl read-only", "openpyxl_read")),
        needs=(fixtures.ledger,), note="whole processes, the parser's own included",
    ),
    Job(
        "import", "import a ledger of 30 columns", _sheet("ours", "ours_import"), LOAD, 1.3,
        needs=(fixtures.ledger,), memory=400, exponent=1.05,
        note="beside LibreOffice merely loading the file (it is asked for a format that it has no filter for); a project becomes "
        "about seven rows in several tables with their indexes and history; profiled at 30,000 rows, writing took "
        "about two thirds and planning in Python one third",
    ),
    Job(
        "insert", "insert with history", _rows("ours", "ours_insert"), _rows("sqlite3 executemany", "raw_insert"), 1.5,
        needs=(fixtures.table,),
        peers=(
            _rows("Core insert", "core_insert"), _rows("ORM bulk", "orm_bulk"), _rows("ORM add_all", "orm_add_all"),
        ),
        note="100,000 rows of the limit are the yardstick U",
    ),
    Job(
        "update", "update every row with history", _rows("ours", "ours_update"),
        _rows("same statement, no triggers", "plain_update"), 2.5,
        needs=(fixtures.table,), note="three of thirty cells; one trigger compares all thirty, so that a change is one row of "
        "history; a trigger a column reached 2.0 at the price of a row a cell",
    ),
    Job(
        "pg-insert", "insert with history, PostgreSQL", _rows("ours", "ours_insert"), _rows("COPY", "copy"), 1.5,
        peers=(_rows("executemany", "server_executemany"), _rows("SQLAlchemy insert", "core_insert")), unit="wall",
        needs=(fixtures.table,), server=True,
    ),
    Job(
        "pg-update", "update every row with history, PostgreSQL", _rows("ours", "ours_update"),
        _rows("same statement, no triggers", "plain_update"), 3.0, unit="wall", needs=(fixtures.table,), server=True,
        note="three of thirty cells",
    ),
    Job(
        "undo", "undo an import", _past("ours", "ours_undo"), _past("the import's own writing", "writing"), 2.0,
        peers=(_past("copy + one DELETE a table", "reversed_import"),), needs=(fixtures.ledger, fixtures.imported),
    ),
    Job(
        "as-of", "the book before as many changes", _past("ours", "ours_as_of"),
        _past("the import's own writing", "writing"), 2.0,
        peers=(_past("copy + one UPDATE", "reversed_change"),), needs=(fixtures.ledger, fixtures.imported),
    ),
    Job(
        "out", "bulk ledger out, styled", _sheet("ours", "ours_out"), _sheet("hand-streamed XML", "hand_streamed"),
        1.5, steady_memory=True, needs=(fixtures.ledger, fixtures.table),
        peers=(
            _sheet("XlsxWriter", "xlsxwriter_out"), _sheet("openpyxl write-only", "openpyxl_out"),
            Contestant("LibreOffice load + save", "office:xlsx"),
        ),
    ),
    Job(
        "figures", "all figures of a month, previous year", Contestant("ours", "figure_jobs:ours_figures"),
        Contestant("stock query", "figure_jobs:stock"), 0.2, against="U", goals={100_000: 0.2, MILLION: 2.0},
        needs=(fixtures.demonstration,), up_to_million=True,
        note="without row ids; the ratio that counts is to U; the stock at the end of both years, with projects on "
        "hold left out, is two thirds of it",
    ),
    Job(
        "start", "cold start to a window that answers", _start("ours", "ours_window"), _start("bare window", "bare"),
        1.4, peers=(_start("everything imported", "eager"),),
        note="Qt's own enumerations, which every real page asks for, are about 25 ms of it; the "
        "rest is font, style, rail and the welcome page",
    ),
    Job(
        "rows", "cold start to the first 200 rows", _start("ours", "ours_rows"), _start("bare window", "bare"), 4.0,
        needs=(fixtures.demonstration,), up_to_million=True,
        note="SQLAlchemy and the rooms are loaded on the worker (0.4 s); sorting the ids by the day of recognition, "
        "which stands in another table, grows with the book",
    ),
)  # fmt: skip
