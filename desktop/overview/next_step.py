"""The smallest form for what is due: a stage that is reached, or a line of progress and the next step."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from db.core.errors import Problem, Refused
from db.core.fields import Day, Field, Words
from db.core.text import Text, _
from desktop.kit.editors import Line, Lines, take
from desktop.kit.page import Connection, Page
from desktop.kit.parts import button, label, row_of
from desktop.kit.strip import Card
from desktop.kit.words import language, tr

if TYPE_CHECKING:
    from db.overview.due import Due


def take_step(page: Page, over: QWidget, one: Due) -> None:
    """Open the form for the next step of what is due, over the list."""
    if page.rests():
        return
    if one.stage:
        from desktop.projects.moving import ask_move

        ask_move(page, page, one.project, one.stage, lambda _form: None)
        return
    if one.milestone:
        from desktop.five_ones.assign import finish_milestone

        finish_milestone(page, over, one.milestone, one.name, tr(one.what))
        return
    StepCard(page, one).open_over(over)


class StepCard(Card):
    """What happened, what comes next and until when. What stays empty stays as it is; one operation."""

    def __init__(self, page: Page, one: Due) -> None:
        super().__init__(page, _("Record progress: {name}", name=one.name))
        self.page, self.one = page, one
        today = page.desk.today().isoformat()
        self.happened = Lines(Field("progress", _("Progress"), Words(long=True)), None)
        self.happened.setFixedHeight(84)
        self.next = Line(Field("next_step", _("Next step"), Words()), None)
        self.until = Line(Field("day", _("Until"), Day()), None)
        self.until.today = today
        until = _("Remind again on") if one.kind == "reminder" else _("Until")
        for text, part in ((_("What happened"), self.happened), (_("Next step"), self.next), (until, self.until)):
            part.setAccessibleName(tr(text))
            self.lines.addWidget(label(text, size=12, tone="mute"))
            self.lines.addWidget(part)
        self.lines.addWidget(self.said)
        self.verb = button(_("Record it"), self.carry_out, kind="primary", tip="Ctrl+Enter")
        self.lines.addLayout(row_of(None, button(_("Cancel"), self.close_card), self.verb))

    def open_over(self, area: QWidget) -> None:
        """The text has the keyboard."""
        super().open_over(area)
        self.happened.setFocus()

    def carry_out(self) -> None:
        """Write what was typed."""
        try:
            day = take(self.until.field, self.until.typed)
        except Refused as refused:
            self._refuse(refused)
            self.until.setFocus()
            return
        text, following = self.happened.typed.strip(), self.next.typed.strip()
        if not (text or following or day):
            self._refuse(Refused(_("Write what happened, or what comes next.")))
            self.happened.setFocus()
            return
        number, today = self.one.project, self.page.desk.today().isoformat()
        cells = _cells(self.one, following, day)

        def work(connection: Connection) -> None:
            from db.projects.service import add_progress, set_values

            if text:
                add_progress(connection, number, text, on=today)
            if cells:
                set_values(connection, cells)

        self.page.write(_named(self.one, text), work, lambda _nothing: self.close_card(), failed=self._refuse)

    def _refuse(self, problem: Problem) -> None:
        self.complain(problem.render(language()))


def _cells(one: Due, following: str, day: Any) -> list[tuple[int, str, Any]]:
    """A step that is done without another one leaves neither it nor its day."""
    if one.kind == "reminder":
        found: list[tuple[int, str, Any]] = [(one.project, "reminder_on", day)]
        return [*found, (one.project, "next_step", following)] if following else found
    if following or day is None:
        return [(one.project, "next_step", following or None), (one.project, "next_step_due", day)]
    return [(one.project, "next_step_due", day)]


def _named(one: Due, text: str) -> Text:
    said = text.replace("\n", " ")
    if not said:
        return _("“{name}”: next step", name=one.name)
    return _("“{name}”: {text}", name=one.name, text=said if len(said) <= 16 else f"{said[:15]}…")
