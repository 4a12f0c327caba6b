"""回访: the calls that are to be made, and what many calls come to: one thing → one kind of thing → a policy."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from db.core.fields import Day, Field, Words
from db.core.text import _
from desktop.forum import board_card, slips
from desktop.forum.issue_pane import IssuePane, TakesFiles, hand_to_ledger
from desktop.kit import projector, theme
from desktop.kit.beside import Beside
from desktop.kit.cells import Cell
from desktop.kit.lists import Heading, PlainList, text_cell
from desktop.kit.page import Connection, EmptyPage, Page
from desktop.kit.parts import Segments, bar, button, column_of, label, panel
from desktop.kit.side_form import SideForm
from desktop.kit.words import tr

if TYPE_CHECKING:
    from db.forum.board import Call, Kind
    from db.forum.queries import Card

_CALLS, _KINDS = "calls", "kinds"


class Calls(PlainList):
    """The calls; R and Enter ask what the enterprise says (column -1)."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """See the class."""
        keys = (Qt.Key.Key_R, Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if event.key() in keys and self.currentIndex().isValid():
            self.picked.emit(self.currentIndex().row(), -1)
            return
        super().keyPressEvent(event)


class FollowUpView(TakesFiles):
    """See the module."""

    def __init__(self, page: Page) -> None:
        super().__init__()
        self.page = page
        self.calls: Sequence[Call] = ()
        self._said = {_CALLS: "", _KINDS: ""}
        self._facts: dict[str, list[tuple[str, str, str]]] = {_CALLS: [], _KINDS: []}
        self.kinds: Sequence[Kind] = ()
        self.kind_form: KindForm | None = None
        self.which = Segments(((_CALLS, _("Calls to make")), (_KINDS, _("Kinds of thing"))), _CALLS)
        self.which.chosen.connect(self.show_list)
        self.told = label("", size=12, tone="mute")
        self.list, self.kind_list = Calls(), PlainList()
        self.list.remember(page.desk.preferences, "forum_calls")
        self.kind_list.remember(page.desk.preferences, "forum_kinds")
        self.list.setAccessibleName(tr(_("Calls to make")))
        self.kind_list.setAccessibleName(tr(_("Kinds of thing")))
        self.list.picked.connect(self._picked)
        self.kind_list.picked.connect(lambda row, _column: self.show_kind(row))
        self.no_calls = EmptyPage(_("No call is due: nothing that was resolved waits for one."))
        self.no_kinds = EmptyPage(
            _("No issues are linked yet. Open one on the board, “Similar”, and tick those like it.")
        )
        self._lists = QStackedWidget()
        for part in (self.list, self.kind_list, self.no_calls, self.no_kinds):
            self._lists.addWidget(part)
        self.pane = IssuePane(page)
        hand_to_ledger(self.pane)
        self.pane.step_wanted.connect(self._step)
        self.pane.closed.connect(self._close_pane)
        self.pane.changed.connect(lambda _kind: self.list.setFocus())
        self.beside = Beside(self._lists, self.pane, page.desk.preferences)
        column_of(bar("filter", theme.FILTER_BAR, self.which, self.told, None), gap=0, parent=self).addWidget(
            self.beside, 1
        )
        self.shown_list = _CALLS

    # --- reading ---------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """The calls and the kinds of thing."""
        today = self.page.desk.today().isoformat()

        def work(connection: Connection) -> tuple[int, Sequence[Call], Sequence[Kind]]:
            from db.forum.board import call_list, calls, kinds

            count, ids = calls(connection)
            return count, call_list(connection, ids, today=today), kinds(connection)

        self.page.ask(work, self._take, key="follow_up", title=_("Reading the calls"))

    def _take(self, found: tuple[int, Sequence[Call], Sequence[Kind]]) -> None:
        count, self.calls, self.kinds = found
        late = sum(1 for one in self.calls if one.card.left is not None and one.card.left < 0)
        said = _("{count} calls to make, {late} of them late", count=f"{count:,}", late=f"{late:,}")
        if count > len(self.calls):
            said = _("{count} calls to make, the first {shown} are shown", count=f"{count:,}", shown=len(self.calls))
        self._said = {_CALLS: tr(said), _KINDS: tr(_("{count} kinds of thing", count=len(self.kinds)))}
        self._facts = {
            _CALLS: [
                (tr(_("Calls to make")), f"{count:,}", tr(_("issues"))),
                (tr(_("Overdue")), f"{late:,}", tr(_("issues"))),
            ],
            _KINDS: [(tr(_("Kinds of thing")), f"{len(self.kinds):,}", "")],
        }
        self.list.show_rows(_call_headings(), len(self.calls), self._call_cell)
        self.kind_list.show_rows(_KIND_HEADINGS, len(self.kinds), self._kind_cell)
        self.show_list(self.shown_list)
        if self.pane.isVisible() and self.pane.asked:
            self.pane.show_issue(self.pane.asked)

    def show_list(self, key: str) -> None:
        """The calls, or the kinds of thing."""
        self.which.choose(key)
        if key != self.shown_list:
            self._close_pane()
        self.shown_list = key
        lists = {_CALLS: (self.list, self.no_calls, self.calls), _KINDS: (self.kind_list, self.no_kinds, self.kinds)}
        rows, nothing, found = lists[key]
        self._lists.setCurrentWidget(rows if found else nothing)
        self.told.setText(self._said[key])
        self.page.footer.show_facts(self._facts[key])
        self.page.footer.show_chosen(())

    def _call_cell(self, row: int, column: int) -> Cell:
        one = self.calls[row]
        key = _call_keys()[column]
        if key == "clock":
            text, tone = board_card.call_tag(one.card.left)
            return Cell(tr(text), tag=tone)
        if key == "again":
            return Cell(tr(_("Once more")), tag="amber") if one.again else text_cell("")
        values = {
            "text": one.card.text, "company": one.card.company, "contact": one.contact, "phone": one.phone,
            "reply": one.reply, "resolved_on": one.resolved_on or "", "department": one.card.department,
        }  # fmt: skip
        return text_cell(projector.covered(values[key]))

    def _kind_cell(self, row: int, column: int) -> Cell:
        one = self.kinds[row]
        if column in (1, 2, 3):
            return text_cell(f"{(one.issues, one.companies, one.open)[column - 1]:,}", right=True)
        if column == 4:
            sent = one.suggested_on
            return Cell(tr(_("suggested {day}", day=sent)), tag="green") if sent else Cell(tr(_("not yet")), tag="grey")
        return text_cell(one.name if column == 0 else one.suggestion)

    # --- one call --------------------------------------------------------------------------------------------------

    def _picked(self, row: int, column: int) -> None:
        """A click shows the issue; R and Enter ask what the enterprise says."""
        number = self.calls[row].card.id
        self.beside.unfold()
        self.pane.show_issue(number)
        if column < 0:
            self.pane.when_shown(number, partial(self.pane.open_step, "follow_up"))

    def _step(self, way: int) -> None:
        """The call before or after the one in the pane."""
        row = self.list.currentIndex().row() + way
        if 0 <= row < len(self.calls):
            self.list.selectRow(row)
            self._picked(row, 0)

    def _close_pane(self) -> None:
        self._drop_kind()
        self.beside.fold()
        self.list.setFocus()

    # --- one kind of thing -----------------------------------------------------------------------------------------

    def show_kind(self, row: int) -> None:
        """The issues of a kind of thing and what is suggested because of them."""
        kind, today = self.kinds[row], self.page.desk.today().isoformat()

        def work(connection: Connection) -> Sequence[Card]:
            from db.forum.board import of_kind

            return of_kind(connection, kind.id, today=today)

        self.page.ask(work, lambda cards: self._show_kind_form(KindForm(self.page, kind, cards)), key="kind")

    def _show_kind_form(self, form: KindForm) -> None:
        self._drop_kind()
        self.kind_form = form
        self.beside.unfold()
        self.pane.put(form)
        form.closed.connect(self._close_pane)
        form.kept.connect(self._close_pane)
        form.take_focus()

    def _drop_kind(self) -> None:
        if self.kind_form is not None:
            self.pane.take_away(self.kind_form)
            self.kind_form = None

    def take_focus(self) -> None:
        """The list."""
        self._lists.currentWidget().setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc folds the pane away."""
        if event.key() == Qt.Key.Key_Escape and self.pane.isVisible():
            self._close_pane()
        else:
            super().keyPressEvent(event)

    def adapt(self, width: int) -> None:
        """The pane lies over the list where the window is narrow."""
        self.beside.adapt(width)

    def show_example(self) -> None:
        """The first call."""
        if self.calls:
            self.list.selectRow(0)
            self._picked(0, -1)


class KindForm(SideForm):
    """A kind of thing: its issues as evidence, and the policy that is suggested. `kept` once it is written."""

    kept = Signal()

    def __init__(self, page: Page, kind: Kind, cards: Sequence[Card]) -> None:
        self.kind = kind
        fields = (
            Field("suggestion", _("What is suggested"), Words(long=True)),
            Field("suggested_to", _("Addressed to"), Words()),
            Field("suggested_on", _("Suggested on"), Day()),
        )
        values = {
            "suggestion": kind.suggestion or None, "suggested_to": kind.suggested_to or None,
            "suggested_on": kind.suggested_on or page.desk.today().isoformat(),
        }  # fmt: skip
        super().__init__(
            page, _("Kind of thing: {name}", name=kind.name), fields, values, verb=_("Keep the suggestion"),
            needed=("suggestion",), above=_evidence(cards),
        )  # fmt: skip
        self.keep_draft("forum-kind", kind.id)
        self.paper = button(_("Save as a paper…"), self.save_paper)
        row: Any = self.foot.layout()
        row.addWidget(self.paper)

    def take(self) -> None:
        """Keep what is suggested, as one operation."""
        values = self.values()
        if values is None:
            return
        number = self.kind.id

        def work(connection: Connection) -> None:
            from db.forum.service import suggest

            to, on = values["suggested_to"], values["suggested_on"]
            suggest(connection, number, str(values["suggestion"] or ""), to=to, on=on)

        name = _("Suggest a policy: {name}", name=self.kind.name)
        self.write(name, work, lambda _nothing: self.kept.emit())

    def save_paper(self) -> None:
        """The suggestion with its evidence, as PDF, Excel or Word."""
        slips.save_suggestion(self.page, self.kind.id, about=self.kind.name)


def _evidence(cards: Sequence[Card]) -> QWidget:
    box = panel("panel")
    lines = column_of(margins=(16, 4, 16, 4), gap=4, parent=box)
    lines.addWidget(label(_("The evidence: {count} issues", count=len(cards)), size=12, tone="mute"))
    for one in cards[:_SHOWN]:
        said = f"{board_card.source(one)} · {projector.covered(one.text)}"
        lines.addWidget(label(said, size=12, wrap=True))
    if len(cards) > _SHOWN:
        lines.addWidget(label(_("{count} more", count=len(cards) - _SHOWN), size=12, tone="faint"))
    return box


_SHOWN = 6
_CALL_COLUMNS: Sequence[tuple[str, Heading]] = (
    ("clock", Heading(_("Call due"), 118)),
    ("company", Heading(_("Enterprise"), 180)),
    ("text", Heading(_("What it is about"), 200, stretch=True)),
    ("reply", Heading(_("Reply"), 200, stretch=True)),
    ("contact", Heading(_("Contact"), 76)),
    ("phone", Heading(_("Telephone"), 116)),
    ("department", Heading(_("Department"), 96)),
    ("resolved_on", Heading(_("Resolved on"), 96)),
    ("again", Heading(_("Called before"), 84)),
)
_KIND_HEADINGS: Sequence[Heading] = (
    Heading(_("Kind of thing"), 220, stretch=True), Heading(_("Issues"), 70, right=True),
    Heading(_("Enterprises that raised it"), 84, right=True), Heading(_("Still open"), 76, right=True), Heading(_("Suggestion"), 130),
    Heading(_("What is suggested"), 260, stretch=True),
)  # fmt: skip


def _call_keys() -> list[str]:
    """The columns of the calls; no telephone while the screen is projected."""
    return [key for key, _heading in _CALL_COLUMNS if not (key == "phone" and projector.on())]


def _call_headings() -> list[Heading]:
    shown = _call_keys()
    return [heading for key, heading in _CALL_COLUMNS if key in shown]
