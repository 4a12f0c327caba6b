"""Finding units and people by what a ledger calls them, and listing them in their order."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from db.people.models import person, person_name, person_term, unit, unit_name

_SUFFIX = re.compile(r"(街道办事处|街道办|街道|乡人民政府|镇人民政府|乡政府|镇政府|镇|乡)$")
_SPACE = re.compile(r"\s+")
_PLACE = re.compile(
    r"(?:(?:填报|报送|上报)(?:单位|街道|镇街)?:|\(?[一二三四五六七八九十\d]{1,3}[)、.]+)?(?:\d{4}年(?:度|上半年|下半年|[\d—~-]+月)?)?"
    r"(?:[\u4e00-\u9fff]{1,5}?[县区市])?(?P<place>[\u4e00-\u9fff]{1,6}?(?:街道|镇|乡))(?:$|办事处|政府|人民政府|[(:]|\d|共|招商|签约|在谈|洽谈|开工|项目|企业|重点|规上|规下|工业)"
)
_ANY_PLACE = re.compile(r"各|全[区县市镇乡]|^[本我镇]|乡镇|城镇|村镇|镇街")
_BETWEEN = re.compile(r"[、，,；;/\s]+")
_APART = re.compile(r"(?<![\u4e00-\u9fff])([\u4e00-\u9fff])\s+([\u4e00-\u9fff])(?![\u4e00-\u9fff])")  # 张 三
_PHONE = re.compile(r"[+\d][\d\-—]{5,}")
_IN_BRACKETS = re.compile(r"[（(][^）)]*[)）]")
_NAMESAKE = re.compile(r"[（(][^）)女][)）]")  # 李明（大）is called so
_BEFORE_NAME = re.compile(r"^[^:：]{1,15}[:：]")  # 组长：, 区发改委：
# A post behind a name; 王局长 is how somebody is called.
_POST = re.compile(
    r"(?:[副区县市镇乡街局处科部党常政人办主书原].{0,12}|.{3,})?"
    r"(?:[区县市镇乡局处科股部院行队组站所会班]长|主任|书记|主席|常委|专员|经理|总监|董事长|干部|科员|委员|调研员|负责人)"
)


@dataclass(frozen=True)
class Unit:
    """A department, street, park or development zone."""

    id: int
    name: str
    short_name: str | None
    kind: str
    position: int

    @property
    def short(self) -> str:
        """What tables call it."""
        return self.short_name or self.name


@dataclass(frozen=True)
class Person:
    """Somebody who leads or works."""

    id: int
    name: str
    title: str | None
    unit: int | None
    is_leader: bool


@dataclass(frozen=True)
class Term:
    """When somebody leads: days, both included, None where open."""

    person: int
    title: str | None
    since: str | None
    until: str | None

    def holds(self, day: str) -> bool:
        """Whether it is a term on that day."""
        return (self.since or "") <= day and (self.until is None or day <= self.until)


def plain_name(name: str) -> str:
    """A name without blanks and full-width forms, as it is compared."""
    return _SPACE.sub("", unicodedata.normalize("NFKC", name)).strip("、,;；，。")


def people_in(text: str) -> list[str]:
    """The names in a cell: 组长：张三；李四（区发改委）、王五 副区长 13900000000 → 张三, 李四, 王五."""
    whole = _APART.sub(r"\1\2", _PHONE.sub(" ", _IN_BRACKETS.sub("", text)))
    names = [_BEFORE_NAME.sub("", part).strip() for part in _BETWEEN.split(whole)]
    return [name for name in dict.fromkeys(names) if name and not _POST.fullmatch(name)]


def plain_person(name: str) -> str:
    """One person's name without the post, the phone and the blanks that a cell has besides; of several all as they stand."""
    names = [] if _NAMESAKE.search(name) else people_in(name)
    return plain_name(names[0] if len(names) == 1 else name)


def place_said(words: str) -> str | None:
    """The town or street that a title, a sheet's name or a banner is about: 临河镇签约项目明细表, （二）临河镇（3个）."""
    found = _PLACE.match("".join(unicodedata.normalize("NFKC", words).split()))
    return found["place"] if found and not _ANY_PLACE.search(found["place"]) else None


def loose_name(name: str, district: str = "") -> str:
    """A unit's name without the district before it and without 街道 after it: 庐阳区杏林街道 → 杏林."""
    bare = plain_name(name)
    if district and bare.startswith(district) and len(bare) > len(district):
        bare = bare[len(district) :]
    elif bare.startswith("区") and len(bare) > 2:
        bare = bare[1:]
    shorter = _SUFFIX.sub("", bare)
    return shorter if len(shorter) > 1 else bare


def units(connection: Connection, kinds: Sequence[str] | None = None) -> list[Unit]:
    """The units that still exist, in 建制顺序."""
    query = select(unit.c.id, unit.c.name, unit.c.short_name, unit.c.kind, unit.c.position).where(
        unit.c.merged_into.is_(None)
    )
    if kinds is not None:
        query = query.where(unit.c.kind.in_(kinds))
    return [Unit(*row) for row in connection.execute(query.order_by(unit.c.position, unit.c.id))]


def leaders(connection: Connection) -> list[Person]:
    """The leaders in 领导排序."""
    query = select(person.c.id, person.c.name, person.c.title, person.c.unit, person.c.is_leader)
    query = query.where(person.c.is_leader == 1).order_by(person.c.position, person.c.id)
    return [Person(row.id, row.name, row.title, row.unit, bool(row.is_leader)) for row in connection.execute(query)]


def terms(connection: Connection) -> dict[int, list[Term]]:
    """Person → terms, the oldest first."""
    of = person_term.c
    found: dict[int, list[Term]] = {}
    query = select(of.person, of.title, of.since, of.until).order_by(of.since.nulls_first(), of.id)
    for row in connection.execute(query):
        found.setdefault(row.person, []).append(Term(*row))
    return found


def former_names(connection: Connection) -> dict[int, list[str]]:
    """Unit → its former and other names, as they were added; those of a unit that was merged into it too."""
    rows = connection.execute(select(unit.c.id, unit.c.name, unit.c.merged_into)).all()
    target = {row.id: row.merged_into or row.id for row in rows}
    found: dict[int, list[str]] = {}
    for said in connection.execute(select(unit_name.c.unit, unit_name.c.name).order_by(unit_name.c.id)):
        found.setdefault(target[said.unit], []).append(said.name)
    for row in rows:
        if row.merged_into:
            found.setdefault(row.merged_into, []).append(row.name)
    return {one: list(dict.fromkeys(names)) for one, names in found.items()}


def names_on(connection: Connection, day: str) -> dict[int, str]:
    """Unit → the name it had on a day, of those that were renamed after it and say when."""
    of = unit_name.c
    query = select(of.unit, of.name).where(of.until > day).order_by(of.until.desc(), of.id.desc())
    return {row.unit: row.name for row in connection.execute(query)}


def names_of_people(connection: Connection) -> dict[str, int]:
    """Every name by which a person is known → the id; the first of the order where two share a name."""
    query = select(person.c.name, person.c.id).order_by(
        person.c.is_leader, person.c.position.desc(), person.c.id.desc()
    )
    known = {row.name: row.person for row in connection.execute(select(person_name.c.name, person_name.c.person))}
    return known | {row.name: row.id for row in connection.execute(query)}


def names_of_units(connection: Connection, district: str = "") -> dict[str, int]:
    """Every name by which a unit is known → its id; a merged unit leads to the one it became part of.

    Full, short and former names win over names shortened by `loose_name`, and a shortened name that two units share
    finds neither.
    """
    rows = connection.execute(select(unit.c.id, unit.c.name, unit.c.short_name, unit.c.merged_into)).all()
    target = {row.id: row.merged_into or row.id for row in rows}
    said = [(row.id, name) for row in rows for name in (row.name, row.short_name) if name]
    said += [(row.unit, row.name) for row in connection.execute(select(unit_name.c.unit, unit_name.c.name))]
    loose: dict[str, set[int]] = {}
    for found, name in said:
        loose.setdefault(loose_name(name, district), set()).add(target[found])
    known = {name: next(iter(ids)) for name, ids in loose.items() if len(ids) == 1}
    known.update({plain_name(name): target[found] for found, name in said})
    return known


def find_unit(known: dict[str, int], name: str, district: str = "") -> int | None:
    """The id of the unit a ledger calls `name`, from `names_of_units`; None where there is none."""
    exact = known.get(plain_name(name))
    return exact if exact is not None else known.get(loose_name(name, district))


class Called(Mapping[str, str]):
    """What a ledger calls a unit or a person → the name of the book; found by any name that is known."""

    def __init__(self, find: Callable[[str], int | None], names: Mapping[int, str]) -> None:
        self._find, self._names = find, names

    def __getitem__(self, name: str) -> str:
        found = self._find(name)
        if found is None or found not in self._names:
            raise KeyError(name)
        return self._names[found]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names.values())

    def __len__(self) -> int:
        return len(self._names)


def called_units(connection: Connection, district: str = "") -> Called:
    """What ledgers call units."""
    known = names_of_units(connection, district)
    names = {row.id: row.name for row in connection.execute(select(unit.c.id, unit.c.name))}
    return Called(lambda name: find_unit(known, name, district), names)


def called_people(connection: Connection) -> Called:
    """What ledgers call people."""
    known = names_of_people(connection)
    names = {row.id: row.name for row in connection.execute(select(person.c.id, person.c.name))}
    return Called(lambda name: known.get(plain_name(name)) or known.get(plain_person(name)), names)
