"""Sheets that were sent to a unit to be filled in, and what came back: kept in the book, which alone is trusted.

A sheet carries a code in the lines above its header and a mark in every row, both signed with the sending's own secret.
What stood in its cells when it left is kept with it: what comes back is compared with that.
"""

from __future__ import annotations

import base64
import hmac
import json
import re
import secrets
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any

from sqlalchemy import Connection, insert, select

from db.core import copies
from db.core.reading import Stored
from db.core.tables import METADATA, link, tracked, whole, words
from db.core.text import Text, _

sending = tracked(
    "sending",
    words("room", null=False),
    words("unit", null=False),
    words("sent_on", null=False),
    words("sent_by", null=False),
    words("due_on"),
    words("instructions"),
    words("file"),
    words("lang", null=False),
    words("columns", null=False),  # field keys, as JSON
    words("editable", null=False),  # those that the unit may change, as JSON
    words("records", null=False),  # ids in the order of the sheet, as JSON
    words("secret", null=False),
    whole("operation", null=False),
    words("cells"),  # what stood in the sheet, a list a column in the order of the records, as JSON, packed
)

sheet_return = tracked(
    "sheet_return",
    link("sending", "sending", null=False),
    words("returned_on", null=False),
    words("file", null=False),
    words("hash", null=False),  # SHA-256 of the file: the same file says nothing a second time
    whole("present", null=False),  # how many of the rows that were sent came back, in this return or an earlier one
    words("said", null=False),  # what it says, as JSON (Said): the base of the next return
)

for _one in (sending, sheet_return):
    _one.info["stays"] = True  # its operation is one of this copy: what was sent from here comes back here

_CODE = re.compile(r"ZS\.([0-9a-f]{8})\.(\d{1,15})\.(\d{1,15})\.([0-9a-f]{10})", re.IGNORECASE)
_MARK = re.compile(r"\s*R(\d{1,15})\.(\d{1,15})\.([0-9a-f]{6})\s*", re.IGNORECASE)

OPEN, PARTLY, BACK = "open", "partly", "back"


@dataclass(frozen=True)
class Sending:
    """One sheet sent out. records: those that stood in it, in its order. operation: the one that noted it."""

    id: int
    room: str
    unit: str
    sent_on: str
    sent_by: str
    due_on: str | None
    instructions: str | None
    file: str | None
    lang: str
    columns: tuple[str, ...]
    editable: frozenset[str]
    records: tuple[int, ...]
    secret: str
    operation: int


_SENDING = [sending.c[one.name] for one in fields(Sending)]


@dataclass(frozen=True)
class NewSaid:
    """A row that a unit added: its cells, and the record it became (None: it was left out)."""

    values: Mapping[str, Stored]
    record: int | None


@dataclass(frozen=True)
class Said:
    """What the returns of a sending said until now. cells: only those that differ from what was sent.

    missing: records that the last return lacked. back: those that any return had.
    """

    cells: Mapping[int, Mapping[str, Stored]] = field(default_factory=dict)
    missing: frozenset[int] = frozenset()
    back: frozenset[int] = frozenset()
    new: tuple[NewSaid, ...] = ()

    def as_json(self) -> str:
        """For the book."""
        return json.dumps(
            {
                "cells": {str(number): dict(cells) for number, cells in sorted(self.cells.items())},
                "missing": sorted(self.missing),
                "back": sorted(self.back),
                "new": [{"values": dict(sorted(one.values.items())), "record": one.record} for one in self.new],
            },
            ensure_ascii=False,
        )


def said_from_json(text: str) -> Said:
    """What `Said.as_json` wrote."""
    found = json.loads(text)
    return Said(
        {int(number): cells for number, cells in found["cells"].items()},
        frozenset(found["missing"]),
        frozenset(found["back"]),
        tuple(NewSaid(one["values"], one["record"]) for one in found["new"]),
    )


@dataclass(frozen=True)
class Standing:
    """How far a sending is. state: open, partly, back. overdue: days after the due date while rows are still out."""

    sending: Sending
    state: str
    present: int
    returned_on: str | None
    returns: int
    overdue: int


# --- noting -----------------------------------------------------------------------------------------------------------


def note(connection: Connection, said: Mapping[str, Any], cells: Mapping[int, Mapping[str, Stored]]) -> Sending:
    """Note a sending within the operation under way; `said`: what is in `Sending` but id, records, secret and operation.

    cells: record → field key → what stands in the sheet, in its order.
    """
    row: dict[str, Any] = dict(said)
    row["columns"] = json.dumps(list(said["columns"]), ensure_ascii=False)
    row["editable"] = json.dumps(sorted(said["editable"]), ensure_ascii=False)
    row["records"] = json.dumps(list(cells))
    row |= {"secret": secrets.token_hex(16), "operation": connection.info["operation"]}
    packed = _packed([[line.get(key) for line in cells.values()] for key in said["columns"]])
    query = insert(sending).values(row | {"cells": packed}).returning(*_SENDING)
    return _sending(tuple(connection.execute(query).one()))


def _packed(columns: Sequence[Sequence[Stored]]) -> str:
    plain = json.dumps(columns, ensure_ascii=False, separators=(",", ":"))
    return base64.b64encode(zlib.compress(plain.encode())).decode()


def cells_of(connection: Connection, one: Sending) -> dict[int, dict[str, Stored]] | None:
    """Record → field key → what stood in the sheet; None of one that was sent before that was kept."""
    packed = connection.scalar(select(sending.c.cells).where(sending.c.id == one.id))
    if packed is None:
        return None
    columns = json.loads(zlib.decompress(base64.b64decode(packed)))
    lines = zip(*columns, strict=True)
    return {record: dict(zip(one.columns, line, strict=True)) for record, line in zip(one.records, lines, strict=True)}


def note_return(connection: Connection, of: int, *, on: str, file: str, digest: str, said: Said) -> None:
    """Note what came back, within the operation that merges it."""
    row = {
        "sending": of, "returned_on": on, "file": file, "hash": digest, "present": len(said.back), "said": said.as_json(),
    }  # fmt: skip
    connection.execute(insert(sheet_return).values(row))


def find(connection: Connection, number: int) -> Sending | None:
    """The sending of this number."""
    row = connection.execute(select(*_SENDING).where(sending.c.id == number)).one_or_none()
    return None if row is None else _sending(tuple(row))


def _sending(row: tuple[Any, ...]) -> Sending:
    said = dict(zip((column.name for column in _SENDING), row, strict=True))
    columns, editable, records = (json.loads(said[name]) for name in ("columns", "editable", "records"))
    return Sending(**(said | {"columns": tuple(columns), "editable": frozenset(editable), "records": tuple(records)}))


def said_by(connection: Connection, of: int) -> list[Said]:
    """What the returns of a sending said until each of them, the latest first; nothing before the first, which stands last."""
    query = select(sheet_return.c.said).where(sheet_return.c.sending == of).order_by(sheet_return.c.id.desc())
    return [*map(said_from_json, connection.scalars(query)), Said()]


def merged_on(connection: Connection, of: int, digest: str) -> str | None:
    """The day on which this very file was merged; None where it was not."""
    query = select(sheet_return.c.returned_on).where(sheet_return.c.sending == of, sheet_return.c.hash == digest)
    found: str | None = connection.scalar(query.limit(1))
    return found


def standings(connection: Connection, *, today: str) -> list[Standing]:
    """Every sending with what came back, newest first. today: the day that overdue is counted to."""
    backs: dict[int, list[tuple[str, int]]] = {}
    columns = sheet_return.c.sending, sheet_return.c.returned_on, sheet_return.c.present
    for of, on, present in connection.execute(select(*columns).order_by(sheet_return.c.id)):
        backs.setdefault(of, []).append((on, present))
    rows = connection.execute(select(*_SENDING).order_by(sending.c.id.desc()))
    return [_standing(_sending(tuple(row)), backs.get(row.id, []), today) for row in rows]


def _standing(one: Sending, backs: Sequence[tuple[str, int]], today: str) -> Standing:
    present = max((count for _on, count in backs), default=0)
    state = OPEN if not backs else BACK if present >= len(one.records) else PARTLY
    late = (date.fromisoformat(today) - date.fromisoformat(one.due_on)).days if one.due_on else 0
    return Standing(
        one, state, present, backs[-1][0] if backs else None, len(backs), 0 if state == BACK else max(late, 0)
    )


def reminder(of: Standing) -> Text:
    """What one writes to a unit that has not returned its sheet."""
    one, rest = of.sending, len(of.sending.records) - of.present
    due = one.due_on or "—"
    if of.overdue:
        return _("{unit}: the sheet “{file}” sent on {sent} was due on {due} and is {days} days late; {count} rows are "
                 "still out. Please send it back today.", unit=one.unit, file=one.file or "", sent=one.sent_on, due=due,
                 days=of.overdue, count=rest)  # fmt: skip
    return _("{unit}: the sheet “{file}” sent on {sent} is due on {due}; {count} rows are still out. Please send it back "
             "in time.", unit=one.unit, file=one.file or "", sent=one.sent_on, due=due, count=rest)  # fmt: skip


# --- the code and the marks -------------------------------------------------------------------------------------------


def book_mark(connection: Connection) -> str:
    """By what the sheets of a book and of its copies are known: eight hexadecimal digits of how it began."""
    return copies.digest(connection, 1, schema=METADATA)[:8]


def code(connection: Connection, one: Sending) -> str:
    """What stands over the header of a sheet."""
    plain = f"{book_mark(connection)}.{one.id}.{one.operation}"
    return f"ZS.{plain}.{_signed(one.secret, plain, 10)}"


def mark(one: Sending, record: int) -> str:
    """What stands in the hidden column of a record's row."""
    return f"R{one.id}.{record}.{_signed(one.secret, str(record), 6)}"


def _signed(secret: str, plain: str, length: int) -> str:
    return hmac.digest(bytes.fromhex(secret), plain.encode(), "sha256").hex()[:length]


@dataclass(frozen=True)
class Code:
    """A code as read: whose book, which sending, noted by which operation, and its signature."""

    book: str
    sending: int
    operation: int
    signature: str

    def holds(self, one: Sending) -> bool:
        """Whether the sending signed it."""
        plain = f"{self.book}.{self.sending}.{self.operation}"
        return hmac.compare_digest(_signed(one.secret, plain, 10), self.signature)


def code_in(texts: Iterable[object]) -> Code | None:
    """The first code among cells."""
    for text in texts:
        found = _CODE.search(text) if isinstance(text, str) and len(text) < 2_000 else None
        if found:
            return Code(found[1].lower(), int(found[2]), int(found[3]), found[4].lower())
    return None


def mark_in(cell: object) -> tuple[int, int, str] | None:
    """Sending, record and signature of a row's mark; None of any other cell."""
    found = _MARK.fullmatch(cell) if isinstance(cell, str) and cell[:1] in "Rr ´'" else None
    return None if found is None else (int(found[1]), int(found[2]), found[3].lower())


def signed(one: Sending, marks: Iterable[tuple[int, int, str]]) -> Iterator[bool]:
    """Whether each of the marks of a sheet is the sending's own."""
    begun = hmac.new(bytes.fromhex(one.secret), digestmod="sha256")  # going on from it costs half of beginning anew
    for number, record, signature in marks:
        own = begun.copy()
        own.update(b"%d" % record)
        yield number == one.id and own.hexdigest()[:6] == signature
