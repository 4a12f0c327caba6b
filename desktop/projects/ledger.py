"""What the ledger page asks of the book, on the worker's thread: ids, cells, sums, choices, one record."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from db.core.fields import Field
from desktop.kit.page import Connection

if TYPE_CHECKING:
    from db.core.filters import Condition

COLUMNS = (
    "name", "stage", "status", "agreed_investment", "paid_in_verified", "approved_on", "street", "source_place",
    "industry", "department", "leader", "signed_on", "started_on", "produced_on", "total_investment",
    "paid_in_reported", "investor", "progress", "code",
)  # fmt: skip
SUMS = ("agreed_investment",)
FILTERS = ("stage", "street", "department", "industry")

STATUS_TONES = {"on_hold": "amber", "suspended": "amber", "withdrawn": "grey", "transferred": "grey"}


@dataclass(frozen=True)
class Wanted:
    """Which rows, in which order. conditions: field key → values it may have. recognised: first and last day.

    only: exactly these ids, and what they are.
    """

    conditions: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    recognised: tuple[str, str] | None = None
    sort: str | None = None
    descending: bool = False
    words: str = ""
    only: tuple[str, tuple[int, ...]] | None = None


@dataclass(frozen=True)
class Listing:
    """The rows found: their ids, what they amount to, and all fields of the room."""

    ids: array[int]
    total: int | None
    fields: tuple[Field, ...]
    all_rows: int


def list_projects(wanted: Wanted, today: str) -> Callable[[Connection], Listing]:
    """Ids, sum of the agreed investment and the fields."""

    def work(connection: Connection) -> Listing:
        from db import rooms
        from db.core import filters, listing

        room = rooms.room("projects")
        assert room is not None
        known = {one.key: one for one in rooms.fields(connection, room)}
        where = filters.all_sql(known, _conditions(wanted))
        order = [(known[wanted.sort], wanted.descending)] if wanted.sort in known else []
        found = listing.ids(connection, room.table, where=where, order=order, today=today)
        everything = listing.count(connection, room.table) if where else len(found)
        parts = [where]
        if wanted.only is not None:
            chosen = set(wanted.only[1])
            found = array("q", [number for number in found if number in chosen])
            parts = [[room.table.c.id.in_(found[at : at + _IN])] for at in range(0, len(found), _IN)]
        sums = [listing.total(connection, room.table, known[SUMS[0]], where=part) for part in parts]
        said = [one for one in sums if one is not None]
        return Listing(found, sum(said) if said else None, tuple(known.values()), everything)

    return work


_IN = 10_000  # how many ids one statement may name


def _conditions(wanted: Wanted) -> list[Condition]:
    from db.core.filters import Condition

    found = [Condition(key, "one_of", values) for key, values in wanted.conditions.items() if values]
    if wanted.recognised is not None:
        found.append(Condition("approved_on", "between", wanted.recognised))
    if wanted.words:
        found.append(Condition("name", "contains", wanted.words))
    return found


def cells(fields: Sequence[Field], ids: Sequence[int], today: str) -> Callable[[Connection], list[tuple[Any, ...]]]:
    """The stored values of some rows."""

    def work(connection: Connection) -> list[tuple[Any, ...]]:
        from db.core import listing
        from db.projects.models import project

        return listing.rows(connection, project, fields, ids, today=today)

    return work


def choices(key: str) -> Callable[[Connection], list[tuple[Any, int]]]:
    """The values of a field with how many projects have each; a choice in its own order, others by count."""

    def work(connection: Connection) -> list[tuple[Any, int]]:
        from db import rooms
        from db.core import listing
        from db.core.fields import Choice

        room = rooms.room("projects")
        assert room is not None
        one = rooms.field(connection, room, key)
        assert one is not None
        found = listing.values(connection, room.table, one, limit=60)
        if isinstance(one.kind, Choice):
            place = {option: at for at, (option, _label) in enumerate(one.kind.options)}
            found.sort(key=lambda pair: place.get(pair[0], 99))
        return found

    return work


def record(number: int, today: str) -> Callable[[Connection], Mapping[str, Any] | None]:
    """All facts of one project: field key → stored value, and the fields under `fields`; None where it is gone."""

    def work(connection: Connection) -> Mapping[str, Any] | None:
        from db import rooms
        from db.core import listing

        room = rooms.room("projects")
        assert room is not None
        fields = [one for one in rooms.fields(connection, room) if one.read is not None]
        found = listing.rows(connection, room.table, fields, [number], today=today)
        if not found:
            return None
        return {"fields": fields} | dict(zip([one.key for one in fields], found[0][1:], strict=True))

    return work
