"""A fact described once: label, kind, other names, where it is read, how it is written.

Table columns, forms, filters, sorting, history, sheets in and out, reports, messages and the manual all ask the Field.
It carries no Qt class and no table: `read` is any SQL expression (a column, a subquery for an event's date, a month's
amount, a linked name, a computed value), and `write` names how the room's service stores it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from db.core.text import Text

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Connection, Select


@dataclass(frozen=True)
class Kind:
    """What a fact means to people. Stored values are int, str or None (design: only these are in tracked tables)."""


@dataclass(frozen=True)
class Words(Kind):
    """Text; `long` may hold several lines. `identifier` never passes through a number (codes of 18 digits).

    `person`: the name of somebody, sorted by how a surname is read (单 shan, 曾 zeng). `tags`: several short words with
    、 between.
    """

    long: bool = False
    identifier: bool = False
    person: bool = False
    tags: bool = False


@dataclass(frozen=True)
class Whole(Kind):
    """An integer count, stored as it is. `unit` is shown in the header (个, 人). plain: a year, without separators."""

    unit: str = ""
    plain: bool = False


@dataclass(frozen=True)
class Money(Kind):
    """Money, stored in hundredths of the currency; `unit` is how it is shown: 元, 万元, 亿元, 万美元."""

    unit: str = "万元"


@dataclass(frozen=True)
class Area(Kind):
    """Area, stored in 1/300 m² (0.01 m² and 0.0001 mu are both exact); `unit` is 亩 or ㎡."""

    unit: str = "亩"


@dataclass(frozen=True)
class Metric(Kind):
    """Any other measured quantity, stored in 10⁻⁶ of `unit` (吨标煤, 千瓦时, %)."""

    unit: str = ""


@dataclass(frozen=True)
class Day(Kind):
    """A date, stored as ISO text YYYY-MM-DD."""


@dataclass(frozen=True)
class Month(Kind):
    """A month, stored as ISO text YYYY-MM."""


@dataclass(frozen=True)
class Flag(Kind):
    """Yes or no, stored as 1 or 0."""


@dataclass(frozen=True)
class Choice(Kind):
    """One of `options`: stored key and label, in their order; `aliases` maps other spellings to keys."""

    options: tuple[tuple[str, Text], ...] = ()
    aliases: tuple[tuple[str, str], ...] = ()

    def label(self, key: str) -> Text:
        """The label of a stored key; an unknown key is shown as it is."""
        for known, label in self.options:
            if known == key:
                return label
        return Text("{key}", {"key": key})


@dataclass(frozen=True)
class Link(Kind):
    """A record of another room, read as its name; `room` and `table` say which (people/unit, companies/company)."""

    room: str = ""
    table: str = ""


KINDS: tuple[type[Kind], ...] = (Words, Whole, Money, Area, Metric, Day, Month, Flag, Choice, Link)


@dataclass(frozen=True)
class Apart:
    """How a fact is read that stands in rows of another table: `one`, correlated to the room's main table.

    rows: (record, value) of all of them, by which all records at once are sorted and added up quicker.
    several: whether a record may have several rows, which add up to its value.
    """

    one: Callable[[], ColumnElement[Any]]
    rows: Callable[[], Select[Any]]
    several: bool = False

    def __call__(self) -> ColumnElement[Any]:
        """The value of one record."""
        return self.one()


@dataclass(frozen=True, eq=False)
class Field:
    """One fact about a record of a room.

    key: stable name in JSON, saved views and history (`agreed_investment`).
    label: what people call it. kind: what it means (unit and scale included).
    aliases: other headings under which ledgers carry it, in Chinese, without units.
    group: the section of the form and the column group it belongs to.
    read: SQL expression of the stored value, correlated to the room's main table; for a Link the linked *name*.
    write: `write(connection, ids_and_values, ...)` of the room's service, None where it is computed.
    sort: expression to order by where it differs (a unit's place in 建制顺序).
    currency: the choice that says in which currency its amounts are, where they may be in others than the first of its
    options, the unit's own. Only those in the unit's own are ever added up.
    private: not for a projected screen or a public paper: tax, the class of an enterprise or of talks, a phone.
    adds_up: whether a sum of it means anything, where it is a number (a price or a place in an order has none).
    """

    key: str
    label: Text
    kind: Kind
    aliases: tuple[str, ...] = ()
    group: str = "facts"
    read: Callable[[], ColumnElement[Any]] | None = None
    write: Callable[[Connection, Sequence[tuple[int, Any]]], None] | None = None
    sort: Callable[[], ColumnElement[Any]] | None = None
    help: Text | None = None
    adds_up: bool = True
    private: bool = False
    currency: Field | None = None

    @property
    def editable(self) -> bool:
        """Whether a person can change it (a computed value cannot be changed)."""
        return self.write is not None
