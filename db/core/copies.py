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
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, MetaData, insert, select

from db.core import engines, failures, history, leaving_out, migrate
from db.core.backup import fill, new_file
from db.core.book import BLOCK, Book, not_on_network
from db.core.errors import Refused
from db.core.progress import SILENT, Progress
from db.core.tables import METADATA, tracked, whole, words
from db.core.text import _

BLOCKS = 10**6  # ids stay below 10¹⁵
_SHARE = 16  # blocks that a copy of the main book gets: its own, and some for copies of it
_ORIGIN, _SPACE = "copy_of", "blocks"
_BORN, _NEXT, _END = (
    "born_in_block",
    "next_block",
    "blocks_end",
)  # written once a book has gone on to other numbers (`go_on_above`)

book_copy = tracked(
    "book_copy",
    words("taken_by", null=False),
    words("taken_on", null=False),
    words("file"),
    whole("block", null=False),
    whole("base_operation", null=False),
    words("base_hash", null=False),
)

# What was taken over of another copy (told by its block): everything up to its operation `upto`.
book_merge = tracked(
    "book_merge",
    words("book", null=False),
    whole("block", null=False),
    whole("upto", null=False),
    words("upto_hash", null=False),
    words("merged_on", null=False),
)
# Records that both books had added before they were merged: which of theirs is which of ours.
merged_same = tracked(
    "merged_same",
    whole("block", null=False),
    words("tbl", null=False),
    whole("theirs", null=False),
    whole("ours", null=False),
)
for _one in (book_copy, book_merge, merged_same):
    _one.info["stays"] = True  # it is of no use in another copy (`coming_home`)


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
    left_out: tuple[str, ...] = ()  # told by the making only


@dataclass(frozen=True)
class Origin:
    """What a copy knows of the book it was taken from."""

    book: str
    taken_by: str
    taken_on: str
    base_operation: int
    base_hash: str
    left_out: tuple[str, ...] = ()  # rooms that are not in it (`leaving_out`)


def hand_out(
    book: Book, out: str | os.PathLike[str], *, taken_by: str, rooms: Collection[str] | None = None,
    on: dt.date | None = None, progress: Progress = SILENT,
) -> Copy:  # fmt: skip
    """Make a copy of the book, of a file or a server, with a block of ids of its own; noted as one operation.

    rooms: those that go along, with those that their records point at; None for all. Refused: no name, a file that is
    there already, a copy so far down that no block is left for it.
    """
    path, who = Path(out), " ".join(taken_by.split())
    day = (on or dt.datetime.now().astimezone().date()).isoformat()
    if not who:
        raise Refused(fields={"taken_by": _("Say who takes the copy along.")})
    if path.suffix.lower() != ".zsb":
        path = path.with_name(path.name + ".zsb")
    not_on_network(path)
    left: tuple[str, ...] = (
        () if rooms is None else tuple(leaving_out.rooms(book.schema).keys() - leaving_out.along(rooms, book.schema))
    )
    with new_file(path) as part:
        progress.step(0, 2, _("Copying the book"))
        fill(book, part)
        engine = engines.file_engine(part)
        try:
            with failures.explained(path.name), engine.begin() as connection:
                base = history.last_operation(connection, book.schema)[0]
                said = digest(connection, base, schema=book.schema)
                before = origin_of(connection)
                left = tuple(sorted({*left, *(before.left_out if before is not None else ())}))
                if left:
                    leaving_out.empty(connection, left, book.schema)
            progress.step(1, 2, _("Copying the book"))
            with book.write(_("Copy for {who}", who=who), source=str(path)) as main:
                row: dict[str, str | int] = {"taken_by": who, "taken_on": day, "file": path.name, "block": 0}
                row |= {"base_operation": base, "base_hash": said}
                made = _note(main, row)
                origin = Origin(book.name, who, day, base, said, left)
                with failures.explained(path.name), engine.begin() as connection:
                    _make_own(connection, book.schema, made.block, _share(space(main)), origin)
            with engine.connect() as connection:
                driver: Any = connection.connection.driver_connection
                if left:
                    driver.execute("VACUUM")  # what was taken out is not in the file any more
                driver.execute("PRAGMA journal_mode = DELETE")
        finally:
            engine.dispose()
    return replace(made, left_out=left)


def _note(main: Connection, row: dict[str, str | int]) -> Copy:
    """The record of a copy; its block follows from the record's number, which no other record ever gets."""
    number = int(main.scalars(insert(book_copy).values(row).returning(book_copy.c.id)).one())
    own, size = space(main)
    share, later, end = _share((own, size)), _fact(main, _NEXT), int(_fact(main, _END) or own + size)
    block = own + 1 + (number - own * BLOCK - 1) * share if later is None else int(later)
    if later is not None:
        _put_facts(main, METADATA, {_NEXT: str(block + share)})
    if share == 0 or block + share > end:
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
    told = {_SPACE: str(size), _ORIGIN: json.dumps(asdict(origin), ensure_ascii=False)}
    _put_facts(connection, schema, told)
    _forget_facts(connection, schema, (_BORN, _NEXT, _END))  # those of the book it is a copy of


def _put_facts(connection: Connection, schema: MetaData, told: Mapping[str, str]) -> None:
    facts = schema.tables["book_fact"]
    _forget_facts(connection, schema, list(told))
    connection.execute(insert(facts), [{"name": name, "value": value} for name, value in told.items()])


def _forget_facts(connection: Connection, schema: MetaData, names: Sequence[str]) -> None:
    facts = schema.tables["book_fact"]
    connection.execute(facts.delete().where(facts.c.name.in_(list(names))))


def _fact(connection: Connection, name: str) -> str | None:
    facts = METADATA.tables["book_fact"]
    found: str | None = connection.scalar(select(facts.c.value).where(facts.c.name == name))
    return found


def space(connection: Connection) -> tuple[int, int]:
    """The book's first block, and how many blocks from there on are its to use and hand out."""
    found = _fact(connection, _SPACE)
    return born_in(connection), BLOCKS if found is None else int(found)


def born_in(connection: Connection) -> int:
    """The block by which a copy is told from every other, whatever numbers it has gone on to; 0 of a main book."""
    found = _fact(connection, _BORN)
    return migrate.ids_from(connection) // BLOCK if found is None else int(found)


def grant(book: Book, origin: Origin, file: str) -> tuple[int, int]:
    """Note further blocks for a copy of a main book that goes on to other numbers: the first, and the one after the last."""
    with book.write(_("More numbers for the copy of {who}", who=origin.taken_by), source=file) as connection:
        day = dt.datetime.now().astimezone().date().isoformat()
        row: dict[str, str | int] = {"taken_by": origin.taken_by, "taken_on": day, "file": file, "block": 0}
        made = _note(connection, row | {"base_operation": origin.base_operation, "base_hash": origin.base_hash})
    return made.block, made.block + _SHARE


def must_go_on(connection: Connection, highest: int) -> bool:
    """Whether a book that takes over a record with this id would give numbers that belong to others.

    A file goes on after the highest number it holds; a server has a counter of its own.
    """
    return connection.dialect.name == "sqlite" and highest // BLOCK > migrate.ids_from(connection) // BLOCK


def go_on_above(connection: Connection, schema: MetaData, granted: tuple[int, int] | None = None) -> None:
    """Let the book give its next ids from a block that nobody has: a main book takes one, a copy was granted it."""
    born = born_in(connection)
    if granted is None:
        later = _fact(connection, _NEXT)
        block = 1 + migrate.last_id(connection, book_copy.name) * _SHARE if later is None else int(later)
        granted = block, BLOCKS
    block, end = granted
    migrate.own_block(connection, schema, block * BLOCK)
    _put_facts(connection, schema, {_BORN: str(born), _NEXT: str(block + 1), _END: str(end)})


def origin_of(connection: Connection) -> Origin | None:
    """What the book is a copy of; None for a main book."""
    found = _fact(connection, _ORIGIN)
    if found is None:
        return None
    told: dict[str, Any] = json.loads(found)
    return Origin(**{**told, "left_out": tuple(told.get("left_out", ()))})


def lacks(connection: Connection, room: str) -> bool:
    """Whether the book is a copy that a room was left out of, so that nothing is known of it."""
    origin = origin_of(connection)
    return origin is not None and room in origin.left_out


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
