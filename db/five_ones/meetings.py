"""Meetings in series (第N次调度会), their agenda, minutes and decisions, and what becomes of the decisions."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, delete, func, select, update

from db.core import bulk
from db.core.calendar import calendar
from db.core.errors import Refused
from db.core.text import Text, _, text_from_json
from db.five_ones import reading, rules
from db.five_ones.models import (
    CLOSED,
    RED,
    STEP,
    YELLOW,
    YELLOW_SLIP,
    agenda_item,
    decision,
    decision_step,
    meeting,
    meeting_series,
)
from db.people import supervision
from db.projects.flow import days
from db.projects.models import ACTIVE, project

FORTNIGHT = 14
_SAID = 40  # characters of a decision that an agenda repeats

# Why something is on an agenda, the most urgent first.
KINDS: Mapping[str, Text] = {
    "decision": _("Decision open"),
    "light": _("Red light"),
    "overdue": _("Overdue"),
    "yellow": _("Yellow light"),
    "missing": _("Incomplete"),
}


@dataclass(frozen=True)
class Proposed:
    """One line that an agenda should have: why, in one place for all reasons.

    kinds: of `KINDS`, the most urgent first.
    """

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
    rules.must_come_round(every_days)
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
    """Put a meeting on another day; off a day on which nobody works. Gives the notes. One that was held stays."""
    held = connection.scalar(select(meeting.c.held_on).where(meeting.c.id == number))
    if held is not None:
        raise Refused(fields={"planned_on": _("The meeting was held on {day}; its day stays.", day=held)})
    wanted, note = rules.off_holiday(calendar(connection), dt.date.fromisoformat(on))
    connection.execute(update(meeting).where(meeting.c.id == number).values(planned_on=wanted.value.isoformat()))
    return [one for one in (note, wanted.note) if one is not None]


def remove(connection: Connection, number: int) -> None:
    """Delete a meeting that was planned, with its agenda; refused where something was decided or minuted."""
    of = meeting.c
    held = connection.scalar(select(of.held_on).where(of.id == number))
    decided = connection.scalar(select(func.count()).where(decision.c.meeting == number)) or 0
    items = agenda_item.c
    minuted = select(func.count()).where(items.meeting == number, items.minutes.is_not(None))
    if decided:
        raise Refused(_("The meeting decided {count} matters, so it stays. Nothing was changed.", count=decided))
    if held is not None or connection.scalar(minuted):
        raise Refused(_("There are minutes of this meeting, so it stays. Nothing was changed."))
    connection.execute(delete(agenda_item).where(items.meeting == number))
    connection.execute(delete(meeting).where(of.id == number))


def day_of(connection: Connection, number: int) -> str | None:
    """The day on which a meeting was held, or for which it is planned."""
    of = meeting.c
    found: str | None = connection.scalar(select(func.coalesce(of.held_on, of.planned_on)).where(of.id == number))
    return found


def propose(connection: Connection, *, day: str) -> list[Proposed]:
    """What an agenda should have, the most urgent first, one line a project with all its reasons.

    What earlier meetings decided and is not done comes first, then red lights, overdue milestones, yellow lights, what
    is missing of the five ones; of one kind those with more kinds, then those of longest standing.
    """
    found: dict[int, list[tuple[str, str, Text]]] = {}  # project → kind, since when, why
    alone = []
    for one in decisions(connection, day=day):
        if one.open and one.project is not None:
            found.setdefault(one.project, []).append(("decision", one.due_on or "9999", _still_open(one, day)))
        elif one.open:
            alone.append(Proposed(None, "", ("decision",), (Text(one.text),)))
    for number, light in reading.lights(connection, day=day).items():
        if light.colour in (RED, YELLOW):
            kind = "light" if light.colour == RED else "yellow"
            found.setdefault(number, []).append((kind, light.since or "9999", reading.light_since(light)))
    for number, late in _late(connection, day).items():
        found.setdefault(number, []).append(("overdue", late[0].planned, _overdue_words(late, day)))
    for number, ones in reading.completeness_of(connection, day=day).items():
        for words in ones.missing.values():
            found.setdefault(number, []).append(("missing", "9999", words))
    names = reading.names(connection, list(found))
    urgent = list(KINDS)

    def urgency(number: int) -> tuple[int, int, str, int]:
        first, since, _why = min(found[number], key=lambda one: (urgent.index(one[0]), one[1]))
        return urgent.index(first), -len({kind for kind, _since, _words in found[number]}), since, number

    made = [
        Proposed(
            number, names[number], tuple(dict.fromkeys(kind for kind, _since, _why in found[number])),
            tuple(why for _kind, _since, why in found[number]),
        )
        for number in sorted(found, key=urgency) if number in names
    ]  # fmt: skip
    decided = sum(1 for one in made if "decision" in one.kinds)
    return [*made[:decided], *alone, *made[decided:]]


def _still_open(one: Decision, day: str) -> Text:
    """A decision that is not done, as the reason for an agenda."""
    said = " ".join(one.text.split())
    text = said if len(said) <= _SAID else f"{said[: _SAID - 1]}…"
    if one.due_on is None:
        return _("Decided and not done: {text}", text=text)
    late = days(one.due_on, day) or 0
    if late > 0:
        return _("Decided and not done: {text} ({days} days overdue)", text=text, days=late)
    return _("Decided and not done: {text} (due {day})", text=text, day=one.due_on)


def _late(connection: Connection, day: str) -> dict[int, list[reading.Overdue]]:
    """Project → its overdue milestones, the oldest first."""
    found: dict[int, list[reading.Overdue]] = {}
    for one in reading.overdue(connection, day=day):
        found.setdefault(one.project, []).append(one)
    return found


def _overdue_words(late: Sequence[reading.Overdue], day: str) -> Text:
    first = late[0]
    most = days(first.planned, day)
    if len(late) == 1:
        return _("{name} is {days} days overdue (planned for {day})", name=first.name, days=most, day=first.planned)
    return _("{count} milestones overdue, the longest {days} days: {name}", count=len(late), days=most, name=first.name)


def set_agenda(connection: Connection, number: int, items: Sequence[Proposed]) -> None:
    """The agenda of a meeting in this order; what was minuted about an item stays with it.

    Refused where an item that has minutes would go.
    """
    of = agenda_item.c
    before = connection.execute(select(of.project, of.text, of.minutes).where(of.meeting == number)).all()
    kept = {_about(row.project, row.text): row.minutes for row in before}
    wanted = {_about(one.project, _kept(one)) for one in items}
    lost = [row for row in before if row.minutes and _about(row.project, row.text) not in wanted]
    if lost:
        known = reading.names(connection, [row.project for row in lost if row.project is not None])
        named = [known.get(row.project, row.text or "") for row in lost]
        raise Refused(
            _("{names}: there are minutes about it, so it stays on the agenda. Nothing was changed.", names=named)
        )
    connection.execute(delete(agenda_item).where(of.meeting == number))
    rows = [
        (
            number,
            one.project,
            place,
            "、".join(one.kinds),
            _kept(one),
            kept.get(_about(one.project, _kept(one))),
        )
        for place, one in enumerate(items)
    ]
    bulk.insert(connection, agenda_item, ("meeting", "project", "position", "kind", "text", "minutes"), rows)


def _kept(one: Proposed) -> str:
    """What an item holds: the matter in its own words, or why a project is there, as sentences said where they are read."""
    if one.project is None or not one.reasons:
        return "；".join(why.render() for why in one.reasons)
    return json.dumps([json.loads(why.as_json()) for why in one.reasons], ensure_ascii=False)


def reasons_of(project_id: int | None, kept: str | None) -> tuple[Text, ...]:
    """The reasons that `set_agenda` kept; before it kept sentences it kept their Chinese."""
    if project_id is None:
        return (Text(kept or ""),)
    if (kept or "").startswith("[{"):
        return tuple(text_from_json(json.dumps(why)) for why in json.loads(kept or ""))
    return tuple(Text(why) for why in (kept or "").split("；") if why)


def _about(project_id: int | None, text: str | None) -> int | str:
    """What tells items of an agenda apart: the project, or the words where there is none."""
    return text or "" if project_id is None else project_id


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
    connection: Connection, *, day: str, ids: Sequence[int] | None = None, project_id: int | None = None,
    meeting_id: int | None = None,
) -> list[Decision]:  # fmt: skip
    """Decisions as they stood on a day, those due first, with what is to be sent about them."""
    of, steps = decision.c, decision_step.c
    query = select(decision).where(of.decided_on <= day).order_by(func.coalesce(of.due_on, "9999"), of.id)
    if project_id is not None:
        query = query.where(of.project == project_id)
    if meeting_id is not None:
        query = query.where(of.meeting == meeting_id)
    if ids is not None:
        query = query.where(of.id.in_(ids))
    sent: dict[int, dict[str, str]] = {}
    taken = select(steps.decision, steps.kind, steps.on_day).where(steps.on_day <= day).order_by(steps.id)
    for row in connection.execute(taken):
        sent.setdefault(row.decision, {})[row.kind] = row.on_day
    answered_by = rules.answered_by(calendar(connection), day)
    found = []
    for row in connection.execute(query):
        closed = row.closed_on if row.closed_on is not None and row.closed_on <= day else None
        of_one = sent.get(row.id, {})
        waits = of_one.get(YELLOW_SLIP, "") >= answered_by
        slip = rules.next_slip(due=row.due_on, closed=closed, kinds=of_one, today=day, waits=waits)
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
                tuple(of_one),
                slip,
            )
        )
    return found


def step(
    connection: Connection, number: int, kind: str, *, on: str, text: str | None = None, on_paper: bool = False
) -> str:
    """Record that a reminder or slip was sent, or what was reported; gives the number that a slip bears.

    on_paper: a reminder goes out as a blue slip, which is numbered as the yellow and red ones are.
    """
    if kind not in {key for key, _label in STEP.options} - {CLOSED}:
        raise Refused(fields={"kind": _("There is no such step.")})
    numbered = kind in (rules.YELLOW_SLIP, rules.RED_SLIP) or (kind == rules.REMINDED and on_paper)
    mark = supervision.next_number(connection, on) if numbered else None
    row = {"decision": number, "kind": kind, "on_day": on, "text": text, "number": mark}
    connection.execute(decision_step.insert().values(row))
    return mark or ""


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
    ones = reading.completeness_of(connection, day=day)
    return _notices(connection, {number: one.missing for number, one in ones.items() if one.missing})


def steward_reminders(connection: Connection, *, day: str) -> list[rules.Notice]:
    """As `reminders`, of the projects under negotiation: who is not named, and what has gone quiet."""
    from db.five_ones.matrix import stewards

    found = {}
    for one in stewards(connection, day=day):
        quiet = {stale.kind: stale.sentence for stale in one.stale}
        if one.lacks or quiet:
            found[one.project] = {**one.ones.missing, **quiet}
    return _notices(connection, found)


def _notices(connection: Connection, lacking: Mapping[int, Mapping[str, Text]]) -> list[rules.Notice]:
    from db.people.models import unit
    from db.people.queries import leaders

    of = project.c
    query = select(of.id, of.name, unit.c.name, of.liaison).select_from(
        project.outerjoin(unit, unit.c.id == of.department)
    )
    chiefs = {one.name for one in leaders(connection)}
    found: list[rules.Notice] = []
    for number, name, owner, liaison in connection.execute(query.where(of.status == ACTIVE).order_by(of.id)):
        if number in lacking:
            found += rules.notices(name, lacking[number], unit=owner, liaison=liaison, leaders=chiefs)
    return found
