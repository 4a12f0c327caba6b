"""What every other view of the ledger's rows is: board, timeline and chart stand on it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from db.core.text import _
from desktop.kit.page import EmptyPage, Page
from desktop.kit.parts import bar, column_of

STRIP = 40


class RowsView(QWidget):
    """The rows of a ledger in another shape. `chosen`: another record is the current one; `opened`: show it in full."""

    chosen = Signal(int)
    opened = Signal(int)

    def __init__(self, page: Page, *strip: QWidget | int | None) -> None:
        super().__init__()
        self.page = page
        self.ids: Sequence[int] = ()
        self.current: int | None = None
        self.strip = bar("filter", STRIP, *strip)
        self.strip_row: QHBoxLayout = self.strip.layout()  # type: ignore[assignment]
        self.nothing = EmptyPage(_("No project meets the conditions."))
        self.nothing.hide()
        self.lines = column_of(self.strip, self.nothing, gap=0, parent=self)
        self._body: QWidget | None = None

    def put(self, body: QWidget) -> None:
        """What the rows are shown in."""
        self._body = body
        self.lines.addWidget(body, 1)

    @property
    def today(self) -> str:
        """The day on which one works, ISO."""
        return self.page.desk.today().isoformat()

    def show_rows(self, ids: Sequence[int], view: Any) -> None:
        """These records, in this order; `view` is the saved view they come from."""
        self.ids = ids
        self.nothing.setVisible(not len(ids))
        if self._body is not None:
            self._body.setVisible(bool(len(ids)))
        self.read()

    def read(self) -> None:
        """Ask the book for what is shown of them."""

    def show_current(self, number: int | None) -> None:
        """Another record was chosen elsewhere."""
        self.current = number
        self.update()

    def choose(self, number: int) -> None:
        """Choose a record here."""
        if number != self.current:
            self.show_current(number)
            self.chosen.emit(number)
