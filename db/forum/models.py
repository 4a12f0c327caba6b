"""The forum: sessions and visits, what enterprises raise at them, and everything that was done about each issue.

What happened to an issue stands in `issue_step`, in the order of `place`; the columns of the issue from `state` on
repeat what its steps amount to (`rules.replay`), so that the table, the board and the figures are one look at an
index: `courses.py` writes them with every step, and `check` compares them.
"""

from __future__ import annotations

from sqlalchemy import Index, UniqueConstraint, case

from db.core.fields import Choice
from db.core.tables import link, tracked, whole, words
from db.core.text import _
from db.people import supervision

ROOM = "forum"
STEPS = "forum.steps"  # under which the files of a step are attached; their record is its row

SATISFIED, BASICALLY, DISSATISFIED = "satisfied", "basically", "dissatisfied"
SATISFACTION = Choice(
    ((SATISFIED, _("Satisfied")), (BASICALLY, _("Basically satisfied")), (DISSATISFIED, _("Dissatisfied"))),
    (
        ("满意", SATISFIED), ("非常满意", SATISFIED), ("基本满意", BASICALLY), ("较满意", BASICALLY), ("一般", BASICALLY),
        ("不满意", DISSATISFIED), ("非常不满意", DISSATISFIED),
    ),
)  # fmt: skip

SOLVED, EXPLAINED, PLANNED, NOT_YET = "solved", "explained", "planned", "not_yet"
OUTCOME = Choice(
    (
        (SOLVED, _("Solved")),
        (EXPLAINED, _("Explained")),
        (PLANNED, _("Put into a plan")),
        (NOT_YET, _("Cannot be solved yet")),
    ),
    (
        ("已解决", SOLVED), ("解决", SOLVED), ("解释说明", EXPLAINED), ("已解释", EXPLAINED), ("列入计划", PLANNED),
        ("暂不具备解决条件", NOT_YET), ("暂不具备条件", NOT_YET), ("无法解决", NOT_YET),
    ),
)  # fmt: skip

REGISTERED, PENDING, ASSIGNED, RETURNED = "registered", "pending", "assigned", "returned"
ACCEPTED, IN_HAND, ON_HOLD, AT_CITY = "accepted", "in_hand", "on_hold", "at_city"
RESOLVED, FOLLOWED_UP, CLOSED, INADMISSIBLE = "resolved", "followed_up", "closed", "inadmissible"
STATE = Choice(
    (
        (REGISTERED, _("Registered")),
        (PENDING, _("To be assigned")),
        (ASSIGNED, _("Assigned")),
        (RETURNED, _("Returned")),
        (ACCEPTED, _("Accepted by the unit")),
        (IN_HAND, _("In hand")),
        (ON_HOLD, _("Put on hold")),
        (AT_CITY, _("With the city")),
        (RESOLVED, _("Resolved")),
        (FOLLOWED_UP, _("Followed up")),
        (CLOSED, _("Closed")),
        (INADMISSIBLE, _("Not admissible")),
    )
)
DONE = (RESOLVED, FOLLOWED_UP, CLOSED)
OPEN = tuple(key for key, _label in STATE.options if key not in (*DONE, INADMISSIBLE))

forum_session = tracked(
    "forum_session",
    whole("number", null=False),
    words("theme"),
    words("held_on"),
    words("place"),
    words("leaders"),
    words("departments"),
    words("agenda"),
    words("minutes"),
)
Index("ix_forum_session_held_on", forum_session.c.held_on, forum_session.c.number)

# attended: 1 came, 0 was invited and did not come, None: invited, not yet known.
attendance = tracked(
    "attendance",
    link("session", "forum_session", null=False, index=False),
    link("company", "company", null=False),
    whole("attended"),
    words("people"),
    words("remarks"),
    UniqueConstraint("session", "company"),
)

# requested: 1 where the enterprise asked for it (not counted as a disturbance). done: 1 once it took place.
visit = tracked(
    "company_visit",
    link("company", "company", null=False),
    words("on_day", null=False),
    link("unit", "unit"),
    words("visitors"),
    words("purpose"),
    words("notes"),
    whole("requested", null=False),
    whole("done", null=False),
)
Index("ix_company_visit_day", visit.c.on_day, visit.c.company)

# One thing → one kind of thing: similar issues together, and what is suggested because of them.
issue_kind = tracked(
    "issue_kind",
    words("name", null=False),
    words("suggestion"),
    words("suggested_to"),
    words("suggested_on"),
    words("answer"),
)

issue = tracked(
    "issue",
    link("company", "company", null=False, index=False),
    words("text", null=False),
    words("category"),
    link("session", "forum_session"),
    link("visit", "company_visit"),
    words("raised_on"),
    link("department", "unit"),
    link("street", "unit"),
    link("kind", "issue_kind"),
    words("remarks"),
    words("state", null=False),
    words("assigned_on"),
    words("due_on"),
    words("handling"),
    words("resolved_on"),
    words("outcome"),
    words("satisfaction"),
    words("followed_up_on"),
    words("closed_on"),
    words("clock_on"),
    words("reopened_on"),
    words("resolved_before"),
    whole("times_assigned", null=False),
    whole("escalated", null=False),
    whole("days"),
    whole("late"),
    words("told_on", null=False),
)
_i = issue.c
# Figures group by these columns in this order, so that a book of any size is one walk along an index; nothing is sorted.
Index("ix_issue_standing", _i.state, _i.outcome, _i.satisfaction, _i.late, _i.days, _i.raised_on, _i.told_on, _i.due_on)
Index("ix_issue_raised", _i.raised_on, _i.told_on)
Index("ix_issue_company", _i.company, _i.raised_on)
Index("ix_issue_clock", _i.state, _i.clock_on)

issue_support = tracked(
    "issue_support",
    link("issue", "issue", null=False, index=False),
    link("unit", "unit", null=False),
    UniqueConstraint("issue", "unit"),
)

# kind: one of rules.TOLD. on_day: None where nobody says when. due_on: the end of the clock that it starts or asks for.
issue_step = tracked(
    "issue_step",
    link("issue", "issue", null=False, index=False),
    whole("place", null=False),
    words("kind", null=False),
    words("on_day"),
    words("due_on"),
    words("text"),
    words("author"),
    words("choice"),
    link("unit", "unit"),
    whole("days"),
)
Index("ix_issue_step_issue", issue_step.c.issue, issue_step.c.place)
# Of a supervision slip, and of one issued again under its number, text is that number and choice its colour.
supervision.REGISTER.append((case((issue_step.c.kind == "supervise", issue_step.c.text)), issue_step.c.on_day))

steward_case = tracked(
    "steward_case",
    link("company", "company", null=False),
    words("steward"),
    words("raised_on"),
    words("need"),
    whole("wanted"),
    words("bank"),
    words("product"),
    words("obtained_on"),
    whole("obtained"),
    words("remarks"),
)
Index("ix_steward_case_obtained", steward_case.c.obtained_on, steward_case.c.company, steward_case.c.obtained)

# tags: several with 、 between; scale: above, below or None for both. until: the last day on which it can be asked for.
policy = tracked(
    "policy",
    words("name", null=False),
    words("number"),
    words("summary"),
    words("tags"),
    words("scale"),
    words("issued_on"),
    words("until"),
)

policy_sent = tracked(
    "policy_sent",
    link("policy", "policy", null=False, index=False),
    link("company", "company", null=False),
    words("sent_on", null=False),
    words("author"),
    words("channel"),
    UniqueConstraint("policy", "company", "sent_on"),
)
