"""Choosing a period: the months from … to … of a year; a button that says it and a small window to change it."""

from __future__ import annotations

import datetime as dt
from functools import partial

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QFrame

from db.core.period import Period, period_name
from db.core.text import Text, _
from desktop.kit.choices import Choices
from desktop.kit.parts import button, column_of, label, row_of
from desktop.kit.view_button import DropButton
from desktop.kit.words import language


class PeriodButton(DropButton):
    """Shows the period; a click opens the choice. `chosen` when another one was taken."""

    chosen = Signal()

    def __init__(self, period: Period, years: tuple[int, int]) -> None:
        super().__init__()
        self.period = self._proposed = period
        self._years = years
        self._window: QFrame | None = None
        self.clicked.connect(self._open)
        self.say_period()

    def follow(self, today: dt.date) -> None:
        """Another day is today: the year so far of that one, where nobody chose a period."""
        if self.period == self._proposed != this_year_so_far(today):
            self.period = self._proposed = this_year_so_far(today)
            self._years = (today.year - self._years[1] + self._years[0], today.year)
            self.say_period()

    def say_period(self) -> None:
        """What it shows."""
        self.say(period_name(self.period))

    def take(self, period: Period) -> None:
        """Another period; tells."""
        self.period = period
        self.say_period()
        self.chosen.emit()

    def _open(self) -> None:
        window = QFrame(self, Qt.WindowType.Popup)
        window.setProperty("box", "card")
        low, high = self.period.months or (self.period.first[:7], self.period.last[:7])
        years = [(str(year), _year(year)) for year in range(self._years[1], self._years[0] - 1, -1)]
        months = [(f"{month:02d}", _month(month)) for month in range(1, 13)]
        self.year, self.low, self.high = Choices(years, low[:4]), Choices(months, low[5:]), Choices(months, high[5:])
        for one in (self.year, self.low, self.high):
            one.setFixedWidth(96)
        lines = column_of(margins=(14, 12, 14, 12), gap=10, parent=window)
        lines.addWidget(label(_("Months of the report")))
        lines.addLayout(row_of(self.year, self.low, label(_("to")), self.high, gap=6))
        quick = row_of(gap=6)
        for text, first, last in ((_("First half"), 1, 6), (_("Whole year"), 1, 12)):
            quick.addWidget(button(text, partial(self._pick, first, last), small=True))
        quick.addStretch(1)
        quick.addWidget(button(_("Show"), self._take_months, kind="primary", small=True))
        lines.addLayout(quick)
        window.move(self.mapToGlobal(QPoint(0, self.height() + 2)))
        self._window = window
        window.show()

    def _pick(self, first: int, last: int) -> None:
        self._close(f"{self.year.key}-{first:02d}", f"{self.year.key}-{last:02d}")

    def _take_months(self) -> None:
        low, high = sorted((self.low.key, self.high.key))
        self._close(f"{self.year.key}-{low}", f"{self.year.key}-{high}")

    def _close(self, low: str, high: str) -> None:
        if self._window is not None:
            self._window.close()
            self._window = None
        self.take(Period.of_months(low, high, cut=self.period.cut))


def _year(year: int) -> Text | str:
    return f"{year}年" if language() == "zh" else str(year)


def _month(month: int) -> Text | str:
    return f"{month}月" if language() == "zh" else f"{month:02d}"


def this_year_so_far(today: dt.date) -> Period:
    """January to the last month that has ended; in January the whole year before."""
    if today.month == 1:
        return Period.of_months(f"{today.year - 1}-01", f"{today.year - 1}-12")
    return Period.of_months(f"{today.year}-01", f"{today.year}-{today.month - 1:02d}")


def last_ended(period: Period | None, today: dt.date) -> Period:
    """The last period a book has something of, but none that has not ended yet: that was not published."""
    return period if period is not None and period.last < today.isoformat() else this_year_so_far(today)
