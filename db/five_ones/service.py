"""What people do with leaders, plans, milestones and lights. Each takes the connection of a `book.write`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, delete, func, or_, select, update

from db.core import bulk, settings
from db.core.calendar import calendar
from db.core.errors import Refused
from db.core.text import Text, _
from db.core.updating import update_column
from db.five_ones import lights, schedule
from db.five_ones.models import (
    HEAD,
    LEADER,
    LIAISON,
    LIGHT,
    MEMBER,
    OF_PROJECTS,
    ROLE,
    agenda_item,
    assignment,
    decision,
    light_override,
    light_preset,
    milestone,
    milestone_need,
    project_plan,
)
from db.five_ones.planning import apply_template, keep_definition, save_template, templates
from db.five_ones.schedule import Stone
from db.people.models import person
from db.projects.models import project
from db.projects.writing import written_on

MOST_WEIGHT = 10_000


def day_before(day: str) -> str:
    """The day before."""
    return (dt.date.fromisoformat(day) - dt.timedelta(days=1)).isoformat()


# --- who -------------------------------------------------------------------------------------------------------------


def assign(
    connection: Connection, numbers: Sequence[int], role: str, who: int, *, since: str, until: str | None = None,
    duty: str | None = None, reason: str | None = None,
) -> None:  # fmt: skip
    """Put a person into a role of projects from a day on. Whoever had it until then has it to the day before.

    A task force has any number of members. The leader and the liaison officer of the ledger follow.
    """
    if role not in {key for key, _label in ROLE.options}:
        raise Refused(fields={"role": _("There is no such role.")})
    if until is not None and until < since:
        raise Refused(fields={"until": _("It cannot end before it begins. Nothing was changed.")})
    if role == LEADER:
        _note_ledgers_leader(connection, numbers, who, since)
    _leave_office(connection, numbers, role, who if role == MEMBER else None, since)
    rows = [(number, role, who, duty, since, until, reason) for number in numbers]
    names = ("project", "role", "person", "duty", "since", "until", "reason")
    bulk.insert(connection, assignment, names, rows)
    if until is None:
        _tell_ledger(connection, numbers, role, who)


def _leave_office(connection: Connection, numbers: Sequence[int], role: str, who: int | None, since: str) -> None:
    """End what runs on the day before; what would have begun later makes way."""
    of = assignment.c
    same = of.role == role if who is None else (of.role == role) & (of.person == who)
    for some in bulk.chunks(list(numbers)):
        mine = (of.project.in_(some), same)
        connection.execute(delete(assignment).where(*mine, of.since >= since))
        running = or_(of.until.is_(None), of.until >= since)
        connection.execute(update(assignment).where(*mine, running).values(until=day_before(since)))


def _note_ledgers_leader(connection: Connection, numbers: Sequence[int], who: int, since: str) -> None:
    """Whom the ledger alone named as leader until now stands on record to the day before."""
    of, rows = project.c, []
    assigned = select(assignment.c.project).where(assignment.c.role == LEADER)
    for some in bulk.chunks(list(numbers)):
        query = select(of.id, of.leader).where(of.id.in_(some), of.leader != who, of.id.not_in(assigned))
        rows += [(row.id, LEADER, row.leader, day_before(since)) for row in connection.execute(query)]
    bulk.insert(connection, assignment, ("project", "role", "person", "until"), rows)


def follow_ledger(connection: Connection, role: str, named: Mapping[int, int | None]) -> None:
    """The ledger names others (project → person, None for nobody): where somebody is assigned, that ends today.

    role: LEADER or LIAISON. Where nobody is assigned the ledger alone speaks.
    """
    of, standing = assignment.c, settings.standing_days(connection)
    today = standing.get("five_ones") or standing.get("") or written_on(connection) or ""
    others: dict[int | None, dict[int, None]] = {}
    for some in bulk.chunks(list(named)):
        running = (of.role == role, or_(of.until.is_(None), of.until >= today))
        query = select(of.project, of.person).where(of.project.in_(some), *running)
        for number, who in connection.execute(query).all():
            if who != named[number]:
                others.setdefault(named[number], {})[number] = None
    for follower, numbers in others.items():
        _leave_office(connection, list(numbers), role, None, today)
        if follower is not None:
            rows = [(number, role, follower, today) for number in numbers]
            bulk.insert(connection, assignment, ("project", "role", "person", "since"), rows)


def _tell_ledger(connection: Connection, numbers: Sequence[int], role: str, who: int | None) -> None:
    if role == LEADER:
        update_column(connection, project, "leader", [(number, who) for number in numbers])
    elif role == LIAISON:
        name = None if who is None else connection.scalar(select(person.c.name).where(person.c.id == who))
        update_column(connection, project, "liaison", [(number, name) for number in numbers])


def release(connection: Connection, number: int, *, until: str, reason: str | None = None) -> None:
    """End one assignment; nobody follows."""
    row = connection.execute(select(assignment).where(assignment.c.id == number)).one_or_none()
    if row is None:
        raise Refused(_("There is no such assignment."))
    if row.since and until < row.since:
        raise Refused(fields={"until": _("It cannot end before it begins. Nothing was changed.")})
    changed = {"until": until, "reason": reason or row.reason}
    connection.execute(update(assignment).where(assignment.c.id == number).values(changed))
    _tell_ledger(connection, [row.project], row.role, None)


def hand_over(
    connection: Connection, who: int, to: int, *, on: str, reason: str | None = None,
    numbers: Sequence[int] | None = None,
) -> int:  # fmt: skip
    """Hand over all projects of a person (or some of them) in every role from a day on; gives how many projects."""
    if who == to:
        raise Refused(fields={"to": _("Choose somebody else to hand over to. Nothing was changed.")})
    of = assignment.c
    running = select(of.project, of.role, of.duty).where(of.person == who, or_(of.until.is_(None), of.until >= on))
    found = {(row.project, row.role): row.duty for row in connection.execute(running)}
    led = select(project.c.id).where(project.c.leader == who, project.c.produced_on.is_(None))
    found |= {(number, LEADER): None for number in connection.scalars(led) if (number, LEADER) not in found}
    known = select(of.project).where(of.role == LIAISON, or_(of.until.is_(None), of.until >= on))
    called = select(person.c.name).where(person.c.id == who).scalar_subquery()
    alone = select(project.c.id).where(project.c.liaison == called, project.c.produced_on.is_(None))
    found |= {(number, LIAISON): None for number in connection.scalars(alone.where(project.c.id.not_in(known)))}
    wanted = {key: duty for key, duty in found.items() if numbers is None or key[0] in numbers}
    if not wanted:
        raise Refused(_("This person has no projects to hand over on that day. Nothing was changed."))
    for (number, role), duty in wanted.items():
        if role == MEMBER:
            _leave_office(connection, [number], MEMBER, who, on)
        assign(connection, [number], role, to, since=on, duty=duty, reason=reason)
    return len({number for number, _role in wanted})


def set_task_force(
    connection: Connection, number: int, head: int, members: Mapping[int, str | None], *, since: str
) -> None:
    """The task force of a project from a day on: head, and members with their duties."""
    assign(connection, [number], HEAD, head, since=since)
    assign_members(connection, number, members, since=since)


def assign_members(connection: Connection, number: int, members: Mapping[int, str | None], *, since: str) -> None:
    """The members of a task force from a day on, with their duties; those before have it to the day before."""
    of = assignment.c
    mine = (of.project == number, of.role == MEMBER)
    connection.execute(delete(assignment).where(*mine, of.since >= since))
    running = or_(of.until.is_(None), of.until >= since)
    connection.execute(update(assignment).where(*mine, running).values(until=day_before(since)))
    rows = [(number, MEMBER, who, duty, since) for who, duty in members.items()]
    bulk.insert(connection, assignment, ("project", "role", "person", "duty", "since"), rows)


# --- plans -----------------------------------------------------------------------------------------------------------


def make_plan(
    connection: Connection, number: int, *, on: str, title: str | None = None, text: str | None = None
) -> None:
    """The plan of a project, or its next version; the one before stands in the history."""
    known = connection.execute(select(project_plan).where(project_plan.c.project == number)).one_or_none()
    if known is None:
        row = {
            "project": number,
            "version": 1,
            "title": title,
            "text": text,
            "made_on": on,
            "weight": _weight(connection, number),
        }
        connection.execute(project_plan.insert().values(row))
        return
    changed = {"version": known.version + 1, "title": title or known.title, "text": text or known.text, "made_on": on}
    connection.execute(update(project_plan).where(project_plan.c.id == known.id).values(changed))


def _weight(connection: Connection, number: int) -> int:
    of = milestone.c
    return int(connection.scalar(select(func.sum(of.weight)).where(of.project == number)) or 0)


def _connect(connection: Connection, number: int, needs: Mapping[str, Sequence[str]]) -> None:
    """What each milestone waits for, by keys; what is not named stays as it is. A circle is refused."""
    of = milestone.c
    rows_of = connection.execute(select(of.key, of.id, of.name).where(of.project == number)).all()
    ids = {row.key: row.id for row in rows_of}
    known = needs_of(connection, number)
    called = {row.key: row.name for row in rows_of}
    schedule.order({key: needs.get(key, known.get(key, ())) for key in ids}, called)
    mine = [ids[key] for key in needs if key in ids]
    for some in bulk.chunks(mine):
        connection.execute(delete(milestone_need).where(milestone_need.c.milestone.in_(some)))
    rows = [(number, ids[key], ids[need]) for key, many in needs.items() for need in many if key in ids and need in ids]
    bulk.insert(connection, milestone_need, ("project", "milestone", "needs"), rows)


def wait_for(connection: Connection, number: int, key: str, needs: Sequence[str]) -> None:
    """Let a milestone of a project wait for others; refused where they would wait for each other."""
    _connect(connection, number, {key: tuple(needs)})


def needs_of(connection: Connection, number: int) -> dict[str, tuple[str, ...]]:
    """Key of a milestone → keys of those it waits for."""
    one, other, of = milestone.alias("one"), milestone.alias("other"), milestone_need.c
    query = select(one.c.key, other.c.key).select_from(
        milestone_need.join(one, one.c.id == of.milestone).join(other, other.c.id == of.needs)
    )
    found: dict[str, tuple[str, ...]] = {}
    for key, need in connection.execute(query.where(of.project == number).order_by(other.c.position)):
        found[key] = (*found.get(key, ()), need)
    return found


def stones_of(connection: Connection, number: int) -> list[Stone]:
    """The milestones of a project in their order."""
    of, needs = milestone.c, needs_of(connection, number)
    rows = connection.execute(select(milestone).where(of.project == number).order_by(of.position, of.id))
    return [
        Stone(
            row.key,
            row.name,
            row.planned_on,
            row.actual_on,
            row.forecast_on,
            row.weight,
            row.line or schedule.MAIN,
            needs.get(row.key, ()),
        )
        for row in rows
    ]


def add_milestone(
    connection: Connection, number: int, name: str, *, planned: str | None = None, actual: str | None = None,
    weight: int = 0, line: str = schedule.MAIN, unit: int | None = None,
) -> int:  # fmt: skip
    """One more milestone at the end; its weight is added to what the plan's should be."""
    if not name.strip():
        raise Refused(fields={"name": _("A milestone needs a name.")})
    must_be_free(connection, number, name)
    of = milestone.c
    place = connection.scalar(select(func.max(of.position)).where(of.project == number))
    (new,) = bulk.take_ids(connection, milestone, 1)
    row = {
        "id": new, "project": number, "key": f"own-{new}", "name": name.strip(), "line": line, "unit": unit,
        "position": 0 if place is None else place + 1, "weight": weight, "first_planned_on": planned,
        "planned_on": planned, "actual_on": actual,
    }  # fmt: skip
    connection.execute(milestone.insert().values(row))
    _weigh_plans(connection, {number: weight})
    return int(new)


def must_be_free(connection: Connection, number: int, name: str) -> None:
    """Refused where a plan has a milestone of this name: what waits for what is said by names."""
    of = milestone.c
    query = select(of.id).where(of.project == number, of.name == name.strip()).limit(1)
    if connection.scalar(query) is not None:
        said = _("This plan has a milestone called “{name}” already. Nothing was changed.", name=name.strip())
        raise Refused(fields={"name": said})


def _weigh_plans(connection: Connection, added: Mapping[int, int]) -> None:
    of = project_plan.c
    for number, weight in added.items():
        connection.execute(update(project_plan).where(of.project == number).values(weight=of.weight + weight))


def wrong_weight(weight: int | None) -> Text | None:
    """What is wrong with the weight of a milestone; None where nothing is."""
    if weight is None or 0 <= weight <= MOST_WEIGHT:
        return None
    return _("A weight is from 0 to {most}.", most=f"{MOST_WEIGHT:,}")


def weigh(connection: Connection, weights: Mapping[int, int]) -> None:
    """Set the weights of milestones; what their plans should weigh follows."""
    of = milestone.c
    added: dict[int, int] = {}
    for some in bulk.chunks(list(weights)):
        for row in connection.execute(select(of.id, of.project, of.weight).where(of.id.in_(some))):
            if (why := wrong_weight(weights[row.id])) is not None:
                raise Refused(fields={"weight": why})
            added[row.project] = added.get(row.project, 0) + weights[row.id] - row.weight
    update_column(connection, milestone, "weight", list(weights.items()))
    _weigh_plans(connection, added)


def add_milestones(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """Milestones as an import hands them in: `project` is an id, days as ISO text; their plans weigh so much more."""
    of = milestone.c
    places: dict[int, int] = {}
    for some in bulk.chunks(sorted({row["project"] for row in rows})):
        query = select(of.project, func.max(of.position)).where(of.project.in_(some)).group_by(of.project)
        places |= {row[0]: row[1] for row in connection.execute(query)}
    ids = bulk.take_ids(connection, milestone, len(rows))
    made: list[tuple[Any, ...]] = []
    added: dict[int, int] = {}
    for new, row in zip(ids, rows, strict=True):
        number, weight = row["project"], int(row.get("weight") or 0)
        places[number] = places.get(number, -1) + 1
        added[number] = added.get(number, 0) + weight
        planned = row.get("planned_on")
        made.append(
            (new, number, row.get("key") or f"own-{new}", row["name"], row.get("line") or schedule.MAIN, places[number],
             weight, planned, planned, row.get("forecast_on"), row.get("actual_on"), row.get("unit"), row.get("remarks"))
        )  # fmt: skip
    names = (
        "id", "project", "key", "name", "line", "position", "weight", "first_planned_on", "planned_on", "forecast_on",
        "actual_on", "unit", "remarks",
    )  # fmt: skip
    bulk.write_new(connection, milestone, names, made, ids=ids)
    _weigh_plans(connection, added)
    return list(ids)


def forget_projects(connection: Connection, numbers: Sequence[int]) -> None:
    """What belongs to projects goes with them; what a meeting decided stays, without the project."""
    for some in bulk.chunks(list(numbers)):
        for table in OF_PROJECTS:
            connection.execute(delete(table).where(table.c.project.in_(some)))
        for table in (agenda_item, decision):
            connection.execute(update(table).where(table.c.project.in_(some)).values(project=None))


def leave_out(connection: Connection, number: int) -> None:
    """A milestone that this project does not need: gone, and the plan weighs so much less."""
    row = connection.execute(select(milestone).where(milestone.c.id == number)).one_or_none()
    if row is None:
        raise Refused(_("There is no such milestone."))
    if row.actual_on is not None:
        raise Refused(fields={"name": _("“{name}” is done; its plan stays as it was.", name=row.name)})
    of = milestone_need.c
    connection.execute(delete(milestone_need).where((of.milestone == number) | (of.needs == number)))
    connection.execute(delete(milestone).where(milestone.c.id == number))
    _weigh_plans(connection, {row.project: -row.weight})


def replan(
    connection: Connection, number: int, planned: str, *, following: bool = True, reason: str | None = None
) -> list[Text]:
    """Plan a milestone (by its id) anew, and those that wait for it; what is done keeps its days."""
    row = connection.execute(select(milestone.c.project, milestone.c.key).where(milestone.c.id == number)).one()
    before = stones_of(connection, row.project)
    found = schedule.replan(before, row.key, planned, calendar(connection), following=following)
    of = milestone.c
    ids = {one.key: one.id for one in connection.execute(select(of.key, of.id).where(of.project == row.project))}
    moved = [
        (ids[new.key], new.planned) for old, new in zip(before, found.stones, strict=True) if old.planned != new.planned
    ]
    update_column(connection, milestone, "planned_on", moved)
    if reason:
        update_column(connection, milestone, "reason", [(moved_id, reason) for moved_id, _day in moved])
    return list(found.notes)


# --- lights ----------------------------------------------------------------------------------------------------------


def set_light(
    connection: Connection, number: int, colour: str, *, reason: str, since: str, until: str | None = None,
    printed: bool = False,
) -> None:  # fmt: skip
    """Set a light by hand, with a written reason; one set before ends the day before."""
    if colour not in {key for key, _label in LIGHT.options if key != lights.GREY}:
        raise Refused(fields={"light": _("A light is red, yellow or green.")})
    lights.by_hand(None, colour, reason, since=since, printed=printed)
    clear_light(connection, number, on=since)
    row = {
        "project": number,
        "light": colour,
        "reason": reason.strip(),
        "since": since,
        "until": until,
        "printed": int(printed),
    }
    connection.execute(light_override.insert().values(row))


def clear_light(connection: Connection, number: int, *, on: str) -> None:
    """From a day on the rules say what the light is."""
    of = light_override.c
    connection.execute(delete(light_override).where(of.project == number, of.since >= on))
    running = or_(of.until.is_(None), of.until >= on)
    connection.execute(update(light_override).where(of.project == number, running).values(until=day_before(on)))


def save_preset(connection: Connection, key: str, definition: Mapping[str, Any] | None) -> None:
    """An office's own rules under a key, instead of those delivered; None switches the preset off."""
    if definition is not None:
        lights.preset_of(key, definition)
    keep_definition(connection, light_preset, key, definition)


def switch_preset(connection: Connection, key: str, *, on: bool) -> None:
    """Let the rules of a preset hold, or not; one that an office changed is kept as delivered when it comes back."""
    if on:
        connection.execute(delete(light_preset).where(light_preset.c.key == key))
    else:
        save_preset(connection, key, None)


__all__ = [
    "add_milestone",
    "add_milestones",
    "apply_template",
    "assign",
    "assign_members",
    "clear_light",
    "follow_ledger",
    "forget_projects",
    "hand_over",
    "leave_out",
    "make_plan",
    "release",
    "replan",
    "save_preset",
    "save_template",
    "set_light",
    "set_task_force",
    "stones_of",
    "switch_preset",
    "templates",
    "wait_for",
    "weigh",
]
