"""Buttons that open a choice: what is chosen now, and an arrow; a dot where a view was changed and not saved."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy

from db.core.text import Text, _
from desktop.kit import icons, theme
from desktop.kit.words import tr

_WIDEST = 216


class DropButton(QPushButton):
    """What is chosen, and an arrow at its right; a dot before it where `marked`."""

    def __init__(self) -> None:
        super().__init__()
        self._name, self._marked = "", False
        self.setFont(theme.font(13))
        self.setAutoDefault(False)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def say(self, name: Text | str, *, marked: bool = False) -> None:
        """Something else is chosen."""
        self._name, self._marked = tr(name), marked
        self.setAccessibleName(self._name)
        self.updateGeometry()
        self.update()

    @property
    def name(self) -> str:
        """What it says."""
        return self._name

    @property
    def changed(self) -> bool:
        """Whether the dot is there."""
        return self._marked

    def sizeHint(self) -> QSize:
        """Dot, name, arrow."""
        wide = self.fontMetrics().horizontalAdvance(self._name) + 46
        return QSize(min(_WIDEST, wide), super().sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """The button, and on it dot, name and arrow."""
        from PySide6.QtCore import Qt

        super().paintEvent(event)
        painter = QPainter(self)
        of = theme.tokens()
        left = 11
        if self._marked:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(of.color("accent"))
            painter.drawEllipse(QRectF(8, self.height() / 2 - 3, 6, 6))
            left = 19
        painter.setPen(of.color("text"))
        painter.setFont(self.font())
        inner = self.rect().adjusted(left, 0, -24, 0)
        shown = self.fontMetrics().elidedText(self._name, Qt.TextElideMode.ElideRight, inner.width() + 2)
        painter.drawText(inner, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), shown)
        icons.draw(painter, "down", QRectF(self.width() - 19, self.height() / 2 - 4, 8, 8), of.mute)


class ViewButton(DropButton):
    """The view that is shown."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("size", "small")

    def show_view(self, name: str, *, changed: bool) -> None:
        """Another view, or the same one changed."""
        self.say(name, marked=changed)
        said = tr(_("View “{name}”, changed", name=name) if changed else _("View “{name}”", name=name))
        self.setAccessibleName(said)
        self.setToolTip(said)
