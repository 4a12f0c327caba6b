"""Icons: our own SVG drawings (resources/icons), 16×16 or 8×8, in the colour asked for."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from db.core.paths import RESOURCES
from desktop.kit import theme


@cache
def _drawing(name: str, color: str) -> QSvgRenderer:
    source = (RESOURCES / "icons" / f"{name}.svg").read_text(encoding="utf-8")
    return QSvgRenderer(QByteArray(source.replace("currentColor", color).encode()))


@cache
def pixmap(name: str, color: str, size: int = 16) -> QPixmap:
    """The drawing `size` logical pixels wide, sharp up to a scale of 3."""
    drawn = QPixmap(QSize(size, size) * 3)
    drawn.fill(Qt.GlobalColor.transparent)
    painter = QPainter(drawn)
    _drawing(name, color).render(painter)
    painter.end()
    drawn.setDevicePixelRatio(3)
    return drawn


def icon(name: str, color: str | None = None, size: int = 16, *, on: str | None = None) -> QIcon:
    """An icon for a button; `on` is its colour while checked, the disabled one is faint."""
    of = theme.tokens()
    made = QIcon(pixmap(name, color or of.text, size))
    made.addPixmap(pixmap(name, of.faint, size), QIcon.Mode.Disabled)
    if on is not None:
        made.addPixmap(pixmap(name, on, size), QIcon.Mode.Normal, QIcon.State.On)
        made.addPixmap(pixmap(name, on, size), QIcon.Mode.Active)
    return made


def draw(painter: QPainter, name: str, box: QRectF, color: str) -> None:
    """Draw an icon into a box of a table or a header."""
    _drawing(name, color).render(painter, box)
