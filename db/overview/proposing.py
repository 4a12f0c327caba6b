"""What sheets say of the three lists beside what the book has: each difference a proposal, taken or left by a person."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from sqlalchemy import Connection, select

from db.core import settings
from db.core.fields import Money, Whole
from db.core.formats import show
from db.core.text import Text, _
from db.overview import lists
from db.overview.definitions import BY_KEY
from db.overview.lists import LeaderLine, Lists, UnitLine
from db.overview.proposed import Found, LeaderFound, Source, TargetsFound, UnitFound
from db.people.models import DEPARTMENT, STREET, person, unit
from db.people.queries import find_unit, names_of_people, names_of_units, plain_name
from db.people.service import add_person as new_person
from db.people.service import (
    place_kind,
    reorder_people,
    reorder_units,
    set_person,
    set_term,
    set_unit,
    unit_ids,
)
from db.projects.models import target

UNITS, LEADERS, TARGETS = "units", "leaders", "targets"
_FEWEST = 2  # names that make an order
_PLACE_ENDINGS = ("街道", "镇", "乡", "开发区", "园区", "产业园", "高新区", "经开区")


@dataclass(frozen=True)
class Proposal:
    """One difference. of: UNITS, LEADERS or TARGETS; name: of whom. now, then: as it is and as the file has it.

    make: writes it; proposals that go together are to be written in their order.
    """

    of: str
    name: Text
    now: tuple[Text, ...]
    then: tuple[Text, ...]
    source: Source
    make: Callable[[Connection], None]


def propose(connection: Connection, found: Found, year: int) -> list[Proposal]:
    """Everything of the sheets that the lists do not have. year: of targets whose sheet names none."""
    return [
        *_units(connection, found.units, lists.read(connection, year)),
        *_leaders(connection, found.leaders, lists.read(connection, year)),
        *_targets(connection, found.targets, year),
    ]


def accept(connection: Connection, proposals: Iterable[Proposal]) -> None:
    """Write these, in their order."""
    for one in proposals:
        one.make(connection)


# --- units -----------------------------------------------------------------------------------------------------------


def _units(connection: Connection, found: Sequence[UnitFound], known: Lists) -> Iterator[Proposal]:
    find = _finder(connection)
    lines = {one.id: one for one in known.units}
    others = {name for one in found for name in (one.short_name, *one.former) if name}
    for one in _each_once(found):
        number = find(one.name)
        if number is None and one.name in others:
            continue  # another line says which unit that is
        if number is None:
            told = [_("new unit"), *_told_of_unit(one.short_name, one.former)]
            yield Proposal(UNITS, _plain(one.name), (), tuple(told), one.source, partial(_add_unit, one))
            continue
        line = lines.get(number)
        if line is None:
            continue
        short = one.short_name if one.short_name and one.short_name not in (line.short_name, line.name) else None
        other = [one.name] if plain_name(one.name) not in (line.name, line.short_name or "") else []
        former = tuple(name for name in (*one.former, *other) if name not in (*line.former, line.name, line.short_name))
        if other and len(former) == 1 and former == tuple(other) and not short:
            continue  # it is found by this name as it is
        if short or former:
            now = _told_of_unit(line.short_name, line.former)
            then = _told_of_unit(short, former)
            yield Proposal(
                UNITS, _plain(line.name), tuple(now), tuple(then), one.source, partial(_fill_unit, line, short, former)
            )
    yield from _orders(found, UNITS, find, [one.id for one in known.units], _("Order of the units"), _order_units)


def _each_once(found: Sequence[UnitFound]) -> Iterable[UnitFound]:
    """A unit that several sheets name, by the line that tells most of it."""
    best: dict[str, UnitFound] = {}
    for one in found:
        name = plain_name(one.name)
        if name not in best or not _told_of_unit(best[name].short_name, best[name].former):
            best[name] = one
    return best.values()


def _told_of_unit(short: str | None, former: Sequence[str]) -> list[Text]:
    told = [_("short name {name}", name=short)] if short else []
    return told + ([_("formerly {names}", names="、".join(former))] if former else [])


def _add_unit(one: UnitFound, connection: Connection) -> None:
    kind = _kind(one.name)
    number = unit_ids(connection, [one.name], kind=kind)[one.name]
    if one.short_name or one.former:
        own = DEPARTMENT if kind == DEPARTMENT else place_kind(one.name)
        set_unit(connection, number, short_name=one.short_name, kind=own, former=one.former)


def _fill_unit(line: UnitLine, short: str | None, former: tuple[str, ...], connection: Connection) -> None:
    names = (*line.former, *former)
    set_unit(connection, line.id, short_name=short or line.short_name, kind=line.kind, former=names)


def _finder(connection: Connection) -> Callable[[str], int | None]:
    district = settings.get(connection, "district.name")
    known = names_of_units(connection, district)
    return lambda name: find_unit(known, name, district)


def _order_units(names: Sequence[str], connection: Connection) -> None:
    find = _finder(connection)
    of = unit.c
    ids = connection.scalars(select(of.id).where(of.merged_into.is_(None)).order_by(of.position, of.id)).all()
    reorder_units(connection, _in_order(list(ids), [find(name) for name in names]))


# --- leaders ---------------------------------------------------------------------------------------------------------


def _leaders(connection: Connection, found: Sequence[LeaderFound], known: Lists) -> Iterator[Proposal]:
    lines = {one.name: one for one in known.leaders}
    for one in found:
        line = lines.get(one.name)
        now = _told_of_leader(line.title, line.since, line.until) if line is not None else []
        if line is None:
            then = [_("new leader"), *_told_of_leader(one.title, one.since, one.until)]
        else:
            then = _told_of_leader(
                one.title if one.title != line.title else None,
                one.since if one.since != line.since else None,
                one.until if one.until != line.until else None,
            )
        if then:
            yield Proposal(
                LEADERS, _plain(one.name), tuple(now), tuple(then), one.source, partial(_keep_leader, one, line)
            )
    people = names_of_people(connection)
    leaders = [one.id for one in known.leaders]
    yield from _orders(found, LEADERS, people.get, leaders, _("Order of the leaders"), _order_leaders)


def _told_of_leader(title: str | None, since: str | None, until: str | None) -> list[Text]:
    told = [_plain(title)] if title else []
    told += [_("in office from {day}", day=since)] if since else []
    return told + ([_("in office to {day}", day=until)] if until else [])


def _keep_leader(one: LeaderFound, line: LeaderLine | None, connection: Connection) -> None:
    number = names_of_people(connection).get(one.name)
    if number is None:
        number = new_person(connection, one.name, title=one.title, is_leader=True)
    title = one.title or (line.title if line is not None else None)
    name = connection.scalars(select(person.c.name).where(person.c.id == number)).one()
    set_person(connection, number, name=name, title=title, is_leader=True)
    since = one.since or (line.since if line is not None else None)
    until = one.until or (line.until if line is not None else None)
    if since or until:
        set_term(connection, number, since=since, until=until, title=title)


def _order_leaders(names: Sequence[str], connection: Connection) -> None:
    known = names_of_people(connection)
    of = person.c
    ids = connection.scalars(select(of.id).where(of.is_leader == 1).order_by(of.position, of.id)).all()
    reorder_people(connection, _in_order(list(ids), [known.get(name) for name in names]))


# --- targets ---------------------------------------------------------------------------------------------------------


def _targets(connection: Connection, found: Sequence[TargetsFound], year: int) -> Iterator[Proposal]:
    find, of = _finder(connection), target.c
    kept: dict[tuple[int, int | None], dict[str, int]] = {}
    for row in connection.execute(select(of.year, of.unit, of.figure, of.value)):
        kept.setdefault((row.year, row.unit), {})[row.figure] = row.value
    for one in found:
        of_year = one.year or year
        number = None if one.unit is None else find(one.unit)
        values = kept.get((of_year, number), {}) if one.unit is None or number is not None else {}
        new = {key: value for key, value in one.values.items() if values.get(key) != value}
        if not new:
            continue
        said = _("The whole district") if one.unit is None else _plain(one.unit)
        now = {key: values[key] for key in new if key in values}
        name = _("{unit}, {year}", unit=said, year=of_year)
        make = partial(_put_targets, one.unit, of_year, new)
        yield Proposal(TARGETS, name, _told_of_targets(now), _told_of_targets(new), one.source, make)


def _told_of_targets(values: Mapping[str, int]) -> tuple[Text, ...]:
    return tuple(
        _("{figure} {value} 100m yuan", figure=BY_KEY[key].label, value=show(Money("亿元"), value))
        if BY_KEY[key].of_money
        else _("{figure}: {value}", figure=BY_KEY[key].label, value=show(Whole(), value))
        for key, value in values.items()
    )


def _put_targets(name: str | None, year: int, values: Mapping[str, int], connection: Connection) -> None:
    number = None if name is None else unit_ids(connection, [name], kind=_kind(name))[name]
    for key, value in values.items():
        lists.put_target(connection, year, key, value, unit=number)


def _kind(name: str) -> str:
    return STREET if name.endswith(_PLACE_ENDINGS) else DEPARTMENT


# --- orders ----------------------------------------------------------------------------------------------------------


def _orders(
    found: Sequence[UnitFound] | Sequence[LeaderFound],
    of: str,
    find: Callable[[str], int | None],
    ids: Sequence[int],
    name: Text,
    make: Callable[[Sequence[str], Connection], None],
) -> Iterator[Proposal]:
    """The order of a list, where the book has those it knows in another."""
    sheets: dict[tuple[str, str], list[UnitFound | LeaderFound]] = {}
    for one in found:
        sheets.setdefault(one.source[:2], []).append(one)
    # Two sheets may have them in two orders: that of the longest list, and of these the one that tells more.
    listed = max(sheets.values(), key=lambda some: (len(some), sum(map(_told, some))), default=[])
    numbers = [find(one.name) for one in listed]
    new = {at: -1 - at for at, number in enumerate(numbers) if number is None}  # they will come to the end
    after, wanted = [*ids, *new.values()], [new.get(at, number) for at, number in enumerate(numbers)]
    if len(listed) >= _FEWEST and _in_order(after, wanted) != after:
        names = [one.name for one in listed]
        yield Proposal(of, name, (), (_plain("、".join(names)),), listed[0].source, partial(make, names))


def _told(one: UnitFound | LeaderFound) -> int:
    return len(_told_of_unit(one.short_name, one.former)) if isinstance(one, UnitFound) else 0


def _in_order(ids: Sequence[int], wanted: Sequence[int | None]) -> list[int]:
    """The ids with those wanted in that order, in the places that they have among them; the others stay."""
    first = [one for one in dict.fromkeys(wanted) if one is not None and one in set(ids)]
    coming = iter(first)
    return [next(coming) if one in set(first) else one for one in ids]


def _plain(text: str) -> Text:
    return Text("{name}", {"name": text})
