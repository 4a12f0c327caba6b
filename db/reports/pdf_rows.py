"""Drawing a laid-out table: captions, headers, rows and rules, over as many sheets as it takes."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

from db.core.progress import Progress
from db.core.text import _
from db.reports.paper import GREY, Paper
from db.reports.table_layout import PAD, Layout, wrap

_WHOLE = 6  # rows: a table of fewer is never parted, and no part begins with fewer at the foot of a page
_BASE = 0.36  # of the size: how far below a line's middle its baseline lies

Prepared = dict[str, tuple[str, str, float]]


class TableDrawing:
    """One table on its way through the sheets. `y` is where the next thing goes, from the sheet's upper edge."""

    def __init__(self, paper: Paper, layout: Layout, caption: str, unit: str, language: str) -> None:
        self.paper, self.layout, self.caption = paper, layout, caption
        self.unit, self.language = unit, language
        self._ready: list[Prepared] = [{} for _column in layout.table.columns]

    @property
    def head(self) -> float:
        """The height of caption, line of unit and header."""
        style = self.layout.style
        captions = style.caption * (0.55 + 1.35 * len(self._captions))
        return (captions if self.caption else 0) + style.line * 1.7 * len(self._stands) + self.layout.header_height

    @cached_property
    def _captions(self) -> list[str]:
        """The caption's lines, with （续） where that makes more of them, so that all parts are laid out alike."""
        return self._caption_lines(self._again) if self.caption else []

    @property
    def _again(self) -> str:
        return str(_("{caption} (continued)", caption=self.caption).render(self.language))

    def _caption_lines(self, caption: str) -> list[str]:
        faces, size = self.paper.faces, self.layout.style.caption
        return wrap(caption, faces, "hei", self.paper.measure / size)

    @cached_property
    def _stands(self) -> list[tuple[str, str]]:
        """The lines under the caption as (left, right): date and population, and the unit; none where it stands beside."""
        style, faces, stand = self.layout.style, self.paper.faces, self.layout.table.stand
        beside = (
            faces["hei"].width("".join(self._captions[:1])) * style.caption / 2
            + faces["table"].width(self.unit) * style.line
        )
        if not stand:
            own_line = style.caption > 12 or len(self._captions) != 1 or beside > self.paper.measure / 2 - style.line
            return [("", self.unit)] if own_line and self.unit else []
        lines = wrap(stand, faces, "table", self.paper.measure / style.line)
        full = faces["table"].width(lines[-1] + self.unit) * style.line > self.paper.measure - style.line
        return (
            [*((line, "") for line in lines), ("", self.unit)]
            if full and self.unit
            else [*((line, "") for line in lines[:-1]), (lines[-1], self.unit)]
        )

    @property
    def _total_height(self) -> float:
        return self.layout.style.row if self.layout.totals else 0

    @property
    def _note_height(self) -> float:
        return len(self._note_lines()) * self.layout.style.note * 1.5 + 4 if self.layout.table.note else 0

    def height(self) -> float:
        """What the whole table takes on one sheet, caption and note included."""
        rows = sum(self.layout.row_height(row) for row in range(len(self.layout.texts)))
        return self.head + self._total_height + rows + (self._note_height if self.layout.table.note else 0.0)

    def beginning(self) -> float:
        """What of it at least stands on the sheet where it begins."""
        return self.head + self._total_height + sum(map(self.layout.row_height, range(len(self.layout.texts))[:_WHOLE]))

    def draw(self, y: float, next_sheet: Callable[[], float], progress: Progress) -> float:
        """Draw everything from `y` on; `next_sheet` turns the page and says where to go on. Returns the last y."""
        rows = len(self.layout.texts)
        bottom = self.paper.top + self.paper.depth + 0.5
        row, first = 0, True
        while first or row < rows:
            room = bottom - y - self.head - (self._total_height if first else 0)
            end = self._last_that_fits(row, room)
            if first and end < rows and (rows < _WHOLE or end < _WHOLE) and self.paper.touched:
                y, bottom = next_sheet(), self.paper.top + self.paper.depth + 0.5
                continue
            y = self._draw_part(y, row, max(end, min(row + 1, rows)), first=first)
            row, first = max(end, min(row + 1, rows)), False
            progress.step(row, rows, _("Drawing “{table}”", table=self.layout.table.title))
            if row < rows:
                y, bottom = next_sheet(), self.paper.top + self.paper.depth + 0.5
        if self.layout.table.note:
            if self._note_height > self._note_room(bottom - y):
                y = next_sheet()
            y = self._draw_note(y)
        return y

    def _last_that_fits(self, start: int, room: float) -> int:
        rows, end, used = len(self.layout.texts), start, 0.0
        while end < rows and used + self.layout.row_height(end) <= room:
            used += self.layout.row_height(end)
            end += 1
        if end == rows and self._note_height > self._note_room(room - used):
            return max(rows - 2, start)  # a note alone on the last sheet takes two rows along
        # A single row alone on the last sheet takes one more along.
        return end - 1 if end == rows - 1 and end - start > _WHOLE else end

    def _note_room(self, room: float) -> float:
        """What the note may take of the sheet: it may reach a little below the last line."""
        return room + self.layout.style.row

    def _draw_part(self, y: float, start: int, end: int, *, first: bool) -> float:
        paper, layout = self.paper, self.layout
        paper.touched = True
        y = self._draw_caption(y, continued=not first)
        top = y
        y = self._draw_header(y)
        header_end = y
        breaks = [0.0] * (len(layout.edges) - 2)
        if first and layout.totals:
            y, span = self._draw_totals(y)
            breaks[: max(span - 1, 0)] = [1.0] * max(span - 1, 0)
        left, right = paper.left, paper.left + layout.edges[-1]
        body = y
        for row in range(start, end):
            if row > start or body > header_end:
                paper.rule(left, y, right, y, width=0.5, colour=GREY)
            y = self._draw_row(y, row)
        # Under a heading that spans columns, the rules between these begin below it.
        spanned = {at for _group, begin, finish in self._groups() for at in range(begin + 1, finish)}
        for at, merged in enumerate(breaks, start=1):
            upper = top + layout.style.row if at in spanned else top
            self._vertical(left + layout.edges[at], upper, y, (header_end, body) if merged else None)
        paper.rule(left, top, right, top, width=1.1)
        paper.rule(left, header_end, right, header_end, width=0.75)
        paper.rule(left, y, right, y, width=1.1)
        return y

    def _vertical(self, x: float, top: float, bottom: float, gap: tuple[float, float] | None) -> None:
        if gap is None:
            self.paper.rule(x, top, x, bottom, width=0.5, colour=GREY)
        else:
            self.paper.rule(x, top, x, gap[0], width=0.5, colour=GREY)
            self.paper.rule(x, gap[1], x, bottom, width=0.5, colour=GREY)

    def _draw_caption(self, y: float, *, continued: bool) -> float:
        paper, style = self.paper, self.layout.style
        centre, right = paper.left + paper.measure / 2, paper.left + paper.measure
        end = y + self.head - self.layout.header_height
        baseline = y + style.caption * 1.25
        for line in self._caption_lines(self._again if continued else self.caption) if self.caption else ():
            paper.aligned(centre, baseline, line, "hei", style.caption, to="centre")
            y, baseline = y + style.caption * 1.35, baseline + style.caption * 1.35
        if self.unit and not self._stands:
            paper.aligned(right, baseline - style.caption * 1.35, self.unit, "table", style.line, to="right")
        y += style.caption * 0.55 if self.caption else 0
        for left_words, right_words in self._stands:
            paper.text(paper.left, y + style.line * 1.05, left_words, "table", style.line)
            paper.aligned(right, y + style.line * 1.05, right_words, "table", style.line, to="right")
            y += style.line * 1.7
        return end

    def _draw_header(self, y: float) -> float:
        layout, size = self.layout, self.layout.size
        for i, (column, lines) in enumerate(zip(layout.table.columns, layout.labels, strict=True)):
            middle = self.paper.left + (layout.edges[i] + layout.edges[i + 1]) / 2
            if column.group:
                height, top = layout.label_height, y + layout.style.row
            else:
                height, top = layout.header_height, y
            baseline = top + height / 2 - (len(lines) - 1) * size * 0.65 + size * _BASE
            for line in lines:
                self.paper.aligned(middle, baseline, line, "hei", size, to="centre")
                baseline += size * 1.3
        if layout.grouped:
            self._draw_groups(y)
        return y + layout.header_height

    def _groups(self) -> list[tuple[str, int, int]]:
        found: list[tuple[str, int, int]] = []
        for i, column in enumerate(self.layout.table.columns):
            if column.group and found and found[-1][0] == column.group and found[-1][2] == i:
                found[-1] = (column.group, found[-1][1], i + 1)
            elif column.group:
                found.append((column.group, i, i + 1))
        return found

    def _draw_groups(self, y: float) -> None:
        layout = self.layout
        for group, start, end in self._groups():
            x0, x1 = (self.paper.left + layout.edges[at] for at in (start, end))
            baseline = y + layout.style.row / 2 + layout.size * _BASE
            self.paper.aligned((x0 + x1) / 2, baseline, group, "hei", layout.size, to="centre")
            self.paper.rule(x0, y + layout.style.row, x1, y + layout.style.row, width=0.5, colour=GREY)

    def _draw_totals(self, y: float) -> tuple[float, int]:
        """The total row; also how many columns its label spans."""
        layout, totals = self.layout, self.layout.totals or []
        span, label = layout.total_label(self.language)
        baseline = y + layout.style.row / 2 + layout.size * _BASE
        middle = self.paper.left + layout.edges[span] / 2
        self.paper.aligned(middle, baseline, label, "table_bold", layout.size, to="centre")
        for i in range(span, len(totals)):
            right, size = self.paper.left + layout.edges[i + 1] - PAD, layout.size
            if layout.table.columns[i].numeric:
                self.paper.aligned(right, baseline, totals[i], "table_bold", size, to="right")
            elif totals[i]:
                self.paper.text(self.paper.left + layout.edges[i] + PAD, baseline, totals[i], "table_bold", size)
        return y + layout.style.row, span

    def _draw_row(self, y: float, row: int) -> float:
        layout, paper = self.layout, self.paper
        height, size, wrapped = layout.row_height(row), layout.size, layout.wrapped
        up = paper.height - y - height / 2 - size * _BASE
        for i, text in enumerate(layout.texts[row]):
            if not text:
                continue
            if wrapped and (row, i) in wrapped:
                self._draw_lines(wrapped[row, i], i, y, height)
                continue
            ready = self._ready[i].get(text) or self._prepare(i, text)
            font, codes, x = ready
            if font:
                paper.ready([f"1 0 0 1 {x:.2f} {up:.2f} Tm <{codes}> Tj"], font, size)
            else:
                paper.text(x, paper.height - up, text, "table", size)
        return y + height

    def _prepare(self, column: int, text: str) -> tuple[str, str, float]:
        """Font, codes and x of a cell's text, remembered; font "" where it needs more than one face."""
        layout = self.layout
        face = self.paper.faces["table"]
        pieces, width = face.pieces(text), face.width(text) * layout.size
        left, right = self.paper.left + layout.edges[column], self.paper.left + layout.edges[column + 1]
        kind = layout.table.columns[column].kind
        if kind in ("number", "percent"):
            x = right - PAD - width
        elif kind in ("date", "centre"):
            x = (left + right - width) / 2
        else:
            x = left + PAD
        font, codes = pieces[0] if len(pieces) == 1 else ("", "")
        self._ready[column][text] = (font, codes, x)
        return font, codes, x

    def _draw_lines(self, lines: list[str], column: int, y: float, height: float) -> None:
        layout, size = self.layout, self.layout.size
        baseline = y + height / 2 - (len(lines) - 1) * size * 0.625 + size * _BASE
        for line in lines:
            if layout.table.columns[column].kind in ("date", "centre"):
                middle = self.paper.left + (layout.edges[column] + layout.edges[column + 1]) / 2
                self.paper.aligned(middle, baseline, line, "table", size, to="centre")
            else:
                self.paper.text(self.paper.left + layout.edges[column] + PAD, baseline, line, "table", size)
            baseline += size * 1.25

    def _note_lines(self) -> list[str]:
        room = self.paper.measure / self.layout.style.note
        return wrap(self.layout.table.note, self.paper.faces, "table", room)

    def _draw_note(self, y: float) -> float:
        size = self.layout.style.note
        for line in self._note_lines():
            self.paper.text(self.paper.left, y + size * 1.4, line, "table", size)
            y += size * 1.5
        return y + 4
