"""What remains to be done in the first hour, as a strip under the top bar: three lists, published numbers, last report."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame, QPushButton
from shiboken6 import isValid

from db.core.text import Text, _
from desktop.kit import icons, theme
from desktop.kit.parts import button, column_of, label, row_of
from desktop.kit.preferences import Preferences
from desktop.kit.words import tr

if TYPE_CHECKING:
    from desktop.kit.page import Page

STEPS: Mapping[str, Text] = {
    "lists": _("Check the three lists"),
    "reconcile": _("Compare with the published numbers"),
    "sent": _("Last month's report"),
}
_ON = ("projects", "overview", *STEPS)


class Guide:
    """Which steps are done in the open book; remembered for this desk, book by book, until it is closed."""

    def __init__(self, preferences: Preferences, go: Callable[[str], None]) -> None:
        self._preferences, self._go = preferences, go
        self._target = ""
        self.aside: list[Path] = []  # files of the folder just imported that are no ledgers: they may hold the lists
        self._page: tuple[str, Page] | None = None
        self._strip: Strip | None = None

    def open(self, target: str) -> None:
        """Another book."""
        self._target = target

    @property
    def done(self) -> dict[str, bool] | None:
        """Step → done?; None where the book has no guide, or it was closed."""
        found = self._preferences.guides.get(self._target)
        return None if found is None or found.get("closed") else {step: bool(found.get(step)) for step in STEPS}

    def begin(self) -> None:
        """After the first import into a book; nothing where it was begun before."""
        if self._target and self._target not in self._preferences.guides:
            self._keep({})

    def finish(self, step: str) -> None:
        """A step is done."""
        if self.done is not None:
            self._keep({**self._preferences.guides[self._target], step: True})

    def close(self) -> None:
        """No more of it in this book."""
        self._keep({**self._preferences.guides.get(self._target, {}), "closed": True})

    def _keep(self, found: dict[str, bool]) -> None:
        self._preferences.guides = {**self._preferences.guides, self._target: found}
        self._preferences.save()
        if self._page is not None:
            self.show_on(*self._page)

    def show_on(self, name: str, page: Page) -> None:
        """Put the strip under the top bar of this page, or take it away."""
        if self._strip is not None and isValid(self._strip):
            self._strip.hide()
            self._strip.deleteLater()
        self._strip, self._page = None, (name, page)
        done = self.done
        if done is not None and name in _ON:
            self._strip = Strip(name, done, self._go, self.close)
            page.content.insertWidget(0, self._strip)

    def forget(self) -> None:
        """The pages are made anew."""
        self._page = self._strip = None


class Strip(QFrame):
    """Three steps with what is done, and a cross."""

    def __init__(
        self, current: str, done: Mapping[str, bool], go: Callable[[str], None], close: Callable[[], None]
    ) -> None:
        super().__init__()
        self.setProperty("bar", "filter")
        self.setFixedHeight(theme.FILTER_BAR)
        self.steps: dict[str, QPushButton] = {
            step: self._step(at, step, text, done=done[step], here=step == current, go=go)
            for at, (step, text) in enumerate(STEPS.items(), 1)
        }
        count = sum(done.values())
        self.close_button = button(_("Done with this"), close, kind="link", tip=_("Do not show these steps again"))
        said = label(_("The first hour: {done} of {all} done", done=count, all=len(STEPS)), bold=True)
        line = row_of(said, 8, margins=(16, 0, 16, 0), gap=12)
        for one in self.steps.values():
            line.addWidget(one)
        line.addStretch(1)
        line.addWidget(self.close_button)
        column_of(gap=0, parent=self).addLayout(line)

    def _step(
        self, at: int, step: str, text: Text, *, done: bool, here: bool, go: Callable[[str], None]
    ) -> QPushButton:  # fmt: skip
        of = theme.tokens()
        made = button(f"{'①②③'[at - 1]} {tr(text)}", lambda: go(step), kind="link")
        if done:
            made.setText(made.text() + " " + tr(_("(done)")))
            made.setIcon(icons.icon("check", of.green))
        if here:
            made.setStyleSheet(f"font-weight: 700; color: {of.text}")
        return made
