"""The projects: their ledger, other views of the same rows, the pane of the one that is chosen."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from PySide6.QtCore import QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QStackedLayout, QWidget

from db.core.errors import Problem, Refused
from db.core.fields import Field
from db.core.text import Text, _
from desktop.kit import actions
from desktop.kit.beside import Beside
from desktop.kit.ledger import Ledger
from desktop.kit.page import Connection, Desk, Page
from desktop.kit.parts import Segments, button
from desktop.kit.periods import PeriodButton, this_year_so_far
from desktop.projects import ledger
from desktop.projects.as_it_was import AsItWas
from desktop.projects.pane import Pane

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtCore import QPoint

    from db.core.filters import Condition
    from db.core.period import Period
    from desktop.projects.editing import Editing

_PANE_FOLLOWS = 120


class OtherView(NamedTuple):
    """Another view of the same rows. make: a widget with `show_rows(ids, view)`, made when it is first wanted."""

    key: str
    label: Text
    make: Callable[[ProjectsPage], Any]


def _board(page: ProjectsPage) -> Any:
    from desktop.projects.board import BoardView

    return BoardView(page)


def _timeline(page: ProjectsPage) -> Any:
    from desktop.projects.timeline import TimelineView

    return TimelineView(page)


def _chart(page: ProjectsPage) -> Any:
    from desktop.projects.chart import ChartView

    return ChartView(page)


# Alt+2 … Alt+4 in this order; the table itself is Alt+1.
OTHER_VIEWS: tuple[OtherView, ...] = (
    OtherView("board", _("Board"), _board),
    OtherView("timeline", _("Timeline"), _timeline),
    OtherView("chart", _("Chart"), _chart),
)


class ProjectsPage(Page):
    """See the module."""

    title = _("Project ledger")
    manual = "projects"
    actions_of = "projects"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._names: dict[str, list[str]] = {}
        self._record: Mapping[str, Any] = {}
        self._current: int | None = None
        self._find_after: int | None = None
        self._others: dict[str, Any] = {}
        self._follows = True  # until a person closes the pane
        self._editing: Editing | None = None
        self.shown_as = "table"
        self._build_bars()
        self._build_body()
        self._connect()
        self.doing = actions.bind(self, "projects", self._actions())

    # --- building --------------------------------------------------------------------------------------------------

    def _build_bars(self) -> None:
        today = self.desk.today()
        self.period = PeriodButton(this_year_so_far(today), (today.year - 6, today.year))
        self.import_button = button(_("Import"), self._choose_ledger, icon="import")
        self.export_button = button(
            _("Export"), self.export_view, icon="export", tip=_("Export what the table shows (Ctrl+E)")
        )
        self.new_button = button(_("New project"), self.new_project, kind="primary", icon="plus")
        self.add_actions(self.period, self.import_button, self.export_button, self.new_button)
        self.ledger = Ledger(
            self, ledger.MANNER, lambda: self.period.period,
            button(_("Import a ledger…"), self._choose_ledger, kind="primary"),
            button(_("New project"), self.new_project),
        )  # fmt: skip
        self.model, self.table = self.ledger.model, self.ledger.table
        self.content.addWidget(self.ledger.bar)
        if OTHER_VIEWS:
            choices = [("table", _("Table")), *((one.key, one.label) for one in OTHER_VIEWS)]
            self.switch = Segments(choices, "table")
            self.switch.chosen.connect(self.show_as)
            self.ledger.bar_row.addWidget(self.switch)

    def _build_body(self) -> None:
        self.pane = Pane(self)
        left = QWidget()
        self._views = QStackedLayout(left)
        self._views.setContentsMargins(0, 0, 0, 0)
        self._views.addWidget(self.ledger)
        self.beside = Beside(left, self.pane, self.desk.preferences)
        self.content.addWidget(self.beside, 1)

    def _connect(self) -> None:
        self._follow = QTimer(self)
        self._follow.setSingleShot(True)
        self._follow.setInterval(_PANE_FOLLOWS)
        self._follow.timeout.connect(self._show_current)
        self.period.chosen.connect(self.refresh)
        self.ledger.taken.connect(self._taken)
        self.ledger.chosen.connect(self._selected)
        self.table.opened.connect(self._open_current)
        self.pane.closed.connect(self._close_pane)
        self.pane.edit_wanted.connect(self._edit)
        self.pane.delete_wanted.connect(self._delete)
        self.pane.saved.connect(self._save)
        self.pane.step_wanted.connect(self._step)
        self.ledger.menu_parts.append(self._giving_menu)
        self.as_it_was = AsItWas(self)
        self.writers += [self.import_button, self.new_button, self.pane.forward, self.pane.note]
        self.table.keys["Esc"] = self._leave_table

    def _actions(self) -> Mapping[str, Callable[[], object]]:
        """What the page's keys do (desktop/kit/actions.py)."""
        shows = {f"as_{one.key}": lambda key=one.key: self.show_as(key) for one in OTHER_VIEWS}
        return {
            "new": self.new_project,
            "filter_words": self.ledger.search.setFocus,
            "filter_column": self.ledger.filter_current,
            "columns": self.ledger.choose_columns,
            "swap_focus": self._swap_focus,
            "open": self._open_current,
            "progress": self._add_progress,
            "change_many": self._change_many,
            "copy_text": self.copy_text,
            "print": self.ledger.print_view,
            "export": self.export_view,
            "larger": lambda: self.table.step_zoom(1),
            "smaller": lambda: self.table.step_zoom(-1),
            "natural": lambda: self.table.set_zoom(1.0),
            "as_table": lambda: self.show_as("table"),
            **shows,
        }

    # --- reading ---------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Rows, sums and fields again; the chosen project stays chosen."""
        self.ledger.refresh()

    def first_sight(self) -> None:
        """The rows of last time, until the book is open."""
        self.period.hide()  # it comes with a view that follows it
        self.ledger.first_sight()

    def leave(self) -> None:
        """Remember them for the next time; what is typed and not saved stays as a draft."""
        self.ledger.leave()
        if self._editing is not None:
            self._editing.leave()

    @property
    def editing(self) -> Editing:
        """What changes cells; made when the first rows are there."""
        if self._editing is None:
            from desktop.projects.editing import Editing

            self._editing = Editing(self)
        return self._editing

    def _taken(self) -> None:
        if self._editing is None:
            QTimer.singleShot(0, self, lambda: self.editing)
        self.pane.learn_groups()
        self.period.setVisible(self.ledger.follows_period)
        self._reselect()
        if self.shown_as != "table":
            self._fill_other()

    def show_moment(self) -> None:
        """As of a moment, or of now again: what was chosen and where one was comes back with the present."""
        super().show_moment()
        self.as_it_was.show_moment()

    def come_back_to(self, number: int | None, *, folded: bool) -> None:
        """The project that is chosen when the next rows are there, with its pane unless it was away."""
        self._find_after, self._current = None if folded else number, number

    @property
    def current(self) -> int | None:
        """The project that is chosen."""
        return self._current

    def show_where(self, period: Period, view: str, conditions: Sequence[Condition]) -> None:
        """A view, or what meets these conditions in a period, under chips that say so."""
        ledger.show_where(self, period, view, conditions)

    def show_only(self, what: str, ids: Sequence[int]) -> None:
        """Exactly these projects, under a chip that says what they are."""
        self.ledger.show_only(what, ids)

    def show_as(self, key: str) -> None:
        """The same rows as a table, on a board, along a line of time, in a chart."""
        self.shown_as = key
        self.switch.choose(key)
        if key == "table":
            self._views.setCurrentWidget(self.ledger)
            self.table.setFocus()
            return
        if key not in self._others:
            self._add_other(key)
        self._views.setCurrentWidget(self._others[key])
        self._fill_other()
        self._others[key].show_current(self._current)
        self._others[key].setFocus()

    def _add_other(self, key: str) -> None:
        made = self._others[key] = next(one for one in OTHER_VIEWS if one.key == key).make(self)
        made.chosen.connect(self._chosen_elsewhere)
        made.opened.connect(self.open_record)
        if hasattr(made, "narrowed"):
            made.narrowed.connect(self._narrow)
        self._views.addWidget(made)

    def _chosen_elsewhere(self, number: int) -> None:
        """Another view chose a record: the table's line goes along, the pane follows."""
        line = self.model.open_to(number)
        if line is not None and number != self._current:
            self.table.choose(line)

    def open_record(self, number: int) -> None:
        """A record in the pane."""
        self._chosen_elsewhere(number)
        self._current = number
        self._open_current()

    def _narrow(self, condition: Condition) -> None:
        self.ledger.set_condition(condition.key, condition)
        self.show_as("table")

    def _fill_other(self) -> None:
        if self.ledger.found is not None:
            self._others[self.shown_as].show_rows(self.ledger.found.outline.ids, self.ledger.view)

    def export_view(self) -> None:
        """The rows and columns as they stand, as a workbook."""
        from desktop.kit.exporting import export

        export(self.ledger)

    def copy_text(self) -> None:
        """The chosen projects as a few lines for a chat."""
        from desktop.projects import giving

        giving.copy_text(self, giving.chosen(self))

    def _giving_menu(self, menu: Any, _index: Any) -> None:
        from desktop.projects import giving

        giving.add_to_menu(menu, self, giving.chosen(self))

    def drop_hint(self, paths: Sequence[Path], place: QPoint) -> tuple[QWidget, Text] | None:
        """To which project files would be attached."""
        from desktop.projects import dropping

        return dropping.hint(self, paths, place)

    def drop(self, paths: Sequence[Path], place: QPoint) -> bool:
        """Attach files; a ledger on the table is the window's."""
        from desktop.projects import dropping

        return dropping.take(self, paths, place)

    # --- the pane --------------------------------------------------------------------------------------------------

    def _selected(self) -> None:
        cell = self.table.current_cell()
        if cell is not None and cell[0] != self._current and self.ledger.found is not None:
            self._current = cell[0]
            if self._follows and (self.shown_as == "table" or not self.pane.isHidden()):
                self._follow.start()
            if self.shown_as != "table":
                self._others[self.shown_as].show_current(self._current)

    def _reselect(self) -> None:
        wanted, self._find_after = self._find_after, None
        line = self.model.open_to(wanted) if wanted is not None else None
        if line is not None:
            self._current = wanted
            self.table.choose(line, 0)
        if self._current is not None and self.model.row_of(self._current) is not None:
            if not self.pane.isHidden() or wanted is not None:
                self._show_current()
        elif self.pane.form is None:
            self._current = None
            self.beside.fold()

    def take_focus(self) -> None:
        """The table."""
        self.table.setFocus()

    def show_example(self) -> None:
        """The third project in the pane."""
        self.choose(2)

    def choose(self, row: int) -> None:
        """Choose a line of the table and show its project in the pane."""
        if row < self.model.lines.count:
            self.table.choose(row, 0)

    def _open_current(self) -> None:
        """The pane comes up, and follows the table again."""
        self._follow.stop()
        self._follows = True
        self._show_current()

    def _show_current(self) -> None:
        if self._current is not None and self.pane.form is None:
            self.ask(ledger.record(self._current, self.ledger.today), self._take_record, key="record")

    def _take_record(self, record: Mapping[str, Any] | None) -> None:
        if record is None or self.pane.form is not None or self._current is None:
            return
        self._record = record
        self.pane.show_record(record)
        self.editing.offer(record["id"], str(record["name"]))
        self.beside.unfold()

    def _close_pane(self) -> None:
        self._follow.stop()
        self._follows = False
        self.beside.fold()
        self.table.setFocus()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow window the pane lies over the table."""
        super().resizeEvent(event)
        self.beside.adapt(self.window().width())

    def _swap_focus(self) -> None:
        """From the rows to what is asked, to the pane, to the conditions, and round."""
        rows = self._views.currentWidget()
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
        elif not self.pane.isHidden() and self.pane.form is None:
            self._close_pane()
        else:
            self.desk.leave_past()

    def _step(self, way: int) -> None:
        """The project before or after the one in the pane, as the table has them."""
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

    def _add_progress(self) -> None:
        if not self.rests():
            self.editing.blocks.add_progress()

    def _change_many(self) -> None:
        if not self.rests():
            self.editing.blocks.change_many()

    def _choose_ledger(self) -> None:
        from desktop.kit.dialogs import LEDGERS

        chosen = self.desk.dialogs.open_file(self, _("Choose a ledger"), LEDGERS)
        if chosen is not None:
            self.desk.take_files([chosen])

    def new_project(self) -> None:
        """An empty form in the pane."""
        if not self.rests():
            self._with_names(lambda: self.pane.show_form(list(self._fields.values()), None, self._names))

    def _edit(self) -> None:
        if not self.rests():
            self._with_names(lambda: self.pane.show_form(self._record["fields"], self._record, self._names))

    def _with_names(self, show: Callable[[], None]) -> None:
        """The names that links may have, for completion, then the form."""

        def take(found: dict[str, list[str]]) -> None:
            self._names = found
            show()
            self.beside.unfold()
            self.editing.form_shown()

        self.ask(ledger.names(list(self._fields.values())), take, key="names")

    def _save(self, changes: dict[str, Any]) -> None:
        if self.pane.is_new:
            self._add(changes)
        elif not changes:
            self.pane.leave_form()
        else:
            self._change(changes)

    def _add(self, values: dict[str, Any]) -> None:
        self.editing.add(values, done=self._added, failed=self._refused)

    def _added(self, number: int) -> None:
        self.pane.leave_form(closing=False)
        self._find_after = self._current = number
        self.refresh()

    def _change(self, values: dict[str, Any]) -> None:
        self.editing.save_form(self._record["id"], values, done=self._changed, failed=self._refused)

    def _changed(self) -> None:
        self.pane.leave_form()
        self.refresh()

    def _refused(self, problem: Problem) -> None:
        shown = isinstance(problem, Refused) and self.pane.form is not None and self.pane.form.complain(problem.fields)
        if not shown:
            self.desk.complain(problem)

    def _delete(self) -> None:
        if self.rests():
            return
        number, name = self._record["id"], str(self._record["name"])
        body = [
            _("“{name}” goes with everything that belongs to it: stages, amounts, progress.", name=name),
            _("Ctrl+Z brings all of it back, later too."),
        ]
        if not self.desk.dialogs.confirm(
            self, _("Delete the project"), body, _("Delete “{name}”", name=name), grave=True
        ):
            return

        def work(connection: Connection) -> None:
            from db.projects.service import delete_projects

            delete_projects(connection, [number])

        self.write(_("Delete “{name}”", name=name), work)


def _within(part: QWidget, held: QWidget) -> bool:
    return part is held or part.isAncestorOf(held)
