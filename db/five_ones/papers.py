"""What is printed for a meeting and after it, as report data: the pack, the supervision slip, a leader's one-pager."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, select

from db.core import attachments, listing, settings
from db.core.errors import Refused
from db.core.fields import Field
from db.core.formats import show
from db.core.text import Text, _
from db.five_ones import meetings, reading, service
from db.five_ones.models import (
    agenda_item,
    decision_step,
    meeting,
    meeting_series,
    milestone,
)
from db.five_ones.options import labels
from db.five_ones.rules import ONES
from db.people.models import person, unit
from db.people.supervision import ASKED, COLOURS, ISSUER
from db.projects.details import log
from db.projects.fields import field_of
from db.projects.models import project
from db.reports.report import Block, Column, Paragraph, Picture, Report, Section, Table

_FACTS = (
    "investor",
    "industry",
    "total_investment",
    "street",
    "department",
    "stage",
    "started_on",
    "paid_in_verified",
    "problems",
    "next_step",
)
_NEWEST, _PHOTOGRAPHS = 3, 2


def pack(connection: Connection, number: int, *, day: str, lang: str = "zh") -> Report:
    """The papers of a meeting: what became of the last decisions, then a page for every project of the agenda."""
    row = _meeting(connection, number)
    items = _items(connection, number)
    title = _("{series}, meeting {number}: papers", series=row.name, number=row.number).render(lang)
    before = _last_held(connection, row.series, row.number)
    sections = [_agenda_section(items, names_of(connection, items), lang)] if items else []
    became = _say(_("What became of earlier decisions"), lang)
    sections.append(Section("decisions", became, _decisions(connection, day, lang)))
    names = reading.names(connection, [item.project for item in items if item.project is not None])
    facts = _facts(connection, list(names), day, lang)
    for item in items:
        if item.project is not None and item.project in names:
            blocks = _page(connection, item.project, facts[item.project], day=day, since=before, lang=lang)
            sections.append(Section(f"project.{item.project}", names[item.project], blocks, own_sheet=True))
    return Report(
        title, tuple(sections), "zh" if lang == "zh" else "en", period=(before or day, day),
        subtitle=row.held_on or row.planned_on or "", draft_mark=False,
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
        Column("why", _say(_("Why it is on the agenda"), lang), width=44),
    )  # fmt: skip
    rows = tuple((at, names.get(item.project or 0, ""), item.text or "") for at, item in enumerate(items, 1))
    return Section("agenda", heading, (Table("agenda", heading, columns, rows),))


def _say(text: Text, lang: str) -> str:
    return text.render(lang)


def _last_held(connection: Connection, series: int, number: int) -> str | None:
    of = meeting.c
    query = select(of.held_on).where(of.series == series, of.number < number, of.held_on.is_not(None))
    found: str | None = connection.scalar(query.order_by(of.number.desc()).limit(1))
    return found


def _facts(connection: Connection, ids: Sequence[int], day: str, lang: str) -> Mapping[int, list[tuple[str, str]]]:
    fields = [one for key in _FACTS if (one := field_of(key)) is not None]
    rows = listing.rows(connection, project, fields, ids, today=day)
    return {row[0]: [_pair(field, value, lang) for field, value in zip(fields, row[1:], strict=True)] for row in rows}


def _pair(field: Field, value: Any, lang: str) -> tuple[str, str]:
    shown = show(field.kind, value, lang)
    named = getattr(field.kind, "unit", "")
    return field.label.render(lang) + (f"（{named}）" if named and lang == "zh" else ""), shown


def _page(
    connection: Connection, number: int, facts: Sequence[tuple[str, str]], *, day: str, since: str | None, lang: str
) -> tuple[Block, ...]:
    """Facts, light, five ones, milestones, the newest progress, decisions of one project."""
    light = reading.lights(connection, day=day, ids=[number]).get(number)
    ones = reading.completeness_of(connection, day=day, ids=[number]).get(number)
    blocks: list[Block] = [_two_columns(f"facts.{number}", _("Facts"), [one for one in facts if one[1]], lang)]
    if since is not None:
        blocks.append(_paragraph(_since(connection, number, since, day), lang))
    if light is not None:
        blocks.append(_paragraph(reading.light_words(light), lang))
    if ones is not None:
        called, known = settings.get(connection, "five_ones.name"), labels(connection)
        rows = [(known[key].render(lang), _say(ones.missing.get(key, _("There")), lang)) for key in ONES]
        title = Text("{name} {count}/5", {"name": called, "count": ones.count})
        blocks.append(_two_columns(f"ones.{number}", title, rows, lang))
    stones = service.stones_of(connection, number)
    if stones:
        rows_of = tuple(
            (one.name, one.planned, one.forecast, one.actual, _state(one.overdue(day), one.actual, lang))
            for one in stones
        )
        blocks.append(Table(f"milestones.{number}", _say(_("Milestones"), lang), _stone_columns(lang), rows_of))
    told = [one for one in log(connection, number) if one.day is None or one.day <= day][:_NEWEST]
    if told:
        rows = [(_new(one.day, since, lang), one.text) for one in told]
        blocks.append(_two_columns(f"progress.{number}", _("Newest progress"), rows, lang))
    decided = _decisions(connection, day, lang, project_id=number)
    return (*blocks, *(decided if isinstance(decided[0], Table) else ()), *_photographs(connection, number))


def _since(connection: Connection, number: int, since: str, day: str) -> Text:
    """上次调度会以来: what was done of the plan, and how many entries of progress were written."""
    of = milestone.c
    query = (
        select(of.name).where(of.project == number, of.actual_on > since, of.actual_on <= day).order_by(of.actual_on)
    )
    done = list(connection.scalars(query))
    written = sum(1 for one in log(connection, number) if one.day is not None and since < one.day <= day)
    if done:
        return _(
            "Since the last meeting ({since}): done {names}; {count} entries of progress.",
            since=since,
            names=done,
            count=written,
        )
    return _(
        "Since the last meeting ({since}): no milestone done; {count} entries of progress.", since=since, count=written
    )


def _photographs(connection: Connection, number: int) -> list[Block]:
    """The newest photographs beside the project."""
    found = [one for one in attachments.of_record(connection, "projects", number) if one.suffix in attachments.PICTURES]
    return [Picture(one.hash, one.name.removesuffix(one.suffix), one.name) for one in found[-_PHOTOGRAPHS:]]


def _new(day: str | None, since: str | None, lang: str) -> str:
    """The day of an entry, marked where it came after the last meeting."""
    if day is not None and since is not None and day > since:
        return f"{day}（上次会后）" if lang == "zh" else f"{day} (since the last meeting)"
    return day or ""


def _state(overdue: bool, actual: str | None, lang: str) -> str:
    if actual is not None:
        return _say(_("Done"), lang)
    return _say(_("Overdue"), lang) if overdue else ""


def _paragraph(text: Text, lang: str) -> Paragraph:
    return Paragraph((text.render(lang),))


def _two_columns(key: str, title: Text, rows: Sequence[tuple[str, str]], lang: str) -> Table:
    columns = (Column("what", _say(_("Item"), lang)), Column("how", _say(_("Content"), lang), width=60))
    return Table(key, title.render(lang), columns, tuple(rows))


def _decisions(
    connection: Connection, day: str, lang: str, *, project_id: int | None = None, meeting_id: int | None = None
) -> tuple[Block, ...]:
    found = meetings.decisions(connection, day=day, project_id=project_id, meeting_id=meeting_id)
    if not found:
        return (_paragraph(_("There are no decisions yet."), lang),)
    units, people = _names(connection)
    rows = tuple(
        (
            one.decided_on, one.text, units.get(one.unit or 0, "") or people.get(one.person or 0, ""), one.due_on,
            became(one, day, lang),
        )
        for one in found
    )  # fmt: skip
    columns = (
        Column("decided", _say(_("Decided on"), lang), "date"), Column("text", _say(_("Decision"), lang), width=40),
        Column("owner", _say(_("Responsible unit"), lang)), Column("due", _say(_("Deadline"), lang), "date"),
        Column("became", _say(_("What became of it"), lang)),
    )  # fmt: skip
    key = "decisions" if project_id is None else f"decisions.{project_id}"
    return (Table(key, _say(_("Decisions"), lang), columns, rows),)


def _names(connection: Connection) -> tuple[dict[int, str], dict[int, str]]:
    units = dict(map(tuple, connection.execute(select(unit.c.id, unit.c.name))))
    return units, dict(map(tuple, connection.execute(select(person.c.id, person.c.name))))


def became(one: meetings.Decision, day: str, lang: str) -> str:
    """What became of a decision by a day, in words."""
    if one.closed_on is not None:
        return _say(_("Done on {day}: {evidence}", day=one.closed_on, evidence=one.evidence or ""), lang)
    if one.due_on is not None and one.due_on < day:
        return _say(_("Overdue"), lang)
    return _say(_("Under way"), lang)


# --- minutes and workbook ----------------------------------------------------------------------------------------


def minutes(connection: Connection, number: int, *, day: str, lang: str = "zh") -> Report:
    """The minutes of a meeting, for Word and PDF: who was there, what was said, what was decided."""
    row, items = _meeting(connection, number), _items(connection, number)
    if row.held_on is None:
        raise Refused(_("The meeting has no minutes yet."))
    names = names_of(connection, items)
    facts = [
        (_say(_("Held on"), lang), row.held_on), (_say(_("Where it is held"), lang), row.place or ""),
        (_say(_("Chair"), lang), row.chair or ""), (_say(_("Attendees"), lang), row.attendees or ""),
    ]  # fmt: skip
    about = _two_columns("meeting", _("The meeting"), [one for one in facts if one[1]], lang)
    said = [Paragraph((line,)) for line in (row.minutes or "").splitlines() if line.strip()]
    sections = [Section("meeting", _say(_("The meeting"), lang), (about, *said))]
    for at, item in enumerate(items):
        if item.minutes:
            title = names.get(item.project or 0, "") or item.text
            sections.append(
                Section(f"item.{at}", title, tuple(Paragraph((line,)) for line in item.minutes.splitlines()))
            )
    decided = _decisions(connection, day, lang, meeting_id=number)
    sections.append(Section("decisions", _say(_("Decisions"), lang), decided))
    return Report(
        _("{series}, meeting {number}: minutes", series=row.name, number=row.number).render(lang), tuple(sections),
        "zh" if lang == "zh" else "en", period=(row.held_on, day), subtitle=row.held_on, draft_mark=False,
    )  # fmt: skip


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
            entries = [one for one in log(connection, item.project) if one.day is None or one.day <= day][:_NEWEST]
            told += [(name, _new(one.day, before, lang), one.text) for one in entries]
    project_name = Column("project", _say(_("Project name"), lang))
    plan = (project_name, *_stone_columns(lang))
    news = (project_name, Column("day", _say(_("Day"), lang)), Column("text", _say(_("Progress"), lang), width=60))
    tables = [
        *(_agenda_section(items, names, lang).blocks if items else ()), *_decisions(connection, day, lang),
        Table("milestones", _say(_("Milestones"), lang), plan, tuple(stones)),
        Table("progress", _say(_("Newest progress"), lang), news, tuple(told)),
    ]  # fmt: skip
    sections = tuple(Section(f"part.{at}", "", (one,)) for at, one in enumerate(tables))
    title = _("{series}, meeting {number}: papers", series=row.name, number=row.number)
    return Report(
        title.render(lang), sections, "zh" if lang == "zh" else "en", period=(before or day, day),
        subtitle=row.held_on or row.planned_on or "", draft_mark=False,
    )  # fmt: skip


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
    units, people = _names(connection)
    of = decision_step.c
    query = select(of.number, of.on_day).where(of.decision == number, of.kind == kind).order_by(of.id.desc()).limit(1)
    sent = connection.execute(query).one_or_none()
    owner = units.get(one.unit or 0, "") or people.get(one.person or 0, "")
    names = reading.names(connection, [one.project] if one.project is not None else [])
    rows = [
        (_say(_("Project name"), lang), names.get(one.project or 0, "")),
        (_say(_("Decision"), lang), one.text),
        (_say(_("Decided on"), lang), one.decided_on),
        (_say(_("Deadline"), lang), one.due_on or ""),
        (_say(_("What became of it"), lang), became(one, day, lang)),
    ]
    table = _two_columns("slip", _("Matter supervised"), [row for row in rows if row[1]], lang)
    ask = ASKED[kind]
    return Report(
        COLOURS[kind].render(lang), (Section("matter", _say(_("Matter supervised"), lang), (table, _paragraph(ask, lang))),),
        "zh" if lang == "zh" else "en", number=(sent.number or "") if sent is not None else "",
        addressee=f"{owner}：" if owner and lang == "zh" else owner, period=(one.decided_on, day),
        signature=settings.get(connection, ISSUER), signed_on=sent.on_day if sent is not None else day,
        draft_mark=False,
    )  # fmt: skip


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
    table = Table("projects", _say(_("Projects"), lang), columns, tuple(rows), totals=totals)
    title = _("Projects led by {name}", name=load.name)
    return Report(
        title.render(lang), (Section("projects", _say(_("Projects"), lang), (table,)),), "zh" if lang == "zh" else "en",
        period=(day, day), subtitle=day, draft_mark=False,
    )  # fmt: skip


__all__ = ["minutes", "one_pager", "pack", "pack_tables", "slip"]
