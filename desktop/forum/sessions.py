"""场次: the sessions with what came of them; beside the list one of them: its facts, who comes, whom to invite, its pack."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QFrame, QStackedWidget, QWidget

from db.core.text import _
from desktop.forum import slips
from desktop.forum.sessions_form import SessionForm
from desktop.forum.sessions_guests import GuestsPart
from desktop.kit import actions, projector
from desktop.kit.beside import Beside
from desktop.kit.cells import Cell
from desktop.kit.lists import Heading, PlainList, text_cell
from desktop.kit.page import Connection, EmptyPage, Page
from desktop.kit.parts import Tabs, bar, button, clear, column_of
from desktop.kit.several_views import View
from desktop.kit.words import tr

if TYPE_CHECKING:
    from db.forum.sessions import Row

_HEADINGS = (
    Heading(_("Session"), 66, right=True), Heading(_("Held on"), 100), Heading(_("Theme"), 150, stretch=True),
    Heading(_("Firms there"), 84, right=True), Heading(_("Issues"), 60, right=True), Heading(_("Resolved"), 72, right=True),
    Heading(_("Still open"), 78, right=True), Heading(_("Leaders there"), 120), Heading(_("Where"), 130, stretch=True),
    Heading(_("Departments there"), 140, stretch=True),
)  # fmt: skip
_KEYS = ("number", "held_on", "theme", "came", "issues", "closed", "open", "leaders", "place", "departments")
_COUNTED = ("came", "issues", "closed", "open")


class SessionsView(View):
    """See the module."""

    actions_of = "forum_sessions"

    def __init__(self, page: Page) -> None:
        super().__init__()
        self.page = page
        self.rows: Sequence[Row] = ()
        self.number = 0
        self.names: Mapping[str, Sequence[str]] = {}
        self._next = 1
        self.form: SessionForm | None = None
        self.guests: GuestsPart | None = None
        self.list = PlainList()
        self.list.remember(page.desk.preferences, "forum_sessions")
        self.list.setAccessibleName(tr(_("Session list")))
        self.list.picked.connect(lambda row, _column: self.open_row(int(self.rows[row]["id"])))
        self.new_first = button(_("New session"), self.new, kind="primary", icon="plus")
        self.nothing = EmptyPage(_("There is no session yet."), self.new_first)
        self._lists = QStackedWidget()
        self._lists.addWidget(self.nothing)
        self._lists.addWidget(self.list)
        self.side = QFrame()
        self.side.setProperty("box", "panel")
        self._side = column_of(gap=0, parent=self.side)
        self.beside = Beside(self._lists, self.side, page.desk.preferences)
        column_of(self.beside, gap=0, parent=self)
        self.pack = button(_("Pack for the leaders…"), self.save_pack, icon="export")
        self.add = button(_("New session"), self.new, kind="primary", icon="plus")
        page.writers.extend((self.add, self.new_first))
        self.doing = actions.bind(self, self.actions_of, {"new": self.new, "export": self.save_pack})

    def bars(self) -> Sequence[QWidget]:
        """The pack, a new one."""
        return (self.pack, self.add)

    # --- reading ---------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """The sessions."""
        year = str(self.page.desk.today().year)

        def work(connection: Connection) -> Any:
            from db.forum import at_table, sessions

            told = at_table.known(connection, today=self.page.desk.today().isoformat())
            names = {
                "leaders": told.people,
                "departments": [name for name, _short, _count in told.units],
                "company": told.companies,
            }
            return sessions.session_rows(connection), sessions.next_number(connection, year), names

        self.page.ask(work, lambda found: self._take(*found), key="sessions", title=_("Reading the sessions"))

    def _take(self, rows: Sequence[Row], number: int, names: Mapping[str, Sequence[str]]) -> None:
        self.rows, self._next, self.names = rows, number, names
        self._lists.setCurrentIndex(int(bool(rows)))
        self.list.show_rows(_HEADINGS, len(rows), self._cell)
        if self.number:
            self._mark(self.number)
        if self.guests is not None:
            self.guests.read()
        self.pack.setEnabled(bool(rows))
        self.pack.setToolTip("" if rows else tr(_("There is no session yet.")))
        sums = {key: sum(int(row[key]) for row in rows) for key in _COUNTED}
        self.page.footer.show_facts([
            ("", f"{len(rows):,}", tr(_("sessions"))), ("", f"{sums['issues']:,}", tr(_("issues"))),
            (tr(_("resolved")), f"{sums['closed']:,}", ""), (tr(_("still open")), f"{sums['open']:,}", ""),
        ])  # fmt: skip
        self.page.footer.show_chosen(())

    def _cell(self, row: int, column: int) -> Cell:
        key = _KEYS[column]
        value = self.rows[row][key]
        if key in _COUNTED:
            return Cell(f"{value:,}", tone="amber" if key == "open" and value else "text", right=True)
        return text_cell(projector.covered(str(value or "")), right=key == "number")

    def _mark(self, number: int) -> None:
        at = next((at for at, row in enumerate(self.rows) if row["id"] == number), None)
        if at is not None:
            self.list.selectRow(at)

    # --- one session -----------------------------------------------------------------------------------------------

    def open_row(self, number: int) -> None:
        """What is known of a session, to be changed; who comes; whom to invite."""
        row = next((one for one in self.rows if one["id"] == number), None)
        if row is None:
            return
        self._close_side()
        self.number = number
        self.form = SessionForm(self.page, row, self.names)
        self.guests = GuestsPart(self.page, number, int(row["number"]), self.names.get("company", ()))
        tabs, pages = Tabs((("facts", _("Facts")), ("guests", _("Who comes")))), QStackedWidget()
        pages.addWidget(self.form)
        pages.addWidget(self.guests)
        tabs.chosen.connect(lambda key: pages.setCurrentIndex(int(key == "guests")))
        self._side.addWidget(self.form.head)
        self._side.addWidget(bar("head", 36, tabs))
        self._side.addWidget(pages, 1)
        self._listen(self.form)
        self.guests.left.connect(self._leave)
        self.tabs = tabs
        self.beside.unfold()
        self._mark(number)

    def new(self) -> None:
        """A form for the next session."""
        if self.page.rests():
            return
        self._close_side()
        self.form = SessionForm(
            self.page, {"number": self._next, "held_on": self.page.desk.today().isoformat()}, self.names
        )
        self._side.addWidget(self.form, 1)
        self._listen(self.form)
        self.beside.unfold()
        self.form.take_focus()

    def _listen(self, form: SessionForm) -> None:
        form.closed.connect(self._leave)
        form.written.connect(self._written)
        form.gone.connect(self._leave)

    def _written(self, number: int) -> None:
        self.number = number
        self._close_side(keep=True)
        self.list.setFocus()

    def _leave(self) -> None:
        self._close_side()
        self.list.setFocus()

    def _close_side(self, *, keep: bool = False) -> None:
        clear(self._side)
        self.form = self.guests = None
        self.number = self.number if keep else 0
        self.beside.fold()

    def save_pack(self) -> None:
        """The pack of the chosen session, of the newest where none is chosen."""
        at = self.list.currentIndex().row()
        if self.rows:
            row = next((one for one in self.rows if one["id"] == self.number), self.rows[max(at, 0)])
            slips.save_pack(self.page, int(row["id"]), int(row["number"]))

    def take_focus(self) -> None:
        """The list."""
        self.list.setFocus()

    def adapt(self, width: int) -> None:
        """The form lies over the list where the window is narrow."""
        self.beside.adapt(width)

    def show_example(self) -> None:
        """The newest session and who comes."""
        if self.rows:
            self.open_row(int(self.rows[0]["id"]))
