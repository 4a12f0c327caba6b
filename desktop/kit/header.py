"""The edges of a ledger table: headings one sorts, filters, moves and widens by; and the row numbers at the left."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QFontMetrics, QMouseEvent, QPainter
from PySide6.QtWidgets import QHeaderView, QWidget

from desktop.kit import icons, theme
from desktop.kit.cells import Header, draw_heading_ground

if TYPE_CHECKING:
    from desktop.kit.rows import Rows

_FUNNEL = 22  # the click target at a heading's right end


@dataclass(frozen=True)
class Marks:
    """What headings show beside their words. sorted: column → (place, descending?); filtered: columns with a condition."""

    sorted: Mapping[int, tuple[int, bool]] = field(default_factory=dict)
    filtered: Collection[int] = ()


class LedgerHeader(Header):
    """Headings. A click sorts (with Shift: further columns), one on the funnel filters, a drag moves or widens."""

    sort_wanted = Signal(int, bool)
    filter_wanted = Signal(int)
    menu_wanted = Signal(int, QPoint)
    moved = Signal(int, int)
    widened = Signal(int, int)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, sortable=True)
        self.marks = Marks()
        self.zoom = 1.0
        self._hover = -1
        self._with_shift = False
        self._pressed_at = False
        self.setSectionsMovable(True)
        self.setMouseTracking(True)
        self.sectionClicked.connect(lambda at: self.sort_wanted.emit(at, self._with_shift))
        self.sectionResized.connect(self._resized)
        self.sectionMoved.connect(self._moved)

    def show_marks(self, marks: Marks) -> None:
        """Other arrows and funnels."""
        self.marks = marks
        self.viewport().update()

    def _resized(self, at: int, _before: int, width: int) -> None:
        if self._pressed_at and width:
            self.widened.emit(at, width)

    def _moved(self, _logical: int, before: int, after: int) -> None:
        """The model moves the column; the header itself stays as it was."""
        inside = self.blockSignals(True)
        self.moveSection(after, before)
        self.blockSignals(inside)
        self.moved.emit(before, after)

    def funnel_of(self, at: int) -> QRect:
        """Where the funnel of a heading is clicked, in the header's coordinates."""
        right = self.sectionViewportPosition(at) + self.sectionSize(at)
        return QRect(right - _FUNNEL - 4, 0, _FUNNEL, self.height())

    def paintSection(self, painter: QPainter, rect: QRect, logical: int) -> None:
        """Words; order number and arrow; funnel."""
        of = theme.tokens()
        painter.save()
        draw_heading_ground(painter, rect)
        inner = rect.adjusted(theme.CELL_PADDING, 0, -theme.CELL_PADDING, 0)
        filtered, arrow = logical in self.marks.filtered, self.marks.sorted.get(logical)
        funnel = QRectF(inner.right() - 8, rect.center().y() - 3, 8, 8)
        if filtered:
            icons.draw(painter, "filter", funnel, of.accent)
            inner.setRight(inner.right() - 13)
        if arrow is not None:
            self._draw_arrow(painter, inner, arrow)
        model = self.model()
        text = str(model.headerData(logical, Qt.Orientation.Horizontal) or "")
        right = model.headerData(logical, Qt.Orientation.Horizontal, Qt.ItemDataRole.TextAlignmentRole) == 2
        painter.setPen(of.color("accent" if filtered or arrow is not None else "mute"))
        painter.setFont(theme.font(max(9, round(12 * self.zoom))))
        side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        text = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, inner.width())
        painter.drawText(inner, int(side | Qt.AlignmentFlag.AlignVCenter), text)
        if logical == self._hover and not filtered:
            painter.fillRect(funnel.adjusted(-5, -8, 6, 8), of.color("bg"))
            icons.draw(painter, "filter", funnel, of.mute)
        painter.restore()

    def _draw_arrow(self, painter: QPainter, inner: QRect, arrow: tuple[int, bool]) -> None:
        of = theme.tokens()
        place, descending = arrow
        icons.draw(
            painter, "down" if descending else "up", QRectF(inner.right() - 8, inner.center().y() - 3, 8, 8), of.accent
        )
        inner.setRight(inner.right() - 13)
        if len(self.marks.sorted) > 1:
            painter.setPen(of.color("accent"))
            painter.setFont(theme.font(11))
            painter.drawText(
                inner.adjusted(0, 0, 1, 0), int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), str(place)
            )
            inner.setRight(inner.right() - 11)

    def needed(self, at: int) -> int:
        """How wide a heading with its marks is."""
        text = str(self.model().headerData(at, Qt.Orientation.Horizontal) or "")
        more = 13 * (at in self.marks.filtered) + (24 if len(self.marks.sorted) > 1 else 13) * (at in self.marks.sorted)
        words = QFontMetrics(theme.font(max(9, round(12 * self.zoom)))).horizontalAdvance(text)
        return words + more + 2 * theme.CELL_PADDING + 2

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """The funnel opens the filter; everything else is the header's."""
        at = self.logicalIndexAt(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and at >= 0:
            if self.funnel_of(at).contains(event.position().toPoint()):
                self.filter_wanted.emit(at)
                return
            self._pressed_at = True
        self._with_shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A drag ends."""
        self._with_shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        super().mouseReleaseEvent(event)
        self._pressed_at = False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """The heading under the mouse shows its funnel."""
        self._hover_at(self.logicalIndexAt(event.position().toPoint()))
        super().mouseMoveEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """No heading is under the mouse."""
        self._hover_at(-1)
        super().leaveEvent(event)

    def _hover_at(self, at: int) -> None:
        if at != self._hover:
            self._hover = at
            self.viewport().update()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """What can be done with a column."""
        at = self.logicalIndexAt(event.pos())
        if at >= 0:
            self.menu_wanted.emit(at, event.globalPos())


class Gutter(QHeaderView):
    """Row numbers; the arrows of groups. A click chooses the row, one on an arrow folds."""

    fold_wanted = Signal(int)

    def __init__(self, parent: QWidget, rows: Rows) -> None:
        super().__init__(Qt.Orientation.Vertical, parent)
        self._rows = rows
        self.zoom = 1.0
        self.current = -1
        self.setSectionsClickable(True)
        self.setHighlightSections(False)
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setMinimumSectionSize(16)

    def sizeHint(self) -> QSize:
        """As wide as the largest number."""
        digits = f"{len(self._rows.ids):,}"
        wide = QFontMetrics(theme.font(max(9, round(11 * self.zoom)))).horizontalAdvance(digits)
        return QSize(max(34, wide + 14), 100)

    def paintSection(self, painter: QPainter, rect: QRect, logical: int) -> None:
        """A number, or a group's arrow."""
        of = theme.tokens()
        shown = self._rows.lines.at(logical)
        painter.fillRect(rect, of.color("bg" if shown.group >= 0 else "panel"))
        painter.setPen(of.color("line2"))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        painter.drawLine(rect.topRight(), rect.bottomRight())
        if shown.group >= 0:
            name = "fold" if self._rows.lines.is_folded(shown.group) else "down"
            left = 9 + 7 * self._rows.lines.groups[shown.group].level
            icons.draw(painter, name, QRectF(left, rect.center().y() - 3, 8, 8), of.text)
            return
        painter.setPen(of.color("accent" if logical == self.current else "faint"))
        painter.setFont(theme.font(max(9, round(11 * self.zoom))))
        text = f"{shown.record + 1:,}"
        painter.drawText(
            rect.adjusted(0, 0, -6, 0), int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), text
        )

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A group's arrow folds."""
        line = self.logicalIndexAt(event.position().toPoint())
        if line >= 0 and event.button() == Qt.MouseButton.LeftButton and self._rows.group(line) is not None:
            self.fold_wanted.emit(line)
            return
        super().mousePressEvent(event)
