"""The lines of a session as a list: two lines of text each, what waits for the book marked; and what it comes to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter

from db.core.text import _
from desktop.forum.board_card import two_lines
from desktop.forum.capture_entry import weekday
from desktop.kit import projector, theme
from desktop.kit.cells import Cell, CellPainter
from desktop.kit.lists import Heading, PlainList, text_cell
from desktop.kit.words import tr

if TYPE_CHECKING:
    from db.forum.at_table import Captured, Sitting
    from db.forum.rules import Chain
    from desktop.forum.capture_queue import Waiting

_ROW, _LINE = 46, 18
_HEADINGS = (
    Heading(_("No."), 52, right=True), Heading(_("Enterprise"), 118), Heading(_("What it is about"), 200, stretch=True),
    Heading(_("Given to"), 102), Heading(_("Sort"), 72), Heading(_("At once"), 60),
    Heading(_("Deadline"), 104),
)  # fmt: skip


class _TwoLines(CellPainter):
    """Text on two lines; what stands after it is a second line in grey."""

    def _draw_text(self, painter: QPainter, box: QRect, cell: Cell, *, selected: bool) -> None:
        if cell.tag or not cell.text or cell.right:
            super()._draw_text(painter, box, cell, selected=selected)
            return
        inner = box.adjusted(theme.CELL_PADDING, 0, -theme.CELL_PADDING, 0)
        lines = [(line, 13, cell.tone) for line in two_lines(cell.text, inner.width())[: 1 if cell.after else 2]]
        lines += [(cell.after, 12, "mute")] if cell.after else []
        top = box.top() + (box.height() - _LINE * len(lines)) // 2
        for at, (text, size, tone) in enumerate(lines):
            last = at == len(lines) - 1 or bool(cell.after)
            metrics = theme.metrics(size)
            shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, inner.width()) if last else text
            painter.setFont(theme.font(size))
            painter.setPen(theme.tokens().color(tone))
            place = QRect(inner.left(), top + at * _LINE, inner.width(), _LINE)
            painter.drawText(place, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), shown)


class CapturedList(PlainList):
    """What is kept of a session and, under it, what still waits."""

    def __init__(self) -> None:
        super().__init__(row_height=_ROW)
        self.setItemDelegate(_TwoLines(self))
        self.setAccessibleName(tr(_("Lines of the session")))
        self.lines: Sequence[Captured] = ()
        self.waiting: Sequence[Waiting] = ()
        self._chain: Chain | None = None
        self._day = ""
        self._refused: frozenset[int] = frozenset()

    def show_lines(self, sitting: Sitting, waiting: Sequence[Waiting], refused: frozenset[int]) -> None:
        """Other lines; the last one in sight where there are more than before. refused: keys of those that wait in vain."""
        more = len(sitting.lines) + len(waiting) > len(self.lines) + len(self.waiting)
        self.lines, self.waiting, self._refused = sitting.lines, waiting, refused
        self._chain, self._day = sitting.chain, sitting.day
        self.show_rows(_HEADINGS, len(self.lines) + len(waiting), self._cell)
        if more:
            self.scrollToBottom()

    def _cell(self, row: int, column: int) -> Cell:
        if row < len(self.lines):
            return self._kept(row, self.lines[row], column)
        one = self.waiting[row - len(self.lines)]
        line = one.line
        if column == 0:
            return Cell(f"{row + 1}", tone="faint", right=True)
        if column == 5:
            bad = one.key in self._refused
            return Cell(tr(_("refused") if bad else _("waits")), tag="red" if bad else "amber")
        told = (
            "",
            line.company,
            projector.covered(line.text),
            "、".join(line.departments),
            line.category or "",
            "",
            line.due or "",
        )
        return text_cell(told[column], tone="mute")

    def _kept(self, row: int, line: Captured, column: int) -> Cell:
        answer = projector.covered(line.answer) if line.answer is not None else ""
        match column:
            case 0:
                return Cell(f"{row + 1}", tone="faint", right=True)
            case 1:
                return text_cell(line.company)
            case 2:
                by = tr(_(" ({who})", who=line.answered_by)) if line.answered_by else ""
                said = tr(_("Reply: {text}", text=answer)) + by if answer else ""
                return Cell(projector.covered(line.text), after=said)
            case 3:
                return text_cell("、".join(line.departments))
            case 4:
                return text_cell(line.category)
            case 5:
                return Cell(tr(_("Yes")), tag="green") if answer else Cell(tr(_("No")), tag="grey")
            case _:
                return self._due(line)

    def _due(self, line: Captured) -> Cell:
        if line.answer is not None:
            return Cell(tr(_("answered")), tone="green")
        from db.forum.at_table import shifted

        if line.due is None or self._chain is None:
            return text_cell("")
        days = tr(_("{count} working days", count=self._chain.between(self._day, line.due)))
        return Cell(weekday(line.due), after=tr(_("worked day")) if shifted(line.due, self._chain) else days)
