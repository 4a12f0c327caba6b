"""Contests: schemes, periods, what is entered by hand, results, appeals.

The tables are written out as they are at this release: what later releases do to them stands in later revisions.
"""

from alembic import op
from sqlalchemy import UniqueConstraint

from db.core.migrating import add_table
from db.core.tables import link, whole, words

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    book = op.get_bind()
    add_table(
        book,
        "contest_scheme",
        *(words(name, null=False) for name in ("key", "name", "subject")),
        whole("version", null=False),
        words("definition", null=False),
        UniqueConstraint("key", "version"),
    )
    add_table(
        book,
        "contest",
        link("scheme", "contest_scheme", null=False),
        *(words(name, null=False) for name in ("name", "period", "first_on", "last_on")),
        *map(words, ("frozen_on", "published_on")),
    )
    add_table(
        book,
        "contest_entry",
        link("contest", "contest", null=False, index=False),
        words("item", null=False),
        link("unit", "unit"),
        link("project", "project"),
        whole("points", null=False),
        words("reason"),
    )
    add_table(
        book,
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
    add_table(
        book,
        "contest_appeal",
        link("result", "contest_result", null=False),
        *(words(name, null=False) for name in ("filed_on", "text", "state")),
        *map(words, ("decided_on", "decision")),
        whole("points"),
    )
