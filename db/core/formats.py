"""Stored values ⇄ what people read and type, for every kind from one registry each.

`show` gives the text of a cell (its unit stands in the header), `understand` what a typed or imported value means
with its notes, `parse` the same for a form: the stored value, or `Refused`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any

from db.core.dates import read_day, read_month
from db.core.errors import Refused
from db.core.fields import Area, Choice, Day, Flag, Kind, Link, Metric, Money, Month, Whole, Words
from db.core.quantities import number_digits, read_amount, scale_of
from db.core.reading import Reading, Stored, half_width, refuse
from db.core.text import Text, _

NO_VALUE = "—"
_YES = frozenset({"是", "有", "y", "yes", "true", "1", "√", "✓", "✔", "对", "已", "t"})
_NO = frozenset({"否", "无", "没有", "n", "no", "false", "0", "×", "x", "✗", "✘", "未", "不是", "f"})
# How the name of a unit or a company ends: a break behind it parts two of them, any other is one within a name.
_NAMED_WHOLE = re.compile(r"(?:局|委|委员会|办|办公室|街道|镇|乡|中心|公司|集团|管委会)$")
_BREAKS = dict.fromkeys(map(ord, "\r\n\t\v\f"))


def show(kind: Kind, value: Stored, lang: str = "zh", *, unit: str | None = None, digits: int | None = None) -> str:
    """The text of a stored value; None is "" (a table may show "—"). `digits` fixes the decimals, rounded half up.

    `unit` shows money or area in another unit than the field's own.
    """
    if value is None:
        return ""
    return SHOW[type(kind)](kind, value, lang, unit, digits)


_UNITS = {
    "万元": "10k yuan", "亿元": "100m yuan", "元": "yuan", "万美元": "10k US$", "亩": "mu", "㎡": "m²", "天": "days",
    "人": "people", "个": "count", "家": "companies", "吨": "t", "吨标煤": "tce", "千瓦时": "kWh", "分": "points",
    "工作日": "working days", "期": "", "次": "",  # a label says it: Session 20, Times assigned 2
}  # fmt: skip
_EACH = {"人": "head", "家": "company", "个": "piece", "天": "day"}


def unit_name(unit: str, lang: str) -> str:
    """A unit as a language says it: 万元/亩, 10k yuan/mu; "" where it says none; one that somebody made up stays as it is."""
    if lang == "zh":
        return unit
    whole, *below = unit.split("/")
    return "/".join([_UNITS.get(whole, whole), *(_EACH.get(one) or _UNITS.get(one, one) for one in below)])


def understand(kind: Kind, raw: object, *, unit: str | None = None) -> Reading:
    """What a typed or imported value means in this kind. Never raises; nothing at all reads as no value."""
    if raw is None or (isinstance(raw, str) and not raw.strip()):
        return Reading(blank=True)
    return PARSE[type(kind)](kind, raw, unit)


def parse(kind: Kind, raw: object, *, unit: str | None = None) -> Stored:
    """The stored value of what was typed; raises `Refused` with the reason and the accepted forms."""
    reading = understand(kind, raw, unit=unit)
    if reading.refused is None:
        return reading.value
    if not reading.accepted:
        raise Refused(reading.refused)
    raise Refused(_("{why} Accepted: {forms}", why=reading.refused, forms=reading.accepted))


def decimal_text(value: int, per_unit: int, digits: int | None = None, *, grouped: bool = True) -> str:
    """`value` ÷ `per_unit` in decimal digits: exact up to 6 decimals, or rounded half up to `digits`."""
    places = 6 if digits is None else digits
    number, rest = divmod(abs(value) * 10**places, per_unit)
    number += rest * 2 >= per_unit
    whole, part = divmod(number, 10**places)
    after = f"{part:0{places}d}" if places else ""
    if digits is None:
        after = after.rstrip("0")
    before = f"{whole:,}" if grouped else str(whole)
    sign = "-" if value < 0 and number else ""
    return sign + before + ("." + after if after else "")


def _show_words(kind: Kind, value: Any, lang: str, unit: str | None, digits: int | None) -> str:
    return str(value)


def _show_whole(kind: Kind, value: Any, lang: str, unit: str | None, digits: int | None) -> str:
    assert isinstance(kind, Whole)
    return str(int(value)) if kind.plain else f"{int(value):,}"


def _show_scaled(kind: Kind, value: Any, lang: str, unit: str | None, digits: int | None) -> str:
    scale = scale_of(kind, unit)
    if scale is None:
        raise ValueError(f"no such unit: {unit}")
    area = isinstance(kind, Area) and digits is None
    return decimal_text(int(value), scale.factor, (4 if scale.factor == 200_000 else 2) if area else digits)


def _show_area(kind: Kind, value: Any, lang: str, unit: str | None, digits: int | None) -> str:
    text = _show_scaled(kind, value, lang, unit, digits)
    return text.rstrip("0").rstrip(".") if digits is None and "." in text else text


def _show_flag(kind: Kind, value: Any, lang: str, unit: str | None, digits: int | None) -> str:
    return (_("Yes") if value else _("No")).render(lang)


def _show_choice(kind: Kind, value: Any, lang: str, unit: str | None, digits: int | None) -> str:
    assert isinstance(kind, Choice)
    return kind.label(str(value)).render(lang)


def _read_words(kind: Kind, raw: object, unit: str | None) -> Reading:
    assert isinstance(kind, Words | Link)
    note = None
    if not isinstance(raw, str):
        text, note = plain_text(raw), _digits_lost(kind, raw)
    else:
        text = raw.replace("\0", "").replace("\u3000", " ").strip()
    if isinstance(kind, Words) and kind.identifier:
        return Reading("".join(half_width(text).upper().split()), note=note)
    if isinstance(kind, Words) and kind.long:
        return Reading(text.replace("\r\n", "\n").replace("\r", "\n"), note=note)
    if not text.isprintable():
        lines = [line.strip() for line in text.splitlines()]
        several = isinstance(kind, Link) and all(map(_NAMED_WHOLE.search, lines))
        text = "、".join(lines) if several else text.translate(_BREAKS).strip()
    return Reading(text, note=note)


def _digits_lost(kind: Kind, raw: object) -> Text | None:
    if isinstance(raw, float) and abs(raw) >= 1e15 and isinstance(kind, Words) and kind.identifier:
        return _("Stored as a number in the file; digits after the 15th are lost there. Compare with the original.")
    return None


def plain_text(raw: object) -> str:
    """A cell of any type as text: 12.0 is "12", a date is ISO."""
    if isinstance(raw, bool):
        return "TRUE" if raw else "FALSE"
    if isinstance(raw, int | float):
        number, decimals = number_digits(raw)
        return decimal_text(number, 10**decimals, None if decimals <= 6 else decimals, grouped=False)
    if isinstance(raw, datetime):
        return raw.date().isoformat() if raw.time() == time() else raw.isoformat(" ", "seconds")
    if isinstance(raw, date | time):
        return raw.isoformat()
    return str(raw)


def _read_flag(kind: Kind, raw: object, unit: str | None) -> Reading:
    word = half_width(plain_text(raw)).lower()
    if word in _YES or word in _NO:
        return Reading(int(word in _YES))
    return refuse(_("Neither yes nor no."), "是、否", words=True)


@lru_cache(maxsize=256)
def _spellings(options: tuple[tuple[str, Text], ...], aliases: tuple[tuple[str, str], ...]) -> dict[str, str]:
    known = {_bare(spelling): key for spelling, key in aliases}
    for key, label in options:
        known |= {_bare(key): key, _bare(label.render("en")): key, _bare(label.render("zh")): key}
    return known


def _bare(text: str) -> str:
    return "".join(half_width(text).lower().split())


def _read_choice(kind: Kind, raw: object, unit: str | None) -> Reading:
    assert isinstance(kind, Choice)
    found = _spellings(kind.options, kind.aliases).get(_bare(plain_text(raw)))
    if found is not None:
        return Reading(found)
    labels = _("{options}", options=[label for _key, label in kind.options])
    return refuse(_("Not one of the choices."), labels, words=True)


def _read_amount(kind: Kind, raw: object, unit: str | None) -> Reading:
    return read_amount(raw, kind, unit)


def _read_day(kind: Kind, raw: object, unit: str | None) -> Reading:
    return read_day(raw)


def _read_month(kind: Kind, raw: object, unit: str | None) -> Reading:
    return read_month(raw)


SHOW: dict[type[Kind], Callable[[Kind, Any, str, str | None, int | None], str]] = {
    Words: _show_words, Whole: _show_whole, Money: _show_scaled, Area: _show_area, Metric: _show_scaled,
    Day: _show_words, Month: _show_words, Flag: _show_flag, Choice: _show_choice, Link: _show_words,
}  # fmt: skip
PARSE: dict[type[Kind], Callable[[Kind, object, str | None], Reading]] = {
    Words: _read_words, Whole: _read_amount, Money: _read_amount, Area: _read_amount, Metric: _read_amount,
    Day: _read_day, Month: _read_month, Flag: _read_flag, Choice: _read_choice, Link: _read_words,
}  # fmt: skip

__all__ = ["NO_VALUE", "PARSE", "SHOW", "Reading", "decimal_text", "parse", "plain_text", "show", "understand"]


def foreign_said(count: int) -> Text:
    """What goes with a sum that leaves out amounts in other currencies."""
    return _("{count} more in foreign currency, not counted", count=f"{count:,}")
