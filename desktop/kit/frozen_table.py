"""A table whose first column stays, with a row of sums under the headings and groups that fold; painted in one pass."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QToolTip

from db.core.text import Text
from desktop.kit import icons, theme
from desktop.kit.cell_parts import ROW, Part, paint_part, plain, wide
from desktop.kit.words import tr

_EDGE = 2
_LEFT, _RIGHT = (
    int(side | Qt.AlignmentFlag.AlignVCenter) for side in (Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight)
)


class Column(NamedTuple):
    """A column. width: at least so many pixels; it grows where there is room, the first one most."""

    key: str
    label: Text | str
    width: int
    right: bool = False


class Group(NamedTuple):
    """A heading with the records under it. sums: what stands in the columns of the heading, by key.

    told: what follows the title.
    """

    key: str
    title: str
    ids: Sequence[int]
    sums: dict[str, tuple[Part, ...]]
    told: tuple[Part, ...] = ()


class Band(NamedTuple):
    """A heading over the headings of the columns from `first` to `last`."""

    label: str
    first: str
    last: str


class _Row(NamedTuple):
    group: Group
    record: int  # 0: the heading of the group


Cells = Callable[[int, str], tuple[Part, ...]]


class FrozenTable(QAbstractScrollArea):
    """`chosen`: the current record (0: none). `opened`: a record and the column of the cell. `menu_wanted`: where.

    `heading_clicked`: of which column.
    """

    chosen = Signal(int)
    opened = Signal(int, str)
    menu_wanted = Signal(QPoint)
    heading_clicked = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.columns: Sequence[Column] = ()
        self.sums: dict[str, tuple[Part, ...]] = {}
        self.selected: set[int] = set()
        self.folded: set[str] = set()
        self.at, self.column = -1, 0
        self.frozen = 1  # how many first columns stay; the last of them takes most of the room there is
        self.bands: Sequence[Band] = ()  # headings over headings, in the place of the sums
        self.sorted_by = ""  # the column whose heading says so
        self.sticky = False  # whether the heading of the group one is in stays under the headings
        self._groups: Sequence[Group] = ()
        self._rows: list[_Row] = []
        self._cells: Cells = _nothing
        self._widths: list[int] = []
        self._hover = -1
        self._anchor = -1
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setMouseTracking(True)
        self.verticalScrollBar().setSingleStep(ROW)
        self.horizontalScrollBar().setSingleStep(40)

    # --- what it shows ---------------------------------------------------------------------------------------------

    def show_groups(
        self, columns: Sequence[Column], sums: dict[str, tuple[Part, ...]], groups: Sequence[Group], cells: Cells
    ) -> None:
        """Other rows; the record one was at stays the current one where it still is there."""
        here = self.record
        self.columns, self.sums, self._groups, self._cells = columns, sums, groups, cells
        self._lay_rows()
        self.selected &= {row.record for row in self._rows}
        self.at = next((at for at, row in enumerate(self._rows) if row.record and row.record == here), -1)
        if self.at < 0:
            self.at = next((at for at, row in enumerate(self._rows) if row.record), -1)
            self.selected = {self.record} if self.at >= 0 else set()
        self.column = min(self.column, max(0, len(columns) - 1))
        self._measure()
        self._describe()
        if self.record != here:
            self.chosen.emit(self.record)

    def _lay_rows(self) -> None:
        self._rows = []
        for group in self._groups:
            self._rows.append(_Row(group, 0))
            if group.key not in self.folded:
                self._rows += [_Row(group, number) for number in group.ids]

    @property
    def record(self) -> int:
        """The record of the current row, 0 on a heading or where there is none."""
        return self._rows[self.at].record if 0 <= self.at < len(self._rows) else 0

    @property
    def ids(self) -> list[int]:
        """The selected records in their order, else the current one."""
        found = [row.record for row in self._rows if row.record in self.selected and row.record]
        return found or ([self.record] if self.record else [])

    @property
    def all_ids(self) -> list[int]:
        """All records in their order, those of folded groups too."""
        return [number for group in self._groups for number in group.ids]

    def cell(self, number: int, key: str) -> tuple[Part, ...]:
        """What a cell shows."""
        return self._cells(number, key)

    def choose(self, number: int, key: str = "") -> None:
        """Make a record the current one, and bring it into view."""
        group = next((one for one in self._groups if number in one.ids), None)
        if group is None:
            return
        if group.key in self.folded:
            self._turn(group)
        if key:
            self.column = next((at for at, one in enumerate(self.columns) if one.key == key), self.column)
        self._go(next(at for at, row in enumerate(self._rows) if row.record == number), keep=False)

    # --- measures --------------------------------------------------------------------------------------------------

    @property
    def _top(self) -> int:
        return theme.TABLE_HEADER + (ROW if self.sums or self.bands else 0)

    def _measure(self) -> None:
        room = self.viewport().width()
        widths = [one.width for one in self.columns]
        if widths and self._groups:  # the heading of a group has the columns that stay
            title = 14 + 2 * theme.CELL_PADDING + max(wide(Part(group.title)) for group in self._groups)
            widths[0] += max(0, title - sum(widths[: self.frozen]))
        more = max(0, room - sum(widths))
        first = min(more * 2 // 5, 180) if self.columns else 0
        rest = (more - first) // max(1, len(self.columns) - 1)
        self._widths = [width + (first if at == self.frozen - 1 else rest) for at, width in enumerate(widths)]
        high = len(self._rows) * ROW + self._top
        self.verticalScrollBar().setPageStep(max(ROW, self.viewport().height() - self._top))
        self.verticalScrollBar().setRange(0, max(0, high - self.viewport().height()))
        self.horizontalScrollBar().setPageStep(room)
        self.horizontalScrollBar().setRange(0, max(0, sum(self._widths) - room))
        self.viewport().update()

    @property
    def _edge(self) -> int:
        """Where the columns that stay end."""
        return sum(self._widths[: self.frozen])

    def _left(self, column: int) -> int:
        if column < self.frozen:
            return sum(self._widths[:column])
        return sum(self._widths[:column]) - self.horizontalScrollBar().value()

    def _row_at(self, y: int) -> int:
        if y < self._top:
            return -1
        if y < self._top + ROW and (stuck := self._stuck()) >= 0:
            return stuck
        row = (y - self._top + self.verticalScrollBar().value()) // ROW
        return row if row < len(self._rows) else -1

    def _column_at(self, x: int) -> int:
        found = (
            at
            for at in range(0 if x < self._edge else self.frozen, len(self._widths))
            if self._left(at) <= x < self._left(at) + self._widths[at]
        )
        return next(found, 0)

    def cell_rect(self, number: int, key: str) -> QRect:
        """Where a cell is, in the viewport."""
        row = next((at for at, one in enumerate(self._rows) if one.record == number), 0)
        column = next((at for at, one in enumerate(self.columns) if one.key == key), 0)
        top = self._top + row * ROW - self.verticalScrollBar().value()
        return QRect(self._left(column), top, self._widths[column], ROW)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Columns take the room there is."""
        super().resizeEvent(event)
        self._measure()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """The first column and the upper rows stay: everything is painted anew."""
        self.viewport().update()

    def sizeHint(self) -> QSize:
        """A page."""
        return QSize(900, 600)

    # --- painting --------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Rows, then sums and headings over them; in each the first column over the others."""
        of = theme.tokens()
        painter = QPainter(self.viewport())
        painter.fillRect(self.viewport().rect(), of.color("panel"))
        if not self.columns:
            return
        edge, across, high = self._edge, self.viewport().width(), self.viewport().height()
        first = self.verticalScrollBar().value() // ROW
        last = min(len(self._rows), (self.verticalScrollBar().value() + high - self._top) // ROW + 1)
        for frozen in (False, True):
            side = QRect(0, 0, edge, high) if frozen else QRect(edge, 0, across - edge, high)
            columns = range(len(self.columns))[: self.frozen] if frozen else range(self.frozen, len(self.columns))
            painter.setClipRect(side.adjusted(0, self._top, 0, 0))
            for at in range(first, last):
                self._paint_row(painter, at, side, columns)
            if (stuck := self._stuck()) >= 0:
                self._paint_row(painter, stuck, side, columns, top=self._top)
            painter.setClipRect(side)
            self._paint_head(painter, side, columns)
        painter.setClipping(False)
        bottom = min(high, self._top + len(self._rows) * ROW)
        painter.fillRect(edge - _EDGE, 0, _EDGE, bottom, of.color("line"))

    def _stuck(self) -> int:
        """The heading that stays in sight although one has scrolled past it, -1 where none does."""
        past = self.verticalScrollBar().value()
        if not self.sticky or not past:
            return -1
        group = self._rows[past // ROW].group
        return next(at for at, row in enumerate(self._rows) if row.group is group)

    def _paint_row(
        self, painter: QPainter, at: int, side: QRect, columns: Sequence[int], *, top: int | None = None
    ) -> None:
        of, row = theme.tokens(), self._rows[at]
        top = self._top + at * ROW - self.verticalScrollBar().value() if top is None else top
        ground = "bg" if not row.record else "sel" if row.record in self.selected else ""
        ground = ground or ("line2" if at == self._hover else "")
        if ground:
            painter.fillRect(side.left(), top, side.width(), ROW, of.color(ground))
        painter.fillRect(side.left(), top + ROW - 1, side.width(), 1, of.color("line2"))
        for column in columns:
            box = QRect(self._left(column), top, self._widths[column], ROW)
            painter.fillRect(box.right(), top, 1, ROW, of.color("line2"))
            key = self.columns[column].key
            if row.record:
                self._paint_cell(painter, box, self._cells(row.record, key), column)
            elif column < self.frozen:
                continue
            else:
                self._paint_cell(painter, box, row.group.sums.get(key, ()), column)
            if at == self.at and column == self.column and self.hasFocus() and row.record:
                painter.setPen(of.color("accent"))
                painter.drawRect(box.adjusted(0, 0, -2, -2))
                painter.drawRect(box.adjusted(1, 1, -3, -3))
        if not row.record and 0 in columns:
            self._paint_title(
                painter, row.group, QRect(0, top, self._edge, ROW), ring=at == self.at and self.hasFocus()
            )

    def _paint_title(self, painter: QPainter, group: Group, box: QRect, *, ring: bool) -> None:
        """The heading of a group, across the columns that stay."""
        of = theme.tokens()
        painter.fillRect(box.adjusted(0, 0, 0, -1), of.color("bg"))
        arrow = "right" if group.key in self.folded else "down"
        icons.draw(painter, arrow, QRectF(box.left() + 8, box.top() + 11, 8, 8), of.mute)
        self._paint_parts(painter, box.adjusted(14, 0, 0, 0), (Part(group.title), *group.told), right=False)
        if ring:
            painter.setPen(of.color("accent"))
            painter.drawRect(box.adjusted(0, 0, -2, -2))

    def _paint_head(self, painter: QPainter, side: QRect, columns: Sequence[int]) -> None:
        """The headings, the sums under them; or the headings of headings, and the headings under them."""
        of = theme.tokens()
        low = ROW if self.bands else 0
        painter.fillRect(side.left(), 0, side.width(), self._top, of.color("bg"))
        if self.sums and not self.bands:
            painter.fillRect(side.left(), theme.TABLE_HEADER, side.width(), ROW, of.color("panel"))
            painter.fillRect(side.left(), theme.TABLE_HEADER - 1, side.width(), 1, of.color("line"))
        painter.fillRect(side.left(), self._top - 1, side.width(), 1, of.color("line"))
        painter.setFont(theme.font(12))
        for column in columns:
            one = self.columns[column]
            box = QRect(self._left(column), low, self._widths[column], theme.TABLE_HEADER)
            painter.fillRect(box.right(), low, 1, self._top - low, of.color("line2"))
            inner = box.adjusted(theme.CELL_PADDING, 0, -theme.CELL_PADDING, 0)
            painter.setFont(theme.font(12))
            painter.setPen(of.color("accent" if one.key == self.sorted_by else "mute"))
            text = theme.metrics(12).elidedText(tr(one.label), Qt.TextElideMode.ElideRight, inner.width())
            painter.drawText(inner, _RIGHT if one.right else _LEFT, text)
            if self.sums and not self.bands:
                self._paint_cell(painter, box.translated(0, theme.TABLE_HEADER), self.sums.get(one.key, ()), column)
        places = {one.key: at for at, one in enumerate(self.columns)}
        for band in self.bands:
            if places[band.first] in columns:
                left, last = self._left(places[band.first]), places[band.last]
                box = QRect(left, 0, self._left(last) + self._widths[last] - left, ROW)
                painter.fillRect(box.left() - 1, 0, 1, self._top, of.color("line"))
                painter.fillRect(box.left(), ROW - 1, box.width(), 1, of.color("line"))
                painter.setPen(of.color("mute"))
                painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), band.label)

    def _paint_cell(self, painter: QPainter, box: QRect, parts: Sequence[Part], column: int) -> None:
        self._paint_parts(painter, box, parts, right=self.columns[column].right)

    def _paint_parts(self, painter: QPainter, box: QRect, parts: Sequence[Part], *, right: bool) -> None:
        """Parts side by side; text that does not fit ends in …, numbers stand at the right."""
        x, end = box.left() + theme.CELL_PADDING, box.right() - theme.CELL_PADDING
        if right:
            x = max(x, end - sum(wide(part) for part in parts))
        for part in parts:
            room = end - x + 2
            if room <= 4 or (part.tone == "mute" and part is not parts[0] and wide(part) > room):
                return  # a day beside the rest is left out, never cut
            room = min(wide(part), room)
            paint_part(painter, part, x, box.top(), room)
            x += room + 6

    # --- mouse and keyboard ----------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A record, several with Ctrl and Shift; a heading folds."""
        row = self._row_at(event.position().toPoint().y())
        if row < 0:
            if event.position().y() < self._top and self.columns:
                self.heading_clicked.emit(self.columns[self._column_at(event.position().toPoint().x())].key)
            return
        if not self._rows[row].record:
            self.at = row
            self._turn(self._rows[row].group)
            return
        self.column = self._column_at(event.position().toPoint().x())
        if event.button() == Qt.MouseButton.RightButton and self._rows[row].record in self.selected:
            self._go(row, keep=True)
            return
        modifiers = event.modifiers()
        if modifiers & Qt.KeyboardModifier.ControlModifier:
            self.selected ^= {self._rows[row].record}
            self._go(row, keep=True)
        else:
            self._go(row, keep=False, reach=bool(modifiers & Qt.KeyboardModifier.ShiftModifier))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """The editor of the cell."""
        row = self._row_at(event.position().toPoint().y())
        if row >= 0 and self._rows[row].record:
            self.opened.emit(self._rows[row].record, self.columns[self._column_at(event.position().toPoint().x())].key)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """The row under the mouse."""
        row = self._row_at(event.position().toPoint().y())
        if row != self._hover:
            self._hover = row
            self.viewport().update()

    def leaveEvent(self, event: Any) -> None:
        """None is under it."""
        self._hover = -1
        self.viewport().update()

    def viewportEvent(self, event: Any) -> bool:
        """The whole text of a cell as a tooltip."""
        if event.type() == event.Type.ToolTip and isinstance(event, QHelpEvent):
            row = self._row_at(event.pos().y())
            number = self._rows[row].record if row >= 0 else 0
            key = self.columns[self._column_at(event.pos().x())].key if number else ""
            QToolTip.showText(event.globalPos(), plain(self._cells(number, key)) if number else "", self)
            return True
        return super().viewportEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """What one may do with the selected records."""
        if self.record:
            self.menu_wanted.emit(event.globalPos())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows between cells (with Shift to select), Enter opens, Space selects, ← and → fold a heading."""
        key, reach = event.key(), bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        page = max(1, (self.viewport().height() - self._top) // ROW - 1)
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_PageUp: -page, Qt.Key.Key_PageDown: page}
        row = self._rows[self.at] if 0 <= self.at < len(self._rows) else None
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if row is None or event.modifiers() & Qt.KeyboardModifier.AltModifier:
            super().keyPressEvent(event)
        elif Qt.Key(key) in steps:
            self._go(min(max(self.at + steps[Qt.Key(key)], 0), len(self._rows) - 1), keep=False, reach=reach)
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self._go(0 if key == Qt.Key.Key_Home else len(self._rows) - 1, keep=False, reach=reach)
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self._across(row, 1 if key == Qt.Key.Key_Right else -1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not control:
            self.opened.emit(row.record, self.columns[self.column].key) if row.record else self._turn(row.group)
        elif key == Qt.Key.Key_Space and row.record:
            self.selected ^= {row.record}
            self.viewport().update()
        elif key == Qt.Key.Key_A and control:
            self.selected = {one.record for one in self._rows if one.record}
            self.viewport().update()
        else:
            super().keyPressEvent(event)

    def _across(self, row: _Row, way: int) -> None:
        if row.record:
            self.column = min(max(self.column + way, 0), len(self.columns) - 1)
            self._go(self.at, keep=True)
        elif (row.group.key in self.folded) == (way > 0):
            self._turn(row.group)

    def _turn(self, group: Group) -> None:
        """Fold a group or open it."""
        self.folded ^= {group.key}
        self._lay_rows()
        self.at = next(at for at, row in enumerate(self._rows) if row.group.key == group.key and not row.record)
        self._measure()

    def _go(self, at: int, *, keep: bool, reach: bool = False) -> None:
        before, self.at = self.record, at
        if not reach:
            self._anchor = at
        if not keep:
            low, high = sorted((self._anchor if reach and self._anchor >= 0 else at, at))
            self.selected = {row.record for row in self._rows[low : high + 1] if row.record}
        self._reveal()
        self._describe()
        self.viewport().update()
        if self.record and self.record != before:
            self.chosen.emit(self.record)

    def _reveal(self) -> None:
        bar, top = self.verticalScrollBar(), self.at * ROW
        room = self.viewport().height() - self._top
        stuck = ROW if self.sticky and self.record else 0
        if top - stuck < bar.value():
            bar.setValue(max(0, top - stuck))
        elif top + ROW > bar.value() + room:
            bar.setValue(top + ROW - room)
        left, across = self._left(self.column), self.horizontalScrollBar()
        if self.column >= self.frozen and left < self._edge:
            across.setValue(across.value() - (self._edge - left))
        elif self.column >= self.frozen and left + self._widths[self.column] > self.viewport().width():
            across.setValue(across.value() + left + self._widths[self.column] - self.viewport().width())

    def _describe(self) -> None:
        """Let a reader of the screen say where one is."""
        if self.record and self.columns:
            one = self.columns[self.column]
            name, said = (plain(self._cells(self.record, key)) for key in (self.columns[0].key, one.key))
            self.setAccessibleDescription(f"{name} · {tr(one.label)} {said}")

    def focusInEvent(self, event: Any) -> None:
        """The current cell gets its ring."""
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: Any) -> None:
        """And loses it."""
        super().focusOutEvent(event)
        self.viewport().update()


def _nothing(number: int, key: str) -> tuple[Part, ...]:
    return ()
