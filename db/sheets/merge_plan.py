"""What merging a returned sheet would do, and what somebody decided about it: plain data, for a page, a draft, JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, NamedTuple

from db.core.reading import Stored
from db.core.three_way import Written
from db.sheets.plan import Note, Refusal
from db.sheets.room import RoomSheet
from db.sheets.sent import Said, Sending

Take = Literal["ask", "ours", "theirs"]
OURS, THEIRS = "ours", "theirs"


class Cell(NamedTuple):
    """One cell that is not the same in all three. sheet, row: where it stands in the file."""

    id: int
    key: str
    base: Stored
    ours: Stored
    theirs: Stored
    sheet: str
    row: int


@dataclass(frozen=True)
class NewRow:
    """A row that is no record yet. alike: a record with nearly its name, about which somebody must say whether it is it.

    copied: the record whose row it was made from.
    """

    place: int
    sheet: str
    row: int
    values: Mapping[str, Stored]
    alike: int | None = None
    copied: int | None = None


@dataclass(frozen=True)
class Missing:
    """A record whose row did not come back. changed: whether the book changed it since it was sent."""

    id: int
    name: str
    changed: bool


@dataclass(frozen=True)
class Merge:
    """What merging a returned sheet would do. seen: the book's last operation when it was planned.

    taken: only they changed them. equal: cells that both changed alike; ours: that only we changed. names: record → name.
    matched: records of the book that rows without a mark were recognised as. already: the day this file was merged.
    said: what the next return is compared with, but for the records that new rows become.
    """

    path: Path
    file: str
    digest: str
    room: RoomSheet
    sending: Sending
    taken: tuple[Cell, ...]
    conflicts: tuple[Cell, ...]
    equal: int
    ours: int
    missing: tuple[Missing, ...]
    new: tuple[NewRow, ...]
    refused: tuple[Refusal, ...]
    notes: tuple[Note, ...]
    names: Mapping[int, str]
    matched: tuple[int, ...]
    said: Said
    seen: int
    already: str | None = None


@dataclass(frozen=True)
class Decisions:
    """What somebody decided. cells: (record, field key) → ours, theirs or a third value, also of taken cells turned back.

    delete: missing records to delete. new: place of a new row → the record that it is, 0 for a new one, -1: leave it out.
    """

    cells: Mapping[tuple[int, str], Literal["ours", "theirs"] | Written] = field(default_factory=dict)
    delete: frozenset[int] = frozenset()
    new: Mapping[int, int] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """For a draft."""
        cells = [
            [number, key, {"value": one.value} if isinstance(one, Written) else one]
            for (number, key), one in self.cells.items()
        ]
        return {"cells": cells, "delete": sorted(self.delete), "new": [list(pair) for pair in self.new.items()]}


def decisions_from_json(found: Mapping[str, Any]) -> Decisions:
    """What `Decisions.as_json` gave."""
    cells = {
        (number, key): Written(one["value"]) if isinstance(one, dict) else one for number, key, one in found["cells"]
    }
    return Decisions(cells, frozenset(found["delete"]), dict(found["new"]))
