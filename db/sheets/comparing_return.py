"""A returned sheet compared with the book, three ways and cell by cell. Nothing is written.

What they changed and nobody else is taken, what both changed is a conflict, a row that is gone is proposed for deletion,
a row without a mark is matched with what exists.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from db.core import history
from db.core.columns import of_rows
from db.core.errors import Refused
from db.core.fields import Link, Words
from db.core.progress import SILENT, Progress
from db.core.reading import Stored
from db.core.sweeping import sweeping_afterwards
from db.core.tables import METADATA
from db.core.text import Text, _
from db.core.three_way import Verdict, compared, identical
from db.reports.ledger_columns import ledger_column
from db.sheets import sent
from db.sheets.matching import Likeness, Register, same_name
from db.sheets.merge_plan import Cell, Merge, Missing, NewRow
from db.sheets.plan import Refusal
from db.sheets.returned import Base, Returned, Row, marks_of, read_return, rounding
from db.sheets.room import RoomSheet, current_cells
from db.sheets.sending import field_of
from db.sheets.sent import Code, Said, Sending
from db.sheets.workbook import Workbook

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from db.core.book import Book

_LONGEST = 32_767  # characters of a cell


def plan_return(
    book: Book, workbook: Workbook, rooms: Sequence[RoomSheet], *, progress: Progress = SILENT
) -> Merge:  # fmt: skip
    """What merging a returned sheet would do; nothing is written.

    Raises `Refused` where the file is no sheet of this book, of a later moment, or its signature is broken.
    """
    with sweeping_afterwards():
        return _planned(book, workbook, rooms, progress)


def _planned(book: Book, workbook: Workbook, rooms: Sequence[RoomSheet], progress: Progress) -> Merge:
    code, pages = marks_of(workbook)
    digest = _digest(workbook.path)
    with book.read() as connection:
        of = _sending_of(connection, workbook, code, {one[0] for page in pages for one in page.found.values()})
        room = next((one for one in rooms if one.room == of.room), None)
        if room is None:
            raise Refused(_("Ledgers cannot be taken into “{room}”.", room=of.room))
        seen = history.last_operation(connection, METADATA)[0]
        earlier, already = sent.said_by(connection, of.id), sent.merged_on(connection, of.id, digest)
        keys = list(dict.fromkeys([*of.columns, *room.required]))
        now = current_cells(connection, room, of.records, keys)
        was: Base | None = sent.cells_of(connection, of)
    if was is None:
        with book.as_of(of.operation, progress=progress) as then, then.read() as connection:
            was = current_cells(connection, room, of.records, of.columns)
    with book.read() as connection:
        work = _Work(connection, workbook, room, of, earlier, was, now)
        if already is not None:
            return replace(work.nothing(digest, seen), already=already)
        work.read(pages)
        progress.step(0, 0, _("Comparing with the book"))
        return work.merge(digest, seen)


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _sending_of(connection: Connection, workbook: Workbook, code: Code | None, marked: set[int]) -> Sending:
    file = workbook.name
    if code is None:
        found = [one for number in sorted(marked) if (one := sent.find(connection, number)) is not None]
        if len(found) == 1:
            return found[0]
        if found:
            raise Refused(
                _("“{file}” holds rows of several sheets that were sent, and no code says which. Nothing was changed; "
                  "send each sheet back by itself.", file=file)
            )  # fmt: skip
        raise Refused(
            _("“{file}” is no sheet that this book has sent: no row carries its mark. Nothing was changed; use “import” "
              "for a ledger.", file=file)
        )  # fmt: skip
    if code.book != sent.book_mark(connection):
        raise Refused(_("“{file}” was sent from another book. Nothing was changed; open that book.", file=file))
    if code.operation > history.last_operation(connection, METADATA)[0]:
        raise Refused(
            _("“{file}” was sent at a later moment than this book knows: the book is an older copy. Nothing was changed; "
              "open the book that it was sent from.", file=file)
        )  # fmt: skip
    of = sent.find(connection, code.sending)
    if of is None:
        raise Refused(
            _("The book does not know the sending of “{file}”: it was undone, or the sheet was sent from another copy of the "
              "book. Nothing was changed; merge it where it was sent from.", file=file)
        )  # fmt: skip
    if of.operation != code.operation or not code.holds(of):
        raise Refused(
            _("The code of “{file}” was changed, so nobody can say what was sent. Nothing was changed; take the code "
              "from the sheet that was sent.", file=file)
        )  # fmt: skip
    return of


class _Work:
    """A returned sheet while it is compared."""

    def __init__(
        self, connection: Connection, workbook: Workbook, room: RoomSheet, of: Sending, earlier: Sequence[Said],
        was: Base, now: Mapping[int, Mapping[str, Stored]],
    ) -> None:  # fmt: skip
        self._connection, self._workbook, self._room, self._of = connection, workbook, room, of
        self._earlier, self._said = earlier, earlier[0]
        self._was, self._now = was, dict(now)
        self._base: dict[int, Mapping[str, Stored]] = {}
        self._go_on_from(self._said)
        self._fields = {key: field_of(room, key) for key in of.columns}
        identity = {key for combination in room.identity for key in combination}
        self._names: dict[str, Mapping[str, str]] = {key: {} for key in identity}
        self._names |= {
            key: room.aliases(connection, key) for key, one in self._fields.items() if isinstance(one.kind, Link)
        }
        self._told_new = {one.record: one.values for one in self._said.new if one.record is not None}
        self._steps: dict[str, int] = {}
        self._answer = Returned()
        self._rows: dict[int, Row] = {}
        self._matched: list[int] = []
        self._unmarked: list[Row] = []
        self._new: list[NewRow] = []
        self._refused: list[Refusal] = []

    def nothing(self, digest: str, seen: int) -> Merge:
        """The plan of a file that was merged already."""
        return Merge(
            self._workbook.path, self._workbook.name, digest, self._room, self._of, (), (), 0, 0, (), (), (), (), {}, (),
            self._said, seen,
        )  # fmt: skip

    def read(self, pages: Sequence[Any]) -> None:
        """Read the file and recognise the rows that carry no mark."""
        self._answer = read_return(self._workbook, self._room, self._of, pages, self._base, self._same)
        if self._answer.displayed:
            for key, one in self._fields.items():
                column = ledger_column(one, self._of.lang)
                if column.kind == "number" and column.divide > 1:
                    self._steps[key] = column.divide // 10**column.decimals
        self._refused += self._answer.refused
        for row in self._answer.rows:
            if row.record is not None:
                self._rows[row.record] = row
        self._note_rounding()
        self._recognise([row for row in self._answer.rows if row.record is None])
        if self._unmarked:
            text = _("{count} rows without a mark were known by their names.", count=len(self._unmarked))
            self._answer.note(self._unmarked[0].sheet, "", text, *(row.row for row in self._unmarked))
        self._choose_base()

    def _note_rounding(self) -> None:
        """A column of which somebody has rounded every number says what was sent."""
        for key, unit in self._answer.units.items():
            pairs = [
                (known, theirs) for number, row in self._rows.items()
                if isinstance(known := self._was.get(number, {}).get(key), int) and isinstance(theirs := row.values.get(key), int)
            ]  # fmt: skip
            step = rounding(self._fields[key].kind, unit, pairs)
            if step is not None and key not in self._steps:
                self._steps[key] = step
                text = _("“{field}” came back rounded; numbers that are only rounded were left as they are.",
                         field=self._fields[key].label)  # fmt: skip
                self._answer.note(next(iter(self._rows.values())).sheet, self._answer.columns[key], text)

    def _go_on_from(self, said: Said) -> None:
        """Compare with what an earlier return said, and with what was sent where it said nothing."""
        self._base |= self._was
        self._base |= {
            number: {**self._was[number], **cells} for number, cells in said.cells.items() if number in self._was
        }

    def _choose_base(self) -> None:
        """Of what was sent and the earlier returns, the base is what the sheet is most like, and of equals the latest.

        Two people of a unit may each fill in the sheet that was sent: what the first of them changed is no change back.
        """
        told = {(number, key) for said in self._earlier for number, cells in said.cells.items() for key in cells}
        asked = [
            (one, key) for one, key in told if one in self._was and one in self._rows and key in self._rows[one].values
        ]
        alike = {key: self._same(key) for _one, key in asked}

        def changes(said: Said) -> int:
            known = ((one, key, said.cells.get(one, {}).get(key, self._was[one].get(key))) for one, key in asked)
            return sum(not alike[key](value, self._rows[one].values[key]) for one, key, value in known)

        nearest = min(self._earlier, key=changes)
        if nearest is self._earlier[0]:
            return
        self._go_on_from(nearest)
        others = {one: cells for one, cells in self._said.cells.items() if one not in self._rows}
        mine = {one: cells for one, cells in nearest.cells.items() if one in self._rows}
        self._said = replace(self._said, cells={**others, **mine})
        text = _("This sheet does not go on from the return before it: what that one changed is not turned back.")
        self._answer.note(next(iter(self._rows.values())).sheet, "", text)

    # --- what says the same ------------------------------------------------------------------------------------------

    def _same(self, key: str) -> Any:
        names, step = self._names.get(key), self._steps.get(key)
        one = self._fields.get(key)
        words = one is not None and isinstance(one.kind, Words)

        def alike(known: Stored, theirs: Stored) -> bool:
            if identical(known, theirs):
                return True
            if isinstance(known, int) and isinstance(theirs, int):  # as it was shown, with fewer digits than are kept
                return step is not None and theirs % step == 0 and abs(known - theirs) * 2 <= step
            if not isinstance(known, str) or not isinstance(theirs, str):
                return False
            if names is not None:
                return same_name(known) in (same_name(theirs), same_name(names.get(theirs)))
            if words:  # line breaks and spaces are whatever the last program made of them
                return known.split() == theirs.split() or (len(theirs) == _LONGEST and known.startswith(theirs))
            return False

        return alike

    # --- rows without a mark -----------------------------------------------------------------------------------------

    def _recognise(self, rows: Sequence[Row]) -> None:
        if not rows:
            return
        room = self._room
        register = Register(room, room.existing(self._connection), [row.values for row in rows])
        name_key = next((key for key in register.keys if key in room.required), None)
        likeness = Likeness(register.names(name_key)) if name_key is not None else None
        said = {frozenset(one.values.items()): one for one in self._said.new}
        for row in rows:
            values = {key: value for key, value in row.values.items() if value is not None}
            known = said.get(frozenset(values.items()))
            if known is not None and (known.record is None or known.record in self._rows):
                continue
            lacking = next((key for key in room.required if key in self._fields and key not in values), None)
            if known is None and lacking is not None:
                self._lacks(row, lacking)
                continue
            identity = tuple(same_name(values.get(key)) for key in register.keys)
            found = register.find(identity)
            free = [one for one in found.ids if one not in self._rows]
            if known is not None and known.record is not None:
                self._take_for(row, known.record)
            elif row.copied is None and free:
                self._take_for(row, free[0])
            else:
                name = str(values.get(name_key) or "") if name_key else ""
                near = likeness.nearest(str(same_name(name))) if likeness and name and not found.contrary else None
                alike = found.ids[0] if found.ids else near
                if alike is None and found.contrary:
                    alike = found.contrary[0]
                self._new.append(NewRow(len(self._new), row.sheet, row.row, values, alike, row.copied))
        if self._matched:
            keys = list(dict.fromkeys([*self._of.columns, *room.required]))
            self._now |= current_cells(self._connection, room, self._matched, keys)

    def _lacks(self, row: Row, key: str) -> None:
        why = _("“{field}” is missing.", field=self._fields[key].label)
        where = self._answer.columns.get(key, "A")
        self._refused.append(Refusal(row.sheet, row.row, where, key, "", why))

    def _take_for(self, row: Row, record: int) -> None:
        """A row without a mark is a record: one that was sent, or another one, of which a blank says nothing."""
        row.record = record
        self._rows[record] = row
        if record in self._base:
            self._unmarked.append(row)
            return
        self._matched.append(record)
        self._base[record] = {**self._told_new.get(record, {}), **self._said.cells.get(record, {})}
        row.values = {key: value for key, value in row.values.items() if value is not None}

    # --- comparing ---------------------------------------------------------------------------------------------------

    def merge(self, digest: str, seen: int) -> Merge:
        """The plan."""
        theirs = {number: row.values for number, row in self._rows.items()}
        counted = {Verdict.EQUAL: 0, Verdict.OURS: 0}
        taken: list[Cell] = []
        conflicts: list[Cell] = []
        fixed = self._never_empty()
        differs: dict[int, dict[str, Stored]] = {}
        for number, key, found in compared(self._base, self._now, theirs, self._same):
            row = self._rows[number]
            if found is not Verdict.OURS:
                differs.setdefault(number, {})[key] = row.values[key]
            if found in counted:
                counted[found] += 1
                continue
            now = self._now.get(number)
            cell = Cell(
                number, key, self._base[number].get(key), (now or {}).get(key), row.values[key], row.sheet, row.row
            )
            why = self._why_not(cell, now is None, fixed)
            if why is not None:
                self._refuse(cell, why)
            else:
                (taken if found is Verdict.THEIRS else conflicts).append(cell)
        taken, conflicts = self._allowed(taken), self._allowed(conflicts)
        self._check_new()
        return Merge(
            self._workbook.path, self._workbook.name, digest, self._room, self._of, tuple(taken), tuple(conflicts),
            counted[Verdict.EQUAL], counted[Verdict.OURS], tuple(self._missing()), tuple(self._new),
            tuple(sorted(self._refused, key=lambda one: (one.sheet, one.row))), tuple(self._answer.notes),
            self._called(), tuple(self._matched), self._now_said(differs), seen,
        )  # fmt: skip

    def _never_empty(self) -> set[str]:
        table = METADATA.tables.get(self._room.table)
        columns = {} if table is None else {column.name: column for column in table.columns}
        return {key for key in self._of.columns if key in columns and not columns[key].nullable} | set(
            self._room.required
        )

    def _why_not(self, cell: Cell, gone: bool, fixed: set[str]) -> Text | None:
        label = self._fields[cell.key].label
        if gone:
            return _("The record was deleted after the sheet was sent; undo that first.")
        if cell.key not in self._of.editable and cell.id not in self._matched:
            return _("“{field}” was sent to look at; what was changed there is not taken.", field=label)
        if cell.theirs is None and cell.key in fixed:
            return _("“{field}” is missing.", field=label)
        if cell.theirs is None and cell.key in self._room.logs:
            return _("“{field}” is a log: an entry is added, never emptied.", field=label)
        return None

    def _refuse(self, cell: Cell, why: Text) -> None:
        where = self._answer.columns.get(cell.key, "A")
        shown = "" if cell.theirs is None else str(cell.theirs)
        self._refused.append(Refusal(cell.sheet, cell.row, where, cell.key, shown, why))

    def _allowed(self, cells: Sequence[Cell]) -> list[Cell]:
        """Without cells that the room's rules refuse; the cells of a record count together."""
        by_record: dict[int, list[Cell]] = {}
        for cell in cells:
            by_record.setdefault(cell.id, []).append(cell)
        records = list(by_record)
        wanted = [{**self._now[one], **{cell.key: cell.theirs for cell in by_record[one]}} for one in records]
        broken = self._room.check(of_rows(wanted)) if wanted else {}
        wrong = {(records[place], key): why for place, found in broken.items() for key, why in found.items()}
        for cell in cells:
            why = wrong.get((cell.id, cell.key))
            if why is not None:
                self._refuse(cell, why)
        return [cell for cell in cells if (cell.id, cell.key) not in wrong]

    def _check_new(self) -> None:
        broken = self._room.check(of_rows([one.values for one in self._new])) if self._new else {}
        for place, found in broken.items():
            one = self._new[place]
            for key, why in found.items():
                where = self._answer.columns.get(key, "A")
                self._refused.append(Refusal(one.sheet, one.row, where, key, str(one.values.get(key) or ""), why))
        self._new = [one for at, one in enumerate(self._new) if at not in broken]

    def _missing(self) -> Iterable[Missing]:
        for number in self._of.records:
            if (
                number in self._base
                and number in self._now
                and number not in self._rows
                and number not in self._said.missing
            ):
                was, now = self._was[number], self._now[number]
                changed = any(not identical(was.get(key), now.get(key)) for key in self._of.columns)
                yield Missing(number, self._name(now), changed)

    def _name(self, cells: Mapping[str, Stored]) -> str:
        return str(cells.get(self._room.required[0]) or "") if self._room.required else ""

    def _called(self) -> dict[int, str]:
        wanted = {*self._rows, *self._base, *(one.alike for one in self._new if one.alike is not None)}
        others = [number for number in wanted if number not in self._now]
        if others:
            self._now |= current_cells(self._connection, self._room, sorted(others), list(self._room.required))
        return {number: self._name(self._now.get(number, {})) for number in sorted(wanted)}

    def _now_said(self, differs: Mapping[int, dict[str, Stored]]) -> Said:
        """Everything that was said until now, with which the next return is compared. differs: cells unlike the base."""
        cells = {number: dict(known) for number, known in self._said.cells.items()}
        nothing: Mapping[str, Stored] = {}
        how = {key: self._same(key) for key in self._of.columns}
        for number, row in self._rows.items():
            if number in self._was and number not in cells:  # the base is what was sent
                if number in differs:
                    cells[number] = differs[number]
                continue
            was = self._was.get(number) or self._told_new.get(number, nothing)
            told = {key: value for key, value in cells.pop(number, nothing).items() if key not in row.values}
            if row.values != was:
                told |= {
                    key: value
                    for key, value in row.values.items()
                    if not was or (value != was.get(key) and not how[key](was.get(key), value))
                }
            if told:
                cells[number] = told
        sent_out = set(self._of.records)
        back = self._said.back | (sent_out & self._rows.keys())
        missing = frozenset(number for number in sent_out if number in self._base and number not in self._rows)
        return Said(cells, missing, frozenset(back), self._said.new)
