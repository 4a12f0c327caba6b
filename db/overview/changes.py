"""What changed between two moments: new, moved, gone and corrected projects (《数据变动说明》).

The history is folded twice, to what the touched records were at the one moment and at the other; nothing that was not
touched is read.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, MetaData, Table, not_, or_, select

from db.companies.models import company
from db.core import bulk, history, moments, settings
from db.core.book import Book
from db.core.errors import Refused
from db.core.fields import Area, Field, Link, Metric, Money
from db.core.own import PREFIX, own_field, own_value
from db.core.period import Period, period_name
from db.core.reversal import Before, fold
from db.core.text import _
from db.overview.authors import Author, Spot, authors
from db.overview.models import closed_at
from db.people.models import person, unit
from db.projects.fields import DATED_STAGES, PLANNED_STAGES, RECOGNITIONS, field_of
from db.projects.models import monthly_amount, planned_date, project, recognition, stage_event
from db.projects.stages import order
from db.projects.standing import Standing

_DAY_KEYS = {stage: key for key, stage in DATED_STAGES.items()}
_RECOGNITION_KEYS = {where: key for key, where in RECOGNITIONS.items()}
_PLAN_KEYS = {stage: key for key, stage in PLANNED_STAGES.items()}
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}([T ].*)?")
_LINKED = {"investor": company, "street": unit, "department": unit, "reported_by": unit, "leader": person}
_FOLLOWS = {*Standing._fields, "id"}  # written with the stage events, never by a person
_TABLES = (project, stage_event, recognition, planned_date, monthly_amount, own_value)

_A_QUERY = 400  # spans: an expression of SQLite may be a thousand levels deep

Row = Mapping[str, Any]
When = moments.Moment | Period


def changes(book: Book, since: When, until: When | None = None) -> dict[str, Any]:
    """What changed between two moments (until: now), as `zhaoshang changes --json` prints it.

    A moment is a date, a time or an operation's number; a finalised period means the moment of its finalising. Values
    are as exchanged: money in yuan, area in the field's unit, links by name.
    """
    with book.read() as connection:
        low = _operation(connection, book, since)
        high = None if until is None else _operation(connection, book, until)
        if high is not None and high < low:
            raise Refused(_("The second moment is before the first."))
        return Comparison(connection, book.schema, low, high).told()


def _operation(connection: Connection, book: Book, when: When) -> int:
    if isinstance(when, Period):
        return _closing(connection, when)
    if isinstance(when, str) and not _DATE.fullmatch(when.strip()):
        cut = settings.get(connection, "month.cut")
        return _closing(connection, Period.parse(when, cut=cut))
    if isinstance(when, str | dt.date | int):
        return moments.operation_at(connection, book.schema, when)
    raise TypeError(when)


def _closing(connection: Connection, period: Period) -> int:
    number = closed_at(connection, period)
    if number is None:
        raise Refused(_("{period} is not finalised; name a day instead.", period=period_name(period)))
    return number


@dataclass(frozen=True)
class _Sides:
    """A record at the one moment and at the other, None where it did not exist."""

    old: Row | None
    new: Row | None


class Comparison:
    """The projects of a book after operation `low` beside those after operation `high` (None: now).

    old: what the touched projects were. names: what they were called at the end, though they may be gone since.
    spots: (project, field key) → the cells it is kept in.
    """

    def __init__(self, connection: Connection, schema: MetaData, low: int, high: int | None = None) -> None:
        self.connection, self.schema = connection, schema
        self.low, self.high = low, high
        self.names: dict[int, str] = {}
        self.spots: dict[tuple[int, str], set[Spot]] = {}
        self._low, self._high = self._fold(low), self._fold(high) if high is not None else {}
        labels = connection.execute(select(own_field.c.id, own_field.c.label).where(own_field.c.room == "projects"))
        self._own = {row.id: row.label for row in labels}
        self._linked: dict[tuple[str, int], str] = {}
        projects = self._sides(project, frozenset())
        self.old = {number: of.old for number, of in projects.items() if of.old is not None}
        self.new = [number for number, of in projects.items() if of.old is None]
        self.gone = {number: str(of.old["name"]) for number, of in projects.items() if of.old and of.new is None}
        self.moved = {
            number: (str(of.old["stage"]), str(of.new["stage"]))
            for number, of in projects.items()
            if of.old is not None and of.new is not None and of.old["stage"] != of.new["stage"]
        }
        self._ended = frozenset((*self.new, *self.gone))  # nothing of them is corrected
        self.corrected = self._corrections(self._cells(projects))

    def _fold(self, number: int) -> dict[str, Before]:
        """What every record touched after an operation was when it was done."""
        _start, end = history.change_range(self.connection, self.schema, number)
        if end is None:
            return {}
        names = [table.name for table in _TABLES]
        return fold(history.changes(self.connection, self.schema, start=end, tbls=names))

    def _sides(self, table: Table, apart: AbstractSet[int]) -> dict[int, _Sides]:
        """Id → the record on both sides, where they differ. apart: projects whose rows are not asked for."""
        before, later = self._low.get(table.name, Before()), self._high.get(table.name, Before())
        now = self._now(table, before, apart)
        found = {}
        for number in sorted(now.keys() | before.cells.keys() | (before.absent & later.gone)):
            old = _then(before, number, now.get(number))
            new = _then(later, number, now.get(number))
            if table is project and (new or old) is not None:
                self.names[number] = str((new or old or {})["name"])
            if old != new:
                found[number] = _Sides(old, new)
        return found

    def _now(self, table: Table, before: Before, apart: AbstractSet[int]) -> dict[int, Row]:
        """The touched records as they are; of what is new no more than is asked for, as it may be a whole ledger."""
        new = [table.c.id, table.c.name] if table is project else list(table.c)
        longest = sorted(_spans(apart), key=lambda span: span[0] - span[1])[:_A_QUERY]  # the others are only slower
        left_out = [not_(_within(_project_of(table), longest))] if longest else []
        return self._rows(new, before.absent, left_out) | self._rows(list(table.c), before.cells.keys(), [])

    def _rows(
        self, columns: Sequence[Column[Any]], ids: AbstractSet[int], more: Sequence[ColumnElement[bool]]
    ) -> dict[int, Row]:
        """Id, which is the first column, → row."""
        names = [column.name for column in columns]
        found: dict[int, Row] = {}
        for some in bulk.chunks(_spans(ids), _A_QUERY):
            query = select(*columns).where(_within(columns[0], some), *more)
            found |= {row[0]: dict(zip(names, row, strict=True)) for row in self.connection.execute(query)}
        return found

    def told(self) -> dict[str, Any]:
        """The answer of the contract."""
        return {
            "new": self.new,
            "moved": [{"id": number, "from": old, "to": to} for number, (old, to) in self.moved.items()],
            "gone": list(self.gone),
            "corrected": [
                {"id": number, "field": key, "old": self._said(key, old), "new": self._said(key, to)}
                for number, key, old, to in self.corrected
            ],
        }

    def _corrections(self, cells: Mapping[tuple[int, str], tuple[Any, Any]]) -> list[tuple[int, str, Any, Any]]:
        """(project, field key, before, after) as stored, of projects that stand on both sides."""
        return [
            (number, key, *both)
            for (number, key), both in sorted(cells.items())
            if both[0] != both[1] and not _is_move(self.moved.get(number), key, both)
        ]

    def _cells(self, projects: Mapping[int, _Sides]) -> dict[tuple[int, str], tuple[Any, Any]]:
        """(project, field key) → value before and after."""
        cells: dict[tuple[int, str], list[Any]] = {}

        def put(number: int, key: str, side: int, value: Any) -> None:
            both = cells.setdefault((number, key), [None, None])
            both[side] = value if both[side] is None or not isinstance(value, int) else both[side] + value

        for number, of in projects.items():
            if number in self._ended:
                continue
            for side, row in enumerate((of.old, of.new)):
                for name, value in (row or {}).items():
                    if name not in _FOLLOWS:
                        put(number, name, side, value)
        for table in _TABLES[1:]:
            for record, of in self._sides(table, self._ended).items():
                for side, row in enumerate((of.old, of.new)):
                    for number, key, value in self._facts(table, row) if row is not None else ():
                        if number in self._ended:
                            continue
                        put(number, key, side, value)
                        self.spots.setdefault((number, key), set()).add((table.name, record, None))
        return {where: (both[0], both[1]) for where, both in cells.items()}

    def _facts(self, table: Table, row: Row) -> list[tuple[int, str, Any]]:
        """(project, field key, value) that one row of a child table amounts to."""
        if table is own_value:
            label = self._own.get(row["field"])  # None: of another room's record
            return [] if label is None else [(row["record"], PREFIX + label, row["value"])]
        number = row["project"]
        if table is stage_event:
            return [(number, str(_DAY_KEYS.get(row["stage"], row["stage"])), row["happened_on"] or "")]
        if table is planned_date:
            return [(number, _PLAN_KEYS[row["stage"]], row["planned_on"])] if row["stage"] in _PLAN_KEYS else []
        if table is monthly_amount:
            return [(number, f"{row['measure']}@{row['month']}", row["amount"])]
        where = (row["stage"], row["level"])
        names = ("recognised_on", "number", "amount")
        return [
            (number, _RECOGNITION_KEYS[*where, name], row[name])
            for name in names
            if (*where, name) in _RECOGNITION_KEYS
        ]

    def authors(self) -> dict[tuple[int, str], Author]:
        """(project, field key) → who changed it last; "stage" of what moved, "" of what is new or gone."""
        own: dict[tuple[int, str], Collection[Spot]] = {
            (number, ""): ((project.name, number, None),) for number in self._ended
        }
        own |= {(number, "stage"): ((project.name, number, "stage"),) for number in self.moved}
        for number, key, _old, _new in self.corrected:
            own[number, key] = self.spots.get((number, key)) or ((project.name, number, key),)
        wanted = {spot for spots in own.values() for spot in spots}
        found = authors(self.connection, self.schema, wanted, after=self.low, until=self.high)
        last = {where: [found[spot] for spot in spots if spot in found] for where, spots in own.items()}
        return {where: max(some, key=lambda one: one.operation) for where, some in last.items() if some}

    def _said(self, key: str, value: Any) -> Any:
        """As exchanged: decimal strings, names of links."""
        if value is None or value == "":
            return None
        return self.linked(key, value) or exchanged(field_of(key), value)

    def linked(self, key: str, value: Any) -> str | None:
        """The name of a linked record; None where the fact is no link."""
        return self._name(_LINKED[key], value) if key in _LINKED else None

    def _name(self, table: Table, number: int) -> str:
        where = (table.name, number)
        if where not in self._linked:
            found = self.connection.scalar(select(table.c.name).where(table.c.id == number))
            self._linked[where] = found if found is not None else str(number)
        return self._linked[where]


def _then(before: Before | None, number: int, now: Row | None) -> Row | None:
    """A record as it was before a run of changes, from what it is now."""
    if before is None:
        return now
    if number in before.absent:
        return None
    if number not in before.cells:
        return now
    if number in before.gone:
        return {"id": number, **before.cells[number]}
    return {**(now or {"id": number}), **before.cells[number]}


def _project_of(table: Table) -> Column[Any]:
    """Which project a row is of."""
    return table.c.id if table is project else table.c.record if table is own_value else table.c.project


def _spans(ids: AbstractSet[int]) -> Sequence[tuple[int, int]]:
    """(first, last) of the ids that follow each other: a ledger that was imported is one span."""
    if ids and (first := min(ids)) + len(ids) - 1 == (last := max(ids)):
        return [(first, last)]
    found: list[tuple[int, int]] = []
    for number in sorted(ids):
        if found and found[-1][1] == number - 1:
            found[-1] = found[-1][0], number
        else:
            found.append((number, number))
    return found


def _within(column: Column[Any], spans: Sequence[tuple[int, int]]) -> ColumnElement[bool]:
    """Whether a column lies in one of some spans."""
    single = [first for first, last in spans if first == last]
    return or_(column.in_(single), *(column.between(*span) for span in spans if span[0] != span[1]))


def _is_move(moved: tuple[str, str] | None, key: str, both: tuple[Any, Any]) -> bool:
    """Whether a day is part of a move: that of a stage passed on the way, which stood or stands on one side only."""
    if moved is None or key not in DATED_STAGES or None not in both:
        return False
    low, high = sorted(order(stage) for stage in moved)
    return low <= order(DATED_STAGES[key]) <= high


def exchanged(field: Field | None, value: Any) -> Any:
    """A stored value as other programs get it: money in yuan, area and metrics in the field's unit, text as it is."""
    if not isinstance(value, int) or field is None or isinstance(field.kind, Link):
        return value
    if isinstance(field.kind, Money):
        return _plain(Decimal(value).scaleb(-2))
    if isinstance(field.kind, Area):
        return _plain(Decimal(value) / (200_000 if field.kind.unit == "亩" else 300))
    if isinstance(field.kind, Metric):
        return _plain(Decimal(value).scaleb(-6))
    return str(value)


def _plain(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
