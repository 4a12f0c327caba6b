"""Labels with their blanks in one cell of a form: 项目名称：____　总投资：____万元　类型：□内资 □外资　日期：  年  月  日."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from db.sheets.form_values import asks_for, into_blank
from db.sheets.headings import unit_in

_WHITE, _OPEN = r"[^\S\n]", r"(?:[^\S\n]|[_＿])"
# What begins a blank: the colon of its label, or, right after the label, a line to write on or boxes to tick.
_LABEL = re.compile(r"(?P<label>[^:：_＿□☐▢☑\n、，,；;。]{1,40}?)[^\S\n]*(?:[:：]|(?=[_＿]{2}|[□☐▢]))")
_WORD = r"[^\s□☐▢☑:：_＿、，,；;。]++"
_BOXES = (
    rf"{_WHITE}*(?:[□☐▢]{_WHITE}*{_WORD}(?:{_WHITE}|[、，,；;])*)*[□☐▢]{_WHITE}*{_WORD}(?!{_WHITE}*[□☐▢]|[:：_＿])"
    rf"|{_WHITE}*(?:{_WORD}{_WHITE}*[□☐▢](?:{_WHITE}|[、，,；;])*)*{_WORD}{_WHITE}*[□☐▢]"
)
_DAY = rf"(?:{_OPEN}|20(?={_OPEN}))*年{_OPEN}*月(?:{_OPEN}*日)?"
_LINE = rf"(?P<before>{_WHITE}*)[_＿](?:{_OPEN}*[_＿])?"
_WIDE = rf"{_WHITE}{{2,}}|\u3000"
_BLANK = re.compile(
    rf"(?P<boxes>{_BOXES})|(?P<day>{_DAY})|(?P<line>{_LINE})|(?P<end>{_WHITE}*(?=\n|$))|(?P<wide>{_WIDE})"
)
_AFTER = re.compile(
    rf"{_WHITE}?(?:[(（][^(（)）\n]{{1,20}}[)）]|[^\s()（），,；;、。:：_＿□☐▢]{{1,40}}(?![^\s()（），,；;、。_＿□☐▢]))"
)
_NUMBERED = re.compile(r"^[(（]?[一二三四五六七八九十\d]{1,3}[)）.．]\s*")
_SIGNS = re.compile(r"[:：_＿□☐▢]")
_LONGEST = 2000  # signs; longer texts are instructions
_APART = re.compile(r"\s{2,}|\u3000")


@dataclass(frozen=True)
class Gap:
    """A blank in a cell, text[start:end]. printed: the unit after it, or the boxes or 年月日 in it, "" where nothing is.

    drawn: whether it shows that something is to be written there; otherwise the label only ends its line.
    """

    label: str
    start: int
    end: int
    printed: str
    drawn: bool


def gaps(text: str) -> list[Gap]:
    """The blanks of a cell with their labels, in their order; none where its labels have something after them already."""
    return list(_gaps(text)) if len(text) <= _LONGEST and _SIGNS.search(text) else []


def _gaps(text: str) -> Iterator[Gap]:
    at, after_value = 0, False
    while (found := _LABEL.search(text, at)) is not None:
        parts = _APART.split(found["label"].strip())
        parts = parts[0].split() or parts if after_value and len(parts) == 1 else parts
        label = _NUMBERED.sub("", parts[-1] if len(parts[-1]) > 1 else "".join(parts))
        blank = _BLANK.match(text, found.end())
        at, after_value = found.end(), blank is None
        if blank is None:
            continue
        at = max(blank.end(), found.end())
        if _whole(label) and text[found.start() - 1 : found.start()] not in ("□", "☐", "▢", "☑"):
            yield _gap(text, label, blank)


def _whole(label: str) -> bool:
    return 2 <= len(label) <= 30 and all(label.count(one) == label.count(other) for one, other in ("()", "（）"))


def _gap(text: str, label: str, blank: re.Match[str]) -> Gap:
    start, end = blank.end("before") if blank["line"] else blank.start(), blank.end()
    if blank["boxes"]:
        return Gap(label, start, end, blank[0], drawn=True)
    if blank["day"]:
        return Gap(label, start, end, asks_for(re.sub(r"20", "", blank[0])) or "", drawn=True)
    after = _AFTER.match(text, end) if blank["line"] or blank["wide"] else None
    printed = after[0].strip() if after else ""
    # Other words right after a line or in brackets may be a unit that nobody here knows; further on they are another label.
    told = (
        unit_in(printed.strip("()（）"))
        or printed.startswith(("(", "（"))
        or (blank["line"] and after and after[0] == printed)
    )
    return Gap(label, start, end, printed.strip("()（）") if told else "", drawn=blank["end"] is None)


def into_line(text: str, label: str, value: str) -> str | None:
    """The cell with a value in the blank of a label; None where its boxes do not offer it, or it has no such blank."""
    gap = next((one for one in gaps(text) if _same(one.label, label)), None)
    if gap is None:
        return f"{text}{value}" if text.rstrip().endswith((":", "：")) else None
    before, blank, after = text[: gap.start], text[gap.start : gap.end], text[gap.end :]
    if gap.printed == blank and blank:
        ticked = into_blank(blank, value)
        return None if ticked is None else before + ticked + after
    unit = unit_in(gap.printed) is not None
    apart = " " * max(2, _width(blank) - _width(value)) if blank.isspace() and after.strip() and not unit else ""
    return before + value + apart + after


def _same(one: str, other: str) -> bool:
    return "".join(one.split()) == "".join(other.split())


def _width(text: str) -> int:
    return len(text.encode("gb18030", "replace"))
