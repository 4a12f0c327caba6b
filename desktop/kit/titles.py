"""The head of a pane or of a form in it: its title, and the cross that closes it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton

from db.core.text import _
from desktop.kit import icons, theme
from desktop.kit.parts import row_of
from desktop.kit.words import tr


def title_row(title: QLabel, on_close: Callable[[], object]) -> QHBoxLayout:
    """A title, which may have several lines, and the cross at its right."""
    cross = QToolButton()
    cross.setIcon(icons.icon("close", theme.tokens().mute, 8))
    cross.setIconSize(QSize(8, 8))
    cross.setFixedSize(24, 24)
    cross.setToolTip(tr(_("Close (Esc)")))
    cross.setAccessibleName(tr(_("Close (Esc)")))
    cross.clicked.connect(lambda _checked=False: on_close())
    row = row_of(title, cross, gap=8)
    row.setStretch(0, 1)
    row.setAlignment(cross, Qt.AlignmentFlag.AlignTop)
    return row
