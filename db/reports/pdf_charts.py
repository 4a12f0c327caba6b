"""Clustered columns on paper: grey and one blue, the axis from zero, legible when printed in black."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from db.reports.paper import BLUE, PALE, Paper
from db.reports.report import Chart, Table
from db.reports.shown import as_number, computed, shown
from db.reports.table_layout import wrap

HEIGHT = 203.0  # seven lines of text
_TITLE, _FOOT, _AXIS = 26.0, 42.0, 34.0
_SIZE = 9.0


@dataclass(frozen=True)
class Scale:
    """The axis: its upper end and the step between its marks."""

    end: Decimal
    step: Decimal


def scale_of(highest: Decimal) -> Scale:
    """An axis from zero with four to seven marks at 1, 2 or 5 times a power of ten."""
    if highest <= 0:
        return Scale(Decimal(1), Decimal(1))
    step = Decimal(10) ** (highest.adjusted() - 1)
    for factor in (1, 2, 5, 10, 20, 50):
        if highest / (step * factor) <= 7:
            step *= factor
            break
    marks = (highest / step).to_integral_value(ROUND_CEILING)
    return Scale(marks * step, step)


def draw_chart(paper: Paper, chart: Chart, table: Table, y: float) -> float:
    """Draw `chart` over the rows of `table` from `y` on; returns where it ends."""
    left, right = paper.left + _AXIS, paper.left + paper.measure
    top, bottom = y + _TITLE + 8, y + HEIGHT - _FOOT
    paper.aligned((paper.left + right) / 2, y + 16, chart.title, "hei", 12, to="centre")
    values = [[_value(table, row, series.column) for row in table.rows] for series in chart.series]
    scale = scale_of(max((value for line in values for value in line), default=Decimal(0)))
    _draw_axis(paper, scale, left, right, top, bottom)
    slot = (right - left) / max(len(table.rows), 1)
    bar = min(slot * 0.72 / max(len(chart.series), 1), 26.0)
    start = (slot - bar * len(chart.series)) / 2
    names = table.place(chart.category)
    for row, cells in enumerate(table.rows):
        _draw_name(paper, str(cells[names] or ""), left + slot * (row + 0.5), slot, bottom)
        for at, series in enumerate(chart.series):
            height = float(max(values[at][row], Decimal(0)) / scale.end) * (bottom - top)
            x = left + slot * row + start + bar * at
            paper.box(x + 0.5, bottom - height, bar - 1, height, BLUE if series.current else PALE)
            if series.current:
                column = table.columns[table.place(series.column)]
                text = shown(values[at][row], column)
                paper.aligned(x + bar / 2, bottom - height - 3, text, "table", 8, to="centre")
    paper.rule(left, bottom, right, bottom, width=0.75)
    _draw_legend(paper, chart, (left + right) / 2, y + HEIGHT - 8)
    return y + HEIGHT


def _value(table: Table, row: tuple[object, ...], key: str) -> Decimal:
    return Decimal(as_number(computed(table, row, table.place(key))) or 0)  # type: ignore[arg-type]


def _draw_axis(paper: Paper, scale: Scale, left: float, right: float, top: float, bottom: float) -> None:
    marks = int(scale.end / scale.step)
    for mark in range(marks + 1):
        y = bottom - (bottom - top) * mark / marks
        if mark:
            paper.rule(left, y, right, y, width=0.3, colour="0.85 0.85 0.85")
        text = f"{(scale.step * mark).normalize():f}"
        paper.aligned(left - 5, y + 3, text, "table", _SIZE, to="right")


def _draw_name(paper: Paper, name: str, middle: float, slot: float, bottom: float) -> None:
    for number, line in enumerate(wrap(name, paper.faces, "table", max(slot - 3, _SIZE * 2) / _SIZE)[:2]):
        paper.aligned(middle, bottom + 12 + number * 10, line, "table", _SIZE, to="centre")


def _draw_legend(paper: Paper, chart: Chart, middle: float, y: float) -> None:
    face = paper.faces["table"]
    widths = [face.width(series.label) * _SIZE + 30 for series in chart.series]
    x = middle - sum(widths) / 2
    for series, width in zip(chart.series, widths, strict=True):
        paper.box(x, y - 7, 8, 8, BLUE if series.current else PALE)
        paper.text(x + 12, y, series.label, "table", _SIZE)
        x += width
