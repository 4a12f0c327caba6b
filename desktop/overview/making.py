"""What the report page asks for: the report as data, its PDF for the preview, the files that are exported."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from db.core.period import Period
from db.core.progress import Progress
from db.core.text import _
from desktop.kit.page import Connection

if TYPE_CHECKING:
    from db.core.book import Book
    from db.core.interrupting import Interruption
    from db.overview.explain import Explanation
    from db.overview.finalised import Closing
    from db.overview.forms import Form
    from db.overview.photographs import Marked
    from db.overview.report import Draft
    from db.overview.returned import Changed
    from db.reports.report import Paragraph, Report
    from desktop.overview.preview import Pages


@dataclass(frozen=True)
class Made:
    """A report and what the page knows of it.

    draft: whole, with what is not printed. report: as printed. automatic: place → paragraph as composed. forms: all of
    the book. final: how it was finalised, None while it is open. last: the newest finalised report of earlier days.
    pictures: hash → bytes of the photographs. name: of its files, without an ending. past: the book is looked at as it
    was. photographs: those marked for it, what was removed among them. composed: what it was made of, None of a stored
    one; next_change: the history up to which that holds.
    """

    draft: Report
    report: Report
    period: Period
    form: Form
    automatic: Mapping[str, Paragraph]
    forms: tuple[Form, ...] = ()
    final: Closing | None = None
    last: Closing | None = None
    pictures: Mapping[str, bytes] = field(default_factory=dict)
    name: str = ""
    past: bool = False
    photographs: tuple[Marked, ...] = ()
    composed: Draft | None = None
    next_change: int = 0

    @property
    def fixed(self) -> bool:
        """Whether it cannot be changed: it is finalised, or looked at as it was."""
        return self.final is not None or self.past

    @property
    def draft_mark(self) -> bool:
        """Whether what is exported says 送审稿."""
        return self.report.draft_mark and self.final is None


def make_report(
    period: Period, lang: str, today: dt.date, *, before: Made | None = None, interruption: Interruption | None = None
) -> Callable[[Book, Progress], Made]:
    """The report of a period, with the book's own cut of months; of a finalised one what was stored.

    before: what the page shows now; where only its words were changed since, its figures are not counted again.
    interruption: ends the counting.
    """

    def work(book: Book, progress: Progress) -> Made:
        from db.core import settings
        from db.core.sweeping import sweeping_afterwards

        # Looking for garbage among the lines of long lists holds the window up for as long as it takes.
        with sweeping_afterwards(), book.read(interruption) as connection:
            wanted = Period.parse(period.text, cut=settings.get(connection, "month.cut"))
            made = _made(connection, wanted, lang, today, before)
        return _as_of(made, book, lang)

    return work


def _as_of(made: Made, book: Book, lang: str) -> Made:
    """A report of the past says so, on paper too, unless it is finalised: that one is what it was."""
    from db.core.past import Past, told
    from db.overview.photographs import contents_of

    if not isinstance(book, Past):
        return made
    with book.present.read() as connection:  # no copy of a moment has contents
        pictures = contents_of(connection, made.report)
    if made.final is not None:
        return replace(made, past=True, pictures=pictures)
    moment, note = book.seen.named.render(lang), told(book.seen).render(lang)
    before = made.report.subtitle
    closed = before.endswith(("）", ")"))
    comma = "，" if lang == "zh" else ", "
    said = f"{before[:-1]}{comma}{note}{before[-1]}" if closed else " ".join(part for part in (before, note) if part)
    draft, report = (replace(one, as_of=moment, subtitle=said) for one in (made.draft, made.report))
    return replace(made, past=True, draft=draft, report=report, pictures=pictures)


def _made(connection: Connection, period: Period, lang: str, today: dt.date, before: Made | None) -> Made:
    from db.core import history
    from db.core.tables import METADATA
    from db.overview.file_names import file_name
    from db.overview.finalised import closed, closings
    from db.overview.forms import forms
    from db.overview.photographs import contents_of, marked
    from db.overview.report import draft
    from db.reports.report import printed

    known, every = tuple(forms(connection)), closings(connection)
    last = next((one for one in every if one.last < period.last), None)
    final = next((one for one in every if (one.first, one.last) == (period.first, period.last)), None)
    stored = closed(connection, period) if final is not None else None
    found, until = None, history.next_change(connection, METADATA)
    if stored is not None:
        whole = report = stored.report(lang)
        form, automatic = next((one for one in known if one.key == report.form), known[0]), {}
    else:
        known_of = _still_holds(connection, before, period, lang)
        figures, told = (None, None) if known_of is None else (known_of.found, known_of.told)
        found = draft(connection, period, lang=lang, today=today, found=figures, told=told)
        whole, report, form, automatic = found.report, printed(found.report), found.form, dict(found.automatic)
    return Made(
        whole, report, period, form, automatic, known, final, last, contents_of(connection, report),
        file_name(connection, period, report), photographs=tuple(marked(connection, period)),
        composed=found, next_change=until,
    )  # fmt: skip


def _still_holds(connection: Connection, before: Made | None, period: Period, lang: str) -> Draft | None:
    """What the report shown before was made of, where it would be counted as it was."""
    from db.overview.wording import only_words_since

    if before is None or before.composed is None or before.past:
        return None
    same = before.period == period and before.draft.language == lang
    return before.composed if same and only_words_since(connection, before.next_change) else None


def explain(made: Made, key: str, lang: str) -> Callable[[Connection], Explanation]:
    """Everything that defends a number of a report."""

    def work(connection: Connection) -> Explanation:
        from db.overview.explain import explain as explained

        counted = None if made.composed is None else made.composed.found["figures"]
        return explained(connection, made.period, key, lang=lang, report=made.draft, figures_of=counted)

    return work


def last_period(connection: Connection) -> Period | None:
    """The period to begin with; None in an empty book."""
    from db.overview.last_period import last_period as found

    return found(connection)


def draw_preview(made: Made, path: Path) -> Callable[[Progress], Pages]:
    """The report's PDF, long lists shortened, and where its figures, sections and paragraphs are."""

    def work(progress: Progress) -> Pages:
        from db.core.sweeping import sweeping_afterwards
        from db.reports.pdf import render_pdf
        from db.reports.report import numbered
        from desktop.kit.pdf import sizes_of
        from desktop.overview.places import Spot, find_places
        from desktop.overview.preview import Pages
        from desktop.overview.shortening import shortened

        report = shortened(made.report)
        with sweeping_afterwards():
            rendered = render_pdf(report, path, progress=progress, draft=made.draft_mark, album=made.pictures.get)
        spots = tuple(
            Spot(one.figure, one.page - 1, (one.left, one.top, one.right, one.bottom)) for one in rendered.places
        )
        headings = [number + section.heading for number, section in numbered(report)]
        texts = [(one.place, one.text) for one in report.paragraphs() if one.place]
        starts, bands = find_places(path, headings, texts)
        return Pages(
            path, sizes_of(path), spots, tuple(starts), tuple(bands), rendered.warning, whole=report is made.report
        )

    return work


def finalise(period: Period, today: dt.date) -> Callable[[Book, Progress], int]:
    """Store the report of a month for good."""

    def work(book: Book, progress: Progress) -> int:
        from db.overview.closing import close

        return int(close(book, period, today=today, progress=progress))

    return work


def reopen(made: Made, reason: str) -> Callable[[Book, Progress], int]:
    """Take a finalised report back, for a reason that is kept; with the month that was finalised with it."""

    def work(book: Book, progress: Progress) -> int:
        from db.overview.closing import reopen as reopened
        from db.overview.finalised import closed
        from desktop.overview.finalising import closing_period

        month = closing_period(made.period)
        with book.read() as connection:
            wanted = month if closed(connection, month) is not None else made.period
        return int(reopened(book, wanted, reason=reason))

    return work


def offered_views(actor: str, lang: str) -> Callable[[Connection], list[tuple[str, str]]]:
    """("room:key of a view", what it is called) of every view from which a table of a report may be made."""

    def work(connection: Connection) -> list[tuple[str, str]]:
        from db import rooms
        from db.core.text import say

        return [
            (f"{room.name}:{view.key}", f"{room.label.render(lang)} · {say(view.name, lang)}")
            for room in rooms.ROOMS
            for view in rooms.views(connection, room, actor)
            if view.owner is None
        ]

    return work


def read_returned(made: Made, path: Path) -> Callable[[Progress], list[Changed]]:
    """What was changed by hand in a Word file of this report; refused where it is one of another period."""

    def work(progress: Progress) -> list[Changed]:
        from db.core.errors import Refused
        from db.core.period import period_name
        from db.overview.returned import changed
        from db.reports.docx_return import read_docx

        found = read_docx(path)
        if found.first and (found.first, found.last) != (made.period.first, made.period.last):
            other = Period.parse(f"{found.first}..{found.last}")
            raise Refused(
                _(
                    "“{file}” is the report of {period}. Choose that period first.",
                    file=path.name,
                    period=period_name(other),
                )
            )
        return changed(made.report, found)

    return work
