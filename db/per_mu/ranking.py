"""Ranks and classes: 38, 38, 40 where two are equal; shares of the ranking with each way of rounding."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction

from db.core.ratios import percent
from db.per_mu.schemes import BY_SHARE, CEILING, FLOOR, Classes


def ranks_of(
    near: Sequence[float],
    exact: Callable[[list[int]], Sequence[int]] | None = None,
    *,
    off: float = 0,
    share: float = 0,
) -> list[int]:
    """The place of each, the highest first; equal scores share the better place and leave the next ones free.

    near: the scores, or floats that are wrong by `off` + `share` × the float at most, `share` × the lowest being above
    −`off`; then `exact` gives the scores of those (by their index) that this leaves in doubt.
    """
    order = sorted(range(len(near)), key=near.__getitem__, reverse=True)
    # Machine numbers lie close together; what is looked into in the order of the scores should.
    ranks = array("i", [0]) * len(near)
    held = near if exact is None else array("d", near)
    close: list[int] = []
    next_to = held[order[0]] if order else 0
    off, share = 2 * off, 1 - 2 * share
    for place, at in enumerate(order, 1):
        ranks[at] = place
        own = held[at]
        if own >= next_to:
            close.append(place - 1)
        next_to = own * share - off
    del close[:1]  # the first, to itself
    if close:
        runs = [(low, order[low:high]) for low, high in _runs(close)]
        doubtful = [at for _low, run in runs for at in run]
        scores = dict(zip(doubtful, map(near.__getitem__, doubtful) if exact is None else exact(doubtful), strict=True))
        for low, run in runs:
            run.sort(key=scores.__getitem__, reverse=True)
            for place, at in enumerate(run):
                equal = place and scores[at] == scores[run[place - 1]]
                ranks[at] = ranks[run[place - 1]] if equal else low + place + 1
    del order  # What its numbers took serves those of the result.
    return ranks.tolist()


def _runs(close: Iterable[int]) -> list[tuple[int, int]]:
    """From where to where places hang together, given those that do with the place before them."""
    found: list[tuple[int, int]] = []
    for place in close:
        if found and found[-1][1] == place:
            found[-1] = found[-1][0], place + 1
        else:
            found.append((place - 1, place + 1))
    return found


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
