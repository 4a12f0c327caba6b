"""What the report page asks for: the report as data, its PDF for the preview, the files that are exported."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from db.core.period import Period
from db.core.progress import Progress
from desktop.kit.page import Connection

if TYPE_CHECKING:
    from db.core.book import Book
    from db.reports.report import Report
    from desktop.overview.preview import Pages


@dataclass(frozen=True)
class Made:
    """A report and whether it is finalised."""

    report: Report
    final: bool
    period: Period


def make_report(period: Period, lang: str, today: dt.date) -> Callable[[Book, Progress], Made]:
    """The report of a period, with the book's own cut of months."""

    def work(book: Book, progress: Progress) -> Made:
        from db.core import settings
        from db.overview.writing import report_of

        with book.read() as connection:
            cut = settings.get(connection, "month.cut")
        wanted = Period.parse(period.text, cut=cut)
        report, final = report_of(book, wanted, lang=lang, today=today)
        return Made(report, final, wanted)

    return work


def last_period(connection: Connection) -> Period | None:
    """The period to begin with; None in an empty book."""
    from db.overview.last_period import last_period as found

    return found(connection)


def draw_preview(report: Report, path: Path) -> Callable[[Progress], Pages]:
    """The report's PDF and where its figures and sections are."""

    def work(progress: Progress) -> Pages:
        from db.reports.pdf import render_pdf
        from db.reports.report import numbered
        from desktop.kit.pdf import sizes_of
        from desktop.overview.preview import Pages, Spot, find_starts

        rendered = render_pdf(report, path, progress=progress)
        spots = tuple(
            Spot(one.figure, one.page - 1, (one.left, one.top, one.right, one.bottom)) for one in rendered.places
        )
        headings = [number + section.heading for number, section in numbered(report)]
        return Pages(path, sizes_of(path), spots, find_starts(path, headings))

    return work


def export(report: Report, path: Path) -> Callable[[Progress], Path]:
    """The report as a file; which one the suffix says."""

    def work(progress: Progress) -> Path:
        if path.suffix.lower() == ".pdf":
            from db.reports.pdf import render_pdf

            render_pdf(report, path, progress=progress)
        else:
            from db.reports.xlsx import render_xlsx

            render_xlsx(report, path, progress=progress)
        return path

    return work


def finalise(month: str) -> Callable[[Book, Progress], int]:
    """Store the report of a month for good."""

    def work(book: Book, progress: Progress) -> int:
        from db.core import settings
        from db.overview.closing import close

        with book.read() as connection:
            period = Period.parse(month, cut=settings.get(connection, "month.cut"))
        return int(close(book, period))

    return work


def rows_behind(ids: Sequence[int]) -> Callable[[Connection], list[tuple[Any, ...]]]:
    """Id, name, day of recognition and agreed investment of the rows behind a figure, largest first."""

    def work(connection: Connection) -> list[tuple[Any, ...]]:
        from db.core import listing
        from db.projects.fields import field_of
        from db.projects.models import project

        fields = [one for key in ("name", "approved_on", "agreed_investment") if (one := field_of(key)) is not None]
        found = listing.rows(connection, project, fields, list(ids)[:2000])
        return sorted(found, key=lambda row: -(row[3] or 0))

    return work
