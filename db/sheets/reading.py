"""Reading: a spreadsheet file in, plain cells out. Nothing is understood here; that is planning.

`read_workbook` gives a whole workbook, `open_workbook` the same sheet by sheet and block by block for large files.
Every format is told from the content: .xlsx .xlsm .xlsb .xls .et .ods, separated text in the usual encodings, and
web pages named .xls. Cells are None, str, int, float, bool, date, datetime or time; an integral number is an int; a
number of more than 15 digits stays a float, because Excel has already lost its end; errors are text such as "#REF!";
a formula that was saved without its value is its own text, "=SUM(A1:A3)". Parsing happens in a child process with
limits (`db.sheets.parser`), so that no file can take the program down.
"""

from __future__ import annotations

import errno
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from db.core.errors import Bug, Problem, Refused, Unavailable
from db.core.progress import SILENT, Progress
from db.core.sweeping import sweeping_afterwards
from db.core.text import Text, _
from db.sheets.blocks import unpack
from db.sheets.child import Child, Died, Limits, unpacked
from db.sheets.workbook import Cell, Sheet, Workbook

Row = tuple[Cell, ...]
Range = tuple[int, int, int, int]

_SHARING_VIOLATION, _LOCK_VIOLATION = 32, 33


class OpenSheet:
    """One sheet of an open workbook, read when asked for."""

    def __init__(self, book: OpenWorkbook, number: int, name: str, visible: bool) -> None:
        self._book = book
        self._number = number
        self.name = name
        self.visible = visible

    @property
    def first_row(self) -> int:
        """Excel's number of the first row that is given."""
        return self._head[0]

    @property
    def expected_rows(self) -> int:
        """Excel's number of the last row, as far as it is known beforehand (0 where it is not)."""
        return self._head[1]

    @property
    def merged(self) -> tuple[Range, ...]:
        """Merged ranges, (top, left, bottom, right) from 0 at A1, sorted."""
        return self._head[2]

    @property
    def _head(self) -> tuple[int, int, tuple[Range, ...]]:
        return self._book.begin(self._number)

    def rows(self) -> Iterator[list[Row]]:
        """Blocks of up to 1,000 rows; rows of one block are equally long, those of different blocks may differ."""
        return (block.rows() for block in self._book.blocks(self._number))

    def packed(self) -> Iterator[Packed]:
        """The same, packed as the parser sent it."""
        return self._book.blocks(self._number)


@dataclass
class Packed:
    """Rows on their way, `count` × `width` cells; nothing at all where they are blank."""

    count: int
    width: int = 0
    frame: bytes = b""

    def rows(self) -> list[Row]:
        """The rows; raises `Died`."""
        if not self.frame:
            return [()] * self.count
        message = unpacked(self.frame)
        try:
            rows = unpack(message[1]) if message[0] == "rows" else []
        except (ValueError, TypeError, AttributeError, IndexError, OverflowError) as broken:
            raise Died("damaged") from broken
        if len(rows) != self.count:
            raise Died("damaged")
        return rows


class OpenWorkbook:
    """A workbook whose parser is running; only inside `with open_workbook(...)`."""

    def __init__(self, path: Path, child: Child, progress: Progress) -> None:
        self.path = path
        self.name = path.name
        self._child = child
        self._progress = progress
        self._heads: dict[int, tuple[int, int, tuple[Range, ...]]] = {}
        self._running: int | None = None  # the sheet whose blocks are on their way
        self._begun = False  # whether some of them were given out
        self._done = 0
        self._total = 0
        listed = self._receive("sheets")[0]
        self.sheets = tuple(OpenSheet(self, i, str(name), bool(seen)) for i, (name, seen) in enumerate(listed))

    def begin(self, number: int) -> tuple[int, int, tuple[Range, ...]]:
        """First row, expected last row and merged ranges of a sheet."""
        if number not in self._heads:
            self._start(number)
        return self._heads[number]

    def end(self) -> None:
        """Nothing more will be asked for: the parser gives its memory back."""
        self._child.close()

    def blocks(self, number: int) -> Iterator[Packed]:
        """The rows of a sheet, from its first; a sheet asked for meanwhile ends this one."""
        if self._running != number or self._begun:
            self._start(number)
        self._begun = True
        self._done, self._total = self._heads[number][:2]
        while self._running == number:
            kind, *rest = self._receive("block", "blank", "end", kind=True)
            if kind == "end":
                self._running = None
                return
            block = Packed(int(rest[0]))
            if kind == "block":
                block.width, block.frame = int(rest[1]), self._child.frame(self._tell)
            self._done += block.count
            self._tell()
            yield block
        raise Bug("the blocks of one sheet at a time")

    def _start(self, number: int) -> None:
        while self._running is not None:
            if self._receive("block", "rows", "blank", "end", kind=True)[0] == "end":
                self._running = None
        self._child.ask(number)
        first, expected, merged = self._receive("sheet")
        self._heads[number] = (int(first), int(expected), tuple(map(tuple, merged)))
        self._running, self._begun = number, False

    def _receive(self, *expected: str, kind: bool = False) -> tuple[Any, ...]:
        message = self._child.receive(self._tell)
        if message[0] not in expected:
            raise Died("damaged")
        return message if kind else message[1:]

    def _tell(self) -> None:
        self._progress.step(self._done, max(self._total, self._done), _("Reading “{file}”", file=self.name))


@contextmanager
def open_workbook(
    path: str | Path, *, progress: Progress = SILENT, limits: Limits | None = None
) -> Iterator[OpenWorkbook]:
    """Open a spreadsheet for reading block by block; the parser ends with the `with`.

    Raises `Refused` (not a table, damaged, protected, too large) and `Unavailable` (missing, no permission, locked)
    also while sheets are being read, and whatever `progress` raises.
    """
    path, limits = Path(path), limits or Limits()
    _look(path, limits)
    child = Child(path, limits)
    try:
        yield OpenWorkbook(path, child, progress)
    except Died as death:
        raise _problem(path, death, limits) from death
    finally:
        child.close()


def read_workbook(path: str | Path, *, progress: Progress = SILENT, limits: Limits | None = None) -> Workbook:
    """Read a whole spreadsheet. Raises as `open_workbook` does."""
    limits = limits or Limits()
    with open_workbook(path, progress=progress, limits=limits) as book:
        left = limits.cells
        packed: list[list[Packed]] = []
        for opened in book.sheets:
            packed.append(_gathered(opened, left))
            left -= _cells(packed[-1])
        # Only now unpacked: what the parser holds of the sheet and what we make of it need not be in memory together.
        book.end()
        with sweeping_afterwards():
            sheets = [_whole(opened, blocks) for opened, blocks in zip(book.sheets, packed, strict=True)]
        return Workbook(book.path, book.name, tuple(sheets))


def _gathered(opened: OpenSheet, cells: int) -> list[Packed]:
    blocks: list[Packed] = []
    count = width = 0
    for block in opened.packed():
        blocks.append(block)
        count, width = count + block.count, max(width, block.width)
        if count * width > cells:
            raise Died("too_large")
    return blocks


def _cells(blocks: Sequence[Packed]) -> int:
    return sum(block.count for block in blocks) * max((block.width for block in blocks), default=0)


def _whole(opened: OpenSheet, blocks: list[Packed]) -> Sheet:
    rows: list[Row] = []
    widths = {block.width for block in blocks}
    for at, block in enumerate(blocks):
        rows += block.rows()
        blocks[at] = Packed(0)  # no longer needed
    if len(widths) > 1:
        rows = _equally_long(rows, max(widths))
    merged = _within(opened.merged, opened.first_row - 1, len(rows))
    return Sheet(opened.name, opened.visible, opened.first_row, rows, merged)


def _within(merged: tuple[Range, ...], above: int, count: int) -> tuple[Range, ...]:
    """Merged areas counted from the first row that is kept, not from A1, where they begin in one of the `count` rows kept."""
    kept = (span for span in merged if span[2] >= above and span[0] < above + count)
    return tuple((max(top - above, 0), left, bottom - above, right) for top, left, bottom, right in kept)


def _equally_long(rows: list[Row], width: int) -> list[Row]:
    blank: Row = (None,) * width
    return [row if len(row) == width else row + blank[len(row) :] if row else blank for row in rows]


def _look(path: Path, limits: Limits) -> None:
    """What can be said without reading the content, in the words of the system."""
    file = path.name
    try:
        if path.is_dir():
            raise Refused(_("“{file}” is a folder, not a table. Nothing was changed; choose a file.", file=file))
        size = path.stat().st_size
        if not path.is_file():
            raise Refused(_NOT_A_TABLE(file=file))
        if not size:
            raise Refused(_("“{file}” is empty. Nothing was changed; choose the file that holds the table.", file=file))
        if size > limits.file:
            raise Refused(_TOO_LARGE(file=file))
        with path.open("rb") as stream:
            stream.read(1)
    except (OSError, ValueError) as failure:
        raise unreadable(file, failure) from failure


_NOT_A_TABLE = _(
    "“{file}” is not a table that can be read. Nothing was changed; choose an Excel, WPS, ODS or CSV file."
)
_TOO_LARGE = _(
    "“{file}” is too large to be read safely. Nothing was changed; split it, or delete what lies far below "
    "and beside the table, and try again."
)
_PROTECTED = _(
    "“{file}” is password-protected. Nothing was changed; open it in Excel or WPS, remove the password, "
    "save it and try again."
)
_DAMAGED = _(
    "“{file}” is damaged. Nothing was changed; open it in Excel or WPS, save it under another name and try again."
)
_HOSTILE = _(
    "“{file}” is damaged or hostile: it holds declarations that no office program writes. Nothing was changed; "
    "ask its sender for a fresh copy."
)
_SLOW = _(
    "“{file}” could not be read within {seconds} seconds: it is damaged or too large. Nothing was changed; "
    "split it, or save it anew, and try again."
)
_SENTENCES = {
    "not_a_table": _NOT_A_TABLE,
    "too_large": _TOO_LARGE,
    "protected": _PROTECTED,
    "damaged": _DAMAGED,
    "hostile": _HOSTILE,
}


def _problem(path: Path, death: Died, limits: Limits) -> Problem:
    if death.word == "unreadable":
        return unreadable(path.name, OSError(death.errno, ""))
    if death.word == "slow":
        return Refused(_SLOW(file=path.name, seconds=round(limits.seconds)))
    return Refused(_SENTENCES.get(death.word, _DAMAGED)(file=path.name))


def unreadable(file: str, failure: Exception) -> Problem:
    """What to say when the system does not give the file out."""
    if getattr(failure, "winerror", None) in (_SHARING_VIOLATION, _LOCK_VIOLATION):
        return Unavailable(_locked(file))
    number = getattr(failure, "errno", None)
    if number in (errno.EBUSY, errno.ETXTBSY, errno.EAGAIN, errno.EDEADLK):
        return Unavailable(_locked(file))
    if number in (errno.EACCES, errno.EPERM):
        return Unavailable(
            _("“{file}” may not be read by this account. Nothing was changed; ask its owner for access.", file=file)
        )
    if number in (errno.ENOENT, errno.ENOTDIR) or isinstance(failure, ValueError):
        return Unavailable(_("“{file}” was not found. Nothing was changed; choose the file again.", file=file))
    return Unavailable(
        _(
            "“{file}” could not be read from its disk. Nothing was changed; copy it to this computer and try again.",
            file=file,
        )
    )


def _locked(file: str) -> Text:
    return _("“{file}” is open in another program. Nothing was changed; close it there and try again.", file=file)
