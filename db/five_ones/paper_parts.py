"""What the papers of the meetings have in common: forms without headings, decisions with what became of them, days."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, select

from db.core.text import Text, _
from db.five_ones.meetings import Decision
from db.five_ones.models import milestone
from db.people.models import person, unit
from db.projects.details import Entry
from db.projects.flow import days
from db.reports.report import Column, Table

_LONG, _LONG_DECISION = (
    240,
    120,
)  # characters: a longer text goes on in the next row, for no row is parted between sheets


def form(key: str, rows: Sequence[tuple[str, str]], *, sheet: str = "") -> Table:
    """Names and what is to be said of each, without caption and heading; a long text takes several rows."""
    told = tuple(
        (name if at == 0 else "", part) for name, text in rows for at, part in enumerate(in_parts(text, _LONG))
    )
    return Table(key, "", (Column("what", ""), Column("how", "", width=60)), told, sheet=sheet)


def in_parts(text: str, most: int) -> list[str]:
    """A text in pieces of at most so many characters, parted behind a mark where there is one."""
    parts = []
    while len(text) > most:
        mark = max(text.rfind(one, most // 2, most) for one in "。；;\n，, ")
        at = mark + 1 if mark >= 0 else most
        parts.append(text[:at].rstrip())
        text = text[at:]
    return [*parts, text]


def decisions_table(
    connection: Connection, found: Sequence[Decision], key: str, *, day: str, lang: str, parted: bool = True
) -> Table:
    """Who was to do what until when, and what became of it. parted: a long text takes several rows, as paper needs it."""
    units = dict(map(tuple, connection.execute(select(unit.c.id, unit.c.name))))
    people = dict(map(tuple, connection.execute(select(person.c.id, person.c.name))))
    rows: list[tuple[str | None, ...]] = []
    for one in found:
        first, *rest = in_parts(one.text, _LONG_DECISION if parted else len(one.text))
        owner = units.get(one.unit or 0, "") or people.get(one.person or 0, "")
        rows.append((one.decided_on, first, owner, one.due_on, became(one, day, lang)))
        rows += [("", part, "", "", "") for part in rest]
    columns = (
        Column("decided", _("Decided on").render(lang), "date"),
        Column("text", _("Decision").render(lang), width=20 if parted else 44),
        Column("owner", _("Responsible unit").render(lang)), Column("due", _("Deadline").render(lang), "date"),
        Column("became", _("What became of it").render(lang), width=10 if parted else 30),
    )  # fmt: skip
    return Table(key, "", columns, tuple(rows), sheet=_("Decisions").render(lang))


def became(one: Decision, day: str, lang: str) -> str:
    """What became of a decision by a day, in words."""
    if one.closed_on is not None:
        return _("Done on {day}: {evidence}", day=one.closed_on, evidence=one.evidence or "").render(lang)
    if one.due_on is not None and one.due_on < day:
        return _("overdue by {days} days", days=days(one.due_on, day)).render(lang)
    return _("Under way").render(lang)


def since_then(connection: Connection, number: int, entries: Sequence[Entry], since: str, day: str) -> Text:
    """上次会议以来: what was done of a project's plan, and how many entries of progress were written."""
    of = milestone.c
    query = select(of.name).where(of.project == number, of.actual_on > since, of.actual_on <= day)
    done = list(connection.scalars(query.order_by(of.actual_on)))
    count = sum(1 for one in entries if one.day is not None and since < one.day <= day)
    written = _("{count} entries of progress", count=count) if count else _("no new progress")
    if done:
        return _("done {names}; {written}", names=done, written=written)
    return _("no milestone done; {written}", written=written)
