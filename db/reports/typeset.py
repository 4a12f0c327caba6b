"""Where a line of Chinese may end, and how it is made to fill its measure.

reportlab breaks by Japanese rules and cannot justify Chinese, so this is our own. No line begins with 、，。；：）” or
ends with （“《, no number or word is cut, a number keeps its unit where the line allows, —— and …… stay whole. All
functions are pure: text and widths in, positions out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

NO_START = frozenset("、，。；：？！）》〉」』】〕］｝”’…—～·％‰℃,.;:?!)]}%")
NO_END = frozenset("（《〈「『【〔［｛“‘([{")
_SQUEEZED_AFTER = frozenset("、，。；：）》〉」』】〕”’")
_SQUEEZED_BEFORE = frozenset("（《〈「『【〔“‘")
_SQUEEZE = 0.25  # of its own width a full-width mark may give up: half of its white
_LOOSEST = 4.0  # widths of a full character that may stay empty before a number is parted from its unit
_WIDEST_SPACE = 0.75
_WIDEST_GAP = 0.4  # in em: beyond these a line is better left ragged
_OF_A_SPACE = 0.25  # how far Hanzi are opened where the line has spaces: a Chinese name in English stays one word
_SHORT_NAME = 4  # Hanzi in English that are rather not parted: a town, a person

_UNITS = (
    "亿美元|万美元|美元|亿元|万元|元|万平方米|平方公里|平方米|公顷|万亩|亩|个百分点|个工作日|个月|个|家|场|次|期|件|户|万人|人|项|条|名|位"
    "|栋|层|座|批|支|只|万吨|吨|千瓦时|公里|米|天|日|月|年|小时|季度|倍|届|分"
)
_TOKEN = re.compile(r"[+\-−]?[0-9A-Za-zÀ-ɏ]+(?:[.,:/+\-−—–'’_@&]?[0-9A-Za-zÀ-ɏ]+)*[%‰]?")
_NAME = re.compile("[⺀-⿟㐀-䶿一-鿿豈-﫿\U00020000-\U0003ffff]+")
_MEASURED = re.compile(rf"(第?)([+\-−]?\d[\d.,—–/\-]*[%‰]?)({_UNITS})?")

_NEVER, _UNWILLING, _FREE = 0, 1, 2


@dataclass(frozen=True)
class Line:
    """The characters from `start` to `end` (not included); `last` of its paragraph."""

    start: int
    end: int
    last: bool


def is_wide(character: str) -> bool:
    """Whether it stands in a full square: Hanzi and full-width marks."""
    return character >= "⺀" or character in "—…“”‘’·×÷①②③④⑤⑥⑦⑧⑨⑩"


def breaks(text: str) -> list[int]:
    """After each character: whether a line may end there never (0), unwillingly (1) or freely (2)."""
    allowed = [_between(text[i], text[i + 1]) for i in range(len(text) - 1)]
    for token in _TOKEN.finditer(text):
        allowed[token.start() : token.end() - 1] = [_NEVER] * (token.end() - token.start() - 1)
    for measured in _MEASURED.finditer(text):
        number_ends, unit_ends = measured.end(2), measured.end()
        if measured[1]:
            allowed[measured.start()] = min(allowed[measured.start()], _UNWILLING)
        if measured[3]:
            allowed[number_ends - 1] = min(allowed[number_ends - 1], _UNWILLING)
            allowed[number_ends : unit_ends - 1] = [_NEVER] * (unit_ends - 1 - number_ends)
        slash = text.find("/", measured.start(2), number_ends - 1)
        if slash > 0 and text[slash + 1].isdigit():  # 277.02/360亿元 may be parted there rather than tear the line
            allowed[slash] = _UNWILLING
    if _is_latin(text):
        for name in _NAME.finditer(text):
            if len(name[0]) <= _SHORT_NAME:
                inside = range(name.start(), name.end() - 1)
                allowed[name.start() : name.end() - 1] = [min(allowed[i], _UNWILLING) for i in inside]
    return [*allowed, _FREE] if text else []


def _is_latin(text: str) -> bool:
    return 2 * sum(map(is_wide, text)) < len(text)


def _between(before: str, after: str) -> int:
    if after in NO_START or before in NO_END or after == " ":
        return _NEVER
    if before == " " or is_wide(before) or is_wide(after):
        return _FREE
    return _NEVER


def break_lines(text: str, widths: Sequence[float], first: float, full: float, *, squeezing: bool = True) -> list[Line]:
    """Break `text` into lines of at most `full` (`first` for the first), in the unit of `widths`.

    squeezing: a line may be wider by what its punctuation can give up (`spread` takes it away).
    """
    allowed = breaks(text)
    lines: list[Line] = []
    start, measure = 0, first
    while start < len(text):
        end = _line_end(text, widths, allowed, start, measure, squeezing=squeezing)
        lines.append(Line(start, end, last=end >= len(text)))
        start, measure = end, full
    return lines


def _line_end(
    text: str, widths: Sequence[float], allowed: Sequence[int], start: int, measure: float, *, squeezing: bool
) -> int:
    fits, used = start, 0.0
    while fits < len(text) and (used + widths[fits] <= measure + 1e-6 or text[fits] == " "):
        used += widths[fits]
        fits += 1
    if fits >= len(text):
        return fits
    fits = max(fits, start + 1)
    if allowed[fits - 1] == _FREE:
        return fits
    squeezed = _squeezed_end(text, widths, allowed, start, measure) if squeezing else start
    if squeezed > fits:
        return squeezed
    free = next((end for end in range(fits, start, -1) if allowed[end - 1] == _FREE), start)
    loose = sum(widths[free:fits])
    if free > start and loose <= _LOOSEST * max(widths[start:fits]):
        return free
    unwilling = next((end for end in range(fits, start, -1) if allowed[end - 1] == _UNWILLING), start)
    # A word wider than the line is cut where the line ends: nothing better is left.
    return max(unwilling, free) if max(unwilling, free) > start else fits


def _squeezed_end(text: str, widths: Sequence[float], allowed: Sequence[int], start: int, measure: float) -> int:
    """The end of the line if its punctuation gives way, `start` where that does not help."""
    used, spare, best = 0.0, 0.0, start
    for end in range(start, len(text)):
        used += widths[end]
        spare += _spare(text, widths, start, end)
        if used - spare > measure + 1e-6:
            break
        if allowed[end] == _FREE:
            best = end + 1
    return best


def _spare(text: str, widths: Sequence[float], start: int, at: int) -> float:
    if text[at] in _SQUEEZED_AFTER or (text[at] in _SQUEEZED_BEFORE and at > start):
        return widths[at] * _SQUEEZE
    return 0.0


def spread(text: str, widths: Sequence[float], measure: float) -> list[float]:
    """The advances that make one line fill `measure`: white between characters, or less white in punctuation.

    Never opens a number or a Latin word; a line that would have to be opened too far keeps its own widths.
    """
    advances = list(widths)
    length = len(text.rstrip(" "))
    extra = measure - sum(advances[:length])
    if extra < 0:
        return _squeezed(text, advances, -extra)
    gaps = [i for i in range(length - 1) if _opens(text[i], text[i + 1])]
    spaced = any(text[i] == " " for i in gaps)
    shares = [1.0 if text[i] == " " or not spaced else _OF_A_SPACE for i in gaps]
    share = extra / sum(shares) if gaps else 0.0
    if share <= (_WIDEST_SPACE if spaced else _WIDEST_GAP) * max(advances, default=0.0):
        for gap, part in zip(gaps, shares, strict=True):
            advances[gap] += share * part
    return advances


def _opens(before: str, after: str) -> bool:
    return before == " " or ((is_wide(before) or is_wide(after)) and after != " ")


def _squeezed(text: str, advances: list[float], excess: float) -> list[float]:
    spare = [_spare(text, advances, 0, i) for i in range(len(text))]
    share = min(1.0, excess / sum(spare)) if sum(spare) else 0.0
    for i, room in enumerate(spare):
        # The white of an opening mark lies before it, so what stands before it comes nearer.
        advances[i - 1 if text[i] in _SQUEEZED_BEFORE else i] -= room * share
    return advances


def title_lines(text: str, widths: Sequence[float], measure: float) -> list[str]:
    """A title on one line, or on two of nearly the same length, the first not the shorter where words allow."""
    if sum(widths) <= measure:
        return [text]
    allowed = breaks(text)
    half = sum(widths) / 2
    best = min(
        (end for end in range(1, len(text)) if allowed[end - 1] == _FREE),
        key=lambda end: abs(sum(widths[:end]) - half) - (1.5 * widths[0] if text[end - 1] in "的、，》”年月 " else 0),
        default=len(text) // 2,
    )
    return [text[:best].strip(), text[best:].strip()]
