"""The first page: four ways to begin, and the books opened lately."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from db import __version__
from db.core.text import Text, _
from desktop.kit import icons, theme
from desktop.kit.parts import ElidedLabel, Segments, bar, button, column_of, label, panel, restyle, row_of
from desktop.kit.preferences import Preferences, account_name
from desktop.kit.words import language

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QMouseEvent

_PROMISES = (
    (_("Every change is remembered"), _("When, who and what; any of it can be undone")),
    (_("Any table can come in"), _("Ledgers in any layout, entered once")),
    (_("Every number explains itself"), _("Definition, numerator and denominator, the rows behind")),
    (_("Works offline"), _("The data stay on this computer")),
)


class Card(QFrame):
    """One way to begin."""

    def __init__(
        self, icon: str, title: Text, body: Text, key: int, note: Text, *ways: tuple[Text, Callable[[], None]]
    ) -> None:
        super().__init__()
        self.setProperty("box", "card")
        of = theme.tokens()
        drawing = QLabel()
        drawing.setPixmap(icons.pixmap(icon, of.accent, 24))
        hint = label(f"Alt {key}", size=11, tone="faint")
        hint.setProperty("key", "true")
        self.problem = label("", size=12, tone="red", wrap=True)
        self.problem.hide()
        self.buttons: list[QPushButton] = [button(text, do) for text, do in ways]
        self._first = ways[0][1]
        text = label(body, tone="mute", wrap=True)
        text.setMinimumHeight(40)
        text.setProperty("alignment", "AlignTop")
        lines = column_of(margins=(20, 16, 20, 16), gap=8, parent=self)
        lines.addLayout(row_of(drawing, label(title, size=16, bold=True), None, hint, gap=12))
        lines.addWidget(text)
        lines.addStretch(1)
        lines.addLayout(row_of(*self.buttons, 2, label(note, size=12, tone="mute"), None, gap=8))
        lines.addWidget(self.problem)

    def begin(self) -> None:
        """Take this way, as its first button does."""
        self._first()

    def choose(self, *, chosen: bool) -> None:
        """Show that Enter takes this way."""
        self.setProperty("chosen", "true" if chosen else "false")
        self.buttons[0].setProperty("kind", "primary" if chosen else "")
        if self.isVisible():  # else the first painting is still to come
            restyle(self)
            restyle(self.buttons[0])

    def complain(self, sentence: str) -> None:
        """Why this way did not work, under the card's buttons."""
        self.problem.setText(sentence)
        self.problem.setVisible(bool(sentence))


class WelcomePage(QWidget):
    """See the module. Signals say what a person wants; the window does it."""

    from_ledger = Signal()
    from_folder = Signal()
    demonstration = Signal()
    open_book = Signal()
    new_book = Signal()
    connect_server = Signal()
    recent_chosen = Signal(str)
    language_chosen = Signal(str)
    theme_chosen = Signal(str)

    def __init__(self, preferences: Preferences, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self._preferences = preferences
        self.cards = self._make_cards()
        self.chosen = 0
        right = QVBoxLayout()
        right.setContentsMargins(48, 40, 48, 12)
        right.setSpacing(0)
        right.addLayout(self._head())
        right.addSpacing(18)
        right.addLayout(self._grid())
        right.addSpacing(22)
        right.addWidget(self._recent())
        right.addStretch(1)
        whole = row_of(_promises(), gap=0, parent=self)
        body = column_of(gap=0)
        body.addLayout(right, 1)
        body.addWidget(self._foot())
        whole.addLayout(body, 1)
        self.setProperty("focusPolicy", "StrongFocus")
        self.choose(0)

    def _make_cards(self) -> list[Card]:
        return [
            Card("import", _("Begin with an Excel ledger"),
                 _("Any layout: .xlsx, .xls, .et, .csv. Headings are recognised; what will happen is shown before "
                   "anything is written, and the file itself stays as it is."), 1,
                 _("or drop them in this window"), (_("Choose a file…"), self.from_ledger.emit),
                 (_("A folder of years…"), self.from_folder.emit)),
            Card("welcome", _("Open the demonstration"),
                 _("An invented district in the first half of 2024 with 47 signed projects. Change what you like; "
                   "every change can be undone."), 2,
                 _("a few seconds, without a network"), (_("Open the demonstration"), self.demonstration.emit)),
            Card("book", _("Open a book"),
                 _("A book .zsb on this computer or a stick, or a new and empty one. A book that "
                    "lies on a network share must be copied to this computer first."), 3,
                 Text(""), (_("Open…"), self.open_book.emit), (_("New book…"), self.new_book.emit)),
            Card("server", _("Connect to the office's book"),
                 _("One book for the whole office, on its server: with the address and the name that the "
                   "administrator gives."), 4,
                 _("the administrator sets it up"), (_("Connect…"), self.connect_server.emit)),
        ]  # fmt: skip

    def _head(self) -> QVBoxLayout:
        languages = Segments((("zh", Text("简体中文")), ("en", Text("English"))), language())
        languages.chosen.connect(self.language_chosen)
        looks = (("system", _("As the system")), ("light", _("Bright")), ("dark", _("Dark")))
        themes = Segments(looks, self._preferences.theme)
        themes.chosen.connect(self.theme_chosen)
        lines = column_of(gap=2)
        lines.addLayout(row_of(label(_("Where to begin?"), size=22, bold=True), None, languages, themes, gap=12))
        lines.addWidget(
            label(_("Any of these can be changed later; the demonstration never touches your own book."), tone="mute")
        )
        return lines

    def _grid(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setSpacing(16)
        for at, card in enumerate(self.cards):
            grid.addWidget(card, at // 2, at % 2)
            grid.setColumnStretch(at % 2, 1)
        return grid

    def _recent(self) -> QWidget:
        whole = QWidget()
        lines = column_of(gap=8, parent=whole)
        if not self._preferences.recent:
            whole.hide()
            return whole
        lines.addWidget(label(_("Opened lately"), size=12, tone="mute"))
        box = panel("card")
        inner = column_of(gap=0, parent=box, margins=(0, 4, 0, 4))
        for one in self._preferences.recent[:4]:
            inner.addWidget(self._recent_row(one))
        lines.addWidget(box)
        return whole

    def _recent_row(self, one: dict[str, str]) -> QWidget:
        row = QWidget()
        row.setFixedHeight(30)
        name = button(
            Text(one["name"].removesuffix(".zsb")), lambda: self.recent_chosen.emit(one["target"]), kind="link"
        )
        name.setFixedWidth(240)
        where = ElidedLabel(one["target"], tone="mute")
        row_of(name, where, label(one.get("at", ""), tone="mute"), margins=(12, 0, 12, 0), gap=16, parent=row)
        row.layout().setStretch(1, 1)  # type: ignore[union-attr]
        return row

    def _foot(self) -> QWidget:
        self.name = QLineEdit(self._preferences.actor)
        self.name.setPlaceholderText(account_name())
        self.name.setFixedWidth(150)
        self.name.setAcceptDrops(False)
        self.name.editingFinished.connect(self._named)
        return bar(
            "bottom", 52, label(_("Changes are remembered under your name:")), self.name,
            label(_("empty: the account's name"), size=12, tone="faint"), None,
            label(_("Arrow keys choose, Enter begins"), size=12, tone="mute"), margins=(48, 0, 48, 0),
        )  # fmt: skip

    def _named(self) -> None:
        self._preferences.actor = self.name.text().strip()
        self._preferences.save()

    def choose(self, place: int) -> None:
        """Mark the way that Enter takes."""
        self.chosen = place % len(self.cards)
        for at, card in enumerate(self.cards):
            card.choose(chosen=at == self.chosen)

    def complain(self, place: int, sentence: str) -> None:
        """Say under a card why it did not work."""
        for at, card in enumerate(self.cards):
            card.complain(sentence if at == place else "")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows and Enter; Alt with a digit."""
        from PySide6.QtCore import Qt

        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -2, Qt.Key.Key_Down: 2}
        key = Qt.Key(event.key())
        if event.modifiers() & Qt.KeyboardModifier.AltModifier and Qt.Key.Key_1 <= key <= Qt.Key.Key_4:
            self.choose(key - Qt.Key.Key_1)
            self.cards[self.chosen].begin()
        elif key in steps:
            self.choose(self.chosen + steps[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.cards[self.chosen].begin()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click beside the fields takes the focus back to the page."""
        self.setFocus()


def _promises() -> QWidget:
    """The dark side: name, and what the program promises."""
    side = QFrame()
    side.setObjectName("rail")
    side.setFixedWidth(theme.WELCOME_SIDE)
    mark = QLabel()
    mark.setPixmap(icons.pixmap("app", "", 44))
    name = label(_("Zhaoshang Ledger"), size=26, bold=True)
    name.setObjectName("railTitle")
    line = label(_("The ledger of investment promotion in a district"), wrap=True)
    line.setObjectName("railNote")
    lines = column_of(mark, 18, name, line, 32, margins=(36, 44, 24, 28), gap=4, parent=side)
    for title, body in _PROMISES:
        first, second = label(title, bold=True), label(body, wrap=True)
        first.setObjectName("railTitle")
        second.setObjectName("railNote")
        lines.addWidget(first)
        lines.addWidget(second)
        lines.addSpacing(14)
    lines.addStretch(1)
    version = label(_("Version {version}", version=__version__), size=12)
    version.setObjectName("railNote")
    lines.addWidget(version)
    return side
