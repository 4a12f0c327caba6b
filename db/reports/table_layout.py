"""How wide the columns of a table are on paper, which of its cells take several lines, and how its headings fold.

PDF measures with the faces it draws with, Word with squares, for the faces are those of the desk that opens it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from db.core.text import _
from db.reports.machine_fonts import Role
from db.reports.report import Table
from db.reports.shown import computed, shown
from db.reports.typeset import NO_START, break_lines, breaks, is_wide

PAD = 5.0
_SMALLEST = 6.5
_STEP = 0.5


class Measure(Protocol):
    """How wide text is in one face, in em."""

    @property
    def widths(self) -> Mapping[str, float]:
        """Character → width."""
        ...

    def width(self, text: str) -> float:
        """The width of `text`."""
        ...


class Measures(Protocol):
    """The measure of each role."""

    def __getitem__(self, role: Role, /) -> Measure:
        """The measure of one role."""
        ...


@dataclass(frozen=True)
class Style:
    """Sizes in points of a table in the text (portrait) or on a turned sheet."""

    caption: float
    line: float
    cell: float
    row: float
    note: float
    air: float = 5  # above and below the lines of a row together


UPRIGHT = Style(caption=12, line=10.5, cell=10.5, row=18, note=9)
TURNED = Style(caption=14, line=10.5, cell=9, row=26, note=9)
DENSE = Style(caption=12, line=10.5, cell=9, row=15, note=9, air=3)


@dataclass(frozen=True)
class Layout:
    """A table ready to be drawn. `texts` are the rows as printed, `edges` the columns' borders from the left."""

    table: Table
    style: Style
    size: float
    edges: tuple[float, ...]
    texts: list[list[str]]
    totals: list[str] | None
    wrapped: dict[tuple[int, int], list[str]]
    labels: list[list[str]]

    @property
    def grouped(self) -> bool:
        """Whether the header has two rows."""
        return any(column.group for column in self.table.columns)

    def row_height(self, row: int) -> float:
        """The height of a row; more than the style's only where a text needs it."""
        lines = self._lines.get(row, 1)
        return max(self.style.row, lines * self.size * 1.25 + self.style.air)

    @cached_property
    def _lines(self) -> dict[int, int]:
        most: dict[int, int] = {}
        for (row, _column), lines in self.wrapped.items():
            most[row] = max(most.get(row, 1), len(lines))
        return most

    @property
    def label_height(self) -> float:
        """The height of the header's lower row, or of the only one."""
        if not any(map(any, self.labels)):
            return 0  # a form of names and values needs no heading over its columns
        lines = max(len(lines) for lines in self.labels)
        return max(self.style.row, lines * self.size * 1.3 + 6)

    @property
    def header_height(self) -> float:
        """The height of the whole header."""
        return self.label_height + (self.style.row if self.grouped else 0)

    def total_label(self, language: str) -> tuple[int, str]:
        """How many columns the label of the total row spans, and what it says."""
        totals = self.totals or []
        span = next((i for i, text in enumerate(totals) if text), len(totals)) or 1
        label = (totals[0] if totals else "") or self.table.total_label
        return span, label or _("Grand total").render(language)


def style_of(table: Table) -> Style:
    """The sizes of a table."""
    return TURNED if table.landscape else DENSE if table.dense else UPRIGHT


def lay_out(table: Table, faces: Measures, measure: float, style: Style, *, wrapping: bool = True) -> Layout:
    """Measure the columns: numbers and dates never break, the longest texts take the rest and wrap.

    measure: the width there is, in points. wrapping: break the cells into lines (Word does that itself).
    """
    columns = range(len(table.columns))
    texts = [[shown(computed(table, row, i), table.columns[i]) for i in columns] for row in table.rows]
    totals = None
    if table.totals is not None:
        totals = [shown(computed(table, table.totals, i), table.columns[i]) for i in columns]
        # What is not summed stays empty in the total row, a dash there would say "unknown".
        totals = ["" if value is None and text == "—" and not table.columns[i].formula else text
                  for i, (value, text) in enumerate(zip(table.totals, totals, strict=True))]  # fmt: skip
    size = style.cell
    labels = [column.label.split("\n") for column in table.columns]
    wanted, least = _wishes(table, texts, totals, faces, labels)
    if sum(wanted) * size + 2 * PAD * len(columns) > measure:
        labels = [folded(column.label, faces) for column in table.columns]
        wanted, least = _wishes(table, texts, totals, faces, labels)
    # A dense table becomes small before its rows become high: so many rows are to be one sheet.
    while size > _SMALLEST and sum(wanted if table.dense else least) * size + 2 * PAD * len(columns) > measure:
        size -= _STEP
    widths = _widths(wanted, least, measure, size, table.most_lines)
    labels = [_unfolded(lines, width, size, faces) for lines, width in zip(labels, widths, strict=True)]
    edges = tuple(sum(widths[:i]) for i in range(len(widths) + 1))
    wrapped = _wrapped(table, texts, faces, widths, size) if wrapping else {}
    return Layout(table, style, size, edges, texts, totals, wrapped, labels)


def _wishes(
    table: Table, texts: list[list[str]], totals: list[str] | None, faces: Measures, labels: list[list[str]]
) -> tuple[list[float], list[float]]:
    """For each column, in em: the width it would like and the least it can do with."""
    wanted, least = [], []
    for i, column in enumerate(table.columns):
        header = max(faces["hei"].width(line) for line in labels[i])
        cells = sorted(map(faces["table"].width, {row[i] for row in texts} or {""}))
        if totals and column.numeric:
            header = max(header, faces["table_bold"].width(totals[i]))
        if column.kind == "text":
            likes = cells[min(len(cells) - 1, len(cells) * 95 // 100)]
            wanted.append(max(header, likes, float(column.width)))
            least.append(max(header, min(likes, 6.0)))
        else:
            wanted.append(max(header, cells[-1], float(column.width)))
            least.append(max(header, cells[-1]))
    return wanted, least


def _widths(wanted: list[float], least: list[float], measure: float, size: float, most: int) -> list[float]:
    room = measure - 2 * PAD * len(wanted)
    wishes = [width * size for width in wanted]
    floors = [width * size for width in least]
    if sum(wishes) <= room:
        # What is left is shared: half equally, half by width, so that neither numbers nor names stand lost.
        spare, total = room - sum(wishes), sum(wishes) or 1
        return [wish + spare / 2 / len(wishes) + spare / 2 * wish / total + 2 * PAD for wish in wishes]
    shares = _shares(wishes, floors, room, size, most)
    missing = [wish - share for wish, share in zip(wishes, shares, strict=True)]
    spare = max(room - sum(shares), 0.0) / (sum(missing) or 1)
    widths = [share + spare * more + 2 * PAD for share, more in zip(shares, missing, strict=True)]
    scale = measure / sum(widths)
    return [width * scale for width in widths]


def _shares(wishes: list[float], floors: list[float], room: float, size: float, most: int) -> list[float]:
    """Widths within `room` in which the longest texts take as few lines as can be, all about as many."""
    for lines in range(2, most + 1):
        # A character more than its part: lines of Chinese do not end just anywhere.
        parts = zip(wishes, floors, strict=True)
        shares = [max(floor, min(wish, wish / lines + size)) for wish, floor in parts]
        if sum(shares) <= room:
            return shares
    return floors  # a text too long for that: what it takes away must not press dates and names together


def _wrapped(
    table: Table, texts: list[list[str]], faces: Measures, widths: list[float], size: float
) -> dict[tuple[int, int], list[str]]:
    """The lines of the cells that do not fit on one, by (row, column)."""
    role: Role = "table"
    found = {}
    for i, column in enumerate(table.columns):
        room = (widths[i] - 2 * PAD) / size + 0.01
        for row, cells in enumerate(texts):
            text = cells[i]
            if "\n" in text or (len(text) * 1.06 > room and faces[role].width(text) > room and not column.numeric):
                found[row, i] = _shortened(wrap(text, faces, role, room), table.most_lines)
    return found


def _shortened(lines: list[str], most: int) -> list[str]:
    """A cell is no place for an essay: what follows its last line is in the workbook."""
    return lines if len(lines) <= most else [*lines[: most - 1], lines[most - 1][:-1] + "…"]


def wrap(text: str, faces: Measures, role: Role, room: float) -> list[str]:
    """`text` in lines no wider than `room` (em)."""
    lines: list[str] = []
    for part in text.split("\n"):
        widths = [faces[role].widths[character] for character in part]
        broken = break_lines(part, widths, room, room, squeezing=False)
        if len(broken) > 1 and sum(widths[broken[-1].start :]) < 2.5:
            # One or two characters alone on the last line read badly: lines of nearly the same length instead.
            even = sum(widths) / len(broken) + 1.0
            evener, allowed = break_lines(part, widths, even, even, squeezing=False), breaks(part)
            whole = all(allowed[line.end - 1] for line in evener)  # a narrower line must not cut a word
            broken = evener if whole and len(evener) == len(broken) else broken
        lines += [part[line.start : line.end].strip() for line in broken]
    return lines or [""]


_ENDINGS = ("天数", "日期", "开工", "竣工", "领导", "单位", "原因", "名称", "情况", "年限", "同期", "金额", "进度")


def folded(label: str, faces: Measures) -> list[str]:
    """A heading of four characters or more on two lines: where its maker parted it, before a last word, or halved."""
    if "\n" in label or len(label) < 4:
        return label.split("\n")
    if len(label) < 8 and all(is_wide(mark) for mark in label) and not NO_START & set(label):
        at = len(label) - 2 if len(label) < 7 and label.endswith(_ENDINGS) else len(label) // 2
        return [label[:at], label[at:]]
    # Never within a Latin word.
    words = [word for word in label.split() if not any(map(is_wide, word))]
    half = max(faces["hei"].width(label) / 2 + 1.0, *(faces["hei"].width(word) for word in ("", *words)))
    return wrap(label, faces, "hei", half)


def _unfolded(lines: list[str], width: float, size: float, faces: Measures) -> list[str]:
    """One line again where the column turned out wide enough."""
    whole = "".join(lines) if all(is_wide(line[-1:] or "　") for line in lines[:-1]) else " ".join(lines)
    return [whole] if faces["hei"].width(whole) * size <= width - PAD else lines
