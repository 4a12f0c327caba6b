"""The points of the scatter chart: the two indicators per mu that weigh most, by class."""

from __future__ import annotations

from typing import TYPE_CHECKING

from db.core.text import _
from desktop.kit.columns import with_unit
from desktop.kit.words import tr
from desktop.per_mu.chart_scatter import Dot, Plane
from desktop.per_mu.evaluation_cells import Cells, mark_of

if TYPE_CHECKING:
    from db.per_mu.schemes import Indicator


def axes_of(cells: Cells) -> tuple[Indicator, Indicator] | None:
    """Revenue (or what comes second) across, tax (or what weighs most) upwards; None where fewer than two are seen."""
    shown = sorted(cells.shown, key=lambda one: -one.weight)
    if len(shown) < 2:
        return None
    by = {one.formula.replace(" ", ""): one for one in shown}
    up = by.get("tax/land", shown[0])
    across = by.get("revenue/land", next(one for one in shown if one is not up))
    return across, up


def plane_of(cells: Cells) -> Plane:
    """What the scatter draws; no points where there are not two indicators to see."""
    from db.per_mu.evaluated import weighted

    axes = axes_of(cells)
    if axes is None:
        return Plane("", "", "", ())
    across, up = axes
    times = [1 if one.unit else 100 for one in axes]  # shares are said in per cent
    dots = []
    for place, one in enumerate(cells.outcome.group.members):
        x, y = cells.raw(across.code, place), cells.raw(up.code, place)
        if x is not None and y is not None:
            mark, tone = mark_of(cells.names, cells.outcome.classes[place])
            dots.append(Dot(one.company, float(x) * times[0], float(y) * times[1], mark, tone, one.name))
    everyone = range(len(cells.outcome.group.members))
    means = [weighted(cells.outcome, one.code, everyone) for one in axes]
    said = [
        None if value is None else (float(value) * by, tr(_("mean {value}", value=cells.value(one.code, value))))
        for one, value, by in zip(axes, means, times, strict=True)
    ]
    title = _(
        "{up} × {across} ({year}, {count})",
        up=up.called,
        across=across.called,
        year=cells.board.period,
        count=len(dots),
    )
    legend = [(*mark_of(cells.names, name), name) for name in cells.names]
    return Plane(
        tr(title), _named(across), _named(up), dots, (said[0], said[1]), legend, (tr(across.called), tr(up.called))
    )


def _named(one: Indicator) -> str:
    return with_unit(tr(one.called), one.unit or "%")
