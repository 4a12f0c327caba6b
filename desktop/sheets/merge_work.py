"""What the page of returned sheets asks for: files that are returns, comparing, writing, who changed what, reminders."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from db.core.errors import Refused
from db.core.progress import Progress
from desktop.kit.words import language
from desktop.sheets.merge_case import BookCase, Case, Line, SheetCase

if TYPE_CHECKING:
    from db.core.book import Book
    from db.core.telling import Told
    from db.sheets.sent import Standing

Who = dict[tuple[Any, ...], "tuple[str, dt.datetime]"]
_MARKED = re.compile(rb"ZS\.[0-9a-f]{8}\.\d{1,15}\.\d{1,15}\.|R\d{1,15}\.\d{1,15}\.[0-9a-f]{6}", re.IGNORECASE)
_LOOKED_INTO = 64 << 20  # bytes of a file; what is larger is no sheet for a unit
_TOLD = 40  # changes of a cell that are shown


def returned(paths: Sequence[Path]) -> Callable[[Progress], list[Path]]:
    """Those of the files that carry the code of a sheet that was sent, or the mark of one of its rows."""

    def work(progress: Progress) -> list[Path]:
        return [path for path in paths if path.is_file() and any(map(_is_marked, _insides(path)))]

    return work


def _insides(path: Path) -> list[bytes]:
    """What is written in a file; of a packed one, in its parts."""
    try:
        if path.stat().st_size > _LOOKED_INTO:
            return []
        if not zipfile.is_zipfile(path):
            return [path.read_bytes()]
        with zipfile.ZipFile(path) as packed:
            parts = [one for one in packed.infolist() if one.filename.endswith((".xml", ".bin"))]
            if sum(one.file_size for one in parts) > 4 * _LOOKED_INTO:
                return []
            return [packed.read(one) for one in parts]
    except (OSError, zipfile.BadZipFile, RuntimeError, NotImplementedError):
        return []  # whoever reads the file says what is wrong with it


def _is_marked(inside: bytes) -> bool:
    """In any of the encodings in which sheets are written: single bytes, or two a letter."""
    return bool(_MARKED.search(inside) or _MARKED.search(inside.replace(b"\0", b"")))


def standings(today: dt.date) -> Callable[[Any], list[Standing]]:
    """Who was sent what."""

    def work(connection: Any) -> list[Standing]:
        from db.sheets import sent

        return sent.standings(connection, today=today.isoformat())

    return work


def compare(workbook: Any) -> Callable[[Book, Progress], Case]:
    """What merging a returned sheet would do."""

    def work(book: Book, progress: Progress) -> Case:
        from db import rooms
        from db.sheets.merging import plan_return

        return SheetCase(
            plan_return(book, workbook, [one.sheet for one in rooms.ROOMS if one.sheet], progress=progress)
        )

    return work


def compare_book(target: Path) -> Callable[[Book, Progress], BookCase]:
    """What merging another copy of the book would do."""

    def work(book: Book, progress: Progress) -> BookCase:
        from db.core.book import Book as AnyBook
        from db.core.coming_home import plan_merge
        from db.merge_told import tell

        if book.path is not None and target.exists() and target.samefile(book.path):
            from db.core.text import _

            raise Refused(_("“{book}” is the book that is open. Nothing was changed.", book=target.name))
        with AnyBook.open(target, actor=book.actor) as other:
            plan = plan_merge(book, other, progress=progress)
            return BookCase(str(target), plan, tell(book, other, plan, language()))

    return work


def kin_among(targets: Sequence[Path]) -> Callable[[Book, Progress], list[Path]]:
    """Those of the books that are copies of the open book, or the book that it is a copy of."""

    def work(book: Book, progress: Progress) -> list[Path]:
        return [path for path in targets if _is_kin(book, path)]

    return work


def _is_kin(book: Book, target: Path) -> bool:
    from db.core import copies
    from db.core.book import Book as AnyBook

    if book.path is not None and target.samefile(book.path):
        return False
    with AnyBook.open(target, actor=book.actor) as other, other.read() as there, book.read() as here:
        theirs, ours = copies.origin_of(there), copies.origin_of(here)
        if theirs is not None and copies.digest(here, theirs.base_operation) == theirs.base_hash:
            return True
        if ours is not None and copies.digest(there, ours.base_operation) == ours.base_hash:
            return True
        return theirs is not None and ours is not None and copies.digest(here, 1) == copies.digest(there, 1)


def write(case: Case, day: dt.date) -> Callable[[Book, Progress], int | None]:
    """One operation of a day; its number."""

    def work(book: Book, progress: Progress) -> int | None:
        if isinstance(case, SheetCase):
            from db.sheets.merging import apply

            return apply(book, case.merge, case.decisions(), on=day.isoformat(), progress=progress)
        assert isinstance(case, BookCase)
        from db.core.book import Book as AnyBook
        from db.core.taking_over import take_over

        with AnyBook.open(case.target, actor=book.actor) as other:
            return take_over(book, other, case.plan, case.agreed(), progress=progress)

    return work


def who(case: Case, lines: Sequence[Line]) -> Callable[[Book, Progress], Who]:
    """Who changed these cells here since, and when, at the clock of the book."""

    def work(book: Book, progress: Progress) -> Who:
        if isinstance(case, SheetCase):
            from db.sheets.merging import who_changed

            wanted = {one.key for one in lines}
            cells = [one for one in (*case.merge.conflicts, *case.merge.taken) if (one.id, one.key) in wanted]
            found: Who = dict(who_changed(book, case.merge, cells))
        else:
            assert isinstance(case, BookCase)
            from db.merge_told import who_changed as told

            found = dict(told(book, [(one.key[0], one.key[1], one.key[2]) for one in lines]))
        from db.core import moments

        with book.read() as connection:
            where = moments.zone(connection, book.schema)
        return {key: (actor, at.astimezone(where)) for key, (actor, at) in found.items()}

    return work


def cell_story(case: Case, line: Line) -> Callable[[Book, Progress], list[Told]]:
    """What became of a cell here; of the record where its changes are kept elsewhere."""

    def work(book: Book, progress: Progress) -> list[Told]:
        from dataclasses import replace

        from db import rooms
        from db.core.telling import story

        key = line.key[1] if isinstance(case, SheetCase) else line.key[2]
        if isinstance(case, SheetCase):
            room = rooms.room(case.merge.room.room)
        else:
            room = next((one for one in rooms.ROOMS if one.table.name == line.key[0]), None)
        if room is None:
            return []
        told = story(book, room.table, room.fields, line.record)
        exact = [
            replace(one, changes=tuple(change for change in one.changes if change.field and change.field.key == key))
            for one in told
        ]
        return ([one for one in exact if one.changes] or told)[:_TOLD]

    return work


def records(room_name: str) -> Callable[[Any], list[tuple[int, str]]]:
    """All records of a room by name, to say which one a row is."""

    def work(connection: Any) -> list[tuple[int, str]]:
        from db import rooms

        room = rooms.room(room_name)
        if room is None or room.sheet is None:
            return []
        key = room.sheet.required[0]
        found = [(int(one["id"]), str(one.get(key) or one["id"])) for one in room.sheet.existing(connection)]
        return sorted(found, key=lambda pair: pair[1])

    return work
