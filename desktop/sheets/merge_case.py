"""What is decided about one returned sheet, or one copy of the book: the lines of the page, and the decisions on them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from db.core.text import _
from db.core.three_way import Written, identical
from desktop.kit import projector
from desktop.kit.words import language, tr

if TYPE_CHECKING:
    from db.core.coming_home import BookMerge
    from db.core.fields import Field
    from db.core.taking_over import Agreed
    from db.merge_told import BookTold
    from db.sheets.merge_plan import Decisions, Merge

BASE, OURS, THEIRS, WRITTEN = "base", "ours", "theirs", "written"
Key = tuple[Any, ...]


@dataclass(frozen=True)
class Line:
    """One cell that is not the same in all three. key: by which it is decided; the values are stored ones, `said` words.

    field: None where only one side or the other can be taken. place: where it stands in the file.
    """

    key: Key
    record: int
    name: str
    label: str
    values: tuple[Any, Any, Any]
    said: tuple[str, str, str]
    field: Field | None = None
    place: str = ""


@dataclass(frozen=True)
class GoneLine:
    """A record that is not there any more on their side. changed: whether it was changed here since."""

    key: Any
    name: str
    changed: bool


@dataclass(frozen=True)
class NewLine:
    """A row of theirs that is no record yet. alike: the record that it may be."""

    place: int
    name: str
    where: str
    alike: int | None
    alike_name: str


class Case:
    """The lines and what was decided of them. Every decision can be taken back, one after the other.

    A kind of case says `title`, `them`, the lines, how many are undecided and what would be written.
    """

    title = them = file = ""
    conflicts: Sequence[Line] = ()
    taken: Sequence[Line] = ()
    gone: Sequence[GoneLine] = ()
    new: Sequence[NewLine] = ()
    remarks: Sequence[tuple[str, str]] = ()  # where, what: cells that could not be read, what was noted
    sent_said = came_said = ""
    of_copy = False  # of a copy of the book, not of a sheet that was sent

    def __init__(self) -> None:
        self.cells: dict[Key, Any] = {}
        self.delete: set[Any] = set()
        self.rows: dict[int, int] = {}
        self._steps: list[list[tuple[dict[Any, Any], Any, Any]]] = []

    # --- deciding --------------------------------------------------------------------------------------------------

    def decide(self, chosen: Iterable[tuple[Key, Any]]) -> None:
        """One step: what becomes of these cells (ours, theirs, a `Written` value)."""
        step = []
        for key, value in chosen:
            step.append((self.cells, key, self.cells.get(key)))
            self.cells[key] = value
        self._steps.append(step)

    def settle_row(self, place: int, record: int) -> None:
        """A new row is this record, a new one (0), or left out (-1)."""
        self._steps.append([(self.rows, place, self.rows.get(place))])
        self.rows[place] = record

    @property
    def can_go_back(self) -> bool:
        """Whether there is a decision to take back."""
        return bool(self._steps)

    def step_back(self) -> Any:
        """Take the last step back; the key of what it was about, None where there was none."""
        if not self._steps:
            return None
        key = None
        for where, key, before in self._steps.pop():
            if before is None:
                where.pop(key, None)
            else:
                where[key] = before
        return key

    def choose(self, line: Line, which: str) -> bool:
        """Take a column for a cell; False where that cannot be taken here."""
        if which == BASE:
            if line.key[-1] is None:  # a whole record is there or not
                return False
            self.decide([(line.key, Written(line.values[0]))])
        else:
            self.decide([(line.key, which)])
        return True

    def write_third(self, line: Line, value: Any) -> None:
        """Take a value that is none of the three."""
        self.decide([(line.key, Written(value))])

    def side(self, line: Line, unsaid: str = "") -> str:
        """What was chosen for a cell; `unsaid` where nothing was."""
        found = self.cells.get(line.key)
        if found is None:
            return unsaid
        if isinstance(found, str):
            return found
        return BASE if identical(found.value, line.values[0]) else WRITTEN

    def third(self, line: Line) -> str:
        """The written value in words."""
        found = self.cells.get(line.key)
        return _say(line.field, found.value) if isinstance(found, Written) else ""

    @property
    def open(self) -> list[Line]:
        """Conflicts that nobody decided."""
        return [one for one in self.conflicts if one.key not in self.cells]

    def undecided(self) -> int:
        """How many decisions are missing."""
        rows = sum(one.alike is not None and one.place not in self.rows for one in self.new)
        return len(self.open) + rows

    def total(self) -> int:
        """How many cells, rows and deletions would be written."""
        raise NotImplementedError

    # --- the draft -------------------------------------------------------------------------------------------------

    @property
    def draft(self) -> tuple[str, int, str]:
        """Under what the decisions are kept: of what kind, a number, and which file it was."""
        raise NotImplementedError

    def as_text(self) -> str:
        """The decisions, to be kept."""
        cells = [[list(key), one if isinstance(one, str) else {"value": one.value}] for key, one in self.cells.items()]
        gone = [list(one) if isinstance(one, tuple) else one for one in sorted(self.delete)]
        return json.dumps({"cells": cells, "delete": gone, "rows": list(self.rows.items())}, ensure_ascii=False)

    def take_text(self, text: str) -> int:
        """What was kept of the decisions on these lines; how many there were. A damaged text is none."""
        known = {one.key for one in (*self.conflicts, *self.taken)}
        gone = {one.key for one in self.gone}
        try:
            told = json.loads(text)
            cells = {tuple(key): Written(one["value"]) if isinstance(one, dict) else one for key, one in told["cells"]}
            delete = {tuple(one) if isinstance(one, list) else one for one in told["delete"]}
            rows = {int(place): int(record) for place, record in told["rows"]}
        except (ValueError, KeyError, TypeError):
            return 0
        self.cells = {key: one for key, one in cells.items() if key in known}
        self.delete, self.rows = delete & gone, {place: one for place, one in rows.items() if self._has_row(place)}
        return len(self.cells) + len(self.delete) + len(self.rows)

    def _has_row(self, place: int) -> bool:
        return any(one.place == place for one in self.new)


def _say(field: Field | None, value: Any) -> str:
    from db.core.formats import show

    if value is None or field is None:
        return ""
    return projector.COVERED if projector.hides(field) else projector.covered(show(field.kind, value, language()))


class SheetCase(Case):
    """A sheet that a unit sent back."""

    def __init__(self, merge: Merge) -> None:
        super().__init__()
        self.merge = merge
        one = merge.sending
        self.them, self.file = one.unit, merge.file
        self.title = merge.file if one.unit in merge.file else f"{one.unit} {merge.file}"
        self.sent_said = tr(_("sent on {day}", day=one.sent_on))
        self.came_said = one.unit
        self.conflicts = self._lines(merge.conflicts)
        self.taken = self._lines(merge.taken)
        self.gone = [GoneLine(gone.id, gone.name, gone.changed) for gone in merge.missing]
        self.new = [
            NewLine(
                row.place, str(row.values.get(merge.room.required[0]) or ""), f"{row.sheet} · {row.row}", row.alike,
                merge.names.get(row.alike, "") if row.alike is not None else "",
            )
            for row in merge.new
        ]  # fmt: skip
        self.remarks = [
            *((f"{bad.sheet} {bad.column}{bad.row} {bad.value}", tr(bad.why)) for bad in merge.refused),
            *(("", tr(note.text)) for note in merge.notes),
        ]

    def _lines(self, cells: Sequence[Any]) -> list[Line]:
        from db.sheets.sending import field_of

        fields = {key: field_of(self.merge.room, key) for key in {one.key for one in cells}}
        labels = {key: _label(one) for key, one in fields.items()}
        return [
            Line(
                (one.id, one.key), one.id, self.merge.names.get(one.id, str(one.id)), labels[one.key],
                (one.base, one.ours, one.theirs),
                (_say(fields[one.key], one.base), _say(fields[one.key], one.ours), _say(fields[one.key], one.theirs)),
                fields[one.key], f"{one.sheet} · {one.row}",
            )
            for one in cells
        ]  # fmt: skip

    def decisions(self) -> Decisions:
        """For `merging.apply`."""
        from db.sheets.merge_plan import Decisions

        return Decisions(
            {(key[0], key[1]): one for key, one in self.cells.items()}, frozenset(self.delete), dict(self.rows)
        )

    def total(self) -> int:
        """Cells, new records and deletions."""
        from db.sheets import merging

        said = self.decisions()
        return len(merging.chosen(self.merge, said)) + len(merging.added(self.merge, said)) + len(self.delete)

    @property
    def draft(self) -> tuple[str, int, str]:
        """The sending, and the file."""
        return "returned", self.merge.sending.id, self.merge.digest


def _label(field: Field) -> str:
    return _with_unit(tr(field.label), getattr(field.kind, "unit", ""))


def _covered(said: str, private: bool) -> str:
    return projector.COVERED if said and private and projector.on() else projector.covered(said)


def _with_unit(label: str, unit: str) -> str:
    from desktop.kit.columns import with_unit

    return with_unit(label, unit) if unit else label


class BookCase(Case):
    """A copy of the book that comes home, or the main book in a copy."""

    of_copy = True

    def __init__(self, target: str, plan: BookMerge, told: BookTold) -> None:
        super().__init__()
        self.target, self.plan, self.told = target, plan, told
        self.title = self.file = self.them = plan.other
        self.came_said = plan.other
        self.conflicts = self._lines(told.conflicts)
        self.taken = self._lines(told.taken)
        self.gone = [GoneLine((one.table, one.id), one.name or str(one.id), one.changed) for one in plan.gone]
        self.remarks = [
            *((room, tr(_("“{name}” comes along as a new record", name=name))) for room, name in told.added),
            *((f"{name} {number}", tr(why)) for name, number, why in plan.left_out),
            *(("", tr(one)) for one in told.notes),
        ]

    def _lines(self, cells: Sequence[Any]) -> list[Line]:
        return [
            Line(
                one.place, one.id, one.name, _with_unit(tr(one.label), one.unit),
                one.stored,
                (_covered(one.base, one.private), _covered(one.ours, one.private), _covered(one.theirs, one.private)),
                one.field,
            )
            for one in cells
        ]  # fmt: skip

    @property
    def says_nothing(self) -> bool:
        """Whether there is nothing to take and nothing to decide."""
        return not (self.plan.taken or self.plan.conflicts or self.plan.gone)

    def agreed(self) -> Agreed:
        """For `taking_over.take_over`."""
        from db.core.taking_over import Agreed

        return Agreed({(key[0], key[1], key[2]): one for key, one in self.cells.items()}, frozenset(self.delete))

    def total(self) -> int:
        """Cells and records that come over."""
        taken: int = self.plan.taken
        known = {one.key for one in self.taken}
        for key, one in self.cells.items():
            taken += (one != OURS) - (key in known)
        return taken + len(self.delete)

    @property
    def draft(self) -> tuple[str, int, str]:
        """The copy's block, and how far its history goes."""
        return "copy", self.plan.block, self.plan.upto_hash
