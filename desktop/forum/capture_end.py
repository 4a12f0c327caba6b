"""The end of a session: which department gets how many issues and until when, before anything is assigned."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame

from db.core.text import _
from desktop.forum.capture_entry import said_day
from desktop.kit import projector, theme
from desktop.kit.cells import Cell
from desktop.kit.lists import Heading, PlainList, text_cell
from desktop.kit.parts import bar, button, column_of, label
from desktop.kit.words import tr

if TYPE_CHECKING:
    from db.forum.at_table import Captured, Sitting

_TO_ASSIGN = ("registered", "pending")
_HEADINGS = (Heading(_("Department"), 180), Heading(_("Issues"), 64, right=True), Heading(_("Deadlines"), 184),
             Heading(_("What it is about"), 260, stretch=True))  # fmt: skip


class EndSide(QFrame):
    """The preview in the place of the lines. `agreed`: assign them; `left`: back to the lines; `slip`: the slip of them."""

    agreed = Signal()
    left = Signal()
    slip = Signal(list)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("box", "panel")
        self.assigned: list[int] = []
        self.heading = label("", size=15, bold=True)
        self.said = label("", tone="mute", wrap=True)
        self.list = PlainList()
        self.list.setAccessibleName(tr(_("What is assigned to whom")))
        self.do = button("", self._agree, kind="primary")
        self.paper = button(_("Assignment slip…"), lambda: self.slip.emit(self.assigned))
        self.back = button(_("Back to the lines"), self.left.emit, tip=_("Esc"))
        head = column_of(self.heading, self.said, margins=(16, 12, 16, 10), gap=4)
        lines = column_of(gap=0, parent=self)
        lines.addLayout(head)
        lines.addWidget(self.list, 1)
        lines.addWidget(bar("bottom", theme.ACTION_BAR, None, self.back, self.paper, self.do))

    def show_preview(self, sitting: Sitting, waiting: int) -> None:
        """What would be assigned."""
        open_ones = [one for one in sitting.lines if one.state in _TO_ASSIGN]
        ready = [one for one in open_ones if one.departments]
        bare, answered = len(open_ones) - len(ready), sum(1 for one in sitting.lines if one.answer is not None)
        self.heading.setText(tr(_("End the capture of session {number}", number=sitting.number)))
        said = [_("{count} lines in all", count=len(sitting.lines)), _("{count} answered on the spot", count=answered)]
        said += [_("{count} without a department stay to be assigned later", count=bare)] if bare else []
        said += [_("{count} lines are not in the book yet", count=waiting)] if waiting else []
        self.said.setText(" · ".join(tr(one) for one in said))
        self.assigned = []
        self._show(sitting, ready)
        self.do.setText(tr(_("Assign {count} issues", count=len(ready))))
        self.do.setEnabled(bool(ready) and not waiting)
        why = (
            _("Lines wait for the book; assign once they are written.") if waiting else _("Nothing is to be assigned.")
        )
        self.do.setToolTip("" if self.do.isEnabled() else tr(why))
        self.do.show()
        self.paper.hide()

    def _agree(self) -> None:
        """Once, however often it is pressed."""
        self.do.setEnabled(False)
        self.agreed.emit()

    def refused(self) -> None:
        """It was not done, and may be tried again."""
        self.do.setEnabled(True)

    def show_done(self, sitting: Sitting, ids: Sequence[int]) -> None:
        """What was assigned, and its paper."""
        self.assigned = list(ids)
        self.said.setText(
            tr(_("{count} issues are assigned. The slips can be saved now, or later on the board.", count=len(ids)))
        )
        self._show(sitting, [one for one in sitting.lines if one.id in set(ids)])
        self.do.hide()
        self.paper.show()
        self.paper.setFocus()

    def _show(self, sitting: Sitting, lines: Sequence[Captured]) -> None:
        by: dict[str, list[Captured]] = {}
        for one in lines:
            by.setdefault(one.departments[0], []).append(one)
        rows = sorted(by.items(), key=lambda pair: -len(pair[1]))

        def cell(row: int, column: int) -> Cell:
            name, some = rows[row]
            if column == 2:
                days = sorted({one.due or sitting.chain.after(sitting.day, sitting.chain.ordinary) for one in some})
                return text_cell("、".join(said_day(one, sitting.chain) for one in days))
            texts = projector.covered("；".join(one.text for one in some))
            return (text_cell(name), Cell(str(len(some)), right=True), Cell(), text_cell(texts))[column]

        self.list.show_rows(_HEADINGS, len(rows), cell)

    def take_focus(self) -> None:
        """Enter assigns, Esc goes back."""
        (self.do if self.do.isEnabled() else self.back).setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc goes back; Enter does what the button with the keyboard says."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            held = next((one for one in (self.do, self.paper, self.back) if one.hasFocus()), None)
            if held is not None:
                held.click()
        else:
            super().keyPressEvent(event)
