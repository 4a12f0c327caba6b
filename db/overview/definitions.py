"""The figures: key, label, definition, and which measures they are made of (contract.md).

A rate always has a numerator, a denominator and a population in its definition.
"""

from __future__ import annotations

from dataclasses import dataclass

from db.core.ratios import SHARE
from db.core.text import Text, _

PROJECTS, YUAN, DOLLARS, TIMES = _("projects"), _("yuan"), _("US dollars"), _("times")


@dataclass(frozen=True)
class Figure:
    """One figure. above: measures summed; below: the denominator where it is a rate.

    of_money: whether the sums of the measures are taken, or their counts; of a rate above and below.
    """

    key: str
    label: Text
    definition: Text
    unit: Text
    above: tuple[str, ...]
    below: tuple[str, ...] = ()
    of_money: bool = False

    @property
    def is_rate(self) -> bool:
        """Whether it is a share of something."""
        return bool(self.below)


def _count(key: str, label: Text, definition: Text, *above: str, unit: Text = PROJECTS) -> Figure:
    return Figure(key, label, definition, unit, above)


def _money(key: str, label: Text, definition: Text, *above: str, unit: Text = YUAN) -> Figure:
    return Figure(key, label, definition, unit, above, of_money=True)


def _rate(key: str, label: Text, definition: Text, above: str, below: str) -> Figure:
    return Figure(key, label, definition, SHARE, (above,), (below,))


FIGURES: tuple[Figure, ...] = (
    _count(
        "signed.count",
        _("Newly signed projects"),
        _(
            "Projects whose signing has its statistical date in the period, each counted once, at its first signing;"
            " framework agreements are left out unless the book counts them."
        ),
        "signed",
    ),
    _money(
        "signed.investment",
        _("Agreed investment of newly signed projects"),
        _(
            "Agreed investment of the newly signed projects, and what capital increases of the period add;"
            " foreign money at the rate of the statistical date."
        ),
        "signed",
        "increases",
    ),
    _count(
        "started.count",
        _("Newly started projects"),
        _("Projects whose start has its statistical date in the period."),
        "started",
    ),
    _money(
        "started.investment",
        _("Total investment of newly started projects"),
        _("Total investment of the newly started projects; the agreed investment where no total is kept."),
        "started",
    ),
    _count(
        "produced.count",
        _("Projects newly in production"),
        _("Projects whose production has its statistical date in the period."),
        "produced",
    ),
    _money(
        "produced.investment",
        _("Total investment of projects newly in production"),
        _("Total investment of the projects newly in production; the agreed investment where no total is kept."),
        "produced",
    ),
    _count(
        "negotiating.count",
        _("Projects under negotiation"),
        _("Projects in negotiation at the end of the period, active."),
        "negotiating.still",
        "negotiating.then",
    ),
    _money(
        "negotiating.investment",
        _("Investment of projects under negotiation"),
        _("Agreed investment of the projects in negotiation at the end of the period, active."),
        "negotiating.still",
        "negotiating.then",
    ),
    _rate(
        "start_rate.cohort",
        _("Start rate of the period's signings"),
        _("Of the projects signed in the period, those started by its end ÷ the projects signed in the period."),
        "cohort.started",
        "signed",
    ),
    _rate(
        "start_rate.plan",
        _("Start rate of the yearly plan"),
        _("Of the projects planned to start this year, those started by the end of the period ÷ all planned."),
        "plan.started",
        "plan",
    ),
    _rate(
        "start_rate.stock",
        _("Start rate of all signed projects"),
        _("All projects started or producing at the end of the period ÷ all projects ever signed."),
        "stock.begun",
        "stock",
    ),
    _rate(
        "production_rate.stock",
        _("Production rate of all started projects"),
        _("All projects producing at the end of the period ÷ all projects started or producing."),
        "stock.producing",
        "stock.begun",
    ),
    _rate(
        "performance_rate",
        _("Performance of contracts"),
        _("Signed projects in preliminary work, under construction or in production ÷ all projects ever signed."),
        "stock.performing",
        "stock",
    ),
    _money(
        "paid_in.reported",
        _("Paid-in funds, reported"),
        _("Paid-in funds as reported, of the months of the period."),
        "paid.reported",
    ),
    _money(
        "paid_in.verified",
        _("Paid-in funds, verified"),
        _("Paid-in funds as verified, of the months of the period."),
        "paid.verified",
    ),
    _money(
        "paid_in.outside_province",
        _("Paid-in funds from outside the province"),
        _("Of the paid-in funds (verified, or reported where none are verified), those from outside the province."),
        "paid.outside",
    ),
    Figure(
        "paid_in_rate.contract",
        _("Paid-in rate of the period's signings"),
        _(
            "Of the projects signed in the period, the funds paid in by its end (verified, or reported where none are"
            " verified) ÷ their agreed investment."
        ),
        SHARE,
        ("cohort.paid",),
        ("signed",),
        of_money=True,
    ),
    _money(
        "foreign.used",
        _("Foreign capital used"),
        _("Foreign capital actually used in the months of the period, in US dollars."),
        "foreign",
        unit=DOLLARS,
    ),
    _money(
        "fixed_assets.done",
        _("Fixed-asset investment done"),
        _("Fixed-asset investment done in the months of the period."),
        "fixed",
    ),
    _count(
        "entered_statistics.count",
        _("Projects entered in statistics"),
        _("Projects entered in statistics in the period."),
        "entered",
    ),
    _count(
        "forecast.signed.count",
        _("Expected signings of the year"),
        _("Signed since January, and active projects expected to be signed in the rest of the year."),
        "year.signed",
        "expected",
    ),
    _money(
        "forecast.signed.investment",
        _("Expected agreed investment of the year"),
        _("Agreed investment signed since January, and of the projects expected to be signed in the rest of the year."),
        "year.signed",
        "year.increases",
        "expected",
    ),
    _count(
        "activities.outbound",
        _("Outbound visits"),
        _("Outbound promotion visits of the period."),
        "activities.outbound",
        unit=TIMES,
    ),
    _count(
        "activities.received",
        _("Visits received"),
        _("Visits of companies received in the period."),
        "activities.received",
        unit=TIMES,
    ),
    _count(
        "activities.promotion",
        _("Promotion events"),
        _("Promotion events held in the period."),
        "activities.promotion",
        unit=TIMES,
    ),
    _count(
        "activities.leads",
        _("Leads found"),
        _("Projects found through the activities of the period."),
        "activities.leads",
    ),
    _count(
        "stuck.signed_not_started.count",
        _("Signed long ago and not started"),
        _(
            "Active projects signed at least the set number of months before the end of the period and not started by"
            " then, earlier years included."
        ),
        "stuck.signed",
    ),
    _count(
        "stuck.started_not_producing.count",
        _("Started long ago and not producing"),
        _(
            "Active projects started at least the set number of months before the end of the period and not producing"
            " by then, earlier years included."
        ),
        "stuck.started",
    ),
)

BY_KEY = {figure.key: figure for figure in FIGURES}
# What a yearly target can be set for: what adds up over the year.
ADDS_UP = frozenset(
    figure.key
    for figure in FIGURES
    if not figure.is_rate and not figure.key.startswith(("negotiating.", "stuck.", "forecast."))
)
