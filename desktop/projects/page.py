"""The projects: their ledger with the pane of the one that is chosen, and other views of the same rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from db.core.text import Text, _
from desktop.kit.ledger_page import LedgerView
from desktop.kit.one_ledger import LedgerPage
from desktop.kit.page import Desk
from desktop.kit.parts import Segments, button
from desktop.kit.periods import PeriodButton, this_year_so_far
from desktop.kit.words import tr
from desktop.projects.ledger import RECORDS
from desktop.projects.pane import Pane

if TYPE_CHECKING:
    from db.core.filters import Condition
    from db.core.period import Period


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


class ProjectsPage(LedgerPage):
    """See the module."""

    title = _("Project ledger")
    manual = "projects"
    pane: Pane

    def __init__(self, desk: Desk) -> None:
        self._others: dict[str, Any] = {}
        self.shown_as = "table"
        super().__init__(desk)
        choices = [("table", _("Table")), *((one.key, one.label) for one in OTHER_VIEWS)]
        self.switch = Segments(choices, "table")
        self.ledger.bar_row.addWidget(self.switch)
        self._connect()
        self.doing = self.rows.bind(
            progress=self._add_progress, copy_text=self.copy_text, as_table=lambda: self.show_as("table"),
            **{f"as_{one.key}": lambda key=one.key: self.show_as(key) for one in OTHER_VIEWS},
        )  # fmt: skip

    # --- building --------------------------------------------------------------------------------------------------

    def make_rows(self) -> LedgerView:
        """The ledger; period, import, export and a new one in the top bar."""
        today = self.desk.today()
        self.period = PeriodButton(this_year_so_far(today), (today.year - 6, today.year))
        self.import_button = button(_("Import"), self._choose_ledger, icon="import")
        self.export_button = button(
            _("Export"), self.export_menu, icon="export", tip=_("Export what the table shows (Ctrl+E)")
        )
        self.new_button = button(_("New project"), self.new_project, kind="primary", icon="plus")
        self.add_actions(self.period, self.import_button, self.export_button, self.new_button)
        return LedgerView(
            self, RECORDS, keys="projects", pane=Pane, period=lambda: self.period.period,
            first_steps=(
                button(_("Import a ledger…"), self._choose_ledger, kind="primary"),
                button(_("New project"), self.new_project),
            ),
        )  # fmt: skip

    def _connect(self) -> None:
        self.period.chosen.connect(self.refresh)
        self.switch.chosen.connect(self.show_as)
        self.rows.taken.connect(self._taken)
        self.rows.picked.connect(self._picked)
        self.ledger.menu_parts.append(self._menu)
        self.writers += [self.import_button, self.new_button]

    # --- reading ---------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """The rows again, of the year so far: the book may say which day is today."""
        self.period.follow(self.desk.real_today())
        super().refresh()

    def first_sight(self) -> None:
        """The rows of last time, until the book is open."""
        self.period.hide()  # it comes with a view that follows it
        self.ledger.first_sight()

    def leave(self) -> None:
        """Remember the rows for the next time; what is typed and not saved stays as a draft."""
        self.ledger.leave()
        super().leave()

    def _taken(self) -> None:
        self.period.setVisible(self.ledger.follows_period)
        if self.shown_as != "table":
            self._fill_other()

    def show_where(self, period: Period, view: str, conditions: Sequence[Condition]) -> None:
        """A view, or what meets these conditions in a period, under chips that say so."""
        self.period.period = period
        self.period.say_period()
        self.show_as("table")
        super().show_where(period, view, conditions)

    # --- the same rows in another shape ----------------------------------------------------------------------------

    def show_as(self, key: str) -> None:
        """The same rows as a table, on a board, along a line of time, in a chart."""
        self.shown_as = key
        self.switch.choose(key)
        if key == "table":
            self.rows.shapes.setCurrentWidget(self.ledger)
            self.table.setFocus()
            return
        if key not in self._others:
            self._add_other(key)
        self.rows.shapes.setCurrentWidget(self._others[key])
        self._fill_other()
        self._others[key].show_current(self.current)
        self._others[key].setFocus()

    def _add_other(self, key: str) -> None:
        made = self._others[key] = next(one for one in OTHER_VIEWS if one.key == key).make(self)
        made.chosen.connect(self.rows.choose_record)
        made.opened.connect(self.open_record)
        if hasattr(made, "narrowed"):
            made.narrowed.connect(self._narrow)
        self.rows.shapes.addWidget(made)

    def _picked(self, number: int) -> None:
        if self.shown_as != "table":
            self._others[self.shown_as].show_current(number)

    def _narrow(self, condition: Condition) -> None:
        self.ledger.set_condition(condition.key, condition)
        self.show_as("table")

    def _fill_other(self) -> None:
        if self.ledger.found is not None:
            self._others[self.shown_as].show_rows(self.ledger.found.outline.ids, self.ledger.view)

    # --- what goes out and comes in --------------------------------------------------------------------------------

    def copy_text(self) -> None:
        """The chosen projects as a few lines for a chat."""
        from desktop.projects import giving

        giving.copy_text(self, self.rows.chosen_ids())

    def _menu(self, menu: Any, _index: Any) -> None:
        """An entry of progress; what is given to others."""
        from desktop.projects import giving

        ids = self.rows.chosen_ids()
        menu.addSeparator()
        entry = menu.addAction(tr(_("Add an entry of progress…")) + "\tCtrl+J")
        entry.triggered.connect(lambda _checked=False: self._add_progress())
        entry.setEnabled(bool(ids))
        giving.add_to_menu(menu, self, ids)

    def _choose_ledger(self) -> None:
        from desktop.kit.dialogs import LEDGERS

        chosen = self.desk.dialogs.open_file(self, _("Choose a ledger"), LEDGERS)
        if chosen is not None:
            self.desk.take_files([chosen])

    def new_project(self) -> None:
        """An empty form in the pane."""
        self.rows.new_record()

    def _add_progress(self) -> None:
        """One entry for each of the chosen projects."""
        from desktop.projects.many import AddProgress

        if self.rests():
            return
        block = self.table.chosen_cells()
        if block.ids and block.fields:
            AddProgress(self.editing, block.ids).open_over(self.table)
