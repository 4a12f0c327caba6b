"""What is printed for a meeting and after it, as report data: the pack, the supervision slip, a leader's one-pager."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, select

from db.core import settings
from db.core.dates import day_in_words
from db.core.errors import Refused
from db.core.text import Text, _
from db.five_ones import meetings, reading, service
from db.five_ones.meetings import KINDS, Decision, reasons_of
from db.five_ones.models import agenda_item, decision, decision_step, meeting, meeting_series
from db.five_ones.paper_parts import became, decisions_table, form
from db.five_ones.project_page import NEWEST, light_said, project_page
from db.five_ones.sittings import said_together, title_of
from db.people.models import person, unit
from db.people.supervision import ASKED, COLOURS, ISSUER
from db.projects.details import log
from db.projects.fields import field_of
from db.projects.models import project
from db.reports.report import Block, Column, Paragraph, Report, Section, Table


def pack(connection: Connection, number: int, *, day: str, lang: str = "zh") -> Report:
    """The papers of a meeting: what became of the last decisions, then a page for every project of the agenda."""
    row = _meeting(connection, number)
    items = _items(connection, number)
    before = _last_held(connection, row.series, row.number)
    sections = [_agenda_section(items, names_of(connection, items), lang)] if items else []
    decided = meetings.decisions(connection, day=day)
    became_of = _say(_("What became of earlier decisions"), lang)
    sections.append(Section("decisions", became_of, _earlier(connection, decided, before, day, lang)))
    names = names_of(connection, items)
    for item in items:
        if item.project is not None and item.project in names:
            blocks = project_page(connection, item.project, decided=decided, day=day, since=before, lang=lang)
            sections.append(Section(f"project.{item.project}", names[item.project], blocks, own_sheet=True))
    title = _("{series}, meeting {number}: papers", series=row.name, number=row.number)
    return _report(title, sections, lang, period=(before or day, day), on=row.held_on or row.planned_on)


def _report(title: Text, sections: Sequence[Section], lang: str, *, period: tuple[str, str], on: str | None) -> Report:
    return Report(
        title.render(lang), tuple(sections), "zh" if lang == "zh" else "en", period=period,
        subtitle=day_in_words(on, lang) if on else "", draft_mark=False,
    )  # fmt: skip


def _meeting(connection: Connection, number: int) -> Any:
    of = meeting.c
    query = select(
        of.number, of.planned_on, of.held_on, of.series, of.attendees, of.minutes, of.place, meeting_series.c.name,
        person.c.name.label("chair"),
    )  # fmt: skip
    joined = meeting.join(meeting_series, meeting_series.c.id == of.series).outerjoin(person, person.c.id == of.chair)
    row = connection.execute(query.select_from(joined).where(of.id == number)).one_or_none()
    if row is None:
        raise Refused(_("There is no such meeting."))
    return row


def _items(connection: Connection, number: int) -> Sequence[Any]:
    of = agenda_item.c
    query = select(of.project, of.text, of.kind, of.minutes).where(of.meeting == number)
    return connection.execute(query.order_by(of.position, of.id)).all()


def names_of(connection: Connection, items: Sequence[Any]) -> Mapping[int, str]:
    """Id → name of the projects of an agenda."""
    return reading.names(connection, [item.project for item in items if item.project is not None])


def _agenda_section(items: Sequence[Any], names: Mapping[int, str], lang: str) -> Section:
    heading = _say(_("Agenda"), lang)
    columns = (
        Column("at", _say(_("No."), lang), "centre"), Column("item", _say(_("Item"), lang)),
        Column("kind", _say(_("Kind"), lang), "centre"),
        Column("why", _say(_("Why it is on the agenda"), lang)),
    )  # fmt: skip
    rows = []
    for at, item in enumerate(items, 1):
        kinds = [_say(KINDS[kind], lang) for kind in item.kind.split("、") if kind in KINDS]
        name = names.get(item.project or 0, "")
        why = "\n".join(_say(reason, lang) for reason in reasons_of(item.project, item.text))
        rows.append((at, name or why, kinds[0] if kinds else "", why if name else ""))
    return Section("agenda", heading, (Table("agenda", "", columns, tuple(rows), sheet=heading),))


def _say(text: Text, lang: str) -> str:
    return text.render(lang)


def _last_held(connection: Connection, series: int, number: int) -> str | None:
    of = meeting.c
    query = select(of.held_on).where(of.series == series, of.number < number, of.held_on.is_not(None))
    found: str | None = connection.scalar(query.order_by(of.number.desc()).limit(1))
    return found


def _earlier(
    connection: Connection, decided: Sequence[Decision], since: str | None, day: str, lang: str
) -> tuple[Block, ...]:
    """What the last meeting decided, what is open of those before, and what was closed since; the others as a number."""
    after = since or day  # of the first of a series: what is open, and what was decided or closed that day
    told = [one for one in decided if one.open or one.decided_on >= after or (one.closed_on or "") >= after]
    if not decided:
        return (_paragraph(_("There are no decisions yet."), lang),)
    late = sum(1 for one in told if one.open and one.due_on is not None and one.due_on < day)
    done = sum(1 for one in told if not one.open)
    sentence = _("{count} decisions are to be reported on: {done} done, {late} overdue, {open} under way.")
    if len(told) < len(decided):
        sentence = _(
            "{count} decisions are to be reported on: {done} done, {late} overdue, {open} under way; {rest} earlier ones are done."
        )
    words = sentence(
        count=len(told), done=done, late=late, open=len(told) - done - late, rest=len(decided) - len(told)
    )  # fmt: skip
    table = decisions_table(connection, told, "decisions", day=day, lang=lang)
    return (_paragraph(words, lang), table) if told else (_paragraph(words, lang),)


def _paragraph(text: Text, lang: str) -> Paragraph:
    return Paragraph((text.render(lang),))


# --- minutes and workbook ----------------------------------------------------------------------------------------


def minutes(connection: Connection, number: int, *, day: str, lang: str = "zh") -> Report:
    """The minutes of a meeting, for Word and PDF: who was there, what was said, what was decided."""
    row, items = _meeting(connection, number), _items(connection, number)
    if row.held_on is None:
        raise Refused(_("The meeting has no minutes yet."))
    names = names_of(connection, items)
    facts = [
        (_say(_("Held on"), lang), day_in_words(row.held_on, lang)), (_say(_("Where it is held"), lang), row.place or ""),
        (_say(_("Chair"), lang), row.chair or ""), (_say(_("Attendees"), lang), row.attendees or ""),
    ]  # fmt: skip
    about = form("meeting", [one for one in facts if one[1]])
    said = [Paragraph((line,)) for line in (row.minutes or "").splitlines() if line.strip()]
    sections = [Section("meeting", _say(_("The meeting"), lang), (about, *said))]
    for at, item in enumerate(items):
        lines = [line for line in (item.minutes or "").splitlines() if line.strip()]
        if lines:
            heading = names.get(item.project or 0, "") or said_together(reasons_of(item.project, item.text), lang)
            sections.append(Section(f"item.{at}", heading, tuple(Paragraph((line,)) for line in lines)))
    decided = meetings.decisions(connection, day=day, meeting_id=number)
    table = decisions_table(connection, decided, "decisions", day=day, lang=lang)
    none = _paragraph(_("There are no decisions yet."), lang)
    sections.append(Section("decisions", _say(_("Decisions"), lang), (table if decided else none,)))
    title = _("{series}, meeting {number}: minutes", series=row.name, number=row.number)
    return _report(title, sections, lang, period=(row.held_on, day), on=row.held_on)


def pack_tables(connection: Connection, number: int, *, day: str, lang: str = "zh") -> Report:
    """The papers of a meeting for a workbook: agenda, decisions, and of all its projects milestones and progress."""
    row, items = _meeting(connection, number), _items(connection, number)
    names, before = names_of(connection, items), _last_held(connection, row.series, row.number)
    stones: list[tuple[Any, ...]] = []
    told: list[tuple[Any, ...]] = []
    for item in items:
        if item.project in names:
            name = names[item.project]
            for one in service.stones_of(connection, item.project):
                state = _state(one.overdue(day), one.actual, lang)
                stones.append((name, one.name, one.planned, one.forecast, one.actual, state))
            entries = [one for one in log(connection, item.project) if one.day is None or one.day <= day][:NEWEST]
            told += [(name, _new(one.day, before, lang), one.text) for one in entries]
    project_name = Column("project", _say(_("Project name"), lang))
    plan = (project_name, *_stone_columns(lang))
    news = (project_name, Column("day", _say(_("Day"), lang)), Column("text", _say(_("Progress"), lang), width=60))
    decided = meetings.decisions(connection, day=day)
    tables = [
        *(_agenda_section(items, names, lang).blocks if items else ()),
        *((_standing(connection, names, day, lang),) if names else ()),
        decisions_table(connection, decided, "decisions", day=day, lang=lang, parted=False),
        Table("milestones", _say(_("Milestones"), lang), plan, tuple(stones)),
        Table("progress", _say(_("Newest progress"), lang), news, tuple(told)),
    ]  # fmt: skip
    sections = [Section(f"part.{at}", "", (one,)) for at, one in enumerate(tables)]
    title = _("{series}, meeting {number}: papers", series=row.name, number=row.number)
    return _report(title, sections, lang, period=(before or day, day), on=row.held_on or row.planned_on)


def _standing(connection: Connection, names: Mapping[int, str], day: str, lang: str) -> Table:
    """How the projects of an agenda stand: light, what is missing of the five ones, problems, next step."""
    of, ids = project.c, list(names)
    lights = reading.lights(connection, day=day, ids=ids)
    ones = reading.completeness_of(connection, day=day, ids=ids)
    query = select(of.id, unit.c.name, of.problems, of.next_step).select_from(
        project.outerjoin(unit, unit.c.id == of.department)
    )
    known = {row[0]: row[1:] for row in connection.execute(query.where(of.id.in_(ids)))}
    rows = []
    for number, name in names.items():
        owner, problems, next_step = known[number]
        light, complete = lights.get(number), ones.get(number)
        shown = light_said(light) if light is not None and (light.printed or not light.by_hand) else Text("")
        lacking = said_together(complete.missing.values(), lang) if complete is not None else ""
        count = f"{complete.count}/5" if complete is not None else ""
        rows.append((name, owner or "", _say(shown, lang), count, lacking, problems or "", next_step or ""))
    columns = (
        Column("project", _say(_("Project name"), lang)), Column("unit", _say(_("Responsible unit"), lang)),
        Column("light", _say(_("Light"), lang), width=24),
        Column("ones", settings.get(connection, "five_ones.name"), "centre"),
        Column("missing", _say(_("What is missing"), lang), width=24),
        *(Column(key, _label(key, lang), width=30) for key in ("problems", "next_step")),
    )  # fmt: skip
    return Table("standing", _say(_("How the projects stand"), lang), columns, tuple(rows))


def _label(key: str, lang: str) -> str:
    field = field_of(key)
    return field.label.render(lang) if field is not None else key


def _new(day: str | None, since: str | None, lang: str) -> str:
    """The day of an entry, marked where it came after the last meeting."""
    if day is not None and since is not None and day > since:
        return day + _say(_("(since the meeting)"), lang)
    return day or ""


def _state(overdue: bool, actual: str | None, lang: str) -> str:
    if actual is not None:
        return _say(_("Done"), lang)
    return _say(_("Overdue"), lang) if overdue else ""


def _stone_columns(lang: str) -> tuple[Column, ...]:
    return (
        Column("name", _say(_("Milestone"), lang)), Column("planned", _say(_("Planned on"), lang), "date"),
        Column("forecast", _say(_("Forecast on"), lang), "date"), Column("actual", _say(_("Done on"), lang), "date"),
        Column("state", _say(_("State"), lang), "centre"),
    )  # fmt: skip


# --- supervision slip ------------------------------------------------------------------------------------------------


def slip(connection: Connection, number: int, *, kind: str, day: str, lang: str = "zh") -> Report:
    """A blue, yellow or red supervision slip about a decision, for PDF and Word; its number is that of the step recorded.

    The blue one reminds before the deadline, the yellow one is sent when it has passed, the red one when it has again.
    """
    if kind not in COLOURS:
        raise Refused(fields={"kind": _("A slip is blue, yellow or red.")})
    (one,) = meetings.decisions(connection, day=day, ids=[number]) or (None,)
    if one is None:
        raise Refused(_("There is no such decision."))
    of = decision_step.c
    query = select(of.number, of.on_day).where(of.decision == number, of.kind == kind).order_by(of.id.desc()).limit(1)
    sent = connection.execute(query).one_or_none()
    owner = _owner(connection, one)
    day = sent.on_day if sent is not None else day  # written again later, it says what it said
    (one,) = meetings.decisions(connection, day=day, ids=[number]) or (one,)
    mark = "：" if lang == "zh" else ":"
    lines = [_matter(connection, number), *_about(connection, one, day, lang)]
    opening = [*(Paragraph((line.render(lang),)) for line in lines), _paragraph(ASKED[kind], lang)]
    return Report(
        COLOURS[kind].render(lang), (), "zh" if lang == "zh" else "en",
        number=(sent.number or "") if sent is not None else "", addressee=f"{owner}{mark}" if owner else "",
        opening=tuple(opening), period=(one.decided_on, day), signature=settings.get(connection, ISSUER),
        signed_on=day_in_words(day, lang), draft_mark=False,
    )  # fmt: skip


def _owner(connection: Connection, one: Decision) -> str:
    named = connection.scalar(select(unit.c.name).where(unit.c.id == one.unit))
    return str(named or connection.scalar(select(person.c.name).where(person.c.id == one.person)) or "")


def _matter(connection: Connection, number: int) -> Text:
    """Which meeting decided it."""
    of = meeting.c
    query = select(meeting_series.c.name, of.number, of.held_on).join(meeting, of.series == meeting_series.c.id)
    row = connection.execute(
        query.join(decision, decision.c.meeting == of.id).where(decision.c.id == number)
    ).one_or_none()
    if row is None:
        return _("The following matter is supervised.")
    return _("The following matter decided by {meeting} is supervised.", meeting=title_of(row.name, row.number))


def _about(connection: Connection, one: Decision, day: str, lang: str) -> list[Text]:
    """The matter, line by line."""
    names = reading.names(connection, [one.project] if one.project is not None else [])
    lines = [_("Project: {name}", name=name) for name in names.values()]
    lines.append(_("Matter: {text}", text=one.text))
    lines.append(_("Decided on: {day}", day=day_in_words(one.decided_on, lang)))
    lines += [_("Deadline: {day}", day=day_in_words(one.due_on, lang))] if one.due_on else []
    return [*lines, _("What became of it: {what}", what=became(one, day, lang))]


# --- a leader's one-pager --------------------------------------------------------------------------------------------


def one_pager(connection: Connection, who: int, *, day: str, lang: str = "zh") -> Report:
    """All projects of one leader: light, n of five, milestones promised against done."""
    load = next((one for one in reading.leaders_load(connection, day=day) if one.person == who), None)
    if load is None:
        raise Refused(_("This person leads no project on that day."))
    names = reading.names(connection, load.projects)
    lights = reading.lights(connection, day=day, ids=load.projects)
    ones = reading.completeness_of(connection, day=day, ids=load.projects)
    rows = []
    for at, number in enumerate(load.projects, 1):
        stones = service.stones_of(connection, number)
        due = [one for one in stones if one.planned is not None and one.planned <= day]
        done = sum(1 for one in due if one.actual is not None and one.actual <= day)
        light, complete = lights.get(number), ones.get(number)
        rows.append(
            (
                at, names[number], _say(reading.light_words(light), lang) if light is not None else "",
                f"{complete.count}/5" if complete is not None else "", len(due), done,
            )
        )  # fmt: skip
    columns = (
        Column("place", _say(_("No."), lang), "centre"), Column("name", _say(_("Project name"), lang)),
        Column("light", _say(_("Light"), lang)), Column("ones", settings.get(connection, "five_ones.name"), "centre"),
        Column("due", _say(_("Milestones due"), lang), "number", total="sum"),
        Column("done", _say(_("of these done"), lang), "number", total="sum"),
    )  # fmt: skip
    totals = ("", "", "", "", load.promised, load.done)
    table = Table("projects", "", columns, tuple(rows), totals=totals, sheet=_say(_("Projects"), lang), dense=True)
    title = _("Projects led by {name}", name=load.name)
    return Report(
        title.render(lang), (Section("projects", "", (table,)),), "zh" if lang == "zh" else "en",
        period=(day, day), subtitle=day_in_words(day, lang), draft_mark=False,
    )  # fmt: skip


__all__ = ["minutes", "one_pager", "pack", "pack_tables", "slip"]
