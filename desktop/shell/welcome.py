"""The first page: four ways to begin, and the books opened lately."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QLineEdit, QVBoxLayout, QWidget

from db.core.text import Text, _
from desktop.kit import theme
from desktop.kit.parts import ElidedLabel, Segments, bar, button, column_of, label, panel, row_of
from desktop.kit.preferences import Preferences, account_name
from desktop.kit.words import language
from desktop.shell.welcome_parts import Card, Promises

if TYPE_CHECKING:
    from PySide6.QtCore import QSize
    from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent
    from PySide6.QtWidgets import QScrollArea


_FOOT = 52


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
        self._needs: QSize | None = None  # of head, cards and lately opened books beside one another
        self._columns = 2
        self._scrolls: QScrollArea | None = None  # made where there is too little room
        self.cards = self._make_cards()
        self.chosen = 0
        self._main = QWidget()
        right = QVBoxLayout(self._main)
        right.setContentsMargins(48, 40, 48, 12)
        right.setSpacing(0)
        right.addLayout(self._head())
        right.addSpacing(18)
        right.addLayout(self._grid())
        right.addSpacing(22)
        right.addWidget(self._recent())
        right.addStretch(1)
        self.promises = Promises()
        whole = row_of(self.promises, gap=0, parent=self)
        self._body = column_of(gap=0)
        self._body.addWidget(self._main, 1)
        self._body.addWidget(self._foot())
        whole.addLayout(self._body, 1)
        self.setMinimumSize(1, 1)  # in a window too small for it, it folds and scrolls
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
        grid = self._cards = QGridLayout()
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
        self._hints = (
            label(_("empty: the account's name"), size=12, tone="faint"),
            label(_("Arrow keys choose, Enter begins"), size=12, tone="mute"),
        )
        said = label(_("Changes are remembered under your name:"))
        return bar("bottom", _FOOT, said, self.name, self._hints[0], None, self._hints[1], margins=(48, 0, 48, 0))

    def _named(self) -> None:
        self._preferences.actor = self.name.text().strip()
        self._preferences.save()

    def choose(self, place: int) -> None:
        """Mark the way that Enter takes."""
        self.chosen = place % len(self.cards)
        for at, card in enumerate(self.cards):
            card.choose(chosen=at == self.chosen)
        if self._scrolls is not None:
            self._scrolls.ensureWidgetVisible(self.cards[self.chosen])

    def complain(self, place: int, sentence: str) -> None:
        """Say under a card why it did not work."""
        for at, card in enumerate(self.cards):
            card.complain(sentence if at == place else "")

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a small window (200 %) the promises go, the cards stand in one column, and what remains scrolls."""
        if self._needs is None:
            self._needs = self._main.minimumSizeHint()
        folded = self.width() < self._needs.width() + theme.WELCOME_SIDE
        for part in (self.promises, *self._hints):
            part.setHidden(folded)
        self._stand_in(1 if self.width() < self._needs.width() else 2)
        if self._scrolls is None and (folded or self.height() < self._needs.height() + _FOOT):
            from desktop.kit.page import with_room

            self._scrolls = with_room(self._main, 0, 0)
            self._body.insertWidget(0, self._scrolls, 1)
        if self._scrolls is not None:
            wide = self.width() - (0 if folded else theme.WELCOME_SIDE)
            self._main.setMinimumHeight(self._main.heightForWidth(wide))

    def _stand_in(self, columns: int) -> None:
        """The cards side by side, or below one another with less room around them."""
        if columns == self._columns:
            return
        self._columns = columns
        for at, card in enumerate(self.cards):
            self._cards.addWidget(card, at // columns, at % columns)
        self._cards.setColumnStretch(1, columns - 1)
        edge = 48 if columns == 2 else 20
        self._main.layout().setContentsMargins(edge, 40 if columns == 2 else 20, edge, 12)  # type: ignore[union-attr]

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
