"""The schema of a book: built for a new one, checked on opening, upgraded on request after a copy was made.

A migration touches tracked tables only through the helpers of `db.core.migrating`, which keep the history readable.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from sqlalchemy import Connection, Engine, Index, MetaData, inspect, select, text

from db.core import triggers
from db.core.errors import Refused, Unavailable
from db.core.tables import METADATA, is_tracked
from db.core.text import _

REVISIONS = (
    "0001",
    "0002",
    "0003",
    "0004",
    "0005",
    "0006",
    "0007",
    "0008",
    "0009",
    "0010",
)  # oldest first; the files stand in db/migrations/versions
CURRENT = REVISIONS[-1]
_IDS_FROM = "ids_from"


def build(connection: Connection, schema: MetaData, *, block: int = 0) -> None:
    """Make every table, trigger and sequence of a new book. Refused where tables are there already."""
    if inspect(connection).get_table_names():
        raise Refused(_("This database is not empty; a new book needs an empty one."))
    schema.create_all(connection)
    triggers.make_all(connection, schema)
    _make_search(connection)
    if block:
        own_block(connection, schema, block)
    connection.exec_driver_sql("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)")
    connection.execute(text("INSERT INTO alembic_version VALUES (:revision)"), {"revision": CURRENT})


def _make_search(connection: Connection) -> None:
    """The search index of a server, which is no part of the book: its absence only costs time."""
    if connection.dialect.name != "sqlite":
        from db.core import search_server  # what is not needed to open a book

        search_server.make(connection)


def own_block(connection: Connection, schema: MetaData, ids_from: int) -> None:
    """Let every table of the book, also one that a migration makes later, give ids after `ids_from`."""
    for table in schema.sorted_tables:
        if is_tracked(table):
            start_ids(connection, table.name, ids_from)
    facts = schema.tables["book_fact"]
    connection.execute(facts.delete().where(facts.c.name == _IDS_FROM))
    connection.execute(facts.insert().values(name=_IDS_FROM, value=str(ids_from)))


def ids_from(connection: Connection) -> int:
    """After which id the book's own block begins; 0 for a main book."""
    facts = METADATA.tables["book_fact"]
    return int(connection.scalar(select(facts.c.value).where(facts.c.name == _IDS_FROM)) or 0)


def start_ids(connection: Connection, name: str, last: int) -> None:
    """Let the next id of a table be `last` + 1."""
    if connection.dialect.name == "sqlite":
        connection.execute(text("DELETE FROM sqlite_sequence WHERE name = :name"), {"name": name})
        connection.execute(
            text("INSERT INTO sqlite_sequence(name, seq) VALUES (:name, :last)"), {"name": name, "last": last}
        )
    else:
        connection.execute(
            text("SELECT setval(pg_get_serial_sequence(:name, 'id'), :last, true)"), {"name": f'"{name}"', "last": last}
        )


def last_id(connection: Connection, name: str) -> int:
    """The last id that a table gave out, also where the record is gone; 0 where there was none."""
    if connection.dialect.name == "sqlite":
        query = text("SELECT seq FROM sqlite_sequence WHERE name = :name")
        return int(connection.scalar(query, {"name": name}) or 0)
    sequence = connection.scalar(text("SELECT pg_get_serial_sequence(:name, 'id')"), {"name": f'"{name}"'})
    if sequence is None:
        return 0
    return int(
        connection.exec_driver_sql(
            f"SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM {sequence}"
        ).scalar_one()
    )


def revision(connection: Connection) -> str | None:
    """The revision of the book's schema; None where it is no book."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return found


def require_current(connection: Connection, name: str) -> None:
    """Refuse what is no book; say what to do with an older or newer one."""
    found = revision(connection)
    if found is None:
        raise Refused(_("“{file}” is not a book of this program, or it is damaged.", file=name))
    if found not in REVISIONS:
        raise Unavailable(
            _(
                "“{file}” was written by a newer version of this program. Nothing was changed; install the newer version.",
                file=name,
            )
        )
    if found != CURRENT:
        raise Unavailable(
            _("“{file}” is of an older version. Run “zhaoshang upgrade” on it; a copy is kept.", file=name)
        )


def upgrade(
    engine: Engine, name: str, *, keep: Callable[[], Path | None], revisions: Sequence[str] = REVISIONS,
    versions: Path | None = None,
) -> tuple[str, Path | None]:  # fmt: skip
    """Bring a book to the newest of `revisions`, after `keep` made a copy. Returns the revision it had and the copy.

    Indexes that are missing are made, also in a book that is of the newest revision: that needs no copy.

    `versions` is a folder of migrations beside the program's own, for trying out migrations that are not yet its own.
    """
    with engine.connect() as connection:
        found = revision(connection)
        if found is None or found not in revisions:
            require_current(connection, name)
    copy = None
    if found != revisions[-1]:
        copy = keep()
        _run_alembic(engine, revisions[-1], versions)
    with engine.begin() as connection:
        restore_indexes(connection, METADATA)
        _make_search(connection)
    return str(found), copy


def missing_indexes(connection: Connection, schema: MetaData) -> list[Index]:
    """The indexes that the tables of a book should have and have not, by their columns: a name may be older."""
    seen = inspect(connection)
    missing = []
    for table in schema.sorted_tables:
        wanted = sorted(table.indexes, key=lambda index: str(index.name))
        if not wanted or not seen.has_table(table.name):
            continue
        there = {(tuple(one["column_names"]), bool(one["unique"])) for one in seen.get_indexes(table.name)}
        missing += [one for one in wanted if (tuple(c.name for c in one.columns), bool(one.unique)) not in there]
    return missing


def restore_indexes(connection: Connection, schema: MetaData) -> None:
    """Make the indexes that are missing; another one that bears the name of one of them makes way."""
    for index in missing_indexes(connection, schema):
        connection.exec_driver_sql(f'DROP INDEX IF EXISTS "{index.name}"')
        index.create(connection)


def _run_alembic(engine: Engine, wanted: str, versions: Path | None) -> None:
    from alembic import command
    from alembic.config import Config

    migrations = Path(__file__).resolve().parents[1] / "migrations"
    places = [migrations / "versions", *([versions] if versions else [])]
    config = Config()
    config.set_main_option("script_location", str(migrations))
    config.set_main_option("path_separator", "newline")
    config.set_main_option("version_locations", "\n".join(map(str, places)).replace("%", "%%"))
    config.attributes["engine"] = engine
    command.upgrade(config, wanted)
