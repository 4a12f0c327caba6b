"""Ledgers of several years: the proposed order to look through, and how far the import of them has come."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from db.core.progress import Progress
from db.core.text import Text, _
from desktop.kit import theme
from desktop.kit.cells import Cell
from desktop.kit.entries import EntryList
from desktop.kit.lists import Heading
from desktop.kit.parts import ElidedLabel, bar, button, column_of, label
from desktop.kit.words import tr

if TYPE_CHECKING:
    from db.sheets.folder import Ledger
    from db.sheets.plan import Plan, Question

_TAKE, _NAME, _DAY, _HOW, _ROWS, _NOTE = range(1, 7)


@dataclass(frozen=True)
class Outcome:
    """What became of one file. skipped: a person passed it over, or it said nothing new; why: it could not be read."""

    new: int = 0
    changed: int = 0
    wrong: int = 0
    skipped: bool = False
    why: Text | None = None

    @classmethod
    def of(cls, plan: Plan) -> Outcome:
        """What a plan that was written did."""
        return cls(plan.new_count, plan.changed_count, plan.refused_rows)

    @property
    def text(self) -> Text:
        """In words."""
        if self.why is not None:
            return self.why
        if self.skipped:
            return _("nothing written")
        said = _("new {new}, changed {changed}", new=self.new, changed=self.changed)
        return said if not self.wrong else _("{said}, with problems {count}", said=said, count=self.wrong)


@dataclass
class Several:
    """Files that are imported one after the other. answers: what was answered once, by the question's mark.

    rest: whether the others go in without stopping, as long as nothing is to be asked.
    """

    paths: list[Path]
    at: int = 0
    rest: bool = False
    answers: dict[str, str] = field(default_factory=dict)
    outcomes: dict[Path, Outcome] = field(default_factory=dict)

    @property
    def path(self) -> Path:
        """The file that is looked at."""
        return self.paths[self.at]

    @property
    def left(self) -> int:
        """How many come after it."""
        return len(self.paths) - self.at - 1

    def known(self, questions: Sequence[Question]) -> dict[str, str]:
        """Answers to questions that were answered for a file before."""
        from db.sheets.folder import question_mark

        marks = {one.id: question_mark(one) for one in questions}
        return {number: self.answers[mark] for number, mark in marks.items() if mark in self.answers}

    def remember(self, question: Question, answer: str) -> None:
        """An answer that holds for the files to come."""
        from db.sheets.folder import question_mark

        self.answers[question_mark(question)] = answer


def survey(paths: Sequence[Path]) -> Callable[[Progress], list[Ledger]]:
    """Look into every file, each in a process of its own, and propose an order."""

    def work(progress: Progress) -> list[Ledger]:
        from db import rooms
        from db.sheets.folder import survey as look

        return look(paths, [one.sheet for one in rooms.ROOMS if one.sheet is not None], progress=progress)

    return work


class FolderView(QWidget):
    """The files in their order. `confirmed`: those to import, in order; `left`: nothing is to be imported."""

    confirmed = Signal(list)
    left = Signal()
    finished = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.ledgers: list[Ledger] = []
        self.taken: dict[Path, bool] = {}
        self._outcomes: dict[Path, Outcome] = {}
        self.problem = ""
        self.list = EntryList()
        self.list.typed.connect(self._say_day)
        self.list.moved.connect(self._move)
        self.list.ticked.connect(self.toggle)
        self.list.picked.connect(lambda row, column: self.toggle(row) if column == _TAKE else None)
        self._title = label("", bold=True)
        self._hint = ElidedLabel(size=12, tone="mute")
        card = QFrame()
        card.setProperty("box", "card")
        head = bar("head", 40, self._title, self._hint, margins=(16, 0, 16, 0))
        _stretch(head, self._hint)
        column_of(head, self.list, gap=0, margins=(1, 1, 1, 1), parent=card).setStretch(1, 1)
        self._what = ElidedLabel()
        self._second = ElidedLabel(size=12, tone="mute")
        said = QWidget()
        column_of(None, self._what, self._second, None, gap=2, parent=said)
        self.cancel_button = button(_("Cancel"), self.left.emit)
        self.import_button = button(_("Import"), self._confirm, kind="primary")
        self.ledger_button = button(_("Open the ledger"), self.finished.emit, kind="primary")
        bottom = bar("bottom", theme.ACTION_BAR, said, self.cancel_button, self.import_button, self.ledger_button)
        _stretch(bottom, said)
        body = QWidget()
        column_of(card, margins=(12, 12, 12, 12), parent=body)
        column_of(body, bottom, gap=0, parent=self).setStretch(0, 1)

    def show_ledgers(self, ledgers: Sequence[Ledger]) -> None:
        """A proposal: what is left out is not ticked."""
        self.ledgers = list(ledgers)
        self.taken = {one.path: one.taken for one in ledgers}
        self._outcomes, self.problem = {}, ""
        self._show()
        if ledgers:
            self.list.setCurrentIndex(self.list.rows.index(0, _NAME))

    def take_focus(self) -> None:
        """The files that are proposed; once they are imported, the way to the ledger."""
        if self._outcomes:
            self.ledger_button.setDefault(True)
            self.ledger_button.setFocus()
        else:
            self.list.setFocus()

    def show_outcomes(self, outcomes: dict[Path, Outcome]) -> None:
        """What became of each."""
        self._outcomes = outcomes
        self._show()

    @property
    def chosen(self) -> list[Path]:
        """The files that will be imported, in order."""
        return [one.path for one in self.ledgers if self.taken[one.path]]

    def toggle(self, row: int) -> None:
        """Take a file, or leave it out; what cannot be read stays out."""
        one = self.ledgers[row]
        if one.readable and not self._outcomes:
            self.taken[one.path] = not self.taken[one.path]
            self._show()

    def _move(self, place: int, to: int) -> None:
        if not self._outcomes:
            self.ledgers.insert(to, self.ledgers.pop(place))
            self._show()

    def _say_day(self, row: int, column: int, text: str) -> None:
        from db.core.dates import read_day
        from db.sheets.folder import dated

        reading = read_day(text)
        if reading.refused is not None or not isinstance(reading.value, str):
            self.problem = tr(reading.refused or _("This is not a date."))
            self._show()
            return
        self.problem = ""
        path = self.ledgers[row].path
        self.ledgers = dated(self.ledgers, path, reading.value)
        self._show()
        now = next(at for at, one in enumerate(self.ledgers) if one.path == path)
        self.list.setCurrentIndex(self.list.rows.index(now, _DAY))

    def _confirm(self) -> None:
        if self.chosen:
            self.confirmed.emit(self.chosen)

    def _show(self) -> None:
        headings = (
            Heading(_("No."), 48, right=True), Heading(_("Import"), 76), Heading(_("File"), 260, stretch=True),
            Heading(_("Data up to"), 110), Heading(_("Known from"), 116), Heading(_("Filled rows"), 84, right=True),
            Heading(_("Result") if self._outcomes else _("Note"), 300, stretch=True),
        )  # fmt: skip
        self.list.show_entries(
            headings, len(self.ledgers), self._cell,
            may_type=lambda _row, column: column == _DAY and not self._outcomes,
            typing=lambda row, column: self.ledgers[row].day if column == _DAY else "",
        )  # fmt: skip
        self._title.setText(tr(_("Ledgers of several years: {count} files", count=len(self.ledgers))))
        self._say_bottom()

    def _say_bottom(self) -> None:
        over, count = bool(self._outcomes), len(self.chosen)
        hint = _("The old ones first. Space takes a file or leaves it out, Alt+↑/↓ or dragging moves it, "
                 "the day can be typed over.")  # fmt: skip
        self._hint.say("" if over else hint)
        what = _("{count} files one after the other, each shown before it is written", count=count)
        if over:
            new, changed = (sum(getattr(one, name) for one in self._outcomes.values()) for name in ("new", "changed"))
            what = _("Imported: {new} new projects, {changed} changed from file to file", new=new, changed=changed)
        second = _("Each file is one operation and can be undone by itself; empty cells clear nothing.")
        self._what.say(self.problem or what)
        self._second.say(second)
        self.import_button.setText(tr(_("Look at {count} files and import", count=count)))
        self.import_button.setEnabled(count > 0)
        for one, shown in ((self.import_button, not over), (self.cancel_button, not over), (self.ledger_button, over)):
            one.setVisible(shown)

    def _cell(self, row: int, column: int) -> Cell:
        from db.sheets.folder import HOW

        one = self.ledgers[row]
        taken = self.taken[one.path]
        tone = "text" if taken else "faint"
        if column == 0:
            place = self.chosen.index(one.path) + 1 if taken else 0
            return Cell(str(place) if place else "—", tone="faint", right=True)
        if column == _TAKE:
            return Cell(tr(_("Import")), tag="green") if taken else Cell(tr(_("Left out")), tag="grey")
        if column == _NAME:
            return Cell(one.name, tone=tone)
        if column in (_DAY, _HOW):
            return Cell(one.day if column == _DAY else tr(HOW[one.how]), tone=tone if column == _DAY else "mute")
        if column == _ROWS:
            return Cell(f"{one.rows:,}" if one.readable else "—", tone=tone, right=True)
        return Cell(*self._note(one))

    def _note(self, one: Ledger) -> tuple[str, str]:
        outcome = self._outcomes.get(one.path)
        if self._outcomes:
            return (tr(outcome.text), "red" if outcome.wrong or outcome.why else "text") if outcome else ("—", "faint")
        if one.why is not None:
            return tr(one.why), "amber" if one.readable else "red"
        if one.sibling is not None:
            return tr(_("another version of “{file}”, with other cells", file=one.sibling)), "mute"
        return "", "mute"


def _stretch(row: QWidget, part: QWidget) -> None:
    """Let one part of a bar take the room that is left."""
    layout = row.layout()
    assert isinstance(layout, QHBoxLayout)
    layout.setStretchFactor(part, 1)


def replaced(several: Several, outcome: Outcome) -> Several:
    """The same, one file further on."""
    outcomes = {**several.outcomes, several.path: outcome}
    return dataclasses.replace(several, at=several.at + 1, outcomes=outcomes)
