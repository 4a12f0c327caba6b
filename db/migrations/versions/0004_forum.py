"""The forum: sessions, attendance, visits, issues with their steps, finance stewards, policies sent.

The tables are written out as they are at this release: what later releases do to them stands in later revisions.
"""

from alembic import op
from sqlalchemy import Connection, UniqueConstraint

from db.core.migrating import add_table
from db.core.tables import link, whole, words

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    book = op.get_bind()
    _meetings(book)
    _issues(book)
    _service(book)


def _meetings(book: Connection) -> None:
    texts = ("theme", "held_on", "place", "leaders", "departments", "agenda", "minutes")
    add_table(book, "forum_session", whole("number", null=False), *map(words, texts))
    add_table(
        book,
        "attendance",
        link("session", "forum_session", null=False, index=False),
        link("company", "company", null=False),
        whole("attended"),
        words("people"),
        words("remarks"),
        UniqueConstraint("session", "company"),
    )
    add_table(
        book,
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


def _issues(book: Connection) -> None:
    suggestion = ("suggestion", "suggested_to", "suggested_on", "answer")
    add_table(book, "issue_kind", words("name", null=False), *map(words, suggestion))
    dates = ("assigned_on", "due_on", "handling", "resolved_on", "outcome", "satisfaction", "followed_up_on",
             "closed_on", "clock_on", "reopened_on", "resolved_before")  # fmt: skip
    add_table(
        book,
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
        *map(words, dates),
        whole("times_assigned", null=False),
        whole("escalated", null=False),
        whole("days"),
        whole("late"),
        words("told_on", null=False),
    )
    add_table(
        book,
        "issue_support",
        link("issue", "issue", null=False, index=False),
        link("unit", "unit", null=False),
        UniqueConstraint("issue", "unit"),
    )
    add_table(
        book,
        "issue_step",
        link("issue", "issue", null=False, index=False),
        whole("place", null=False),
        words("kind", null=False),
        *map(words, ("on_day", "due_on", "text", "author", "choice")),
        link("unit", "unit"),
        whole("days"),
    )


def _service(book: Connection) -> None:
    add_table(
        book,
        "steward_case",
        link("company", "company", null=False),
        *map(words, ("steward", "raised_on", "need")),
        whole("wanted"),
        *map(words, ("bank", "product", "obtained_on")),
        whole("obtained"),
        words("remarks"),
    )
    texts = ("number", "summary", "tags", "scale", "issued_on", "until")
    add_table(book, "policy", words("name", null=False), *map(words, texts))
    add_table(
        book,
        "policy_sent",
        link("policy", "policy", null=False, index=False),
        link("company", "company", null=False),
        words("sent_on", null=False),
        words("author"),
        words("channel"),
        UniqueConstraint("policy", "company", "sent_on"),
    )
