"""Whether a rate that was published can be: 26 of nothing is 63.3 %, and 22 of 32 is 68.8 %, not 68.9 %."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

from db.core.ratios import percent
from db.core.reading import half_width
from db.core.text import Text, _

_SAID = re.compile(r"(-?\d+(?:\.\d+)?)\s*%?")


def said_percent(text: str) -> str | None:
    """63.3 of “63.3%”, as many decimals as were given; None where it is no percentage."""
    found = _SAID.fullmatch(half_width(text).strip())
    return found[1] if found else None


def denominators(numerator: int, said: str) -> range:
    """Every whole number by which `numerator` gives `said` per cent, rounded half up to as many decimals as it has."""
    value, places = Fraction(said), len(said.partition(".")[2])
    half = Fraction(1, 2 * 10**places)
    if numerator <= 0 or value - half <= 0:
        return range(0)
    above = Fraction(100 * numerator)
    # Half up: the quotient lies in [value - half, value + half), so that the denominator lies in (low, high].
    low, high = above / (value + half), above / (value - half)
    return range(low.numerator // low.denominator + 1, high.numerator // high.denominator + 1)


def doubt(said: str, numerator: int | Decimal, denominator: int | Decimal | None = None) -> Text | None:
    """What is wrong with a published rate, in words; None where nothing is."""
    text = said_percent(said)
    if text is None or numerator != int(numerator):
        return None
    if denominator is not None:
        right = percent(numerator, denominator, places=len(text.partition(".")[2]))
        if right is None or right == text:
            return None
        return _("{numerator}/{denominator} is {right} %, not {said} %",
                 numerator=numerator, denominator=denominator, right=right, said=text)  # fmt: skip
    if denominators(int(numerator), text):
        return None
    return _(
        "two populations in one sentence: {numerator} of any number is never {said} %", numerator=numerator, said=text
    )
