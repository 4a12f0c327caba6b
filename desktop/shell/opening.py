"""Which book a window opens: a file, a server's, a new one, the demonstration. Done on the worker's thread."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from db.core.paths import user_folder
from db.core.progress import Progress

if TYPE_CHECKING:
    from db.core.book import Book

Opening = Callable[[Progress], "Book"]

_SQLITE = b"SQLite format 3\x00"


def existing(target: str, actor: str) -> Opening:
    """A book that is there."""

    def opening(progress: Progress) -> Book:
        import db.rooms  # noqa: F401 - a book is whole once the rooms' tables are loaded
        from db.core.book import Book

        return Book.open(target, actor=actor, hold=True)

    return opening


def new(path: Path, actor: str) -> Opening:
    """An empty book."""

    def opening(progress: Progress) -> Book:
        import db.rooms  # noqa: F401 - as above
        from db.core.book import Book

        Book.create(path, actor=actor).close()
        return Book.open(path, actor=actor, hold=True)

    return opening


def demonstration(actor: str) -> tuple[Path, Opening]:
    """The person's copy of the demonstration district; made when it is not there yet."""
    path = demonstration_path()

    def opening(progress: Progress) -> Book:
        import db.rooms  # noqa: F401 - as above
        from db.core.book import Book

        if not path.exists():
            _make_demonstration(path, actor, progress)
        return Book.open(path, actor=actor, hold=True)

    return path, opening


def demonstration_path() -> Path:
    """Where the demonstration lies."""
    return user_folder("data") / "demo.zsb"


def _make_demonstration(path: Path, actor: str, progress: Progress) -> None:
    from db.core.book import Book
    from db.overview.demo import make_demo

    part = path.with_name("demo-in-the-making.zsb")
    part.unlink(missing_ok=True)
    try:
        with Book.create(part, actor=actor) as book:
            make_demo(book, progress=progress)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def is_book(path: Path) -> bool:
    """Whether a file is a book, by its content."""
    try:
        with path.open("rb") as stream:
            return stream.read(16) == _SQLITE
    except OSError:
        return False


def called(target: str) -> str:
    """What people call a book before it is open: its file's name, or the database without password and server."""
    return target.rpartition("/")[2].partition("?")[0] if "://" in target else Path(target).name


def documents() -> Path:
    """Where a person's files lie."""
    from PySide6.QtCore import QStandardPaths

    place = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    return Path(place) if place and Path(place).is_dir() else Path.home()
