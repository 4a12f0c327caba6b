"""The issues as a ledger: the six columns typed where they stand, many resolved in one step, one issue in the pane."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QMenu, QWidget

from db.core.text import Text, _
from desktop.kit.columns import Late
from desktop.kit.form import said
from desktop.kit.ledger import Manner
from desktop.kit.ledger_page import LedgerView
from desktop.kit.page import Connection, Page
from desktop.kit.parts import Tag, button
from desktop.kit.record_pane import RecordPane
from desktop.kit.records import FACTS, PaneTab, Records
from desktop.kit.words import tr

if TYPE_CHECKING:
    from db.core.saving import Blocks
    from db.forum.board import Issue
    from desktop.forum.steps import StepForm

STATE_TONES = {
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
    tones={"state": STATE_TONES, "satisfaction": _SATISFACTION_TONES},
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


def _steps(page: Page) -> QWidget:
    from desktop.forum.issue_pages import StepsPage

    return StepsPage(page)


def _similar(page: Page) -> QWidget:
    from desktop.forum.followup_kinds import SimilarPart

    return SimilarPart(page)


def _files(page: Page) -> QWidget:
    from desktop.kit.attachments import Attachments

    return Attachments(page, "forum")


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
        FACTS, PaneTab("steps", _("Steps of the issue"), _steps), PaneTab("files", _("Attachments"), _files),
        PaneTab("similar", _("Similar"), _similar),
        PaneTab("history", _("History"), _history),
    ),
)  # fmt: skip


class IssuePane(RecordPane):
    """An issue: whose it is, where it stands, the step that mostly comes next."""

    def __init__(self, page: Page, records: Records) -> None:
        self._issue: Issue | None = None
        self.step_form: StepForm | None = None
        super().__init__(page, records)

    def first_buttons(self) -> Sequence[QWidget]:
        """Its next step; its facts."""
        self.forward = button(_("Take a step…"), self.take_usual, kind="primary")
        change = button(_("Change facts"), self.edit_wanted.emit)
        self.page.writers += [self.forward, change]
        return self.forward, change

    @property
    def busy(self) -> bool:
        """A form of its facts, or of a step."""
        return super().busy or self.step_form is not None

    def second(self, record: Mapping[str, Any]) -> Sequence[str]:
        """The enterprise, the department, the session."""
        session = record.get("session")
        parts = [record.get("company"), record.get("department")]
        if session is not None:
            parts.append(tr(_("session {number}", number=session)))
        return [str(part) for part in parts if part]

    def tags(self, record: Mapping[str, Any]) -> Sequence[Tag]:
        """Where it stands, and that it was escalated."""
        by_key = {one.key: one for one in record["fields"]}
        state = str(record["state"])
        made = [Tag(said(by_key["state"], state), STATE_TONES.get(state, "grey"))]
        if record.get("escalated"):
            made.append(Tag(_("Escalated"), "red"))
        return made

    def show_record(self, record: Mapping[str, Any]) -> None:
        """One issue, and what may be done with it."""
        self._leave_step()
        super().show_record(record)
        number, today = self.number, self.page.desk.today().isoformat()

        def work(connection: Connection) -> Issue | None:
            from db.forum import board

            return board.one(connection, number, today=today)

        self.page.ask(work, self._take_issue, key="issue")

    def _take_issue(self, issue: Issue | None) -> None:
        from db.forum.rules import KINDS

        self._issue = issue
        usual = issue.usual if issue is not None else None
        self.forward.setVisible(usual is not None)
        if usual is not None:
            self.forward.setText(tr(_("{step}…", step=KINDS[usual])))

    # --- steps -----------------------------------------------------------------------------------------------------

    def take_usual(self) -> None:
        """The form of the step that mostly comes next."""
        if self._issue is not None and self._issue.usual is not None:
            self.take_step(self._issue.usual)

    def take_step(self, kind: str) -> None:
        """The form of a step, in place of the facts."""
        from desktop.forum.steps import open_form

        if self._issue is not None:
            open_form(self.page, self._issue, kind, self._show_step)

    def _show_step(self, form: StepForm) -> None:
        self._leave_step()
        self.step_form = form
        form.closed.connect(self._leave_step)
        form.taken.connect(lambda _kind: self._leave_step())
        self._stack.addWidget(form)
        self._stack.setCurrentWidget(form)
        form.take_focus()

    def _leave_step(self) -> None:
        form, self.step_form = self.step_form, None
        if form is not None:
            self._stack.setCurrentIndex(0)
            self._stack.removeWidget(form)
            form.deleteLater()
            self.setFocus()

    def add_to_menu(self, menu: QMenu) -> None:
        """Every step that the office uses; one that cannot be says why."""
        if self._issue is None:
            return
        from db.forum.rules import KINDS

        steps = menu.addMenu(tr(_("Take a step…")))
        steps.setToolTipsVisible(True)
        for kind, why in self._issue.may.items():
            entry = steps.addAction(tr(KINDS[kind]))
            entry.setEnabled(why is None)
            entry.setToolTip(tr(why) if why is not None else "")
            entry.triggered.connect(lambda _checked=False, kind=kind: self.take_step(kind))


class IssuesView(LedgerView):
    """See the module."""

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

    def finish(self) -> None:
        """一步办结: the chosen issues resolved on a day, with one reply."""
        from desktop.forum.issue_pages import Finish

        ids = self.chosen_ids()
        if ids and not self.page.rests():
            Finish(self, ids).open_over(self.table)

    def _menu(self, menu: QMenu, _index: Any) -> None:
        ids = self.chosen_ids()
        entry = menu.addAction(tr(_("Resolve {what} in one step…", what=_counted(len(ids)))) + "\tCtrl+Shift+J")
        entry.triggered.connect(lambda _checked=False: self.finish())
        entry.setEnabled(bool(ids) and self.page.desk.seen is None)
