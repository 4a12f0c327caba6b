"""The settings of this desk: language, look, rows, and the name under which changes are remembered."""

from __future__ import annotations

from PySide6.QtWidgets import QCheckBox, QGridLayout, QLineEdit, QWidget

from db.core.text import Text, _
from desktop.kit import projector, theme
from desktop.kit.page import Desk, Page, with_room
from desktop.kit.parts import Segments, column_of, label, panel
from desktop.kit.preferences import account_name
from desktop.kit.words import language, tr
from desktop.rooms import named, shown
from desktop.shell.copying import Copying


class SettingsPage(Page):
    """See the module. Each change takes effect at once."""

    title = _("Settings")
    manual = "settings"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        chosen = desk.preferences
        self.languages = Segments((("zh", Text("简体中文")), ("en", Text("English"))), language())
        self.languages.chosen.connect(desk.change_language)
        looks = (("system", _("As the system")), ("light", _("Bright")), ("dark", _("Dark")))
        self.themes = Segments(looks, chosen.theme)
        self.themes.chosen.connect(desk.change_theme)
        heights = (("compact", _("Compact")), ("normal", _("Normal")), ("loose", _("Loose")))
        self.heights = Segments(heights, chosen.rows)
        self.heights.chosen.connect(desk.change_rows)
        self.name = QLineEdit(chosen.actor)
        self.name.setPlaceholderText(account_name())
        self.name.setFixedWidth(220)
        self.name.setAcceptDrops(False)
        self.name.editingFinished.connect(lambda: desk.change_name(self.name.text().strip()))
        grid = QGridLayout()
        grid.setContentsMargins(20, 18, 20, 18)
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(18)
        self._row(
            grid, 0, _("Your name"), self.name,
            _("Changes from now on are remembered under it; empty: the account's name."),
        )  # fmt: skip
        self._row(
            grid, 1, _("Language"), self.languages,
            _("Takes effect at once, in dialogs too. A report is made in the window's language."),
        )  # fmt: skip
        self._row(grid, 2, _("Look"), self.themes, _("Status is always said in words too, never by colour alone."))
        self._row(grid, 3, _("Rows"), self.heights, _("How high the rows of tables are."))
        self._row(
            grid, 4, _("Rooms"), self._rooms(), _("What stands at the left at this desk; nothing is deleted by it.")
        )
        self.projecting = Segments((("off", _("No")), ("on", _("Yes"))), "on" if projector.on() else "off")
        self.projecting.chosen.connect(lambda key: desk.change_projector(key == "on"))
        self._row(
            grid, 5, _("Project the screen"), self.projecting,
            _("Hides tax, classes and phones in tables, pane and exports until it is switched off."),
        )  # fmt: skip
        self.reminders = Segments((("off", _("No")), ("on", _("Yes"))), "on" if chosen.reminders else "off")
        self.reminders.chosen.connect(lambda key: self._remind(key == "on"))
        self._row(
            grid, 6, _("Reminders"), self.reminders,
            _("What is due for you is said once in the desk's tray, where it has one; at most once an hour."),
        )  # fmt: skip
        self.copying = Copying(self)
        self._row(
            grid,
            7,
            _("Copies of the book"),
            self.copying,
            _("For a colleague without a server who works elsewhere for a while."),
        )
        grid.setColumnStretch(2, 1)
        page = QWidget()
        column_of(panel("card", grid), None, margins=(theme.PAGE_PADDING,) * 4, parent=page)
        self.content.addWidget(with_room(page, 640, 480), 1)

    def refresh(self) -> None:
        """Who took copies along."""
        self.copying.read()

    def _rooms(self) -> QWidget:
        """A switch for every room; the last one cannot be switched off."""
        on = {room.name for room in shown(self.desk.preferences)}
        self.rooms: dict[str, QCheckBox] = {}
        whole = QWidget()
        lines = column_of(gap=6, parent=whole)
        for room in named(self.desk.preferences):
            box = QCheckBox(tr(room.label))
            box.setFont(theme.font(13))
            box.setChecked(room.name in on)
            box.setEnabled(on != {room.name})
            box.toggled.connect(lambda _on: self._switch())
            self.rooms[room.name] = box
            lines.addWidget(box)
        return whole

    def _remind(self, to: bool) -> None:
        """The icon goes at once; it comes when what is due is next read."""
        from desktop.shell import reminding

        self.desk.preferences.reminders = to
        self.desk.preferences.save()
        if not to:
            reminding.rest(self.window())

    def _switch(self) -> None:
        self.desk.change_rooms({name: box.isChecked() for name, box in self.rooms.items()})

    def _row(self, grid: QGridLayout, row: int, name: Text, part: QWidget, note: Text) -> None:
        grid.addWidget(label(name, bold=True), row, 0)
        grid.addWidget(part, row, 1)
        grid.addWidget(label(note, size=12, tone="mute", wrap=True), row, 2)
