"""What stood in the cells of a sheet when it was sent; a sheet sent before has none, and the book is turned back for it.

The column is written out as it is at this release: what later releases do to it stands in later revisions.
"""

from alembic import op

from db.core.migrating import add_column
from db.core.tables import words

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    add_column(op.get_bind(), "sending", words("cells"))
