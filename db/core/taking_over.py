"""Carrying out the merge of another copy of the book: one operation, all or nothing, attachments included."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from sqlalchemy import Column, Connection, Table, insert, select

from db.core import bulk, contents, copies, reversal
from db.core.book import Book
from db.core.coming_home import BookMerge, Cells, Differs, cells_of, present
from db.core.copies import book_merge
from db.core.errors import Refused
from db.core.progress import SILENT, Progress
from db.core.reversal import Step
from db.core.tables import METADATA
from db.core.text import Text, _
from db.core.three_way import Written

Take = Literal["ask", "ours", "theirs"]
Side = Literal["ours", "theirs"]


@dataclass(frozen=True)
class Agreed:
    """What somebody decided. cells: (table, id, column) → whose, or a third value; also of taken cells turned back.

    A column of None is the whole record. delete: (table, id) of records that the other book deleted and that go here too.
    """

    cells: Mapping[tuple[str, int, str | None], Side | Written] = field(default_factory=dict)
    delete: frozenset[tuple[str, int]] = frozenset()


def undecided(plan: BookMerge, agreed: Agreed, *, take: Take = "ask") -> int:
    """How many conflicts nobody has decided."""
    return 0 if take != "ask" else sum((one.table, one.id, one.column) not in agreed.cells for one in plan.conflicts)


def demand_decisions(plan: BookMerge, agreed: Agreed, *, take: Take = "ask") -> None:
    """Raise `Refused` while a conflict is undecided."""
    rest = undecided(plan, agreed, take=take)
    if rest:
        raise Refused(
            _("{count} cells were changed here and in “{book}”; nothing was written. Decide each, or take all of one side.",
              count=rest, book=plan.other)
        )  # fmt: skip


def take_over(
    book: Book, other: Book, plan: BookMerge, agreed: Agreed | None = None, *, take: Take = "ask",
    progress: Progress = SILENT,
) -> int | None:  # fmt: skip
    """Write what was decided as one operation and give its number; None where there is nothing to write.

    Raises `Refused` while a conflict is open, where the book was changed after the comparison, or where a rule of a room
    would be broken: then nothing is written.
    """
    agreed = agreed or Agreed()
    demand_decisions(plan, agreed, take=take)
    if not (plan.taken or plan.conflicts or agreed.delete):
        return None
    granted = _granted(book, other, plan)
    with book.write(_("Merged: {book}", book=plan.other), source=plan.other) as ours, other.read() as theirs:
        number: int = ours.info["operation"]
        if number != plan.seen + 1:
            raise Refused(
                _("The book was changed after it was compared with “{book}”. Nothing was written; compare again.",
                  book=plan.other)
            )  # fmt: skip
        steps = _steps(ours, theirs, plan, agreed, take)
        for done, wanted in enumerate(plan.contents):
            progress.step(done, len(plan.contents), _("Copying attachments"))
            _copy_content(ours, theirs, wanted)
        touched = _touched(ours, steps)
        reversal.reverse(ours, METADATA, steps)
        _refresh(ours, touched)
        _demand_rules(ours, steps)
        highest = max((number for step in steps.values() for number in step.insert), default=0)
        if copies.must_go_on(ours, highest):
            copies.go_on_above(ours, METADATA, granted)
        _note(ours, plan)
    return number


def _granted(book: Book, other: Book, plan: BookMerge) -> tuple[int, int] | None:
    """Numbers for a copy that takes over records with higher ones than its own; a main book needs no grant."""
    highest = max((number for one in plan.tables.values() for number in one.insert), default=0)
    with book.read() as ours, other.read() as theirs:
        origin = copies.origin_of(ours)
        if origin is None or not copies.must_go_on(ours, highest):
            return None
        if copies.origin_of(theirs) is not None:
            raise Refused(
                _("Only the main book can give this copy further numbers. Nothing was changed; merge both copies into the "
                  "main book, and the main book into them.")
            )  # fmt: skip
    return copies.grant(other, origin, book.name)


# --- what is written --------------------------------------------------------------------------------------------------


def _steps(ours: Connection, theirs: Connection, plan: BookMerge, agreed: Agreed, take: Take) -> dict[str, Step]:
    steps: dict[str, Step] = {}
    for name, one in plan.tables.items():
        taken = {
            number: {
                column: value for column, value in cells.items() if agreed.cells.get((name, number, column)) != "ours"
            }
            for number, cells in one.update.items()
        }
        steps[name] = Step(list(one.delete), dict(one.insert), taken)
    for differs in plan.conflicts:
        if agreed.cells.get((differs.table, differs.id, differs.column), take) == "theirs":
            _take_theirs(ours, theirs, differs, steps)
    for (name, number, key), said in agreed.cells.items():
        if isinstance(said, Written) and key is not None:
            value = _understood(ours, METADATA.tables[name].c[key], said.value)
            steps.setdefault(name, Step()).update.setdefault(number, {})[key] = value
    _delete(ours, plan, agreed, steps)
    for step in steps.values():
        for number in set(step.delete):
            step.update.pop(number, None)
        step.update = {number: cells for number, cells in step.update.items() if cells}
    return {name: step for name, step in steps.items() if step.count()}


def _understood(ours: Connection, column: Column[Any], value: Any) -> Any:
    """A third value as it is stored: of a record by its name, which one it is. Refused where there is none."""
    key = next(iter(column.foreign_keys), None)
    if key is None or not isinstance(value, str):
        return value
    of = key.column.table
    found = ours.scalar(select(of.c.id).where(of.c.name == value).order_by(of.c.id).limit(1))
    if found is None:
        raise Refused(
            _("There is no “{name}” in the book; nothing was written. Add it first, or take another value.", name=value)
        )
    return found


def _take_theirs(ours: Connection, theirs: Connection, differs: Differs, steps: dict[str, Step]) -> None:
    step = steps.setdefault(differs.table, Step())
    if differs.column is not None:
        step.update.setdefault(differs.id, {})[differs.column] = differs.theirs
    elif differs.theirs is None:
        step.delete.append(differs.id)
    else:
        _bring_whole(ours, theirs, METADATA.tables[differs.table], [differs.id], steps)


def _bring_whole(
    ours: Connection, theirs: Connection, table: Table, ids: Sequence[int], steps: dict[str, Step]
) -> None:  # fmt: skip
    """A record that was deleted here comes back as it is there, with everything that belongs to it."""
    there = {*present(ours, table, ids)}
    step = steps.setdefault(table.name, Step())
    fresh = [number for number in ids if number not in there and number not in step.insert]
    step.insert |= cells_of(theirs, table, fresh)
    for child, column in belonging(table):
        found: list[int] = []
        for some in bulk.chunks(fresh):
            found += theirs.scalars(select(child.c.id).where(child.c[column].in_(list(some))))
        if found:
            _bring_whole(ours, theirs, child, sorted(found), steps)


def belonging(table: Table, *, null: bool = False) -> list[tuple[Table, str]]:
    """Tables whose records belong to a record of this one, by which column; or those that may name it (`null`)."""
    return [
        (child, column.name)
        for child in METADATA.sorted_tables
        for column in child.columns
        if bool(column.nullable) is null and any(key.column.table is table for key in column.foreign_keys)
    ]


def _delete(ours: Connection, plan: BookMerge, agreed: Agreed, steps: dict[str, Step]) -> None:
    """Records that go here too, with everything here that belongs to them; undo brings all of it back."""
    proposed = {(one.table, one.id) for one in plan.gone}
    for table in METADATA.sorted_tables:
        ids = sorted(number for name, number in agreed.delete & proposed if name == table.name)
        if ids:
            _delete_whole(ours, table, ids, steps)
    if agreed.delete:
        for name, one in plan.tables.items():
            left = set(one.follow) - set(steps.get(name, Step()).delete)
            gone = [number for number in sorted(left) if _parent_goes(ours, name, number, steps)]
            steps.setdefault(name, Step()).delete += gone


def _delete_whole(ours: Connection, table: Table, ids: Sequence[int], steps: dict[str, Step]) -> None:
    step = steps.setdefault(table.name, Step())
    fresh = [number for number in ids if number not in step.delete]
    step.delete += fresh
    for child, column in belonging(table):
        found = _naming(ours, child, column, fresh)
        if found:
            _delete_whole(ours, child, found, steps)
    for other, column in belonging(table, null=True):
        for number in _naming(ours, other, column, fresh):
            steps.setdefault(other.name, Step()).update.setdefault(number, {})[column] = None


def _naming(ours: Connection, table: Table, column: str, ids: Sequence[int]) -> list[int]:
    found: list[int] = []
    for some in bulk.chunks(ids):
        found += ours.scalars(select(table.c.id).where(table.c[column].in_(list(some))))
    return sorted(found)


def _parent_goes(ours: Connection, name: str, number: int, steps: Mapping[str, Step]) -> bool:
    table = METADATA.tables[name]
    cells = cells_of(ours, table, [number]).get(number, {})
    parents = [(key.column.table.name, column.name) for column in table.columns for key in column.foreign_keys]
    gone = [steps[parent].delete for parent, column in parents if parent in steps and cells.get(column) is not None]
    if any(cells.get(column) in steps[parent].delete for parent, column in parents if parent in steps):
        return True
    return not gone and "record" in cells and any(cells["record"] in step.delete for step in steps.values())


def _copy_content(ours: Connection, theirs: Connection, wanted: str) -> None:
    if contents.there(ours, wanted):
        return
    for number, block in enumerate(contents.parts(theirs, wanted)):
        ours.execute(insert(contents.content), {"hash": wanted, "part": number, "bytes": block})


# --- rules ------------------------------------------------------------------------------------------------------------


def _touched(ours: Connection, steps: Mapping[str, Step]) -> dict[str, set[int]]:
    """Records whose derived cells follow from what is written, by table."""
    derived: Mapping[str, Any] = METADATA.info.get("derived", {})
    found = {name: {*steps[name].insert, *steps[name].update} if name in steps else set() for name in derived}
    for name, step in steps.items():
        for column in METADATA.tables[name].columns:
            for key in column.foreign_keys:
                if key.column.table.name not in derived:
                    continue
                parents = found[key.column.table.name]
                rows: Mapping[int, Cells] = cells_of(ours, METADATA.tables[name], sorted({*step.update, *step.delete}))
                for cells in (*step.insert.values(), *step.update.values(), *rows.values()):
                    if cells.get(column.name) is not None:
                        parents.add(cells[column.name])
    return found


def _refresh(ours: Connection, touched: Mapping[str, set[int]]) -> None:
    for name, (_columns, refresh) in METADATA.info.get("derived", {}).items():
        if touched.get(name):
            refresh(ours, sorted(touched[name]))


def _demand_rules(ours: Connection, steps: Mapping[str, Step]) -> None:
    wrong = reversal.dangling(ours, METADATA, dict(steps))
    touched = {name: sorted({*step.insert, *step.update}) for name, step in steps.items()}
    for check in METADATA.info.get("checks", ()):
        wrong += check(ours, touched)
    if wrong:
        said: list[Text] = [one.sentence for one in wrong[:5]]
        raise Refused(
            _("{count} records would break a rule of the book; nothing was written: {why}", count=len(wrong), why=said)
        )


def _note(ours: Connection, plan: BookMerge) -> None:
    day = dt.datetime.now().astimezone().date().isoformat()
    row = {"book": plan.other, "block": plan.block, "upto": plan.upto, "upto_hash": plan.upto_hash, "merged_on": day}
    ours.execute(insert(book_merge).values(row))
    for name, one in plan.tables.items():
        for theirs, number in one.same.items():
            same = {"block": plan.block, "tbl": name, "theirs": theirs, "ours": number}
            ours.execute(insert(copies.merged_same).values(same))
