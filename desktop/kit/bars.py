"""Bars: lying for names, upright for months. Drawn by hand, so that nothing has to be loaded for them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from db.core.text import _
from desktop.kit import theme
from desktop.kit.words import tr

HEAD, LINE, THICK = 48, 34, 18
_SIDE, _NAMES_MOST, _COLUMN = 24, 220, 56
_FOOT = 28
_PICTURE = QSize(900, 420)
_VALUE = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_NAME = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
_MIDDLE = int(Qt.AlignmentFlag.AlignCenter)


class Bar(NamedTuple):
    """A name, how large it is, how that is said, and the value it stands for."""

    name: str
    size: int
    said: str
    value: Any


class Bars(QAbstractScrollArea):
    """The bars with their title. `picked` gives the value of one that was clicked or entered."""

    picked = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.title = ""
        self.bars: list[Bar] = []
        self.upright = False
        self.hint = _("{name}: {number}. A click shows these projects in the table.")
        self.at: int | None = None
        self._under: int | None = None
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setMouseTracking(True)

    def show_bars(self, title: str, bars: Sequence[Bar], *, upright: bool) -> None:
        """Other bars."""
        self.title, self.bars, self.upright = title, list(bars), upright
        self.at = None if self.at is None or not bars else min(self.at, len(bars) - 1)
        self.measure()
        if upright:
            self.horizontalScrollBar().setValue(self.horizontalScrollBar().maximum())
        self.setAccessibleName(title)
        self.setAccessibleDescription("；".join(f"{one.name} {one.said}" for one in self.bars[:200]))

    def measure(self) -> None:
        """How far one can scroll."""
        whole, seen = self._whole(), self.viewport().size()
        self.verticalScrollBar().setRange(0, max(0, whole.height() - seen.height()))
        self.verticalScrollBar().setPageStep(seen.height())
        self.verticalScrollBar().setSingleStep(LINE)
        self.horizontalScrollBar().setRange(0, max(0, whole.width() - seen.width()))
        self.horizontalScrollBar().setPageStep(seen.width())
        self.horizontalScrollBar().setSingleStep(_COLUMN)
        self.viewport().update()

    def _whole(self) -> QSize:
        if self.upright:
            return QSize(2 * _SIDE + len(self.bars) * _COLUMN, 0)
        return QSize(0, HEAD + len(self.bars) * LINE + 16)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """More or fewer fit."""
        self.measure()

    def paintEvent(self, event: QPaintEvent) -> None:
        """What can be seen of them."""
        painter = QPainter(self.viewport())
        painter.fillRect(self.viewport().rect(), theme.tokens().color("panel"))
        self._draw(
            painter, self.viewport().size(), self.horizontalScrollBar().value(), self.verticalScrollBar().value()
        )

    def _draw(self, painter: QPainter, size: QSize, x: int, y: int, *, plain: bool = False) -> None:
        of = theme.tokens()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for at, bar in enumerate(self.bars):
            box = self.box(at, size, x, y)
            if box.right() < 0 or box.left() > size.width() or box.bottom() < HEAD - LINE or box.top() > size.height():
                continue
            here = not plain and at in (self._under, self.at)
            if here:
                painter.fillRect(box, of.color("sel" if at == self.at and self.hasFocus() else "line2"))
            (self._draw_upright if self.upright else self._draw_lying)(painter, box, bar, size)
            if not plain and at == self.at and self.hasFocus():
                painter.setPen(QPen(of.color("accent"), 2))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRect(box.adjusted(1, 1, -1, -1))
        painter.fillRect(QRect(0, 0, size.width(), HEAD - 6), of.color("panel"))
        _text(
            painter,
            QRect(_SIDE, 8, size.width() - 2 * _SIDE, 24),
            self.title,
            theme.font(13, bold=True),
            "text",
            _VALUE,
        )

    def _draw_lying(self, painter: QPainter, box: QRect, bar: Bar, size: QSize) -> None:
        names = self._names_width()
        metrics = theme.metrics(13)
        name = metrics.elidedText(bar.name, Qt.TextElideMode.ElideRight, names)
        tone = "text" if bar.value else "mute"
        _text(painter, QRect(_SIDE, box.top(), names, LINE), name, theme.font(13), tone, _NAME)
        left = _SIDE + names + 12
        room = size.width() - left - _SIDE - self._said_width() - 8
        length = self._share(bar) * max(40, room)
        top = box.top() + (LINE - THICK) / 2
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.tokens().color("accent" if bar.value else "faint"))
        if length:
            painter.drawRoundedRect(QRectF(left, top, max(2.0, length), THICK), 2, 2)
        said = QRect(int(left + length + 8), box.top(), self._said_width() + 4, LINE)
        _text(painter, said, bar.said, theme.font(13), "text", _VALUE)

    def _draw_upright(self, painter: QPainter, box: QRect, bar: Bar, size: QSize) -> None:
        of, bottom = theme.tokens(), size.height() - _FOOT - 14
        high = self._share(bar) * max(40, bottom - HEAD - 24)
        painter.setPen(of.color("line"))
        painter.drawLine(QPointF(box.left(), bottom + 0.5), QPointF(box.right() + 1, bottom + 0.5))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(of.color("accent" if bar.value else "faint"))
        middle = box.center().x()
        if high:
            painter.drawRoundedRect(QRectF(middle - 14, bottom - max(2.0, high), 28, max(2.0, high)), 2, 2)
        _text(
            painter,
            QRect(box.left(), int(bottom - high) - 20, box.width(), 18),
            bar.said,
            theme.font(12),
            "text",
            _MIDDLE,
        )
        name = theme.metrics(12).elidedText(bar.name, Qt.TextElideMode.ElideRight, _COLUMN - 2)
        _text(painter, QRect(box.left(), bottom + 6, box.width(), 20), name, theme.font(12), "mute", _MIDDLE)

    def box(self, at: int, size: QSize, x: int = 0, y: int = 0) -> QRect:
        """What belongs to a bar: it can be clicked anywhere in it."""
        if self.upright:
            return QRect(_SIDE + at * _COLUMN - x, HEAD - 6, _COLUMN, size.height() - HEAD - 2)
        return QRect(_SIDE - 12, HEAD - 6 + at * LINE - y, size.width() - 2 * _SIDE + 24, LINE)

    def _share(self, bar: Bar) -> float:
        largest = max((one.size for one in self.bars), default=0)
        return bar.size / largest if largest > 0 and bar.size > 0 else 0.0

    def _names_width(self) -> int:
        metrics = theme.metrics(13)
        return min(_NAMES_MOST, max((metrics.horizontalAdvance(one.name) for one in self.bars), default=0) + 2)

    def _said_width(self) -> int:
        metrics = theme.metrics(13)
        return max((metrics.horizontalAdvance(one.said) for one in self.bars), default=0) + 2

    def picture(self) -> QPixmap:
        """All of it, twice as fine as the screen, on the ground of the page."""
        whole = self._whole()
        size = QSize(
            max(_PICTURE.width(), whole.width()),
            min(8000, max(_PICTURE.height() if self.upright else 0, whole.height())),
        )
        drawn = QPixmap(size * 2)
        drawn.setDevicePixelRatio(2)
        drawn.fill(theme.tokens().color("panel"))
        painter = QPainter(drawn)
        self._draw(painter, size, 0, 0, plain=True)
        painter.end()
        return drawn

    # --- mouse and keyboard ----------------------------------------------------------------------------------------

    def bar_at(self, where: QPoint) -> int | None:
        """The bar under the mouse."""
        if where.y() < HEAD - 6:
            return None
        x, y = self.horizontalScrollBar().value(), self.verticalScrollBar().value()
        size = self.viewport().size()
        return next((at for at in range(len(self.bars)) if self.box(at, size, x, y).contains(where)), None)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """The bar under the mouse can be clicked."""
        self._under = self.bar_at(event.position().toPoint())
        hand = Qt.CursorShape.ArrowCursor if self._under is None else Qt.CursorShape.PointingHandCursor
        self.viewport().setCursor(hand)
        self.viewport().setToolTip("" if self._under is None else self._told(self.bars[self._under]))
        self.viewport().update()

    def _told(self, bar: Bar) -> str:
        return tr(self.hint(name=bar.name, number=bar.said))

    def leaveEvent(self, event: object) -> None:
        """Nothing is under the mouse."""
        self._under = None
        self.viewport().update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Pick a bar."""
        at = self.bar_at(event.position().toPoint())
        if at is not None and event.button() == Qt.MouseButton.LeftButton:
            self.at = at
            self.picked.emit(self.bars[at].value)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """From bar to bar; Enter picks."""
        last, key = len(self.bars) - 1, event.key()
        here = -1 if self.at is None else self.at
        to = {
            Qt.Key.Key_Down: here + 1, Qt.Key.Key_Right: here + 1, Qt.Key.Key_Up: here - 1, Qt.Key.Key_Left: here - 1,
            Qt.Key.Key_Home: 0, Qt.Key.Key_End: last,
        }.get(Qt.Key(key))  # fmt: skip
        if to is not None and self.bars:
            self.at = min(max(to, 0), last)
            self._reveal(self.at)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.at is not None and self.bars:
            self.picked.emit(self.bars[self.at].value)
        else:
            super().keyPressEvent(event)

    def _reveal(self, at: int) -> None:
        size = self.viewport().size()
        down, across = self.verticalScrollBar(), self.horizontalScrollBar()
        box = self.box(at, size, across.value(), down.value())
        if self.upright:
            across.setValue(across.value() + min(0, box.left() - _SIDE) + max(0, box.right() - size.width() + _SIDE))
        else:
            down.setValue(down.value() + min(0, box.top() - HEAD) + max(0, box.bottom() - size.height() + 8))
        bar = self.bars[at]
        self.setAccessibleDescription(f"{bar.name} {bar.said}")
        self.viewport().update()

    def focusInEvent(self, event: object) -> None:
        """The keyboard is here."""
        if self.at is None and self.bars:
            self.at = 0
        self.viewport().update()

    def focusOutEvent(self, event: object) -> None:
        """And is not any more."""
        self.viewport().update()


def _text(painter: QPainter, box: QRect, text: str, font: QFont, tone: str, how: int) -> None:
    painter.setFont(font)
    painter.setPen(theme.tokens().color(tone))
    painter.drawText(box, how, text)
