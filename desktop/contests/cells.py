"""What the cells of the league table say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from db.contests.models import PROJECT
from db.contests.schemes import DEDUCTION
from db.core.text import _
from desktop.kit import theme
from desktop.kit.cell_parts import Part
from desktop.kit.frozen_table import Column, Group
from desktop.kit.words import language, tr

if TYPE_CHECKING:
    from db.contests.queries import League, Standing

_ITEM = "item."


def columns(found: League) -> tuple[Column, ...]:
    """Name, place, movement, stars, score, and a column an item."""
    zh = language() == "zh"
    metrics = theme.metrics(12)
    widths = [max(72, metrics.horizontalAdvance(one.name) + 2 * theme.CELL_PADDING + 4) for one in found.scheme.items]
    items = [
        Column(_ITEM + one.code, one.name, width, right=True)
        for one, width in zip(found.scheme.items, widths, strict=True)
    ]
    return (
        Column("name", _("Name"), 150 if found.contest.subject != PROJECT else 196),
        Column("rank", _("Rank"), 48 if zh else 60, right=True),
        Column("moved", _("Up or down"), 56 if zh else 88),
        Column("marks", _("Stars"), 112),
        Column("score", _("Score"), 72, right=True),
        *items,
    )


def sums(found: League) -> dict[str, tuple[Part, ...]]:
    """The row under the headings: the most that each item gives, or costs."""
    from db.contests.report import points

    scale = 10**12
    told: dict[str, tuple[Part, ...]] = {"name": (Part(tr(_("At most")), "mute"),)}
    for one in found.scheme.items:
        sign = -1 if one.kind == DEDUCTION else 1
        told[_ITEM + one.code] = (Part(str(points(int(sign * one.most * scale))), "mute"),)
    return told


def groups(some: Sequence[Standing]) -> list[Group]:
    """The groups with their rows."""
    made = []
    for name in dict.fromkeys(one.line.subject.group for one in some):
        ids = [one.line.subject.id for one in some if one.line.subject.group == name]
        made.append(Group(name or "all", f"{name or tr(_('All'))} · {len(ids)}", ids, {}))
    return made


def parts_of(one: Standing, key: str, found: League) -> tuple[Part, ...]:
    """One cell."""
    from db.contests.report import movement, points

    line = one.line
    if key == "name":
        waiting = any(appeal.decided_on is None for appeal in one.appeals)
        return (Part(line.subject.name), *((Part(tr(_("appeal")), "amber", "tag"),) if waiting else ()))
    if key == "rank":
        return (Part(str(line.rank), bold=True),)
    if key == "moved":
        tone = "mute" if not one.moved else "green" if one.moved > 0 else "red"
        return (Part(movement(one.moved), tone),)
    if key == "marks":
        star = (Part(line.star, "amber", "tag"),) if line.star else ()
        return (*star, Part(found.scheme.flag, "red", "tag")) if line.flag else star
    if key == "score":
        return (Part(f"{points(line.score):.2f}", bold=True),)
    part = next((part for part in line.parts if _ITEM + part.code == key), None)
    if part is None:
        return ()
    return (Part(f"{points(part.points):.2f}", "text" if part.points else "faint"),)
