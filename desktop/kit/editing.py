"""Changing records where they stand: cells in the table, the form, drafts of what was not saved, what others changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtCore import QObject

from db.core.errors import Problem, Refused
from db.core.fields import Field, Link, Words
from db.core.text import _
from desktop.kit.block_keys import BlockKeys
from desktop.kit.cell_editor import CellEditor
from desktop.kit.drafts import NEW, Draft, Drafts, Keeper
from desktop.kit.page import Connection
from desktop.kit.saving import Saving, Writing, as_block
from desktop.kit.words import language, tr

if TYPE_CHECKING:
    from db.core.block import Checked
    from db.core.saving import Saved
    from desktop.kit.ledger_page import LedgerView
    from desktop.kit.rows import Index

Look = Callable[[Connection], "Checked"]
_ZONE = dt.timezone(dt.timedelta(hours=8))


class HasUnsaved(Protocol):
    """A card over the table in which something may be typed."""

    def unsaved(self) -> dict[int, dict[str, str]]:
        """For the drafts: record → field key → what is typed."""


class Editing(QObject):
    """See the module. One cell at a time has its editor; whatever is asked is asked in the strip."""

    def __init__(self, view: LedgerView) -> None:
        super().__init__(view)
        self.view = view
        self.editor: CellEditor | None = None
        self.saving = Saving(view, self._written)
        self._names: dict[str, Sequence[str]] = {}
        self._open: dict[int, dict[str, str]] = {}  # typed, handed on, not written yet
        self.cards: list[HasUnsaved] = []
        self._why = ""
        self._restoring: Draft | None = None
        self._offered: set[int] = set()
        self.drafts = Drafts(view.page.desk.target, view.records.manner.room)
        self.keeper = Keeper(self, self.drafts, self._unsaved)
        view.model.may_edit = lambda _number, field: field.editable and view.page.desk.seen is None
        view.table.edit_wanted.connect(self.begin)
        view.ledger.taken.connect(self._names.clear)
        self.blocks = BlockKeys(self)

    @property
    def today(self) -> str:
        """The day on which one works, ISO."""
        return self.view.ledger.today

    # --- one cell --------------------------------------------------------------------------------------------------

    def begin(self, index: Index, text: str) -> None:
        """Change a cell; `text` was typed on it and takes the place of what stands there."""
        view = self.view
        if self.editor is not None and not self.editor.finish(""):
            self.editor.input.setFocus()
            return
        number = view.model.record(index.row())
        if number is None or not view.model.known(index.row()):
            return
        field = view.model.columns[index.column()].field
        before = view.model.value(index.row(), index.column())
        self.open_cell(number, field, before, text=text, fresh=bool(text) or view.table.composing)

    def open_cell(self, number: int, field: Field, before: Any, *, text: str = "", fresh: bool = False) -> CellEditor:
        """An editor over a cell, with names for what has names."""
        names = self._names.get(field.key)
        wanted = isinstance(field.kind, Link) or (isinstance(field.kind, Words) and not field.kind.long)
        made = CellEditor(
            self.view.table, number, field, before, names if names is not None else () if wanted else None,
            text=text, fresh=fresh,
        )  # fmt: skip
        self.editor = made
        made.done.connect(self._done)
        made.given_up.connect(self._give_up)
        made.refused.connect(self.view.page.desk.complain)
        if wanted and names is None:
            self._ask_names(field)
        return made

    def _ask_names(self, field: Field) -> None:
        def work(connection: Connection) -> list[str]:
            return self.view.records.blocks().suggestions(connection, field)

        def take(found: list[str]) -> None:
            self._names[field.key] = found
            if self.editor is not None and self.editor.field.key == field.key:
                self.editor.propose(found)

        self.view.page.ask(work, take, key="suggestions")

    def _give_up(self) -> None:
        editor, self.editor = self.editor, None
        if editor is not None:
            self.keeper.forget(editor.number, [editor.field.key])
            editor.close_quietly()
            self.view.table.setFocus()

    def _done(self, step: str) -> None:
        editor, self.editor = self.editor, None
        if editor is None:
            return
        editor.close_quietly()
        if step:
            self._step(editor, step)
        if editor.changed and editor.value != editor.before:
            self.view.model.put(editor.number, editor.field.key, editor.value)
            self._save_cell(editor.number, editor.field, editor.before, editor.input.typed)
        else:
            self.keeper.forget(editor.number, [editor.field.key])

    def _step(self, editor: CellEditor, step: str) -> None:
        """Enter goes down, Tab to the right; group headings are passed over."""
        table, model = self.view.table, self.view.model
        line, column = model.row_of(editor.number), model.column_of(editor.field.key)
        table.setFocus()
        if line is None or column is None:
            return
        if step in ("right", "left"):
            table.choose(line, max(0, min(column + (1 if step == "right" else -1), len(model.columns) - 1)))
            return
        by = 1 if step == "down" else -1
        following = line + by
        while 0 <= following < model.lines.count and model.record(following) is None:
            following += by
        table.choose(following if 0 <= following < model.lines.count else line, column)

    def _save_cell(self, number: int, field: Field, before: Any, text: str) -> None:
        self._open.setdefault(number, {})[field.key] = text

        def look(connection: Connection) -> Checked:
            from db.core.block import check

            return check(
                connection,
                self.view.records.blocks().rules,
                fields=[field],
                ids=[number],
                cells=[[text]],
                today=self.today,
            )

        def back() -> None:
            """To the cell, with what was typed."""
            self.view.model.put(number, field.key, before)
            if self.editor is None and self.view.model.open_to(number) is not None:
                self.saving.go_to(number, field)
                editor = self.open_cell(number, field, before, text=text, fresh=True)
                if self._why:
                    editor.complain(self._why)

        def refused(saved: Saved) -> None:
            self._why = tr(saved.checked.bad[0].sentence)
            self.view.page.desk.complain(Refused(saved.checked.bad[0].sentence))
            back()

        def failed(problem: Problem) -> None:
            self._why = problem.render(language())
            self.view.page.desk.complain(problem)
            back()

        self._why = ""
        self.saving.save(Writing(
            look, fields=[field], ids=[number], seen={(number, field.key): before}, refused=refused, failed=failed,
            changed_mind=back,))  # fmt: skip

    def _written(self, number: int) -> None:
        texts = self._open.pop(number, None)
        if texts is not None:
            self.keeper.forget(number, texts.keys())

    # --- the form --------------------------------------------------------------------------------------------------

    def save_form(
        self, number: int, values: Mapping[str, Any], *, done: Callable[[], object],
        failed: Callable[[Problem], None],
    ) -> None:  # fmt: skip
        """Write what was changed in the form of a project."""
        form = self.view.pane.form
        known = form.editors if form is not None else {}
        fields = [known[key].field for key in values]
        seen = {(number, key): known[key].before for key in values}
        cells = {(number, key): value for key, value in values.items()}

        def saved_form(_saved: Saved) -> None:
            self.keeper.forget(number)
            done()

        def refused(saved: Saved) -> None:
            failed(Refused(fields={fields[one.column].key: one.why for one in saved.checked.bad}))

        self.saving.save(Writing(
            partial(as_block, self.view.records, fields=fields, ids=[number], values=cells, today=self.today), fields=fields, ids=[number],
            seen=seen, done=saved_form, refused=refused, failed=failed, changed_mind=self._back_to_form,))  # fmt: skip

    def add(
        self, values: Mapping[str, Any], *, done: Callable[[int], object], failed: Callable[[Problem], None]
    ) -> None:
        """Write a new project from its form."""
        form = self.view.pane.form
        wanted = dict.fromkeys((*self.view.records.needed, *values))
        fields = [form.editors[key].field for key in wanted if key in form.editors] if form is not None else []

        def refused(saved: Saved) -> None:
            failed(Refused(fields={fields[one.column].key: one.why for one in saved.checked.bad}))

        def added(saved: Saved) -> None:
            self.keeper.forget(NEW)
            if saved.added:
                done(saved.added[0])

        of, cells = self.view.records, {(NEW, key): value for key, value in values.items()}
        self.saving.save(Writing(
            partial(as_block, of, fields=fields, ids=[], values=cells, today=self.today),
            fields=fields, ids=[], label=_("New {record} “{name}”", record=of.one, name=of.called(values)), done=added,
            refused=refused, failed=failed, changed_mind=self._back_to_form,))  # fmt: skip

    def _back_to_form(self) -> None:
        if self.view.pane.form is not None:
            self.view.pane.form.setFocus()

    # --- drafts ----------------------------------------------------------------------------------------------------

    def _unsaved(self) -> dict[int, dict[str, str]]:
        """What is typed and not saved now, by record."""
        found = {number: dict(texts) for number, texts in self._open.items()}
        for card in self.cards:
            found |= card.unsaved()
        form = self.view.pane.form
        if form is not None:
            found.setdefault(form.record, {}).update(form.texts())
        if self.editor is not None:
            found.setdefault(self.editor.number, {})
            if self.editor.changed:
                found[self.editor.number][self.editor.field.key] = self.editor.input.typed
        return found

    def leave(self) -> None:
        """The window closes: what is typed stays as a draft."""
        self.keeper.end()

    def offer(self, number: int, name: str) -> None:
        """A record is opened: say that something typed in it was never saved."""
        if number in self._offered or number in self._unsaved():
            return
        draft = self.drafts.of(number)
        if draft is None:
            return
        self._offered.add(number)
        at = draft.at.astimezone(_ZONE)
        when = f"{at.month}月{at.day}日 {at:%H:%M}" if language() == "zh" else f"{at:%Y-%m-%d %H:%M}"
        sentence = (
            _("A new {record} was not saved ({when})", record=self.view.records.one, when=when) if number == NEW
            else _("“{name}” has changes that were not saved ({when})", name=name, when=when)
        )  # fmt: skip
        self.saving.strip.ask(
            sentence,
            [
                (_("Bring them back"), partial(self._restore, draft)),
                (_("Discard"), partial(self.keeper.forget, number)),
            ],
        )

    def _restore(self, draft: Draft) -> None:
        self._restoring = draft
        if self.view.pane.form is not None and self.view.pane.form.record == draft.record:
            self.form_shown()
        elif draft.record == NEW:
            self.view.new_record()
        else:
            self.view.pane.edit_wanted.emit()

    def form_shown(self) -> None:
        """The form is up: put into it what a draft kept."""
        form, draft = self.view.pane.form, self._restoring
        if form is None:
            return
        if draft is not None and draft.record == form.record:
            self._restoring = None
            form.put_texts(draft.texts)
        elif form.record == NEW:
            self.offer(NEW, "")
