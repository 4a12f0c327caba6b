"""What a ledger shows, on paper: title, conditions as sentences, headings on every page, groups with sums, page numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QLineF, QMarginsF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPagedPaintDevice, QPageLayout, QPageSize, QPainter, QPen
from PySide6.QtPrintSupport import QPrinter, QPrintPreviewDialog
from PySide6.QtWidgets import QWidget

from db.core.errors import Refused
from db.core.text import _
from desktop.kit import asking, theme
from desktop.kit.cells import Cell
from desktop.kit.columns import Column
from desktop.kit.words import tr

if TYPE_CHECKING:
    from desktop.kit.ledger import Ledger

MOST = 5_000
_MARGIN = 12.0  # mm
_POINT = 72.0
_TITLE, _TEXT, _SMALL = 14.0, 9.0, 8.0  # points
_SMALLEST, _LEAST = 7.0, 84.0
_PAD, _ROW = 3.0, 17.0
_FINE = 10
_MEASURED = 400  # lines that say how wide a column is
_HALF = 0.62  # a heading takes two lines


@dataclass(frozen=True)
class Sheet:
    """What is printed, ready: title, what stands under it, columns, and the cells of every line; bold lines are groups."""

    title: str
    conditions: str
    columns: Sequence[Column]
    lines: Sequence[Sequence[Cell]]
    groups: frozenset[int]


def print_ledger(ledger: Ledger) -> None:
    """Ask for the cells of all lines, then show the preview; too many rows are refused in words."""
    model = ledger.model
    lines = range(model.lines.count)
    ids = [number for line in lines if (number := model.record(line)) is not None]
    if len(ids) > MOST:
        ledger.page.desk.complain(
            Refused(
                _(
                    "{count} rows are too many to print; at most {most}. Filter, or export them.",
                    count=len(ids),
                    most=MOST,
                )
            )
        )
        return
    work = asking.cells(ledger.manner.room, model.fields, ids, ledger.today)
    ledger.page.ask(work, lambda rows: preview(ledger, sheet_of(ledger, rows)), key="print")


def sheet_of(ledger: Ledger, rows: Sequence[tuple[Any, ...]]) -> Sheet:
    """The lines of a ledger with the cells that were read for its records."""
    assert ledger.view is not None
    model = ledger.model
    known = {row[0]: row for row in rows}
    made: list[Sequence[Cell]] = []
    groups = set()
    for line in range(model.lines.count):
        number = model.record(line)
        if number is None:
            groups.add(line)
        made.append(model.dressed(line, known.get(number) if number is not None else None))
    stars = any(any(group.foreign) for group in model.lines.groups)
    said = " · ".join([ledger.said_conditions(), *([tr(_("* without amounts in foreign currency"))] if stars else [])])
    return Sheet(tr(ledger.view.name), said, list(model.columns), made, frozenset(groups))


def preview(ledger: Ledger, sheet: Sheet) -> None:
    """The system's preview, from where it is printed or saved as PDF."""
    _Preview(ledger, sheet).open()


class _Preview(QPrintPreviewDialog):
    """It holds its printer: Qt's window only points to it."""

    def __init__(self, parent: QWidget, sheet: Sheet) -> None:
        self._printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        self._printer.setPageLayout(_layout())
        self._printer.setDocName(sheet.title)
        super().__init__(self._printer, parent)
        self.setWindowTitle(tr(_("Print “{name}”", name=sheet.title)))
        self.resize(1000, 700)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.paintRequested.connect(lambda device: draw(device, sheet))


def _layout() -> QPageLayout:
    margins = QMarginsF(_MARGIN, _MARGIN, _MARGIN, _MARGIN)
    return QPageLayout(
        QPageSize(QPageSize.PageSizeId.A4), QPageLayout.Orientation.Landscape, margins, QPageLayout.Unit.Millimeter
    )


def draw(device: QPagedPaintDevice, sheet: Sheet) -> int:
    """Draw all pages; how many there are."""
    painter = QPainter(device)
    scale = device.logicalDpiX() / _POINT
    painter.scale(scale, scale)
    area = device.pageLayout().paintRect(QPageLayout.Unit.Point)
    pages = _Pages(painter, sheet, area.width(), area.height())
    parts = pages.parts()
    for at, (lines, columns) in enumerate(parts):
        if at:
            device.newPage()
        pages.page(lines, columns, at + 1, len(parts))
    painter.end()
    return len(parts)


def _face(points: float, *, bold: bool = False) -> QFont:
    face = QFont(theme.load_fonts())
    face.setPixelSize(max(1, round(points * _FINE)))
    face.setBold(bold)
    return face


class _Pages:
    """Text is laid out larger and drawn smaller by as much: fonts have whole pixels."""

    def __init__(self, painter: QPainter, sheet: Sheet, width: float, height: float) -> None:
        self._painter, self._sheet, self._width, self._height = painter, sheet, width, height
        self._widths, self._size = self._fit()
        self._row = max(_ROW * self._size / _TEXT, 12.0)
        self._head = 2 * self._row

    def _fit(self) -> tuple[list[float], float]:
        """Widths of the columns in points and the size of letters; letters give way first, then free text."""
        wanted = [self._wish(at) for at in range(len(self._sheet.columns))]
        firm = [at == 0 or column.firm for at, column in enumerate(self._sheet.columns)]
        least = [width if firm[at] else min(width, _LEAST) for at, width in enumerate(wanted)]
        room = self._width - 2 * _PAD * len(wanted)
        size = max(_SMALLEST, min(_TEXT, _TEXT * room / max(sum(wanted), 1.0)))
        shrunk = size / _TEXT
        missing, free = sum(wanted) * shrunk - room, (sum(wanted) - sum(least)) * shrunk
        share = min(1.0, max(0.0, missing / free)) if free else 0.0
        return [(one - (one - low) * share) * shrunk + 2 * _PAD for one, low in zip(wanted, least, strict=True)], size

    def _wish(self, at: int) -> float:
        column = self._sheet.columns[at]
        metrics = QFontMetricsF(_face(_TEXT))
        texts = [f"{line[at].text} {line[at].after}".strip() for line in self._sheet.lines[:_MEASURED]]
        cells = max((metrics.horizontalAdvance(text[:60]) for text in texts), default=0.0)
        heading = QFontMetricsF(_face(_TEXT, bold=True)).horizontalAdvance(column.heading) * _HALF
        return min(max(cells, heading) / _FINE + 1, 220.0 if at == 0 else 180.0)

    def _bands(self) -> list[list[int]]:
        """The columns of each sheet beside the other; the first one stands on all of them."""
        bands, used = [[0]], self._widths[0]
        for at in range(1, len(self._widths)):
            if used + self._widths[at] > self._width + 0.5 and len(bands[-1]) > 1:
                bands.append([0])
                used = self._widths[0]
            bands[-1].append(at)
            used += self._widths[at]
        return bands

    def parts(self) -> list[tuple[range, list[int]]]:
        """The lines and columns of each page."""
        room = self._height - _TITLE - _SMALL - 16 - 24 - self._head
        each = max(2, int(room / self._row))
        count, first = len(self._sheet.lines), 0
        some: list[range] = []
        while first < count or not some:
            stop = min(first + each, count)
            while stop < count and stop - first > 1 and stop - 1 in self._sheet.groups:
                stop -= 1  # a heading stands above its rows
            some.append(range(first, stop))
            first = stop
        return [(lines, band) for lines in some for band in self._bands()]

    def page(self, lines: range, columns: Sequence[int], number: int, of: int) -> None:
        """One page."""
        self._text(self._sheet.title, QRectF(0, 0, self._width, _TITLE + 6), _TITLE, bold=True)
        top = _TITLE + 8
        self._text(self._sheet.conditions, QRectF(0, top, self._width, _SMALL + 4), _SMALL, grey=True)
        top += _SMALL + 8
        wide = sum(self._widths[at] for at in columns)
        self._rule(top, wide, 1.1)
        self._headings(columns, top)
        top += self._head
        self._rule(top, wide, 0.75)
        for line in lines:
            self._line(self._sheet.lines[line], columns, top, ground="#F5F6F8" if line in self._sheet.groups else "")
            top += self._row
            self._rule(top, wide, 0.3)
        said = tr(_("Page {number} of {count}", number=number, count=of))
        box = QRectF(0, self._height - _SMALL - 6, self._width, _SMALL + 6)
        self._text(said, box, _SMALL, grey=True, side=Qt.AlignmentFlag.AlignHCenter)

    def _headings(self, columns: Sequence[int], top: float) -> None:
        self._painter.fillRect(QRectF(0, top, sum(self._widths[at] for at in columns), self._head), QColor("#EEF1F5"))
        left = 0.0
        for at in columns:
            column, width = self._sheet.columns[at], self._widths[at]
            side = Qt.AlignmentFlag.AlignRight if column.right else Qt.AlignmentFlag.AlignLeft
            box = QRectF(left + _PAD, top, width - 2 * _PAD, self._head)
            self._text(column.heading, box, self._size, bold=True, side=side | Qt.TextFlag.TextWrapAnywhere)
            left += width

    def _line(self, cells: Sequence[Cell], columns: Sequence[int], top: float, *, ground: str) -> None:
        left = 0.0
        if ground:
            self._painter.fillRect(QRectF(0, top, sum(self._widths[at] for at in columns), self._row), QColor(ground))
        for at in columns:
            cell, width = cells[at], self._widths[at]
            text = f"{cell.text} {cell.after}".strip().replace("\n", " ")
            # A group's name may go on over the empty cells beside it.
            room = self._widths[0] + 90 if ground and at == 0 else width
            box = QRectF(left + _PAD, top, room - 2 * _PAD, self._row)
            side = Qt.AlignmentFlag.AlignRight if cell.right else Qt.AlignmentFlag.AlignLeft
            self._text(text, box, self._size, bold=cell.bold, side=side)
            left += width

    def _text(
        self, text: str, box: QRectF, points: float, *, bold: bool = False, grey: bool = False,
        side: Qt.AlignmentFlag | Qt.TextFlag | int = Qt.AlignmentFlag.AlignLeft,
    ) -> None:  # fmt: skip
        if not text:
            return
        face = _face(points, bold=bold)
        large = QRectF(box.left() * _FINE, box.top() * _FINE, box.width() * _FINE, box.height() * _FINE)
        wraps = bool(int(side) & int(Qt.TextFlag.TextWrapAnywhere))
        shown = text if wraps else QFontMetricsF(face).elidedText(text, Qt.TextElideMode.ElideRight, large.width() + 1)
        painter = self._painter
        painter.save()
        painter.scale(1 / _FINE, 1 / _FINE)
        painter.setFont(face)
        painter.setPen(QColor("#5B6675" if grey else "#000000"))
        painter.drawText(large, int(side) | int(Qt.AlignmentFlag.AlignVCenter), shown)
        painter.restore()

    def _rule(self, top: float, length: float, width: float) -> None:
        self._painter.setPen(QPen(QColor("#8A94A3"), width))
        self._painter.drawLine(QLineF(0, top, length, top))
