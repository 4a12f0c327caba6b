"""Slips as reports: 交办单, 督办单, 反馈单, the closing report of a session, and the leaders' pack of the next one.

One issue, those of a department or those of a session: whoever asks says which (`ids`). PDF, Excel and Word are made of
the same data; a list for a department carries the columns that come back filled in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Connection, func, select

from db.companies.models import company
from db.core import history, listing, settings
from db.core.book import Book
from db.core.dates import day_in_words
from db.core.errors import Refused
from db.core.formats import show
from db.core.text import Text, _
from db.forum.courses import files_of, put_steps, rows_of, steps_of
from db.forum.fields import field_of
from db.forum.models import DONE, OPEN, OUTCOME, SATISFACTION, attendance, forum_session, issue, issue_kind, issue_step
from db.forum.queries import last_session
from db.forum.rules import REISSUED, SLIPS, SUPERVISED, TOLD, Step
from db.people import supervision
from db.reports.report import Block, Column, Paragraph, Report, Section, Table

_PORTRAIT = 7  # columns that fit an upright page
_LINES, _NARROWEST = 24, 6  # lines of a cell of the list, characters of a line at least

Kind = Literal["assignment", "supervision", "feedback"]

TITLES: dict[Kind, Text] = {
    "assignment": _("Assignment slip of the forum"),
    "feedback": _("Feedback slip of the forum"),
}
_OPENINGS: dict[Kind, Text] = {
    "assignment": _(
        "The following {count} issues are assigned to you. Please settle them by the deadline and send this list back"
        " filled in."
    ),
    "supervision": _("The following {count} issues are supervised:"),
    "feedback": _("What became of what you raised ({count}) is listed in the annex."),
}  # fmt: skip
_KEYS: dict[Kind, tuple[str, ...]] = {
    "assignment": ("company", "text", "support", "assigned_on", "due_on", "handling", "resolved_on"),
    "supervision": ("company", "text", "assigned_on", "due_on", "handling"),
    "feedback": ("text", "department", "handling", "outcome", "resolved_on", "satisfaction"),
}


@dataclass(frozen=True)
class _Said:
    """The language of a slip."""

    lang: str

    def __call__(self, text: Text) -> str:
        return text.render(self.lang)


def slip(
    connection: Connection, kind: Kind, ids: Sequence[int], *, today: str, lang: str = "zh", number: str = "",
    colour: str = supervision.YELLOW, again: bool = False,
) -> Report:  # fmt: skip
    """A slip for these issues; addressed to the department (the enterprise, of a feedback) where it is one only.

    number, colour: of a supervision slip; again: whether it is issued again under that number. today: the date under the
    signature.
    """
    say = _Said(lang)
    if again:
        number = say(_("{number} (issued again on {day})", number=number, day=day_in_words(today, lang)))
    keys = _KEYS[kind]
    who = "company" if kind == "feedback" else "department"
    owners = list(dict.fromkeys(_cells(connection, (who,), ids, lang)))
    addressee = owners[0][0] if len(owners) == 1 else ""
    if not addressee and who not in keys:
        keys = (who, *keys)
    table = _table(connection, f"slip_{kind}", _("List of issues"), keys, ids, say)
    opening = [Paragraph((say(_OPENINGS[kind](count=len(ids))),))]
    issuer = "office.name"
    if kind == "supervision":
        opening.append(Paragraph((say(supervision.ASKED[colour]),)))
        issuer = supervision.ISSUER
    opening += _in_full(table, say)
    mark = "：" if lang == "zh" else ":"
    return Report(
        title=say(TITLES.get(kind, supervision.COLOURS[colour])), sections=(), language=_language(lang), number=number,
        addressee=f"{addressee}{mark}" if addressee else "", opening=tuple(opening), appendix=(table,), period=(today, today),
        signature=settings.get(connection, issuer), signed_on=day_in_words(today, lang), draft_mark=False,
    )  # fmt: skip


def supervise(connection: Connection, ids: Sequence[int], colour: str, *, on: str, author: str | None = None) -> str:
    """Note in the course of these issues that a supervision slip went out; gives its number, one for all of them."""
    mark = supervision.next_number(connection, on)
    sent = Step(SUPERVISED, on, text=mark, author=author, choice=colour)
    put_steps(connection, {number: (*steps, sent) for number, steps in steps_of(connection, ids).items()})
    return mark


@dataclass(frozen=True)
class Sent:
    """A supervision slip that went out: the issues in whose course it stands, the day of each of its editions."""

    number: str
    colour: str
    ids: tuple[int, ...]
    days: tuple[str, ...]


def sent(connection: Connection, number: str) -> Sent:
    """The slip of a number."""
    of = issue_step.c
    query = select(of.issue, of.on_day, of.choice).where(of.kind.in_(SLIPS), of.text == number)
    rows = connection.execute(query.order_by(of.issue, of.place)).all()
    if not rows:
        raise Refused(_("No issue has a supervision slip {number}.", number=number))
    ids = tuple(dict.fromkeys(row.issue for row in rows))
    return Sent(number, rows[0].choice, ids, tuple(row.on_day for row in rows if row.issue == ids[0]))


def issue_again(connection: Connection, number: str, *, on: str, author: str | None = None) -> Sent:
    """A slip once more under its own number, because facts on it changed: noted in the course of each of its issues."""
    before = sent(connection, number)
    made = Step(REISSUED, on, text=number, author=author, choice=before.colour)
    put_steps(connection, {one: (*steps, made) for one, steps in steps_of(connection, before.ids).items()})
    return sent(connection, number)


def sent_slip(connection: Connection, of: Sent, *, lang: str = "zh") -> Report:
    """The last edition of a slip, of what the book knows."""
    return slip(
        connection, "supervision", of.ids, today=of.days[-1], lang=lang, number=of.number, colour=of.colour,
        again=len(of.days) > 1,
    )  # fmt: skip


def as_issued(book: Book, number: str, edition: int, *, lang: str = "zh") -> Report:
    """An edition of a slip (from 0) as it went out: of what the book knew then."""
    of = issue_step.c
    with book.read() as connection:
        first = sent(connection, number).ids[0]
        query = select(of.id).where(of.issue == first, of.kind.in_(SLIPS), of.text == number).order_by(of.place)
        row = connection.scalars(query).all()[edition]
        operation = history.record_changes(connection, book.schema, issue_step.name, row)[0][1]
    with book.as_of(operation) as then, then.read() as connection:
        return sent_slip(connection, sent(connection, number), lang=lang)


def supervised(connection: Connection, *, today: str, department: int | None = None) -> list[int]:
    """The open issues whose clock is over: those of a supervision slip."""
    of = issue.c
    query = select(of.id).where(of.state.in_(OPEN), of.clock_on < today)
    if department is not None:
        query = query.where(of.department == department)
    return list(connection.scalars(query.order_by(of.clock_on, of.id)))


def closing(connection: Connection, number: int, *, today: str, lang: str = "zh") -> Report:
    """The closing report of one issue: what it was about, every step with its day, who and text."""
    say = _Said(lang)
    keys = ("company", "text", "category", "session", "department", "support", "outcome", "satisfaction", "days")
    (facts,) = _cells(connection, keys, [number], lang)
    lines: list[Block] = []
    for key, cell in zip(keys, facts, strict=True):
        label = field_of(key)
        if label is not None and cell:
            lines.append(Paragraph((f"{say(label.label)}{'：' if lang == 'zh' else ': '}{cell}",), flush=True))
    steps = steps_of(connection, [number])[number]
    columns = (
        Column("day", say(_("Day")), "date"), Column("step", say(_("Step")), "centre"), Column("text", say(_("What was done"))),
        Column("due", say(_("Deadline")), "date"), Column("who", say(_("By whom"))),
    )  # fmt: skip
    places = rows_of(connection, number)
    files = files_of(connection, places)
    rows = tuple(
        (one.on, say(TOLD[one.kind]), _done(one, say, [file.name for file in files.get(row, ())]), one.due, one.author)
        for row, one in zip(places, steps, strict=True)
    )
    course = Table("course", say(_("Course of the issue")), columns, rows)
    sections = (
        Section("facts", say(_("The issue")), tuple(lines)),
        Section("course", say(_("Course of the issue")), (course,)),
    )
    return Report(
        title=say(_("Closing report of an issue")), sections=sections, language=_language(lang),
        period=(today, today), signature=settings.get(connection, "office.name"), signed_on=day_in_words(today, lang), draft_mark=False,
    )  # fmt: skip


def _done(step: Step, say: _Said, files: Sequence[str]) -> str | None:
    """The words of a step, and its files; how an issue was resolved, or how content the enterprise is, before them."""
    said = [_words(step, say), say(_("Attached: {files}", files="、".join(files))) if files else ""]
    return "\n".join(line for line in said if line) or None


def _words(step: Step, say: _Said) -> str:
    if step.kind in SLIPS:
        return f"{say(supervision.COLOURS[step.choice or supervision.YELLOW])} {step.text}"
    told = {"resolve": OUTCOME, "follow_up": SATISFACTION}.get(step.kind)
    known = told is not None and any(key == step.choice for key, _label in told.options)
    chosen = say(told.label(step.choice)) if told is not None and known and step.choice else ""
    mark = "：" if say.lang == "zh" else ": "
    return mark.join(part for part in (chosen, step.text or "") if part)


def suggestion(connection: Connection, kind: int, *, today: str, lang: str = "zh") -> Report:
    """The policy that is suggested because of a kind of thing, with the issues that are its evidence."""
    say = _Said(lang)
    of = issue_kind.c
    row = connection.execute(select(of.name, of.suggestion, of.suggested_to).where(of.id == kind)).one_or_none()
    if row is None:
        raise Refused(_("There is no such kind of thing."))
    ids = list(
        connection.scalars(select(issue.c.id).where(issue.c.kind == kind).order_by(issue.c.raised_on, issue.c.id))
    )
    companies = connection.scalar(select(func.count(issue.c.company.distinct())).where(issue.c.kind == kind)) or 0
    why = _("{companies} enterprises raised {count} issues of this kind; they are listed in the annex.",
            companies=companies, count=len(ids))  # fmt: skip
    lines = [line for line in (row.suggestion or "").splitlines() if line.strip()]
    keys = ("raised_on", "company", "text", "department", "handling", "satisfaction")
    table = _table(connection, "evidence", _("Issues of this kind"), keys, ids, say)
    mark = "：" if lang == "zh" else ":"
    return Report(
        title=say(_("Policy suggestion: {name}", name=row.name)), sections=(), language=_language(lang),
        addressee=f"{row.suggested_to}{mark}" if row.suggested_to else "",
        opening=(Paragraph((say(why),)), *(Paragraph((line,)) for line in lines)), appendix=(table,),
        period=(today, today), signature=settings.get(connection, "office.name"), signed_on=day_in_words(today, lang), draft_mark=False,
    )  # fmt: skip


def pack(connection: Connection, session: int, *, today: str, lang: str = "zh", projected: bool = False) -> Report:
    """The leaders' pack of a session: first what became of the last one's issues, then the guests, agenda, open issues.

    projected: without what is not for a projected screen (tax, class, phones).
    """
    say = _Said(lang)
    of = forum_session.c
    row = connection.execute(select(of.number, of.theme, of.held_on, of.place, of.agenda).where(of.id == session)).one()
    sections = [_what_became(connection, session, say), _guests(connection, session, say, projected=projected)]
    if row.agenda:
        lines = tuple(Paragraph((line,)) for line in row.agenda.splitlines() if line.strip())
        sections.append(Section("agenda", say(_("Agenda")), lines))
    title = say(_("Pack of session {number} of the forum", number=row.number))
    where = "　".join(
        part for part in (day_in_words(row.held_on, lang) if row.held_on else "", row.place, row.theme) if part
    )
    return Report(
        title=title, sections=tuple(one for one in sections if one.blocks), language=_language(lang), subtitle=where,
        period=(today, today), signature=settings.get(connection, "office.name"), signed_on=day_in_words(today, lang), draft_mark=False,
    )  # fmt: skip


def _what_became(connection: Connection, session: int, say: _Said) -> Section:
    """What became of the issues of the session before."""
    before = last_session(connection, session)
    heading = say(_("What became of the last session's issues"))
    if before is None:
        return Section("last", heading, (Paragraph((say(_("There was no session before this one.")),)),))
    of = issue.c
    ids = list(connection.scalars(select(of.id).where(of.session == before).order_by(of.id)))
    done = sum(state in DONE for state in connection.scalars(select(of.state).where(of.session == before)))
    number = connection.scalar(select(forum_session.c.number).where(forum_session.c.id == before))
    told = say(_("Session {number}: {count} issues, {done} resolved.", number=number, count=len(ids), done=done))
    keys = ("company", "text", "department", "state", "handling", "satisfaction")
    table = _table(connection, "last_issues", _("Issues of the last session"), keys, ids, say)
    return Section("last", heading, (Paragraph((told,)), *((table,) if ids else ())))


_FACTS = ("name", "industry", "scale", "street", "tags", "contact", "contact_phone", "intro")


def _guests(connection: Connection, session: int, say: _Said, *, projected: bool) -> Section:
    from db.companies.fields import COMPANY_FIELDS  # the business facts of the guests

    fields = [one for one in COMPANY_FIELDS if one.key in _FACTS and not (projected and one.private)]
    ids = list(
        connection.scalars(
            select(attendance.c.company).where(attendance.c.session == session).order_by(attendance.c.id)
        )
    )
    if not ids:
        return Section("guests", say(_("Enterprises")))
    rows = listing.rows(connection, company, fields, ids)
    filled = [at for at in range(len(fields)) if any(row[at + 1] for row in rows)]
    columns = tuple(Column(fields[at].key, say(fields[at].label)) for at in filled)
    cells = tuple(tuple(show(fields[at].kind, row[at + 1], say.lang) or None for at in filled) for row in rows)
    return Section(
        "guests",
        say(_("Enterprises")),
        (Table("guests", say(_("Enterprises invited")), columns, cells, landscape=len(columns) > _PORTRAIT),),
    )


def _table(connection: Connection, key: str, title: Text, keys: Sequence[str], ids: Sequence[int], say: _Said) -> Table:
    fields = [one for name in keys if (one := field_of(name)) is not None]
    columns = (
        Column("no", say(_("No.")), "centre"),
        *(Column(one.key, say(one.label), _kind(one.kind)) for one in fields),
    )
    rows = tuple((at, *cells) for at, cells in enumerate(_cells(connection, keys, ids, say.lang, blank=None), 1))
    return Table(key, say(title), columns, rows, landscape=len(columns) > _PORTRAIT, detail=True, most_lines=_LINES)


def _in_full(table: Table, say: _Said) -> list[Paragraph]:
    """What a cell of the list may cut on paper, to its last word."""
    return [
        Paragraph((say(_("No. {number}, {what} in full: {text}", number=row[0], what=column.label, text=cell)),))
        for row in table.rows
        for column, cell in zip(table.columns, row, strict=True)
        if isinstance(cell, str) and len(cell) > _LINES * _NARROWEST
    ]


def _kind(kind: Any) -> Literal["text", "date", "centre"]:
    from db.core.fields import Choice, Day

    return "date" if isinstance(kind, Day) else "centre" if isinstance(kind, Choice) else "text"


def _cells(
    connection: Connection, keys: Sequence[str], ids: Sequence[int], lang: str, *, blank: str | None = ""
) -> list[tuple[Any, ...]]:
    """What stands in these cells, as it is printed; a day as ISO text, nothing as `blank`."""
    fields = [one for name in keys if (one := field_of(name)) is not None]
    rows = listing.rows(connection, issue, fields, ids)
    return [
        tuple(show(one.kind, value, lang) or blank for one, value in zip(fields, row[1:], strict=True)) for row in rows
    ]


def _language(lang: str) -> Literal["zh", "en"]:
    return "zh" if lang == "zh" else "en"
