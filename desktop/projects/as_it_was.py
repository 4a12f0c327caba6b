"""The projects page while one looks at the past: where one was comes back with the present."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QObject

from desktop.kit.then_now import ThenNow

if TYPE_CHECKING:
    from desktop.projects.page import ProjectsPage


class Place(NamedTuple):
    """Where one was: the project, how far the table was scrolled, whether the pane was away."""

    current: int | None
    down: int
    right: int
    folded: bool


class AsItWas(QObject):
    """Keeps the place, and shows what is different now."""

    def __init__(self, page: ProjectsPage) -> None:
        super().__init__(page)
        self.page = page
        self.then_now = ThenNow(page.ledger)
        self._place: Place | None = None

    def show_moment(self) -> None:
        """As of a moment, of another one, or of now again."""
        page, before = self.page, self._place
        if page.desk.seen is None:
            self.then_now.forget()
            self._place = None
            if before is not None:
                page.ledger.taken.connect(self._scroll)
                self._back = before
                page.come_back_to(before.current, folded=before.folded)
        elif before is None:
            bars = page.table.verticalScrollBar(), page.table.horizontalScrollBar()
            self._place = Place(page.current, bars[0].value(), bars[1].value(), page.pane.isHidden())
        else:
            self.then_now.look()

    def _scroll(self) -> None:
        page = self.page
        page.ledger.taken.disconnect(self._scroll)
        page.table.verticalScrollBar().setValue(self._back.down)
        page.table.horizontalScrollBar().setValue(self._back.right)
