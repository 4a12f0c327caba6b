"""How a report leaves the page: as a file, on paper, as text for a chat group, as a picture of the month."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMarginsF, QRectF, Qt
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter
from PySide6.QtPrintSupport import QPrinter, QPrintPreviewDialog
from PySide6.QtWidgets import QWidget

from db.core.errors import Cancelled, Problem, Unavailable
from db.core.progress import Progress
from db.core.text import Text, _
from desktop.kit import clipboard
from desktop.kit.words import language, tr

if TYPE_CHECKING:
    from db.overview.writing import Written
    from desktop.overview.making import Made
    from desktop.overview.page import ReportPage
    from desktop.overview.preview import Pages

_FINE = 300 / 72  # dots a point, more are not seen on paper


def export(page: ReportPage, made: Made, suffix: str) -> None:
    """Ask where and write the report there; what goes wrong is said above the report, with a way on."""
    home = page.exported_to or Path.home()
    title = _("Export the report")
    out = page.desk.dialogs.save_file(page, title, str(home / f"{made.name}.{suffix}"), f"*.{suffix}")
    if out is not None:
        _write(page, made, out)


def _write(page: ReportPage, made: Made, out: Path) -> None:
    def done(written: Written) -> None:
        page.exported_to = written.path.parent
        page.desk.say(_("Written: {file}", file=str(written.path)))
        if written.warning is not None:
            page.strip.ask(written.warning, [(_("Close"), lambda: None)])

    def failed(problem: Problem) -> None:
        if not isinstance(problem, Cancelled):
            answers = [
                (_("Save elsewhere…"), lambda: export(page, made, out.suffix.lstrip("."))),
                (_("Try again"), lambda: _write(page, made, out)),
                (_("Close"), lambda: None),
            ]
            page.strip.ask(Text(problem.render(language())), answers, tone="red")

    title = _("Writing “{file}”", file=out.name)
    page.desk.jobs.in_pool(page, writing(made, out), done, failed=failed, title=title)


def writing(made: Made, path: Path) -> Callable[[Progress], Written]:
    """The report as a file; which one the suffix says."""

    def work(progress: Progress) -> Written:
        from db.overview.writing import write_files

        kind = path.suffix.lstrip(".").lower()
        stem = path.with_name(path.name[: -len(kind) - 1])
        (written,) = write_files(
            made.report, stem, [kind], progress=progress, draft=made.draft_mark, pictures=made.pictures
        )
        return written

    return work


def copy_report(page: ReportPage, made: Made) -> None:
    """The text of the report onto the clipboard."""
    clipboard.give(page.desk, made.report.text(), _("Copied the text of the report."))


def copy_words(page: ReportPage, text: str) -> None:
    """A paragraph onto the clipboard."""
    clipboard.give(page.desk, text, _("Copied the text of the paragraph."))


def copy_picture(page: ReportPage, made: Made) -> None:
    """The picture of the month onto the clipboard."""
    clipboard.give(page.desk, _drawn(page, made), _("Copied the one-page picture; paste it into the chat."))


def save_picture(page: ReportPage, made: Made) -> None:
    """The picture of the month as a PNG file."""
    out = page.desk.dialogs.save_file(
        page, _("Save the one-page picture"), str((page.exported_to or Path.home()) / f"{made.name}.png"), "*.png"
    )
    if out is None:
        return
    if _drawn(page, made).save(str(out)):
        page.desk.say(_("Saved as {file}.", file=str(out)))
    else:
        sentence = _("“{file}” cannot be written: the disk is full, or its folder is read-only.", file=out.name)
        page.strip.ask(Text(Unavailable(sentence).render(language())), [(_("Close"), lambda: None)], tone="red")


def _drawn(page: ReportPage, made: Made) -> QImage:
    from desktop.overview.month_picture import draw

    return draw(made, Path(page.desk.target.rpartition("/")[2].partition("?")[0]).stem)


def print_report(page: ReportPage, made: Made, pages: Pages) -> None:
    """The system's preview of the very pages that are shown; lists of thousands of rows are a matter of the PDF file."""
    if not pages.whole:
        answers = [(_("Export PDF…"), lambda: export(page, made, "pdf")), (_("Close"), lambda: None)]
        sentence = _(
            "The lists of this report are too long to be printed from here. Export the PDF and print that file."
        )
        page.strip.ask(sentence, answers)
        return
    _Preview(page, made.report.title, pages).open()


class _Preview(QPrintPreviewDialog):
    """It holds its printer: Qt's window only points to it."""

    def __init__(self, parent: QWidget, title: str, pages: Pages) -> None:
        self._printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        none = QMarginsF(0, 0, 0, 0)
        self._printer.setPageLayout(
            QPageLayout(QPageSize(QPageSize.PageSizeId.A4), QPageLayout.Orientation.Portrait, none)
        )
        self._printer.setFullPage(True)
        self._printer.setDocName(title)
        super().__init__(self._printer, parent)
        self.setWindowTitle(tr(_("Print “{name}”", name=title)))
        self.resize(1000, 700)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.paintRequested.connect(lambda printer: draw_pages(printer, pages))


def draw_pages(printer: QPrinter, pages: Pages) -> None:
    """Every page as a picture; a turned one on a turned sheet."""
    from desktop.kit.pdf import draw_page

    painter = QPainter()
    dots = min(_FINE, printer.resolution() / 72)
    for number, (width, height) in enumerate(pages.sizes):
        turned = QPageLayout.Orientation.Landscape if width > height else QPageLayout.Orientation.Portrait
        printer.setPageOrientation(turned)
        if number:
            printer.newPage()
        else:
            painter.begin(printer)
        image = draw_page(pages.path, number, dots)(_quiet())
        painter.drawImage(QRectF(printer.pageLayout().fullRectPixels(printer.resolution())), image)
    painter.end()


def _quiet() -> Progress:
    from db.core.progress import SILENT

    return SILENT
