"""What companies pay, use and sell in a year, each datum with its source; schemes, evaluations, objections.

A metric's value is in 10⁻⁶ of its unit. Of money in 万元 that is a hundredth of a yuan, as everywhere in the book.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Index, UniqueConstraint

from db.companies.models import SCALE
from db.core.fields import Area, Choice, Kind, Metric, Money, Whole
from db.core.tables import link, tracked, whole, words
from db.core.text import Text, _

MICRO = 10**6
WHOLE_YEAR = 0
SCOPE = Choice(
    (*SCALE.options, ("services", _("Services")), ("buildings", _("Buildings"))),
    (
        *SCALE.aliases, ("规上企业", "above"), ("规下企业", "below"),
        ("服务业", "services"), ("规上服务业", "services"), ("楼宇", "buildings"), ("商务楼宇", "buildings"),
    ),
)  # fmt: skip
HALF = Choice(
    ((str(WHOLE_YEAR), _("Whole year")), ("1", _("First half-year")), ("2", _("Second half-year"))),
    tuple((f"{low}{to}{high}月", half) for low, high, half in ((1, 6, "1"), (7, 12, "2")) for to in "-—–~至到"),
)

# A year (or half of one) of a company: what is evaluated. half: 0 is the whole year.
company_year = tracked(
    "company_year",
    link("company", "company", null=False, index=False),
    whole("year", null=False),
    whole("half", null=False),
    words("scale"),
    words("remarks"),
    UniqueConstraint("company", "year", "half"),
)
Index("ix_company_year_year", company_year.c.year)

metric = tracked(
    "metric",
    link("entry", "company_year", null=False, index=False),
    words("key", null=False),
    whole("value", null=False),
    words("source"),
    words("confirmed_by"),
    words("confirmed_on"),
    UniqueConstraint("entry", "key"),
)

# What an office adds to the numbers of one company: points in 10⁻⁶, or a veto or an exemption with its reason.
adjustment = tracked(
    "adjustment",
    link("entry", "company_year", null=False),
    words("kind", null=False),
    whole("points"),
    words("reason", null=False),
)

# One row a version; a published one is never changed again.
scheme = tracked(
    "scheme",
    words("key", null=False),
    words("name", null=False),
    whole("year", null=False),
    whole("version", null=False),
    words("definition", null=False),
    words("published_on"),
    UniqueConstraint("key", "version"),
)

# A run that was kept, or a list of results that somebody else computed (without a scheme). content: JSON.
evaluation = tracked(
    "evaluation",
    link("scheme", "scheme"),
    words("name", null=False),
    whole("year", null=False),
    whole("half", null=False),
    words("done_on"),
    words("published_on"),
    words("source"),
    words("content", null=False),
)

evaluation_result = tracked(
    "evaluation_result",
    link("evaluation", "evaluation", null=False, index=False),
    link("company", "company", null=False),
    words("score"),
    whole("rank"),
    words("class"),
    words("content"),
    UniqueConstraint("evaluation", "company"),
)

objection = tracked(
    "objection",
    link("result", "evaluation_result", null=False),
    words("filed_on", null=False),
    words("text", null=False),
    words("state", null=False),
    words("decided_on"),
    words("decision"),
    words("class_after"),
)

# What was done about a company whose land is of low use (腾笼换鸟), step by step. Of a site that was let again: to whom,
# in which carrier, how much (1/300 m²).
low_use_step = tracked(
    "low_use_step",
    link("company", "company", null=False),
    words("kind", null=False),
    words("on_day", null=False),
    words("owner"),
    words("progress"),
    words("new_use"),
    link("tenant", "company"),
    link("carrier", "carrier"),
    whole("area"),
)


def period_name(year: int, half: int = WHOLE_YEAR) -> Text:
    """2023; 2023, first half-year."""
    if half == WHOLE_YEAR:
        return _("{year}", year=str(year))
    return _("{year}, {half}", year=str(year), half=HALF.label(str(half)))


BONUS, DEDUCTION, VETO, EXEMPT = "bonus", "deduction", "veto", "exempt"
ADJUSTMENT = Choice(((BONUS, _("Bonus")), (DEDUCTION, _("Deduction")), (VETO, _("Veto")), (EXEMPT, _("Exempt"))))
IN_TALKS, MOVED_OUT, HEADQUARTERS_KEPT, SITE_RELET = "in_talks", "moved_out", "headquarters_kept", "site_relet"
LOW_USE = Choice((
    (IN_TALKS, _("In talks")), (MOVED_OUT, _("Moved out")), (HEADQUARTERS_KEPT, _("Headquarters kept")),
    (SITE_RELET, _("Site re-let")),
))  # fmt: skip
FILED, UPHELD, REJECTED = "filed", "upheld", "rejected"
OBJECTION = Choice(((FILED, _("Filed")), (UPHELD, _("Upheld")), (REJECTED, _("Rejected"))))


@dataclass(frozen=True)
class Measured:
    """A metric: what it is called, its kind on the screen and in sheets, and who owes it.

    kind: how it is shown and read; factor: how many 10⁻⁶ of the metric's unit one stored unit of that kind is.
    unit: of the value in a formula. owed_by: the department that has the datum.
    """

    key: str
    label: Text
    kind: Kind
    unit: str
    factor: int
    owed_by: Text
    private: bool = False


def _money(key: str, label: Text, owed_by: Text, *, private: bool = False) -> Measured:
    return Measured(key, label, Money("万元"), "万元", 1, owed_by, private)


def _area(key: str, label: Text, unit: str = "亩") -> Measured:
    # 1/300 m² is 5 × 10⁻⁶ mu exactly, and 1/300 of a ㎡ is no whole number of 10⁻⁶: floors are kept in mu as well.
    return Measured(key, label, Area(unit), "亩", 5, _LAND)


def _metric(key: str, label: Text, unit: str, owed_by: Text) -> Measured:
    return Measured(key, label, Metric(unit), unit, 1, owed_by)


_LAND, _TAX, _STATISTICS = _("Natural resources"), _("Tax office"), _("Statistics")
_ENVIRONMENT, _POWER = _("Ecology and environment"), _("Power supply")

METRICS: tuple[Measured, ...] = (
    _area("land", _("Land used")),
    _area("land_own", _("Own land")),
    _area("land_out", _("Land leased out")),
    _area("land_in", _("Land leased in")),
    _area("floor_area", _("Floor area"), "㎡"),
    _money("revenue", _("Revenue"), _STATISTICS),
    _money("tax", _("Tax paid"), _TAX, private=True),
    _money("value_added", _("Industrial value added"), _STATISTICS),
    _money("rd", _("R&D expenditure"), _STATISTICS),
    _money("profit", _("Profit"), _STATISTICS, private=True),
    _metric("energy", _("Energy used"), "吨标煤", _STATISTICS),
    _metric("electricity", _("Electricity used"), "千瓦时", _POWER),
    _metric("emissions", _("Pollutants"), "吨", _ENVIRONMENT),
    Measured("staff", _("Staff"), Whole("人"), "人", MICRO, _STATISTICS),
)
BY_METRIC: Mapping[str, Measured] = {one.key: one for one in METRICS}
