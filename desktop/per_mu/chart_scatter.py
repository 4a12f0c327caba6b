"""Tax per mu against revenue per mu: a mark for every enterprise by class; what is framed on it is chosen in the table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QHelpEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from db.core.text import _
from desktop.kit import theme
from desktop.kit.cell_parts import draw_mark
from desktop.kit.words import language, tr

FEWEST = 3
_LEFT, _TOP, _RIGHT, _BOTTOM = 44, 34, 14, 40
_MARK = 9
_NEAR = 8
_FAR = 2.5  # times what 95 of 100 have: beyond it a point stands on the edge
_LARGE = 100_000  # from here on said in 万, or in millions


class Dot(NamedTuple):
    """An enterprise: where it lies, its mark and colour, what is said of it."""

    company: int
    x: float
    y: float
    mark: str
    tone: str
    name: str


class Plane(NamedTuple):
    """All of them. means: of the whole group, ΣX ÷ Σland, as number and text. short: axes and title where there is no room."""

    title: str
    across: str
    up: str
    dots: Sequence[Dot]
    means: tuple[tuple[float, str] | None, tuple[float, str] | None] = (None, None)
    legend: Sequence[tuple[str, str, str]] = ()
    short: tuple[str, str] = ("", "")


class Scatter(QWidget):
    """`picked`: an enterprise that was clicked; `framed`: those in a frame that was drawn (none: the frame is gone)."""

    picked = Signal(int)
    framed = Signal(list)

    def __init__(self) -> None:
        super().__init__()
        self.plane = Plane("", "", "", ())
        self.chosen = 0
        self._frame: tuple[QPoint, QPoint] | None = None
        self._drawn: QPixmap | None = None
        self._most = (1.0, 1.0)
        self.setMouseTracking(True)
        self.setMinimumHeight(200)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_plane(self, plane: Plane) -> None:
        """Other points."""
        self.plane, self._drawn, self._frame = plane, None, None
        self._most = (_end([one.x for one in plane.dots]), _end([one.y for one in plane.dots]))
        self.setAccessibleName(plane.title)
        self.update()

    def choose(self, company: int) -> None:
        """Ring this one."""
        self.chosen = company
        self.update()

    def where(self, dot: Dot) -> tuple[QPointF, bool]:
        """Where a point is drawn, and whether it lies beyond the axes, on whose edge it stands then."""
        area = self._area()
        x, y = dot.x / self._most[0], dot.y / self._most[1]
        inside = 0 <= x <= 1 and 0 <= y <= 1
        x, y = min(max(x, 0), 1), min(max(y, 0), 1)
        return QPointF(area.left() + x * area.width(), area.bottom() - y * area.height()), not inside

    def _area(self) -> QRectF:
        return QRectF(self.rect()).adjusted(_LEFT, _TOP, -_RIGHT, -_BOTTOM)

    # --- painting --------------------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Draw anew."""
        self._drawn = None

    def paintEvent(self, event: QPaintEvent) -> None:
        """The points as they were drawn, the ring and the frame over them."""
        if self._drawn is None or self._drawn.deviceIndependentSize().toSize() != self.size():
            self._drawn = self.picture()
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._drawn)
        self._paint_ring(painter)
        if self._frame is not None:
            of = theme.tokens()
            painter.setPen(QPen(of.color("accent"), 1, Qt.PenStyle.DashLine))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(QPointF(self._frame[0]), QPointF(self._frame[1])).normalized())

    def picture(self) -> QPixmap:
        """The chart without ring and frame."""
        scale = self.devicePixelRatioF()
        made = QPixmap(self.size() * scale)
        made.setDevicePixelRatio(scale)
        of = theme.tokens()
        made.fill(of.color("panel"))
        painter = QPainter(made)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.font(12))
        painter.setPen(of.color("text"))
        room = self.width() - _LEFT - sum(_legend_width(one) for one in self.plane.legend)
        title = self.plane.title
        if theme.metrics(12).horizontalAdvance(title) > room:
            title = " × ".join(reversed(self.plane.short))
        title = theme.metrics(12).elidedText(title, Qt.TextElideMode.ElideRight, max(40, room))
        painter.drawText(QRectF(16, 6, self.width(), 20), title)
        self._paint_legend(painter)
        if len(self.plane.dots) < FEWEST:
            painter.setPen(of.color("mute"))
            said = tr(_("The chart is drawn from {count} enterprises up.", count=FEWEST))
            painter.drawText(self._area(), int(Qt.AlignmentFlag.AlignCenter), said)
        else:
            self._paint_axes(painter)
            self._paint_dots(painter)
        painter.end()
        return made

    def _paint_legend(self, painter: QPainter) -> None:
        x = self.width() - 12
        for one in reversed(self.plane.legend):
            x -= _legend_width(one)
            draw_mark(painter, one[0], QRectF(x, 11, 10, 10), one[1])
            painter.drawText(QRectF(x + 14, 6, 60, 20), one[2])

    def _paint_axes(self, painter: QPainter) -> None:
        of, area = theme.tokens(), self._area()
        for at in range(5):
            x, y = area.left() + area.width() * at / 4, area.bottom() - area.height() * at / 4
            painter.setPen(of.color("line2" if at else "line"))
            painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            painter.setPen(of.color("mute"))
            painter.setFont(theme.font(11))
            shown = [_short(most * at / 4) for most in self._most]
            where = Qt.AlignmentFlag.AlignHCenter if at < 4 else Qt.AlignmentFlag.AlignRight
            box = QRectF(x - 30, area.bottom() + 2, 60, 16) if at < 4 else QRectF(x - 60, area.bottom() + 2, 66, 16)
            painter.drawText(box, int(where), shown[0])
            painter.drawText(QRectF(0, y - 8, _LEFT - 6, 16), int(Qt.AlignmentFlag.AlignRight), shown[1])
        foot = QRectF(area.left(), area.bottom() + 18, area.width(), 18)
        up, across = (f"↑ {self.plane.up}", f"{self.plane.across} →")
        if theme.metrics(11).horizontalAdvance(f"{up}  {across}") > foot.width():
            up, across = (f"↑ {self.plane.short[1]}", f"{self.plane.short[0]} →")
        painter.drawText(foot, int(Qt.AlignmentFlag.AlignLeft), up)
        painter.drawText(foot, int(Qt.AlignmentFlag.AlignRight), across)
        painter.setPen(QPen(of.color("mute"), 1, Qt.PenStyle.DashLine))
        mean_across, mean_up = self.plane.means
        if mean_across is not None:
            x = area.left() + area.width() * min(1.0, mean_across[0] / self._most[0])
            painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
            painter.drawText(QRectF(x + 4, area.top(), 120, 16), mean_across[1])
        if mean_up is not None:
            y = area.bottom() - area.height() * min(1.0, mean_up[0] / self._most[1])
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            painter.drawText(
                QRectF(area.right() - 120 - _MARK, y - 16, 120, 16), int(Qt.AlignmentFlag.AlignRight), mean_up[1]
            )

    def _paint_dots(self, painter: QPainter) -> None:
        """Each mark is drawn once and stamped: ten thousand of them must not hold the window up."""
        stamps: dict[tuple[str, str], QPixmap] = {}
        half = _MARK / 2 + 1
        area, (widest, highest) = self._area(), self._most
        for dot in self.plane.dots:
            stamp = stamps.get((dot.mark, dot.tone))
            if stamp is None:
                stamp = stamps[dot.mark, dot.tone] = self._stamp(dot.mark, dot.tone)
            x, y = dot.x / widest, dot.y / highest
            if 0 <= x <= 1 and 0 <= y <= 1:
                across, down = area.left() + x * area.width() - half, area.bottom() - y * area.height() - half
                painter.drawPixmap(QPointF(across, down), stamp)
            else:
                self._paint_beyond(painter, dot, stamp)

    def _paint_beyond(self, painter: QPainter, dot: Dot, stamp: QPixmap) -> None:
        at, _beyond = self.where(dot)
        painter.drawPixmap(QPointF(at.x() - _MARK / 2 - 1, at.y() - _MARK / 2 - 1), stamp)
        painter.setPen(theme.tokens().color(dot.tone))
        painter.setFont(theme.font(11))
        way = "↑" if dot.y > self._most[1] else "→" if dot.x > self._most[0] else "↓" if dot.y < 0 else "←"
        painter.drawText(QRectF(at.x() - 16, at.y() + 3, 12, 14), way)

    def _stamp(self, mark: str, tone: str) -> QPixmap:
        scale = self.devicePixelRatioF()
        made = QPixmap(round((_MARK + 2) * scale), round((_MARK + 2) * scale))
        made.setDevicePixelRatio(scale)
        made.fill(Qt.GlobalColor.transparent)
        painter = QPainter(made)
        draw_mark(painter, mark, QRectF(1, 1, _MARK, _MARK), tone)
        painter.end()
        return made

    def _paint_ring(self, painter: QPainter) -> None:
        dot = next((one for one in self.plane.dots if one.company == self.chosen), None)
        if dot is None or len(self.plane.dots) < FEWEST:
            return
        of, (at, _beyond) = theme.tokens(), self.where(dot)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(of.color("text"), 1.6))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(at, 9, 9)
        wide = min(theme.metrics(12).horizontalAdvance(dot.name) + 12, self.width() - _LEFT - _RIGHT)
        left = min(max(at.x() + 14, _LEFT), self.width() - _RIGHT - wide)
        top = at.y() + 10 if at.y() < self._area().bottom() - 34 else at.y() - 30
        box = QRectF(left, top, wide, 20)
        painter.setBrush(of.color("panel"))
        painter.setPen(of.color("text"))
        painter.drawRoundedRect(box, 4, 4)
        painter.setFont(theme.font(12))
        name = theme.metrics(12).elidedText(dot.name, Qt.TextElideMode.ElideRight, int(wide) - 8)
        painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), name)

    # --- mouse -----------------------------------------------------------------------------------------------------

    def dot_at(self, where: QPoint) -> Dot | None:
        """The point nearest to the mouse."""
        near = [(abs(at.x() - where.x()) + abs(at.y() - where.y()), dot) for dot in self.plane.dots
                for at, _beyond in (self.where(dot),)]  # fmt: skip
        found = min(near, default=None, key=lambda pair: pair[0])
        return found[1] if found is not None and found[0] <= _NEAR * 2 else None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A frame begins."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._frame = (event.position().toPoint(), event.position().toPoint())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """It becomes larger."""
        if self._frame is not None:
            self._frame = (self._frame[0], event.position().toPoint())
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Chosen are those in the frame; without a frame, the point under the mouse."""
        frame, self._frame = self._frame, None
        self.update()
        if frame is None:
            return
        if (frame[0] - event.position().toPoint()).manhattanLength() > _NEAR:
            self.frame(QRectF(QPointF(frame[0]), event.position()).normalized())
        elif (dot := self.dot_at(frame[0])) is not None:
            self.picked.emit(dot.company)
        else:
            self.framed.emit([])

    def frame(self, box: QRectF) -> None:
        """Choose what lies in a box."""
        self.framed.emit([dot.company for dot in self.plane.dots if box.contains(self.where(dot)[0])])

    def event(self, event: object) -> bool:
        """The name and both values of a point as a tooltip."""
        if isinstance(event, QHelpEvent):
            dot = self.dot_at(event.pos())
            said = "" if dot is None else f"{dot.name}\n{self.plane.across} {dot.x:,.1f}\n{self.plane.up} {dot.y:,.1f}"
            QToolTip.showText(event.globalPos(), said, self)
            return True
        return super().event(event)  # type: ignore[arg-type]


def _legend_width(one: tuple[str, str, str]) -> int:
    return 14 + theme.metrics(12).horizontalAdvance(one[2]) + 12


def _end(values: Sequence[float]) -> float:
    """A round number at which an axis ends: the largest value, or less where a few lie far beyond all others."""
    there = sorted(value for value in values if value > 0)
    if not there:
        return 1.0
    usual = there[int(len(there) * 0.95) - 1 if len(there) > 20 else len(there) - 1]
    wanted = there[-1] if there[-1] <= _FAR * usual else usual * 1.2
    step = 10.0 ** (len(str(int(wanted))) - 1) if wanted >= 1 else 0.1
    return next(step * times for times in (1, 1.2, 1.6, 2, 2.4, 3.2, 4, 5, 6, 8, 10, 12) if step * times >= wanted)


def _short(value: float) -> str:
    if abs(value) >= _LARGE:
        return f"{value / 10**4:,.0f}万" if language() == "zh" else f"{value / 10**6:,.1f}M"
    return f"{value:,.0f}" if value == round(value) else f"{value:,.1f}"
