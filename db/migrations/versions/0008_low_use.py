"""What was done about land of low use.

The table is written out as it is at this release: what later releases do to it stands in later revisions.
"""

from alembic import op

from db.core.migrating import add_table
from db.core.tables import link, words

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    add_table(
        op.get_bind(),
        "low_use_step",
        link("company", "company", null=False),
        words("kind", null=False),
        words("on_day", null=False),
        *map(words, ("owner", "progress", "new_use")),
    )
