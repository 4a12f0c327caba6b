"""Changing projects where they stand: cells in the table, the form, drafts of what was not saved, what others changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from db.core.errors import Problem, Refused
from db.core.fields import Field, Link, Words
from db.core.text import _
from desktop.kit.cell_editor import CellEditor
from desktop.kit.drafts import NEW, Draft, Drafts, Keeper
from desktop.kit.page import Connection
from desktop.kit.words import language, tr
from desktop.projects.block_keys import BlockKeys
from desktop.projects.saving import Saving, Writing, as_block

if TYPE_CHECKING:
    from db.core.block import Checked
    from db.projects.blocks import Saved
    from desktop.kit.rows import Index
    from desktop.projects.many import AddProgress
    from desktop.projects.page import ProjectsPage

Look = Callable[[Connection], "Checked"]
_ZONE = dt.timezone(dt.timedelta(hours=8))


class Editing(QObject):
    """See the module. One cell at a time has its editor; whatever is asked is asked in the strip."""

    def __init__(self, page: ProjectsPage) -> None:
        super().__init__(page)
        self.page = page
        self.editor: CellEditor | None = None
        self.saving = Saving(page, self._written)
        self._names: dict[str, Sequence[str]] = {}
        self._open: dict[int, dict[str, str]] = {}  # typed, handed on, not written yet
        self.cards: list[AddProgress] = []
        self._why = ""
        self._restoring: Draft | None = None
        self._offered: set[int] = set()
        self.drafts = Drafts(page.desk.target, "projects")
        self.keeper = Keeper(self, self.drafts, self._unsaved)
        page.model.may_edit = lambda _number, field: field.editable and page.desk.seen is None
        page.table.edit_wanted.connect(self.begin)
        page.ledger.taken.connect(self._names.clear)
        self.blocks = BlockKeys(self)

    @property
    def today(self) -> str:
        """The day on which one works, ISO."""
        return self.page.ledger.today

    # --- one cell --------------------------------------------------------------------------------------------------

    def begin(self, index: Index, text: str) -> None:
        """Change a cell; `text` was typed on it and takes the place of what stands there."""
        page = self.page
        if self.editor is not None and not self.editor.finish(""):
            self.editor.input.setFocus()
            return
        number = page.model.record(index.row())
        if number is None or not page.model.known(index.row()):
            return
        field = page.model.columns[index.column()].field
        before = page.model.value(index.row(), index.column())
        self.open_cell(number, field, before, text=text, fresh=bool(text) or page.table.composing)

    def open_cell(self, number: int, field: Field, before: Any, *, text: str = "", fresh: bool = False) -> CellEditor:
        """An editor over a cell, with names for what has names."""
        names = self._names.get(field.key)
        wanted = isinstance(field.kind, Link) or (isinstance(field.kind, Words) and not field.kind.long)
        made = CellEditor(
            self.page.table, number, field, before, names if names is not None else () if wanted else None,
            text=text, fresh=fresh,
        )  # fmt: skip
        self.editor = made
        made.done.connect(self._done)
        made.given_up.connect(self._give_up)
        made.refused.connect(self.page.desk.complain)
        if wanted and names is None:
            self._ask_names(field)
        return made

    def _ask_names(self, field: Field) -> None:
        def work(connection: Connection) -> list[str]:
            from db.projects.blocks import suggestions

            return suggestions(connection, field)

        def take(found: list[str]) -> None:
            self._names[field.key] = found
            if self.editor is not None and self.editor.field.key == field.key:
                self.editor.propose(found)

        self.page.ask(work, take, key="suggestions")

    def _give_up(self) -> None:
        editor, self.editor = self.editor, None
        if editor is not None:
            self.keeper.forget(editor.number, [editor.field.key])
            editor.close_quietly()
            self.page.table.setFocus()

    def _done(self, step: str) -> None:
        editor, self.editor = self.editor, None
        if editor is None:
            return
        editor.close_quietly()
        if step:
            self._step(editor, step)
        if editor.changed and editor.value != editor.before:
            self.page.model.put(editor.number, editor.field.key, editor.value)
            self._save_cell(editor.number, editor.field, editor.before, editor.input.typed)
        else:
            self.keeper.forget(editor.number, [editor.field.key])

    def _step(self, editor: CellEditor, step: str) -> None:
        """Enter goes down, Tab to the right; group headings are passed over."""
        table, model = self.page.table, self.page.model
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
            from db.projects.blocks import RULES

            return check(connection, RULES, fields=[field], ids=[number], cells=[[text]], today=self.today)

        def back() -> None:
            """To the cell, with what was typed."""
            self.page.model.put(number, field.key, before)
            if self.editor is None and self.page.model.open_to(number) is not None:
                self.saving.go_to(number, field)
                editor = self.open_cell(number, field, before, text=text, fresh=True)
                if self._why:
                    editor.complain(self._why)

        def refused(saved: Saved) -> None:
            self._why = tr(saved.checked.bad[0].sentence)
            self.page.desk.complain(Refused(saved.checked.bad[0].sentence))
            back()

        def failed(problem: Problem) -> None:
            self._why = problem.render(language())
            self.page.desk.complain(problem)
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
        form = self.page.pane.form
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
            partial(as_block, fields=fields, ids=[number], values=cells, today=self.today), fields=fields, ids=[number],
            seen=seen, done=saved_form, refused=refused, failed=failed, changed_mind=self._back_to_form,))  # fmt: skip

    def add(
        self, values: Mapping[str, Any], *, done: Callable[[int], object], failed: Callable[[Problem], None]
    ) -> None:
        """Write a new project from its form."""
        form = self.page.pane.form
        fields = [form.editors[key].field for key in values] if form is not None else []
        if not values.get("name"):
            failed(Refused(fields={"name": _("A project needs a name.")}))
            return

        def refused(saved: Saved) -> None:
            failed(Refused(fields={fields[one.column].key: one.why for one in saved.checked.bad}))

        def added(saved: Saved) -> None:
            self.keeper.forget(NEW)
            if saved.added:
                done(saved.added[0])

        self.saving.save(Writing(
            partial(as_block, fields=fields, ids=[], values={(NEW, key): value for key, value in values.items()}, today=self.today),
            fields=fields, ids=[], label=_("New project “{name}”", name=str(values["name"])), done=added,
            refused=refused, failed=failed, changed_mind=self._back_to_form,))  # fmt: skip

    def _back_to_form(self) -> None:
        if self.page.pane.form is not None:
            self.page.pane.form.setFocus()

    # --- drafts ----------------------------------------------------------------------------------------------------

    def _unsaved(self) -> dict[int, dict[str, str]]:
        """What is typed and not saved now, by record."""
        found = {number: dict(texts) for number, texts in self._open.items()}
        for card in self.cards:
            found |= card.unsaved()
        form = self.page.pane.form
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
            _("A new project was not saved ({when})", when=when) if number == NEW
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
        if self.page.pane.form is not None and self.page.pane.form.record == draft.record:
            self.form_shown()
        elif draft.record == NEW:
            self.page.new_project()
        else:
            self.page.pane.edit_wanted.emit()

    def form_shown(self) -> None:
        """The form is up: put into it what a draft kept."""
        form, draft = self.page.pane.form, self._restoring
        if form is None:
            return
        if draft is not None and draft.record == form.record:
            self._restoring = None
            form.put_texts(draft.texts)
        elif form.record == NEW:
            self.offer(NEW, "")
