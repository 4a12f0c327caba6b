"""The views of the companies that come with the program."""

from __future__ import annotations

from sqlalchemy import Connection

from db.core.filters import Condition
from db.core.text import _
from db.core.views import View

_FACTS = ("name", "credit_code", "scale", "industry", "chain", "street", "tags", "site_land", "contact", "contact_phone",
          "province", "city", "remarks")  # fmt: skip


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
