"""The model of a ledger table: ids of all records in memory, their groups, the cells of the records one looks at.

A record's cells come by window through the worker and are kept in a bounded store; nothing is fetched cell by cell.
"""

from __future__ import annotations

from array import array
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import partial
from itertools import chain, takewhile
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, QTimer, Signal

from db.core.fields import Field
from db.core.text import _
from desktop.kit.cells import CELL_ROLE, EMPTY, Cell
from desktop.kit.columns import Column, Late
from desktop.kit.outline import Lines, Path
from desktop.kit.words import tr

if TYPE_CHECKING:
    from db.core.grouping import Group, Outline
    from desktop.kit.dressing import Dress

Index = QModelIndex | QPersistentModelIndex
Deliver = Callable[[list[tuple[Any, ...]]], None]
Fetch = Callable[[Sequence[Field], Sequence[int], Deliver], None]
NO_INDEX = QModelIndex()
WINDOW = 128
KEPT_WINDOWS = 24
_DRESSED = 512  # rows whose painted cells are kept: a few screens


class Rows(QAbstractTableModel):
    """The lines of a ledger: records and group headings.

    `fetch(fields, ids, deliver)` asks for the cells of some ids; a tuple begins with the id. `today`: ISO day for what
    is late. `may_edit(record, field)` is set by whoever lets cells be changed.
    """

    arrived = Signal()
    folded = Signal()

    def __init__(self, columns: Sequence[Column], fetch: Fetch, *, today: str = "") -> None:
        super().__init__()
        self.columns = list(columns)
        self.today = today
        self.words = ""
        self.ids: array[int] = array("q")
        self.lines = Lines(0)
        self.may_edit: Callable[[int, Field], bool] | None = None
        self.differs: dict[tuple[int, str], str] = {}  # (id, field key) → what stands there now, when the past is shown
        self._sums: dict[str, int] = {}
        self._fetch = fetch
        self._kept: OrderedDict[int, tuple[Any, ...]] = OrderedDict()
        self._before: dict[int, tuple[Any, ...]] = {}  # shown until the new ones come, so that nothing flickers
        self._dressed: OrderedDict[int, list[Cell | None]] = OrderedDict()
        self._headings: dict[int, list[Cell]] = {}
        self._ways: list[Dress] | None = None
        self._windows: OrderedDict[int, None] = OrderedDict()
        self._asked: set[int] = set()
        self._state = 0
        self._fields: list[Field] = []
        self._places: dict[str, int] = {}
        self._more: dict[str, Field] = {}
        self._place_fields()
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self._ask)

    # --- what is shown ---------------------------------------------------------------------------------------------

    def show_outline(
        self, outline: Outline, columns: Sequence[Column] | None = None, *, folded: Collection[Path] = (),
        more: Sequence[Field] = (),
    ) -> None:  # fmt: skip
        """Other rows, columns or groups. `more`: fields of the room that emphasis may ask for beside the columns."""
        self.beginResetModel()
        places = self._places
        self.ids = outline.ids
        self._sums = {key: at for at, key in enumerate(outline.summed)}
        self.lines = Lines(len(outline.ids), outline.groups, folded)
        if columns is not None:
            self.columns = list(columns)
            self._more = {field.key: field for field in more}
            self._place_fields()
        self._state += 1
        self._before = dict(self._kept) if self._places == places else {}
        self._kept.clear()
        self._dressed.clear()
        self._headings.clear()
        self._ways = None
        self._windows.clear()
        self._asked.clear()
        self.endResetModel()

    def _place_fields(self) -> None:
        wanted = {column.field.key: column.field for column in self.columns if not column.missing}
        for column in self.columns:
            until = column.emphasis.until if isinstance(column.emphasis, Late) else None
            if until is not None and until in self._more:
                wanted.setdefault(until, self._more[until])
        self._fields = list(wanted.values())
        self._places = {key: at + 1 for at, key in enumerate(wanted)}

    def record(self, line: int) -> int | None:
        """The id of the record of a line, None for a group's heading."""
        shown = self.lines.at(line)
        return None if shown.record < 0 else self.ids[shown.record]

    def records(self, lines: range) -> Iterator[int]:
        """The ids of the records of some lines, however many."""
        return chain.from_iterable(self.ids[some.start : some.stop] for some in self.lines.records_in(lines))

    def group(self, line: int) -> Group | None:
        """The group whose heading a line is."""
        shown = self.lines.at(line)
        return None if shown.group < 0 else self.lines.groups[shown.group]

    def number(self, line: int) -> int | None:
        """The running number of a record's line, from 1."""
        record = self.lines.at(line).record
        return None if record < 0 else record + 1

    def row_of(self, number: int) -> int | None:
        """The line of a record, None where it is not shown."""
        try:
            return self.lines.line_of(self.ids.index(number))
        except ValueError:
            return None

    def column_of(self, key: str) -> int | None:
        """Where a field stands, None where it has no column."""
        return next((at for at, column in enumerate(self.columns) if column.field.key == key), None)

    def here(self) -> list[int]:
        """The records whose cells are here."""
        return list(self._kept)

    def value(self, line: int, column: int) -> Any:
        """The stored value of a cell, None while it is not here."""
        kept = self._kept.get(self.record(line) or -1)
        place = self._places.get(self.columns[column].field.key)
        return None if kept is None or place is None else kept[place]

    def known(self, line: int) -> bool:
        """Whether the cells of a line are here."""
        record = self.record(line)
        return record is None or record in self._kept

    # --- folding ---------------------------------------------------------------------------------------------------

    def fold(self, line: int, *, folded: bool) -> None:
        """Fold or open the group whose heading a line is; what is chosen elsewhere stays chosen."""
        shown = self.lines.at(line)
        if shown.group < 0 or self.lines.is_folded(shown.group) == folded:
            return
        path = {self.lines.groups[shown.group].path}
        after = self.lines.with_folds(self.lines.folded | path if folded else self.lines.folded - path)
        count = abs(after.count - self.lines.count)
        if not count:
            self.lines = after
        elif folded:
            self.beginRemoveRows(NO_INDEX, line + 1, line + count)
            self.lines = after
            self.endRemoveRows()
        else:
            self.beginInsertRows(NO_INDEX, line + 1, line + count)
            self.lines = after
            self.endInsertRows()
        self.folded.emit()

    def fold_all(self, level: int | None) -> None:
        """Fold every group from `level` inwards; None opens all."""
        wanted = () if level is None else [group.path for group in self.lines.groups if group.level >= level]
        self.beginResetModel()
        self.lines = self.lines.with_folds(wanted)
        self.endResetModel()
        self.folded.emit()

    def open_to(self, number: int) -> int | None:
        """The line of a record, its groups opened; None where it is not among the rows."""
        try:
            place = self.ids.index(number)
        except ValueError:
            return None
        for at in self.lines.groups_of(place):
            heading = self.lines.heading_of(at)
            if heading is not None and self.lines.is_folded(at):
                self.fold(heading, folded=False)
        return self.lines.line_of(place)

    # --- cells -----------------------------------------------------------------------------------------------------

    def cells(self, line: int, wanted: Sequence[int] | None = None) -> Sequence[Cell] | None:
        """The painted cells of a line; None while they are not here, and they are asked for.

        `wanted`: the columns one sees; the other cells may be empty then.
        """
        shown = self.lines.at(line)
        if shown.group >= 0:
            return self._heading(shown.group)
        number = self.ids[shown.record]
        kept = self._kept.get(number)
        if kept is None:
            self._want(shown.record // WINDOW)
            kept = self._before.get(number)
            return None if kept is None else [dress(kept) for dress in self._dresses()]
        made = self._dressed.get(number)
        if made is None:
            made = self._dressed[number] = [None] * len(self.columns)
            if len(self._dressed) > _DRESSED:
                self._dressed.popitem(last=False)
        dresses = self._dresses()
        for at in range(len(made)) if wanted is None else wanted:
            if made[at] is None:
                made[at] = dresses[at](kept)
        return cast("list[Cell]", made)

    def _heading(self, at: int) -> list[Cell]:
        made = self._headings.get(at)
        if made is None:
            from desktop.kit import dressing

            if len(self._headings) > _DRESSED:
                self._headings.clear()
            group = self.lines.groups[at]
            by = self._more.get(group.key) or next(one.field for one in self.columns if one.field.key == group.key)
            made = self._headings[at] = dressing.heading(group, by, self.columns, self._sums)
        return made

    def _dresses(self) -> list[Dress]:
        if self._ways is None:
            from desktop.kit import dressing

            self._ways = dressing.dresses(self.columns, self._places, self.today)
        return self._ways

    @property
    def fields(self) -> list[Field]:
        """The fields that are read for a row, in the order of its values after the id."""
        return list(self._fields)

    def dressed(self, line: int, row: tuple[Any, ...] | None) -> list[Cell]:
        """The cells of a line made of values that were read for it (`fields`); a group's heading needs none."""
        shown = self.lines.at(line)
        if shown.group >= 0:
            return self._heading(shown.group)
        return [dress(row) if row is not None else EMPTY for dress in self._dresses()]

    def first(self, count: int) -> tuple[list[Field], list[tuple[Any, ...]]] | None:
        """The fields read and the stored values of at most so many first records; None with groups or without any."""
        known = list(takewhile(lambda row: row is not None, map(self._kept.get, self.ids[:count])))
        return None if self.lines.groups or not known else (self._fields, cast("list[tuple[Any, ...]]", known))

    def fill(self, fields: Sequence[Field], rows: Sequence[tuple[Any, ...]]) -> None:
        """Stored values that are known already, as `first` gave them; nothing where other fields are read now."""
        if [one.key for one in fields] == [one.key for one in self._fields]:
            self._kept.update((row[0], row) for row in rows)

    def put(self, number: int, key: str, value: Any) -> None:
        """Show a value at once; the record's other cells stay."""
        kept, place = self._kept.get(number), self._places.get(key)
        line = self.row_of(number)
        if kept is None or place is None or line is None:
            return
        self._kept[number] = (*kept[:place], value, *kept[place + 1 :])
        self._dressed.pop(number, None)
        self.dataChanged.emit(self.index(line, 0), self.index(line, len(self.columns) - 1))

    def now(self, line: int, column: int) -> str | None:
        """What stands now in a cell of the past that is different; None where it is the same."""
        return self.differs.get((self.record(line) or 0, self.columns[column].field.key)) if self.differs else None

    def show_differs(self, found: dict[tuple[int, str], str]) -> None:
        """Which cells carry a corner."""
        self.differs = found
        if self.lines.count:
            self.dataChanged.emit(self.index(0, 0), self.index(self.lines.count - 1, len(self.columns) - 1))

    def editable(self, index: Index) -> bool:
        """Whether a cell can be changed here."""
        number = self.record(index.row()) if index.isValid() else None
        field = self.columns[index.column()].field if number is not None else None
        if number is None or field is None or not field.editable or self.may_edit is None:
            return False
        return self.may_edit(number, field)

    # --- Qt --------------------------------------------------------------------------------------------------------

    def rowCount(self, parent: Index = NO_INDEX) -> int:
        """All lines."""
        return 0 if parent.isValid() else self.lines.count

    def columnCount(self, parent: Index = NO_INDEX) -> int:
        """All columns."""
        return 0 if parent.isValid() else len(self.columns)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = int(Qt.ItemDataRole.DisplayRole)
    ) -> Any:
        """Heading and side of a column; the running number of a line."""
        if orientation != Qt.Orientation.Horizontal:
            number = self.number(section) if role == Qt.ItemDataRole.DisplayRole else None
            return None if number is None else f"{number:,}"
        if section >= len(self.columns):
            return None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return self.columns[section].heading
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return 2 if self.columns[section].right else 1
        return None

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        """Text and looks of a cell; a row that is not here yet is asked for and shown when it comes."""
        if role not in (CELL_ROLE, Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return None
        cells = self.cells(index.row())
        if cells is None:
            return EMPTY if role == CELL_ROLE else None
        cell = cells[index.column()]
        if role == Qt.ItemDataRole.ToolTipRole:
            now = self.now(index.row(), index.column())
            if now is not None:
                return tr(_("now {value}", value=now or "—"))
            if cell.tip:
                return cell.tip
            if cell.after:
                return f"{cell.text} · {cell.after}"
            return cell.text if len(cell.text) > 8 and not cell.right else None
        return cell if role == CELL_ROLE else cell.text

    # --- windows ---------------------------------------------------------------------------------------------------

    def _want(self, window: int) -> None:
        if window not in self._asked:
            self._asked.add(window)
            self._soon.start()

    def _ask(self) -> None:
        for window in sorted(self._asked - set(self._windows)):
            self._windows[window] = None
            ids = self.ids[window * WINDOW : (window + 1) * WINDOW]
            self._fetch(self._fields, ids, partial(self._take, window, self._state))

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
        if self.lines.count:
            first = self.lines.line_of(window * WINDOW) if not self.lines.groups else 0
            last = self.lines.count - 1 if self.lines.groups else min((window + 1) * WINDOW, self.lines.count) - 1
            self.dataChanged.emit(self.index(first or 0, 0), self.index(last, len(self.columns) - 1))
        self.arrived.emit()
