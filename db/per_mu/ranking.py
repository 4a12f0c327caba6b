"""Ranks and classes: 38, 38, 40 where two are equal; shares of the ranking with each way of rounding."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import compress, count, islice
from operator import eq

from db.core.ratios import percent
from db.per_mu.schemes import BY_SHARE, CEILING, FLOOR, Classes


def ranks_of(scores: Sequence[int]) -> list[int]:
    """The place of each, the highest first; equal scores share the better place and leave the next ones free."""
    near = _near(scores)
    order = sorted(range(len(scores)), key=near.__getitem__, reverse=True)
    ranks = [0] * len(order)
    for place, at in enumerate(order, 1):
        ranks[at] = place
    for low, high in _runs(list(map(near.__getitem__, order))):
        run = sorted(order[low:high], key=scores.__getitem__, reverse=True)
        for place, at in enumerate(run, low + 1):
            held = run[place - low - 2] if place > low + 1 else at
            ranks[at] = ranks[held] if at != held and scores[held] == scores[at] else place
    return ranks


def _near(scores: Sequence[int]) -> Sequence[float]:
    """As floats: sorted in half the time and never in a wrong order, but different scores may come out equal."""
    try:
        return list(map(float, scores))
    except OverflowError:
        return scores


def _runs(ordered: Sequence[float]) -> Iterator[tuple[int, int]]:
    """From where to where equals stand side by side."""
    low = high = 0
    for at in compress(count(), map(eq, ordered, islice(ordered, 1, None))):
        if at >= high:
            if high:
                yield low, high
            low = at
        high = at + 2
    if high:
        yield low, high


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
