"""Changing one cell where it stands: the editor of its kind over the cell, what was understood beside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, QRect, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QTextCursor
from PySide6.QtWidgets import QFrame, QLabel, QWidget

from db.core.errors import Refused
from db.core.fields import Field
from db.core.text import _
from desktop.kit import theme
from desktop.kit.editors import NUMBERS, DayInput, Line, Lines, Pick, input_for, shown, take, understood_as
from desktop.kit.parts import column_of, label, restyle
from desktop.kit.words import language, tr

if TYPE_CHECKING:
    from desktop.kit.table import LedgerTable

_LONG_WIDTH, _LONG_HEIGHT = 360, 132
_NOT_LEFT = (Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason)
_TAKES = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_STEPS = {
    Qt.Key.Key_Return: ("down", "up"), Qt.Key.Key_Enter: ("down", "up"), Qt.Key.Key_Tab: ("right", "left"),
    Qt.Key.Key_Backtab: ("left", "left"),
}  # fmt: skip


class CellEditor(QFrame):
    """Over one cell of a ledger. `done(step)`: the text can be taken, and where to go; `given_up`: Esc.

    before: the stored value when the editor opened. text: what was typed to open it; it replaces what stands there.
    """

    done = Signal(str)
    given_up = Signal()
    refused = Signal(object)

    def __init__(
        self, table: LedgerTable, number: int, field: Field, before: Any, names: Sequence[str] | None = None, *, text: str = "",
        fresh: bool = False,
    ) -> None:  # fmt: skip
        super().__init__(table.viewport())
        self.table, self.number, self.field, self.before = table, number, field, before
        self.input = input_for(field, before, names)
        self.input.setParent(self)
        if isinstance(self.input, Line):
            self.input.today = table.rows.today
        self.input.setProperty("cell", "true")
        self.input.setFont(theme.font(round(13 * table.zoom)))
        self.input.setAccessibleName(tr(field.label))
        if isinstance(self.input, Line) and isinstance(field.kind, NUMBERS):
            self.input.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.hint = _Hint(table.viewport())
        self.value: Any = None
        self._leaving = False
        keys = label(_("Alt+Enter: a new line"), size=11, tone="faint")
        parts = [self.input, keys] if isinstance(self.input, Lines) else [self.input]
        column_of(*parts, gap=2, parent=self)
        if isinstance(self.input, Lines):
            self.setProperty("box", "card")
            self.layout().setContentsMargins(4, 4, 4, 4)  # type: ignore[union-attr]
        if text or fresh:
            self.input.put(text)
        self.input.edited.connect(self._said)
        self.input.installEventFilter(self)
        for bar in (table.horizontalScrollBar(), table.verticalScrollBar()):
            bar.valueChanged.connect(self.place)
        table.rows.modelReset.connect(self.place)
        self.place()
        self.show()
        self.input.setFocus(Qt.FocusReason.OtherFocusReason)
        if isinstance(self.input, Pick) and self.input.closed and not text:
            self.input.propose("")
        self._put_cursor(all_of_it=not (text or fresh) and isinstance(self.input, Line))
        self._said()

    def _put_cursor(self, *, all_of_it: bool) -> None:
        if isinstance(self.input, Lines):
            self.input.moveCursor(QTextCursor.MoveOperation.End)
        elif all_of_it:
            self.input.selectAll()
        else:
            self.input.end(False)

    @property
    def changed(self) -> bool:
        """Whether something else stands here than in the book."""
        return self.input.typed != shown(self.field, self.before)

    def propose(self, names: Sequence[str]) -> None:
        """Names that came after it was opened."""
        if isinstance(self.input, Pick) and not self.input.closed:
            self.input.names = names
            if self.input.text() and self.input.text() != shown(self.field, self.before):
                self.input.edited.emit()

    # --- where it stands -------------------------------------------------------------------------------------------

    def place(self) -> None:
        """Over its cell; hidden while the cell is not to be seen, with all that was typed."""
        line, column = self.table.rows.row_of(self.number), self.table.rows.column_of(self.field.key)
        if line is None or column is None:
            self.hide()
            self.hint.hide()
            return
        box = self.table.visualRect(self.table.rows.index(line, column))
        room = self.table.viewport().rect()
        seen = box.intersects(room) and (column < self.table.frozen_columns or box.right() > self.table.frozen_width)
        if isinstance(self.input, Lines):
            width, height = max(box.width(), _LONG_WIDTH), _LONG_HEIGHT
            left = max(0, min(box.left(), room.width() - width))
            top = box.top() if box.top() + height <= room.height() else max(0, box.bottom() - height)
            box = QRect(left, top, min(width, room.width()), height)
        self.setGeometry(box)
        self.setVisible(seen)
        self.hint.put_under(box, room)
        self.hint.setVisible(seen and bool(self.hint.text()))

    def _said(self) -> None:
        text, wrong = understood_as(self.field, self.input.typed)
        if isinstance(self.input, Pick) and wrong:
            text = ""  # a name or a choice is only found when it is typed to its end
        self.hint.say(text, wrong=wrong)
        self._mark(wrong=False)
        self.place()

    def _mark(self, *, wrong: bool) -> None:
        self.input.setProperty("wrong", "true" if wrong else "false")
        restyle(self.input)

    def complain(self, reason: str) -> None:
        """What is wrong with it: beside the cell and as its tooltip. Nothing typed is cleared."""
        self._mark(wrong=True)
        self.input.setToolTip(reason)
        self.hint.say(reason, wrong=True)
        self.place()

    # --- keys ------------------------------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter goes down, Tab right, with Shift the other way; Esc gives up; leaving takes what was typed."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._key(event)
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            event.accept()  # the page's keys wait until the cell is done
            return True
        left = isinstance(event, QFocusEvent) and event.type() == QEvent.Type.FocusOut and not self._leaving
        if left and event.reason() not in _NOT_LEFT:  # type: ignore[attr-defined]
            self.finish("")
        return False

    def _key(self, event: QKeyEvent) -> bool:
        key, mods = event.key(), event.modifiers()
        if key == Qt.Key.Key_Escape:
            if isinstance(self.input, Pick) and self.input.proposals:
                return False
            if isinstance(self.input, DayInput) and self.input.unfolded:
                return False
            self.given_up.emit()
            return True
        step = _STEPS.get(Qt.Key(key))
        if step is None or (key in _TAKES and isinstance(self.input, DayInput) and self.input.unfolded):
            return False
        if mods & Qt.KeyboardModifier.AltModifier and isinstance(self.input, Lines):
            self.input.insertPlainText("\n")
            return True
        self.finish(step[1 if mods & Qt.KeyboardModifier.ShiftModifier else 0])
        return True

    def finish(self, step: str) -> bool:
        """Take what was typed and go on; where it cannot be taken it stays, with the reason."""
        self.input.settle()
        try:
            self.value = take(self.field, self.input.typed)
        except Refused as refused:
            self.complain(refused.render(language()))
            self.refused.emit(refused)
            return False
        self.done.emit(step)
        return True

    def close_quietly(self) -> None:
        """Go away, whatever stands here."""
        self._leaving = True
        self.hint.hide()
        self.hint.deleteLater()
        self.hide()
        self.deleteLater()


class _Hint(QLabel):
    """A word under the cell: the unit, what was understood, or why not."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFont(theme.font(12))
        self.setProperty("hint", "true")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.hide()

    def say(self, text: str, *, wrong: bool) -> None:
        """Other words."""
        self.setText(text)
        self.setProperty("hint", "wrong" if wrong else "true")
        restyle(self)
        self.adjustSize()

    def put_under(self, box: QRect, room: QRect) -> None:
        """Under the cell; above it where there is no room."""
        top = box.bottom() + 2 if box.bottom() + 2 + self.height() <= room.height() else box.top() - self.height() - 2
        self.move(max(0, min(box.left(), room.width() - self.width())), max(0, top))
        self.raise_()
