"""What a ledger asks of the book, on the worker's thread: its fields and views, its rows in groups, cells, values, sums."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import compress, count
from typing import TYPE_CHECKING, Any

from db.core.fields import Area, Choice, Field, Metric, Money, Whole
from db.core.text import Text, _
from desktop.kit.page import Connection

if TYPE_CHECKING:
    from db.core.filters import Scope
    from db.core.grouping import Outline
    from db.core.period import Period
    from db.core.views import Look, View
    from db.rooms import Room

_PART = 2_000  # rows whose cells are added up at a time


@dataclass(frozen=True)
class Wanted:
    """Which rows. view: None for the one that is called `key`, or the first. words: what is searched for in them.

    only: exactly these ids, and what they are; conditions and groups of the view do not count then.
    """

    room: str
    actor: str
    today: str
    period: Period
    view: View | None = None
    key: str = ""
    words: str = ""
    only: tuple[str, tuple[int, ...]] | None = None


@dataclass(frozen=True)
class Found:
    """The rows found, the view they were found by, and what else the book has to show them with.

    missing: a sentence for each part of the view that this book cannot show. all_rows: how many there are without any
    condition. operation: the book's last one.
    """

    view: View
    base: View
    outline: Outline
    fields: Mapping[str, Field]
    scopes: Mapping[str, Scope]
    views: tuple[View, ...]
    missing: tuple[Text, ...]
    all_rows: int
    operation: int
    look: Look


def _room(name: str) -> Room:
    from db import rooms

    found = rooms.room(name)
    assert found is not None, name
    return found


def find(wanted: Wanted) -> Callable[[Connection], Found]:
    """Fields, views and rows."""

    def work(connection: Connection) -> Found:
        from db import rooms
        from db.core import history, listing
        from db.core.tables import METADATA

        room = _room(wanted.room)
        known = tuple(rooms.views(connection, room, wanted.actor))
        view = wanted.view or next((one for one in known if one.key == wanted.key), known[0])
        base = next((one for one in known if one.key == view.key), view)
        fields = rooms.known_to(connection, room, view)
        named = any(one.key not in fields for one in view.conditions)
        look = _look(connection, room, view, wanted)
        bare = not view.conditions and not wanted.words and wanted.only is None
        return Found(
            view, base, look.outline, fields, rooms.scopes(connection, room) if named else {}, known, look.shown.missing,
            len(look.outline.ids) if bare else listing.count(connection, room.table),
            history.last_operation(connection, METADATA)[0], look,
        )  # fmt: skip

    return work


def to_export(connection: Connection, wanted: Wanted, hidden: Callable[[Field], bool]) -> tuple[View, Look]:
    """The view of `wanted` and its rows, without the columns that are hidden; what is asked for beside it is said, too."""
    from db import rooms

    assert wanted.view is not None
    room = _room(wanted.room)
    known = rooms.known_to(connection, room, wanted.view)
    seen = tuple(key for key in wanted.view.columns if key not in known or not hidden(known[key]))
    view = replace(wanted.view, columns=seen)
    found = _look(connection, room, view, wanted)
    more = [Text("{what}", {"what": wanted.only[0]})] if wanted.only is not None else []
    if wanted.words:
        more.append(_("with “{words}”", words=wanted.words))
    return view, replace(found, said=(*more, *found.said))


def _look(connection: Connection, room: Room, view: View, wanted: Wanted) -> Look:
    from db import rooms

    asked = view if wanted.only is None else replace(view, conditions=(), groups=())
    where = _further(connection, room, wanted)
    return rooms.look(connection, room, asked, today=wanted.today, period=wanted.period, where=where)


def _further(connection: Connection, room: Room, wanted: Wanted) -> list[Any]:
    """What is asked for beside the view's conditions."""
    from db.core import listing, search

    asked: list[Sequence[int]] = [search.ids(connection, room.name, wanted.words)] if wanted.words else []
    if wanted.only is not None:
        asked.append(wanted.only[1])
    return [listing.among(connection, room.table, ids) for ids in asked]


def cells(
    room: str, fields: Sequence[Field], ids: Sequence[int], today: str
) -> Callable[[Connection], list[tuple[Any, ...]]]:
    """The stored values of some rows."""

    def work(connection: Connection) -> list[tuple[Any, ...]]:
        from db.core import listing

        return listing.rows(connection, _room(room).table, fields, ids, today=today)

    return work


def values(wanted: Wanted, key: str, limit: int) -> Callable[[Connection], list[tuple[Any, int]]]:
    """The values of a field among the rows of the other conditions; a choice in its own order, others by count."""

    def work(connection: Connection) -> list[tuple[Any, int]]:
        from db import rooms
        from db.core import filters, listing, views

        assert wanted.view is not None
        room = _room(wanted.room)
        fields = rooms.known_to(connection, room, wanted.view)
        scopes = rooms.scopes(connection, room)
        others = tuple(one for one in wanted.view.conditions if one.key != key) if wanted.only is None else ()
        shown = views.resolve(replace(wanted.view, conditions=others), fields, scopes)
        when = rooms.when(connection, wanted.today, wanted.period)
        where = filters.all_sql(fields, shown.conditions, when=when, scopes=scopes, table=room.table)
        where = [*where, *_further(connection, room, wanted)]
        found = listing.values(connection, room.table, fields[key], where=where, limit=limit)
        kind = fields[key].kind
        if isinstance(kind, Choice):
            place = {option: at for at, (option, _label) in enumerate(kind.options)}
            found.sort(key=lambda pair: place.get(pair[0], 99))
        return found

    return work


@dataclass(frozen=True)
class Amounts:
    """Cells that are filled in, and the sum of the numbers among them where they are of one kind.

    foreign: how many amounts in other currencies the sum leaves out.
    """

    filled: int
    numbers: int
    total: int
    foreign: int = 0


def add_up(room: str, fields: Sequence[Field], ids: Sequence[int], today: str) -> Callable[[Connection], Amounts]:
    """What the cells of some rows amount to, read in parts."""

    def work(connection: Connection) -> Amounts:
        from db.core import listing

        marks = [listing.foreign_part(one) for one in fields]
        read = [*fields, *(one for one in marks if one is not None)]
        parts = (
            listing.rows(connection, _room(room).table, read, ids[at : at + _PART], today=today)
            for at in range(0, len(ids), _PART)
        )
        return amounts((row[1:] for part in parts for row in part), fields, [one is not None for one in marks])

    return work


def amounts(rows: Any, fields: Sequence[Field], marked: Sequence[bool] = ()) -> Amounts:
    """What some rows of cells amount to.

    marked: for which fields a row says, after its cells, whether the amount is in another currency and not added.
    """
    marks = dict(zip(compress(count(), marked), count(len(fields)), strict=False))
    places = [
        (at, marks.get(at)) for at, field in enumerate(fields) if isinstance(field.kind, Money | Area | Metric | Whole)
    ]
    filled = numbers = total = foreign = 0
    for row in rows:
        filled += sum(value is not None and value != "" for value in row[: len(fields)])
        for at, mark in places:
            if mark is not None and row[mark]:
                foreign += 1
            elif row[at] is not None:
                numbers += 1
                total += row[at]
    return Amounts(filled, numbers, total, foreign)
