"""Which projects compete: those under construction, or what a view of the ledger or a stage says, kept in the scheme.

The conditions are copied into the scheme, so that a view that is changed or deleted later changes no contest.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from db.contests.schemes import Scheme
from db.core import filters, listing, own, settings, views
from db.core.fields import Field
from db.core.filters import Condition, When
from db.core.period import Period
from db.core.text import Text, _, say
from db.five_ones.fields import project_fields
from db.five_ones.reading import having_of
from db.overview.scopes import figure_scopes
from db.projects.fields import PROJECT_FIELDS, field_of
from db.projects.models import project
from db.projects.stages import stages
from db.projects.views import built_in

BUILDING = _("Projects under construction")


def projects_among(connection: Connection, scheme: Scheme, period: Period) -> list[int]:
    """Ids of the projects that compete; none where the book does not have what a condition asks for any more."""
    if scheme.among is None:
        return sorted(having_of(connection, day=period.last))
    fields, scopes = _fields(connection, scheme.among[1]), figure_scopes(connection)
    shown = views.resolve(views.View("", ("name",), scheme.among[1]), fields, scopes)
    if shown.missing:
        return []
    when = When(period.last, period, settings.get(connection, "month.cut"))
    where = filters.all_sql(fields, shown.conditions, when=when, scopes=scopes, table=project)
    return sorted(listing.ids(connection, project, where=where, today=period.last))


def _fields(connection: Connection, conditions: tuple[Condition, ...]) -> dict[str, Field]:
    every = (*PROJECT_FIELDS, *project_fields(connection), *own.own_fields(connection, "projects", project))
    found = {one.key: one for one in every}
    months = (field_of(one.key) for one in conditions if "@" in one.key)
    return found | {one.key: one for one in months if one is not None}


def offered(connection: Connection, *, actor: str, lang: str) -> dict[str, tuple[Text, Mapping[str, Any]]]:
    """Key → (label, what the scheme keeps) of what a contest of projects can be among; {} for those under construction."""
    found: dict[str, tuple[Text, Mapping[str, Any]]] = {"building": (BUILDING, {})}
    for key, stage in stages().items():
        label = _("Stage: {stage}", stage=stage.label)
        found[f"stage:{key}"] = label, _kept(stage.label.render(lang), (Condition("stage", "one_of", (key,)),))
    for view in (*built_in(connection), *views.views(connection, "projects", actor)):
        if view.conditions:
            name = str(say(view.name, lang))
            found[f"view:{view.key}"] = _("View: {view}", view=name), _kept(name, view.conditions)
    return found


def _kept(name: str, conditions: tuple[Condition, ...]) -> Mapping[str, Any]:
    return {"name": name, "conditions": [one.as_json() for one in conditions]}


def among_of(scheme: Scheme) -> Mapping[str, Any]:
    """What a scheme keeps, as `offered` gives it."""
    return {} if scheme.among is None else _kept(*scheme.among)
