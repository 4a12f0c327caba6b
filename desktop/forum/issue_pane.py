"""An issue as board, calls and ledger show it beside them: its course, what may be done next, its facts, its papers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from db.core.text import Text, _
from desktop.forum import board_card, slips
from desktop.forum.steps import StepForm, open_form, short
from desktop.kit import projector
from desktop.kit.columns import Late
from desktop.kit.ledger import Manner
from desktop.kit.page import Connection, Page
from desktop.kit.parts import Tag, button, clear
from desktop.kit.record_pane import RecordPane
from desktop.kit.records import FACTS, PaneTab, Records, read_record
from desktop.kit.several_views import View
from desktop.kit.words import tr

if TYPE_CHECKING:
    from db.core.saving import Blocks
    from db.forum.board import Issue
    from desktop.forum.issue_pages import StepLines

_STATE_TONES = {
    "registered": "blue", "pending": "blue", "assigned": "blue", "returned": "amber", "accepted": "blue",
    "in_hand": "blue", "on_hold": "amber", "at_city": "amber", "resolved": "green", "followed_up": "green",
    "closed": "grey", "inadmissible": "grey",
}  # fmt: skip
_SATISFACTION_TONES = {"satisfied": "green", "basically": "amber", "dissatisfied": "red"}
_SHORT = 40

MANNER = Manner(
    room="forum",
    named=_("issues in the list"),
    nothing=_("No issues yet. Drop a list of issues here, or register one."),
    no_match=_("No issue meets the conditions."),
    widths={
        "company": 200, "text": 264, "department": 132, "support": 132, "handling": 264, "category": 96, "session": 64,
        "state": 88, "remarks": 160,
    },
    tones={"state": _STATE_TONES, "satisfaction": _SATISFACTION_TONES},
    emphasis={"due_on": Late("resolved_on"), "clock_on": Late("closed_on")},
)  # fmt: skip


def _blocks() -> Blocks:
    from db.forum.blocks import BLOCKS

    return BLOCKS


def _groups() -> Mapping[str, Text]:
    from db.forum.fields import GROUPS

    return GROUPS


def _counted(count: int) -> Text:
    return _("{count} issues", count=f"{count:,}")


def _called(values: Mapping[str, Any]) -> str:
    """The first words of what it is about, as operations name it."""
    bare = next(iter(str(values.get("text") or "").splitlines()), "")
    return bare if len(bare) <= _SHORT else f"{bare[: _SHORT - 1]}…"


def _course(page: Page) -> QWidget:
    from desktop.forum.issue_pages import CoursePage

    return CoursePage(page)


def _replies(page: Page) -> QWidget:
    from desktop.forum.issue_pages import RepliesPage

    return RepliesPage(page)


def _files(page: Page) -> QWidget:
    from desktop.kit.attachments import Attachments

    return Attachments(page, "forum")


def _similar(page: Page) -> QWidget:
    from desktop.forum.followup_kinds import SimilarPart

    return SimilarPart(page)


def _history(page: Page) -> QWidget:
    from desktop.forum.issue_pages import story
    from desktop.kit.told import ToldPage

    return ToldPage(page, story)


RECORDS = Records(
    MANNER, _blocks, _("issue"), _counted,
    goes=_("“{name}” goes with everything that was done about it: steps, replies, attachments."),
    called=_called,
    title="text",
    in_head=("state",),
    new=("company", "text", "category", "session", "raised_on", "department", "support", "due_on"),
    needed=("company", "text"),
    proposed=frozenset({"category", "support"}),
    one_by_one=frozenset({"company"}),
    groups=_groups,
    tabs=(
        PaneTab("course", _("Course"), _course), PaneTab("replies", _("Replies"), _replies), FACTS,
        PaneTab("files", _("Attachments"), _files), PaneTab("similar", _("Similar"), _similar),
        PaneTab("history", _("History"), _history),
    ),
)  # fmt: skip


class IssuePane(RecordPane):
    """See the module. A ledger hands it the record, others its number. `changed` with the kind of a step that was written."""

    changed = Signal(str)

    def __init__(self, page: Page, records: Records = RECORDS) -> None:
        self.issue: Issue | None = None
        self.step_form: StepForm | None = None
        self.asked = 0  # the issue that is shown or waited for
        self._then: tuple[int, Callable[[], object]] | None = None
        super().__init__(page, records)

    def first_buttons(self) -> Sequence[QWidget]:
        """The step that mostly comes next; a word about it, more time."""
        self.forward = button("", self.take_usual, kind="primary")
        self.note = button(_("Report progress"), partial(self.open_step, "report"))
        self.longer = button(_("Ask for more time"), partial(self.open_step, "ask_longer"))
        for one in (self.forward, self.note, self.longer):
            one.hide()
        return self.forward, self.note, self.longer

    @property
    def busy(self) -> bool:
        """A form of its facts, or of a step."""
        return super().busy or self.step_form is not None

    # --- showing ---------------------------------------------------------------------------------------------------

    def show_issue(self, number: int) -> None:
        """This issue, as it is now; a form that is open for it stays."""
        self.asked = number
        self.leave_step(but=number)
        work = read_record(self.records, number, self.page.desk.today().isoformat())
        self.page.ask(work, self._take_record, key="record")

    def _take_record(self, record: Mapping[str, Any] | None) -> None:
        if record is None:
            self.closed.emit()
        elif record["id"] == self.asked:
            self.learn_groups()
            self.show_record(record)

    def show_record(self, record: Mapping[str, Any]) -> None:
        """One issue, and what may be done with it; a form of a step that is open for it stays."""
        number = self.asked = int(record["id"])
        self.leave_step(but=number)
        above = self._stack.currentWidget()
        super().show_record(record)
        if above not in (self._stack.widget(0), self._form_side):
            self._stack.setCurrentWidget(above)
        self._title.setText(projector.covered(str(record["text"])))
        today = self.page.desk.today().isoformat()

        def work(connection: Connection) -> Issue | None:
            from db.forum import board

            return board.one(connection, number, today=today)

        self.page.ask(work, self._take_issue, key="issue")

    def second(self, record: Mapping[str, Any]) -> Sequence[str]:
        """The enterprise and its kind of issue; the place comes with the issue."""
        return [projector.covered(str(record[key])) for key in ("company", "category") if record.get(key)]

    def _take_issue(self, found: Issue | None) -> None:
        if found is None or found.card.id != self.asked or self.record is None:
            return
        self.issue = found
        clear(self._tags)
        for text, tone in board_card.tags(found.card):
            self._tags.addWidget(Tag(text, tone))
        self._second.setText(
            " · ".join(part for part in (board_card.place(found.card), *self.second(self.record)) if part)
        )
        self.tabs.say("replies", _("Replies {count}", count=found.replies) if found.replies else _("Replies"))
        self._show_ways(found)
        then, self._then = self._then, None
        if then is not None and then[0] == found.card.id:
            then[1]()

    # --- what may be done ------------------------------------------------------------------------------------------

    def _show_ways(self, found: Issue) -> None:
        from db.forum.rules import KINDS

        usual = (
            found.usual if found.usual in found.may else next((k for k, why in found.may.items() if why is None), None)
        )
        self.forward.setVisible(usual is not None)
        if usual is not None:
            self.forward.setText(tr(_("{step}…", step=KINDS[usual])))
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
        open_form(self.page, self.issue, kind, self._show_step)

    def _show_step(self, form: StepForm) -> None:
        self.leave_step()
        if form.issue.card.id != self.asked:  # another one was chosen meanwhile
            form.deleteLater()
            return
        self.step_form = form
        form.closed.connect(self.leave_step)
        form.taken.connect(self._taken)
        self.put(form)
        form.take_focus()

    def when_shown(self, number: int, do: Callable[[], object]) -> None:
        """Do something as soon as this issue is the one that is shown."""
        if self.issue is not None and self.issue.card.id == number == self.asked:
            do()
        else:
            self._then = (number, do)

    def put(self, form: QWidget) -> None:
        """A form in the place of the issue."""
        self._stack.addWidget(form)
        self._stack.setCurrentWidget(form)

    def take_away(self, form: QWidget) -> None:
        """The issue again."""
        self._stack.removeWidget(form)
        form.deleteLater()
        self._stack.setCurrentIndex(0)

    def leave_step(self, *, but: int = 0) -> None:
        """Back to the issue, unless the form is of this one; what was typed is there again when the form is."""
        form = self.step_form
        if form is not None and form.issue.card.id != but:
            self.step_form = None
            self.take_away(form)
            self.setFocus()

    def _taken(self, kind: str) -> None:
        self.leave_step()
        self.changed.emit(kind)

    def add_to_menu(self, menu: QMenu) -> None:
        """Every step that the office uses, those that cannot be with their reason; the papers."""
        if self.issue is None:
            return
        from db.forum.rules import KINDS, SUPERVISED

        steps = menu.addMenu(tr(_("Take a step…")))
        steps.setToolTipsVisible(True)
        for kind, why in self.issue.may.items():
            entry = steps.addAction(tr(_("{step}…", step=KINDS[kind])))
            entry.setEnabled(why is None and self.page.desk.seen is None)
            entry.setToolTip("" if why is None else tr(why))
            entry.triggered.connect(lambda _checked=False, kind=kind: self.open_step(kind))
        about = f"{board_card.place(self.issue.card)} {self.issue.card.company}"
        sent = [step.text or "" for step in self.issue.steps if step.kind == SUPERVISED]
        slips.add_to_menu(menu, self.page, self.issue.card.id, about, sent=sent)

    # --- files -----------------------------------------------------------------------------------------------------

    def hint(self, paths: Sequence[Path], place: QPoint) -> tuple[QWidget, Text] | None:
        """To what files would be attached that are dropped here: the step that is written, else the issue."""
        over = self.isVisible() and self.rect().contains(self.mapFromGlobal(place))
        if (
            not over
            or self.issue is None
            or self.form is not None
            or any(one.suffix.lower() == ".zsb" for one in paths)
        ):
            return None
        if self.step_form is not None:
            return self, _("Drop to attach to this step.")
        step = self._step_at(place)
        if step is not None:
            return step, _("Drop to attach to “{name}”.", name=step.name)
        return self, _("Drop to attach to “{name}”.", name=short(self.issue.card.text))

    def _step_at(self, place: QPoint) -> StepLines | None:
        course: Any = self.parts.get("course")
        found: StepLines | None = None if course is None else course.step_at(place)
        return found

    def take_files(self, paths: Sequence[Path], place: QPoint) -> bool:
        """Attach them, where they are to be attached."""
        if self.issue is None or self.hint(paths, place) is None:
            return False
        if self.step_form is not None:
            self.step_form.add_files(paths)
            return True
        step = self._step_at(place)
        if step is not None:
            step.take(paths)
            return True
        from desktop.kit.attachments import attach

        attach(self.page, self.records.manner.room, self.issue.card.id, short(self.issue.card.text), paths)
        self.show_tab("files")
        return True


class TakesFiles(View):
    """A view with the pane of an issue, on which files may be dropped."""

    pane: Any

    def drop_hint(self, paths: Sequence[Path], place: QPoint) -> tuple[QWidget, Text] | None:
        """The pane's, else the view's own."""
        return self.pane.hint(paths, place) or super().drop_hint(paths, place)

    def drop(self, paths: Sequence[Path], place: QPoint) -> bool:
        """The pane's, else the view's own."""
        return self.pane.take_files(paths, place) or super().drop(paths, place)


def hand_to_ledger(pane: IssuePane) -> None:
    """Facts are changed, and issues deleted, in the ledger: what is wanted of a pane elsewhere is done there."""
    page: Any = pane.page
    pane.edit_wanted.connect(lambda: page.in_ledger(pane.asked, lambda there: there.edit_wanted.emit()))
    pane.delete_wanted.connect(lambda: page.in_ledger(pane.asked, lambda there: there.delete_wanted.emit()))
