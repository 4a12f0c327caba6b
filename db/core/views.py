"""Views of a room's ledger: which columns, under which conditions, in which order and groups. Built in, or saved.

A view is data. What a newer version wrote into it and this one does not understand is kept and given back unchanged;
what the book does not have (a column that was removed, a rule that is not known) is left out and said.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Table, delete, insert, or_, select, update

from db.core import filters, listing
from db.core.emphasis import Emphasis, emphasis_from_json, holds, is_known
from db.core.errors import Refused
from db.core.fields import Field, Kind
from db.core.filters import Condition, Scope, When, condition_from_json
from db.core.grouping import Outline, outline
from db.core.tables import tracked, words
from db.core.text import Text, _, text_from_json

SAVED = "saved-"
MOST_GROUPS = 3
LONGEST_NAME = 60

saved_view = tracked(
    "saved_view",
    words("room", null=False),
    words("name", null=False),
    words("owner"),
    words("definition", null=False),
)

Order = tuple[str, bool]


@dataclass(frozen=True)
class View:
    """A view of a room's ledger.

    columns: keys of fields, as they stand from left to right. order: (key, descending?), the first one counts most.
    groups: keys, at most three, the outermost first. frozen: how many first columns stay. widths: key → pixels.
    emphasis: which cells stand out, the first that holds counts.
    key: a name that never changes: `signed`, `building`, … of a built-in one, `saved-<id>` of a saved one, "" of one
    that is neither. owner: whose it is; None where everybody sees it. unread: what a newer version wrote into it: whole
    entries as they are, members of a list as (place, member).
    """

    name: Text | str
    columns: tuple[str, ...]
    conditions: tuple[Condition, ...] = ()
    order: tuple[Order, ...] = ()
    groups: tuple[str, ...] = ()
    frozen: int = 1
    widths: Mapping[str, int] = field(default_factory=dict)
    emphasis: tuple[Emphasis, ...] = ()
    key: str = ""
    owner: str | None = None
    unread: Mapping[str, Any] = field(default_factory=dict)

    @property
    def saved(self) -> bool:
        """Whether it stands in the book; a built-in one cannot be changed."""
        return self.key.startswith(SAVED)

    def as_json(self) -> dict[str, Any]:
        """As a book keeps it, without key and owner."""
        own: dict[str, Any] = {
            "name": json.loads(self.name.as_json()) if isinstance(self.name, Text) else self.name,
            "columns": list(self.columns),
            "conditions": [one.as_json() for one in self.conditions],
            "order": [list(one) for one in self.order],
            "groups": list(self.groups),
            "frozen": self.frozen,
            "widths": dict(self.widths),
        }
        if self.emphasis or "emphasis" in self.unread:
            own["emphasis"] = [one.as_json() for one in self.emphasis]
        for key, kept in self.unread.items():
            if isinstance(own.get(key), list) and isinstance(kept, list):
                for at, member in kept:
                    own[key].insert(at, member)
            elif isinstance(own.get(key), dict) and isinstance(kept, dict):
                own[key] = {**kept, **own[key]}
            elif not own.get(key):
                own[key] = kept
        return own

    @property
    def keys(self) -> frozenset[str]:
        """Every field it speaks of."""
        conditions = (one.key for one in self.conditions)
        return frozenset((*self.columns, *conditions, *(key for key, _descending in self.order), *self.groups))


def view_from_json(stored: Mapping[str, Any], *, key: str = "", owner: str | None = None) -> View:
    """What `as_json` gave, also that of a newer version: what is not understood goes along in `unread`."""
    unread: dict[str, Any] = {name: kept for name, kept in stored.items() if name not in _OWN}

    def known(name: str, most: int | None = None) -> list[Any]:
        """The members of a list that are understood; the others stay behind with their places."""
        understood: list[Any] = []
        strange: list[tuple[int, Any]] = []
        members = stored.get(name, [])
        if not isinstance(members, list):
            unread[name] = members
            return []
        for at, member in enumerate(members):
            if _READABLE[name](member) and len(understood) != most:
                understood.append(member)
            else:
                strange.append((at, member))
        if strange:
            unread[name] = strange
        return understood

    named, frozen, widths = stored.get("name", ""), stored.get("frozen", 1), stored.get("widths", {})
    pixels = {name: width for name, width in widths.items() if type(width) is int} if isinstance(widths, dict) else {}
    if pixels != widths:
        unread["widths"] = widths
    return View(
        text_from_json(json.dumps(named)) if isinstance(named, dict) else str(named),
        tuple(known("columns")),
        tuple(condition_from_json(one) for one in known("conditions")),
        tuple((one[0], one[1]) for one in known("order")),
        tuple(known("groups", MOST_GROUPS)),
        frozen if isinstance(frozen, int) and frozen >= 0 else 1,
        pixels,
        tuple(emphasis_from_json(one) for one in known("emphasis")),
        key,
        owner,
        unread,
    )


def _is_condition(stored: Any) -> bool:
    if not isinstance(stored, dict) or set(stored) - {"key", "operator", "value"}:
        return False
    return (
        _is_plain(stored.get("value"))
        and isinstance(stored.get("key"), str)
        and isinstance(stored.get("operator"), str)
    )


def _is_plain(value: Any, depth: int = 3) -> bool:
    """Whether a value is made of texts and whole numbers, in lists at most three deep (`either` of `between`)."""
    if isinstance(value, list):
        return depth > 0 and all(_is_plain(one, depth - 1) for one in value)
    return value is None or isinstance(value, str | int)


def _is_order(stored: Any) -> bool:
    return isinstance(stored, list) and list(map(type, stored)) == [str, bool]


_READABLE: Mapping[str, Callable[[Any], bool]] = {
    "columns": lambda one: isinstance(one, str),
    "conditions": _is_condition,
    "order": _is_order,
    "groups": lambda one: isinstance(one, str),
    "emphasis": lambda one: is_known(one) and _is_condition({key: one[key] for key in one if key != "tone"}),
}
_OWN = frozenset({"name", "columns", "conditions", "order", "groups", "frozen", "widths", "emphasis"})


# --- what a book can show of it ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Shown:
    """What of a view this book can show. missing: a sentence for each part that is left out."""

    columns: tuple[Field, ...]
    conditions: tuple[Condition, ...]
    order: tuple[tuple[Field, bool], ...]
    groups: tuple[Field, ...]
    missing: tuple[Text, ...] = ()
    emphasis: tuple[Emphasis, ...] = ()


@dataclass(frozen=True)
class Look:
    """A view as the book fills it. said: its conditions in words, with the period they mean.

    when: what its conditions depend on. limits: of an emphasised `top` or `bottom` the last value that is among them.
    cover: what becomes of free text where it is not for everybody's eyes; None where it stays.
    """

    outline: Outline
    shown: Shown
    said: tuple[Text, ...] = ()
    when: When = field(default_factory=When)
    limits: Mapping[Condition, Any] = field(default_factory=dict)
    cover: Callable[[str], str] | None = None

    def stands_out(self, one: Emphasis, kind: Kind) -> Callable[[Any], bool]:
        """Whether a stored value of the emphasised field does."""
        return holds(one.condition, kind, when=self.when, limit=self.limits.get(one.condition))


def resolve(view: View, fields: Mapping[str, Field], scopes: Mapping[str, Scope] | None = None) -> Shown:
    """Columns, conditions, order and groups that the book has, and a sentence for each it has not."""
    missing: dict[Text, None] = {}

    def known(key: str) -> Field | None:
        field = fields.get(key)
        if field is None or field.read is None:
            missing[listing.unknown_column(key)] = None
            return None
        return field

    columns = [field for key in dict.fromkeys(view.columns) if (field := known(key)) is not None]
    groups = [field for key in dict.fromkeys(view.groups) if (field := known(key)) is not None]
    order = [(field, descending) for key, descending in view.order if (field := known(key)) is not None]
    conditions = []
    for one in view.conditions:
        why = _unusable(one, fields, scopes or {})
        if why is None:
            conditions.append(one)
        else:
            missing[why] = None
    emphasis = []
    for mark in view.emphasis:
        why = _unusable(mark.condition, fields, {})
        if why is None:
            emphasis.append(mark)
        else:
            missing[why] = None
    if len(groups) > MOST_GROUPS or view.unread:
        missing[_("This view was made by a newer version: what this one does not know is kept and not shown.")] = None
    if not columns:
        columns = [field for field in fields.values() if field.read is not None][:1]
    return Shown(
        tuple(columns), tuple(conditions), tuple(order), tuple(groups[:MOST_GROUPS]), tuple(missing), tuple(emphasis)
    )


def _unusable(condition: Condition, fields: Mapping[str, Field], scopes: Mapping[str, Scope]) -> Text | None:
    if condition.key in scopes:
        return None
    field = fields.get(condition.key)
    if field is None or field.read is None:
        return _("A condition on “{key}” is left out: it is not in this book.", key=condition.key)
    try:
        filters.require(field, condition)
    except Refused:
        return _("A condition on “{field}” is left out: it cannot be understood.", field=field.label)
    return None


def look(
    connection: Connection,
    table: Table,
    view: View,
    *,
    fields: Mapping[str, Field],
    scopes: Mapping[str, Scope] | None = None,
    when: When,
    where: Sequence[ColumnElement[bool]] = (),
) -> Look:
    """The rows of a view in their order and groups, with what they amount to. where: further conditions."""
    shown = resolve(view, fields, scopes)
    conditions = filters.all_sql(fields, shown.conditions, when=when, scopes=scopes, table=table)
    found = outline(connection, table, shown, where=[*conditions, *where], today=when.today)
    known: dict[str, Field | Scope] = {**fields, **(scopes or {})}
    said = (filters.sentence(known[one.key], one, period=when.period) for one in shown.conditions)
    limits = {
        mark.condition: connection.scalar(
            filters.last_among(fields[mark.condition.key], mark.condition, table, [*conditions, *where])
        )
        for mark in shown.emphasis
        if mark.condition.operator in ("top", "bottom")
    }
    return Look(found, shown, tuple(said), when, limits)


# --- saved ones ----------------------------------------------------------------------------------------------------


def views(connection: Connection, room: str, actor: str) -> list[View]:
    """The saved views of a room that `actor` sees, shared ones first, in the order in which they were saved."""
    of = saved_view.c
    mine = or_(of.owner.is_(None), of.owner == actor)
    rows = connection.execute(select(saved_view).where(of.room == room, mine).order_by(of.id)).all()
    return [_saved(row) for row in sorted(rows, key=lambda row: row.owner is not None)]


def saved(connection: Connection, key: str) -> View | None:
    """A saved view by its key, whoever owns it; None where it was deleted."""
    row = connection.execute(select(saved_view).where(saved_view.c.id == _number(key))).one_or_none()
    return None if row is None else _saved(row)


def _saved(row: Row[Any]) -> View:
    return view_from_json(json.loads(row.definition) | {"name": row.name}, key=f"{SAVED}{row.id}", owner=row.owner)


def save_view(connection: Connection, room: str, view: View) -> View:
    """Store a view, as a new one or in the place of the saved one it came from; returns it with its key.

    Refused: no name, a name that another view of the same owner bears, no column, more than three groups.
    """
    name = view.name.render() if isinstance(view.name, Text) else view.name
    number = _number(view.key) if view.saved else None
    name = _free_name(connection, room, name, owner=view.owner, besides=number)
    if not view.columns:
        raise Refused(fields={"columns": _("A view needs at least one column.")})
    if len(view.groups) > MOST_GROUPS:
        raise Refused(fields={"groups": _("A view can be grouped by at most {count} fields.", count=MOST_GROUPS)})
    definition = json.dumps(replace(view, name=name).as_json(), ensure_ascii=False, sort_keys=True)
    cells = {"room": room, "name": name, "owner": view.owner, "definition": definition}
    if number is None:
        number = int(connection.scalars(insert(saved_view).values(cells).returning(saved_view.c.id)).one())
    elif not connection.execute(update(saved_view).where(saved_view.c.id == number).values(cells)).rowcount:
        raise _gone()
    return replace(view, name=name, key=f"{SAVED}{number}")


def rename_view(connection: Connection, key: str, name: str) -> None:
    """Give a saved view another name."""
    number = _number(key)
    row = connection.execute(select(saved_view).where(saved_view.c.id == number)).one_or_none()
    if row is None:
        raise _gone()
    name = _free_name(connection, row.room, name, owner=row.owner, besides=number)
    connection.execute(update(saved_view).where(saved_view.c.id == number).values(name=name))


def delete_view(connection: Connection, key: str) -> None:
    """Delete a saved view."""
    if not connection.execute(delete(saved_view).where(saved_view.c.id == _number(key))).rowcount:
        raise _gone()


def _number(key: str) -> int:
    number = key.removeprefix(SAVED)
    if number == key or not number.isdecimal():
        raise Refused(_("A view that comes with the program cannot be changed; save it under another name."))
    return int(number)


def _gone() -> Refused:
    return Refused(_("This view was deleted in the meantime; save it under a name to keep it."))


def _free_name(connection: Connection, room: str, name: str, *, owner: str | None, besides: int | None) -> str:
    name = " ".join(name.replace("\0", " ").split())
    if not name:
        raise Refused(fields={"name": _("A view needs a name.")})
    if len(name) > LONGEST_NAME:
        raise Refused(fields={"name": _("A view's name has at most {most} characters.", most=LONGEST_NAME)})
    of = saved_view.c
    same_owner = of.owner.is_(None) if owner is None else of.owner == owner
    taken = connection.scalars(select(of.id).where(of.room == room, of.name == name, same_owner)).all()
    if set(taken) - {besides}:
        raise Refused(fields={"name": _("There is a view “{name}” already; choose another name.", name=name)})
    return name
