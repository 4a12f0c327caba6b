"""Tabs of the pane that grow with time: the progress log, and the history of the project and of each of its facts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QPlainTextEdit, QVBoxLayout, QWidget

from db.core.fields import Field
from db.core.text import _
from desktop.kit import projector
from desktop.kit.choices import Choices
from desktop.kit.form import said
from desktop.kit.page import Connection, Page
from desktop.kit.pane_page import PanePage
from desktop.kit.parts import Tag, button, clear, column_of, is_ctrl_enter, label, row_of
from desktop.kit.told import show_told
from desktop.kit.words import language, tr
from desktop.projects.moving import DayLine

if TYPE_CHECKING:
    from db.core.book import Book
    from db.core.progress import Progress
    from db.core.telling import Told
    from db.projects.details import Entry
    from db.projects.past import Was


class _Words(QPlainTextEdit):
    """Several lines; Ctrl+Enter is `done`, and no key of the page."""

    done = Signal()

    def event(self, event: QEvent) -> bool:
        """Keep Ctrl+Enter for here."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and is_ctrl_enter(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Type, or be done."""
        if is_ctrl_enter(event):
            self.done.emit()
        else:
            super().keyPressEvent(event)


class LogPage(PanePage):
    """The progress log, newest first, with a place to write the next entry."""

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        self.day = DayLine(None, tr(_("Day")))
        self.text = _Words()
        self.text.setPlaceholderText(tr(_("What happened (Ctrl+Enter writes it down)")))
        self.text.setAccessibleName(tr(_("What happened")))
        self.text.setFixedHeight(72)
        self.text.setTabChangesFocus(True)
        self.refusal = label("", size=12, tone="red", wrap=True)
        self.refusal.hide()
        self.keep = button(_("Write it down"), self.write_entry, kind="primary", small=True)
        self.entry = QWidget()
        lines = column_of(self.text, gap=6, parent=self.entry)
        lines.addLayout(row_of(self.day, None, self.keep))
        lines.addWidget(self.refusal)
        self.entries = QVBoxLayout()
        self.entries.setSpacing(12)
        self.lines.addWidget(self.entry)
        self.lines.addSpacing(4)
        self.lines.addLayout(self.entries)
        self.lines.addStretch(1)
        self.text.done.connect(self.write_entry)
        self.day.returnPressed.connect(self.write_entry)

    def show_record(self, record: Any) -> None:
        """Another project: what was begun for the one before does not belong to it."""
        if int(record["id"]) != self.number:
            self.text.clear()
            self.day.setText(self.today)
        super().show_record(record)

    def work(self, number: int) -> Callable[[Connection], Any]:
        """The log of the project."""

        def read(connection: Connection) -> Sequence[Entry]:
            from db.projects.details import log

            return log(connection, number)

        return read

    def _take(self, found: Sequence[Entry]) -> None:
        clear(self.entries)
        for one, before in zip(found, (*found[1:], None), strict=True):
            same = before is not None and before.text == one.text
            head = row_of(label(one.day or _("day not known"), size=12, tone="mute"), gap=8)
            if one.author:
                head.addWidget(label(one.author, size=12, tone="faint"))
            if same:
                head.addWidget(Tag(_("the same as before"), "amber"))
            head.addStretch(1)
            box = column_of(gap=2)
            box.addLayout(head)
            text = label(projector.covered(one.text), wrap=True)
            text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            box.addWidget(text)
            self.entries.addLayout(box)
        if not found:
            self.entries.addWidget(label(_("No progress is written down yet."), tone="mute", wrap=True))

    def begin(self) -> None:
        """The keyboard to where the next entry is written."""
        if not self.day.text():
            self.day.setText(self.today)
        self.text.setFocus()

    def write_entry(self) -> None:
        """One entry, one operation."""
        from db.core.errors import Refused

        number, text, author = self.number, self.text.toPlainText().strip(), self.page.desk.preferences.name
        self.refusal.hide()
        try:
            day = self.day.day() or self.today
        except Refused as refused:
            self._complain(refused.render(language()))
            return
        if not text:
            self._complain(tr(_("Write what happened.")))
            return

        def work(connection: Connection) -> None:
            from db.projects.service import add_progress

            add_progress(connection, number, text, on=day, author=author)

        said_so = _("Progress of “{name}”, {day}", name=self.name, day=day)
        self.page.write(said_so, work, lambda _nothing: self._written(number))

    def _written(self, number: int) -> None:
        if number == self.number:
            self.text.clear()
            self.day.setText(self.today)
            self.read()

    def _complain(self, sentence: str) -> None:
        self.refusal.setText(sentence)
        self.refusal.show()
        self.text.setFocus()


class HistoryPage(PanePage):
    """Everything that was changed, or the values of one fact over time."""

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        self.choice = Choices((("", _("All changes")),), "")
        self.choice.setAccessibleName(tr(_("Which fact")))
        self.choice.currentIndexChanged.connect(lambda _at: self.read())
        self.told = QVBoxLayout()
        self.told.setSpacing(10)
        self.lines.addWidget(self.choice)
        self.lines.addLayout(self.told)
        self.lines.addStretch(1)
        self._fields: dict[str, Field] = {}

    def show_record(self, record: Any) -> None:
        """The facts one may choose from come with the room."""
        if not self._fields:
            from db.projects.past import traceable

            self._fields = {one.key: one for one in traceable()}
            self.choice.fill((("", _("All changes")), *((key, one.label) for key, one in self._fields.items())), "")
        super().show_record(record)

    def read(self) -> None:
        """The whole history, or that of the chosen fact."""
        if not self.number:
            return
        number, field = self.number, self._fields.get(self.choice.key)
        if field is None:

            def work(book: Book, progress: Progress) -> list[Told]:
                from db.projects.story import story

                return story(book, number)

            self.page.desk.jobs.ask(
                self.page, work, lambda told: show_told(self.told, told), failed=self.page.desk.complain, key="history"
            )
            return

        def one_fact(connection: Connection) -> Sequence[Was]:
            from db.projects.past import past

            return past(connection, number, field)

        self.page.ask(one_fact, lambda found: self._show_past(field, found), key="history")

    def show_field(self, key: str) -> None:
        """The values of one fact."""
        self.choice.setCurrentIndex(max(0, self.choice.findData(key)))

    def _show_past(self, field: Field, found: Sequence[Was]) -> None:
        clear(self.told)
        for at, one in enumerate(found):
            text = tr(_("day not known")) if one.value == "" else said(field, one.value)
            head = row_of(label(text, bold=at == 0, wrap=True), gap=8)
            if at == 0:
                head.addWidget(Tag(_("now"), "blue"), 0, Qt.AlignmentFlag.AlignTop)
            head.setStretch(0, 1)
            box = column_of(gap=1)
            box.addLayout(head)
            when = one.at.strftime("%Y-%m-%d %H:%M")
            box.addWidget(label(f"{when} · {one.actor}", size=12, tone="faint"))
            box.addWidget(label(one.label, size=12, tone="mute", wrap=True))
            self.told.addLayout(box)
        if not found:
            self.told.addWidget(label(_("Nothing was ever filled in here."), tone="mute", wrap=True))
