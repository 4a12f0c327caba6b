"""Who was sent a sheet and who has not returned it: by round, with what came back and how overdue the rest is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QFrame, QWidget

from db.core.text import Text, _
from desktop.kit import theme
from desktop.kit.cells import Cell
from desktop.kit.choices import Choices
from desktop.kit.lists import Heading
from desktop.kit.parts import button, column_of, label, row_of
from desktop.kit.words import tr
from desktop.sheets.merge_table import TWO_LINES, KeyedList, TwoLines

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

    from db.sheets.sent import Standing
    from desktop.sheets.merge import Incoming

WIDE = 272
_STATES: dict[str, tuple[Text, str]] = {
    "open": (_("not returned"), "red"), "partly": (_("returned in part"), "amber"), "back": (_("merged"), "green"),
}  # fmt: skip


def round_of(one: Standing) -> str:
    """Sheets of one room that are due on one day were sent together."""
    return f"{one.sending.room}|{one.sending.due_on or one.sending.sent_on}"


class _Part(QWidget):
    """A bar of how many came back."""

    def __init__(self) -> None:
        super().__init__()
        self.part = 0.0
        self.setFixedHeight(4)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Ground, and the part."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(theme.tokens().color("line2"))
        for width, tone in ((self.width(), "line2"), (self.width() * self.part, "accent")):
            painter.setBrush(theme.tokens().color(tone))
            painter.setPen(theme.tokens().color(tone))
            if width > 1:
                painter.drawRoundedRect(QRectF(0, 0, width, 3), 1.5, 1.5)


class Units(QFrame):
    """The left side. `chosen`: the place among the files of a line that has one; `reminded`: a text of so many reminders is wanted."""

    chosen = Signal(int)
    reminded = Signal(str, int)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("bar", "left")
        self.setFixedWidth(WIDE)
        self.found: list[Standing] = []
        self.lines: list[tuple[Standing | None, int | None]] = []
        self._files: Sequence[Incoming] = ()
        self.rounds = Choices()
        self.rounds.currentIndexChanged.connect(lambda _at: self._show())
        self.count = label("", bold=True)
        self.rest = label("", size=12, tone="mute")
        self.dates = label("", size=12, tone="mute", wrap=True)
        self.part = _Part()
        head = QFrame()
        head.setProperty("bar", "head")
        lines = column_of(self.rounds, margins=(14, 10, 14, 10), gap=8, parent=head)
        lines.addLayout(row_of(self.count, None, self.rest))
        lines.addWidget(self.part)
        lines.addWidget(self.dates)
        self.list = KeyedList(row_height=TWO_LINES)
        self.list.setItemDelegate(TwoLines(self.list))
        self.list.horizontalHeader().hide()
        self.list.picked.connect(lambda row, _column: self._pick(row))
        drop = label(_("Drop returned files here, several at once. Names do not matter: the sheets are known by their codes."),
                     size=12, tone="mute", wrap=True)  # fmt: skip
        self.remind_button = button(_("Copy the reminders"), self.copy_reminder, icon="sheet")
        foot = QWidget()
        column_of(drop, self.remind_button, margins=(14, 10, 14, 12), gap=8, parent=foot)
        column_of(head, self.list, foot, gap=0, parent=self).setStretch(1, 1)

    def show_found(self, found: Sequence[Standing], files: Sequence[Incoming], current: int | None) -> None:
        """The sendings, and the files that were dropped."""
        before, self.found, self._files = self.rounds.key, list(found), files
        keys = list(dict.fromkeys(round_of(one) for one in found))
        of_file = self._round_of_file(current)
        self.rounds.fill([(key, self._called(key)) for key in keys], of_file or before or (keys[0] if keys else None))
        self.rounds.setVisible(len(keys) > 1)
        self._show(current)

    def _round_of_file(self, current: int | None) -> str:
        number = self._files[current].sending if current is not None else None
        return next((round_of(one) for one in self.found if one.sending.id == number), "")

    def _called(self, key: str) -> Text:
        some = [one for one in self.found if round_of(one) == key]
        one = some[0].sending
        if one.due_on:
            return _("due {day} · {count} units", day=one.due_on, count=len(some))
        return _("sent {day} · {count} units", day=one.sent_on, count=len(some))

    def _show(self, current: int | None = None) -> None:
        some = [one for one in self.found if round_of(one) == self.rounds.key]
        some.sort(key=lambda one: one.sending.id)
        files = {one.sending: at for at, one in enumerate(self._files) if one.sending is not None}
        self.lines = [(one, files.get(one.sending.id)) for one in some]
        shown = {one.sending.id for one in some}
        self.lines += [
            (None, at) for at, one in enumerate(self._files) if one.sending is None or one.sending not in shown
        ]
        back = sum(one.state != "open" for one in some)
        waiting = sum(one.waits for one in self._files)
        self.count.setText(tr(_("{back} of {count} returned", back=back, count=len(some))) if some else "")
        self.rest.setText(tr(_("{count} to merge", count=waiting)) if waiting else "")
        self.part.part = back / len(some) if some else 0.0
        self.part.setVisible(bool(some))
        self.part.update()
        self.dates.setText(
            tr(_dates(some)) if some else tr(_("No sheet was sent yet. Send one from any ledger: Ctrl+E."))
        )
        self.remind_button.setEnabled(any(one.state != "back" for one in some))
        self.list.show_rows((Heading("", 160, stretch=True), Heading("", 92)), len(self.lines), self._cell)
        row = next((row for row, (_one, at) in enumerate(self.lines) if at is not None and at == current), None)
        if row is not None:
            self.list.selectRow(row)

    def _cell(self, row: int, column: int) -> Cell:
        one, at = self.lines[row]
        file = self._files[at] if at is not None else None
        if column == 0:
            name = one.sending.unit if one is not None else file.name if file is not None else ""
            return Cell(f"{name}\n{self._second(one, file)}")
        if file is not None and not (file.done and one is not None):
            text, tone = file.state()
            return Cell(tr(text), tag=tone)
        text, tone = _STATES[one.state] if one is not None else (Text(""), "grey")
        return Cell(tr(text), tag=tone)

    def _second(self, one: Standing | None, file: Incoming | None) -> str:
        if one is None:
            return tr(file.told) if file is not None else ""
        if file is not None and file.waits:
            return file.path.name
        rows = _("{present} of {count} rows", present=one.present, count=len(one.sending.records))
        said = [tr(rows)] if one.state != "open" else []
        if one.returned_on and one.state != "open":
            said.insert(0, one.returned_on[5:])
        if one.overdue:
            said.append(tr(_("{days} days late", days=one.overdue)))
        elif one.state == "open" and one.sending.due_on:
            said.append(tr(_("due {day}", day=one.sending.due_on[5:])))
        return " · ".join(said) or tr(_("sent on {day}", day=one.sending.sent_on))

    def _pick(self, row: int) -> None:
        at = self.lines[row][1]
        if at is not None:
            self.chosen.emit(at)

    def late(self) -> list[Standing]:
        """Of the round that is shown: those who have not returned everything."""
        return [one for one, _at in self.lines if one is not None and one.state != "back"]

    def copy_reminder(self) -> None:
        """The reminders of all who have not returned, a line each, for a chat."""
        from db.sheets.sent import reminder

        late = self.late()
        self.reminded.emit("\n".join(tr(reminder(one)) for one in late), len(late))


def _dates(some: Sequence[Standing]) -> Text:
    one = some[0].sending
    if one.due_on:
        return _("sent {sent} · due {due}", sent=one.sent_on, due=one.due_on)
    return _("sent {sent} · without a due date", sent=one.sent_on)
