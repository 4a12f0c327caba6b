"""How a cell of any table is painted: text, tone, tag, grid line, ring; and the header above it."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QHeaderView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTableView, QWidget

from desktop.kit import icons, theme
from desktop.kit.parts import draw_tag, tag_width

CELL_ROLE = int(Qt.ItemDataRole.UserRole) + 1


class Cell(NamedTuple):
    """What one cell shows. tone: colour of the text; tag: tone of the tag the text stands on, "" for plain text.

    after: what stands beside it in a tag. tip: what is said under the pointer.
    """

    text: str = ""
    tone: str = "text"
    tag: str = ""
    right: bool = False
    strike: bool = False
    bold: bool = False
    arrow: bool = False
    ground: str = ""
    after: str = ""
    tip: str = ""


EMPTY = Cell()
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)


class CellPainter(QStyledItemDelegate):
    """Paints the cells that a model gives under CELL_ROLE."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Ground, text or tag, grid, and the ring of the current cell."""
        cell: Cell = index.data(CELL_ROLE) or EMPTY
        of = theme.tokens()
        box: QRect = option.rect  # type: ignore[attr-defined]
        state = option.state  # type: ignore[attr-defined]
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(box, of.color("sel"))
        elif cell.ground:
            painter.fillRect(box, of.color(cell.ground))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(box, of.color("line2"))
        painter.setPen(of.color("line2"))
        painter.drawLine(box.bottomLeft(), box.bottomRight())
        painter.drawLine(box.topRight(), box.bottomRight())
        self._draw_text(painter, box, cell, selected=bool(state & QStyle.StateFlag.State_Selected))
        if state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(of.color("accent"))
            painter.drawRect(box.adjusted(0, 0, -3, -2))
            painter.drawRect(box.adjusted(1, 1, -4, -3))

    def _draw_text(self, painter: QPainter, box: QRect, cell: Cell, *, selected: bool) -> None:
        if not cell.text:
            return
        inner = box.adjusted(theme.CELL_PADDING, 0, -theme.CELL_PADDING - (16 if cell.arrow else 0), 0)
        if cell.arrow:
            arrow = QRectF(box.right() - 18, box.center().y() - 3, 8, 8)
            icons.draw(painter, "down", arrow, theme.tokens().mute)
        if cell.tag:
            width = min(tag_width(cell.text), inner.width())
            draw_tag(painter, QRectF(inner.left(), box.top() + (box.height() - 18) / 2, width, 18), cell.text, cell.tag)
            return
        painter.setFont(theme.font(13, bold=cell.bold, strike=cell.strike))
        tone = "mute" if selected and cell.tone == "faint" else cell.tone
        painter.setPen(theme.tokens().color(tone))
        text = cell.text.replace("\n", " ")
        metrics = theme.metrics(13, bold=cell.bold)
        if len(text) * 13 > inner.width() and metrics.horizontalAdvance(text) > inner.width():
            text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, inner.width())
        painter.drawText(inner, _RIGHT if cell.right else _LEFT, text)

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """As wide as the text."""
        cell: Cell = index.data(CELL_ROLE) or EMPTY
        metrics = theme.metrics(12 if cell.tag else 13, bold=cell.bold)
        more = 12 if cell.tag else 20 if cell.arrow else 0
        return QSize(metrics.horizontalAdvance(cell.text) + 2 * theme.CELL_PADDING + more + 2, 30)


def draw_heading_ground(painter: QPainter, rect: QRect) -> None:
    """What lies under a heading, with its lines."""
    of = theme.tokens()
    painter.fillRect(rect, of.color("bg"))
    painter.setPen(of.color("line2"))
    painter.drawLine(rect.topRight(), rect.bottomRight())
    painter.setPen(of.color("line"))
    painter.drawLine(rect.bottomLeft(), rect.bottomRight())


def strip(view: QTableView) -> None:
    """Take from a table view what we paint or do ourselves; it scrolls by pixels."""
    view.setShowGrid(False)
    view.setMouseTracking(True)
    view.setFrameShape(QTableView.Shape.NoFrame)
    view.setHorizontalScrollMode(QTableView.ScrollMode.ScrollPerPixel)
    view.setVerticalScrollMode(QTableView.ScrollMode.ScrollPerPixel)
    view.setTabKeyNavigation(False)
    view.setWordWrap(False)
    view.setCornerButtonEnabled(False)


class Header(QHeaderView):
    """Column headings: 12 px, muted, unit included; the sorted one carries an arrow in the accent colour."""

    def __init__(self, parent: QWidget, *, sortable: bool = False, height: int = theme.TABLE_HEADER) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setSectionsClickable(sortable)
        self.setFixedHeight(height)
        self.setFont(theme.font(12))
        self.setHighlightSections(False)
        self.setMinimumSectionSize(28)
        self._sorted: tuple[int, bool] | None = None

    def show_sorted(self, column: int | None, *, descending: bool) -> None:
        """Which column carries the arrow."""
        self._sorted = None if column is None else (column, descending)
        self.viewport().update()

    def paintSection(self, painter: QPainter, rect: QRect, logical: int) -> None:
        """One heading."""
        of = theme.tokens()
        painter.save()
        draw_heading_ground(painter, rect)
        model = self.model()
        text = str(model.headerData(logical, Qt.Orientation.Horizontal) or "")
        right = model.headerData(logical, Qt.Orientation.Horizontal, Qt.ItemDataRole.TextAlignmentRole) == 2
        inner = rect.adjusted(theme.CELL_PADDING, 0, -theme.CELL_PADDING, 0)
        is_sorted = self._sorted is not None and self._sorted[0] == logical
        if is_sorted and self._sorted is not None:
            inner.setRight(inner.right() - 14)
            arrow = QRectF(rect.right() - 17, rect.center().y() - 3, 8, 8)
            icons.draw(painter, "down" if self._sorted[1] else "up", arrow, of.accent)
        painter.setPen(of.color("accent" if is_sorted else "mute"))
        painter.setFont(self.font())
        side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        text = self.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, inner.width())
        painter.drawText(inner, int(side | Qt.AlignmentFlag.AlignVCenter), text)
        painter.restore()

    def paintEvent(self, event: object) -> None:
        """The ground reaches to the right edge, with its line."""
        super().paintEvent(event)  # type: ignore[arg-type]
        used = self.length() - self.offset()
        if used < self.viewport().width():
            painter = QPainter(self.viewport())
            rest = QRect(used, 0, self.viewport().width() - used, self.height())
            painter.fillRect(rest, theme.tokens().color("bg"))
            painter.setPen(theme.tokens().color("line"))
            painter.drawLine(rest.bottomLeft(), rest.bottomRight())


def dress(view: QTableView, *, row_height: int, sortable: bool = False, header: int = theme.TABLE_HEADER) -> Header:
    """Give a table view our cells, header, row height and scrolling."""
    made = Header(view, sortable=sortable, height=header)
    view.setHorizontalHeader(made)
    view.setItemDelegate(CellPainter(view))
    rows = view.verticalHeader()
    rows.hide()
    rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    rows.setMinimumSectionSize(20)
    rows.setDefaultSectionSize(row_height)
    strip(view)
    return made
