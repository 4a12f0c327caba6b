"""The tables of the first release, as `db.core.migrate.build` makes them.

A new book is always built from the tables as they are now and needs no migration; what is written here later brings
the books of older releases to the same tables. Only the helpers of `db.core.migrating` touch tracked tables.
"""

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Nothing: a book of this revision was built with these tables."""
