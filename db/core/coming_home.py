"""What another copy of the book has that this one has not: three ways, record by record and cell by cell.

Both books share their history up to the day on which the copy was handed out. What the other one changed since then, or
since it was merged last, is compared with what stands here; nothing is written (`db.core.taking_over` does that).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Table, and_, select

from db.core import bulk, copies, history, leaving_out, reversal
from db.core.attachments import attachment
from db.core.book import Book
from db.core.errors import Refused
from db.core.progress import SILENT, Progress
from db.core.reversal import Before, unique_keys
from db.core.tables import METADATA, is_tracked
from db.core.text import Text, _
from db.core.three_way import Verdict, identical, verdict

Cells = dict[str, Any]


@dataclass(frozen=True)
class Differs:
    """A cell that both books changed, differently. column None: the whole record, which one side has deleted.

    theirs_id: the record's id in the other book, where it is another one.
    """

    table: str
    id: int
    column: str | None
    base: Any
    ours: Any
    theirs: Any
    theirs_id: int


@dataclass(frozen=True)
class Gone:
    """A record that the other book deleted. changed: whether it was changed here since."""

    table: str
    id: int
    name: str
    changed: bool


@dataclass
class TableMerge:
    """What becomes of one table: whole new records, cells and deletions that only they made."""

    insert: dict[int, Cells] = field(default_factory=dict)
    update: dict[int, Cells] = field(default_factory=dict)
    delete: list[int] = field(default_factory=list)
    follow: list[int] = field(default_factory=list)  # go only with a deletion that is agreed to
    same: dict[int, int] = field(default_factory=dict)  # their id → ours, of what both books added

    def count(self) -> int:
        """How many cells and records are taken."""
        return len(self.insert) + sum(map(len, self.update.values())) + len(self.delete)


@dataclass(frozen=True)
class BookMerge:
    """What merging another copy would do here. since: their last operation that is here already; upto: their last.

    taken: cells and records that only they changed. seen: this book's last operation when it was planned.
    left_out: records that belong to something that was deleted here. contents: hashes of attachments to copy.
    apart: room that is in one of the books only → how many records that they changed in it, which stay there.
    """

    other: str
    block: int
    since: int
    upto: int
    upto_hash: str
    seen: int
    tables: Mapping[str, TableMerge]
    equal: int
    conflicts: tuple[Differs, ...]
    gone: tuple[Gone, ...]
    left_out: tuple[tuple[str, int, Text], ...]
    contents: tuple[str, ...]
    apart: Mapping[str, int]

    @property
    def taken(self) -> int:
        """How many cells and records only they changed."""
        return sum(one.count() for one in self.tables.values())


def plan_merge(book: Book, other: Book, *, progress: Progress = SILENT) -> BookMerge:
    """What merging `other` into `book` would do; neither is changed.

    Raises `Refused` where they are not of one book, or both are the same copy of it.
    """
    with other.read() as theirs, book.read() as ours:
        common = _common(ours, theirs, other.name)
        block = copies.born_in(theirs)
        since = _merged_upto(ours, theirs, block) or common
        theirs_seen = _merged_upto(theirs, ours, copies.born_in(ours)) or common
        last = history.last_operation(theirs, METADATA)[0]
        progress.step(0, 2, _("Comparing with “{book}”", book=other.name))
        left = {room for one in (ours, theirs) if (origin := copies.origin_of(one)) for room in origin.left_out}
        changed, apart = leaving_out.without(theirs, _since(theirs, since), left)
        judged = _judged(ours, theirs, since, common)
        for name in judged.keys() - changed.keys():
            changed[name] = Before()
        here = _since(ours, theirs_seen, tables=list(changed)) if changed else {}
        work = _Work(ours, theirs, changed, here, judged)
        work.compare()
        progress.step(1, 2, _("Comparing with “{book}”", book=other.name))
        work.leave_out_orphans()
        return BookMerge(
            other.name, block, since, last, copies.digest(theirs, last), history.last_operation(ours, METADATA)[0],
            {name: one for name, one in work.tables.items() if one.count() or one.same or one.follow}, work.equal,
            tuple(work.conflicts), tuple(work.gone), tuple(work.left_out), tuple(work.contents()), apart,
        )  # fmt: skip


# --- which books, since when ------------------------------------------------------------------------------------------


def _common(ours: Connection, theirs: Connection, name: str) -> int:
    """The last operation that both books have; Refused where they are not two copies of one book."""
    found = 0
    lists = [
        one.execute(select(of.c.number, of.c.at, of.c.actor, of.c.label, of.c.undoes).order_by(of.c.number)).all()
        for one, of in ((ours, METADATA.tables["operation"]), (theirs, METADATA.tables["operation"]))
    ]
    for here, there in zip(*lists, strict=False):
        if tuple(here) != tuple(there):
            break
        found = here.number
    if not found and not (_handed_out(ours, theirs) or _handed_out(theirs, ours)):
        raise Refused(_("“{book}” is no copy of this book. Nothing was changed.", book=name))
    if copies.born_in(ours) == copies.born_in(theirs) and found < len(lists[1]):
        raise Refused(
            _("“{book}” is a plain copy or a backup of this book: both have given the same numbers to different records, "
              "so they cannot be merged. Nothing was changed; hand copies out with “copy”.", book=name)
        )  # fmt: skip
    return found


def _handed_out(main: Connection, copy: Connection) -> bool:
    """Whether a copy of a book that was still empty was handed out by it."""
    origin, block = copies.origin_of(copy), copies.born_in(copy)
    return origin is not None and any(
        one.block == block and one.taken_by == origin.taken_by and one.base_hash == origin.base_hash
        for one in copies.handed_out(main)
    )


def _merged_upto(here: Connection, there: Connection, block: int) -> int | None:
    """Up to which operation of the other book this one has taken it over; None where not yet, or where that is not so."""
    of = copies.book_merge
    query = select(of.c.upto, of.c.upto_hash).where(of.c.block == block).order_by(of.c.id.desc()).limit(1)
    row = here.execute(query).one_or_none()
    if row is None or copies.digest(there, row.upto) != row.upto_hash:
        return None
    return int(row.upto)


def _the_same(ours: Connection, theirs: Connection) -> dict[str, dict[int, int]]:
    """Table → their id → ours, of records that both had added when either was merged into the other."""
    of, found = copies.merged_same.c, dict[str, dict[int, int]]()
    for row in theirs.execute(
        select(of.tbl, of.theirs, of.ours).where(of.block == copies.born_in(ours)).order_by(of.id)
    ):
        found.setdefault(row.tbl, {})[row.ours] = row.theirs
    for row in ours.execute(
        select(of.tbl, of.theirs, of.ours).where(of.block == copies.born_in(theirs)).order_by(of.id)
    ):
        found.setdefault(row.tbl, {})[row.theirs] = row.ours
    return found


def _judged(ours: Connection, theirs: Connection, since: int, common: int) -> dict[str, Before]:
    """What we had changed when they merged us, where we have not seen yet what became of it: taken, or turned back."""
    of, start, end = copies.book_merge, common, 0
    query = select(of.c.id, of.c.upto).where(of.c.block == copies.born_in(ours)).order_by(of.c.id)
    for number, upto in theirs.execute(query):
        if history.record_changes(theirs, METADATA, of.name, number)[0][1] <= since:
            start = upto
        else:
            end = upto
    if end <= start or _merged_upto(theirs, ours, copies.born_in(ours)) is None:
        return {}
    first, last = history.change_range(ours, METADATA, start + 1)[0], history.change_range(ours, METADATA, end)[1]
    found = reversal.fold(history.changes(ours, METADATA, start=first, end=last))
    return {
        name: one
        for name, one in found.items()
        if one.cells and name in METADATA.tables and _travels(METADATA.tables[name])
    }


def _since(connection: Connection, number: int, tables: Sequence[str] | None = None) -> dict[str, Before]:
    """What was before everything after an operation, by table; without tables that stay in their book."""
    if number >= history.last_operation(connection, METADATA)[0]:
        return {}
    start, _end = history.change_range(connection, METADATA, number + 1)
    found = reversal.fold(history.changes(connection, METADATA, start=start, tbls=tables))
    return {
        name: before for name, before in found.items() if name in METADATA.tables and _travels(METADATA.tables[name])
    }


def _travels(table: Table) -> bool:
    return is_tracked(table) and not table.info.get("stays")


# --- comparing --------------------------------------------------------------------------------------------------------


class _Work:
    """The comparison of all tables, parents first.

    changed: what the other book changed; here: what was changed here since the other book looked last; judged: what it
    looked at then (`_judged`).
    """

    def __init__(
        self, ours: Connection, theirs: Connection, changed: Mapping[str, Before], here: Mapping[str, Before],
        judged: Mapping[str, Before],
    ) -> None:  # fmt: skip
        self._ours, self._theirs, self._changed, self._here = ours, theirs, changed, here
        self._judged = judged
        self._same = _the_same(ours, theirs)
        self.tables: dict[str, TableMerge] = {}
        self.equal = 0
        self.conflicts: list[Differs] = []
        self.gone: list[Gone] = []
        self.left_out: list[tuple[str, int, Text]] = []
        info = METADATA.info
        self._records = records()
        self._derived: Mapping[str, tuple[Sequence[str], Any]] = info.get("derived", {})
        self._told_apart: Mapping[str, Sequence[str]] = info.get("told_apart", {})

    def compare(self) -> None:
        """All tables that the other book changed."""
        for table in METADATA.sorted_tables:
            before = self._changed.get(table.name)
            if before is not None:
                self._table(table, before, self.tables.setdefault(table.name, TableMerge()))
        for table in reversed(METADATA.sorted_tables):
            before = self._changed.get(table.name)
            if before is not None and before.gone:
                self._deletions(table, before, self.tables[table.name])

    def _table(self, table: Table, before: Before, into: TableMerge) -> None:
        same = self._same.get(table.name, {})
        judged = self._judged.get(table.name, Before()).cells
        theirs = {number: their for their, number in same.items()}
        told = before.ids() - before.gone
        wanted = sorted(told | {theirs.get(number, number) for number in judged})
        mine = {number: same.get(number, number) for number in wanted}
        there = cells_of(self._theirs, table, wanted)
        now = cells_of(self._ours, table, sorted(set(mine.values())))
        known = _Known(self._here.get(table.name, Before()), now)
        for number in wanted:
            if number not in there:
                continue
            cells = self._linked(table, there[number])
            if mine[number] in now:
                was, ours = before.cells.get(number), mine[number]
                if number not in told:
                    base = dict(cells)
                elif was is None:
                    base = known.row(ours) or {}
                else:
                    base = self._linked(table, {**there[number], **{key: was[key] for key in was if key in cells}})
                seen = known.row(ours) if ours in judged else None
                if seen is not None:
                    base |= {key: seen[key] for key in judged[ours] if key in seen}
                self._cells(table, (ours, number), base, now[ours], cells, known, into)
            elif number in told:
                self._absent(table, number, before.cells.get(number), cells, known, into)

    def _linked(self, table: Table, cells: Cells) -> Cells:
        """With our ids of records that both books added."""
        found = dict(cells)
        for column in table.columns:
            for key in column.foreign_keys:
                same = self._same.get(key.column.table.name, {})
                found[column.name] = same.get(found[column.name], found[column.name])
        if table is attachment:
            same = self._same.get(METADATA.info.get("rooms_tables", {}).get(found["room"], ""), {})
            found["record"] = same.get(found["record"], found["record"])
        return found

    def _cells(
        self, table: Table, ids: tuple[int, int], base: Cells, now: Cells, there: Cells, known: _Known, into: TableMerge
    ) -> None:
        """The cells of one record; ids: ours and theirs."""
        number, theirs_id = ids
        derived = self._derived.get(table.name, ((), None))[0]
        for column, value in there.items():
            if column in derived or identical(value, now[column]):
                self.equal += column not in derived and not identical(value, base.get(column)) and column in base
                continue
            found = verdict(base.get(column), now[column], value)
            if found is Verdict.CONFLICT:
                seen = (known.row(number) or {}).get(column)  # what they saw here when they looked last
                found = verdict(seen, now[column], value)
            if found is Verdict.THEIRS:
                into.update.setdefault(number, {})[column] = value
            elif found is Verdict.CONFLICT:
                self.conflicts.append(
                    Differs(table.name, number, column, base.get(column), now[column], value, theirs_id)
                )

    def _absent(
        self, table: Table, number: int, was: Cells | None, cells: Cells, known: _Known, into: TableMerge
    ) -> None:
        """A record of theirs that is not here: new, the same as one that was added here, or deleted here."""
        if known.was_there(number) or was is not None:
            seen = known.row(number)
            changed = was is not None or (
                seen is not None and any(not identical(seen[key], cells[key]) for key in cells)
            )
            twin = self._twin(table, number, cells) if not known.was_there(number) else None
            if twin is None:
                if changed:
                    self.conflicts.append(Differs(table.name, number, None, None, None, "", number))
                return
        else:
            twin = self._twin(table, number, cells)
        if twin is None:
            into.insert[number] = cells
            return
        into.same[number] = twin[0]
        self._same.setdefault(table.name, {})[number] = twin[0]
        self._cells(table, (twin[0], number), {}, twin[1], cells, known, into)

    def _twin(self, table: Table, number: int, cells: Cells) -> tuple[int, Cells] | None:
        """A record here that has the same key, or is called the same where names tell records apart."""
        keys = [tuple(one for one in key) for key in unique_keys(table)]
        keys += [(key,) for key in self._told_apart.get(table.name, ())]
        for key in keys:
            if all(cells[name] is not None for name in key):
                same = and_(*(table.c[name] == cells[name] for name in key))
                query = select(table).where(same, table.c.id != number).order_by(table.c.id).limit(1)
                row = self._ours.execute(query).mappings().one_or_none()
                if row is not None:
                    found = dict(row)
                    return int(found.pop("id")), found
        return None

    # --- deletions ---------------------------------------------------------------------------------------------------

    def _deletions(self, table: Table, before: Before, into: TableMerge) -> None:
        """Children first, so that what goes with a record is known to follow it."""
        same = self._same.get(table.name, {})
        theirs = {same.get(number, number): number for number in before.gone}
        now = cells_of(self._ours, table, sorted(theirs))
        for number in sorted(now):
            was = self._linked(table, {**now[number], **before.cells[theirs[number]]})
            changed = any(
                name in now[number] and not identical(now[number][name], value) for name, value in was.items()
            )
            follows = self._follows(table, before.cells[theirs[number]])
            if table.name in self._records and not (follows and table.name == attachment.name):
                self.gone.append(Gone(table.name, number, called(now[number]), changed))
            elif follows:
                into.follow.append(number)
            elif changed:
                self.conflicts.append(Differs(table.name, number, None, None, "", None, number))
            else:
                into.delete.append(number)

    def _follows(self, table: Table, was: Cells) -> bool:
        """Whether a deleted record belonged to a record that they deleted too."""
        for column in table.columns:
            for key in column.foreign_keys:
                parent = self._changed.get(key.column.table.name)
                if parent is not None and was.get(column.name) in parent.gone:
                    return True
        if "record" in was:  # own values, attachments: of a record of any room
            return any(was["record"] in one.gone for name, one in self._changed.items() if name in self._records)
        return False

    # --- what belongs to something that is not here ------------------------------------------------------------------

    def leave_out_orphans(self) -> None:
        """New records of something that was deleted here stay out, with what belongs to them; each is said."""
        for table in METADATA.sorted_tables:
            one = self.tables.get(table.name)
            if one is None or not (one.insert or one.update):
                continue
            for column in table.columns:
                for key in column.foreign_keys:
                    self._orphans(table, column.name, key.column.table, one)

    def _orphans(self, table: Table, column: str, parent: Table, one: TableMerge) -> None:
        told = [
            cells[column] for cells in (*one.insert.values(), *one.update.values()) if cells.get(column) is not None
        ]
        coming = self.tables.get(parent.name, TableMerge()).insert.keys()
        there = {*present(self._ours, parent, sorted(set(told) - coming)), *coming, None}
        for number, cells in list(one.insert.items()):
            if cells[column] not in there:
                if table.c[column].nullable:
                    cells[column] = None
                else:
                    del one.insert[number]
                self._leave_out(table, number)
        for number, cells in list(one.update.items()):
            if cells.get(column) not in there:
                del cells[column]
                self._leave_out(table, number)

    def _leave_out(self, table: Table, number: int) -> None:
        self.left_out.append((table.name, number, _("What it belongs to was deleted here.")))

    def contents(self) -> list[str]:
        """Hashes of the attachments that come along."""
        one = self.tables.get(attachment.name)
        if one is None:
            return []
        rows: Iterable[Cells] = [*one.insert.values(), *one.update.values()]
        return sorted({str(cells["hash"]) for cells in rows if "hash" in cells})


class _Known:
    """What this book's records were when the other book looked at it last."""

    def __init__(self, since: Before, now: Mapping[int, Cells]) -> None:
        self._since, self._now = since, now

    def was_there(self, number: int) -> bool:
        """Whether the record was here then, and is not any more."""
        return number in self._since.gone

    def row(self, number: int) -> Cells | None:
        """Its cells then; None where it was not here."""
        if number in self._since.absent:
            return None
        if number in self._since.gone:
            return self._since.cells[number]
        now = self._now.get(number)
        return None if now is None else {**now, **self._since.cells.get(number, {})}


def cells_of(connection: Connection, table: Table, ids: Sequence[int]) -> dict[int, Cells]:
    """The cells that these records have now, without their id; an id that is not there has none."""
    found: dict[int, Cells] = {}
    for some in bulk.chunks(ids):
        for row in connection.execute(select(table).where(table.c.id.in_(list(some)))).mappings():
            cells = dict(row)
            found[int(cells.pop("id"))] = cells
    return found


def records() -> frozenset[str]:
    """Tables whose records others may belong to, and attachments: deleting one of them is proposed, never done."""
    parents = {key.column.table.name for table in METADATA.tables.values() for key in table.foreign_keys}
    return frozenset({*parents, attachment.name})


def called(cells: Cells) -> str:
    """How people call a record."""
    return str(next((cells[key] for key in ("name", "text", "title", "number", "label", "key") if cells.get(key)), ""))


def present(connection: Connection, table: Table, ids: Sequence[int]) -> Iterable[int]:
    """Those of these ids that are there."""
    for some in bulk.chunks(ids):
        yield from connection.scalars(select(table.c.id).where(table.c.id.in_(list(some))))
