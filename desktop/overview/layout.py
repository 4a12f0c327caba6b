"""How the report page is laid out: bars, sections at the left, pages in the middle, the pane; and going between them."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QSizePolicy, QSplitter, QStackedWidget, QToolButton, QWidget

from db.core.text import Text, _
from desktop.kit import icons, theme
from desktop.kit.page import Desk, EmptyPage, Page
from desktop.kit.parts import ElidedLabel, Tag, bar, button, column_of, label, row_of
from desktop.kit.periods import this_year_so_far
from desktop.kit.strip import Strip
from desktop.kit.view_button import DropButton
from desktop.kit.words import language, tr
from desktop.overview.finalising import ClosingBox
from desktop.overview.pane import ReportPane
from desktop.overview.period_choice import ReportPeriod
from desktop.overview.preview import PdfView
from desktop.overview.sections import SectionList

MAKING = _("Making the report…")
_SECTIONS_WIDTH, _PANE_NEEDS = {"zh": 264, "en": 312}, 1020


class ReportLayout(Page):
    """The parts of the page, and how one goes between them; what they do is in page.py."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._narrow = False
        self._bars()
        self._body()

    def _bars(self) -> None:
        today = self.desk.today()
        self.period = ReportPeriod(this_year_so_far(today), (today.year - 8, today.year), today)
        self.form_button = DropButton()
        self.xlsx_button = button(_("Export Excel…"))
        self.pdf_button = button(_("Export PDF…"))
        self.docx_button = button(_("Export draft (Word)…"), kind="primary")
        self.more_button = DropButton()
        self.more_button.say(_("More"))
        self.add_actions(self.more_button, self.xlsx_button, self.pdf_button, self.docx_button)
        self.state = Tag("")
        self.mark = Tag("")
        for tag in (self.state, self.mark):
            tag.hide()
        self.stand = label("", size=12, tone="mute")
        self.content.addWidget(
            bar("filter", theme.FILTER_BAR, self.form_button, self.period, self.stand, None, self.mark, self.state)
        )
        self.strip = Strip()
        self.content.addWidget(self.strip)

    def _body(self) -> None:
        self.sections = SectionList()
        self.closing = ClosingBox()
        self.close_button = self.closing.close_button
        left = QFrame()
        left.setProperty("bar", "left")
        left.setFixedWidth(_SECTIONS_WIDTH[language()])
        self.count = label("", size=12, tone="mute")
        keys = label(_("Space: printed or not · Alt ↑↓: order"), size=12, tone="faint", wrap=True)
        keys.setContentsMargins(14, 4, 12, 6)
        column_of(
            bar("head", 36, label(_("Sections"), bold=True), None, self.count, margins=(14, 0, 14, 0)),
            self.sections, keys, self.closing, gap=0, margins=(0, 0, 1, 0), parent=left,
        ).setStretch(1, 1)  # fmt: skip
        self.pane = ReportPane()
        self.pane.setMinimumWidth(theme.PANE_NARROWEST)
        self.pane.setMaximumWidth(theme.PANE_WIDEST)
        self.split = QSplitter(Qt.Orientation.Horizontal)
        self.split.setChildrenCollapsible(False)
        self.split.setHandleWidth(1)
        self.split.addWidget(self._middle())
        self.split.addWidget(self.pane)
        self.split.setStretchFactor(0, 1)
        self.split.setStretchFactor(1, 0)
        self.split.splitterMoved.connect(self._pane_dragged)
        whole = QWidget()
        row_of(left, self.split, gap=0, parent=whole).setStretch(1, 1)
        self.stack = QStackedWidget()
        self.stack.addWidget(whole)
        self.again_button = button(_("Try again"))
        self.again_button.hide()
        self.told = EmptyPage(MAKING, self.again_button)
        self.stack.addWidget(self.told)
        self.stack.setCurrentIndex(1)
        self.content.addWidget(self.stack, 1)

    def _middle(self) -> QWidget:
        self.view = PdfView(self.desk.jobs)
        self.view.setAccessibleName(tr(_("Pages of the report")))
        self.page_label = ElidedLabel(size=12, tone="mute")
        smaller, larger = self._tool("zoomout", _("Smaller"), 1 / 1.15), self._tool("zoomin", _("Larger"), 1.15)
        width = button(_("Page width"), lambda: self.view.set_zoom(0), kind="link")
        self.pane_button = button(_("Hide the pane"), self.turn_pane, kind="link")
        parts = (label(_("PDF preview"), bold=True), self.page_label, smaller, larger, width, 8, self.pane_button)
        self.page_label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        middle = QWidget()
        column_of(bar("head", 36, *parts, margins=(14, 0, 14, 0)), self.view, gap=0, parent=middle).setStretch(1, 1)
        return middle

    def _pane_dragged(self, *_where: int) -> None:
        self.desk.preferences.pane_width = self.pane.width()

    def _place_pane(self) -> None:
        """As wide as it was dragged to the last time."""
        width = self.desk.preferences.pane_width
        self.split.setSizes([max(200, self.split.width() - width), width])

    def showEvent(self, event: QShowEvent) -> None:
        """The pane of the ledger may have been dragged meanwhile: it is one width for both."""
        super().showEvent(event)
        self._place_pane()

    def _tool(self, icon: str, text: Text, factor: float) -> QToolButton:
        made = QToolButton()
        made.setIcon(icons.icon(icon))
        made.setToolTip(tr(text))
        made.setAccessibleName(tr(text))
        made.setFixedSize(26, 26)
        made.clicked.connect(lambda _checked=False: self.view.set_zoom(self.view.scale * 72 / 96 * factor))
        return made

    def show_tab(self, key: str) -> None:
        """One of the pane's tabs, with the pane."""
        self.pane.choose(key)
        if self.pane.isHidden():
            self.turn_pane()

    def turn_pane(self) -> None:
        """Show the pane, or give its room to the pages."""
        shown = self.pane.isHidden()
        if not shown:
            self.pane.words.keep()
            if self.pane.isAncestorOf(self.focusWidget()):
                self.view.setFocus()
        self.pane.setVisible(shown)
        if shown:
            self._place_pane()
        self.pane_button.setText(tr(_("Hide the pane") if shown else _("Show the pane")))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow window the pages have the pane's room until it is asked for."""
        super().resizeEvent(event)
        narrow = self.width() < _PANE_NEEDS
        if narrow != self._narrow:
            self._narrow = narrow
            if self.pane.isHidden() != narrow:
                self.turn_pane()

    def swap_focus(self) -> None:
        """From the sections to the pages, to the pane, and round."""
        order: list[QWidget] = [self.sections, self.view]
        if not self.pane.isHidden():
            order.append(self.pane)
        here = self.focusWidget()
        at = next((place for place, one in enumerate(order) if here is one or one.isAncestorOf(here)), -1)
        target = order[(at + 1) % len(order)]
        if target is self.pane:
            self.pane.take_focus()
        else:
            target.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Alt underlines the figures wherever the keyboard is; Esc leaves the pane."""
        if event.key() == Qt.Key.Key_Alt:
            self.view.underline(True)
        elif event.key() == Qt.Key.Key_Escape:
            self.view.setFocus()
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Alt is let go."""
        if event.key() == Qt.Key.Key_Alt:
            self.view.underline(False)
        else:
            super().keyReleaseEvent(event)
