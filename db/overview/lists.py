"""先核三张名单: units, leaders and yearly targets on one page, as the imported ledgers suggest them.

A ledger brings names only. Which of them are one, in which order they stand, who leads from when to when and what is
to be reached this year a person says here; each answer is one operation.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Select, delete, func, select

from db.core import settings
from db.core.errors import Refused
from db.core.period import Period
from db.core.settings import Setting, register
from db.core.text import _
from db.overview.definitions import ADDS_UP, BY_KEY
from db.overview.figures import figures
from db.people.alike import Pair, alike_people, alike_units
from db.people.merging import join_people, join_units
from db.people.models import PLACES, person
from db.people.queries import former_names, terms, units
from db.projects.models import project, target
from db.projects.service import set_target

TARGETS = ("signed.count", "signed.investment", "started.count", "produced.count", "paid_in.reported")
APART = "lists.apart"

register(Setting(APART, _("Units and people that look alike and are two"), "[]"))


@dataclass(frozen=True)
class UnitLine:
    """A unit as the list shows it; projects: how many name it."""

    id: int
    name: str
    short_name: str | None
    former: tuple[str, ...]
    kind: str
    projects: int


@dataclass(frozen=True)
class LeaderLine:
    """A leader as the list shows them; since, until: of the newest term."""

    id: int
    name: str
    title: str | None
    since: str | None
    until: str | None
    projects: int


@dataclass(frozen=True)
class TargetLine:
    """The yearly targets of the district (unit None) or of a unit, and what was reached the year before."""

    unit: int | None
    name: str
    values: Mapping[str, int]
    before: Mapping[str, int]


@dataclass(frozen=True)
class Lists:
    """All three lists, and pairs of entries that may be one."""

    units: tuple[UnitLine, ...]
    leaders: tuple[LeaderLine, ...]
    targets: tuple[TargetLine, ...]
    pairs: tuple[Pair, ...]
    year: int


def read(connection: Connection, year: int) -> Lists:
    """The lists as they stand. year: of the targets."""
    known = units(connection)
    counts = _counts(connection, ("street", "department", "reported_by"))
    former = former_names(connection)
    lines = tuple(
        UnitLine(
            one.id, one.name, one.short_name, tuple(former.get(one.id, ())), one.kind, counts.get(one.id, 0)
        )
        for one in known
    )  # fmt: skip
    leaders = _leaders(connection)
    apart = _apart(connection)
    district = settings.get(connection, "district.name")
    same = alike_units(
        [(one.id, [one.name, *([one.short_name] if one.short_name else [])], one.projects) for one in lines],
        district=district, apart=apart,
    )  # fmt: skip
    same += alike_people([(one.id, one.name, one.projects) for one in leaders], apart=apart)
    return Lists(lines, leaders, _targets(connection, year), tuple(same), year)


def _counts(connection: Connection, columns: Sequence[str]) -> dict[int, int]:
    found: dict[int, int] = {}
    for name in columns:
        column = project.c[name]
        query = select(column, func.count()).where(column.is_not(None)).group_by(column)
        for number, count in connection.execute(query):
            found[number] = found.get(number, 0) + count
    return found


def _leaders(connection: Connection) -> tuple[LeaderLine, ...]:
    counts, served = _counts(connection, ("leader",)), terms(connection)
    of = person.c
    query = select(of.id, of.name, of.title).where(of.is_leader == 1).order_by(of.position, of.id)
    found = []
    for row in connection.execute(query):
        last = served[row.id][-1] if row.id in served else None
        since, until = (last.since, last.until) if last else (None, None)
        found.append(LeaderLine(row.id, row.name, row.title, since, until, counts.get(row.id, 0)))
    return tuple(found)


def _targets(connection: Connection, year: int) -> tuple[TargetLine, ...]:
    of = target.c
    values: dict[int | None, dict[str, int]] = {}
    for row in connection.execute(select(of.unit, of.figure, of.value).where(of.year == year)):
        values.setdefault(row.unit, {})[row.figure] = row.value
    cut = settings.get(connection, "month.cut")
    before = figures(connection, Period.parse(str(year - 1), cut=cut), by="street")
    reached = {None: before["figures"], **before["by"]}
    found = [TargetLine(None, "", values.get(None, {}), _stored(reached[None]))]
    for one in units(connection, PLACES):
        of_unit = reached.get(one.name)
        found.append(TargetLine(one.id, one.name, values.get(one.id, {}), _stored(of_unit) if of_unit else {}))
    return tuple(found)


def _stored(found: Mapping[str, Mapping[str, str]]) -> dict[str, int]:
    known = {key: found[key]["value"] for key in TARGETS if found[key]["value"] is not None}
    return {key: int(Decimal(value) * (100 if BY_KEY[key].of_money else 1)) for key, value in known.items()}


def _apart(connection: Connection) -> frozenset[str]:
    return frozenset(json.loads(settings.get(connection, APART)))


def keep_apart(connection: Connection, pair: Pair) -> None:
    """These two are two: they are not proposed again."""
    settings.put(connection, APART, json.dumps(sorted({*_apart(connection), pair.mark})))


def join(connection: Connection, pair: Pair) -> int:
    """These two are one: every record moves, targets too. Gives how many records. Refused where targets contradict."""
    if pair.kind == "person":
        return join_people(connection, [pair.gone], pair.into)
    _join_targets(connection, pair.gone, pair.into)
    return join_units(connection, [pair.gone], pair.into)


def _join_targets(connection: Connection, gone: int, into: int) -> None:
    of = target.c
    own = {(row.year, row.figure): row for row in connection.execute(_targets_of(into))}
    for row in connection.execute(_targets_of(gone)).all():
        other = own.get((row.year, row.figure))
        if other is None:
            continue
        if other.value != row.value:
            raise Refused(
                _("Both have a target of {year} for “{figure}”; make them the same first. Nothing was changed.",
                  year=row.year, figure=BY_KEY[row.figure].label if row.figure in BY_KEY else row.figure)
            )  # fmt: skip
        connection.execute(delete(target).where(of.id == row.id))


def _targets_of(unit: int) -> Select[Any]:
    of = target.c
    return select(of.id, of.year, of.figure, of.value).where(of.unit == unit)


def put_target(connection: Connection, year: int, figure: str, value: int | None, *, unit: int | None) -> None:
    """Set or (None) take away one target."""
    if figure not in ADDS_UP:
        raise Refused(_("There can be no target for “{figure}”.", figure=figure))
    if value is not None:
        set_target(connection, year, figure, value, unit=unit)
        return
    of = target.c
    is_unit = of.unit.is_(None) if unit is None else of.unit == unit
    connection.execute(delete(target).where(of.year == year, of.figure == figure, is_unit))
