"""The parser: a process of its own that opens a spreadsheet nobody has vouched for, under limits.

Files of one kilobyte exist on which the parsing library aborts its process, and others on which it takes all memory.
This process may die of them; the program may not. It is started by `db.sheets.child` with a path and the limits as
JSON, is asked for a sheet by its number (one line on standard input), and answers in frames on standard output: the
length as 8 bytes, then a pickle of nothing but tuples, lists, numbers, text, dates and times. It imports nothing of
the program but its neighbours, so that it starts quickly.
"""

from __future__ import annotations

import gc
import io
import json
import math
import os
import pickle
import struct
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

from db.sheets.blocks import pack
from db.sheets.containers import DAMAGED, NOT_A_TABLE, PROTECTED, TOO_LARGE, Lost, Unfit, kind_of
from db.sheets.lost import lost_in_book, lost_in_sheet
from db.sheets.plain import read_text

UNREADABLE = "unreadable"
BLOCK_ROWS = 1_000
_BLOCK_CELLS = 30_000
_MERGED_MOST = 200_000

_WIDEST = 16_384

Send = Callable[[tuple[Any, ...]], None]
Found = TypeVar("Found")


def main(arguments: list[str]) -> int:
    """Serve one file: `arguments` are its path and the limits. Returns the exit code; never prints a traceback."""
    path, limits = Path(arguments[0]), json.loads(arguments[1])
    _restrict(limits["memory"], limits["seconds"])
    # Rows are made and dropped by the million and hold no cycles.
    gc.disable()
    with open(0, "rb", closefd=False) as asked, open(1, "wb", closefd=False) as out:
        try:
            _serve(path, limits, asked, lambda message: _send(out, message))
        except BaseException as failure:  # noqa: BLE001 - the library's panics are no Exception; the word says which it was
            _send(out, ("failed", _word(failure), getattr(failure, "errno", None)))
            return 1
    return 0


def _restrict(memory: int, seconds: float) -> None:
    """Windows has no such limits: there only the sizes checked beforehand and the time limit hold."""
    if sys.platform == "win32":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    # The asking process watches the clock; this is for when it was killed itself.
    resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(seconds) + 5, math.ceil(seconds) + 10))


def _word(failure: BaseException) -> str:
    if isinstance(failure, Unfit):
        return failure.word
    if isinstance(failure, MemoryError) or "capacity overflow" in str(failure):
        return TOO_LARGE
    if type(failure).__name__ == "PasswordError":
        return PROTECTED
    # The library's own errors for bad files are OSError in some of its releases; only the system's carry a number.
    if isinstance(failure, OSError) and failure.errno is not None:
        return UNREADABLE
    return DAMAGED


def _send(out: BinaryIO, message: tuple[Any, ...]) -> None:
    buffer = io.BytesIO()
    pickler = pickle.Pickler(buffer, 5)
    # Nothing in a message occurs twice, so nothing need be remembered while packing.
    pickler.fast = True
    pickler.dump(message)
    out.write(struct.pack("<Q", buffer.tell()))
    out.write(buffer.getbuffer())
    out.flush()


def _serve(path: Path, limits: dict[str, Any], asked: BinaryIO, send: Send) -> None:
    kind = kind_of(path, limits["unpacked"])
    if kind == "text":
        _serve_text(path, limits, asked, send)
        return
    whole = _beside(partial(lost_in_book, path, kind))
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    # From the open file and not its path: given a path, the library believes the suffix.
    with path.open("rb") as file:
        book = CalamineWorkbook.from_filelike(file)
    metadata = [
        (place, sheet) for place, sheet in enumerate(book.sheets_metadata) if sheet.typ == SheetTypeEnum.WorkSheet
    ]
    if not metadata:
        raise Unfit(NOT_A_TABLE)
    send(("sheets", [(sheet.name, sheet.visible == SheetVisibleEnum.Visible) for _place, sheet in metadata]))
    for line in asked:
        place, name = metadata[int(line)][0], metadata[int(line)][1].name
        single = _beside(partial(lost_in_sheet, path, kind, name))
        sheet = book.get_sheet_by_name(name)
        _send_calamine(send, limits, sheet, single() or whole().get(name) or whole().get(place) or {})


def _beside(work: Callable[[], Found]) -> Callable[[], Found]:
    """Begin `work` in a thread; the answer waits for it, and fails as it failed."""
    done: list[Found] = []
    failed: list[BaseException] = []

    def run() -> None:
        try:
            done.append(work())
        except BaseException as failure:  # noqa: BLE001 - raised again where the answer is asked for
            failed.append(failure)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()

    def answer() -> Found:
        thread.join()
        if failed:
            raise failed[0]
        return done[0]

    return answer


def _serve_text(path: Path, limits: dict[str, Any], asked: BinaryIO, send: Send) -> None:
    sheets = read_text(path)
    send(("sheets", [(sheet.name, sheet.visible) for sheet in sheets]))
    given: set[int] = set()
    for place in map(int, asked):
        if place in given:  # rows are read only once
            sheets, given = read_text(path), set()
        given.add(place)
        _send_sheet(send, limits, sheets[place].rows, sheets[place].merged)


def _send_calamine(send: Send, limits: dict[str, Any], sheet: Any, lost: Lost) -> None:
    last, first_column = (sheet.end or (0, 0))[0], (sheet.start or (0, 0))[1]
    if last >= limits["rows"]:
        raise Unfit(TOO_LARGE)
    merged = [(top, left, bottom, right) for (top, left), (bottom, right) in sheet.merged_cell_ranges or ()]
    rows: Iterator[list[Any]] = sheet.iter_rows() if sheet.start is not None else iter(())
    if first_column:
        pad = [""] * first_column
        rows = (pad + row for row in rows)
    if lost:
        rows = _with_lost(rows, lost)
    _send_sheet(send, limits, rows, merged, expected=last + 1)


def _with_lost(rows: Iterator[list[Any]], lost: Lost) -> Iterator[list[Any]]:
    if max(lost) >= 1 << 20 or max(max(cells) for cells in lost.values()) >= _WIDEST:
        raise Unfit(TOO_LARGE)
    number = -1
    for number, row in enumerate(rows):
        yield _patched(row, lost[number]) if number in lost else row
    for after in range(number + 1, max(lost) + 1):
        yield _patched([], lost.get(after, {}))


def _patched(row: list[Any], cells: dict[int, str]) -> list[Any]:
    row = row + [""] * (max(cells, default=-1) + 1 - len(row))
    for column, said in cells.items():
        # Old programs keep an error as the number 0.
        if row[column] in ("", 0):
            row[column] = said
    return row


def _send_sheet(
    send: Send, limits: dict[str, Any], rows: Iterator[list[Any]], merged: Sequence[tuple[int, ...]], expected: int = 0
) -> None:
    """One sheet: ("sheet", first row, expected rows, merged), then its blocks, then ("end",).

    A block is ("block", rows, width) and then ("rows", columns), or ("blank", rows). Blank rows before and after all others are left out.
    """
    seen, pending, begun, size = 0, 0, False, BLOCK_ROWS
    while block := list(islice(rows, size)):
        size = max(1, min(BLOCK_ROWS, _BLOCK_CELLS // max(1, len(block[-1]))))
        seen += len(block)
        if seen > limits["rows"]:
            raise Unfit(TOO_LARGE)
        before, kept = _without_blank_ends(block)
        pending += before
        if not kept:
            continue
        if begun and pending:
            send(("blank", pending))
        elif not begun:
            send(("sheet", pending + 1, expected, sorted(merged[:_MERGED_MOST])))
            begun = True
        packed = pack(kept)
        send(("block", len(kept), len(packed)))
        send(("rows", packed))
        pending = len(block) - before - len(kept)
    if not begun:
        send(("sheet", 1, 0, sorted(merged[:_MERGED_MOST])))
    send(("end",))


def _without_blank_ends(block: list[list[Any]]) -> tuple[int, list[list[Any]]]:
    first, last = 0, len(block)
    while first < last and _blank(block[first]):
        first += 1
    while last > first and _blank(block[last - 1]):
        last -= 1
    return first, block if last - first == len(block) else block[first:last]


def _blank(row: list[Any]) -> bool:
    return not any(row) and row.count("") == len(row)


if __name__ == "__main__":
    # Not sys.exit: what is left to be torn down may be what the file has broken.
    code = main(sys.argv[1:])
    os._exit(code)
