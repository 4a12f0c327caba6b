"""Rules about metrics: what cannot be, what is doubtful, which ratios a sheet states beside their parts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from db.core.ratios import ratio
from db.core.text import Text, _
from db.per_mu.models import BY_METRIC, MICRO

TIMES = 10
SQUARE_METRES = Fraction(2000, 3)  # of a mu: values that differ by it were given in the other unit
_NEAR = Fraction(1, 100)
_NEGATIVE_ALLOWED = frozenset({"tax", "value_added", "profit"})
_CHANGES = ("land", "revenue", "tax", "value_added", "rd", "energy", "electricity", "staff")

Values = Mapping[str, int | None]
_FIRST_YEAR, _LAST_YEAR = 1949, 2200


def is_year(year: int) -> bool:
    """Whether metrics may be of this year."""
    return _FIRST_YEAR <= year <= _LAST_YEAR


def no_year(said: object) -> Text:
    """Why not."""
    return _("{year} is no year.", year=str(said))


@dataclass(frozen=True)
class Odd:
    """Something to ask about a datum. kind: which question it is; meant: what it would be if it was a slip."""

    key: str
    kind: str
    why: Text
    meant: int | None = None


@dataclass(frozen=True)
class Stated:
    """A ratio that sheets carry beside its parts: checked against them, never stored. places: decimals it is printed with."""

    key: str
    label: Text
    above: str
    below: str
    unit: str
    aliases: tuple[str, ...]


STATED: tuple[Stated, ...] = (
    Stated("stated_tax_per_mu", _("Tax per mu"), "tax", "land", "万元/亩", ("亩均税收", "亩均税金", "亩均实缴税金", "亩均入库税收")),
    Stated("stated_revenue_per_mu", _("Revenue per mu"), "revenue", "land", "万元/亩",
           ("亩均营业收入", "亩均营收", "亩均主营业务收入", "亩均产值")),
    Stated("stated_value_per_mu", _("Value added per mu"), "value_added", "land", "万元/亩", ("亩均增加值", "亩均工业增加值")),
    Stated("stated_value_per_energy", _("Value added per unit of energy"), "value_added", "energy", "万元/吨标煤",
           ("单位能耗增加值", "单位能耗工业增加值")),
    Stated("stated_value_per_head", _("Labour productivity"), "value_added", "staff", "万元/人", ("全员劳动生产率", "劳动生产率")),
    Stated("stated_rd_share", _("Share of R&D"), "rd", "revenue", "%", ("研发投入强度", "R&D占比", "研发占比", "研发经费占比")),
    Stated("stated_tax_per_head", _("Tax per head"), "tax", "staff", "万元/人", ("人均税收",)),
)  # fmt: skip


def refused(values: Values) -> dict[str, Text]:
    """Key → why it cannot be: less than nothing of what is measured."""
    return {
        key: _("{metric} cannot be below 0.", metric=BY_METRIC[key].label)
        for key, value in values.items()
        if value is not None and key in BY_METRIC and value < 0 and key not in _NEGATIVE_ALLOWED
    }


def doubts(now: Values, before: Values) -> list[Odd]:
    """What of a company's year is to be asked about, beside its year before. Values in 10⁻⁶ of the unit."""
    found = []
    for key in _CHANGES:
        value, old = now.get(key), before.get(key)
        if value is None or old is None or old <= 0 or value <= 0:
            continue
        odd = _changed(key, value, old)
        if odd is not None:
            found.append(odd)
    tax, revenue, land = now.get("tax"), now.get("revenue"), now.get("land")
    if tax is not None and revenue is not None and revenue >= 0 and tax > revenue:
        why = _("The tax paid is above the revenue ({tax} against {revenue} × 10,000 yuan).",
                tax=in_unit(tax), revenue=in_unit(revenue))  # fmt: skip
        found.append(Odd("tax", "tax_above_revenue", why))
    if tax is not None and tax < 0:
        found.append(
            Odd("tax", "negative_tax", _("The tax paid is below 0; its items score no less than their floor."))
        )
    if land == 0:
        found.append(Odd("land", "no_land", _("The land is 0: nothing per mu can be computed for it.")))
    return found


def _changed(key: str, value: int, old: int) -> Odd | None:
    times = Fraction(value, old)
    label = BY_METRIC[key].label
    if key == "land":
        for factor, meant in (
            (SQUARE_METRES, Fraction(value) / SQUARE_METRES),
            (1 / SQUARE_METRES, value * SQUARE_METRES),
        ):
            if abs(times / factor - 1) <= _NEAR:
                why = _("The land is 666.67 times (or one part in 666.67 of) last year's {old} mu: mu and m² mixed up?",
                        old=in_unit(old))  # fmt: skip
                return Odd(key, "mu_or_metres", why, round(meant))
    if times >= TIMES or times * TIMES <= 1:
        why = _("{metric} is {value}; last year it was {old}.", metric=label, value=in_unit(value), old=in_unit(old))
        return Odd(key, "ten_times", why)
    return None


def in_unit(value: int) -> str:
    """A value in 10⁻⁶ as a decimal without needless zeros."""
    whole, rest = divmod(abs(value), MICRO)
    after = f".{rest:06d}".rstrip("0") if rest else ""
    return f"{'-' if value < 0 else ''}{whole:,}{after}"


def contradicts(one: Stated, stated: int, above: int | None, below: int | None) -> str | None:
    """What a stated ratio (in 10⁻⁶ of its unit) should be, where its own parts say something else; None where it fits.

    It fits where it is the quotient rounded, or cut off, at as many decimals as it has (at least one).
    """
    if above is None or not below:
        return None
    exact = Fraction(above, below) * (100 if one.unit == "%" else 1)
    places = next(places for places in range(1, 7) if stated * 10**places % MICRO == 0)
    if abs(exact - Fraction(stated, MICRO)) < Fraction(1, 10**places):
        return None
    return ratio(exact.numerator, exact.denominator, places=2)
