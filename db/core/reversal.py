"""`reverse`: the one mechanism behind undo and behind looking at the book as of a moment (HISTORY.md).

Recorded changes are folded into what each touched record was before them. Undo compares three states cell by cell
(before the operation, after it, now) and refuses in words where somebody changed the same cell since, where a record
depends on one that would go, or where a key is taken; an as-of copy applies the fold as it is.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import Connection, MetaData, Table, UniqueConstraint, delete, select, update

from db.core import bulk
from db.core.deferring import indexes_of_what_is_left
from db.core.history import DELETED, INSERTED, Change
from db.core.text import Text, _

_CHUNK = 500
_Item = TypeVar("_Item")


@dataclass(frozen=True)
class Conflict:
    """Why a record cannot go back: which one, which cell (None: the whole record), and the sentence."""

    tbl: str
    row: int
    column: str | None
    sentence: Text


@dataclass
class Before:
    """What the touched records of one table were before a run of changes.

    absent: ids that did not exist before and do after. cells: id → previous values of the cells that were changed.
    gone: ids that existed before and do not after; their `cells` are the whole record.
    """

    absent: set[int] = field(default_factory=set)
    cells: dict[int, dict[str, Any]] = field(default_factory=dict)
    gone: set[int] = field(default_factory=set)

    def ids(self) -> set[int]:
        """Every touched record."""
        return self.absent | self.cells.keys()


def fold(changes: Iterable[Change]) -> dict[str, Before]:
    """The state before the first of `changes` (oldest first) of every record they touch, by table."""
    found: dict[str, Before] = defaultdict(Before)
    read = json.JSONDecoder().raw_decode  # what triggers wrote has no blanks around it, which `loads` looks for
    for change in changes:
        before = found[change.tbl]
        if change.kind == INSERTED:
            rows = range(change.first_id, change.last_id + 1)
            before.absent.update(row for row in rows if row not in before.cells)
            before.gone.difference_update(rows)
            continue
        row = change.first_id
        if row in before.absent:
            if change.kind == DELETED:
                before.absent.discard(row)
            continue
        if row in before.gone:
            continue
        values, _end = read(change.old or "{}")
        known = before.cells.setdefault(row, values)
        if known is not values:
            for name, value in values.items():
                known.setdefault(name, value)
        if change.kind == DELETED:
            before.gone.add(row)
            known.pop("id", None)
    return dict(found)


@dataclass
class Step:
    """What must be done to one table: records to delete, to bring back whole, and cells to set."""

    delete: list[int] = field(default_factory=list)
    insert: dict[int, dict[str, Any]] = field(default_factory=dict)
    update: dict[int, dict[str, Any]] = field(default_factory=dict)

    def count(self) -> int:
        """How many records are touched."""
        return len(self.delete) + len(self.insert) + len(self.update)


def plan_blindly(connection: Connection, table: Table, before: Before) -> Step:
    """The step that makes a table what it was, whatever happened since (for an as-of copy)."""
    step = Step(delete=sorted(before.absent))
    present = set(_present(connection, table, sorted(before.gone))) if before.gone else set()
    columns = _columns(table)
    for row, values in before.cells.items():
        kept = {name: value for name, value in values.items() if name in columns}
        if row in before.gone and row not in present:
            step.insert[row] = kept
        elif kept:
            step.update[row] = kept
    return step


def plan_carefully(
    connection: Connection, table: Table, before: Before, later: Before | None
) -> tuple[Step, list[Conflict]]:
    """The step that undoes one operation, and every cell or record that somebody changed since."""
    step, conflicts, columns = Step(), [], _columns(table)
    later = later or Before()
    since = later.ids()
    told = set().union(*before.cells.values(), *later.cells.values())  # no other cell is asked for
    now = _rows(connection, table, sorted((before.ids() & since) | before.gone), told & columns)
    for row in sorted(before.absent):
        if row not in since:
            step.delete.append(row)
        elif row in now:
            cell = _changed_since(now[row], later.cells.get(row, {}), columns)
            if cell:
                conflicts.append(_later_change(table, row, cell))
            else:
                step.delete.append(row)
    for row, values in before.cells.items():
        wanted = {name: value for name, value in values.items() if name in columns}
        if row in before.gone:
            _bring_back(table, row, wanted, now.get(row), step, conflicts)
        elif row in since:
            _set_back(table, row, wanted, now.get(row), later.cells.get(row, {}), step, conflicts)
        elif wanted:
            step.update[row] = wanted
    return step, conflicts


def _changed_since(now: dict[str, Any], after: dict[str, Any], columns: set[str]) -> str | None:
    """The first cell whose value is no longer what the undone operation left."""
    return next((name for name, value in after.items() if name in columns and now[name] != value), None)


def _bring_back(
    table: Table, row: int, wanted: dict[str, Any], now: dict[str, Any] | None, step: Step, conflicts: list[Conflict]
) -> None:
    if now is None:
        step.insert[row] = wanted
    elif any(now[name] != value for name, value in wanted.items()):
        conflicts.append(_later_change(table, row, None))


def _set_back(
    table: Table, row: int, wanted: dict[str, Any], now: dict[str, Any] | None, after: dict[str, Any], step: Step,
    conflicts: list[Conflict],
) -> None:  # fmt: skip
    if now is None:
        conflicts.append(Conflict(table.name, row, None, _("The record was deleted since.")))
        return
    cells = {}
    for name, value in wanted.items():
        if now[name] == value:
            continue
        if name in after and now[name] != after[name]:
            conflicts.append(_later_change(table, row, name))
        else:
            cells[name] = value
    if cells:
        step.update[row] = cells


def _later_change(table: Table, row: int, column: str | None) -> Conflict:
    return Conflict(table.name, row, column, _("The same cell was changed by a later operation."))


def reverse(connection: Connection, metadata: MetaData, steps: dict[str, Step]) -> None:
    """Carry the steps out: delete, park unique columns, bring back, set. Foreign keys are checked at the end."""
    ordered = [table for table in metadata.sorted_tables if table.name in steps]
    with indexes_of_what_is_left(connection, {table: len(steps[table.name].delete) for table in ordered}):
        for table in reversed(ordered):
            _delete(connection, table, steps[table.name].delete)
    for table in ordered:
        _park(connection, table, steps[table.name].update)
    defaults = _defaults(connection, metadata)
    for table in ordered:
        _insert(connection, table, steps[table.name].insert, defaults.get(table.name, {}))
    for table in ordered:
        _update(connection, table, steps[table.name].update)


def dangling(connection: Connection, metadata: MetaData, steps: dict[str, Step]) -> list[Conflict]:
    """Records left pointing at nothing after `reverse`: dependants of deleted ones, and orphans brought back."""
    conflicts: list[Conflict] = []
    for table in metadata.sorted_tables:
        for column in table.columns:
            for key in column.foreign_keys:
                parent = key.column.table
                gone = steps[parent.name].delete if parent.name in steps else []
                conflicts += _orphans(connection, table, column.name, parent, column.name, gone)
                mine = steps.get(table.name)
                if mine is not None:
                    touched = sorted(mine.insert) + sorted(
                        r for r, cells in mine.update.items() if column.name in cells
                    )
                    conflicts += _orphans(connection, table, "id", parent, column.name, touched)
    return conflicts + _left_files(connection, metadata, steps)


def _left_files(connection: Connection, metadata: MetaData, steps: dict[str, Step]) -> list[Conflict]:
    """Files attached to records that are gone now, which no foreign key says: a file is of a record of any room."""
    sentence = _("A file was attached to it since; remove the file first.")
    found = []
    for room, name in metadata.info.get("rooms_tables", {}).items():
        of = metadata.tables["attachment"].c
        for low, high in _ranges(steps[name].delete if name in steps else []):
            query = select(of.id).where(of.room == room, of.record.between(low, high)).limit(20)
            found += [Conflict("attachment", row, "record", sentence) for row in connection.scalars(query)]
    return found


def _orphans(
    connection: Connection, table: Table, by: str, parent: Table, column: str, ids: Sequence[int]
) -> list[Conflict]:
    found = []
    up = parent.alias("up")
    for low, high in _ranges(ids):
        query = (
            select(table.c.id)
            .select_from(table.outerjoin(up, up.c.id == table.c[column]))
            .where(table.c[by].between(low, high), table.c[column].is_not(None), up.c.id.is_(None))
            .limit(20)
        )
        sentence = _("Another record depends on it.") if by != "id" else _("What it belongs to no longer exists.")
        found += [Conflict(table.name, row, column, sentence) for (row,) in connection.execute(query)]
    return found


def _delete(connection: Connection, table: Table, ids: Sequence[int]) -> None:
    for low, high in _ranges(ids):
        connection.execute(delete(table).where(table.c.id.between(low, high)))


def _defaults(connection: Connection, metadata: MetaData) -> dict[str, dict[str, Any]]:
    """What records deleted before a migration added a column get in it: the default recorded then."""
    added = metadata.tables["added_column"]
    found: dict[str, dict[str, Any]] = defaultdict(dict)
    for tbl, name, default in connection.execute(select(added.c.tbl, added.c.name, added.c.default_json)):
        found[tbl][name] = json.loads(default)
    return found


def _insert(connection: Connection, table: Table, rows: dict[int, dict[str, Any]], defaults: dict[str, Any]) -> None:
    names = [column.name for column in table.columns if column.name != "id"]
    fill = [defaults.get(name) for name in names]
    whole = ((row, *map(values.get, names, fill)) for row, values in sorted(rows.items()))
    if rows:
        bulk.write(connection, table, ["id", *names], whole)


def _update(connection: Connection, table: Table, rows: dict[int, dict[str, Any]]) -> None:
    shapes: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for row, cells in rows.items():
        shapes[tuple(cells)].append(row)
    for names, ids in shapes.items():
        bulk.update(connection, table, names, ((*rows[row].values(), row) for row in sorted(ids)))


def unique_keys(table: Table) -> list[tuple[str, ...]]:
    """The column names of each unique constraint and unique index, the id aside."""
    keys = [tuple(c.name for c in item.columns) for item in table.constraints if isinstance(item, UniqueConstraint)]
    keys += [tuple(c.name for c in index.columns) for index in table.indexes if index.unique]
    return sorted(key for key in set(keys) if key)


def _park(connection: Connection, table: Table, rows: dict[int, dict[str, Any]]) -> None:
    """Two records that swap a unique value meet halfway: move aside first what will be set anyway."""
    for key in unique_keys(table):
        for name in key:
            moving = sorted(row for row, cells in rows.items() if next((k for k in key if k in cells), None) == name)
            column = table.c[name]
            aside = -table.c.id if column.type.python_type is int else "parked:" + table.c.id.cast(column.type)
            for low, high in _ranges(moving):
                connection.execute(update(table).where(table.c.id.between(low, high)).values({name: aside}))


def _present(connection: Connection, table: Table, ids: Sequence[int]) -> Iterator[int]:
    for batch in _batches(ids):
        yield from connection.scalars(select(table.c.id).where(table.c.id.in_(batch)))


def _rows(
    connection: Connection, table: Table, ids: Sequence[int], names: Collection[str]
) -> dict[int, dict[str, Any]]:
    """The cells `names` that these records have now; an id that is not there has none."""
    cells = [table.c[name] for name in names]
    found: dict[int, dict[str, Any]] = {}
    if not ids:
        return found
    wanted = set(ids)
    dense = ids[-1] - ids[0] < 4 * len(ids)
    conditions = [table.c.id.between(ids[0], ids[-1])] if dense else [table.c.id.in_(b) for b in _batches(ids)]
    for condition in conditions:
        for row_id, *values in connection.execute(select(table.c.id, *cells).where(condition)):
            if row_id in wanted:
                found[row_id] = dict(zip(names, values, strict=True))
    return found


def _columns(table: Table) -> set[str]:
    return {column.name for column in table.columns if column.name != "id"}


def _batches(items: Sequence[_Item]) -> Iterator[list[_Item]]:
    walk = iter(items)
    while batch := list(islice(walk, _CHUNK)):
        yield batch


def _ranges(ids: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Runs of neighbouring ids as (first, last): what a bulk import inserted is one of them."""
    start = last = None
    for row in sorted(ids):
        if last is not None and row == last + 1:
            last = row
            continue
        if start is not None and last is not None:
            yield start, last
        start = last = row
    if start is not None and last is not None:
        yield start, last
