"""The board: one column a stage, the projects in it as cards, those that have stood there longest first."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QPoint, QRect, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QWidget

from db.core.text import _
from desktop.kit.columns import large_amount
from desktop.kit.page import Connection, Page
from desktop.kit.parts import label
from desktop.kit.words import tr
from desktop.projects.lane import CARD, GAP, LaneColumn, paint_card
from desktop.projects.moving import DayForm, ask_move
from desktop.projects.view import RowsView

if TYPE_CHECKING:
    from db.projects.flow import Card, Lane

_GAP = 8
_BEFORE_SIGNING = ("lead", "negotiating", "ready")


class BoardView(RowsView):
    """See the module. Arrow keys between cards, Enter opens one, Ctrl+→ and Ctrl+← move it one stage."""

    def __init__(self, page: Page) -> None:
        self.facts = label("", size=12, tone="mute")
        hint = label(
            _("Drag a card to another column to move its stage · Ctrl + → one stage further"), size=12, tone="faint"
        )
        super().__init__(page, self.facts, None, hint)
        self.lanes: dict[str, LaneColumn] = {}
        self.form: DayForm | None = None
        self.dragged: Card | None = None
        self._at: tuple[str, int] | None = None
        self._ghost = _Ghost(self)
        self._side = QWidget()
        self._side.setProperty("clear", "true")
        self._row = QHBoxLayout(self._side)
        self._row.setContentsMargins(12, 12, 12, 12)
        self._row.setSpacing(_GAP)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setWidget(self._side)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.put(self._area)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(tr(_("Board by stage")))
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self._fetch)

    # --- reading ---------------------------------------------------------------------------------------------------

    def read(self) -> None:
        """The columns, then the cards that can be seen."""
        ids = self.ids

        def work(connection: Connection) -> Sequence[Lane]:
            from db.projects.flow import lanes

            return lanes(connection, ids)

        self.page.ask(work, self._take, key="lanes")

    def _take(self, found: Sequence[Lane]) -> None:
        stages = [one.stage for one in found]
        if stages != list(self.lanes):
            self._lay_out(stages)
        for one in found:
            self.lanes[one.stage].show_lane(one)
        self._say_facts(found)
        self.show_current(self.current)
        self._soon.start()

    def _lay_out(self, stages: Sequence[str]) -> None:
        for old in self.lanes.values():
            self._row.removeWidget(old)
            old.deleteLater()
        while self._row.takeAt(0) is not None:
            pass
        self.lanes = {stage: LaneColumn(self, stage) for stage in stages}
        for lane in self.lanes.values():
            self._row.addWidget(lane)
            lane.wanted.connect(self._soon.start)
            lane.pressed.connect(self._pressed)
            lane.opened.connect(self.opened)
            lane.carried.connect(self._carry)
            lane.dropped.connect(self._drop)
        self._row.addStretch(0)

    def _fetch(self) -> None:
        """Ask for the cards that can be seen and are not here."""
        missing = [number for lane in self.lanes.values() for number in lane.missing()]
        if not missing:
            return
        today = self.today

        def work(connection: Connection) -> list[Card]:
            from db.projects.flow import cards

            return cards(connection, missing, today=today)

        self.page.ask(work, self._take_cards, key="cards")

    def _take_cards(self, found: Sequence[Card]) -> None:
        for lane in self.lanes.values():
            lane.take([one for one in found if one.stage == lane.stage])
        self._describe()
        self._soon.start()

    def _say_facts(self, found: Sequence[Lane]) -> None:
        before = [one for one in found if one.stage in _BEFORE_SIGNING]
        after = [one for one in found if one.stage not in _BEFORE_SIGNING]
        parts = [
            _sums(text, lanes)
            for text, lanes in ((_("Signed and later"), after), (_("Before signing"), before))
            if any(one.ids for one in lanes)
        ]
        self.facts.setText("    ".join(parts))

    # --- the current card ------------------------------------------------------------------------------------------

    def show_current(self, number: int | None) -> None:
        """The card of this project is the current one, its column scrolled to it."""
        self.current = number
        self._at = None
        for lane in self.lanes.values():
            place = lane.place_of(number) if number is not None else None
            if place is not None:
                self._at = (lane.stage, place)
                lane.reveal(place)
            lane.body.viewport().update()
        self._describe()

    def _pressed(self, number: int) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self.choose(number)

    def _describe(self) -> None:
        """Let a reader of the screen say where one is."""
        card = self.lanes[self._at[0]].card(self._at[1]) if self._at is not None else None
        self.setAccessibleDescription("" if card is None else self.lanes[card.stage].said(card))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Between cards; Enter opens, Ctrl+→ and Ctrl+← move the card."""
        key, control = event.key(), bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if key == Qt.Key.Key_Escape and self.dragged is not None:
            self._end_drag()
        elif control and key in (Qt.Key.Key_Right, Qt.Key.Key_Left):
            self.move_on(back=key == Qt.Key.Key_Left)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.current is not None:
            self.opened.emit(self.current)
        elif not self._walk(Qt.Key(key)):
            super().keyPressEvent(event)

    def _walk(self, key: Qt.Key) -> bool:
        shown = [lane for lane in self.lanes.values() if lane.ids]
        if not shown or key not in _STEPS:
            return False
        if self._at is None or not self.lanes[self._at[0]].ids:
            self.choose(shown[0].ids[0])
            return True
        lane, place = self.lanes[self._at[0]], self._at[1]
        across, down = _STEPS[key]
        if across:
            at = shown.index(lane) + across
            if 0 <= at < len(shown):
                self.choose(shown[at].ids[min(place, shown[at].shown - 1)])
            return True
        wanted = {2: lane.shown - 1, -2: 0}.get(down, place + down)
        if wanted >= lane.shown:
            lane.show_more()
        self.choose(lane.ids[min(max(wanted, 0), lane.shown - 1)])
        return True

    # --- moving ----------------------------------------------------------------------------------------------------

    def move_on(self, *, back: bool = False) -> None:
        """The form that moves the current card one stage of its own path on, or back."""
        number = self.current
        if number is None or self._at is None:
            return

        def work(connection: Connection) -> str | None:
            from db.projects.flow import next_stage

            return next_stage(connection, number, back=back)

        self.page.ask(work, partial(self._ask, number), key="next")

    def _ask(self, number: int, stage: str | None) -> None:
        if stage is not None:
            ask_move(self.page, self, number, stage, self._form_opened)

    def _form_opened(self, form: DayForm) -> None:
        self.form = form
        form.rejected.connect(self.setFocus)

    def _carry(self, card: Card, where: QPoint) -> None:
        """A card is under the mouse, which is at this place of the screen."""
        self.dragged = card
        lane = self._lane_at(where)
        self._ghost.follow(card, self.mapFromGlobal(where))
        for one in self.lanes.values():
            one.mark(chosen=one is lane and one.stage != card.stage)

    def _drop(self, where: QPoint) -> None:
        card, lane = self.dragged, self._lane_at(where)
        self._end_drag()
        if card is not None and lane is not None and lane.stage != card.stage:
            self._ask(card.id, lane.stage)

    def _end_drag(self) -> None:
        self.dragged = None
        self._ghost.hide()
        for one in self.lanes.values():
            one.mark(chosen=False)
            one.let_go()

    def _lane_at(self, where: QPoint) -> LaneColumn | None:
        inside = (one for one in self.lanes.values() if one.rect().contains(one.mapFromGlobal(where)))
        return next(inside, None)

    def changeEvent(self, event: QEvent) -> None:
        """The ring of the current card follows the keyboard."""
        super().changeEvent(event)
        for lane in getattr(self, "lanes", {}).values():
            lane.body.viewport().update()

    def focusInEvent(self, event: Any) -> None:
        """The current card gets its ring."""
        super().focusInEvent(event)
        self.show_current(self.current)

    def focusOutEvent(self, event: Any) -> None:
        """And loses it."""
        super().focusOutEvent(event)
        for lane in self.lanes.values():
            lane.body.viewport().update()


_STEPS: dict[Qt.Key, tuple[int, int]] = {
    Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1),
    Qt.Key.Key_Home: (0, -2), Qt.Key.Key_End: (0, 2),
}  # fmt: skip


def _sums(text: Any, lanes: Sequence[Lane]) -> str:
    count = sum(len(one.ids) for one in lanes)
    amount, unit = large_amount(sum(one.total or 0 for one in lanes))
    return tr(_("{what}: {count} · {amount} {unit}", what=text, count=f"{count:,}", amount=amount, unit=unit))


class _Ghost(QWidget):
    """The card that is being dragged."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.resize(210, CARD)
        self._card: Card | None = None
        self.hide()

    def follow(self, card: Card, where: QPoint) -> None:
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
            paint_card(painter, QRect(0, 0, self.width() - 1, CARD - 1), self._card, chosen=True, ring=False)
