"""Which columns a ledger shows: a list to tick, search, and order by dragging or with Alt+↑ and Alt+↓."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QLineEdit, QListWidget, QListWidgetItem

from db.core.text import _
from desktop.kit.choices import Choices
from desktop.kit.columns import missing_field
from desktop.kit.lists import show_inside
from desktop.kit.parts import button, column_of, label, row_of
from desktop.kit.words import tr

if TYPE_CHECKING:
    from desktop.kit.ledger import Ledger

_MOST_FROZEN = 6
_KEY = int(Qt.ItemDataRole.UserRole)


class Chooser(QFrame):
    """Shown columns first, in their order, then the others. Every tick takes effect at once; Esc closes."""

    def __init__(self, ledger: Ledger) -> None:
        super().__init__(ledger, Qt.WindowType.Popup)
        self.setProperty("box", "card")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAccessibleName(tr(_("Choose columns")))
        self._ledger = ledger
        self._filling = False
        self.search = QLineEdit()
        self.search.setPlaceholderText(tr(_("Search the columns")))
        self.search.setAccessibleName(tr(_("Search the columns")))
        self.list = _Movable(self.move_by)
        self.list.setAccessibleName(tr(_("Columns")))
        self.list.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.list.setUniformItemSizes(True)
        self.frozen = Choices([(str(count), str(count)) for count in range(_MOST_FROZEN + 1)])
        self.frozen.setAccessibleName(tr(_("Columns that stay")))
        self.frozen.setFixedWidth(72)
        self._build()
        self._fill()
        self.search.textChanged.connect(self._narrow)
        self.list.itemChanged.connect(lambda _item: self.take())
        self.list.model().rowsMoved.connect(lambda *_what: self.take())
        self.frozen.currentIndexChanged.connect(lambda _at: self.take())

    def _build(self) -> None:
        lines = column_of(self.search, self.list, margins=(10, 10, 10, 10), gap=8, parent=self)
        lines.addLayout(
            row_of(
                button(_("Up"), lambda: self.move_by(-1), small=True, tip="Alt+↑"),
                button(_("Down"), lambda: self.move_by(1), small=True, tip="Alt+↓"),
                None, label(_("stay at the left"), size=12, tone="mute"), self.frozen,
            )
        )  # fmt: skip
        self.setFixedSize(330, min(440, self.screen().availableGeometry().height() - 16))

    def _fill(self) -> None:
        found, view = self._ledger.found, self._ledger.view
        assert found is not None
        assert view is not None
        self._filling = True
        fields = {key: one for key, one in found.fields.items() if one.read is not None}
        others = [key for key in fields if key not in view.columns]
        for key in (*view.columns, *others):
            one = fields.get(key)
            text = (
                tr(one.label)
                if one is not None
                else tr(_("{field} (not in this book)", field=missing_field(key).label))
            )
            item = QListWidgetItem(text)
            item.setData(_KEY, key)
            item.setSizeHint(QSize(100, 28))
            item.setCheckState(Qt.CheckState.Checked if key in view.columns else Qt.CheckState.Unchecked)
            self.list.addItem(item)
        self.frozen.setCurrentIndex(min(view.frozen, _MOST_FROZEN))
        self.list.setCurrentRow(0)
        self._filling = False

    def _narrow(self, typed: str) -> None:
        from db.core import pinyin

        words = typed.strip()
        first = -1
        for at in range(self.list.count()):
            item = self.list.item(at)
            item.setHidden(bool(words) and pinyin.matches(words, item.text()) is None)
            if not item.isHidden() and first < 0:
                first = at
        self.list.setCurrentRow(max(0, first))

    def take(self) -> None:
        """Show the ticked columns in the order of the list; the last one cannot be taken away."""
        if self._filling:
            return
        items = [self.list.item(at) for at in range(self.list.count())]
        columns = [str(item.data(_KEY)) for item in items if item.checkState() == Qt.CheckState.Checked]
        self._ledger.set_columns(columns, frozen=int(self.frozen.key))

    def move_by(self, steps: int) -> None:
        """The current column up or down."""
        at = self.list.currentRow()
        to = at + steps
        if not 0 <= to < self.list.count():
            return
        self._filling = True
        item = self.list.takeItem(at)
        self.list.insertItem(to, item)
        self.list.setCurrentRow(to)
        self._filling = False
        self.take()

    def open_at(self, place: QPoint) -> None:
        """Show it at a place of the screen, inside the screen."""
        show_inside(self, place)
        self.search.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Down goes into the list, where Space ticks and Alt+↑ and Alt+↓ move; Enter and Esc close."""
        if event.key() == Qt.Key.Key_Down and self.search.hasFocus():
            self.list.setFocus()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.close()
        else:
            super().keyPressEvent(event)


class _Movable(QListWidget):
    """A list whose current line goes up and down with Alt and an arrow; the page behind it must not hear these."""

    def __init__(self, move: Callable[[int], object]) -> None:
        super().__init__()
        self._move = move

    def event(self, event: QEvent) -> bool:
        """Keys with Alt and an arrow are ours."""
        if isinstance(event, QKeyEvent) and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            steps = _STEPS.get(event.key())
            if steps is not None and event.type() == QEvent.Type.ShortcutOverride:
                event.accept()
                return True
            if steps is not None and event.type() == QEvent.Type.KeyPress:
                self._move(steps)
                return True
        return super().event(event)


_STEPS = {int(Qt.Key.Key_Up): -1, int(Qt.Key.Key_Down): 1}
