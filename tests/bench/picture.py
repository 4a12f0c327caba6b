"""The table as a picture: a bar a job at its largest size, ours against the limit, with the goal as a line."""

from __future__ import annotations

import math
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.bench.report import Row, Run

_WIDTH, _LEFT, _LINE = 1000, 330, 34
_LOW, _HIGH = 0.02, 50.0
_FONT = 'font-family="sans-serif" font-size="13" fill="#24292f"'
_MET, _MISSED, _PEER, _INK = "#2e7d5b", "#c0392b", "#9aa5b1", "#24292f"


def picture(run: Run) -> str:
    """The SVG; the scale is logarithmic, 1 is the limit (or U)."""
    largest: dict[str, Row] = {}
    for row in run.rows:
        if run.ratio(row) is not None and row.rows >= largest.get(row.job.key, row).rows:
            largest[row.job.key] = row
    height = 70 + _LINE * len(largest)
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{height}" {_FONT}>',
        f'<rect width="{_WIDTH}" height="{height}" fill="#ffffff"/>',
        '<text x="16" y="24" font-size="16">ours ÷ limit (bar), goal (line), peers (dots)</text>',
    ]
    for mark in (0.1, 0.5, 1, 2, 5, 10, 20):
        lines.append(f'<text x="{_x(mark):.0f}" y="46" text-anchor="middle" fill="#57606a">{mark:g}</text>')
        lines.append(f'<path d="M{_x(mark):.0f} 52V{height - 12}" stroke="#d8dee4"/>')
    for at, row in enumerate(largest.values()):
        lines += _bar(run, row, 60 + at * _LINE)
    return "\n".join([*lines, "</svg>", ""])


def _x(ratio: float) -> float:
    share = math.log(min(max(ratio, _LOW), _HIGH) / _LOW) / math.log(_HIGH / _LOW)
    return _LEFT + share * (_WIDTH - _LEFT - 60)


def _bar(run: Run, row: Row, top: int) -> list[str]:
    job, ratio = row.job, run.ratio(row) or 0.0
    goal = job.goals.get(row.rows, job.goal)
    colour = _MISSED if ratio > goal else _MET
    unit = " U" if job.against == "U" else ""
    lines = [
        f'<text x="{_LEFT - 10}" y="{top + 16}" text-anchor="end">{escape(job.title)}, {row.rows:,}</text>',
        f'<rect x="{_LEFT}" y="{top + 3}" width="{_x(ratio) - _LEFT:.1f}" height="18" fill="{colour}"/>',
        f'<path d="M{_x(goal):.1f} {top}v24" stroke="{_INK}" stroke-width="2"/>',
    ]
    base = row.of(job.limit.name)
    for peer in job.peers:
        value = row.of(peer.name)
        if value is not None and base and job.against == "limit":
            title = f"<title>{escape(peer.name)} {value / base:.2f}</title>"
            lines.append(f'<circle cx="{_x(value / base):.1f}" cy="{top + 12}" r="5" fill="{_PEER}">{title}</circle>')
    lines.append(f'<text x="{_x(max(ratio, goal)) + 10:.1f}" y="{top + 16}">{ratio:.2f}{unit}</text>')
    return lines
