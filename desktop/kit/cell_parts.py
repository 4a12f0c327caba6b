"""What stands in a cell of a painted table: words, a word in a tag, a tick, pips, the mark of a class."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from desktop.kit import icons, theme
from desktop.kit.parts import draw_tag, tag_width

ROW = 30
MARKS = ("circle", "square", "triangle", "cross")
_MARK = 10
_PIP, _PIP_GAP = 10, 3
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)


class Part(NamedTuple):
    """A piece of a cell.

    kind: text in a tone, a word in a "tag", a "tick", "pips" (1 there, 0 missing), or a mark of `MARKS`, whose text is
    what it means.
    """

    text: str = ""
    tone: str = "text"
    kind: str = "text"
    bold: bool = False


def plain(parts: Sequence[Part]) -> str:
    """What a cell says, for a reader of the screen."""
    return " ".join(part.text for part in parts if part.kind != "pips" and part.text)


def paint_part(painter: QPainter, part: Part, x: int, top: int, wide: int) -> None:
    """A piece of a cell, in a row of `ROW` pixels."""
    of = theme.tokens()
    if part.kind == "tag":
        draw_tag(painter, QRectF(x, top + (ROW - 18) / 2, wide, 18), part.text, part.tone)
    elif part.kind == "tick":
        icons.draw(painter, "check", QRectF(x, top + 9, 12, 12), of.green)
    elif part.kind == "pips":
        _paint_pips(painter, part.text, x, top + (ROW - _PIP) // 2)
    elif part.kind in MARKS:
        draw_mark(painter, part.kind, QRectF(x, top + (ROW - _MARK) / 2, _MARK, _MARK), part.tone)
    else:
        painter.setFont(theme.font(13, bold=part.bold))
        painter.setPen(of.color(part.tone))
        text = part.text
        metrics = theme.metrics(13, bold=part.bold)
        if metrics.horizontalAdvance(text) > wide:
            text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, wide)
        painter.drawText(QRect(x, top, wide + 2, ROW), _LEFT, text)


def draw_mark(painter: QPainter, kind: str, box: QRectF, tone: str | QColor) -> None:
    """A mark of `MARKS`, outlined: a class is never told by its colour alone."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(theme.tokens().color(tone) if isinstance(tone, str) else tone, 1.6))
    inner = box.adjusted(1, 1, -1, -1)
    if kind == "circle":
        painter.drawEllipse(inner)
    elif kind == "square":
        painter.drawRect(inner)
    elif kind == "triangle":
        painter.drawPolygon([QPointF(inner.center().x(), inner.top()), inner.bottomRight(), inner.bottomLeft()])
    else:
        painter.drawLine(inner.topLeft(), inner.bottomRight())
        painter.drawLine(inner.topRight(), inner.bottomLeft())
    painter.restore()


def wide(part: Part) -> int:
    """How many pixels a piece of a cell takes."""
    if part.kind == "tag":
        return tag_width(part.text)
    if part.kind == "tick":
        return 12
    if part.kind in MARKS:
        return _MARK
    if part.kind == "pips":
        return len(part.text) * (_PIP + _PIP_GAP)
    return theme.metrics(13, bold=part.bold).horizontalAdvance(part.text)


def _paint_pips(painter: QPainter, flags: str, x: int, top: int) -> None:
    """Filled: there. Outlined in red: missing."""
    of = theme.tokens()
    for at, flag in enumerate(flags):
        box = QRect(x + at * (_PIP + _PIP_GAP), top, _PIP, _PIP)
        if flag == "1":
            painter.fillRect(box, of.color("green"))
        else:
            painter.setPen(of.color("red"))
            painter.drawRect(box.adjusted(0, 0, -1, -1))
