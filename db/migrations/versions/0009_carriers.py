"""Parks, buildings and factories as carriers; sites in them and with whom; to whom land of low use was let again.

The tables are written out as they are at this release: what later releases do to them stands in later revisions.
"""

from alembic import op

from db.core.migrating import add_column, add_table
from db.core.tables import link, whole, words

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    book = op.get_bind()
    add_table(
        book,
        "carrier",
        words("name", null=False),
        words("kind"),
        link("street", "unit"),
        words("place"),
        whole("floor_area"),
        whole("land"),
        words("remarks"),
    )
    for column in (link("carrier", "carrier"), link("party", "company"), words("remarks")):
        add_column(book, "company_site", column)
    for column in (link("tenant", "company"), link("carrier", "carrier"), whole("area")):
        add_column(book, "low_use_step", column)
