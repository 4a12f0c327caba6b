"""What a room tells the import. The import knows fields and rows; what a project is, only the room knows."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from db.core.columns import Columns
from db.core.fields import Field
from db.core.progress import Progress
from db.core.text import Text

if TYPE_CHECKING:
    from sqlalchemy import Connection

Stored = int | str | None
BATCH = 2_000  # records asked for or written at once


@dataclass(frozen=True)
class Doubt:
    """Something to ask about a cell before it is taken; without options it is only said.

    place: of the row among the records. kind: which question it is, so that many alike are asked once. values: answer →
    the stored value that it means; an answer that is not there takes the cell as it is. What is only said takes that of
    "", where there is one.
    """

    place: int
    key: str
    kind: str
    why: Text
    options: tuple[tuple[str, Text], ...] = ()
    proposed: str = ""
    values: Mapping[str, Stored] = dataclasses.field(default_factory=dict)


def _nothing_fits(key: str, words: str) -> Mapping[str, Stored]:
    return {}


def _says_nothing(words: str) -> Mapping[str, Stored]:
    return {}


def _no_own_fields(connection: Connection) -> frozenset[str]:
    return frozenset()


def _forgets(connection: Connection, layout: Mapping[str, Any]) -> None:
    return None


def _never_seen(connection: Connection, signature: str, sender: str) -> Mapping[str, str]:
    return {}


def _unlike_any(connection: Connection, headings: Sequence[str], sender: str) -> Mapping[str, Any] | None:
    return None


def _never_doubts(connection: Connection | None, columns: Columns) -> Iterable[Doubt]:
    return ()


def _one_name(connection: Connection, key: str) -> Mapping[str, str]:
    return {}


def _lacks_nothing(connection: Connection, columns: Columns) -> Mapping[int, Mapping[str, Text]]:
    return {}


@dataclass(frozen=True)
class RoomSheet:
    """How rows of a sheet become records of one room.

    Rows travel as cell key → stored value. A cell key is a field's key, `key@YYYY-MM` for one month of a monthly
    field, or `own:<heading>` for a column kept as the book's own field (always text). Links travel as names.

    fields: what a column can be mapped to. monthly: keys that take one value per month.
    logs: append-only logs, where a new text is a new entry.
    identity: combinations of keys by which a record is recognised, tried in order, all keys present.
    required: keys without which there is no record.
    whole_sheet: keys that may be said once for a sheet: --set, title, unit line, name of sheet or file.
    existing: id and identity keys of all records. current: id → cell key → stored value.
    insert: new records, column by column, giving their ids; it tells the progress how far it is. update: single cells.
    check: rules across the fields of a record, of many at once: place → key → why it cannot be. lacks: what new records
    would need in the book and is not there, in the same form.

    fill_down: keys whose empty cells may mean "as above" (asked). spill: a field key and words found where a number,
    date or choice belongs → the cell key and stored value that they mean (租赁厂房 in a land column), or None.
    context: what a group row says (一、工业项目; 第1期（2024年1月22日）) → cell key → stored value for its rows.
    table: the table whose rows its records are; "" where there is no book behind it.
    ambiguous: heading (as written, without unit) → keys of the fields it may mean; asked, proposed: all of them.
    remarks: key of the text field that takes what an amount says beside its number (左右).
    currencies: money field key → key of the field that holds its currency code.
    own_headings: headings already kept as own fields. remember_layout, recall_layout: how a ledger was mapped, by
    the signature of its header (column letter → field key, "own" or "none"; fill:<letter> → yes or no; unit:<letter> →
    unit), by its sender best. like_layout: the kept layout that has most of these headings, where that is most of both.
    aliases: for a linked field, other names of its records → the name that `current` gives, so that a short name is no
    change.
    assumed: keys of `whole_sheet` → what holds where nothing says them. stated: keys that are read to be checked by
    `doubts` and are never stored. doubts: what is asked or said about the rows before they are taken.
    delete: takes records away with all that belongs to them, None where a sheet cannot do that.
    """

    room: str
    label: Text
    fields: tuple[Field, ...]
    monthly: frozenset[str]
    logs: frozenset[str]
    identity: tuple[tuple[str, ...], ...]
    required: tuple[str, ...]
    whole_sheet: tuple[str, ...]
    existing: Callable[[Connection], list[dict[str, Any]]]
    current: Callable[[Connection, Sequence[int], Sequence[str]], dict[int, dict[str, Any]]]
    insert: Callable[[Connection, Columns, Progress], Sequence[int]]
    update: Callable[[Connection, Sequence[tuple[int, str, Any]]], None]
    check: Callable[[Columns], Mapping[int, Mapping[str, Text]]]
    table: str = ""
    fill_down: frozenset[str] = frozenset()
    spill: Callable[[str, str], Mapping[str, Stored]] = _nothing_fits
    context: Callable[[str], Mapping[str, Stored]] = _says_nothing
    ambiguous: Mapping[str, tuple[str, ...]] = dataclasses.field(default_factory=dict)
    remarks: str | None = None
    currencies: Mapping[str, str] = dataclasses.field(default_factory=dict)
    own_headings: Callable[[Connection], frozenset[str]] = _no_own_fields
    remember_layout: Callable[[Connection, Mapping[str, Any]], None] = _forgets
    recall_layout: Callable[[Connection, str, str], Mapping[str, str]] = _never_seen
    like_layout: Callable[[Connection, Sequence[str], str], Mapping[str, Any] | None] = _unlike_any
    aliases: Callable[[Connection, str], Mapping[str, str]] = _one_name
    assumed: Mapping[str, Stored] = dataclasses.field(default_factory=dict)
    stated: frozenset[str] = frozenset()
    doubts: Callable[[Connection | None, Columns], Iterable[Doubt]] = _never_doubts
    delete: Callable[[Connection, Sequence[int]], None] | None = None
    lacks: Callable[[Connection, Columns], Mapping[int, Mapping[str, Text]]] = _lacks_nothing

    @property
    def keeps_own(self) -> bool:
        """Whether what fits no field of the room can be kept as a field of the book's own."""
        return self.own_headings is not _no_own_fields

    def field(self, key: str) -> Field | None:
        """The field of a cell key; None for an own field or an unknown key."""
        plain = key.split("@", 1)[0]
        return next((known for known in self.fields if known.key == plain), None)


def current_cells(
    connection: Connection, room: RoomSheet, ids: Sequence[int], keys: Sequence[str]
) -> dict[int, dict[str, Stored]]:
    """Record → field key → what the book says now, of those that are there."""
    found: dict[int, dict[str, Stored]] = {}
    for start in range(0, len(ids), BATCH):
        found |= room.current(connection, ids[start : start + BATCH], keys)
    return found
