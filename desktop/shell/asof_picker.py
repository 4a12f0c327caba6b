"""Choosing the moment as of which the book is looked at: finalised reports first, any day or time second."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtWidgets import QFrame, QLineEdit, QListWidget, QListWidgetItem, QWidget

from db.core.errors import Refused
from db.core.text import _
from desktop.kit.lists import show_inside
from desktop.kit.parts import button, column_of, label, restyle, row_of
from desktop.kit.words import language, tr

if TYPE_CHECKING:
    from db.core.book import Book
    from db.core.progress import Progress
    from db.overview.finalised import Closing

_WIDE, _LINE, _LINES = 520, 44, 6


class MomentPicker(QFrame):
    """A small window under a button. Enter takes what is chosen or typed; Esc closes it."""

    def __init__(self, desk: Any) -> None:
        super().__init__(desk, Qt.WindowType.Popup)
        self.setProperty("box", "card")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setFixedWidth(_WIDE)
        self.desk = desk
        self.found: list[Closing] = []
        self.list = QListWidget()
        self.list.setAccessibleName(tr(_("As a report was finalised")))
        self.list.itemClicked.connect(lambda _item: self._take_report())
        self.list.itemActivated.connect(lambda _item: self._take_report())
        self.none = label(_("No report is finalised yet."), tone="mute")
        self.line = QLineEdit()
        self.line.setPlaceholderText("2024-06-30  /  2024-06-30 17:30")
        self.line.setAccessibleName(tr(_("Day or time")))
        self.line.returnPressed.connect(self.take_typed)
        self.refusal = label("", size=12, tone="red", wrap=True)
        self.refusal.hide()
        go = button(_("Look at it"), self.take_typed, kind="primary")
        lines = column_of(
            label(_("As a report was finalised"), bold=True), self.list, self.none, 4,
            label(_("Another moment"), bold=True), margins=(14, 12, 14, 12), gap=6, parent=self,
        )  # fmt: skip
        lines.addLayout(row_of(self.line, go))
        lines.addWidget(self.refusal)
        hint = _("A day means its end. In the history, a click on a time shows the book just before it.")
        lines.addWidget(label(hint, size=12, tone="mute", wrap=True))

    def open_under(self, part: QWidget) -> None:
        """Show it under a part of the page, when the reports are known."""

        def work(book: Book, progress: Progress) -> list[Closing]:
            from db.overview.two_answers import choices

            with book.present.read() as connection:
                return choices(connection)

        def take(found: list[Closing]) -> None:
            self._fill(found)
            self.adjustSize()
            show_inside(self, part.mapToGlobal(QPoint(0, part.height() + 4)))
            (self.list if found else self.line).setFocus()

        self.desk.jobs.ask(self, work, take, failed=self.desk.complain, key="moments")

    def _fill(self, found: list[Closing]) -> None:
        from db.core.period import Period, period_name
        from db.overview.two_answers import heads_said

        self.found = found
        for one in found:
            said = tr(_("{period}, as finalised", period=period_name(Period.parse(one.period))))
            heads = " · ".join(tr(head) for head in heads_said(one.heads))
            number = f" · {one.number}" if one.number else ""
            again = tr(_(" · revision {number}", number=one.revision)) if one.revision > 1 else ""
            item = QListWidgetItem(f"{said}{number}{again}\n{one.at:%Y-%m-%d %H:%M} · {one.actor} · {heads}")
            item.setSizeHint(QSize(100, _LINE))
            self.list.addItem(item)
        self.list.setVisible(bool(found))
        self.none.setVisible(not found)
        self.list.setFixedHeight(min(len(found), _LINES) * _LINE + 4)
        if found:
            self.list.setCurrentRow(0)

    def _take_report(self) -> None:
        from db.overview.two_answers import moment_name

        row = self.list.currentRow()
        if 0 <= row < len(self.found):
            self.close()
            self.desk.look_at(self.found[row].operation, moment_name(self.found[row]))

    def take_typed(self) -> None:
        """The day or time that is written in the line; what cannot be one is refused there."""
        try:
            moment = typed_moment(self.line.text(), self.desk.real_today().isoformat())
        except Refused as refused:
            self.refusal.setText(refused.render(language()))
            self.refusal.show()
            self.line.setProperty("wrong", "true")
            restyle(self.line)
            self.adjustSize()
            return
        self.close()
        self.desk.look_at(moment)


def typed_moment(text: str, today: str) -> str:
    """An ISO day or time from what a person typed, in any form of a day that an import understands. Refused otherwise."""
    from db.core.fields import Day
    from db.core.formats import parse

    day, _space, time = text.strip().partition(" ")
    if not day:
        raise Refused(_("Write a day such as 2024-06-30, or a day and a time such as 2024-06-30 17:30."))
    found = str(parse(Day(), day))
    if found >= today:
        raise Refused(_("That day is not over yet: what you want to see is the present."))
    clock = time.strip().replace("：", ":")
    if not clock:
        return found
    hour, colon, minute = clock.partition(":")
    if not (colon and hour.isdigit() and minute.isdigit() and int(hour) < 24 and int(minute) < 60):
        raise Refused(_("“{time}” is no time such as 17:30.", time=time.strip()))
    return f"{found}T{int(hour):02d}:{int(minute):02d}"
