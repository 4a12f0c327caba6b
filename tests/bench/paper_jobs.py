"""Contestants that write paper: a long table as PDF, and the month's report in its three faces."""

from __future__ import annotations

import datetime as dt
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench import data, fixtures
from tests.bench.worker import Place

if TYPE_CHECKING:
    from db.reports.report import Report, Table

MONTH = "2024-06"
_COLUMNS = (
    ("序号", "centre"), ("项目编号", "code"), ("项目名称", "text"), ("投资主体", "text"), ("产业类别", "text"),
    ("资金来源地", "text"), ("协议投资额（万元）", "number"), ("签约日期", "date"), ("开工日期", "date"), ("属地", "text"),
    ("责任单位", "text"), ("包保区领导", "centre"),
)  # fmt: skip
_PAGE_ROWS, _ROW = 15, 26.0


def _table(rows: int) -> Table:
    """Twelve columns of the base ledger."""
    from db.reports.report import Column, Table

    places = [data.HEADINGS.index(heading) for heading, _kind in _COLUMNS]
    cells = []
    for row in data.rows(rows):
        picked = (row[place] for place in places)
        cells.append(tuple(one.isoformat() if isinstance(one, dt.date) else one for one in picked))
    columns = tuple(Column(heading, heading, kind) for heading, kind in _COLUMNS)  # type: ignore[arg-type]
    return Table("list", "项目一览表", columns, tuple(cells), landscape=True)  # type: ignore[arg-type]


def ours_table(place: Place) -> None:
    """The table as our report prints it: measured, wrapped, headed on every page."""
    from db.reports.pdf import render_pdf
    from db.reports.report import Report

    report = Report("项目一览表", (), appendix=(_table(place.rows),))
    place.begin()
    render_pdf(report, place.scratch("table.pdf"), machine_fonts=False)
    place.end()


def canvas_table(place: Place) -> None:
    """The limit: the same cells, each at a place that is known beforehand, one text object a page."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.pdfgen.canvas import Canvas

    from db.core.paths import RESOURCES

    rows = [
        [("" if cell is None else f"{cell:,}" if type(cell) is int else str(cell)) for cell in row]
        for row in _table(place.rows).rows
    ]
    across = [99 + 53 * at for at in range(len(_COLUMNS))]
    place.begin()
    pdfmetrics.registerFont(TTFont("serif", str(RESOURCES / "fonts" / "NotoSerifSC-Regular.ttf")))
    canvas = Canvas(str(place.scratch("canvas.pdf")), pagesize=(842, 595), pageCompression=1)
    for start in range(0, len(rows), _PAGE_ROWS):
        page = rows[start : start + _PAGE_ROWS]
        text = canvas.beginText()
        text.setFont("serif", 7)
        for at, row in enumerate(page):
            y = 480 - _ROW * at
            for x, cell in zip(across, row, strict=True):
                text.setTextOrigin(x, y)
                text.textOut(cell)
        canvas.drawText(text)
        canvas.lines([(99, 490 - _ROW * at, 737, 490 - _ROW * at) for at in range(len(page) + 1)])
        canvas.lines([(x, 490, x, 490 - _ROW * len(page)) for x in across])
        canvas.showPage()
    canvas.save()
    place.end()


def blocks_table(place: Place) -> None:
    """A peer: reportlab's own tables, a page of rows in each."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.platypus import SimpleDocTemplate
    from reportlab.platypus import Table as Flowing

    from db.core.paths import RESOURCES

    rows = [["" if cell is None else str(cell) for cell in row] for row in _table(place.rows).rows]
    place.begin()
    pdfmetrics.registerFont(TTFont("serif", str(RESOURCES / "fonts" / "NotoSerifSC-Regular.ttf")))
    style = [("FONT", (0, 0), (-1, -1), "serif", 7), ("GRID", (0, 0), (-1, -1), 0.5, "#999999")]
    widths, heights = [53] * len(_COLUMNS), [_ROW] * _PAGE_ROWS
    blocks = [
        Flowing(part, widths, heights[: len(part)], style=style)
        for part in (rows[start : start + _PAGE_ROWS] for start in range(0, len(rows), _PAGE_ROWS))
    ]
    SimpleDocTemplate(str(place.scratch("blocks.pdf")), pagesize=(842, 595)).build(blocks)
    place.end()


def _report(place: Place) -> Report:
    import db.rooms  # noqa: F401 - loads every room's tables
    from db.core.book import Book
    from db.core.period import Period
    from db.overview.report import build

    with Book.open(place.demonstration) as book, book.read() as connection:
        return build(connection, Period.parse(MONTH), today=dt.date(2024, 7, 8))


def ours_report(place: Place) -> None:
    """The month's report from the book: workbook with charts, PDF and Word."""
    from db.overview.writing import write_files

    place.begin()
    write_files(_report(place), place.scratch("report"), ("xlsx", "pdf", "docx"))
    place.end()


def make_workbook(place: Place) -> None:
    """The report's workbook, for LibreOffice."""
    from db.reports.xlsx import render_xlsx

    render_xlsx(_report(place), workbook(place))


def workbook(place: Place) -> Path:
    """Where it lies."""
    return place.folder / f"report-{place.rows}.xlsx"


def reported(place: Place) -> None:
    """The demonstration book and the workbook of its report."""
    from tests.bench.measure import run, worker

    fixtures.demonstration(place)
    if not workbook(place).exists():
        run(worker("paper_jobs:make_workbook", place.folder, place.rows))


def office_report(place: Place) -> None:
    """The limit: LibreOffice converting the workbook to PDF."""
    program = shutil.which("soffice")
    if program is None:
        print('{"bench": {"missing": "LibreOffice is not installed"}}', flush=True)
        raise SystemExit(0)
    profile = place.folder / "office-profile"
    command = [program, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore", "--convert-to", "pdf"]
    place.begin()
    subprocess.run(
        [*command, "--outdir", str(place.scratch("pdf")), str(workbook(place))], check=True, capture_output=True
    )
    place.end()
