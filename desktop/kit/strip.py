"""A strip above a table that asks or tells something, with its answers as buttons: never a box that must be answered."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple, cast

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QListWidget, QPushButton, QVBoxLayout, QWidget

from db.core.text import Text, _
from desktop.kit import theme
from desktop.kit.parts import button, clear, column_of, is_ctrl_enter, label, row_of
from desktop.kit.words import tr

MOST = 500  # lines that whoever asks should give; the rest is counted
_LINE, _LINES = 24, 5

Answer = tuple[Text, Callable[[], object]]


class Place(NamedTuple):
    """One line of the list: what it says, and what a click on it does."""

    text: str
    go: Callable[[], object]


class Strip(QFrame):
    """One question or one list at a time; the newest takes the place of the one before. `closed` when it goes."""

    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("strip", "amber")
        self.setAccessibleName(tr(_("Question")))
        self._lines: QVBoxLayout = column_of(margins=(16, 6, 12, 6), gap=6, parent=self)
        self.buttons: list[QPushButton] = []
        self.list: QListWidget | None = None
        self.sentence = ""
        self.back: QWidget | None = None  # where the keyboard goes when what has it goes
        self.hide()

    def ask(
        self, sentence: Text, answers: Sequence[Answer], *, places: Sequence[Place] = (), count: int = 0,
        tone: str = "amber",
    ) -> None:  # fmt: skip
        """Show a sentence with its answers; each answer closes the strip. places: a list under it, the first of count."""
        clear(self._lines)
        self.setProperty("strip", tone)
        self.style().polish(self)
        self.sentence = tr(sentence)
        said = label(self.sentence, wrap=True)
        self.buttons = [button(text, _then(self.close_strip, do), small=True) for text, do in answers]
        head = row_of(said, *self.buttons, gap=8)
        head.setStretch(0, 1)
        self._lines.addLayout(head)
        self.list = _list(places, max(count, len(places))) if places else None
        if self.list is not None:
            self._lines.addWidget(self.list)
        self.show()

    def take_focus(self) -> None:
        """The first answer to a question; of what cannot be taken, the list of places."""
        told = self.list if self.property("strip") == "red" else None
        (told or self.buttons[0]).setFocus()

    def close_strip(self) -> None:
        """Away with it."""
        if _has_keyboard(self) and self.back is not None:
            self.back.setFocus()
        self.hide()
        self.list = None
        self.closed.emit()

    def close_list(self) -> None:
        """Away with what was told of an earlier attempt; a question stays until it is answered."""
        if self.property("strip") == "red" and self.isVisible():
            self.close_strip()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes it."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_strip()
        else:
            super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        """As high as what it says."""
        return QSize(super().sizeHint().width(), self._lines.sizeHint().height())


def _has_keyboard(part: QWidget) -> bool:
    held = cast("QWidget | None", part.focusWidget())
    return held is not None and held.hasFocus()


def _then(first: Callable[[], object], then: Callable[[], object]) -> Callable[[], None]:
    def do() -> None:
        first()
        then()

    return do


def _list(places: Sequence[Place], count: int) -> QListWidget:
    made = QListWidget()
    made.setFont(theme.font(12))
    made.setAccessibleName(tr(_("Cells that cannot be taken")))
    made.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
    made.setUniformItemSizes(True)
    made.addItems([one.text for one in places])
    if count > len(places):
        made.addItem(tr(_("… and {count} more", count=f"{count - len(places):,}")))
    for at in range(made.count()):
        made.item(at).setToolTip(made.item(at).text())
    made.setFixedHeight(min(_LINES, made.count()) * _LINE + 6)

    def go(at: int) -> None:
        if at < len(places):
            places[at].go()

    made.itemActivated.connect(lambda item: go(made.row(item)))
    made.itemClicked.connect(lambda item: go(made.row(item)))
    return made


class Card(QFrame):
    """A small form over a page, in its upper right corner: a title, its parts, one verb. Esc closes it."""

    def __init__(self, page: QWidget, title: Text) -> None:
        super().__init__(page)
        self._back: QWidget | None = None
        self.setProperty("box", "card")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(tr(title))
        self.setFixedWidth(380)
        self.lines = column_of(
            label(title, size=15, bold=True, wrap=True), margins=(16, 12, 16, 12), gap=8, parent=self
        )
        self.said = label("", size=12, tone="red", wrap=True)  # what is wrong; a card gives it its place
        self.said.hide()

    def open_over(self, area: QWidget) -> None:
        """Show it over a part of the page; the keyboard comes back there when it goes."""
        self._back = area
        self.adjustSize()
        parent = self.parentWidget()
        assert parent is not None
        corner = area.mapTo(parent, area.rect().topRight())
        self.move(corner.x() - self.width() - 16, corner.y() + 8)
        self.show()
        self.raise_()

    def close_card(self) -> None:
        """Away with it."""
        if self._back is not None and _has_keyboard(self):
            self._back.setFocus()
        self.hide()
        self.deleteLater()

    def carry_out(self) -> None:
        """Do what the card is for."""

    def complain(self, reason: str) -> None:
        """Say what is wrong; what was typed stays."""
        self.said.setText(reason)
        self.said.show()
        self.adjustSize()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+Enter carries it out, Esc closes it."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_card()
        elif is_ctrl_enter(event):
            self.carry_out()
        else:
            super().keyPressEvent(event)
