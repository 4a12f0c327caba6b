"""The rail at the left: the book, its rooms, and at the foot history and settings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Signal, Slot
from PySide6.QtWidgets import QButtonGroup, QFrame, QSizePolicy, QToolButton

from db.core.text import Text
from desktop.kit import icons, theme
from desktop.kit.parts import ElidedLabel, column_of
from desktop.kit.words import tr

if TYPE_CHECKING:
    from PySide6.QtGui import QShowEvent


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
            made.setToolTip(made.text().strip() if to else "")

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
