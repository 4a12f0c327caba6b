"""The keys that work, in one table: shown by Ctrl+/, and checked so that none means two things on one page."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtWidgets import QDialog, QGridLayout, QWidget

from db.core.text import Text, _
from desktop.kit.parts import button, column_of, label, row_of
from desktop.kit.words import tr

WINDOW: Mapping[str, Text] = {
    "Ctrl+1": _("Project ledger"),
    "Ctrl+2": _("Reports"),
    "Ctrl+Shift+H": _("History"),
    "Ctrl+,": _("Settings"),
    "Ctrl+I": _("Import a ledger…"),
    "Ctrl+O": _("Open a book"),
    "Ctrl+Z": _("Undo my last operation"),
    "Ctrl+Y": _("Redo it"),
    "F1": _("The manual at this page"),
    "Ctrl+/": _("These keys"),
}
PROJECTS: Mapping[str, Text] = {
    "Ctrl+N": _("New project"),
    "Ctrl+F": _("Filter by name"),
    "Ctrl+C": _("Copy the selected rows, as Excel takes them"),
    "Enter": _("Open the project in the pane"),
    "F6": _("Between table and pane"),
    "Ctrl+Enter": _("Save the form"),
    "Esc": _("Leave the form, then the pane"),
}


class KeysWindow(QDialog):
    """A small window with both lists."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr(_("Keys")))
        grid = QGridLayout()
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(6)
        row = 0
        for title, keys in ((_("Everywhere"), WINDOW), (_("In the project ledger"), PROJECTS)):
            grid.addWidget(label(title, bold=True), row, 0, 1, 2)
            for row, (key, text) in enumerate(keys.items(), row + 1):  # noqa: B020 - goes on under the heading
                grid.addWidget(label(key.replace("+", " + "), tone="accent"), row, 0)
                grid.addWidget(label(text), row, 1)
            row += 1
        lines = column_of(margins=(24, 20, 24, 18), gap=14, parent=self)
        lines.addLayout(grid)
        lines.addLayout(row_of(None, button(_("Close"), self.accept)))
