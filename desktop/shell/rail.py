"""The rail at the left: the book, its rooms, and at the foot history and settings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Signal, Slot
from PySide6.QtWidgets import QButtonGroup, QFrame, QSizePolicy, QToolButton

from db.core.text import Text, _
from desktop.kit import icons, theme
from desktop.kit.parts import ElidedLabel, column_of, elided, label, row_of
from desktop.kit.words import tr

if TYPE_CHECKING:
    from PySide6.QtGui import QShowEvent
    from PySide6.QtWidgets import QLabel

    from desktop.shell.window import Window

_NAME = theme.RAIL_WIDTH - 48  # what frame and icon leave of it


class Rail(QFrame):
    """`chosen` gives the name of the page a person wants."""

    chosen = Signal(str)

    def __init__(self, upper: Sequence[tuple[str, Text, str]], lower: Sequence[tuple[str, Text, str]]) -> None:
        super().__init__()
        self.setObjectName("rail")
        self.setFixedWidth(theme.RAIL_WIDTH)
        self.book = ElidedLabel(size=13, bold=True)
        self.book.setObjectName("railTitle")
        self.note = ElidedLabel(size=12)
        self.note.setObjectName("railNote")
        self.buttons: dict[str, QToolButton] = {}
        self.badges: dict[str, QLabel] = {}
        self.folded = self._follows = False
        self._group = QButtonGroup(self)
        lines = column_of(margins=(0, 14, 0, 8), gap=0, parent=self)
        head = column_of(self.book, self.note, margins=(14, 0, 10, 12), gap=0)
        lines.addLayout(head)
        for entry in upper:
            lines.addWidget(self._entry(*entry))
        lines.addStretch(1)
        for entry in lower:
            lines.addWidget(self._entry(*entry))

    def _entry(self, name: str, text: Text, icon: str) -> QToolButton:
        of = theme.tokens()
        made = QToolButton()
        made.setProperty("rail", "true")
        made.setIcon(icons.icon(icon, of.rail_text, on=of.rail_on))
        made.setIconSize(QSize(16, 16))
        made.setProperty("toolButtonStyle", "ToolButtonTextBesideIcon")
        made.setCheckable(True)
        made.setProperty("focusPolicy", "TabFocus")
        made.setFixedHeight(theme.RAIL_ITEM)
        made.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        made.clicked.connect(lambda _checked=False: self.chosen.emit(name))
        self._group.addButton(made)
        self.buttons[name] = made
        self.call(name, text)
        return made

    def call(self, name: str, text: Text) -> None:
        """What a page is called; a long name is whole in the tool tip."""
        made, said = self.buttons[name], tr(text)
        shown = elided(theme.metrics(13), said, _NAME)
        made.setText("  " + shown)
        made.setAccessibleName(said)
        made.setToolTip(said if self.folded or shown != said else "")

    def follow(self, window: Window) -> None:
        """Keep the names of the rooms, and the count of what is due beside 今日."""
        from desktop.shell.badge import Badge

        Badge(window, self)

    def count(self, name: str, number: int) -> None:
        """So many things wait on a page; with none of them nothing is shown."""
        from PySide6.QtCore import Qt  # the namespace takes its time, and the badge comes after the first page

        made, entry = self.badges.get(name), self.buttons[name]
        if made is None and number:
            made = self.badges[name] = label("", size=11, bold=True)
            made.setProperty("badge", "true")
            made.setFixedHeight(18)
            made.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            row_of(None, made, margins=(0, 0, 12, 0), gap=0, parent=entry)
        if made is not None:
            made.setText("" if not number else f"{number}" if number < 100 else "99+")
            made.setVisible(bool(number) and not self.folded)
        said = tr(_("{count} of yours due today or overdue", count=number)) if number else ""
        entry.setAccessibleDescription(said)

    def showEvent(self, event: QShowEvent) -> None:
        """From now on as wide as the window leaves room for."""
        super().showEvent(event)
        if not self._follows:
            self._follows = True
            self.window().windowHandle().widthChanged.connect(self.fit)
        self.fit()

    @Slot()
    def fit(self) -> None:
        """In a narrow window, as at 200 %, only the pictures; their names are said by the tool tips."""
        to = self.window().width() < theme.RAIL_NARROW
        if to == self.folded:
            return
        self.folded = to
        self.setFixedWidth(theme.RAIL_FOLDED if to else theme.RAIL_WIDTH)
        for part in (self.book, self.note):
            part.setVisible(not to)
        for made in self.buttons.values():
            made.setProperty("toolButtonStyle", "ToolButtonIconOnly" if to else "ToolButtonTextBesideIcon")
            made.setToolTip(made.accessibleName() if to else "")
        for badge in self.badges.values():
            badge.setVisible(bool(badge.text()) and not to)

    def mark(self, name: str) -> None:
        """The page that is shown."""
        if name in self.buttons:
            self.buttons[name].setChecked(True)
        else:
            checked = self._group.checkedButton()
            if checked is not None:
                self._group.setExclusive(False)
                checked.setChecked(False)
                self._group.setExclusive(True)
