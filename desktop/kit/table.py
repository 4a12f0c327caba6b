"""The ledger table: frozen first columns, groups that fold, cells chosen in blocks, row numbers, zoom."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPoint,
    QRect,
    QSignalBlocker,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QContextMenuEvent,
    QInputMethodEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QApplication, QTableView

from db.core.fields import Field
from desktop.kit import theme
from desktop.kit.cells import strip
from desktop.kit.folding import group_key
from desktop.kit.grid import Chosen, Grid, Look, Span
from desktop.kit.header import Gutter, LedgerHeader, Marks
from desktop.kit.rows import Index, Rows

ZOOMS = (0.8, 0.9, 1.0, 1.1, 1.25, 1.5, 1.75, 2.0)
_EDGE = 2
_SPARE = 16  # an amount this much narrower than its column, at half a letter a digit, need not be measured
_NO_ROW_KEYS = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier


@dataclass(frozen=True)
class Block:
    """Chosen cells as a rectangle: records from above to below, fields from left to right; group headings left out."""

    ids: tuple[int, ...]
    fields: tuple[Field, ...]


class LedgerTable(QTableView):
    """See the module. `keys`: what a key does that the table does not know, by its name ("Ctrl+D").

    sort_wanted: column and whether it comes as a further one. edit_wanted: cell and what was typed so far.
    menu_wanted: cell and place on the screen; heading_menu_wanted the same for a heading.
    """

    sort_wanted = Signal(int, bool)
    filter_wanted = Signal(int)
    moved = Signal(int, int)
    widened = Signal(str, int)
    edit_wanted = Signal(object, str)
    opened = Signal()
    menu_wanted = Signal(object, QPoint)
    heading_menu_wanted = Signal(int, QPoint)
    chosen_changed = Signal()
    zoomed = Signal(float)

    def __init__(self, model: Rows, *, row_height: int) -> None:
        super().__init__()
        self.rows = model
        self.keys: dict[str, Callable[[], object]] = {}
        self.frozen = 1
        self.composing = False  # while an input method begins an editor
        self.zoom = 1.0
        self._row_height = row_height
        self._hover = -1
        self._look = Look.at(1.0)
        self.header = LedgerHeader(self)
        self.gutter = Gutter(self, model)
        self._set_up()
        self.setModel(model)
        self.frozen_header = LedgerHeader(self)
        self.frozen_header.setModel(model)
        self._connect()
        self._lay_out()

    def _set_up(self) -> None:
        self.setHorizontalHeader(self.header)
        self.setVerticalHeader(self.gutter)
        self.gutter.setDefaultSectionSize(self._row_height)
        # Qt would choose the whole column on a click; ours sorts.
        self.setSortingEnabled(True)
        strip(self)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectItems)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)

    def _connect(self) -> None:
        for header in (self.header, self.frozen_header):
            header.sort_wanted.connect(self.sort_wanted)
            header.filter_wanted.connect(self.filter_wanted)
            header.menu_wanted.connect(self.heading_menu_wanted)
            header.moved.connect(self.moved)
            header.widened.connect(self._widened)
        self.header.sectionResized.connect(self._place_frozen)
        self.gutter.fold_wanted.connect(self.turn)
        self.rows.modelReset.connect(self._lay_out)
        self.rows.arrived.connect(self._widen)

    # --- what is chosen --------------------------------------------------------------------------------------------

    def current_cell(self) -> tuple[int, Field] | None:
        """Record and field of the cell with the ring; None on a group's heading or where there is none."""
        index = self.currentIndex()
        number = self.rows.record(index.row()) if index.isValid() else None
        return None if number is None else (number, self.rows.columns[index.column()].field)

    def chosen_spans(self) -> list[tuple[range, range]]:
        """Lines and columns of every block that is selected."""
        selection = self.selectionModel().selection()
        parts = (selection.at(place) for place in range(selection.count()))
        return [(range(part.top(), part.bottom() + 1), range(part.left(), part.right() + 1)) for part in parts]

    def chosen_cells(self) -> Block:
        """The rectangle over all that is selected."""
        spans = self.chosen_spans()
        columns = sorted({column for _lines, some in spans for column in some})
        fields = tuple(self.rows.columns[at].field for at in columns)
        if len(spans) == 1:
            return Block(tuple(self.rows.records(spans[0][0])), fields)
        ids = (self.rows.record(line) for line in self._chosen_lines(spans))
        return Block(tuple(number for number in ids if number is not None), fields)

    def chosen_rows(self) -> list[int]:
        """The lines with anything selected, in order; group headings left out."""
        return [line for line in self._chosen_lines(self.chosen_spans()) if self.rows.record(line) is not None]

    def _chosen_lines(self, spans: Sequence[tuple[range, range]]) -> list[int]:
        if len(spans) == 1:
            return list(spans[0][0])
        return sorted({line for lines, _columns in spans for line in lines})

    def choose(self, line: int, column: int | None = None) -> None:
        """Select one cell and bring it into view; its column stays the current one where none is named."""
        at = max(0, self.currentIndex().column()) if column is None else column
        index = self.rows.index(line, min(at, self.rows.columnCount() - 1))
        self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self.scrollTo(index)

    def selectionChanged(self, now: QItemSelection, before: QItemSelection) -> None:
        """Repaint; frozen columns are not where Qt looks for them."""
        super().selectionChanged(now, before)
        self.viewport().update()
        self.chosen_changed.emit()

    def currentChanged(self, now: Index, before: Index) -> None:
        """The gutter marks the line."""
        super().currentChanged(now, before)
        self.gutter.current = now.row()
        self.gutter.viewport().update()
        self.viewport().update()

    # --- headings --------------------------------------------------------------------------------------------------

    def show_marks(self, marks: Marks) -> None:
        """Arrows and funnels of the headings."""
        self.header.show_marks(marks)
        self.frozen_header.show_marks(marks)
        self._widen()

    def freeze(self, count: int) -> None:
        """How many first columns stay; what is wider than half the table would leave no room and scrolls."""
        self.frozen = count
        self._place_frozen()

    def set_zoom(self, zoom: float) -> None:
        """Larger or smaller rows and letters."""
        if zoom == self.zoom or not ZOOMS[0] <= zoom <= ZOOMS[-1]:
            return
        self.zoom = zoom
        self._look = Look.at(zoom)
        for part in (self.header, self.frozen_header, self.gutter):
            part.zoom = zoom
        for header in (self.header, self.frozen_header):
            header.setFixedHeight(round(theme.TABLE_HEADER * max(1.0, zoom)))
        self.gutter.setDefaultSectionSize(round(self._row_height * zoom))
        self._lay_out()
        self.zoomed.emit(zoom)

    def step_zoom(self, steps: int) -> None:
        """The next larger or smaller zoom."""
        at = min(range(len(ZOOMS)), key=lambda place: abs(ZOOMS[place] - self.zoom))
        self.set_zoom(ZOOMS[max(0, min(len(ZOOMS) - 1, at + steps))])

    def _lay_out(self) -> None:
        with QSignalBlocker(self.header):
            for at, column in enumerate(self.rows.columns):
                self.header.resizeSection(at, round(column.width * self.zoom))
        self.gutter.current = self.currentIndex().row()
        self.gutter.updateGeometry()
        self._hover = -1
        self.updateGeometries()
        self._place_frozen()

    def _widened(self, at: int, width: int) -> None:
        if self.sender() is self.frozen_header:
            self.header.resizeSection(at, width)
        self.widened.emit(self.rows.columns[at].field.key, round(width / self.zoom))

    @property
    def frozen_columns(self) -> int:
        """How many columns stay now: fewer than wanted where the window is too narrow for them."""
        room, width = self.viewport().width() * 2 // 3, 0
        for at in range(min(self.frozen, len(self.rows.columns))):
            width += self.header.sectionSize(at)
            if width > room and at:
                return at
        return min(self.frozen, len(self.rows.columns))

    @property
    def frozen_width(self) -> int:
        """Where the frozen columns end, in pixels."""
        count = self.frozen_columns
        return self.header.sectionPosition(count - 1) + self.header.sectionSize(count - 1) if count else 0

    def _place_frozen(self, *_what: int) -> None:
        count = self.frozen_columns
        with QSignalBlocker(self.frozen_header):
            for at in range(len(self.rows.columns)):
                self.frozen_header.setSectionHidden(at, at >= count)
                if at < count:
                    self.frozen_header.resizeSection(at, self.header.sectionSize(at))
        self.frozen_header.setGeometry(self.gutter.width(), 0, self.frozen_width, self.header.height())
        self.frozen_header.setVisible(count > 0)
        self.frozen_header.raise_()
        self.viewport().update()

    def _widen(self) -> None:
        """An amount is never cut, nor a heading that carries marks: the column widens."""
        marked = {*self.header.marks.sorted, *self.header.marks.filtered}
        numbers = [at for at, column in enumerate(self.rows.columns) if column.right]
        needed = {at: self.header.needed(at) for at in (*numbers, *marked)}
        for line in self.seen_lines():
            cells = self.rows.cells(line, numbers) if self.rows.known(line) else None
            for at in numbers if cells is not None else ():
                text, bold = (cells[at].text, cells[at].bold) if cells is not None else ("", False)
                if len(text) * self._look.size // 2 + _SPARE > self.header.sectionSize(at):
                    metrics = self._look.bold_metrics if bold else self._look.metrics
                    needed[at] = max(needed[at], metrics.horizontalAdvance(text) + 2 * theme.CELL_PADDING + 4)
        for at, width in needed.items():
            if width > self.header.sectionSize(at):
                self.header.resizeSection(at, width)

    # --- where things are ------------------------------------------------------------------------------------------

    def seen_lines(self) -> range:
        """The lines one sees."""
        height = self.gutter.defaultSectionSize()
        top = self.verticalScrollBar().value()
        last = (top + self.viewport().height() - 1) // height
        return range(top // height, min(last + 1, self.rows.lines.count))

    def indexAt(self, place: QPoint) -> QModelIndex:
        """The cell at a place; frozen columns stand over the others."""
        if place.x() >= self.frozen_width:
            return super().indexAt(place)
        line = self.rowAt(place.y())
        if line < 0:
            return self.rows.index(-1, -1)
        column = next((s.column for s in self._frozen_spans() if place.x() < s.left + s.width), 0)
        return self.rows.index(line, column)

    def visualRect(self, index: Index) -> QRect:
        """Where a cell is painted."""
        if not index.isValid() or index.column() >= self.frozen_columns:
            return super().visualRect(index)
        left, width = self.header.sectionPosition(index.column()), self.header.sectionSize(index.column())
        return QRect(left, self.rowViewportPosition(index.row()), width, self.rowHeight(index.row()))

    def scrollTo(
        self, index: Index, hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible
    ) -> None:
        """A frozen column is always in view; another must not be under them."""
        bar = self.horizontalScrollBar()
        at = bar.value()
        super().scrollTo(index, hint)
        if index.column() < self.frozen_columns:
            bar.setValue(at)
            return
        hidden = self.frozen_width - super().visualRect(index).left()
        if hidden > 0:
            bar.setValue(bar.value() - hidden)

    def _frozen_spans(self) -> list[Span]:
        place = self.header.sectionPosition
        return [Span(at, place(at), self.header.sectionSize(at)) for at in range(self.frozen_columns)]

    def _scrolled_spans(self) -> list[Span]:
        off, left, right = self.horizontalScrollBar().value(), self.frozen_width, self.viewport().width()
        found = []
        for at in range(self.frozen_columns, len(self.rows.columns)):
            span = Span(at, self.header.sectionPosition(at) - off, self.header.sectionSize(at))
            if span.left + span.width > left and span.left < right:
                found.append(span)
        return found

    # --- painting --------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """All cells in one pass, the frozen ones over the others."""
        painter = QPainter(self.viewport())
        height = self.gutter.defaultSectionSize()
        scrolled = self.verticalScrollBar().value()
        first = (scrolled + event.rect().top()) // height
        last = min((scrolled + event.rect().bottom()) // height + 1, self.rows.lines.count)
        lines = range(first, last)
        if not lines:
            return
        top = first * height - scrolled
        grid = Grid(painter, self.rows, self._look, self._chosen_in(lines), height)
        frozen, others, edge = self._frozen_spans(), self._scrolled_spans(), self.frozen_width
        if others:
            painter.setClipRect(edge, 0, self.viewport().width() - edge, self.viewport().height())
            grid.draw(lines, top, others)
            self._draw_ring(grid, edge)
            painter.setClipping(False)
        if frozen:
            grid.draw(lines, top, frozen)
            color = theme.tokens().color("line")
            painter.fillRect(edge - _EDGE, top, _EDGE, len(lines) * height, color)
            self._draw_ring(grid, 0)

    def _draw_ring(self, grid: Grid, edge: int) -> None:
        index = self.currentIndex()
        if self.hasFocus() and index.isValid() and (index.column() < self.frozen_columns) == (edge == 0):
            box = self.visualRect(index)
            if self.rows.group(index.row()) is not None:
                box.setRight(box.left() + 3)
                grid.painter.fillRect(box, theme.tokens().color("accent"))
            else:
                grid.draw_ring(box)

    def _chosen_in(self, lines: range) -> Chosen:
        found: dict[int, set[int]] = {}
        for some, columns in self.chosen_spans():
            for line in range(max(some.start, lines.start), min(some.stop, lines.stop)):
                found.setdefault(line, set()).update(columns)
        for line in found:
            if self.rows.group(line) is not None:
                found[line] = set(range(len(self.rows.columns)))
        return Chosen(found, self.currentIndex().row(), self._hover)

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Sideways nothing may be pushed along: the frozen columns stay."""
        super().scrollContentsBy(dx, dy)
        if dx:
            self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The frozen part keeps its place."""
        super().resizeEvent(event)
        self._place_frozen()

    def updateGeometries(self) -> None:
        """The gutter is as wide as its numbers."""
        super().updateGeometries()
        if hasattr(self, "frozen_header"):
            self.frozen_header.setGeometry(self.gutter.width(), 0, self.frozen_width, self.header.height())

    # --- mouse and keys --------------------------------------------------------------------------------------------

    def turn(self, line: int) -> None:
        """Fold an open group, open a folded one."""
        shown = self.rows.lines.at(line)
        if shown.group >= 0:
            self.rows.fold(line, folded=not self.rows.lines.is_folded(shown.group))
            self.choose(line)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """The right button keeps what is chosen under it."""
        index = self.indexAt(event.position().toPoint())
        if event.button() == Qt.MouseButton.RightButton and self.selectionModel().isSelected(index):
            return
        super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """A group folds; a cell is edited where it can be, opened where not."""
        index = self.indexAt(event.position().toPoint())
        if not index.isValid() or event.button() != Qt.MouseButton.LeftButton:
            return
        if self.rows.group(index.row()) is not None:
            self.turn(index.row())
        elif self.rows.editable(index):
            self.edit_wanted.emit(index, "")
        else:
            self.opened.emit()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """The line under the mouse is tinted."""
        self._hover_at(self.rowAt(event.position().toPoint().y()))
        super().mouseMoveEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """No line is under the mouse."""
        self._hover_at(-1)
        super().leaveEvent(event)

    def _hover_at(self, line: int) -> None:
        if line != self._hover:
            before, self._hover = self._hover, line
            height = self.gutter.defaultSectionSize()
            for one in (before, line):
                if one >= 0:
                    self.viewport().update(0, self.rowViewportPosition(one), self.viewport().width(), height)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """What can be done with a cell or a group; the menu key asks for the current one."""
        by_mouse = event.reason() == QContextMenuEvent.Reason.Mouse
        index = self.indexAt(event.pos()) if by_mouse else self.currentIndex()
        if index.isValid():
            place = event.globalPos() if by_mouse else self.viewport().mapToGlobal(self.visualRect(index).bottomLeft())
            self.menu_wanted.emit(index, place)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """With Ctrl larger or smaller, with Shift sideways."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.step_zoom(1 if event.angleDelta().y() > 0 else -1)
            event.accept()
            return
        super().wheelEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """`keys` first; then folding, filter, opening, editing, moving."""
        known = self.keys.get(QKeySequence(event.keyCombination()).toString())
        index = self.currentIndex()
        if known is not None:
            known()
        elif index.isValid() and self.rows.group(index.row()) is not None and group_key(self, event.key(), index.row()):
            return
        elif event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers() & _NO_ROW_KEYS:
            self.opened.emit()
        elif event.key() == Qt.Key.Key_F2 and index.isValid():
            self._edit(index, "")
        elif self._types(event) and index.isValid() and self.rows.editable(index):
            self.edit_wanted.emit(index, event.text())
        else:
            super().keyPressEvent(event)
            if not index.isValid() and self.currentIndex().isValid():
                self.choose(self.currentIndex().row())  # Qt's first step into a table chooses nothing

    def _edit(self, index: Index, text: str) -> None:
        if self.rows.editable(index):
            self.edit_wanted.emit(index, text)

    def _types(self, event: QKeyEvent) -> bool:
        text = event.text()
        return bool(text) and text.isprintable() and not event.modifiers() & _NO_ROW_KEYS

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """Chinese begins an editor, which then gets what the input method says."""
        index = self.currentIndex()
        if not index.isValid() or not self.rows.editable(index):
            event.ignore()
            return
        self.composing = True
        self.edit_wanted.emit(index, event.commitString())
        self.composing = False
        editor = QApplication.focusWidget()
        if event.preeditString() and editor is not None and editor is not self:
            QApplication.sendEvent(editor, event)

    def copy(self) -> None:
        """The chosen cells as text with tabs, as a spreadsheet takes them; of lines that are here."""
        from desktop.kit.clipboard import copy_shown

        self.keys["Ctrl+C"]() if "Ctrl+C" in self.keys else copy_shown(self.chosen_texts())

    def chosen_texts(self) -> list[list[str]]:
        """The chosen cells as they are shown."""
        spans = self.chosen_spans()
        columns = sorted({column for _lines, some in spans for column in some})
        return [[self.rows.index(line, at).data() or "" for at in columns] for line in self._chosen_lines(spans)]
