"""What search reads of a book: which tables and columns the rooms name, and which records changed since a change."""

from __future__ import annotations

import json
from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, MetaData, Table, bindparam, select

from db.core import bulk, history, listing
from db.core.search_words import Entry, link
from db.core.text import Text

AT_ONCE = 500  # records: what one statement asks for


@dataclass(frozen=True)
class Further:
    """Text in rows of another table: its column `text`, of the record in its column `of`.

    only: a condition on these rows, where the table keeps those of other rooms as well.
    name: whether it is a name (a former one), found by pinyin too.
    """

    table: Table
    of: str
    text: str
    only: Callable[[], ColumnElement[bool]] | None = None
    name: bool = False


@dataclass(frozen=True)
class Line:
    """A record as a list of hits shows it: its name, what tells it apart, an amount in hundredths."""

    record: int
    title: str
    details: tuple[Text | str, ...] = ()
    amount: int | None = None


@dataclass(frozen=True)
class Subject:
    """Records of a table that are searched: `names` and `texts` are its columns, `links` those that name others.

    A record is also hit by what a linked record is hit by: a project by its investor's credit code.
    label: what its records are called. lines: how records are shown among hits; one that is gone has none.
    """

    room: str
    table: Table
    label: Text
    lines: Callable[[Connection, Sequence[int]], list[Line]]
    names: tuple[str, ...] = ("name",)
    texts: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    further: tuple[Further, ...] = ()

    @property
    def key(self) -> str:
        """The name of its table."""
        return self.table.name

    def linked_tables(self) -> set[str]:
        """The tables that its links lead to."""
        return {self.target(name) for name in self.links}

    def target(self, name: str) -> str:
        """The table that a link leads to."""
        (key,) = self.table.c[name].foreign_keys
        return key.column.table.name


def entries(connection: Connection, subject: Subject, ids: Sequence[int]) -> list[Entry]:
    """What stands in these records now; one that is gone gives none."""
    found: list[Entry] = []
    for some in bulk.chunks(ids, AT_ONCE):
        found += _entries(connection, subject, list(some))
    return found


def _entries(connection: Connection, subject: Subject, ids: list[int]) -> list[Entry]:
    of = subject.table.c
    query = select(of.id, *(of[name] for name in (*subject.names, *subject.texts, *subject.links)))
    cursor: Any = connection.execute(query.where(_among(of.id, ids))).cursor
    texts_at = 1 + len(subject.names)
    links_at = texts_at + len(subject.texts)
    starts = [f" {link(subject.target(name), '')}" for name in subject.links]
    more = [(one.name, _further(connection, one, ids)) for one in subject.further]
    more = [(name, lines) for name, lines in more if lines]
    found = []
    wanted = set(ids)
    for row in cursor.fetchall():
        if row[0] not in wanted:
            continue
        names, texts = "\n".join(filter(None, row[1:texts_at])), "\n".join(filter(None, row[texts_at:links_at]))
        for is_name, lines in more:
            if is_name:
                names += lines.get(row[0], "")
            else:
                texts += lines.get(row[0], "")
        links = "".join([f"{start}{to}" for start, to in zip(starts, row[links_at:], strict=True) if to is not None])
        found.append(Entry(row[0], names, texts, links))
    return found


def _among(column: ColumnElement[int], ids: Sequence[int]) -> ColumnElement[bool]:
    """A condition for these records; where hardly one is left out, a range, which is made and read faster."""
    first, last = min(ids), max(ids)
    return column.between(first, last) if last - first < 2 * len(ids) else column.in_(ids)


def _further(connection: Connection, of: Further, ids: Sequence[int]) -> dict[int, str]:
    record, text = of.table.c[of.of], of.table.c[of.text]
    query = select(record, text).where(_among(record, ids), text.is_not(None)).order_by(of.table.c.id)
    if of.only is not None:
        query = query.where(of.only())
    found: dict[int, str] = {}
    cursor: Any = connection.execute(query).cursor
    for number, line in cursor.fetchall():
        found[number] = f"{found.get(number, '')}\n{line}"
    return found


def all_ids(connection: Connection, subject: Subject) -> array[int]:
    """The ids of all its records, in order."""
    return listing.ids(connection, subject.table)


# --- what changed ---------------------------------------------------------------------------------------------------


def changed_since(
    connection: Connection, metadata: MetaData, subjects: Sequence[Subject], change: int
) -> dict[str, set[int]]:
    """Subject's key → its records that a change after number `change` touched, also through rows of other tables."""
    tables = {one.key for one in subjects} | {more.table.name for one in subjects for more in one.further}
    spans: dict[str, list[tuple[int, int]]] = {}
    before: dict[str, list[str]] = {}
    for one in history.changes(connection, metadata, start=change + 1, tbls=sorted(tables)):
        spans.setdefault(one.tbl, []).append((one.first_id, one.last_id))
        if one.old is not None:
            before.setdefault(one.tbl, []).append(one.old)
    found: dict[str, set[int]] = {one.key: set() for one in subjects}
    for subject in subjects:
        for first, last in spans.get(subject.key, ()):
            found[subject.key].update(range(first, last + 1))
        for more in subject.further:
            touched = spans.get(more.table.name, [])
            found[subject.key].update(_owners(connection, more, touched, before.get(more.table.name, [])))
    return found


def _owners(connection: Connection, of: Further, spans: Sequence[tuple[int, int]], before: Sequence[str]) -> set[int]:
    """The records to which rows belong, and to which they belonged before they were changed or deleted."""
    owner, number = of.table.c[of.of], of.table.c.id
    found: set[int] = set()
    query = select(owner).where(number >= bindparam("first"), number <= bindparam("last")).distinct()
    for first, last in _merged(spans):
        found.update(one for one in connection.scalars(query, {"first": first, "last": last}) if one is not None)
    for old in before:
        record = json.loads(old).get(of.of)
        if isinstance(record, int):
            found.add(record)
    return found


def _merged(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for first, last in sorted(spans):
        if merged and first <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
        else:
            merged.append((first, last))
    return merged


def latest_records(connection: Connection, metadata: MetaData, tbl: str, limit: int) -> list[int]:
    """The records of a table that were added or changed last, the latest first; those that are gone among them."""
    _operation, change = history.tables(metadata)
    query = select(change.c.first_id, change.c.last_id).where(change.c.tbl == tbl).order_by(change.c.id.desc())
    found: dict[int, None] = {}
    for first, last in connection.execute(query.limit(50 * limit)):
        for number in range(last, max(first, last - limit) - 1, -1):
            found.setdefault(number)
        if len(found) >= limit:
            break
    return list(found)[:limit]
