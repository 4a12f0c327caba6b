"""A month under the editor of a day: weeks from Monday, holidays and shifted working days marked by a word each.

The editor keeps the keyboard and hands on what is meant for the month.
"""

from __future__ import annotations

import calendar
import datetime as dt

from PySide6.QtCore import QPoint, QRect, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QWidget

from db.core.text import _
from desktop.kit import theme
from desktop.kit.words import language, tr

_CELL, _LINE, _HEAD, _EDGE = 36, 30, 28, 8
_WEEKS = 6
_CENTRE = int(Qt.AlignmentFlag.AlignCenter)
_STEPS = {
    Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -7, Qt.Key.Key_Down: 7,
}  # fmt: skip
_FIRST, _LAST = dt.date(1900, 1, 1), dt.date(2199, 12, 31)


def moved(day: dt.date, months: int) -> dt.date:
    """The same day some months on, the last one where a month is shorter; inside what a book can hold."""
    count = day.year * 12 + day.month - 1 + months
    year, month = divmod(count, 12)
    if not _FIRST.year <= year <= _LAST.year:
        return day
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


class MonthView(QFrame):
    """See the module. `taken` gives the day that was clicked, or on which Enter was pressed."""

    taken = Signal(str)

    def __init__(self, owner: QWidget) -> None:
        super().__init__(owner.window())
        self.setProperty("box", "card")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(tr(_("Choose a day")))
        self._owner = owner
        self.day = self.today = dt.date(2000, 1, 1)
        self.hide()

    def open_on(self, day: dt.date, today: dt.date) -> None:
        """Show it under its editor, on a day."""
        self.day, self.today = day, today
        window = self.window()
        width, height = 7 * _CELL + 2 * _EDGE, 2 * _HEAD + _WEEKS * _LINE + 2 * _EDGE
        below = self._owner.mapTo(window, QPoint(0, self._owner.height() + 2))
        top = below.y() if below.y() + height <= window.height() else below.y() - self._owner.height() - height - 4
        self.setGeometry(max(0, min(below.x(), window.width() - width)), max(0, top), width, height)
        self.show()
        self.raise_()
        self._say()

    def key(self, key: int, *, control: bool) -> bool:
        """Arrows go by days and weeks, PgUp and PgDn by months, Home to today; Enter takes. Whether it was one of these."""
        pressed = Qt.Key(key)
        if pressed in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.hide()
            self.taken.emit(self.day.isoformat())
        elif pressed == Qt.Key.Key_Escape:
            self.hide()
        elif pressed in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            way = 1 if pressed == Qt.Key.Key_PageDown else -1
            self._go(moved(self.day, way * (12 if control else 1)))
        elif pressed == Qt.Key.Key_Home:
            self._go(self.today)
        elif pressed in _STEPS:
            day = self.day.toordinal() + _STEPS[pressed]
            self._go(dt.date.fromordinal(max(_FIRST.toordinal(), min(_LAST.toordinal(), day))))
        else:
            return False
        return True

    def _go(self, day: dt.date) -> None:
        self.day = day
        self._say()
        self.update()

    def _say(self) -> None:
        """For whoever hears the screen."""
        mark = self._mark(self.day)
        said = f"{self.day.isoformat()} {_week()[self.day.weekday()]} {mark}".strip()
        self.setAccessibleDescription(said)
        self._owner.setAccessibleDescription(said)

    def _first(self) -> dt.date:
        """The Monday with which the first week begins."""
        first = self.day.replace(day=1)
        return dt.date.fromordinal(first.toordinal() - first.weekday())

    @staticmethod
    def _mark(day: dt.date) -> str:
        """Off where a weekday is free, work where a weekend day is worked."""
        from db.core.calendar import published

        days = published()
        if day in days.off:
            return tr(_("off"))
        return tr(_("work")) if day in days.work else ""

    def _day_at(self, place: QPoint) -> dt.date | None:
        column, line = (place.x() - _EDGE) // _CELL, (place.y() - _EDGE - 2 * _HEAD) // _LINE
        if not (0 <= column < 7 and 0 <= line < _WEEKS):
            return None
        return dt.date.fromordinal(self._first().toordinal() + 7 * line + column)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click on a day takes it; at the sides of the title the months turn."""
        place = event.position().toPoint()
        day = self._day_at(place)
        if day is not None:
            self.hide()
            self.taken.emit(day.isoformat())
        elif place.y() < _EDGE + _HEAD:
            self._go(moved(self.day, -1 if place.x() < self.width() // 2 else 1))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Title, the days of the week, six weeks."""
        super().paintEvent(event)
        of, painter = theme.tokens(), QPainter(self)
        head = QRect(_EDGE, _EDGE, 7 * _CELL, _HEAD)
        painter.setFont(theme.font(13, bold=True))
        painter.setPen(of.color("text"))
        title = f"{self.day.year}年{self.day.month}月" if language() == "zh" else f"{self.day.month}/{self.day.year}"
        painter.drawText(head, _CENTRE, title)
        painter.setPen(of.color("mute"))
        painter.drawText(head, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), "  ‹")
        painter.drawText(head, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight), "›  ")
        painter.setFont(theme.font(11))
        for at, name in enumerate(_week()):
            painter.setPen(of.color("faint" if at > 4 else "mute"))
            painter.drawText(QRect(_EDGE + at * _CELL, _EDGE + _HEAD, _CELL, _HEAD), _CENTRE, name)
        first = self._first().toordinal()
        for at in range(7 * _WEEKS):
            self._paint_day(painter, dt.date.fromordinal(first + at), at)

    def _paint_day(self, painter: QPainter, day: dt.date, at: int) -> None:
        of = theme.tokens()
        box = QRect(_EDGE + at % 7 * _CELL, _EDGE + 2 * _HEAD + at // 7 * _LINE, _CELL, _LINE)
        chosen, mark = day == self.day, self._mark(day)
        if chosen:
            painter.fillRect(box.adjusted(2, 1, -2, -1), of.color("accent"))
        elif day == self.today:
            painter.setPen(of.color("accent"))
            painter.drawRect(box.adjusted(2, 1, -3, -2))
        painter.setFont(theme.font(13, bold=day == self.today))
        tone = "on_accent" if chosen else "faint" if day.month != self.day.month else "text"
        painter.setPen(of.color(tone))
        painter.drawText(box.adjusted(0, 0, -8 if mark else 0, 0), _CENTRE, str(day.day))
        if mark:
            painter.setFont(theme.font(10))
            painter.setPen(of.color("on_accent" if chosen else "green" if mark == tr(_("off")) else "red"))
            corner = box.adjusted(0, 1, -3, 0)
            painter.drawText(corner, int(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignRight), mark[:1])


def _week() -> tuple[str, ...]:
    return tuple("一二三四五六日") if language() == "zh" else ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
