"""Task-force lists with a row a person: 项目名称（专班名称）| 专班职务 | 姓名 | 单位 | 电话."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from sqlalchemy import Connection, select, update

from db.core import bulk
from db.core.columns import Columns, size
from db.core.fields import Field, Link, Words
from db.core.headings import headings
from db.core.progress import Progress
from db.core.text import Text, _
from db.five_ones.models import HEAD, LEADER, LIAISON, MEMBER, RESPONSIBLE, assignment
from db.five_ones.sheet import ROLES, projects_called, unit_aliases, without_project
from db.people.models import person, unit
from db.people.queries import people_in, plain_name
from db.people.service import person_ids, unit_ids
from db.projects.models import project
from db.projects.writing import written_on
from db.sheets.room import Doubt, RoomSheet

ROOM = "task_force_people"
_SAID = {LEADER: "牵头领导", RESPONSIBLE: "责任单位负责人", LIAISON: "联络员", HEAD: "组长", MEMBER: "成员"}
_headed = headings("task_forces")
# What a list calls an office of the task force → which it is; any other word is a member's duty.
_OFFICES = (
    {alias: role for key, role in ROLES.items() for alias in _headed(key)}
    | {said: role for role, said in _SAID.items()}
    | dict.fromkeys(("负责人", "专班长", "总负责人", "召集人", "总召集人"), HEAD)
)
_OWN = ("unit", "title", "phone")  # what the list says of the person, wherever they are

FIELDS: tuple[Field, ...] = (
    Field("project", _("Project name"), Words(), (*_headed("project"), *_headed("force")), "facts"),
    Field("role", _("Office in the task force"), Words(), _headed("force_role"), "facts"),
    Field("person", _("Name"), Words(person=True), _headed("force_person"), "facts"),
    Field("unit", _("Unit"), Link("people", "unit"), _headed("force_person_unit"), "facts"),
    Field("title", _("Title"), Words(), _headed("force_person_title"), "facts"),
    Field("phone", _("Phone"), Words(identifier=True), _headed("force_person_phone"), "facts"),
)


def _existing(connection: Connection) -> list[dict[str, Any]]:
    """Who has an office now, a person of a project once."""
    of = assignment.c
    query = select(of.id, project.c.name.label("project"), person.c.name.label("person"))
    query = query.join(project, project.c.id == of.project).join(person, person.c.id == of.person)
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for row in connection.execute(query.where(of.until.is_(None)).order_by(of.id)).mappings():
        found.setdefault((row["project"], row["person"]), dict(row))
    return list(found.values())


def _now(connection: Connection, ids: Sequence[int], keys: Sequence[str]) -> dict[int, dict[str, Any]]:
    of, found = assignment.c, {}
    for some in bulk.chunks(list(ids)):
        query = (
            select(of.id, of.role, of.duty, project.c.name.label("project"), person.c.name.label("person"),
                   unit.c.name.label("unit"), person.c.title, person.c.phone)
            .join(project, project.c.id == of.project).join(person, person.c.id == of.person)
            .outerjoin(unit, unit.c.id == person.c.unit)
        )  # fmt: skip
        for row in connection.execute(query.where(of.id.in_(some))).mappings():
            says = {**row, "role": row["duty"] or _SAID[row["role"]]}
            found[row["id"]] = {key: says[key] for key in keys if key in says}
    return found


def _of_projects(connection: Connection, names: Sequence[str]) -> dict[str, int]:
    """Project by its name, or by that of its task force: 氢能产业园项目工作专班."""
    bare = {
        name: [name, *(name.removesuffix(end) for end in ("工作专班", "专班", "项目工作专班", "项目专班"))]
        for name in names
    }
    known = projects_called(connection, [one for ones in bare.values() for one in ones])
    return {name: known[one] for name, ones in bare.items() for one in reversed(ones) if one in known}


def _insert(connection: Connection, columns: Columns, progress: Progress) -> Sequence[int]:
    rows = [{key: columns[key][at] for key in columns} for at in range(size(columns))]
    known = _of_projects(connection, [row["project"] for row in rows])
    people = [people_in(row["person"]) for row in rows]
    offices = [_office(row["role"]) for row in rows]
    chiefs = {name for names, (role, _duty) in zip(people, offices, strict=True) for name in names if role == LEADER}
    ids = person_ids(connection, sorted(chiefs), is_leader=True)
    ids |= person_ids(connection, sorted({name for names in people for name in names} - chiefs))
    _complete(connection, {ids[names[0]]: row for names, row in zip(people, rows, strict=True) if len(names) == 1})
    filled: set[tuple[int, str]] = set()
    for row, names, office in zip(rows, people, offices, strict=True):
        for name in names:
            _put(connection, known[row["project"]], ids[name], office, filled)
    return [_running(connection, known[row["project"]], ids[names[0]]) for row, names in zip(rows, people, strict=True)]


def _office(said: str) -> tuple[str, str | None]:
    """Which office a word means, and the word itself where it says more."""
    word = "".join(said.split())
    role = _OFFICES.get(word, MEMBER)
    return role, None if word == _SAID[role] or (role == MEMBER and word in _OFFICES) else word


def _put(
    connection: Connection, number: int, who: int, office: tuple[str, str | None], filled: set[tuple[int, str]]
) -> None:
    """Give an office from today on; of several heads of one list the first is the head, the others are members."""
    from db.five_ones.service import assign

    role, duty = office
    if role != MEMBER and (number, role) in filled:
        role, duty = MEMBER, duty or _SAID[role]
    filled.add((number, role))
    assign(connection, [number], role, who, since=written_on(connection) or "", duty=duty)


def _running(connection: Connection, number: int, who: int) -> int:
    of = assignment.c
    query = select(of.id).where(of.project == number, of.person == who, of.until.is_(None)).order_by(of.id.desc())
    return int(connection.scalars(query.limit(1)).one())


def _complete(connection: Connection, said: Mapping[int, Mapping[str, Any]]) -> None:
    """What the book does not know yet of people; what it knows stays, for it may be a namesake."""
    units = unit_ids(connection, [row["unit"] for row in said.values() if row.get("unit")])
    for who, row in said.items():
        values = {"unit": units.get(row.get("unit") or ""), "title": row.get("title"), "phone": row.get("phone")}
        for key, value in values.items():
            if value is not None:
                column = person.c[key]
                connection.execute(update(person).where(person.c.id == who, column.is_(None)).values({key: value}))


def _update(connection: Connection, cells: Sequence[tuple[int, str, Any]]) -> None:
    """Another office from today on; unit, title and phone are the person's."""
    from db.five_ones.service import day_before, release

    of, today = assignment.c, written_on(connection) or ""
    units = unit_ids(connection, [value for _number, key, value in cells if key == "unit" and value])
    filled: set[tuple[int, str]] = set()
    for number, key, value in cells:
        row = connection.execute(select(of.project, of.person, of.role, of.since).where(of.id == number)).one()
        if key == "role" and value:
            release(connection, number, until=max(row.since or "", day_before(today)))
            _put(connection, row.project, row.person, _office(value), filled)
        elif key in _OWN:
            kept = units.get(value or "") if key == "unit" else value
            connection.execute(update(person).where(person.c.id == row.person).values({key: kept}))


def _nothing_wrong(columns: Columns) -> Mapping[int, Mapping[str, Text]]:
    why = _("A person needs a name.")
    said = [people_in(str(name or "")) for name in columns.get("person", ())]
    return {place: {"person": why} for place, names in enumerate(said) if not names or not all(map(plain_name, names))}


def _otherwise(connection: Connection | None, columns: Columns) -> Iterator[Doubt]:
    """Where the book says something else of a person: said, for it may be a namesake."""
    if connection is None:
        return
    names = [str(name or "") for name in columns.get("person", ())]
    known = _people(connection, names)
    units = unit_aliases(connection, "unit")
    for key in (key for key in _OWN if key in columns):
        for place, (name, said) in enumerate(zip(names, columns[key], strict=True)):
            has = known[name][key] if name in known else None
            if said and has and has not in (said, units.get(str(said))):
                why = _("Of {name} the book says “{value}”; a new row leaves that as it is.", name=name, value=has)
                yield Doubt(place, key, "person", why)


def _people(connection: Connection, names: Sequence[str]) -> dict[str, Mapping[str, Any]]:
    found: dict[str, Mapping[str, Any]] = {}
    for some in bulk.chunks(list(dict.fromkeys(names))):
        query = select(person.c.name, unit.c.name.label("unit"), person.c.title, person.c.phone)
        query = query.outerjoin(unit, unit.c.id == person.c.unit).where(person.c.name.in_(some))
        for row in connection.execute(query.order_by(person.c.position, person.c.id)).mappings():
            found.setdefault(row["name"], dict(row))
    return found


PEOPLE_SHEET = RoomSheet(
    room=ROOM,
    label=_("Task forces, a row a person"),
    fields=FIELDS,
    monthly=frozenset(),
    logs=frozenset(),
    identity=(("project", "person"),),
    required=("project", "role", "person"),
    whole_sheet=("project",),
    existing=_existing,
    current=_now,
    insert=_insert,
    update=_update,
    check=_nothing_wrong,
    table=assignment.name,
    fill_down=frozenset({"project"}),
    aliases=unit_aliases,
    doubts=_otherwise,
    lacks=partial(without_project, find=_of_projects),
)
