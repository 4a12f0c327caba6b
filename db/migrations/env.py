"""Runs the migrations of this folder on a book that `db.core.migrate.upgrade` hands over; there is no alembic.ini.

One transaction holds them all, and the version that is written at the end: a failed upgrade leaves the book as it was.
"""

from __future__ import annotations

from alembic import context

from db.core.migrating import migration
from db.core.tables import METADATA

with migration(context.config.attributes["engine"]) as connection:
    context.configure(connection=connection, target_metadata=METADATA)
    context.run_migrations()
