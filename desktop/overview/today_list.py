"""What is due as a list: overdue, today, this week, and what stands still; each line with its next step."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QStackedLayout, QWidget

from db.core.text import Text, _
from desktop.kit.cells import EMPTY, Cell
from desktop.kit.lists import Heading, PlainList
from desktop.kit.page import EmptyPage
from desktop.kit.parts import bar, column_of, label
from desktop.kit.words import language, tr

if TYPE_CHECKING:
    from db.overview.due import Due, Still, Todo

_NAME, _STEP = 2, 6
_KINDS = {
    "step": _("To do next"), "reminder": _("Reminder"), "plan": _("Plan"), "signing": _("Signing"), "still": _("Still"),
    "milestone": _("Milestone"), "lights": _("Light"), "ones": _("Incomplete"),
}  # fmt: skip


class Line(NamedTuple):
    """A line: a heading of a group, a thing that is due, or what stands still."""

    heading: str = ""
    tone: str = "text"
    due: Due | None = None
    still: Still | None = None


class _Lines(PlainList):
    entered = Signal(bool)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter takes the next step, Ctrl+Enter opens the project."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.entered.emit(bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier))
            return
        super().keyPressEvent(event)


class TodoList(QWidget):
    """`opened` (id, name), `step_wanted` (Due), `still_wanted` (Still)."""

    opened = Signal(int, str)
    step_wanted = Signal(object)
    still_wanted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[Line] = []
        self.count = label("", tone="mute")
        self.list = _Lines()
        self.list.setAccessibleName(tr(_("To do")))
        self.list.picked.connect(self._picked)
        self.list.twice.connect(lambda row, _column: self._act(row, opening=True))
        self.list.entered.connect(lambda opening: self._act(self.list.currentIndex().row(), opening=opening))
        self.none = EmptyPage(_("Nothing is due today."))
        body = QWidget()
        self._stack = QStackedLayout(body)
        for part in (self.list, self.none):
            self._stack.addWidget(part)
        whole = column_of(gap=0, parent=self)
        whole.addWidget(bar("head", 36, label(_("To do"), bold=True), self.count, None, margins=(12, 0, 12, 0)))
        whole.addWidget(body, 1)
        self.setFocusProxy(self.list)

    def show_todo(self, todo: Todo, nothing: Text, *, later: int = 0) -> None:
        """Other things; the line one was at stays where it can. later: things of the week that are not shown."""
        from db.overview.due import OVERDUE, TODAY, WEEK

        at = self.list.currentIndex().row()
        self.lines = []
        for group, name, tone in (
            (OVERDUE, _("Overdue"), "red"), (TODAY, _("Due today"), "text"), (WEEK, _("This week"), "text"),
        ):  # fmt: skip
            found = todo.of(group)
            if found:
                self.lines.append(Line(f"{tr(name)} {len(found):,}", tone))
                self.lines += [Line(due=one) for one in found]
        for name, still in (
            (_("Standing still"), [one for one in todo.still if _sort(one) == "still"]),
            (_("Lights and what is missing"), [one for one in todo.still if _sort(one) != "still"]),
        ):
            if still:
                self.lines.append(Line(tr(name), "text"))
                self.lines += [Line(still=one) for one in still]
        more = tr(_("{count} more later this week", count=later)) if later else ""
        said = tr(_("by their day, the longest overdue first")) if todo.due else ""
        self.count.setText(" · ".join(one for one in (said, more) if one))
        self.none.sentence.setText(tr(nothing))
        self._stack.setCurrentIndex(0 if self.lines else 1)
        headings = _headings()
        self.list.show_rows(headings, len(self.lines), self._cell)
        self.list.clearSpans()
        for row, line in enumerate(self.lines):
            self.list.setSpan(row, 0, 1, len(headings)) if line.heading else None
            if line.still is not None:
                self.list.setSpan(row, 1, 1, 5)
        first = next((row for row, line in enumerate(self.lines) if not line.heading), 0)
        if self.lines:
            self.list.selectRow(max(first, min(at, len(self.lines) - 1)))

    def _cell(self, row: int, place: int) -> Cell:
        line = self.lines[row]
        if line.heading:
            return Cell(line.heading if place == 0 else "", tone=line.tone, bold=True, ground="bg")
        if line.still is not None:
            texts = {0: (tr(_KINDS[_sort(line.still)]), "text", "grey"), 1: (tr(line.still.sentence), "text", "")}
            texts[_STEP] = (tr(_("Show in the table")), "accent", "")
            text, tone, tag = texts.get(place, ("", "text", ""))
            return Cell(text, tone=tone, tag=tag)
        assert line.due is not None
        return _due_cell(line.due, place)

    def _picked(self, row: int, column: int) -> None:
        if self.lines[row].heading:
            return
        if column == _STEP:
            self._act(row, opening=False)
        elif column == _NAME and self.lines[row].due is not None:
            self._act(row, opening=True)

    def _act(self, row: int, *, opening: bool) -> None:
        line = self.lines[row] if 0 <= row < len(self.lines) else Line()
        if line.still is not None:
            self.still_wanted.emit(line.still)
        elif line.due is not None and opening:
            self.opened.emit(line.due.project, line.due.name)
        elif line.due is not None:
            self.step_wanted.emit(line.due)

    def text(self) -> str:
        """The list as lines for a chat."""
        found = []
        for line in self.lines:
            if line.heading:
                found.append(f"【{line.heading}】")
            elif line.still is not None:
                found.append(tr(line.still.sentence))
            elif line.due is not None:
                parts = (line.due.name, tr(line.due.what), line.due.day, tr(_state(line.due)[0]), line.due.who)
                found.append(" · ".join(part for part in parts if part))
        return "\n".join(found)


_WIDTHS = {"zh": (68, 140, 210, 112, 92, 92, 120), "en": (84, 178, 120, 98, 86, 98, 194)}


def _headings() -> list[Heading]:
    names = (_("Kind"), _("Thing"), _("Project"), _("Answers for it"), _("Day"), _("State"), _("To do next"))
    return [
        Heading(name, width, stretch=at == _NAME)
        for at, (name, width) in enumerate(zip(names, _WIDTHS[language()], strict=True))
    ]


def _sort(one: Still) -> str:
    """Which of the kinds: still, lights, ones."""
    first = one.key.partition(".")[0]
    return first if first in ("lights", "ones") else "still"


def _due_cell(one: Due, place: int) -> Cell:
    if place == 0:
        return Cell(tr(_KINDS[one.kind]), tag="grey")
    if place == _NAME:
        return Cell(one.name, tone="accent")
    if place == 5:
        text, tag = _state(one)
        return Cell(tr(text), tag=tag)
    if place == _STEP:
        return Cell(tr(step_of(one)), tone="accent")
    texts = {1: tr(one.what), 3: one.who or one.place, 4: one.day}
    return Cell(texts[place]) if place in texts else EMPTY


def _state(one: Due) -> tuple[Text, str]:
    if one.late > 0:
        return _("{days} days late", days=one.late), "red"
    if one.late == 0:
        return _("today"), "blue"
    return _("in {days} days", days=-one.late), "grey"


def step_of(one: Due) -> Text:
    """What its next step is called."""
    if one.kind in ("plan", "signing"):
        from db.projects.stages import stages

        return _("To “{stage}”…", stage=stages()[one.stage].label)
    return _("Done on…") if one.milestone else _("Record progress…")
