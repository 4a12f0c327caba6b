"""Icons: our own drawings, 16×16 or 8×8, in the colour asked for.

The window reads the pictures that `installer/icons.py` makes from them, four pixels for one of the drawing: Qt's module
for SVG takes as long to load as the first page to come up.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter, QPixmap

from db.core.paths import RESOURCES
from desktop.kit import theme

if TYPE_CHECKING:
    from PySide6.QtGui import QIcon

_SHARP = 2  # the scale of a screen up to which an icon is sharp


@cache
def _picture(name: str) -> QImage:
    """As it was made: levels of cover, or colours of its own."""
    return QImage(str(RESOURCES / "icons" / f"{name}.png"))


def _inked(name: str, color: str) -> QImage:
    picture = _picture(name)
    if not picture.isGrayscale():
        return picture
    inked = picture.copy()
    inked.reinterpretAsFormat(QImage.Format.Format_Indexed8)
    ink = QColor(color).rgb() & 0xFFFFFF
    inked.setColorTable([level << 24 | ink for level in range(256)])
    return inked


@cache
def pixmap(name: str, color: str, size: int = 16) -> QPixmap:
    """The drawing `size` logical pixels wide."""
    drawn = QPixmap(_SHARP * size, _SHARP * size)
    drawn.fill(QColor(0, 0, 0, 0))
    painter = QPainter(drawn)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawImage(QRectF(0, 0, _SHARP * size, _SHARP * size), _inked(name, color))
    painter.end()
    drawn.setDevicePixelRatio(_SHARP)
    return drawn


def draw(painter: QPainter, name: str, box: QRectF, color: str) -> None:
    """Draw an icon into a box."""
    drawn = pixmap(name, color, round(box.width()))
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawPixmap(box, drawn, QRectF(drawn.rect()))
    painter.restore()


def icon(name: str, color: str | None = None, size: int = 16, *, on: str | None = None) -> QIcon:
    """An icon for a button; `on` is its colour while checked, the disabled one is faint."""
    from PySide6.QtGui import QIcon  # its names of 150 icons take as long as ten of ours: the first page has none

    of = theme.tokens()
    made = QIcon(pixmap(name, color or of.text, size))
    made.addPixmap(pixmap(name, of.faint, size), QIcon.Mode.Disabled)
    if on is not None:
        made.addPixmap(pixmap(name, on, size), QIcon.Mode.Normal, QIcon.State.On)
        made.addPixmap(pixmap(name, on, size), QIcon.Mode.Active)
    return made
