"""The rail at the left: the book, its rooms, and at the foot history and settings."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QSizePolicy, QToolButton

from db.core.text import Text
from desktop.kit import icons, theme
from desktop.kit.parts import ElidedLabel, column_of
from desktop.kit.words import tr


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
        made.setText("  " + tr(text))
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
        return made

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
