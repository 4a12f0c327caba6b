"""What people do with issues: capture them, set their cells, take a step with one or many, delete them.

Every function works within one operation (`book.write`); the sentences of what cannot be come from `rules.py`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, func, select, update

from db.core import attachments, bulk, own
from db.core.errors import Refused
from db.core.text import _
from db.core.updating import together
from db.forum import rules, six_columns
from db.forum.adding import add_issues
from db.forum.categories import propose
from db.forum.courses import chain_of, put_steps, steps_of
from db.forum.fields import FORUM_FIELDS, field_of
from db.forum.models import DISSATISFIED, DONE, ROOM, SOLVED, STEPS, issue, issue_kind, issue_step, issue_support
from db.forum.rules import Step, Steps, act, replay
from db.forum.writing import names_in, put_typed, support
from db.people.models import DEPARTMENT, unit
from db.people.service import unit_ids
from db.projects.writing import written_on

Cell = tuple[int, str, Any]


@dataclass(frozen=True)
class Line:
    """A line typed at the table: only `company` and `text` are asked, the rest may come after the meeting.

    departments: the responsible one, then those that help. category: proposed from the words where None. answer: the
    reply given on the spot, by whom, and how it was resolved by it. due: the deadline with which it is proposed for
    assigning.
    """

    company: str
    text: str
    departments: tuple[str, ...] = ()
    category: str | None = None
    answer: str | None = None
    answered_by: str | None = None
    outcome: str = SOLVED
    due: str | None = None


def capture(
    connection: Connection, line: Line, *, on: str, session: int | None = None, visit: int | None = None
) -> int:
    """Keep one line of a session or a visit (ids); gives the id of the issue. An answered one is still to be called."""
    return capture_many(connection, [line], on=on, session=session, visit=visit)[0]


def capture_many(
    connection: Connection, lines: Sequence[Line], *, on: str, session: int | None = None, visit: int | None = None
) -> list[int]:
    """Keep several lines at once; gives the ids in their order."""
    rows = [
        {
            "company": one.company, "text": one.text, "raised_on": on, "session_id": session, "visit": visit,
            "category": one.category or propose(one.text), "department": next(iter(one.departments), None),
            "support": "、".join(one.departments[1:]) or None,
        }
        for one in lines
    ]  # fmt: skip
    ids = add_issues(connection, rows)
    for number, one in zip(ids, lines, strict=True):
        start(connection, number, one, on=on)
    return ids


def start(connection: Connection, number: int, line: Line, *, on: str) -> None:
    """The first step of a line, if it says any: answered on the spot, or proposed for assigning with a deadline."""
    if line.answer is not None:
        step = Step("resolve", on, text=line.answer, author=line.answered_by, choice=line.outcome)
        take(connection, [number], step, today=on)
    elif line.due is not None:
        named = next(iter(line.departments), None)
        take(connection, [number], Step("propose", on, due=line.due), today=on, department=named)


def set_values(connection: Connection, cells: Sequence[Cell]) -> None:
    """Set single cells, (issue, field key, stored value): typed, pasted, imported, come back in a sheet."""
    stepped: dict[int, dict[str, Any]] = {}
    plain: dict[str, list[tuple[int, Any]]] = {}
    for number, key, value in cells:
        if key in six_columns.COLUMNS:
            stepped.setdefault(number, {})[key] = value
        else:
            plain.setdefault(key, []).append((number, value))
    order = {one.key: at for at, one in enumerate(FORUM_FIELDS)}
    with together(connection, issue):
        for key in sorted(plain, key=lambda one: order.get(one, len(order))):
            if key not in _AFTERWARDS:
                own.write_column(connection, ROOM, key, plain[key], field=field_of(key))
    for key in _AFTERWARDS:
        if key in plain:
            own.write_column(connection, ROOM, key, plain[key], field=field_of(key))
    if stepped:
        put_typed(connection, stepped)


_AFTERWARDS = ("session",)  # a session's day may be that of an issue set beside it


def take(
    connection: Connection,
    ids: Sequence[int],
    step: Step,
    *,
    today: str,
    length: int | None = None,
    department: str | None = None,
    helpers: Sequence[str] | None = None,
    seen: Mapping[int, int] | None = None,
) -> None:
    """Take a step with one issue or many, all of them or none; Refused with what is missing.

    length: working days of the clock it starts, where the step has no `due`. department, helpers: names of those it is
    assigned to. seen: issue → how many steps it had when somebody looked; where there are more, somebody else was
    quicker, and nothing is written.
    """
    courses = steps_of(connection, ids)
    _refuse_missing(connection, ids)
    _refuse_overtaken(courses, seen or {})
    if department:
        step = step._replace(unit=unit_ids(connection, [department], kind=DEPARTMENT)[department])
    elif step.unit is not None:
        step = step._replace(unit=_present_unit(connection, step.unit))
    chain = chain_of(connection)
    departments = _departments(connection, ids)
    made: dict[int, Steps] = {}
    for number in ids:
        own_step = step
        if step.kind == "assign" and step.unit is None:
            own_step = step._replace(unit=departments.get(number))
        with _named(connection, number, of=len(ids)):
            made[number] = (*courses[number], *act(courses[number], own_step, chain=chain, today=today, length=length))
    put_steps(connection, made)
    if step.kind == "assign":
        _give_to(connection, ids, step.unit, helpers)


@contextmanager
def _named(connection: Connection, number: int, *, of: int) -> Iterator[None]:
    """Of several issues, the one that is refused is named."""
    try:
        yield
    except Refused as refused:
        if of == 1:
            raise
        why = next(iter(refused.fields.values()), refused.sentence)
        name = names_of(connection, [number]).get(number, "")
        raise Refused(_("“{name}”: {why} None of the issues was changed.", name=name, why=why)) from refused


def names_of(connection: Connection, numbers: Sequence[int]) -> dict[int, str]:
    """Id → the first words of the issue, of those that are still there."""
    found: dict[int, str] = {}
    for some in bulk.chunks(list(numbers)):
        query = select(issue.c.id, issue.c.text).where(issue.c.id.in_(some))
        found |= {row.id: row.text.splitlines()[0][:30] for row in connection.execute(query)}
    return found


def finish(
    connection: Connection, ids: Sequence[int], *, on: str, text: str | None = None, outcome: str = SOLVED,
    satisfaction: str | None = None,
) -> None:  # fmt: skip
    """一步办结: many at once resolved on a day, with one reply for all of them or the last report of each.

    What is resolved already keeps its day and its reply, and is only rated. In the whole chain an issue needs its
    reply, and cannot be resolved out of turn.
    """
    latest = {number: replay(steps) for number, steps in steps_of(connection, ids).items()}
    if chain_of(connection).full:
        for number in ids:
            said = text or latest[number].handling
            with _named(connection, number, of=len(ids)):
                if latest[number].state not in DONE:
                    take(connection, [number], Step("resolve", on, text=said, choice=outcome), today=on)
                if satisfaction is not None:
                    take(connection, [number], Step("follow_up", on, text=said, choice=satisfaction), today=on)
        return
    rated = {"satisfaction": satisfaction} if satisfaction else {}
    cells = {"resolved_on": on, "outcome": outcome, **({"handling": text} if text else {}), **rated}
    put_typed(connection, {number: rated if latest[number].state in DONE else cells for number in ids}, on=on)


def reopen_dissatisfied(connection: Connection, ids: Sequence[int]) -> None:
    """The enterprises say 不满意 today: each issue is opened again with a new clock, and its replies stay."""
    chain, courses = chain_of(connection), steps_of(connection, ids)
    today = written_on(connection)
    for number, steps in courses.items():
        day = max([today or "", *(step.on for step in steps if step.on)])  # no clock runs backwards
        rated = Step("follow_up", day, choice=DISSATISFIED)
        courses[number] = (*steps, rated, Step("reopen", day, chain.after(day, chain.ordinary)))
    put_steps(connection, courses)


def _give_to(connection: Connection, ids: Sequence[int], unit_id: int | None, helpers: Sequence[str] | None) -> None:
    if unit_id is not None:
        for some in bulk.chunks(list(ids)):
            connection.execute(update(issue).where(issue.c.id.in_(some)).values(department=unit_id))
    if helpers is not None:
        support(connection, [(number, "、".join(name for one in helpers for name in names_in(one))) for number in ids])


def _refuse_missing(connection: Connection, ids: Sequence[int]) -> None:
    found: set[int] = set()
    for some in bulk.chunks(list(ids)):
        found |= set(connection.scalars(select(issue.c.id).where(issue.c.id.in_(some))))
    if found != set(ids):
        raise Refused(_("One of the issues is gone; nothing was changed. Look at the list again."))


def _refuse_overtaken(courses: Mapping[int, Steps], seen: Mapping[int, int]) -> None:
    for number, count in seen.items():
        steps = courses.get(number, ())
        if len(steps) > count:
            last = steps[-1]
            raise Refused(
                _("Meanwhile “{step}” was entered ({day}, {who}): {text}. Nothing was changed; look at it and send yours again.",
                  step=rules.TOLD[last.kind], day=last.on or "—", who=last.author or "—", text=last.text or "—")
            )  # fmt: skip


def _present_unit(connection: Connection, number: int) -> int:
    """The unit itself, or the one it became part of."""
    row = connection.execute(select(unit.c.id, unit.c.merged_into).where(unit.c.id == number)).one_or_none()
    if row is None:
        raise Refused(fields={"department": _("There is no such unit.")})
    return int(row.merged_into or row.id)


def _departments(connection: Connection, ids: Sequence[int]) -> dict[int, int | None]:
    found: dict[int, int | None] = {}
    for some in bulk.chunks(list(ids)):
        query = select(issue.c.id, func.coalesce(unit.c.merged_into, unit.c.id)).select_from(
            issue.outerjoin(unit, unit.c.id == issue.c.department)
        )
        found |= {row[0]: row[1] for row in connection.execute(query.where(issue.c.id.in_(some)))}
    return found


def delete_issues(connection: Connection, ids: Sequence[int]) -> None:
    """Delete issues with everything that belongs to them; undo brings all of it back."""
    for some in bulk.chunks(list(ids)):
        steps = connection.scalars(select(issue_step.c.id).where(issue_step.c.issue.in_(some)))
        attachments.remove_all(connection, STEPS, list(steps))
        for table in (issue_step, issue_support):
            connection.execute(delete(table).where(table.c.issue.in_(some)))
        own.delete_values(connection, ROOM, some)
        attachments.remove_all(connection, ROOM, some)
        connection.execute(delete(issue).where(issue.c.id.in_(some)))


# --- one thing → one kind of thing -----------------------------------------------------------------------------------


def join(connection: Connection, ids: Sequence[int], *, name: str) -> int:
    """Link issues as one kind of thing, those that a member of them is linked with included; gives the id of the kind."""
    of = issue.c
    known = set(connection.scalars(select(of.kind).where(of.id.in_(list(ids)), of.kind.is_not(None))))
    if not name.strip() and not known:
        raise Refused(fields={"name": _("Name the kind of thing.")})
    if known:
        kind = min(known)
        connection.execute(update(issue).where(of.kind.in_(known)).values(kind=kind))
        connection.execute(delete(issue_kind).where(issue_kind.c.id.in_(known - {kind})))
        if name.strip():
            connection.execute(update(issue_kind).where(issue_kind.c.id == kind).values(name=name.strip()))
    else:
        (kind,) = bulk.insert(connection, issue_kind, ("name",), [(name.strip(),)])
    connection.execute(update(issue).where(of.id.in_(list(ids))).values(kind=kind))
    return int(kind)


def suggest(connection: Connection, kind: int, text: str, *, to: str | None = None, on: str | None = None) -> None:
    """The policy that is suggested because of a kind of thing; the issues linked to it are the evidence."""
    if not text.strip():
        raise Refused(fields={"suggestion": _("Write what is suggested.")})
    values = {"suggestion": text.strip(), "suggested_to": to, "suggested_on": on or written_on(connection)}
    connection.execute(update(issue_kind).where(issue_kind.c.id == kind).values(**values))
