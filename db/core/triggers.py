"""The triggers that write history, made from the tables, for SQLite and for PostgreSQL.

Both engines record the same JSON: only integers and text are stored in tracked tables, so there is one way to write
each value. Update triggers name their columns; generic ones were measured to be an order of magnitude slower.
On SQLite a trigger sees one row at a time, and comparing every column of it costs more than the update itself: bulk
writes put a narrower one in its place for as long as they take (`one_range`, `only_columns`).
PostgreSQL records inserts as ranges of ids from a statement trigger, and refuses TRUNCATE.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, MetaData, Table

from db.core.tables import is_tracked

_PARTS = ("insert", "update", "delete", "id", "truncate")
_SQLITE_RECORD = 'INSERT INTO "change"(tbl, kind, first_id, last_id, old)'


def make_all(connection: Connection, metadata: MetaData) -> None:
    """Make the triggers of every tracked table anew."""
    for table in metadata.tables.values():
        if is_tracked(table):
            make(connection, table)


def make(connection: Connection, table: Table) -> None:
    """Make the triggers of one tracked table anew from its columns."""
    columns = [column.name for column in table.columns if column.name != "id"]
    remake(connection, table.name, columns)


def remake(connection: Connection, name: str, columns: list[str]) -> None:
    """As `make`, from names: what a migration needs, which knows the table as it was then."""
    drop(connection, name)
    make_sql = _sqlite if connection.dialect.name == "sqlite" else _postgres
    for statement in make_sql(name, columns):
        connection.exec_driver_sql(statement)


def drop(connection: Connection, name: str) -> None:
    """Drop the triggers of a table (as-of copies and migrations need it without them)."""
    for part in _PARTS:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql(f'DROP TRIGGER IF EXISTS "history_{name}_{part}"')
        else:
            connection.exec_driver_sql(f'DROP TRIGGER IF EXISTS "history_{name}_{part}" ON "{name}"')
            connection.exec_driver_sql(f'DROP FUNCTION IF EXISTS "history_{name}_{part}"()')


@contextmanager
def one_range(connection: Connection, name: str, ids: range) -> Iterator[None]:
    """On SQLite: new records with neighbouring ids, written inside, are recorded as one range, not one by one.

    The row trigger steps aside for as long as that takes, in the same transaction. What fails inside leaves neither
    rows nor a missing trigger behind.
    """
    insert = f"history_{name}_insert"
    trigger = _stored(connection, insert)
    if trigger is None:  # an as-of copy keeps no history
        yield
        return
    driver: Any = connection.connection.driver_connection
    driver.execute("SAVEPOINT one_range")
    try:
        driver.execute(f'DROP TRIGGER "{insert}"')
        yield
        driver.execute(f"{_SQLITE_RECORD} VALUES (?, ?, ?, ?, NULL)", (name, "i", ids[0], ids[-1]))
        driver.execute(trigger)
    except BaseException:
        if driver.in_transaction:  # a full disk has rolled back everything already
            driver.execute("ROLLBACK TO one_range")
        raise
    driver.execute("RELEASE one_range")


@contextmanager
def only_columns(connection: Connection, table: Table, names: Sequence[str]) -> Iterator[None]:
    """On SQLite: while nothing but the columns `names` of a table is set, inside, its update trigger compares those alone.

    What it writes is the same. The whole trigger comes back in the same transaction, also after a failure.
    """
    name, columns = table.name, [column.name for column in table.columns if column.name in names]
    wide = _stored(connection, f"history_{name}_update")
    if wide is None:  # an as-of copy keeps no history
        yield
        return
    driver: Any = connection.connection.driver_connection
    away = f'DROP TRIGGER "history_{name}_update"'
    driver.execute(away)
    driver.execute(_sqlite_update(name, columns))
    try:
        yield
    finally:
        if driver.in_transaction:  # a full disk has rolled back everything already
            driver.execute(away)
            driver.execute(wide)


def overlooked(connection: Connection, table: Table) -> list[str]:
    """The columns of a tracked table whose changes would not be recorded: its update trigger does not compare them."""
    if connection.dialect.name == "sqlite":
        old, body = "OLD", _stored(connection, f"history_{table.name}_update")
    else:
        query = "SELECT prosrc FROM pg_proc WHERE proname = %s AND pronamespace = current_schema()::regnamespace"
        old, body = "o", connection.exec_driver_sql(query, (f"history_{table.name}_update",)).scalar()
    names = [column.name for column in table.columns if column.name != "id"]
    return [name for name in names if f'{old}."{name}"' not in (body or "")]


def _stored(connection: Connection, trigger: str) -> str | None:
    query = "SELECT sql FROM sqlite_master WHERE type = 'trigger' AND name = ?"
    found: str | None = connection.exec_driver_sql(query, (trigger,)).scalar()
    return found


def expected(name: str, dialect: str) -> set[str]:
    """The names of the triggers that a tracked table must have."""
    parts = _PARTS if dialect != "sqlite" else _PARTS[:-1]
    return {f"history_{name}_{part}" for part in parts}


def _sqlite(name: str, columns: list[str]) -> list[str]:
    # Most cells of a wide table are empty, and a constant is put together faster.
    cells = [
        f"""CASE WHEN OLD."{c}" IS NULL THEN ',"{c}":null' ELSE ',"{c}":' || json_quote(OLD."{c}") END"""
        for c in columns
    ]
    whole = _printed(["""'{"id":' || OLD.id""", *cells])
    return [
        f"""CREATE TRIGGER "history_{name}_insert" AFTER INSERT ON "{name}" BEGIN
            {_SQLITE_RECORD} VALUES ('{name}', 'i', NEW.id, NEW.id, NULL); END""",
        _sqlite_update(name, columns),
        f"""CREATE TRIGGER "history_{name}_delete" AFTER DELETE ON "{name}" BEGIN
            {_SQLITE_RECORD} VALUES ('{name}', 'd', OLD.id, OLD.id, {whole} || '}}'); END""",
        f"""CREATE TRIGGER "history_{name}_id" BEFORE UPDATE OF id ON "{name}" WHEN NEW.id IS NOT OLD.id BEGIN
            SELECT RAISE(ABORT, 'an id never changes'); END""",
    ]


def _sqlite_update(name: str, columns: Sequence[str]) -> str:
    changed = " OR ".join(f'NEW."{c}" IS NOT OLD."{c}"' for c in columns) or "0"
    cells = _printed(
        [f"""CASE WHEN NEW."{c}" IS NOT OLD."{c}" THEN ',"{c}":' || json_quote(OLD."{c}") END""" for c in columns]
    )
    named = ", ".join(f'"{c}"' for c in columns) or "id"
    return f"""CREATE TRIGGER "history_{name}_update" AFTER UPDATE OF {named} ON "{name}" WHEN {changed} BEGIN
            {_SQLITE_RECORD} VALUES ('{name}', 'u', OLD.id, OLD.id, '{{' || substr({cells}, 2) || '}}'); END"""


def _printed(pieces: list[str]) -> str:
    # One call, which leaves out what is null; a chain of || copies what it has so far at every piece. A function takes
    # a hundred arguments at most.
    parts = [pieces[at : at + 90] for at in range(0, len(pieces), 90)]
    return " || ".join(f"printf('{'%s' * len(part)}', {', '.join(part)})" for part in parts) or "''"


def _postgres(name: str, columns: list[str]) -> list[str]:
    # Joined by ||: concat() takes a hundred arguments at most.
    pieces = (
        " || ".join(
            f"""CASE WHEN o."{c}" IS DISTINCT FROM n."{c}"
            THEN ',"{c}":' || coalesce(to_json(o."{c}")::text, 'null') ELSE '' END"""
            for c in columns
        )
        or "''"
    )
    whole = "".join(f""" || ',"{c}":' || coalesce(to_json(o."{c}")::text, 'null')""" for c in columns)
    record = "INSERT INTO change(tbl, kind, first_id, last_id, old)"
    # OFFSET 0 keeps the inner query whole: merged into the outer one, `cells` would be put together twice.
    bodies = {
        "insert": f"""{record} SELECT '{name}', 'i', min(id), max(id), NULL FROM
            (SELECT id, id - row_number() OVER (ORDER BY id) AS run FROM fresh) AS runs GROUP BY run ORDER BY 3""",
        "update": f"""{record} SELECT '{name}', 'u', id, id, '{{' || substr(cells, 2) || '}}'
            FROM (SELECT o.id, {pieces} AS cells FROM stale o JOIN fresh n ON n.id = o.id OFFSET 0) AS both_states
            WHERE cells <> '' ORDER BY id""",
        "delete": f"""{record} SELECT '{name}', 'd', o.id, o.id, '{{"id":' || o.id{whole} || '}}'
            FROM stale o ORDER BY o.id""",
    }
    statements = []
    for part, body in bodies.items():
        # A moved id finds no partner in the join, so an UPDATE of ids would pass unrecorded: the row trigger below.
        statements += [
            _postgres_function(name, part, f"{body}; RETURN NULL;"),
            f"""CREATE TRIGGER "history_{name}_{part}" AFTER {part.upper()} ON "{name}"
                REFERENCING {_transition(part)} FOR EACH STATEMENT EXECUTE FUNCTION "history_{name}_{part}"()""",
        ]
    statements += [
        _postgres_function(name, "id", "RAISE EXCEPTION 'an id never changes';"),
        f"""CREATE TRIGGER "history_{name}_id" BEFORE UPDATE OF id ON "{name}" FOR EACH ROW
            WHEN (NEW.id IS DISTINCT FROM OLD.id) EXECUTE FUNCTION "history_{name}_id"()""",
        _postgres_function(name, "truncate", "RAISE EXCEPTION 'history does not see TRUNCATE';"),
        f"""CREATE TRIGGER "history_{name}_truncate" BEFORE TRUNCATE ON "{name}"
            FOR EACH STATEMENT EXECUTE FUNCTION "history_{name}_truncate"()""",
    ]
    return statements


def _transition(part: str) -> str:
    tables = {"insert": "NEW TABLE AS fresh", "delete": "OLD TABLE AS stale"}
    return tables.get(part, "OLD TABLE AS stale NEW TABLE AS fresh")


def _postgres_function(name: str, part: str, body: str) -> str:
    # SECURITY DEFINER: desks may change the book's tables and never touch `change` themselves.
    # Compiling such long expressions takes longer than running them over 100,000 rows, and the two states of so many
    # rows do not fit into the memory that a server usually gives a join.
    return f"""CREATE OR REPLACE FUNCTION "history_{name}_{part}"() RETURNS trigger LANGUAGE plpgsql
        SECURITY DEFINER SET search_path FROM CURRENT SET jit = off SET work_mem = '64MB' AS $body$ BEGIN {body} END $body$"""
