"""All operations of the book, newest first; any of them can be undone, after a look at what that would do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStackedWidget, QWidget

from db.core.text import Text, _
from desktop.kit import actions, theme
from desktop.kit.cells import Cell
from desktop.kit.lists import Heading, PlainList
from desktop.kit.page import Connection, Desk, EmptyPage, Page
from desktop.kit.parts import ElidedLabel, bar, button, column_of, label
from desktop.kit.words import tr
from desktop.rooms import named
from desktop.shell.history_bar import Moments, SearchBar, Sought

if TYPE_CHECKING:
    from db.core.book import Book, Undone
    from db.core.consequences import Consequences
    from db.core.history import Operation
    from db.core.progress import Progress

MOST = 5000
_STATE = 6
_WHEN = 1  # the column whose click looks at the book just before


class HistoryPage(Page):
    """See the module."""

    title = _("History")
    manual = "history"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._all: list[Operation] = []
        self._operations: list[Operation] = []  # those that are shown
        self._of_room: tuple[str, frozenset[int]] = ("", frozenset())
        self._limit: int | None = MOST
        self.search = SearchBar(named(desk.preferences))
        self.search.changed.connect(self._seek)
        self.moments_bar = Moments()
        self.moments_bar.wanted.connect(self._look_after)
        self.list = PlainList(row_height=theme.ROW_HEIGHTS[desk.preferences.rows])
        self.list.selectionModel().currentRowChanged.connect(lambda *_rows: self._chosen())
        self.list.twice.connect(lambda _row, place: self.undo_chosen() if place != _WHEN else None)
        self.list.picked.connect(lambda row, place: self.look_before(row) if place == _WHEN else None)
        self._note = ElidedLabel(_("Choose an operation."), tone="mute")
        self.undo_button = button(_("Undo…"), self.undo_chosen, kind="primary", icon="undo")
        self.undo_button.setEnabled(False)
        whole = QWidget()
        action = bar("bottom", theme.ACTION_BAR, self._note, self.undo_button)
        row = action.layout()
        assert row is not None
        row.setAlignment(self.undo_button, Qt.AlignmentFlag.AlignVCenter)
        self._shown = QStackedWidget()
        self._shown.addWidget(self.list)
        self._shown.addWidget(EmptyPage(_("No operation is like that."), button(_("Show all"), self.search.clear)))
        column_of(self.search, self._shown, self.moments_bar, action, gap=0, parent=whole).setStretch(1, 1)
        self._stack = QStackedWidget()
        self._stack.addWidget(whole)
        self._stack.addWidget(EmptyPage(_("Nothing was written into this book yet.")))
        self.content.addWidget(self._stack, 1)
        self.top_row.addWidget(
            label(
                _("one line an operation, the newest first; a click on the time shows the book just before it"),
                size=12,
                tone="mute",
            )
        )

        self.doing = actions.bind(self, "history", {"filter_words": self.search.words.setFocus})

    def take_focus(self) -> None:
        """The list."""
        self.list.setFocus()

    def _look_after(self, number: int) -> None:
        """The book just after an operation; after the last one it is the present."""
        if self._all and number == self._all[0].number:
            self.desk.leave_past()
        else:
            self.desk.look_at(number)

    def look_before(self, row: int) -> None:
        """The book as it was just before an operation."""
        one = self._operations[row]
        self.desk.look_at(
            one.number - 1, _("before no. {number}, {at}", number=one.number, at=f"{one.at:%Y-%m-%d %H:%M}")
        )

    def refresh(self) -> None:
        """The operations anew."""

        def work(book: Book, progress: Progress) -> list[Operation]:
            return book.operations(limit=limit)

        limit = self._limit

        self.desk.jobs.ask(self, work, self._take, failed=self.desk.complain, key="operations")

    def _take(self, found: list[Operation]) -> None:
        self._all = found
        self._of_room = ("", frozenset())
        self.search.show_people(dict.fromkeys(one.actor for one in found))
        self._stack.setCurrentIndex(0 if found else 1)
        self.moments_bar.show_operations(found, self.desk.seen.number if self.desk.seen is not None else None)
        self._seek()

    def _seek(self) -> None:
        """Show what is looked for; all of the history is read for it, and what a room's operations are is asked."""
        sought = self.search.sought
        if sought != Sought() and self._limit is not None and len(self._all) >= self._limit:
            self._limit = None
            self.refresh()
            return
        if sought.room and self._of_room[0] != sought.room:
            self._ask_room(sought.room)
            return
        self._show([
            one
            for one in self._all
            if sought.fits(one) and (not sought.room or one.number in self._of_room[1])
        ])  # fmt: skip

    def _ask_room(self, name: str) -> None:
        def work(connection: Connection) -> frozenset[int]:
            from db import rooms
            from db.core import history
            from db.core.tables import METADATA

            room = rooms.room(name)
            return history.touching(connection, METADATA, history.belonging(room.table)) if room else frozenset()

        def take(found: frozenset[int]) -> None:
            self._of_room = (name, found)
            self._seek()

        self.ask(work, take, key="room")

    def _show(self, found: list[Operation]) -> None:
        chosen = self.chosen
        self._operations = found
        self._shown.setCurrentIndex(0 if found or not self._all else 1)
        headings = (
            Heading(_("No."), 64, right=True), Heading(_("When"), 150), Heading(_("Who"), 120),
            Heading(_("What"), 380, stretch=True), Heading(_("From"), 180), Heading(_("Entries"), 90, right=True),
            Heading(_("State"), 130),
        )  # fmt: skip
        self.list.show_rows(headings, len(found), self._cell)
        self.footer.show_facts([("", f"{len(found):,}", tr(_("operations")))])
        number = chosen.number if chosen is not None else None
        at = next((row for row, one in enumerate(found) if one.number == number), 0)
        if found:
            self.list.selectRow(at)

    def _cell(self, row: int, place: int) -> Cell:
        one = self._operations[row]
        gone = one.undone_by is not None
        tone = "faint" if gone else "text"
        seen = self.desk.seen
        if seen is not None and one.number > seen.number:  # not yet done then
            return self._plain_cell(one, place, "faint")._replace(ground="bg")
        if seen is not None and one.number == seen.number and place == _STATE:
            return Cell(tr(_("looking here")), tag="amber")
        return self._plain_cell(one, place, tone)

    def _plain_cell(self, one: Operation, place: int, tone: str) -> Cell:
        gone = one.undone_by is not None
        if place == 0:
            return Cell(str(one.number), tone="faint", right=True)
        if place == 1:
            return Cell(one.at.strftime("%Y-%m-%d %H:%M"), tone="accent")
        if place == 5:
            return Cell(f"{one.rows:,}", tone=tone, right=True)
        if place == 6:
            if gone:
                return Cell(tr(_("undone by no. {number}", number=one.undone_by)), tag="grey")
            return (
                Cell(tr(_("undoes no. {number}", number=one.undoes)), tag="blue")
                if one.undoes is not None
                else Cell("")
            )
        return Cell(
            (one.actor, tr(one.label), one.source or "")[place - 2],
            tone=tone if place != 4 else "mute",
            strike=gone and place == 3,
        )

    @property
    def chosen(self) -> Operation | None:
        """The operation that is selected."""
        row = self.list.currentIndex().row()
        return self._operations[row] if 0 <= row < len(self._operations) else None

    def _chosen(self) -> None:
        one = self.chosen
        can = one is not None and one.undone_by is None
        self.undo_button.setEnabled(can)
        if one is None:
            return
        self.undo_button.setText(tr(_("Redo…") if one.undoes is not None else _("Undo…")))
        why = (
            _("Already undone by no. {number}.", number=one.undone_by)
            if not can
            else _("No. {number}: {what}", number=one.number, what=one.label)
        )
        self._note.say(why)

    def undo_chosen(self) -> None:
        """Show what undoing would do, in the present; do it when a person wants it."""
        one = self.chosen
        if one is not None and one.undone_by is None:
            self.desk.leave_past()

            def work(book: Book, progress: Progress) -> Consequences:
                from db import rooms
                from db.core.consequences import consequences

                return consequences(book, one.number, {room.table.name for room in rooms.ROOMS})

            self.desk.jobs.ask(
                self, work, lambda found: self._preview(one, found), failed=self.desk.complain, key="preview"
            )

    def _preview(self, one: Operation, found: Consequences) -> None:
        again = one.undoes is not None
        title = (
            _("Undo no. {number}", number=one.number)
            if not again
            else _("Redo what no. {number} undid", number=one.number)
        )
        verb = _("Undo") if not again else _("Redo")
        body: list[Text] = [one.label, *found.in_words()]
        body.append(
            _("What was changed since by somebody else is not overwritten: then nothing happens, and it is named.")
        )
        if not self.desk.dialogs.confirm(self, title, body, verb, facts=found.names):
            return

        def work(book: Book, progress: Progress) -> Undone:
            return book.undo(one.number)

        self.desk.jobs.ask(self, work, self._undone, failed=self.desk.complain, title=_("Undoing"))

    def _undone(self, result: Undone) -> None:
        if result.conflicts:
            reasons = [tr(conflict.sentence) for conflict in result.conflicts[:50]]
            body = [_("{count} records were changed since; nothing was undone.", count=len(result.conflicts))]
            self.desk.dialogs.tell(self, _("Not undone"), body, facts=reasons)
