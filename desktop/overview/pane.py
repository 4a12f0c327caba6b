"""The pane beside the pages: the chosen number, the words of a section, the form, a Word file that came back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame, QStackedWidget, QWidget

from db.core.text import _
from desktop.kit.parts import Tabs, bar, column_of
from desktop.overview.explained import Explained
from desktop.overview.form_pane import FormPane
from desktop.overview.returned import ReturnedList
from desktop.overview.writing import Writing

if TYPE_CHECKING:
    from db.reports.report import Section
    from desktop.overview.making import Made

TABS = (("numbers", _("The number")), ("words", _("The words")), ("form", _("The form")), ("returned", _("Came back")))


class ReportPane(QFrame):
    """Four tabs; the last one is there once a Word file came back."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("bar", "right")
        self.numbers, self.words, self.form, self.returned = Explained(), Writing(), FormPane(), ReturnedList()
        self._parts: dict[str, QWidget] = {
            "numbers": self.numbers, "words": self.words, "form": self.form, "returned": self.returned,
        }  # fmt: skip
        self.tabs = Tabs(TABS)
        self.tabs.chosen.connect(self.choose)
        self.tabs.buttons["returned"].hide()
        self._stack = QStackedWidget()
        for part in self._parts.values():
            self._stack.addWidget(part)
        head = bar("head", 36, self.tabs, margins=(14, 0, 14, 0))
        column_of(head, self._stack, gap=0, margins=(1, 0, 0, 0), parent=self).setStretch(1, 1)

    def choose(self, key: str) -> None:
        """Show a tab."""
        self.tabs.buttons["returned"].setVisible(self.returned.there)
        self.tabs.buttons[key].setChecked(True)
        self._stack.setCurrentWidget(self._parts[key])

    def show_made(self, made: Made, section: Section | None) -> None:
        """Another report, or the same one changed."""
        self.words.show_section(made, section)
        self.form.show_form(made)
        if not self.returned.there and self.tabs.current == "returned":
            self.choose("numbers")
        self.tabs.buttons["returned"].setVisible(self.returned.there)

    def take_focus(self) -> None:
        """The tab that is shown."""
        self.tabs.buttons[self.tabs.current].setFocus()
