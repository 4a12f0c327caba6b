"""Dates as offices write them: 2024.9, 2024年9月5日, 20240901, Excel's serial numbers, 2024.9.30前."""

from __future__ import annotations

import calendar
import re
from datetime import date, datetime, time, timedelta

from db.core.reading import Reading, half_width, refuse
from db.core.text import Text, _

_TIME = r"(?:[T ]*\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?"
_TAIL = (
    r"(?P<tail>(?:上旬|中旬|下旬|初|底|末|上午|下午|晚上?|上|中|下)?(?:之?前|以前|之?后|以后|左右|起|止)?(?:\(.*\))?)"
)
_DAY = re.compile(rf"(?P<y>\d{{4}})[-./年、](?P<m>\d{{1,2}})[-./月、](?P<d>\d{{1,2}})[日号]?{_TIME}{_TAIL}[。.]?")
_MONTH = re.compile(rf"(?P<y>\d{{4}}|\d{{2}}(?=年))(?:[-./]|年)(?P<m>\d{{1,2}})月?份?{_TAIL}[-./。]?")
_END = re.compile(r"[底末](?:之?前|以前|左右)?[。.]?$")  # 9月底, 9月底前: by its last day
_PART_OF_YEAR = re.compile(
    r"\d{4}[-./年]?(?:第?[一二三四1-4]季度?|Q[1-4]|[上下]半年|年?[初中底末])[。.]?", re.IGNORECASE
)
_SHORT = re.compile(rf"(?P<y>\d{{2}})[-./年](?P<m>\d{{1,2}})[-./月](?P<d>\d{{1,2}})[日号]?{_TAIL}[。.]?")
# What is meant to be done then, not what was.
MEANT = r"(?:预计|计划|力争|争取|拟)(?:于|在)?"
_YEARLESS = re.compile(
    rf"(?P<meant>{MEANT})?(?:(?:1[0-2]|0?[1-9])月(?:份|\d{{1,2}}[日号]?)?|(?:1[0-2]|0?[1-9])[./](?:3[01]|[12]\d|0?[1-9])){_TAIL}[。.]?"
)
_DAY_SIGNS = str.maketrans("./", "月月")
_DIGITS = re.compile(r"\d{5,8}(?:\.0+)?")
_EPOCH = date(1899, 12, 30)
_FORMS = "2024-09-05、2024.9.5、2024年9月5日、2024年9月"
FIRST_YEAR, LAST_YEAR = 1900, 2100
_TWO_DIGITS = _("Two digits for the year were read as 20xx.")


MONTHS = "January February March April May June July August September October November December".split()


def day_in_words(iso: str, lang: str) -> str:
    """2024-06-30 → 2024年6月30日, 30 June 2024, as a sentence or a signature says it."""
    day = date.fromisoformat(iso)
    return f"{day.year}年{day.month}月{day.day}日" if lang == "zh" else f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def read_day(raw: object) -> Reading:
    """A date as ISO YYYY-MM-DD; a month without a day becomes its first day, its end the last, and the note says so."""
    found = _parts(raw)
    if isinstance(found, Reading):
        return found
    year, month, day, note, remark = found
    wrong = _impossible(year, month, day)
    if wrong:
        return wrong
    if day is None and _END.search(remark):
        day = calendar.monthrange(year, month)[1]
    elif day is None:
        note = note or _("Only the month is given; the first day of the month is stored.")
    return Reading(f"{year:04d}-{month:02d}-{day or 1:02d}", note=note, remark=remark)


def read_month(raw: object) -> Reading:
    """A month as ISO YYYY-MM; the day of a full date is dropped."""
    found = _parts(raw)
    if isinstance(found, Reading):
        return found
    year, month, day, note, remark = found
    wrong = _impossible(year, month, day)
    return wrong or Reading(f"{year:04d}-{month:02d}", note=note, remark=remark)


_Parts = tuple[int, int, int | None, Text | None, str]


def _parts(raw: object) -> _Parts | Reading:
    if isinstance(raw, datetime | date):
        return raw.year, raw.month, raw.day, None, ""
    if isinstance(raw, bool | time):
        return refuse(_("This is not a date."), _FORMS, words=True)
    if isinstance(raw, int | float):
        return _of_number(raw)
    return _of_text(half_width(str(raw)))


def _of_number(number: int | float) -> _Parts | Reading:
    """20240901, 202409, 240901, a serial number of Excel (20000–80000), or 2024.9 typed as a number."""
    whole = int(number)
    if FIRST_YEAR <= number < LAST_YEAR and number != whole:
        return _of_text(repr(number))
    if 20000 <= number < 80000:
        return _of_date(_EPOCH + timedelta(days=whole))
    if number != whole:
        return refuse(_("This is not a date."), _FORMS)
    return _of_digits(str(whole))


def _of_date(day: date) -> _Parts:
    return day.year, day.month, day.day, None, ""


def _of_digits(digits: str) -> _Parts | Reading:
    if len(digits) == 8:
        return int(digits[:4]), int(digits[4:6]), int(digits[6:]), None, ""
    if len(digits) == 6 and FIRST_YEAR <= int(digits[:4]) <= LAST_YEAR:
        return int(digits[:4]), int(digits[4:]), None, None, ""
    if len(digits) == 6:
        return 2000 + int(digits[:2]), int(digits[2:4]), int(digits[4:]), _TWO_DIGITS, ""
    if len(digits) == 4 and FIRST_YEAR <= int(digits) <= LAST_YEAR:
        return refuse(_("Only the year is given."), _FORMS)
    if len(digits) == 5 and 20000 <= int(digits) < 80000:
        return _of_date(_EPOCH + timedelta(days=int(digits)))
    return refuse(_("This is not a date."), _FORMS, words=True)


def _of_text(text: str) -> _Parts | Reading:
    text = re.sub(r"\s+(?!\d{1,2}:)", "", text)
    found = _DAY.fullmatch(text)
    if found:
        return int(found["y"]), int(found["m"]), int(found["d"]), *_tail(text, found["tail"])
    found = _MONTH.fullmatch(text)
    if found and len(found["y"]) == 4:
        return int(found["y"]), int(found["m"]), None, *_tail(text, found["tail"])
    found = found or _SHORT.fullmatch(text)
    if found:
        day = int(found["d"]) if "d" in found.groupdict() else None
        note, remark = _tail(text, found["tail"])
        return 2000 + int(found["y"]), int(found["m"]), day, note or _TWO_DIGITS, remark
    if _DIGITS.fullmatch(text):
        return _of_digits(text.split(".")[0])
    if re.fullmatch(r"\d{4}年?", text):
        return refuse(_("Only the year is given."), _FORMS)
    if _PART_OF_YEAR.fullmatch(text):
        return refuse(_("Only a part of the year is given; a month is needed."), _FORMS)
    if without_year(text):
        return refuse(_("The year is missing."), _FORMS)
    return refuse(_("This is not a date."), _FORMS, words=True)


def without_year(raw: object) -> bool:
    """Whether words name a day or a month, but not the year: 6月, 6月5日, 7.15, 预计9月."""
    return isinstance(raw, str) and bool(_YEARLESS.fullmatch("".join(half_width(raw).split())))


def in_year(raw: str, year: str) -> str:
    """The same words with the year before them."""
    words = "".join(half_width(raw).split())
    meant = re.match(MEANT, words)
    before = meant[0] if meant else ""
    return f"{before}{year}年{words[len(before) :].translate(_DAY_SIGNS)}"


def _tail(text: str, tail: str | None) -> tuple[Text | None, str]:
    if not tail:
        return None, ""
    return _("“{words}” beside the date goes to the remarks.", words=tail), text


def _impossible(year: int, month: int, day: int | None) -> Reading | None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return refuse(_("The year {year} cannot be right.", year=str(year)), _FORMS)
    if not 1 <= month <= 12:
        return refuse(_("There is no such month."), f"{year}-12、{year}.12、{year}年12月")
    if day is None:
        return None
    last = calendar.monthrange(year, month)[1]
    if not 1 <= day <= last:
        near = f"{year}-{month:02d}-{last:02d}、{year}.{month}.{last}、{year}年{month}月{last}日"
        return refuse(_("There is no such day."), near)
    return None
