"""A form in the pane beside a list: title, fields, one verb. Esc leaves it, Ctrl+Enter does it.

What was typed and not written is there again when the form is: after Esc, after a crash, after the window was closed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QWidget

from db.core.errors import Problem, Refused
from db.core.fields import Field
from db.core.text import Text, _
from desktop.kit import theme
from desktop.kit.drafts import Drafts, Keeper
from desktop.kit.form import Form
from desktop.kit.page import Connection, Page
from desktop.kit.parts import bar, button, column_of, is_ctrl_enter, label
from desktop.kit.titles import title_row
from desktop.kit.words import language, tr


class SideForm(QFrame):
    """See the module. `closed` when it is left without doing it; subclasses say in `take` what doing it is.

    head: its title with the cross. above: a part between the title and the fields. foot: the row of its buttons.
    """

    closed = Signal()

    def __init__(
        self, page: Page, title: Text, fields: Sequence[Field], values: Mapping[str, Any], *, verb: Text,
        names: Mapping[str, Sequence[str]] | None = None, needed: Sequence[str] = (), above: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__()
        self.setProperty("box", "panel")
        self.page = page
        self.form = Form(fields, values, names=names or {}, needed=needed, today=page.desk.today().isoformat())
        self.form.submitted.connect(self.take)
        self.hint = label("", size=12, tone="mute", wrap=True)
        self.refusal = label("", size=12, tone="red", wrap=True)
        for one in (self.hint, self.refusal):
            one.setContentsMargins(16, 0, 16, 4)
            one.hide()
        self.head = QWidget()
        self.head.setProperty("clear", "true")
        column_of(margins=(16, 12, 10, 6), parent=self.head).addLayout(
            title_row(label(title, size=15, bold=True, wrap=True), self.closed.emit)
        )
        lines = column_of(self.head, gap=0, parent=self)
        if above is not None:
            lines.addWidget(above)
        lines.addWidget(self.form, 1)
        lines.addWidget(self.hint)
        lines.addWidget(self.refusal)
        self.do = button(verb, self.take, kind="primary")
        self.foot = bar("bottom", theme.ACTION_BAR, self.do, button(_("Cancel"), self.closed.emit), None)
        lines.addWidget(self.foot)
        self._keeper: Keeper | None = None
        for editor in self.form.editors.values():
            editor.input.edited.connect(self.edited)

    def keep_draft(self, kind: str, record: int) -> None:
        """What was typed before in a form of this kind, of this record, stands in it again; so will what is typed now."""
        drafts = Drafts(self.page.desk.target, kind)
        if (found := drafts.of(record)) is not None:
            self.form.put_texts(found.texts)
            self.page.desk.say(_("What was typed here and not saved is here again."))
        self._keeper = Keeper(self, drafts, lambda: {record: self.form.texts()})

    def hideEvent(self, event: QHideEvent) -> None:
        """It is left, or the window closes: what is typed stays as a draft."""
        if self._keeper is not None:
            self._keeper.look_now()
        super().hideEvent(event)

    def take(self) -> None:
        """Do it."""
        raise NotImplementedError

    def write(self, name: Text, work: Callable[[Connection], Any], done: Callable[[Any], object]) -> None:
        """One operation, once however often the verb is pressed; a refusal is said here, and nothing typed is lost."""
        if not self.do.isEnabled() or self.page.rests():
            return

        def written(result: Any) -> None:
            if self._keeper is not None:
                self._keeper.give_up()
            done(result)

        self.do.setEnabled(False)
        self.page.write(name, work, written, failed=self.failed)

    def failed(self, problem: Problem) -> None:
        """It was not done, and may be tried again."""
        self.do.setEnabled(True)
        self.refused(problem)

    def edited(self) -> None:
        """Something was typed: an earlier refusal goes."""
        self.refusal.hide()

    def take_focus(self) -> None:
        """The first field that must be filled and is not, else the first."""
        empty = (one for key, one in self.form.editors.items() if not one.typed)
        next(empty, next(iter(self.form.editors.values()))).input.setFocus()

    def values(self) -> dict[str, Any] | None:
        """Field key → stored value of everything in the form; None where something cannot be taken, which is said."""
        changes = self.form.changes()
        return None if changes is None else {key: one.before for key, one in self.form.editors.items()} | changes

    def refused(self, problem: Problem) -> None:
        """Say why it cannot be, beside the fields where it can; nothing typed is lost."""
        known = problem.fields if isinstance(problem, Refused) else {}
        shown = self.form.complain(known)
        left = [why for key, why in known.items() if key not in self.form.editors]
        if left or not shown:
            self.refusal.setText("\n".join(tr(one) for one in left) or problem.render(language()))
            self.refusal.show()

    def event(self, event: QEvent) -> bool:
        """Ctrl+Enter is for the form."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and is_ctrl_enter(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+Enter does it, Enter too where a line or no field has the keyboard; Esc leaves."""
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.take()
        else:
            super().keyPressEvent(event)
