"""The report page: sections, the very PDF that will be exported, and the number one clicks."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QSizePolicy,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from db.core.errors import Cancelled, Problem
from db.core.period import Period, period_name
from db.core.text import Text, _
from desktop.kit import icons, theme
from desktop.kit.page import Desk, EmptyPage, Page
from desktop.kit.parts import ElidedLabel, Tag, bar, button, clear, column_of, label, row_of
from desktop.kit.periods import PeriodButton, this_year_so_far
from desktop.kit.words import language, tr
from desktop.overview import making
from desktop.overview.explained import Explained
from desktop.overview.preview import Pages, PdfView

if TYPE_CHECKING:
    from db.reports.report import Figure, Report, Section

_SECTIONS_WIDTH, _PANE_WIDTH, _PANE_NEEDS = 244, 340, 1240


class ReportPage(Page):
    """See the module."""

    title = _("Reports")
    manual = "overview"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._made: making.Made | None = None
        self._pages: Pages | None = None
        self._asked_period = False
        self._folder = tempfile.TemporaryDirectory(prefix="zhaoshang-preview-", ignore_cleanup_errors=True)
        self.destroyed.connect(self._folder.cleanup)
        self._drawn = 0
        today = desk.today()
        self.period = PeriodButton(this_year_so_far(today), (today.year - 8, today.year))
        self.period.chosen.connect(self._make)
        self._bars()
        self._body()

    def _bars(self) -> None:
        self.xlsx_button = button(_("Export Excel…"), lambda: self._export("xlsx"), icon="export")
        self.pdf_button = button(_("Export PDF…"), lambda: self._export("pdf"), icon="export", kind="primary")
        self.close_button = button(_("Finalise…"), self._finalise)
        self.add_actions(self.close_button, self.xlsx_button, self.pdf_button)
        self.state = Tag("")
        self.state.hide()
        self.published_link = button(
            _("Compare with the published numbers"), lambda: self.desk.go("reconcile"), kind="link"
        )
        self.sent_link = button(_("Beside the one that was sent"), lambda: self.desk.go("sent"), kind="link")
        self._stand = label("", size=12, tone="mute")
        self.content.addWidget(
            bar(
                "filter",
                theme.FILTER_BAR,
                label(_("Period"), tone="mute"),
                self.period,
                self._stand,
                None,
                self.published_link,
                self.sent_link,
                self.state,
            )
        )

    def _body(self) -> None:
        self._sections = QVBoxLayout()
        self._sections.setContentsMargins(0, 0, 0, 0)
        self._sections.setSpacing(0)
        inner = QWidget()
        inner.setProperty("clear", "true")
        inner.setLayout(self._sections)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inner)
        left = QFrame()
        left.setProperty("bar", "left")
        left.setFixedWidth(_SECTIONS_WIDTH)
        self._count = label("", size=12, tone="mute")
        column_of(
            bar("head", 36, label(_("Sections"), bold=True), None, self._count, margins=(14, 0, 14, 0)),
            area,
            gap=0,
            margins=(0, 0, 1, 0),
            parent=left,
        )
        self.pane = Explained()
        self.pane.setFixedWidth(_PANE_WIDTH)
        self.pane.rows_wanted.connect(self._open_rows)
        self.pane.hide()
        whole = QWidget()
        row = row_of(left, self._middle(), self.pane, gap=0, parent=whole)
        row.setStretch(1, 1)
        self._stack = QStackedWidget()
        self._stack.addWidget(whole)
        self._told = EmptyPage(_("Making the report…"))
        self._stack.addWidget(self._told)
        self._stack.setCurrentIndex(1)
        self.content.addWidget(self._stack, 1)

    def _middle(self) -> QWidget:
        self.view = PdfView(self.desk.jobs)
        self.view.turned.connect(self._turned)
        self.view.picked.connect(self.explain)
        self._page = label("", size=12, tone="mute")
        smaller, larger = self._tool("zoomout", _("Smaller"), 1 / 1.15), self._tool("zoomin", _("Larger"), 1.15)
        width = button(_("Page width"), lambda: self.view.set_zoom(0), kind="link")
        head = bar(
            "head",
            36,
            label(_("PDF preview"), bold=True),
            self._page,
            None,
            smaller,
            larger,
            width,
            margins=(14, 0, 14, 0),
        )
        middle = QWidget()
        column_of(head, self.view, gap=0, parent=middle).setStretch(1, 1)
        return middle

    def _tool(self, icon: str, text: Text, factor: float) -> QToolButton:
        made = QToolButton()
        made.setIcon(icons.icon(icon))
        made.setToolTip(tr(text))
        made.setAccessibleName(tr(text))
        made.setFixedSize(26, 26)
        made.clicked.connect(lambda _checked=False: self.view.set_zoom(self.view.scale * 72 / 96 * factor))
        return made

    # --- making ----------------------------------------------------------------------------------------------------

    def take_focus(self) -> None:
        """The preview, so that the page keys turn pages."""
        self.view.setFocus()

    def refresh(self) -> None:
        """The report of the period anew; the first time for the last period the book has something of."""
        if self._asked_period:
            self._make()
            return
        self._asked_period = True
        self.ask(making.last_period, self._take_period, key="period")

    def _take_period(self, period: Period | None) -> None:
        if period is not None:
            self.period.take(period)
        else:
            self._make()

    def _make(self) -> None:
        self.desk.jobs.ask(
            self, making.make_report(self.period.period, language(), self.desk.today()), self._take_report,
            failed=self._failed,
            title=_("Counting"), key="report",
        )  # fmt: skip

    def _take_report(self, made: making.Made) -> None:
        self._made = made
        self._drawn += 1
        path = Path(self._folder.name) / f"report-{self._drawn}.pdf"
        self.desk.jobs.in_pool(
            self, making.draw_preview(made.report, path), self._take_pages, failed=self._failed, key="preview",
            title=_("Drawing the pages"),
        )  # fmt: skip

    def _take_pages(self, pages: Pages) -> None:
        before, self._pages = self._pages, pages
        assert self._made is not None
        report = self._made.report
        self._show_sections(report)
        self._say_state()
        self.view.show_pages(pages)
        self._turned(0 if before is None else self.view.page_in_view)
        self._stack.setCurrentIndex(0)
        tables = len(report.tables())
        facts = [("", str(len(report.sections)), tr(_("sections"))), ("", str(self.view.page_count), tr(_("pages")))]
        self.footer.show_facts([*facts, ("", str(tables), tr(_("tables")))])
        self._explain_first()
        if before is not None:
            before.path.unlink(missing_ok=True)

    def _explain_first(self) -> None:
        """The figure that was explained, or the first one of the text."""
        assert self._made is not None
        shown = [one for one in self._made.report.figures if one.key == self.view.marked]
        first = shown[0].key if shown else next((spot.figure for spot in self._pages.spots), "") if self._pages else ""
        if first and self.width() >= _PANE_NEEDS - theme.RAIL_WIDTH:
            self.view.mark(first)
            self.explain(first)

    def _say_state(self) -> None:
        assert self._made is not None
        period = self._made.period
        self._stand.setText(tr(_("data up to {day}", day=period.last)))
        self.state.say(*((_("Finalised"), "green") if self._made.final else (_("Not finalised"), "amber")))
        self.state.show()
        self.close_button.setVisible(period.months is not None and not self._made.final)

    def _failed(self, problem: Problem) -> None:
        if isinstance(problem, Cancelled) and self._pages is not None:
            return
        self._told.sentence.setText(problem.render(language()))
        self._stack.setCurrentIndex(1)

    # --- sections and figures --------------------------------------------------------------------------------------

    def _show_sections(self, report: Report) -> None:
        from db.reports.report import numbered

        clear(self._sections)
        self._count.setText(str(len(report.sections)))
        assert self._pages is not None
        figures = {one.key: one for one in report.figures}
        for (number, section), page in zip(numbered(report), self._pages.starts, strict=True):
            self._sections.addWidget(SectionRow(number, section, figures, page, self.view, self.explain))
        self._sections.addStretch(1)

    def _turned(self, page: int) -> None:
        self._page.setText(tr(_("page {page} of {count}", page=page + 1, count=self.view.page_count)))

    def explain(self, key: str) -> None:
        """Show what a figure is made of."""
        assert self._made is not None
        figure = next((one for one in self._made.report.figures if one.key == key), None)
        if figure is None:
            return
        self.pane.show_figure(figure, tr(_("The chosen number")))
        self.pane.show()
        self.view.mark(key)
        ids = figure.rows.ids if figure.rows is not None and figure.rows.room == "projects" else ()
        if ids:
            self.ask(making.rows_behind(ids), lambda rows: self.pane.show_rows(rows, len(ids)), key="rows")

    def _open_rows(self) -> None:
        figure = self.pane.figure
        if figure is not None and figure.rows is not None:
            self.desk.show_rows(figure.rows.room, figure.label, figure.rows.ids)

    # --- files -----------------------------------------------------------------------------------------------------

    def _export(self, suffix: str) -> None:
        if self._made is None:
            return
        from db.overview.writing import file_stem

        made = self._made
        proposed = f"{file_stem(made.period, language())}.{suffix}"
        title = _("Export the report")
        out = self.desk.dialogs.save_file(self, title, str(Path.home() / proposed), f"*.{suffix}")
        if out is None:
            return

        def done(path: Path) -> None:
            self.desk.say(_("Written: {file}", file=str(path)))

        self.desk.jobs.in_pool(
            self,
            making.export(made.report, out),
            done,
            failed=self.desk.complain,
            title=_("Writing “{file}”", file=out.name),
        )

    def _finalise(self) -> None:
        if self._made is None or self._made.period.months is None:
            return
        last = self._made.period.months[1]
        month = period_name(Period.of_months(last, last))
        body = [
            _(
                "The report of {month} and that of January to it are kept as they are now; "
                "later changes never touch them.",
                month=month,
            ),
            _("What changes afterwards is named as a correction in the next report."),
        ]
        if self.desk.dialogs.confirm(
            self, _("Finalise {month}", month=month), body, _("Finalise {month}", month=month)
        ):
            self.desk.jobs.ask(
                self, making.finalise(last), lambda _number: None, failed=self.desk.complain, title=_("Finalising")
            )


class SectionRow(QFrame):
    """A section in the list: number, heading, its first figures. A click shows the page, a figure explains itself."""

    def __init__(
        self,
        number: str,
        section: Section,
        figures: dict[str, Figure],
        page: int,
        view: PdfView,
        explain: Callable[[str], None],
    ) -> None:
        super().__init__()
        self.setProperty("bar", "top")
        indent = 14 if section.level == 1 else 26
        title = button(Text(f"{number}{section.heading}"), lambda: view.go_to(page), kind="link")
        title.setStyleSheet(f"color: {theme.tokens().text}; font-weight: {700 if section.level == 1 else 400}")
        title.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        lines = column_of(title, margins=(indent, 2, 12, 4), gap=0, parent=self)
        for key, text in _figures_of(section)[:3]:
            if key in figures:
                lines.addLayout(self._figure(figures[key], text, explain))

    def _figure(self, figure: Figure, text: str, explain: Callable[[str], None]) -> QHBoxLayout:
        name = ElidedLabel(figure.label, size=12, tone="mute")
        number = button(Text(text), lambda: explain(figure.key), kind="link")
        number.setFixedHeight(20)
        row = row_of(name, number, margins=(4, 0, 0, 0), gap=8)
        row.setStretch(0, 1)
        return row


def _figures_of(section: Section) -> list[tuple[str, str]]:
    from db.reports.report import FigureNumber, Paragraph

    found: dict[str, str] = {}
    for block in section.blocks:
        if isinstance(block, Paragraph):
            for run in block.runs:
                if isinstance(run, FigureNumber):
                    found.setdefault(run.figure, run.text)
    return list(found.items())
