"""Stages of a project and the paths they form, read from data (resources/presets/stage_paths.json).

A book may keep paths of its own (`stage_path`, `path_step`); the stages and what they count as are the trade's.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from sqlalchemy import Connection, select

from db.core.fields import Choice
from db.core.paths import RESOURCES
from db.core.text import Text, _
from db.projects.models import path_step, stage_path

STAGE_LABELS: Mapping[str, Text] = {
    "lead": _("Lead"),
    "negotiating": _("Negotiating"),
    "ready": _("Ready to sign"),
    "signed": _("Signed"),
    "established": _("Established"),
    "fitting_out": _("Fitting out"),
    "started": _("Construction started"),
    "moved_in": _("Moved in"),
    "completed": _("Completed"),
    "operating": _("Operating"),
    "produced": _("In production"),
    "in_statistics": _("In the statistics"),
    "at_capacity": _("At capacity"),
}

PATH_LABELS: Mapping[str, Text] = {
    "land": _("Industry on land"),
    "floors": _("Leased factory floors"),
    "building": _("Headquarters in a building"),
    "fund": _("Fund or platform"),
}


@dataclass(frozen=True)
class Stage:
    """One stage. counts_as: `started` or `produced` where figures count it as such. needs: what must come before."""

    key: str
    order: int
    name: str
    needs: tuple[str, ...] = ()
    counts_as: str | None = None

    @property
    def label(self) -> Text:
        """What people call it."""
        return STAGE_LABELS.get(self.key) or Text(self.name)


@dataclass(frozen=True)
class Path:
    """The stages that one sort of project passes, in order."""

    key: str
    name: str
    steps: tuple[str, ...]


@cache
def _preset() -> tuple[dict[str, Stage], dict[str, Path]]:
    data = json.loads((RESOURCES / "presets" / "stage_paths.json").read_text(encoding="utf-8"))
    stages = [
        Stage(one["key"], one["order"], one["name"], tuple(one.get("needs", ())), one.get("counts_as"))
        for one in data["stages"]
    ]
    paths = [Path(one["key"], one["name"], tuple(one["steps"])) for one in data["paths"]]
    return {one.key: one for one in stages}, {one.key: one for one in paths}


def stages() -> Mapping[str, Stage]:
    """Key → stage, in order."""
    return _preset()[0]


def preset_paths() -> Mapping[str, Path]:
    """Key → path as delivered."""
    return _preset()[1]


def paths(connection: Connection) -> Mapping[str, Path]:
    """Key → path in the book's order: those the book keeps, or those delivered where it keeps none."""
    query = select(stage_path.c.key, stage_path.c.name, path_step.c.stage)
    query = query.select_from(stage_path.outerjoin(path_step, path_step.c.path == stage_path.c.id))
    query = query.order_by(stage_path.c.position, stage_path.c.id, path_step.c.position, path_step.c.id)
    found: dict[str, Path] = {}
    for key, name, stage in connection.execute(query):
        before = found[key].steps if key in found else ()
        found[key] = Path(key, name, before if stage is None else (*before, stage))
    return found or preset_paths()


@cache
def order(stage: str) -> int:
    """The place of a stage; an unknown one comes first."""
    known = stages().get(stage)
    return known.order if known else 0


@cache
def later_than(stage: str) -> tuple[str, ...]:
    """The stages after this one."""
    return tuple(key for key, one in stages().items() if one.order > order(stage))


@cache
def counting_as(what: str) -> tuple[str, ...]:
    """The stages that figures count as `started` or `produced`."""
    return tuple(key for key, one in stages().items() if one.counts_as == what)


def _stage_choice() -> Choice:
    extra = (
        ("洽谈", "negotiating"),
        ("洽谈中", "negotiating"),
        ("在谈项目", "negotiating"),
        ("拟签", "ready"),
        ("已签约", "signed"),
        ("新签约", "signed"),
        ("签约未开工", "signed"),
        ("前期", "signed"),
        ("在建", "started"),
        ("已开工", "started"),
        ("建设中", "started"),
        ("开工在建", "started"),
        ("开工建设", "started"),
        ("已竣工", "completed"),
        ("建成", "completed"),
        ("已投产", "produced"),
        ("投产运营", "produced"),
        ("竣工投产", "produced"),
        ("已达产", "at_capacity"),
        ("已入驻", "moved_in"),
        ("已运营", "operating"),
    )
    names = tuple((one.name, key) for key, one in stages().items())
    return Choice(tuple((key, one.label) for key, one in stages().items()), names + extra)


def _path_choice() -> Choice:
    known = preset_paths()
    options = tuple((key, PATH_LABELS.get(key) or Text(one.name)) for key, one in known.items())
    return Choice(options, tuple((one.name, key) for key, one in known.items()))


STAGE_CHOICE = _stage_choice()
PATH_CHOICE = _path_choice()
