"""Companies that may be one, pair by pair: both beside each other, what would move, and the answer of a person."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from db.core.errors import Problem
from db.core.text import Text, _
from desktop.kit import projector
from desktop.kit.form import LABEL_WIDTH, said
from desktop.kit.page import Connection, Page
from desktop.kit.parts import button, clear, label, row_of
from desktop.kit.strip import Card
from desktop.kit.words import language, tr

if TYPE_CHECKING:
    from db.companies.alike import Pair
    from db.companies.merging import Preview

_WIDTH = 620


class SameCard(Card):
    """One pair at a time. Merging is one operation, which Ctrl+Z takes back; "two companies" is remembered."""

    def __init__(self, page: Page, pairs: Sequence[Pair]) -> None:
        super().__init__(page, _("Companies that may be one"))
        self.page, self.pairs, self.at = page, list(pairs), 0
        self.shown: Preview | None = None
        self._turned = False
        self.setFixedWidth(_WIDTH)
        self.count = label("", size=12, tone="mute", wrap=True)
        self.sides = QWidget()
        self.grid = QGridLayout(self.sides)
        self.grid.setContentsMargins(0, 0, 0, 0)
        self.grid.setHorizontalSpacing(12)
        self.moves = label("", size=12, tone="mute", wrap=True)
        self.refusal = label("", size=12, tone="red", wrap=True)
        for part in (self.count, self.sides, self.moves, self.refusal):
            self.lines.addWidget(part)
        self.merge_button = button(_("Merge the two"), self.merge, kind="primary")
        self.turn_button = button(_("Keep the other one"), self.turn)
        self.apart_button = button(_("They are two"), self.keep_apart)
        self.next_button = button(_("Skip"), self.further)
        self.lines.addLayout(
            row_of(
                button(_("Close"), self.close_card),
                None,
                self.next_button,
                self.apart_button,
                self.turn_button,
                self.merge_button,
            )
        )
        self.read()

    @property
    def pair(self) -> tuple[int, int]:
        """Which goes, and which stays."""
        one = self.pairs[self.at]
        return (one.into, one.gone) if self._turned else (one.gone, one.into)

    def read(self) -> None:
        """Ask what merging this pair would do."""
        gone, into = self.pair

        def work(connection: Connection) -> Preview | None:
            from db.companies.merging import preview

            return preview(connection, gone, into)

        self.page.ask(work, self._take, key="same:preview")

    def _take(self, found: Preview | None) -> None:
        self.shown = found
        if found is None:  # merged with another one meanwhile
            self.further()
            return
        why = self.pairs[self.at].why
        self.count.setText(tr(_("Pair {at} of {count} · {why}", at=self.at + 1, count=f"{len(self.pairs):,}", why=why)))
        self._fill(found)
        self.sides.setFixedHeight(self.grid.totalHeightForWidth(_WIDTH - 32))
        self.moves.setText(tr(_moved(found)))
        self.refusal.setText(tr(found.why_not) if found.why_not is not None else "")
        self.refusal.setVisible(found.why_not is not None)
        self.merge_button.setEnabled(found.why_not is None)
        self.merge_button.setFocus()
        self.adjustSize()

    def _fill(self, found: Preview) -> None:
        from db.companies.fields import COMPANY_FIELDS

        clear(self.grid)
        for column, (heading, side) in enumerate(((_("Goes"), found.gone), (_("Stays"), found.into)), 1):
            self._put(label(heading, size=12, tone="mute"), 0, column)
            self._put(label(side.name, bold=True, wrap=True), 1, column)
            self.grid.setColumnStretch(column, 1)
        self.grid.setColumnMinimumWidth(0, LABEL_WIDTH)
        row = 2
        for field in COMPANY_FIELDS:
            cells = [side.facts.get(field.key) for side in (found.gone, found.into)]
            if not any(cells) or projector.hides(field):
                continue
            self._put(label(field.label, size=12, tone="mute"), row, 0)
            for column, value in enumerate(cells, 1):
                fills = column == 2 and value is None
                self._put(
                    label(said(field, cells[0] if fills else value), wrap=True, tone="accent" if fills else ""),
                    row,
                    column,
                )
            row += 1

    def _put(self, part: QLabel, row: int, column: int) -> None:
        part.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.grid.addWidget(part, row, column)
        part.show()  # at once, so that the card knows how high it is

    # --- answers ---------------------------------------------------------------------------------------------------

    def merge(self) -> None:
        """The two become one, in one operation."""
        if self.shown is None or self.shown.why_not is not None:
            return
        gone, into = self.pair
        named = _("Merge “{gone}” into “{into}”", gone=self.shown.gone.name, into=self.shown.into.name)

        def work(connection: Connection) -> int:
            from db.companies.merging import join_companies

            return join_companies(connection, [gone], into)

        self.page.write(named, work, self._done, failed=self._refused)

    def keep_apart(self) -> None:
        """They are two, and are not proposed again."""
        if self.shown is None:
            return
        gone, into = self.pair
        named = _("“{one}” and “{other}” are two", one=self.shown.gone.name, other=self.shown.into.name)

        def work(connection: Connection) -> None:
            from db.companies.merging import keep_apart

            keep_apart(connection, gone, into)

        self.page.write(named, work, self._done, failed=self._refused)

    def turn(self) -> None:
        """The other one stays."""
        self._turned = not self._turned
        self.read()

    def further(self) -> None:
        """The next pair; away after the last."""
        self._turned = False
        self.at += 1
        if self.at >= len(self.pairs):
            self.close_card()
        else:
            self.read()

    def _done(self, _result: Any) -> None:
        self.further()

    def _refused(self, problem: Problem) -> None:
        self.refusal.setText(problem.render(language()))
        self.refusal.show()
        self.adjustSize()


def _moved(found: Preview) -> Text:
    """What would name the other one then, by room."""
    from db.rooms import ROOMS

    known = {room.table.name: room.label for room in ROOMS}
    told = [
        _("{what} {count}", what=known[name], count=f"{count:,}")
        for name, count in found.moves.items()
        if name in known
    ]
    rest = sum(count for name, count in found.moves.items() if name not in known)
    if rest:
        told.append(_("others {count}", count=f"{rest:,}"))
    if not told:
        return _("No record names the one that goes. Its name still finds the other.")
    return _("Records that move: {told}. The name that goes still finds the other.", told=told)
