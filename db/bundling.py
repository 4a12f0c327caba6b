"""Everything for the city at once: the report in its three faces and every list as a workbook, in a folder or a zip."""

from __future__ import annotations

import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from db import rooms
from db.core.book import Book
from db.core.errors import Unavailable
from db.core.fields import Field
from db.core.period import Period
from db.core.progress import SILENT, Progress
from db.core.text import Text, _, say
from db.overview.writing import FORMATS, write_files
from db.reports.whole_files import written_whole
from db.sheets.export import write_view

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from db.core.views import View
    from db.reports.report import Report

ZIP = ".zip"


@dataclass(frozen=True)
class Bundle:
    """What goes out. name: of the report's files, without an ending; lists are called by it and by their view.

    draft: the report is marked 送审稿. pictures: its photographs, by hash. hidden: fields that lists leave out. said: what
    every list says first, the moment as of which it shows the book.
    """

    report: Report
    name: str
    period: Period
    today: str
    lang: str = "zh"
    draft: bool = False
    pictures: Mapping[str, bytes] = field(default_factory=dict)
    hidden: Callable[[Field], bool] | None = None
    said: Text | None = None


def write_bundle(book: Book, bundle: Bundle, out: Path, *, progress: Progress = SILENT) -> list[str]:
    """Write it whole or not at all: `out` is a zip where it ends so, else a folder that is not there yet.

    Gives the files' names. Raises `Unavailable` where `out` cannot be written or a folder of that name is there,
    `Cancelled`.
    """
    with _made_whole(out) as folder:
        stem = folder / bundle.name
        write_files(bundle.report, stem, FORMATS, progress=progress, draft=bundle.draft, pictures=bundle.pictures)
        lists = list(_lists(book))
        for done, (of, view) in enumerate(lists):
            called = say(view.name, bundle.lang)
            progress.step(done, len(lists), _("Writing “{file}”", file=called))
            _write_list(book, bundle, of, view, folder / f"{bundle.name}—{_file_part(called)}.xlsx", progress)
        return sorted(one.name for one in folder.iterdir())


def _write_list(book: Book, bundle: Bundle, of: rooms.Room, view: View, path: Path, progress: Progress) -> None:
    with book.read() as connection:
        kept = view if bundle.hidden is None else _without(connection, of, view, bundle.hidden)
        look = rooms.look(connection, of, kept, today=bundle.today, period=bundle.period)
        if bundle.said is not None:
            look = replace(look, said=(bundle.said, *look.said))
        write_view(
            connection, of.table, kept, look, path, today=bundle.today, lang=bundle.lang, progress=progress
        )  # fmt: skip


def _lists(book: Book) -> Iterator[tuple[rooms.Room, View]]:
    """Every view that all may see, of the rooms that have lists of their own."""
    with book.read() as connection:
        for of in rooms.ROOMS:
            if of.views is not None:
                yield from ((of, view) for view in rooms.views(connection, of, book.actor) if view.owner is None)


def _without(connection: Connection, of: rooms.Room, view: View, hidden: Callable[[Field], bool]) -> View:
    known = rooms.known_to(connection, of, view)
    return replace(view, columns=tuple(key for key in view.columns if key not in known or not hidden(known[key])))


def _file_part(name: str) -> str:
    return "".join("_" if one in '\\/:*?"<>|' else one for one in name)[:50]


@contextmanager
def _made_whole(out: Path) -> Iterator[Path]:
    """A folder to write into, put in its place (or into a zip) at the end; gone where anything goes wrong."""
    if out.suffix.lower() != ZIP and out.exists():
        raise Unavailable(_("There is a folder or file “{folder}” already. Nothing was written.", folder=out.name))
    try:
        folder = Path(tempfile.mkdtemp(prefix=".part-", dir=out.parent))
    except OSError as error:
        raise Unavailable(
            _("The folder of “{file}” may not be written. Nothing was written.", file=out.name)
        ) from error
    try:
        yield folder
        if out.suffix.lower() == ZIP:
            with written_whole(out) as part, zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as packed:
                for one in sorted(folder.iterdir()):
                    packed.write(one, one.name)
        else:
            folder.chmod(0o755)
            folder.replace(out)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
