"""The views of the companies, their sites and the carriers that come with the program."""

from __future__ import annotations

from sqlalchemy import Connection

from db.core.filters import Condition
from db.core.text import _
from db.core.views import View

_FACTS = ("name", "credit_code", "scale", "industry", "chain", "street", "tags", "site_land", "contact", "contact_phone",
          "province", "city", "remarks")  # fmt: skip
_SITE = (
    "company",
    "kind",
    "place",
    "area",
    "area_m2",
    "counts",
    "carrier",
    "party",
    "since",
    "until",
    "street",
    "remarks",
)
_CARRIER = ("name", "kind", "street", "place", "floor_area", "taken", "free", "companies", "land", "remarks")


def built_in(connection: Connection) -> tuple[View, ...]:
    """All, by place, those above designated size, those whose credit code is missing."""
    return (
        View(_("All companies"), _FACTS, order=(("name", False),), key="all"),
        View(_("By place"), _FACTS, order=(("name", False),), groups=("street",), key="by_street"),
        View(
            _("Above designated size"),
            _FACTS,
            (Condition("scale", "one_of", ("above",)),),
            (("name", False),),
            key="above",
        ),
        View(
            _("Without credit code"),
            _FACTS,
            (Condition("credit_code", "empty"),),
            (("name", False),),
            key="without_code",
        ),
    )


def of_sites(connection: Connection) -> tuple[View, ...]:
    """All, by company with the balance of its land, by carrier, what ends next."""
    company = (("company", False),)
    return (
        View(_("All sites"), _SITE, order=company, key="all"),
        View(_("By company"), _SITE, order=company, groups=("company",), key="by_company"),
        View(_("By carrier"), _SITE, (Condition("carrier", "filled"),), company, ("carrier",), key="by_carrier"),
        View(_("By end"), _SITE, (Condition("until", "filled"),), (("until", False),), key="by_end"),
    )


def of_carriers(connection: Connection) -> tuple[View, ...]:
    """All, by place, those with floors free."""
    name = (("name", False),)
    return (
        View(_("All carriers"), _CARRIER, order=name, key="all"),
        View(_("By place"), _CARRIER, order=name, groups=("street",), key="by_street"),
        View(_("With floors free"), _CARRIER, (Condition("free", "at_least", 300),), (("free", True),), key="free"),
    )
