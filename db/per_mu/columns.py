"""Formulas over whole columns of whole numbers: one exact quotient a company, without a fraction object for each.

A column is numerators over denominators, each a list or one number for all. What cannot be computed is a gap: its
place is noted, and 0/1 stands there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import repeat
from operator import add, floordiv, mul, sub

from db.per_mu.formulas import Name, Node, Number
from db.per_mu.models import MICRO

Numbers = list[int] | int
Given = Mapping[str, Sequence[int | None]]


@dataclass(frozen=True)
class Quotients:
    """above ÷ below, below always above zero; gaps: the places without a value."""

    above: Numbers
    below: Numbers
    gaps: frozenset[int] = frozenset()

    def at(self, place: int) -> Fraction:
        """One of them."""
        above, below = (side if isinstance(side, int) else side[place] for side in (self.above, self.below))
        return Fraction(above, below)


def times(one: Numbers, other: Numbers) -> Numbers:
    """Products, place by place."""
    if isinstance(one, int):
        one, other = other, one
    if isinstance(one, int):
        assert isinstance(other, int)
        return one * other
    if isinstance(other, int):
        return one if other == 1 else list(map(mul, one, repeat(other)))
    return list(map(mul, one, other))


def _combined(one: Numbers, other: Numbers, *, minus: bool) -> Numbers:
    if isinstance(one, int) and isinstance(other, int):
        return one - other if minus else one + other
    of = sub if minus else add
    wide = [repeat(side) if isinstance(side, int) else side for side in (one, other)]
    return list(map(of, *wide))


def compute(node: Node, given: Given, count: int) -> Quotients:
    """A formula over metrics in 10⁻⁶ of their units, for `count` companies."""
    if isinstance(node, Number):
        return Quotients(node.value.numerator, node.value.denominator)
    if isinstance(node, Name):
        return _named(given.get(node.name), count)
    left, right = compute(node.left, given, count), compute(node.right, given, count)
    gaps = left.gaps | right.gaps
    if node.sign == "*":
        return Quotients(times(left.above, right.above), times(left.below, right.below), gaps)
    if node.sign == "/":
        if left.below == right.below and isinstance(left.below, int):
            return _upright(left.above, right.above, gaps, count)
        return _upright(times(left.above, right.below), times(left.below, right.above), gaps, count)
    return _side_by_side(node.sign, left, right, gaps, count)


def _named(column: Sequence[int | None] | None, count: int) -> Quotients:
    if column is None:
        return Quotients(0, MICRO, frozenset(range(count)))
    if None not in column:
        return Quotients(column if isinstance(column, list) else list(column), MICRO)  # type: ignore[arg-type]
    gaps = frozenset(place for place, value in enumerate(column) if value is None)
    return Quotients([value or 0 for value in column], MICRO, gaps)


def _side_by_side(sign: str, left: Quotients, right: Quotients, gaps: frozenset[int], count: int) -> Quotients:
    """A sum, a difference, the smaller or the larger: over one denominator."""
    if isinstance(left.below, int) and left.below == right.below:
        one, other, below = left.above, right.above, left.below
        shared: Numbers = below
    else:
        one, other = times(left.above, right.below), times(right.above, left.below)
        shared = times(left.below, right.below)
    if sign in ("+", "-"):
        return Quotients(_combined(one, other, minus=sign == "-"), shared, gaps)
    sides = [[side] * count if isinstance(side, int) else side for side in (one, other)]
    return Quotients(list(map(min if sign == "min" else max, *sides)), shared, gaps)


def _upright(above: Numbers, below: Numbers, gaps: frozenset[int], count: int) -> Quotients:
    """With denominators above zero; a division by zero is a gap."""
    if isinstance(below, int):
        if below == 0:
            return Quotients(0, 1, frozenset(range(count)))
        return Quotients(above, below, gaps) if below > 0 else Quotients(times(above, -1), -below, gaps)
    if not below or min(below) > 0:
        return Quotients(above, below, gaps)
    above = [above] * count if isinstance(above, int) else list(above)
    below, zero = list(below), set(gaps)
    for place, number in enumerate(below):
        if number == 0:
            above[place], below[place] = 0, 1
            zero.add(place)
        elif number < 0:
            above[place], below[place] = -above[place], -number
    return Quotients(above, below, frozenset(zero))


def scaled(column: Quotients, line: tuple[Fraction, Fraction], scale: int, count: int) -> list[int]:
    """(α + β × each) × scale, cut off to whole numbers: the floor of the exact value, whatever its denominator."""
    start, slope = line
    factor, offset = slope * scale, start * scale
    common = factor.denominator * offset.denominator
    if isinstance(column.above, int) and isinstance(column.below, int):
        exact = factor * Fraction(column.above, column.below) + offset
        return [exact.numerator // exact.denominator] * count
    # One pass without lists between: what a multiplication makes is used and gone before the next.
    above = _multiplied(column.above, factor.numerator * offset.denominator)
    if offset:
        above = map(add, above, _multiplied(column.below, offset.numerator * factor.denominator))
    return list(map(floordiv, above, _multiplied(column.below, common)))


def _multiplied(numbers: Numbers, by: int) -> Iterable[int]:
    if isinstance(numbers, int):
        return repeat(numbers * by)
    return numbers if by == 1 else map(mul, numbers, repeat(by))


def sums(columns: Sequence[Sequence[int]], count: int) -> list[int]:
    """Of several columns, place by place."""
    found: Iterable[int] = repeat(0, count)
    for column in columns:
        found = map(add, found, column)
    return list(found)


__all__ = ["Given", "Quotients", "compute", "scaled", "sums", "times"]
