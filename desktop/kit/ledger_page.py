"""A ledger one works in, for any room: table, filter bar and pane, cells changed where they stand, forms, drafts.

The room says what it knows of its records (`Records`); what is special about a page stays there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QStackedLayout, QWidget

from db.core.errors import Problem, Refused
from db.core.fields import Field
from db.core.text import Text, _
from desktop.kit import actions
from desktop.kit.as_it_was import AsItWas
from desktop.kit.beside import Beside
from desktop.kit.ledger import Ledger
from desktop.kit.page import Connection, Page
from desktop.kit.parts import column_of
from desktop.kit.periods import this_year_so_far
from desktop.kit.record_pane import RecordPane
from desktop.kit.records import Records, read_names, read_record
from desktop.kit.several_views import View

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtCore import QPoint

    from db.core.filters import Condition
    from db.core.period import Period
    from desktop.kit.editing import Editing

_PANE_FOLLOWS = 120


class LedgerView(View):
    """See the module. `taken` when rows came, `picked` when another record is the current one.

    keys: the page name of its keys in desktop/kit/actions.py. period: what conditions of the period mean; this year so
    far where the page has none. first_steps: buttons of an empty ledger.
    """

    taken = Signal()
    picked = Signal(int)

    def __init__(
        self, page: Page, records: Records, *, keys: str, pane: Callable[[Page, Records], RecordPane] = RecordPane,
        period: Callable[[], Period] | None = None, first_steps: Sequence[QWidget] = (),
    ) -> None:  # fmt: skip
        super().__init__()
        self.page, self.records, self.actions_of = page, records, keys
        self._names: dict[str, list[str]] = {}
        self._record: Mapping[str, Any] = {}
        self._current: int | None = None
        self._find_after: int | None = None
        self._follows = True  # until a person closes the pane
        self._editing: Editing | None = None
        self.period = period or (lambda: this_year_so_far(page.desk.today()))
        self.ledger = Ledger(page, records.manner, self.period, *first_steps)
        self.model, self.table = self.ledger.model, self.ledger.table
        self.pane = pane(page, records)
        left = QWidget()
        self.shapes = QStackedLayout(left)  # the table, and whatever else a page shows its rows as
        self.shapes.setContentsMargins(0, 0, 0, 0)
        self.shapes.addWidget(self.ledger)
        self.beside = Beside(left, self.pane, page.desk.preferences)
        self.lines = column_of(self.ledger.bar, gap=0, parent=self)
        self.lines.addWidget(self.beside, 1)
        self._connect()

    def _connect(self) -> None:
        self._follow = QTimer(self)
        self._follow.setSingleShot(True)
        self._follow.setInterval(_PANE_FOLLOWS)
        self._follow.timeout.connect(self._show_current)
        self.ledger.taken.connect(self._taken)
        self.ledger.chosen.connect(self._selected)
        self.table.opened.connect(self.open_current)
        self.pane.closed.connect(self.close_pane)
        self.pane.edit_wanted.connect(self._edit)
        self.pane.delete_wanted.connect(self._delete)
        self.pane.saved.connect(self._save)
        self.pane.step_wanted.connect(self._step)
        self.as_it_was = AsItWas(self)
        self.table.keys["Esc"] = self._leave_table

    def bind(self, **further: Callable[[], object]) -> Mapping[str, Callable[[], object]]:
        """Make the keys work, with those that the page adds; what each does, by its name in desktop/kit/actions.py."""
        doing: dict[str, Callable[[], object]] = {
            "filter_words": self.ledger.search.setFocus,
            "filter_column": self.ledger.filter_current,
            "columns": self.ledger.choose_columns,
            "swap_focus": self._swap_focus,
            "open": self.open_current,
            "change_many": self.change_many,
            "print": self.ledger.print_view,
            "export": self.export_view,
            "send": self.send,
            "larger": lambda: self.table.step_zoom(1),
            "smaller": lambda: self.table.step_zoom(-1),
            "natural": lambda: self.table.set_zoom(1.0),
        }
        if self.records.new:
            doing["new"] = self.new_record
        self.doing = actions.bind(self, self.actions_of, doing | further)
        return self.doing

    # --- reading ---------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Rows, sums and fields again; the chosen record stays chosen."""
        self.ledger.refresh()

    def leave(self) -> None:
        """What is typed and not saved stays as a draft."""
        if self._editing is not None:
            self._editing.leave()

    @property
    def editing(self) -> Editing:
        """What changes cells; made when the first rows are there."""
        if self._editing is None:
            from desktop.kit.editing import Editing

            self._editing = Editing(self)
        return self._editing

    @property
    def current(self) -> int | None:
        """The record that is chosen."""
        return self._current

    @property
    def is_table(self) -> bool:
        """Whether the rows are shown as a table now."""
        return self.shapes.currentWidget() is self.ledger

    def _taken(self) -> None:
        if self._editing is None:
            QTimer.singleShot(0, self, lambda: self.editing)
        self.pane.learn_groups()
        self._reselect()
        self.taken.emit()

    def show_moment(self) -> None:
        """As of a moment, or of now again: what was chosen and where one was comes back with the present."""
        self.as_it_was.show_moment()

    def come_back_to(self, number: int | None, *, folded: bool) -> None:
        """The record that is chosen when the next rows are there, with its pane unless it was away."""
        self._find_after, self._current = None if folded else number, number

    def show_only(self, what: str, ids: Sequence[int]) -> None:
        """Exactly these records, under a chip that says what they are."""
        self.ledger.show_only(what, ids)

    def show_where(self, period: Period, view: str, conditions: Sequence[Condition]) -> None:
        """A view of the program, or all records that meet these conditions in a period, in the table."""
        ledger = self.ledger

        def show() -> None:
            assert ledger.found is not None
            key = view or "all"
            base = next((one for one in ledger.found.views if one.key == key), ledger.found.views[0])
            ledger.search.clear()
            ledger.only, ledger.words = None, ""
            ledger.view = replace(base, conditions=(*base.conditions, *conditions), groups=base.groups if view else ())
            ledger.refresh()

        if ledger.found is not None:
            show()
            return

        def first() -> None:
            ledger.taken.disconnect(first)
            show()

        ledger.taken.connect(first)

    def export_view(self) -> None:
        """The rows and columns as they stand, as a workbook."""
        from desktop.kit.exporting import export

        export(self.ledger)

    def export_menu(self) -> None:
        """What can leave from here: the workbook, sheets to units."""
        from desktop.kit.exporting import open_menu

        open_menu(self.ledger)

    def send(self) -> None:
        """Sheets to units, to be filled in; where sheets are sent from this room."""
        from desktop.kit.leaving import OFFERED

        for one in OFFERED:
            if one.keys and one.fits(self.ledger.manner.room):
                one.do(self.ledger)

    def drop_hint(self, paths: Sequence[Path], place: QPoint) -> tuple[QWidget, Text] | None:
        """To which records files would be attached."""
        from desktop.kit import attaching

        return attaching.hint(self, paths, place)

    def drop(self, paths: Sequence[Path], place: QPoint) -> bool:
        """Attach files; a ledger on the table is the window's."""
        from desktop.kit import attaching

        return attaching.take(self, paths, place)

    # --- the pane --------------------------------------------------------------------------------------------------

    def _selected(self) -> None:
        cell = self.table.current_cell()
        if cell is not None and cell[0] != self._current and self.ledger.found is not None:
            self._current = cell[0]
            if self._follows and (self.is_table or not self.pane.isHidden()):
                self._follow.start()
            self.picked.emit(self._current)

    def _reselect(self) -> None:
        wanted, self._find_after = self._find_after, None
        line = self.model.open_to(wanted) if wanted is not None else None
        if line is not None:
            self._current = wanted
            self.table.choose(line, 0)
        if self._current is not None and self.model.row_of(self._current) is not None:
            if not self.pane.isHidden() or wanted is not None:
                self._show_current()
        elif not self.pane.busy:
            self._current = None
            self.beside.fold()

    def take_focus(self) -> None:
        """The table."""
        self.table.setFocus()

    def show_example(self) -> None:
        """The third record in the pane."""
        self.choose(2)

    def choose(self, row: int) -> None:
        """Choose a line of the table and show its record in the pane."""
        if row < self.model.lines.count:
            self.table.choose(row, 0)

    def choose_record(self, number: int) -> None:
        """The table's line goes along with what was chosen elsewhere, the pane follows."""
        line = self.model.open_to(number)
        if line is not None and number != self._current:
            self.table.choose(line)

    def open_record(self, number: int) -> None:
        """A record in the pane."""
        self.choose_record(number)
        self._current = number
        self.open_current()

    def open_current(self) -> None:
        """The pane comes up, and follows the table again."""
        self._follow.stop()
        self._follows = True
        self._show_current()

    def _show_current(self) -> None:
        if self._current is not None and not self.pane.busy:
            work = read_record(self.records, self._current, self.ledger.today)
            self.page.ask(work, self._take_record, key="record")

    def _take_record(self, record: Mapping[str, Any] | None) -> None:
        if record is None or self.pane.busy or self._current is None:
            return
        self._record = record
        self.pane.show_record(record)
        self.editing.offer(record["id"], str(record["name"]))
        self.beside.unfold()

    def close_pane(self) -> None:
        """The pane goes, and stays away until a record is opened."""
        self._follow.stop()
        self._follows = False
        self.beside.fold()
        self.table.setFocus()

    def adapt(self, width: int) -> None:
        """In a narrow window the pane lies over the table."""
        self.beside.adapt(width)

    def _swap_focus(self) -> None:
        """From the rows to what is asked, to the pane, to the conditions, and round."""
        rows = self.shapes.currentWidget()
        strip = self._editing.saving.strip if self._editing is not None else None
        parts = [rows, *([strip] if strip is not None and strip.isVisible() else []), self.pane, self.ledger.bar]
        shown = [one for one in parts if one.isVisible()]
        held = cast("QWidget | None", self.focusWidget())
        at = next((at for at, one in enumerate(shown) if held is not None and _within(one, held)), -1)
        to = shown[(at + 1) % len(shown)]
        if to is self.ledger.bar:
            self.ledger.search.setFocus()
        elif to is strip:
            strip.take_focus()
        else:
            (self.table if to is self.ledger else to).setFocus()

    def _leave_table(self) -> None:
        """Esc on the table: what was told goes, then the pane, then the past."""
        strip = self._editing.saving.strip if self._editing is not None else None
        if strip is not None and strip.isVisible():
            strip.close_strip()
        elif not self.pane.isHidden() and not self.pane.busy:
            self.close_pane()
        else:
            self.page.desk.leave_past()

    def _step(self, way: int) -> None:
        """The record before or after the one in the pane, as the table has them."""
        line = self.model.row_of(self._current) if self._current is not None else None
        while line is not None and 0 <= line + way < self.model.lines.count:
            line += way
            number = self.model.record(line)
            if number is not None:
                self.table.choose(line)
                self._follow.stop()
                self._show_current()
                return

    # --- changing --------------------------------------------------------------------------------------------------

    @property
    def _fields(self) -> Mapping[str, Field]:
        return self.ledger.found.fields if self.ledger.found is not None else {}

    def chosen_ids(self) -> list[int]:
        """The records of the chosen cells, or the current one."""
        ids = [number for line in self.table.chosen_rows() if (number := self.model.record(line)) is not None]
        if not ids and (cell := self.table.current_cell()) is not None:
            ids = [cell[0]]
        return ids

    def change_many(self) -> None:
        """One field of the chosen records, with a preview."""
        if not self.page.rests():
            self.editing.blocks.change_many()

    def new_record(self) -> None:
        """An empty form in the pane."""
        if not self.page.rests():
            self._with_names(lambda: self.pane.show_form(list(self._fields.values()), None, self._names))

    def _edit(self) -> None:
        if not self.page.rests():
            self._with_names(lambda: self.pane.show_form(self._record["fields"], self._record, self._names))

    def _with_names(self, show: Callable[[], None]) -> None:
        """The names that links may have, for completion, then the form."""

        def take(found: dict[str, list[str]]) -> None:
            self._names = found
            show()
            self.beside.unfold()
            self.editing.form_shown()

        self.page.ask(read_names(self.records, list(self._fields.values())), take, key="names")

    def _save(self, changes: dict[str, Any]) -> None:
        if self.pane.is_new:
            self.editing.add(changes, done=self._added, failed=self._refused)
        elif not changes:
            self.pane.leave_form()
        else:
            self.editing.save_form(self._record["id"], changes, done=self._changed, failed=self._refused)

    def _added(self, number: int) -> None:
        self.pane.leave_form(closing=False)
        self._find_after = self._current = number
        self.refresh()

    def _changed(self) -> None:
        self.pane.leave_form()
        self.refresh()

    def _refused(self, problem: Problem) -> None:
        shown = isinstance(problem, Refused) and self.pane.form is not None and self.pane.form.complain(problem.fields)
        if not shown:
            self.page.desk.complain(problem)

    def _delete(self) -> None:
        if self.page.rests():
            return
        number, name, records = self._record["id"], str(self._record["name"]), self.records
        body = [records.goes(name=name), _("Ctrl+Z brings all of it back, later too.")]
        title = _("Delete the {record}", record=records.one)
        if not self.page.desk.dialogs.confirm(self, title, body, _("Delete “{name}”", name=name), grave=True):
            return

        def work(connection: Connection) -> None:
            records.blocks().delete(connection, [number])

        self.page.write(_("Delete “{name}”", name=name), work)


def _within(part: QWidget, held: QWidget) -> bool:
    return part is held or part.isAncestorOf(held)
