"""The drawn part of the timeline: frozen names, the heading of months, and one row a project."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QFrame, QToolTip

from db.core.text import _
from desktop.kit import projector, theme
from desktop.kit.words import tr
from desktop.projects.course_row import BAR, HEAD, NAMES, PLAN, ROW, CourseRow, label_of, said, said_course, short
from desktop.projects.scale import Scale, Tick

if TYPE_CHECKING:
    from db.projects.schedule import Course, Step
    from desktop.projects.timeline import TimelineView

_NEAR = 9
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)


class CourseLines(QAbstractScrollArea):
    """Draws the rows one looks at. The keyboard walks over rows and over the steps of a row."""

    scrolled = Signal()

    def __init__(self, view: TimelineView) -> None:
        super().__init__()
        self.view = view
        self.scale = Scale(view.today, view.today, "month")
        self._extent = (view.today, view.today)
        self.row: int | None = None
        self.step: str | None = None
        self._pressed: tuple[QPoint, int, str] | None = None
        self.dragged: tuple[int, str, str] | None = None  # row, stage, the day under the mouse
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setMouseTracking(True)
        self.setAccessibleName(tr(_("Timeline: planned and actual days; the table (Alt+1) has the same in words")))
        for bar in (self.verticalScrollBar(), self.horizontalScrollBar()):
            bar.valueChanged.connect(lambda _value: self.scrolled.emit())
        self.verticalScrollBar().setSingleStep(ROW)
        self.horizontalScrollBar().setSingleStep(40)

    # --- measures --------------------------------------------------------------------------------------------------

    def reach(self, first: str, last: str) -> None:
        """The days between which the projects lie."""
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

    def measure(self) -> None:
        """How far one can scroll."""
        across, down = self.horizontalScrollBar(), self.verticalScrollBar()
        across.setRange(0, max(0, self.scale.width - self._days_width()))
        across.setPageStep(self._days_width())
        down.setRange(0, max(0, len(self.view.ids) * ROW - (self.viewport().height() - HEAD)))
        down.setPageStep(max(ROW, self.viewport().height() - HEAD))
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
        self.look_at(self.view.today, 0.58)

    def visible(self) -> range:
        """The rows one sees."""
        first = self.verticalScrollBar().value() // ROW
        return range(first, min(len(self.view.ids), first + self.viewport().height() // ROW + 2))

    def x_of(self, day: str) -> float:
        """Where a day is drawn."""
        return NAMES + self.scale.x(day) - self.horizontalScrollBar().value()

    def top_of(self, row: int) -> int:
        """Where a row is drawn."""
        return HEAD + row * ROW - self.verticalScrollBar().value()

    def row_at(self, y: int) -> int | None:
        """The row at a height."""
        row = (y - HEAD + self.verticalScrollBar().value()) // ROW
        return row if y >= HEAD and row < len(self.view.ids) else None

    def point_of(self, row: int, step: Step, *, planned: bool) -> QPoint:
        """The middle of a diamond, in the viewport."""
        day = step.planned if planned else step.actual
        return QPoint(int(self.x_of(day or self.view.today)), self.top_of(row) + (PLAN if planned else BAR))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """More or less can be seen."""
        self.measure()
        self.scrolled.emit()

    # --- drawing ---------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Months, rows, today, names."""
        of = theme.tokens()
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        wide, high = self.viewport().width(), self.viewport().height()
        painter.fillRect(self.viewport().rect(), of.color("panel"))
        days = QRect(NAMES, 0, wide - NAMES, high)
        painter.setClipRect(days)
        rows = self.visible()
        below = self.top_of(rows.stop) if rows else HEAD
        self._draw_ground(painter, rows)
        low = float(self.horizontalScrollBar().value())
        ticks = list(self.scale.ticks(low, low + days.width()))
        painter.setPen(of.color("line2"))
        for tick in ticks:
            x = self.x_of(tick.day.isoformat())
            painter.drawLine(QPointF(x, HEAD), QPointF(x, min(high, below)))
        painter.setClipRect(days.adjusted(0, HEAD, 0, 0))
        for row in rows:
            course = self.view.course(row)
            if course is not None:
                CourseRow(self, painter, row, course).draw()
        self._draw_today(painter, min(high, below))
        painter.setClipping(False)
        self._draw_head(painter, ticks)
        self._draw_names(painter, rows, min(high, below))

    def _draw_ground(self, painter: QPainter, rows: range) -> None:
        of, wide = theme.tokens(), self.viewport().width()
        painter.setClipping(False)
        for row in rows:
            top = self.top_of(row)
            if row == self.row:
                painter.fillRect(QRect(0, top, wide, ROW), of.color("accent_soft"))
            painter.setPen(of.color("line2"))
            painter.drawLine(0, top + ROW - 1, wide, top + ROW - 1)

    def _draw_today(self, painter: QPainter, bottom: int) -> None:
        x = self.x_of(self.view.today)
        pen = QPen(theme.tokens().color("accent"))
        pen.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.drawLine(QPointF(x, HEAD), QPointF(x, bottom))

    def _draw_head(self, painter: QPainter, ticks: Sequence[Tick]) -> None:
        of, wide = theme.tokens(), self.viewport().width()
        painter.fillRect(QRect(0, 0, wide, HEAD), of.color("bg"))
        painter.setPen(of.color("line"))
        painter.drawLine(0, HEAD - 1, wide, HEAD - 1)
        painter.setClipRect(QRect(NAMES, 0, wide - NAMES, HEAD))
        word = tr(_("Today {day}", day=short(self.view.today)))
        room = theme.metrics(12).horizontalAdvance(word) + 16
        here = self.x_of(self.view.today)
        painter.setFont(theme.font(12))
        after = None
        for tick in reversed(ticks):
            x = self.x_of(tick.day.isoformat()) + 8
            end = x + theme.metrics(12).horizontalAdvance(tick.name)
            hidden = end > here - room / 2 - 4 and x < here + room / 2 + 4
            if not hidden and (after is None or end + 4 <= after):
                painter.setPen(of.color("text" if tick.is_year else "mute"))
                painter.drawText(QPointF(x, 22), tick.name)
                after = x
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(of.color("accent"))
        painter.drawRoundedRect(QRectF(here - room / 2, 8, room, 20), 4, 4)
        painter.setPen(of.color("on_accent"))
        painter.drawText(QRectF(here - room / 2, 8, room, 20), int(Qt.AlignmentFlag.AlignCenter), word)
        painter.setClipping(False)
        painter.setPen(of.color("mute"))
        painter.drawText(QRect(16, 0, NAMES - 24, HEAD), _LEFT, tr(_("Project")))

    def _draw_names(self, painter: QPainter, rows: range, bottom: int) -> None:
        of = theme.tokens()
        painter.setClipRect(QRect(0, HEAD, NAMES, self.viewport().height()))
        for row in rows:
            top, course = self.top_of(row), self.view.course(row)
            painter.fillRect(QRect(0, top, NAMES, ROW - 1), of.color("sel" if row == self.row else "panel"))
            if row == self.row:
                painter.fillRect(QRect(0, top, 3, ROW - 1), of.color("accent"))
            if course is None:
                continue
            name = theme.metrics(13).elidedText(projector.covered(course.name), Qt.TextElideMode.ElideRight, NAMES - 28)
            painter.setFont(theme.font(13))
            painter.setPen(of.color("text"))
            painter.drawText(QRect(16, top + 8, NAMES - 24, 20), _LEFT, name)
            painter.setFont(theme.font(12))
            painter.setPen(of.color("mute"))
            second = " · ".join(part for part in (tr(label_of(course.stage)), course.leader or "") if part)
            painter.drawText(QRect(16, top + 28, NAMES - 24, 20), _LEFT, second)
        painter.setClipping(False)
        painter.setPen(QPen(of.color("line"), 2))
        painter.drawLine(NAMES, 0, NAMES, max(HEAD, bottom))
        if self.hasFocus() and self.row is not None and self.row in rows:
            painter.setPen(QPen(of.color("accent"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRect(1, self.top_of(self.row) + 1, NAMES - 3, ROW - 3))

    # --- the mouse -------------------------------------------------------------------------------------------------

    def step_at(self, where: QPoint) -> tuple[int, Step, bool] | None:
        """(row, step, is it the planned one?) under the mouse."""
        row = self.row_at(where.y())
        course = self.view.course(row) if row is not None else None
        if row is None or course is None or where.x() < NAMES:
            return None
        for step in course.steps:
            for planned, day in ((True, step.planned), (False, step.actual)):
                if day and (self.point_of(row, step, planned=planned) - where).manhattanLength() <= _NEAR:
                    return row, step, planned
        return None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose a row, and a step of it."""
        where = event.position().toPoint()
        row, found = self.row_at(where.y()), self.step_at(where)
        if row is not None and event.button() == Qt.MouseButton.LeftButton:
            self.setFocus(Qt.FocusReason.MouseFocusReason)
            self.view.choose(self.view.ids[row])
            self.step = found[1].stage if found is not None else None
            if found is not None and found[2]:
                self._pressed = (where, row, found[1].stage)
            self.viewport().update()

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
            course = self.view.course(dragged[0])
            step = _step(course, dragged[1])
            if course is not None and step is not None and step.planned != dragged[2]:
                self.view.plan_anew(course, step, dragged[2])
            self.viewport().update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """On a step: its actual day. Elsewhere: the project in full."""
        where = event.position().toPoint()
        found, row = self.step_at(where), self.row_at(where.y())
        self._pressed = None
        course = self.view.course(row) if row is not None else None
        if found is not None and course is not None:
            self.view.fill_in(course, found[1])
        elif row is not None:
            self.view.opened.emit(self.view.ids[row])

    def wheelEvent(self, event: QWheelEvent) -> None:
        """With Ctrl nearer or farther, with Shift sideways."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.view.step_zoom(1 if event.angleDelta().y() > 0 else -1)
            event.accept()
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            bar = self.horizontalScrollBar()
            bar.setValue(bar.value() - event.angleDelta().y())
        else:
            super().wheelEvent(event)

    def viewportEvent(self, event: QEvent) -> bool:
        """What a step is, while the mouse rests on it."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            where = event.pos()
            found, row = self.step_at(where), self.row_at(where.y())
            course = self.view.course(row) if row is not None else None
            if found is not None:
                QToolTip.showText(event.globalPos(), said(found[1]), self)
            elif course is not None:
                QToolTip.showText(event.globalPos(), said_course(course, self.view.today), self)
            else:
                QToolTip.hideText()
            return True
        return super().viewportEvent(event)

    # --- the keyboard ----------------------------------------------------------------------------------------------

    def show_row(self, row: int | None) -> None:
        """This row is the current one; scroll to it."""
        if row != self.row:
            self.step = None
        self.row = row
        if row is not None:
            bar, high = self.verticalScrollBar(), self.viewport().height() - HEAD
            if row * ROW < bar.value():
                bar.setValue(row * ROW)
            elif (row + 1) * ROW > bar.value() + high:
                bar.setValue((row + 1) * ROW - high)
        self.describe()
        self.viewport().update()

    def describe(self) -> None:
        """Let a reader of the screen say where one is."""
        course = self.view.course(self.row) if self.row is not None else None
        step = _step(course, self.step)
        text = "" if course is None else said_course(course, self.view.today)
        self.setAccessibleDescription(f"{said(step)} · {text}" if step is not None else text)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Rows, steps, today, forms."""
        key, course = event.key(), self.view.course(self.row) if self.row is not None else None
        step = _step(course, self.step)
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Home, Qt.Key.Key_End):
            self._walk(Qt.Key(key))
        elif key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            self._go(self._page_away(1 if key == Qt.Key.Key_PageDown else -1))
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self._to_step(1 if key == Qt.Key.Key_Right else -1)
        elif key == Qt.Key.Key_T and not event.modifiers():
            self.go_to_today()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.row is not None:
            self.view.opened.emit(self.view.ids[self.row])
        elif key == Qt.Key.Key_F2 and course is not None and step is not None:
            if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
                self.view.plan_anew(course, step)
            else:
                self.view.fill_in(course, step)
        elif key == Qt.Key.Key_Escape and self.dragged is not None:
            self.dragged = self._pressed = None
            self.viewport().update()
        else:
            super().keyPressEvent(event)

    def _walk(self, key: Qt.Key) -> None:
        last = len(self.view.ids) - 1
        here = -1 if self.row is None else self.row
        to = {Qt.Key.Key_Up: here - 1, Qt.Key.Key_Down: here + 1, Qt.Key.Key_Home: 0, Qt.Key.Key_End: last}
        self._go(to[key])

    def _page_away(self, way: int) -> int:
        return (self.row or 0) + way * max(1, (self.viewport().height() - HEAD) // ROW - 1)

    def _go(self, row: int) -> None:
        if len(self.view.ids):
            self.view.choose(self.view.ids[min(max(row, 0), len(self.view.ids) - 1)])

    def _to_step(self, way: int) -> None:
        course = self.view.course(self.row) if self.row is not None else None
        known = [one.stage for one in course.steps if one.planned or one.actual] if course is not None else []
        if course is None or not known:
            bar = self.horizontalScrollBar()
            bar.setValue(bar.value() + way * bar.singleStep())
            return
        at = known.index(self.step) + way if self.step in known else (0 if way > 0 else len(known) - 1)
        self.step = known[min(max(at, 0), len(known) - 1)]
        step = _step(course, self.step)
        day = (step.planned or step.actual) if step is not None else None
        if day and not NAMES < self.x_of(day) < self.viewport().width() - 8:
            self.look_at(day)
        self.describe()
        self.viewport().update()

    def focusInEvent(self, event: object) -> None:
        """The ring appears."""
        self.viewport().update()

    def focusOutEvent(self, event: object) -> None:
        """And goes."""
        self.viewport().update()


def _step(course: Course | None, stage: str | None) -> Step | None:
    return next((one for one in course.steps if one.stage == stage), None) if course is not None else None
