"""What the demonstration district did about its projects under construction: task forces, plans, fortnightly meetings.

Recorded in July from the lists that the office kept until then; everything carries the days on which it happened.
"""

from __future__ import annotations

import datetime as dt
from random import Random
from typing import Any

from sqlalchemy import Connection, select

from db.core.book import Book
from db.core.moments import ZONE
from db.core.text import _
from db.core.updating import update_column
from db.five_ones import meetings, reading, service
from db.five_ones.models import milestone
from db.five_ones.rules import RED_SLIP, YELLOW_SLIP
from db.people.models import DEPARTMENT
from db.people.queries import units
from db.people.service import add_person
from db.projects import service as projects
from db.projects.models import planned_date, project

_HEADS = ("程永强", "方晓东", "徐立新", "丁文斌", "许静", "汪海燕", "曹建军", "秦勇")
_OFFICERS = ("卫东明", "叶青", "钱进", "余婷", "谢军", "任丽", "邵杰", "蒋敏")
_DUTIES = ("土地手续", "规划施工许可", "环评能评", "水电气保障", "资金到位")
_DECIDED = (
    "10个工作日内出具规划条件", "协调供电公司完成临时用电接入", "督促施工单位加快主体施工", "完成消防设计审查", "落实首期资金到位",
)  # fmt: skip
_JUNE = "2024-06-30"


def tell(book: Book, seed: int) -> None:
    """Write it into the book, as operations of 10 July."""
    rng = Random(seed)  # noqa: S311 - invented data, not secrets
    with book.write(_("Import {file}", file="五个一专班名单.xlsx"), at=_at(17, 0)) as connection:
        building = _building(connection)
        heads, officers = _people(connection)
        for place, row in enumerate(building):
            _set_up(connection, row, place, heads, officers, rng)
    with book.write(_("Import {file}", file="项目推进节点计划.xlsx"), at=_at(17, 20)) as connection:
        for place, row in enumerate(building):
            if place % 9 != 7:
                _plan(connection, row, rng, stands_still=place % 10 == 4)
    with book.write(_("Record talks and rules of the lights"), at=_at(17, 30)) as connection:
        _talks(connection)
        _starts(connection)
        _stewards(connection, heads)
        service.save_preset(connection, "statistics", None)  # this office keeps no days of entry in its ledger
        service.save_preset(connection, "weinan-2022", None)  # nor the money of each project before this year
    with book.write(_("Record the scheduling meetings of the half-year"), at=_at(17, 40)) as connection:
        _meetings(connection, [row.id for row in building], heads, rng)


def _at(hour: int, minute: int) -> dt.datetime:
    return dt.datetime(2024, 7, 10, hour, minute, tzinfo=ZONE)


def _building(connection: Connection) -> list[Any]:
    ids = sorted(reading.completeness_of(connection, day=_JUNE))
    of = project.c
    query = select(of.id, of.land_use, of.signed_on, of.began_on, of.leader, of.department)
    return list(connection.execute(query.where(of.id.in_(ids)).order_by(of.began_on.desc(), of.id)))


def _people(connection: Connection) -> tuple[dict[int, int], dict[int, int]]:
    """Department → its head, and its liaison officer."""
    departments = units(connection, [DEPARTMENT])
    heads, officers = {}, {}
    for one, head, officer in zip(departments, _HEADS, _OFFICERS, strict=False):
        heads[one.id] = add_person(connection, head, title="局长", unit_id=one.id)
        officers[one.id] = add_person(connection, officer, title="科长", unit_id=one.id)
    return heads, officers


def _set_up(
    connection: Connection, row: Any, place: int, heads: dict[int, int], officers: dict[int, int], rng: Random
) -> None:
    """Who leads; a few projects have no task force yet, one has no leader."""
    since = (dt.date.fromisoformat(row.began_on) + dt.timedelta(days=5)).isoformat()
    if place == 3:
        update_column(connection, project, "leader", [(row.id, None)])
    elif row.leader is not None:
        service.assign(connection, [row.id], "leader", row.leader, since=since)
    service.assign(connection, [row.id], "responsible", heads[row.department], since=since)
    service.assign(connection, [row.id], "liaison", officers[row.department], since=since)
    if place % 8 != 5:
        others = rng.sample(sorted(officers.values()), k=rng.randrange(3, 6))
        members = {who: _DUTIES[at % len(_DUTIES)] for at, who in enumerate(others)}
        service.set_task_force(connection, row.id, heads[row.department], members, since=since)


def _plan(connection: Connection, row: Any, rng: Random, *, stands_still: bool) -> None:
    """The plan from the day of signing, moved to the real start; what was due is done, some of it late, some not yet."""
    template = "floors" if row.land_use == "floors" else "land"
    key = "fitting" if template == "floors" else "start"
    service.apply_template(connection, [row.id], template, start=row.signed_on or row.began_on)
    of = milestone.c
    start = connection.execute(select(of.id, of.actual_on).where(of.project == row.id, of.key == key)).one()
    update_column(connection, milestone, "actual_on", [(start.id, None)])
    service.replan(connection, start.id, row.began_on)
    late = rng.random() < 0.25
    done = []
    for stone in connection.execute(select(of.id, of.key, of.planned_on, of.position).where(of.project == row.id)):
        planned = dt.date.fromisoformat(stone.planned_on)
        if stone.id == start.id:
            done.append((stone.id, row.began_on))
        elif stone.planned_on <= row.began_on and stone.key != "upscaling":
            done.append((stone.id, min(stone.planned_on, row.began_on)))
        elif stone.planned_on <= _JUNE and not stands_still and not (late and stone.planned_on > "2024-04-01"):
            actual = planned + dt.timedelta(days=rng.randrange(-4, 9))
            done.append((stone.id, min(actual.isoformat(), _JUNE)))
    update_column(connection, milestone, "actual_on", done)


def _talks(connection: Connection) -> None:
    """When the projects under negotiation were last talked to: most in June, a few asleep."""
    of = project.c
    ids = list(connection.scalars(select(of.id).where(of.stage == "negotiating").order_by(of.id)))
    days = [
        f"2024-0{(3, 6, 6, 6, 6, 6, 4, 6, 6, 6, 6, 6)[place % 12]}-{place % 20 + 5:02d}" for place in range(len(ids))
    ]
    update_column(connection, project, "last_contact_on", list(zip(ids, days, strict=True)))


def _starts(connection: Connection) -> None:
    """The start of what stands still for no reason of its own is planned anew for the autumn; of the others it is late."""
    of, plan = project.c, planned_date.c
    query = select(of.id).join(planned_date, (plan.project == of.id) & (plan.stage == "started"))
    late = query.where(
        of.stage == "signed", plan.planned_on < "2024-06", of.not_started_reason.in_(("normal", "replanning"))
    )
    for place, number in enumerate(connection.scalars(late.order_by(of.id)).all()):
        projects.plan(connection, number, "started", f"2024-{8 + place % 4:02d}-{place % 20 + 5:02d}")


def _stewards(connection: Connection, heads: dict[int, int]) -> None:
    """The head of the department is the contact of most projects under negotiation."""
    of = project.c
    query = select(of.id, of.department, of.negotiating_on).where(of.stage == "negotiating").order_by(of.id)
    for place, row in enumerate(connection.execute(query).all()):
        if place % 7 != 3 and row.department in heads:
            service.assign(
                connection, [row.id], "responsible", heads[row.department], since=row.negotiating_on or _JUNE
            )


def _meetings(connection: Connection, building: list[int], heads: dict[int, int], rng: Random) -> None:
    """第1次 to 第13次 of the half-year, every two weeks; the fourteenth is planned."""
    series = meetings.add_series(connection, "双周调度会", first_on="2024-01-12", place="区政府三楼会议室")
    owners = sorted(heads)
    day = "2024-01-12"
    for at in range(13):
        number, _notes = meetings.plan_next(connection, series, today=day)
        day = str(meetings.day_of(connection, number))
        some = [building[(at * 5 + step) % len(building)] for step in range(8)]
        if at >= 11:
            some = [one for place, one in enumerate(building) if place % 7 != 2 and place % 4 != at % 2]
        names = reading.names(connection, some)
        items = [meetings.Proposed(one, names[one], ("light",), (_("Report"),)) for one in some]
        meetings.set_agenda(connection, number, items)
        meetings.hold(connection, number, on=day, minutes=f"第{at + 1}次调度会听取了{len(items)}个项目情况。")
        for step in range(2):
            due = (dt.date.fromisoformat(day) + dt.timedelta(days=14)).isoformat()
            made = meetings.decide(
                connection, rng.choice(_DECIDED), on=day, meeting_id=number, project_id=some[step], due=due,
                unit=rng.choice(owners),
            )  # fmt: skip
            if at < 11 and (at, step) != (8, 1):
                meetings.close(connection, made, on=due, evidence="办理情况报告")
            elif at == 8:
                meetings.step(connection, made, YELLOW_SLIP, on="2024-05-20")
                meetings.step(connection, made, RED_SLIP, on="2024-06-11")
    meetings.plan_next(connection, series, today=day)
