"""The bytes of attachments: stored once however often they are attached, in parts, and never changed or taken away.

No history follows them, so none is needed: an attachment that was removed and comes back finds its content where it was.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator
from pathlib import Path

from sqlalchemy import Column, Connection, LargeBinary, Table, delete, event, insert, select

from db.core.errors import Refused
from db.core.progress import SILENT, Progress
from db.core.tables import untracked, whole, words
from db.core.text import _

LARGEST = 200 * 2**20
PART = 2**20  # of a part: 200 MB are never in memory at once, on either engine

# Copies are made a few parts at a time (`db.core.backup`).
content = untracked(
    "content",
    words("hash", null=False, primary_key=True),
    whole("part", null=False, primary_key=True, autoincrement=False),
    Column("bytes", LargeBinary, nullable=False),
)
content.info["at_once"] = 8

_REFUSAL = "what is attached stays as it is"
_FILE_GUARDS = [
    f"CREATE TRIGGER content_{what} BEFORE {what.upper()} ON content BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
    for what in ("update", "delete")
]
_SERVER_GUARDS = [
    f"""CREATE OR REPLACE FUNCTION content_stays() RETURNS trigger LANGUAGE plpgsql AS
    $guard$ BEGIN RAISE EXCEPTION '{_REFUSAL}'; END $guard$""",
    "CREATE TRIGGER content_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON content EXECUTE FUNCTION content_stays()",
]


def guard(connection: Connection) -> None:
    """Let the book itself refuse to change or take away a content."""
    for statement in _FILE_GUARDS if connection.dialect.name == "sqlite" else _SERVER_GUARDS:
        connection.exec_driver_sql(statement)


@event.listens_for(content, "after_create")
def _guarded(_table: Table, connection: Connection, **_more: object) -> None:
    guard(connection)


def digest(path: Path, *, progress: Progress = SILENT) -> tuple[str, int]:
    """What a file's content is called (SHA-256), and how many bytes it has. OSError where it cannot be read."""
    found, size = hashlib.sha256(), 0
    total = path.stat().st_size
    for block in _read(path):
        found.update(block)
        size += len(block)
        if size > LARGEST:
            break
        progress.step(size, total, _("Reading “{file}”", file=path.name))
    return found.hexdigest(), size


def store(connection: Connection, path: Path, wanted: str, *, progress: Progress = SILENT) -> None:
    """Keep the content of a file that `digest` called `wanted`; once, however often it is attached.

    Refused where the file is another one by now: nothing of the write is kept then.
    """
    if there(connection, wanted):
        return
    found = hashlib.sha256()
    total = max(path.stat().st_size, 1)
    for number, block in enumerate(_read(path)):
        found.update(block)
        connection.execute(insert(content), {"hash": wanted, "part": number, "bytes": block})
        progress.step(min((number + 1) * PART, total), total, _("Attaching “{file}”", file=path.name))
    if found.hexdigest() != wanted:
        raise Refused(_("“{file}” was changed while it was read. Nothing was attached; try again.", file=path.name))


def there(connection: Connection, wanted: str) -> bool:
    """Whether the book has this content."""
    return connection.scalar(select(content.c.part).where(content.c.hash == wanted).limit(1)) is not None


def parts(connection: Connection, wanted: str) -> Iterator[bytes]:
    """A content, part by part; one statement a part, so that neither engine holds the whole."""
    number = 0
    query = select(content.c.bytes).where(content.c.hash == wanted)
    while (block := connection.scalar(query.where(content.c.part == number))) is not None:
        yield bytes(block)
        number += 1


def keep_only(connection: Connection, wanted: Collection[str]) -> None:
    """Take every other content out of a file that is made to be a smaller copy; a book keeps all of them."""
    for what in ("update", "delete"):
        connection.exec_driver_sql(f"DROP TRIGGER content_{what}")
    for one in set(connection.scalars(select(content.c.hash).distinct())) - set(wanted):
        connection.execute(delete(content).where(content.c.hash == one))
    guard(connection)


def beginning(connection: Connection, wanted: str) -> bytes:
    """The first part, for knowing what a content is and for showing a text."""
    return next(parts(connection, wanted), b"")


def _read(path: Path) -> Iterator[bytes]:
    with path.open("rb") as stream:
        while block := stream.read(PART):
            yield block
