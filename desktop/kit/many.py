"""A small form over a ledger for many records at once: one field changed, with a preview."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer

from db.core.errors import Problem, Refused
from db.core.fields import Field
from db.core.text import _
from desktop.kit.choices import Choices
from desktop.kit.editors import Line, Lines, Pick, input_for, shown, take, understood_as
from desktop.kit.page import Connection
from desktop.kit.parts import button, label, row_of
from desktop.kit.saving import Writing
from desktop.kit.strip import Card
from desktop.kit.words import language, tr

if TYPE_CHECKING:
    from db.core.block import Checked
    from db.core.book import Book
    from db.core.filling import Preview
    from db.core.progress import Progress
    from desktop.kit.editing import Editing
    from desktop.kit.table import Block

_TYPING = 250
_SHOWN = 5


class ChangeMany(Card):
    """A field, a value, what it would replace, and one verb."""

    def __init__(self, editing: Editing, block: Block) -> None:
        records = editing.view.records
        super().__init__(editing.view, _("Change {what}", what=records.counted(len(block.ids))))
        self.editing, self.ids, self.records = editing, block.ids, records
        found = editing.view.ledger.found
        known = found.fields if found is not None else {}
        self._fields = {
            key: one for key, one in known.items() if one.editable and key not in (records.title, *records.one_by_one)
        }
        first = block.fields[0].key if block.fields[0].key in self._fields else next(iter(self._fields))
        self.choice = Choices([(key, one.label) for key, one in self._fields.items()], first)
        self.choice.setAccessibleName(tr(_("Field")))
        self.choice.setFixedHeight(30)
        self.lines.addWidget(self.choice)
        self.input: Line | Lines = input_for(self._fields[first], None, ())
        self.lines.addWidget(self.input)
        self.said = label("", size=12, tone="mute", wrap=True)
        self.verb = button(_("Change {what}", what=records.counted(len(self.ids))), self.carry_out, kind="primary")
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
            return self.records.blocks().suggestions(connection, field)

        def came(found: list[str]) -> None:
            if isinstance(self.input, Pick) and not self.input.closed and self.field is field:
                self.input.names = found

        self.editing.view.page.desk.jobs.ask(self, _reading(work), came, key="names")

    def look(self) -> None:
        """What it would do: the values that are there now and how many records have each."""
        text, field = self.input.typed, self.field
        _said, wrong = understood_as(field, text)
        if wrong:
            self.said.setText(_said)
            return

        def work(connection: Connection) -> Preview:
            from db.core.filling import change_many

            return change_many(connection, self.records.blocks().rules, field, text, self.ids, today=self.editing.today)

        self.editing.view.page.desk.jobs.ask(
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

            return change_many(
                connection, self.records.blocks().rules, field, text, ids, today=self.editing.today
            ).checked

        named = _(
            "Change {fields} of {what}", fields=[_("“{field}”", field=field.label)], what=self.records.counted(len(ids))
        )
        self.editing.saving.save(Writing(look, fields=[field], ids=ids, label=named if len(ids) > 1 else None))
        self.close_card()
        self.editing.view.table.setFocus()


def _reading(work: Callable[[Connection], Any]) -> Callable[[Book, Progress], Any]:
    """A question to the book as its thread wants it."""

    def doing(book: Book, progress: Progress) -> Any:
        with book.read() as connection:
            return work(connection)

    return doing
