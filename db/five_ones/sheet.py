"""What the import is told about node plans (a row is a milestone) and task-force lists (a row is a project's people)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, select

from db.core import bulk, listing, own, settings
from db.core.columns import Columns, size
from db.core.errors import Refused
from db.core.fields import Field, Link, Words
from db.core.headings import headings
from db.core.progress import Progress
from db.core.text import Text, _
from db.five_ones.fields import MILESTONE_FIELDS
from db.five_ones.models import HEAD, LEADER, LIAISON, MEMBER, RESPONSIBLE, assignment, milestone
from db.people.models import person, unit
from db.people.queries import called_units, people_in
from db.people.service import person_ids, unit_ids
from db.projects.models import project
from db.projects.service import set_values as set_project_values
from db.projects.writing import written_on
from db.sheets.room import RoomSheet

ROOM, FORCES = "five_ones", "task_forces"
_FIELDS = {one.key: one for one in MILESTONE_FIELDS}


# --- node plans ------------------------------------------------------------------------------------------------------


def existing(connection: Connection) -> list[dict[str, Any]]:
    """Id and what tells milestones apart: the project's name and their own."""
    query = select(milestone.c.id, project.c.name.label("project"), milestone.c.name)
    query = query.join(project, project.c.id == milestone.c.project).order_by(milestone.c.id)
    return [dict(row) for row in connection.execute(query).mappings()]


def current(connection: Connection, ids: Sequence[int], keys: Sequence[str]) -> dict[int, dict[str, Any]]:
    """Id → cell key → stored value, for the cells an import wants to compare."""
    fields = [_FIELDS[key] for key in keys if key in _FIELDS]
    rows = listing.rows(connection, milestone, fields, ids)
    return {row[0]: dict(zip((one.key for one in fields), row[1:], strict=True)) for row in rows}


def insert(connection: Connection, columns: Columns, progress: Progress) -> Sequence[int]:
    """New milestones of projects that the book has; refused, naming it, where it has none of that name."""
    from db.five_ones.service import add_milestones

    rows = [{key: columns[key][at] for key in columns} for at in range(size(columns))]
    known = _projects(connection, [row["project"] for row in rows])
    units = unit_ids(connection, [row["unit"] for row in rows if row.get("unit")])
    for row in rows:
        row["project"] = known[row["project"]]
        row["unit"] = units.get(row.get("unit") or "")
        row["weight"] = row.get("weight") or 0
    return add_milestones(connection, rows)


def projects_called(connection: Connection, names: Sequence[str]) -> dict[str, int]:
    """Name → project, of those that the book has; of namesakes the first."""
    found: dict[str, int] = {}
    for some in bulk.chunks(list(dict.fromkeys(names))):
        query = select(project.c.name, project.c.id).where(project.c.name.in_(some)).order_by(project.c.id.desc())
        found |= {row.name: row.id for row in connection.execute(query)}
    return found


def without_project(
    connection: Connection, columns: Columns, *, find: Callable[..., Mapping[str, int]] = projects_called
) -> dict[int, Mapping[str, Text]]:
    """Rows of projects that the book has not: place → key → why. find: as `projects_called`."""
    names = [str(name) for name in columns.get("project", ())]
    known = find(connection, names)
    why = _("The book has no project of this name; enter it first.")
    return {place: {"project": why} for place, name in enumerate(names) if name not in known}


def _projects(connection: Connection, names: Sequence[str]) -> dict[str, int]:
    found = projects_called(connection, names)
    strange = [name for name in dict.fromkeys(names) if name not in found]
    if strange:
        raise Refused(
            _("The book has no project called {names}. Enter it first; nothing was changed.", names=strange[:5])
        )
    return found


def update(connection: Connection, cells: Sequence[tuple[int, str, Any]]) -> None:
    """Write single cells of milestones that are there already."""
    set_values(connection, cells)


def set_values(connection: Connection, cells: Sequence[tuple[int, str, Any]]) -> None:
    """Write single cells: (id of a milestone, key, stored value). A plan is written before the day it was done."""
    by_key: dict[str, dict[int, Any]] = {}
    for number, key, value in cells:
        by_key.setdefault(key, {})[number] = value
    for field in MILESTONE_FIELDS:
        if field.key in by_key:
            own.write_column(connection, ROOM, field.key, list(by_key[field.key].items()), field=field)


def _nothing_wrong(columns: Columns) -> Mapping[int, Mapping[str, Text]]:
    from db.five_ones.service import wrong_weight

    found = {place: wrong_weight(value) for place, value in enumerate(columns.get("weight", ()))}
    return {place: {"weight": why} for place, why in found.items() if why is not None}


def unit_aliases(connection: Connection, key: str) -> Mapping[str, str]:
    """What ledgers call units → their names, for the fields that name one."""
    units = key in ("unit", "department")
    return called_units(connection, settings.get(connection, "district.name")) if units else {}


MILESTONE_SHEET = RoomSheet(
    room=ROOM,
    label=_("Milestones"),
    fields=MILESTONE_FIELDS,
    monthly=frozenset(),
    logs=frozenset(),
    identity=(("project", "name"),),
    required=("project", "name"),
    whole_sheet=("project",),
    existing=existing,
    current=current,
    insert=insert,
    update=update,
    check=_nothing_wrong,
    table=milestone.name,
    fill_down=frozenset({"project"}),
    remarks="remarks",
    aliases=unit_aliases,
    lacks=without_project,
)


# --- task-force lists ------------------------------------------------------------------------------------------------

ROLES: Mapping[str, str] = {
    "force_leader": LEADER, "force_responsible": RESPONSIBLE, "force_liaison": LIAISON, "force_head": HEAD,
    "force_members": MEMBER,
}  # fmt: skip

_headed = headings("task_forces")

FORCE_FIELDS: tuple[Field, ...] = (
    Field("project", _("Project name"), Words(), _headed("project"), "facts"),
    Field("department", _("Responsible department"), Link("people", "unit"), _headed("department"), "facts"),
    Field("force_leader", _("District leader in charge"), Words(person=True), _headed("force_leader"), "facts"),
    Field("force_responsible", _("Head of the responsible unit"), Words(person=True), _headed("force_responsible"), "facts"),
    Field("force_liaison", _("Liaison officer"), Words(person=True), _headed("force_liaison"), "facts"),
    Field("force_head", _("Head of the task force"), Words(person=True), _headed("force_head"), "facts"),
    Field("force_members", _("Members of the task force"), Words(), _headed("force_members"), "facts"),
)  # fmt: skip


def _force_projects(connection: Connection) -> list[dict[str, Any]]:
    query = select(project.c.id, project.c.name.label("project")).order_by(project.c.id)
    return [dict(row) for row in connection.execute(query).mappings()]


def _force_now(connection: Connection, ids: Sequence[int], keys: Sequence[str]) -> dict[int, dict[str, Any]]:
    of = assignment.c
    found: dict[int, dict[str, Any]] = {number: {} for number in ids}
    named = {role: key for key, role in ROLES.items() if key in keys}
    for some in bulk.chunks(list(ids)):
        query = select(of.project, of.role, person.c.name).join(person, person.c.id == of.person)
        for number, role, name in connection.execute(
            query.where(of.project.in_(some), of.until.is_(None)).order_by(of.id)
        ):
            if role in named:
                before = found[number].get(named[role])
                found[number][named[role]] = f"{before}、{name}" if before else name
    if "department" in keys:
        for some in bulk.chunks(list(ids)):
            named_unit = select(project.c.id, unit.c.name).join(unit, unit.c.id == project.c.department)
            for number, name in connection.execute(named_unit.where(project.c.id.in_(some))):
                found[number]["department"] = name
    return found


def _no_new_projects(connection: Connection, columns: Columns, progress: Progress) -> Sequence[int]:
    _projects(connection, [str(name) for name in columns["project"]])
    raise Refused(_("The book has no project of this name. Enter it first; nothing was changed."))


def _assign(connection: Connection, cells: Sequence[tuple[int, str, Any]]) -> None:
    from db.five_ones.service import assign, assign_members

    set_project_values(connection, [cell for cell in cells if cell[1] == "department"])
    today = written_on(connection) or ""
    wanted = {(number, key): people_in(str(value or "")) for number, key, value in cells if key in ROLES}
    chiefs = {name for (_number, key), names in wanted.items() if key == "force_leader" for name in names}
    ids = person_ids(connection, sorted(chiefs), is_leader=True)
    ids |= person_ids(connection, sorted({name for names in wanted.values() for name in names} - chiefs))
    for (number, key), names in wanted.items():
        if key == "force_members":
            assign_members(connection, number, dict.fromkeys((ids[name] for name in names), None), since=today)
        elif names:
            assign(connection, [number], ROLES[key], ids[names[0]], since=today)


def _anything(columns: Columns) -> Mapping[int, Mapping[str, Text]]:
    return {}


FORCE_SHEET = RoomSheet(
    room=FORCES,
    label=_("Task forces"),
    fields=FORCE_FIELDS,
    monthly=frozenset(),
    logs=frozenset(),
    identity=(("project",),),
    required=("project",),
    whole_sheet=(),
    existing=_force_projects,
    current=_force_now,
    insert=_no_new_projects,
    update=_assign,
    check=_anything,
    table=assignment.name,
    aliases=unit_aliases,
    lacks=without_project,
)
