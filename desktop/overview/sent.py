"""上月报表: the report as the book makes it beside the one that was sent, as PDF or as a picture of it."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QCheckBox, QScrollBar, QStackedWidget, QWidget

from db.core.errors import Problem, Refused
from db.core.period import Period
from db.core.progress import Progress
from db.core.text import Text, _
from desktop.kit import theme
from desktop.kit.page import Desk, EmptyPage, Page
from desktop.kit.parts import bar, button, column_of, label, row_of
from desktop.kit.pdf import sizes_of
from desktop.kit.periods import PeriodButton, last_ended, this_year_so_far
from desktop.kit.words import language
from desktop.overview import making
from desktop.overview.preview import Pages, PdfView

if TYPE_CHECKING:
    from PySide6.QtCore import QRectF

SENT = "*.pdf *.png *.jpg *.jpeg *.bmp"
_LARGEST = 200 << 20


class SentPage(Page):
    """See the module. Both sides turn their pages together while the box is ticked."""

    title = _("Last month's report")
    manual = "first-hour"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._folder = tempfile.TemporaryDirectory(prefix="zhaoshang-sent-", ignore_cleanup_errors=True)
        self.destroyed.connect(self._folder.cleanup)
        self._drawn = 0
        self._asked_period = False
        today = desk.today()
        self.period = PeriodButton(this_year_so_far(today), (today.year - 8, today.year))
        self.period.chosen.connect(self._make)
        self.together = QCheckBox(_("Turn pages together").render(language()))
        self.together.setFont(theme.font(13))
        self.together.setChecked(True)
        self.choose_button = button(_("Choose the report that was sent…"), self._choose)
        self.done_button = button(_("They say the same"), self._done, kind="primary")
        self.add_actions(self.choose_button, self.done_button)
        self.content.addWidget(
            bar("filter", theme.FILTER_BAR, label(_("Period"), tone="mute"), self.period, None, self.together)
        )
        self.ours, self.theirs = PdfView(desk.jobs), PdfView(desk.jobs)
        self._ours, self._theirs = QStackedWidget(), QStackedWidget()
        self._told = EmptyPage(_("Making the report…"))
        self._missing = EmptyPage(
            _("The report that was sent: a PDF, or a picture of it."), button(_("Choose the report…"), self._choose)
        )
        self._name = label("", size=12, tone="mute")
        left = self._side(_("As the book says it"), self._ours, self.ours, self._told, label(""))
        right = self._side(_("As it was sent"), self._theirs, self.theirs, self._missing, self._name)
        body = QWidget()
        row = row_of(left, right, gap=1, parent=body)
        row.setStretch(0, 1)
        row.setStretch(1, 1)
        self.content.addWidget(body, 1)
        self.ours.verticalScrollBar().valueChanged.connect(lambda at: self._follow(self.ours, self.theirs, at))
        self.theirs.verticalScrollBar().valueChanged.connect(lambda at: self._follow(self.theirs, self.ours, at))
        self._following = False

    def _side(self, title: Text, stack: QStackedWidget, view: PdfView, told: QWidget, more: QWidget) -> QWidget:
        stack.addWidget(view)
        stack.addWidget(told)
        stack.setCurrentIndex(1)
        made = QWidget()
        head = bar("head", 36, label(title, bold=True), more, None, margins=(14, 0, 14, 0))
        column_of(head, stack, gap=0, parent=made).setStretch(1, 1)
        return made

    def _follow(self, leader: PdfView, other: PdfView, at: int) -> None:
        """As far down as the leader is, in parts of the whole: the two may have more or fewer pages."""
        if self._following or not self.together.isChecked():
            return
        self._following = True
        own: QScrollBar = leader.verticalScrollBar()
        their: QScrollBar = other.verticalScrollBar()
        their.setValue(round(at * their.maximum() / own.maximum()) if own.maximum() else 0)
        self._following = False

    def take_focus(self) -> None:
        """The book's side, so that the page keys turn pages."""
        self.ours.setFocus()

    # --- ours ------------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """The report of the period anew; the first time for the last period the book has something of."""
        if self._asked_period:
            self._make()
            return
        self._asked_period = True
        self.ask(making.last_period, self._take_period, key="period")

    def _take_period(self, period: Period | None) -> None:
        self.period.take(last_ended(period, self.desk.today()))

    def _make(self) -> None:
        self.desk.jobs.ask(
            self, making.make_report(self.period.period, language(), self.desk.today()), self._draw,
            failed=self._failed, title=_("Counting"), key="report",
        )  # fmt: skip

    def _draw(self, made: making.Made) -> None:
        self._drawn += 1
        path = Path(self._folder.name) / f"ours-{self._drawn}.pdf"
        self.desk.jobs.in_pool(
            self, making.draw_preview(made, path), self._take_ours, failed=self._failed, key="ours",
            title=_("Drawing the pages"),
        )  # fmt: skip

    def _take_ours(self, pages: Pages) -> None:
        self.ours.show_pages(pages)
        self._ours.setCurrentIndex(0)

    def _failed(self, problem: Problem) -> None:
        self._told.sentence.setText(problem.render(language()))
        self._ours.setCurrentIndex(1)

    # --- theirs ----------------------------------------------------------------------------------------------------

    def _choose(self) -> None:
        chosen = self.desk.dialogs.open_file(self, _("Choose the report that was sent"), SENT)
        if chosen is not None:
            self.show_sent(chosen)

    def show_sent(self, path: Path) -> None:
        """Show the report that was sent; the file itself is only read."""
        self._drawn += 1
        copy = Path(self._folder.name) / f"sent-{self._drawn}.pdf"
        self._name.setText(path.name)
        self.desk.jobs.in_pool(
            self, as_pages(path, copy), self._take_theirs, failed=self._not_read, key="theirs",
            title=_("Reading “{file}”", file=path.name),
        )  # fmt: skip

    def _take_theirs(self, pages: Pages) -> None:
        self.theirs.show_pages(pages)
        self._theirs.setCurrentIndex(0)

    def _not_read(self, problem: Problem) -> None:
        self._name.setText("")
        self._missing.sentence.setText(problem.render(language()))
        self._theirs.setCurrentIndex(1)

    def _done(self) -> None:
        self.desk.guide.finish("sent")
        self.desk.go("projects")


def as_pages(path: Path, copy: Path) -> Callable[[Progress], Pages]:
    """A PDF or a picture as pages to look at; what is drawn is a copy. Raises `Refused` where it is neither."""

    def work(progress: Progress) -> Pages:
        try:
            with path.open("rb") as stream:
                content = stream.read(_LARGEST + 1)
        except OSError as gone:
            raise Refused(_("“{file}” cannot be read. Choose it again.", file=path.name)) from gone
        if len(content) > _LARGEST:
            raise Refused(_("“{file}” is larger than 200 MB and is not shown.", file=path.name))
        if content.startswith(b"%PDF"):
            copy.write_bytes(content)
        else:
            picture_as_pdf(content, copy, path.name)
        return _sized(copy, path.name)

    return work


def _sized(copy: Path, name: str) -> Pages:
    from pypdfium2 import PdfiumError

    try:
        return Pages(copy, sizes_of(copy))
    except PdfiumError as broken:
        raise Refused(_("“{file}” is damaged or has a password; it is not shown.", file=name)) from broken


def picture_as_pdf(content: bytes, copy: Path, name: str) -> None:
    """A picture as one page, as wide as A4, so that it is looked at as a PDF is."""
    from PySide6.QtCore import QMarginsF, QSizeF
    from PySide6.QtGui import QImage, QPageSize, QPainter, QPdfWriter

    image = QImage.fromData(content)
    if image.isNull():
        raise Refused(_("“{file}” is neither a PDF nor a picture. Save the report as PDF and choose that.", file=name))
    writer = QPdfWriter(str(copy))
    height = 210.0 * image.height() / max(1, image.width())
    writer.setPageSize(QPageSize(QSizeF(210.0, height), QPageSize.Unit.Millimeter))
    writer.setPageMargins(QMarginsF(0, 0, 0, 0))
    painter = QPainter(writer)
    painter.drawImage(_whole(writer), image)
    painter.end()


def _whole(writer: object) -> QRectF:
    from PySide6.QtCore import QRectF

    return QRectF(0, 0, writer.width(), writer.height())  # type: ignore[attr-defined]
