"""The milestones' chart as a file or on paper: Excel with coloured cells, PDF, the printer; what is shown, whole."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMarginsF, QRectF, Qt
from PySide6.QtGui import QPagedPaintDevice, QPageLayout, QPageSize, QPainter, QPdfWriter
from PySide6.QtPrintSupport import QPrinter, QPrintPreviewDialog

from db.core.errors import Refused
from db.core.text import Text, _
from desktop.five_ones.gantt_lines import GanttLines
from desktop.kit import projector, theme
from desktop.kit.day_lines import HEAD, NAMES
from desktop.kit.words import language, tr

if TYPE_CHECKING:
    from db.core.book import Book
    from db.core.progress import Progress
    from db.five_ones.gantt import Plan
    from desktop.five_ones.gantt import GanttView

MOST = 400  # projects on paper
_WIDE, _HIGH, _TOP = 1180, 800, 44  # a page in the screen's pixels, and what stands above the chart


def _title(view: GanttView) -> str:
    day = view.today
    if view.one is not None:
        return tr(_("Milestones of {name}, {day}", name=projector.covered(view.one.name), day=day))
    return tr(_("Milestones of projects under construction, {day}", day=day))


def _moment(view: GanttView) -> str:
    from db.core.past import told

    seen = view.page.desk.seen
    return tr(told(seen)) if seen is not None else view.facts.text()


def _ask(view: GanttView, title: Text, suffix: str) -> Path | None:
    name = f"{_title(view)}.{suffix}".replace("/", "-")
    return view.page.desk.dialogs.save_file(view, title, str(Path.home() / name), f"*.{suffix}")


def export_excel(view: GanttView) -> None:
    """Ask where, read all plans that are shown, write them; what goes wrong is said in the footer."""
    out = _ask(view, _("Export the milestones"), "xlsx")
    if out is None:
        return
    ids, day, lang, desk = _ids(view), view.today, language(), view.page.desk
    title, said = _title(view), _moment(view)

    def work(book: Book, progress: Progress) -> int:
        from db.five_ones.gantt import plans
        from db.five_ones.gantt_sheet import write_gantt

        with book.read() as connection:
            found = plans(connection, ids, day=day)
        if not any(one.bars for one in found):
            raise Refused(_("There is nothing to export."))
        return write_gantt(found, out, day=day, title=title, said=said, lang=lang, progress=progress)

    def done(count: int) -> None:
        desk.say(_("{count} rows exported to {file}", count=f"{count:,}", file=out.name))

    desk.jobs.ask(view, work, done, failed=desk.complain, title=_("Writing “{file}”", file=out.name), key="export")


def _ids(view: GanttView) -> Sequence[int]:
    return [view.one.id] if view.one is not None else list(view.ids)


def export_pdf(view: GanttView) -> None:
    """Ask where, then write every page of the chart."""
    out = _ask(view, _("Export the milestones"), "pdf")
    if out is not None:
        _with_plans(view, lambda found: _write_pdf(view, found, out))


def print_chart(view: GanttView) -> None:
    """The system's preview of the same pages."""
    _with_plans(view, lambda found: _Preview(view, found).open())


def _with_plans(view: GanttView, then: object) -> None:
    from desktop.five_ones.gantt import _read as read

    ids, day, desk = _ids(view), view.today, view.page.desk
    if len(ids) > MOST:
        sentence = _(
            "{count} rows are too many to print; at most {most}. Filter, or export them.", count=len(ids), most=MOST
        )
        desk.complain(Refused(sentence))
        return
    view.page.ask(lambda connection: read(ids, day, connection), then, key="gantt paper")  # type: ignore[arg-type]


def _write_pdf(view: GanttView, found: Sequence[Plan], out: Path) -> None:
    from db.core.errors import Problem
    from db.reports.whole_files import written_whole

    try:
        with written_whole(out) as part:
            writer = QPdfWriter(str(part))
            writer.setPageLayout(_layout())
            writer.setTitle(_title(view))
            draw(writer, view, found)
    except Problem as problem:
        view.page.desk.complain(problem)
        return
    view.page.desk.say(_("Written: {file}", file=str(out)))


def _layout() -> QPageLayout:
    margins = QMarginsF(12, 12, 12, 12)
    return QPageLayout(
        QPageSize(QPageSize.PageSizeId.A4), QPageLayout.Orientation.Landscape, margins, QPageLayout.Unit.Millimeter
    )


class _Preview(QPrintPreviewDialog):
    """It holds its printer: Qt's window only points to it."""

    def __init__(self, view: GanttView, found: Sequence[Plan]) -> None:
        self._printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        self._printer.setPageLayout(_layout())
        self._printer.setDocName(_title(view))
        super().__init__(self._printer, view)
        self.setWindowTitle(tr(_("Print “{name}”", name=_title(view))))
        self.resize(1000, 700)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.paintRequested.connect(lambda device: draw(device, view, found))


class _Paper:
    """What the drawn part asks of its view, for paper: all plans are here, nothing is chosen."""

    def __init__(self, view: GanttView, found: Sequence[Plan]) -> None:
        self.today = view.today
        self.one = found[0] if view.one is not None and found else None
        self.ids = [one.id for one in found]
        self._plans = found

    def plan(self, place: int) -> Plan | None:
        """The plan at a place."""
        return self._plans[place] if place < len(self._plans) else None


def draw(device: QPagedPaintDevice, view: GanttView, found: Sequence[Plan]) -> int:
    """Draw all pages in the screen's own way, in light colours; how many there are."""
    with theme.on_paper():
        lines = GanttLines(_Paper(view, found))  # type: ignore[arg-type]
        lines.show_one(one=view.one is not None)
        lines.resize(_WIDE, _HIGH - _TOP)
        lines.viewport().resize(_WIDE, _HIGH - _TOP)
        _fit(lines, found)
        rows = max(1, (_HIGH - _TOP - HEAD - 24) // lines.row_height)
        pages = max(1, -(-lines.count() // rows))
        painter = QPainter(device)
        scale = device.pageLayout().paintRectPixels(device.logicalDpiX()).width() / _WIDE
        painter.scale(scale, scale)
        lines.verticalScrollBar().setRange(0, lines.count() * lines.row_height)
        for page in range(pages):
            if page:
                device.newPage()
            _head(painter, view, page + 1, pages)
            lines.verticalScrollBar().setValue(page * rows * lines.row_height)
            shown = range(page * rows, min(lines.count(), (page + 1) * rows))
            painter.save()
            painter.translate(0, _TOP)
            lines.draw(painter, _WIDE, HEAD + len(shown) * lines.row_height, shown)
            painter.restore()
        painter.end()
        lines.deleteLater()
    return pages


def _fit(lines: GanttLines, found: Sequence[Plan]) -> None:
    """All days on one page beside the names."""
    days = [
        day for plan in found for one in plan.bars
        for day in (one.begin, one.stone.planned, one.stone.forecast, one.stone.actual) if day
    ]  # fmt: skip
    lines.reach(min(days, default=lines.day), max([*days, lines.day]))
    whole = (lines.scale.last - lines.scale.first).days + 1
    lines.set_zoom("quarter" if whole > 500 else "month")
    lines.scale.a_day = (_WIDE - NAMES) / ((lines.scale.last - lines.scale.first).days + 1)
    lines.horizontalScrollBar().setRange(0, 0)


def _head(painter: QPainter, view: GanttView, page: int, pages: int) -> None:
    painter.setPen(theme.tokens().color("text"))
    painter.setFont(theme.font(16, bold=True))
    painter.drawText(QRectF(0, 0, _WIDE - 160, 24), int(Qt.AlignmentFlag.AlignLeft), _title(view))
    painter.setFont(theme.font(12))
    painter.setPen(theme.tokens().color("mute"))
    painter.drawText(QRectF(0, 22, _WIDE, 20), int(Qt.AlignmentFlag.AlignLeft), _moment(view))
    said = tr(_("Page {number} of {count}", number=page, count=pages))
    painter.drawText(QRectF(_WIDE - 160, 4, 160, 20), int(Qt.AlignmentFlag.AlignRight), said)
