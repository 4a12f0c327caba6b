"""The index of a server's book: a table of its own beside the others, with the terms as an array under a GIN index.

It is no part of the book: no trigger records it, and any desk may bring it up to date, one at a time. A desk whose role
may not write it leaves that to others, and looks at the book directly meanwhile.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from db.core.search_file import Candidate, Doubtful, Mark
from db.core.search_words import Indexed, Word, form

TABLE, MARK = "search_text", "search_mark"
_TURN = 5_701_002  # the advisory lock of the desk that is catching up
_ROWS = "number, record, names, texts, sounds, initials, links"
_A_NAME = 60  # characters of the names by which "begins with" is looked up; an index takes no long texts


def make(connection: Connection) -> None:
    """Make the two tables where they are missing."""
    for statement in (
        f"""CREATE TABLE IF NOT EXISTS {TABLE} (number bigint GENERATED ALWAYS AS IDENTITY, subject text NOT NULL,
        record bigint NOT NULL, names text NOT NULL, texts text NOT NULL, sounds text NOT NULL,
        initials text NOT NULL, links text NOT NULL, terms text[] NOT NULL, PRIMARY KEY (subject, record))""",
        f"CREATE INDEX IF NOT EXISTS ix_{TABLE}_terms ON {TABLE} USING gin (terms)",
        f"CREATE INDEX IF NOT EXISTS ix_{TABLE}_names ON {TABLE} (subject, left(names, {_A_NAME}) text_pattern_ops)",
        f"CREATE TABLE IF NOT EXISTS {MARK} (id integer PRIMARY KEY, said text NOT NULL)",
    ):
        connection.exec_driver_sql(statement)


@contextlib.contextmanager
def _trusted() -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        raise Doubtful(error, broken=False) from error


class ServerIndex:
    """See the module; `FileIndex` says what each function does."""

    worn = False  # old rows are taken out

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._turn: Connection | None = None

    def close(self) -> None:
        """Nothing is held between two questions."""
        self.release()

    def discard(self) -> None:
        """It cannot be broken by itself: the server sees to that."""

    def mark(self, connection: Connection) -> Mark | None:
        """What it says of itself; None in a book that has no such table."""
        there = connection.exec_driver_sql(f"SELECT to_regclass('{MARK}') IS NOT NULL").scalar()
        row = connection.exec_driver_sql(f"SELECT said FROM {MARK}").scalar() if there else None
        said = json.loads(row) if row else {}
        return Mark(**said) if said.get("form") == form() else None

    # --- writing -------------------------------------------------------------------------------------------------------

    def claim(self) -> bool:
        """Take the writing; False where another desk is at it, or this one may not."""
        with _trusted():
            turn = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
            allowed = turn.exec_driver_sql(
                f"SELECT to_regclass('{TABLE}') IS NOT NULL AND has_table_privilege('{TABLE}', 'INSERT, DELETE') "
                f"AND pg_try_advisory_lock({_TURN})"
            ).scalar()
        if allowed:
            self._turn = turn
        else:
            turn.close()
        return bool(allowed)

    def release(self) -> None:
        """Give the writing back."""
        if self._turn is not None:
            with contextlib.suppress(DBAPIError):
                self._turn.exec_driver_sql(f"SELECT pg_advisory_unlock({_TURN})")
            self._turn.close()
            self._turn = None

    @contextlib.contextmanager
    def writing(self) -> Iterator[None]:
        """One transaction."""
        with _trusted():
            self._writer.exec_driver_sql("BEGIN")
            try:
                yield
            except BaseException:
                self._writer.exec_driver_sql("ROLLBACK")
                raise
            self._writer.exec_driver_sql("COMMIT")

    @property
    def _writer(self) -> Connection:
        if self._turn is None:
            raise LookupError("the writing of the index was not claimed")
        return self._turn

    def empty(self) -> None:
        """Take everything out."""
        self._writer.exec_driver_sql(f"DELETE FROM {MARK}")
        self._writer.exec_driver_sql(f"DELETE FROM {TABLE}")

    def put(self, key: str, asked: Sequence[int], found: Sequence[Indexed]) -> None:
        """Of the records `asked`, these were `found`."""
        self._writer.exec_driver_sql(f"DELETE FROM {TABLE} WHERE subject = %s AND record = ANY(%s)", (key, list(asked)))
        driver: Any = self._writer.connection.driver_connection
        columns = "subject, record, names, texts, sounds, initials, links, terms"
        with driver.cursor() as cursor, cursor.copy(f"COPY {TABLE} ({columns}) FROM STDIN") as copy:
            for one in found:
                copy.write_row((key, one.record, *one.kept, _terms(one)))

    def set_mark(self, mark: Mark) -> None:
        """Say how far it goes now."""
        self._writer.exec_driver_sql(
            f"INSERT INTO {MARK} VALUES (1, %s) ON CONFLICT (id) DO UPDATE SET said = excluded.said",
            (json.dumps(asdict(mark)),),
        )

    # --- asking --------------------------------------------------------------------------------------------------------

    def candidates(
        self, connection: Connection, key: str, words: Sequence[Word], *, limit: int | None, in_names: bool = False
    ) -> Iterator[Candidate]:
        """The records that the words propose; more and more of them are fetched while the first are not enough."""
        parts, given = [], []
        for word in words:
            ways = [_whole(terms) for terms in ((word.in_names(),) if in_names else word.proposals()) if terms]
            if not ways:
                return
            # Ways of one term each, forty linked records say, are one question: each costs unpacking the row's terms.
            single, together = [way[0] for way in ways if len(way) == 1], [way for way in ways if len(way) > 1]
            asked = ["terms @> %s"] * len(together) + ["terms && %s"] * bool(single)
            parts.append(f"({' OR '.join(asked)})")
            given += [*together, *([single] if single else [])]
        seen, at_most = 0, None if limit is None else 2 * limit
        while True:
            # Apart from the subject: by that one alone the server would read, and unpack, all its rows.
            inner = f"SELECT * FROM {TABLE} WHERE {' AND '.join(parts)} OFFSET 0"
            query = f"SELECT {_ROWS} FROM ({inner}) AS proposed WHERE subject = %s"
            with _by_the_index(connection):
                rows = _fetched(connection, query + ("" if at_most is None else f" LIMIT {at_most}"), (*given, key))
            yield from rows[seen:]
            if at_most is None or len(rows) < at_most:
                return
            seen, at_most = len(rows), 10 * at_most

    def every(self, connection: Connection, key: str) -> Iterator[Candidate]:
        """All records, latest first."""
        yield from self._rows(connection, key, "true ORDER BY number DESC", ())

    def beginning(self, connection: Connection, key: str, start: str, *, limit: int) -> Iterator[Candidate]:
        """Records whose names begin with `start`."""
        given = (_escaped(start[:_A_NAME]) + "%",)
        where = f"left(names, {_A_NAME}) LIKE %s ORDER BY left(names, {_A_NAME}) USING ~<~ LIMIT {limit}"
        yield from self._rows(connection, key, where, given)

    def gapped(self, connection: Connection, key: str, patterns: Sequence[str]) -> Iterator[Candidate]:
        """Records whose initials have letters in an order, latest first."""
        where = " AND ".join("initials LIKE %s" for _pattern in patterns)
        yield from self._rows(connection, key, f"{where} ORDER BY number DESC", tuple(patterns))

    def _rows(self, connection: Connection, key: str, where: str, given: tuple[Any, ...]) -> list[Candidate]:
        return _fetched(connection, f"SELECT {_ROWS} FROM {TABLE} WHERE subject = %s AND {where}", (key, *given))


def _fetched(connection: Connection, query: str, given: tuple[Any, ...]) -> list[Candidate]:
    cursor: Any = connection.exec_driver_sql(query, given).cursor
    return [(row[0], row[1], row[2:]) for row in cursor.fetchall()]


@contextlib.contextmanager
def _by_the_index(connection: Connection) -> Iterator[None]:
    """Nobody knows how frequent a term is; a server that guesses too high reads the whole table until it has enough rows."""
    connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
    yield
    connection.exec_driver_sql("SET LOCAL enable_seqscan = on")


def _terms(one: Indexed) -> list[str]:
    """Its terms, and each of its characters: an array is not looked up by how a term begins."""
    return list({*one.terms.split(), *one.kept[0], *one.kept[1]} - {"\n", " "})


def _whole(terms: Iterable[str]) -> list[str]:
    return [part for term in terms for part in (term[:-1] if term.endswith("*") else [term])]


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
