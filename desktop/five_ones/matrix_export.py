"""The matrix as Excel or PDF, and a leader's one-pager: asked where, written by a job, said when it is there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from db.core.text import Text, _
from desktop.kit.page import Connection, Page
from desktop.kit.words import language, tr

if TYPE_CHECKING:
    from db.core.book import Book
    from db.core.progress import Progress
    from db.reports.report import Report
    from desktop.five_ones.matrix import MatrixView


def export(view: MatrixView, kind: str) -> None:
    """The lines that are shown."""
    if view.sheet is None:
        return
    shown = [view.lines[number] for number in view.table.all_ids]
    called = (view.page.switch.buttons["stewards"] if view.negotiating else view.page.heading).text()
    name = f"{called} {view.today}"
    lang, cells = language(), view.cells
    day = view.today

    def make(_connection: Connection) -> Report:
        from db.five_ones.matrix_paper import matrix_report
        from desktop.kit.cell_parts import plain

        columns = [(one.key, tr(one.label), one.right) for one in cells.columns()]
        rows = [[plain(cells.cell(line, key)) for key, _label, _right in columns] for line in shown]
        return matrix_report(called, columns, rows, shown, day=day, lang=lang)

    write(view.page, name, kind, make)


def one_pager(view: MatrixView, name: str) -> None:
    """All projects of a leader."""
    day, lang = view.today, language()

    def make(connection: Connection) -> Report:
        from db.five_ones.assigning import known_person
        from db.five_ones.papers import one_pager as paper

        return paper(connection, known_person(connection, name), day=day, lang=lang)

    write(view.page, f"{name} {day}", "pdf", make)


def write(page: Page, name: str, kind: str, make: Callable[[Connection], Report]) -> None:
    """Ask where, make the report, write it."""
    out = page.desk.dialogs.save_file(page, _("Export"), str(Path.home() / f"{name}.{kind}"), f"*.{kind}")
    if out is None:
        return

    def work(book: Book, progress: Progress) -> Path:
        with book.read() as connection:
            report = make(connection)
        if kind == "pdf":
            from db.reports.pdf import render_pdf

            render_pdf(report, out, progress=progress)
        else:
            from db.reports.xlsx import render_xlsx

            render_xlsx(report, out, progress=progress)
        return out

    def done(path: Path) -> None:
        page.desk.say(_("Written: {file}", file=str(path)))

    title = _("Writing “{file}”", file=Text(out.name))
    page.desk.jobs.ask(page, work, done, failed=page.desk.complain, title=title, key="export")
