"""By what figures are broken down: place, department, industry, source of funds, size.

Units stand in 建制顺序, bands of size from the smallest up; groups with nothing in them are listed with zeros.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from sqlalchemy import ColumnElement, Connection, case, func, literal, null, select

from db.core import settings
from db.core.text import Text, _
from db.forum.figures import names_of_groups as issue_groups
from db.overview.measures import Measure, agreed
from db.people.models import DEPARTMENT, PLACES, unit
from db.people.queries import units
from db.projects.models import INSIDE, OUTSIDE, OVERSEAS, activity, project

BLANK = "未填"
_BILLION_TENTH = 10**8 * 100  # 亿元 in hundredths


@dataclass(frozen=True)
class Grouping:
    """One way to break figures down.

    of_project: what a project is grouped by. of_activity: what an activity is grouped by, None where it has no place.
    known: value → name of every group, in order. aliases: values that mean another one (units that were merged).
    of_issues: a fact of issues of the forum, which projects do not have.
    """

    of_project: ColumnElement[Any]
    known: Mapping[Any, str]
    of_activity: ColumnElement[Any] | None = None
    aliases: Mapping[Any, Any] = field(default_factory=dict)
    labels: Mapping[Any, Text] = field(default_factory=dict)
    is_unit: bool = False
    of_issues: bool = False

    def column(self, measure: Measure) -> ColumnElement[Any] | None:
        """What the rows of a measure are grouped by; None where they have no such fact."""
        if self.of_issues:
            return None
        return self.of_project if measure.about_projects else self.of_activity

    def group(self, value: Any) -> Any:
        """The group of a value."""
        return self.aliases.get(value, value)

    def listed(self, used: Iterable[Any]) -> list[tuple[Any, str]]:
        """(value, name) of all groups in order: the known ones, then others that occur, 未填 at the end."""
        others = sorted(str(value) for value in used if value is not None and value not in self.known)
        found = [*self.known.items(), *((value, value) for value in others)]
        return [*found, (None, BLANK)] if None in used else found


def _units(connection: Connection, column: ColumnElement[Any], kinds: tuple[str, ...]) -> Grouping:
    merged = connection.execute(select(unit.c.id, unit.c.merged_into).where(unit.c.merged_into.is_not(None)))
    known = {one.id: one.short if one.kind == DEPARTMENT else one.name for one in units(connection, kinds)}
    aliases = {row.id: row.merged_into for row in merged}
    return Grouping(column, known, activity.c.unit, aliases, {None: _("Not stated")}, is_unit=True)


def by_street(connection: Connection) -> Grouping:
    """By place: streets, towns, parks and the development zone."""
    return _units(connection, project.c.street, PLACES)


def by_department(connection: Connection) -> Grouping:
    """By the responsible department."""
    return _units(connection, project.c.department, (DEPARTMENT,))


def by_industry(connection: Connection) -> Grouping:
    """By industry, the one with most projects first."""
    query = select(project.c.industry).where(project.c.industry.is_not(None)).group_by(project.c.industry)
    names = connection.scalars(query.order_by(func.count().desc(), project.c.industry)).all()
    return Grouping(project.c.industry, {name: name for name in names}, labels={None: _("Not stated")})


def by_source(_connection: Connection) -> Grouping:
    """By source of funds: 省内, 省外, 境外."""
    labels = {
        INSIDE: _("Inside the province"),
        OUTSIDE: _("Outside the province"),
        OVERSEAS: _("Overseas"),
        None: _("Not stated"),
    }
    return Grouping(project.c.source_kind, {INSIDE: "省内", OUTSIDE: "省外", OVERSEAS: "境外"}, labels=labels)


def by_size(connection: Connection) -> Grouping:
    """By agreed investment, in the bands of the book's settings (亿元)."""
    bounds = [int(part) for part in settings.get(connection, "size.bands").split(",") if part.strip()]
    names = [f"{bounds[0]}亿元以下"]
    names += [f"{low}—{high}亿元" for low, high in pairwise(bounds)]
    names.append(f"{bounds[-1]}亿元以上")
    labels: dict[Any, Text] = {0: _("under {high}00 million yuan", high=bounds[0]), None: _("Not stated")}
    labels |= {
        at: _("{low}00 to {high}00 million yuan", low=low, high=high)
        for at, (low, high) in enumerate(pairwise(bounds), 1)
    }
    labels[len(bounds)] = _("{low}00 million yuan and more", low=bounds[-1])
    amount = agreed(func.coalesce(project.c.signed_on, literal("9999")))
    steps = [(amount < bound * _BILLION_TENTH, at) for at, bound in enumerate(bounds)]
    band = case((amount.is_(None), None), *steps, else_=len(bounds))
    return Grouping(band, dict(enumerate(names)), labels=labels)


def by_category(connection: Connection) -> Grouping:
    """Issues of the forum by category, the one with most first."""
    return _of_issues(issue_groups(connection, "category"))


def by_session(connection: Connection) -> Grouping:
    """Issues of the forum by the session at which they were raised."""
    return _of_issues(issue_groups(connection, "session"))


def _of_issues(known: Mapping[Any, str]) -> Grouping:
    return Grouping(null(), {**known, None: BLANK}, labels={None: _("Not stated")}, of_issues=True)


GROUPINGS: Mapping[str, Callable[[Connection], Grouping]] = {
    "street": by_street,
    "department": by_department,
    "industry": by_industry,
    "source": by_source,
    "size": by_size,
    "category": by_category,
    "session": by_session,
}
