"""The jobs of `make bench`: what is measured, beside which limit and which peers, and the goal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from tests.bench import fixtures
from tests.bench.paper_jobs import reported
from tests.bench.returned_jobs import blank, returned
from tests.bench.search_jobs import indexed, settled
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
    sizes: rows that are measured unless others are asked for; the goal holds from `goal_from` of them on.
    server: PostgreSQL works, each run in an empty database, or in the one that the function `served` filled once.
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
    served: str = ""
    sizes: tuple[int, ...] = STANDARD
    goal_from: int = 100_000
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


def _ledger(name: str, function: str) -> Contestant:
    return Contestant(name, f"ledger_jobs:{function}")


def _screen(name: str, function: str) -> Contestant:
    return Contestant(name, f"screen_jobs:{function}")


def _editing(name: str, function: str) -> Contestant:
    return Contestant(name, f"editing_jobs:{function}")


def _search(name: str, function: str) -> Contestant:
    return Contestant(name, f"search_jobs:{function}")


def _paper(name: str, function: str) -> Contestant:
    return Contestant(name, f"paper_jobs:{function}")


def _back(name: str, function: str) -> Contestant:
    return Contestant(name, f"returned_jobs:{function}")


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
        note="beside LibreOffice merely loading the file (it is asked for a format that it has no filter for); of our "
        "10–11 s the parser and its process take 3.4 (2.6 of it calamine), unpacking its rows 0.5, planning in Python 1.6, "
        "writing 4: a project becomes about seven rows in several tables (1.8), nineteen indexes (1.3) and the commit into the "
        "file (0.4)",
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
        needs=(fixtures.table,), note="three of thirty cells, each record one row of history; a bulk update has a trigger that compares "
        "only the columns it sets; the one that compares all thirty, which any other statement meets, came to 2.7–2.9",
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
        note="without row ids; the ratio that counts is to U; one query for all that is read from the same rows, made once "
        "for both years: at 100,000 their stock is a third of it, making and compiling the queries another third",
    ),
    Job(
        "lights", "lights of all projects, ten milestones each", Contestant("ours", "light_jobs:ours_lights"),
        Contestant("one pass", "light_jobs:one_pass"), 6.0, against="U", needs=(fixtures.planned,),
        note="with rule, reason, since when and what turns it green, of every project that has a light",
    ),
    Job(
        "one-light", "the light of one project after an edit", Contestant("ours", "light_jobs:ours_one_light"),
        Contestant("one pass", "light_jobs:one_pass"), 0.05, against="U", needs=(fixtures.planned,),
        note="the write of one cell included",
    ),
    Job(
        "start", "cold start to a window that answers", _start("ours", "ours_window"), _start("bare window", "bare"),
        1.4, peers=(_start("everything imported", "eager"),),
        note="the welcome page at a desk without a book. Above the bare window: fontconfig and the face 6 ms, our modules "
        "and Qt's classes for them 22 ms (9 of it the classes), building, polishing and laying out the page 15 ms, painting "
        "it, icons and Chinese, 14 ms; Qt's namespace of enumerations is not loaded",
    ),
    Job(
        "rows", "cold start to the first 200 rows", _start("ours", "ours_rows"), _start("bare window", "bare"), 4.0,
        peers=(_start("at a desk that never saw the book", "ours_rows_first"),), needs=(fixtures.visited,),
        up_to_million=True,
        note="on a book that was opened at this desk before: the rows it was left with are shown at once where the book "
        "still stands at the operation they were read at; at a desk that never saw it SQLAlchemy (0.16 s), "
        "the rooms (0.1 s) and sorting the ids by the day of recognition, which stands in another table, come first",
    ),
    Job(
        "ids", "open the ledger: its ids", _ledger("ours", "ours_ids"), _ledger("SELECT id", "raw_ids"), 1.5,
        needs=(fixtures.demonstration,), up_to_million=True,
        note="the cells of the rows one looks at come by window, whatever the size of the book",
    ),
    Job(
        "sort", "sort by a column", _ledger("ours", "ours_sorted"), _ledger("ORDER BY of ids", "raw_sorted"), 1.2,
        needs=(fixtures.demonstration,), up_to_million=True,
    ),
    Job(
        "sort-words", "sort by names, in the order of pinyin", _ledger("ours", "ours_by_words"),
        _ledger("ORDER BY of ids, by code", "raw_by_words"), 1.2, needs=(fixtures.demonstration,), up_to_million=True,
        note="again, backwards or under other conditions, while the book is as it was: the ranks are remembered until the next "
        "operation",
    ),
    Job(
        "sort-words-first", "sort by names in the order of pinyin, first time", _ledger("ours", "ours_by_words_first"),
        _ledger("ORDER BY of ids, by code", "raw_by_words"), 1.2, needs=(fixtures.demonstration,), up_to_million=True,
        note="no engine knows the order of pinyin: 100,000 different names are fetched, each of their characters is looked up "
        "in Python, and the spellings are sorted there; so after every operation",
    ),
    Job(
        "filter", "filter by two conditions", _ledger("ours", "ours_filtered"), _ledger("SQL", "raw_filtered"), 1.2,
        needs=(fixtures.demonstration,), up_to_million=True,
    ),
    Job(
        "group", "group by two levels with subtotals", _ledger("ours", "ours_grouped"),
        _ledger("one GROUP BY", "raw_grouped"), 2.0, needs=(fixtures.demonstration,),
        note="two sums, and the ids of all rows in their groups, as an expanded ledger needs them",
    ),
    Job(
        "keystroke", "search: 300 queries, first 200 hits", _search("ours", "ours_keystrokes"),
        _search("pairs in FTS5 + instr", "limit_keystrokes"), 3.0, peers=(_search("LIKE on nine columns", "like"),),
        needs=(fixtures.table, fixtures.imported, indexed), up_to_million=True,
        note="Chinese of one to six characters, initials, pinyin, ends of codes and phones; ours also looks whether the book "
        "has changed, ranks the hits, and finds projects by their investor, place and leader",
    ),
    Job(
        "pg-keystroke", "search on a server: 300 queries, first 200 hits", _search("ours", "ours_keystrokes"),
        _search("pairs in FTS5 + instr", "limit_keystrokes"), 10.0, unit="wall", server=True, served="search_jobs:serve",
        needs=(fixtures.table, fixtures.ledger, fixtures.imported, indexed),
        note="the same queries, PostgreSQL with GIN over the terms, beside the limit on a file; wall time, as the server works",
    ),
    Job(
        "catching-up", "search catching up after an import", _search("ours", "ours_catching_up"),
        _search("tokenising and inserting", "limit_catching_up"), 8.0, against="U",
        needs=(fixtures.table, fixtures.ledger, fixtures.imported, indexed),
        note="a ledger of 100,000 projects makes as many companies, which are indexed as well, and every name by all readings "
        "of its pinyin: thirty million terms, of whose time the full-text table takes nearly half, reading the records a "
        "fifth, cutting them into terms a quarter; in slices of 40 ms; the limit has the projects' own words alone",
    ),
    Job(
        "page", "page down", _screen("ours", "ours_leafed"), _screen("QSqlQueryModel", "query_model"), 1.2,
        needs=(settled,), up_to_million=True,
        note="forty pages; ours paints a page in one pass of Python and reads nineteen facts of a row from six tables, "
        "the limit twelve columns of one table; what grows with the book is reading rows that lie far apart in it",
    ),
    Job(
        "screen", "open the ledger on the screen", _screen("ours", "ours_screen"), _ledger("SELECT id", "raw_ids"), 1.5,
        needs=(settled,), memory=125, up_to_million=True,
        note="not only ids: in the order of the day of recognition, which stands in another table (half of it), with the sums "
        "of four columns for the footer, and the rows one sees read from six tables, dressed and painted; the ids alone are a "
        "row of their own; of the memory 65 MB are the bare window and 45 SQLAlchemy and the rooms",
    ),
    Job(
        "paste", "paste 10,000 × 10 cells: check and write", _editing("ours", "ours_paste"),
        _editing("ten columns of an UPDATE", "raw_paste"), 2.0, against="U", needs=(fixtures.demonstration, fixtures.table),
        note="every cell understood as the import does and compared, units by former and short names, all or nothing; the "
        "ten cells of a record are one change of its history",
    ),
    Job(
        "undo-paste", "undo that paste", _editing("ours", "ours_undo_paste"),
        _editing("ten columns of an UPDATE", "raw_paste"), 2.0, against="U", needs=(fixtures.demonstration, fixtures.table),
        note="half of it are the indexes of the ten columns; deleting the units that the paste made no longer looks through "
        "all projects",
    ),
    Job(
        "pdf-table", "PDF table of twelve columns", _paper("ours", "ours_table"),
        _paper("reportlab canvas, one text object a page", "canvas_table"), 1.5,
        peers=(_paper("reportlab Table, a page in each", "blocks_table"),), goal_from=10_000, exponent=1.05,
        note="ours also measures the columns, breaks long cells by the rules of Chinese and heads every page",
    ),
    Job(
        "report", "month's report from the book: xlsx, pdf, docx", _paper("ours", "ours_report"),
        _paper("LibreOffice, its workbook → pdf", "office_report"), 2.0, against="U", needs=(reported,), sizes=(300,), goal_from=300,
        note="a district of 300 projects; opening three faces of 15 MB is half of it",
    ),
    Job(
        "report-large", "the same, 10,000 projects", _paper("ours", "ours_report"),
        _paper("LibreOffice, its workbook → pdf", "office_report"), 0.7, needs=(reported,), sizes=(10_000,), goal_from=10_000,
    ),
    Job(
        "score", "score companies by six indicators: scores, ranks, classes", Contestant("ours", "score_jobs:ours_scores"),
        Contestant("numpy on ready columns", "score_jobs:numpy_scores"), 5.0,
        peers=(Contestant("LibreOffice recalculating", "score_jobs:office_scores"),),
        note="places and classes by floats, and exactly where their proven error leaves a doubt; scores and parts in whole numbers, to the "
        "twelfth decimal, when somebody looks at them; numpy in floats, the sum alone",
    ),
    Job(
        "forum", "figures of the forum and the board", Contestant("ours", "forum_jobs:ours_figures_and_board"),
        Contestant("one covering query", "forum_jobs:covering"), 0.1, against="U", needs=(fixtures.issues,),
        note="half a year and the one before it, each a walk along the index, the earlier one as it stood then; enterprises met and "
        "stewards; the first fifty cards of every state; making the statements is a fifth of it",
    ),
    Job(
        "similar", "issues like one of them", Contestant("ours", "forum_jobs:ours_similar"),
        Contestant("SELECT id, text", "forum_jobs:texts"), 0.15, against="U", needs=(fixtures.issues,),
        note="half is reading the texts, which lie among everything else that is said of issues; comparing them is a sixth of it, "
        "loading what compares them a tenth; ids that follow one another are not read",
    ),
    Job(
        "merge", "three-way merge of a returned sheet of nine columns", _back("ours", "ours_merge"),
        _back("reading the sheet", "our_reading"), 3.0, peers=(_back("calamine alone", "parser_alone"),), needs=(returned,),
        sizes=(1_000, 10_000), goal_from=10_000,
        note="read, compared and written: rows turned round, problems of a fifth, jobs of a seventh, next steps of an eleventh "
        "changed there, problems of a fifteenth here, a hundredth of the rows gone and as many new; comparing is two thirds of it, "
        "writing a seventh",
    ),
    Job(
        "fill", "fill a form of as many rows and ten columns", _back("ours", "ours_fill"),
        _back("openpyxl loading and saving it", "openpyxl_blank"), 1.3,
        peers=(_back("openpyxl loading and saving it filled", "openpyxl_filled"),), needs=(blank,),
        sizes=(1_000, 10_000), goal_from=10_000,
        note="the form looked at by the parser's process, understood, and filled with the records of a view; the limit's form stays "
        "blank",
    ),
)  # fmt: skip
