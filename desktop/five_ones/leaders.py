"""领导包联情况: what each leader, or each unit, has of the projects one looks at. On the screen only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QRectF, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from db.core.fields import Money
from db.core.text import _
from db.five_ones.models import LEADER
from desktop.kit import theme
from desktop.kit.cells import Cell, CellPainter
from desktop.kit.lists import Heading, PlainList
from desktop.kit.parts import Segments, column_of, label, row_of
from desktop.kit.words import language, tr

if TYPE_CHECKING:
    from db.five_ones.matrix import Share

_ROW = 28
_FEW = 5
_BAR = 1  # the column with the bar


class _Bars(CellPainter):
    """Paints the second column as a bar: its text is how many of a hundred it is long."""

    def _draw_text(self, painter: QPainter, box: QRect, cell: Cell, *, selected: bool) -> None:
        if cell.after != "bar":
            super()._draw_text(painter, box, cell, selected=selected)
            return
        of = theme.tokens()
        whole = QRectF(box.left() + 4, box.center().y() - 3, box.width() - 10, 7)
        painter.fillRect(whole, of.color("line2"))
        whole.setWidth(whole.width() * min(int(cell.text), 100) / 100)
        painter.fillRect(whole, of.color(cell.tone))


class LoadList(QWidget):
    """`picked`: by what ("leader", "unit") and whose projects only; "" of those whom nobody has."""

    picked = Signal(str, str)
    by_changed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.by = LEADER
        self.shares: Sequence[Share] = ()
        self._most, self._rows = 1, _FEW
        self.title = label(_("What leaders have"), bold=True)
        self.note = label("", size=12, tone="mute")
        self.switch = Segments(((LEADER, _("Leaders")), ("unit", _("Units"))), LEADER)
        self.switch.chosen.connect(self.by_changed)
        self.list = PlainList(row_height=_ROW)
        self.list.setItemDelegate(_Bars(self.list))
        self.list.setAccessibleName(tr(_("What leaders have")))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.picked.connect(lambda row, _column: self.picked.emit(self.by, self.shares[row].name))
        head = row_of(self.title, self.note, None, self.switch, gap=8, margins=(16, 0, 12, 0))
        lines = column_of(gap=6, margins=(0, 10, 0, 0), parent=self)
        lines.addLayout(head)
        lines.addWidget(self.list, 1)

    def show_shares(self, found: Sequence[Share], by: str, most: int) -> None:
        """Other loads. most: how many projects one leader should have at most."""
        self.shares, self.by, self._most = found, by, max(1, most)
        self.switch.choose(by)
        self.note.setText(tr(_("at most {count} each", count=most)) if by == LEADER else "")
        name = _("Leader") if by == LEADER else _("Responsible unit")
        self.title.setText(tr(_("What leaders have") if by == LEADER else _("What units have")))
        narrow = language() == "zh" and by != LEADER  # names of units are long
        bar, count, money, few = (36, 44, 52, 42) if narrow else (56, 60, 62, 46)
        headings = (
            Heading(name, 68, stretch=True), Heading("", bar), Heading(_("Led"), count, right=True),
            Heading(_("¥100m"), money, right=True), Heading(_("Lack"), few, right=True), Heading(_("Late"), few, right=True),
        )  # fmt: skip
        self.list.show_rows(headings, len(found), self._cell)
        self.fit(self._rows)

    def fit(self, rows: int) -> None:
        """Show at most so many without scrolling."""
        self._rows = rows
        self.list.setFixedHeight(theme.TABLE_HEADER + _ROW * min(rows, max(1, len(self.shares))) + 2)

    def _cell(self, row: int, column: int) -> Cell:
        from db.core.formats import show

        one = self.shares[row]
        count = len(one.projects)
        over = self.by == LEADER and bool(one.name) and count > self._most
        if column == 0:
            nobody = tr(_("Nobody")) if self.by == LEADER else tr(_("No unit"))
            return Cell(one.name or nobody, tone="text" if one.name else "red")
        if column == _BAR:
            whole = self._most if self.by == LEADER else max(len(other.projects) for other in self.shares)
            return Cell(str(count * 100 // whole), tone="accent" if one.name else "red", after="bar")
        if column == 2:
            said = tr(_("{count} over", count=count)) if over else str(count)
            return Cell(said, tone="amber" if over else "text", right=True)
        if column == 3:
            return Cell(show(Money("亿元"), one.money, language(), digits=1), right=True)
        number = one.missing if column == 4 else one.late
        return Cell(
            str(number) if number else "—",
            tone="red" if number and column == 5 else "text" if number else "faint",
            right=True,
        )
