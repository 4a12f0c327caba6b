"""A Word file that came back: what was changed in it by hand, each to be taken into the words or left."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from db.core.text import Text, _
from desktop.kit import theme
from desktop.kit.parts import button, clear, column_of, label, row_of, scrolled
from desktop.kit.words import tr

if TYPE_CHECKING:
    from db.overview.returned import Changed


class ReturnedList(QWidget):
    """`taken`: place and runs of a paragraph that is to be kept as it came back; `shown`: a place to look at."""

    taken = Signal(str, object)
    shown = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.cards: list[ChangeCard] = []
        self.heading = label("", bold=True, wrap=True)
        self.said = label("", size=12, tone="mute", wrap=True)
        self.take_all_button = button(_("Take all"), self._take_all, small=True)
        self._lines = column_of(self.heading, self.said, margins=(12, 10, 12, 12), gap=8)
        self._lines.addLayout(row_of(self.take_all_button, None))
        self._cards = QVBoxLayout()
        self._cards.setSpacing(10)
        self._lines.addLayout(self._cards)
        self._lines.addStretch(1)
        column_of(scrolled(self._lines), parent=self)
        self.there = False

    def forget(self) -> None:
        """Another report is looked at."""
        self.there = False
        self.cards = []
        clear(self._cards)

    def show_changes(self, name: str, found: Sequence[Changed], *, fixed: bool) -> None:
        """What was changed in the file of this name; fixed: nothing can be taken, as the report is finalised."""
        self.forget()
        self.there = True
        self.heading.setText(name)
        numbers = sum(len(one.typed) for one in found)
        said = _("Nothing was changed in it.")
        if found:
            said = _("{count} paragraphs read differently, {numbers} numbers were changed by hand.", count=len(found),
                     numbers=numbers)  # fmt: skip
        self.said.setText(tr(said))
        self.take_all_button.setVisible(not fixed and any(one.place and one.runs for one in found))
        for one in found:
            card = ChangeCard(one, fixed=fixed)
            card.taken.connect(partial(self._take, one))
            card.shown.connect(self.shown)
            self.cards.append(card)
            self._cards.addWidget(card)

    def _take(self, one: Changed) -> None:
        self.taken.emit(one.place, one.runs)

    def _take_all(self) -> None:
        for card in self.cards:
            card.take()


class ChangeCard(QFrame):
    """One paragraph: how it reads here and there, its numbers, and the two answers."""

    taken = Signal()
    shown = Signal(str)

    def __init__(self, change: Changed, *, fixed: bool) -> None:
        super().__init__()
        self.setProperty("box", "card")
        self.change = change
        self._done = label("", size=12, tone="mute")
        self.take_button = button(_("Take into the words"), self.take, small=True)
        self.leave_button = button(_("Leave it"), self._leave, small=True)
        self.show_button = button(_("Show"), lambda: self.shown.emit(change.place), kind="link")
        lines = column_of(margins=(10, 8, 10, 8), gap=6, parent=self)
        for one in change.typed:
            told = _("{typed} typed by hand, the book says {text}", typed=one.typed, text=one.text)
            lines.addWidget(label(told, size=12, tone="amber", wrap=True))
        here, there = marked(change.before, change.after)
        for title, text, rich in ((_("Here"), change.before, here), (_("In the file"), change.after, there)):
            lines.addWidget(label(title, size=12, tone="mute"))
            said = label(text or tr(_("not there")), tone="" if text else "mute", wrap=True)
            if change.before and change.after:
                said.setTextFormat(Qt.TextFormat.RichText)
                said.setText(rich)
            lines.addWidget(said)
        self._answers = QWidget()
        row_of(self.take_button, self.leave_button, None, self.show_button, parent=self._answers)
        lines.addWidget(self._answers)
        lines.addWidget(self._done)
        self._done.hide()
        may = bool(change.place and change.runs) and not fixed
        self.take_button.setVisible(may)
        self.show_button.setVisible(bool(change.place))
        if not may and not fixed:
            why = (
                _("Take the paragraph out under “The words”.")
                if change.place
                else _("A new paragraph: copy it into “The words”.")
            )
            lines.addWidget(label(why, size=12, tone="mute", wrap=True))

    def take(self) -> None:
        """Keep it as it came back."""
        if self.take_button.isVisibleTo(self) and self._answers.isVisibleTo(self):
            self.taken.emit()
            self._end(_("Taken"))

    def _leave(self) -> None:
        self._end(_("Left as it is here"))

    def _end(self, text: Text) -> None:
        self._answers.hide()
        self._done.setText(tr(text))
        self._done.show()


def marked(before: str, after: str) -> tuple[str, str]:
    """Both texts as rich text: struck through what went, underlined what came."""
    from difflib import SequenceMatcher
    from html import escape

    of = theme.tokens()
    went, came = "", ""
    for what, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        old, new = (escape(part).replace("\n", "<br>") for part in (before[a:b], after[c:d]))
        went += old if what == "equal" else f'<s style="color:{of.red}">{old}</s>' if old else ""
        came += new if what == "equal" else f'<b style="color:{of.green}"><u>{new}</u></b>' if new else ""
    return went, came
