"""A stored value as a form asks for it: in its unit, in its form of dates, among the answers that its cell accepts."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal

from db.core.fields import Area, Day, Field, Metric, Money, Month, Whole
from db.core.formats import show
from db.core.quantities import scale_of
from db.core.reading import Stored, half_width
from db.core.text import Text, _
from db.sheets.form_file import FormFile, Page, Value, corners
from db.sheets.headings import unit_in

_PATTERN = re.compile(r"[(（\[【](?:(?:填写)?格式|例如|例|如)?[:：]?([×xX*○〇yYmMdD年月日./\-\d\s]+)[)）\]】]")
DAY_IN_WORDS = re.compile(r"\d{4}(?:年|[./-])\d{1,2}(?:月|[./-])?(?:\d{1,2}日?)?")
_PLACES = re.compile(r"[×xX*○〇yYmMdD\d]+")


def asked_pattern(heading: str) -> str | None:
    """How a heading wants its dates: （××××年××月） → ××××年××月, (YYYY.MM) → YYYY.MM; None where it does not say."""
    found = _PATTERN.search(heading)
    pattern = half_width(found[1]).strip() if found else ""
    return pattern if "年" in pattern or re.search(r"[yY×xX\d]{4}.*[./-]|^[yY×xX\d]{4}[mM×xX\d]{2}", pattern) else None


def dated(day: str, pattern: str | None) -> str:
    """An ISO day or month in a form of dates. Chinese dates carry no empty zeros (2024年3月), as official papers have it."""
    parts = day.split("-")
    if pattern is None:
        return day
    if "年" in pattern:
        wanted = [sign for sign in "年月日" if sign in pattern]
        return "".join(f"{int(part)}{sign}" for part, sign in zip(parts, wanted, strict=False))
    places = _PLACES.findall(pattern)
    if len(places) == 1:
        return "".join(parts)[: len(pattern)]
    sign = next((one for one in "./-" if one in pattern), "-")
    padded = (
        part if len(place) > 1 else str(int(part))
        for part, place in zip(parts, places, strict=False)
    )  # fmt: skip
    return sign.join(padded)


def as_asked(field: Field, value: Stored, unit: str | None, pattern: str | None, *, as_date: bool) -> Value:
    """A stored value as a cell of the form says it. as_date: the cell shows a number as a day."""
    kind = field.kind
    if isinstance(kind, Money | Area | Metric):
        scale = scale_of(kind, unit) or scale_of(kind)
        assert scale is not None, field.key
        exact = Decimal(int(value or 0)) / scale.factor
        places = 4 if isinstance(kind, Area) and scale.factor == 200_000 else 8
        return exact.quantize(Decimal(1).scaleb(-places)).normalize()
    if isinstance(kind, Whole):
        return int(value or 0)
    if isinstance(kind, Day | Month):
        text = str(value)
        if as_date and pattern is None:
            return dt.date.fromisoformat(text if len(text) == 10 else f"{text}-01")
        return dated(text, pattern)
    return show(kind, value, "zh")


# --- blanks that say something ---------------------------------------------------------------------------------------

_OPEN = re.compile(r"[\s\u3000_＿]+")
_BOX = re.compile(r"(?P<box>[□☐▢])\s*(?P<answer>[^□☐▢☑\s、，,；;]+)")
_BOX_AFTER = re.compile(r"(?P<answer>[^□☐▢☑\s、，,；;]+)\s*(?P<box>[□☐▢])")


def asks_for(text: str) -> str | None:
    """What a blank of a form says before it is filled: a unit, 年月日 or boxes to tick (□是 □否); None of other words."""
    if _BOX.search(text) or _BOX_AFTER.search(text):
        return text
    rest = _OPEN.sub("", text)
    return rest if rest in ("年月日", "年月") or unit_in(rest) is not None else None


def into_blank(text: str, value: str) -> str | None:
    """A blank with its value: beside its unit, or with its box ticked; None where no box offers the value."""
    asked = asks_for(text)
    if asked is None or asked.startswith("年"):
        return value
    if asked != text or unit_in(text) is not None:
        return f"{value}{asked}"
    boxes = _BOX_AFTER if text.rstrip()[-1] in "□☐▢" else _BOX
    ticked = boxes.sub(
        lambda found: found[0].replace(found["box"], "☑") if found["answer"] == value else found[0], text
    )
    return ticked if ticked != text else None


def accepted(page: Page, row: int, column: int) -> list[str] | None:
    """What the list of a cell offers; None where it has none, or one that only a spreadsheet can work out."""
    for one in page.root.iter(f"{page.space}dataValidation"):
        if one.get("type") != "list" or not any(
            _within(area, row, column) for area in (one.get("sqref") or "").split()
        ):
            continue
        text = (one.findtext(f"{page.space}formula1") or "").strip()
        if text.startswith('"'):
            return [part.strip() for part in text.strip('"').split(",")]
        return _listed(page.file, page, text)
    return None


def _within(area: str, row: int, column: int) -> bool:
    top, left, bottom, right = corners(area)
    return top <= row <= bottom and left <= column <= right


def _listed(file: FormFile, page: Page, text: str) -> list[str] | None:
    sheet, _mark, area = text.rpartition("!")
    name = sheet.strip("'").replace("''", "'")
    of = next((one for one in file.pages if one.name == name), None) if name else page
    try:
        top, left, bottom, right = corners(area)
    except ValueError:
        return None
    if of is None or bottom - top > 10_000:
        return None
    cells = (of.said(row, column) for row in range(top, bottom + 1) for column in range(left, right + 1))
    return [str(cell) for cell in cells if cell is not None]


# --- the lines around ----------------------------------------------------------------------------------------------

_WHO = r"(?:填[报表]|报送|上报|申报)(?:单位|部门)(?:\s*[（(][^）)]*[)）])?\s*[:：]"
_BLANK = r"[\s\u3000_＿]*"
_NEXT = r"(?=$|[\u4e00-\u9fff]{2,6}(?:[（(][^）)]*[)）])?\s*[:：]|单位)"
_REPORTING = re.compile(rf"({_WHO}){_BLANK}{_NEXT}")
_DATED = re.compile(
    rf"((?:填[报表]|报送|上报|制表|填写)(?:日期|时间)\s*[:：]){_BLANK}(?:年{_BLANK}月{_BLANK}日|{_NEXT})"
)
_REPORTER = re.compile(rf"{_WHO}|(?:填[报表]人|制表人|审核人|审批人|经办人|分管领导|单位负责人)\s*[:：]")
_OF_PERIOD = re.compile(rf"([(（]){_BLANK}年{_BLANK}月{_BLANK}([)）])")
_OF_MONTH = re.compile(rf"([(（]){_BLANK}([)）])(?=月)|(?<=20\d\d年)[\s\u3000_＿]+(?=月(?!\s*\d*日))")
_SIGNED = re.compile(
    r"((?:单位)?负责人|填[报表]人|制表人|审核人|审批人|经办人|联系人|联系电话|分管领导|主要领导)(?:[（(][^）)]*[)）])?\s*[:：]"
    + _BLANK
    + _NEXT
)


def of_reporter(text: str, label: str) -> bool:
    """Whether a label asks for a person in a line of who reports or signs, which is no fact of a record."""
    person = label in ("电话", "手机", "职务") or _SIGNED.match(f"{label}：") is not None
    return person and _REPORTER.search(text) is not None


def filled_by_itself(text: str) -> bool:
    """Whether a line says who reports or on which day, which needs no fact of the ledger."""
    return bool(re.match(_WHO, text) or _DATED.search(text))


def filled_line(text: str, *, reporting: str, today: dt.date, month: str | None) -> str:
    """A line around the table with who reports, on which day, for which month, where these are left open."""
    who = _REPORTING.sub(lambda found: found[1] + reporting + ("" if found.end() == len(text) else "　"), text)
    day = f"{today.year}年{today.month}月{today.day}日"
    dated_line = _DATED.sub(
        lambda found: found[1] + day + ("" if found[0].endswith("日") or found.end() == len(who) else "　"), who
    )
    if month is None:
        return dated_line
    year, number = month.split("-")
    whole = _OF_PERIOD.sub(lambda found: f"{found[1]}{int(year)}年{int(number)}月{found[2]}", dated_line)
    if re.search(r"20\d\d年", whole) and f"{year}年" not in whole:
        return whole
    return _OF_MONTH.sub(lambda found: f"{found[1] or ''}{int(number)}{found[2] or ''}", whole)


def left_open(text: str) -> list[Text]:
    """What a line leaves for people: signatures, and the month where none was asked for."""
    found = [by_hand(one[1]) for one in _SIGNED.finditer(text)]
    return found + [_("No month was asked for.") for one in (_OF_PERIOD, _OF_MONTH) for _place in one.finditer(text)]


def by_hand(label: str) -> Text:
    """Why a blank stays empty that no fact of a record fills."""
    return _("“{what}” is for a person to write.", what=label)
