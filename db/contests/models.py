"""Stars and flags: schemes as data, the periods they were held for, what was entered by hand, what came out, appeals.

Units and projects are ranked by results, never people (handbook §8).
"""

from __future__ import annotations

from sqlalchemy import Index, UniqueConstraint

from db.core.fields import Choice
from db.core.tables import link, tracked, whole, words
from db.core.text import _

STREET, DEPARTMENT, PROJECT = "street", "department", "project"
SUBJECT = Choice(((STREET, _("Streets and parks")), (DEPARTMENT, _("Departments")), (PROJECT, _("Projects"))))
OPEN, FROZEN, PUBLISHED = "open", "frozen", "published"
STATE = Choice(((OPEN, _("Being scored")), (FROZEN, _("Frozen")), (PUBLISHED, _("Published"))))

# One row a version; one that a frozen contest was scored by is never changed again. definition: JSON.
contest_scheme = tracked(
    "contest_scheme",
    words("key", null=False),
    words("name", null=False),
    words("subject", null=False),
    whole("version", null=False),
    words("definition", null=False),
    UniqueConstraint("key", "version"),
)

# A scheme held for a period. first_on, last_on: its days; period: as it was written (2024-06).
contest = tracked(
    "contest",
    link("scheme", "contest_scheme", null=False),
    words("name", null=False),
    words("period", null=False),
    words("first_on", null=False),
    words("last_on", null=False),
    words("frozen_on"),
    words("published_on"),
)

# What is entered by hand (现场观摩, 领导评分): points in 10⁻⁶ of one, with what they rest on.
contest_entry = tracked(
    "contest_entry",
    link("contest", "contest", null=False, index=False),
    words("item", null=False),
    link("unit", "unit"),
    link("project", "project"),
    whole("points", null=False),
    words("reason"),
)
Index("ix_contest_entry_contest", contest_entry.c.contest, contest_entry.c.item)

# What came out when it was frozen. name: who it was then, also where the record is gone. score in 10⁻¹²; content: every
# point explained, as JSON.
contest_result = tracked(
    "contest_result",
    link("contest", "contest", null=False),
    link("unit", "unit"),
    link("project", "project"),
    words("name", null=False),
    words("team"),
    whole("score", null=False),
    whole("rank", null=False),
    words("star"),
    whole("flag", null=False),
    words("content", null=False),
)

contest_appeal = tracked(
    "contest_appeal",
    link("result", "contest_result", null=False),
    words("filed_on", null=False),
    words("text", null=False),
    words("state", null=False),
    words("decided_on"),
    words("decision"),
    whole("points"),
)
