"""The board: one column a stage, the projects in it as cards, those that have stood there longest first."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QRect
from PySide6.QtGui import QKeyEvent, QPainter

from db.core.text import _
from desktop.kit import projector, theme
from desktop.kit.card_board import CardBoard
from desktop.kit.columns import large_amount
from desktop.kit.lanes import LaneColumn
from desktop.kit.page import Connection, Page
from desktop.kit.parts import label
from desktop.kit.words import tr
from desktop.projects.lane import CARD, money_of, paint_card, said_days
from desktop.projects.moving import DayForm, ask_move
from desktop.projects.view import RowsView

if TYPE_CHECKING:
    from db.projects.flow import Card, Lane

_BEFORE_SIGNING = ("lead", "negotiating", "ready")


class BoardView(CardBoard, RowsView):
    """See the module. Arrow keys between cards, Enter opens one, Ctrl+→ and Ctrl+← move it one stage."""

    card_height = CARD

    def __init__(self, page: Page) -> None:
        self.facts = label("", size=12, tone="mute")
        hint = label(
            _("Drag a card to another column to move its stage · Ctrl + → one stage further"), size=12, tone="faint"
        )
        super().__init__(page, self.facts, None, hint)
        self.form: DayForm | None = None
        self.put(self.make_board())
        self.setAccessibleName(tr(_("Board by stage")))

    # --- reading ---------------------------------------------------------------------------------------------------

    def read(self) -> None:
        """The columns, then the cards that can be seen."""
        ids = self.ids

        def work(connection: Connection) -> Sequence[Lane]:
            from db.projects.flow import lanes

            return lanes(connection, ids)

        self.page.ask(work, self._take, key="lanes")

    def _take(self, found: Sequence[Lane]) -> None:
        from db.projects.stages import stages

        keys = [one.stage for one in found]
        if keys != list(self.lanes):
            self.lay_out([(key, stages()[key].label) for key in keys])
        for one in found:
            amount, unit = large_amount(one.total or 0, short=True)
            unit = unit.removesuffix(" yuan")  # what a heading has no room for, the line above the board says
            self.lanes[one.stage].numbers = ((unit, 12, "mute"), (amount, 13, "text"))
            self.lanes[one.stage].show_ids(one.ids)
        self._say_facts(found)
        self.show_current(self.current)
        self.soon.start()

    def fetch(self) -> None:
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
            lane.take([one for one in found if one.stage == lane.key])
        self.describe()
        self.soon.start()

    def _say_facts(self, found: Sequence[Lane]) -> None:
        before = [one for one in found if one.stage in _BEFORE_SIGNING]
        after = [one for one in found if one.stage not in _BEFORE_SIGNING]
        parts = [
            _sums(text, lanes)
            for text, lanes in ((_("Signed and later"), after), (_("Before signing"), before))
            if any(one.ids for one in lanes)
        ]
        self.facts.setText("    ".join(parts))

    # --- cards -----------------------------------------------------------------------------------------------------

    def draw_card(self, painter: QPainter, box: QRect, card: Card | None, *, chosen: bool, ring: bool) -> None:
        """See `paint_card`."""
        paint_card(painter, box, card, chosen=chosen, ring=ring)

    def tip(self, card: Card, room: int) -> str:
        """The whole name where it does not fit."""
        name = projector.covered(card.name)
        return name if theme.metrics(13).horizontalAdvance(name) > room else ""

    def said(self, card: Card) -> str:
        """A card in words."""
        stage = tr(self.lanes[card.stage].label)
        parts = [projector.covered(card.name), stage, money_of(card), card.leader or "", said_days(card)]
        return " · ".join(part for part in parts if part)

    def show_current(self, number: int | None) -> None:
        """The card of this project is the current one, its column scrolled to it."""
        self.mark_current(number)

    def choose_card(self, number: int) -> None:
        """And everybody else is told."""
        self.choose(number)

    def open_card(self, number: int) -> None:
        """In the pane."""
        self.opened.emit(number)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The keys of every board."""
        if not self.pressed_key(event):
            super().keyPressEvent(event)

    # --- moving ----------------------------------------------------------------------------------------------------

    def move_on(self, *, back: bool = False) -> None:
        """The form that moves the current card one stage of its own path on, or back."""
        number = self.current
        if number is None or self.at is None:
            return

        def work(connection: Connection) -> str | None:
            from db.projects.flow import next_stage

            return next_stage(connection, number, back=back)

        self.page.ask(work, partial(self._ask, number), key="next")

    def moved_to(self, card: Card, lane: LaneColumn) -> None:
        """The form that moves it to the stage of the column."""
        self._ask(card.id, lane.key)

    def _ask(self, number: int, stage: str | None) -> None:
        if stage is not None:
            ask_move(self.page, self, number, stage, self._form_opened)

    def _form_opened(self, form: DayForm) -> None:
        self.form = form
        form.rejected.connect(self.setFocus)


def _sums(text: Any, lanes: Sequence[Lane]) -> str:
    count = sum(len(one.ids) for one in lanes)
    amount, unit = large_amount(sum(one.total or 0 for one in lanes), short=True)
    return tr(_("{what}: {count} · {amount} {unit}", what=text, count=f"{count:,}", amount=amount, unit=unit))
