"""Per-mu benefit: evaluations, schemes, the metrics behind them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from db.core.text import _
from desktop.kit.several_views import PageView, SeveralViews

if TYPE_CHECKING:
    from desktop.kit.several_views import View


def _evaluation(page: PerMuPage) -> View:
    from desktop.per_mu.evaluation import EvaluationView

    return EvaluationView(page)


def _metrics(page: PerMuPage) -> View:
    from desktop.per_mu.metrics import MetricsView

    return MetricsView(page)


def _schemes(page: PerMuPage) -> View:
    from desktop.per_mu.schemes import SchemesView

    return SchemesView(page)


def _low_use(page: PerMuPage) -> View:
    from desktop.per_mu.followup import LowUseView

    return LowUseView(page)


class PerMuPage(SeveralViews):
    """See the module."""

    title = _("Per-mu benefit")
    manual = "per_mu"
    rows = "metrics"
    views = (
        PageView("evaluation", _("Evaluation"), _evaluation),
        PageView("metrics", _("Metrics"), _metrics),
        PageView("schemes", _("Schemes"), _schemes),
        PageView("low", _("Low use"), _low_use),
    )
