"""Small forms over the ledger for many projects at once: one field changed with a preview, an entry of progress."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from db.core.errors import Problem, Refused
from db.core.fields import Day, Field, Words
from db.core.text import Text, _
from desktop.kit.choices import Choices
from desktop.kit.editors import Line, Lines, input_for, shown, take, understood_as
from desktop.kit.page import Connection
from desktop.kit.parts import button, label, row_of
from desktop.kit.strip import Card
from desktop.kit.words import language, tr
from desktop.projects.saving import Writing

if TYPE_CHECKING:
    from db.core.block import Checked
    from db.core.book import Book
    from db.core.filling import Preview
    from db.core.progress import Progress
    from desktop.kit.table import Block
    from desktop.projects.editing import Editing

_TYPING = 250
_SHOWN = 5


class ChangeMany(Card):
    """A field, a value, what it would replace, and one verb."""

    def __init__(self, editing: Editing, block: Block) -> None:
        super().__init__(editing.page, _("Change {count} projects", count=f"{len(block.ids):,}"))
        self.editing, self.ids = editing, block.ids
        found = editing.page.ledger.found
        known = found.fields if found is not None else {}
        self._fields = {key: one for key, one in known.items() if one.editable and key not in ("name", "progress")}
        first = block.fields[0].key if block.fields[0].key in self._fields else next(iter(self._fields))
        self.choice = Choices([(key, one.label) for key, one in self._fields.items()], first)
        self.choice.setAccessibleName(tr(_("Field")))
        self.choice.setFixedHeight(30)
        self.lines.addWidget(self.choice)
        self.input: Line | Lines = input_for(self._fields[first], None, ())
        self.lines.addWidget(self.input)
        self.said = label("", size=12, tone="mute", wrap=True)
        self.verb = button(_("Change {count} projects", count=f"{len(self.ids):,}"), self.carry_out, kind="primary")
        self.lines.addWidget(self.said)
        self.lines.addLayout(row_of(None, button(_("Cancel"), self.close_card), self.verb))
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_TYPING)
        self._soon.timeout.connect(self.look)
        self.choice.currentIndexChanged.connect(lambda _at: self._other_field())
        self._other_field()

    @property
    def field(self) -> Field:
        """Which field is changed."""
        return self._fields[self.choice.key]

    def _other_field(self) -> None:
        fresh = input_for(self.field, None, ())
        fresh.setFixedHeight(72 if isinstance(fresh, Lines) else 30)
        fresh.setAccessibleName(tr(self.field.label))
        self.lines.replaceWidget(self.input, fresh)
        self.input.hide()
        self.input.deleteLater()
        self.input = fresh
        if isinstance(fresh, Line):
            fresh.today = self.editing.today
        fresh.edited.connect(self._soon.start)
        if isinstance(fresh, Line):
            fresh.returnPressed.connect(self.carry_out)
        fresh.setFocus()
        self._ask_names()
        self.look()

    def _ask_names(self) -> None:
        field = self.field

        def work(connection: Connection) -> list[str]:
            from db.projects.blocks import suggestions

            return suggestions(connection, field)

        def came(found: list[str]) -> None:
            from desktop.kit.editors import Pick

            if isinstance(self.input, Pick) and not self.input.closed and self.field is field:
                self.input.names = found

        self.editing.page.desk.jobs.ask(self, _reading(work), came, key="names")

    def look(self) -> None:
        """What it would do: the values that are there now and how many projects have each."""
        text, field = self.input.typed, self.field
        _said, wrong = understood_as(field, text)
        if wrong:
            self.said.setText(_said)
            return

        def work(connection: Connection) -> Preview:
            from db.core.filling import change_many
            from db.projects.blocks import RULES

            return change_many(connection, RULES, field, text, self.ids, today=self.editing.today)

        self.editing.page.desk.jobs.ask(
            self, _reading(work), partial(self._show, field, text), failed=self._failed, key="preview"
        )

    def _show(self, field: Field, text: str, preview: Preview) -> None:
        if preview.checked.bad:
            self.said.setText(tr(preview.checked.bad[0].sentence))
            return
        new = understood_as(field, text)[0].removeprefix("= ") or text.strip() or tr(_("(empty)"))
        lines = [
            f"{shown(field, value) or tr(_('(empty)'))} → {new} · {count:,}" for value, count in preview.before[:_SHOWN]
        ]
        rest = sum(count for _value, count in preview.before[_SHOWN:])
        if rest:
            lines.append(tr(_("… and {count} more", count=f"{rest:,}")))
        changed = len({number for number, _key, _value in preview.checked.changes})
        lines.append(
            tr(
                _(
                    "{changed} change, {same} stay as they are",
                    changed=f"{changed:,}",
                    same=f"{len(self.ids) - changed:,}",
                )
            )
        )
        self.said.setText("\n".join(lines))
        self.adjustSize()

    def _failed(self, problem: Problem) -> None:
        self.said.setText(problem.render(language()))

    def carry_out(self) -> None:
        """Write it, as one operation."""
        self.input.settle()
        field, text, ids = self.field, self.input.typed, self.ids
        try:
            take(field, text)
        except Refused as refused:
            self.said.setText(refused.render(language()))
            self.input.setFocus()
            return

        def look(connection: Connection) -> Checked:
            from db.core.filling import change_many
            from db.projects.blocks import RULES

            return change_many(connection, RULES, field, text, ids, today=self.editing.today).checked

        named = _("Change {fields} of {count} projects", fields=[_("“{field}”", field=field.label)], count=len(ids))
        self.editing.saving.save(Writing(look, fields=[field], ids=ids, label=named if len(ids) > 1 else None))
        self.close_card()
        self.editing.page.table.setFocus()


class AddProgress(Card):
    """A day (today is proposed) and what happened; one entry for each project, one operation."""

    def __init__(self, editing: Editing, ids: Sequence[int]) -> None:
        super().__init__(editing.page, _("Add an entry of progress"))
        self.editing, self.ids = editing, ids
        self.day = Line(Field("on_day", _("Day"), Day()), editing.today)
        self.day.setAccessibleName(tr(_("Day")))
        self.text = Lines(Field("text", _("Progress"), Words(long=True)), None)
        self.text.setAccessibleName(tr(_("What happened")))
        self.text.setPlaceholderText(tr(_("What happened")))
        self.text.setFixedHeight(96)
        self.said = label("", size=12, tone="red", wrap=True)
        self.said.hide()
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
        self.editing.page.table.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+Enter writes."""
        if (
            event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            and event.modifiers() & Qt.KeyboardModifier.ControlModifier
        ):
            self.carry_out()
        else:
            super().keyPressEvent(event)

    def _refuse(self, reason: str) -> None:
        self.said.setText(reason)
        self.said.show()
        self.adjustSize()

    def carry_out(self) -> None:
        """Write one entry for each project."""
        try:
            on = take(self.day.field, self.day.typed) or self.editing.today
        except Refused as refused:
            self._refuse(refused.render(language()))
            self.day.setFocus()
            return
        text, ids = self.text.typed.strip(), self.ids
        if not text:
            self._refuse(tr(_("Write what happened.")))
            self.text.setFocus()
            return

        def work(connection: Connection) -> None:
            from db.projects.service import add_progress

            for number in ids:
                add_progress(connection, number, text, on=on)

        self.editing.page.write(
            _named(text, len(ids)), work, lambda _nothing: self.close_card(),
            failed=lambda problem: self._refuse(problem.render(language())),
        )  # fmt: skip


def _named(text: str, count: int) -> Text:
    said = text.replace("\n", " ")
    said = said if len(said) <= 16 else f"{said[:15]}…"
    if count == 1:
        return _("Add progress: {text}", text=said)
    return _("Add progress to {count} projects: {text}", count=count, text=said)


def _reading(work: Callable[[Connection], Any]) -> Callable[[Book, Progress], Any]:
    """A question to the book as its thread wants it."""

    def doing(book: Book, progress: Progress) -> Any:
        with book.read() as connection:
            return work(connection)

    return doing
