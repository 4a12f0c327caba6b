"""The decisions of the meetings: who is to do what until when, what was sent about it, and closing it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QMenu, QWidget

from db.core.text import Text, _
from db.five_ones.models import ASKED, RED_SLIP, REMINDED, YELLOW_SLIP
from desktop.five_ones import dunning
from desktop.five_ones.meetings_forms import CloseCard, FormCard, ReportCard
from desktop.kit import projector, theme
from desktop.kit.attachments import Attachments
from desktop.kit.beside import Beside
from desktop.kit.cells import Cell
from desktop.kit.lists import Heading, PlainList, text_cell
from desktop.kit.page import Connection, Page
from desktop.kit.parts import Segments, bar, button, column_of, label
from desktop.kit.words import tr

if TYPE_CHECKING:
    from db.five_ones.sittings import Assigned, Step

_SLIPS = (REMINDED, YELLOW_SLIP, RED_SLIP)
_SENT: dict[str, tuple[Text, str]] = {
    REMINDED: (_("Reminder due"), "blue"),
    YELLOW_SLIP: (_("Yellow slip due"), "amber"),
    RED_SLIP: (_("Red slip due"), "red"),
}


class DecisionPane(QFrame):
    """One decision in full: what was done about it, and the files that prove it."""

    def __init__(self, page: Page) -> None:
        from db.five_ones.models import DECISIONS

        super().__init__()
        self.setProperty("box", "panel")
        self.page = page
        self._text = label("", size=15, bold=True, wrap=True)
        self._facts = label("", size=12, tone="mute", wrap=True)
        self._steps = label("", wrap=True)
        self.files = Attachments(page, DECISIONS)
        lines = column_of(gap=0, parent=self)
        lines.addLayout(column_of(self._text, self._facts, self._steps, margins=(16, 12, 16, 8), gap=6))
        lines.addWidget(self.files, 1)

    def show_decision(self, one: Assigned, steps: Sequence[Step]) -> None:
        """Another decision, or the same one changed."""
        facts = [
            one.project, one.owner + (tr(_(" (has left office)")) if one.left else ""),
            tr(_("decided {day}", day=one.decision.decided_on)),
            tr(_("due {day}", day=one.decision.due_on)) if one.decision.due_on else tr(_("no deadline")),
            tr(one.of),
        ]  # fmt: skip
        self._text.setText(projector.covered(one.decision.text))
        self._facts.setText(projector.covered(" · ".join(part for part in facts if part)))
        lines = [
            f"{step.on}　{tr(step.label)}　{' '.join(part for part in (step.number, step.text) if part)}"
            for step in steps
        ]
        self._steps.setText("\n".join(lines) or tr(_("Nothing was sent about it yet.")))
        self.files.show_record({"id": one.decision.id, "name": one.decision.text})


class DecisionsPanel(QWidget):
    """`wanted`: which decisions are to be read: of the meeting, all that are open, all; `new_wanted`: write one."""

    wanted = Signal(str)
    new_wanted = Signal()

    def __init__(self, page: Page) -> None:
        super().__init__()
        self.page = page
        self.found: Sequence[Assigned] = ()
        self.shown = "meeting"
        self.card: FormCard | None = None
        self._read: Sequence[Assigned] = ()
        self.switch = Segments(
            (("meeting", _("Of this meeting")), ("open", _("Open ones")), ("all", _("All of them"))), self.shown
        )
        self.switch.chosen.connect(self._switch)
        self.said = label("", size=12, tone="mute")
        self.remind = button(_("Copy the reminder"), self.copy, small=True)
        self.list = PlainList()
        self.list.setAccessibleName(tr(_("Decisions")))
        self.list.selectionModel().currentRowChanged.connect(lambda now, _before: self._chose(now.row()))
        self.pane = DecisionPane(page)
        self.new = button(_("New decision…"), self.new_wanted.emit)
        self.slip = button(_("Issue a slip…"), self._open_slips)
        self.told = button(_("Mark as reminded"), self.mark_reminded)
        self.report = button(_("Record a report…"), self.ask_report)
        self.close_button = button(_("Close it…"), self.ask_close, kind="primary")
        self._beside = Beside(self.list, self.pane, page.desk.preferences)
        self.list.selectionModel()
        lines = column_of(
            bar("filter", theme.FILTER_BAR, self.switch, self.said, None, self.remind), gap=0, parent=self
        )
        lines.addWidget(self._beside, 1)
        lines.addWidget(
            bar("bottom", theme.ACTION_BAR, self.close_button, self.slip, self.told, self.report, None, self.new)
        )
        self.setFocusProxy(self.list)

    def writers(self) -> Sequence[QWidget]:
        """What rests while one looks at the past."""
        return (self.new, self.told, self.report, self.close_button)

    def adapt(self, width: int) -> None:
        """The pane goes over the list in a narrow window."""
        self._beside.adapt(width)

    def _switch(self, key: str) -> None:
        self.shown = key
        self.wanted.emit(key)

    # --- the list --------------------------------------------------------------------------------------------------

    def show_decisions(self, found: Sequence[Assigned]) -> None:
        """Those that were asked for."""
        before = self.current
        self.found = [one for one in found if self.shown != "open" or one.decision.open]
        day = self.page.desk.today().isoformat()
        late = sum(one.overdue(day) for one in self.found)
        open_ = sum(one.decision.open for one in self.found)
        self.said.setText(
            tr(_("{count} decisions, {open} open, {late} overdue", count=len(self.found), open=open_, late=late))
        )
        self._show(day)
        ids = [one.decision.id for one in self.found]
        at = ids.index(before.decision.id) if before is not None and before.decision.id in ids else 0
        if ids:
            self.list.selectRow(at)
        self._chose(at if ids else -1)

    def _show(self, day: str) -> None:
        found = self.found
        headings = (
            Heading(_("Decision"), 200, stretch=True), Heading(_("Project"), 130, stretch=True),
            Heading(_("Responsible"), 110), Heading(_("Deadline"), 92), Heading(_("State"), 112),
        )  # fmt: skip

        def cell(row: int, column: int) -> Cell:
            one = found[row]
            if column == 4:
                return Cell(*_state(one, day))
            texts = (
                projector.covered(one.decision.text),
                projector.covered(one.project),
                one.owner,
                one.decision.due_on or "",
            )
            tone = "red" if (column == 3 and one.overdue(day)) or (column == 2 and one.left) else "text"
            return text_cell(texts[column], tone=tone)

        self.list.show_rows(headings, len(found), cell)

    @property
    def current(self) -> Assigned | None:
        """The decision that is chosen."""
        row = self.list.currentIndex().row()
        return self.found[row] if 0 <= row < len(self.found) else None

    def _chose(self, row: int) -> None:
        one = self.found[row] if 0 <= row < len(self.found) else None
        rests = self.page.desk.seen is not None
        for part in (self.slip, self.told, self.report, self.close_button):
            part.setEnabled(one is not None and (one.decision.open or part is self.slip) and not rests)
        if one is None:
            self._beside.fold()
            return
        self._beside.unfold()
        number = one.decision.id

        def work(connection: Connection) -> Sequence[Step]:
            from db.five_ones.sittings import steps

            return steps(connection, number)

        self.page.ask(work, partial(self.pane.show_decision, one), key="decision steps")

    # --- what one may do -------------------------------------------------------------------------------------------

    def copy(self) -> None:
        """The open ones of the list as text for a chat."""
        dunning.copy_reminder(self.page, self.found)

    def mark_reminded(self) -> None:
        """Somebody was reminded by word."""
        if self.current is not None:
            dunning.record_step(self.page, self.current, REMINDED, None, _nothing)

    def ask_report(self) -> None:
        """What was reported."""
        one = self.current
        if one is not None and not self.page.rests():
            self.card = ReportCard(
                self.page, one, lambda text, done: dunning.record_step(self.page, one, ASKED, text, done)
            )
            self.card.open_over(self.list)

    def ask_close(self) -> None:
        """Close it with evidence."""
        if self.current is not None and not self.page.rests():
            self.card = CloseCard(self.page, self.current)
            self.card.open_over(self.list)

    def slips_menu(self) -> QMenu:
        """Blue, yellow, red, as PDF or Word; what is due stands first; and the paper of what was sent."""
        from db.people.supervision import COLOURS

        menu, one = QMenu(self), self.current
        if one is None:
            return menu
        due = one.decision.slip
        for kind in sorted(_SLIPS, key=lambda kind: kind != due) if one.decision.open else ():
            for suffix, made in (("pdf", "PDF"), ("docx", "Word")):
                text = _("Issue: {slip} ({kind})…", slip=COLOURS[kind], kind=made)
                menu.addAction(tr(text)).triggered.connect(
                    lambda _checked=False, kind=kind, suffix=suffix: self.issue(kind, suffix)
                )
        menu.addSeparator()
        for kind in _SLIPS:
            if kind in one.decision.kinds:
                for suffix, made in (("pdf", "PDF"), ("docx", "Word")):
                    text = _("Write again: {slip} ({kind})…", slip=COLOURS[kind], kind=made)
                    menu.addAction(tr(text)).triggered.connect(
                        lambda _checked=False, kind=kind, suffix=suffix: self.issue(kind, suffix, again=True)
                    )
        return menu

    def issue(self, kind: str, suffix: str, *, again: bool = False) -> None:
        """Issue a slip, or write its paper again."""
        if self.current is not None:
            dunning.issue_slip(self.page, self, self.current, kind, suffix, again=again)

    def _open_slips(self) -> None:
        self.slips_menu().popup(self.slip.mapToGlobal(self.slip.rect().topLeft()))


def _nothing(_result: Any) -> None:
    """The page is read again by itself."""


def _state(one: Assigned, day: str) -> tuple[str, str, str]:
    """What is said of a decision, in which tone, on which tag."""
    if not one.decision.open:
        return tr(_("Done {day}", day=one.decision.closed_on)), "text", "green"
    if one.decision.slip in _SENT:
        text, tone = _SENT[one.decision.slip]
        return tr(text), "text", tone
    if one.overdue(day):
        return tr(_("Overdue")), "text", "red"
    return tr(_("Under way")), "text", "grey"
