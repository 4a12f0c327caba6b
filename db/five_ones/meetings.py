"""Meetings in series (第N次调度会), their agenda, minutes and decisions, and what becomes of the decisions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, delete, func, select, update

from db.core import bulk, settings
from db.core.calendar import calendar
from db.core.errors import Refused
from db.core.text import Text, _
from db.five_ones import reading, rules
from db.five_ones.lights import Light
from db.five_ones.models import (
    CLOSED,
    RED,
    STEP,
    YELLOW,
    agenda_item,
    decision,
    decision_step,
    meeting,
    meeting_series,
)
from db.projects.models import ACTIVE, project

FORTNIGHT = 14


@dataclass(frozen=True)
class Proposed:
    """One line that an agenda should have: why, in one place for all reasons. kinds: light, overdue, decision, missing."""

    project: int | None
    name: str
    kinds: tuple[str, ...]
    reasons: tuple[Text, ...]


@dataclass(frozen=True)
class Decision:
    """A decision with what became of it. slip: what is to be sent today, "" where nothing is."""

    id: int
    project: int | None
    text: str
    unit: int | None
    person: int | None
    decided_on: str
    due_on: str | None
    closed_on: str | None
    evidence: str | None
    kinds: tuple[str, ...] = ()
    slip: str = ""

    @property
    def open(self) -> bool:
        """Whether it is still to be done."""
        return self.closed_on is None


def add_series(
    connection: Connection, name: str, *, every_days: int = FORTNIGHT, first_on: str | None = None,
    place: str | None = None, chair: int | None = None,
) -> int:  # fmt: skip
    """A series of meetings; fortnightly unless said."""
    if not name.strip():
        raise Refused(fields={"name": _("A series of meetings needs a name.")})
    if every_days < 1:
        raise Refused(fields={"every_days": _("A series needs at least one day between two meetings.")})
    (new,) = bulk.take_ids(connection, meeting_series, 1)
    row = {
        "id": new,
        "name": name.strip(),
        "every_days": every_days,
        "first_on": first_on,
        "place": place,
        "chair": chair,
    }
    connection.execute(meeting_series.insert().values(row))
    return int(new)


def plan_next(connection: Connection, series: int, *, today: str, on: str | None = None) -> tuple[int, list[Text]]:
    """The next meeting of a series: by its rhythm, or on a day; off a day on which nobody works. Gives id and notes."""
    row = connection.execute(select(meeting_series).where(meeting_series.c.id == series)).one()
    of, days = meeting.c, calendar(connection)
    last = connection.execute(
        select(of.number, func.coalesce(of.held_on, of.planned_on))
        .where(of.series == series)
        .order_by(of.number.desc())
        .limit(1)
    ).one_or_none()
    number = 1 if last is None else last[0] + 1
    if on is not None:
        wanted, note = rules.off_holiday(days, dt.date.fromisoformat(on))
    elif last is None or last[1] is None:
        wanted, note = rules.off_holiday(days, dt.date.fromisoformat(row.first_on or today))
    else:
        wanted, note = rules.next_meeting(days, dt.date.fromisoformat(last[1]), row.every_days)
    (new,) = bulk.take_ids(connection, meeting, 1)
    values = {
        "id": new, "series": series, "number": number, "planned_on": wanted.value.isoformat(), "place": row.place,
        "chair": row.chair,
    }  # fmt: skip
    connection.execute(meeting.insert().values(values))
    return int(new), [one for one in (note, wanted.note) if one is not None]


def move(connection: Connection, number: int, on: str) -> list[Text]:
    """Put a meeting on another day; off a day on which nobody works. Gives the notes."""
    wanted, note = rules.off_holiday(calendar(connection), dt.date.fromisoformat(on))
    connection.execute(update(meeting).where(meeting.c.id == number).values(planned_on=wanted.value.isoformat()))
    return [one for one in (note, wanted.note) if one is not None]


def day_of(connection: Connection, number: int) -> str | None:
    """The day on which a meeting was held, or for which it is planned."""
    of = meeting.c
    found: str | None = connection.scalar(select(func.coalesce(of.held_on, of.planned_on)).where(of.id == number))
    return found


def propose(connection: Connection, *, day: str) -> list[Proposed]:
    """What an agenda should have: red and yellow lights, overdue milestones, open decisions, what is missing.

    One line a project, the worst first; decisions without a project come last, each a line of its own.
    """
    found: dict[int, list[tuple[str, Text]]] = {}
    lights = reading.lights(connection, day=day)
    for number, light in lights.items():
        if light.colour in (RED, YELLOW):
            found.setdefault(number, []).append(("light", reading.light_words(light)))
    for late in reading.overdue(connection, day=day):
        words = _("{name} was planned for {day}", name=late.name, day=late.planned)
        found.setdefault(late.project, []).append(("overdue", words))
    alone = []
    for one in decisions(connection, day=day):
        if one.open and one.project is not None:
            found.setdefault(one.project, []).append(("decision", Text(one.text)))
        elif one.open:
            alone.append(Proposed(None, "", ("decision",), (Text(one.text),)))
    for number, ones in reading.completeness_of(connection, day=day).items():
        for words in ones.missing.values():
            found.setdefault(number, []).append(("missing", words))
    names = reading.names(connection, list(found))
    rank = {RED: 0, YELLOW: 1}
    order = sorted(found, key=lambda number: (_rank(lights, number, rank), -len(found[number]), number))
    made = [
        Proposed(
            number,
            names[number],
            tuple(dict.fromkeys(kind for kind, _why in found[number])),
            tuple(why for _kind, why in found[number]),
        )
        for number in order
        if number in names
    ]
    return [*made, *alone]


def _rank(lights: dict[int, Light], number: int, rank: dict[str, int]) -> int:
    light = lights.get(number)
    return rank.get(light.colour, 2) if light is not None else 2


def set_agenda(connection: Connection, number: int, items: Sequence[Proposed]) -> None:
    """The agenda of a meeting in this order; what was minuted about a project stays with it."""
    of = agenda_item.c
    kept = {
        row.project: row.minutes
        for row in connection.execute(select(of.project, of.minutes).where(of.meeting == number))
    }
    connection.execute(delete(agenda_item).where(of.meeting == number))
    rows = [
        (
            number,
            one.project,
            place,
            "、".join(one.kinds),
            "；".join(why.render("zh") for why in one.reasons),
            kept.get(one.project),
        )
        for place, one in enumerate(items)
    ]
    bulk.insert(connection, agenda_item, ("meeting", "project", "position", "kind", "text", "minutes"), rows)


def hold(
    connection: Connection, number: int, *, on: str, attendees: str | None = None, minutes: str | None = None
) -> None:
    """Minute a meeting that took place."""
    changed = {"held_on": on, "attendees": attendees, "minutes": minutes}
    connection.execute(update(meeting).where(meeting.c.id == number).values(changed))


def minute(connection: Connection, number: int, project_id: int | None, text: str) -> None:
    """What was said about one item of the agenda."""
    of = agenda_item.c
    same = of.project.is_(None) if project_id is None else of.project == project_id
    if not connection.execute(update(agenda_item).where(of.meeting == number, same).values(minutes=text)).rowcount:
        place = connection.scalar(select(func.max(of.position)).where(of.meeting == number))
        row = {"meeting": number, "project": project_id, "position": (place or 0) + 1, "kind": "", "minutes": text}
        connection.execute(agenda_item.insert().values(row))


# --- decisions -------------------------------------------------------------------------------------------------------


def decide(
    connection: Connection, text: str, *, on: str, meeting_id: int | None = None, project_id: int | None = None,
    unit: int | None = None, person: int | None = None, due: str | None = None,
) -> int:  # fmt: skip
    """A decision: what is to be done, by whom, until when."""
    if not text.strip():
        raise Refused(fields={"text": _("Write what was decided.")})
    if due is not None and due < on:
        raise Refused(fields={"due_on": _("The deadline lies before the decision. Nothing was changed.")})
    (new,) = bulk.take_ids(connection, decision, 1)
    row = {
        "id": new, "meeting": meeting_id, "project": project_id, "text": text.strip(), "unit": unit, "person": person,
        "decided_on": on, "due_on": due,
    }  # fmt: skip
    connection.execute(decision.insert().values(row))
    return int(new)


def decisions(
    connection: Connection, *, day: str, ids: Sequence[int] | None = None, project_id: int | None = None
) -> list[Decision]:
    """Decisions as they stood on a day, those due first, with what is to be sent about them."""
    of, steps = decision.c, decision_step.c
    query = select(decision).where(of.decided_on <= day).order_by(func.coalesce(of.due_on, "9999"), of.id)
    if project_id is not None:
        query = query.where(of.project == project_id)
    if ids is not None:
        query = query.where(of.id.in_(ids))
    sent: dict[int, list[str]] = {}
    for row in connection.execute(select(steps.decision, steps.kind).where(steps.on_day <= day).order_by(steps.id)):
        sent.setdefault(row.decision, []).append(row.kind)
    found = []
    for row in connection.execute(query):
        closed = row.closed_on if row.closed_on is not None and row.closed_on <= day else None
        kinds = tuple(sent.get(row.id, ()))
        slip = rules.next_slip(due=row.due_on, closed=closed, kinds=kinds, today=day)
        found.append(
            Decision(
                row.id,
                row.project,
                row.text,
                row.unit,
                row.person,
                row.decided_on,
                row.due_on,
                closed,
                row.evidence,
                kinds,
                slip,
            )
        )
    return found


def step(connection: Connection, number: int, kind: str, *, on: str, text: str | None = None) -> str:
    """Record that a reminder or slip was sent, or what was reported; gives the number that a slip bears."""
    if kind not in {key for key, _label in STEP.options} - {CLOSED}:
        raise Refused(fields={"kind": _("There is no such step.")})
    mark = _slip_number(connection, on) if kind in (rules.YELLOW_SLIP, rules.RED_SLIP) else None
    row = {"decision": number, "kind": kind, "on_day": on, "text": text, "number": mark}
    connection.execute(decision_step.insert().values(row))
    return mark or ""


def _slip_number(connection: Connection, on: str) -> str:
    of = decision_step.c
    year = on[:4]
    sent = connection.scalar(select(func.count()).where(of.number.is_not(None), of.on_day.startswith(year))) or 0
    pattern = settings.get(connection, "supervision.number")
    return pattern.replace("{year}", year).replace("{number}", str(sent + 1))


def close(connection: Connection, number: int, *, on: str, evidence: str | None) -> None:
    """A decision is done; refused without evidence."""
    if not (evidence or "").strip():
        raise Refused(
            fields={"evidence": _("Say what proves it: a document, a photograph, a day. Nothing was changed.")}
        )
    connection.execute(update(decision).where(decision.c.id == number).values(closed_on=on, evidence=evidence))
    connection.execute(decision_step.insert().values(decision=number, kind=CLOSED, on_day=on, text=evidence))


def reminders(connection: Connection, *, day: str) -> list[rules.Notice]:
    """Who is to be told today: of what is missing in the five ones. Units and liaison officers, never leaders."""
    from db.people.models import unit
    from db.people.queries import leaders

    lacking = {number: one for number, one in reading.completeness_of(connection, day=day).items() if one.missing}
    of = project.c
    query = select(of.id, of.name, unit.c.name, of.liaison).select_from(
        project.outerjoin(unit, unit.c.id == of.department)
    )
    chiefs = {one.name for one in leaders(connection)}
    found: list[rules.Notice] = []
    for number, name, owner, liaison in connection.execute(query.where(of.status == ACTIVE).order_by(of.id)):
        if number in lacking:
            found += rules.notices(name, lacking[number].missing, unit=owner, liaison=liaison, leaders=chiefs)
    return found
