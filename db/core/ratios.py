"""Rates: computed from numerator and denominator in decimals, rounded half up once, never floats."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from db.core.text import LANGUAGES, _

SHARE = _("share")  # the unit of a rate: its value is a part of one, and is printed in per cent

Number = int | Decimal | str


def is_share(unit: str) -> bool:
    """Whether a unit, as a language says it, is that of a rate; days or yuan per mu are quotients and no rates."""
    return unit in {SHARE.render(lang) for lang in LANGUAGES}


def ratio(numerator: Number | None, denominator: Number | None, *, places: int = 4) -> str | None:
    """Numerator ÷ denominator rounded half up to `places`; None where either is missing or the denominator is zero."""
    if numerator is None or denominator is None:
        return None
    below = Decimal(denominator)
    if below == 0:
        return None
    # Division in integers: a Decimal quotient of 28 digits could already be rounded when it is rounded again.
    return _half_up(Decimal(numerator), below, places)


def percent(numerator: Number | None, denominator: Number | None, *, places: int = 1) -> str | None:
    """The rate as people read it: 22 of 32 → "68.8" (68.75 rounded half up, not the published 68.9)."""
    if numerator is None or denominator is None:
        return None
    return ratio(Decimal(numerator) * 100, denominator, places=places)


def change(now: Number | None, before: Number | None, *, places: int = 4) -> str | None:
    """同比: (now − before) ÷ before; None where there was nothing before."""
    if now is None or before is None:
        return None
    return ratio(Decimal(now) - Decimal(before), before, places=places)


def _half_up(above: Decimal, below: Decimal, places: int) -> str:
    exponent = min(int(above.as_tuple().exponent), int(below.as_tuple().exponent), 0)
    top, bottom = int(above.scaleb(-exponent)), int(below.scaleb(-exponent))
    number, rest = divmod(abs(top) * 10**places, abs(bottom))
    number += rest * 2 >= abs(bottom)
    negative = (top < 0) != (bottom < 0) and number != 0
    found = Decimal(-number if negative else number).scaleb(-places)
    return f"{found.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP):f}"
