"""A report onto the disk: built from the book, from the book as it was, or as it was finalised."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from db.core.book import Book
from db.core.errors import Unavailable, Usage
from db.core.moments import ZONE, Moment
from db.core.period import Period
from db.core.progress import SILENT, Progress
from db.core.text import _
from db.overview import sentences_en, sentences_zh
from db.overview.closing import closed
from db.overview.figures import figures, rendered
from db.overview.report import build
from db.reports.report import Report

FORMATS = ("xlsx", "pdf")


def report_of(
    book: Book, period: Period, *, lang: str = "zh", as_of: Moment | None = None, today: dt.date | None = None
) -> tuple[Report, bool]:
    """The report of a period and whether it is finalised. A finalised one is what was stored; `as_of` looks anew.

    today: the date of the signature, that of this desk where None.
    """
    today = today or dt.datetime.now(ZONE).date()
    if as_of is not None:
        with book.as_of(as_of) as past, past.read() as connection:
            return build(connection, period, lang=lang, as_of=str(as_of), today=today), False
    with book.read() as connection:
        found = closed(connection, period)
        if found is not None:
            return found.report(lang), True
        return build(connection, period, lang=lang, today=today), False


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
    formats: Sequence[str] = FORMATS,
    *,
    lang: str = "zh",
    as_of: Moment | None = None,
    progress: Progress = SILENT,
    today: dt.date | None = None,
) -> list[Path]:
    """Write the report of a period into a folder, one file a format; gives their paths.

    Raises `Usage` for a format nobody knows, `Unavailable` where the folder cannot be written, `Cancelled`.
    """
    known(formats)
    progress.step(0, 0, _("Counting"))
    report, _final = report_of(book, period, lang=lang, as_of=as_of, today=today)
    return write_files(report, out_folder / file_stem(period, lang), formats, progress=progress)


def known(formats: Sequence[str]) -> list[str]:
    """The formats, each once; raises `Usage` for one nobody knows."""
    for name in formats:
        if name not in FORMATS:
            raise Usage(
                _("“{format}” is not a format of a report; there are {formats}.", format=name, formats=list(FORMATS))
            )
    return list(dict.fromkeys(formats))


def write_files(
    report: Report, stem: Path, formats: Sequence[str] = FORMATS, *, progress: Progress = SILENT, draft: bool = False
) -> list[Path]:
    """Write a report as `stem`.xlsx and so on, each whole or not at all; draft: marked 送审稿 in the footer."""
    wanted, writers = known(formats), _renderers()
    _make(stem.parent)
    paths = [stem.with_name(f"{stem.name}.{name}") for name in wanted]
    for name, path in zip(wanted, paths, strict=True):
        writers[name](report, path, progress, draft)
    return paths


def file_stem(period: Period, lang: str = "zh") -> str:
    """招商引资工作情况通报_2024年1—6月."""
    if lang == "en":
        return f"Investment promotion {sentences_en.span(period)}"
    return f"招商引资工作情况通报_{sentences_zh.span(period)}"


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Unavailable(
            _("The folder “{folder}” cannot be made: {reason}", folder=str(folder), reason=error.strerror or str(error))
        ) from error


def _renderers() -> Mapping[str, Callable[[Report, Path, Progress, bool], object]]:
    """Loaded when something is written: the libraries behind them take their time."""
    from db.reports.pdf import render_pdf
    from db.reports.xlsx import render_xlsx

    return {
        "xlsx": lambda report, path, progress, draft: render_xlsx(report, path, progress=progress, draft=draft),
        "pdf": lambda report, path, progress, draft: render_pdf(report, path, progress=progress, draft=draft),
    }
