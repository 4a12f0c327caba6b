"""What a book has beyond the program's own facts.

Columns of imported ledgers kept as the book's own fields, and the layouts in which ledgers came, so that they can
leave in them again.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Index, Table, UniqueConstraint, delete, select, update

from db.core import bulk
from db.core.errors import Refused
from db.core.fields import Field, Words
from db.core.tables import link, tracked, whole, words
from db.core.text import Text, _
from db.core.updating import update_column

PREFIX = "own:"
_PRIVATE = ("税", "电话", "手机", "联系方式", "亩均", "评级")  # in a heading: not for a projected screen

own_field = tracked(
    "own_field",
    words("room", null=False),
    words("label", null=False),
    words("kind", null=False),
    UniqueConstraint("label", "room"),
)

# `record` is a record of the field's room; no foreign key, for it may be of any room.
own_value = tracked(
    "own_value",
    link("field", "own_field", null=False, index=False),
    whole("record", null=False),
    words("value"),
)
Index("ix_own_value_record", own_value.c.record, own_value.c.field)

ledger_layout = tracked(
    "ledger_layout",
    words("room", null=False),
    words("signature", null=False),
    words("name", null=False),
    words("layout", null=False),
)


def own_fields(connection: Connection, room: str, table: Table) -> list[Field]:
    """The book's own fields of a room, readable like any other; key `own:<heading>`."""
    query = select(own_field.c.id, own_field.c.label).where(own_field.c.room == room).order_by(own_field.c.id)
    return [_field(row.id, row.label, table) for row in connection.execute(query)]


def _field(number: int, label: str, table: Table) -> Field:
    def write(connection: Connection, pairs: Sequence[tuple[int, Any]]) -> None:
        put_values(connection, number, pairs)

    value = own_value.alias()
    read = select(value.c.value).where(value.c.field == number, value.c.record == table.c.id).limit(1).scalar_subquery()
    private = any(word in label for word in _PRIVATE)
    return Field(PREFIX + label, Text(label), Words(), group="own", read=lambda: read, write=write, private=private)


def field_ids(connection: Connection, room: str, labels: Iterable[str]) -> dict[str, int]:
    """Label → id of the book's own field; missing ones are added."""
    query = select(own_field.c.label, own_field.c.id).where(own_field.c.room == room)
    known = {row.label: row.id for row in connection.execute(query)}
    for label in dict.fromkeys(labels):
        if label not in known:
            (known[label],) = bulk.take_ids(connection, own_field, 1)
            connection.execute(own_field.insert().values(id=known[label], room=room, label=label, kind="words"))
    return known


def add_values(connection: Connection, room: str, label: str, pairs: Iterable[tuple[int, Any]]) -> None:
    """Store (record, value) of new records under one of the book's own fields."""
    filled = [(record, str(value)) for record, value in pairs if value is not None]
    if filled:
        field = field_ids(connection, room, [label])[label]
        bulk.insert(connection, own_value, ("field", "record", "value"), [(field, *pair) for pair in filled])


def put_values(connection: Connection, field: int, pairs: Sequence[tuple[int, Any]]) -> None:
    """Set (record, value) of one own field; None clears."""
    known: dict[int, int] = {}
    ids = sorted({record for record, _value in pairs})
    for at in range(0, len(ids), 500):
        query = select(own_value.c.record, own_value.c.id)
        query = query.where(own_value.c.field == field, own_value.c.record.in_(ids[at : at + 500]))
        known |= {row.record: row.id for row in connection.execute(query)}
    wanted = dict(pairs)
    gone = [known[record] for record, value in wanted.items() if value is None and record in known]
    for at in range(0, len(gone), 500):
        connection.execute(delete(own_value).where(own_value.c.id.in_(gone[at : at + 500])))
    present = [(known[r], str(v)) for r, v in wanted.items() if v is not None and r in known]
    update_column(connection, own_value, "value", present)
    new = [(field, record, str(value)) for record, value in wanted.items() if value is not None and record not in known]
    bulk.insert(connection, own_value, ("field", "record", "value"), new)


def write_column(
    connection: Connection, room: str, key: str, pairs: Sequence[tuple[int, Any]], *, field: Field | None
) -> None:
    """One column of records (id, stored value): a field of the book's own by its heading, another as its room writes it.

    field: that of the key in the room. Raises `Refused`, under the key, where it is none that can be written.
    """
    if key.startswith(PREFIX):
        label = key[len(PREFIX) :]
        put_values(connection, field_ids(connection, room, [label])[label], pairs)
    elif field is not None and field.write is not None:
        field.write(connection, pairs)
    else:
        raise Refused(fields={key: _("“{field}” cannot be changed.", field=field.label if field else key)})


def delete_values(connection: Connection, room: str, records: Sequence[int]) -> None:
    """Take the own values of deleted records away with them."""
    fields = select(own_field.c.id).where(own_field.c.room == room)
    for at in range(0, len(records), 500):
        some = list(records[at : at + 500])
        connection.execute(delete(own_value).where(own_value.c.record.in_(some), own_value.c.field.in_(fields)))


def hand_over(connection: Connection, room: str, gone: int, into: int) -> None:
    """What a record that goes says in the book's own fields fills what another one of the room leaves out."""
    said = values_of(connection, room, [gone, into])
    more = {label: value for label, value in said[gone].items() if label not in said[into]}
    known = field_ids(connection, room, more)
    for label, value in more.items():
        put_values(connection, known[label], [(into, value)])
    delete_values(connection, room, [gone])


def values_of(connection: Connection, room: str, records: Sequence[int]) -> Mapping[int, dict[str, str]]:
    """Record → {label: value}."""
    found: dict[int, dict[str, str]] = {record: {} for record in records}
    joined = own_value.join(own_field, own_field.c.id == own_value.c.field)
    for at in range(0, len(records), 500):
        query = select(own_value.c.record, own_field.c.label, own_value.c.value).select_from(joined)
        query = query.where(own_field.c.room == room, own_value.c.record.in_(list(records[at : at + 500])))
        for row in connection.execute(query):
            if row.value is not None:
                found[row.record][row.label] = row.value
    return found


def remember_layout(connection: Connection, *, room: str, signature: str, name: str, layout: str) -> None:
    """Keep the layout (JSON) of an imported ledger; the same signature replaces what was kept."""
    same = (ledger_layout.c.room == room) & (ledger_layout.c.signature == signature)
    if connection.scalar(select(ledger_layout.c.id).where(same)) is None:
        row = {"room": room, "signature": signature, "name": name, "layout": layout}
        connection.execute(ledger_layout.insert().values(row))
    else:
        connection.execute(update(ledger_layout).where(same).values(name=name, layout=layout))


def layouts(connection: Connection, room: str) -> list[tuple[str, str, str]]:
    """(name, signature, layout JSON) of the ledgers that were imported into a room, newest last."""
    query = select(ledger_layout.c.name, ledger_layout.c.signature, ledger_layout.c.layout)
    rows = connection.execute(query.where(ledger_layout.c.room == room).order_by(ledger_layout.c.id))
    return [(row.name, row.signature, row.layout) for row in rows]


# --- what the import of a room is told (db/sheets/room.py) ------------------------------------------------------------


def headings_of(room: str) -> Callable[[Connection], frozenset[str]]:
    """The headings that the book keeps as its own fields of a room."""

    def read(connection: Connection) -> frozenset[str]:
        return frozenset(connection.scalars(select(own_field.c.label).where(own_field.c.room == room)))

    return read


def layout_keeper(room: str) -> Callable[[Connection, Mapping[str, Any]], None]:
    """Keeps how a ledger of a sender was mapped, and the layout in which it came."""

    def keep(connection: Connection, layout: Mapping[str, Any]) -> None:
        name = str(layout.get("name") or layout.get("file") or layout.get("sheet") or "")
        text = json.dumps(dict(layout), ensure_ascii=False, sort_keys=True)
        mark = "@".join(filter(None, (str(layout["signature"]), layout.get("sender"))))
        remember_layout(connection, room=room, signature=mark, name=name, layout=text)

    return keep


def layout_finder(room: str) -> Callable[[Connection, str, str], Mapping[str, str]]:
    """Column letter → field key, as a ledger with this header was mapped before, best of the same sender."""

    def find(connection: Connection, signature: str, sender: str = "") -> Mapping[str, str]:
        kept = [
            json.loads(text) for _name, mark, text in layouts(connection, room) if mark.partition("@")[0] == signature
        ]
        found = of_sender(kept, sender)
        return {} if found is None else found.get("columns", {})

    return find


def of_sender(kept: Sequence[Mapping[str, Any]], sender: str) -> Mapping[str, Any] | None:
    """Of layouts that would do, oldest first: the sender's own; else the newest, without units that another one meant."""
    own_ones = [one for one in kept if one.get("sender", "") == sender]
    if own_ones or not kept:
        return own_ones[-1] if own_ones else None
    newest: Mapping[str, Any] = kept[-1]
    columns: Mapping[str, str] = newest.get("columns", {})
    strange = bool(sender and newest.get("sender"))
    agreed = {
        key: value for key, value in columns.items() if not key.startswith("unit:") or not (
            strange or any(one.get("columns", {}).get(key, value) != value for one in kept))
    }  # fmt: skip
    return {**newest, "columns": agreed}
