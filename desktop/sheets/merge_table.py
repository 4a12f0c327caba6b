"""The tables of what is decided: cells with three values side by side, deletions, new rows; every decision by a key."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem

from db.core.text import Text, _
from desktop.kit import icons, theme
from desktop.kit.cells import CELL_ROLE, EMPTY, Cell, CellPainter
from desktop.kit.lists import Heading, PlainList, text_cell
from desktop.kit.words import tr
from desktop.sheets.merge_case import BASE, OURS, THEIRS, WRITTEN, Case, Line

if TYPE_CHECKING:
    import datetime as dt

TWO_LINES = 50
NAME_AT, BASE_AT, OURS_AT, THEIRS_AT, RESULT_AT = range(5)
SIDES = {BASE_AT: BASE, OURS_AT: OURS, THEIRS_AT: THEIRS}
_KEYS = {Qt.Key.Key_1: "1", Qt.Key.Key_2: "2", Qt.Key.Key_3: "3", Qt.Key.Key_E: "E", Qt.Key.Key_H: "H"}
Who = dict[tuple[object, ...], "tuple[str, dt.datetime]"]


class KeyedList(PlainList):
    """A list in which letters and numbers decide. `typed` with one of 1 2 3 E H; `back` on Ctrl+Z."""

    typed = Signal(str)
    back = Signal()

    def __init__(self, *, row_height: int = 30) -> None:
        super().__init__(row_height=row_height)
        self.can_go_back: Callable[[], bool] = lambda: False

    def event(self, event: QEvent) -> bool:
        """Ctrl+Z takes the last decision back while there is one; else it is the window's."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._is_back(event):
            event.accept()
            return True
        return super().event(event)

    def _is_back(self, event: QKeyEvent) -> bool:
        plain = event.key() == Qt.Key.Key_Z and event.modifiers() == Qt.KeyboardModifier.ControlModifier
        return plain and self.can_go_back()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """What decides; anything else moves in the list."""
        if self._is_back(event):
            self.back.emit()
        elif not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier and event.key() in _KEYS:
            self.typed.emit(_KEYS[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)


class TwoLines(CellPainter):
    """A value, and under it who and when; a chosen one on green ground with a tick."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Both lines."""
        cell: Cell = index.data(CELL_ROLE) or EMPTY
        if cell.tag or "\n" not in cell.text:
            super().paint(painter, option, index)
            return
        box: QRect = option.rect  # type: ignore[attr-defined]
        selected = bool(option.state & QStyle.StateFlag.State_Selected)  # type: ignore[attr-defined]
        of = theme.tokens()
        painter.fillRect(box, of.color(cell.ground or ("sel" if selected else "panel")))
        painter.setPen(of.color("line2"))
        painter.drawLine(box.bottomLeft(), box.bottomRight())
        painter.drawLine(box.topRight(), box.bottomRight())
        if selected and index.column() == NAME_AT:
            painter.fillRect(box.left(), box.top(), 3, box.height(), of.color("accent"))
        inner = box.adjusted(theme.CELL_PADDING, 5, -theme.CELL_PADDING, -5)
        if cell.ground:
            icons.draw(painter, "check", QRectF(inner.left(), inner.top() + 4, 12, 12), of.green)
            inner.setLeft(inner.left() + 17)
        first, _line, second = cell.text.partition("\n")
        self._line(painter, QRect(inner.left(), inner.top(), inner.width(), 20), first, 13, cell.tone)
        self._line(painter, QRect(inner.left(), inner.top() + 20, inner.width(), 20), second, 12, "mute")

    def _line(self, painter: QPainter, box: QRect, text: str, size: int, tone: str) -> None:
        painter.setFont(theme.font(size))
        painter.setPen(theme.tokens().color(tone))
        shown = theme.metrics(size).elidedText(text, Qt.TextElideMode.ElideRight, box.width())
        painter.drawText(box, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), shown)


class CellTable(KeyedList):
    """Cells with what was sent, what the book says and what they say. `seen`: other lines came into sight."""

    seen = Signal()

    def __init__(self) -> None:
        super().__init__(row_height=TWO_LINES)
        self.setItemDelegate(TwoLines(self))
        self.setMouseTracking(True)
        self.lines: Sequence[Line] = ()
        self.who: Who = {}
        self._case: Case | None = None
        self._unsaid = ""
        self.verticalScrollBar().valueChanged.connect(lambda _at: self.seen.emit())

    def show_lines(self, case: Case | None, lines: Sequence[Line], unsaid: str = "") -> None:
        """Other lines. unsaid: what becomes of a cell that nobody decided."""
        self._case, self.lines, self._unsaid, self.who = case, lines, unsaid, {}
        sent, them = (
            tr(_("When sent")) + "   1",
            tr(_("filled in by {unit}", unit=case.them if case is not None else "")),
        )
        if case is not None and case.of_copy:
            sent, them = tr(_("When taken along")) + "   1", tr(_("in the other book"))
        headings = (
            Heading(_("Record · field"), 190, stretch=True), Heading(sent, 170),
            Heading(tr(_("In the book now")) + "   2", 180), Heading(f"{them}   3", 180, stretch=True),
            Heading(_("Result"), 96),
        )  # fmt: skip
        self.show_rows(headings, len(lines), self._cell)
        if lines:
            self.selectRow(0)

    def _cell(self, row: int, column: int) -> Cell:
        line, case = self.lines[row], self._case
        assert case is not None
        side = case.side(line, self._unsaid)
        if column == NAME_AT:
            return Cell(f"{line.name}\n{line.label}")
        if column == RESULT_AT:
            return _result(case, line, side)
        at = column - BASE_AT
        said = line.said[at] or "—"
        under = (case.sent_said, self._ours(line), f"{case.came_said} {line.place}".strip())[at]
        ground = "green_soft" if SIDES[column] == side else ""
        return Cell(f"{said}\n{under}", tone="text" if line.said[at] else "faint", ground=ground)

    def _ours(self, line: Line) -> str:
        found = self.who.get(line.key)
        return f"{found[0]} {found[1]:%m-%d %H:%M}" if found is not None else ""

    @property
    def line(self) -> Line | None:
        """The line on which one is."""
        row = self.currentIndex().row()
        return self.lines[row] if 0 <= row < len(self.lines) else None

    def in_sight(self) -> Sequence[Line]:
        """The lines that are seen now."""
        first, last = self.rowAt(0), self.rowAt(self.viewport().height() - 1)
        return self.lines[max(first, 0) : last + 1 if last >= 0 else len(self.lines)][:100]

    def go_on(self) -> bool:
        """To the next line that nobody decided, from the top again at the end; False where there is none."""
        case, count = self._case, len(self.lines)
        here = self.currentIndex().row()
        for step in range(1, count + 1):
            row = (here + step) % count
            if case is not None and self.lines[row].key not in case.cells:
                self.selectRow(row)
                return True
        return False

    def go_to(self, key: object) -> None:
        """To the line of this key."""
        row = next((at for at, one in enumerate(self.lines) if one.key == key), None)
        if row is not None:
            self.selectRow(row)

    def again(self) -> None:
        """Paint what was decided."""
        self.viewport().update()


def _result(case: Case, line: Line, side: str) -> Cell:
    if side == WRITTEN:
        return Cell(tr(_("written: {value}", value=case.third(line) or "—")), tag="blue")
    words: dict[str, tuple[Text, str]] = {
        "": (_("undecided"), "amber"), OURS: (_("keep ours"), "blue"),
        BASE: (_("as taken along") if case.of_copy else _("as sent"), "blue"), THEIRS: (_("take theirs"), "blue"),
    }  # fmt: skip
    text, tone = words[side]
    return Cell(tr(text), tag=tone)


class GoneTable(KeyedList):
    """Records that they have no more: kept, unless somebody says otherwise."""

    def show_case(self, case: Case | None) -> None:
        """The records of a case."""
        gone = case.gone if case is not None else ()
        headings = (
            Heading(_("Gone at their side"), 320, stretch=True), Heading(_("Here since"), 220), Heading(_("Then"), 120),
        )  # fmt: skip

        def cell(row: int, column: int) -> Cell:
            assert case is not None
            one = gone[row]
            if column == 0:
                return text_cell(one.name)
            if column == 1:
                return text_cell(tr(_("changed here since") if one.changed else _("not changed here")), tone="mute")
            goes = one.key in case.delete
            return Cell(tr(_("delete") if goes else _("keep")), tag="red" if goes else "green")

        self.show_rows(headings, len(gone), cell)
        if gone:
            self.selectRow(0)


class NewTable(KeyedList):
    """Rows that are no record yet: one of ours after all, a new one, or left out."""

    def show_case(self, case: Case | None, names: dict[int, str]) -> None:
        """The rows of a case. names: of records that were chosen by hand."""
        rows = case.new if case is not None else ()
        headings = (
            Heading(_("Row of theirs"), 260, stretch=True), Heading(_("In the file"), 140), Heading(_("Alike"), 240),
            Heading(_("Then"), 260),
        )  # fmt: skip

        def cell(row: int, column: int) -> Cell:
            assert case is not None
            one = rows[row]
            if column < 3:
                text = (one.name, one.where, one.alike_name or tr(_("nothing alike")))[column]
                return text_cell(text, tone="text" if column == 0 else "mute")
            said = case.rows.get(one.place, None if one.alike is not None else 0)
            if said is None:
                return Cell(tr(_("undecided")), tag="amber")
            if said == 0:
                return Cell(tr(_("a new record")), tag="green")
            if said < 0:
                return Cell(tr(_("left out")), tag="grey")
            known = one.alike_name if said == one.alike else names.get(said, str(said))
            return Cell(tr(_("it is “{name}”", name=known)), tag="blue")

        self.show_rows(headings, len(rows), cell)
        if rows:
            self.selectRow(0)
