"""What the ledger of issues shows when it is asked: the steps of one issue, its history, the card that resolves many."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from db.core.errors import Refused
from db.core.fields import Day, Field, Words
from db.core.text import _
from desktop.kit.choices import Choices
from desktop.kit.editors import Line, Lines, take
from desktop.kit.page import Connection
from desktop.kit.pane_page import PanePage
from desktop.kit.parts import button, label, row_of
from desktop.kit.strip import Card
from desktop.kit.words import language, tr

if TYPE_CHECKING:
    from db.core.book import Book
    from db.core.telling import Told
    from db.forum.board import Issue
    from desktop.forum.issues import IssuesView


def story(book: Book, number: int) -> list[Told]:
    """The history of an issue: its facts, and where its steps brought it."""
    from db.core import telling
    from db.forum.fields import FORUM_FIELDS
    from db.forum.models import issue

    return telling.story(book, issue, FORUM_FIELDS, number)


class StepsPage(PanePage):
    """Everything that was done about the issue, the newest last; every reply stays."""

    def work(self, number: int) -> Callable[[Connection], Any]:
        """The issue in full."""

        def read(connection: Connection) -> Issue | None:
            from db.forum import board

            return board.one(connection, number, today=self.today)

        return read

    def show_found(self, found: Issue | None) -> None:
        """As the board's pane shows them."""
        from desktop.forum.board_pane import show_course

        if found is not None:
            show_course(self.lines, found)


_OUTCOMES = ("solved", "explained", "planned", "not_yet")
_RATINGS = ("", "satisfied", "basically")


class Finish(Card):
    """一步办结: a day, how it was resolved, one reply for all or the last report of each, how content they are."""

    def __init__(self, view: IssuesView, ids: Sequence[int]) -> None:
        from db.forum.fields import label_of
        from desktop.forum.issues import RECORDS

        super().__init__(view, _("Resolve {what} in one step", what=RECORDS.counted(len(ids))))
        self.view, self.ids = view, tuple(ids)
        self.day = Line(Field("on", _("Resolved on"), Day()), view.ledger.today)
        self.day.today = view.ledger.today
        self.outcome = Choices([(key, label_of("outcome", key)) for key in _OUTCOMES], "solved")
        self.rating = Choices(
            [(key, label_of("satisfaction", key) if key else _("Not followed up yet")) for key in _RATINGS], ""
        )
        self.text = Lines(Field("text", _("Reply to the enterprise"), Words(long=True)), None)
        self.text.setPlaceholderText(tr(_("Empty: the last report of each issue is its reply")))
        self.text.setFixedHeight(96)
        for text, part in (
            (_("Resolved on"), self.day), (_("How it was resolved"), self.outcome),
            (_("Reply to the enterprise"), self.text), (_("Satisfaction"), self.rating),
        ):  # fmt: skip
            part.setAccessibleName(tr(text))
            self.lines.addWidget(label(text, size=12, tone="mute"))
            self.lines.addWidget(part)
        self.lines.addWidget(self.said)
        self.verb = button(
            _("Resolve {what}", what=RECORDS.counted(len(ids))), self.carry_out, kind="primary", tip="Ctrl+Enter"
        )
        self.lines.addLayout(row_of(None, button(_("Cancel"), self.close_card), self.verb))

    def open_over(self, area: QWidget) -> None:
        """The reply has the keyboard; the day is mostly today."""
        super().open_over(area)
        self.text.setFocus()

    def carry_out(self) -> None:
        """One operation; what is missing of one of them is said, and none is changed then."""
        try:
            on = take(self.day.field, self.day.typed) or self.view.ledger.today
        except Refused as refused:
            self.complain(refused.render(language()))
            return
        ids, text, outcome = self.ids, self.text.typed.strip() or None, self.outcome.key
        rating = self.rating.key or None

        def work(connection: Connection) -> None:
            from db.forum.service import finish

            finish(connection, ids, on=on, text=text, outcome=outcome, satisfaction=rating)

        named = _("Resolve {what} in one step", what=self.view.records.counted(len(ids)))
        self.view.page.write(
            named,
            work,
            lambda _nothing: self.close_card(),
            failed=lambda problem: self.complain(problem.render(language())),
        )
