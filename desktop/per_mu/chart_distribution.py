"""How the scores lie: so many enterprises in each span of points, and where the classes begin."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QHelpEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QToolTip, QWidget

from db.core.text import _
from desktop.kit import theme
from desktop.kit.words import tr
from desktop.per_mu.evaluation_cells import SCALE, Cells, points

_SPANS = 24
_LEFT, _TOP, _RIGHT, _BOTTOM = 48, 84, 24, 44


class Distribution(QWidget):
    """`picked`: the enterprises of the column that was clicked."""

    picked = Signal(list)

    def __init__(self) -> None:
        super().__init__()
        self.columns: list[list[int]] = []
        self.limits: list[tuple[float, str, str]] = []  # points, class, said
        self._from, self._to = 0.0, 1.0
        self.setMinimumHeight(240)
        self.setAccessibleName(tr(_("Distribution")))

    def show_scores(self, cells: Cells) -> None:
        """Of one outcome; those without a score are not in it."""
        outcome = cells.outcome
        scores = [
            (score / SCALE, one.company)
            for score, one in zip(outcome.scores, outcome.group.members, strict=True)
            if score is not None
        ]
        low, high = min((one for one, _c in scores), default=0.0), max((one for one, _c in scores), default=1.0)
        step = max(1.0, float(int((high - low) / _SPANS) + 1))
        self._from = low // step * step
        count = min(_SPANS + 2, int((high - self._from) / step) + 1)
        self._to = self._from + count * step
        self.columns = [[] for _at in range(count)]
        for score, company in scores:
            self.columns[min(count - 1, int((score - self._from) / step))].append(company)
        self.limits = []
        for grade in cells.names[:-1]:
            there = [
                one
                for one, held in zip(outcome.scores, outcome.classes, strict=True)
                if held == grade and one is not None
            ]
            if there:
                self.limits.append((min(there) / SCALE, grade, points(min(there))))
        self.setAccessibleDescription("；".join(f"{grade} {said}" for _score, grade, said in self.limits))
        self.update()

    def _box(self, at: int) -> QRectF:
        wide = (self.width() - _LEFT - _RIGHT) / max(1, len(self.columns))
        most = max((len(one) for one in self.columns), default=1) or 1
        high = (self.height() - _TOP - _BOTTOM) * len(self.columns[at]) / most
        return QRectF(_LEFT + at * wide, self.height() - _BOTTOM - high, wide, high)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Columns, counts over them, the limits of the classes."""
        of = theme.tokens()
        painter = QPainter(self)
        painter.fillRect(self.rect(), of.color("panel"))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.font(13, bold=True))
        painter.setPen(of.color("text"))
        painter.drawText(
            QRectF(24, 10, self.width() - 48, 22), tr(_("Enterprises by points; dashed: the last of each class"))
        )
        painter.setFont(theme.font(11))
        bottom = self.height() - _BOTTOM
        every = max(1, len(self.columns) // 12)
        for at, companies in enumerate(self.columns):
            box = self._box(at)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(of.color("accent"))
            painter.drawRoundedRect(box.adjusted(2, 0, -2, 0), 2, 2)
            painter.setPen(of.color("mute"))
            if companies:
                painter.drawText(
                    QRectF(box.left(), box.top() - 17, box.width(), 16),
                    int(Qt.AlignmentFlag.AlignCenter),
                    str(len(companies)),
                )
            if at % every == 0:
                start = self._from + (self._to - self._from) * at / len(self.columns)
                painter.drawText(
                    QRectF(box.left() - 20, bottom + 4, 40, 16), int(Qt.AlignmentFlag.AlignCenter), f"{start:g}"
                )
        painter.setPen(of.color("line"))
        painter.drawLine(QPointF(_LEFT, bottom), QPointF(self.width() - _RIGHT, bottom))
        self._paint_limits(painter)

    def _paint_limits(self, painter: QPainter) -> None:
        of = theme.tokens()
        painter.setFont(theme.font(12))
        free, level = float(self.width()), 0
        for score, grade, said in self.limits:
            x = _LEFT + (self.width() - _LEFT - _RIGHT) * (score - self._from) / (self._to - self._from)
            painter.setPen(QPen(of.color("text"), 1, Qt.PenStyle.DashLine))
            text = f"{grade} ≥ {said}"
            crowded = x + theme.metrics(12).horizontalAdvance(text) + 8 > free and level == 0
            level, free = (1 if crowded else 0), x
            top = _TOP - 34 - 16 * level
            painter.drawLine(QPointF(x, top), QPointF(x, self.height() - _BOTTOM))
            painter.drawText(QPointF(x + 4, top + 10), text)

    def _at(self, x: float) -> int:
        wide = (self.width() - _LEFT - _RIGHT) / max(1, len(self.columns))
        at = int((x - _LEFT) // wide)
        return at if 0 <= at < len(self.columns) else -1

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Show those of a column."""
        at = self._at(event.position().x())
        if at >= 0 and self.columns[at]:
            self.picked.emit(self.columns[at])

    def event(self, event: object) -> bool:
        """The span and the number as a tooltip."""
        if isinstance(event, QHelpEvent):
            at = self._at(event.pos().x())
            step = (self._to - self._from) / max(1, len(self.columns))
            start = self._from + at * step
            said = (
                tr(
                    _(
                        "{low} to {high} points: {count}",
                        low=f"{start:g}",
                        high=f"{start + step:g}",
                        count=len(self.columns[at]),
                    )
                )
                if at >= 0
                else ""
            )
            QToolTip.showText(event.globalPos(), said, self)
            return True
        return super().event(event)  # type: ignore[arg-type]
