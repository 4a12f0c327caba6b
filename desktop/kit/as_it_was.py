"""A ledger while one looks at the past: where one was comes back with the present."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QObject

from desktop.kit.then_now import ThenNow

if TYPE_CHECKING:
    from desktop.kit.ledger_page import LedgerView


class Place(NamedTuple):
    """Where one was: the record, how far the table was scrolled, whether the pane was away."""

    current: int | None
    down: int
    right: int
    folded: bool


class AsItWas(QObject):
    """Keeps the place, and shows what is different now."""

    def __init__(self, view: LedgerView) -> None:
        super().__init__(view)
        self.view = view
        self.then_now = ThenNow(view.ledger)
        self._place: Place | None = None

    def show_moment(self) -> None:
        """As of a moment, of another one, or of now again."""
        view, before = self.view, self._place
        if view.page.desk.seen is None:
            self.then_now.forget()
            self._place = None
            if before is not None:
                view.ledger.taken.connect(self._scroll)
                self._back = before
                view.come_back_to(before.current, folded=before.folded)
        elif before is None:
            bars = view.table.verticalScrollBar(), view.table.horizontalScrollBar()
            self._place = Place(view.current, bars[0].value(), bars[1].value(), view.pane.isHidden())
        else:
            self.then_now.look()
            view.pane.show_facts()

    def _scroll(self) -> None:
        view = self.view
        view.ledger.taken.disconnect(self._scroll)
        view.table.verticalScrollBar().setValue(self._back.down)
        view.table.horizontalScrollBar().setValue(self._back.right)
