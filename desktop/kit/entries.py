"""A list whose cells are typed into and whose rows are put in order: by dragging, or with Alt and the arrows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QInputMethodEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractItemDelegate, QAbstractItemView, QApplication, QLineEdit, QWidget

from desktop.kit import theme
from desktop.kit.cells import Cell
from desktop.kit.lists import Heading, Index, ListModel, PlainList

_FAR = 6  # pixels from which a press is a drag


class EntryModel(ListModel):
    """Cells that a person may type into. `typed`: row, column, what was typed."""

    typed = Signal(int, int, str)

    def __init__(self) -> None:
        super().__init__()
        self.may_type: Callable[[int, int], bool] = _never
        self.typing: Callable[[int, int], str] = _nothing

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Which cells may be typed into."""
        found = super().flags(index)
        return found | Qt.ItemFlag.ItemIsEditable if self.may_type(index.row(), index.column()) else found

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        """What the editor begins with; else as in any list."""
        if role == Qt.ItemDataRole.EditRole:
            return self.typing(index.row(), index.column())
        return super().data(index, role)

    def setData(self, index: Index, value: Any, role: int = int(Qt.ItemDataRole.EditRole)) -> bool:
        """Tell what was typed, where it is something else."""
        text = str(value).strip()
        if text != self.typing(index.row(), index.column()):
            self.typed.emit(index.row(), index.column(), text)
        return True


def _never(row: int, column: int) -> bool:
    return False


def _nothing(row: int, column: int) -> str:
    return ""


class EntryList(PlainList):
    """`typed` as in the model; `moved`: from which row to which; `ticked`: the row on which Space was pressed."""

    typed = Signal(int, int, str)
    moved = Signal(int, int)
    ticked = Signal(int)

    def __init__(self, *, row_height: int = 30, sortable: bool = True) -> None:
        super().__init__(row_height=row_height)
        self.rows: EntryModel = EntryModel()
        self.setModel(self.rows)
        self.rows.typed.connect(self.typed)
        self._sortable = sortable
        self._pressed: tuple[int, float] | None = None
        self._over: int | None = None
        triggers = QAbstractItemView.EditTrigger
        self.setEditTriggers(triggers.EditKeyPressed | triggers.AnyKeyPressed | triggers.DoubleClicked)

    def show_entries(
        self, headings: Sequence[Heading], count: int, cell: Callable[[int, int], Cell], *,
        may_type: Callable[[int, int], bool], typing: Callable[[int, int], str],
    ) -> None:  # fmt: skip
        """Other rows; the current cell stays where it was, at first it is the first one to type into."""
        at = QPersistentModelIndex(self.currentIndex())
        row, column = at.row(), at.column()
        self.rows.may_type, self.rows.typing = may_type, typing
        self.show_rows(headings, count, cell)
        if 0 <= row < count:
            self.setCurrentIndex(self.rows.index(row, max(column, 0)))
        elif count:
            first = next((place for place in range(len(headings)) if may_type(0, place)), 0)
            self.setCurrentIndex(self.rows.index(0, first))

    @property
    def row(self) -> int:
        """The current row, -1 where there is none."""
        return self.currentIndex().row()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Alt and an arrow moves the row, Enter types, Space ticks."""
        if self.state() == QAbstractItemView.State.EditingState:
            event.accept()  # Enter, which ended the typing
            return
        index, key = self.currentIndex(), event.key()
        alt = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        if alt and key in (Qt.Key.Key_Up, Qt.Key.Key_Down) and self._sortable:
            to = index.row() + (1 if key == Qt.Key.Key_Down else -1)
            if index.isValid() and 0 <= to < self.rows.rowCount():
                self._move(index.row(), to)
            return
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.rows.may_type(index.row(), index.column()):
            self.edit(index)
            return
        if key == Qt.Key.Key_Space and index.isValid():
            self.ticked.emit(index.row())
            return
        super().keyPressEvent(event)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """Chinese begins to type over a cell as letters do; nothing of it is lost."""
        index = self.currentIndex()
        if not self.rows.may_type(index.row(), index.column()):
            event.ignore()
            return
        self.edit(index)
        editor = QApplication.focusWidget()
        if isinstance(editor, QLineEdit):
            editor.selectAll()
            QApplication.sendEvent(editor, event)

    def closeEditor(self, editor: QWidget, hint: QAbstractItemDelegate.EndEditHint) -> None:
        """Enter goes on in the row below."""
        super().closeEditor(editor, hint)
        index = self.currentIndex()
        if hint == QAbstractItemDelegate.EndEditHint.SubmitModelCache and index.row() + 1 < self.rows.rowCount():
            self.setCurrentIndex(self.rows.index(index.row() + 1, index.column()))

    def _move(self, place: int, to: int) -> None:
        self.setCurrentIndex(self.rows.index(to, self.currentIndex().column()))
        self.moved.emit(place, to)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """The beginning of a drag, perhaps."""
        super().mousePressEvent(event)
        place = self.rowAt(int(event.position().y()))
        self._pressed = (place, event.position().y()) if self._sortable and place >= 0 else None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show where the row would go."""
        if self._pressed is None or abs(event.position().y() - self._pressed[1]) < _FAR:
            super().mouseMoveEvent(event)
            return
        over = self.rowAt(int(event.position().y()))
        self._over = over if over >= 0 else self.rows.rowCount() - 1
        self.viewport().update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Put the row there."""
        pressed, over = self._pressed, self._over
        self._pressed = self._over = None
        self.viewport().update()
        super().mouseReleaseEvent(event)
        if pressed is not None and over is not None and over != pressed[0]:
            self._move(pressed[0], over)

    def paintEvent(self, event: QPaintEvent) -> None:
        """A line where a dragged row would go."""
        super().paintEvent(event)
        if self._over is None or self._pressed is None:
            return
        box = self.visualRect(self.rows.index(self._over, 0))
        y = box.bottom() if self._over > self._pressed[0] else box.top()
        painter = QPainter(self.viewport())
        painter.setPen(QPen(theme.tokens().color("accent"), 2))
        painter.drawLine(0, y, self.viewport().width(), y)
