"""What an import will do, as plain data: shown as a page, printed as JSON, and carried out by `writing.commit`."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from db.core.columns import Columns
from db.core.reading import Stored
from db.core.text import Text
from db.sheets.room import RoomSheet


@dataclass(frozen=True)
class Options:
    """How a file is to be taken. `given`: what holds for whole sheets (--set FIELD=VALUE; `unit` for money).

    answers: question id → answer; a column's meaning can be changed unasked (`column:SHEET!G` → key, own, none).
    leave_out: (sheet, row, cell key) of single cells that are not to be taken.
    """

    today: date
    sheets: tuple[str, ...] = ()
    given: Mapping[str, str] = dataclasses.field(default_factory=dict)
    answers: Mapping[str, str] = dataclasses.field(default_factory=dict)
    assume_yes: bool = False
    blank_clears: bool = False
    leave_out: frozenset[tuple[str, int, str]] = frozenset()


@dataclass(frozen=True)
class Column:
    """What becomes of a column. how: exact, alias, month, guessed, own, none. keys: cell keys that it fills."""

    place: int
    letter: str
    heading: str
    keys: tuple[str, ...]
    unit: str | None
    how: str
    question: str | None = None
    cells: int = 0

    @property
    def key(self) -> str | None:
        """The first field it fills, None where it is not taken."""
        return self.keys[0] if self.keys else None


@dataclass(frozen=True)
class SkippedRow:
    """A row that is no record. kind: title, header, numbers, group, total, note, numbered, repeated."""

    row: int
    kind: str
    why: Text


@dataclass(frozen=True)
class Refusal:
    """A cell that cannot be taken: where, what, why, and the forms that would be."""

    sheet: str
    row: int
    column: str
    key: str
    value: str
    why: Text
    accepted: Text | str = ""


@dataclass(frozen=True)
class Change:
    """One cell of a record that is already in the book."""

    sheet: str
    row: int
    id: int
    key: str
    old: Stored
    new: Stored


@dataclass(frozen=True)
class Note:
    """What was decided without asking, said once for all cells it holds for; `rows` are the first of them."""

    sheet: str
    where: str
    text: Text
    count: int = 1
    rows: tuple[int, ...] = ()


@dataclass(frozen=True)
class Question:
    """What a person is asked. proposed: the answer that --assume yes takes ("" where only a person can know)."""

    id: str
    sheet: str
    where: str
    question: Text
    proposed: str
    options: tuple[tuple[str, Text], ...] = ()
    answer: str | None = None

    @property
    def proposed_text(self) -> Text | str:
        """The proposed answer in words."""
        return dict(self.options).get(self.proposed, self.proposed)


@dataclass(frozen=True)
class Counts:
    """Where every non-blank cell of a sheet went. `cells` is counted apart from the others."""

    cells: int = 0
    headings: int = 0
    skipped: int = 0
    stored: int = 0
    own: int = 0
    blank: int = 0
    unused: int = 0
    refused: int = 0
    repeated: int = 0

    @property
    def unaccounted(self) -> int:
        """Cells nobody answers for: always 0."""
        rest = (
            self.headings,
            self.skipped,
            self.stored,
            self.own,
            self.blank,
            self.unused,
            self.refused,
            self.repeated,
        )
        return self.cells - sum(rest)


@dataclass(frozen=True)
class SheetPlan:
    """One sheet: taken or why not, header rows and rows as Excel numbers them."""

    name: str
    visible: bool
    taken: bool
    why: Text | None = None
    header_rows: tuple[int, int] | None = None
    columns: tuple[Column, ...] = ()
    rows_read: int = 0
    skipped: tuple[SkippedRow, ...] = ()
    counts: Counts = Counts()
    layouts: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True)
class NewRows:
    """New records of one table, column by column; `rows`: where each stands, as Excel numbers them."""

    sheet: str
    rows: Sequence[int]
    columns: Columns

    def value(self, place: int, key: str) -> Stored:
        """A cell of the record at this place; None where it says nothing."""
        column: Sequence[Stored] | None = self.columns.get(key)
        return None if column is None else column[place]


@dataclass(frozen=True)
class Plan:
    """Everything an import will do. Nothing is written by it. `seen`: the book's last operation when it was made."""

    path: Path
    file: str
    room: RoomSheet
    sheets: tuple[SheetPlan, ...]
    new: tuple[NewRows, ...]
    changes: tuple[Change, ...]
    same: int
    refused: tuple[Refusal, ...]
    notes: tuple[Note, ...]
    questions: tuple[Question, ...]
    names: Mapping[int, str] = dataclasses.field(default_factory=dict)
    seen: int | None = None

    @property
    def new_count(self) -> int:
        """How many records are new."""
        return sum(len(table.rows) for table in self.new)

    @property
    def changed_count(self) -> int:
        """How many records of the book change."""
        return len({change.id for change in self.changes})

    @property
    def refused_rows(self) -> int:
        """How many rows have problems."""
        return len({(refusal.sheet, refusal.row) for refusal in self.refused})

    @property
    def open_questions(self) -> tuple[Question, ...]:
        """Questions that still need an answer."""
        return tuple(question for question in self.questions if question.answer is None)

    def unaccounted(self) -> int:
        """Non-blank cells that are neither stored, kept as an own field, nor listed with a reason: always 0."""
        return sum(sheet.counts.unaccounted for sheet in self.sheets)


@lru_cache(maxsize=1024)
def letter(place: int) -> str:
    """A 0-based column as Excel names it: 0 → A, 26 → AA."""
    name = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        name = chr(65 + rest) + name
    return name
