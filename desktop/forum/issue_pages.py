"""What the pane of an issue shows when it is asked: its course with replies and files, every reply, its history."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from db.core.text import Text, _
from desktop.forum import slips
from desktop.forum.steps import day_said, short
from desktop.kit import projector, theme
from desktop.kit.attachments import attach, open_outside
from desktop.kit.page import Connection, Page
from desktop.kit.pane_page import PanePage
from desktop.kit.parts import Tag, button, column_of, label, panel, row_of
from desktop.kit.words import language, tr

if TYPE_CHECKING:
    from db.core.book import Book
    from db.core.telling import Told
    from db.forum.board import Issue
    from db.forum.rules import Step
    from db.forum.ways import Clock

_TONES = {
    "accept": "grey", "assign": "blue", "ask_longer": "blue", "grant": "blue", "deny": "amber", "give_back": "amber",
    "hold": "amber", "refer": "amber", "reopen": "amber", "escalate": "red", "resolve": "green", "fulfil": "green",
}  # fmt: skip

_FILE_ROOM = 180
_DAY_ROOM, _TAG_ROOM = 40, {"zh": 76, "en": 100}  # so that the words of most steps begin below each other


def story(book: Book, number: int) -> list[Told]:
    """The history of an issue: its facts, and where its steps brought it."""
    from db.core import telling
    from db.forum.fields import FORUM_FIELDS
    from db.forum.models import issue

    return telling.story(book, issue, FORUM_FIELDS, number)


class StepLines(QWidget):
    """A step, and under its words what lies at it; files are added to it by the button or dropped on it."""

    def __init__(self, page: Page, step: Step, row: int, found: Issue) -> None:
        from db.forum.rules import TOLD

        super().__init__()
        self._page, self._row, self._about = page, row, short(found.card.text)
        self.name = TOLD[step.kind]
        self.add = button("", self.choose, kind="link", icon="plus", tip=_("Attach files to this step…"))
        self.add.setAccessibleName(tr(_("Attach files to this step…")))
        if page.desk.seen is not None:
            self.add.hide()
        line = _step_line(step, found)
        line.addWidget(self.add, alignment=Qt.AlignmentFlag.AlignTop)
        self._lines = column_of(gap=4, parent=self)
        self._lines.addLayout(line)
        for one in found.files.get(row, ()):
            name = projector.covered(one.name)
            shown = theme.metrics(13).elidedText(name, Qt.TextElideMode.ElideMiddle, _FILE_ROOM)
            self.add_link(shown, partial(open_outside, page, one.id), _("Open {file}", file=name), rests=projector.on())

    def add_link(self, text: Text | str, do: Callable[[], object], tip: Text, *, rests: bool = False) -> None:
        """What belongs to the step: a click opens it."""
        made = button(text, do, kind="link", tip=tip)
        made.setEnabled(not rests)
        self._lines.addLayout(row_of(_DAY_ROOM + _TAG_ROOM[language()] + 14, made, None, gap=4))

    def choose(self) -> None:
        """Ask for files."""
        chosen = self._page.desk.dialogs.open_files(self, _("Choose files to attach"))
        if chosen:
            self.take(chosen)

    def take(self, paths: Sequence[Path]) -> None:
        """Attach files to the step as one operation."""
        from db.forum.models import STEPS

        attach(self._page, STEPS, self._row, _("{step} of {name}", step=self.name, name=self._about), paths)


class CoursePage(PanePage):
    """Everything that was done about an issue, the newest last, under its unit and its clock."""

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        self.steps: list[StepLines] = []

    def step_at(self, place: QPoint) -> StepLines | None:
        """The step at a place of the screen."""
        if not self.isVisible() or not self.viewport().rect().contains(self.viewport().mapFromGlobal(place)):
            return None
        return next((one for one in self.steps if one.rect().contains(one.mapFromGlobal(place))), None)

    def work(self, number: int) -> Callable[[Connection], Issue | None]:
        """The issue in full."""

        def read(connection: Connection) -> Issue | None:
            from db.forum import board

            return board.one(connection, number, today=self.today)

        return read

    def show_found(self, found: Issue | None) -> None:
        """Unit, contact, deadline; then step by step; then what the rules demand."""
        from db.forum.rules import SLIPS

        self.steps = []
        if found is None:
            return
        lines = self.lines
        helped = f"   {tr(_('with {names}', names=found.support))}" if found.support else ""
        _fact(lines, _("Responsible department"), f"{found.department or '—'}{helped}")
        contact = [found.contact, "" if projector.on() else found.phone]
        if any(contact):
            _fact(lines, _("Contact"), " ".join(part for part in contact if part))
        if found.clock is not None:
            _fact(lines, _("Deadline"), sum_said(found.clock))
        if found.asked is not None:
            lines.addWidget(_notice(_("More time is asked for, until {day}.", day=day_said(found.asked)), "amber"))
        lines.addSpacing(4)
        editions: Counter[str] = Counter()
        for step, row in zip(found.steps, found.rows, strict=True):
            made = StepLines(self.page, step, row, found)
            if step.kind in SLIPS:
                number = step.text or ""
                save_it = partial(slips.save_issued, self.page, number, editions[number])
                made.add_link(_("The slip as it went out…"), save_it, _("Save as PDF, Excel or Word"))
                editions[number] += 1
            self.steps.append(made)
            lines.addWidget(made)
        if not found.steps:
            lines.addWidget(label(_("Nothing was done about it yet."), tone="mute", wrap=True))
        if found.must_escalate:
            told = _("It was assigned twice and is not closed: by the rules it goes to a district leader, {count} working days"
                     " (until {day}).", count=found.chain.escalated, day=found.escalated_until)  # fmt: skip
            lines.addWidget(_notice(told, "red"))
        if found.remarks:
            _fact(lines, _("Remarks"), projector.covered(found.remarks))


class RepliesPage(CoursePage):
    """Every reply that the enterprise was given."""

    def show_found(self, found: Issue | None) -> None:
        """Its number, day, who gave it; its words."""
        from db.forum.rules import replies

        if found is None:
            return
        for at, step in enumerate(replies(found.steps), 1):
            said = [tr(_("Reply {number}", number=at)), step.on or tr(_("day not known")), step.author or ""]
            box = column_of(label(" · ".join(part for part in said if part), size=12, tone="mute"), gap=2)
            text = label(projector.covered(step.text or ""), wrap=True)
            text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            box.addWidget(text)
            self.lines.addLayout(box)
        if not found.replies:
            self.lines.addWidget(label(_("The enterprise has no reply yet."), tone="mute", wrap=True))


# --- parts -----------------------------------------------------------------------------------------------------------


def _fact(lines: QVBoxLayout, name: Text, value: str) -> None:
    said = label(name, tone="mute")
    said.setFixedWidth(72 if language() == "zh" else 92)
    said.setWordWrap(True)
    row = row_of(said, label(value, wrap=True), gap=8)
    row.setStretch(1, 1)
    row.setAlignment(said, Qt.AlignmentFlag.AlignTop)
    lines.addLayout(row)


def _notice(text: Text, tone: str) -> QFrame:
    made = panel("panel")
    made.setProperty("strip", tone)
    column_of(label(text, wrap=True, tone=tone), margins=(10, 6, 10, 6), parent=made)
    return made


def _step_line(step: Step, found: Issue) -> QHBoxLayout:
    from db.forum.rules import SLIPS, SUPERVISED, TOLD

    word, tone = TOLD[step.kind], _TONES.get(step.kind, "grey")
    if step.kind in SLIPS:
        from db.people.supervision import BLUE, COLOURS, RED, YELLOW

        tone = {BLUE: "blue", RED: "red"}.get(step.choice or "", "amber")
        word = COLOURS[step.choice or YELLOW] if step.kind == SUPERVISED else word
    if step.kind == "follow_up" and step.choice in ("satisfied", "basically", "dissatisfied"):
        from db.forum.fields import label_of

        word = label_of("satisfaction", step.choice)
        tone = {"satisfied": "green", "basically": "amber", "dissatisfied": "red"}[step.choice]
    day = label((step.on or "")[5:] or "—", size=12, tone="mute")
    day.setFixedWidth(_DAY_ROOM)
    day.setToolTip(step.on or "")
    text = label(projector.covered(_told(step, found)), size=12, wrap=True)
    text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    tag = Tag(word, tone)
    row = row_of(day, tag, max(0, _TAG_ROOM[language()] - tag.sizeHint().width()), text, gap=8)
    for part in (day, tag, text):
        row.setAlignment(part, Qt.AlignmentFlag.AlignTop)
    row.setStretch(3, 1)
    return row


def _told(step: Step, found: Issue) -> str:
    """What a step says: who, which unit, until when, its words."""
    parts: list[str] = []
    if step.kind == "resolve" and step.choice:
        from db.forum.fields import label_of

        parts.append(tr(label_of("outcome", step.choice)))
    if step.kind == "follow_up" and step.choice == "unreached":
        parts.append(tr(_("Nobody reached")))
    if step.unit is not None and step.unit in found.units:
        parts.append(found.units[step.unit])
    if step.due and step.kind not in ("resolve", "follow_up"):
        parts.append(tr(_("until {day}", day=step.due)))
    if step.days is not None:
        parts.append(tr(_("after {count} working days", count=step.days)))
    said = " · ".join(parts)
    text = (step.text or "").strip()
    if step.author:
        text = tr(_("{text} ({who})", text=text, who=step.author)).strip()
    return "\n".join(line for line in (said, text) if line)


def sum_said(clock: Clock) -> str:
    """A clock as people say it: 15 + extension 10 working days, from 07-29 to 09-02."""
    days = "—" if clock.days is None else str(clock.days)
    extra = "".join(tr(_(" + extension {count}", count=count)) for count in clock.granted)
    begun = tr(_("reopened ")) if clock.again else ""
    since: Sequence[str] = [tr(_("from {day}", day=clock.on))] if clock.on else []
    return " · ".join([clock.until, tr(_("{sum} working days", sum=f"{begun}{days}{extra}")), *since])
