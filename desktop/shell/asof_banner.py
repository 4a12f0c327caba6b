"""The strip under the top bar while one looks at the book as it was."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QFrame, QLabel

from db.core.text import Text, _
from desktop.kit import icons, theme
from desktop.kit.parts import ElidedLabel, button, label, row_of
from desktop.kit.view_button import DropButton
from desktop.kit.words import tr

if TYPE_CHECKING:
    from db.core.past import Seen
    from desktop.shell.asof import LooksBack

_HEIGHT = 44


class Banner(QFrame):
    """Which moment, what one may do, the days around, and the way back."""

    def __init__(self, window: LooksBack, seen: Seen) -> None:
        super().__init__()
        self.setProperty("bar", "past")
        self.setFixedHeight(_HEIGHT)
        ink = theme.tokens().amber
        self.said = label(_("The book as of {moment}", moment=seen.named), bold=True, tone="amber")
        self.limits = ElidedLabel(_("can be looked at and exported, not changed"), tone="amber")
        self.choice = DropButton()
        self.choice.setProperty("size", "small")
        self.choice.say(seen.day)
        self.choice.setToolTip(tr(_("Another moment (Alt+T)")))
        self.choice.clicked.connect(lambda _checked=False: window.choose_moment())
        self.marks = button(_("Mark what is different now"), window.mark_differences, small=True)
        self.marks.setCheckable(True)
        self.marks.setChecked(window.marking)
        self.marks.setProperty("amber", "true")
        back = button(_("Back to the present"), window.leave_past, small=True, tip="Esc")
        back.setProperty("amber", "true")
        row = row_of(
            _icon("history", ink), self.said, _icon("lock", ink), self.limits, margins=(16, 0, 16, 0), parent=self
        )
        row.setStretch(3, 1)
        for part in (
            button(_("Day before"), lambda: window.go_days(-1), small=True), self.choice,
            button(_("Day after"), lambda: window.go_days(1), small=True), self.marks, back,
        ):  # fmt: skip
            row.addWidget(part)

    def say_both(self, found: Text | None) -> None:
        """The two answers for one day."""
        if found is not None:
            self.limits.say(found)
            self.limits.setAccessibleName(tr(found))


def _icon(name: str, color: str) -> QLabel:
    made = QLabel()
    made.setPixmap(icons.pixmap(name, color))
    made.setFixedSize(QSize(16, 16))
    return made
