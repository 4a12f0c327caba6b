"""Blocks of cells of milestones: what `db/core/block.py` must know of the room, and writing what was checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, select

from db.core import bulk
from db.core.block import Change, Checked, Rules
from db.core.reading import Stored
from db.core.text import Text, _
from db.five_ones.models import milestone
from db.five_ones.service import wrong_weight
from db.five_ones.sheet import set_values
from db.projects import blocks as projects_blocks

_NAMELESS = _("A milestone needs a name.")


def refuse(
    connection: Connection, changes: Sequence[Change], new: Sequence[Mapping[str, Stored]]
) -> list[tuple[int, str, Text]]:
    """The cells that cannot be: no name, a weight below zero, a new plan for what is done, rows without a project."""
    done = _done(connection, [number for number, key, _value in changes if key == "planned_on"])
    found = []
    for place, (number, key, value) in enumerate(changes):
        if key == "name" and not str(value or "").strip():
            found.append((place, key, _NAMELESS))
        elif key == "weight" and isinstance(value, int) and (why := wrong_weight(value)) is not None:
            found.append((place, key, why))
        elif key == "planned_on" and number in done:
            found.append((place, key, _("“{name}” is done; its plan stays as it was.", name=done[number])))
    why = _("Milestones are added to a project, on its own page.")
    return found + [(len(changes) + at, "name", why) for at in range(len(new))]


def _done(connection: Connection, ids: Sequence[int]) -> dict[int, str]:
    of = milestone.c
    found: dict[int, str] = {}
    for some in bulk.chunks(list(ids)):
        query = select(of.id, of.name).where(of.id.in_(some), of.actual_on.is_not(None))
        found |= {row.id: row.name for row in connection.execute(query)}
    return found


RULES = Rules(milestone, projects_blocks.links, refuse, frozenset({"people"}), "remarks")


def write(connection: Connection, checked: Checked) -> None:
    """Write what a checked block changes."""
    set_values(connection, checked.changes)
