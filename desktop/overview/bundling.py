"""The export bundle for the city: asked where, written in the background, whole or not at all."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from db.core.text import _
from desktop.kit.words import language

if TYPE_CHECKING:
    from db.core.book import Book
    from db.core.progress import Progress
    from desktop.overview.making import Made
    from desktop.overview.page import ReportPage


def export_zip(page: ReportPage, made: Made) -> None:
    """Ask for the file and write it."""
    home = page.exported_to or Path.home()
    out = page.desk.dialogs.save_file(page, _("Export all lists (zip)"), str(home / f"{made.name}.zip"), "*.zip")
    if out is not None:
        _write(page, made, out if out.suffix.lower() == ".zip" else out.with_name(f"{out.name}.zip"))


def export_folder(page: ReportPage, made: Made) -> None:
    """Ask for a folder and make one in it."""
    chosen = page.desk.dialogs.open_folder(page, _("In which folder?"))
    if chosen is not None:
        _write(page, made, chosen / made.name)


def _write(page: ReportPage, made: Made, out: Path) -> None:
    today, lang, seen = page.desk.today(), language(), page.desk.seen

    def work(book: Book, progress: Progress) -> int:
        from db.bundling import Bundle, write_bundle
        from db.core.past import told
        from desktop.kit import projector

        bundle = Bundle(
            made.report, made.name, made.period, today.isoformat(), lang, made.draft_mark, made.pictures,
            projector.hides if projector.on() else None, None if seen is None else told(seen),
        )  # fmt: skip
        return len(write_bundle(book, bundle, out, progress=progress))

    def done(count: int) -> None:
        page.exported_to = out.parent
        page.desk.say(_("{count} files written: {file}", count=count, file=str(out)))

    page.desk.jobs.ask(page, work, done, failed=page.refuse, title=_("Writing “{file}”", file=out.name), key="bundle")
