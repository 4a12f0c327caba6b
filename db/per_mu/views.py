"""The views of companies' years that come with the program: all, each year and half-year, what nobody confirmed."""

from __future__ import annotations

from sqlalchemy import Connection

from db.core.filters import Condition
from db.core.text import Text, _
from db.core.views import View
from db.per_mu.models import HALF, METRICS, WHOLE_YEAR
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


def period_name(year: int, half: int) -> Text:
    """2023; 2023, first half-year."""
    return Text(str(year)) if half == WHOLE_YEAR else _("{year}, {half}", year=year, half=HALF.label(str(half)))


def _of(year: int, half: int) -> View:
    name = period_name(year, half)
    conditions = (Condition("year", "is", year), Condition("half", "one_of", (str(half),)))
    return View(name, _FACTS, conditions, _ORDER, key=f"year_{year}_{half}")
