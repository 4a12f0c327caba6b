"""市级通报数 and 历史公布数: a month's numbers typed into cells, pasted from Excel, or read from a file that is looked at first."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QFrame, QStackedWidget, QWidget

from db.core.errors import Problem
from db.core.period import Period, month_of, period_name
from db.core.text import Text, _
from desktop.kit import theme
from desktop.kit.cells import Cell
from desktop.kit.choices import Choices
from desktop.kit.columns import unit_name
from desktop.kit.entries import EntryList
from desktop.kit.lists import Heading, PlainList, text_cell
from desktop.kit.page import Connection, Desk, Page
from desktop.kit.parts import Segments, bar, button, column_of, label, row_of
from desktop.kit.strip import Strip
from desktop.kit.words import language, tr
from desktop.overview import making

if TYPE_CHECKING:
    from db.core.book import Book
    from db.core.progress import Progress
    from db.overview.bulletin_entry import Line, MonthKept, Row
    from db.overview.bulletins import CityTable, PublishedTable

CITY, PUBLISHED = "city_bulletin", "published"
FILES = "*.xlsx *.xls *.xlsm *.et *.csv *.ods"
_SUFFIXES = frozenset(one.removeprefix("*") for one in FILES.split())
_MONTHS_WIDTH = 232
_COLUMNS: dict[str, tuple[Heading, ...]] = {
    CITY: (
        Heading(_("Figure"), 270), Heading(_("Unit"), 88), Heading(_("Value of ours"), 110, right=True),
        Heading(_("City rank"), 96, right=True), Heading(_("Group rank"), 104, right=True),
        Heading(_("Other districts"), 180, stretch=True), Heading(_("Source"), 160, stretch=True),
    ),
    PUBLISHED: (
        Heading(_("Figure"), 270), Heading(_("Unit"), 100),
        Heading(_("Since January"), 140, right=True), Heading(_("In the month alone"), 140, right=True),
        Heading(_("Source"), 240, stretch=True),
    ),
}  # fmt: skip
_NOT_TYPED = 2  # columns before those that are typed into
_READ = (
    Heading(_("Period"), 150), Heading(_("Whose"), 150), Heading(_("Figure"), 200, stretch=True),
    Heading(_("In the file"), 220, stretch=True), Heading(_("In the book now"), 220, stretch=True),
)  # fmt: skip


class CellTable(EntryList):
    """Cells to type into. `pasted`: Ctrl+V; `emptied`: Del; `copied`: Ctrl+C."""

    pasted = Signal()
    emptied = Signal()
    copied = Signal()

    def __init__(self) -> None:
        super().__init__(sortable=False)
        self.setSelectionBehavior(self.SelectionBehavior.SelectItems)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The clipboard's keys and Del; everything else as in any list one types into."""
        keys = QKeySequence.StandardKey
        does = ((keys.Paste, self.pasted), (keys.Copy, self.copied), (keys.Delete, self.emptied))
        found = next((signal for key, signal in does if event.matches(key)), None)
        if found is not None and self.state() != self.State.EditingState:
            found.emit()
        else:
            super().keyPressEvent(event)


class BulletinPage(Page):
    """See the module. `proposed`: what was read from a file or a block and is not taken in yet."""

    title = _("City's bulletin and published figures")
    manual = "overview"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.kind = self.shown = CITY  # what is asked for, and what the rows are that are there already
        self.month = ""
        self.found: Sequence[Row] = ()
        self.months: Sequence[MonthKept] = ()
        self.proposed: CityTable | PublishedTable | None = None
        self._asked_month = False
        self._bars()
        self._body()

    def _bars(self) -> None:
        self.kinds = Segments(((CITY, _("City's bulletin")), (PUBLISHED, _("Published figures"))), self.kind)
        self.kinds.chosen.connect(self.choose_kind)
        year = self.desk.today().year
        self.year = Choices([(str(one), str(one)) for one in range(year, year - 12, -1)])
        self.number = Choices(
            [(f"{one:02d}", f"{one}月" if language() == "zh" else f"{one:02d}") for one in range(1, 13)]
        )
        for part, name in ((self.year, _("Year")), (self.number, _("Month"))):
            part.setFixedWidth(84)
            part.setAccessibleName(tr(name))
            part.currentIndexChanged.connect(lambda _at: self.choose_month(f"{self.year.key}-{self.number.key}"))
        self.unit = Choices([("", _("Whole district"))])
        self.unit.setFixedWidth(170)
        self.unit.setAccessibleName(tr(_("Whose numbers")))
        self.unit.currentIndexChanged.connect(lambda _at: self._read())
        self.unit.hide()
        self.file_button = button(_("Read a file…"), self.choose_file, kind="primary")
        self.paste_button = button(_("Paste from Excel"), self.paste)
        self.writers += [self.file_button, self.paste_button]
        self.add_actions(self.paste_button, self.file_button)
        hint = label(_("Enter types · Ctrl+V pastes a block · Del empties"), size=12, tone="faint")
        self.content.addWidget(
            bar("filter", theme.FILTER_BAR, self.kinds, 8, self.year, self.number, self.unit, None, hint)
        )
        self.strip = Strip()
        self.content.addWidget(self.strip)

    def _body(self) -> None:
        self.kept = PlainList(row_height=30)
        self.kept.horizontalHeader().hide()
        self.kept.setAccessibleName(tr(_("Months that are entered")))
        self.kept.picked.connect(lambda row, _column: self.choose_month(self.months[row].month))
        left = QFrame()
        left.setProperty("bar", "left")
        left.setFixedWidth(_MONTHS_WIDTH)
        self.nothing = label(
            _("Nothing is entered yet. Type into the table, paste a block from Excel, or drop the bulletin's file here."
              " The report then says the rank in the city, and compares with what was published."),
            size=12, tone="mute", wrap=True,
        )  # fmt: skip
        self.nothing.setContentsMargins(14, 10, 12, 6)
        head = bar("head", 36, label(_("Months that are entered"), bold=True), None, margins=(14, 0, 14, 0))
        column_of(head, self.nothing, self.kept, gap=0, margins=(0, 0, 1, 0), parent=left).setStretch(2, 1)
        self.table = CellTable()
        self.table.setAccessibleName(tr(self.title))
        self.table.typed.connect(lambda row, column, text: self.enter({(self._figure(row), self._key(column)): text}))
        self.table.pasted.connect(self.paste)
        self.table.emptied.connect(self._empty_cell)
        self.table.copied.connect(self._copy)
        self.lines = PlainList(row_height=30)
        self.lines.setAccessibleName(tr(_("What was read")))
        self.stack = QStackedWidget()
        self.stack.addWidget(self.table)
        self.stack.addWidget(self.lines)
        whole = QWidget()
        row_of(left, self.stack, gap=0, parent=whole).setStretch(1, 1)
        self.content.addWidget(whole, 1)
        self.strip.back = self.table
        self.strip.closed.connect(self._forget)

    # --- reading ---------------------------------------------------------------------------------------------------

    def take_focus(self) -> None:
        """The first cell to type into."""
        self.table.setFocus()

    def refresh(self) -> None:
        """What is kept of the month; the first time of the last month the book has something of."""
        if self._asked_month:
            self._read()
            return
        self._asked_month = True
        self.ask(making.last_period, self._take_period, key="month")

    def _take_period(self, period: Period | None) -> None:
        today = self.desk.today().isoformat()
        self.choose_month(month_of(min(period.last, today) if period is not None else today))

    def choose_month(self, month: str) -> None:
        """Another month (YYYY-MM)."""
        self.month = month
        for part, key in ((self.year, month[:4]), (self.number, month[5:])):
            before = part.blockSignals(True)
            if part.findData(key) < 0:
                part.addItem(key, key)
            part.setCurrentIndex(part.findData(key))
            part.blockSignals(before)
        self._read()

    def choose_kind(self, kind: str) -> None:
        """What the city says, or what was published."""
        self.kind = kind
        self.kinds.choose(kind)
        self.unit.setVisible(kind == PUBLISHED)
        self._read()

    @property
    def _unit(self) -> int | None:
        return int(self.unit.key) if self.unit.key and self.kind == PUBLISHED else None

    def _read(self) -> None:
        kind, month, unit = self.kind, self.month, self._unit

        def work(connection: Connection) -> Any:
            from db.overview import bulletin_entry as entry
            from db.people.queries import units

            rows = entry.city_rows(connection, month) if kind == CITY else entry.published_rows(connection, month, unit)
            return kind, rows, entry.months_kept(connection), [(str(one.id), one.name) for one in units(connection)]

        self.ask(work, self._show, key="rows")

    def _show(self, found: tuple[str, Sequence[Row], Sequence[MonthKept], Sequence[tuple[str, str]]]) -> None:
        self.shown, self.found, self.months, units = found
        self.unit.fill([("", _("Whole district")), *units], self.unit.key)
        fixed = self.desk.seen is not None
        self.table.show_entries(
            _COLUMNS[self.shown], len(self.found), self._cell, typing=self._typing,
            may_type=lambda _row, column: column >= _NOT_TYPED and not fixed,
        )  # fmt: skip
        self.nothing.setVisible(not self.months)
        columns = (Heading("", 106, stretch=True), Heading("", 104, right=True))
        self.kept.show_rows(columns, len(self.months), self._month_cell)
        entered = sum(any(one.cells.values()) for one in self.found)
        said = tr(_("of {month} entered", month=self._month_name()))
        self.footer.show_facts([("", str(entered), said)])

    def _month_name(self) -> Text:
        return period_name(Period.of_months(self.month, self.month))

    def _cell(self, row: int, column: int) -> Cell:
        one = self.found[row]
        if column == 0:
            return Cell(tr(one.label))
        if column == 1:
            return Cell(unit_name(one.unit), "mute")
        text = one.cells[self._key(column)]
        return Cell(text, right=_COLUMNS[self.shown][column].right, bold=column == _NOT_TYPED)

    def _typing(self, row: int, column: int) -> str:
        return self.found[row].cells[self._key(column)] if column >= _NOT_TYPED else ""

    def _month_cell(self, row: int, column: int) -> Cell:
        one = self.months[row]
        if column == 0:
            return Cell(tr(period_name(Period.of_months(one.month, one.month))), bold=one.month == self.month)
        count = one.city if self.kind == CITY else one.published
        return text_cell(tr(_("{count} figures", count=count)) if count else "", tone="mute", right=True)

    def _key(self, column: int) -> str:
        from db.overview.bulletin_entry import CITY_COLUMNS, PUBLISHED_COLUMNS

        return (CITY_COLUMNS if self.shown == CITY else PUBLISHED_COLUMNS)[column - _NOT_TYPED]

    def _figure(self, row: int) -> str:
        return self.found[row].figure

    # --- typing and pasting ----------------------------------------------------------------------------------------

    def enter(self, cells: dict[tuple[str, str], str]) -> None:
        """Write cells as they were typed, as one operation."""
        kind, month, unit = self.shown, self.month, self._unit
        if not cells or self.rests():
            return

        def work(connection: Connection) -> None:
            from db.overview import bulletin_entry as entry

            if kind == CITY:
                entry.enter_city(connection, month, cells)
            else:
                entry.enter_published(connection, month, unit, cells)

        self.strip.close_list()
        self.write(self._label(), work, failed=self._refuse)

    def _label(self) -> Text:
        if self.kind == CITY:
            return _("City's bulletin of {month}", month=self._month_name())
        return _("Published figures of {period}", period=self._month_name())

    def _refuse(self, problem: Problem) -> None:
        self.strip.ask(Text(problem.render(language())), [(_("Close"), lambda: None)], tone="red")
        self._read()

    def _empty_cell(self) -> None:
        index = self.table.currentIndex()
        if index.column() >= _NOT_TYPED and self._typing(index.row(), index.column()):
            self.enter({(self._figure(index.row()), self._key(index.column())): ""})

    def _copy(self) -> None:
        from desktop.kit.clipboard import copy_shown

        index = self.table.currentIndex()
        if index.isValid():
            copy_shown([[self._cell(index.row(), index.column()).text]])

    def paste(self) -> None:
        """A block of the clipboard: a bulletin with its headings is looked at first, cells go where the keyboard is."""
        from desktop.kit.clipboard import rows_of, take

        if self.rests():
            return
        kind, month = self.kind, self.month
        try:
            taken = take()
        except Problem as problem:
            self._refuse(problem)
            return

        def work(connection: Connection) -> Any:
            from db.overview import bulletin_entry as entry

            block = rows_of(taken)
            table = entry.block_table(connection, block, kind) if len(block) > 1 else None
            return block if table is None else _with_lines(connection, table, month)

        self.ask(work, self._pasted, failed=self._refuse, key="paste")

    def _pasted(self, found: Any) -> None:
        if isinstance(found, tuple):
            self._propose(*found)
            return
        from db.overview import bulletin_entry as entry

        columns = entry.CITY_COLUMNS if self.shown == CITY else entry.PUBLISHED_COLUMNS
        index = self.table.currentIndex()
        at = (max(index.row(), 0), max(index.column() - _NOT_TYPED, 0))
        self.enter(entry.pasted(found, figures=[one.figure for one in self.found], columns=columns, at=at))

    # --- files -----------------------------------------------------------------------------------------------------

    def choose_file(self) -> None:
        """Ask for the file of a bulletin."""
        chosen = self.desk.dialogs.open_file(self, _("Choose the bulletin's file"), FILES)
        if chosen is not None:
            self.read_file(chosen)

    def drop_hint(self, paths: Sequence[Path], place: QPoint) -> tuple[QWidget, Text] | None:
        """A spreadsheet is read as a bulletin here."""
        if any(one.suffix.lower() in _SUFFIXES for one in paths):
            return self.stack, _("Drop it to look at the numbers of this bulletin")
        return None

    def drop(self, paths: Sequence[Path], place: QPoint) -> bool:
        """Read the first spreadsheet."""
        files = [one for one in paths if one.suffix.lower() in _SUFFIXES]
        if files:
            self.read_file(files[0])
        return bool(files)

    def read_file(self, path: Path) -> None:
        """Read a file and show what would be taken from it; nothing is written yet."""
        if self.rests():
            return
        kind, month = self.kind, self.month

        def work(book: Book, progress: Progress) -> Any:
            from db.overview.bulletin_entry import table_of
            from db.sheets.reading import read_workbook

            workbook = read_workbook(path, progress=progress)
            with book.read() as connection:
                return _with_lines(connection, table_of(connection, workbook, kind), month)

        self.desk.jobs.ask(
            self, work, lambda found: self._propose(found[0], found[1], path.name), failed=self._refuse, key="file",
            title=_("Reading “{file}”", file=path.name),
        )  # fmt: skip

    def _propose(self, table: CityTable | PublishedTable, lines: Sequence[Line], name: str = "") -> None:
        from db.overview.bulletins import CityTable, told

        self.proposed = table
        self.choose_kind(CITY if isinstance(table, CityTable) else PUBLISHED)
        self.lines.show_rows(_READ, len(lines), lambda row, column: _line_cell(lines[row], column))
        self.stack.setCurrentWidget(self.lines)
        said = told(table)
        if isinstance(table, CityTable) and table.month is None:
            said = _("{what}. It does not say of which month: {month} is taken.", what=said, month=self._month_name())
        answers = [
            (_("Write them into the book"), lambda: self._take_in(table, name)), (_("Leave them"), self._forget),
        ]  # fmt: skip
        self.strip.ask(said, answers)
        self.lines.setFocus()

    def _forget(self) -> None:
        """Back to the table."""
        self.proposed = None
        if self.stack.currentWidget() is self.lines:
            self.stack.setCurrentWidget(self.table)
            self.table.setFocus()

    def _take_in(self, table: CityTable | PublishedTable, name: str) -> None:
        from db.overview.bulletins import CityTable

        month = self.month

        def work(connection: Connection) -> None:
            from db.overview.bulletins import keep_city
            from db.overview.published import keep_published

            if isinstance(table, CityTable):
                keep_city(connection, table, month=None if table.month is not None else month)
            else:
                keep_published(connection, table.lines, source=table.source)

        if isinstance(table, CityTable):
            shown = table.month.last if table.month is not None else month
        else:
            shown = max(one.month for one in table.lines)
        label_of = _("Import {file}", file=name) if name else self._label()
        self.write(label_of, work, lambda _result: self.choose_month(shown), failed=self._refuse)

    def show_moment(self) -> None:
        """Looking at the past, nothing is typed."""
        super().show_moment()
        if self.found:
            self._read()

    def show_example(self) -> None:
        """For a picture: the cell of the first rank."""
        self.table.setCurrentIndex(self.table.rows.index(0, _NOT_TYPED + 1))


def _with_lines(
    connection: Connection, table: CityTable | PublishedTable, month: str
) -> tuple[CityTable | PublishedTable, Sequence[Line]]:  # fmt: skip
    from db.overview.bulletin_entry import lines_of

    return table, lines_of(connection, table, month)


def _line_cell(one: Line, column: int) -> Cell:
    if column == 0:
        return Cell(tr(one.period), "mute")
    if column == 1:
        return Cell(one.whose or tr(_("Whole district")), "mute")
    if column == 2:
        return Cell(tr(one.figure))
    if column == 3:
        return Cell(tr(one.said) if one.said is not None else "", bold=True)
    if one.before is None:
        return text_cell("")
    same = one.said is not None and tr(one.said) == tr(one.before)
    return Cell(tr(one.before), "mute" if same else "amber")
