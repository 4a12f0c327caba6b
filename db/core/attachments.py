"""Files that lie in the book beside a record: a filed agreement, a licence, a photograph of the site.

What is attached is remembered as anything else is, so that adding, renaming and removing can be undone; the bytes stand
in `db.core.contents` and stay there.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from sqlalchemy import Connection, Index, delete, insert, select, update

from db.core import bulk, contents
from db.core.errors import Refused, Unavailable
from db.core.incoming import unfinished
from db.core.progress import SILENT, Progress
from db.core.tables import tracked, whole, words
from db.core.text import Text, _

LONGEST_NAME = 255
_FITS = 200  # bytes of UTF-8: what every file system takes as a name, with room for “(2)”

# `record` is a record of the room; no foreign key, for it may be of any room.
attachment = tracked(
    "attachment",
    words("room", null=False),
    whole("record", null=False),
    words("name", null=False),
    words("hash", null=False),
    whole("size", null=False),
    words("added_on"),
    words("added_by"),
)
Index("ix_attachment_record", attachment.c.record, attachment.c.room)

# What a double click would run. A desk must not be taken over by what somebody sent in a chat.
PROGRAMS = frozenset(
    ".exe .com .scr .pif .msi .msp .bat .cmd .ps1 .psm1 .vbs .vbe .js .jse .wsf .wsh .hta .jar .lnk .url .reg .cpl .dll "
    ".sys .sh .bash .run .bin .app .apk .deb .rpm .appimage .desktop .dmg .pkg .command .scf .inf .gadget".split()
)
PICTURES = frozenset((".jpg", ".jpeg", ".png", ".bmp", ".tif", ".tiff", ".gif", ".webp"))
_RUNS = (b"\x7fELF", b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe", b"#!")


@dataclass(frozen=True)
class Incoming:
    """A file that can be attached: looked at, not yet in the book."""

    path: Path
    name: str
    hash: str
    size: int


@dataclass(frozen=True)
class Attachment:
    """One file beside a record. size: bytes; added_on: ISO date."""

    id: int
    room: str
    record: int
    name: str
    hash: str
    size: int
    added_on: str | None
    added_by: str | None

    @property
    def suffix(self) -> str:
        """What kind of file its name says it is: `.pdf`."""
        return PurePosixPath(self.name).suffix.lower()


def examine(path: Path, *, progress: Progress = SILENT) -> Incoming:
    """Look at a file before anything is written. Refused in a sentence where it is none to keep."""
    name = path.name
    why = unfinished(path)
    if why is not None:
        raise Refused(_("{why} It was not attached.", why=why))
    try:
        if path.is_dir():
            raise Refused(_("“{file}” is a folder. Nothing was attached; choose the files in it.", file=name))
        size = path.stat().st_size
        if size > contents.LARGEST:
            raise Refused(_too_large(name, size))
        if size == 0:
            raise Refused(_("“{file}” is empty (0 bytes), perhaps not yet downloaded. It was not attached.", file=name))
        with path.open("rb") as stream:
            _refuse_program(name, stream.read(8))
        found, size = contents.digest(path, progress=progress)
    except FileNotFoundError as error:
        raise Refused(_("“{file}” is no longer there. Nothing was attached.", file=name)) from error
    except PermissionError as error:
        raise Unavailable(_("“{file}” may not be read by this account. Nothing was attached.", file=name)) from error
    except OSError as error:
        raise Unavailable(_("“{file}” cannot be read. Nothing was attached.", file=name)) from error
    if size > contents.LARGEST:  # it grew while it was read
        raise Refused(_too_large(name, size))
    return Incoming(path, _clean(name), found, size)


def add(
    connection: Connection, room: str, record: int, incoming: Incoming, *, on: str, by: str, progress: Progress = SILENT
) -> int:
    """Attach a file that was looked at; its number. Where another file beside the record has its name, it gets “(2)”.

    Refused where the record is gone, the same content hangs there already under the same name, or the file changed
    meanwhile.
    """
    table = attachment.metadata.tables.get(attachment.metadata.info.get("rooms_tables", {}).get(room, ""))
    if table is not None and connection.scalar(select(table.c.id).where(table.c.id == record)) is None:
        raise Refused(_("What “{file}” was to be attached to is gone; nothing was attached.", file=incoming.name))
    beside = of_record(connection, room, record)
    if any(one.hash == incoming.hash and one.name == incoming.name for one in beside):
        raise Refused(_("“{file}” is attached here already; nothing was changed.", file=incoming.name))
    try:
        with connection.begin_nested():  # half a content must not stay, even where the caller goes on
            contents.store(connection, incoming.path, incoming.hash, progress=progress)
    except OSError as error:
        raise Unavailable(_("“{file}” cannot be read to its end. Nothing was attached.", file=incoming.name)) from error
    cells = {
        "room": room, "record": record, "name": _free(incoming.name, {one.name for one in beside}),
        "hash": incoming.hash, "size": incoming.size, "added_on": on, "added_by": by,
    }  # fmt: skip
    return int(connection.scalars(insert(attachment).values(cells).returning(attachment.c.id)).one())


def rename(connection: Connection, number: int, name: str) -> None:
    """Give an attachment another name; its ending stays unless another one is typed."""
    one = get(connection, number)
    name = _clean(name)
    if not name.strip(". "):
        raise Refused(fields={"name": _("An attachment needs a name.")})
    if not PurePosixPath(name).suffix:
        name += PurePosixPath(one.name).suffix
    if len(name) > LONGEST_NAME:
        raise Refused(fields={"name": _("The name of a file has at most {most} characters.", most=LONGEST_NAME)})
    _refuse_program(name, b"")
    if any(other.name == name and other.id != number for other in of_record(connection, one.room, one.record)):
        raise Refused(fields={"name": _("There is an attachment of this name already: {name}.", name=name)})
    connection.execute(update(attachment).where(attachment.c.id == number).values(name=name))


def remove(connection: Connection, number: int) -> None:
    """Take an attachment off its record; undo brings it back, content and all."""
    if not connection.execute(delete(attachment).where(attachment.c.id == number)).rowcount:
        raise _gone()


def remove_all(connection: Connection, room: str, records: Sequence[int]) -> None:
    """Take the attachments of deleted records away with them."""
    some = attachment.c.record.in_(list(records))
    connection.execute(delete(attachment).where(attachment.c.room == room, some))


def hand_over(connection: Connection, room: str, records: Mapping[int, int], *, to: str) -> None:
    """What is attached to records that go stays with those they belonged to: record → one of the room `to`."""
    for record in files_of(connection, room, list(records)):
        there = (attachment.c.room == room, attachment.c.record == record)
        connection.execute(update(attachment).where(*there).values(room=to, record=records[record]))


def get(connection: Connection, number: int) -> Attachment:
    """One attachment. Refused where somebody removed it."""
    row = connection.execute(select(attachment).where(attachment.c.id == number)).one_or_none()
    if row is None:
        raise _gone()
    return Attachment(*row)


def of_record(connection: Connection, room: str, record: int) -> list[Attachment]:
    """What is attached to a record, oldest first."""
    return files_of(connection, room, [record]).get(record, [])


def files_of(connection: Connection, room: str, records: Sequence[int]) -> dict[int, list[Attachment]]:
    """Record → what is attached to it, oldest first, of those to which anything is."""
    of, found = attachment.c, dict[int, list[Attachment]]()
    for some in bulk.chunks(list(records)):
        query = select(attachment).where(of.record.in_(some), of.room == room).order_by(of.id)
        for one in connection.execute(query):
            found.setdefault(one.record, []).append(Attachment(*one))
    return found


def save_as(connection: Connection, number: int, out: Path, *, progress: Progress = SILENT) -> Path:
    """Write an attachment to a file; it gets its name only when it is whole."""
    one = get(connection, number)
    part = out.with_name(_fitting(out.name, ".part"))
    written = 0
    try:
        with part.open("wb") as stream:
            for block in contents.parts(connection, one.hash):
                written += stream.write(block)
                progress.step(written, one.size, _("Writing “{file}”", file=one.name))
        if written != one.size:
            raise Unavailable(_("The content of “{file}” is not in this book; nothing was written.", file=one.name))
        part.replace(out)
    except OSError as error:
        raise Unavailable(
            _("“{file}” cannot be written: the disk is full, or its folder is read-only.", file=out.name)
        ) from error
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
    return out


def take_out(connection: Connection, number: int, folder: Path, *, progress: Progress = SILENT) -> Path:
    """A read-only copy of an attachment in `folder`, for another program to open. Refused for what would run."""
    one = get(connection, number)
    _refuse_program(one.name, contents.beginning(connection, one.hash)[:8], opening=True)
    place = folder / one.hash[:12]
    out = place / _fitting(one.name)
    try:
        place.mkdir(parents=True, exist_ok=True)
        if not (out.exists() and out.stat().st_size == one.size):
            save_as(connection, number, out, progress=progress)
            out.chmod(0o400)  # what is changed in it would be lost, so that no program offers to
    except OSError as error:
        raise Unavailable(_("“{file}” cannot be written: the disk is full, or its folder is read-only.",
                            file=one.name)) from error  # fmt: skip
    return out


def _gone() -> Refused:
    return Refused(_("This attachment was removed in the meantime."))


def _too_large(name: str, size: int) -> Text:
    return _(
        "“{file}” has {size} MB; at most {most} MB can be attached. Nothing was attached; keep it where it is and note "
        "the place in the progress log.", file=name, size=size // 2**20, most=contents.LARGEST // 2**20,
    )  # fmt: skip


def _refuse_program(name: str, head: bytes, *, opening: bool = False) -> None:
    runs = head.startswith(_RUNS) or (head.startswith(b"MZ") and b"\0" in head)
    if runs or PurePosixPath(name.lower().rstrip(". ")).suffix in PROGRAMS:
        if opening:
            raise Refused(_("“{file}” is a program. It is kept, but not opened from here.", file=name))
        raise Refused(
            _("“{file}” is a program, and programs are not kept in the book. Nothing was attached.", file=name)
        )


def _clean(name: str) -> str:
    """A name as one line, without what Windows and paths cannot have."""
    kept = "".join("_" if one in '\\/:*?"<>|' else one for one in name if one.isprintable())
    return kept.strip()


def _free(name: str, taken: set[str]) -> str:
    return next(one for one in _numbered(name) if one not in taken)


def _numbered(name: str) -> Iterator[str]:
    yield name
    pure, number = PurePosixPath(name), 2
    while True:
        mark = f" ({number})"
        yield pure.stem[: LONGEST_NAME - len(pure.suffix) - len(mark)] + mark + pure.suffix
        number += 1


def _fitting(name: str, more: str = "") -> str:
    """A name that every file system takes, shortened before its ending, and `more` after it."""
    stem, suffix = PurePosixPath(name).stem, PurePosixPath(name).suffix
    if len(os.fsencode(name)) > _FITS:
        room = _FITS - len(suffix.encode("utf-8", "replace"))
        stem = stem.encode("utf-8", "replace")[: max(room, 1)].decode("utf-8", "ignore")
    return stem + suffix + more
