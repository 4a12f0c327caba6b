"""What the import page asks for: the file read, the plan made, the plan written, the problems exported."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from db.core.progress import Progress

if TYPE_CHECKING:
    from db.core.book import Book
    from db.sheets.plan import Plan


@dataclass(frozen=True)
class Choice:
    """What a person decided about a file. sheets: the names taken, () for those the plan takes by itself."""

    answers: Mapping[str, str] = dataclasses.field(default_factory=dict)
    sheets: tuple[str, ...] = ()
    leave_out: frozenset[tuple[str, int, str]] = frozenset()
    assume_yes: bool = False
    blank_clears: bool = False
    room: str = ""


def read(path: Path) -> Callable[[Progress], Any]:
    """The file as plain cells, parsed in a process of its own."""

    def work(progress: Progress) -> Any:
        from db.sheets.reading import read_workbook

        return read_workbook(path, progress=progress)

    return work


def make_plan(workbook: Any, choice: Choice, today: dt.date) -> Callable[[Book, Progress], Plan]:
    """What importing would do, with these decisions."""

    def work(book: Book, progress: Progress) -> Plan:
        from db import rooms
        from db.sheets.plan import Options
        from db.sheets.planning import plan, recognise

        sheets = [one.sheet for one in rooms.ROOMS if one.sheet is not None]
        named = [one.sheet for one in rooms.ROOMS if one.sheet is not None and one.name == choice.room]
        room = named[0] if named else recognise(workbook, sheets) or sheets[-1]
        options = Options(
            today=today, sheets=choice.sheets, answers=choice.answers, leave_out=choice.leave_out,
            assume_yes=choice.assume_yes, blank_clears=choice.blank_clears,
        )  # fmt: skip
        with book.read() as connection:
            return plan(workbook, room, connection, options, progress=progress)

    return work


def layouts(planned: Plan) -> Callable[[Any], list[str]]:
    """The files whose layout the book keeps."""

    def work(connection: Any) -> list[str]:
        from db import forms_out

        return forms_out.layouts(connection, planned.room.room)

    return work


@dataclass(frozen=True)
class Written:
    """The operation, None where nothing was to be written; first: whether the room was empty before it."""

    operation: int | None
    first: bool = False


def write(planned: Plan) -> Callable[[Book, Progress], Written]:
    """One operation: the good rows go in, the others stay to be mended."""

    def work(book: Book, progress: Progress) -> Written:
        from db import rooms
        from db.core import listing
        from db.sheets.writing import commit

        room = rooms.room(planned.room.room)
        with book.read() as connection:
            first = room is not None and not listing.count(connection, room.table)
        return Written(commit(book, planned, partial=True, source=planned.file, progress=progress), first)

    return work


def problems(planned: Plan, workbook: Any, out: Path, lang: str) -> Callable[[Progress], int]:
    """The person's own file again, the refused cells red, with the reasons."""

    def work(progress: Progress) -> int:
        from db.sheets.problems import write_problems

        return write_problems(planned, workbook, out, lang=lang)

    return work
