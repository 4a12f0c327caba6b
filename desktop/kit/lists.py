"""Lists on a page: rows that are here already, painted like the ledger; and a window to pick one of many."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from db.core.text import Text
from desktop.kit import theme
from desktop.kit.cells import CELL_ROLE, EMPTY, Cell, dress
from desktop.kit.parts import column_of
from desktop.kit.words import tr

if TYPE_CHECKING:
    from desktop.kit.preferences import Preferences

Index = QModelIndex | QPersistentModelIndex
NO_INDEX = QModelIndex()
_SHRUNK = 75  # of a hundred: so narrow may a column that stretches become
_MEASURED = 300  # rows: a number in these is never cut


def show_inside(window: QWidget, place: QPoint) -> None:
    """Show a small window at a place of the screen, and wholly on it."""
    screen = window.screen().availableGeometry()
    x = min(place.x(), screen.right() - window.width())
    y = min(place.y(), screen.bottom() - window.height())
    window.move(max(x, screen.left()), max(y, screen.top()))
    window.show()


@dataclass(frozen=True)
class Heading:
    """A column of a list. `stretch`: it takes the room that is left."""

    text: Text | str
    width: int
    right: bool = False
    stretch: bool = False


def _nothing(row: int, column: int) -> Cell:
    return EMPTY


class ListModel(QAbstractTableModel):
    """Rows computed when they are looked at: `cell(row, column)`."""

    def __init__(self) -> None:
        super().__init__()
        self.headings: Sequence[Heading] = ()
        self._count = 0
        self._cell: Callable[[int, int], Cell] = _nothing

    def show_rows(self, headings: Sequence[Heading], count: int, cell: Callable[[int, int], Cell]) -> None:
        """Other rows."""
        self.beginResetModel()
        self.headings, self._count, self._cell = headings, count, cell
        self.endResetModel()

    def rowCount(self, parent: Index = NO_INDEX) -> int:
        """All rows."""
        return 0 if parent.isValid() else self._count

    def columnCount(self, parent: Index = NO_INDEX) -> int:
        """All columns."""
        return 0 if parent.isValid() else len(self.headings)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = int(Qt.ItemDataRole.DisplayRole)
    ) -> Any:
        """Heading and side."""
        if orientation != Qt.Orientation.Horizontal or section >= len(self.headings):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return tr(self.headings[section].text)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return 2 if self.headings[section].right else 1
        return None

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        """A cell, its text, or its whole text where it is long."""
        if role not in (CELL_ROLE, Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return None
        cell = self._cell(index.row(), index.column())
        if role == Qt.ItemDataRole.ToolTipRole:
            return cell.text if len(cell.text) > 8 else None
        return cell if role == CELL_ROLE else cell.text


def _key(heading: Heading) -> str:
    return heading.text.key if isinstance(heading.text, Text) else heading.text


class PlainList(QTableView):
    """A list. `picked` with row and column on click or Enter, `twice` on a double click."""

    picked = Signal(int, int)
    twice = Signal(int, int)

    def __init__(self, *, row_height: int = 30) -> None:
        super().__init__()
        self.rows = ListModel()
        self.setModel(self.rows)
        dress(self, row_height=row_height)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.clicked.connect(lambda index: self.picked.emit(index.row(), index.column()))
        self.doubleClicked.connect(lambda index: self.twice.emit(index.row(), index.column()))
        self._widths: dict[str, int] = {}  # heading → what a person dragged it to
        self._numbers: dict[str, int] = {}  # heading → how wide its numbers are
        self._fitting = False
        self.horizontalHeader().sectionResized.connect(self._dragged)

    def remember(self, preferences: Preferences, name: str) -> None:
        """Widths that a person drags are there again in every list of this name."""
        self._widths = preferences.ledgers.setdefault(name, {}).setdefault("widths", {})

    def _dragged(self, place: int, _before: int, width: int) -> None:
        headings = self.rows.headings
        if not self._fitting and place < len(headings) and not headings[place].stretch:
            self._widths[_key(headings[place])] = width

    def _wide(self, heading: Heading) -> int:
        """As it was dragged; else as it is wanted, and wide enough for the heading and for numbers."""
        told = theme.metrics(12).horizontalAdvance(tr(heading.text)) + 2 * theme.CELL_PADDING + 2
        return self._widths.get(_key(heading)) or max(heading.width, told, self._numbers.get(_key(heading), 0))

    def _measure(self) -> None:
        """How wide the numbers of each column are."""
        rows, painter, option = self.rows, self.itemDelegate(), QStyleOptionViewItem()
        self._numbers = {}
        for place, heading in enumerate(rows.headings):
            if heading.right and not heading.stretch:
                cells = (rows.index(row, place) for row in range(min(rows.rowCount(), _MEASURED)))
                wide = (painter.sizeHint(option, index).width() for index in cells)
                self._numbers[_key(heading)] = max(wide, default=0)

    def show_rows(self, headings: Sequence[Heading], count: int, cell: Callable[[int, int], Cell]) -> None:
        """Other rows; the column widths follow the headings."""
        at = self.verticalScrollBar().value()
        self._fitting = True
        self.rows.show_rows(headings, count, cell)
        self._measure()
        self._fit()  # first, as a column that still stretches takes no width
        self._fitting = True
        for place, heading in enumerate(headings):
            self.horizontalHeader().resizeSection(place, self._wide(heading))
        self._fit()
        self.verticalScrollBar().setValue(at)

    def _fit(self) -> None:
        """Columns take the room that is left; where there is none, they keep what can be read and the list scrolls."""
        headings, header, self._fitting = self.rows.headings, self.horizontalHeader(), True
        least = sum(self._wide(one) if not one.stretch else one.width * _SHRUNK // 100 for one in headings)
        stretch = least <= self.viewport().width()
        for place, heading in enumerate(headings):
            mode = QHeaderView.ResizeMode.Stretch if heading.stretch and stretch else QHeaderView.ResizeMode.Interactive
            if heading.stretch and not stretch:
                header.setSectionResizeMode(place, mode)
                header.resizeSection(place, heading.width * _SHRUNK // 100)
            elif header.sectionResizeMode(place) != mode:
                header.setSectionResizeMode(place, mode)
        self._fitting = False

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width."""
        self._fit()
        super().resizeEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter picks."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.picked.emit(self.currentIndex().row(), self.currentIndex().column())
            return
        super().keyPressEvent(event)


class Picker(QFrame):
    """A small window with a line to narrow the list and the list; `chosen` gives the key."""

    chosen = Signal(str)

    def __init__(self, owner: QWidget, choices: Sequence[tuple[str, str]], hint: Text) -> None:
        super().__init__(owner, Qt.WindowType.Popup)
        self.setProperty("box", "card")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._line = QLineEdit()
        self._line.setPlaceholderText(tr(hint))
        self._list = QListWidget()
        for key, text in choices:
            item = QListWidgetItem(text)
            item.setData(Qt.ItemDataRole.UserRole, key)
            item.setSizeHint(QSize(100, 28))
            self._list.addItem(item)
        self._list.setCurrentRow(0)
        column_of(self._line, self._list, margins=(8, 8, 8, 8), gap=6, parent=self)
        self.setFixedSize(280, 340)
        self._line.textChanged.connect(self._narrow)
        self._line.returnPressed.connect(self._take)
        self._list.itemClicked.connect(lambda _item: self._take())
        self._list.itemActivated.connect(lambda _item: self._take())

    def open_at(self, place: QPoint) -> None:
        """Show it at a place of the screen, inside the screen."""
        show_inside(self, place)
        self._line.setFocus()

    def _narrow(self, typed: str) -> None:
        first = None
        for row in range(self._list.count()):
            item = self._list.item(row)
            hidden = typed.strip().lower() not in item.text().lower()
            item.setHidden(hidden)
            if not hidden and first is None:
                first = row
        if first is not None:
            self._list.setCurrentRow(first)

    def _take(self) -> None:
        item = self._list.currentItem()
        if self._list.currentRow() >= 0 and not item.isHidden():
            self.chosen.emit(str(item.data(Qt.ItemDataRole.UserRole)))
            self.close()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Down goes from the line into the list, Esc leaves."""
        if event.key() == Qt.Key.Key_Down and self._line.hasFocus():
            self._list.setFocus()
            self._list.setCurrentRow(min(self._list.currentRow() + 1, self._list.count() - 1))
            return
        super().keyPressEvent(event)


def text_cell(text: str, **looks: Any) -> Cell:
    """A cell of a list; nothing is shown as —."""
    tone = str(looks.pop("tone", "text"))
    return Cell(text or "—", tone=tone if text else "faint", **looks)
