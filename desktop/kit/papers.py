"""Papers out of the window: a report as data, asked where, written by a job as PDF, Excel or Word, said when it is there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from db.core.text import Text, _
from desktop.kit.page import Connection, Page
from desktop.kit.words import language

if TYPE_CHECKING:
    from db.core.book import Book
    from db.core.progress import Progress
    from db.reports.report import Report

Make = Callable[[Connection, str], "Report"]  # a report in a language
KINDS = "*.pdf *.xlsx *.docx"


def save(page: Page, what: Text, make: Make, *, name: str, kinds: str = KINDS, operation: Text | None = None) -> None:
    """Ask where, make the paper, write it as its suffix says; the first of `kinds` is proposed.

    operation: what of it is recorded; where the file cannot be written, nothing is.
    """

    def work(book: Book, lang: str, out: Path, progress: Progress) -> Text | None:
        if operation is not None:
            with book.write(operation) as connection:
                return write(make(connection, lang), out, progress)
        with book.read() as connection:
            report = make(connection, lang)
        return write(report, out, progress)

    _ask(page, what, work, name, kinds)


def save_past(page: Page, what: Text, make: Callable[[Book, str], Report], *, name: str) -> None:
    """The same of a paper that is made of the book as it was."""
    _ask(page, what, lambda book, lang, out, progress: write(make(book, lang), out, progress), name, KINDS)


def _ask(
    page: Page, what: Text, work: Callable[[Book, str, Path, Progress], Text | None], name: str, kinds: str
) -> None:
    proposed = "".join("_" if one in '\\/:*?"<>|\n' else one for one in name)[:80]
    out = page.desk.dialogs.save_file(page, what, str(Path.home() / (proposed + kinds.split(maxsplit=1)[0][1:])), kinds)
    if out is None:
        return
    lang = language()

    def made(book: Book, progress: Progress) -> Text | None:
        return work(book, lang, out, progress)

    def done(warning: Text | None) -> None:
        page.desk.say(warning if warning is not None else _("Saved as {file}.", file=str(out)))

    page.desk.jobs.ask(page, made, done, failed=page.desk.complain, title=what)


def write(report: Report, out: Path, progress: Progress) -> Text | None:
    """The paper in the form that the file's name asks for; what a person should know of it."""
    if out.suffix.lower() == ".xlsx":
        from db.reports.xlsx import render_xlsx

        render_xlsx(report, out, progress=progress)
        return None
    if out.suffix.lower() == ".docx":
        from db.reports.docx import render_docx

        render_docx(report, out, progress=progress)
        return None
    from db.reports.pdf import render_pdf

    return render_pdf(report, out, progress=progress).warning
