"""Small forms over a page: some editors, chips for a reason, one verb; what is refused is said beside its editor."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtWidgets import QWidget

from db.core.errors import Problem, Refused
from db.core.fields import Field
from db.core.text import Text, _
from desktop.kit.editors import Line
from desktop.kit.form import Editor
from desktop.kit.page import Connection, Page
from desktop.kit.parts import Chips, button, label, row_of
from desktop.kit.strip import Card
from desktop.kit.words import language, tr


class SmallForm(Card):
    """Editors under each other. `work`, given the values by key, is written as one operation named `named`."""

    def __init__(
        self, page: Page, title: Text, verb: Text, fields: Sequence[tuple[Field, Any, Sequence[str] | None]], *,
        notes: Sequence[Text] = (), reasons: Sequence[Text] = (),
    ) -> None:  # fmt: skip
        super().__init__(page, title)
        self.page = page
        self.named: Callable[[dict[str, Any]], Text] = lambda _values: title
        self.work: Callable[[Connection, dict[str, Any]], Any] = _nothing
        self.done: Callable[[Any], None] = _done
        for note in notes:
            self.lines.addWidget(label(note, size=12, tone="mute", wrap=True))
        self.editors: dict[str, Editor] = {}
        for field, value, names in fields:
            made = Editor(field, value, names, flush=True)
            if isinstance(made.input, Line):
                made.input.today = page.desk.today().isoformat()
                made.input.returnPressed.connect(self.carry_out)
            made.input.edited.connect(self.adjustSize)  # how it is understood is said under it
            self.editors[field.key] = made
            self.lines.addWidget(made)
        self.reasons = Chips(reasons) if reasons else None
        if self.reasons is not None:
            self.lines.addWidget(label(_("Reason (may be left out)"), size=12, tone="mute"))
            self.lines.addWidget(self.reasons)
        self.lines.addWidget(self.said)
        self.verb = button(verb, self.carry_out, kind="primary", tip="Ctrl+Enter")
        self.foot = row_of(None, button(_("Cancel"), self.close_card), self.verb)
        self.lines.addLayout(self.foot)

    def open_over(self, area: QWidget) -> None:
        """The first empty editor has the keyboard, else the first; a form that was open before goes."""
        for other in self.page.findChildren(SmallForm):
            if other is not self and other.isVisible():
                other.close_card()
        super().open_over(area)
        first = next((one for one in self.editors.values() if not one.typed), None)
        first = first or next(iter(self.editors.values()), None)
        if first is not None:
            first.input.setFocus()

    def values(self) -> dict[str, Any] | None:
        """Key → stored value; None where one cannot be taken, which is said beside it."""
        found: dict[str, Any] = {}
        for key, one in self.editors.items():
            one.complain("")
            try:
                found[key] = one.value()
            except Refused as refused:
                one.complain(refused.render(language()))
                one.input.setFocus()
                return None
        if self.reasons is not None:
            found["reason"] = tr(self.reasons.chosen) if self.reasons.chosen is not None else None
        else:
            found.setdefault("reason", None)
        return found

    def carry_out(self) -> None:
        """Write what was typed; what is refused stays as it was typed."""
        if not self.verb.isEnabled() or self.page.rests():
            return
        values = self.values()
        if values is None:
            self.adjustSize()
            return
        self.verb.setEnabled(False)  # a second click would write it twice
        self.page.write(
            self.named(values), lambda connection: self.work(connection, values), self._written, failed=self._refuse
        )

    def _written(self, found: Any) -> None:
        self.close_card()
        self.done(found)

    def _refuse(self, problem: Problem) -> None:
        self.verb.setEnabled(True)
        reasons = problem.fields if isinstance(problem, Refused) else {}
        for key, reason in reasons.items():
            if key in self.editors:
                self.editors[key].complain(tr(reason))
                self.editors[key].input.setFocus()
        told = bool(reasons) and all(key in self.editors for key in reasons)
        self.said.setText("" if told else problem.render(language()))
        self.said.setVisible(not told)
        self.adjustSize()


def _nothing(_connection: Connection, _values: dict[str, Any]) -> None:
    """Nothing is to be written."""


def _done(_found: Any) -> None:
    """Nothing is to be done with the answer."""
