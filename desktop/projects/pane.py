"""The pane beside the ledger: one project in tabs, what one may do with it, and the form to change or add one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QMenu, QWidget

from db.core.text import _
from desktop.kit import theme
from desktop.kit.form import said
from desktop.kit.page import Connection, Page
from desktop.kit.parts import Tag, button
from desktop.kit.record_pane import RecordPane
from desktop.kit.words import tr
from desktop.projects.ledger import STATUS_TONES
from desktop.projects.moving import DayForm, ask_move

if TYPE_CHECKING:
    from desktop.kit.records import Records

_AROUND = 80  # margins, gaps, and what a button has beside its words


class Pane(RecordPane):
    """A project: its stage, where it goes next, its log."""

    def __init__(self, page: Page, records: Records) -> None:
        self.day_form: DayForm | None = None
        self._next: str | None = None
        self._said_forward = tr(_("Move the stage…"))
        super().__init__(page, records)

    def first_buttons(self) -> Sequence[QWidget]:
        """To its next stage; an entry of the log."""
        self.forward = button(_("Move the stage…"), self.move_on, kind="primary")
        self.note = button(_("Add progress"), self.add_progress)
        self.page.writers += [self.forward, self.note]
        return self.forward, self.note

    def second(self, record: Mapping[str, Any]) -> Sequence[str]:
        """Its code, its place, when it was recognised."""
        parts = [record.get("code"), record.get("street")]
        if record.get("approved_on"):
            parts.append(tr(_("recognised {day}", day=record["approved_on"])))
        return [str(part) for part in parts if part]

    def tags(self, record: Mapping[str, Any]) -> Sequence[Tag]:
        """Its stage; that it is on hold or gone."""
        by_key = {one.key: one for one in record["fields"]}
        made = [Tag(said(by_key["stage"], record["stage"]), "blue")]
        status = record.get("status")
        if status and status != "active":
            made.append(Tag(said(by_key["status"], status), STATUS_TONES.get(status, "grey")))
        return made

    def show_record(self, record: Mapping[str, Any]) -> None:
        """One project, and what its next stage is."""
        super().show_record(record)
        self._ask_next()

    # --- what one may do -------------------------------------------------------------------------------------------

    def _ask_next(self) -> None:
        number = self.number

        def work(connection: Connection) -> str | None:
            from db.projects.flow import next_stage

            return next_stage(connection, number)

        self.page.ask(work, self._take_next, key="pane:next")

    def _take_next(self, stage: str | None) -> None:
        from db.projects.stages import stages

        self._next = stage
        self.forward.setVisible(stage is not None)
        if stage is not None:
            self._said_forward = tr(_("To “{stage}”…", stage=stages()[stage].label))
            self._fit()

    def _fit(self) -> None:
        """The primary button gives way where the pane is too narrow for all its words."""
        others = self.note.sizeHint().width() + self.more.sizeHint().width()
        room = max(40, self.width() - others - _AROUND)
        shown = theme.metrics(13).elidedText(self._said_forward, Qt.TextElideMode.ElideRight, room)
        self.forward.setText(shown)
        if self.page.desk.seen is None:  # else it says why it rests
            self.forward.setToolTip("" if shown == self._said_forward else self._said_forward)
        self.forward.setAccessibleName(self._said_forward)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Wider or narrower."""
        super().resizeEvent(event)
        self._fit()

    def move_on(self) -> None:
        """The form for the next stage of its path."""
        if self._next is not None:
            self._move_to(self._next)

    def _move_to(self, stage: str) -> None:
        ask_move(self.page, self, self.number, stage, self._opened)

    def _opened(self, form: DayForm) -> None:
        self.day_form = form

    def add_progress(self) -> None:
        """The log, with the keyboard where the next entry is written."""
        self.show_tab("log")
        self.parts["log"].begin()

    def add_to_menu(self, menu: QMenu) -> None:
        """Any other stage; what leaves the window."""
        from db.projects.stages import stages
        from desktop.projects.giving import add_to_menu

        move = menu.addMenu(tr(_("Move to another stage")))
        here = self.record["stage"] if self.record is not None else ""
        for key, one in stages().items():
            entry = move.addAction(tr(one.label))
            entry.setEnabled(key != here)
            entry.triggered.connect(lambda _checked=False, key=key: self._move_to(key))
        if self.record is not None:
            add_to_menu(menu, self.page, [self.number])
