"""Where labels stand beside each other without ever lying upon each other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

APART = 6
_SLACK = 14


class Wish(NamedTuple):
    """A label: the point it belongs to, how wide it is, and how much it matters (more is more)."""

    x: float
    width: float
    weight: int = 0


def place(wishes: Sequence[Wish], low: float, high: float) -> list[float | None]:
    """The left edge of each label between `low` and `high`, None for those that find no room.

    A label stands as near to the middle of its point as it can, at most so far that its end is still beside the point.
    The heavier ones choose first; 6 px stay between any two.
    """
    found: list[float | None] = [None] * len(wishes)
    taken: list[tuple[float, float]] = []
    for at in sorted(range(len(wishes)), key=lambda one: (-wishes[one].weight, wishes[one].x)):
        left = _nearest(wishes[at], taken, low, high)
        if left is not None:
            found[at] = left
            taken.append((left, left + wishes[at].width))
    return found


def _nearest(wish: Wish, taken: Sequence[tuple[float, float]], low: float, high: float) -> float | None:
    first, last = max(low, wish.x - wish.width - _SLACK), min(high - wish.width, wish.x + _SLACK)
    middle = wish.x - wish.width / 2
    wanted = [min(max(middle, first), last)]
    for left, right in taken:
        wanted += [left - APART - wish.width, right + APART]
    free = [
        one
        for one in wanted
        if first <= one <= last
        and all(one + wish.width + APART <= left or one >= right + APART for left, right in taken)
    ]
    return min(free, key=lambda one: abs(one - middle), default=None)
