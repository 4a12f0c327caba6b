"""Projects by stage, as a board shows them: who stands where for how long, and what a move to another stage asks."""

from __future__ import annotations

import datetime as dt
from array import array
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, and_, func, select

from db.core import bulk
from db.people.models import person, unit
from db.projects import rules
from db.projects.models import project, stage_event
from db.projects.service import move
from db.projects.stages import Path, later_than, order, paths
from db.projects.standing import UNKNOWN, events_of

_WHOLE_TABLE = 5_000  # from so many projects on, one look at all of them is quicker than asking for each


@dataclass(frozen=True)
class Lane:
    """The projects at one stage: those that have stood there longest first, those whose day is not known last.

    total: their agreed investment in hundredths, None where nobody wrote any.
    """

    stage: str
    ids: array[int]
    total: int | None = None


@dataclass(frozen=True)
class Card:
    """One project on the board. days: in its present stage, None where the day is not known. amount: hundredths."""

    id: int
    name: str
    stage: str
    status: str
    amount: int | None
    leader: str | None
    street: str | None
    days: int | None


@dataclass(frozen=True)
class Way:
    """What a move of one project to another stage means.

    day: on which it reached that stage before, None where it never did or nobody knows. missing: stages on the way
    that were not reached, and whether the rules need them. lost: what a move back takes away, with its days.
    """

    id: int
    name: str
    stage: str
    target: str
    day: str | None
    missing: tuple[tuple[str, bool], ...] = ()
    lost: tuple[tuple[str, str | None], ...] = ()

    @property
    def is_back(self) -> bool:
        """Whether it goes back."""
        return order(self.target) < order(self.stage)


def lanes(connection: Connection, ids: Sequence[int]) -> tuple[Lane, ...]:
    """These projects by stage: one lane for each stage of their paths, in order, the empty ones too."""
    of = project.c
    query = select(of.id, of.stage, of.agreed_investment, of.path, stage_event.c.happened_on).select_from(
        project.outerjoin(stage_event, and_(stage_event.c.project == of.id, stage_event.c.stage == of.stage))
    )
    found: dict[str, list[tuple[str, int]]] = {}
    totals: dict[str, int] = {}
    used: set[str] = set()
    for place, (number, stage, amount, path, since) in enumerate(_rows(connection, query, ids)):
        found.setdefault(stage, []).append((since or "9", place, number))  # type: ignore[arg-type]
        used.add(path)
        if amount is not None:
            totals[stage] = totals.get(stage, 0) + amount
    shown = {*found, *_steps(paths(connection), used)}
    return tuple(
        Lane(stage, array("q", [row[-1] for row in sorted(found.get(stage, ()))]), totals.get(stage))
        for stage in sorted(shown, key=order)
    )


def _steps(known: Mapping[str, Path], used: Collection[str]) -> Iterable[str]:
    """The stages of the paths that are used; of the first one where none is."""
    chosen = [path for key, path in known.items() if key in used] or list(known.values())[:1]
    return (stage for path in chosen for stage in path.steps)


def _rows(connection: Connection, query: Select[Any], ids: Sequence[int]) -> list[Any]:
    """The rows of `ids`, in their order."""
    found: dict[int, Any] = {}
    if len(ids) > _WHOLE_TABLE:
        found = {row[0]: row for row in connection.execute(query)}
    else:
        for some in bulk.chunks(ids):
            found.update((row[0], row) for row in connection.execute(query.where(project.c.id.in_(list(some)))))
    return [found[number] for number in ids if number in found]


def cards(connection: Connection, ids: Sequence[int], *, today: str) -> list[Card]:
    """What the board shows of these projects, in their order."""
    of = project.c
    since = and_(stage_event.c.project == of.id, stage_event.c.stage == of.stage)
    query = select(
        of.id, of.name, of.stage, of.status, of.agreed_investment, person.c.name.label("leader"),
        unit.c.name.label("street"),
        func.nullif(stage_event.c.happened_on, UNKNOWN).label("since"),
    ).select_from(
        project.outerjoin(stage_event, since)
        .outerjoin(person, person.c.id == of.leader)
        .outerjoin(unit, unit.c.id == of.street)
    )  # fmt: skip
    return [
        Card(
            row.id,
            row.name,
            row.stage,
            row.status,
            row.agreed_investment,
            row.leader,
            row.street,
            days(row.since, today),
        )
        for row in _rows(connection, query, ids)
    ]


def days(since: str | None, today: str) -> int | None:
    """Calendar days from one ISO day to another."""
    return None if since is None else (dt.date.fromisoformat(today) - dt.date.fromisoformat(since[:10])).days


def next_stage(connection: Connection, number: int, *, back: bool = False) -> str | None:
    """The stage after (before) the one at which a project stands, on its own path; None at the end (beginning)."""
    row = connection.execute(select(project.c.stage, project.c.path).where(project.c.id == number)).one_or_none()
    if row is None:
        return None
    steps = _path_of(connection, row.path)
    here = order(row.stage)
    beyond = [stage for stage in steps if (order(stage) < here if back else order(stage) > here)]
    return (max if back else min)(beyond, key=order, default=None)


def _path_of(connection: Connection, key: str) -> tuple[str, ...]:
    known = paths(connection)
    return known[key].steps if key in known else next(iter(known.values())).steps


def way(connection: Connection, number: int, target: str) -> Way | None:
    """What moving a project to `target` asks and takes away; None where the project is gone."""
    of = project.c
    row = connection.execute(select(of.name, of.stage, of.path).where(of.id == number)).one_or_none()
    if row is None:
        return None
    events = events_of(connection, [number])[number]
    needed = set(rules.missing_before(target, events))
    between = {
        stage
        for stage in _path_of(connection, row.path)
        if order(row.stage) < order(stage) < order(target) and stage not in events
    }
    missing = tuple((stage, stage in needed) for stage in sorted(needed | between, key=order))
    lost = tuple((stage, events[stage]) for stage in later_than(target) if stage in events)
    return Way(number, row.name, row.stage, target, events.get(target) or None, missing, lost)


def go(connection: Connection, way: Way, *, on: str | None, also: Mapping[str, str], reason: str | None = None) -> None:
    """Take the way. on: the day, None where it is not known or stays as it was; also: days of missing stages.

    A stage that the rules need and nobody dated is kept as reached, day not known.
    """
    undated = {stage: UNKNOWN for stage, needed in way.missing if needed}
    move(connection, [way.id], way.target, on=on, also={**undated, **also}, reason=reason)
