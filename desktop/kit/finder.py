"""The box in a page's top bar that looks like a field and opens the search of everything."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QPushButton, QSizePolicy

from db.core.text import _
from desktop.kit import icons, theme
from desktop.kit.parts import label, row_of
from desktop.kit.words import tr

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

_WIDE, _NARROW = 360, 72


class FinderButton(QPushButton):
    """Says what can be searched and by which key; in a narrow bar it becomes narrow first."""

    def __init__(self, find: Callable[[], None]) -> None:
        super().__init__()
        self.setObjectName("finder")
        self.setFont(theme.font(13))
        self.setIcon(icons.icon("search", theme.tokens().mute))
        self.setAccessibleName(tr(_("Search everything")))
        self.setProperty("focusPolicy", "TabFocus")
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self._said = tr(_("Search projects, companies, commands (pinyin initials will do)"))
        self._key = label("Ctrl K", size=11, tone="mute")
        self._key.setProperty("key", "true")
        self._key.setFixedHeight(20)
        row_of(None, self._key, margins=(0, 0, 8, 0), parent=self)
        self.clicked.connect(lambda _checked=False: find())

    def sizeHint(self) -> QSize:
        """As wide as the picture of the page has it."""
        return QSize(_WIDE, theme.BUTTON)

    def minimumSizeHint(self) -> QSize:
        """The sign and the key."""
        return QSize(_NARROW, theme.BUTTON)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """As much of the sentence as there is room for."""
        super().resizeEvent(event)
        room = self.width() - _NARROW - 30
        metrics = theme.metrics(13)
        text = self._said
        while text and metrics.horizontalAdvance(text + "…") > room:
            text = text[:-1]
        self.setText(
            "" if len(text) < 4 else self._said if metrics.horizontalAdvance(self._said) <= room else text + "…"
        )
