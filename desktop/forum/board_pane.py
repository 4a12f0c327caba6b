"""The pane beside board and calls: one issue's course, its replies, files and what is like it; what may be done next."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QMenu, QPushButton, QStackedLayout, QStackedWidget, QVBoxLayout, QWidget

from db.core.text import Text, _
from desktop.forum import board_card, slips
from desktop.forum.steps import StepForm, day_said, open_form
from desktop.kit import projector, theme
from desktop.kit.page import Connection, Page, with_room
from desktop.kit.parts import Tag, bar, button, clear, column_of, label, panel, row_of
from desktop.kit.tabs import FoldingTabs
from desktop.kit.titles import title_row
from desktop.kit.words import language, tr

if TYPE_CHECKING:
    from db.forum.board import Issue
    from db.forum.rules import Step
    from db.forum.ways import Clock

_TABS = (("course", _("Course")), ("replies", _("Replies")), ("files", _("Attachments")), ("similar", _("Similar")))
_TONES = {
    "accept": "grey", "assign": "blue", "ask_longer": "blue", "grant": "blue", "deny": "amber", "give_back": "amber",
    "hold": "amber", "refer": "amber", "reopen": "amber", "escalate": "red", "resolve": "green", "fulfil": "green",
}  # fmt: skip

_TAG_ROOM = 64  # so that the words of most steps begin below each other


class IssuePane(QFrame):
    """See the module. `closed` when it is left; `changed` after a step was written, with its kind; `step_wanted`: ±1."""

    closed = Signal()
    changed = Signal(str)
    step_wanted = Signal(int)

    def __init__(self, page: Page) -> None:
        super().__init__()
        self.setProperty("box", "panel")
        self.page = page
        self.issue: Issue | None = None
        self.form: StepForm | None = None
        self.asked = 0  # the issue that is shown or waited for
        self._then: tuple[int, str] | None = None
        self._kept: dict[tuple[int, str], dict[str, str]] = {}
        self._files: Any = None
        self._similar: Any = None
        self._stack = QStackedLayout(self)
        self._stack.setContentsMargins(0, 0, 0, 0)
        self._stack.addWidget(self._reading())

    def _reading(self) -> QWidget:
        side = QWidget()
        self.title = label("", size=15, bold=True, wrap=True)
        self._tags = row_of(gap=6)
        self.second = label("", size=12, tone="mute", wrap=True)
        head = column_of(margins=(16, 12, 10, 4), gap=4)
        head.addLayout(title_row(self.title, self.closed.emit))
        second = row_of(self.second, gap=8)
        second.insertLayout(0, self._tags)
        second.setStretch(1, 1)
        head.addLayout(second)
        self.tabs = FoldingTabs(_TABS)
        self.tabs.chosen.connect(self._show_tab)
        self._pages = QStackedWidget()
        self.course, self._course_page = _scrolled()
        self.replies, self._replies_page = _scrolled()
        for one in (self._course_page, self._replies_page):
            self._pages.addWidget(one)
        self.forward = button("", self.take_usual, kind="primary")
        self.note = button(_("Report progress"), partial(self.open_step, "report"))
        self.longer = button(_("Ask for more time"), partial(self.open_step, "ask_longer"))
        self.more = button("⋯", self._open_menu, tip=_("More"))
        self.more.setAccessibleName(tr(_("More")))
        lines = column_of(gap=0, parent=side)
        lines.addLayout(head)
        lines.addWidget(bar("head", 36, self.tabs, margins=(16, 0, 16, 0)))
        lines.addWidget(self._pages, 1)
        lines.addWidget(bar("bottom", theme.ACTION_BAR, self.forward, self.note, self.longer, None, self.more))
        return side

    # --- showing ---------------------------------------------------------------------------------------------------

    def show_issue(self, number: int) -> None:
        """This issue, as it is now; a form that is open for it stays."""
        if self.form is not None and self.asked != number:
            self.leave_form()
        self.asked = number
        today = self.page.desk.today().isoformat()

        def work(connection: Connection) -> Issue | None:
            from db.forum.board import one

            return one(connection, number, today=today)

        self.page.ask(work, self._take, key="issue")

    def _take(self, found: Issue | None) -> None:
        if found is None:
            self.issue = None
            self.closed.emit()
            return
        if found.card.id != self.asked:
            return
        self.issue = found
        self.title.setText(projector.covered(found.card.text))
        clear(self._tags)
        for text, tone in board_card.tags(found.card):
            self._tags.addWidget(Tag(text, tone))
        parts = (board_card.place(found.card), projector.covered(found.card.company), found.category)
        self.second.setText(" · ".join(part for part in parts if part))
        self.tabs.say("replies", _("Replies {count}", count=found.replies) if found.replies else _("Replies"))
        show_course(self.course, found)
        self._show_replies(found)
        self._show_ways(found)
        self._show_tab(self.tabs.current)
        then, self._then = self._then, None
        if then is not None and then[0] == found.card.id:
            self.open_step(then[1])

    def _show_replies(self, found: Issue) -> None:
        from db.forum.rules import replies

        clear(self.replies)
        for at, step in enumerate(replies(found.steps), 1):
            said = [tr(_("Reply {number}", number=at)), step.on or tr(_("day not known")), step.author or ""]
            box = column_of(label(" · ".join(part for part in said if part), size=12, tone="mute"), gap=2)
            text = label(projector.covered(step.text or ""), wrap=True)
            text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            box.addWidget(text)
            self.replies.addLayout(box)
        if not found.replies:
            self.replies.addWidget(label(_("The enterprise has no reply yet."), tone="mute", wrap=True))
        self.replies.addStretch(1)

    def _show_tab(self, key: str) -> None:
        if key == "files" and self._files is None:
            from desktop.kit.attachments import Attachments

            self._files = Attachments(self.page, "forum")
            self._pages.addWidget(self._files)
        if key == "similar" and self._similar is None:
            from desktop.forum.followup_kinds import SimilarPart

            self._similar = SimilarPart(self.page)
            self._pages.addWidget(self._similar)
        part = {
            "course": self._course_page, "replies": self._replies_page, "files": self._files, "similar": self._similar,
        }[key]  # fmt: skip
        self._pages.setCurrentWidget(part)
        if key in ("files", "similar") and self.issue is not None:
            part.show_record({"id": self.issue.card.id, "name": self.issue.card.text})

    # --- what may be done ------------------------------------------------------------------------------------------

    def _show_ways(self, found: Issue) -> None:
        from db.forum.rules import KINDS

        usual = (
            found.usual if found.usual in found.may else next((k for k, why in found.may.items() if why is None), None)
        )
        self.forward.setVisible(usual is not None)
        if usual is not None:
            self.forward.setText(f"{tr(KINDS[usual])}…")
            self._allow(self.forward, found.may[usual])
        self.note.setVisible(usual != "report" and found.may.get("report") is None)
        self.longer.setVisible("ask_longer" in found.may and found.card.state in ("accepted", "in_hand"))
        self._allow(self.longer, found.may.get("ask_longer"))
        self._allow(self.note, None)

    def _allow(self, one: QPushButton, why: Text | None) -> None:
        """A button, or why it rests."""
        if self.page.desk.seen is not None:
            why = _("The book as of then is only looked at; Esc goes back to the present.")
        one.setEnabled(why is None)
        one.setToolTip("" if why is None else tr(why))

    def take_usual(self) -> None:
        """The form of the step that mostly comes next."""
        if self.issue is not None and self.issue.usual is not None:
            self.open_step(self.issue.usual)

    def open_step(self, kind: str) -> None:
        """The form of a step; where it cannot be, it is said why."""
        if self.issue is None:
            return
        why = self.issue.may.get(kind)
        if why is not None:
            from db.core.errors import Refused

            self.page.desk.complain(Refused(why))
            return
        open_form(self.page, self.issue, kind, self._show_form)

    def _show_form(self, form: StepForm) -> None:
        self._drop_form()
        self.form = form
        form.form.put_texts(self._kept.pop((form.issue.card.id, form.kind), {}))
        form.closed.connect(self.leave_form)
        form.taken.connect(self._taken)
        self._stack.addWidget(form)
        self._stack.setCurrentWidget(form)
        form.take_focus()

    def when_shown(self, number: int, kind: str) -> None:
        """The form of a step, as soon as this issue is the one that is shown."""
        if self.issue is not None and self.issue.card.id == number == self.asked:
            self.open_step(kind)
        else:
            self._then = (number, kind)

    def put_form(self, form: QWidget) -> None:
        """Another form in the place of the issue."""
        self._stack.addWidget(form)
        self._stack.setCurrentWidget(form)

    def drop_form(self, form: QWidget) -> None:
        """The issue again."""
        self._stack.removeWidget(form)
        form.deleteLater()
        self._stack.setCurrentIndex(0)

    def leave_form(self) -> None:
        """Back to the issue; what was typed is there again when the form is."""
        if self.form is not None:
            texts = self.form.form.texts()
            if texts:
                self._kept[self.form.issue.card.id, self.form.kind] = texts
        self._drop_form()
        self.setFocus()

    def _taken(self, kind: str) -> None:
        self._drop_form()
        self.show_issue(self.asked)
        self.changed.emit(kind)

    def _drop_form(self) -> None:
        if self.form is not None:
            self.drop_form(self.form)
            self.form = None

    def menu(self) -> QMenu:
        """Every step that the office uses, those that cannot be with their reason; the papers."""
        from db.forum.rules import KINDS

        made = QMenu(self)
        made.setToolTipsVisible(True)
        for kind, why in (self.issue.may if self.issue is not None else {}).items():
            entry = made.addAction(f"{tr(KINDS[kind])}…")
            entry.setEnabled(why is None and self.page.desk.seen is None)
            entry.setToolTip("" if why is None else tr(why))
            entry.triggered.connect(lambda _checked=False, kind=kind: self.open_step(kind))
        if self.issue is not None:
            about = f"{board_card.place(self.issue.card)} {self.issue.card.company}"
            slips.add_to_menu(made, self.page, self.issue.card.id, about)
        return made

    def _open_menu(self) -> None:
        menu = self.menu()
        menu.popup(self.more.mapToGlobal(self.more.rect().topLeft()) - menu.rect().bottomLeft())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc leaves the pane; Alt+↑ and Alt+↓ show the issue before and after."""
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        elif event.modifiers() == Qt.KeyboardModifier.AltModifier and event.key() in steps:
            self.step_wanted.emit(steps[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)


# --- parts -----------------------------------------------------------------------------------------------------------


def _scrolled() -> tuple[QVBoxLayout, QWidget]:
    inner = QWidget()
    inner.setProperty("clear", "true")
    lines = column_of(margins=(16, 10, 16, 12), gap=8, parent=inner)
    area = with_room(inner, 0, 0)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    return lines, area


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


def show_course(lines: QVBoxLayout, found: Issue) -> None:
    """Everything that was done about an issue, the newest last, under its unit and its clock."""
    clear(lines)
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
    for step in found.steps:
        lines.addLayout(_step_line(step, found))
    if not found.steps:
        lines.addWidget(label(_("Nothing was done about it yet."), tone="mute", wrap=True))
    if found.must_escalate:
        told = _("It was assigned twice and is not closed: by the rules it goes to a district leader, {count} working days"
                 " (until {day}).", count=found.chain.escalated, day=found.escalated_until)  # fmt: skip
        lines.addWidget(_notice(told, "red"))
    if found.remarks:
        _fact(lines, _("Remarks"), projector.covered(found.remarks))
    lines.addStretch(1)


def _step_line(step: Step, found: Issue) -> Any:
    from db.forum.rules import SUPERVISED, TOLD

    word, tone = TOLD[step.kind], _TONES.get(step.kind, "grey")
    if step.kind == SUPERVISED:
        from db.people.supervision import BLUE, COLOURS, RED, YELLOW

        word, tone = COLOURS[step.choice or YELLOW], {BLUE: "blue", RED: "red"}.get(step.choice or "", "amber")
    if step.kind == "follow_up" and step.choice in ("satisfied", "basically", "dissatisfied"):
        from db.forum.fields import label_of

        word = label_of("satisfaction", step.choice)
        tone = {"satisfied": "green", "basically": "amber", "dissatisfied": "red"}[step.choice]
    day = label((step.on or "")[5:] or "—", size=12, tone="mute")
    day.setFixedWidth(40)
    day.setToolTip(step.on or "")
    text = label(projector.covered(_told(step, found)), size=12, wrap=True)
    text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    tag = Tag(word, tone)
    row = row_of(day, tag, max(0, _TAG_ROOM - tag.sizeHint().width()), text, gap=8)
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
