"""A card of the projects' board: name, status or place, amount, leader, days in the stage."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QPainter

from db.core.text import _
from desktop.kit import projector, theme
from desktop.kit.columns import large_amount
from desktop.kit.parts import draw_tag, tag_width
from desktop.kit.words import tr
from desktop.projects.ledger import STATUS_TONES

if TYPE_CHECKING:
    from db.projects.flow import Card

CARD = 76
_LEFT, _RIGHT = (
    int(side | Qt.AlignmentFlag.AlignVCenter) for side in (Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight)
)


def paint_card(painter: QPainter, box: QRect, card: Card | None, *, chosen: bool, ring: bool) -> None:
    """Name; status or place, and amount; leader, and days in the stage."""
    of = theme.tokens()
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(of.color("accent" if chosen else "line"))
    painter.setBrush(of.color("sel" if chosen else "panel"))
    painter.drawRoundedRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
    if ring:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(box).adjusted(1.5, 1.5, -1.5, -1.5), 5, 5)
    if card is not None:
        inner = box.adjusted(10, 7, -10, -7)
        _words(
            painter, QRect(inner.left(), inner.top(), inner.width(), 20), projector.covered(card.name), 13, tone="text"
        )
        _second_line(painter, QRect(inner.left(), inner.top() + 21, inner.width(), 20), card, chosen=chosen)
        third = QRect(inner.left(), inner.top() + 42, inner.width(), 20)
        days = said_days(card)
        room = third.width() - theme.metrics(12).horizontalAdvance(days) - 8
        _words(painter, third, days, 12, tone="mute", right=True)
        _words(painter, QRect(third.left(), third.top(), room, 20), card.leader or "", 12, tone="mute")
    painter.restore()


def _second_line(painter: QPainter, line: QRect, card: Card, *, chosen: bool) -> None:
    amount, unit = money_of(card).split(" ", 1) if card.amount is not None else ("—", "")
    wide = theme.metrics(12).horizontalAdvance(unit)
    _words(painter, line, unit, 12, tone="mute", right=True)
    number = line.adjusted(0, 0, -wide - 4 if unit else 0, 0)
    _words(painter, number, amount, 13, tone="text" if card.amount is not None else "faint", right=True)
    room = number.width() - theme.metrics(13).horizontalAdvance(amount) - 8
    if card.status != "active":
        from db.projects.models import STATUS

        word = tr(STATUS.label(card.status))
        box = QRectF(line.left(), line.top() + 1, tag_width(word), 18)
        draw_tag(painter, box, word, STATUS_TONES.get(card.status, "grey"))
    else:
        _words(
            painter, QRect(line.left(), line.top(), room, 20), card.street or "", 12, tone="mute" if chosen else "faint"
        )


def _words(painter: QPainter, box: QRect, text: str, size: int, *, tone: str, right: bool = False) -> None:
    painter.setFont(theme.font(size))
    painter.setPen(theme.tokens().color(tone))
    shown = theme.metrics(size).elidedText(text, Qt.TextElideMode.ElideRight, box.width())
    painter.drawText(box, _RIGHT if right else _LEFT, shown)


def money_of(card: Card) -> str:
    """Its amount with unit, "" where there is none."""
    return "" if card.amount is None else " ".join(large_amount(card.amount, short=True))


def said_days(card: Card) -> str:
    """How long it has been at its stage."""
    if card.days is None:
        return tr(_("day not known"))
    return tr(_("{count} days here", count=f"{card.days:,}"))
