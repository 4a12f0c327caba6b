"""The agenda of a meeting: what is on it, in order, and below what the book proposes; Space ticks, Alt and arrows move."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from db.core.text import Text, _
from db.five_ones.meetings import KINDS
from desktop.kit import projector, theme
from desktop.kit.cells import Cell
from desktop.kit.entries import EntryList
from desktop.kit.lists import Heading, text_cell
from desktop.kit.parts import bar, button, column_of, label
from desktop.kit.words import language, tr

if TYPE_CHECKING:
    from db.five_ones.sittings import Item

_TONES = {"decision": "blue", "light": "red", "overdue": "red", "yellow": "amber", "missing": "grey"}


class AgendaPanel(QWidget):
    """`changed`: the items of the agenda in their order, after every tick and move."""

    changed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.items: list[Item] = []
        self.ticked: list[bool] = []
        self._held = False
        self._most = 0
        self.said = label("", size=12, tone="mute")
        self.take = button(Text(""), self._take, kind="primary")
        self.up = button(_("Move up"), lambda: self._step(-1), small=True, tip="Alt+↑")
        self.down = button(_("Move down"), lambda: self._step(1), small=True, tip="Alt+↓")
        self.list = EntryList()
        self.list.setAccessibleName(tr(_("Agenda")))
        self.list.ticked.connect(self.tick)
        self.list.moved.connect(self.move_to)
        self.list.twice.connect(lambda row, _column: self.tick(row))
        self.list.picked.connect(lambda row, column: self.tick(row) if column == 0 else None)
        column_of(
            bar("filter", theme.FILTER_BAR, self.said, None, self.up, self.down, self.take),
            self.list,
            gap=0,
            parent=self,
        )
        self.setFocusProxy(self.list)

    def writers(self) -> Sequence[QWidget]:
        """What rests while one looks at the past."""
        return (self.take, self.up, self.down)

    def show_items(self, agenda: Sequence[Item], proposals: Sequence[Item], *, held: bool, most: int) -> None:
        """What is on the agenda, then what else is proposed; a meeting that was held has only its agenda.

        most: so many of the proposals are taken over at once, the most urgent first.
        """
        known = {one.about for one in agenda}
        more = [one for one in proposals if one.about not in known]
        fresh = {one.project: one for one in proposals if one.project is not None}
        self._held, self._most = held, most
        self.items = [*agenda, *([] if held else more)]
        self.ticked = [True] * len(agenda) + [False] * (len(self.items) - len(agenda))
        now = [one if held or one.project is None else fresh.get(one.project, one) for one in self.items]
        self._show(now)
        count = len(agenda)
        if held:
            self.said.setText(tr(_("{count} items", count=count)))
        elif not count and more:
            self.said.setText(tr(_("{count} items are proposed; nothing is on the agenda yet", count=len(more))))
        elif more:
            self.said.setText(
                tr(_("{count} items on the agenda; {more} more are not on it", count=count, more=len(more)))
            )
        else:
            self.said.setText(tr(_("{count} items on the agenda", count=count)))
        some = min(most, len(more))
        verb = _("Take over {count} more", count=some) if count else _("Take over {count} proposals", count=some)
        self.take.setText(tr(verb))
        self.take.setVisible(not held and bool(more))

    def _show(self, shown: Sequence[Item]) -> None:
        headings = (
            Heading(_("On it"), 64), Heading(_("No."), 44, right=True), Heading(_("Item"), 220),
            Heading(_("Why"), 124 if language() == "zh" else 184), Heading(_("What for"), 300, stretch=True),
        )  # fmt: skip

        from db.five_ones.sittings import said_together

        def cell(row: int, column: int) -> Cell:
            one, on = shown[row], self.ticked[row]
            if column == 0:
                return Cell("✓" if on else "", "accent", bold=True)
            if column == 1:
                return Cell(str(row + 1) if on else "", "mute", right=True)
            if column == 2:
                return text_cell(
                    projector.covered(one.name) if one.name else tr(_("Without a project")),
                    tone="text" if on else "mute",
                )
            if column == 3:
                kinds = [one_kind for one_kind in KINDS if one_kind in one.kinds]
                words = " · ".join(tr(KINDS[kind]) for kind in kinds[:2])
                return Cell(words, tag=_TONES[kinds[0]]) if kinds else Cell()
            why = said_together(one.reasons, language())
            return Cell(why, "text" if on else "mute", tip=why)

        self.list.show_entries(headings, len(shown), cell, may_type=lambda _r, _c: False, typing=lambda _r, _c: "")

    def _tell(self) -> None:
        self.changed.emit([one for one, on in zip(self.items, self.ticked, strict=True) if on])

    def _take(self) -> None:
        """The most urgent of those that are not on it: as many as one meeting can hear, then as many again."""
        on = sum(self.ticked)
        self.ticked = [place < on + self._most for place in range(len(self.items))]
        self._tell()

    def tick(self, row: int) -> None:
        """Put an item on the agenda, behind the others, or take it off."""
        if not 0 <= row < len(self.items) or self._held:
            return
        self.ticked[row] = not self.ticked[row]
        self._tell()

    def _step(self, way: int) -> None:
        to = self.list.row + way
        if 0 <= self.list.row < len(self.items) and 0 <= to < len(self.items):
            row = self.list.row
            self.list.setCurrentIndex(self.list.rows.index(to, 0))
            self.move_to(row, to)

    def move_to(self, row: int, to: int) -> None:
        """Another place in the order; what is only proposed has none."""
        if self._held or not (self.ticked[row] and self.ticked[to]):
            return
        self.items.insert(to, self.items.pop(row))
        self._tell()
