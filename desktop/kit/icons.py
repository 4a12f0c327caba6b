"""Icons: our own SVG drawings (resources/icons), 16×16 or 8×8, in the colour asked for.

They are read here and not by Qt's SVG module, which takes as long to load as the first page to come up. What is
understood is what our drawings use: path (M L H V C A Z), rect, circle, with fill or stroke. Strokes are round: their
outline is filled, and a disc at every corner and end, because a round QPen needs Qt's namespace (desktop/kit/parts.py).
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import (
    QBrush,
    QColor,
    QIcon,
    QPainter,
    QPainterPath,
    QPainterPathStroker,
    QPalette,
    QPixmap,
    QTransform,
)

from db.core.paths import RESOURCES
from desktop.kit import theme

_ELEMENT = re.compile(r"<(path|rect|circle|g|/g)\b([^>]*?)/?>")
_ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')
_TOKEN = re.compile(r"[A-Za-z]|-?\d*\.?\d+")
_FINE = 64.0  # pixels of a side at which a drawing's curves become lines
_TAKES = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "A": 7, "Z": 0}


class _Shape(NamedTuple):
    """An area and what it is filled with, "currentColor" for the colour asked for."""

    area: QPainterPath
    ink: str


class _Drawing(NamedTuple):
    size: float
    shapes: tuple[_Shape, ...]


@cache
def _drawing(name: str) -> _Drawing:
    source = (RESOURCES / "icons" / f"{name}.svg").read_text(encoding="utf-8")
    head, rest = source.split(">", 1)
    root = dict(_ATTRIBUTE.findall(head))
    shapes: list[_Shape] = []
    given = root
    for tag, text in _ELEMENT.findall(rest):
        own = dict(_ATTRIBUTE.findall(text))
        if tag == "g":
            given = root | own
        elif tag == "/g":
            given = root
        else:
            shapes += _shapes_of(_path_of(tag, own), given | own, float(root["width"]))
    return _Drawing(float(root["width"]), tuple(shapes))


def _shapes_of(path: QPainterPath, said: dict[str, str], size: float) -> Iterator[_Shape]:
    fill, stroke = said.get("fill", "#000000"), said.get("stroke", "none")
    if fill != "none":
        yield _Shape(path, fill)
    if stroke != "none":
        width = float(said.get("stroke-width", "1"))
        yield _Shape(_outline(path, width, size), stroke)


def _outline(path: QPainterPath, width: float, size: float) -> QPainterPath:
    """What a round pen would cover: a line goes there and back, so that it has no square ends, and gets a disc at each."""
    fine, line, discs = _FINE / size, QPainterPath(), QPainterPath()
    for polygon in path.toSubpathPolygons(QTransform.fromScale(fine, fine)):
        points = [polygon.at(number) for number in range(polygon.count())]
        line.addPolygon([*points, *reversed(points)])
        line.closeSubpath()
    at, radius = 0, width / 2 * fine
    while at < path.elementCount():
        at += 2 if path.elementAt(at).isCurveTo() else 0  # two points pull the curve, the third is on it
        point = path.elementAt(at)
        discs.addEllipse(QPointF(point) * fine, radius, radius)  # type: ignore[call-overload]
        at += 1
    stroker = QPainterPathStroker()
    stroker.setWidth(width * fine)
    outline = stroker.createStroke(line)
    outline.addPath(discs)
    return QTransform.fromScale(1 / fine, 1 / fine).map(outline.simplified())  # edges drawn twice would be bolder


def _path_of(tag: str, given: dict[str, str]) -> QPainterPath:
    if tag == "path":
        return _path(given["d"])
    path = QPainterPath()
    number = {
        key: float(value) for key, value in given.items() if key in ("x", "y", "width", "height", "rx", "cx", "cy", "r")
    }
    if tag == "circle":
        path.addEllipse(QPointF(number["cx"], number["cy"]), number["r"], number["r"])
    else:
        box = QRectF(number.get("x", 0), number.get("y", 0), number["width"], number["height"])
        path.addRoundedRect(box, number.get("rx", 0), number.get("rx", 0))
    return path


def _path(text: str) -> QPainterPath:
    path, command, at = QPainterPath(), "M", 0
    tokens = _TOKEN.findall(text)
    while at < len(tokens):
        if tokens[at].isalpha():
            command, at = tokens[at], at + 1
        count = _TAKES[command.upper()]
        _step(path, command, [float(one) for one in tokens[at : at + count]])
        at += count
        command = {"M": "L", "m": "l"}.get(command, command)
    return path


def _step(path: QPainterPath, command: str, given: list[float]) -> None:
    now = path.currentPosition()
    x, y = (now.x(), now.y()) if command.islower() else (0.0, 0.0)
    match command.upper():
        case "M":
            path.moveTo(x + given[0], y + given[1])
        case "L":
            path.lineTo(x + given[0], y + given[1])
        case "H":
            path.lineTo(x + given[0], now.y())
        case "V":
            path.lineTo(now.x(), y + given[0])
        case "C":
            path.cubicTo(x + given[0], y + given[1], x + given[2], y + given[3], x + given[4], y + given[5])
        case "A":
            end = QPointF(x + given[5], y + given[6])
            _arc(path, now, end, given[0], large=bool(given[3]), clockwise=bool(given[4]))
        case _:
            path.closeSubpath()


def _arc(path: QPainterPath, start: QPointF, end: QPointF, radius: float, *, large: bool, clockwise: bool) -> None:
    """A part of a circle between two points; our drawings have no ellipses."""
    across = QPointF((end.x() - start.x()) / 2, (end.y() - start.y()) / 2)
    half = math.hypot(across.x(), across.y())
    radius = max(radius, half)
    off = math.sqrt(max(0.0, radius**2 - half**2)) / half * (-1 if large == clockwise else 1)
    middle = QPointF((start.x() + end.x()) / 2 - off * across.y(), (start.y() + end.y()) / 2 + off * across.x())
    first = math.degrees(math.atan2(middle.y() - start.y(), start.x() - middle.x()))
    last = math.degrees(math.atan2(middle.y() - end.y(), end.x() - middle.x()))
    sweep = last - first
    if clockwise and sweep > 0:
        sweep -= 360
    elif not clockwise and sweep < 0:
        sweep += 360
    path.arcTo(QRectF(middle.x() - radius, middle.y() - radius, 2 * radius, 2 * radius), first, sweep)


def draw(painter: QPainter, name: str, box: QRectF, color: str) -> None:
    """Draw an icon into a box."""
    drawing = _drawing(name)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(box.topLeft())
    painter.scale(box.width() / drawing.size, box.height() / drawing.size)
    for shape in drawing.shapes:
        painter.fillPath(shape.area, _brush(color if shape.ink == "currentColor" else shape.ink))
    painter.restore()


@cache
def _brush(color: str) -> QBrush:
    """By way of a palette: QBrush(color) would need Qt's namespace."""
    colors = QPalette()
    colors.setColor(QPalette.ColorRole.Window, QColor(color))
    return colors.window()


@cache
def pixmap(name: str, color: str, size: int = 16) -> QPixmap:
    """The drawing `size` logical pixels wide, sharp up to a scale of 2."""
    drawn = QPixmap(QSize(size, size) * 2)
    drawn.fill(QColor(0, 0, 0, 0))
    painter = QPainter(drawn)
    draw(painter, name, QRectF(0, 0, 2 * size, 2 * size), color)
    painter.end()
    drawn.setDevicePixelRatio(2)
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
