"""A board of cards in columns: the keyboard between them, and carrying one to another column.

A mixin of the widget that shows it, which says what a card looks like, and what moving one means.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QPoint, QRect, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QWidget

from db.core.text import Text
from desktop.kit.lanes import GAP, LaneColumn

if TYPE_CHECKING:
    _Whole = QWidget
else:
    _Whole = object

_STEPS: dict[Qt.Key, tuple[int, int]] = {
    Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1),
    Qt.Key.Key_Home: (0, -2), Qt.Key.Key_End: (0, 2),
}  # fmt: skip


class CardBoard(_Whole):
    """See the module. Arrow keys between cards, Enter opens one, Ctrl+→ and Ctrl+← move it on and back."""

    card_height, lane_narrowest, lane_gap, margin = 76, 176, 8, 12
    current: int | None = None

    def make_board(self) -> QScrollArea:
        """The part that scrolls, with room for the columns."""
        self.lanes: dict[str, LaneColumn] = {}
        self.dragged: Any = None
        self.at: tuple[str, int] | None = None
        self._ghost = _Ghost(self)
        self._side = QWidget()
        self._side.setProperty("clear", "true")
        self._row = QHBoxLayout(self._side)
        self._row.setContentsMargins(*(self.margin,) * 4)
        self._row.setSpacing(self.lane_gap)
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setWidget(self._side)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.soon = QTimer(self)
        self.soon.setSingleShot(True)
        self.soon.timeout.connect(self.fetch)
        return self.area

    # --- what whoever has it says --------------------------------------------------------------------------------------

    def draw_card(self, painter: QPainter, box: QRect, card: Any, *, chosen: bool, ring: bool) -> None:
        """What a card looks like; None while it is not here."""

    def tip(self, card: Any, room: int) -> str:
        """What is told while the mouse rests on a card, whose words have this much room."""
        return ""

    def said(self, card: Any) -> str:
        """A card in words."""
        return ""

    def fetch(self) -> None:
        """Ask for the cards that can be seen and are not here."""

    def choose_card(self, number: int) -> None:
        """Another card is the current one."""

    def click_card(self, number: int) -> None:
        """A card was clicked, and not carried away."""

    def open_card(self, number: int) -> None:
        """Show a record in full."""

    def move_on(self, *, back: bool = False) -> None:
        """Move the current card on, or back."""

    def moved_to(self, card: Any, lane: LaneColumn) -> None:
        """A card was carried to another column."""

    def may_drop(self, card: Any, lane: LaneColumn) -> bool:
        """Whether a column takes a card."""
        return True

    # --- columns -------------------------------------------------------------------------------------------------------

    def lay_out(self, lanes: Sequence[tuple[str, Text]]) -> None:
        """Other columns: (key, what it is called)."""
        for old in self.lanes.values():
            self._row.removeWidget(old)
            old.deleteLater()
        while self._row.takeAt(0) is not None:
            pass
        self.lanes = {key: LaneColumn(self, key, text) for key, text in lanes}
        for lane in self.lanes.values():
            self._row.addWidget(lane)
            lane.wanted.connect(self.soon.start)
            lane.pressed.connect(self._pressed)
            lane.clicked.connect(self.click_card)
            lane.opened.connect(self.open_card)
            lane.carried.connect(self._carry)
            lane.dropped.connect(self._drop)
        self._row.addStretch(0)

    def mark_current(self, number: int | None) -> None:
        """The card of this record is the current one, its column scrolled to it."""
        self.current = number
        self.at = None
        for lane in self.lanes.values():
            place = lane.place_of(number) if number is not None else None
            if place is not None:
                self.at = (lane.key, place)
                lane.reveal(place)
            lane.body.viewport().update()
        self.describe()

    def describe(self) -> None:
        """Let a reader of the screen say where one is."""
        card = self.lanes[self.at[0]].card(self.at[1]) if self.at is not None else None
        self.setAccessibleDescription("" if card is None else self.said(card))

    def _pressed(self, number: int) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self.choose_card(number)

    # --- keyboard ------------------------------------------------------------------------------------------------------

    def pressed_key(self, event: QKeyEvent) -> bool:
        """Between cards; Enter opens, Ctrl+→ and Ctrl+← move the card. False where a key means nothing here."""
        key, control = event.key(), bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if key == Qt.Key.Key_Escape and self.dragged is not None:
            self._end_drag()
        elif control and key in (Qt.Key.Key_Right, Qt.Key.Key_Left):
            self.move_on(back=key == Qt.Key.Key_Left)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.current is not None:
            self.open_card(self.current)
        else:
            return self.walk(Qt.Key(key))
        return True

    def walk(self, key: Qt.Key) -> bool:
        """To the card in this direction; False where the key names none."""
        shown = [lane for lane in self.lanes.values() if lane.ids and not lane.folded]
        if not shown or key not in _STEPS:
            return False
        if self.at is None or self.lanes[self.at[0]] not in shown:
            self.choose_card(shown[0].ids[0])
            return True
        lane, place = self.lanes[self.at[0]], self.at[1]
        across, down = _STEPS[key]
        if across:
            at = shown.index(lane) + across
            if 0 <= at < len(shown):
                self.choose_card(shown[at].ids[min(place, shown[at].shown - 1)])
            return True
        wanted = {2: lane.shown - 1, -2: 0}.get(down, place + down)
        if wanted >= lane.shown:
            lane.show_more()
        self.choose_card(lane.ids[min(max(wanted, 0), lane.shown - 1)])
        return True

    # --- carrying ------------------------------------------------------------------------------------------------------

    def _carry(self, card: Any, where: QPoint) -> None:
        """A card is under the mouse, which is at this place of the screen."""
        self.dragged = card
        lane = self._lane_at(where)
        self._ghost.follow(card, self.mapFromGlobal(where))
        home = self._home(card)
        for one in self.lanes.values():
            one.mark(chosen=one is lane and one is not home and self.may_drop(card, one))

    def _home(self, card: Any) -> LaneColumn | None:
        return next((one for one in self.lanes.values() if card.id in one.ids), None)

    def _drop(self, where: QPoint) -> None:
        card, lane = self.dragged, self._lane_at(where)
        self._end_drag()
        if card is not None and lane is not None and lane is not self._home(card):
            self.moved_to(card, lane)

    def _end_drag(self) -> None:
        self.dragged = None
        self._ghost.hide()
        for one in self.lanes.values():
            one.mark(chosen=False)
            one.let_go()

    def _lane_at(self, where: QPoint) -> LaneColumn | None:
        inside = (one for one in self.lanes.values() if one.rect().contains(one.mapFromGlobal(where)))
        return next(inside, None)

    # --- the ring ------------------------------------------------------------------------------------------------------

    def changeEvent(self, event: QEvent) -> None:
        """The ring of the current card follows the keyboard."""
        super().changeEvent(event)
        self._draw_again()

    def focusInEvent(self, event: Any) -> None:
        """The current card gets its ring."""
        super().focusInEvent(event)
        self.mark_current(self.current)

    def focusOutEvent(self, event: Any) -> None:
        """And loses it."""
        super().focusOutEvent(event)
        self._draw_again()

    def _draw_again(self) -> None:
        for lane in getattr(self, "lanes", {}).values():
            lane.body.viewport().update()


class _Ghost(QWidget):
    """The card that is being dragged."""

    def __init__(self, board: CardBoard) -> None:
        super().__init__(board)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._board = board
        self.resize(210, board.card_height)
        self._card: Any = None
        self.hide()

    def follow(self, card: Any, where: QPoint) -> None:
        """Be under the mouse."""
        self._card = card
        self.move(where - QPoint(self.width() // 2, GAP))
        self.show()
        self.raise_()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The card, a little lighter."""
        if self._card is not None:
            painter = QPainter(self)
            painter.setOpacity(0.9)
            box = QRect(0, 0, self.width() - 1, self.height() - 1)
            self._board.draw_card(painter, box, self._card, chosen=True, ring=False)
