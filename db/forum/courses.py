"""The steps of issues in the book, and where each issue stands beside them, on its own row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, delete, select

from db.core import attachments, bulk, settings
from db.core.attachments import Attachment, Incoming
from db.core.calendar import calendar
from db.core.errors import Refused
from db.core.settings import NO, YES, Setting
from db.core.text import Text, _
from db.core.updating import together, update_column
from db.forum.models import ROOM, STEPS, issue, issue_step
from db.forum.rules import Chain, Standing, Step, Steps, replay

_YES_NO = ((YES, _("Yes")), (NO, _("No")))
settings.register(
    Setting(
        "forum.chain", _("How issues are worked on"), "six",
        (("six", _("Six columns are enough")), ("full", _("The whole chain, from assigning to closing"))),
    ),
    Setting("forum.accept", _("Departments accept what is assigned to them"), YES, _YES_NO),
    Setting("forum.give_back", _("Departments may give back what is not theirs"), YES, _YES_NO),
    Setting("forum.longer", _("Departments may ask for more time"), YES, _YES_NO),
    Setting("forum.days.give_back", _("Working days within which an issue may be given back"), "1"),
    Setting("forum.days.ordinary", _("Working days for an ordinary issue"), "7"),
    Setting("forum.days.complex", _("Working days for a complex issue"), "15"),
    Setting("forum.days.most", _("Working days at most"), "30"),
    Setting("forum.days.escalated", _("Working days once escalated"), "10"),
    Setting("forum.days.city", _("Working days for the city"), "15"),
    Setting("forum.days.call", _("Working days until the follow-up call"), "5"),
    Setting("forum.visits.most", _("Planned visits to one enterprise in a month"), "2"),
)  # fmt: skip

_COLUMNS = ("kind", "on_day", "due_on", "text", "author", "choice", "unit", "days")


def chain_of(connection: Connection) -> Chain:
    """How this office works on issues, with the book's calendar."""
    said = settings.get_all(connection)

    def days(key: str) -> int:
        text = said[f"forum.days.{key}"].strip()
        return int(text) if text.isdigit() else int(settings.SETTINGS[f"forum.days.{key}"].default)

    return Chain(
        full=said["forum.chain"] == "full", accept=said["forum.accept"] == YES,
        give_back=said["forum.give_back"] == YES, longer=said["forum.longer"] == YES, to_give_back=days("give_back"),
        ordinary=days("ordinary"), complex=days("complex"), most=days("most"), escalated=days("escalated"),
        city=days("city"), call=days("call"), calendar=calendar(connection),
    )  # fmt: skip


def steps_of(connection: Connection, ids: Sequence[int]) -> dict[int, Steps]:
    """Issue → its steps, in order."""
    found: dict[int, list[Step]] = {number: [] for number in ids}
    of = issue_step.c
    for some in bulk.chunks(list(ids)):
        query = select(of.issue, *(of[name] for name in _COLUMNS)).where(of.issue.in_(some))
        for number, *cells in connection.execute(query.order_by(of.issue, of.place)):
            found[number].append(Step(*cells))
    return {number: tuple(steps) for number, steps in found.items()}


def rows_of(connection: Connection, number: int) -> tuple[int, ...]:
    """The rows of the steps of an issue, in their order: what their files are attached to."""
    of = issue_step.c
    return tuple(connection.scalars(select(of.id).where(of.issue == number).order_by(of.place)))


def files_of(connection: Connection, rows: Sequence[int]) -> dict[int, list[Attachment]]:
    """Row of a step → what is attached to it, of those to which anything is."""
    return attachments.files_of(connection, STEPS, rows)


def attach(
    connection: Connection, number: int, kind: str, files: Sequence[Incoming], *, on: str, by: str
) -> None:  # fmt: skip
    """Attach files to the last step of a kind that an issue took."""
    of = issue_step.c
    query = select(of.id).where(of.issue == number, of.kind == kind).order_by(of.place.desc()).limit(1)
    row = connection.scalar(query)
    if row is None:
        raise Refused(_("The step is gone; nothing was attached. Look at the issue again."))
    for one in files:
        attachments.add(connection, STEPS, row, one, on=on, by=by)


def add_steps(connection: Connection, courses: Mapping[int, Steps]) -> None:
    """The first steps of new issues."""
    rows = [(number, at, *step) for number, steps in courses.items() for at, step in enumerate(steps, 1)]
    bulk.insert(connection, issue_step, ("issue", "place", *_COLUMNS), rows)


def put_steps(connection: Connection, courses: Mapping[int, Steps]) -> None:
    """The steps of issues as they are now: only what differs is written, and where each issue stands after it."""
    before: dict[int, list[tuple[int, Step]]] = {number: [] for number in courses}
    of = issue_step.c
    for some in bulk.chunks(list(courses)):
        query = select(of.id, of.issue, *(of[name] for name in _COLUMNS)).where(of.issue.in_(some))
        for row, number, *cells in connection.execute(query.order_by(of.issue, of.place)):
            before[number].append((row, Step(*cells)))
    added: list[tuple[Any, ...]] = []
    gone: list[int] = []
    changed: dict[str, list[tuple[int, Any]]] = {name: [] for name in ("place", *_COLUMNS)}
    for number, steps in courses.items():
        _compare(number, before[number], steps, added, gone, changed)
    _drop(connection, gone)
    with together(connection, issue_step):
        for name, pairs in changed.items():
            update_column(connection, issue_step, name, pairs)
    bulk.insert(connection, issue_step, ("issue", "place", *_COLUMNS), added)
    _put_standings(connection, {number: replay(steps) for number, steps in courses.items()})


def _drop(connection: Connection, rows: Sequence[int]) -> None:
    """Steps that are no more; what was attached to them stays with the issue."""
    of = issue_step.c
    for some in bulk.chunks(list(rows)):
        if files_of(connection, some):
            issues = {row.id: row.issue for row in connection.execute(select(of.id, of.issue).where(of.id.in_(some)))}
            attachments.hand_over(connection, STEPS, issues, to=ROOM)
        connection.execute(delete(issue_step).where(of.id.in_(some)))


def _compare(
    number: int, before: list[tuple[int, Step]], steps: Steps, added: list[tuple[Any, ...]], gone: list[int],
    changed: dict[str, list[tuple[int, Any]]],
) -> None:  # fmt: skip
    """Steps from both ends that stay as they are keep their rows; those between are taken in turn."""
    old = [step for _row, step in before]
    same = 0
    while same < min(len(old), len(steps)) and old[same] == steps[same]:
        same += 1
    tail = 0
    while tail < min(len(old), len(steps)) - same and old[-1 - tail] == steps[-1 - tail]:
        tail += 1
    middle, wanted = before[same : len(old) - tail], steps[same : len(steps) - tail]
    for (row, was), now in zip(middle, wanted, strict=False):
        for name, one, other in zip(_COLUMNS, was, now, strict=True):
            if one != other:
                changed[name].append((row, other))
    gone += [row for row, _step in middle[len(wanted) :]]
    added += [(number, same + at + 1, *step) for at, step in enumerate(wanted) if at >= len(middle)]
    moved = len(steps) - len(old)
    if moved:
        changed["place"] += [
            (row, len(old) - tail + at + 1 + moved) for at, (row, _step) in enumerate(before[len(old) - tail :])
        ]


def _put_standings(connection: Connection, standings: Mapping[int, Standing]) -> None:
    changed: dict[str, list[tuple[int, Any]]] = {name: [] for name in Standing._fields}
    columns = [issue.c[name] for name in Standing._fields]
    for some in bulk.chunks(list(standings)):
        for number, *was in connection.execute(select(issue.c.id, *columns).where(issue.c.id.in_(some))):
            for name, old, new in zip(Standing._fields, was, standings[number], strict=True):
                if old != new:
                    changed[name].append((number, new))
    with together(connection, issue):
        for name, pairs in changed.items():
            update_column(connection, issue, name, pairs)


def wrong_courses(connection: Connection, ids: Sequence[int]) -> list[tuple[int, Text]]:
    """Issues whose row does not say what their steps say: for `check` and for undo."""
    found: list[tuple[int, Text]] = []
    columns = [issue.c[name] for name in Standing._fields]
    for some in bulk.chunks(list(ids)):
        steps = steps_of(connection, some)
        for number, *stored in connection.execute(select(issue.c.id, *columns).where(issue.c.id.in_(some))):
            if tuple(stored) != tuple(replay(steps[number])):
                found.append((number, _("Where the issue stands does not agree with its steps.")))
    return found
