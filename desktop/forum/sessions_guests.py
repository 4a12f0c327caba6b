"""Who comes to a session, and who should be invited: two lists in the pane, each worked by the keyboard."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from db.core.errors import Problem
from db.core.text import Text, _
from desktop.forum.capture_fields import Names
from desktop.kit import projector
from desktop.kit.cells import Cell
from desktop.kit.entries import EntryList
from desktop.kit.lists import Heading, PlainList, text_cell
from desktop.kit.page import Connection, Page
from desktop.kit.parts import button, column_of, label, row_of
from desktop.kit.words import language, tr

if TYPE_CHECKING:
    from db.forum.sessions import Proposal, Row

_GUESTS = (Heading(_("Enterprise"), 150, stretch=True), Heading(_("Came"), 64), Heading(_("Who came"), 84),
           Heading(_("Issues"), 58, right=True))  # fmt: skip
_PROPOSED = (Heading(_("Enterprise"), 150, stretch=True), Heading(_("Why"), 180, stretch=True))
_PEOPLE = 2
_NEXT = {None: 1, 1: 0, 0: None}


class GuestsPart(QWidget):
    """`left` when Esc says so."""

    left = Signal()

    def __init__(self, page: Page, session: int, number: int, companies: Sequence[str]) -> None:
        super().__init__()
        self.page, self.session, self.number = page, session, number
        self.rows: Sequence[Row] = ()
        self.proposed: Sequence[Proposal] = ()
        self.heading = label("", size=12, tone="mute")
        self.list = EntryList(sortable=False)
        self.list.setAccessibleName(tr(_("Who comes")))
        self.list.ticked.connect(self.turn)
        self.list.typed.connect(self._people_typed)
        self.more = Names("company", _("Enterprise"))
        self.more.names = companies
        self.more.setPlaceholderText(tr(_("Invite an enterprise")))
        self.add = button(_("Invite"), self.invite_typed, small=True)
        self.off = button(_("Take off the list"), self.take_off, small=True)
        self.refusal = label("", size=12, tone="red", wrap=True)
        self.refusal.hide()
        self.proposals = PlainList()
        self.proposals.setAccessibleName(tr(_("Should be invited")))
        self.proposals.twice.connect(lambda _row, _column: self._invite_chosen())
        self.ask_in = button(_("Invite the chosen one"), self._invite_chosen, small=True)
        lines = column_of(margins=(16, 8, 16, 10), gap=6, parent=self)
        lines.addWidget(self.heading)
        lines.addWidget(self.list, 3)
        lines.addLayout(row_of(self.more, self.add, gap=6))
        lines.addLayout(row_of(label(_("Space: came, did not, not known"), size=12, tone="faint"), None, self.off))
        lines.addWidget(self.refusal)
        lines.addWidget(
            label(_("Should be invited: open issues, fast growth, not met for long"), size=12, tone="mute", wrap=True)
        )
        lines.addWidget(self.proposals, 2)
        lines.addLayout(row_of(None, self.ask_in))
        for part in (self.add, self.off, self.ask_in, self.more):
            part.setEnabled(page.desk.seen is None)
        self.read()

    def read(self) -> None:
        """Both lists."""
        session, today = self.session, self.page.desk.today().isoformat()

        def work(connection: Connection) -> Any:
            from db.forum import sessions

            return sessions.guests(connection, session), sessions.proposals(connection, session, today=today)

        self.page.ask(work, lambda found: self._take(*found), key="guests")

    def _take(self, rows: Sequence[Row], proposed: Sequence[Proposal]) -> None:
        self.rows, self.proposed = rows, proposed
        came = sum(1 for row in rows if row["attended"] == 1)
        self.heading.setText(tr(_("{count} invited, {came} came", count=len(rows), came=came)))
        self.list.show_entries(
            _GUESTS, len(rows), self._cell, may_type=lambda _row, column: column == _PEOPLE, typing=self._people
        )
        self.proposals.show_rows(_PROPOSED, len(proposed), self._proposal)

    def _cell(self, row: int, column: int) -> Cell:
        one = self.rows[row]
        match column:
            case 0:
                return text_cell(one["name"])
            case 1:
                if one["attended"] is None:
                    return text_cell("")
                return Cell(tr(_("Yes")), tag="green") if one["attended"] else Cell(tr(_("No")), tag="grey")
            case 2:
                return text_cell(projector.covered(one["people"] or ""))
            case _:
                return Cell(str(one["issues"]), right=True)

    def _people(self, row: int, column: int) -> str:
        return str(self.rows[row]["people"] or "")

    def _proposal(self, row: int, column: int) -> Cell:
        one = self.proposed[row]
        if column == 0:
            return text_cell(one.of.name)
        said = [_("{count} open", count=one.of.open)] if one.of.open else []
        if one.growing:
            said.append(_("revenue +{percent} %", percent=one.growth))
        said.append(_("last met {day}", day=one.of.met_on) if one.of.met_on else _("never met"))
        return text_cell(" · ".join(tr(part) for part in said))

    # --- changing --------------------------------------------------------------------------------------------------

    def _write(self, name: Text, work: Any) -> None:
        self.refusal.hide()
        self.page.write(name, work, lambda _nothing: self.read(), failed=self._refused)

    def _refused(self, problem: Problem) -> None:
        self.refusal.setText(problem.render(language()))
        self.refusal.show()

    def turn(self, row: int) -> None:
        """Came, did not come, not known."""
        one = self.rows[row]
        to = _NEXT[one["attended"]]

        def work(connection: Connection) -> None:
            from db.forum.sessions import set_guest

            set_guest(connection, int(one["id"]), attended=to)

        self._write(_("Attendance of “{name}”", name=one["name"]), work)

    def _people_typed(self, row: int, _column: int, text: str) -> None:
        one = self.rows[row]

        def work(connection: Connection) -> None:
            from db.forum.sessions import set_guest

            set_guest(connection, int(one["id"]), people=text or None)

        self._write(_("Attendance of “{name}”", name=one["name"]), work)

    def invite(self, names: Sequence[str]) -> None:
        """These enterprises come onto the list."""
        session = self.session

        def work(connection: Connection) -> None:
            from db.forum.serving import invite

            invite(connection, session, names)

        self._write(_("Invite “{name}” to session {number}", name=names[0], number=self.number), work)

    def invite_typed(self) -> None:
        """The one that is typed."""
        self.more.settle()
        if name := self.more.text().strip():
            self.more.put("")
            self.invite([name])

    def _invite_chosen(self) -> None:
        row = self.proposals.currentIndex().row()
        if 0 <= row < len(self.proposed):
            self.invite([self.proposed[row].of.name])

    def take_off(self) -> None:
        """The chosen one is not on the list any more."""
        if not 0 <= self.list.row < len(self.rows):
            return
        one = self.rows[self.list.row]

        def work(connection: Connection) -> None:
            from db.forum.sessions import take_off

            take_off(connection, int(one["id"]))

        self._write(_("Take “{name}” off session {number}", name=one["name"], number=self.number), work)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter invites what is typed or chosen, Delete takes off the list, Esc leaves."""
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and self.more.hasFocus():
            self.invite_typed()
        elif event.key() == Qt.Key.Key_Delete and self.list.hasFocus():
            self.take_off()
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)
