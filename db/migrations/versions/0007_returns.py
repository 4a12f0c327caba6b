"""Sheets that were sent and came back; what was merged of other copies of the book.

The tables are written out as they are at this release: what later releases do to them stands in later revisions.
"""

from alembic import op

from db.core.migrating import add_table
from db.core.tables import link, whole, words

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    book = op.get_bind()
    add_table(
        book,
        "sending",
        words("room", null=False),
        words("unit", null=False),
        words("sent_on", null=False),
        words("sent_by", null=False),
        *map(words, ("due_on", "instructions", "file")),
        *(words(name, null=False) for name in ("lang", "columns", "editable", "records", "secret")),
        whole("operation", null=False),
    )
    add_table(
        book,
        "sheet_return",
        link("sending", "sending", null=False),
        words("returned_on", null=False),
        words("file", null=False),
        words("hash", null=False),
        whole("present", null=False),
        words("said", null=False),
    )
    add_table(
        book,
        "book_merge",
        words("book", null=False),
        whole("block", null=False),
        whole("upto", null=False),
        words("upto_hash", null=False),
        words("merged_on", null=False),
    )
    add_table(
        book,
        "merged_same",
        whole("block", null=False),
        words("tbl", null=False),
        whole("theirs", null=False),
        whole("ours", null=False),
    )
