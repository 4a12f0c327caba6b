"""A report onto the disk: built from the book, from the book as it was, or as it was finalised."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from db.core.book import Book
from db.core.errors import Usage
from db.core.moments import ZONE, Moment
from db.core.period import Period
from db.core.progress import SILENT, Progress
from db.core.text import Text, _
from db.overview.closing import closed
from db.overview.figures import figures, rendered
from db.overview.file_names import file_name
from db.overview.forms import form as form_named
from db.overview.photographs import contents_of
from db.overview.report import build
from db.reports.report import Report
from db.reports.whole_files import explained

FORMATS = ("xlsx", "pdf", "docx")
USUAL = ("xlsx", "pdf")


@dataclass(frozen=True)
class Written:
    """A file that was written, and what a person should know of it, None where there is nothing."""

    path: Path
    warning: Text | None = None


def report_of(
    book: Book,
    period: Period,
    *,
    lang: str = "zh",
    as_of: Moment | None = None,
    today: dt.date | None = None,
    form: str | None = None,
) -> tuple[Report, bool]:
    """The report of a period and whether it is finalised. A finalised one is what was stored; `as_of` looks anew.

    today: the date of the signature, that of this desk where None. form: name or key of another form than the period's;
    a finalised report in another form is made anew. Refused where there is no such form.
    """
    today = today or dt.datetime.now(ZONE).date()
    if as_of is not None:
        with book.as_of(as_of) as past, past.read() as connection:
            wanted = None if form is None else form_named(connection, form)
            return build(connection, period, lang=lang, as_of=str(as_of), today=today, form=wanted), False
    with book.read() as connection:
        wanted = None if form is None else form_named(connection, form)
        found = closed(connection, period)
        stored = None if found is None else found.report(lang)
        if stored is not None and (wanted is None or wanted.key == stored.form):
            return stored, True
        return build(connection, period, lang=lang, today=today, form=wanted), False


def figures_of(book: Book, period: Period, *, lang: str = "zh", as_of: Moment | None = None) -> Mapping[str, Any]:
    """The figures that belong to `report_of`, as the contract prints them: of a finalised period as finalised."""
    if as_of is not None:
        with book.as_of(as_of) as past, past.read() as connection:
            return rendered(figures(connection, period, as_of=str(as_of)), lang)
    with book.read() as connection:
        found = closed(connection, period)
        return found.figures(lang) if found is not None else rendered(figures(connection, period), lang)


def write_report(
    book: Book,
    period: Period,
    out_folder: Path,
    formats: Sequence[str] = USUAL,
    *,
    lang: str = "zh",
    as_of: Moment | None = None,
    progress: Progress = SILENT,
    form: str | None = None,
) -> list[Written]:
    """Write the report of a period into a folder, one file a format, named by the office's rule.

    A report that is not finalised says 送审稿 where its form says so. Raises `Usage` for a format nobody knows,
    `Refused` for a form nobody knows, `Unavailable` where the folder cannot be written, `Cancelled`.
    """
    known(formats)
    progress.step(0, 0, _("Counting"))
    report, final = report_of(book, period, lang=lang, as_of=as_of, form=form)
    with book.read() as connection:
        name, pictures = file_name(connection, period, report), contents_of(connection, report)
    draft = report.draft_mark and not final
    return write_files(report, out_folder / name, formats, progress=progress, draft=draft, pictures=pictures)


def known(formats: Sequence[str]) -> list[str]:
    """The formats, each once; raises `Usage` for one nobody knows."""
    for name in formats:
        if name not in FORMATS:
            raise Usage(
                _("“{format}” is not a format of a report; there are {formats}.", format=name, formats=list(FORMATS))
            )
    return list(dict.fromkeys(formats))


def write_files(
    report: Report,
    stem: Path,
    formats: Sequence[str] = USUAL,
    *,
    progress: Progress = SILENT,
    draft: bool = False,
    pictures: Mapping[str, bytes] | None = None,
) -> list[Written]:
    """Write a report as `stem`.xlsx and so on, each whole or not at all.

    draft: marked 送审稿 in the footer. pictures: the bytes of its photographs by their hash.
    """
    wanted, writers = known(formats), _renderers({} if pictures is None else pictures)
    _make(stem.parent)
    paths = [stem.with_name(f"{stem.name}.{name}") for name in wanted]
    return [
        Written(path, writers[name](report, path, progress, draft)) for name, path in zip(wanted, paths, strict=True)
    ]


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise explained(error, folder) from error


_Render = Callable[[Report, Path, Progress, bool], Text | None]


def _renderers(pictures: Mapping[str, bytes]) -> Mapping[str, _Render]:
    """Each loads what it needs when something is written: the libraries behind them take their time."""

    def xlsx(report: Report, path: Path, progress: Progress, draft: bool) -> None:
        from db.reports.xlsx import render_xlsx

        render_xlsx(report, path, progress=progress, draft=draft)

    def pdf(report: Report, path: Path, progress: Progress, draft: bool) -> Text | None:
        from db.reports.pdf import render_pdf

        return render_pdf(report, path, progress=progress, draft=draft, album=pictures.get).warning

    def docx(report: Report, path: Path, progress: Progress, draft: bool) -> None:
        from db.reports.docx import render_docx

        render_docx(report, path, progress=progress, draft=draft, album=pictures.get)

    return {"xlsx": xlsx, "pdf": pdf, "docx": docx}
