"""Ranks and classes: 38, 38, 40 where two are equal; shares of the ranking with each way of rounding."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from db.core.ratios import percent
from db.per_mu.schemes import BY_SHARE, CEILING, FLOOR, Classes

_EXACT = 2**53  # below it every whole number is a float


def ranks_of(scores: Sequence[int]) -> list[int]:
    """The place of each, the highest first; equal scores share the better place and leave the next ones free."""
    keys: Sequence[float] = scores
    if scores and min(scores) > -_EXACT and max(scores) < _EXACT:
        keys = list(map(float, scores))  # as exact, and sorted and looked up in half the time
    ordered = sorted(keys)
    # From the lowest up: of equal scores the last one met stands highest, and its place is theirs.
    place = dict(zip(ordered, range(len(ordered), 0, -1), strict=True))
    return list(map(place.__getitem__, keys))


def counted(share: Fraction, total: int, rounding: str) -> int:
    """How many of `total` are `share` per cent: rounded down, half up or up."""
    exact = share * total / 100
    if rounding == FLOOR:
        return exact.numerator // exact.denominator
    if rounding == CEILING:
        return -(-exact.numerator // exact.denominator)
    return (2 * exact.numerator + exact.denominator) // (2 * exact.denominator)


def classes_of(classes: Classes, ranks: Sequence[int], scores: Sequence[int], scale: int) -> list[str]:
    """The class of each. By share a place decides, so that equals get the better class; by score the points do."""
    if classes.by == BY_SHARE:
        return list(map(by_place(classes, len(ranks)).__getitem__, ranks))
    return [_by_points(classes, score, scale) for score in scores]


def class_at(classes: Classes, rank: int, total: int, score: int, scale: int) -> str:
    """The class of one place among `total`, or of its points."""
    return by_place(classes, total)[rank] if classes.by == BY_SHARE else _by_points(classes, score, scale)


def by_place(classes: Classes, total: int) -> list[str]:
    """Place → class; the first of the list is no place."""
    found = [""] * (total + 1)
    start = 1
    for name, share in classes.limits:
        end = counted(share, total, classes.rounding)
        found[start : end + 1] = [name] * max(end + 1 - start, 0)
        start = max(start, end + 1)
    return found


def _by_points(classes: Classes, score: int, scale: int) -> str:
    return next((name for name, limit in classes.limits if score >= limit * scale), classes.limits[-1][0])


def class_shares(counts: Mapping[str, int]) -> dict[str, str]:
    """What per cent of all each class has, one decimal, as bulletins print it."""
    total = sum(counts.values())
    return {name: percent(count, total) or "—" for name, count in counts.items()}
