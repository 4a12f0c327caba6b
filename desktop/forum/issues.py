"""The issues as a ledger: the six columns typed where they stand, many resolved in one step, one issue in the pane."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QMenu, QWidget

from db.core.errors import Problem, Refused
from db.core.fields import Day, Field, Words
from db.core.text import Text, _
from desktop.forum.issue_pane import RECORDS, IssuePane
from desktop.kit.choices import Choices
from desktop.kit.editors import Line, Lines, take
from desktop.kit.ledger_page import LedgerView
from desktop.kit.page import Connection, Page
from desktop.kit.parts import button, label, row_of
from desktop.kit.strip import Card
from desktop.kit.words import language, tr

if TYPE_CHECKING:
    from PySide6.QtCore import QPoint


class IssuesView(LedgerView):
    """See the module."""

    pane: IssuePane

    def __init__(self, page: Page) -> None:
        self.finish_button = button(_("Resolve in one step…"), self.finish, small=True)
        self.export_button = button(
            _("Export"), self.export_menu, icon="export", tip=_("Export what the table shows (Ctrl+E)")
        )
        self.new_button = button(_("New issue"), self.new_record, kind="primary", icon="plus")
        super().__init__(
            page,
            RECORDS,
            keys="issues",
            pane=IssuePane,
            first_steps=(button(_("New issue"), self.new_record),),
        )
        page.writers += [self.finish_button, self.new_button]
        self.ledger.bar_row.addWidget(self.finish_button)
        self.ledger.menu_parts.append(self._menu)
        self.bind(finish=self.finish)

    def bars(self) -> Sequence[QWidget]:
        """What goes out, and what comes in."""
        return self.export_button, self.new_button

    # As `TakesFiles` says it: of two bases that Qt knows, the second would lose its signals.

    def drop_hint(self, paths: Sequence[Path], place: QPoint) -> tuple[QWidget, Text] | None:
        """The pane's, else the ledger's own."""
        return self.pane.hint(paths, place) or super().drop_hint(paths, place)

    def drop(self, paths: Sequence[Path], place: QPoint) -> bool:
        """The pane's, else the ledger's own."""
        return self.pane.take_files(paths, place) or super().drop(paths, place)

    def finish(self) -> None:
        """一步办结: the chosen issues resolved on a day, with one reply."""
        ids = self.chosen_ids()
        if ids and not self.page.rests():
            Finish(self, ids).open_over(self.table)

    def close_chosen(self) -> None:
        """The chosen issues are closed, all or none: each must be followed up, and its enterprise content."""
        ids, today = self.chosen_ids(), self.ledger.today
        author = self.page.desk.preferences.name

        def work(connection: Connection) -> None:
            from db.forum.rules import Step
            from db.forum.service import take as take_step

            take_step(connection, ids, Step("close", today, author=author), today=today)

        if ids:
            self.page.write(_("Close {what}", what=RECORDS.counted(len(ids))), work)

    def _menu(self, menu: QMenu, _index: Any) -> None:
        ids = self.chosen_ids()
        entry = menu.addAction(tr(_("Resolve {what} in one step…", what=RECORDS.counted(len(ids)))) + "\tCtrl+Shift+J")
        entry.triggered.connect(lambda _checked=False: self.finish())
        closing = menu.addAction(tr(_("Close {what}", what=RECORDS.counted(len(ids)))))
        closing.triggered.connect(lambda _checked=False: self.close_chosen())
        for one in (entry, closing):
            one.setEnabled(bool(ids) and self.page.desk.seen is None)


_OUTCOMES = ("solved", "explained", "planned", "not_yet")
_RATINGS = ("", "satisfied", "basically")


class Finish(Card):
    """一步办结: a day, how it was resolved, one reply for all or the last report of each, how content they are."""

    def __init__(self, view: IssuesView, ids: Sequence[int]) -> None:
        from db.forum.fields import label_of

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
        """One operation, once however often it is asked; what is missing of one of them is said, and none is changed then."""
        if not self.verb.isEnabled():
            return
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

        named = _("Resolve {what} in one step", what=RECORDS.counted(len(ids)))

        def failed(problem: Problem) -> None:
            self.verb.setEnabled(True)
            self.complain(problem.render(language()))

        self.verb.setEnabled(False)
        self.view.page.write(named, work, lambda _nothing: self.close_card(), failed=failed)
