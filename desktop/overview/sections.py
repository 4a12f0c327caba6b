"""The sections of a report as a list: state, order, what is printed, and the first figures of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from PySide6.QtCore import Signal

from db.core.text import _
from db.reports.report import FigureNumber, Paragraph, Report, Section, numbered, printed
from desktop.kit.cells import Cell
from desktop.kit.entries import EntryList
from desktop.kit.lists import Heading
from desktop.kit.words import tr

OPENING = "opening"
_FIGURES = 3
_Thing = TypeVar("_Thing")


@dataclass(frozen=True)
class Line:
    """A row of the list: a section, or under it one of its figures."""

    section: str
    text: str
    said: str
    figure: str = ""
    level: int = 1
    tone: str = ""
    off: bool = False


class SectionList(EntryList):
    """Space turns what is printed, Alt and the arrows or the mouse give another order, Enter goes to the text.

    `gone_to`: the section that became the current one; `entered`: it was picked; `figure`: a figure that was picked;
    `turned`: a section to be printed or not; `ordered`: the keys of all sections in their new order.
    """

    gone_to = Signal(str)
    entered = Signal(str)
    figure = Signal(str)
    turned = Signal(str)
    ordered = Signal(object)

    def __init__(self) -> None:
        super().__init__(row_height=28)
        self.setAccessibleName(tr(_("Sections")))
        self.horizontalHeader().hide()
        self._lines: list[Line] = []
        self._sections: Sequence[Section] = ()
        self.fixed = False
        self._showing = False
        self.moved.connect(self._reorder)
        self.ticked.connect(self._turn)
        self.picked.connect(self._pick)
        self.selectionModel().currentRowChanged.connect(lambda now, _before: self._tell(now.row()))

    def show_report(self, draft: Report) -> None:
        """The sections of a draft, those that are not printed among them; the current one stays."""
        current = self.current
        self._sections = draft.sections
        self._lines = list(lines_of(draft))
        self._showing = True
        self.show_entries(
            (Heading("", 100, stretch=True), Heading("", 84, right=True)), len(self._lines), self._cell,
            may_type=lambda _row, _column: False, typing=lambda _row, _column: "",
        )  # fmt: skip
        self.go_to(current or (self._lines[0].section if self._lines else ""))
        self._showing = False

    @property
    def current(self) -> str:
        """The key of the current section, "" where there is none."""
        return self._lines[self.row].section if 0 <= self.row < len(self._lines) else ""

    def go_to(self, section: str) -> None:
        """Make a section the current one."""
        row = next((at for at, line in enumerate(self._lines) if line.section == section), -1)
        if row >= 0 and section != self.current:
            self.setCurrentIndex(self.rows.index(row, 0))

    def line(self, section: str) -> Line | None:
        """What the list says of a section."""
        return next((line for line in self._lines if line.section == section and not line.figure), None)

    def _cell(self, row: int, column: int) -> Cell:
        line = self._lines[row]
        if line.figure:
            return Cell("　" * line.level + line.text, "mute") if column == 0 else Cell(line.said, "accent", right=True)
        if column == 1:
            return Cell(line.said, tag=line.tone)
        return Cell("　" * (line.level - 1) + line.text, "faint" if line.off else "text", bold=line.level == 1)

    def _tell(self, row: int) -> None:
        if 0 <= row < len(self._lines) and not self._showing:
            self.gone_to.emit(self._lines[row].section)

    def _pick(self, row: int, _column: int) -> None:
        line = self._lines[row]
        if line.figure:
            self.figure.emit(line.figure)
        else:
            self.entered.emit(line.section)

    def _turn(self, row: int) -> None:
        line = self._lines[row]
        if not self.fixed and line.section != OPENING:
            self.turned.emit(line.section)

    def _reorder(self, row: int, to: int) -> None:
        """One place up or down with the keys, to another section with the mouse; only among its neighbours."""
        keys = [one.key for one in self._sections]
        moving, target = self._lines[row].section, self._lines[to].section
        if self.fixed or moving not in keys:
            self.go_to(moving)
            return
        later = to > row
        wanted = reordered(self._sections, moving, "" if abs(to - row) == 1 else target, later=later)
        if wanted != keys:
            self.ordered.emit(tuple(wanted))
        self.go_to(moving)


def reordered(sections: Sequence[Section], key: str, target: str, *, later: bool) -> list[str]:
    """The keys with one section moved to where `target` is, or one place on where that is "".

    What stands under a section goes with it, and a section stays under its own.
    """
    trees = _trees(sections)
    own = next((tree for tree in trees if key in [one.key for one in tree]), [])
    owner = next((tree[0].key for tree in trees if target in [one.key for one in tree]), "")
    if own and own[0].key == key:
        heads = [tree[0].key for tree in trees]
        trees = _moved(trees, heads, key, owner, later=later)
        return [one.key for tree in trees for one in tree]
    inner = _moved(own[1:], [one.key for one in own[1:]], key, target, later=later)
    return [one.key for tree in trees for one in ([own[0], *inner] if tree is own else tree)]


def _moved(things: Sequence[_Thing], keys: Sequence[str], key: str, target: str, *, later: bool) -> list[_Thing]:
    at = keys.index(key)
    to = keys.index(target) if target in keys else at + (1 if later else -1)
    found = list(things)
    found.insert(min(max(to, 0), len(found) - 1), found.pop(at))
    return found


def _trees(sections: Sequence[Section]) -> list[list[Section]]:
    found: list[list[Section]] = []
    for one in sections:
        if one.level == 1 or not found:
            found.append([one])
        else:
            found[-1].append(one)
    return found


def lines_of(draft: Report) -> list[Line]:
    """What the list shows of a draft."""
    numbers = {section.key: number for number, section in numbered(printed(draft))}
    found: list[Line] = []
    if draft.opening:
        opening = Section(OPENING, tr(_("Opening")), draft.opening)
        said, tone = state(opening, draft)
        found.append(Line(OPENING, opening.heading, said, tone=tone))
    for section in draft.sections:
        off = section.off or section.key not in numbers
        said, tone = state(section, draft)
        if off and not section.off:
            said, tone = tr(_("nothing here")), "grey"
        text = f"{numbers.get(section.key, '')}{section.heading}"
        found.append(Line(section.key, text, said, level=section.level, tone=tone, off=off))
        if not off:
            shown = list(figures_of(section).items())[:_FIGURES]
            names = {one.key: one.label for one in draft.figures}
            found += [
                Line(section.key, names[key], number, figure=key, level=section.level)
                for key, number in shown
                if key in names
            ]
    return found


def state(section: Section, draft: Report) -> tuple[str, str]:
    """The word for a section and its tone: 不印, n 处待核, 手改 n, 自动."""
    if section.off:
        return tr(_("not printed")), "grey"
    waiting = sum(section_of(one.place) == section.key for one in draft.pending)
    changed = sum(one.mode in ("edited", "off") for one in section.blocks if isinstance(one, Paragraph))
    if waiting:
        return tr(_("{count} to check", count=waiting)), "amber"
    if changed:
        return tr(_("edited {count}", count=changed)), "blue"
    if any(one.mode == "written" for one in section.blocks if isinstance(one, Paragraph)):
        return tr(_("written")), "blue"
    return tr(_("automatic")) if section.blocks else "", "grey"


def section_of(place: str) -> str:
    """The section in which a place is."""
    return place.partition(".")[0]


def figures_of(section: Section) -> dict[str, str]:
    """Figure → how its first number in a section is printed."""
    found: dict[str, str] = {}
    for block in section.blocks:
        if isinstance(block, Paragraph) and block.mode != "off":
            for run in block.runs:
                if isinstance(run, FigureNumber) and "@" not in run.figure:  # not of a single unit or branch
                    found.setdefault(run.figure, run.printed)
    return found
