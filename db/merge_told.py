"""What a comparison with another copy of the book says, in words: whose record, which fact, what stood in each book."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from db.core.coming_home import BookMerge, called, cells_of
from db.core.fields import Field, Link, Words
from db.core.formats import show
from db.core.tables import METADATA
from db.core.telling import Writer, last_writers
from db.core.text import Text, _
from db.rooms import ROOMS, labels

if TYPE_CHECKING:
    from sqlalchemy import Connection, Table

    from db.core.book import Book

TAKEN = 2_000  # so many of what is taken are listed one by one
Place = tuple[str, int, str | None]


@dataclass(frozen=True)
class CellTold:
    """A cell that the books tell differently. column None: the whole record. The values are words, ready to be shown.

    stored: the same as they are kept. unit: of a number, 万元, 亩. field: what can be written instead, None where only
    one of them can be taken. private: not for a projected screen.
    """

    table: str
    id: int
    column: str | None
    name: str
    label: Text | str
    base: str
    ours: str
    theirs: str
    stored: tuple[Any, Any, Any] = (None, None, None)
    unit: str = ""
    field: Field | None = None
    private: bool = False

    @property
    def place(self) -> Place:
        """By which it is decided."""
        return self.table, self.id, self.column


@dataclass(frozen=True)
class BookTold:
    """conflicts: to be decided. taken: what only they changed, at most `TAKEN` of it. added: records that come along.

    notes: what stays in the other book.
    """

    conflicts: tuple[CellTold, ...]
    taken: tuple[CellTold, ...]
    added: tuple[tuple[str, str], ...]
    notes: tuple[Text, ...]


def tell(book: Book, other: Book, plan: BookMerge, lang: str) -> BookTold:
    """The conflicts, what is taken and what is added, in words of a language."""
    with book.read() as ours, other.read() as theirs:
        teller = _Teller(ours, theirs, lang)
        teller.know([(one.table, one.id) for one in plan.conflicts])
        conflicts = tuple(
            teller.cell(one.table, one.id, one.column, (one.base, one.ours, one.theirs)) for one in plan.conflicts
        )
        wanted = [
            (name, number, column, value)
            for name, one in plan.tables.items()
            for number, cells in one.update.items()
            for column, value in cells.items()
        ][:TAKEN]
        teller.know([(name, number) for name, number, _column, _value in wanted])
        taken = tuple(
            teller.cell(name, number, column, (now := teller.now(name, number).get(column), now, value))
            for name, number, column, value in wanted
        )
        rooms = {one.table.name: one.label.render(lang) for one in ROOMS}
        added = [
            (rooms[name], called(cells))
            for name, one in plan.tables.items()
            if name in rooms
            for cells in one.insert.values()
        ]
        return BookTold(conflicts, taken, tuple(added[:TAKEN]), tuple(notes(plan)))


def notes(plan: BookMerge) -> list[Text]:
    """What stays in the other book because one of the two is without that room."""
    return [
        _("{count} records that were changed in “{room}” stay in “{book}”: one of the two books is without that room.",
          count=count, room=room, book=plan.other)
        for name, count in plan.apart.items()
        for room in labels([name])
    ]  # fmt: skip


class _Teller:
    """Names of records and facts, each looked up once."""

    def __init__(self, ours: Connection, theirs: Connection, lang: str) -> None:
        self._ours, self._theirs, self._lang = ours, theirs, lang
        self._fields = {one.table.name: {field.key: field for field in one.fields} for one in reversed(ROOMS)}
        self._now: dict[str, dict[int, dict[str, Any]]] = {}
        self._names: dict[tuple[str, int], str] = {}

    def know(self, records: Iterable[tuple[str, int]]) -> None:
        """Read what these records are now."""
        wanted: dict[str, set[int]] = {}
        for name, number in records:
            wanted.setdefault(name, set()).add(number)
        for name, ids in wanted.items():
            self._now.setdefault(name, {}).update(cells_of(self._ours, METADATA.tables[name], sorted(ids)))

    def now(self, name: str, number: int) -> Mapping[str, Any]:
        """The cells of a record of this book."""
        return self._now.get(name, {}).get(number, {})

    def cell(self, name: str, number: int, column: str | None, values: tuple[Any, Any, Any]) -> CellTold:
        """Before, ours, theirs in words."""
        table = METADATA.tables[name]
        if column is None:
            here, gone = _("there").render(self._lang), _("deleted").render(self._lang)
            said = (here, gone if values[1] is None else here, gone if values[2] is None else here)
            return CellTold(name, number, None, self._record(table, number), _("The whole record"), *said)
        field = self._fields.get(name, {}).get(column)
        base, ours, theirs = (self._say(table, field, column, value) for value in values)
        label = field.label if field is not None else column
        unit = getattr(field.kind, "unit", "") if field is not None else ""
        return CellTold(
            name, number, column, self._record(table, number), label, base, ours, theirs, values, unit,
            field if field is not None and field.editable else None, field is not None and field.private,
        )  # fmt: skip

    def _say(self, table: Table, field: Field | None, column: str, value: Any) -> str:
        if value is None:
            return ""
        for key in table.c[column].foreign_keys:
            return self._record(key.column.table, int(value))
        kind = field.kind if field is not None and not isinstance(field.kind, Link) else Words()
        return show(kind, value if field is not None else str(value), self._lang)

    def _record(self, table: Table, number: int) -> str:
        """What people call a record; one without a name by what it belongs to."""
        found = self._names.get((table.name, number))
        if found is None:
            cells = self._now.get(table.name, {}).get(number) or cells_of(self._ours, table, [number]).get(number)
            cells = cells or cells_of(self._theirs, table, [number]).get(number, {})
            found = self._names[table.name, number] = self._parent(table, cells) or called(cells) or str(number)
        return found

    def _parent(self, table: Table, cells: Mapping[str, Any]) -> str:
        """Of a line of a room's record: that record."""
        if table.name in self._fields:
            return ""
        for column in table.columns:
            for key in column.foreign_keys:
                if key.column.table.name in self._fields and cells.get(column.name) is not None:
                    return self._record(key.column.table, int(cells[column.name]))
        return ""


def who_changed(book: Book, places: Sequence[Place]) -> dict[Place, Writer]:
    """Who of this book changed these cells last, and when."""
    asked: dict[tuple[str, str | None], list[int]] = {}
    for name, number, column in places:
        asked.setdefault((name, column), []).append(number)
    with book.read() as connection:
        return {
            (name, number, column): told
            for (name, column), numbers in asked.items()
            for number, told in last_writers(connection, METADATA.tables[name], column, numbers).items()
        }
