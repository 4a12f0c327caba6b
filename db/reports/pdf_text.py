"""Running text on the grid of 22 lines by 28 characters: paragraphs, headings, title, signature."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from db.reports.machine_fonts import Role
from db.reports.paper import BODY, LEADING, LINES, PITCH, Paper, Place
from db.reports.report import FigureNumber, Run
from db.reports.table_layout import wrap
from db.reports.typeset import break_lines, is_wide, spread, title_lines

INDENT = 2 * PITCH
_TRACK = BODY - PITCH  # 28 characters of 16 pt are a little wider than 156 mm
_DROP = 0.5 + 0.36 * BODY / LEADING  # where in its line box a baseline lies


@dataclass(frozen=True)
class Styled:
    """Text with the role of each character, and the figures printed in it as (figure, start, end)."""

    text: str
    roles: tuple[Role, ...]
    figures: tuple[tuple[str, int, int], ...] = ()


def styled(runs: Sequence[Run], *, role: Role = "body", heading: str = "", heading_role: Role = "kai") -> Styled:
    """A paragraph in `role`, begun by a heading that runs in."""
    text, figures = heading, []
    for run in runs:
        words = run.printed if isinstance(run, FigureNumber) else run
        if isinstance(run, FigureNumber):
            figures.append((run.figure, len(text), len(text) + len(words)))
        text += words
    roles = (heading_role,) * len(heading) + (role,) * (len(text) - len(heading))
    return Styled(text, roles, tuple(figures))


@dataclass
class Column:
    """The text as it runs down the sheets. `y` is the next line's upper edge, from the sheet's upper edge.

    running: a heading that stands over every further sheet, "" for none.
    """

    paper: Paper
    places: list[Place] = field(default_factory=list)
    y: float = 0.0
    running: str = ""

    def __post_init__(self) -> None:
        self.y = self.paper.top

    @property
    def room(self) -> float:
        """What is left of the sheet."""
        return self.paper.top + self.paper.depth - self.y

    def next_sheet(self, *, turned: bool = False) -> float:
        """Begin a new sheet; the y where it begins."""
        self.paper.next_sheet(turned=turned)
        self.y = self.paper.top
        if self.running:
            self.paragraph(styled([self.running], role="hei"))
            self.paper.touched = False  # to whoever fills it, the sheet is a fresh one
        return self.y

    def need(self, lines: int) -> None:
        """Go to the next sheet unless `lines` lines fit on this one."""
        if self.room < lines * LEADING - 0.5:
            self.next_sheet()

    def to_grid(self) -> None:
        """Go down to the next line of the grid."""
        lines = (self.y - self.paper.top) / LEADING
        self.y = self.paper.top + min(int(lines + 0.98), LINES) * LEADING

    def skip(self, lines: int) -> None:
        """Leave lines empty, unless the sheet ends here."""
        self.y = min(self.y + lines * LEADING, self.paper.top + self.paper.depth)

    def paragraph(self, what: Styled, *, indent: float = INDENT, left: float = 0.0, justified: bool = True) -> None:
        """Set a paragraph; its first line is `indent` in, all of it `left` in."""
        widths = self.widths(what)
        measure = self.paper.measure - left
        for number, line in enumerate(break_lines(what.text, widths, measure - indent, measure)):
            self.need(1)
            shift = indent if number == 0 else 0.0
            text, own = what.text[line.start : line.end], widths[line.start : line.end]
            full = measure - shift
            advances = list(own) if (line.last and sum(own) <= full) or not justified else spread(text, own, full)
            self._line(what, line.start, text, advances, self.paper.left + left + shift)

    def lines(self, what: Styled) -> int:
        """How many lines a paragraph takes."""
        measure = self.paper.measure
        return len(break_lines(what.text, self.widths(what), measure - INDENT, measure))

    def widths(self, what: Styled) -> list[float]:
        """The width of each character on the grid, in points."""
        faces = self.paper.faces
        return [
            faces[role].widths[character] * BODY - (_TRACK if is_wide(character) else 0.0)
            for character, role in zip(what.text, what.roles, strict=True)
        ]

    def _line(self, what: Styled, start: int, text: str, advances: Sequence[float], x: float) -> None:
        baseline = self.y + LEADING * _DROP
        self.paper.touched = True
        self.paper.spaced(x, baseline, text, what.roles[start : start + len(text)], advances, BODY)
        for figure, begin, end in what.figures:
            first, last = max(begin - start, 0), min(end - start, len(text))
            if first < last:
                left, right = x + sum(advances[:first]), x + sum(advances[:last])
                self.places.append(Place(self.paper.number, figure, left, self.y + 3, right, self.y + LEADING - 3))
        self.y += LEADING

    def title(self, text: str, *, size: float = 22.0, leading: float = 36.0) -> None:
        """The title: centred, at most two lines; smaller only where it would need a third."""
        face, measure = self.paper.faces["title"], self.paper.measure
        while face.width(text) * size > measure * 1.9:
            size -= 1
        self.y += 8
        for line in title_lines(text, [face.widths[character] * size for character in text], measure):
            self.paper.aligned(self.paper.left + measure / 2, self.y + leading * 0.72, line, "title", size, to="centre")
            self.y += leading
        self.paper.touched = True

    def centred(self, text: str, role: Role) -> None:
        """One centred line of body size."""
        middle = self.paper.left + self.paper.measure / 2
        self.paper.aligned(middle, self.y + LEADING * _DROP, text, role, BODY, to="centre")
        self.y += LEADING

    def caption(self, text: str, *, size: float = 12.0) -> None:
        """The words under a photograph, in as many lines as they take."""
        if not text:
            return
        for line in wrap(text, self.paper.faces, "hei", self.paper.measure / size):
            middle = self.paper.left + self.paper.measure / 2
            self.paper.aligned(middle, self.y + size * 1.1, line, "hei", size, to="centre")
            self.y += size * 1.5
        self.paper.touched = True

    def signed(self, unit: str, day: str) -> None:
        """Unit and date at the right, the longer ending four characters in, the shorter centred on it."""
        face = self.paper.faces["body"]
        longest = max(face.width(unit), face.width(day)) * BODY
        middle = self.paper.left + self.paper.measure - 4 * PITCH - longest / 2
        for text in (unit, day):
            if text:
                self.paper.aligned(middle, self.y + LEADING * _DROP, text, "body", BODY, to="centre")
                self.y += LEADING
        self.paper.touched = True
