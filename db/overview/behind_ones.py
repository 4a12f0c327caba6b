"""The rows behind the figures of lights, milestones and the five ones: what each is, since when, and its investment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from heapq import nsmallest
from typing import Any

from sqlalchemy import Connection, Select, func, select

from db.core import bulk
from db.five_ones import reading
from db.five_ones.figures import KEYS
from db.five_ones.models import milestone
from db.overview.behind import SHOWN, Behind, BehindRow
from db.projects.models import project

__all__ = ["KEYS", "behind_ones"]


def behind_ones(connection: Connection, key: str, rows: Mapping[str, Any], day: str) -> Behind:
    """What is behind a figure of the room at the end of a day; a milestone is a row of its project, by its planned day."""
    ids, above = list(rows["ids"]), rows.get("numerator_ids")
    if rows["room"] == "five_ones":
        return _milestones(connection, ids)
    numerator = None if above is None else frozenset(above)
    money = func.coalesce(project.c.total_investment, project.c.agreed_investment)
    found = _read(connection, select(project.c.id, project.c.name, money), ids)
    lit = reading.lights(connection, day=day, ids=ids) if key.startswith("lights.") else {}
    lines = [
        BehindRow(row[0], row[1], (lit[row[0]].since or "") if row[0] in lit else "", row[2],
                  numerator is None or row[0] in numerator)
        for row in found
    ]  # fmt: skip
    first = nsmallest(SHOWN, lines, key=lambda one: (-(one.money or 0), one.id))
    total, shown = (sum(one.money or 0 for one in some) for some in (lines, first))
    return Behind(
        "projects", len(lines), total, tuple(first), len(lines) - len(first), total - shown,
        None if numerator is None else len(numerator), sum(one.money is None for one in lines),
    )  # fmt: skip


def _milestones(connection: Connection, ids: Sequence[int]) -> Behind:
    of = milestone.c
    query = select(of.id, of.project, project.c.name, of.name, of.planned_on).join(project, project.c.id == of.project)
    found = sorted(_read(connection, query, ids), key=lambda row: (row[4] or "", row[0]))
    rows = tuple(BehindRow(row[1], f"{row[2]} · {row[3]}", row[4] or "") for row in found[:SHOWN])
    return Behind("five_ones", len(found), 0, rows, len(found) - len(rows))


def _read(connection: Connection, query: Select[Any], ids: Sequence[int]) -> list[Any]:
    first = next(iter(query.selected_columns))
    return [row for some in bulk.chunks(sorted(ids)) for row in connection.execute(query.where(first.in_(list(some))))]
