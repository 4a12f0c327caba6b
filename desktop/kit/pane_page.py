"""A tab of a pane that is read from the book when it is shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from desktop.kit.page import Connection, Page
from desktop.kit.parts import clear, column_of


class PanePage(QScrollArea):
    """A tab of one record. Subclasses say what they read and show it."""

    def __init__(self, page: Page) -> None:
        super().__init__()
        self.page = page
        self.number = 0
        self.name = ""
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inner = QWidget()
        inner.setProperty("clear", "true")
        self.lines: QVBoxLayout = column_of(margins=(16, 10, 16, 12), gap=8, parent=inner)
        self.setWidget(inner)

    def show_record(self, record: Mapping[str, Any]) -> None:
        """Another record, or the same one changed."""
        self.number, self.name = int(record["id"]), str(record["name"])
        self.read()

    def read(self) -> None:
        """Ask the book."""
        self.page.ask(self.work(self.number), self._take, key=f"pane:{type(self).__name__}")

    def work(self, number: int) -> Callable[[Connection], Any]:
        """What is asked of the book."""
        raise NotImplementedError

    def _take(self, found: Any) -> None:
        clear(self.lines)
        self.show_found(found)
        self.lines.addStretch(1)

    def show_found(self, found: Any) -> None:
        """Put what was found on the page."""
        raise NotImplementedError

    @property
    def today(self) -> str:
        """ISO day."""
        return self.page.desk.today().isoformat()

    def _opened(self, _form: object) -> None:
        """The form has the keyboard."""
