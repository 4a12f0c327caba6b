"""The form of one session: number, day, theme, place, leaders, departments, agenda, minutes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from db.core.text import _
from desktop.kit.page import Connection, Page
from desktop.kit.parts import button
from desktop.kit.side_form import SideForm

if TYPE_CHECKING:
    from db.forum.sessions import Row


class SessionForm(SideForm):
    """`written` with its id once it is in the book; `gone` once it is deleted."""

    written = Signal(int)
    gone = Signal()

    def __init__(self, page: Page, row: Row, names: Mapping[str, Sequence[str]]) -> None:
        from db.forum.sessions import SESSION_FIELDS

        self.number, self.at = int(row.get("id") or 0), int(row.get("number") or 0)
        title = _("Session {number}", number=self.at) if self.number else _("New session")
        verb = _("Save") if self.number else _("Add the session")
        super().__init__(page, title, SESSION_FIELDS, row, verb=verb, names=names, needed=("number", "held_on"))
        self.keep_draft("forum-session", self.number)
        self.do.setEnabled(page.desk.seen is None)
        if self.number:
            self.remove = button(_("Delete"), self.delete, kind="danger")
            self.remove.setEnabled(page.desk.seen is None)
            self.foot.layout().addWidget(self.remove)  # type: ignore[union-attr]

    def take(self) -> None:
        """Write what the form says, as one operation."""
        number, changes = self.number, self.form.changes()
        facts = changes if number else self.values()
        if facts is None:
            return
        told = facts

        def work(connection: Connection) -> int:
            from db.forum.sessions import put_session

            return put_session(connection, number, told)

        at = told.get("number") or self.at
        name = _("Change session {number}", number=at) if number else _("New session {number}", number=at)
        self.write(name, work, self.written.emit)

    def delete(self) -> None:
        """Away with it, where nobody raised anything; Ctrl+Z brings it back."""
        number = self.number

        def work(connection: Connection) -> None:
            from db.forum.serving import delete_session

            delete_session(connection, number)

        self.write(_("Delete session {number}", number=self.at), work, lambda _nothing: self.gone.emit())
