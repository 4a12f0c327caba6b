"""先核三张名单: units, leaders and yearly targets as the ledgers suggest them, put right in place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from db.core.fields import Money
from db.core.text import Text, _
from desktop.kit.cells import Cell
from desktop.kit.dialogs import LEDGERS
from desktop.kit.entries import EntryList
from desktop.kit.lists import Heading, Picker
from desktop.kit.page import Desk, Page, with_room
from desktop.kit.parts import ElidedLabel, bar, button, clear, column_of, label, row_of
from desktop.kit.words import language, tr
from desktop.people import lists, proposals
from desktop.people.proposals import ProposalsCard

if TYPE_CHECKING:
    from db.overview.lists import LeaderLine, Lists, UnitLine
    from db.overview.proposed import Found
    from db.overview.proposing import Proposal
    from db.people.alike import Pair

_UNIT_KEYS = ("", "name", "short_name", "former", "kind", "")
_LEADER_KEYS = ("", "name", "title", "since", "until", "")
_NONE_YET = _("none yet: a first ledger brings them, or add one here")


class ListCard(QFrame):
    """A heading with what belongs to it, and a list that is typed into."""

    def __init__(self, title: Text, *beside: QWidget, sortable: bool = True) -> None:
        super().__init__()
        self.setProperty("box", "card")
        self.count = label("", size=12, tone="mute")
        self.list = EntryList(sortable=sortable)
        self.list.setAccessibleName(tr(title))
        head = bar("head", 40, label(title, bold=True), self.count, None, *beside, margins=(14, 0, 10, 0))
        column_of(head, self.list, gap=0, margins=(1, 1, 1, 1), parent=self).setStretch(1, 1)


class ListsPage(Page):
    """See the module. Every change is one operation, saved at once."""

    title = _("Check the three lists first")
    manual = "first-hour"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.lists: Lists | None = None
        self.year = desk.today().year
        self.checked_button = button(_("The lists are checked"), self._checked, kind="primary")
        hint = ElidedLabel(_("Enter types over a cell, Alt+↑/↓ or dragging puts in order"), size=12, tone="mute")
        self.add_actions(hint, button(_("From a file…"), self._choose_file), self.checked_button)
        self.top_row.setStretchFactor(hint, 4)
        self.pair = QFrame()
        self.pair.setProperty("strip", "amber")
        self._pair_row = row_of(margins=(16, 6, 16, 6), gap=8, parent=self.pair)
        self.content.addWidget(self.pair)
        self.pair.hide()
        self._cards()

    def _cards(self) -> None:
        self.merge_button = button(_("Merge into…"), self._merge_unit, small=True)
        self.units = ListCard(_("Units"), self.merge_button, button(_("Add a unit…"), self._add_unit, small=True))
        self.leaders = ListCard(_("Leaders"), button(_("Add a leader…"), self._add_leader, small=True))
        self._said_year = label("", bold=True)
        before = button("", lambda: self._turn(-1), small=True, icon="left", tip=_("The year before"))
        after = button("", lambda: self._turn(1), small=True, icon="right", tip=_("The year after"))
        self.targets = ListCard(_("Targets of the year"), before, self._said_year, after, sortable=False)
        self.units.list.typed.connect(self._unit_typed)
        self.units.list.picked.connect(self._unit_picked)
        self.units.list.moved.connect(self._unit_moved)
        self.leaders.list.typed.connect(self._leader_typed)
        self.leaders.list.moved.connect(self._leader_moved)
        self.targets.list.typed.connect(self._target_typed)
        right = QWidget()
        lines = column_of(self.leaders, self.targets, gap=12, parent=right)
        lines.setStretch(0, 5)
        lines.setStretch(1, 6)
        body = QWidget()
        whole: QHBoxLayout = row_of(self.units, right, margins=(12, 12, 12, 12), gap=12, parent=body)
        whole.setStretch(0, 1)
        whole.setStretch(1, 1)
        for one in (self.units, right):
            one.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
        self.proposals = ProposalsCard()
        self.proposals.taken.connect(self._take_proposals)
        self.proposals.left.connect(self._leave_proposals)
        self.cards = with_room(body, 880, 420)
        self.content.addWidget(self.cards, 1)
        self.content.addWidget(self.proposals, 1)

    def take_focus(self) -> None:
        """The first list."""
        self.units.list.setFocus()

    def refresh(self) -> None:
        """Read the lists again; files of the folder that were no ledgers are looked into once."""
        aside, self.desk.guide.aside = self.desk.guide.aside, []
        if aside:
            self.read_files(aside)
        self.ask(lists.read(self.year), self._take, key="lists")

    def _take(self, found: Lists) -> None:
        self.lists = found
        self._show_units(found)
        self._show_leaders(found)
        self._show_targets(found)
        self._show_pair(found)
        self.footer.show_facts(
            [
                ("", str(len(found.units)), tr(_("units"))),
                ("", str(len(found.leaders)), tr(_("leaders"))),
                ("", str(sum(len(one.values) for one in found.targets)), tr(_("targets"))),
            ]
        )

    # --- what files say --------------------------------------------------------------------------------------------

    def _choose_file(self) -> None:
        chosen = self.desk.dialogs.open_file(self, _("A file with units, leaders or targets"), LEDGERS)
        if chosen is not None:
            self.read_files([chosen])

    def drop_hint(self, paths: Sequence[Path], place: QPoint) -> tuple[QWidget, Text] | None:
        """Files dropped here are read as lists, not as ledgers."""
        return (self.cards, _("Look for units, leaders and targets in them")) if self.cards.isVisible() else None

    def drop(self, paths: Sequence[Path], place: QPoint) -> bool:
        """See `drop_hint`."""
        if self.cards.isVisible():
            self.read_files(paths)
        return self.cards.isVisible()

    def read_files(self, paths: Sequence[Path]) -> None:
        """Look for the three lists in files, and propose what the book does not have."""
        if not self.rests():
            self.desk.jobs.in_pool(
                self, proposals.read(paths), self._files_read, failed=self.desk.complain, key="lists",
                title=_("Looking into the files"),
            )  # fmt: skip

    def _files_read(self, read: tuple[Found, list[Text]]) -> None:
        found, unread = read
        for problem in unread:
            self.desk.say(problem)
        self.ask(proposals.propose(found, self.year), self._show_proposals, key="proposals")

    def _show_proposals(self, found: list[Proposal]) -> None:
        if not found:
            self.desk.say(_("The files say nothing of units, leaders or targets that the lists do not have."))
            return
        self.proposals.show_proposals(found)
        self.cards.hide()
        self.proposals.show()
        self.proposals.list.setFocus()

    def _take_proposals(self, wanted: list[Proposal]) -> None:
        self._write(*proposals.accept(wanted))
        self._leave_proposals()

    def _leave_proposals(self) -> None:
        self.units.list.setFocus()
        self.proposals.hide()
        self.cards.show()
        self.units.list.setFocus()

    # --- units -----------------------------------------------------------------------------------------------------

    def _show_units(self, found: Lists) -> None:
        headings = (
            Heading(_("No."), 40, right=True), Heading(_("Name"), 160, stretch=True), Heading(_("Short name"), 96),
            Heading(_("Other names"), 130, stretch=True), Heading(_("Kind"), 96 if language() == "zh" else 128),
            Heading(_("Named by"), 70 if language() == "zh" else 84, right=True),
        )  # fmt: skip

        def cell(row: int, column: int) -> Cell:
            one = found.units[row]
            texts = (
                str(row + 1),
                one.name,
                one.short_name or "",
                "、".join(one.former),
                _kind(one),
                f"{one.projects:,}",
            )
            if column == 0 or not texts[column]:
                return Cell(texts[column] or "—", tone="faint", right=column == 0)
            return Cell(texts[column], right=column == 5, arrow=column == 4)

        def typing(row: int, column: int) -> str:
            one = found.units[row]
            return {1: one.name, 2: one.short_name or "", 3: "、".join(one.former)}.get(column, "")

        self.units.list.show_entries(
            headings, len(found.units), cell, may_type=lambda _row, column: column in (1, 2, 3), typing=typing
        )
        self.units.count.setText(tr(_("in their official order") if found.units else _NONE_YET))
        self.merge_button.setEnabled(len(found.units) > 1)

    def _unit(self, row: int) -> UnitLine:
        assert self.lists is not None
        return self.lists.units[row]

    def _unit_typed(self, row: int, column: int, text: str) -> None:
        self._write(*lists.change_unit(self._unit(row), _UNIT_KEYS[column], text))

    def _unit_picked(self, row: int, column: int) -> None:
        if column != 4:
            return
        from db.people.models import UNIT_KIND

        line = self._unit(row)
        choices = [(key, tr(text)) for key, text in UNIT_KIND.options]
        picker = Picker(self, choices, _("What kind of unit is “{name}”?", name=line.name))
        picker.chosen.connect(lambda kind: self._write(*lists.change_unit(line, "kind", kind)))
        picker.open_at(self.units.list.viewport().mapToGlobal(self.units.list.rect().center()))

    def _unit_moved(self, place: int, to: int) -> None:
        assert self.lists is not None
        ids = [one.id for one in self.lists.units]
        ids.insert(to, ids.pop(place))
        self._write(*lists.order_units(ids))

    def _merge_unit(self) -> None:
        if self.lists is None or self.units.list.row < 0:
            return
        line = self._unit(self.units.list.row)
        others = [(str(one.id), one.name) for one in self.lists.units if one.id != line.id]
        picker = Picker(self, others, _("Which unit is “{name}”?", name=line.name))
        picker.chosen.connect(lambda into: self._merge_into(line.id, int(into)))
        picker.open_at(self.merge_button.mapToGlobal(self.merge_button.rect().bottomLeft()))

    def _merge_into(self, gone: int, into: int) -> None:
        from db.people.alike import Pair

        self._merge(Pair("unit", gone, into, _("as you said")))

    def _add_unit(self) -> None:
        self._add(_("Add a unit"), _("Name of the unit"), lists.add_unit)

    def _add(self, title: Text, body: Text, add: Callable[[str], tuple[Text, lists.Work]]) -> None:
        name = self.desk.dialogs.ask_words(self, title, body, _("Add"))
        if name and name.strip():
            self._write(*add(name.strip()))

    # --- leaders ---------------------------------------------------------------------------------------------------

    def _show_leaders(self, found: Lists) -> None:
        headings = (
            Heading(_("No."), 40, right=True), Heading(_("Name"), 110, stretch=True), Heading(_("Post"), 110, stretch=True),
            Heading(_("In office from"), 104), Heading(_("to"), 104), Heading(_("Named by"), 70 if language() == "zh" else 84, right=True),
        )  # fmt: skip

        def texts(row: int) -> tuple[str, ...]:
            one = found.leaders[row]
            return (str(row + 1), one.name, one.title or "", one.since or "", one.until or "", f"{one.projects:,}")

        def cell(row: int, column: int) -> Cell:
            text = texts(row)[column]
            return Cell(text or "—", tone="faint" if column == 0 or not text else "text", right=column in (0, 5))

        self.leaders.list.show_entries(
            headings, len(found.leaders), cell, may_type=lambda _row, column: 1 <= column <= 4,
            typing=lambda row, column: texts(row)[column],
        )  # fmt: skip
        self.leaders.count.setText(tr(_("in the order of leaders") if found.leaders else _NONE_YET))

    def _leader(self, row: int) -> LeaderLine:
        assert self.lists is not None
        return self.lists.leaders[row]

    def _leader_typed(self, row: int, column: int, text: str) -> None:
        self._write(*lists.change_leader(self._leader(row), _LEADER_KEYS[column], text))

    def _leader_moved(self, place: int, to: int) -> None:
        assert self.lists is not None
        ids = [one.id for one in self.lists.leaders]
        ids.insert(to, ids.pop(place))
        self._write(*lists.order_leaders(ids))

    def _add_leader(self) -> None:
        self._add(_("Add a leader"), _("Name of the leader"), lists.add_leader)

    # --- targets ---------------------------------------------------------------------------------------------------

    def _show_targets(self, found: Lists) -> None:
        from db.overview.definitions import BY_KEY
        from db.overview.lists import TARGETS

        names = (_("Signed"), _("Agreed amount"), _("Started"), _("In production"), _("Paid-in amount"))
        wide = 84 if language() == "zh" else 64
        headings = [Heading(_("Unit"), 110, stretch=True), *(Heading(name, wide, right=True) for name in names)]

        def text(key: str, value: int | None) -> str:
            from db.core.formats import show

            if value is None:
                return ""
            return show(Money("亿元"), value, language(), digits=2) if BY_KEY[key].of_money else f"{value:,}"

        def cell(row: int, column: int) -> Cell:
            line = found.targets[row]
            if column == 0:
                return Cell(line.name or tr(_("The whole district")), bold=line.unit is None)
            key = TARGETS[column - 1]
            own = text(key, line.values.get(key))
            if own:
                return Cell(own, right=True)
            before = text(key, line.before.get(key))
            told = bool(line.before.get(key))
            return Cell(tr(_("was {value}", value=before)) if told else "—", tone="faint", right=True)

        def typing(row: int, column: int) -> str:
            key = TARGETS[column - 1]
            return text(key, found.targets[row].values.get(key)).replace(",", "") if column else ""

        self.targets.list.show_entries(
            headings, len(found.targets), cell, may_type=lambda _row, column: column > 0, typing=typing
        )
        self.targets.count.setText(tr(_("money in 100 million yuan")))
        self._said_year.setText(str(found.year))

    def _target_typed(self, row: int, column: int, text: str) -> None:
        from db.overview.lists import TARGETS

        assert self.lists is not None
        self._write(*lists.change_target(self.year, TARGETS[column - 1], self.lists.targets[row].unit, text))

    def _turn(self, years: int) -> None:
        self.year += years
        self.refresh()

    # --- what may be one -------------------------------------------------------------------------------------------

    def _show_pair(self, found: Lists) -> None:
        held = any(one.hasFocus() for one in self.pair.findChildren(QPushButton))
        if held:  # before it goes, so that the keyboard does not leave the page
            self.units.list.setFocus()
        clear(self._pair_row)
        self.pair.setVisible(bool(found.pairs))
        if not found.pairs:
            return
        pair = found.pairs[0]
        gone, into = self._names(pair)
        text = _("“{gone}” and “{into}” may be one ({why}).", gone=gone, into=into, why=pair.why)
        said: QLabel = label(
            tr(text) + (tr(_(" (1 of {count})", count=len(found.pairs))) if len(found.pairs) > 1 else "")
        )
        self._pair_row.addWidget(said)
        self._pair_row.addStretch(1)
        for name, one in ((into, pair), (gone, _turned(pair))):
            text = _("One: keep “{name}”", name=name)
            self._pair_row.addWidget(button(text, lambda one=one: self._merge(one), small=True))  # type: ignore[misc]
        self._pair_row.addWidget(button(_("They are two"), lambda: self._write(*lists.apart(pair)), small=True))
        if held:
            self.pair.findChildren(QPushButton)[-3].setFocus()

    def _names(self, pair: Pair) -> tuple[str, str]:
        assert self.lists is not None
        listed = self.lists.units if pair.kind == "unit" else self.lists.leaders
        known = {one.id: one.name for one in listed}
        return known[pair.gone], known[pair.into]

    def _merge(self, pair: Pair) -> None:
        self._write(*lists.merge(pair, *self._names(pair)))

    # --- doing it --------------------------------------------------------------------------------------------------

    def _write(self, text: Text, work: lists.Work) -> None:
        """One operation; what was refused is said, and the list shows again what holds."""

        def failed(problem: object) -> None:
            self.desk.complain(problem)  # type: ignore[arg-type]
            self.refresh()

        self.write(text, work, failed=failed)

    def _checked(self) -> None:
        self.desk.guide.finish("lists")
        self.desk.say(_("The lists are checked."))
        self.desk.go("reconcile")


def _kind(line: UnitLine) -> str:
    from db.people.models import UNIT_KIND

    return tr(UNIT_KIND.label(line.kind))


def _turned(pair: Pair) -> Pair:
    from dataclasses import replace

    return replace(pair, gone=pair.into, into=pair.gone)
