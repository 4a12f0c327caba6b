"""A question in a window of its own: title = the action, button = the verb."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QWidget

from db.core.text import Text, _
from desktop.kit import theme
from desktop.kit.parts import button, column_of, label, panel, row_of, scrolled
from desktop.kit.words import tr


class Question(QDialog):
    """Title = the action, button = the verb; at most 640 wide; Esc cancels."""

    def __init__(
        self, parent: QWidget, title: Text, body: Sequence[Text], verb: Text | None, *, facts: Sequence[str] = (),
        grave: bool = False, field: str | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.setWindowTitle(tr(title))
        self.setMinimumWidth(440)
        self.setMaximumWidth(640)
        lines = column_of(label(title, size=15, bold=True), margins=(20, 18, 20, 18), gap=8, parent=self)
        for sentence in body:
            lines.addWidget(label(sentence, wrap=True))
        if facts:
            lines.addWidget(_facts(facts))
        self._field = QLineEdit(field or "")
        if field is not None:
            lines.addWidget(self._field)
        lines.addSpacing(6)
        lines.addLayout(self._buttons(verb, grave=grave, safe=field is None))

    def _buttons(self, verb: Text | None, *, grave: bool, safe: bool) -> QHBoxLayout:
        if verb is None:
            return row_of(None, button(_("Close"), self.reject))
        cancel = button(_("Cancel"), self.reject)
        do = button(verb, self.accept, kind="danger" if grave else "primary")
        cancel.setDefault(safe)
        do.setDefault(not safe)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(cancel)
        row.addWidget(do)
        return row

    @property
    def words(self) -> str:
        """What was typed."""
        return self._field.text().strip()


def _facts(facts: Sequence[str]) -> QWidget:
    lines = column_of(*(label(fact, tone="mute", wrap=True) for fact in facts), None, margins=(10, 8, 10, 8), gap=4)
    area = scrolled(lines)
    area.setMinimumHeight(min(240, 24 * len(facts) + 20))
    box = panel("card", column_of(area))
    box.setMaximumHeight(theme.PANE_NARROWEST)
    return box
