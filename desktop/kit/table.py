"""The ledger table: the ids of all rows in memory, the cells of the rows one looks at, frozen first columns.

A row's cells come by window through the worker and are kept in a bounded store; nothing is fetched cell by cell.
"""

from __future__ import annotations

from array import array
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QFontMetrics, QGuiApplication, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QTableView

from db.core.fields import Area, Choice, Day, Field, Flag, Kind, Metric, Money, Month, Whole
from desktop.kit import theme
from desktop.kit.cells import CELL_ROLE, EMPTY, Cell, dress
from desktop.kit.words import language, tr

Index = QModelIndex | QPersistentModelIndex
NO_INDEX = QModelIndex()
WINDOW = 128
KEPT_WINDOWS = 48
_NUMBERS = (Money, Area, Metric, Whole)


@dataclass(frozen=True)
class Column:
    """A column over a field. tones: stored value → tone of its tag."""

    field: Field
    width: int
    tones: Mapping[str, str] | None = None

    @property
    def heading(self) -> str:
        """Label and unit; cells carry no unit."""
        unit = getattr(self.field.kind, "unit", "")
        if not unit or isinstance(self.field.kind, Choice):
            return tr(self.field.label)
        return with_unit(tr(self.field.label), unit)

    @property
    def right(self) -> bool:
        """Whether its cells are numbers."""
        return isinstance(self.field.kind, _NUMBERS)


_UNITS = {
    "万元": "10k yuan", "亿元": "100m yuan", "元": "yuan", "万美元": "10k US$", "亩": "mu", "㎡": "m²", "天": "days",
    "人": "people", "个": "count", "家": "companies",
}  # fmt: skip


def unit_name(unit: str) -> str:
    """A unit as the window says it."""
    return unit if language() == "zh" else _UNITS.get(unit, unit)


def with_unit(label: str, unit: str) -> str:
    """A heading with its unit; one pair of brackets is enough: 到位资金（核定，万元）."""
    if language() == "zh":
        return f"{label[:-1]}，{unit}）" if label.endswith("）") else f"{label}（{unit}）"
    return f"{label[:-1]}, {unit_name(unit)})" if label.endswith(")") else f"{label} ({unit_name(unit)})"


def large_amount(hundredths: int) -> tuple[str, str]:
    """An amount as a sentence says it, and its unit: 174.20 亿元; 620 million yuan, 17.42 billion yuan."""
    from db.core.formats import decimal_text, show

    if language() == "zh":
        return show(Money(), hundredths, unit="亿元", digits=2), "亿元"
    if abs(hundredths) >= 10**11:
        return decimal_text(hundredths, 10**11, 2), "billion yuan"
    return decimal_text(hundredths, 10**8, None), "million yuan"


def width_for(kind: Kind) -> int:
    """How wide a column of this kind begins."""
    if isinstance(kind, Day | Month):
        return 96
    if isinstance(kind, _NUMBERS):
        return 120
    narrow = 88 if language() == "zh" else 136
    return narrow if isinstance(kind, Choice | Flag) else 152


class Rows(QAbstractTableModel):
    """The rows of a room. `fetch(ids, deliver)` asks for the cells of some ids; a tuple begins with the id."""

    arrived = Signal()

    def __init__(
        self, columns: Sequence[Column],
        fetch: Callable[[Sequence[int], Callable[[list[tuple[Any, ...]]], None]], None],
    ) -> None:  # fmt: skip
        super().__init__()
        self.columns = list(columns)
        self.ids: array[int] = array("q")
        self._fetch = fetch
        self._kept: OrderedDict[int, tuple[Any, ...]] = OrderedDict()
        self._windows: OrderedDict[int, None] = OrderedDict()
        self._asked: set[int] = set()
        self._state = 0
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self._ask)

    def show_ids(self, ids: array[int], columns: Sequence[Column] | None = None) -> None:
        """Other rows, or the same in another order; what was kept of cells is asked for again."""
        self.beginResetModel()
        self.ids = ids
        if columns is not None:
            self.columns = list(columns)
        self._state += 1
        self._kept.clear()
        self._windows.clear()
        self._asked.clear()
        self.endResetModel()

    def row_of(self, number: int) -> int | None:
        """Where a record stands, None where it is not shown."""
        try:
            return self.ids.index(number)
        except ValueError:
            return None

    def value(self, row: int, column: int) -> Any:
        """The stored value of a cell, None while it is not here."""
        kept = self._kept.get(self.ids[row])
        return kept[column + 1] if kept is not None else None

    def known(self, row: int) -> bool:
        """Whether the cells of a row are here."""
        return self.ids[row] in self._kept

    def rowCount(self, parent: Index = NO_INDEX) -> int:
        """All rows."""
        return 0 if parent.isValid() else len(self.ids)

    def columnCount(self, parent: Index = NO_INDEX) -> int:
        """All columns."""
        return 0 if parent.isValid() else len(self.columns)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = int(Qt.ItemDataRole.DisplayRole)
    ) -> Any:
        """Heading and side of a column."""
        if orientation != Qt.Orientation.Horizontal or section >= len(self.columns):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.columns[section].heading
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return 2 if self.columns[section].right else 1
        return None

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        """Text and looks of a cell; a row that is not here yet is asked for and shown when it comes."""
        if role not in (CELL_ROLE, Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return None
        row = index.row()
        kept = self._kept.get(self.ids[row])
        if kept is None:
            self._want(row // WINDOW)
            return EMPTY if role == CELL_ROLE else None
        cell = self._cell(self.columns[index.column()], kept[index.column() + 1])
        if role == Qt.ItemDataRole.ToolTipRole:
            return cell.text if len(cell.text) > 8 and not self.columns[index.column()].right else None
        return cell if role == CELL_ROLE else cell.text

    def _cell(self, column: Column, value: Any) -> Cell:
        from db.core.formats import show

        if value is None or value == "":
            return Cell("—", tone="faint", right=column.right)
        text = show(column.field.kind, value, language())
        tag = column.tones.get(value, "") if column.tones else ""
        return Cell(text, right=column.right, tag=tag)

    def _want(self, window: int) -> None:
        if window not in self._asked:
            self._asked.add(window)
            self._soon.start()

    def _ask(self) -> None:
        for window in sorted(self._asked - set(self._windows)):
            self._windows[window] = None
            ids = self.ids[window * WINDOW : (window + 1) * WINDOW]
            self._fetch(ids, partial(self._take, window, self._state))

    def _take(self, window: int, state: int, rows: list[tuple[Any, ...]]) -> None:
        if state != self._state:
            return
        for row in rows:
            self._kept[row[0]] = row
        while len(self._windows) > KEPT_WINDOWS:
            oldest, _nothing = self._windows.popitem(last=False)
            self._asked.discard(oldest)
            for number in self.ids[oldest * WINDOW : (oldest + 1) * WINDOW]:
                self._kept.pop(number, None)
        first, last = window * WINDOW, min((window + 1) * WINDOW, len(self.ids)) - 1
        self.dataChanged.emit(self.index(first, 0), self.index(last, len(self.columns) - 1))
        self.arrived.emit()


class LedgerTable(QTableView):
    """A table with a frozen first column. `sort_wanted` gives the column whose heading was clicked."""

    sort_wanted = Signal(int)
    opened = Signal()

    def __init__(self, model: Rows, *, row_height: int) -> None:
        super().__init__()
        self.rows = model
        self.setModel(model)
        self.header = dress(self, row_height=row_height, sortable=True)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self._frozen = _Frozen(self, row_height)
        self._edge = QFrame(self)
        self.header.sectionClicked.connect(self.sort_wanted)
        self._frozen.header.sectionClicked.connect(self.sort_wanted)
        self.header.sectionResized.connect(self._resized)
        model.modelReset.connect(self._lay_out)
        model.arrived.connect(self._widen)
        self._lay_out()

    def show_sorted(self, column: int | None, *, descending: bool) -> None:
        """The arrow in both headers."""
        self.header.show_sorted(column, descending=descending)
        self._frozen.header.show_sorted(column, descending=descending)

    def chosen_rows(self) -> list[int]:
        """The rows that are selected, in order."""
        return sorted({index.row() for index in self.selectionModel().selectedRows()})

    def _lay_out(self) -> None:
        for at, column in enumerate(self.rows.columns):
            self.setColumnWidth(at, column.width)
            self._frozen.setColumnHidden(at, at > 0)
        self._resized()

    def _resized(self, *_what: int) -> None:
        width = self.columnWidth(0)
        self._frozen.setColumnWidth(0, width)
        height = self.viewport().height() + self.header.height()
        self._frozen.setGeometry(0, 0, width, height)
        self._edge.setGeometry(width - 2, 0, 2, height)
        self._edge.setStyleSheet(f"background: {theme.tokens().line}; border: 0")
        self._edge.raise_()

    def _widen(self) -> None:
        """An amount is never cut: its column widens."""
        metrics = QFontMetrics(theme.font(13))
        top, bottom = self.rowAt(0), self.rowAt(self.viewport().height() - 1)
        last = bottom if bottom >= 0 else self.rows.rowCount() - 1
        for at, column in enumerate(self.rows.columns):
            needed = metrics.horizontalAdvance(column.heading) if column.right else 0
            for row in range(max(top, 0), last + 1):
                if column.right and self.rows.known(row):
                    text = self.rows.index(row, at).data()
                    needed = max(needed, metrics.horizontalAdvance(text or ""))
            if needed + 20 > self.columnWidth(at) and column.right:
                self.setColumnWidth(at, needed + 20)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The frozen part keeps its height."""
        super().resizeEvent(event)
        self._resized()

    def scrollTo(
        self, index: Index, hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible
    ) -> None:
        """The frozen column is always in view."""
        if index.column() > 0:
            super().scrollTo(index, hint)
            hidden = self.columnWidth(0) - self.visualRect(index).left()
            if hidden > 0:
                bar = self.horizontalScrollBar()
                bar.setValue(bar.value() - hidden)
        else:
            at = self.horizontalScrollBar().value()
            super().scrollTo(index, hint)
            self.horizontalScrollBar().setValue(at)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens the record, Ctrl+C copies rows as Excel takes them."""
        if event.matches(QKeySequence.StandardKey.Copy):
            lines = [
                "\t".join(self.rows.index(row, at).data() or "" for at in range(self.rows.columnCount()))
                for row in self.chosen_rows()
            ]
            QGuiApplication.clipboard().setText("\n".join(lines))
            return
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit()
            return
        super().keyPressEvent(event)


class _Frozen(QTableView):
    """The first column, over the table; it scrolls and selects with it."""

    def __init__(self, over: LedgerTable, row_height: int) -> None:
        super().__init__(over)
        self.setModel(over.model())
        self.header = dress(self, row_height=row_height, sortable=True)
        self.setSelectionModel(over.selectionModel())
        self.setSelectionBehavior(over.selectionBehavior())
        self.setSelectionMode(over.selectionMode())
        self.setFocusProxy(over)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        mine, theirs = self.verticalScrollBar(), over.verticalScrollBar()
        theirs.valueChanged.connect(mine.setValue)
        mine.valueChanged.connect(theirs.setValue)
        self.header.sectionResized.connect(
            lambda at, _old, new: over.setColumnWidth(at, new) if at == 0 and new else None
        )
