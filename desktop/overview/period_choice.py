"""Choosing a period of any kind for a report: months, a week or two, ten days, a year, or any two days."""

from __future__ import annotations

import datetime as dt
from functools import partial

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QFrame, QStackedWidget, QWidget

from db.core.errors import Refused
from db.core.fields import Day, Field
from db.core.period import Period, month_days
from db.core.text import Text, _
from desktop.kit.choices import Choices
from desktop.kit.editors import Line, take
from desktop.kit.lists import show_inside
from desktop.kit.parts import Segments, button, column_of, label, row_of
from desktop.kit.periods import PeriodButton
from desktop.kit.words import language, tr

_DAY = Field("day", _("Day"), Day())
_MONTHS, _DAYS = "months", "days"


class ReportPeriod(PeriodButton):
    """A button that says the period; its window offers months and days. `chosen` when another one was taken."""

    def __init__(self, period: Period, years: tuple[int, int], today: dt.date) -> None:
        super().__init__(period, years)
        self._today = today
        self.first = self.last = Line(_DAY, None)
        self.why = label("", size=12, tone="red", wrap=True)

    def _open(self) -> None:
        window = QFrame(self, Qt.WindowType.Popup)
        window.setProperty("box", "card")
        window.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        kinds = Segments(((_MONTHS, _("By months")), (_DAYS, _("By days"))), _MONTHS if self.period.months else _DAYS)
        pages = QStackedWidget()
        pages.addWidget(self._month_page())
        pages.addWidget(self._day_page())
        pages.setCurrentIndex(0 if self.period.months else 1)
        kinds.chosen.connect(lambda key: pages.setCurrentIndex(0 if key == _MONTHS else 1))
        column_of(kinds, pages, margins=(14, 12, 14, 12), gap=12, parent=window)
        self._window = window
        window.adjustSize()
        show_inside(window, self.mapToGlobal(QPoint(0, self.height() + 2)))

    def _month_page(self) -> QWidget:
        low, high = self.period.months or (self.period.first[:7], self.period.last[:7])
        years = [(str(year), _year(year)) for year in range(self._years[1], self._years[0] - 1, -1)]
        months = [(f"{month:02d}", _month(month)) for month in range(1, 13)]
        self.year, self.low, self.high = Choices(years, low[:4]), Choices(months, low[5:]), Choices(months, high[5:])
        for one in (self.year, self.low, self.high):
            one.setFixedWidth(96)
        made = QWidget()
        lines = column_of(gap=10, parent=made)
        lines.addLayout(row_of(self.year, self.low, label(_("to")), self.high, None, gap=6))
        quick = row_of(gap=6)
        for text, do in (
            (_("The month alone"), lambda: self._pick(int(self.high.key), int(self.high.key))),
            (_("January to it"), lambda: self._pick(1, int(self.high.key))),
            (_("First half"), partial(self._pick, 1, 6)),
            (_("Whole year"), partial(self._pick, 1, 12)),
        ):
            quick.addWidget(button(text, do, small=True))
        quick.addStretch(1)
        lines.addLayout(quick)
        lines.addLayout(row_of(None, button(_("Show"), self._take_months, kind="primary", small=True)))
        return made

    def _day_page(self) -> QWidget:
        self.first, self.last = Line(_DAY, self.period.first), Line(_DAY, self.period.last)
        for one in (self.first, self.last):
            one.setFixedWidth(112)
            one.returnPressed.connect(self._take_days)
        self.why = label("", size=12, tone="red", wrap=True)
        made = QWidget()
        lines = column_of(gap=10, parent=made)
        lines.addLayout(row_of(self.first, label(_("to")), self.last, None, gap=6))
        quick = row_of(gap=6)
        for text, days in _recent(self._today):
            quick.addWidget(button(text, partial(self._close_days, *days), small=True))
        quick.addStretch(1)
        lines.addLayout(quick)
        lines.addWidget(self.why)
        lines.addLayout(row_of(None, button(_("Show"), self._take_days, kind="primary", small=True)))
        return made

    def _take_days(self) -> None:
        try:
            first, last = take(_DAY, self.first.typed), take(_DAY, self.last.typed)
        except Refused as refused:
            self.why.setText(refused.render(language()))
            return
        if not first or not last or first > last:
            self.why.setText(tr(_("Two days are wanted, the earlier one first.")))
            return
        self._close_days(first, last)

    def _close_days(self, first: str, last: str) -> None:
        if self._window is not None:
            self._window.close()
            self._window = None
        self.take(Period.parse(f"{first}..{last}", cut=self.period.cut))


def _recent(today: dt.date) -> list[tuple[Text, tuple[str, str]]]:
    """The stretches of days for which offices report, the last that have ended."""
    sunday = today - dt.timedelta(days=today.isoweekday())

    def back(days: int) -> tuple[str, str]:
        return (sunday - dt.timedelta(days=days - 1)).isoformat(), sunday.isoformat()

    return [(_("Last week"), back(7)), (_("Last fortnight"), back(14)), (_("Last ten days"), _ten_days(today))]


def _ten_days(today: dt.date) -> tuple[str, str]:
    """上旬, 中旬 or 下旬, the last that has ended."""
    month = today.isoformat()[:7]
    if today.day > 20:
        return f"{month}-11", f"{month}-20"
    if today.day > 10:
        return f"{month}-01", f"{month}-10"
    before = (today.replace(day=1) - dt.timedelta(days=1)).isoformat()[:7]
    return f"{before}-21", month_days(before)[1]


def _year(year: int) -> str:
    return f"{year}年" if language() == "zh" else str(year)


def _month(month: int) -> str:
    return f"{month}月" if language() == "zh" else f"{month:02d}"
