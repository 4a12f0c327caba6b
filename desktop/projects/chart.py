"""The chart: how many projects, or how much money, by place, industry, month or stage; a click opens the rows behind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QPixmap

from db.core.fields import Money
from db.core.text import Text, _
from desktop.kit import clipboard
from desktop.kit.bars import Bar, Bars
from desktop.kit.columns import large_amount
from desktop.kit.page import Connection, Page
from desktop.kit.parts import ElidedLabel, Segments, button
from desktop.kit.words import language, tr
from desktop.projects.view import RowsView

if TYPE_CHECKING:
    from db.core.filters import Condition
    from db.projects.portions import Portion, Portions

_BY: tuple[tuple[str, Text], ...] = (
    ("street", _("Place")), ("industry", _("Industry")), ("month", _("Month")), ("stage", _("Stage")),
)  # fmt: skip


class ChartView(RowsView):
    """See the module. `narrowed` gives the condition that a bar stands for."""

    narrowed = Signal(object)

    def __init__(self, page: Page) -> None:
        self.by = Segments(_BY, "street")
        self.measure = Segments((("count", _("Number")), ("amount", _("Investment"))), "count")
        self.order = Segments((("own", _("Their order")), ("value", _("Largest first"))), "own")
        self.copy = button(_("Copy as a picture"), self.copy_picture, small=True)
        self.facts = ElidedLabel(size=12, tone="mute")
        super().__init__(page, self.by, 8, self.measure, 8, self.order, 12, self.facts, self.copy)
        self.strip_row.setStretchFactor(self.facts, 1)
        self._found: Portions | None = None
        self._grouped, self._measured, self._ordered = "street", "count", "own"
        self.bars = Bars(self)
        self.put(self.bars)
        self.setFocusProxy(self.bars)
        self.by.chosen.connect(self.group_by)
        self.measure.chosen.connect(self.count_in)
        self.order.chosen.connect(self.put_in_order)
        self.bars.picked.connect(self._picked)

    def read(self) -> None:
        """The rows counted by what is chosen."""
        ids, by = self.ids, self._grouped

        def work(connection: Connection) -> Portions:
            from db.projects.portions import portions

            return portions(connection, ids, by)

        self.page.ask(work, self._take, key="portions")

    def group_by(self, key: str) -> None:
        """By place, industry, month or stage."""
        self._grouped = key
        self.by.choose(key)
        self.read()

    def count_in(self, key: str) -> None:
        """The number of projects, or their agreed investment."""
        self._measured = key
        self.measure.choose(key)
        if self._found is not None:
            self._take(self._found)

    def put_in_order(self, key: str) -> None:
        """As they stand in the book (建制顺序, stages, months), or the largest first."""
        self._ordered = key
        self.order.choose(key)
        if self._found is not None:
            self._take(self._found)

    def _take(self, found: Portions) -> None:
        self._found = found
        title = tr(_("{what} by {by}", what=self._what(), by=tr(dict(_BY)[self._grouped]).lower()))
        self.bars.show_bars(title, [self._bar(one) for one in self._in_order(found)], upright=self._grouped == "month")
        parts = found.parts
        amount, unit = large_amount(sum(one.amount for one in parts))
        count = f"{sum(one.count for one in parts):,}"
        said = tr(_("{count} projects · {amount} {unit}", count=count, amount=amount, unit=unit))
        more = tr(_("{count} more in foreign currency", count=f"{found.foreign:,}")) if found.foreign else ""
        self.facts.say(" · ".join(part for part in (said, more) if part))

    def _what(self) -> Text:
        if self._measured == "count":
            return _("Number of projects")
        return _("Agreed investment (100m yuan)") if self._grouped == "month" else _("Agreed investment")

    def _in_order(self, found: Portions) -> list[Portion]:
        """In their own order, or the largest first; industries have none of their own. What is not filled in is last."""
        if self._ordered == "own" and self._grouped != "industry":
            return list(found.parts)
        by_count = self._measured == "count"
        return sorted(found.parts, key=lambda one: (one.value is None, -(one.count if by_count else one.amount)))

    def _bar(self, part: Portion) -> Bar:
        from db.core.formats import show

        if self._measured == "count":
            return Bar(self._name(part.value), part.count, f"{part.count:,}", part.value)
        if self._grouped == "month":
            said = show(Money(), part.amount, unit="亿元", digits=2)
        else:
            said = " ".join(large_amount(part.amount))
        return Bar(self._name(part.value), part.amount, said, part.value)

    def _name(self, value: Any) -> str:
        from db.core.formats import show

        assert self._found is not None
        if value is None or value == "":
            return tr(_("(empty)"))
        return str(value) if self._grouped == "month" else show(self._found.field.kind, value, language())

    def _picked(self, value: Any) -> None:
        if self._found is not None:
            self.narrowed.emit(_condition(self._found.field.key, value, by_month=self._grouped == "month"))

    def picture(self) -> QPixmap:
        """The chart with its title, as it is copied: whole, however far one would have to scroll."""
        return self.bars.picture()

    def copy_picture(self) -> None:
        """The chart to the clipboard."""
        said = _("The chart is on the clipboard as a picture.")
        clipboard.give(self.page.desk, self.picture().toImage(), said)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+C copies the picture."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_picture()
        else:
            super().keyPressEvent(event)


def _condition(key: str, value: Any, *, by_month: bool) -> Condition:
    """What a bar stands for."""
    from db.core.filters import Condition

    if value is None or value == "":
        return Condition(key, "empty")
    if not by_month:
        return Condition(key, "one_of", (value,))
    import calendar

    year, month = map(int, value.split("-"))
    return Condition(key, "between", (f"{value}-01", f"{value}-{calendar.monthrange(year, month)[1]:02d}"))
