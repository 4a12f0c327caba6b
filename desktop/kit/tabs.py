"""Words on one line of which the last fold into ⋯ where it is too narrow for all of them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QMenu, QSizePolicy

from db.core.text import Text, _
from desktop.kit.parts import Tabs, button
from desktop.kit.words import tr

_GAP = 12


class FoldingTabs(Tabs):
    """As `Tabs`; the chosen word always stays in sight."""

    def __init__(self, choices: Sequence[tuple[str, Text]]) -> None:
        super().__init__(choices)
        row = self.layout()
        assert row is not None
        row.setSpacing(_GAP)
        self.more = button("⋯", self._open, tip=_("More"))
        self.more.setAccessibleName(tr(_("More")))
        self.more.setProperty("tab", "true")
        row.addWidget(self.more)
        self.setMinimumWidth(80)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._texts = {key: tr(text) for key, text in choices}
        self.chosen.connect(lambda _key: self.fold())

    @property
    def folded(self) -> list[str]:
        """The keys of the words that are not in sight."""
        return [key for key, one in self.buttons.items() if one.isHidden()]

    def choose(self, key: str) -> None:
        """As if it had been clicked."""
        self.buttons[key].setChecked(True)
        self.chosen.emit(key)

    def say(self, key: str, text: Text | str) -> None:
        """Another text of one tab."""
        super().say(key, text)
        self._texts[key] = tr(text)
        self.fold()

    def fold(self) -> None:
        """Show as many as fit."""
        room, shown = self.width(), list(self.buttons)
        while len(shown) > 1 and self._wide(shown) > room:
            shown.remove(next(key for key in reversed(shown) if key != self.current))
        for key, one in self.buttons.items():
            one.setVisible(key in shown)
        self.more.setVisible(len(shown) < len(self.buttons))

    def _wide(self, shown: Sequence[str]) -> int:
        words = sum(max(self.buttons[key].sizeHint().width(), self.buttons[key].minimumWidth()) + _GAP for key in shown)
        return words + (self.more.sizeHint().width() if len(shown) < len(self.buttons) else -_GAP)

    def menu(self) -> QMenu:
        """The words that are not in sight."""
        made = QMenu(self)
        for key in self.folded:
            made.addAction(self._texts[key]).triggered.connect(lambda _checked=False, key=key: self.choose(key))
        return made

    def _open(self) -> None:
        self.menu().popup(self.more.mapToGlobal(self.more.rect().bottomLeft()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """More or fewer fit."""
        super().resizeEvent(event)
        self.fold()
