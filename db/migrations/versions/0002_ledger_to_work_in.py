"""Saved views; liaison officers; terms and names of leaders; attachments and their contents; copies; forms and wordings of reports.

The tables are written out as they are at this release: what later releases do to them stands in later revisions.
"""

from alembic import op
from sqlalchemy import Connection, UniqueConstraint

from db.core.contents import content
from db.core.migrating import add_column, add_table
from db.core.tables import link, whole, words

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    book = op.get_bind()
    add_column(book, "project", words("liaison"))
    add_table(
        book,
        "saved_view",
        words("room", null=False),
        words("name", null=False),
        words("owner"),
        words("definition", null=False),
    )
    add_table(
        book,
        "person_term",
        link("person", "person", null=False),
        words("title"),
        words("since"),
        words("until"),
    )
    add_table(book, "person_name", link("person", "person", null=False), words("name", null=False))
    content.create(book)  # no tracked table: with the triggers that keep it as it is
    add_table(
        book,
        "attachment",
        words("room", null=False),
        whole("record", null=False),
        words("name", null=False),
        words("hash", null=False),
        whole("size", null=False),
        words("added_on"),
        words("added_by"),
    )
    add_table(
        book,
        "book_copy",
        words("taken_by", null=False),
        words("taken_on", null=False),
        words("file"),
        whole("block", null=False),
        whole("base_operation", null=False),
        words("base_hash", null=False),
    )
    _reports(book)


def _reports(book: Connection) -> None:
    add_column(book, "closed_month", words("summary"))
    add_column(book, "city_bulletin", whole("group_rank"))
    add_table(
        book,
        "reopened_month",
        words("first", null=False),
        words("last", null=False),
        words("period", null=False),
        whole("operation", null=False),
        whole("revision", null=False),
        words("content", null=False),
        words("summary"),
        whole("reopened", null=False),
        words("reason", null=False),
    )
    add_table(
        book,
        "report_form",
        words("key", unique=True),
        words("name", null=False, unique=True),
        words("definition", null=False),
    )
    add_table(
        book,
        "report_wording",
        words("first", null=False),
        words("last", null=False),
        words("form", null=False),
        words("place", null=False),
        words("lang", null=False),
        words("mode", null=False),
        words("text"),
        words("base"),
        UniqueConstraint("first", "last", "form", "place", "lang"),
    )
    add_table(
        book,
        "report_picture",
        words("first", null=False),
        words("last", null=False),
        words("section", null=False),
        whole("attachment", null=False),
        words("caption"),
    )
