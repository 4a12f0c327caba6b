"""How a table is made, so that history can be kept of it on both engines alike (HISTORY.md).

A tracked table has one integer `id` that is never changed and never reused, and holds only integers and text.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Column, Connection, ForeignKey, Index, Integer, MetaData, Table, event
from sqlalchemy import Text as SqlText
from sqlalchemy.schema import SchemaItem

METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

INTEGER = BigInteger().with_variant(Integer, "sqlite")


def tracked(name: str, *items: SchemaItem, metadata: MetaData = METADATA) -> Table:
    """A table whose every change is remembered."""
    return Table(
        name,
        metadata,
        Column("id", INTEGER, primary_key=True, autoincrement=True),
        *items,
        info={"tracked": True},
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )


def untracked(name: str, *items: SchemaItem, metadata: MetaData = METADATA) -> Table:
    """A table that history does not follow: operations, changes, contents, drafts."""
    return Table(name, metadata, *items, info={"tracked": False})


def words(name: str, *, null: bool = True, **options: Any) -> Column[str]:
    """Text, an ISO date (YYYY-MM-DD) or an ISO month (YYYY-MM)."""
    return Column(name, SqlText, nullable=null, **options)


def whole(name: str, *, null: bool = True, **options: Any) -> Column[int]:
    """An integer: a count, 0/1, money in hundredths, area in 1/300 m², a metric in 10⁻⁶."""
    return Column(name, INTEGER, nullable=null, **options)


def link(name: str, target: str, *, null: bool = True, index: bool = True) -> Column[int]:
    """A record of the same or a lower room. Deferred, never cascading: services delete children themselves."""
    key = ForeignKey(f"{target}.id", deferrable=True, initially="DEFERRED")
    return Column(name, INTEGER, key, nullable=null, index=index)


@event.listens_for(Index, "before_create")
def as_on_a_file(index: Index, connection: Connection, **_more: Any) -> None:
    """An index of some rows only has the same rows on a server; named before, it would load all of that dialect at every start."""
    if connection.dialect.name == "postgresql":
        index.dialect_options["postgresql"]["where"] = index.dialect_options["sqlite"]["where"]


def is_tracked(table: Table) -> bool:
    """Whether history follows this table."""
    return bool(table.info.get("tracked"))
