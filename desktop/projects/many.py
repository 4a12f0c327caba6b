"""A small form over the ledger: an entry of progress, of one project or of many at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from db.core.errors import Refused
from db.core.fields import Day, Field, Words
from db.core.text import Text, _
from desktop.kit.editors import Line, Lines, take
from desktop.kit.page import Connection
from desktop.kit.parts import button, row_of
from desktop.kit.strip import Card
from desktop.kit.words import language, tr

if TYPE_CHECKING:
    from desktop.kit.editing import Editing


class AddProgress(Card):
    """A day (today is proposed) and what happened; one entry for each project, one operation."""

    def __init__(self, editing: Editing, ids: Sequence[int]) -> None:
        super().__init__(editing.view, _("Add an entry of progress"))
        self.editing, self.ids = editing, ids
        self.day = Line(Field("on_day", _("Day"), Day()), editing.today)
        self.day.setAccessibleName(tr(_("Day")))
        self.text = Lines(Field("text", _("Progress"), Words(long=True)), None)
        self.text.setAccessibleName(tr(_("What happened")))
        self.text.setPlaceholderText(tr(_("What happened")))
        self.text.setFixedHeight(96)
        verb = _("Add it to {count} projects", count=f"{len(ids):,}") if len(ids) > 1 else _("Add the entry")
        for part in (self.day, self.text, self.said):
            self.lines.addWidget(part)
        self.verb = button(verb, self.carry_out, kind="primary", tip="Ctrl+Enter")
        self.lines.addLayout(row_of(None, button(_("Cancel"), self.close_card), self.verb))
        self.editing.cards.append(self)

    def open_over(self, area: QWidget) -> None:
        """The text has the keyboard; the day is seldom another."""
        super().open_over(area)
        self.text.setFocus()

    def unsaved(self) -> dict[int, dict[str, str]]:
        """For the drafts: what is typed for the first project."""
        text = self.text.typed.strip()
        return {self.ids[0]: {"progress": text}} if text else {}

    def close_card(self) -> None:
        """Not wanted, or written."""
        if self in self.editing.cards:
            self.editing.cards.remove(self)
            self.editing.keeper.forget(self.ids[0], ["progress"])
        super().close_card()
        self.editing.view.table.setFocus()

    def carry_out(self) -> None:
        """Write one entry for each project."""
        try:
            on = take(self.day.field, self.day.typed) or self.editing.today
        except Refused as refused:
            self.complain(refused.render(language()))
            self.day.setFocus()
            return
        text, ids = self.text.typed.strip(), self.ids
        if not text:
            self.complain(tr(_("Write what happened.")))
            self.text.setFocus()
            return

        def work(connection: Connection) -> None:
            from db.projects.service import add_progress

            for number in ids:
                add_progress(connection, number, text, on=on)

        self.editing.view.page.write(
            _named(text, len(ids)), work, lambda _nothing: self.close_card(),
            failed=lambda problem: self.complain(problem.render(language())),
        )  # fmt: skip


def _named(text: str, count: int) -> Text:
    said = text.replace("\n", " ")
    said = said if len(said) <= 16 else f"{said[:15]}…"
    if count == 1:
        return _("Add progress: {text}", text=said)
    return _("Add progress to {count} projects: {text}", count=count, text=said)
