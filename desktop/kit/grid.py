"""Painting a ledger table: all cells of a page in one pass, as Qt's own way asks Python several times for each cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from PySide6.QtCore import QLine, QRect, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter

from desktop.kit import theme
from desktop.kit.cells import Cell
from desktop.kit.parts import draw_tag, tag_width
from desktop.kit.rows import Rows

INDENT = 14  # of a group's name by level
CORNER = 7  # legs of the triangle of a cell that is different now


class Span(NamedTuple):
    """A column as it stands on the screen: its place in the model, left edge, width."""

    column: int
    left: int
    width: int


@dataclass(frozen=True)
class Look:
    """Type of a table at its zoom."""

    font: QFont
    bold: QFont
    metrics: QFontMetrics
    bold_metrics: QFontMetrics
    size: int

    @staticmethod
    def at(zoom: float) -> Look:
        """The look of 13 px at a zoom."""
        size = max(9, round(13 * zoom))
        return Look(
            theme.font(size), theme.font(size, bold=True), theme.metrics(size), theme.metrics(size, bold=True), size
        )


@dataclass(frozen=True)
class Chosen:
    """What is selected on the lines one sees: line → columns; the line of the current cell; the one under the mouse."""

    columns: dict[int, set[int]]
    line: int
    hover: int


class Grid:
    """Paints lines into spans of columns. One is made for each painting."""

    def __init__(self, painter: QPainter, rows: Rows, look: Look, chosen: Chosen, height: int) -> None:
        self.painter, self.rows, self.look, self.chosen, self.height = painter, rows, look, chosen, height
        self._of = theme.tokens()
        metrics = look.metrics
        self._base = (height - metrics.height()) // 2 + metrics.ascent()
        self._font = look.font
        painter.setFont(look.font)
        self._tone = ""

    def draw(self, lines: range, top: int, spans: Sequence[Span]) -> None:
        """Paint lines from `top` downwards."""
        if not lines:
            return
        left, right = spans[0].left, spans[-1].left + spans[-1].width
        self._draw_grounds(lines, top, spans, left, right)
        bottom = top + len(lines) * self.height
        edges = [span.left + span.width - 1 for span in spans]
        below = range(top + self.height - 1, bottom, self.height)
        self._ink("line2")
        self.painter.drawLines(
            [QLine(left, at, right - 1, at) for at in below] + [QLine(at, top, at, bottom - 1) for at in edges]
        )
        columns = [span.column for span in spans]
        for line in lines:
            cells = self.rows.cells(line, columns)
            if cells is not None:
                self._draw_texts(cells, line, top, spans)
            top += self.height

    def _draw_grounds(self, lines: range, top: int, spans: Sequence[Span], left: int, right: int) -> None:
        for line in lines:
            ground = self._ground(line)
            if ground:
                self.painter.fillRect(left, top, right - left, self.height, self._of.color(ground))
            chosen = self.chosen.columns.get(line)
            for span in spans if chosen else ():
                if chosen and span.column in chosen:
                    self.painter.fillRect(span.left, top, span.width, self.height, self._of.color("sel"))
            top += self.height

    def _ground(self, line: int) -> str:
        if self.rows.lines.at(line).group >= 0:
            return "bg"
        return "accent_soft" if line == self.chosen.line else "line2" if line == self.chosen.hover else ""

    def _draw_texts(self, cells: Sequence[Cell], line: int, top: int, spans: Sequence[Span]) -> None:
        group = self.rows.group(line)
        chosen = self.chosen.columns.get(line, ())
        for span in spans:
            cell = cells[span.column]
            if self.rows.differs and self.rows.now(line, span.column) is not None:
                self._draw_corner(span.left + span.width - 1, top)
            if cell.text:
                indent = INDENT * group.level if group is not None and span.column == 0 else 0
                self._draw_cell(cell, span.left + indent, top, span.width - indent, chosen=span.column in chosen)

    def _draw_corner(self, right: int, top: int) -> None:
        """What is different now: a small triangle in the upper right corner."""
        for at in range(CORNER):
            self.painter.fillRect(right - CORNER + at, top + at, CORNER - at, 1, self._of.color("amber"))

    def _draw_cell(self, cell: Cell, left: int, top: int, width: int, *, chosen: bool) -> None:
        room = width - 2 * theme.CELL_PADDING
        if cell.tag:
            self._draw_tag(cell.text, cell.tag, left + theme.CELL_PADDING, top, room)
            return
        font, metrics = (self.look.bold, self.look.bold_metrics) if cell.bold else (self.look.font, self.look.metrics)
        if font is not self._font:
            self.painter.setFont(font)
            self._font = font
        text = cell.text.replace("\n", " ") if "\n" in cell.text else cell.text
        wide = -1
        if cell.right or cell.after or len(text) * self.look.size > room:
            wide = metrics.horizontalAdvance(text)
            if wide > room and not cell.right:
                text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)
        self._ink("mute" if chosen and cell.tone == "faint" else cell.tone)
        x = left + width - theme.CELL_PADDING - wide if cell.right else left + theme.CELL_PADDING
        if self.rows.words:
            self._mark_hits(text, metrics, x, top)
        self.painter.drawText(x, top + self._base, text)
        if cell.after and wide + 8 < room:
            self._draw_tag(cell.after, cell.tone, x + wide + 8, top, room - wide - 8)

    def _mark_hits(self, text: str, metrics: QFontMetrics, x: int, top: int) -> None:
        """A ground under the characters that were searched for."""
        from db.core.pinyin import marks

        for start, stop in marks(self.rows.words, text):
            before, through = metrics.horizontalAdvance(text[:start]), metrics.horizontalAdvance(text[:stop])
            ground = QRect(x + before, top + 5, through - before, self.height - 11)
            self.painter.fillRect(ground, theme.tokens().color("amber_soft"))

    def _ink(self, tone: str) -> None:
        if tone != self._tone:
            self.painter.setPen(self._of.color(tone))
            self._tone = tone

    def _draw_tag(self, text: str, tone: str, left: int, top: int, room: int) -> None:
        width = min(tag_width(text), room)
        draw_tag(self.painter, QRectF(left, top + (self.height - 18) / 2, width, 18), text, tone)

    def draw_ring(self, box: QRect) -> None:
        """The ring of the current cell."""
        self.painter.setPen(self._of.color("accent"))
        self.painter.drawRect(box.adjusted(0, 0, -2, -2))
        self.painter.drawRect(box.adjusted(1, 1, -3, -3))
