"""A page that is one ledger: what the window asks of the page, its ledger answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from db.core.text import Text
from desktop.kit.ledger_page import LedgerView
from desktop.kit.page import Desk, Page

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtCore import QPoint

    from db.core.filters import Condition
    from db.core.period import Period
    from desktop.kit.editing import Editing


class LedgerPage(Page):
    """See the module; `make_rows` gives the ledger."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.rows = self.make_rows()
        self.ledger, self.model, self.table = self.rows.ledger, self.rows.model, self.rows.table
        self.pane, self.beside = self.rows.pane, self.rows.beside
        self.content.addWidget(self.rows)

    def make_rows(self) -> LedgerView:
        """The ledger, and the parts of the top bar that belong to it."""
        raise NotImplementedError

    @property
    def actions_of(self) -> str:
        """Its keys, by their page in desktop/kit/actions.py."""
        return self.rows.actions_of

    @property
    def editing(self) -> Editing:
        """What changes cells; made when the first rows are there."""
        return self.rows.editing

    @property
    def current(self) -> int | None:
        """The record that is chosen."""
        return self.rows.current

    def refresh(self) -> None:
        """Rows, sums and fields again; the chosen record stays chosen."""
        self.rows.refresh()

    def leave(self) -> None:
        """What is typed and not saved stays as a draft."""
        self.rows.leave()

    def show_moment(self) -> None:
        """As of a moment, or of now again: what was chosen and where one was comes back with the present."""
        super().show_moment()
        self.rows.show_moment()

    def ledger_view(self) -> LedgerView:
        """The ledger."""
        return self.rows

    def show_where(self, period: Period, view: str, conditions: Sequence[Condition]) -> None:
        """A view, or what meets these conditions in a period, under chips that say so."""
        self.rows.show_where(period, view, conditions)

    def show_only(self, what: str, ids: Sequence[int]) -> None:
        """Exactly these records, under a chip that says what they are."""
        self.rows.show_only(what, ids)

    def export_view(self) -> None:
        """The rows and columns as they stand, as a workbook."""
        self.rows.export_view()

    def export_menu(self) -> None:
        """What can leave from here."""
        self.rows.export_menu()

    def drop_hint(self, paths: Sequence[Path], place: QPoint) -> tuple[QWidget, Text] | None:
        """To which record files would be attached."""
        return self.rows.drop_hint(paths, place)

    def drop(self, paths: Sequence[Path], place: QPoint) -> bool:
        """Attach files; a ledger on the table is the window's."""
        return self.rows.drop(paths, place)

    def take_focus(self) -> None:
        """The table."""
        self.rows.take_focus()

    def show_example(self) -> None:
        """The third record in the pane."""
        self.rows.show_example()

    def choose(self, row: int) -> None:
        """Choose a line of the table and show its record in the pane."""
        self.rows.choose(row)

    def open_record(self, number: int) -> None:
        """A record in the pane."""
        self.rows.open_record(number)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow window the pane lies over the table."""
        super().resizeEvent(event)
        self.rows.adapt(self.window().width())
