"""The questions of the meeting, and the answer to one of them: a sentence, a table, and where its rows are opened."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QPushButton, QVBoxLayout, QWidget

from db.core.text import _
from desktop.kit import theme
from desktop.kit.cells import Cell
from desktop.kit.lists import Heading, PlainList
from desktop.kit.page import with_room
from desktop.kit.parts import ElidedLabel, bar, button, clear, column_of, label, restyle
from desktop.kit.words import tr

if TYPE_CHECKING:
    from db.overview.answers import Answer
    from db.reports.report import Column

_QUESTION = 52
_OPENS = {
    "projects": _("Open in the ledger"), "bulletin": _("Open the city's bulletin"), "report": _("Open the report"),
    "five_ones": _("Open the five ones"), "forum": _("Open the issues"),
}  # fmt: skip


class QuestionList(QFrame):
    """One button a question with the beginning of its answer; `chosen` gives the key."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.buttons: dict[str, QPushButton] = {}
        self._keys: tuple[str, ...] = ()
        inner = QWidget()
        inner.setProperty("clear", "true")
        self._lines = QVBoxLayout(inner)
        self._lines.setContentsMargins(0, 0, 0, 0)
        self._lines.setSpacing(0)
        whole = column_of(gap=0, parent=self)
        whole.addWidget(bar("head", 36, label(_("Asked in the meeting"), bold=True), None, margins=(12, 0, 12, 0)))
        whole.addWidget(with_room(inner, 0, 0), 1)

    def show_answers(self, found: Sequence[Answer]) -> None:
        """The questions with their answers."""
        held = next((key for key, one in self.buttons.items() if one.hasFocus()), "")
        clear(self._lines)
        self.buttons = {}
        for at, one in enumerate(found, 1):
            self.buttons[one.key] = made = QPushButton()
            made.setProperty("question", "true")
            made.setFixedHeight(_QUESTION)
            made.setAccessibleName(f"{one.question} {one.sentence}")
            made.setToolTip(one.sentence)
            made.setAutoDefault(False)
            made.clicked.connect(partial(self.chosen.emit, one.key))
            inner = column_of(gap=1, margins=(12, 5, 12, 5), parent=made)
            inner.addWidget(ElidedLabel(f"{at}  {one.question}", bold=True))
            inner.addWidget(ElidedLabel(one.sentence, size=12, tone="mute"))
            self._lines.addWidget(made)
        self._lines.addStretch(1)
        if held in self.buttons:
            self.buttons[held].setFocus()

    def mark(self, key: str) -> None:
        """The question whose answer is shown."""
        for name, one in self.buttons.items():
            one.setProperty("chosen", "true" if name == key else "false")
            restyle(one)

    def take_focus(self) -> None:
        """The first question."""
        if self.buttons:
            next(iter(self.buttons.values())).setFocus()


class AnswerView(QWidget):
    """`closed`, `link_wanted` (Link), `copied` (text)."""

    closed = Signal()
    link_wanted = Signal(object)
    copied = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._answer: Answer | None = None
        self.title = label("", bold=True)
        self.sentence = label("", wrap=True)
        self.unit = label("", size=12, tone="mute")
        self.list = PlainList()
        self.list.picked.connect(lambda row, _column: self._open_row(row))
        self.open = button(_("Open in the ledger"), self._open_all, kind="primary")
        back = button(_("Back to what is due"), self.closed.emit, small=True, tip="Esc")
        whole = column_of(gap=0, parent=self)
        whole.addWidget(bar("head", 36, self.title, None, back, margins=(12, 0, 12, 0)))
        told = column_of(self.sentence, self.unit, margins=(12, 10, 12, 8), gap=6)
        whole.addLayout(told)
        whole.addWidget(self.list, 1)
        copy = button(_("Copy as text"), lambda: self.copied.emit(self.text()))
        whole.addWidget(bar("bottom", theme.ACTION_BAR, self.open, copy, None, margins=(12, 0, 12, 0)))

    @property
    def key(self) -> str:
        """The question that is answered."""
        return self._answer.key if self._answer is not None else ""

    def show_answer(self, one: Answer) -> None:
        """One answer."""
        self._answer = one
        self.title.setText(one.question)
        self.sentence.setText(one.sentence)
        table = one.table
        self.unit.setText(tr(_("Amounts in {unit}", unit=table.unit)) if table is not None and table.unit else "")
        self.unit.setVisible(bool(self.unit.text()))
        self.list.setVisible(table is not None)
        self.open.setText(tr(_OPENS.get(one.link.page, _OPENS["projects"])) if one.link is not None else "")
        self.open.setVisible(one.link is not None)
        if table is None:
            return
        headings = [
            Heading(
                column.label, _width(at, column.kind), right=_right(column), stretch=at == 0 or column.key == "others"
            )
            for at, column in enumerate(table.columns)
        ]
        self.list.setAccessibleName(one.question)
        self.list.show_rows(headings, len(table.rows), self._cell)
        if table.rows:
            self.list.selectRow(0)

    def _cell(self, row: int, place: int) -> Cell:
        from db.reports.shown import shown

        assert self._answer is not None
        assert self._answer.table is not None
        table = self._answer.table
        column = table.columns[place]
        leads = row < len(self._answer.links) and self._answer.links[row] is not None
        text = shown(table.rows[row][place], column)
        return Cell(text, tone="accent" if leads and place == 0 else "text", right=_right(column))

    def _open_row(self, row: int) -> None:
        links = self._answer.links if self._answer is not None else ()
        link = links[row] if row < len(links) else None
        if link is not None:
            self.link_wanted.emit(link)

    def _open_all(self) -> None:
        if self._answer is not None and self._answer.link is not None:
            self.link_wanted.emit(self._answer.link)

    def take_focus(self) -> None:
        """The table, or the button."""
        (self.list if not self.list.isHidden() else self.open).setFocus()

    def text(self) -> str:
        """The answer as lines for a chat."""
        one = self._answer
        if one is None:
            return ""
        lines = [one.question, one.sentence]
        if one.table is not None:
            for row in range(len(one.table.rows)):
                lines.append(" · ".join(self._cell(row, at).text for at in range(len(one.table.columns))))  # noqa: PERF401
        return "\n".join(lines)


def _right(column: Column) -> bool:
    """Numbers, and those that stand with their unit."""
    return column.numeric or column.kind == "centre"


def _width(at: int, kind: str) -> int:
    return 180 if at == 0 else 92 if kind in ("number", "percent", "date") else 108
