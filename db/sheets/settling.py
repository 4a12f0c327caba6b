"""Rows recognised: new records, records that change cell by cell, records that stay the same, rows said twice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from db.core.columns import Columns, of_rows
from db.core.fields import Link, Words
from db.core.progress import Progress
from db.core.reading import Stored
from db.core.text import Text, _
from db.sheets.asking import Desk
from db.sheets.matching import Found, Likeness, Register, alone, identity_columns, same_name
from db.sheets.plan import Change, NewRows, Question
from db.sheets.room import BATCH
from db.sheets.table import Table

if TYPE_CHECKING:
    from sqlalchemy import Connection


@dataclass
class Settled:
    """What became of all rows. `repeated`: by table (its `id()`), places of rows that say nothing new, and why."""

    new: list[NewRows] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    same: int = 0
    repeated: dict[int, dict[int, Text]] = field(default_factory=dict)
    names: dict[int, str] = field(default_factory=dict)


@dataclass
class _Work:
    """A table while its rows are being recognised: `fresh` rows are new, `known` rows have a record.

    said: the columns that records are recognised by. alone: rows that no other row of the file can be taken for.
    """

    table: Table
    said: Columns
    alone: Sequence[bool]
    fresh: list[int] = field(default_factory=list)
    known: list[tuple[int, int]] = field(default_factory=list)
    twice: list[tuple[int, int]] = field(default_factory=list)

    def record(self, place: int) -> dict[str, Stored]:
        """All that a row says."""
        columns = self.table.values.items()
        values: dict[str, Stored] = {key: column[place] for key, column in columns if column[place] is not None}
        values.update(self.table.extras.get(place, {}))
        return values

    def identity(self, place: int) -> tuple[Any, ...]:
        """What a row is recognised by."""
        return tuple(column[place] for column in self.said.values())


@dataclass
class _Recogniser:
    """What rows are recognised by: the register, likeness of names, and which row has claimed which record."""

    register: Register
    desk: Desk
    name_key: str | None
    claimed: dict[int, tuple[_Work, int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        fit = self.name_key is not None and self.register.book
        self.likeness = Likeness(self.register.names(self.name_key)) if fit and self.name_key else None


def settle(
    tables: Sequence[Table],
    register: Register,
    desk: Desk,
    connection: Connection | None,
    progress: Progress,
) -> Settled:
    """Recognise the rows of all tables of a file against the book and against each other."""
    settled = Settled()
    name_key = next((key for key in register.keys if tables and key in tables[0].room.required), None)
    by = _Recogniser(register, desk, name_key)
    said = [identity_columns(register, table.values, table.extras) for table in tables]
    works = [_Work(*of) for of in zip(tables, said, alone(register.identity, said), strict=True)]
    for work in works:
        _recognise(work, by)
        _twice(work, by, settled)
    for work in works:
        progress.step(0, 0, _("Comparing with the book"))
        _compare(work, desk, connection, settled)
        _add_remarks(work)
        _collect_new(work, desk, connection, settled)
    return settled


def _recognise(work: _Work, by: _Recogniser) -> None:
    table = work.table
    for place, alone_here in enumerate(work.alone):
        if place in table.bad:
            continue
        if alone_here and not by.register.book:
            work.fresh.append(place)
            continue
        said = work.identity(place)
        found = by.register.find(said)
        free = next((one for one in found.ids if one not in by.claimed), None)
        if free is None and found.ids:
            work.twice.append((place, found.ids[-1]))
            continue
        if free is None and by.likeness is not None:
            free = _maybe_the_same(work, place, said, found, by)
        if free is not None:
            by.claimed[free] = (work, place)
            work.known.append((place, free))
        elif alone_here:
            work.fresh.append(place)
        else:
            _claim_new(work, place, said, by)


def _claim_new(work: _Work, place: int, said: tuple[Any, ...], by: _Recogniser) -> None:
    number = -1 - len(by.claimed)
    by.claimed[number] = (work, place)
    by.register.add(number, said)
    work.fresh.append(place)


def _maybe_the_same(work: _Work, place: int, said: tuple[Any, ...], found: Found, by: _Recogniser) -> int | None:
    """A record whose name is nearly this one's, if a person (or --assume yes) says that it is the same."""
    register, name_key = by.register, by.name_key
    if by.likeness is None or name_key is None:
        return None
    name = said[register.keys.index(name_key)]
    alike = by.likeness.nearest(name) if name and not found.contrary else None
    if alike is None or alike in by.claimed or register.differ(alike, said, name_key):
        return None
    sheet, row = work.table.sheet.name, work.table.excel_row(place)
    where = f"{work.table.letters.get(name_key, '')}{row}"
    text = _(
        "Row {row}, “{name}”, is nearly the same as “{known}” in the book. Is it the same?",
        row=row,
        name=name,
        known=register.said(alike, name_key),
    )
    agrees = register.agree(alike, said, name_key)
    options = (("same", _("the same record")), ("new", _("another record")))
    question = Question(f"alike:{sheet}!{where}", sheet, where, text, "same" if agrees else "new", options)
    return alike if by.desk.ask(question) == "same" else None


def _twice(work: _Work, by: _Recogniser, settled: Settled) -> None:
    """Rows that name a record another row of the file has named before."""
    table, again = work.table, settled.repeated.setdefault(id(work.table), {})
    asked = []
    for place, record in work.twice:
        first, before = by.claimed[record]
        if work.record(place) == first.record(before) and place not in table.remarks:
            again[place] = _("the same as row {row}", row=first.table.excel_row(before))
        elif place in table.shared and first is work:
            _unite(first, before, work, place, by.desk)
        else:
            asked.append((place, record))
    if not asked:
        return
    answer = _ask_twice(work, asked, by)
    for place, record in asked:
        if answer == "one":
            _unite(*by.claimed[record], work, place, by.desk)
        else:
            _claim_new(work, place, work.identity(place), by)


def _ask_twice(work: _Work, asked: list[tuple[int, int]], by: _Recogniser) -> str:
    """Proposed: rows of two sheets are one record, two rows of one sheet are two."""
    table, name = work.table, work.table.sheet.name
    across = any(by.claimed[record][0].table.sheet is not table.sheet for _place, record in asked)
    rows = [table.excel_row(place) for place, _record in asked]
    named = ", ".join(map(str, rows[:10])) + (" …" if len(rows) > 10 else "")
    text = _("Rows {rows} name a record that the file has named before. Are they the same or others?", rows=named)
    options = (("one", _("the same record: what is new is added")), ("two", _("other records")))
    where = f"{next(iter(table.letters.values()), 'A')}{rows[0]}"
    return by.desk.ask(Question(f"twice:{name}!{where}", name, where, text, "one" if across else "two", options))


def _unite(first: _Work, before: int, work: _Work, place: int, desk: Desk) -> None:
    """Add what a later row says to the record of an earlier one; what contradicts it is listed and not taken."""
    known, table = first.record(before), work.table
    extra = first.table.extras.setdefault(before, {})
    for key, value in work.record(place).items():
        old, kind = known.get(key), getattr(table.room.field(key), "kind", None)
        if old is None:
            extra[key] = value
        elif old == value:
            continue
        elif key in table.room.logs or (isinstance(kind, Words) and kind.long):
            extra[key] = f"{old}\n{value}"
        else:
            if key in table.letters:
                table.own_counts["stored"] -= 1
                table.own_counts["repeated"] = table.own_counts.get("repeated", 0) + 1
            text = _("Not taken where an earlier row of the same record says something else.")
            desk.note(table.sheet.name, table.letters.get(key, ""), text, table.excel_row(place))
    for piece in table.remarks.pop(place, []):
        first.table.remarks.setdefault(before, []).append(piece)


def _compare(work: _Work, desk: Desk, connection: Connection | None, settled: Settled) -> None:
    """Cells of known records that differ from the book, in batches."""
    known = [(place, one) for place, one in work.known if one > 0]
    if not known or connection is None:
        return
    table, room = work.table, work.table.room
    names: dict[str, Mapping[str, str]] = {key: {} for combination in room.identity for key in combination}
    names |= {
        key: room.aliases(connection, key)
        for key in table.values
        if isinstance(getattr(room.field(key), "kind", None), Link)
    }
    extra_keys = {key for place, _one in known for key in table.extras.get(place, {})}
    keys = list(dict.fromkeys([*table.values, *sorted(extra_keys), *([room.remarks] if room.remarks else [])]))
    for start in range(0, len(known), BATCH):
        part = known[start : start + BATCH]
        current = room.current(connection, [one for _place, one in part], keys)
        for place, one in part:
            _compare_row(work, place, one, current.get(one, {}), desk, names, settled)


def _compare_row(
    work: _Work,
    place: int,
    one: int,
    now: Mapping[str, Stored],
    desk: Desk,
    names: Mapping[str, Mapping[str, str]],
    settled: Settled,
) -> None:
    table, row = work.table, work.table.excel_row(place)
    quiet = table.quiet | table.told.get(place, frozenset())
    record = {key: value for key, value in work.record(place).items() if key not in quiet}
    if desk.options.blank_clears:
        record = dict.fromkeys(table.letters) | record
    _remarks_of_known(table, place, record, now)
    left = {key for sheet, at, key in desk.options.leave_out if (sheet, at) == (table.sheet.name, row)}
    changed = {
        key: value
        for key, value in record.items()
        if key not in left and not _equal(now.get(key), value, names.get(key))
    }
    broken = table.room.check(of_rows([{**now, **changed}])).get(0) if changed else None
    if broken:
        _refuse(table, place, record, broken)
        return
    if not changed:
        settled.same += 1
        return
    settled.names[one] = str(next((record[key] for key in table.room.required if record.get(key)), ""))
    settled.changes += [Change(table.sheet.name, row, one, key, now.get(key), value) for key, value in changed.items()]


def _equal(old: Stored, new: Stored, names: Mapping[str, str] | None) -> bool:
    """Whether a cell says what the book says; of names, also by another name or in other spacing."""
    if old == new:
        return True
    if names is None or not isinstance(new, str) or not isinstance(old, str):
        return False
    return same_name(old) in (same_name(new), same_name(names.get(new)))


def _remarks_of_known(table: Table, place: int, record: dict[str, Stored], now: Mapping[str, Stored]) -> None:
    """What stood beside amounts is added to the remarks unless it is there already."""
    key, pieces = table.room.remarks, table.remarks.get(place)
    if not key or not pieces:
        return
    text = str(record.get(key) or now.get(key) or "")
    missing = [piece for piece in pieces if piece not in text]
    known = str(now.get(key) or "")
    if record.get(key) and all(part in known for part in [str(record[key]), *pieces]):
        record[key] = known
    elif missing:
        record[key] = "；".join([part for part in [text, *missing] if part])


def _refuse(table: Table, place: int, record: Mapping[str, Stored], broken: Mapping[str, Text]) -> None:
    for key, why in broken.items():
        column = next((c for c in table.columns if key in c.keys), None)
        value = table.cell(place, column.place) if column else record.get(key)
        table.refuse(place, key, value, why)


def _add_remarks(work: _Work) -> None:
    key = work.table.room.remarks
    if not key:
        return
    fresh = set(work.fresh)
    for place, pieces in work.table.remarks.items():
        if place in fresh:
            own = work.record(place).get(key)
            text = "；".join(dict.fromkeys(part for part in [str(own or ""), *pieces] if part))
            work.table.extras.setdefault(place, {})[key] = text


def _collect_new(work: _Work, desk: Desk, connection: Connection | None, settled: Settled) -> None:
    table = work.table
    for sheet, row, key in desk.options.leave_out:
        if sheet == table.sheet.name:
            _leave_out(work, row, key)
    places = sorted(place for place in work.fresh if place not in table.bad)
    columns = _columns(table, places)
    broken = {**table.room.check(columns), **(table.room.lacks(connection, columns) if connection is not None else {})}
    for at, why in broken.items():
        _refuse(table, places[at], {key: columns[key][at] for key in columns}, why)
    if broken:
        places = [place for place in places if place not in table.bad]
        columns = _columns(table, places)
    if places:
        settled.new.append(NewRows(table.sheet.name, tuple(map(table.excel_row, places)), columns))


def _columns(table: Table, places: Sequence[int]) -> Columns:
    """The cells of these rows, column by column, with what single rows have besides."""
    whole = len(places) == len(table.rows.records)
    columns: dict[str, list[Stored]] = {
        key: column if whole else [column[place] for place in places] for key, column in table.values.items()
    }
    extras = [(at, table.extras[place]) for at, place in enumerate(places) if place in table.extras]
    for key in dict.fromkeys(key for _at, extra in extras for key in extra):
        # A copy: one column may fill two fields.
        columns[key] = list(columns.get(key) or [None] * len(places))
        for at, extra in extras:
            if key in extra:
                columns[key][at] = extra[key]
    return columns


def _leave_out(work: _Work, row: int, key: str) -> None:
    place = next((place for place in work.fresh if work.table.excel_row(place) == row), None)
    if place is not None:
        work.table.extras.setdefault(place, {})[key] = None
