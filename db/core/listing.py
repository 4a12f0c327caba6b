"""Rows of a room for a table on the screen, a sheet or a report: ids first, then the cells of those one looks at.

The ids of the filtered and sorted rows are small (8 bytes each) and held; cells are fetched by window. Never OFFSET.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import chain, compress
from operator import itemgetter
from typing import Any, TypeVar

from sqlalchemy import (
    JSON,
    BigInteger,
    ColumnElement,
    Connection,
    Select,
    Table,
    UnaryExpression,
    case,
    cast,
    collate,
    func,
    not_,
    select,
)

from db.core import bulk
from db.core.fields import Apart, Choice, Field, Link, Whole, Words
from db.core.formats import show
from db.core.text import LANGUAGES, Text, _

Order = tuple[Field, bool]


def ids(
    connection: Connection,
    table: Table,
    *,
    where: Sequence[ColumnElement[bool]] = (),
    order: Sequence[Order] = (),
    today: str | None = None,
) -> array[int]:
    """Ids of the rows of `table` that satisfy every condition, sorted by (field, descending?), then by id.

    Words are sorted by pinyin, empty cells come last either way. `today` is needed where a field counts days until
    today.
    """
    if any(_by_pinyin(field) for field, _descending in order):
        return _sorted_here(connection, table, where, order, today)
    if len(order) == 1 and not where and isinstance(order[0][0].read, Apart) and not order[0][0].read.several:
        return _from_the_other_table(connection, table, order[0][0].read, descending=order[0][1])
    query = select(table.c.id).where(*where)
    for field, descending in order:
        query = query.order_by(_directed(_sort(connection, field), descending).nulls_last())
    if order:
        return _numbers(connection, query.order_by(table.c.id), today)
    # Without an order the engine may read its smallest index; asked for the order of ids it would read the whole table.
    return array("q", sorted(_numbers(connection, query, today)))


def _directed(expression: ColumnElement[Any], descending: bool) -> UnaryExpression[Any]:
    return expression.desc() if descending else expression.asc()


def _numbers(connection: Connection, query: Select[Any], today: str | None = None) -> array[int]:
    """The one column of a query, in its order."""
    if connection.dialect.name != "sqlite":
        cursor: Any = connection.execute(query, given(today)).cursor
        return array("q", chain.from_iterable(cursor.fetchall()))
    # As one text: handed over row by row they cost three times as much. It is read in pieces, to hold no list of them.
    joined = func.json_group_array(query.subquery().c[0])
    text, found, at = str(connection.scalar(select(joined), given(today)))[1:-1], array("q"), 0
    while at < len(text):
        end = text.find(",", at + _PIECE)
        end = len(text) if end < 0 else end
        found.extend(json.loads(f"[{text[at:end]}]"))
        at = end + 1
    return found


_PIECE = 1 << 16  # characters


def _from_the_other_table(connection: Connection, table: Table, read: Apart, *, descending: bool) -> array[int]:
    """All ids by a fact that stands in another table: its rows stand in the order of an index, ours do not."""
    record, value = read.rows().selected_columns
    query = read.rows().with_only_columns(record).where(value.is_not(None))
    found = _numbers(connection, query.order_by(_directed(value, descending), record))
    if len(found) < count(connection, table):
        found.extend(_others(_numbers(connection, select(table.c.id)), found))
    return found


def _others(everything: Sequence[int], known: Sequence[int]) -> Iterable[int]:
    """What of `everything` is not among the known, in order."""
    first, last = min(everything), max(everything)
    if last - first > 8 * len(everything):
        return sorted(set(everything).difference(known))
    marks = bytearray(last - first + 1)  # ids lie close together, and a set of them is five times as slow
    for number in everything:
        marks[number - first] = 1
    for number in known:
        marks[number - first] = 0
    return compress(range(first, last + 1), marks)


def _by_pinyin(field: Field) -> bool:
    return field.sort is None and isinstance(field.kind, Words | Link) and not getattr(field.kind, "identifier", False)


def _sort(connection: Connection, field: Field) -> ColumnElement[Any]:
    read = field.sort or field.read
    if read is None:
        raise LookupError(field.key)
    if isinstance(field.kind, Words) and connection.dialect.name != "sqlite":
        return collate(read(), "C")  # codes stand in the same order on both engines
    return read()


def _sorted_here(
    connection: Connection,
    table: Table,
    where: Sequence[ColumnElement[bool]],
    order: Sequence[Order],
    today: str | None,
) -> array[int]:
    """As `ids`, where an engine does not know the order: by the last field first, each sort leaving ties as they were."""
    from db.core.ranks import ranks

    found = ids(connection, table, where=where, today=today)
    if len(order) == 1:
        ranked = ranks(connection, table, order[0][0])
        known = ranked.backwards() if order[0][1] else ranked.ids[:]
        if where or len(known) < len(found):
            wanted = set(found)
            known = array("q", filter(wanted.__contains__, known))
            known.extend(sorted(wanted.difference(known)))
        return known
    plain = [field for field, _descending in order if not _by_pinyin(field)]
    query = select(table.c.id, *(_sort(connection, field) for field in plain)).where(*where)
    rows = connection.execute(query, given(today)).all() if plain else []
    rows_of = list(found)
    for field, descending in reversed(order):
        if field in plain:
            at = plain.index(field) + 1
            cells = {row[0]: row[at] for row in rows}
        else:
            cells = ranks(connection, table, field).of()
        rows_of = empty_last(rows_of, value=cells.get, key=cells.__getitem__, descending=descending)
    return array("q", rows_of)


_STORED = {int, str, type(None)}
_Item = TypeVar("_Item")


def empty_last(
    items: Iterable[_Item], *, value: Callable[[_Item], Any], key: Callable[[_Item], Any], descending: bool = False
) -> list[_Item]:
    """Sorted by `key`, ties as they were; those without a value at the end either way."""
    filled: list[_Item] = []
    empty: list[_Item] = []
    for one in items:
        (empty if value(one) in (None, "") else filled).append(one)
    filled.sort(key=key, reverse=descending)
    return filled + empty


def rows(
    connection: Connection, table: Table, fields: Sequence[Field], wanted: Sequence[int], *, today: str | None = None
) -> list[tuple[Any, ...]]:
    """The stored values of `fields` for these ids, in their order; an id that is gone gives no row.

    Each row begins with its id.
    """
    query = select(table.c.id, *_reads(fields)).where(among(connection, table, wanted))
    cursor: Any = connection.execute(query, given(today)).cursor
    found = {row[0]: row for row in map(tuple, cursor.fetchall())}
    known = [found[number] for number in wanted if number in found]
    return known if set(map(type, chain.from_iterable(known))) <= _STORED else list(map(_whole, known))


def _whole(row: tuple[Any, ...]) -> tuple[Any, ...]:
    # PostgreSQL sums bigint to numeric, which the driver gives as Decimal.
    return tuple(value if value is None or isinstance(value, int | str) else int(value) for value in row)


def _reads(fields: Iterable[Field]) -> list[ColumnElement[Any]]:
    return [field.read().label(f"f{at}") for at, field in enumerate(fields) if field.read is not None]


def among(connection: Connection, table: Table, wanted: Sequence[int]) -> ColumnElement[bool]:
    """The rows with these ids, however many: they travel as one value, since an engine takes only so many."""
    if connection.dialect.name == "sqlite":
        numbers = select(func.json_each(json.dumps(list(wanted))).table_valued("value").c.value)
    else:
        found = func.json_array_elements_text(cast(list(wanted), JSON)).table_valued("value")
        numbers = select(cast(found.c.value, BigInteger))
    return table.c.id.in_(numbers)


def count(connection: Connection, table: Table, *, where: Sequence[ColumnElement[bool]] = ()) -> int:
    """How many rows satisfy every condition."""
    return connection.scalar(select(func.count()).select_from(table).where(*where)) or 0


def home_part(field: Field) -> Field:
    """The same number as it may be added up: nothing where its amount is in another currency than its unit's."""
    read, own = field.read, _in_own_currency(field)
    if own is None or read is None:
        return field
    return replace(field, read=lambda: case((own(), read())))


def foreign_part(field: Field) -> Field | None:
    """1 where `home_part` leaves an amount out; None of a number that is in one currency everywhere."""
    read, own = field.read, _in_own_currency(field)
    if own is None or read is None:
        return None
    left_out = replace(field, key=f"{field.key}:foreign", kind=Whole(), currency=None)
    return replace(left_out, read=lambda: case((not_(own()) & read().is_not(None), 1)))


def _in_own_currency(field: Field) -> Callable[[], ColumnElement[bool]] | None:
    said = field.currency
    if said is None or said.read is None or not isinstance(said.kind, Choice):
        return None
    code, own = said.read, said.kind.options[0][0]
    return lambda: code() == own


def total(
    connection: Connection, table: Table, field: Field, *, where: Sequence[ColumnElement[bool]] = ()
) -> int | None:
    """The sum of a number over the rows that satisfy every condition; None where nothing is filled in."""
    return totals(connection, table, [field], where=where)[0]


def totals(
    connection: Connection,
    table: Table,
    fields: Sequence[Field],
    *,
    where: Sequence[ColumnElement[bool]] = (),
    today: str | None = None,
) -> tuple[int | None, ...]:
    """The sums of several numbers over the rows that satisfy every condition; None where nothing is filled in.

    Amounts in another currency than the unit's are left out (`foreign_part` counts them).
    """
    apart = [] if where else [one for one in fields if isinstance(one.read, Apart)]
    here = [one for one in fields if one not in apart]
    found = (
        _sums(connection, select(*_reads(map(home_part, here))).select_from(table).where(*where), today) if here else ()
    )
    known = dict(zip(here, found, strict=True))
    for one in apart:  # all rows of the other table, each of which is some record's
        assert isinstance(one.read, Apart)
        rows = one.read.rows()
        known[one] = _sums(connection, rows.with_only_columns(rows.selected_columns[1]), today)[0]
    return tuple(known[one] for one in fields)


def _sums(connection: Connection, rows: Select[Any], today: str | None) -> tuple[int | None, ...]:
    sums = chain.from_iterable(sum_of(connection, column) for column in rows.subquery().c)
    return whole_sums(connection, connection.execute(select(*sums), given(today)).one())


def sum_of(connection: Connection, number: ColumnElement[Any]) -> list[ColumnElement[Any]]:
    """What to select for a sum: SQLite's own fails above 64 bits, so that it is asked for in two parts."""
    if connection.dialect.name != "sqlite":
        return [func.sum(number)]
    return [func.sum(number.op(">>")(_BITS)), func.sum(number.op("&")((1 << _BITS) - 1))]


_BITS = 24


def whole_sums(connection: Connection, selected: Sequence[Any]) -> tuple[int | None, ...]:
    """The sums of which `sum_of` said what to select."""
    if connection.dialect.name != "sqlite":
        return tuple(None if one is None else int(one) for one in selected)
    pairs = zip(selected[::2], selected[1::2], strict=True)
    return tuple(None if high is None else (high << _BITS) + low for high, low in pairs)


# --- values ----------------------------------------------------------------------------------------------------------


def values(
    connection: Connection,
    table: Table,
    field: Field,
    *,
    where: Sequence[ColumnElement[bool]] = (),
    limit: int = 1000,
    search: str = "",
    today: str | None = None,
) -> list[tuple[Any, int]]:
    """(value, how many rows): the check list of a column's filter, counted under `where`.

    Choices stand in their own order, units in 建制顺序 and leaders in 领导排序, numbers and dates by value, words with the
    most frequent first. What is not filled in is an entry of its own, None, at the end. search: words that a value must
    contain, or how its pinyin begins. At most `limit` values, None not counted.
    """
    cell = told_apart_by(table, field).label("value")
    inner = select(table.c.id, cell).select_from(table).where(*where).subquery()
    query = select(inner.c.value, func.count(), func.min(inner.c.id)).group_by(inner.c.value)
    rows = connection.execute(query, given(today)).all()
    known = named(connection, table, field, {row[0]: row[2] for row in rows})
    counts: dict[Any, int] = {}
    places: dict[Any, Any] = {}
    for raw, number, _example in rows:
        value, places[value] = known[raw]
        counts[value] = counts.get(value, 0) + number
    if search.strip():
        counts = {value: number for value, number in counts.items() if _found(field, value, search.strip())}
    order, frequent = rank(field), by_frequency(field)
    found = empty_last(
        counts.items(),
        value=itemgetter(0),
        key=lambda one: (-one[1] if frequent else 0, order(one[0], places[one[0]])),
    )
    filled = [one for one in found if one[0] is not None]
    return filled[:limit] + found[len(filled) :]


def _found(field: Field, value: Any, search: str) -> bool:
    if value is None:
        return False
    if isinstance(field.kind, Choice):
        return any(_contains(field.kind.label(value).render(lang), search) for lang in LANGUAGES)
    return _contains(show(field.kind, value), search)


def _contains(text: str, search: str) -> bool:
    if search.casefold() in text.casefold():
        return True
    if not search.isascii():
        return False
    from db.core import pinyin

    return pinyin.matches(search, text) is not None


def told_apart_by(table: Table, field: Field) -> ColumnElement[Any]:
    """By what rows are grouped by a field: its value, or the record it links to, which is quicker (see `named`)."""
    if field.read is None:
        raise LookupError(field.key)
    own = table.c.get(field.key) if field.sort is not None and isinstance(field.kind, Link) else None
    return own if own is not None and own.foreign_keys else field.read()


def named(
    connection: Connection, table: Table, field: Field, examples: Mapping[Any, int]
) -> dict[Any, tuple[Any, Any]]:
    """What `told_apart_by` gave → (value, its place in the field's own order). examples: with a row that has it."""
    if field.read is None:
        raise LookupError(field.key)
    if field.sort is None or isinstance(field.kind, Choice):
        return {raw: (None if raw == "" else raw, None) for raw in examples}
    query = select(table.c.id, field.read(), field.sort())
    found: dict[int, tuple[Any, Any]] = {}
    for some in bulk.chunks(list(examples.values())):
        found.update((row[0], (row[1], row[2])) for row in connection.execute(query.where(table.c.id.in_(some))))
    return {raw: found[example] for raw, example in examples.items()}


def by_frequency(field: Field) -> bool:
    """Whether values have no order of their own, so that the most frequent comes first."""
    return field.sort is None and isinstance(field.kind, Words | Link)


def rank(field: Field) -> Callable[[Any, Any], Any]:
    """(value, place in the field's own order) → by what it is sorted among the values of the field."""
    if isinstance(field.kind, Choice):
        places = {key: at for at, (key, _label) in enumerate(field.kind.options)}
        return lambda value, _place: (places.get(value, len(places)), value)
    if field.sort is not None:
        return lambda value, place: (place is None, place or 0, value)
    if isinstance(field.kind, Words | Link):
        from db.core.ranks import spelling

        keys = spelling(field)
        return lambda value, _place: keys([value])
    return lambda value, _place: value


def given(today: str | None) -> Mapping[str, Any]:
    """The parameters of a query over fields."""
    return {"today": today} if today is not None else {}


def unknown_column(key: str) -> Text:
    """What a saved view shows for a field that the book does not have."""
    return _("“{key}” is not in this book.", key=key)
