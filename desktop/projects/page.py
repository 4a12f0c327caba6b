"""The ledger: all projects in one table, chips that filter it, the pane of the one that is chosen."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QSplitter, QStackedLayout, QWidget

from db.core.errors import Problem, Refused
from db.core.fields import Field, Link
from db.core.text import Text, _
from desktop.kit import theme
from desktop.kit.page import Connection, Desk, EmptyPage, Page
from desktop.kit.parts import button
from desktop.kit.table import Column, LedgerTable, Rows, large_amount, unit_name, width_for
from desktop.kit.words import language, tr
from desktop.projects import ledger
from desktop.projects.conditions import Conditions
from desktop.projects.pane import Pane

if TYPE_CHECKING:
    from db.core.book import Book
    from db.core.progress import Progress
    from db.projects.story import Told

_WIDTHS = {"name": 236, "investor": 200, "progress": 280, "street": 132, "code": 96}
_PANE_FOLLOWS = 120


class ProjectsPage(Page):
    """See the module."""

    title = _("Project ledger")
    manual = "projects"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._fields: dict[str, Field] = {}
        self._names: dict[str, list[str]] = {}
        self._current: int | None = None
        self._find_after: int | None = None
        self._today = desk.today().isoformat()
        self.model = Rows([], self._fetch)
        self.table = LedgerTable(self.model, row_height=theme.ROW_HEIGHTS[desk.preferences.rows])
        self.pane = Pane()
        self._build_bars()
        self._build_body()
        self._connect()

    # --- building ------------------------------------------------------------------------------------------------

    def _build_bars(self) -> None:
        self.import_button = button(_("Import"), self._choose_ledger, icon="import")
        self.new_button = button(_("New project"), self.new_project, kind="primary", icon="plus")
        self.add_actions(self.import_button, self.new_button)
        self.conditions = Conditions(self)
        self.conditions.changed.connect(self.refresh)
        self.content.addWidget(self.conditions)

    def _build_body(self) -> None:
        self.split = QSplitter(Qt.Orientation.Horizontal)
        self.split.setChildrenCollapsible(False)
        self.split.setHandleWidth(1)
        left = QWidget()
        self._left = QStackedLayout(left)
        self._left.setContentsMargins(0, 0, 0, 0)
        self._left.addWidget(self.table)
        self._left.addWidget(
            EmptyPage(
                _("No projects yet. Drop a ledger here, or add one."),
                button(_("Import a ledger…"), self._choose_ledger, kind="primary"),
                button(_("New project"), self.new_project),
            )
        )
        self._left.addWidget(
            EmptyPage(
                _("No project meets the conditions."), button(_("Remove all conditions"), self.conditions.remove_all)
            )
        )
        self.pane.setMinimumWidth(theme.PANE_NARROWEST)
        self.pane.setMaximumWidth(theme.PANE_WIDEST)
        self.split.addWidget(left)
        self.split.addWidget(self.pane)
        self.split.setStretchFactor(0, 1)
        self.split.setStretchFactor(1, 0)
        self.split.splitterMoved.connect(self._pane_resized)
        self.pane.hide()
        self.content.addWidget(self.split, 1)

    def _connect(self) -> None:
        self._follow = QTimer(self)
        self._follow.setSingleShot(True)
        self._follow.setInterval(_PANE_FOLLOWS)
        self._follow.timeout.connect(self._show_current)
        self.table.sort_wanted.connect(self._sort)
        self.table.opened.connect(self._show_current)
        self.table.selectionModel().selectionChanged.connect(lambda *_what: self._selected())
        self.model.modelReset.connect(self._selected)
        self.model.arrived.connect(self._show_selection)
        self.pane.closed.connect(self._close_pane)
        self.pane.edit_wanted.connect(self._edit)
        self.pane.delete_wanted.connect(self._delete)
        self.pane.saved.connect(self._save)
        self.pane.history_wanted.connect(self._read_story)
        for keys, do in (
            ("Ctrl+F", self.conditions.search.setFocus),
            ("Ctrl+N", self.new_project),
            ("F6", self._swap_focus),
        ):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(do)

    # --- reading ---------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Ids, sums and fields again; the chosen project stays chosen."""
        self._today = self.desk.today().isoformat()
        self.ask(ledger.list_projects(self.conditions.wanted, self._today), self._take_listing, key="listing")

    def _take_listing(self, found: ledger.Listing) -> None:
        self._fields = {one.key: one for one in found.fields}
        self.pane.learn_groups()
        columns = [
            Column(
                self._fields[key], _WIDTHS.get(key) or width_for(self._fields[key].kind),
                ledger.STATUS_TONES if key == "status" else None,
            )
            for key in ledger.COLUMNS
        ]  # fmt: skip
        at = self.table.horizontalScrollBar().value(), self.table.verticalScrollBar().value()
        self.model.show_ids(found.ids, columns)
        self.table.horizontalScrollBar().setValue(at[0])
        self.table.verticalScrollBar().setValue(at[1])
        self._show_arrow()
        self._left.setCurrentIndex(0 if found.ids else 1 if not found.all_rows else 2)
        self.conditions.setVisible(bool(found.all_rows))
        self.conditions.show_chips(self._fields)
        self._show_sums(found)
        self._reselect()

    def _fetch(self, ids: Sequence[int], deliver: Callable[[list[tuple[Any, ...]]], None]) -> None:
        fields = [column.field for column in self.model.columns]
        self.ask(ledger.cells(fields, ids, self._today), deliver)

    def _show_sums(self, found: ledger.Listing) -> None:
        field = self._fields[ledger.SUMS[0]]
        self._count_facts = [("" if language() == "en" else "共", f"{len(found.ids):,}", tr(_("projects in the list")))]
        if found.total is not None:
            self._count_facts.append((tr(field.label), *large_amount(found.total)))
        self._show_selection()

    def _show_selection(self) -> None:
        from db.core.formats import show

        facts = list(getattr(self, "_count_facts", ()))
        rows = self.table.chosen_rows()
        if len(rows) > 1:
            facts.append((tr(_("selected")), f"{len(rows):,}", tr(_("rows"))))
            column = ledger.COLUMNS.index(ledger.SUMS[0])
            if all(self.model.known(row) for row in rows):
                total = sum(self.model.value(row, column) or 0 for row in rows)
                shown = show(self.model.columns[column].field.kind, total, language())
                facts.append((tr(_("their sum")), shown, unit_name("万元")))
        self.footer.show_facts(facts)

    # --- conditions and order --------------------------------------------------------------------------------------

    def show_only(self, what: str, ids: Sequence[int]) -> None:
        """Exactly these projects, under a chip that says what they are."""
        self.conditions.want(only=(what, tuple(ids)), conditions={}, recognised=None, words="")

    def _sort(self, column: int) -> None:
        key = self.model.columns[column].field.key
        descending = key == self.conditions.wanted.sort and not self.conditions.wanted.descending
        if key != self.conditions.wanted.sort:
            descending = self.model.columns[column].right
        self.conditions.want(sort=key, descending=descending)

    def _show_arrow(self) -> None:
        keys = [column.field.key for column in self.model.columns]
        at = keys.index(self.conditions.wanted.sort) if self.conditions.wanted.sort in keys else None
        self.table.show_sorted(at, descending=self.conditions.wanted.descending)

    # --- the pane --------------------------------------------------------------------------------------------------

    def _selected(self) -> None:
        rows = self.table.chosen_rows()
        self._show_selection()
        if len(rows) == 1 and self.model.ids[rows[0]] != self._current:
            self._current = self.model.ids[rows[0]]
            self._follow.start()

    def _reselect(self) -> None:
        wanted, self._find_after = self._find_after or self._current, None
        row = self.model.row_of(wanted) if wanted is not None else None
        if row is not None:
            self._current = wanted
            self.table.selectRow(row)
            self._show_current()
        elif self.pane.form is None:
            self._current = None
            self.pane.hide()

    def take_focus(self) -> None:
        """The table."""
        self.table.setFocus()

    def show_example(self) -> None:
        """The third project in the pane."""
        self.choose(2)

    def choose(self, row: int) -> None:
        """Select a row of the table and show it in the pane."""
        if row < len(self.model.ids):
            self.table.selectRow(row)

    def _show_current(self) -> None:
        if self._current is not None and self.pane.form is None:
            self.ask(ledger.record(self._current, self._today), self._take_record, key="record")

    def _take_record(self, record: Mapping[str, Any] | None) -> None:
        if record is None or self.pane.form is not None:
            return
        self._record = record
        self.pane.show_record(record)
        self._open_pane()
        if self.pane.shows_history:
            self._read_story()

    def _open_pane(self) -> None:
        if self.pane.isHidden():
            self.pane.show()
            width = self.desk.preferences.pane_width
            self.split.setSizes([max(200, self.split.width() - width), width])

    def _pane_resized(self, *_where: int) -> None:
        self.desk.preferences.pane_width = self.pane.width()

    def _close_pane(self) -> None:
        self.pane.hide()
        self._current = None
        self.table.clearSelection()
        self.table.setFocus()

    def _swap_focus(self) -> None:
        inside = self.pane.form is not None or self.pane.hasFocus()
        (self.table if inside or self.pane.isHidden() else self.pane).setFocus()

    def _read_story(self) -> None:
        number = self._current
        if number is None:
            return

        def work(book: Book, progress: Progress) -> list[Told]:
            from db.projects.story import story

            return story(book, number)

        self.desk.jobs.ask(self, work, self.pane.show_story, failed=self.desk.complain, key="story")

    # --- changing --------------------------------------------------------------------------------------------------

    def _choose_ledger(self) -> None:
        from desktop.kit.dialogs import LEDGERS

        chosen = self.desk.dialogs.open_file(self, _("Choose a ledger"), LEDGERS)
        if chosen is not None:
            self.desk.take_files([chosen])

    def new_project(self) -> None:
        """An empty form in the pane."""
        self._with_names(lambda: self.pane.show_form(list(self._fields.values()), None, self._names))

    def _edit(self) -> None:
        self._with_names(lambda: self.pane.show_form(self._record["fields"], self._record, self._names))

    def _with_names(self, show: Callable[[], None]) -> None:
        """The names that links may have, for completion, then the form."""
        keys = [key for key, field in self._fields.items() if isinstance(field.kind, Link)]

        def take(found: dict[str, list[str]]) -> None:
            self._names = found
            show()
            self._open_pane()

        self.ask(lambda connection: _names(connection, keys), take, key="names")

    def _save(self, changes: dict[str, Any]) -> None:
        if self.pane.is_new:
            self._add(changes)
        elif not changes:
            self.pane.leave_form()
        else:
            self._change(changes)

    def _add(self, values: dict[str, Any]) -> None:
        def work(connection: Connection) -> int:
            from db.projects.service import add_projects

            return add_projects(connection, [values])[0]

        self.write(
            _("New project “{name}”", name=str(values.get("name") or "")), work, self._added, failed=self._refused
        )

    def _added(self, number: int) -> None:
        self.pane.leave_form(closing=False)
        self._find_after = self._current = number
        self.refresh()

    def _change(self, values: dict[str, Any]) -> None:
        number, name = self._current, str(self._record["name"])
        cells = [(number, key, value) for key, value in values.items()]

        def work(connection: Connection) -> None:
            from db.projects.service import set_values

            set_values(connection, cells)  # type: ignore[arg-type]

        labels: list[Text] = [self._fields[key].label for key in values if key in self._fields]
        text = _("Change “{name}”: {fields}", name=name, fields=labels[:4])
        self.write(text, work, lambda _nothing: self._changed(), failed=self._refused)

    def _changed(self) -> None:
        self.pane.leave_form()
        self.refresh()

    def _refused(self, problem: Problem) -> None:
        shown = isinstance(problem, Refused) and self.pane.form is not None and self.pane.form.complain(problem.fields)
        if not shown:
            self.desk.complain(problem)

    def _delete(self) -> None:
        number, name = self._current, str(self._record["name"])
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

            delete_projects(connection, [number])  # type: ignore[list-item]

        self.write(_("Delete “{name}”", name=name), work)


def _names(connection: Connection, keys: Sequence[str]) -> dict[str, list[str]]:
    from db import rooms
    from db.core import listing

    room = rooms.room("projects")
    assert room is not None
    found = {}
    for key in keys:
        field = rooms.field(connection, room, key)
        if field is not None and field.read is not None:
            found[key] = [
                str(value) for value, _count in listing.values(connection, room.table, field, limit=500) if value
            ]
    return found
