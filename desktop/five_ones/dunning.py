"""What leaves the meetings as paper: the pack, the minutes, supervision slips, the text of a reminder for a chat."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from db.core.text import Text, _
from desktop.kit import clipboard, projector
from desktop.kit.page import Connection, Page
from desktop.kit.words import language, tr

if TYPE_CHECKING:
    from db.core.book import Book
    from db.core.progress import Progress
    from db.five_ones.sittings import Assigned, Sitting
    from db.overview.writing import Written
    from db.reports.report import Report


def _ask(page: Page, over: QWidget, title: Text, name: str) -> Path | None:
    suffix = name.rpartition(".")[2]
    return page.desk.dialogs.save_file(over, title, str(Path.home() / name.replace("/", "-")), f"*.{suffix}")


def _files(connection: Connection, report: Report, out: Path, progress: Progress) -> Written:
    from db.overview.photographs import contents_of
    from db.overview.writing import write_files

    kind = out.suffix.lstrip(".").lower()
    (written,) = write_files(
        report, out.with_suffix(""), [kind], progress=progress, pictures=contents_of(connection, report)
    )
    return written


def _write(
    page: Page, over: QWidget, out: Path, make: Callable[[Connection], Report], *, operation: Text | None = None
) -> None:
    """Write a report as a file. operation: what of it is recorded; where the file cannot be written, nothing is."""
    desk = page.desk

    def work(book: Book, progress: Progress) -> Written:
        if operation is None:
            with book.read() as connection:
                return _files(connection, make(connection), out, progress)
        with book.write(operation) as connection:
            return _files(connection, make(connection), out, progress)

    def done(written: Written) -> None:
        desk.say(_("Written: {file}", file=str(written.path)))

    desk.jobs.ask(over, work, done, failed=desk.complain, title=_("Writing “{file}”", file=out.name))


def export_pack(page: Page, over: QWidget, series: str, sitting: Sitting, suffix: str) -> None:
    """The papers of a meeting: a page a project on paper, lists in a workbook."""
    name = tr(_("{series}, meeting {number}: papers", series=series, number=sitting.number))
    out = _ask(page, over, _("Write the papers of the meeting"), f"{name}.{suffix}")
    if out is None:
        return
    number, day, lang = sitting.id, page.desk.today().isoformat(), language()

    def make(connection: Connection) -> Report:
        from db.five_ones import papers

        of = papers.pack_tables if suffix == "xlsx" else papers.pack
        return of(connection, number, day=day, lang=lang)

    _write(page, over, out, make)


def export_minutes(page: Page, over: QWidget, series: str, sitting: Sitting, suffix: str) -> None:
    """The minutes with the decisions."""
    name = tr(_("{series}, meeting {number}: minutes", series=series, number=sitting.number))
    out = _ask(page, over, _("Write the minutes"), f"{name}.{suffix}")
    if out is None:
        return
    number, day, lang = sitting.id, page.desk.today().isoformat(), language()

    def make(connection: Connection) -> Report:
        from db.five_ones import papers

        return papers.minutes(connection, number, day=day, lang=lang)

    _write(page, over, out, make)


def issue_slip(page: Page, over: QWidget, one: Assigned, kind: str, suffix: str, *, again: bool = False) -> None:
    """Record that a slip is sent, with its number, and write it; again: the paper of the one recorded last."""
    if not again and page.rests():
        return
    from db.people.supervision import COLOURS

    title = tr(COLOURS[kind])
    out = _ask(page, over, _("Write the slip"), f"{title} {one.project or one.decision.text[:12]}.{suffix}")
    if out is None:
        return
    day, lang, number = page.desk.today().isoformat(), language(), one.decision.id

    def make(connection: Connection) -> Report:
        from db.five_ones import meetings, papers

        if not again:
            meetings.step(connection, number, kind, on=day, on_paper=True)
        return papers.slip(connection, number, kind=kind, day=day, lang=lang)

    named = _("{slip}: {text}", slip=COLOURS[kind], text=one.decision.text)
    _write(page, over, out, make, operation=None if again else named)


def copy_reminder(page: Page, found: Sequence[Assigned]) -> None:
    """What is to be done by whom until when, onto the clipboard."""
    from db.five_ones.sittings import reminder

    text = reminder(found, day=page.desk.today().isoformat(), lang=language())
    clipboard.give(page.desk, projector.covered(text), _("Copied as text; paste it into the chat."))


def record_step(page: Page, one: Assigned, kind: str, text: str | None, done: Callable[[Any], None]) -> None:
    """Remember that somebody was reminded by word, or what was reported."""
    from db.five_ones.models import STEP

    number, day = one.decision.id, page.desk.today().isoformat()

    def work(connection: Connection) -> str:
        from db.five_ones import meetings

        return meetings.step(connection, number, kind, on=day, text=text)

    page.write(_("{step}: {text}", step=STEP.label(kind), text=one.decision.text), work, done)
