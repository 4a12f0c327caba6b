"""Ledgers of several months or years at once: which of a folder's files are one, how old each is, what is there twice.

The old ones come first, so that what changed from one to the next becomes history. How old a ledger is, its name says
(2024年6月, 0630), or a line in it (截至2024年6月30日), or at last the time of the file. Everything here is proposed: a
person may say another day, another order, and take what was left out.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from db.core.errors import Cancelled, Problem
from db.core.incoming import unfinished
from db.core.period import month_days
from db.core.progress import SILENT, Progress
from db.core.reading import half_width
from db.core.text import Text, _
from db.sheets.plan import Question
from db.sheets.planning import recognise
from db.sheets.reading import read_workbook
from db.sheets.room import RoomSheet
from db.sheets.values import filled
from db.sheets.workbook import Sheet, Workbook

SUFFIXES = frozenset({".xlsx", ".xlsm", ".xlsb", ".xls", ".et", ".ods", ".csv", ".txt"})
MOST_FILES = 500

NAME, SHEET, TIME, SAID = "name", "sheet", "time", "said"
HOW = {
    NAME: _("by its name"), SHEET: _("by a line in it"), TIME: _("by the time of the file"), SAID: _("as you said"),
}  # fmt: skip

_YEAR = r"(?<!\d)(?P<y>20[0-4]\d)"
_DAYS = (
    re.compile(_YEAR + r"(?P<m>0[1-9]|1[0-2])(?P<d>[0-2]\d|3[01])(?!\d)"),
    re.compile(_YEAR + r"\s*[-._年/]\s*(?P<m>1[0-2]|0?[1-9])\s*[-._月/]\s*(?P<d>3[01]|[12]\d|0?[1-9])(?!\d)"),
)
_TO = r"\s*(?:-|—+|–|~|～|至|到)\s*"
_SPAN = re.compile(_YEAR + r"\s*[-._年/]?\s*(?:1[0-2]|0?[1-9])月?份?" + _TO + r"(?P<m>1[0-2]|0?[1-9])月")
_MONTHS = (
    re.compile(_YEAR + r"\s*[-._年/]\s*(?P<m>1[0-2]|0?[1-9])(?!\d)"),
    re.compile(_YEAR + r"(?P<m>0[1-9]|1[0-2])(?!\d)"),
)
_HALVES = re.compile(_YEAR + r"\s*年?(?P<part>上半年|下半年|全年|年度|第?[一二三四1-4]季度)")
_PARTS = {"上半年": 6, "下半年": 12, "全年": 12, "年度": 12}
_QUARTERS = {"一": 3, "二": 6, "三": 9, "四": 12, "1": 3, "2": 6, "3": 9, "4": 12}
_BARE = (
    re.compile(r"(?<!\d)(?P<m>1[0-2]|0?[1-9])月(?P<d>3[01]|[12]\d|0?[1-9])[日号]?"),
    re.compile(r"(?<!\d)(?P<m>1[0-2]|0?[1-9])月"),
    re.compile(r"(?<!\d)(?P<m>0[1-9]|1[0-2])(?P<d>[0-2]\d|3[01])(?!\d)"),
)
_WORDS = {"十二月": 12, "十一月": 11, "十月": 10, "九月": 9, "八月": 8, "七月": 7, "六月": 6, "五月": 5, "四月": 4,
          "三月": 3, "二月": 2, "一月": 1}  # fmt: skip
_ONLY_YEAR = re.compile(_YEAR + r"(?!\d)")
_CUT = re.compile(r"截至|截止|统计时间|填报日期|填报时间|报送时间|报送日期|数据时间|更新时间|制表日期")

_COPY = re.compile(r"[-\s]*(?:副本|复件|copy of|- copy)[-\s]*|[(（](?P<n>\d{1,2})[)）]", re.IGNORECASE)
_VERSION = re.compile(r"(?:v|第)(?P<n>\d{1,2})(?:版|稿)?(?!\d)|(?:稿|版)(?P<k>\d{1,2})(?!\d)", re.IGNORECASE)
_STATES = (("征求意见", -1), ("初稿", -1), ("草稿", -1), ("修改", 1), ("修订", 1), ("更新", 1), ("最终", 2),
           ("定稿", 2), ("终稿", 2), ("终版", 2))  # fmt: skip


@dataclass(frozen=True)
class Ledger:
    """One file. day: how old it is, ISO; how: NAME, SHEET, TIME or SAID. rows: that have something in them.

    why: why it is proposed to leave it out, None for what is taken. readable: whether it could be taken at all.
    same_as: the file with the same cells. sibling: another version of the same ledger of the same day.
    year_guessed: whether only the month is said, and the year is that of the file's time.
    """

    path: Path
    day: str
    how: str
    rows: int = 0
    digest: str = ""
    changed: float = 0.0
    size: int = 0
    why: Text | None = None
    readable: bool = True
    same_as: str | None = None
    sibling: str | None = None
    year_guessed: bool = False

    @property
    def name(self) -> str:
        """The file's name."""
        return self.path.name

    @property
    def taken(self) -> bool:
        """Whether it is proposed to take it."""
        return self.why is None


def files_in(paths: Sequence[Path]) -> Iterator[Path]:
    """The tables among these files and in these folders, each once; what is named by itself is not judged by suffix."""
    seen: set[Path] = set()
    for path in paths:
        found = _walk(path) if path.is_dir() else [path]
        for one in found:
            if one not in seen and unfinished(one) is None:
                seen.add(one)
                yield one


def _walk(folder: Path) -> Iterator[Path]:
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if Path(name).suffix.lower() in SUFFIXES:
                yield Path(place) / name


def survey(
    paths: Sequence[Path], rooms: Sequence[RoomSheet], *, progress: Progress = SILENT, sort: bool = True
) -> list[Ledger]:
    """Look into every file and propose: the old first, the new last, what is there twice left out.

    rooms: what a ledger may belong to. sort: False leaves the order as it is given where not every file says its day.
    """
    found = list(files_in(paths))[:MOST_FILES]
    looked = []
    for done, path in enumerate(found):
        progress.step(done, len(found), _("Looking into “{file}”", file=path.name))
        looked.append(look(path, rooms, progress=progress))
    looked = _in_years_of_others(looked)
    dated = all(one.how != TIME for one in looked if one.readable)
    return without_repeats(in_order(looked) if sort or dated else looked)


class _Inner:
    """The progress of one file within many: only whether to go on."""

    def __init__(self, outer: Progress, file: str) -> None:
        self._outer, self._file = outer, file

    def step(self, done: int, total: int, text: Text) -> None:
        """Ask whether somebody said stop."""
        self._outer.step(0, 0, _("Looking into “{file}”", file=self._file))


def look(path: Path, rooms: Sequence[RoomSheet], *, progress: Progress = SILENT) -> Ledger:
    """One file: how old it is, what is in it, whether it is a ledger. Never raises but `Cancelled`."""
    changed, size = _stamp(path)
    try:
        book = read_workbook(path, progress=_Inner(progress, path.name))
    except Cancelled:
        raise
    except Problem as problem:
        day, how, guessed = _age(path, None, changed)
        return Ledger(
            path, day, how, changed=changed, size=size, why=problem.sentence, readable=False, year_guessed=guessed
        )
    day, how, guessed = _age(path, book, changed)
    rows = sum(filled(row) > 0 for sheet in book.sheets for row in sheet.rows)
    why = None if recognise(book, rooms) is not None else _("no ledger was recognised in it")
    return Ledger(path, day, how, rows, digest(book), changed, size, why, year_guessed=guessed)


def _stamp(path: Path) -> tuple[float, int]:
    try:
        found = path.stat()
    except OSError:
        return 0.0, 0
    return found.st_mtime, found.st_size


def digest(book: Workbook) -> str:
    """The same for files whose sheets say the same, cell by cell, however they were saved."""
    found = hashlib.sha256()
    for sheet in book.sheets:
        # A text table's sheet bears the name of its file, a single one often that of a template.
        found.update(f"\x1d{sheet.name if len(book.sheets) > 1 else ''}".encode())
        for row in sheet.rows:
            said = "\x1f".join("" if cell is None else _plain(cell) for cell in row).rstrip("\x1f")
            if said:
                found.update(b"\x1e" + said.encode("utf-8", "surrogatepass"))
    return found.hexdigest()


def _plain(cell: object) -> str:
    if isinstance(cell, dt.datetime) and cell.time() == dt.time():
        return cell.date().isoformat()
    return str(cell).strip()


# --- how old a ledger is ---------------------------------------------------------------------------------------------


def _age(path: Path, book: Workbook | None, changed: float) -> tuple[str, str, bool]:
    """(day, how it is known, year guessed?). A bare year in the name yields to a line in the sheet that says the day."""
    stamp = dt.datetime.fromtimestamp(changed or 0).astimezone().date()
    own, bare = day_in(path.stem), None
    if own is None:
        bare = _bare_month(path.stem)
    within = _day_within(book) if book is not None else None
    if own is not None and not (own.endswith("-12-31") and _is_bare_year(path.stem) and within):
        return own, NAME, False
    if bare is not None:
        year = _year_of(path.parent.name) or (int(within[:4]) if within else None)
        return _day(year or _likely_year(bare, stamp), *bare), NAME, year is None
    if within is not None:
        return within, SHEET, False
    around = day_in(path.parent.name)
    if around is not None:
        return around, NAME, False
    return stamp.isoformat(), TIME, False


def _in_years_of_others(ledgers: Sequence[Ledger]) -> list[Ledger]:
    """A year that only a file's time says, brought back to those that the others say: old files copied today."""
    sure = [int(one.day[:4]) for one in ledgers if one.how in (NAME, SHEET) and not one.year_guessed]
    if not sure:
        return list(ledgers)
    last = max(sure)
    return [
        dataclasses.replace(one, day=_day(last, int(one.day[5:7]), int(one.day[8:])))
        if one.year_guessed and int(one.day[:4]) > last + 1
        else one
        for one in ledgers
    ]


def day_in(text: str) -> str | None:
    """The last day of what a name or a title is about, where it says the year: 2024年6月 → 2024-06-30."""
    text = half_width(text)
    if found := _SPAN.search(text):
        return _day(int(found["y"]), int(found["m"]))
    for pattern in _DAYS:
        if (found := pattern.search(text)) and (day := _real(int(found["y"]), int(found["m"]), int(found["d"]))):
            return day
    if found := _HALVES.search(text):
        part = found["part"]
        month = _PARTS.get(part) or next(month for word, month in _QUARTERS.items() if word in part)
        return _day(int(found["y"]), month)
    for pattern in _MONTHS:
        if found := pattern.search(text):
            return _day(int(found["y"]), int(found["m"]))
    year = _year_of(text)
    bare = _bare_month(text)
    if year and bare:
        return _day(year, *bare)
    return f"{year}-12-31" if year else None


def _is_bare_year(text: str) -> bool:
    return _bare_month(text) is None and not any(
        pattern.search(half_width(text)) for pattern in (_SPAN, *_DAYS, *_MONTHS, _HALVES)
    )


def _bare_month(text: str) -> tuple[int, int | None] | None:
    """（6月）, 6月15日, 0615, 六月: a month and perhaps a day, without a year."""
    text = _ONLY_YEAR.sub(" ", half_width(text))
    for pattern in _BARE:
        if found := pattern.search(text):
            day = found.groupdict().get("d")
            return int(found["m"]), int(day) if day and int(day) else None
    return next(((month, None) for word, month in _WORDS.items() if word in text), None)


def _year_of(text: str) -> int | None:
    found = _ONLY_YEAR.search(half_width(text))
    return int(found["y"]) if found else None


def _likely_year(bare: tuple[int, int | None], stamp: dt.date) -> int:
    return stamp.year if bare[0] <= stamp.month else stamp.year - 1


def _day(year: int, month: int, day: int | None = None) -> str:
    whole = month_days(f"{year:04d}-{month:02d}")[1]
    return whole if day is None else (_real(year, month, day) or whole)


def _real(year: int, month: int, day: int) -> str | None:
    try:
        return dt.date(year, month, day).isoformat()
    except ValueError:
        return None


def _day_within(book: Workbook) -> str | None:
    """What a line of the sheets says: 截至2024年6月30日, or the title: 2024年1—6月签约项目台账."""
    titles: list[str] = []
    for sheet in book.sheets:
        if not sheet.visible:
            continue
        for text, alone in _lines(sheet):
            if (cut := _CUT.search(half_width(text))) and (day := day_in(text[cut.start() :])):
                return day
            if alone and (day := day_in(text)):
                titles.append(day)
    return max(titles) if titles else None


def _lines(sheet: Sheet) -> Iterator[tuple[str, bool]]:
    """Texts at the top and the end of a sheet, and whether each stands alone in one of the first rows."""
    top = list(sheet.rows[:8])
    for place, row in enumerate([*top, *sheet.rows[8:][-3:]]):
        said = [cell for cell in row if isinstance(cell, str) and cell.strip()]
        for text in said:
            if len(text) <= 80:
                yield text, place < 3 and len(said) <= 2


# --- order and repeats -----------------------------------------------------------------------------------------------


def in_order(ledgers: Iterable[Ledger]) -> list[Ledger]:
    """The old first; of one day the drafts first, the final versions last, then by number and by time of the file."""
    return sorted(ledgers, key=lambda one: (one.day, *_version(one.path.stem), one.changed, one.name))


def _version(stem: str) -> tuple[int, int]:
    text = half_width(stem)
    state = max((rank for word, rank in _STATES if word in text), default=0)
    numbers = [int(found["n"]) for found in _COPY.finditer(text) if found["n"]]
    numbers += [int(found["n"] or found["k"]) for found in _VERSION.finditer(text)]
    return state + (text.count("最终") > 1), max(numbers, default=0)


def core_name(stem: str) -> str:
    """What versions of one ledger have in common: without 副本, (2), 最终版."""
    text = _VERSION.sub("", _COPY.sub("", half_width(stem)))
    for word, _rank in _STATES:
        text = text.replace(word, "")
    return re.sub(r"[\s\-_()版稿]+", "", text).lower()


def without_repeats(ledgers: Sequence[Ledger]) -> list[Ledger]:
    """The same, with every file left out whose cells an earlier one has; versions of one ledger name each other."""
    first: dict[str, Ledger] = {}
    cores: dict[tuple[str, str], str] = {}
    found = []
    for one in ledgers:
        said = dataclasses.replace(one, same_as=None, sibling=None)
        if one.same_as is not None:
            said = dataclasses.replace(said, why=None)
        if said.readable and said.digest in first:
            name = first[said.digest].name
            said = dataclasses.replace(said, same_as=name, why=_("the same cells as “{file}”", file=name))
        elif said.readable:
            first[said.digest] = said
            core = (said.day, core_name(said.path.stem))
            said = dataclasses.replace(said, sibling=cores.get(core))
            cores[core] = said.name
        found.append(said)
    return found


def dated(ledgers: Sequence[Ledger], path: Path, day: str) -> list[Ledger]:
    """The same with another day for one file, in order anew."""
    said = [dataclasses.replace(one, day=day, how=SAID) if one.path == path else one for one in ledgers]
    return without_repeats(in_order(said))


# --- questions asked once --------------------------------------------------------------------------------------------

_CHANGING = frozenset({"row", "count", "low", "high", "middle"})


def question_mark(question: Question) -> str:
    """The same for questions of several files that are one question: what is asked, and what would be proposed."""
    sentence = question.question
    said = sorted((name, str(value)) for name, value in sentence.args.items() if name not in _CHANGING)
    kind = question.id.partition(":")[0]
    return repr((kind, sentence.key, said, question.proposed, [value for value, _text in question.options]))
