"""A block of cells, checked as a whole before any of it is written: pasted, filled down, continued, changed at once.

Records × fields in, stored values out (`Checked.changes`), or every cell that cannot be taken with its reason. A cell
that is None is left as it is; an empty one empties. What a room knows beyond its fields comes in `Rules`.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from sqlalchemy import Connection, Table, select

from db.core import listing
from db.core.fields import Area, Field, Link, Metric, Money, Words
from db.core.formats import show, understand
from db.core.quantities import scale_of
from db.core.reading import Reading, Stored, refuse
from db.core.text import Text, _

LARGE = 100 * 10**8 * 100  # 100 亿元 in hundredths
TIMES = 1_000
_SAMPLE = 1_000  # newest records whose amounts say what is usual
_ENOUGH = 3
_BLANKS = frozenset(("/", "-", "——", "待定", "暂无"))
_NO_VALUE = "—"

Change = tuple[int, str, Stored]


class Keep:
    """A cell that is left as it is."""


KEEP = Keep()
Value = Stored | Keep
Place = tuple[int, int]  # row and column of the block


class Bad(NamedTuple):
    """A cell that cannot be taken: its place in the block, what was typed, why, and forms that would be."""

    row: int
    column: int
    typed: str
    why: Text
    accepted: Text | str = ""

    @property
    def sentence(self) -> Text:
        """What was typed, why not, and what would be taken."""
        said = [self.typed.strip()[:40], self.why, self.accepted]
        said = [part for part in said if part]
        return Text(
            " · ".join(f"{{p{at}}}" for at in range(len(said))), {f"p{at}": part for at, part in enumerate(said)}
        )

    def line(self, lang: str) -> str:
        """The same for a list, without full stops: 2024-02-30 · 没有这一天 · 2024-02-29、2024.2.29."""
        return " · ".join(part.rstrip("。.") for part in self.sentence.render(lang).split(" · "))


class Doubt(NamedTuple):
    """A cell that can be taken but asks "is it right?"."""

    row: int
    column: int
    sentence: Text


@dataclass(frozen=True)
class Checked:
    """What a block would do.

    changes: (id, field key, stored value), only cells that become different. unchanged: how many stay as they are.
    new: field key → value of the rows below the records. rows: the records in the order of the block's rows.
    """

    changes: tuple[Change, ...] = ()
    unchanged: int = 0
    bad: tuple[Bad, ...] = ()
    questions: tuple[Doubt, ...] = ()
    notes: tuple[Text, ...] = ()
    new: tuple[dict[str, Stored], ...] = ()


@dataclass(frozen=True)
class Rules:
    """What a room knows about its cells beyond the fields.

    links: the linked records' own names by the names as written; a name that is missing there is not known yet.
    asks_about: rooms of links where a new name is asked about before it is added.
    refuse: what cannot be, as (place in the changes and then the new rows, field key, why).
    remarks: key of the field that takes what stood beside an amount (左右). doubts: what can be but asks "is it right?",
    as `refuse` says what cannot.
    """

    table: Table
    links: Callable[[Connection, Field, Collection[str]], Mapping[str, str]]
    refuse: Callable[[Connection, Sequence[Change], Sequence[Mapping[str, Stored]]], list[tuple[int, str, Text]]]
    asks_about: frozenset[str] = frozenset()
    remarks: str = ""
    doubts: Callable[[Sequence[Change], Sequence[Mapping[str, Stored]]], list[tuple[int, str, Text]]] | None = None


@dataclass
class _Found:
    """What is found while a block is checked."""

    bad: list[Bad] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    notes: dict[str, Text] = field(default_factory=dict)
    beside: dict[int, list[str]] = field(default_factory=dict)  # row → what goes to the remarks
    cells: Sequence[Sequence[str | None]] = ()

    def typed(self, row: int, column: int) -> str:
        """What was typed into a cell; "" where the block is not of texts."""
        return (self.cells[row][column] or "") if row < len(self.cells) and column < len(self.cells[row]) else ""


def check(
    connection: Connection, rules: Rules, *, fields: Sequence[Field], ids: Sequence[int],
    cells: Sequence[Sequence[str | None]], today: str,
) -> Checked:  # fmt: skip
    """Understand and compare cells as they were typed or copied; rows beyond `ids` become new records."""
    found = _Found(cells=cells)
    columns = []
    for at, one in enumerate(fields):
        texts = [row[at] if at < len(row) else None for row in cells]
        columns.append(_understood(connection, rules, one, at, texts, found))
    return _settle(connection, rules, fields, ids, columns, found, today)


# --- understanding ---------------------------------------------------------------------------------------------------


def _understood(
    connection: Connection, rules: Rules, one: Field, at: int, texts: Sequence[str | None], found: _Found
) -> list[Value]:
    """A column of texts as stored values; equal texts are read once."""
    known: dict[str, Reading] = {text: understood(one, text) for text in {text for text in texts if text is not None}}
    if isinstance(one.kind, Link) and one.editable:
        _resolve(connection, rules, one, at, texts, known, found)
    column: list[Value] = []
    for row, text in enumerate(texts):
        reading = known[text] if text is not None else None
        if reading is None:
            column.append(KEEP)
        elif reading.refused is not None and one.editable:
            found.bad.append(Bad(row, at, text or "", reading.refused, reading.accepted))
            column.append(KEEP)
        else:
            column.append(text if reading.refused is not None else reading.value)
            if reading.note is not None:
                found.notes.setdefault(reading.note.key, reading.note)
            if reading.remark:
                found.beside.setdefault(row, []).append(f"{one.label.render('zh')}：{str(text).strip()}")
    return column


def understood(one: Field, text: str) -> Reading:
    """What a typed text means in a field: also the ways in which a ledger says nothing, and other currencies."""
    bare = text.strip()
    if not bare or bare == _NO_VALUE or (bare in _BLANKS and not isinstance(one.kind, Words)):
        return Reading(blank=True)
    reading = understand(one.kind, text)
    if reading.value == "":
        return Reading(blank=True)
    if reading.currency and isinstance(one.kind, Money):
        home = scale_of(one.kind)
        if home is not None and reading.currency != home.currency:
            return refuse(
                _("This field keeps {unit}; the cell says {currency}.", unit=one.kind.unit, currency=reading.currency)
            )
    return reading


def _resolve(
    connection: Connection, rules: Rules, one: Field, at: int, texts: Sequence[str | None],
    known: dict[str, Reading], found: _Found,
) -> None:  # fmt: skip
    """Former and short names become the record's own; a new name of a short list is asked about once."""
    assert isinstance(one.kind, Link)
    names = {str(reading.value) for reading in known.values() if reading.value is not None}
    own_names = rules.links(connection, one, names)
    for text, reading in known.items():
        if reading.value is None:
            continue
        name = own_names.get(str(reading.value))
        if name is not None:
            known[text] = reading._replace(value=name)
        elif one.kind.room in rules.asks_about:
            sentence = _(
                "“{name}” is not known as “{field}” yet; writing it adds it.", name=str(reading.value), field=one.label
            )
            found.doubts.append(Doubt(texts.index(text), at, sentence))


# --- comparing -------------------------------------------------------------------------------------------------------


def _settle(
    connection: Connection, rules: Rules, fields: Sequence[Field], ids: Sequence[int], columns: Sequence[list[Value]],
    found: _Found, today: str,
) -> Checked:  # fmt: skip
    before = stored(connection, rules.table, fields, ids, today)
    changes: list[Change] = []
    places: list[Place] = []  # of every change
    for at, one in enumerate(fields):
        rounded = bool(found.cells) and isinstance(one.kind, Money | Area | Metric)
        for row, (number, new) in enumerate(zip(ids, columns[at], strict=False)):
            old = before[number][at]
            if isinstance(new, Keep) or new == old or (new is None and old == ""):
                continue
            if rounded and old is not None and found.typed(row, at).strip() == show(one.kind, old):
                continue  # exactly how it is shown, which may have fewer digits than are kept
            if not one.editable:
                why = _("“{field}” is calculated and cannot be changed here.", field=one.label)
                found.bad.append(Bad(row, at, found.typed(row, at), why))
                break
            changes.append((number, one.key, new))
            places.append((row, at))
    unchanged = len(ids) * len(fields) - len(changes) - len(found.bad)
    new_rows = _new_rows(fields, columns, len(ids), found)
    at_key = {one.key: at for at, one in enumerate(fields)}
    cells = [
        (place, change, before[change[0]][place[1]]) for place, change in zip(places, changes, strict=True)
        if isinstance(fields[place[1]].kind, Money)
    ]  # fmt: skip
    cells += [
        ((len(ids) + at, at_key[key]), (0, key, value), None)
        for at, row in enumerate(new_rows)
        for key, value in row.items()
    ]
    _doubt_amounts(connection, rules, fields, cells, found)
    changes += _remarks(connection, rules, fields, ids, found)
    _refuse(connection, rules, fields, ids, changes, new_rows, places, found)
    order = sorted(found.bad, key=lambda one: (one.row, one.column))
    return Checked(
        tuple(changes), unchanged, tuple(order), tuple(found.doubts), tuple(found.notes.values()), tuple(new_rows)
    )


def stored(
    connection: Connection, table: Table, fields: Sequence[Field], ids: Sequence[int], today: str
) -> dict[int, tuple[Stored, ...]]:
    """Id → the stored values of these fields; a record that is gone has none of them."""
    readable = [one for one in fields if one.read is not None]
    rows = {row[0]: row[1:] for row in listing.rows(connection, table, readable, ids, today=today)}
    if len(readable) == len(fields):
        return {number: rows.get(number) or (None,) * len(fields) for number in ids}
    places = [readable.index(one) if one.read is not None else -1 for one in fields]
    empty = (None,) * len(readable)
    return {number: tuple(rows.get(number, empty)[at] if at >= 0 else None for at in places) for number in ids}


def _new_rows(
    fields: Sequence[Field], columns: Sequence[list[Value]], first: int, found: _Found
) -> list[dict[str, Stored]]:
    height = max((len(column) for column in columns), default=0)
    rows: list[dict[str, Stored]] = []
    for row in range(first, height):
        given = {one.key: column[row] for one, column in zip(fields, columns, strict=True) if one.editable}
        rows.append({key: value for key, value in given.items() if not isinstance(value, Keep) and value is not None})
    return rows


def _refuse(
    connection: Connection, rules: Rules, fields: Sequence[Field], ids: Sequence[int], changes: Sequence[Change],
    new_rows: Sequence[Mapping[str, Stored]], places: Sequence[Place], found: _Found,
) -> None:  # fmt: skip
    """The room's own rules; a refused cell is named by its own place."""
    at_key = {one.key: at for at, one in enumerate(fields)}

    def where(place: int, key: str) -> Place:
        if place < len(changes):
            return places[place] if place < len(places) else (ids.index(changes[place][0]), 0)
        return len(ids) + place - len(changes), at_key.get(key, 0)

    for place, key, why in rules.refuse(connection, changes, new_rows):
        row, column = where(place, key)
        found.bad.append(Bad(row, column, found.typed(row, column), why))
    for place, key, why in rules.doubts(changes, new_rows) if rules.doubts is not None else ():
        found.doubts.append(Doubt(*where(place, key), why))


def _remarks(
    connection: Connection, rules: Rules, fields: Sequence[Field], ids: Sequence[int], found: _Found
) -> list[Change]:
    """What stood beside numbers and days, added to the remarks of their records."""
    pieces = {ids[row]: said for row, said in found.beside.items() if row < len(ids)}
    if not pieces or not rules.remarks or rules.remarks in {one.key for one in fields}:
        return []
    column = rules.table.c[rules.remarks]
    rows = connection.execute(select(rules.table.c.id, column).where(rules.table.c.id.in_(list(pieces))))
    known = {row[0]: row[1] for row in rows}
    made: list[Change] = []
    for number, said in pieces.items():
        new = [piece for piece in said if piece not in (known.get(number) or "")]
        if new:
            made.append((number, rules.remarks, "\n".join([*filter(None, [known.get(number)]), *new])))
    return made


# --- is it right? ----------------------------------------------------------------------------------------------------


def _doubt_amounts(
    connection: Connection, rules: Rules, fields: Sequence[Field], cells: Sequence[tuple[Place, Change, Stored]],
    found: _Found,
) -> None:  # fmt: skip
    """cells: place, change, and what stands there now."""
    amounts = {one.key: one for one in fields if isinstance(one.kind, Money)}
    wanted = [one for one in cells if one[1][1] in amounts and isinstance(one[1][2], int) and one[1][2] > 0]
    usual: dict[str, int | None] = {}
    for (row, column), (_number, key, value), old in wanted:
        if key not in usual:
            others = [change[2] for place, change, _old in wanted if change[1] == key and place != (row, column)]
            usual[key] = _usual(connection, rules.table, amounts[key], others)
        sentence = doubt(amounts[key], int(value or 0), old if isinstance(old, int) else None, usual[key])
        if sentence is not None:
            found.doubts.append(Doubt(row, column, sentence))


def doubt(one: Field, value: int, old: int | None, usual: int | None) -> Text | None:
    """Why an amount asks "is it right?": a slip between 万元 and 亿元 is the commonest error of the trade."""
    assert isinstance(one.kind, Money)
    large = value >= LARGE and (old is None or old < LARGE)
    unlike = bool(usual) and value >= (usual or 0) * TIMES
    slipped = bool(old) and (old or 0) > 0 and (value >= (old or 0) * TIMES or value * TIMES <= (old or 0))
    if not (large or unlike or slipped):
        return None
    said = _("{amount} {unit}", amount=show(one.kind, value), unit=one.kind.unit)
    if large:
        return _("{field} {amount}: more than 10 billion yuan. Is this right?", field=one.label, amount=said)
    if unlike:
        return _("{field} {amount}: more than {times} times what its neighbours have. Is this right?",
                 field=one.label, amount=said, times=f"{TIMES:,}")  # fmt: skip
    return _("{field} {amount}, until now {old}: is the unit right?",
             field=one.label, amount=said, old=show(one.kind, old))  # fmt: skip


def _usual(connection: Connection, table: Table, one: Field, others: Iterable[Stored]) -> int | None:
    """The median amount of the newest records; of the block itself where the book has too few."""
    known: list[int] = []
    if one.read is not None:
        query = select(one.read()).select_from(table).order_by(table.c.id.desc()).limit(_SAMPLE)
        known = [int(value) for value in connection.scalars(query) if value]
    if len(known) < _ENOUGH:
        known += [value for value in others if isinstance(value, int) and value > 0]
    return int(statistics.median_low(known)) if len(known) >= _ENOUGH else None


def without(checked: Checked, cells: Collection[tuple[int, str]]) -> Checked:
    """The same block without some of its cells."""
    return replace(checked, changes=tuple(one for one in checked.changes if (one[0], one[1]) not in cells))


def settle(
    connection: Connection, rules: Rules, *, fields: Sequence[Field], ids: Sequence[int],
    columns: Sequence[Sequence[Any]], today: str,
) -> Checked:  # fmt: skip
    """As `check` for stored values, column by column; `KEEP` leaves a cell as it is."""
    return _settle(connection, rules, fields, ids, [list(column) for column in columns], _Found(), today)
