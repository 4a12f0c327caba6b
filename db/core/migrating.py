"""What a migration may do to tracked tables, so that history stays readable and goes on being written (HISTORY.md).

Each helper drops the table's triggers, alters it, rewrites what history says about it, makes the triggers anew, and
checks that ids still cannot be reused. Nothing else may touch a tracked table in a migration; new values of existing
columns are written under an `operation` of their own.
"""

from __future__ import annotations

import datetime as dt
import getpass
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Column, Connection, Engine, MetaData, Table, func, insert, inspect, select, text, update
from sqlalchemy.schema import SchemaItem

from db.core import engines, history, migrate, triggers
from db.core.errors import Bug
from db.core.tables import INTEGER, METADATA, tracked
from db.core.text import Text

_BATCH = 1000


@contextmanager
def migration(engine: Engine) -> Iterator[Connection]:
    """One transaction in which tables may be altered: all of it happens, or nothing."""
    with engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        on_file = connection.dialect.name == "sqlite"
        if on_file:
            # Outside of a transaction, where alone SQLite obeys: rebuilding a parent would delete its children.
            driver.execute("PRAGMA foreign_keys = OFF")
        try:
            with connection.execution_options(begin="BEGIN IMMEDIATE").begin():
                engines.take_turn(connection)
                yield connection
                if on_file and (dangling := connection.exec_driver_sql("PRAGMA foreign_key_check").all()):
                    raise Bug(f"the migration left records pointing at nothing: {dangling[:3]}")
        finally:
            if on_file:
                driver.execute("PRAGMA foreign_keys = ON")


def add_table(connection: Connection, name: str, *items: SchemaItem) -> None:
    """Make a tracked table as it was at that release: columns of `words`, `whole` and `link`, and constraints.

    Indexes that are not said with a column are made after the last migration (`migrate.restore_indexes`).
    """
    metadata = MetaData(naming_convention=METADATA.naming_convention)
    table = tracked(name, *items, metadata=metadata)
    for key in table.foreign_keys:
        target = key.target_fullname.partition(".")[0]
        if target not in metadata.tables:
            Table(target, metadata, Column("id", INTEGER, primary_key=True))  # so that the link finds it; it is there
    table.create(connection)
    triggers.make(connection, table)
    if ids_from := migrate.ids_from(connection):
        migrate.start_ids(connection, name, ids_from)


def add_column(connection: Connection, table: str, column: Column[Any], *, default: int | str | None = None) -> None:
    """Add a column; every record, also one that was deleted before and comes back, has `default` in it."""
    kind = column.type.compile(dialect=connection.dialect)
    wanted = "" if column.nullable else " NOT NULL"
    target = "".join(
        f' REFERENCES "{key.target_fullname.partition(".")[0]}"(id) DEFERRABLE INITIALLY DEFERRED'
        for key in column.foreign_keys
    )
    with _altering(connection, table, lambda names: [*names, column.name]):
        _run(connection, f'ALTER TABLE "{table}" ADD COLUMN "{column.name}" {kind}{wanted}{_default(default)}{target}')
        if connection.dialect.name != "sqlite" and default is not None:
            _run(connection, f'ALTER TABLE "{table}" ALTER COLUMN "{column.name}" DROP DEFAULT')
        if column.unique or column.index:
            unique, prefix = ("UNIQUE ", "uq") if column.unique else ("", "ix")
            _run(connection, f'CREATE {unique}INDEX "{prefix}_{table}_{column.name}" ON "{table}" ("{column.name}")')
        added = METADATA.tables["added_column"]
        row: dict[str, int | str] = {
            "tbl": table,
            "name": column.name,
            "default_json": json.dumps(default, ensure_ascii=False),
        }
        row |= {"before_change": history.next_change(connection, METADATA)}
        connection.execute(insert(added).values(row))


def rename_column(connection: Connection, table: str, old: str, new: str) -> None:
    """Rename a column, in the old changes too."""
    with _altering(connection, table, lambda names: [new if name == old else name for name in names]):
        _run(connection, f'ALTER TABLE "{table}" RENAME COLUMN "{old}" TO "{new}"')
        _rename_key(connection, table, old, new)
        added = METADATA.tables["added_column"]
        connection.execute(update(added).where(added.c.tbl == table, added.c.name == old).values(name=new))


def drop_column(connection: Connection, table: str, name: str) -> None:
    """Drop a column, with the indexes and constraints over it. Its values are kept as retired ones.

    In old changes it is called `name~1` from then on (`name~2` the next time), so that a later column of the same name
    is never taken for it.
    """
    retired = METADATA.tables["retired_value"]
    marks = select(func.count()).where(retired.c.tbl == table, retired.c.name.like(f"{name}~%"), retired.c.row_id == 0)
    gone = f"{name}~{connection.scalar(marks) + 1}"  # type: ignore[operator]
    connection.execute(insert(retired).values(tbl=table, name=gone, row_id=0))
    _retire(connection, table, name, gone)
    with _altering(connection, table, lambda names: [one for one in names if one != name]):
        if connection.dialect.name == "sqlite":
            _drop_from_file(connection, table, name)
        else:
            _run(connection, f'ALTER TABLE "{table}" DROP COLUMN "{name}"')
        _rename_key(connection, table, name, gone)
        added = METADATA.tables["added_column"]
        connection.execute(added.delete().where(added.c.tbl == table, added.c.name == name))


def rename_table(connection: Connection, old: str, new: str) -> None:
    """Rename a table, in history too; its ids go on where they were."""
    columns = _columns(connection, old)
    triggers.drop(connection, old)
    before = migrate.last_id(connection, old)
    _run(connection, f'ALTER TABLE "{old}" RENAME TO "{new}"')
    if connection.dialect.name != "sqlite":
        _run(connection, f'ALTER SEQUENCE "{old}_id_seq" RENAME TO "{new}_id_seq"')
    for name in ("change", "added_column", "retired_value"):
        found = METADATA.tables[name]
        connection.execute(update(found).where(found.c.tbl == old).values(tbl=new))
    triggers.remake(connection, new, columns)
    _demand_ids(connection, new, before)


def operation(connection: Connection, label: Text, *, schema: MetaData = METADATA) -> int:
    """Begin the operation under which a migration writes data; its number."""
    last, last_at = history.last_operation(connection, schema)
    table, _change = history.tables(schema)
    values: dict[str, int | str] = {
        "number": last + 1,
        "at": max(last_at + 1, history.micros(dt.datetime.now(dt.UTC))),
        "label": label.as_json(),
    }
    values |= {"actor": getpass.getuser(), "first_change": history.next_change(connection, schema)}
    connection.execute(insert(table).values(values))
    return last + 1


def ids_can_be_reused(connection: Connection, table: str) -> bool:
    """Whether a tracked table has lost what keeps an id from being given twice (AUTOINCREMENT, its sequence)."""
    if connection.dialect.name == "sqlite":
        query = text("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = :name")
        kept = "AUTOINCREMENT" in str(connection.scalar(query, {"name": table})).upper()
    else:
        query = text(
            "SELECT pg_get_serial_sequence(:quoted, 'id') IS NOT NULL AND (column_default IS NOT NULL OR is_identity = 'YES') "
            "FROM information_schema.columns "
            "WHERE table_schema = current_schema() AND table_name = :name AND column_name = 'id'"
        )
        kept = bool(connection.scalar(query, {"name": table, "quoted": f'"{table}"'}))
    mine = ""
    if connection.dialect.name != "sqlite":  # its counter does not care about records that came from copies of the book
        mine = f" WHERE id < {migrate.ids_from(connection) + 10**9}"
    highest = connection.exec_driver_sql(f'SELECT coalesce(max(id), 0) FROM "{table}"{mine}').scalar_one()
    return not kept or migrate.last_id(connection, table) < highest


@contextmanager
def _altering(connection: Connection, table: str, after: Callable[[list[str]], list[str]]) -> Iterator[None]:
    columns = after(_columns(connection, table))
    before = migrate.last_id(connection, table)
    triggers.drop(connection, table)
    yield
    triggers.remake(connection, table, columns)
    _demand_ids(connection, table, before)


def _demand_ids(connection: Connection, table: str, before: int) -> None:
    if ids_can_be_reused(connection, table) or migrate.last_id(connection, table) < before:
        raise Bug(f"the migration would let ids of {table} be used twice")
    if left := set(inspect(connection).get_table_names()) & {f"_alembic_tmp_{table}"}:
        raise Bug(f"the migration left {left}")


def _columns(connection: Connection, table: str) -> list[str]:
    return [column["name"] for column in inspect(connection).get_columns(table) if column["name"] != "id"]


def _run(connection: Connection, statement: str) -> None:
    if connection.dialect.name != "sqlite":
        statement = statement.replace("%", "%%")  # psycopg reads a lone % as the place of a value
    connection.exec_driver_sql(statement)


def _default(value: int | str | None) -> str:
    if value is None:
        return ""
    return f" DEFAULT {value}" if isinstance(value, int) else " DEFAULT '" + value.replace("'", "''") + "'"


def _retire(connection: Connection, table: str, name: str, gone: str) -> None:
    values = {"tbl": table, "name": gone}
    query = text(f'SELECT id, "{name}" FROM "{table}" WHERE "{name}" IS NOT NULL ORDER BY id')
    retired = METADATA.tables["retired_value"]
    for batch in connection.execute(query).partitions(_BATCH):
        kept = [values | {"row_id": row, "value_json": json.dumps(value, ensure_ascii=False)} for row, value in batch]
        connection.execute(insert(retired), kept)


def _drop_from_file(connection: Connection, table: str, name: str) -> None:
    seen = inspect(connection)
    for index in seen.get_indexes(table):
        if name in index["column_names"]:
            _run(connection, f'DROP INDEX "{index["name"]}"')
    unique = [one["column_names"] for one in seen.get_unique_constraints(table)]
    links = [one["constrained_columns"] for one in seen.get_foreign_keys(table)]
    if not any(name in columns for columns in [*unique, *links]):
        _run(connection, f'ALTER TABLE "{table}" DROP COLUMN "{name}"')
        return
    from alembic.migration import MigrationContext
    from alembic.operations import Operations

    # The table is rebuilt. AUTOINCREMENT would be lost without asking for it, and so would the ids of deleted records.
    last = migrate.last_id(connection, table)
    kept = {"sqlite_autoincrement": True, "sqlite_strict": True}
    work = Operations(MigrationContext.configure(connection))
    with work.batch_alter_table(table, recreate="always", table_kwargs=kept) as batch:
        batch.drop_column(name)
    migrate.start_ids(connection, table, last)


def _rename_key(connection: Connection, table: str, old: str, new: str) -> None:
    """Say `new` where the changes of a table say `old`, in the JSON that the triggers write."""
    _operation, change = history.tables(METADATA)
    query = select(change.c.id, change.c.old).where(
        change.c.tbl == table, change.c.old.contains(f'"{old}":', autoescape=True)
    )
    renamed = []
    for number, stored in connection.execute(query):
        cells = json.loads(stored)
        if old in cells:
            cells = {new if name == old else name: value for name, value in cells.items()}
            renamed.append({"_id": number, "_old": json.dumps(cells, ensure_ascii=False, separators=(",", ":"))})
    statement = text('UPDATE "change" SET old = :_old WHERE id = :_id')
    for start in range(0, len(renamed), _BATCH):
        connection.execute(statement, renamed[start : start + _BATCH])
