"""Assignments, plans, milestones, lights set by hand, meetings and decisions.

The tables are written out as they are at this release: what later releases do to them stands in later revisions.
"""

from alembic import op
from sqlalchemy import Connection, UniqueConstraint

from db.core.migrating import add_table
from db.core.tables import link, whole, words

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    book = op.get_bind()
    _plans(book)
    _lights(book)
    _meetings(book)


def _plans(book: Connection) -> None:
    add_table(
        book,
        "assignment",
        link("project", "project", null=False, index=False),
        words("role", null=False),
        link("person", "person", null=False),
        *map(words, ("duty", "since", "until", "reason")),
    )
    add_table(
        book,
        "project_plan",
        link("project", "project", null=False, index=False),
        whole("version", null=False),
        *map(words, ("title", "text", "made_on", "template", "starts_on")),
        whole("weight", null=False),
        UniqueConstraint("project"),
    )
    add_table(
        book,
        "milestone",
        link("project", "project", null=False, index=False),
        words("key", null=False),
        words("name", null=False),
        words("line"),
        whole("position", null=False),
        whole("weight", null=False),
        *map(words, ("first_planned_on", "planned_on", "forecast_on", "actual_on")),
        link("unit", "unit"),
        words("reason"),
        words("remarks"),
    )
    add_table(
        book,
        "milestone_need",
        link("project", "project", null=False),
        link("milestone", "milestone", null=False, index=False),
        link("needs", "milestone", null=False),
        UniqueConstraint("milestone", "needs"),
    )
    add_table(book, "plan_template", words("key", null=False, unique=True), words("definition"))


def _lights(book: Connection) -> None:
    add_table(
        book,
        "light_override",
        link("project", "project", null=False),
        words("light", null=False),
        words("reason", null=False),
        words("since", null=False),
        words("until"),
        whole("printed", null=False),
    )
    add_table(book, "light_preset", words("key", null=False, unique=True), words("definition"))


def _meetings(book: Connection) -> None:
    add_table(
        book,
        "meeting_series",
        words("name", null=False),
        whole("every_days", null=False),
        words("first_on"),
        words("place"),
        link("chair", "person"),
    )
    add_table(
        book,
        "meeting",
        link("series", "meeting_series", null=False, index=False),
        whole("number", null=False),
        *map(words, ("planned_on", "held_on", "place")),
        link("chair", "person"),
        words("attendees"),
        words("minutes"),
        UniqueConstraint("series", "number"),
    )
    add_table(
        book,
        "agenda_item",
        link("meeting", "meeting", null=False),
        link("project", "project"),
        whole("position", null=False),
        words("kind", null=False),
        words("text"),
        words("minutes"),
    )
    add_table(
        book,
        "decision",
        link("meeting", "meeting"),
        link("project", "project"),
        words("text", null=False),
        link("unit", "unit"),
        link("person", "person"),
        words("decided_on", null=False),
        *map(words, ("due_on", "closed_on", "evidence")),
    )
    add_table(
        book,
        "decision_step",
        link("decision", "decision", null=False),
        words("kind", null=False),
        words("on_day", null=False),
        words("text"),
        words("number"),
    )
