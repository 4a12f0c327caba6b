"""What is due at 今日: steps, plans, reminders and signings whose day has passed or comes this week, and what stands still.

Nothing is ever marked as read: a line goes when the thing is done, or planned for another day.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, false, func, or_, select

from db.core import settings
from db.core.period import Period
from db.core.settings import Setting, register
from db.core.text import Text, _
from db.five_ones import reading
from db.five_ones.models import RED, YELLOW, milestone, used
from db.overview.behind import Rows
from db.overview.measures import Basis
from db.people.models import person, unit
from db.projects.models import ACTIVE, planned_date, progress_entry, project
from db.projects.stages import later_than, stages

STEP, REMINDER, PLAN, SIGNING, MILESTONE = "step", "reminder", "plan", "signing", "milestone"
OVERDUE, TODAY, WEEK = "overdue", "today", "week"
STILL_DAYS = "today.still_days"
MOST = 1_000  # lines of each kind; a book of a hundred thousand projects has more than anybody reads

Where = ColumnElement[bool] | None  # which projects; None: all

register(Setting(STILL_DAYS, _("Days without news after which a project counts as standing still"), "30"))


@dataclass(frozen=True)
class Due:
    """One thing to do. day: ISO; late: days after it, negative before. stage: the one a plan or a signing is about.

    milestone: its id, where it is about one.
    """

    kind: str
    project: int
    name: str
    day: str
    late: int
    what: Text | str
    place: str = ""
    who: str = ""
    stage: str = ""
    milestone: int = 0

    @property
    def group(self) -> str:
        """Whether its day has passed, is today or comes this week."""
        return OVERDUE if self.late > 0 else TODAY if self.late == 0 else WEEK


@dataclass(frozen=True)
class Still:
    """Projects that stand still, for one reason; days: how long the longest, where it is known."""

    key: str
    sentence: Text
    ids: tuple[int, ...]


@dataclass(frozen=True)
class Todo:
    """What is to be done: single things by their day, the longest overdue first, and what stands still."""

    due: tuple[Due, ...]
    still: tuple[Still, ...]

    def of(self, group: str) -> tuple[Due, ...]:
        """The things of a group."""
        return tuple(one for one in self.due if one.group == group)


def todo(connection: Connection, today: str, *, whose: str = "", of_unit: str = "") -> Todo:
    """What is due until the end of the week of `today`.

    whose: only projects led or looked after by this person. of_unit: only those of this department or place.
    """
    where = _where(whose, of_unit)
    found = sorted(_due(connection, today, week_end(today), where), key=lambda one: (one.day, one.kind, one.project))
    chosen = settings.get_all(connection)
    still = [one for one in (find(connection, today, where, chosen) for find in (_stuck, _silent)) if one is not None]
    return Todo(tuple(found), tuple(still))


def watched(connection: Connection, today: str, *, whose: str = "", of_unit: str = "") -> tuple[Still, ...]:
    """Lights that are on, and projects under construction that lack some of the five ones; apart, as it takes longer."""
    return tuple(_ones(connection, today, _where(whose, of_unit)))


def _where(whose: str, of_unit: str) -> Where:
    return _mine(whose) if whose else _of_unit(of_unit) if of_unit else None


def due_now(connection: Connection, today: str, whose: str) -> tuple[Due, ...]:
    """The things of a person that are due today or overdue."""
    return tuple(_due(connection, today, today, _mine(whose)))


def unit_of(connection: Connection, name: str) -> str:
    """The department or place in which a person of this name works, "" where the book does not know it."""
    query = select(unit.c.name).join(person, person.c.unit == unit.c.id).where(person.c.name == name)
    return connection.scalar(query.order_by(person.c.id).limit(1)) or ""


def _due(connection: Connection, today: str, until: str, where: Where) -> Iterator[Due]:
    for source in (_steps, _reminders, _plans, _signings, _milestones):
        yield from source(connection, today, until, where)


def week_end(today: str) -> str:
    """The Sunday of a day's week."""
    day = dt.date.fromisoformat(today)
    return (day + dt.timedelta(days=6 - day.weekday())).isoformat()


_street, _department = unit.alias("street"), unit.alias("department")


def _asked(*columns: Any, where: Where) -> Select[Any]:
    """Projects that go on, with who answers for them."""
    of = project.c
    around = (
        project.outerjoin(_street, _street.c.id == of.street)
        .outerjoin(_department, _department.c.id == of.department)
        .outerjoin(person, person.c.id == of.leader)
    )
    query = select(
        of.id, of.name, _street.c.name.label("place"), _department.c.name.label("unit"), of.liaison,
        person.c.name.label("leader"), *columns,
    ).select_from(around)  # fmt: skip
    return query.where(of.status == ACTIVE, *([] if where is None else [where]))


def _mine(whose: str) -> ColumnElement[bool]:
    led = select(person.c.id).where(person.c.name == whose).scalar_subquery()
    return or_(project.c.liaison == whose, project.c.leader == led)


def _of_unit(name: str) -> ColumnElement[bool]:
    """Of its projects it is the department or the place, or one of its people leads or looks after them."""
    own = select(unit.c.id).where(unit.c.name == name).scalar_subquery()
    people = person.c.unit == own
    return or_(
        project.c.department == own,
        project.c.street == own,
        project.c.leader.in_(select(person.c.id).where(people)),
        project.c.liaison.in_(select(person.c.name).where(people)),
    )


def _made(row: Any, kind: str, day: str, today: str, what: Text | str, stage: str = "") -> Due:
    late = (dt.date.fromisoformat(today) - dt.date.fromisoformat(day)).days
    who = row.liaison or row.unit or row.leader or ""
    return Due(kind, row.id, row.name, day, late, what, row.place or "", who, stage)


def _steps(connection: Connection, today: str, until: str, where: Where) -> Iterator[Due]:
    of = project.c
    query = _asked(of.next_step, of.next_step_due.label("day"), where=where).where(of.next_step_due <= until)
    for row in connection.execute(query.order_by(of.next_step_due, of.id).limit(MOST)):
        yield _made(row, STEP, row.day, today, row.next_step or _("Next step"))


def _reminders(connection: Connection, today: str, until: str, where: Where) -> Iterator[Due]:
    of = project.c
    query = _asked(of.next_step, of.reminder_on.label("day"), where=where).where(of.reminder_on <= until)
    for row in connection.execute(query.order_by(of.reminder_on, of.id).limit(MOST)):
        yield _made(row, REMINDER, row.day, today, row.next_step or _("Reminder"))


def _plans(connection: Connection, today: str, until: str, where: Where) -> Iterator[Due]:
    of, plan, known = project.c, planned_date.c, stages()
    not_yet = or_(
        false(), *(and_(plan.stage == key, of.stage.not_in([key, *later_than(key)])) for key in known)
    )  # fmt: skip
    query = _asked(plan.stage.label("planned"), plan.planned_on.label("day"), where=where)
    query = query.join(planned_date, plan.project == of.id).where(plan.planned_on <= until, not_yet)
    for row in connection.execute(query.order_by(plan.planned_on, plan.id).limit(MOST)):
        what = _("Plan: {stage}", stage=known[row.planned].label)
        yield _made(row, PLAN, row.day, today, what, row.planned)


def _signings(connection: Connection, today: str, until: str, where: Where) -> Iterator[Due]:
    """A month is over when its last day has passed."""
    of = project.c
    query = _asked(of.expected_signing.label("month"), where=where)
    query = query.where(of.expected_signing <= until[:7], of.signed_on.is_(None))
    for row in connection.execute(query.order_by(of.expected_signing, of.id).limit(MOST)):
        day = _last_day(row.month)
        if day <= until:
            yield _made(row, SIGNING, day, today, _("Expected to be signed in {month}", month=row.month), "signed")


def _milestones(connection: Connection, today: str, until: str, where: Where) -> Iterator[Due]:
    of = milestone.c
    query = _asked(of.id.label("stone"), of.name.label("what"), of.planned_on.label("day"), where=where)
    query = query.join(milestone, of.project == project.c.id).where(of.planned_on <= until, of.actual_on.is_(None))
    for row in connection.execute(query.order_by(of.planned_on, of.id).limit(MOST)):
        yield replace(_made(row, MILESTONE, row.day, today, row.what), milestone=row.stone)


def _ones(connection: Connection, today: str, where: Where) -> Iterator[Still]:
    if not used(connection):
        return
    lit = {RED: list[int](), YELLOW: list[int]()}
    for number, light in reading.lights(connection, day=today).items():
        if light.colour in lit:
            lit[light.colour].append(number)
    said = {RED: _("{count} projects with a red light"), YELLOW: _("{count} projects with a yellow light")}
    for colour, found in lit.items():
        ids = _among(connection, found, where)
        if ids:
            yield Still(f"lights.{colour}", Text(said[colour].key, {"count": len(ids)}), tuple(ids))
    lacking = [number for number, one in reading.completeness_of(connection, day=today).items() if one.missing]
    ids = _among(connection, lacking, where)
    if ids:
        name = settings.get(connection, "five_ones.name")
        yield Still("ones", _("{count} projects lack some of “{name}”", count=len(ids), name=name), tuple(ids))


def _last_day(month: str) -> str:
    year, number = int(month[:4]), int(month[5:7])
    return f"{month[:7]}-{calendar.monthrange(year, number)[1]:02d}"


def _stuck(connection: Connection, today: str, where: Where, chosen: Mapping[str, str]) -> Still | None:
    """Signed long ago and not started, by the same rule as the figure, until today."""
    basis = Basis.of(connection, chosen=chosen)
    period = Period(f"{today[:4]}-01-01", today, f"{today[:4]}-01-01..{today}", None, chosen["month.cut"])
    ids = _among(connection, list(Rows(connection, basis, period).of(("stuck.signed",))), where)
    if not ids:
        return None
    said = _(
        "{count} projects signed {months} months ago or more and not started",
        count=f"{len(ids):,}",
        months=basis.stuck_months,
    )
    return Still("stuck", said, tuple(ids))


def _silent(connection: Connection, today: str, where: Where, chosen: Mapping[str, str]) -> Still | None:
    """In talks, signed or under construction, and without a line of progress for long."""
    days = int(chosen[STILL_DAYS])
    since = (dt.date.fromisoformat(today) - dt.timedelta(days=days)).isoformat()
    of, log = project.c, progress_entry.c
    newest = select(log.project, func.max(log.on_day).label("day")).group_by(log.project).subquery()
    last = func.coalesce(newest.c.day, of.signed_on, of.negotiating_on)
    query = select(of.id).select_from(project.outerjoin(newest, newest.c.project == of.id))
    query = query.where(of.status == ACTIVE, of.produced_on.is_(None), last < since)
    if where is not None:
        query = query.where(where)
    ids = list(connection.scalars(query.order_by(last, of.id)))
    if not ids:
        return None
    said = _("{count} projects without news for {days} days", count=f"{len(ids):,}", days=days)
    return Still("silent", said, tuple(ids))


def _among(connection: Connection, ids: Sequence[int], where: Where) -> list[int]:
    if where is None:
        return sorted(ids)
    wanted = set(connection.scalars(select(project.c.id).where(where)))
    return sorted(one for one in ids if one in wanted)
