"""The rows behind a figure as a condition of a ledger: exactly those that the figure counts (`figures`, `rows`)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from sqlalchemy import ColumnElement, Connection, or_

from db.core.filters import Scope
from db.core.period import Period
from db.core.text import _
from db.overview.counting import days, measures
from db.overview.definitions import FIGURES, Figure
from db.overview.measures import Basis, Measure, Part
from db.projects.models import project

PREFIX = "figure:"


def figure_scopes(connection: Connection) -> dict[str, Scope]:
    """`figure:<key>` → the projects behind that figure; of a rate those of the denominator."""
    basis = Basis.of(connection)
    known = _measures(basis)
    return {
        PREFIX + figure.key: _scope(figure, basis)
        for figure in FIGURES
        if all(known[name].room == "projects" for name in _names(figure))
    }


def _scope(figure: Figure, basis: Basis) -> Scope:
    def where(period: Period) -> ColumnElement[bool]:
        when = days(basis, period)
        # `correlate`: the rows are looked for by themselves, not in the row that is asked about.
        found = [_measures(basis)[name].rows().order_by(None).params(when).correlate(None) for name in _names(figure)]
        return or_(*(project.c.id.in_(query) for query in found))

    labels = {
        "stuck.signed_not_started.count": _(
            "Signed {months} months ago or more and not started (earlier years included)"
        ),
        "stuck.started_not_producing.count": _(
            "Started {months} months ago or more and not producing (earlier years included)"
        ),
    }
    label = labels[figure.key](months=basis.stuck_months) if figure.key in labels else figure.label
    at_end = figure.key.startswith(("stuck.", "negotiating.")) or figure.key.endswith((".stock", "performance_rate"))
    return Scope(PREFIX + figure.key, label, where, at_end)


def _names(figure: Figure) -> tuple[str, ...]:
    return figure.below or figure.above


@lru_cache(maxsize=4)
def _measures(basis: Basis) -> Mapping[str, Measure | Part]:
    return measures(basis, frozenset({"signed", "increases"}))
