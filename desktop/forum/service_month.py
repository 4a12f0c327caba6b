"""A month with its visits: who visits whom on which day, the ones beyond what the office wants in grey with a note."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QHelpEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from db.core.text import Text, _
from desktop.kit import projector, theme
from desktop.kit.words import tr

if TYPE_CHECKING:
    from db.forum.queries import Planned

_HEAD, _LINE, _LINES = 24, 17, 2
_WEEK = (_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun"))
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)


class VisitMonth(QWidget):
    """See the module. `chosen`: a visit; `day_chosen`: an empty place of a day, ISO."""

    chosen = Signal(int)
    day_chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._month, self._today = dt.date(2000, 1, 1), ""
        self.planned: dict[str, list[Planned]] = {}
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(tr(_("Calendar of visits")))

    def show_month(self, month: dt.date, today: dt.date, planned: Sequence[Planned]) -> None:
        """Another month."""
        self._month, self._today = month, today.isoformat()
        self.planned = {}
        for one in planned:
            self.planned.setdefault(one.on_day, []).append(one)
        self.updateGeometry()
        self.update()

    @property
    def _begin(self) -> dt.date:
        return self._month - dt.timedelta(days=self._month.weekday())

    @property
    def _weeks(self) -> int:
        after = (self._month + dt.timedelta(days=32)).replace(day=1)
        return ((after - self._begin).days + 6) // 7

    @property
    def _high(self) -> int:
        return 20 + _LINES * _LINE + 4

    def sizeHint(self) -> QSize:
        """As high as its weeks."""
        return QSize(600, _HEAD + self._weeks * self._high + 1)

    def box(self, day: dt.date) -> QRect:
        """Where a day is drawn."""
        at = (day - self._begin).days
        wide = self.width() / 7
        left = round(at % 7 * wide)
        return QRect(left, _HEAD + at // 7 * self._high, round((at % 7 + 1) * wide) - left, self._high)

    def day_at(self, where: QPoint) -> dt.date | None:
        """The day under the mouse."""
        if where.y() < _HEAD or not self.width():
            return None
        at = (where.y() - _HEAD) // self._high * 7 + min(6, where.x() * 7 // self.width())
        day = self._begin + dt.timedelta(days=int(at))
        return day if day.month == self._month.month else None

    def visit_at(self, where: QPoint) -> Planned | None:
        """The visit under the mouse."""
        day = self.day_at(where)
        if day is None:
            return None
        place = (where.y() - self.box(day).top() - 20) // _LINE
        there = self.planned.get(day.isoformat(), [])
        return there[place] if 0 <= place < min(len(there), _LINES) else None

    def paintEvent(self, event: QPaintEvent) -> None:
        """Weekdays, days, visits."""
        of, painter = theme.tokens(), QPainter(self)
        painter.fillRect(self.rect(), of.color("panel"))
        painter.setFont(theme.font(12))
        painter.setPen(of.color("mute"))
        for at, name in enumerate(_WEEK):
            box = self.box(self._begin + dt.timedelta(days=at))
            painter.drawText(QRect(box.left() + 8, 0, box.width() - 8, _HEAD), _LEFT, tr(name))
        for at in range(self._weeks * 7):
            day = self._begin + dt.timedelta(days=at)
            self._paint_day(painter, day, self.box(day))

    def _paint_day(self, painter: QPainter, day: dt.date, box: QRect) -> None:
        of, iso = theme.tokens(), day.isoformat()
        here = day.month == self._month.month
        painter.fillRect(box, of.color("panel" if here else "bg"))
        painter.setPen(of.color("line"))
        painter.drawRect(box.adjusted(0, 0, 0, 0))
        if not here:
            return
        painter.setFont(theme.font(12, bold=iso == self._today))
        painter.setPen(of.color("accent" if iso == self._today else "faint" if day.weekday() >= 5 else "mute"))
        painter.drawText(QRect(box.left() + 8, box.top() + 1, 40, 18), _LEFT, str(day.day))
        there = self.planned.get(iso, [])
        painter.setFont(theme.font(12))
        for at, one in enumerate(there[:_LINES]):
            line = QRect(box.left() + 8, box.top() + 20 + at * _LINE, box.width() - 12, _LINE)
            painter.setPen(of.color("faint" if one.note is not None else "text" if not one.done else "green"))
            shown = theme.metrics(12).elidedText(said(one), Qt.TextElideMode.ElideRight, line.width())
            painter.drawText(line, _LEFT, shown)
        if len(there) > _LINES:
            painter.setPen(of.color("faint"))
            box_more = QRect(box.right() - 60, box.top() + 1, 54, 18)
            more = tr(_("{count} more", count=len(there) - _LINES))
            painter.drawText(box_more, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), more)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A visit, or a day for a new one."""
        where = event.position().toPoint()
        one, day = self.visit_at(where), self.day_at(where)
        if one is not None:
            self.chosen.emit(one.id)
        elif day is not None:
            self.day_chosen.emit(day.isoformat())

    def event(self, event: QEvent) -> bool:
        """The whole visit, with its note, while the mouse rests."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            one = self.visit_at(event.pos())
            QToolTip.showText(event.globalPos(), "" if one is None else _whole(one), self)
            return True
        return super().event(event)


def said(one: Planned) -> str:
    """Who visits whom."""
    who = one.who or tr(_("Unit not yet said"))
    return projector.covered(f"{who} → {one.company}")


def _whole(one: Planned) -> str:
    parts: list[str | Text] = [said(one), one.purpose, _("The enterprise asked for it") if one.requested else ""]
    parts.append(one.note or "")
    return "\n".join(tr(part) for part in parts if part)
