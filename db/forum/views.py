"""The views of the issues that come with the program."""

from __future__ import annotations

from sqlalchemy import Connection

from db.core.filters import Condition
from db.core.text import _
from db.core.views import View
from db.forum.models import DISSATISFIED, DONE, INADMISSIBLE, OPEN, PENDING, RESOLVED

_SIX = ("company", "text", "category", "department", "support", "assigned_on", "due_on", "handling", "resolved_on",
        "resolved", "satisfaction", "session", "state", "street", "raised_on")  # fmt: skip
_QUEUE = ("company", "text", "department", "state", "clock_on", "due_on", "assigned_on", "handling", "support", "category",
          "session", "escalated", "times_assigned")  # fmt: skip
_CALLS = ("company", "text", "resolved_on", "outcome", "handling", "clock_on", "satisfaction", "department", "session")
_IS_OPEN = Condition("state", "one_of", OPEN)


def built_in(connection: Connection) -> tuple[View, ...]:
    """All, what is open, overdue, to be called, by department, by session, to be assigned, dissatisfied."""
    return (
        View(_("All issues"), _SIX, order=(("raised_on", True),), key="all"),
        View(_("Open issues"), _QUEUE, (_IS_OPEN,), (("clock_on", False),), key="open"),
        View(
            _("Overdue issues"), _QUEUE, (_IS_OPEN, Condition("clock_on", "before_today")), (("clock_on", False),), key="overdue"
        ),
        View(_("To be assigned"), _SIX, (Condition("state", "one_of", ("registered", PENDING, "returned")),),
             (("raised_on", False),), key="to_assign"),
        View(_("To be followed up"), _CALLS, (Condition("state", "one_of", (RESOLVED,)),), (("clock_on", False),), key="calls"),
        View(_("By department"), _QUEUE, (_IS_OPEN,), (("clock_on", False),), ("department",), key="by_department"),
        View(_("By session"), _SIX, (Condition("state", "none_of", (INADMISSIBLE,)),), (("session", True),), ("session",),
             key="by_session"),
        View(_("Dissatisfied"), _CALLS,
             (Condition("satisfaction", "one_of", (DISSATISFIED,)), Condition("state", "one_of", DONE)),
             (("resolved_on", True),), key="dissatisfied"),
    )  # fmt: skip
