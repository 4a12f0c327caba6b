"""Formulas over whole columns of whole numbers: one exact quotient a company, without a fraction object for each.

A column is numerators over denominators, each a list or one number for all. What cannot be computed is a gap: its
place is noted, and 0/1 stands there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from itertools import repeat
from operator import add, floordiv, mul, sub
from typing import TypeVar, overload

from db.per_mu.formulas import Name, Node, Number
from db.per_mu.models import MICRO

Numbers = list[int] | int
_Each_co = TypeVar("_Each_co", covariant=True)


@dataclass(frozen=True)
class Quotients:
    """above ÷ below, below always above zero; gaps: the places without a value; least: of `above`, where it is known."""

    above: Numbers
    below: Numbers
    gaps: frozenset[int] = frozenset()
    least: int | None = None

    def at(self, place: int) -> Fraction:
        """One of them."""
        above, below = (side if isinstance(side, int) else side[place] for side in (self.above, self.below))
        return Fraction(above, below)

    def only(self, places: Sequence[int]) -> Quotients:
        """Those of some places that have a value, in this order."""
        above, below = (
            side if isinstance(side, int) else [side[place] for place in places] for side in (self.above, self.below)
        )
        return Quotients(above, below)


Given = Mapping[str, Sequence[int | None] | Quotients]


class Later(Sequence[_Each_co]):
    """A column that is worked out, whole, when somebody looks into it."""

    def __init__(self, count: int, work: Callable[[], Sequence[_Each_co]]) -> None:
        self._count, self._work = count, work

    @cached_property
    def _whole(self) -> Sequence[_Each_co]:
        return self._work()

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[_Each_co]:
        return iter(self._whole)

    @overload
    def __getitem__(self, at: int) -> _Each_co: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[_Each_co]: ...
    def __getitem__(self, at: int | slice) -> _Each_co | Sequence[_Each_co]:
        return self._whole[at]

    def __eq__(self, other: object) -> bool:
        return self._whole == other

    __hash__ = None  # type: ignore[assignment]


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
        found = given.get(node.name)
        return found if isinstance(found, Quotients) else named(found, count)
    left, right = compute(node.left, given, count), compute(node.right, given, count)
    gaps = left.gaps | right.gaps
    if node.sign == "*":
        return Quotients(times(left.above, right.above), times(left.below, right.below), gaps)
    if node.sign == "/":
        if left.below == right.below and isinstance(left.below, int):
            found = _upright(left.above, right.above, gaps, count, least=right.least)
            return replace(found, least=left.least) if found.above is left.above else found
        return _upright(times(left.above, right.below), times(left.below, right.above), gaps, count)
    return _side_by_side(node.sign, left, right, gaps, count)


def named(column: Sequence[int | None] | None, count: int) -> Quotients:
    """A metric in 10⁻⁶ of its unit; without a column nobody has it."""
    if column is None:
        return Quotients(0, MICRO, frozenset(range(count)))
    lowest = least(column)
    if lowest is not None:
        return Quotients(column if isinstance(column, list) else list(column), MICRO, least=lowest)  # type: ignore[arg-type]
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


def _upright(
    above: Numbers, below: Numbers, gaps: frozenset[int], count: int, *, least: int | None = None
) -> Quotients:
    """With denominators above zero; a division by anything else is a gap, as `value_of` has it."""
    if isinstance(below, int):
        return Quotients(above, below, gaps) if below > 0 else Quotients(0, 1, frozenset(range(count)))
    if not below or (min(below) if least is None else least) > 0:
        return Quotients(above, below, gaps)
    above = [above] * count if isinstance(above, int) else list(above)
    below = list(below)
    through = {place for place, number in enumerate(below) if number <= 0}
    for place in through:
        above[place], below[place] = 0, 1
    return Quotients(above, below, gaps | through)


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


def nearly(
    columns: Sequence[tuple[Quotients, Fraction, Fraction]], scale: int, upon: Iterable[float]
) -> Iterable[float]:
    """Such columns, each with its α and β, added upon others as floats that nothing cuts off.

    An exact p lies within 6 × 2⁻⁵³ × |p| + 8 × 2⁻⁵³ × |α × scale| + 1: one rounding each for the quotient of whole
    numbers, β × scale, their product, α × scale and the sum, and what is cut off. Raises `OverflowError`, perhaps only
    while it is read, where a float cannot hold them.
    """
    start = float(sum(alpha for _column, alpha, _beta in columns) * scale)
    if start:
        upon = map(add, upon, repeat(start))
    each = [(_each(column.above), _each(column.below), float(beta * scale)) for column, _alpha, beta in columns]
    # Three at a time: going through a list costs as much as a quotient.
    while len(each) > 2:
        (a, b, p), (c, d, q), (e, f, r), *each = each
        upon = [so_far + i / j * p + k / m * q + n / o * r for so_far, i, j, k, m, n, o in zip(upon, a, b, c, d, e, f)]  # noqa: B905
    for above, below, slope in each:
        upon = [so_far + one / other * slope for so_far, one, other in zip(upon, above, below)]  # noqa: B905
    return upon


def _each(numbers: Numbers) -> Iterable[int]:
    return repeat(numbers) if isinstance(numbers, int) else numbers


def _multiplied(numbers: Numbers, by: int) -> Iterable[int]:
    if isinstance(numbers, int):
        return repeat(numbers * by)
    return numbers if by == 1 else map(mul, numbers, repeat(by))


def least(column: Sequence[int | None]) -> int | None:
    """The smallest of a column; None where one of it is missing, or it is empty."""
    try:
        return min(column, default=None)  # type: ignore[type-var]
    except TypeError:
        return None


def sums(columns: Sequence[Sequence[int]], count: int) -> list[int]:
    """Of several columns, place by place."""
    found: Iterable[int] = repeat(0, count)
    for column in columns:
        found = map(add, found, column)
    return list(found)


__all__ = ["Given", "Later", "Quotients", "compute", "least", "named", "nearly", "scaled", "sums", "times"]
