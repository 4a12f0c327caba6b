"""A column of cells as stored values, quickly: what is plain goes straight through, what is odd keeps its reason.

A ledger of 100,000 rows × 30 columns has 3,000,000 cells but few different ones in each column, so every distinct cell
is understood once (db.core.formats) and the rest are looked up.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import mul
from typing import Any

from db.core.fields import Area, Choice, Day, Flag, Kind, Link, Metric, Money, Month, Whole, Words
from db.core.formats import plain_text, understand
from db.core.quantities import scale_of
from db.core.reading import Reading, Stored, half_width
from db.core.text import Text, _
from db.sheets.workbook import Cell

BLANKS = frozenset(
    {"/", "\\", "//", "-", "--", "---", "—", "——", "–", "_", "无", "无。", "暂无", "待定", "未定", "暂未确定", "暂定",
     "待确定", "待补充", "n/a", "na", "null", "none", "nil", "#n/a", "空", "...", "……"}
)  # fmt: skip
AS_ABOVE = frozenset({"〃", "″", "“", "”", '"', "''", "同上", "同 上", "同前", "同左", "ditto"})
_CREDIT_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28, 1)
_NOT_YET = re.compile(r"[尚暂还仍]?(?:未|没有?)[\u4e00-\u9fff]{0,5}")  # 未开工, 尚未签约 where a day belongs
_SAFE = 10**10
_SAMPLE = 1000
_CREDIT_VALUES = {sign: value for value, sign in enumerate("0123456789ABCDEFGHJKLMNPQRTUWXY")}


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
            if not raw.strip():
                return _EMPTY
            if is_blank_by_habit(raw, kind):
                return Reading(blank=True, words=True)
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
    scale = scale_of(kind, unit) if isinstance(kind, Money | Area | Metric | Whole) else None
    if scale is None or (isinstance(kind, Money) and scale.currency != _home_currency(kind)):
        return _look_closer
    return _quick_number(scale.factor)


def _look_closer(raw: Cell) -> Stored:
    return None


def _quick_words(raw: Cell) -> Stored:
    if (
        type(raw) is str
        and "\u4e00" <= raw[0] <= "\u9fff"
        and raw.isprintable()
        and raw not in BLANKS
        and raw not in AS_ABOVE
    ):
        return raw.rstrip()
    return None


def _quick_code(raw: Cell) -> Stored:
    """A whole credit code; `_fits` knows no small letters, so nothing is left to mend."""
    return raw if type(raw) is str and len(raw) == 18 and _fits(raw) else None


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


def convert_column(raws: Sequence[Cell], kind: Kind, unit: str | None = None) -> Column:
    """All cells of a column. Booleans are taken as words first: in a lookup True and 1 would be the same."""
    if bool in set(map(type, raws)):
        raws = [plain_text(raw) if isinstance(raw, bool) else raw for raw in raws]
    quick = _quick_reader(kind, unit)
    memo = _Memo(converter(kind, unit), quick)
    if quick is not _look_closer and len(set(raws[:_SAMPLE])) > _SAMPLE // 2:
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
        text = plain_text(raw).replace("\0", "").replace("\u3000", " ").strip()
        return Reading(text) if text else _EMPTY

    if bool in set(map(type, raws)):
        raws = [plain_text(raw) if isinstance(raw, bool) else raw for raw in raws]
    return Column(list(map(_Memo(one, _look_closer).__getitem__, raws)), {})


def is_blank(raw: Cell) -> bool:
    """Nothing, or only spaces (also full-width ones) and line breaks."""
    return raw is None or (isinstance(raw, str) and not raw.strip())


def filled(raws: Sequence[Cell]) -> int:
    """How many cells say something."""
    spaces = sum(map(str.isspace, [raw for raw in raws if type(raw) is str]))
    return len(raws) - raws.count(None) - raws.count("") - spaces


def credit_code_doubt(code: Stored) -> Text | None:
    """Why an 18-character credit code looks mistyped (GB 32100-2015), or None. A doubt only: real codes fail too."""
    if not isinstance(code, str) or len(code) != 18 or not code.isascii() or not code.isalnum() or _fits(code):
        return None
    return _("The check digit of this credit code does not fit; the code is kept as it stands.")


def _fits(code: str) -> bool:
    values = [_CREDIT_VALUES.get(sign, -1) for sign in code]
    return -1 not in values and sum(map(mul, values, _CREDIT_WEIGHTS)) % 31 == 0
