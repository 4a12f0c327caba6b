"""Beside the lines: at the left who sits at the table, with their facts; at the right what became of the last session."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import QFrame, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from db.core.text import _
from desktop.forum.board_card import overdue, tags
from desktop.kit import projector, theme
from desktop.kit.columns import large_amount
from desktop.kit.form import FactList
from desktop.kit.parts import bar, column_of, draw_tag, label, tag_width
from desktop.kit.words import language, tr

if TYPE_CHECKING:
    from db.forum.at_table import Guest, Sitting
    from db.forum.queries import Card

Index = QModelIndex | QPersistentModelIndex
Paint = Callable[[QPainter, QRect, int, Any], None]
_NO_INDEX = QModelIndex()
_GUEST, _PAST, _PAD = 76, 52, 12
_MILLION_MU = 10**6
_BRIEFLY = {"million yuan": "m", "billion yuan": "bn"}
KEYS = 9  # Alt+1 … Alt+9


class _Blocks(QAbstractListModel):
    def __init__(self) -> None:
        super().__init__()
        self.items: Sequence[Any] = ()
        self.said: Callable[[Any], str] = str

    def rowCount(self, parent: Index = _NO_INDEX) -> int:
        """All of them."""
        return 0 if parent.isValid() else len(self.items)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        """The words of one, for a reader and as a tooltip."""
        told = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole)
        return self.said(self.items[index.row()]) if role in told else None


class _Painter(QStyledItemDelegate):
    def __init__(self, view: BlockList, height: int, draw: Paint) -> None:
        super().__init__(view)
        self._view, self._height, self._draw = view, height, draw

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """As wide as the list."""
        return QSize(60, self._height)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Ground, line, what the list draws, the ring of the keyboard."""
        of = theme.tokens()
        box: QRect = option.rect  # type: ignore[attr-defined]
        state = option.state  # type: ignore[attr-defined]
        item = self._view.items[index.row()]
        if self._view.marked(item):
            painter.fillRect(box, of.color("sel"))
            painter.fillRect(QRect(box.left(), box.top(), 3, box.height()), of.color("accent"))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(box, of.color("line2"))
        painter.setPen(of.color("line2"))
        painter.drawLine(box.bottomLeft(), box.bottomRight())
        self._draw(painter, box.adjusted(_PAD, 8, -_PAD, -6), index.row(), item)
        if state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(of.color("accent"))
            painter.drawRect(box.adjusted(1, 1, -2, -2))


class BlockList(QListView):
    """Blocks of one height under each other. `picked` with the place; Esc gives the keyboard back (`left`)."""

    picked = Signal(int)
    left = Signal()

    def __init__(self, height: int, draw: Paint, said: Callable[[Any], str]) -> None:
        super().__init__()
        self._model = _Blocks()
        self._model.said = said
        self.marked: Callable[[Any], bool] = _never
        self.setModel(self._model)
        self.setItemDelegate(_Painter(self, height, draw))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.clicked.connect(lambda index: self.picked.emit(index.row()))

    @property
    def items(self) -> Sequence[Any]:
        """What it shows."""
        return self._model.items

    def show_items(self, items: Sequence[Any]) -> None:
        """Other blocks; the current one stays where it was."""
        at = self.currentIndex().row()
        self._model.beginResetModel()
        self._model.items = items
        self._model.endResetModel()
        if items:
            self.setCurrentIndex(self._model.index(min(max(at, 0), len(items) - 1), 0))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter picks, Esc leaves."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.picked.emit(self.currentIndex().row())
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)


def _never(_item: Any) -> bool:
    return False


def _text(
    painter: QPainter,
    box: QRect,
    text: str,
    size: int = 12,
    *,
    tone: str = "mute",
    bold: bool = False,
    right: bool = False,
) -> int:
    """One line of text, elided; how wide it is."""
    painter.setFont(theme.font(size, bold=bold))
    painter.setPen(theme.tokens().color(tone))
    metrics = theme.metrics(size, bold=bold)
    shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, box.width())
    side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
    painter.drawText(box, int(side | Qt.AlignmentFlag.AlignVCenter), shown)
    return metrics.horizontalAdvance(shown)


# --- who sits at the table -------------------------------------------------------------------------------------------


def numbers_of(guest: Guest) -> str:
    """营收 3.12 亿元 · 亩均税收 41.6 万元 · 268 人: what is known, taxes only where nothing is projected."""
    told = []
    if (revenue := guest.metrics.get("revenue")) is not None:
        amount, unit = large_amount(revenue)
        told.append(tr(_("rev. {amount} {unit}", amount=amount, unit=_BRIEFLY.get(unit, unit))))
    tax, land = guest.metrics.get("tax"), guest.metrics.get("land")
    if tax is not None and land and not projector.on():
        amount = f"{tax / land:.1f}万" if language() == "zh" else f"{10 * tax // land:,}k"
        told.append(tr(_("tax {amount}/mu", amount=amount)))
    if (staff := guest.metrics.get("staff")) is not None:
        told.append(tr(_("{count} staff", count=f"{staff // _MILLION_MU:,}")))
    return " · ".join(told)


def standing_of(guest: Guest) -> str:
    """How often it came this year, and what is still open of it."""
    times = tr(
        _("session {times} of this year for it", times=max(guest.times, 1) if guest.attended else guest.times + 1)
    )
    return f"{times} · " + (tr(_("{count} open", count=guest.open)) if guest.open else tr(_("nothing open")))


def _draw_guest(painter: QPainter, box: QRect, at: int, guest: Guest) -> None:
    of, left = theme.tokens(), box.left()
    first = QRect(box.left(), box.top(), box.width(), 20)
    if at < KEYS:
        key = QRectF(left + 0.5, box.top() + 1.5, 36, 17)
        painter.setPen(of.color("line"))
        painter.drawRoundedRect(key, 4, 4)
        painter.setFont(theme.font(11))
        painter.setPen(of.color("mute"))
        painter.drawText(key, Qt.AlignmentFlag.AlignCenter, f"Alt {at + 1}")
        left += 42
    room = box.right() - left
    mark = guest.given if guest.given and not projector.on() else ""
    if mark:
        word = tr(_("Class {name}", name=mark))
        wide = tag_width(word)
        tone = {"A": "green", "B": "blue", "C": "amber", "D": "red"}.get(mark, "grey")
        draw_tag(painter, QRectF(box.right() - wide + 1, box.top() + 1, wide, 18), word, tone)
        room -= wide + 6
    _text(painter, QRect(left, first.top(), room, 20), guest.name, 13, tone="text")
    _text(painter, first.translated(0, 22), numbers_of(guest) or tr(_("no numbers of a year")))
    _text(painter, first.translated(0, 41), standing_of(guest), tone="amber" if guest.open else "mute")


def _say_guest(guest: Guest) -> str:
    return "\n".join(part for part in (guest.name, numbers_of(guest), standing_of(guest)) if part)


class GuestSide(QFrame):
    """`chosen` with the name of an enterprise."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("box", "panel")
        self.current = ""
        self.heading = label("", size=12, tone="mute")
        self.spoke = label("", size=12, tone="mute")
        self.list = BlockList(_GUEST, _draw_guest, _say_guest)
        self.list.setAccessibleName(tr(_("Enterprises at the table")))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.marked = lambda guest: guest.name == self.current
        self.list.picked.connect(lambda at: self.chosen.emit(self.list.items[at].name))
        self.of_whom = label("", size=12, tone="mute")
        self.facts = FactList({})
        self.facts.setMinimumHeight(96)
        self._foot = QWidget()
        foot = column_of(margins=(0, 10, 0, 0), gap=0, parent=self._foot)
        self.of_whom.setContentsMargins(_PAD, 0, _PAD, 0)
        foot.addWidget(self.of_whom)
        foot.addWidget(self.facts, 1)
        lines = column_of(
            bar("head", 38, self.heading, None, self.spoke, margins=(_PAD, 0, _PAD, 0)), gap=0, parent=self
        )
        lines.addWidget(self.list, 3)
        lines.addWidget(self._foot, 2)
        self._foot.hide()

    def show_sitting(self, sitting: Sitting) -> None:
        """Who is there."""
        spoke = len({one.company for one in sitting.lines} & {one.name for one in sitting.guests})
        came = sum(1 for one in sitting.guests if one.attended != 0)
        self.heading.setText(tr(_("{count} enterprises at the table", count=came)))
        self.spoke.setText(tr(_("{count} spoke", count=spoke)))
        self.list.show_items(sitting.guests)
        self.mark(self.current)

    def mark(self, name: str) -> None:
        """The enterprise that speaks."""
        self.current = name
        guests: Sequence[Guest] = self.list.items
        at = next((at for at, one in enumerate(guests) if one.name == name), None)
        self.list.viewport().update()
        self._foot.setVisible(at is not None and bool(guests[at].facts))
        if at is not None:
            self.list.scrollTo(self.list.model().index(at, 0))
            guest = guests[at]
            year = tr(_(" · {year}", year=guest.year)) if guest.year else ""
            self.of_whom.setText(tr(_("Facts of the enterprise")) + year)
            values = {field.key: value for field, value in guest.facts}
            self.facts.show_facts([replace(field, group="") for field, _value in guest.facts], values)

    def number(self, at: int) -> str | None:
        """The name of the enterprise of Alt+at."""
        guests: Sequence[Guest] = self.list.items
        return guests[at - 1].name if 0 < at <= len(guests) else None


# --- what became of the last session ---------------------------------------------------------------------------------


def _draw_past(painter: QPainter, box: QRect, _at: int, card: Card) -> None:
    told, tone = tags(card)[0]
    word = tr(told)
    wide = tag_width(word)
    draw_tag(painter, QRectF(box.right() - wide + 1, box.top(), wide, 18), word, tone)
    first = QRect(box.left(), box.top() - 1, box.width() - wide - 6, 20)
    _text(painter, first, projector.covered(card.text), 13, tone="text")
    second = QRect(box.left(), box.top() + 20, box.width(), 18)
    said = _ended(card)
    used = theme.metrics(12).horizontalAdvance(said)
    _text(painter, second, said, right=True, tone="red" if overdue(card) else "mute")
    _text(
        painter,
        second.adjusted(0, 0, -used - 8, 0),
        " · ".join(part for part in (card.company, card.department) if part),
    )


def _ended(card: Card) -> str:
    """How long it took, or until when it may."""
    if card.days is not None:
        return tr(_("took {count} d", count=card.days))
    return tr(_("until {day}", day=card.clock_on[5:])) if card.clock_on else ""


def _say_past(card: Card) -> str:
    word = tr(tags(card)[0][0])
    return "\n".join([projector.covered(card.text), f"{card.company} · {card.department}", f"{word} {_ended(card)}"])


class PastSide(QFrame):
    """The issues of the last session; those of the enterprise that speaks are marked."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("box", "panel")
        self.heading = label("", size=12, tone="mute")
        self.sums = label("", size=12)
        self.list = BlockList(_PAST, _draw_past, _say_past)
        self.list.setAccessibleName(tr(_("Issues of the last session")))
        self.note = label(
            _("First it is told what became of these; then the enterprises raise new ones."),
            size=12,
            tone="mute",
            wrap=True,
        )
        self.note.setContentsMargins(_PAD, 8, _PAD, 8)
        head = QWidget()
        column_of(self.heading, self.sums, margins=(_PAD, 8, _PAD, 8), gap=2, parent=head)
        lines = column_of(head, gap=0, parent=self)
        lines.addWidget(self.list, 1)
        lines.addWidget(self.note)

    def show_sitting(self, sitting: Sitting) -> None:
        """What became of them, the speaking enterprise's first in sight."""
        last = sitting.last
        self.list.setVisible(last is not None)
        self.note.setVisible(last is not None)
        self.sums.setVisible(last is not None)
        if last is None:
            self.heading.setText(tr(_("There was no session before this one.")))
            self.list.show_items(())
            return
        number, day, found = last
        self.heading.setText(tr(_("What became of session {number} ({day})", number=number, day=day[5:])))
        done = sum(1 for one in found if one.state in ("resolved", "followed_up", "closed"))
        late = sum(1 for one in found if overdue(one))
        said = [
            _("{count} issues", count=len(found)),
            _("{count} resolved", count=done),
            *([_("{count} issues overdue", count=late)] if late else []),
        ]
        self.sums.setText(" · ".join(tr(one) for one in said))
        self.list.show_items(found)

    def mark(self, name: str) -> None:
        """The enterprise that speaks."""
        self.list.marked = partial(_is_of, name)
        at = next((at for at, one in enumerate(self.list.items) if one.company == name), None)
        if at is not None:
            self.list.scrollTo(self.list.model().index(at, 0))
        self.list.viewport().update()


def _is_of(name: str, card: Card) -> bool:
    return card.company == name
