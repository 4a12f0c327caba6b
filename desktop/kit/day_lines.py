"""Rows along a line of days: frozen names, a heading of months, today; what a row draws, each kind says itself."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QHelpEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QFrame, QToolTip, QWidget

from db.core.text import Text, _
from desktop.kit import theme
from desktop.kit.scale import ZOOMS, Scale, Tick
from desktop.kit.words import tr

HEAD, NAMES = 36, 232
_NEAR = 9
LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)


def diamond(painter: QPainter, at: QPointF, color: str, *, full: bool, large: bool = False) -> None:
    """A mark: full for what happened, hollow for what is planned."""
    of, size, ink = theme.tokens(), 6.5 if large else 5.0, QColor(color)
    painter.setPen(QPen(of.color("panel"), 1.2) if full else QPen(ink, 2.0 if large else 1.3))
    painter.setBrush(ink if full else of.color("panel"))
    corners = ((0.0, -size), (size, 0.0), (0.0, size), (-size, 0.0))
    painter.drawPolygon(QPolygonF([at + QPointF(x, y) for x, y in corners]))


def short(day: str) -> str:
    """A day as a label says it: 7-17."""
    return f"{int(day[5:7])}-{day[8:10]}"


class DayLines(QAbstractScrollArea):
    """Draws the rows one looks at. The keyboard walks over rows and over the marks of a row.

    `scrolled`: other rows or days are seen; `zoomed`: nearer or farther, by Ctrl and the wheel. A subclass says how many
    rows there are, their marks and names, and what is done with them.
    """

    scrolled = Signal()
    zoomed = Signal(str)
    heading: Text = _("Project")
    several = False  # whether several rows can be chosen at once: Shift or Ctrl with the mouse, Shift+↑↓, Ctrl+A

    def __init__(self, today: str, row_height: int) -> None:
        super().__init__()
        self.day, self.row_height = today, row_height
        self.scale = Scale(today, today, "month")
        self._extent = (today, today)
        self.row: int | None = None
        self.chosen: set[int] = set()  # with the current row
        self._anchor: int | None = None  # from where Shift reaches
        self.step: str | None = None
        self._pressed: tuple[QPoint, int, str] | None = None
        self.dragged: tuple[int, str, str] | None = None  # row, mark, the day under the mouse
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setMouseTracking(True)
        for bar in (self.verticalScrollBar(), self.horizontalScrollBar()):
            bar.valueChanged.connect(lambda _value: self.scrolled.emit())
        self.verticalScrollBar().setSingleStep(row_height)
        self.horizontalScrollBar().setSingleStep(40)

    # --- what a kind of rows says ------------------------------------------------------------------------------------

    def count(self) -> int:
        """How many rows there are."""
        return 0

    def marks(self, row: int) -> Sequence[tuple[str, str, QPoint, bool]]:
        """(key, day, where in the viewport, may it be dragged) of every mark of a row that is here."""
        return ()

    def draw_row(self, painter: QPainter, row: int) -> None:
        """What lies along the days."""

    def name(self, row: int) -> tuple[str, str] | None:
        """The two lines at the left; None while the row is not here."""
        return None

    def told(self, row: int, key: str | None) -> str:
        """A row, or a mark of it, in words."""
        return ""

    def choose_row(self, row: int) -> None:
        """A row is chosen here."""

    def enter_row(self, row: int) -> None:
        """Enter or a double click on a row."""

    def fill_in(self, row: int, key: str) -> None:
        """F2 or a double click on a mark."""

    def plan_anew(self, row: int, key: str, day: str | None) -> None:
        """Shift+F2 on a mark, or it was dragged to a day."""

    # --- measures --------------------------------------------------------------------------------------------------

    def reach(self, first: str, last: str) -> None:
        """The days between which the rows lie."""
        middle = self.middle()
        self._extent = (first, last)
        self.scale = Scale(first, last, self.scale.zoom)
        self.measure()
        self.look_at(middle)

    def set_zoom(self, zoom: str) -> None:
        """Another scale; the day in the middle stays there."""
        middle = self.middle()
        self.scale = Scale(*self._extent, zoom)
        self.measure()
        self.look_at(middle)

    def step_zoom(self, way: int) -> None:
        """Nearer or farther."""
        at = ZOOMS.index(self.scale.zoom) + way
        self.zoomed.emit(ZOOMS[min(max(at, 0), len(ZOOMS) - 1)])

    def measure(self) -> None:
        """How far one can scroll."""
        across, down = self.horizontalScrollBar(), self.verticalScrollBar()
        across.setRange(0, max(0, self.scale.width - self._days_width()))
        across.setPageStep(self._days_width())
        down.setSingleStep(self.row_height)
        down.setRange(0, max(0, self.count() * self.row_height - (self.viewport().height() - HEAD)))
        down.setPageStep(max(self.row_height, self.viewport().height() - HEAD))
        self.viewport().update()

    def _days_width(self) -> int:
        return max(1, self.viewport().width() - NAMES)

    def middle(self) -> str:
        """The day in the middle of what one sees."""
        return self.scale.day(self.horizontalScrollBar().value() + self._days_width() / 2)

    def look_at(self, day: str, share: float = 0.5) -> None:
        """Scroll so that a day stands at this share of the width."""
        self.horizontalScrollBar().setValue(int(self.scale.x(day) - self._days_width() * share))

    def go_to_today(self) -> None:
        """Today a little right of the middle: what was matters more than what will be."""
        self.look_at(self.day, 0.58)

    def visible(self) -> range:
        """The rows one sees."""
        first = self.verticalScrollBar().value() // self.row_height
        return range(first, min(self.count(), first + self.viewport().height() // self.row_height + 2))

    def x_of(self, day: str) -> float:
        """Where a day is drawn."""
        return NAMES + self.scale.x(day) - self.horizontalScrollBar().value()

    def top_of(self, row: int) -> int:
        """Where a row is drawn."""
        return HEAD + row * self.row_height - self.verticalScrollBar().value()

    def row_at(self, y: int) -> int | None:
        """The row at a height."""
        row = (y - HEAD + self.verticalScrollBar().value()) // self.row_height
        return row if y >= HEAD and row < self.count() else None

    def resizeEvent(self, event: QResizeEvent) -> None:
        """More or less can be seen."""
        self.measure()
        self.scrolled.emit()

    # --- drawing ---------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Months, rows, today, names."""
        self.draw(QPainter(self.viewport()), self.viewport().width(), self.viewport().height())

    def draw(self, painter: QPainter, wide: int, high: int, rows: range | None = None) -> None:
        """The same on anything that can be painted on; rows: instead of those one sees."""
        of = theme.tokens()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(QRect(0, 0, wide, high), of.color("panel"))
        days = QRect(NAMES, 0, wide - NAMES, high)
        rows = self.visible() if rows is None else rows
        below = self.top_of(rows.stop) if rows else HEAD
        self._draw_ground(painter, rows, wide)
        painter.setClipRect(days)
        low = float(self.horizontalScrollBar().value())
        ticks = list(self.scale.ticks(low, low + days.width()))
        painter.setPen(of.color("line2"))
        for tick in ticks:
            x = self.x_of(tick.day.isoformat())
            painter.drawLine(QPointF(x, HEAD), QPointF(x, min(high, below)))
        painter.setClipRect(days.adjusted(0, HEAD, 0, 0))
        for row in rows:
            self.draw_row(painter, row)
        self._draw_today(painter, min(high, below))
        painter.setClipping(False)
        self._draw_head(painter, ticks, wide)
        self._draw_names(painter, rows, min(high, below))

    def _draw_ground(self, painter: QPainter, rows: range, wide: int) -> None:
        of = theme.tokens()
        for row in rows:
            top = self.top_of(row)
            if row in self.chosen:
                painter.fillRect(QRect(0, top, wide, self.row_height), of.color("accent_soft"))
            painter.setPen(of.color("line2"))
            painter.drawLine(0, top + self.row_height - 1, wide, top + self.row_height - 1)

    def _draw_today(self, painter: QPainter, bottom: int) -> None:
        x = self.x_of(self.day)
        pen = QPen(theme.tokens().color("accent"))
        pen.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.drawLine(QPointF(x, HEAD), QPointF(x, bottom))

    def _draw_head(self, painter: QPainter, ticks: Sequence[Tick], wide: int) -> None:
        of = theme.tokens()
        painter.fillRect(QRect(0, 0, wide, HEAD), of.color("bg"))
        painter.setPen(of.color("line"))
        painter.drawLine(0, HEAD - 1, wide, HEAD - 1)
        painter.setClipRect(QRect(NAMES, 0, wide - NAMES, HEAD))
        word = tr(_("Today {day}", day=short(self.day)))
        room = theme.metrics(12).horizontalAdvance(word) + 16
        here = self.x_of(self.day)
        painter.setFont(theme.font(12))
        taken = [(here - room / 2, here + room / 2)]
        for tick in sorted(ticks, key=lambda one: not one.is_year):  # years first: where room is scarce, they stay
            x = self.x_of(tick.day.isoformat()) + 8
            end = x + theme.metrics(12).horizontalAdvance(tick.name)
            if all(end + 4 <= left or x >= right + 4 for left, right in taken):
                painter.setPen(of.color("text" if tick.is_year else "mute"))
                painter.drawText(QPointF(x, 22), tick.name)
                taken.append((x, end))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(of.color("accent"))
        painter.drawRoundedRect(QRectF(here - room / 2, 8, room, 20), 4, 4)
        painter.setPen(of.color("on_accent"))
        painter.drawText(QRectF(here - room / 2, 8, room, 20), int(Qt.AlignmentFlag.AlignCenter), word)
        painter.setClipping(False)
        painter.setPen(of.color("mute"))
        painter.drawText(QRect(16, 0, NAMES - 24, HEAD), LEFT, tr(self.heading))

    def _draw_names(self, painter: QPainter, rows: range, bottom: int) -> None:
        of, high = theme.tokens(), self.row_height
        painter.setClipRect(QRect(0, HEAD, NAMES, self.viewport().height()))
        first = high // 2 - 20
        for row in rows:
            top, said = self.top_of(row), self.name(row)
            painter.fillRect(QRect(0, top, NAMES, high - 1), of.color("sel" if row in self.chosen else "panel"))
            if row == self.row:
                painter.fillRect(QRect(0, top, 3, high - 1), of.color("accent"))
            if said is None:
                continue
            for text, size, tone, down in ((said[0], 13, "text", first), (said[1], 12, "mute", first + 20)):
                painter.setFont(theme.font(size))
                painter.setPen(of.color(tone))
                shown = theme.metrics(size).elidedText(text, Qt.TextElideMode.ElideRight, NAMES - 28)
                painter.drawText(QRect(16, top + down, NAMES - 24, 20), LEFT, shown)
        painter.setClipping(False)
        painter.setPen(QPen(of.color("line"), 2))
        painter.drawLine(NAMES, 0, NAMES, max(HEAD, bottom))
        if self.hasFocus() and self.row is not None and self.row in rows:
            painter.setPen(QPen(of.color("accent"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRect(1, self.top_of(self.row) + 1, NAMES - 3, high - 3))

    # --- the mouse -------------------------------------------------------------------------------------------------

    def mark_at(self, where: QPoint) -> tuple[int, str, bool] | None:
        """(row, key of the mark, may it be dragged?) under the mouse."""
        row = self.row_at(where.y())
        if row is None or where.x() < NAMES:
            return None
        near = [
            (row, key, planned) for key, _day, at, planned in self.marks(row) if (at - where).manhattanLength() <= _NEAR
        ]
        return next((one for one in near if one[1] == self.step), near[0] if near else None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose a row, and a mark of it."""
        where = event.position().toPoint()
        row, found = self.row_at(where.y()), self.mark_at(where)
        if row is not None and event.button() == Qt.MouseButton.LeftButton:
            self.setFocus(Qt.FocusReason.MouseFocusReason)
            self._go(row, event.modifiers())
            self.choose_step(found[1] if found is not None else None)
            if found is not None and found[2]:
                self._pressed = (where, row, found[1])
            self.viewport().update()

    def choose_step(self, key: str | None) -> None:
        """A mark of the row is the current one."""
        self.step = key

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """A planned day comes along with the mouse."""
        where = event.position().toPoint()
        if self._pressed is None or not event.buttons() & Qt.MouseButton.LeftButton:
            return
        if (where - self._pressed[0]).manhattanLength() >= QApplication.startDragDistance() or self.dragged:
            day = self.scale.day(where.x() - NAMES + self.horizontalScrollBar().value())
            self.dragged = (self._pressed[1], self._pressed[2], day)
            QToolTip.showText(event.globalPosition().toPoint(), day, self)
            self.viewport().update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """It was put somewhere else: plan anew."""
        dragged, self.dragged, self._pressed = self.dragged, None, None
        if dragged is not None:
            QToolTip.hideText()
            row, key, day = dragged
            before = next((was for one, was, _at, planned in self.marks(row) if one == key and planned), None)
            if before is not None and before != day:
                self.plan_anew(row, key, day)
            self.viewport().update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """On a mark: its actual day. Elsewhere: the row in full."""
        where = event.position().toPoint()
        found, row = self.mark_at(where), self.row_at(where.y())
        self._pressed = None
        if found is not None:
            self.fill_in(found[0], found[1])
        elif row is not None:
            self.enter_row(row)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """With Ctrl nearer or farther, with Shift sideways."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.step_zoom(1 if event.angleDelta().y() > 0 else -1)
            event.accept()
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            bar = self.horizontalScrollBar()
            bar.setValue(bar.value() - event.angleDelta().y())
        else:
            super().wheelEvent(event)

    def viewportEvent(self, event: QEvent) -> bool:
        """What a mark is, while the mouse rests on it."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            found, row = self.mark_at(event.pos()), self.row_at(event.pos().y())
            text = "" if row is None else self.told(row, found[1] if found is not None else None)
            if text:
                QToolTip.showText(event.globalPos(), text, self)
            else:
                QToolTip.hideText()
            return True
        return super().viewportEvent(event)

    # --- the keyboard ----------------------------------------------------------------------------------------------

    def show_row(self, row: int | None) -> None:
        """This row is the current one; scroll to it."""
        if row != self.row:
            self.step = None
        self.row = self._anchor = row
        self.chosen = set() if row is None else {row}
        if row is not None:
            bar, high = self.verticalScrollBar(), self.viewport().height() - HEAD
            if row * self.row_height < bar.value():
                bar.setValue(row * self.row_height)
            elif (row + 1) * self.row_height > bar.value() + high:
                bar.setValue((row + 1) * self.row_height - high)
        self.describe()
        self.viewport().update()

    def describe(self) -> None:
        """Let a reader of the screen say where one is."""
        text = "" if self.row is None else self.told(self.row, None)
        mark = self.told(self.row, self.step) if self.row is not None and self.step is not None else ""
        self.setAccessibleDescription(" · ".join(part for part in (mark, text) if part))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Rows, marks, today, forms."""
        key, row = event.key(), self.row
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Home, Qt.Key.Key_End):
            self._walk(Qt.Key(key), event.modifiers())
        elif key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            self._go(self._page_away(1 if key == Qt.Key.Key_PageDown else -1), event.modifiers())
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self._to_step(1 if key == Qt.Key.Key_Right else -1)
        elif self.several and event.matches(QKeySequence.StandardKey.SelectAll):
            self.chosen = set(range(self.count()))
            self.viewport().update()
        elif key == Qt.Key.Key_T and not event.modifiers():
            self.go_to_today()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and row is not None:
            self.enter_row(row)
        elif key == Qt.Key.Key_F2 and row is not None and self.step is not None:
            if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
                self.plan_anew(row, self.step, None)
            else:
                self.fill_in(row, self.step)
        elif key == Qt.Key.Key_Escape and self.dragged is not None:
            self.dragged = self._pressed = None
            self.viewport().update()
        else:
            super().keyPressEvent(event)

    def _walk(self, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> None:
        here = -1 if self.row is None else self.row
        to = {Qt.Key.Key_Up: here - 1, Qt.Key.Key_Down: here + 1, Qt.Key.Key_Home: 0, Qt.Key.Key_End: self.count() - 1}
        self._go(to[key], modifiers & Qt.KeyboardModifier.ShiftModifier)

    def _page_away(self, way: int) -> int:
        return (self.row or 0) + way * max(1, (self.viewport().height() - HEAD) // self.row_height - 1)

    def _go(self, row: int, modifiers: Qt.KeyboardModifier) -> None:
        """To a row; with Shift all rows from where one came, with Ctrl one more or one less."""
        if not self.count():
            return
        row, before, anchor = min(max(row, 0), self.count() - 1), self.chosen, self._anchor
        self.choose_row(row)
        if self.several and anchor is not None and modifiers & Qt.KeyboardModifier.ShiftModifier:
            self.chosen, self._anchor = set(range(min(row, anchor), max(row, anchor) + 1)), anchor
        elif self.several and modifiers & Qt.KeyboardModifier.ControlModifier:
            self.chosen = (before ^ {row}) or {row}
        self.viewport().update()

    def _to_step(self, way: int) -> None:
        known: dict[str, str] = {}
        for key, day, _at, _planned in self.marks(self.row) if self.row is not None else ():
            known.setdefault(key, day)
        if not known:
            bar = self.horizontalScrollBar()
            bar.setValue(bar.value() + way * bar.singleStep())
            return
        keys = list(known)
        at = keys.index(self.step) + way if self.step in known else (0 if way > 0 else len(keys) - 1)
        self.choose_step(keys[min(max(at, 0), len(keys) - 1)])
        day = known[str(self.step)]
        if not NAMES < self.x_of(day) < self.viewport().width() - 8:
            self.look_at(day)
        self.describe()
        self.viewport().update()

    def focusInEvent(self, event: object) -> None:
        """The ring appears."""
        self.viewport().update()

    def focusOutEvent(self, event: object) -> None:
        """And goes."""
        self.viewport().update()


_INKS = {"plan": "mute", "actual": "accent", "forecast": "amber", "done": "accent", "late": "red"}


class Legend(QWidget):
    """What the marks mean. marks: plan, actual, forecast (diamonds), done, late (bars), each with its word."""

    def __init__(self, marks: Sequence[tuple[str, Text]], said: Text) -> None:
        super().__init__()
        self._words = [(mark, tr(text)) for mark, text in marks]
        self.setAccessibleName(tr(said))
        self.setFixedSize(self.sizeHint())

    def sizeHint(self) -> QSize:
        """Marks and words on one line."""
        return QSize(sum(34 + theme.metrics(12).horizontalAdvance(word) for _mark, word in self._words), 20)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Diamonds and short bars."""
        of, x = theme.tokens(), 0
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for mark, word in self._words:
            if mark in ("done", "late"):
                painter.fillRect(QRectF(x, 7, 18, 6), of.color(_INKS[mark]))
            else:
                diamond(painter, QPointF(x + 12, 10), of.color(_INKS[mark]).name(), full=mark == "actual")
            painter.setFont(theme.font(12))
            painter.setPen(of.color("mute"))
            painter.drawText(QPointF(x + 22, 14), word)
            x += 34 + theme.metrics(12).horizontalAdvance(word)
