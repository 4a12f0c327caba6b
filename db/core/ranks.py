"""In which order the words of a column stand by pinyin, remembered for as long as the book stays as it is.

No engine knows this order: every text is fetched and spelt, which takes as long as several sorts. What comes out of it is
small (16 bytes a record), so that sorting by the same column again, the other way round, or under other conditions costs
next to nothing. The next operation makes it void.
"""

from __future__ import annotations

import json
from array import array
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, compress, islice
from operator import itemgetter, ne
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, Table, func, select

from db.core import history, pinyin
from db.core.fields import Field, Link
from db.core.tables import is_tracked

_KEPT = 4  # columns of a book
_AT_ONCE = 50_000  # words fetched


@dataclass(frozen=True)
class Ranks:
    """ids: the records that have the word, in its order and then in that of the ids. ranks: beside them, equal for equal words."""

    ids: array[int]
    ranks: array[int]

    def of(self) -> dict[int, int]:
        """Record → its rank; those without the word are not there."""
        return dict(zip(self.ids, self.ranks, strict=True))

    def backwards(self) -> array[int]:
        """The ids, last words first, those of equal words still in the order of the ids."""
        if self.ranks and self.ranks[-1] == len(self.ranks) - 1:
            return self.ids[::-1]
        pairs = sorted(zip(self.ids, self.ranks, strict=True), key=itemgetter(1), reverse=True)
        return array("q", map(itemgetter(0), pairs))


State = tuple[int, int, int]
_remembered: WeakKeyDictionary[Engine, OrderedDict[tuple[str, str], tuple[State, Ranks]]] = WeakKeyDictionary()


def ranks(connection: Connection, table: Table, field: Field) -> Ranks:
    """Where each record of `table` stands by the words of `field`."""
    state = _state(connection, table)
    if state is None:
        return _ranked(connection, table, field)
    kept = _remembered.setdefault(connection.engine, OrderedDict())
    found = kept.get((table.name, field.key))
    if found is None or found[0] != state:
        found = state, _ranked(connection, table, field)
    kept[table.name, field.key] = found
    kept.move_to_end((table.name, field.key))
    while len(kept) > _KEPT:
        kept.popitem(last=False)
    return found[1]


def _state(connection: Connection, table: Table) -> State | None:
    """What changes with every change of the book; None where that cannot be told."""
    if not is_tracked(table) or connection.info.get("operation") is not None:
        return None
    _operation, change = history.tables(table.metadata)
    last = connection.scalar(select(func.max(change.c.id))) or 0
    return (last, *history.last_operation(connection, table.metadata))


def spelling(field: Field) -> Callable[[Sequence[str]], list[str]]:
    """By what the words of a field are sorted, many at once."""
    people = (isinstance(field.kind, Link) and field.kind.table == "person") or getattr(field.kind, "person", False)
    return (lambda names: [pinyin.person_key(name) for name in names]) if people else pinyin.order_keys


def _ranked(connection: Connection, table: Table, field: Field) -> Ranks:
    spell, ids, keys = spelling(field), array("q"), list[str]()
    for some, texts in _words(connection, table, field):
        ids.extend(some)
        keys += _spelt(texts, spell)
    places = sorted(range(len(keys)), key=keys.__getitem__)
    found = array("q", range(len(keys)))
    if len(set(keys)) < len(keys):
        ordered = list(map(keys.__getitem__, places))
        found = array("q", accumulate(map(ne, ordered, islice(ordered, 1, None)), initial=0))
    return Ranks(array("q", map(ids.__getitem__, places)), found)


def _spelt(texts: Sequence[str], spell: Callable[[Sequence[str]], list[str]]) -> list[str]:
    """The keys of all texts; each is worked out once where most of them stand there again and again."""
    different = list(dict.fromkeys(texts))
    if len(different) == len(texts):
        return spell(texts)
    known = dict(zip(different, spell(different), strict=True))
    return list(map(known.__getitem__, texts))


def _words(connection: Connection, table: Table, field: Field) -> Iterator[tuple[list[int], list[str]]]:
    """The ids of the records that have the word, in order, and the words beside them: some, and again some."""
    if field.read is None:
        raise LookupError(field.key)
    every = select(table.c.id, field.read().label("word")).order_by(table.c.id).limit(_AT_ONCE)
    last: int | None = -1
    while last is not None:
        inner = every.where(table.c.id > last)
        if connection.dialect.name == "sqlite":
            rows = inner.subquery()
            query = select(func.json_group_array(rows.c.id), func.json_group_array(rows.c.word))
            ids, texts = map(json.loads, connection.execute(query).one())
        else:
            fetched = connection.execute(inner).all()
            ids, texts = [row[0] for row in fetched], [row[1] for row in fetched]
        yield list(compress(ids, texts)), list(filter(None, texts))
        last = ids[-1] if len(ids) == _AT_ONCE else None
