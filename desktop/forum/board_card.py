"""A card of the forum's board: the clock in words, what it is about, who has it, where it was raised."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath

from db.core.text import Text, _
from desktop.kit import projector, theme
from desktop.kit.parts import draw_tag, tag_width
from desktop.kit.words import tr

if TYPE_CHECKING:
    from db.forum.queries import Card

CARD = 104
_LINE = 18
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)

Tagged = tuple[Text, str]  # a word and its tone


def paint_card(painter: QPainter, box: QRect, card: Card | None, *, chosen: bool, ring: bool) -> None:
    """Tags, two lines of text, department, source; a red edge where it is overdue."""
    of = theme.tokens()
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(of.color("accent" if chosen else "line"))
    painter.setBrush(of.color("sel" if chosen else "panel"))
    whole = QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5)
    painter.drawRoundedRect(whole, 6, 6)
    if card is not None and overdue(card):
        _edge(painter, whole)
    if ring:
        painter.setPen(of.color("accent"))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(box).adjusted(1.5, 1.5, -1.5, -1.5), 5, 5)
    if card is not None:
        _words_of(painter, box.adjusted(9, 6, -7, -5), card, chosen=chosen)
    painter.restore()


def _edge(painter: QPainter, whole: QRectF) -> None:
    shape = QPainterPath()
    shape.addRoundedRect(whole, 6, 6)
    painter.save()
    painter.setClipPath(shape)
    painter.fillRect(QRectF(whole.left(), whole.top(), 3, whole.height()), theme.tokens().color("red"))
    painter.restore()


def _words_of(painter: QPainter, inner: QRect, card: Card, *, chosen: bool) -> None:
    foot = QRect(inner.left(), inner.bottom() - 2 * 17 + 1, inner.width(), 17)
    left, room = inner.left(), foot.translated(0, 17)
    for text, tone in tags(card):
        word = tr(text)
        wide = min(tag_width(word), inner.width())
        if left > inner.left() and left + wide > inner.right() + 2:  # no room: beside the source
            draw_tag(painter, QRectF(room.right() - wide + 1, room.top(), wide, 17), word, tone)
            room = room.adjusted(0, 0, -wide - 4, 0)
        else:
            draw_tag(painter, QRectF(left, inner.top(), wide, _LINE), word, tone)
            left += wide + 4
    for at, line in enumerate(two_lines(projector.covered(card.text), inner.width())):
        _line(painter, QRect(inner.left(), inner.top() + 20 + at * _LINE, inner.width(), _LINE), line, 13, tone="text")
    _line(painter, foot, who(card), 12, tone="mute")
    _line(painter, room, source(card), 12, tone="mute" if chosen else "faint")


def _line(painter: QPainter, box: QRect, text: str, size: int, *, tone: str) -> None:
    painter.setFont(theme.font(size))
    painter.setPen(theme.tokens().color(tone))
    shown = theme.metrics(size).elidedText(text, Qt.TextElideMode.ElideRight, box.width())
    painter.drawText(box, _LEFT, shown)


def two_lines(text: str, room: int) -> list[str]:
    """A text on at most two lines; English is broken at a blank, the second line may still be too long."""
    from db.reports.typeset import NO_END, NO_START

    bare, metrics = " ".join(text.split()), theme.metrics(13)
    room -= 1  # what just fits would be elided
    if metrics.horizontalAdvance(bare) <= room:
        return [bare]
    end = next(at for at in range(len(bare), 0, -1) if metrics.horizontalAdvance(bare[:at]) <= room or at == 1)
    blank = bare.rfind(" ", 0, end + 1)
    if blank > end // 2 and bare[:end].isascii():
        end = blank
    while end > 1 and (bare[end] in NO_START or bare[end - 1] in NO_END):
        end -= 1
    return [bare[:end].rstrip(), bare[end:].lstrip()]


# --- what it says ----------------------------------------------------------------------------------------------------


def overdue(card: Card) -> bool:
    """Whether it is open, and its clock is over."""
    return card.left is not None and card.left < 0 and card.state not in _DONE


_DONE = ("resolved", "followed_up", "closed", "inadmissible")
_BEGINNING: dict[str, Tagged] = {
    "registered": (_("Not assigned yet"), "blue"),
    "pending": (_("To be assigned"), "blue"),
    "returned": (_("Returned"), "amber"),
    "closed": (_("Closed"), "grey"),
    "inadmissible": (_("Not admissible"), "grey"),
}
_RATED: dict[str, Tagged] = {
    "satisfied": (_("Satisfied"), "green"),
    "basically": (_("Basically satisfied"), "amber"),
    "dissatisfied": (_("Dissatisfied"), "red"),
}


def tags(card: Card) -> list[Tagged]:
    """The clock, and what else is special; two at most."""
    found = [_clock(card)]
    if card.state not in _DONE and card.reopened:
        found.append((_("Reopened"), "amber"))
    if card.state not in _DONE and card.escalated:
        found.append((_("Escalated"), "red"))
    if card.state == "at_city":
        found.append((_("With the city"), "grey"))
    if card.state == "on_hold":
        found.append((_("Put on hold"), "grey"))
    if card.state in ("accepted", "in_hand") and card.longer:
        found.append((_("Extended"), "blue"))
    return found[:2]


def _clock(card: Card) -> Tagged:
    if card.state in _BEGINNING:
        return _BEGINNING[card.state]
    if card.state == "followed_up":
        return _RATED.get(card.satisfaction or "", (_("Followed up"), "grey"))
    if card.state == "resolved":
        late = card.left is not None and card.left < 0
        return call_tag(card.left) if late else (_("To be followed up"), "blue")
    if card.state == "assigned" and (card.left is None or card.left >= 0):
        return _accepting(card.waited or 0)
    if card.left is None:
        return _("No deadline"), "grey"
    if card.state == "on_hold":
        if card.left < 0:
            return _("Review {count} days late", count=-card.left), "red"
        return _("Review in {count} days", count=card.left), "grey"
    return left_tag(card.left)


def _accepting(waited: int) -> Tagged:
    if waited <= 0:
        return _("To be accepted"), "amber"
    return (
        (_("To be accepted today"), "amber")
        if waited == 1
        else (_("Accepting {count} days late", count=waited - 1), "red")
    )


def left_tag(left: int) -> Tagged:
    """Working days that are left, in a word."""
    if left < 0:
        return _("Overdue {count} d", count=-left), "red"
    if left == 0:
        return _("Due today"), "amber"
    return _("{count} d left", count=left), "amber" if left <= 2 else "grey"


def call_tag(left: int | None) -> Tagged:
    """Working days until the enterprise is to be called."""
    if left is None:
        return _("No deadline"), "grey"
    return left_tag(left) if left >= 0 else (_("Call {count} days late", count=-left), "amber")


def who(card: Card) -> str:
    """The department; of what is resolved, how and in how many working days."""
    if card.state in _DONE and card.outcome is not None:
        from db.forum.fields import label_of

        parts = [label_of("outcome", card.outcome)]
        if card.days is not None:
            parts.append(_("{count} d", count=card.days))
        return " · ".join(tr(one) for one in parts)
    return card.department or tr(_("Unit not yet said"))


def place(card: Card) -> str:
    """Where it was raised: 23-04, or the day of a visit."""
    if card.session is not None:
        return f"{card.session:02d}-{card.number:02d}"
    return tr(_("Visit {day}", day=(card.raised or "")[5:])).strip()


def source(card: Card) -> str:
    """Where it was raised, and by whom."""
    return f"{place(card)} {projector.covered(card.company)}"


def in_words(card: Card) -> str:
    """A card for a reader of the screen."""
    words = [card.text, *(tr(text) for text, _tone in tags(card)), who(card), source(card)]
    return projector.covered(" · ".join(words))
