"""A column of cells as stored values, quickly: what is plain goes straight through, what is odd keeps its reason.

A ledger of 100,000 rows × 30 columns has 3,000,000 cells but few different ones in each column, so every distinct cell
is understood once (db.core.formats) and the rest are looked up.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import isfinite
from operator import mul
from typing import Any

from db.core.fields import Area, Choice, Day, Flag, Kind, Link, Metric, Money, Month, Whole, Words
from db.core.formats import plain_text, understand
from db.core.quantities import scale_of
from db.core.reading import Reading, Stored, half_width, refuse
from db.core.text import Text, _
from db.sheets.workbook import Cell

BLANKS = frozenset(
    {"/", "\\", "//", "-", "--", "---", "—", "——", "–", "_", "无", "无。", "暂无", "待定", "未定", "暂未确定", "暂定",
     "待确定", "待补充", "n/a", "na", "null", "none", "nil", "#n/a", "空", "...", "……"}
)  # fmt: skip
_ERRORS = frozenset({"#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!"})
AS_ABOVE = frozenset({"〃", "″", "“", "”", '"', "''", "同上", "同 上", "同前", "同左", "ditto"})
_CREDIT_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28, 1)
_NOT_YET = re.compile(r"[尚暂还仍]?(?:未|没有?)[\u4e00-\u9fff]{0,5}")  # 未开工, 尚未签约 where a day belongs
_SAFE = 10**10
_MILLION, _EXACT = 10**6, 10**15  # as many digits tell every decimal number from every other, as floats too
_NUMBERS = frozenset({int, float, type(None)})
_NO_WORDS = BLANKS | AS_ABOVE
_DIGITS = frozenset("0123456789")
_SAMPLE = 1000
_TEXT = frozenset({str, type(None)})
_CREDIT_SIGNS = b"0123456789ABCDEFGHJKLMNPQRTUWXY"
_CREDIT_VALUES = bytes(255 if (value := _CREDIT_SIGNS.find(sign)) < 0 else value for sign in range(256))
# What no keyboard types, and what a server refuses or no file can hold; breaks and tabs are text.
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_WITHOUT_CONTROL = _("Control characters, which nobody sees or types, were left out.")


@dataclass(frozen=True)
class Column:
    """Stored values of a column, and by position what is odd about some of them (refused, noted, blank by habit)."""

    values: list[Stored]
    odd: dict[int, Reading]


class _Odd:
    """A reading that is more than a value, found again among plain values by its type."""

    __slots__ = ("reading",)

    def __init__(self, reading: Reading) -> None:
        self.reading = reading


class _Memo(dict[Any, Any]):
    """Understands each distinct cell once; `quick` knows the plainest cells without the whole ceremony."""

    def __init__(self, one: Callable[[Cell], Reading], quick: Callable[[Cell], Stored]) -> None:
        super().__init__({None: None, "": None})
        self._one, self._quick = one, quick
        self.odd = False

    def __missing__(self, raw: Cell) -> Any:
        result: Any = self._quick(raw)
        if result is None:
            reading = self._one(raw)
            plain = reading[1:] in (_PLAIN, _SIZED) or reading is _EMPTY
            result = reading.value if plain else _Odd(reading)
            self.odd = self.odd or not plain
        self[raw] = result
        return result


_PLAIN = Reading()[1:]
_SIZED = Reading(sized=True)[1:]
_EMPTY = Reading(blank=True)


def converter(kind: Kind, unit: str | None = None) -> Callable[[Cell], Reading]:
    """What one cell of a column of this kind and unit means; blanks by habit are read as no value."""
    home = _home_currency(kind)

    def one(raw: Cell) -> Reading:
        if isinstance(raw, str):
            if _CONTROL.search(raw):
                reading = one(visible(raw))
                return reading if reading.note else reading._replace(note=_WITHOUT_CONTROL)
            if not raw.strip():
                return _EMPTY
            if is_blank_by_habit(raw, kind):
                return Reading(blank=True, words=True)
            if isinstance(kind, Words | Link) and raw.strip().upper() in _ERRORS:
                return refuse(_("The formula in this cell gave an error."), _("what the cell should say"))
        reading = understand(kind, raw, unit=unit)
        if isinstance(kind, Money) and reading.currency == home:
            reading = reading._replace(currency="")
        if isinstance(kind, Words) and kind.identifier and reading.note is None:
            return reading._replace(note=credit_code_doubt(reading.value))
        return reading

    return one


def _quick_reader(kind: Kind, unit: str | None) -> Callable[[Cell], Stored]:
    """Reads plain Chinese text and plain numbers; None for everything that needs a closer look."""
    if isinstance(kind, Link) or (isinstance(kind, Words) and not kind.identifier):
        return _quick_words
    if isinstance(kind, Words):
        return _quick_code
    factor = _plain_factor(kind, unit)
    return _look_closer if factor is None else _quick_number(factor)


def _plain_factor(kind: Kind, unit: str | None) -> int | None:
    """What a bare number of such a column is multiplied by; None where there is more to it."""
    scale = scale_of(kind, unit) if isinstance(kind, Money | Area | Metric | Whole) else None
    if scale is None or (isinstance(kind, Money) and scale.currency != _home_currency(kind)):
        return None
    return scale.factor


def _look_closer(raw: Cell) -> Stored:
    return None


def _quick_words(raw: Cell) -> Stored:
    if type(raw) is not str or not raw.isprintable():
        return None
    if "\u4e00" <= raw[0] <= "\u9fff":
        text = raw.rstrip()
        return None if text in _NO_WORDS else text
    # Nothing that stands for no value begins with a letter and ends in a digit.
    return raw if raw[0].isalnum() and "0" <= raw[-1] <= "9" else None


def _quick_code(raw: Cell) -> Stored:
    """A plain code without blanks and small letters, of which nothing is left to mend; a credit code that fits."""
    if type(raw) is not str or not raw.isascii() or not raw.isalnum() or not "0" <= raw[-1] <= "9":
        return raw if type(raw) is str and len(raw) == 18 and raw.isascii() and _fits(raw) else None
    return raw if raw == raw.upper() and (len(raw) != 18 or _fits(raw)) else None


def _quick_number(factor: int) -> Callable[[Cell], Stored]:
    def quick(raw: Cell) -> Stored:
        if type(raw) is not float:
            return raw * factor if type(raw) is int and -_SAFE < raw < _SAFE else None
        if raw.is_integer():
            return int(raw) * factor if -_SAFE < raw < _SAFE else None
        text = repr(raw)
        before, _point, after = text.partition(".")
        if len(text) > 16 or not after.isdigit():
            return None
        value, rest = divmod(int(before + after) * factor, 10 ** len(after))
        return None if rest else value

    return quick


def _home_currency(kind: Kind) -> str:
    scale = scale_of(kind, None) if isinstance(kind, Money) else None
    return scale.currency if scale else ""


def is_blank_by_habit(raw: str, kind: Kind) -> bool:
    """Whether "/", "无", "待定" (of a day: 未开工) says nothing here; in a choice or a yes/no that knows the word, it does say something."""
    if len(raw) > 12:
        return False
    if isinstance(kind, Day | Month) and _NOT_YET.fullmatch(raw.strip()):
        return True
    if half_width(raw).lower() not in BLANKS:
        return False
    return not isinstance(kind, Choice | Flag) or understand(kind, raw).refused is not None


def _plain_numbers(raws: Sequence[Cell], factor: int) -> list[Stored] | None:
    """A column of nothing but plain numbers as stored, all at once; None where a single one needs a closer look.

    None of them may be so long that it is a date or a code. A fraction is a decimal number of a few digits: the stored
    number is the right one if dividing it gives the cell again, for no two such decimals are the same float.
    """
    kinds = set(map(type, raws))
    numbers: list[Any] = [raw for raw in raws if raw is not None] if kinds <= _NUMBERS else []
    if not numbers or not -_SAFE < min(numbers) <= max(numbers) < _SAFE:
        return None
    if float not in kinds:
        stored = [number * factor for number in numbers]
    else:
        if _MILLION % factor or not all(map(isfinite, numbers)):
            return None
        stored = [round(number * factor) for number in numbers]
        most = _EXACT * factor // _MILLION
        if not -most < min(stored) <= max(stored) < most or [number / factor for number in stored] != numbers:
            return None
    each = iter(stored)
    return list(stored) if len(stored) == len(raws) else [None if raw is None else next(each) for raw in raws]


def _stands_as_it_is(raws: Sequence[Any], quick: Callable[[Cell], Stored]) -> bool:
    """Whether a quick reader would give every cell of a column back as it stands, seen from the column as a whole."""
    if set(map(type, raws)) != {str}:
        return False
    if quick is _quick_words:
        text = "|".join([*raws, ""])
        chinese = min(raws) >= "\u4e00" and max(raws) < "\ua000"
        return chinese and text.isprintable() and " |" not in text and _NO_WORDS.isdisjoint(raws)
    if quick is _quick_code:
        others = [raw for raw in raws if len(raw) != 18 or not raw.isascii() or not _fits(raw)]
        text = "".join(others)
        return (
            (text.isascii() and text.isalnum() and text == text.upper())
            and {raw[-1:] for raw in others} <= _DIGITS
            and 18 not in set(map(len, others))
        ) or not others
    return False


def convert_column(raws: Sequence[Cell], kind: Kind, unit: str | None = None) -> Column:
    """All cells of a column. Booleans are taken as words first: in a lookup True and 1 would be the same."""
    factor = _plain_factor(kind, unit)
    numbers = None if factor is None else _plain_numbers(raws, factor)
    if numbers is not None:
        return Column(numbers, {})
    if bool in set(map(type, raws)):
        raws = [plain_text(raw) if isinstance(raw, bool) else raw for raw in raws]
    quick = _quick_reader(kind, unit)
    memo = _Memo(converter(kind, unit), quick)
    if quick is not _look_closer and len(set(raws[:_SAMPLE])) > _SAMPLE // 2:
        if _stands_as_it_is(raws, quick):
            texts: list[Any] = list(raws)
            return Column(texts, {})
        # Hardly two cells are alike: remembering each costs more than reading it.
        look = memo.__getitem__
        values = [look(raw) if raw is None or raw == "" or (v := quick(raw)) is None else v for raw in raws]
    else:
        values = list(map(memo.__getitem__, raws))
    if not memo.odd:
        return Column(values, {})
    odd = {place: value.reading for place, value in enumerate(values) if type(value) is _Odd}
    for place, reading in odd.items():
        values[place] = reading.value
    return Column(values, odd)


def own_column(raws: Sequence[Cell]) -> Column:
    """A column kept as the book's own field: text as it stands, nothing is interpreted."""

    def one(raw: Cell) -> Reading:
        text = visible(raw).replace("\u3000", " ").strip()
        return Reading(text) if text else _EMPTY

    if bool in set(map(type, raws)):
        raws = [plain_text(raw) if isinstance(raw, bool) else raw for raw in raws]
    return Column(list(map(_Memo(one, _look_closer).__getitem__, raws)), {})


def visible(raw: object) -> str:
    """A cell of any type as text, without control characters."""
    return _CONTROL.sub("", plain_text(raw))


def is_blank(raw: Cell) -> bool:
    """Nothing, or only spaces (also full-width ones) and line breaks."""
    return raw is None or (isinstance(raw, str) and not raw.strip())


def filled(raws: Sequence[Cell]) -> int:
    """How many of these cells say something."""
    types = set(map(type, raws))
    if str not in types:
        return len(raws) - raws.count(None)
    others = 0
    if types <= _TEXT:
        texts: list[Any] = [*filter(None, raws)]
    else:
        texts = [raw for raw in raws if type(raw) is str]
        others = len(raws) - raws.count(None) - len(texts) - texts.count("")
    return others + len(texts) - sum(map(str.isspace, texts))


def credit_code_doubt(code: Stored) -> Text | None:
    """Why an 18-character credit code looks mistyped (GB 32100-2015), or None. A doubt only: real codes fail too."""
    if not isinstance(code, str) or len(code) != 18 or not code.isascii() or not code.isalnum() or _fits(code):
        return None
    return _("The check digit of this credit code does not fit; the code is kept as it stands.")


def _fits(code: str) -> bool:
    values = code.encode("ascii").translate(_CREDIT_VALUES)
    return 255 not in values and sum(map(mul, values, _CREDIT_WEIGHTS)) % 31 == 0
