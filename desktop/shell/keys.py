"""The keys that work on the page one is on (Ctrl+/); what they are stands in desktop/kit/actions.py."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QGridLayout, QWidget

from db.core.text import _
from desktop.kit import actions
from desktop.kit.page import with_room
from desktop.kit.parts import button, column_of, label, row_of
from desktop.kit.words import tr

_LINES = 16  # in one column
_AROUND = 130  # pixels of frame, title and button


class KeysWindow(QDialog):
    """A small window: the keys of the page, then those that work everywhere."""

    def __init__(self, parent: QWidget, page: str = actions.EVERYWHERE) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr(_("Keys")))
        grid = QGridLayout()
        grid.setHorizontalSpacing(20)
        grid.setVerticalSpacing(6)
        known = actions.of_page(page)
        here = [one for one in known if one.page != actions.EVERYWHERE]
        everywhere = [one for one in known if one.page == actions.EVERYWHERE]
        column = 0
        for title, some in ((_("On this page"), here), (_("Everywhere"), everywhere)):
            if not some:
                continue
            grid.addWidget(label(title, bold=True), 0, column, 1, 2)
            for at, one in enumerate(some):
                place = column + 3 * (at // _LINES)
                key = label(actions.shown_keys(one.shortcut), tone="accent")
                grid.addWidget(key, 1 + at % _LINES, place)
                grid.addWidget(label(one.text), 1 + at % _LINES, place + 1)
            column += 3 * (1 + (len(some) - 1) // _LINES)
        lines = column_of(margins=(24, 20, 24, 18), gap=14, parent=self)
        keys = QWidget()
        keys.setProperty("clear", "true")
        keys.setLayout(grid)
        area = with_room(keys, keys.sizeHint().width(), keys.sizeHint().height())
        room = self.screen().availableGeometry()
        area.setMinimumSize(
            min(keys.minimumWidth() + 4, room.width() - _AROUND), min(keys.minimumHeight() + 4, room.height() - _AROUND)
        )
        lines.addWidget(area)
        lines.addLayout(row_of(None, button(_("Close"), self.accept)))
