"""Figures of the five ones, milestones and lights, at the end of a period, with the rows behind them.

An office that has no plan, no assignment, no meeting and no light set by hand does not use this room: it has no such
figures, rather than zeros.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, case, func, select

from db.core.period import Period
from db.core.ratios import SHARE, change, ratio
from db.core.text import Text, _
from db.five_ones import reading
from db.five_ones.lights import Light
from db.five_ones.models import RED, YELLOW
from db.five_ones.reading import Overdue
from db.five_ones.rules import Completeness
from db.people.models import DEPARTMENT, unit
from db.projects.models import project

PROJECTS, MILESTONES = _("projects"), _("milestones")
KEYS = ("five_ones.complete_rate", "milestones.overdue.count", "lights.red.count", "lights.yellow.count")
_WORDS: Mapping[str, tuple[Text, Text, Text]] = {
    "five_ones.complete_rate": (
        _("Share of projects that have all five ones"),
        _("Of the projects under construction at the end of the period, those that have all five ones ÷ all of them."),
        SHARE,
    ),
    "milestones.overdue.count": (
        _("Milestones overdue"),
        _("Milestones planned before the end of the period and not done by then, of projects that go on."),
        MILESTONES,
    ),
    "lights.red.count": (
        _("Projects with a red light"),
        _("Projects whose light is red at the end of the period, by the rules of the book or set by hand."),
        PROJECTS,
    ),
    "lights.yellow.count": (
        _("Projects with a yellow light"),
        _("Projects whose light is yellow at the end of the period, by the rules of the book or set by hand."),
        PROJECTS,
    ),
}


@dataclass(frozen=True)
class Standing:
    """Everything at the end of a day: sets of projects; late: milestone → its project."""

    complete: frozenset[int]
    building: frozenset[int]
    red: frozenset[int]
    yellow: frozenset[int]
    late: Mapping[int, int]

    def of(self, projects: Collection[int]) -> Standing:
        """Only of these projects."""
        some = frozenset(projects)
        late = {number: owner for number, owner in self.late.items() if owner in some}
        return Standing(self.complete & some, self.building & some, self.red & some, self.yellow & some, late)


def standing_of(ones: Mapping[int, Completeness], lights: Mapping[int, Light], late: Iterable[Overdue]) -> Standing:
    """What the figures count, from what was read of a day."""
    by_colour = {colour: frozenset(n for n, one in lights.items() if one.colour == colour) for colour in (RED, YELLOW)}
    return Standing(
        frozenset(number for number, one in ones.items() if one.count == 5), frozenset(ones),
        by_colour[RED], by_colour[YELLOW], {one.id: one.project for one in late},
    )  # fmt: skip


def figures(
    connection: Connection, period: Period, *, rows: bool = False, by: str | None = None
) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
    """The room's figures of all, and by group where projects are grouped by a fact of theirs."""
    days, rules = reading.follow_up_days(connection), reading.presets(connection)
    now, before = (
        standing_of(
            reading.completeness_of(connection, day=day, days=days),
            reading.lights(connection, day=day, rules=rules),
            reading.overdue(connection, day=day),
        )
        for day in (period.last, period.year_before().last)
    )
    whole = _figures(now, before, rows=rows)
    grouped: dict[str, dict[str, Any]] = {}
    groups = _groups(connection, by)
    if groups is not None:
        grouped = {name: _figures(now.of(ids), before.of(ids), rows=False) for name, ids in groups.items()}
        grouped[""] = _figures(now.of(()), before.of(()), rows=False)
    return whole, grouped


def _figures(now: Standing, before: Standing, *, rows: bool) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key in KEYS:
        label, definition, named = _WORDS[key]
        one: dict[str, Any] = {"label": label, "definition": definition, "unit": named}
        if key == "five_ones.complete_rate":
            above, below = len(now.complete), len(now.building)
            one |= {"value": ratio(above, below), "numerator": str(above), "denominator": str(below), "yoy": None}
            one["previous"] = ratio(len(before.complete), len(before.building))
        else:
            count, previous = len(_behind(now, key)), len(_behind(before, key))
            one |= {"value": str(count), "numerator": None, "denominator": None}
            one |= {"previous": str(previous), "yoy": change(count, previous)}
        one["rows"] = _rows(now, key) if rows else None
        found[key] = one
    return found


def _behind(found: Standing, key: str) -> Collection[int]:
    of = {
        "milestones.overdue.count": found.late.keys(),
        "lights.red.count": found.red,
        "lights.yellow.count": found.yellow,
    }
    return of[key]


def _rows(found: Standing, key: str) -> dict[str, Any]:
    if key == "five_ones.complete_rate":
        return {"room": "projects", "ids": sorted(found.building), "numerator_ids": sorted(found.complete)}
    room = "five_ones" if key == "milestones.overdue.count" else "projects"
    return {"room": room, "ids": sorted(_behind(found, key))}


def _groups(connection: Connection, by: str | None) -> dict[str, set[int]] | None:
    """Name of a group → its projects; None where projects have no such fact of their own."""
    of = project.c
    if by in ("street", "department"):
        own = unit.alias()
        name = case((unit.c.kind == DEPARTMENT, func.coalesce(unit.c.short_name, unit.c.name)), else_=unit.c.name)
        query = select(of.id, name).join(own, own.c.id == of[by])
        query = query.join(unit, unit.c.id == func.coalesce(own.c.merged_into, own.c.id))
    elif by == "industry":
        query = select(of.id, of.industry).where(of.industry.is_not(None))
    else:
        return None
    found: dict[str, set[int]] = {}
    for number, name in connection.execute(query):
        found.setdefault(name, set()).add(number)
    return found
