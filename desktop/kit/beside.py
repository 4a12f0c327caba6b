"""A pane at the right of a page: beside the table, and over it where the window is narrow."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QWidget

from desktop.kit import theme
from desktop.kit.parts import restyle
from desktop.kit.preferences import Preferences

NARROW = 1200  # windows below this width have the pane over the table


class Beside(QWidget):
    """`left` and a pane; its width is kept in the preferences."""

    def __init__(self, left: QWidget, pane: QWidget, preferences: Preferences) -> None:
        super().__init__()
        self._pane, self._preferences = pane, preferences
        self.over = False
        self.split = QSplitter(Qt.Orientation.Horizontal)
        self.split.setChildrenCollapsible(False)
        self.split.setHandleWidth(1)
        pane.setMinimumWidth(theme.PANE_NARROWEST)
        pane.setMaximumWidth(theme.PANE_WIDEST)
        self.split.addWidget(left)
        self.split.addWidget(pane)
        self.split.setStretchFactor(0, 1)
        self.split.setStretchFactor(1, 0)
        self.split.splitterMoved.connect(self._resized)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.split)
        pane.hide()

    def unfold(self) -> None:
        """Show the pane."""
        if self._pane.isHidden():
            self._pane.show()
            if not self.over:
                width = self._preferences.pane_width
                self.split.setSizes([max(200, self.split.width() - width), width])
        self._place()

    def fold(self) -> None:
        """Hide the pane."""
        self._pane.hide()

    def adapt(self, window: int) -> None:
        """The window has this width now."""
        over = window < NARROW
        if over == self.over:
            self._place()
            return
        self.over = over
        shown = not self._pane.isHidden()
        if over:
            self._pane.setParent(self)
            self._pane.setProperty("over", "true")
        else:
            self.split.addWidget(self._pane)
            self._pane.setProperty("over", "false")
        restyle(self._pane)
        self._pane.setVisible(shown)
        if shown and not over:
            width = self._preferences.pane_width
            self.split.setSizes([max(200, self.split.width() - width), width])
        self._place()

    def make_room(self, window: int, *, wanted: bool = True) -> None:
        """As `adapt`, where the pane goes away in a narrow window and comes back in a wide one, if it is wanted."""
        was = self.over
        self.adapt(window)
        if self.over and not was:
            self.fold()
        elif was and not self.over and wanted:
            self.unfold()

    def _place(self) -> None:
        if self.over:
            width = min(max(self._preferences.pane_width, theme.PANE_NARROWEST), theme.PANE_WIDEST)
            self._pane.setGeometry(self.width() - width, 0, width, self.height())
            self._pane.raise_()

    def _resized(self, *_where: int) -> None:
        self._preferences.pane_width = self._pane.width()

    def event(self, event: QEvent) -> bool:
        """The pane over the table keeps to the right edge."""
        if event.type() == QEvent.Type.Resize:
            self._place()
        return super().event(event)
