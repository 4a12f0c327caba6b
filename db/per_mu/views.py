"""The views of companies' years that come with the program: all, each year and half-year, what nobody confirmed."""

from __future__ import annotations

from sqlalchemy import Connection

from db.core.filters import Condition
from db.core.text import _
from db.core.views import View
from db.per_mu.models import METRICS, period_name
from db.per_mu.queries import periods

_FACTS = ("company", "year", "half", *(one.key for one in METRICS if not one.key.startswith("land_")), "confirmed",
          "scale", "street", "industry", "given_score", "given_rank", "given_class", "remarks")  # fmt: skip
_ORDER = (("company", False),)


def built_in(connection: Connection) -> tuple[View, ...]:
    """The newest period first; then all of them."""
    return (
        *(_of(year, half) for year, half in periods(connection)),
        View(_("All years"), _FACTS, order=(("company", False), ("year", True)), key="all"),
        View(_("Not confirmed by everybody"), _FACTS, (Condition("confirmed", "one_of", ("none", "some")),), _ORDER,
             key="unconfirmed"),
    )  # fmt: skip


def _of(year: int, half: int) -> View:
    conditions = (Condition("year", "is", year), Condition("half", "one_of", (str(half),)))
    return View(period_name(year, half), _FACTS, conditions, _ORDER, key=f"year_{year}_{half}")
