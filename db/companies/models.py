"""Companies: who invests, and who is evaluated. Told apart by credit code, then by name; former names still find them.

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

OWN, LEASED_OUT, LEASED_IN = "own", "leased_out", "leased_in"
SITE = Choice(
    ((OWN, _("Own land")), (LEASED_OUT, _("Leased out")), (LEASED_IN, _("Leased in"))),
    (
        ("自有", OWN),
        ("自有用地", OWN),
        ("出租", LEASED_OUT),
        ("租出", LEASED_OUT),
        ("租入", LEASED_IN),
        ("承租", LEASED_IN),
    ),
)

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

# Land: area in 1/300 m². Leased out is a part of what is own, and counts for who leases it in.
company_site = tracked(
    "company_site",
    link("company", "company", null=False),
    words("kind", null=False),
    whole("area", null=False),
    words("place"),
    words("since"),
    words("until"),
)
