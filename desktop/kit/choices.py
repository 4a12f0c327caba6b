"""A list to choose one of a few from."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QComboBox, QStyle, QStyleOptionComboBox, QStylePainter

from db.core.text import Text
from desktop.kit import icons, theme
from desktop.kit.words import tr


class Choices(QComboBox):
    """A list to choose from, with our own arrow and whole words."""

    def __init__(self, choices: Sequence[tuple[str, Text | str]] = (), current: str | None = None) -> None:
        super().__init__()
        self.setFont(theme.font(13))
        self.fill(choices, current)

    def fill(self, choices: Sequence[tuple[str, Text | str]], current: str | None = None) -> None:
        """Other choices; tells nobody."""
        before = self.blockSignals(True)
        self.clear()
        for key, text in choices:
            self.addItem(tr(text), key)
        self.setCurrentIndex(max(0, self.findData(current)) if choices else -1)
        self.blockSignals(before)

    @property
    def key(self) -> str:
        """The key of what is chosen, "" where nothing is."""
        return str(self.currentData() or "")

    def paintEvent(self, event: QPaintEvent) -> None:
        """The style's box, the text elided, the arrow drawn."""
        painter = QStylePainter(self)
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        option.currentText = ""  # type: ignore[attr-defined]
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        of = theme.tokens()
        left = 7 if self.property("flat") else 11
        box = self.rect().adjusted(left, 0, -24, 0)
        painter.setPen(of.color("text" if self.isEnabled() else "faint"))
        painter.setFont(self.font())
        text = self.fontMetrics().elidedText(self.currentText(), Qt.TextElideMode.ElideRight, box.width())
        painter.drawText(box, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), text)
        arrow = QRectF(self.width() - 18, self.height() / 2 - 4, 8, 8)
        icons.draw(painter, "down", arrow, of.mute)
