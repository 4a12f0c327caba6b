"""Where a project stands, kept on its own row with every stage event, so that figures are one look at an index."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Connection, delete, select

from db.core import bulk
from db.core.errors import Refused
from db.core.text import Text, _
from db.core.updating import together, update_column
from db.projects import rules
from db.projects.models import project, stage_event
from db.projects.stages import counting_as, later_than, order

UNKNOWN = ""  # it happened, nobody says when: before every date

Events = Mapping[str, str | None]


class Standing(NamedTuple):
    """The stage of a project and the first day of what figures count; '' where the day is not known, None: not yet."""

    stage: str
    negotiating_on: str | None
    left_negotiating_on: str | None
    signed_on: str | None
    began_on: str | None
    produced_on: str | None


def standing(events: Events) -> Standing:
    """What stage events (stage → day or None) amount to."""
    last, of = shape(tuple(events))
    return Standing(last, *[min([events[stage] or UNKNOWN for stage in some]) if some else None for some in of])


@cache
def shape(stages: tuple[str, ...]) -> tuple[str, tuple[tuple[str, ...], ...]]:
    """The last of these stages, and which of them each date of `Standing` is the first of."""
    producing = counting_as("produced")
    wanted = (("negotiating",), later_than("negotiating"), ("signed",), counting_as("started") + producing, producing)
    found = tuple(tuple(stage for stage in stages if stage in some) for some in wanted)
    return max(stages, key=order, default="lead"), found


def events_of(connection: Connection, ids: Sequence[int]) -> dict[int, dict[str, str | None]]:
    """Id → {stage: day}."""
    found: dict[int, dict[str, str | None]] = {number: {} for number in ids}
    for some in bulk.chunks(list(ids)):
        query = select(stage_event.c.project, stage_event.c.stage, stage_event.c.happened_on)
        for number, stage, day in connection.execute(query.where(stage_event.c.project.in_(some))):
            found[number][stage] = day
    return found


def put_events(
    connection: Connection, cells: Sequence[tuple[int, str, str | None]], *, reason: str | None = None
) -> None:
    """Record (project, stage, day), check that no stage lacks the one it needs, and write where each project stands.

    The day is that on which the stage was reached, UNKNOWN for "reached, day not known", None to take it back.
    Raises `Refused` naming the missing stage.
    """
    ids = sorted({number for number, _stage, _day in cells})
    known: dict[tuple[int, str], tuple[int, str | None]] = {}
    for some in bulk.chunks(ids):
        query = select(stage_event.c.id, stage_event.c.project, stage_event.c.stage, stage_event.c.happened_on)
        for row in connection.execute(query.where(stage_event.c.project.in_(some))):
            known[row.project, row.stage] = (row.id, row.happened_on)
    wanted = {(number, stage): day for number, stage, day in cells}
    gone = [known[key][0] for key, day in wanted.items() if day is None and key in known]
    for some in bulk.chunks(gone):
        connection.execute(delete(stage_event).where(stage_event.c.id.in_(some)))
    given = {key: day or None for key, day in wanted.items() if day is not None}
    moved = [(known[key][0], day) for key, day in given.items() if key in known and known[key][1] != day]
    update_column(connection, stage_event, "happened_on", moved)
    new = [(number, stage, day, reason) for (number, stage), day in given.items() if (number, stage) not in known]
    bulk.insert(connection, stage_event, ("project", "stage", "happened_on", "reason"), new)
    refresh(connection, ids)


def refresh(connection: Connection, ids: Sequence[int]) -> None:
    """Write anew where these projects stand; refused where their events cannot be."""
    columns = [project.c[name] for name in Standing._fields]
    changed: dict[str, list[tuple[int, Any]]] = {name: [] for name in Standing._fields}
    for some in bulk.chunks(list(ids)):
        events = events_of(connection, some)
        for row in connection.execute(select(project.c.id, *columns).where(project.c.id.in_(some))):
            wrong = rules.gap(events[row.id])
            if wrong is not None:
                raise Refused(fields={"stage": wrong})
            for name, was, now in zip(Standing._fields, row[1:], standing(events[row.id]), strict=True):
                if was != now:
                    changed[name].append((row.id, now))
    with together(connection, project):
        for name, pairs in changed.items():
            update_column(connection, project, name, pairs)


def wrong_standings(connection: Connection, ids: Sequence[int]) -> list[tuple[int, Text]]:
    """Projects whose row does not say what their events say, or whose events cannot be: for `check` and for undo."""
    columns = [project.c[name] for name in Standing._fields]
    found: list[tuple[int, Text]] = []
    for some in bulk.chunks(list(ids)):
        events = events_of(connection, some)
        for row in connection.execute(select(project.c.id, *columns).where(project.c.id.in_(some))):
            gap = rules.gap(events[row.id])
            if gap is not None:
                found.append((row.id, gap))
            elif tuple(row[1:]) != tuple(standing(events[row.id])):
                found.append((row.id, _("The stage and its dates do not agree with the stage events.")))
    return found
