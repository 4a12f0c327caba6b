"""How a cell of a table follows from others, as data: a workbook turns it into a live formula with its cached value.

A formula is said once for a column and holds for every row and, without the conditions that name the row, for the
total. Conditions are pairs (column of the other table, wanted value); a wanted value that is a `RowValue` is read from
the same row of this table. Only what WPS and Excel 2010 know is rendered (SUM, SUMIFS, COUNTIFS, ROUND, IF, ABS, TEXT).
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

DASH = "—"


@dataclass(frozen=True)
class RowValue:
    """The value of `column` in the row where the formula stands (an A6 with a fixed column)."""

    column: str


Wanted = str | RowValue
Where = tuple[tuple[str, Wanted], ...]


@dataclass(frozen=True)
class SumOver:
    """The sum of `column` of the table `over` where the conditions hold, divided by `divide` (10000: 万元 → 亿元)."""

    over: str
    column: str
    where: Where = ()
    divide: int = 1


@dataclass(frozen=True)
class CountOver:
    """How many rows of the table `over` fulfil the conditions; without any, how many rows have `column`."""

    over: str
    column: str
    where: Where = ()


@dataclass(frozen=True)
class Ratio:
    """`numerator` ÷ `denominator` of the same row × `times`, rounded half up; a zero denominator gives —."""

    numerator: str
    denominator: str
    times: int = 100
    decimals: int = 1


@dataclass(frozen=True)
class Growth:
    """(`now` − `before`) ÷ `before` in per cent, rounded half up; nothing before gives —."""

    now: str
    before: str
    decimals: int = 1


@dataclass(frozen=True)
class Share:
    """This row's part of the table's total of `column` in per cent, rounded half up."""

    column: str
    decimals: int = 1


Formula = SumOver | CountOver | Ratio | Growth | Share
Number = int | Decimal


def half_up(value: Decimal | int, decimals: int) -> Decimal:
    """`value` rounded to `decimals`, half away from zero, as people round."""
    return Decimal(value).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def percent_of(
    numerator: Number | None, denominator: Number | None, *, times: int = 100, decimals: int = 1
) -> Decimal | None:
    """The rounded quotient, None where there is nothing to divide by."""
    if numerator is None or not denominator:
        return None
    # Multiplied first: a quotient that ends (68.75 %) stays exact, and is rounded once.
    return half_up(Decimal(numerator) * times / Decimal(denominator), decimals)


def growth_of(now: Number | None, before: Number | None, *, decimals: int = 1) -> Decimal | None:
    """How much `now` is above `before` in per cent, None where there was nothing before."""
    if now is None or not before:
        return None
    return percent_of(Decimal(now) - Decimal(before), before, decimals=decimals)
