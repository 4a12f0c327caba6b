"""The views of the project ledger that come with the program.

What is counted is never said here a second time: a view of what a figure counts is the rows behind that figure.
"""

from __future__ import annotations

from sqlalchemy import Connection

from db.core import settings
from db.core.filters import Condition
from db.core.text import _
from db.core.views import View
from db.projects.models import ACTIVE, STATUS

_ALL = (
    "name", "stage", "status", "agreed_investment", "paid_in_verified", "approved_on", "street", "source_place",
    "industry", "department", "leader", "signed_on", "started_on", "produced_on", "total_investment",
    "paid_in_reported", "investor", "progress", "code",
)  # fmt: skip
_SIGNED = (
    "name", "agreed_investment", "approved_on", "signed_on", "street", "industry", "investor", "source_place", "stage",
    "leader", "department", "paid_in_verified", "progress", "code",
)  # fmt: skip
_BUILDING = (
    "name", "stage", "total_investment", "started_on", "planned_production_on", "street", "leader", "department",
    "task_force", "paid_in_verified", "fixed_assets_done", "progress", "problems", "next_step", "next_step_due",
)  # fmt: skip
_STUCK = (
    "name", "agreed_investment", "signed_on", "approved_on", "not_started_reason", "planned_start_on", "street",
    "department", "leader", "paid_in_verified", "problems", "progress", "next_step", "next_step_due",
)  # fmt: skip
_TALKS = (
    "name", "talk_class", "leader", "department", "liaison", "contact_name", "contact_phone", "last_contact_on",
    "demands", "expected_signing", "blocker", "next_step", "next_step_due", "agreed_investment", "stage", "street", "progress",
)  # fmt: skip

_GOING_ON = Condition("status", "one_of", (ACTIVE,))
_NOT_GONE = Condition("status", "one_of", tuple(key for key, _label in STATUS.options if key in (ACTIVE, "on_hold")))


def built_in(connection: Connection) -> tuple[View, ...]:
    """In the order in which they are offered; the first is the one a ledger opens with."""
    months = settings.get(connection, "stuck.months")
    return (
        View(_("All projects"), _ALL, order=(("approved_on", True),), key="all"),
        View(_("All projects by place"), _ALL, order=(("approved_on", True),), groups=("street",), key="places"),
        View(
            _("Signed in this period"),
            _SIGNED,
            (Condition("figure:signed.count", "behind"),),
            (("approved_on", True),),
            key="signed",
        ),
        View(
            _("Under construction"),
            _BUILDING,
            (Condition("stage", "one_of", ("fitting_out", "started")), _NOT_GONE),
            (("started_on", True),),
            key="building",
        ),
        View(
            _("Signed {months} months ago, not started (earlier years included)", months=months),
            _STUCK,
            (Condition("figure:stuck.signed_not_started.count", "behind"),),
            (("signed_on", False),),
            key="stuck",
        ),
        View(
            _("Talks to be pushed"),
            _TALKS,
            (Condition("stage", "one_of", ("negotiating", "ready")), _GOING_ON),
            (("expected_signing", False), ("agreed_investment", True)),
            ("talk_class",),
            key="talks",
        ),
    )
