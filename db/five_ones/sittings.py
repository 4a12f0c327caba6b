"""Meetings as a page shows them: series, what each meeting had, its agenda with minutes, what became of a decision."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, func, select, update

from db.core.errors import Refused
from db.core.text import Text, _
from db.five_ones import expressions as sql
from db.five_ones import meetings, reading, rules
from db.five_ones.meetings import Decision, Proposed, reasons_of
from db.five_ones.models import STEP, agenda_item, decision, decision_step, meeting, meeting_series
from db.people.models import person, unit


@dataclass(frozen=True)
class Series:
    """A series of meetings. chair: of whom it is said in `left` whether the term of office is over."""

    id: int
    name: str
    every_days: int
    first_on: str | None
    place: str
    chair: str
    left: bool


@dataclass(frozen=True)
class Sitting:
    """One meeting. items, decided, open: lines of its agenda, what it decided, how much of that is still to be done."""

    id: int
    series: int
    number: int
    planned_on: str | None
    held_on: str | None
    place: str
    chair: str
    attendees: str
    minutes: str
    items: int
    decided: int
    open: int

    @property
    def day(self) -> str:
        """The day on which it was held, or for which it is planned."""
        return self.held_on or self.planned_on or ""


@dataclass(frozen=True)
class Item:
    """A line of an agenda. id: None while it is only proposed; kinds, reasons: why it is there."""

    id: int | None
    project: int | None
    name: str
    kinds: tuple[str, ...]
    reasons: tuple[Text, ...]
    minutes: str = ""

    @property
    def title(self) -> str:
        """The project, or the words where it is about none."""
        return self.name or said_together(self.reasons, "zh")

    @property
    def about(self) -> int | str:
        """What tells it apart: the project, or the words where there is none."""
        return self.title if self.project is None else self.project


@dataclass(frozen=True)
class Step:
    """What was done about a decision on a day. number: of a slip, "" of anything else."""

    label: Text
    on: str
    text: str
    number: str


def said_together(reasons: Iterable[Text], lang: str) -> str:
    """Reasons as one sentence; each may have commas of its own."""
    return ("；" if lang == "zh" else "; ").join(why.render(lang) for why in reasons)


def title_of(series: str, number: int) -> Text:
    """双周调度会（第14次）."""
    return _("{series}, meeting {number}", series=series, number=number)


def all_series(connection: Connection, *, day: str) -> list[Series]:
    """The series in the order in which they were made."""
    of = meeting_series.c
    query = select(
        meeting_series, person.c.name.label("chair_name"), sql.serves(of.chair, sql.of_day(day)).label("serves")
    )
    rows = connection.execute(
        query.select_from(meeting_series.outerjoin(person, person.c.id == of.chair)).order_by(of.id)
    )
    return [
        Series(
            row.id, row.name, row.every_days, row.first_on, row.place or "", row.chair_name or "",
            row.chair is not None and not row.serves,
        )
        for row in rows
    ]  # fmt: skip


def sittings(connection: Connection, series: int) -> list[Sitting]:
    """The meetings of a series, the newest first."""
    of = meeting.c
    items = dict(
        map(tuple, connection.execute(select(agenda_item.c.meeting, func.count()).group_by(agenda_item.c.meeting)))
    )
    done, made = decision.c.closed_on.is_(None), decision.c
    counted = select(made.meeting, func.count(), func.count().filter(done)).group_by(made.meeting)
    decided = {row[0]: (row[1], row[2]) for row in connection.execute(counted)}
    query = select(meeting, person.c.name.label("chair_name")).outerjoin(person, person.c.id == of.chair)
    rows = connection.execute(query.where(of.series == series).order_by(of.number.desc()))
    return [
        Sitting(
            row.id, row.series, row.number, row.planned_on, row.held_on, row.place or "", row.chair_name or "",
            row.attendees or "", row.minutes or "", items.get(row.id, 0), *decided.get(row.id, (0, 0)),
        )
        for row in rows
    ]  # fmt: skip


def agenda(connection: Connection, number: int) -> list[Item]:
    """The agenda of a meeting as it was set, in its order."""
    of = agenda_item.c
    rows = connection.execute(select(agenda_item).where(of.meeting == number).order_by(of.position, of.id)).all()
    names = reading.names(connection, [row.project for row in rows if row.project is not None])
    return [
        Item(
            row.id, row.project, names.get(row.project, "") if row.project is not None else "",
            tuple(part for part in row.kind.split("、") if part), reasons_of(row.project, row.text), row.minutes or "",
        )
        for row in rows
    ]  # fmt: skip


def proposed(connection: Connection, *, day: str) -> list[Item]:
    """What the agenda should have on a day; what is in it already is told apart by project or words."""
    return [Item(None, one.project, one.name, one.kinds, one.reasons) for one in meetings.propose(connection, day=day)]


def set_items(connection: Connection, number: int, items: Sequence[Item]) -> None:
    """The agenda in this order."""
    wanted = [Proposed(one.project, one.name, one.kinds, one.reasons) for one in items]
    meetings.set_agenda(connection, number, wanted)


def write_minutes(
    connection: Connection, number: int, *, on: str, attendees: str | None, minutes: str | None,
    items: Mapping[int, str],
) -> None:  # fmt: skip
    """Minute a meeting: the day, who was there, what was said as a whole, and about items of the agenda by their ids."""
    meetings.hold(connection, number, on=on, attendees=attendees, minutes=minutes)
    for item, text in items.items():
        same = (agenda_item.c.id == item, agenda_item.c.meeting == number)
        connection.execute(update(agenda_item).where(*same).values(minutes=text.strip() or None))


def change_series(
    connection: Connection, number: int, *, name: str, every_days: int, place: str | None, chair: int | None
) -> None:
    """Other facts of a series; the next meetings follow it."""
    if not name.strip():
        raise Refused(fields={"name": _("A series of meetings needs a name.")})
    rules.must_come_round(every_days)
    values = {"name": name.strip(), "every_days": every_days, "place": place, "chair": chair}
    connection.execute(update(meeting_series).where(meeting_series.c.id == number).values(values))


# --- decisions -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Assigned:
    """A decision with names. of: the meeting that made it, "" where none did; left: who was to do it is not in office any more."""

    decision: Decision
    project: str
    owner: str
    of: Text
    left: bool = False

    def overdue(self, day: str) -> bool:
        """Whether it should be done and is not."""
        return self.decision.open and self.decision.due_on is not None and self.decision.due_on < day


def assigned(connection: Connection, *, day: str, meeting_id: int | None = None) -> list[Assigned]:
    """Decisions as they stand on a day, of one meeting or of all, those due first."""
    of = decision.c
    where = () if meeting_id is None else (of.meeting == meeting_id,)
    about = select(of.id, meeting.c.number, meeting_series.c.name).outerjoin(meeting, meeting.c.id == of.meeting)
    about = about.outerjoin(meeting_series, meeting_series.c.id == meeting.c.series).where(*where)
    source = {row.id: row for row in connection.execute(about)}
    found = [one for one in meetings.decisions(connection, day=day) if one.id in source]
    names = reading.names(connection, list({one.project for one in found if one.project is not None}))
    units = dict(map(tuple, connection.execute(select(unit.c.id, unit.c.name))))
    serves = sql.serves(person.c.id, sql.of_day(day))
    people = {row[0]: row[1:] for row in connection.execute(select(person.c.id, person.c.name, serves))}
    made = []
    for one in found:
        who, in_office = people.get(one.person or 0, ("", True))
        row = source[one.id]
        said = title_of(row.name, row.number) if row.name else Text("")
        owner = "、".join(part for part in (units.get(one.unit or 0, ""), who) if part)
        made.append(Assigned(one, names.get(one.project or 0, ""), owner, said, one.open and not in_office))
    return made


def steps(connection: Connection, number: int) -> list[Step]:
    """What was done about a decision, in order."""
    of = decision_step.c
    rows = connection.execute(select(decision_step).where(of.decision == number).order_by(of.on_day, of.id))
    return [Step(STEP.label(row.kind), row.on_day, row.text or "", row.number or "") for row in rows]


def reminder(found: Sequence[Assigned], *, day: str, lang: str) -> str:
    """A text for a chat: what is to be done by whom until when, by owner, those overdue first."""
    by_owner: dict[str, list[Assigned]] = {}
    for one in found:
        if one.decision.open:
            by_owner.setdefault(one.owner or _("without an owner").render(lang), []).append(one)
    lines = [_("Matters of the scheduling meetings to be done, {day}", day=day).render(lang)]
    for owner, mine in sorted(by_owner.items(), key=lambda pair: min(one.decision.due_on or "~" for one in pair[1])):
        lines.append(_("{owner}:", owner=owner).render(lang))
        for at, one in enumerate(mine, 1):
            due = one.decision.due_on
            said = (
                _("no deadline")
                if due is None
                else _("due {day}, overdue", day=due)
                if one.overdue(day)
                else _("due {day}", day=due)
            )
            text = one.decision.text
            if one.project:
                line = _("{at}. {project}: {text} ({due})", at=at, project=one.project, text=text, due=said)
            else:
                line = _("{at}. {text} ({due})", at=at, text=text, due=said)
            lines.append(line.render(lang))
    return "\n".join(lines)


def decide(
    connection: Connection, number: int, values: Mapping[str, str | None], *, on: str, projects: Mapping[str, int]
) -> int:
    """A decision of a meeting with owner and project by their names; refused where one is unknown or has left office.

    values: text, project, unit, person, due_on. projects: name → id of those it may be about.
    """
    from db.people.queries import names_of_people, names_of_units

    named = {key: (value or "").strip() for key, value in values.items()}
    wrong: dict[str, Text] = {}
    project_id, unit_id = projects.get(named["project"]), names_of_units(connection).get(named["unit"])
    person_id = names_of_people(connection).get(named["person"])
    if named["project"] and project_id is None:
        wrong["project"] = _("There is no project called “{name}” on the agenda.", name=named["project"])
    if named["unit"] and unit_id is None:
        wrong["unit"] = _("There is no unit called “{name}”.", name=named["unit"])
    if named["person"] and person_id is None:
        wrong["person"] = _("There is nobody called “{name}” in the book.", name=named["person"])
    elif person_id is not None and gone(connection, person_id, day=on):
        wrong["person"] = _("{name} has left office. Choose somebody who is there.", name=named["person"])
    if not named["unit"] and not named["person"]:
        wrong["unit"] = _("Say who is to do it: a unit or a person.")
    if wrong:
        raise Refused(fields=wrong)
    return meetings.decide(
        connection, named["text"], on=on, meeting_id=number, project_id=project_id, unit=unit_id, person=person_id,
        due=named["due_on"] or None,
    )  # fmt: skip


def gone(connection: Connection, who: int, *, day: str) -> bool:
    """Whether a person's term of office is over on a day."""
    return not connection.scalar(select(sql.serves(person.c.id, sql.of_day(day))).where(person.c.id == who))


def save_series(connection: Connection, number: int | None, values: Mapping[str, str | int | None], *, day: str) -> int:
    """A new series of meetings (number None), or other facts of one; refused where the chair is unknown or has left.

    values: name, every_days, first_on, place, chair (a name).
    """
    from db.people.queries import names_of_people

    name, chair = str(values.get("name") or ""), str(values.get("chair") or "").strip()
    every, place = int(values.get("every_days") or 0), str(values.get("place") or "") or None
    who = names_of_people(connection).get(chair)
    if chair and who is None:
        raise Refused(fields={"chair": _("There is nobody called “{name}” in the book.", name=chair)})
    if who is not None and gone(connection, who, day=day):
        raise Refused(fields={"chair": _("{name} has left office. Choose somebody who is there.", name=chair)})
    if number is not None:
        change_series(connection, number, name=name, every_days=every, place=place, chair=who)
        return number
    first = str(values.get("first_on") or "") or None
    return meetings.add_series(connection, name, every_days=every, first_on=first, place=place, chair=who)
