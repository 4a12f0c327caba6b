"""Companies: who invests, and who is evaluated. Told apart by credit code, then by name; former names still find them.

Where they are: sites on land, and floors in carriers (载体: parks, buildings, factories).

What a company pays, uses and sells in a year belongs to the room `per_mu`; what it stands on is said here.
"""

from __future__ import annotations

from sqlalchemy import Index

from db.core.fields import Choice
from db.core.tables import link, tracked, whole, words
from db.core.text import _

ABOVE, BELOW = "above", "below"
SCALE = Choice(
    ((ABOVE, _("Above designated size")), (BELOW, _("Below designated size"))),
    (
        ("规上", ABOVE), ("规上工业", ABOVE), ("规上工业企业", ABOVE), ("规模以上", ABOVE), ("规模以上工业", ABOVE),
        ("规下", BELOW), ("规下工业", BELOW), ("规下工业企业", BELOW), ("规模以下", BELOW), ("规模以下工业", BELOW),
    ),
)  # fmt: skip

OWN, LEASED_OUT, LEASED_IN, FLOORS = "own", "leased_out", "leased_in", "floors"
SITE = Choice(
    (
        (OWN, _("Own land")), (LEASED_OUT, _("Leased out")), (LEASED_IN, _("Leased in")),
        (FLOORS, _("Floors")),
    ),
    (
        ("自有", OWN), ("自有用地", OWN), ("自有土地", OWN), ("出让", OWN), ("划拨", OWN), ("购置", OWN), ("自持", OWN),
        ("出租", LEASED_OUT), ("租出", LEASED_OUT), ("出租土地", LEASED_OUT), ("转租", LEASED_OUT),
        ("租入", LEASED_IN), ("承租", LEASED_IN), ("租用土地", LEASED_IN), ("租赁", LEASED_IN), ("租用", LEASED_IN), ("租赁土地", LEASED_IN),
        ("楼层", FLOORS), ("厂房", FLOORS), ("租赁厂房", FLOORS), ("租用厂房", FLOORS), ("自有厂房", FLOORS), ("办公楼", FLOORS),
    ),
)  # fmt: skip
CARRIER = Choice(
    (("park", _("Park")), ("building", _("Office building")), ("factory", _("Factory building"))),
    (
        ("产业园", "park"), ("园区", "park"), ("商务楼宇", "building"), ("楼宇", "building"), ("写字楼", "building"),
        ("厂房", "factory"), ("标准厂房", "factory"),
    ),
)  # fmt: skip

company = tracked(
    "company",
    words("name", null=False),
    words("credit_code"),
    words("country"),
    words("province"),
    words("city"),
    words("tags"),
    words("intro"),
    words("remarks"),
    words("industry"),
    words("chain"),
    words("scale"),
    words("contact"),
    words("contact_phone"),
    link("street", "unit"),
)
Index("ix_company_name", company.c.name)
Index("ix_company_credit_code", company.c.credit_code)

company_name = tracked(
    "company_name",
    link("company", "company", null=False),
    words("name", null=False),
    words("until"),
)

carrier = tracked(
    "carrier",
    words("name", null=False),
    words("kind"),
    link("street", "unit"),
    words("place"),
    whole("floor_area"),
    whole("land"),
    words("remarks"),
)
Index("ix_carrier_name", carrier.c.name)

# Areas in 1/300 m². Leased out is a part of what is own, and counts for who leases it in; floors are no land.
# party: who leases it to the company, or from it.
company_site = tracked(
    "company_site",
    link("company", "company", null=False),
    words("kind", null=False),
    whole("area", null=False),
    words("place"),
    words("since"),
    words("until"),
    link("carrier", "carrier"),
    link("party", "company"),
    words("remarks"),
)
