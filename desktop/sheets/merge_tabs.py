"""The right side of the page of returned sheets: conflicts, what is taken, deletions, new rows, what else is said."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QStackedWidget, QVBoxLayout, QWidget

from db.core.errors import Refused
from db.core.fields import Link
from db.core.text import Text, _
from desktop.kit import projector
from desktop.kit.form import Editor
from desktop.kit.lists import Heading, Picker, PlainList, show_inside, text_cell
from desktop.kit.parts import Tabs, bar, button, column_of, label, row_of, scrolled
from desktop.kit.told import show_told
from desktop.kit.words import language, tr
from desktop.sheets import merge_work as work
from desktop.sheets.merge_case import BASE, OURS, THEIRS, BookCase, Case, Line, SheetCase
from desktop.sheets.merge_table import CellTable, GoneTable, KeyedList, NewTable

if TYPE_CHECKING:
    from db.core.telling import Told
    from desktop.sheets.merge import MergePage

_SIDES = {"1": BASE, "2": OURS, "3": THEIRS}
TABS: tuple[tuple[str, Text], ...] = (
    ("conflicts", _("Conflicts")), ("taken", _("Taken as they are")), ("gone", _("Gone at their side")),
    ("new", _("New at their side")), ("rest", _("Unchanged")),
)  # fmt: skip
_MORE = _("Besides")  # of a copy: what comes along new, what stays where it is
_HINTS: dict[str, Text] = {
    "conflicts": _("1 2 3 take this column · E write another value · H history of the cell · Ctrl+Z one step back"),
    "taken": _("1 as it was · 2 keep ours · 3 take theirs · E write another value · H history of the cell"),
    "gone": _("1 keep · 2 delete"),
    "new": _("1 it is the one alike · 2 a new record · 3 leave it out · E another record…"),
    "rest": Text(""),
}


class Deciding(QFrame):
    """See the module. `changed` after every decision."""

    changed = Signal()

    def __init__(self, page: MergePage) -> None:
        super().__init__()
        self.page = page
        self.case: Case | None = None
        self._names: dict[int, str] = {}
        self.history: History | None = None
        self.tabs = Tabs(TABS)
        self.tabs.chosen.connect(self._show_tab)
        self.state = label("", size=12, tone="mute")
        self.table, self.taken = CellTable(), CellTable()
        self.gone, self.new, self.rest = GoneTable(), NewTable(), PlainList()
        self._parts: dict[str, PlainList] = {
            "conflicts": self.table, "taken": self.taken, "gone": self.gone, "new": self.new, "rest": self.rest,
        }  # fmt: skip
        self._pages = QStackedWidget()
        for key, part in self._parts.items():
            self._pages.addWidget(part)
            if isinstance(part, KeyedList):
                part.can_go_back = self._can_go_back
                part.back.connect(self.step_back)
                part.typed.connect({"gone": self._on_gone, "new": self._on_new}.get(key, self._on_cell))
        self.table.twice.connect(lambda _row, column: self._clicked(column))
        self.taken.twice.connect(lambda _row, column: self._clicked(column))
        self.gone.twice.connect(lambda row, _column: self._turn_gone(row))
        self.new.picked.connect(lambda row, column: self._pick_record(row) if column == 3 else None)
        self.hint = label("", size=12, tone="mute")
        self.rest_button = button(_("All others: take theirs"), self.take_rest, small=True)
        self.writing = _Writing(self)
        lines = column_of(bar("head", 38, self.tabs, None, self.state, margins=(16, 0, 16, 0)), gap=0, parent=self)
        lines.addWidget(self._pages, 1)
        lines.addWidget(self.writing)
        lines.addWidget(bar("bottom", 40, self.hint, None, self.rest_button, margins=(14, 0, 10, 0)))
        self._show_tab("conflicts")

    # --- showing ---------------------------------------------------------------------------------------------------

    def show_case(self, case: Case) -> None:
        """Another file, at its conflicts, or at what else is to be decided."""
        if case is self.case:
            self.show_counts()
            return
        self.case = case
        self.writing.hide()
        self.table.show_lines(case, case.conflicts)
        self.taken.show_lines(case, case.taken, THEIRS)
        self.gone.show_case(case)
        self.new.show_case(case, self._names)
        self._show_rest()
        self.show_counts()
        first = next((key for key, count in self._counts().items() if count), "conflicts")
        if not case.conflicts and any(one.alike is not None for one in case.new):
            first = "new"
        self.tabs.buttons[first].setChecked(True)
        self._show_tab(first)
        if case.open and case.side(case.conflicts[0]):
            self.table.go_on()

    def _counts(self) -> dict[str, int]:
        case = self.case
        if case is None:
            return {}
        return {
            "conflicts": len(case.conflicts), "taken": len(case.taken), "gone": len(case.gone), "new": len(case.new),
            "rest": len(case.remarks),
        }  # fmt: skip

    def show_counts(self) -> None:
        """How many of each, how many are open."""
        case = self.case
        if case is None:
            return
        for key, text in TABS:
            count = self._counts()[key]
            if key == "rest" and isinstance(case, SheetCase):
                count = len(case.merge.sending.records) - len({one.record for one in (*case.conflicts, *case.taken)})
                count -= len(case.gone)
            self.tabs.say(key, f"{tr(_MORE if key == 'rest' and case.of_copy else text)} {count:,}")
        rest = case.undecided()
        self.state.setText(
            tr(_("{done} decided · {rest} still open", done=len(case.cells) + len(case.rows), rest=rest))
        )
        self.rest_button.setEnabled(bool(case.open))

    def _show_rest(self) -> None:
        case = self.case
        assert case is not None
        lines = list(case.remarks)
        if isinstance(case, SheetCase):
            one = case.merge
            lines.insert(0, ("", tr(_("{count} cells were changed alike here and there, {ours} only here.",
                                      count=one.equal, ours=one.ours))))  # fmt: skip
        elif isinstance(case, BookCase):
            lines.insert(0, ("", tr(_("{count} cells were changed alike here and there.", count=case.plan.equal))))
        headings = (Heading(_("Place in the file"), 200), Heading(_("What was noted"), 480, stretch=True))
        self.rest.show_rows(headings, len(lines), lambda row, column: text_cell(lines[row][column] or "", tone="mute"))

    def _show_tab(self, key: str) -> None:
        self._pages.setCurrentWidget(self._parts[key])
        self.hint.setText(tr(_HINTS[key]))
        self.rest_button.setVisible(key == "conflicts")
        self.writing.hide()
        self._parts[key].setFocus()
        if isinstance(self._parts[key], CellTable):
            self.table.seen.emit()

    def open_tab(self, at: int) -> None:
        """By its place."""
        key = TABS[at][0]
        self.tabs.buttons[key].setChecked(True)
        self._show_tab(key)

    def shown_cells(self) -> CellTable | None:
        """The table of cells that is up, if one is."""
        part = self._pages.currentWidget()
        return part if isinstance(part, CellTable) else None

    def take_focus(self) -> None:
        """The list that is up."""
        self._parts[self.tabs.current].setFocus()

    # --- deciding --------------------------------------------------------------------------------------------------

    def _can_go_back(self) -> bool:
        return self.case is not None and self.case.can_go_back

    def step_back(self) -> None:
        """The last decision is taken back, and one is there again."""
        if self.case is not None and self._can_go_back():
            self.table.go_to(self.case.step_back())
            self._again()

    def _again(self) -> None:
        for part in self._parts.values():
            part.viewport().update()
        self.changed.emit()

    def _on_cell(self, key: str) -> None:
        table = self.shown_cells()
        line = table.line if table is not None else None
        if self.case is None or line is None or table is None:
            return
        if key in _SIDES:
            if not self.case.choose(line, _SIDES[key]):
                self.page.second.say(_("A whole record is kept or taken: 2 or 3."))
                return
            if table is self.table:
                table.go_on()
            elif table.currentIndex().row() + 1 < len(table.lines):
                table.selectRow(table.currentIndex().row() + 1)
            self._again()
        elif key == "E":
            self._write_third(line)
        else:
            self.show_history(line)

    def _clicked(self, column: int) -> None:
        if column in (1, 2, 3):
            self._on_cell(str(column))

    def _write_third(self, line: Line) -> None:
        if line.field is None or self.case is None:
            self.page.second.say(_("Of this no other value can be written here; take one of the three."))
            return
        self.writing.ask(line)

    def wrote_third(self, line: Line, value: object) -> None:
        """A third value was written."""
        assert self.case is not None
        self.case.write_third(line, value)
        self.take_focus()
        table = self.shown_cells()
        if table is self.table:
            table.go_on()
        self._again()

    def take_rest(self) -> None:
        """Theirs for all that is open; first it is said how many, and whose changes that overrides."""
        case = self.case
        if case is None or not case.open:
            return
        lines = case.open

        def told(found: work.Who) -> None:
            names: dict[str, int] = {}
            for who, _at in found.values():
                names[who] = names.get(who, 0) + 1
            facts = [tr(_("{who}: {count} cells", who=who, count=count)) for who, count in names.items()]
            body = [_("{count} cells become what {unit} says; what the book says there now is overridden.",
                      count=len(lines), unit=case.them)]  # fmt: skip
            title = _("Take theirs for all others")
            if self.page.desk.dialogs.confirm(
                self, title, body, _("Take {count} cells", count=len(lines)), facts=facts
            ):
                case.decide([(one.key, THEIRS) for one in lines])
                self._again()

        desk = self.page.desk
        desk.jobs.ask(self, work.who(case, lines[:300]), told, failed=desk.complain, key="whose",
                      title=_("Looking up who changed them"))  # fmt: skip

    def _on_gone(self, key: str) -> None:
        row = self.gone.currentIndex().row()
        if self.case is not None and key in ("1", "2") and 0 <= row < len(self.case.gone):
            goes = self.case.gone[row].key in self.case.delete
            if goes != (key == "2"):
                self._turn_gone(row)
            self.gone.selectRow(min(row + 1, len(self.case.gone) - 1))

    def _turn_gone(self, row: int) -> None:
        case = self.case
        assert case is not None
        one = case.gone[row]
        if one.key in case.delete:
            case.delete.discard(one.key)
        elif one.changed and not self._sure(one.name):
            return
        else:
            case.delete.add(one.key)
        self._again()

    def _sure(self, name: str) -> bool:
        body = [_("“{name}” was changed here after it was sent.", name=name)]
        return self.page.desk.dialogs.confirm(self, _("Delete “{name}” too", name=name), body, _("Delete"), grave=True)

    def _on_new(self, key: str) -> None:
        row = self.new.currentIndex().row()
        if self.case is None or not 0 <= row < len(self.case.new):
            return
        one = self.case.new[row]
        if key == "E":
            self._pick_record(row)
            return
        record = {"1": one.alike, "2": 0, "3": -1}.get(key)
        if record is not None:
            self._settle(row, record)

    def _settle(self, row: int, record: int) -> None:
        assert self.case is not None
        self.case.settle_row(self.case.new[row].place, record)
        self.new.selectRow(min(row + 1, len(self.case.new) - 1))
        self._again()

    def _pick_record(self, row: int) -> None:
        case = self.case
        if not isinstance(case, SheetCase):
            return
        index = self.new.rows.index(row, 3)
        box = self.new.visualRect(index)
        place = self.new.viewport().mapToGlobal(box.bottomLeft())

        def show(found: Sequence[tuple[int, str]]) -> None:
            self._names.update(dict(found))
            choices = [("0", tr(_("a new record"))), ("-1", tr(_("left out")))]
            picker = Picker(self, [*choices, *((str(number), name) for number, name in found)], _("Search the records"))
            picker.chosen.connect(lambda key: self._settle(row, int(key)))
            picker.open_at(place)

        self.page.ask(work.records(case.merge.room.room), show, key="records")

    # --- the history of a cell -------------------------------------------------------------------------------------

    def show_history(self, line: Line) -> None:
        """What became of the cell here, in a small window."""
        case, table = self.case, self.shown_cells()
        if case is None or table is None:
            return
        box = table.visualRect(table.rows.index(table.currentIndex().row(), 2))
        place = table.viewport().mapToGlobal(box.bottomLeft())
        desk = self.page.desk

        def show(told: Sequence[Told]) -> None:
            self.history = History(self, line, told)
            show_inside(self.history, place)

        desk.jobs.ask(self, work.cell_story(case, line), show, failed=desk.complain, key="story")


class History(QFrame):
    """Who changed a cell, from what to what; Esc closes it."""

    def __init__(self, owner: QWidget, line: Line, told: Sequence[Told]) -> None:
        super().__init__(owner, Qt.WindowType.Popup)
        self.setProperty("box", "card")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.told = told
        inner = QWidget()
        lines = QVBoxLayout(inner)
        lines.setContentsMargins(0, 0, 8, 0)
        lines.setSpacing(8)
        show_told(lines, told)
        lines.addStretch(1)
        title = label(f"{line.name} · {line.label}", bold=True, wrap=True)
        column_of(title, scrolled(inner), margins=(14, 12, 6, 12), gap=8, parent=self)
        self.setFixedSize(380, 260)


class _Writing(QFrame):
    """A third value for a cell, under the table: Enter keeps it, Esc leaves it."""

    def __init__(self, deciding: Deciding) -> None:
        super().__init__()
        self.setProperty("bar", "bottom")
        self._deciding = deciding
        self._line: Line | None = None
        self.editor: Editor | None = None
        self._row = row_of(margins=(14, 6, 14, 8), gap=10, parent=self)
        self.hide()

    def ask(self, line: Line) -> None:
        """An editor with what the book says now."""
        from desktop.kit.parts import clear

        assert line.field is not None
        clear(self._row)
        self._line = line
        now = line.said[1] if isinstance(line.field.kind, Link) else line.values[1]
        self.editor = Editor(line.field, None if projector.hides(line.field) else now)
        self.editor.setFixedWidth(360)
        self._row.addWidget(label(line.name, bold=True))
        self._row.addWidget(self.editor)
        self._row.addWidget(button(_("Keep it"), self.keep, kind="primary"))
        self._row.addWidget(label(_("Enter keeps it, Esc leaves it"), size=12, tone="mute"))
        self._row.addStretch(1)
        self.show()
        self.editor.input.setFocus()

    def keep(self) -> None:
        """Take what was typed, or say why it cannot be."""
        assert self.editor is not None
        assert self._line is not None
        try:
            value = self.editor.value()
        except Refused as refused:
            self.editor.complain(refused.render(language()))
            return
        self.hide()
        self._deciding.wrote_third(self._line, value)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter and Esc, as the editor leaves them."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.keep()
        elif event.key() == Qt.Key.Key_Escape:
            self.hide()
            self._deciding.take_focus()
        else:
            super().keyPressEvent(event)
