"""Plans as a chart shows them: which projects have one, their milestones as bars, how far they are; writing one milestone or several."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, and_, func, or_, select

from db.core import bulk
from db.core.calendar import calendar
from db.core.errors import Refused
from db.core.text import Text, _
from db.five_ones import expressions as sql
from db.five_ones import lights, schedule, service
from db.five_ones.models import milestone, milestone_need, project_plan
from db.five_ones.schedule import Progress, Stone
from db.people.models import unit
from db.projects.models import project

MOST_DAYS = 1000  # working days by which milestones are put off at once
_FAR = 12  # years from today: a mistyped day must not make the chart longer


@dataclass(frozen=True)
class Bar:
    """A milestone with the day on which all it waits for is done. Days are ISO text; first: where it was planned anew."""

    id: int
    stone: Stone
    begin: str | None
    first: str | None = None
    unit: str = ""
    reason: str = ""
    remarks: str = ""

    def late(self, today: str) -> int:
        """By how many days it is overdue, 0 where it is not."""
        return schedule.days_late(self.stone, today)


@dataclass(frozen=True)
class Plan:
    """A project with its milestones in order; weight and money: progress against schedule."""

    id: int
    name: str
    unit: str
    template: str | None
    starts_on: str | None
    bars: tuple[Bar, ...]
    weight: Progress
    money: Progress
    hints: tuple[Text, ...] = ()

    @property
    def stones(self) -> tuple[Stone, ...]:
        """The milestones alone."""
        return tuple(one.stone for one in self.bars)

    @property
    def done(self) -> int:
        """How many are done."""
        return sum(1 for one in self.bars if one.stone.actual is not None)


@dataclass(frozen=True)
class Overview:
    """The projects with a plan or under construction, those overdue first; the days between which they lie; counts."""

    ids: tuple[int, ...]
    first: str
    last: str
    milestones: int
    done: int
    overdue: int


def overview(connection: Connection, *, day: str) -> Overview:
    """Which projects the chart shows on a day."""
    of, at = milestone.c, sql.of_day(day)
    open_ = or_(of.actual_on.is_(None), of.actual_on > at)
    late = and_(of.planned_on < at, open_)
    low, high = f"{int(day[:4]) - _FAR}-01-01", f"{int(day[:4]) + _FAR}-12-31"
    sane = of.planned_on.between(low, high)
    about = (
        select(
            of.project, func.min(of.planned_on).filter(late).label("late"),
            func.min(of.planned_on).filter(open_).label("next"), func.count().label("stones"),
            func.count().filter(late).label("overdue"), func.min(of.planned_on).filter(sane).label("low"),
            func.max(of.planned_on).filter(sane).label("high"),
        )
        .group_by(of.project)
        .subquery("about")
    )  # fmt: skip
    query = (
        select(project.c.id, *(about.c[name] for name in ("late", "next", "stones", "overdue", "low", "high")))
        .select_from(project.outerjoin(about, about.c.project == project.c.id))
        .where(sql.going_on(day), sql.phase(day) != "produced")
        .where(or_(sql.phase(day) == lights.STARTED, about.c.stones > 0))
    )
    rows = sorted(
        connection.execute(query), key=lambda row: (row.late or "~", row.next or "~", -(row.stones or 0), row.id)
    )
    ids = [row.id for row in rows]
    return Overview(
        tuple(ids), min((row.low for row in rows if row.low), default=day), max((row.high for row in rows if row.high), default=day),
        sum(row.stones or 0 for row in rows), _done(connection, ids, day), sum(row.overdue or 0 for row in rows),
    )  # fmt: skip


def _done(connection: Connection, ids: Sequence[int], day: str) -> int:
    of = milestone.c
    known = set(ids)
    query = select(of.project, func.count()).where(of.actual_on <= day).group_by(of.project)
    return sum(count for number, count in connection.execute(query) if number in known)


def plans(connection: Connection, ids: Sequence[int], *, day: str) -> list[Plan]:
    """The plans of some projects, in the order of `ids`."""
    found: dict[int, Plan] = {}
    templates = service.templates(connection)
    for some in bulk.chunks(list(ids)):
        bars = _bars(connection, some)
        facts = _facts(connection, some, day)
        for number, row in facts.items():
            mine = bars.get(number, ())
            stones = [one.stone for one in mine]
            template = templates.get(row.template or "")
            days = [one.planned for one in stones if one.planned]
            money = schedule.by_money(
                paid=row.paid, whole=row.whole, first=row.starts_on or row.began_on or None, last=max(days, default=None),
                today=day,
            )  # fmt: skip
            found[number] = Plan(
                number, row.name, row.unit or "", row.template, row.starts_on, tuple(_begun(mine, row.starts_on)),
                schedule.by_weight(stones, expected=row.weight or 0, today=day), money,
                tuple(schedule.hints(stones, template, today=day)) if stones else (),
            )  # fmt: skip
    return [found[number] for number in ids if number in found]


def _facts(connection: Connection, some: Sequence[int], day: str) -> Mapping[int, Any]:
    of, plan = project.c, project_plan.c
    query = (
        select(
            of.id, of.name, of.began_on, unit.c.name.label("unit"), plan.template, plan.starts_on, plan.weight,
            sql.total().label("whole"), sql.own(sql.paid(day)).label("paid"),
        )
        .select_from(project.outerjoin(unit, unit.c.id == of.department).outerjoin(project_plan, plan.project == of.id))
        .where(of.id.in_(some))
    )  # fmt: skip
    return {row.id: row for row in connection.execute(query)}


def _bars(connection: Connection, some: Sequence[int]) -> dict[int, list[Bar]]:
    of, need, other = milestone.c, milestone_need.c, milestone.alias("other")
    waits: dict[int, list[str]] = {}
    query = select(need.milestone, other.c.key).join(other, other.c.id == need.needs)
    for number, key in connection.execute(query.where(need.project.in_(some)).order_by(other.c.position)):
        waits.setdefault(number, []).append(key)
    found: dict[int, list[Bar]] = {}
    rows = select(milestone, unit.c.name.label("unit_name")).outerjoin(unit, unit.c.id == of.unit)
    for row in connection.execute(rows.where(of.project.in_(some)).order_by(of.project, of.position, of.id)):
        stone = Stone(
            row.key, row.name, row.planned_on, row.actual_on, row.forecast_on, row.weight, row.line or schedule.MAIN,
            tuple(waits.get(row.id, ())),
        )  # fmt: skip
        first = row.first_planned_on if row.first_planned_on != row.planned_on else None
        one = Bar(row.id, stone, None, first, row.unit_name or "", row.reason or "", row.remarks or "")
        found.setdefault(row.project, []).append(one)
    return found


def _begun(bars: Sequence[Bar], starts_on: str | None) -> list[Bar]:
    """Each bar from the day on which all it waits for is done, or is planned to be."""
    ends = {one.stone.key: one.stone.actual or one.stone.planned for one in bars}
    made = []
    for one in bars:
        waits = [day for key in one.stone.needs if (day := ends.get(key))]
        begin, end = max(waits, default=starts_on), one.stone.actual or one.stone.planned
        shown = begin if begin is not None and end is not None and begin <= end else None
        made.append(Bar(one.id, one.stone, shown, one.first, one.unit, one.reason, one.remarks))
    return made


def projects_of(connection: Connection, stones: Sequence[int]) -> list[int]:
    """The projects of these milestones, each once, in the order of the milestones."""
    of = milestone.c
    owners: dict[int, int] = {}
    for some in bulk.chunks(list(stones)):
        owners |= {row.id: row.project for row in connection.execute(select(of.id, of.project).where(of.id.in_(some)))}
    return list(dict.fromkeys(owners[number] for number in stones if number in owners))


# --- one milestone ---------------------------------------------------------------------------------------------------


def change(
    connection: Connection, number: int, values: Mapping[str, Any], *, needs: Sequence[str] | None = None
) -> None:
    """Change the facts of a milestone (keys of its fields), and by their names what it waits for.

    Refused where milestones would wait for each other, where the plan of what is done would change, and a name that
    another one has.
    """
    from db.five_ones.sheet import set_values

    of = milestone.c
    row = connection.execute(select(of.project, of.key, of.name).where(of.id == number)).one_or_none()
    if row is None:
        raise Refused(_("There is no such milestone."))
    name = str(values.get("name") or "").strip()
    if name and name != row.name:
        service.must_be_free(connection, row.project, name)
    if needs is not None:
        known = dict(map(tuple, connection.execute(select(of.name, of.key).where(of.project == row.project))))
        strange = [name for name in needs if name not in known]
        if strange:
            raise Refused(fields={"needs": _("This plan has no milestone called {names}.", names=strange)})
        service.wait_for(connection, row.project, row.key, [known[name] for name in needs])
    set_values(connection, [(number, key, value) for key, value in values.items()])


def change_many(
    connection: Connection, numbers: Collection[int], *, days: int = 0, following: bool = True, unit: str | None = None,
    done_on: str | None = None, reason: str | None = None,
) -> list[Text]:  # fmt: skip
    """Change those of some milestones that are not done: working days later (or earlier), responsible unit, day done.

    following: those that wait for them move along. Gives what is to be said; refused where nothing is to change.
    """
    from db.five_ones.sheet import set_values

    of = milestone.c
    if not (days or unit or done_on):
        raise Refused(_("Give working days, a unit or the day they were done. Nothing was changed."))
    if abs(days) > MOST_DAYS:
        said = _("At most {most} working days at once. Nothing was changed.", most=f"{MOST_DAYS:,}")
        raise Refused(fields={"days": said})
    owners: dict[int, int] = {}
    for some in bulk.chunks(list(numbers)):
        query = select(of.id, of.project).where(of.id.in_(some), of.actual_on.is_(None))
        owners |= {row.id: row.project for row in connection.execute(query)}
    if not owners:
        raise Refused(_("These milestones are done; their plans stay as they were. Nothing was changed."))
    moved, notes = _put_off(connection, owners, days, following=following) if days else ({}, [])
    cells: list[tuple[int, str, Any]] = [(number, "planned_on", day) for number, day in moved.items()]
    cells += [(number, "reason", reason) for number in moved if reason]
    for key, value in (("unit", unit), ("actual_on", done_on)):
        cells += [(number, key, value) for number in owners if value]
    set_values(connection, cells)
    return notes


def _put_off(
    connection: Connection, owners: Mapping[int, int], days: int, *, following: bool
) -> tuple[dict[int, str | None], list[Text]]:
    """Milestone → its new planned day, of those named by their ids (each with its project) and those that wait for them."""
    working = calendar(connection)
    moved: dict[int, str | None] = {}
    notes: dict[Text, None] = {}
    for some in bulk.chunks(sorted(set(owners.values()))):
        for bars in _bars(connection, some).values():
            keys = {one.stone.key for one in bars if one.id in owners}
            found = schedule.put_off([one.stone for one in bars], keys, days, working, following=following)
            pairs = zip(bars, found.stones, strict=True)
            moved |= {one.id: new.planned for one, new in pairs if one.stone.planned != new.planned}
            notes |= dict.fromkeys(found.notes)
    return moved, list(notes)
