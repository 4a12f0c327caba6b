"""Land as a map: a tile for every enterprise as large as its land, class beside class."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QHelpEvent, QMouseEvent, QPainter, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QToolTip, QWidget

from desktop.kit import theme
from desktop.kit.cell_parts import draw_mark
from desktop.kit.words import language

_HEAD, _GAP = 44, 6
_SOFT = {"green": "green_soft", "accent": "accent_soft", "amber": "amber_soft", "red": "red_soft", "mute": "line2"}


class Tile(NamedTuple):
    """An enterprise: its land as a size, its class with order, mark and colour, its name, its land in words."""

    company: int
    size: float
    order: int
    grade: str
    mark: str
    tone: str
    name: str
    said: str


class Treemap(QWidget):
    """`picked`: the enterprise that was clicked."""

    picked = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.title = ""
        self.tiles: Sequence[Tile] = ()
        self.boxes: list[tuple[QRectF, Tile]] = []
        self._drawn: QPixmap | None = None
        self.setMinimumHeight(240)

    def show_tiles(self, title: str, tiles: Sequence[Tile]) -> None:
        """Other tiles."""
        self.title, self.tiles = title, sorted(tiles, key=lambda one: (one.order, -one.size))
        self.setAccessibleName(title)
        self._lay()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another size, another division."""
        self._lay()

    def _lay(self) -> None:
        """Class beside class by their land; in each the largest first."""
        self.boxes, self._drawn = [], None
        whole = sum(one.size for one in self.tiles)
        room = QRectF(self.rect()).adjusted(16, _HEAD, -16, -12)
        left = room.left()
        for order in sorted({one.order for one in self.tiles}):
            some = [one for one in self.tiles if one.order == order]
            wide = room.width() * sum(one.size for one in some) / whole
            box = QRectF(left, room.top(), max(1.0, wide - _GAP), room.height())
            self.boxes += squarified(some, box)
            left += wide
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """As it was drawn."""
        if self._drawn is None:
            self._drawn = QPixmap(self.size() * self.devicePixelRatioF())
            self._drawn.setDevicePixelRatio(self.devicePixelRatioF())
            self._draw(self._drawn)
        QPainter(self).drawPixmap(0, 0, self._drawn)

    def _draw(self, into: QPixmap) -> None:
        of = theme.tokens()
        into.fill(of.color("panel"))
        painter = QPainter(into)
        painter.setFont(theme.font(13, bold=True))
        painter.setPen(of.color("text"))
        painter.drawText(QRectF(24, 10, self.width() - 48, 22), self.title)
        painter.setFont(theme.font(12))
        metrics = theme.metrics(12)
        for box, one in self.boxes:
            inner = box.adjusted(1, 1, -1, -1)
            painter.fillRect(inner, of.color(_SOFT[one.tone]))
            if inner.width() < 18 or inner.height() < 16:
                continue
            draw_mark(painter, one.mark, QRectF(inner.left() + 4, inner.top() + 4, 10, 10), one.tone)
            if inner.width() > 60 and inner.height() > 20:
                painter.setPen(of.color("text"))
                wide = int(inner.width()) - 24
                painter.drawText(
                    QRectF(inner.left() + 18, inner.top() + 1, wide, 16),
                    metrics.elidedText(one.name, Qt.TextElideMode.ElideRight, wide),
                )
                if inner.height() > 36:
                    painter.setPen(of.color("mute"))
                    painter.drawText(QRectF(inner.left() + 18, inner.top() + 18, wide, 16), one.said)
        painter.end()

    def tile_at(self, x: float, y: float) -> Tile | None:
        """The tile at a place."""
        return next((one for box, one in self.boxes if box.contains(x, y)), None)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Choose an enterprise."""
        found = self.tile_at(event.position().x(), event.position().y())
        if found is not None:
            self.picked.emit(found.company)

    def event(self, event: object) -> bool:
        """Name, class and land as a tooltip."""
        if isinstance(event, QHelpEvent):
            found = self.tile_at(event.pos().x(), event.pos().y())
            comma = "，" if language() == "zh" else ", "
            QToolTip.showText(
                event.globalPos(), "" if found is None else comma.join((found.name, found.grade, found.said)), self
            )
            return True
        return super().event(event)  # type: ignore[arg-type]


def squarified(tiles: Sequence[Tile], box: QRectF) -> list[tuple[QRectF, Tile]]:
    """Tiles in a box, the largest first, each as square as it comes."""
    found: list[tuple[QRectF, Tile]] = []
    rest, room = list(tiles), QRectF(box)
    while rest:
        scale = room.width() * room.height() / sum(one.size for one in rest)
        side = max(0.1, min(room.width(), room.height()))
        count = 1
        while count < len(rest) and _worst(rest[: count + 1], side, scale) <= _worst(rest[:count], side, scale):
            count += 1
        row, rest = rest[:count], rest[count:]
        thick = sum(one.size for one in row) * scale / side
        along = 0.0
        for one in row:
            long = one.size * scale / max(thick, 0.1)
            if room.width() >= room.height():
                found.append((QRectF(room.left(), room.top() + along, thick, long), one))
            else:
                found.append((QRectF(room.left() + along, room.top(), long, thick), one))
            along += long
        if room.width() >= room.height():
            room.setLeft(room.left() + thick)
        else:
            room.setTop(room.top() + thick)
    return found


def _worst(row: Sequence[Tile], side: float, scale: float) -> float:
    """How far from a square the worst tile of a row is."""
    areas = [max(one.size * scale, 1e-6) for one in row]
    whole = sum(areas)
    return max(max(side * side * area / (whole * whole), whole * whole / (side * side * area)) for area in areas)
