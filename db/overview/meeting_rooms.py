"""The questions of the meeting that the rooms of meetings and of the forum answer: what was decided, what is open."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select

from db.core.filters import Condition
from db.core.ratios import percent
from db.core.text import Text, _
from db.five_ones.models import decision, meeting, meeting_series
from db.forum.figures import ALL, counted
from db.forum.models import OPEN, STATE, issue
from db.overview.answers import Answer, Asked, Link
from db.overview.saying import said_percent
from db.people.models import person, unit
from db.projects.models import project
from db.reports.report import Cell, Column

SHOWN, MOST_NAMED = 10, 5
_FORUM_OPEN = Link("forum", "open")


# --- what the last meeting decided -----------------------------------------------------------------------------------


def decided(asked: Asked, key: str, question: str) -> Answer:
    """The decisions of the newest meeting that was held, those of a meeting that is not in the book by their day."""
    link = Link("five_ones")
    last = _last_meeting(asked)
    of = decision.c
    ids = list(
        asked.connection.scalars(select(of.id).where(of.meeting == last[0] if last else of.decided_on == _day(asked)))
    )
    if not ids:
        none = (
            _("no meeting with a decision is in the book")
            if last is None
            else _("{meeting} decided nothing", meeting=last[1])
        )
        return Answer(key, question, asked.sentence(none), link=link)
    from db.five_ones.meetings import decisions

    found = decisions(asked.connection, day=asked.today, ids=ids)
    done = sum(not one.open for one in found)
    late = sum(one.open and one.due_on is not None and one.due_on < asked.today for one in found)
    head = _("{meeting} decided {count} things", meeting=last[1] if last else _day(asked), count=len(found))
    facts = _("{done} are done, {late} overdue, {open} under way", done=done, late=late, open=len(found) - done - late)
    rows, names = _decision_rows(asked, found)
    columns = (
        Column("text", asked.say(_("Decision")), width=40),
        Column("project", asked.say(_("Project"))),
        Column("who", asked.say(_("Responsible unit"))),
        Column("due", asked.say(_("Deadline")), "date"),
        Column("became", asked.say(_("What became of it"))),
    )
    links = tuple(
        Link("projects", conditions=(Condition("name", "one_of", (name,)),)) if name else None for name in names
    )
    return Answer(
        key, question, asked.sentence(asked.clause(head, facts)), asked.table(key, columns, rows), link, links
    )


def _last_meeting(asked: Asked) -> tuple[int, Text] | None:
    """(id, 双周调度会第14次（2024-07-12）) of the newest meeting until today."""
    of, series = meeting.c, meeting_series.c
    query = select(of.id, of.number, of.held_on, series.name).join(meeting_series, series.id == of.series)
    row = asked.connection.execute(
        query.where(of.held_on <= asked.today).order_by(of.held_on.desc(), of.id.desc()).limit(1)
    ).one_or_none()
    if row is None:
        return None
    return row.id, _("{series}, no. {number} ({day})", series=row.name, number=row.number, day=row.held_on)


def _day(asked: Asked) -> str:
    return (
        asked.connection.scalar(select(func.max(decision.c.decided_on)).where(decision.c.decided_on <= asked.today))
        or ""
    )


def _decision_rows(asked: Asked, found: Sequence[Any]) -> tuple[list[tuple[Cell, ...]], list[str]]:
    from db.five_ones.paper_parts import became

    ask = asked.connection.execute
    projects, units, people = (
        dict(
            map(
                tuple, ask(select(of.c.id, of.c.name).where(of.c.id.in_({getattr(one, key) for one in found} - {None})))
            )
        )
        for of, key in ((project, "project"), (unit, "unit"), (person, "person"))
    )
    names = [projects.get(one.project, "") for one in found]
    rows: list[tuple[Cell, ...]] = [
        (
            one.text,
            name,
            units.get(one.unit) or people.get(one.person, ""),
            one.due_on,
            became(one, asked.today, asked.lang),
        )
        for one, name in zip(found, names, strict=True)
    ]
    return rows, names


# --- whose 诉求 are open ----------------------------------------------------------------------------------------------


def raised(asked: Asked, key: str, question: str) -> Answer:
    """The open issues, the most urgent first, and whether the enterprises that were called are content."""
    of, ask = issue.c, asked.connection
    still = of.state.in_(OPEN)
    count, late = ask.execute(select(func.count(), func.count().filter(of.clock_on < asked.today)).where(still)).one()
    clauses: list[Text | str] = [_("no issue is open")]
    if count:
        clauses = [asked.clause(_("{count} issues are open", count=count), _("{late} past their day", late=late))]
        query = select(unit.c.name, func.count()).select_from(issue.outerjoin(unit, unit.c.id == of.department))
        most = ask.execute(
            query.where(still).group_by(unit.c.name).order_by(func.count().desc(), unit.c.name).limit(MOST_NAMED)
        )
        whose = [_("{unit} ({count})", unit=name or _("not assigned"), count=number) for name, number in most]
        clauses.append(_("most of them with {units}", units=whose))
    clauses.append(_content(asked))
    rows = _issue_rows(asked) if count else []
    columns = (
        Column("company", asked.say(_("Enterprise"))),
        Column("text", asked.say(_("What it is about")), width=40),
        Column("department", asked.say(_("Responsible department"))),
        Column("state", asked.say(_("Where it stands"))),
        Column("clock", asked.say(_("Next day to look at")), "date"),
    )
    links = tuple(
        Link(
            "forum",
            conditions=tuple(Condition(of, "one_of", (str(row[at]),)) for at, of in enumerate(("company", "text"))),
        )
        for row in rows
    )
    return Answer(
        key, question, asked.sentence(*clauses), asked.table(key, columns, rows) if rows else None, _FORUM_OPEN, links
    )


def _content(asked: Asked) -> Text | str:
    """满意率99.3%（133/134）, where anybody was called."""
    numbers = counted(asked.connection, asked.period)[ALL].numbers
    content, called = numbers["content"], numbers["rated"]
    if not called:
        return _("no enterprise was followed up in the period")
    share = said_percent(percent(content, called))
    return _(
        "of {called} followed up in the period, {content} are satisfied or basically satisfied ({share})",
        called=called, content=content, share=share,
    )  # fmt: skip


def _issue_rows(asked: Asked) -> list[tuple[Cell, ...]]:
    from db.forum.queries import cards

    of = issue.c
    query = select(of.id).where(of.state.in_(OPEN)).order_by(of.clock_on.nulls_last(), of.id).limit(SHOWN)
    found = cards(asked.connection, list(asked.connection.scalars(query)), today=asked.today)
    named = dict(STATE.options)
    return [(one.company, one.text, one.department, asked.say(named[one.state]), one.clock_on) for one in found]
