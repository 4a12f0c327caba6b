"""A copy of the book that a colleague takes along, made so that it can come back.

A copy owns a block of ids, so that what is added in it never has the number of anything added elsewhere. Its base (the
book as it was handed out) is kept by the history of both: the number of the last operation then, and a digest that says
that it is the same history. The book that hands out notes who took what.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from sqlalchemy import Connection, MetaData, insert, select

from db.core import engines, failures, history, migrate
from db.core.backup import fill, new_file
from db.core.book import BLOCK, Book, not_on_network
from db.core.errors import Refused
from db.core.progress import SILENT, Progress
from db.core.tables import METADATA, tracked, whole, words
from db.core.text import _

BLOCKS = 10**6  # ids stay below 10¹⁵
_SHARE = 16  # blocks that a copy of the main book gets: its own, and some for copies of it
_ORIGIN, _SPACE = "copy_of", "blocks"

book_copy = tracked(
    "book_copy",
    words("taken_by", null=False),
    words("taken_on", null=False),
    words("file"),
    whole("block", null=False),
    whole("base_operation", null=False),
    words("base_hash", null=False),
)


@dataclass(frozen=True)
class Copy:
    """A copy that was handed out. base_operation: the last operation that is in both books."""

    id: int
    taken_by: str
    taken_on: str
    file: str | None
    block: int
    base_operation: int
    base_hash: str


@dataclass(frozen=True)
class Origin:
    """What a copy knows of the book it was taken from."""

    book: str
    taken_by: str
    taken_on: str
    base_operation: int
    base_hash: str


def hand_out(
    book: Book, out: str | os.PathLike[str], *, taken_by: str, on: dt.date | None = None, progress: Progress = SILENT
) -> Copy:
    """Make a copy of the book, of a file or a server, with a block of ids of its own; noted as one operation.

    Refused: no name, a file that is there already, a copy so far down that no block is left for it.
    """
    path, who = Path(out), " ".join(taken_by.split())
    day = (on or dt.datetime.now().astimezone().date()).isoformat()
    if not who:
        raise Refused(fields={"taken_by": _("Say who takes the copy along.")})
    if path.suffix.lower() != ".zsb":
        path = path.with_name(path.name + ".zsb")
    not_on_network(path)
    with new_file(path) as part:
        progress.step(0, 2, _("Copying the book"))
        fill(book, part)
        engine = engines.file_engine(part)
        try:
            with failures.explained(path.name), engine.begin() as connection:
                base = history.last_operation(connection, book.schema)[0]
                said = digest(connection, base, schema=book.schema)
            progress.step(1, 2, _("Copying the book"))
            with book.write(_("Copy for {who}", who=who), source=str(path)) as main:
                row: dict[str, str | int] = {"taken_by": who, "taken_on": day, "file": path.name, "block": 0}
                row |= {"base_operation": base, "base_hash": said}
                made = _note(main, row)
                origin = Origin(book.name, who, day, base, said)
                with failures.explained(path.name), engine.begin() as connection:
                    _make_own(connection, book.schema, made.block, _share(space(main)), origin)
            with engine.connect() as connection:
                connection.connection.driver_connection.execute("PRAGMA journal_mode = DELETE")  # type: ignore[union-attr]
        finally:
            engine.dispose()
    return made


def _note(main: Connection, row: dict[str, str | int]) -> Copy:
    """The record of a copy; its block follows from the record's number, which no other record ever gets."""
    number = int(main.scalars(insert(book_copy).values(row).returning(book_copy.c.id)).one())
    own, size = space(main)
    share = _share((own, size))
    block = own + 1 + (number - own * BLOCK - 1) * share
    if share == 0 or block + share > own + size:
        raise Refused(
            _(
                "No more copies can be made of this book, which is a copy itself; make one of the book it was taken from."
            )
        )
    main.execute(book_copy.update().where(book_copy.c.id == number).values(block=block))
    return Copy(number, **(row | {"block": block}))  # type: ignore[arg-type]


def _share(of: tuple[int, int]) -> int:
    own, size = of
    return _SHARE if own == 0 else 0 if size < 2 else max(1, size // 5)


def _make_own(connection: Connection, schema: MetaData, block: int, size: int, origin: Origin) -> None:
    migrate.own_block(connection, schema, block * BLOCK)
    facts = schema.tables["book_fact"]
    told = {_SPACE: str(size), _ORIGIN: json.dumps(asdict(origin), ensure_ascii=False)}
    connection.execute(facts.delete().where(facts.c.name.in_(list(told))))
    connection.execute(insert(facts), [{"name": name, "value": value} for name, value in told.items()])


def space(connection: Connection) -> tuple[int, int]:
    """The book's own block, and how many blocks from there on are its to use and hand out."""
    facts = METADATA.tables["book_fact"]
    found = connection.scalar(select(facts.c.value).where(facts.c.name == _SPACE))
    return migrate.ids_from(connection) // BLOCK, BLOCKS if found is None else int(found)


def origin_of(connection: Connection) -> Origin | None:
    """What the book is a copy of; None for a main book."""
    facts = METADATA.tables["book_fact"]
    found = connection.scalar(select(facts.c.value).where(facts.c.name == _ORIGIN))
    return None if found is None else Origin(**json.loads(found))


def handed_out(connection: Connection) -> list[Copy]:
    """Who took what, newest first; a copy also lists those that were taken before it."""
    return [Copy(*row) for row in connection.execute(select(book_copy).order_by(book_copy.c.id.desc()))]


def digest(connection: Connection, upto: int, *, schema: MetaData = METADATA) -> str:
    """What a history up to an operation is called (SHA-256): the same in two books if they share it.

    Operations alone: a migration may rewrite what their changes are called in, and both books are upgraded alone.
    """
    operation, _change = history.tables(schema)
    of = operation.c
    query = select(of.number, of.at, of.actor, of.label, of.undoes).where(of.number <= upto).order_by(of.number)
    found = hashlib.sha256()
    for row in connection.execute(query):
        found.update(json.dumps(list(row), ensure_ascii=False).encode())
    return found.hexdigest()
