"""Amounts as offices write them, in whole numbers of the stored unit: 1.2亿, 约12.3, 182000万元, $500万, 80亩.

No float is ever calculated with: the digits as written are scaled by whole factors and rounded half up once.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from db.core.fields import Area, Kind, Metric, Money, Whole
from db.core.reading import Reading, half_width, refuse
from db.core.text import Text, _

LARGEST = 9 * 10**18

_MULTIPLES = {"": 1, "百": 10**2, "千": 10**3, "万": 10**4, "十万": 10**5, "百万": 10**6, "千万": 10**7, "亿": 10**8,
              "万亿": 10**12}  # fmt: skip
_CURRENCIES = {
    "": "", "元": "", "元人民币": "", "人民币": "", "人民币元": "", "rmb": "", "cny": "", "¥": "",
    "美元": "USD", "美金": "USD", "usd": "USD", "us$": "USD", "$": "USD", "欧元": "EUR", "eur": "EUR", "€": "EUR",
    "港元": "HKD", "港币": "HKD", "hkd": "HKD", "hk$": "HKD", "日元": "JPY", "jpy": "JPY", "英镑": "GBP", "£": "GBP",
    "新加坡元": "SGD", "新元": "SGD", "新台币": "TWD", "韩元": "KRW", "加元": "CAD", "澳元": "AUD", "瑞士法郎": "CHF",
}  # fmt: skip
_AREAS = {"亩": 200_000, "m2": 300, "m²": 300, "平方米": 300, "平米": 300, "平方": 300, "平": 300, "公顷": 3_000_000,
          "ha": 3_000_000, "平方公里": 300_000_000, "km2": 300_000_000}  # fmt: skip
# Other names of a measured unit → as fields call it; how many of these one is.
_MEASURES: dict[str, tuple[str, int]] = {
    **dict.fromkeys(("千瓦时", "千瓦小时", "千瓦•时", "kwh", "kw.h", "kw·h", "kw•h", "度", "度电"), ("千瓦时", 1)),
    **dict.fromkeys(("兆瓦时", "mwh"), ("千瓦时", 1000)),
    **dict.fromkeys(("吨标煤", "吨标准煤", "tce", "吨ce"), ("吨标煤", 1)),
    **dict.fromkeys(("吨", "t", "公吨"), ("吨", 1)),
}
_SIGNS = r"us\$|hk\$|\$|¥|€|£|人民币|美元|美金|usd|rmb|cny|eur|hkd"
_AMOUNT = re.compile(
    rf"(?P<about>总?计?大?约|大概|将?近|超过?|逾|不低于|不少于|至少|预计|暂定|拟|≈|~|<|>|≥|≤)?(?P<sign>{_SIGNS})?"
    r"(?P<number>[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?)"
    r"(?P<more>余|多|来)?(?P<unit>[^\d\s左上以余多()\[\]]*?(?:m2)?)(?P<after>左右|上下|以上|以内|以下|余元?|多元?|余|多)?"
    r"(?P<note>[(\[].*[)\]])?[。.]?"
)


_RANGE = re.compile(r"[约≈]?\d[\d.]*[^\d.]{0,3}(?:[-—–~]+|至|到)\d[\d.]*[^\d.]{0,4}")


class Scale(NamedTuple):
    """How many stored units one of a written unit is, and the currency it names ("" is yuan or none)."""

    factor: int
    currency: str = ""


@lru_cache(maxsize=512)
def money_scale(unit: str) -> Scale | None:
    """万元 → 10⁶ hundredths; 万美元 → 10⁶ hundredths of a dollar; None where it is no unit of money."""
    word = half_width(unit).lower().replace(" ", "").removeprefix("人民币")
    for size in range(min(2, len(word)), -1, -1):
        multiple, currency = _MULTIPLES.get(word[:size]), _CURRENCIES.get(word[size:])
        if multiple is not None and currency is not None and word:
            return Scale(multiple * 100, currency)
    return None


@lru_cache(maxsize=512)
def area_scale(unit: str) -> Scale | None:
    """亩 → 200,000 units of 1/300 m²; ㎡ → 300; None where it is no unit of area."""
    word = half_width(unit).lower().replace(" ", "").replace("^", "")
    multiple = 1
    if word[:1] in ("万", "千") and word[1:] in _AREAS:
        multiple, word = _MULTIPLES[word[0]], word[1:]
    return Scale(multiple * _AREAS[word]) if word in _AREAS else None


def scale_of(kind: Kind, unit: str | None = None) -> Scale | None:
    """What a number without a unit of its own means in this kind, where the column says `unit`."""
    if isinstance(kind, Money):
        return money_scale(unit or kind.unit)
    if isinstance(kind, Area):
        return area_scale(unit or kind.unit)
    if isinstance(kind, Metric):
        return _metric_scale(unit or "", kind)
    return Scale(1)


def _metric_scale(unit: str, kind: Metric) -> Scale | None:
    word, own = half_width(unit).lower(), half_width(kind.unit).lower()
    if word in ("", own):
        return Scale(10**6)
    measured = measure_of(word)
    if measured is not None:
        return Scale(10**6 * measured[1]) if measured[0] == own else None
    multiple = _MULTIPLES.get(word.removesuffix(own)) if own and word.endswith(own) else _MULTIPLES.get(word)
    return Scale(10**6 * multiple) if multiple else None


@lru_cache(maxsize=512)
def measure_of(unit: str) -> tuple[str, int] | None:
    """The measured unit that a word is, and how many of it: 万kWh → (千瓦时, 10,000); None where it is none."""
    word = half_width(unit).lower().replace(" ", "")
    for size in range(min(2, len(word)), -1, -1):
        found = _MEASURES.get(word[size:])
        if found is not None and word[:size] in _MULTIPLES:
            return found[0], found[1] * _MULTIPLES[word[:size]]
    return None


def read_amount(raw: object, kind: Kind, unit: str | None = None) -> Reading:
    """A number of any kind in stored units; a unit in the cell beats the column's."""
    base = scale_of(kind, unit)
    if base is None:
        return refuse(_("“{unit}” is not a unit of this field.", unit=unit or ""))
    if isinstance(raw, int | float) and not isinstance(raw, bool):
        return _scaled(number_digits(raw), base, kind)
    text = half_width(str(raw)).lower().replace(" ", "").replace("\n", "").replace("\t", "")
    text = re.sub(r"(?<=\d)[,，'](?=\d)", "", text)
    found = _AMOUNT.fullmatch(text)
    if not found:
        why = _("A range is not one number.") if _RANGE.fullmatch(text) else _("This is not a number.")
        return refuse(why, _forms(kind, unit), words=True)
    return _of_match(found, base, kind, unit)


def _of_match(found: re.Match[str], base: Scale, kind: Kind, unit: str | None) -> Reading:
    scale = _own_scale(found["sign"] or "", found["unit"] or "", base, kind)
    if scale is None:
        return refuse(_("“{unit}” is not a unit of this field.", unit=found["unit"]), _forms(kind, unit), words=True)
    reading = _scaled(_decimal_digits(found["number"]), scale, kind)
    if reading.refused:
        return reading
    reading = reading._replace(sized=bool(found["unit"] or found["sign"]))
    beside = [found[part] for part in ("about", "more", "after", "note") if found[part]]
    if not beside:
        return reading
    note = _("“{words}” beside the number goes to the remarks.", words="".join(beside))
    return reading._replace(note=reading.note or note, remark=found.string)


def _own_scale(sign: str, word: str, base: Scale, kind: Kind) -> Scale | None:
    """The scale a cell's own unit and currency sign give; without either the column's."""
    if isinstance(kind, Money):
        if not word and not sign:
            return base
        own = money_scale(word) if word else Scale(100)
        return own and Scale(own.factor, own.currency or _CURRENCIES.get(sign, ""))
    if not word:
        return base
    if isinstance(kind, Area):
        return area_scale(word)
    if isinstance(kind, Metric):
        return _metric_scale(word, kind)
    if word in _MULTIPLES:
        return Scale(_MULTIPLES[word])
    word = word.removeprefix("个")
    multiple = _MULTIPLES.get(word[:1], 1)
    return Scale(multiple) if len(word) <= 3 and "%" not in word else None


def number_digits(number: int | float) -> tuple[int, int]:
    """Digits and decimals of a spreadsheet number, which has 15 digits worth believing: 12.30 → (123, 1)."""
    if isinstance(number, int):
        return number, 0
    if number.is_integer():
        return int(number), 0
    text = repr(number)
    if len(text) > 16 or "e" in text:
        return _decimal_digits(f"{number:.15g}")
    before, after = text.split(".")
    return int(before + after), len(after)


def _decimal_digits(text: str) -> tuple[int, int]:
    if text.isdigit():
        return int(text), 0
    exponent = text.partition("e")[2]
    if len(exponent) > 3 or len(text) > 60:
        return LARGEST * 10**6, 0
    sign, digits, power = Decimal(text).as_tuple()
    assert isinstance(power, int), text
    number = int("".join(map(str, digits))) * (-1 if sign else 1)
    return (number * 10**power, 0) if power >= 0 else (number, -power)


def _scaled(digits: tuple[int, int], scale: Scale, kind: Kind) -> Reading:
    number, decimals = digits
    if decimals == 0:
        value, rest = number * scale.factor, 0
    else:
        value, rest = divmod(number * scale.factor, 10**decimals)
        value += rest * 2 >= 10**decimals
    if not -LARGEST <= value <= LARGEST:
        return refuse(_("This number is too large."))
    if rest and isinstance(kind, Whole):
        return refuse(_("This must be a whole number."), f"{value}")
    note = _("More digits than are kept; rounded.") if rest else None
    return Reading(value, note=note, currency=scale.currency)


def _forms(kind: Kind, unit: str | None) -> Text | str:
    if isinstance(kind, Money):
        return "12.5、1250万元、1.25亿元"
    if isinstance(kind, Area):
        return "80、80亩、53000㎡"
    return "12"
