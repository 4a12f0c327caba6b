"""Plans by a template: the milestones of one project or of thousands, by a few statements."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table, delete, select, update

from db.core import bulk
from db.core.calendar import calendar
from db.core.errors import Refused
from db.core.text import Text, _
from db.core.updating import together, update_column
from db.five_ones import schedule
from db.five_ones.models import milestone, milestone_need, plan_template, project_plan
from db.five_ones.schedule import Planned, Stone, Template
from db.projects.models import stage_event

Key = tuple[int, str]  # a project and the key of one of its milestones


def templates(connection: Connection) -> dict[str, Template]:
    """The templates in force: those delivered, the office's own instead of or beside them."""
    found = dict(schedule.delivered())
    of = plan_template.c
    for row in connection.execute(select(of.key, of.definition).order_by(of.id)):
        if row.definition is None:
            found.pop(row.key, None)
        else:
            found[row.key] = schedule.template_of(row.key, json.loads(row.definition))
    return found


def save_template(connection: Connection, key: str, definition: Mapping[str, Any] | None) -> None:
    """An office's own plan template; None takes one that was delivered out of the choice."""
    if definition is not None:
        schedule.template_of(key, definition)
    keep_definition(connection, plan_template, key, definition)


def keep_definition(connection: Connection, table: Table, key: str, definition: Mapping[str, Any] | None) -> None:
    """Write what an office made of a preset, in place of what it made before."""
    text = None if definition is None else json.dumps(definition, ensure_ascii=False, sort_keys=True)
    if not connection.execute(update(table).where(table.c.key == key).values(definition=text)).rowcount:
        connection.execute(table.insert().values(key=key, definition=text))


def save_plan(connection: Connection, number: int, stones: Sequence[Stone], name: str) -> str:
    """The plan of a project as a template of this office; one that has the name gives way to it. Gives its key."""
    called = name.strip()
    if not called:
        raise Refused(_("A template needs a name. Nothing was changed."))
    known = templates(connection)
    of = project_plan.c
    plan = connection.execute(select(of.template, of.starts_on).where(of.project == number)).one_or_none()
    like = known.get(plan.template or "") if plan is not None else None
    stages = {step.key: step.stage for step in like.steps} if like is not None else {}
    start = plan.starts_on if plan is not None else None
    found = schedule.as_template(stones, called, start=start, calendar=calendar(connection), stages=stages)
    same = next((key for key, one in known.items() if one.name == called), None)
    made = same or next(key for at in range(1, len(known) + 2) if (key := f"own-{at}") not in known)
    save_template(connection, made, found)
    return made


def apply_template(
    connection: Connection, numbers: Sequence[int], key: str, *, start: str, title: str | None = None
) -> list[Text]:
    """Give projects the milestones of a template from a start date, in working days; gives what is to be said.

    A milestone that is there keeps its actual day; the days of stages reached are taken over.
    """
    template = templates(connection).get(key)
    if template is None:
        raise Refused(fields={"template": _("There is no plan template “{key}”.", key=key)})
    planned = schedule.apply(template, start, calendar(connection))
    for some in bulk.chunks(list(dict.fromkeys(numbers))):
        known = _known(connection, some)
        ids = _put_milestones(connection, some, template, planned, known)
        _connect(connection, some, planned, ids, {row.id: row for row in known.values()})
        own: dict[int, int] = {}
        steps = {step.key for step in template.steps}
        for (number, stone), row in known.items():
            own[number] = own.get(number, 0) + (0 if stone in steps else row.weight)
        weights = {number: template.weight + own.get(number, 0) for number in some}
        _put_plans(connection, weights, template, start=start, title=title or template.name)
    return list(planned.notes)


def _known(connection: Connection, some: Sequence[int]) -> dict[Key, Any]:
    rows = connection.execute(select(milestone).where(milestone.c.project.in_(some)))
    return {(row.project, row.key): row for row in rows}


def _reached(connection: Connection, some: Sequence[int]) -> dict[tuple[int, str], str]:
    of = stage_event.c
    query = select(of.project, of.stage, of.happened_on).where(of.project.in_(some), of.happened_on.is_not(None))
    return {(row.project, row.stage): row.happened_on for row in connection.execute(query)}


def _put_milestones(
    connection: Connection, some: Sequence[int], template: Template, planned: Planned, known: Mapping[Key, Any]
) -> dict[Key, int]:
    """Change what is there, add what is not; the ids of all of them."""
    stage_of = {step.key: step.stage for step in template.steps}
    reached = _reached(connection, some)
    new: list[tuple[Any, ...]] = []
    with together(connection, milestone):
        for number in some:
            for place, stone in enumerate(planned.stones):
                actual, row = reached.get((number, stage_of[stone.key] or "")), known.get((number, stone.key))
                facts = {"line": stone.line, "position": place, "weight": stone.weight}
                if row is None:
                    new.append((number, stone.key, stone.name, *facts.values(), stone.planned, stone.planned, actual))
                    continue
                facts["actual_on"] = row.actual_on or actual
                if facts["actual_on"] is None:
                    facts["planned_on"] = stone.planned
                for column, value in facts.items():
                    if getattr(row, column) != value:
                        update_column(connection, milestone, column, [(row.id, value)])
    names = ("project", "key", "name", "line", "position", "weight", "first_planned_on", "planned_on", "actual_on")
    ids = bulk.insert(connection, milestone, names, new)
    made = {(row[0], row[1]): number for number, row in zip(ids, new, strict=True)}
    return {key: row.id for key, row in known.items()} | made


def _connect(
    connection: Connection, some: Sequence[int], planned: Planned, ids: Mapping[Key, int], rows: Mapping[int, Any]
) -> None:
    """What each milestone of the template waits for; what others wait for stays. A circle is refused."""
    of = milestone_need.c
    query = select(of.id, of.project, of.milestone, of.needs).where(of.project.in_(some))
    known = {(row.milestone, row.needs): row for row in connection.execute(query)}
    pairs = [(stone.key, need) for stone in planned.stones for need in stone.needs]
    wanted = {(ids[number, key], ids[number, need]): number for number in some for key, need in pairs}
    mine = {ids[number, stone.key] for number in some for stone in planned.stones}
    others: dict[int, dict[str, list[str]]] = {}
    for row in known.values():
        if row.milestone not in mine:
            waits = others.setdefault(row.project, {})
            waits.setdefault(rows[row.milestone].key, []).append(rows[row.needs].key)
    for number, waits in others.items():
        names = {row.key: row.name for row in rows.values() if row.project == number}
        schedule.order({**waits, **{stone.key: list(stone.needs) for stone in planned.stones}}, names)
    gone = [row.id for pair, row in known.items() if row.milestone in mine and pair not in wanted]
    for part in bulk.chunks(gone):
        connection.execute(delete(milestone_need).where(of.id.in_(part)))
    fresh = [(number, *pair) for pair, number in wanted.items() if pair not in known]
    bulk.insert(connection, milestone_need, ("project", "milestone", "needs"), fresh)


def _put_plans(
    connection: Connection, weights: Mapping[int, int], template: Template, *, start: str, title: str
) -> None:
    """The plan of each project, or its next version; its words stay."""
    of = project_plan.c
    query = select(of.id, of.project, of.version).where(of.project.in_(list(weights)))
    known = {row.project: row for row in connection.execute(query)}
    names = ("version", "title", "made_on", "template", "starts_on", "weight")
    facts = (title, start, template.key, start)
    fresh = [(number, 1, *facts, weight) for number, weight in weights.items() if number not in known]
    bulk.insert(connection, project_plan, ("project", *names), fresh)
    changed = [(row.version + 1, *facts, weights[number], row.id) for number, row in known.items()]
    if changed:
        bulk.update(connection, project_plan, names, changed)
