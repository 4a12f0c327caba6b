"""The first sight of a book: the rows it showed when it was left, seen at once while it is opened again.

They lie in the person's own cache folder, one file a book, and are shown only while the book stands at the very operation
at which they were read: what is seen is what the book holds. The ledger's own model shows them, so nothing changes its
look when the book is open and all rows take their place.
"""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import json
import os
from array import array
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from db import __version__
from db.core.fields import KINDS, Field, Kind
from db.core.glance import last_operation
from db.core.paths import user_folder
from db.core.text import text_from_json
from desktop.kit.columns import Above, Column, Late
from desktop.kit.header import Marks
from desktop.kit.words import language

if TYPE_CHECKING:
    from pathlib import Path

    from db.core.grouping import Outline
    from desktop.kit.table import LedgerTable

ROWS = 200
_KEPT = 6
Facts = Sequence[tuple[str, str, str]]


class Sight(NamedTuple):
    """What a ledger without groups showed at one operation: the name of its view, its columns, its first rows.

    fields: those that were read, as `Rows.first` gives them. rows: id and their stored values. frozen: columns that stay.
    order: column and whether it descends, the first one counts most. facts: what the footer said.
    """

    operation: int
    name: str
    columns: Sequence[Column]
    fields: Sequence[Field]
    rows: Sequence[tuple[Any, ...]]
    frozen: int
    order: Sequence[tuple[int, bool]]
    facts: Facts


class _Ids(NamedTuple):
    """As much of an `Outline` as a model needs; the real one would load the engine."""

    ids: array[int]
    groups: tuple[()] = ()
    summed: tuple[()] = ()


def show(sight: Sight, table: LedgerTable) -> None:
    """Let a table show it."""
    ids = _Ids(array("q", [row[0] for row in sight.rows]))
    table.rows.show_outline(cast("Outline", ids), sight.columns, more=sight.fields)
    table.rows.fill(sight.fields, sight.rows)
    table.freeze(sight.frozen)
    table.show_marks(Marks({at: (place, descending) for place, (at, descending) in enumerate(sight.order, 1)}))


# --- kept and found again --------------------------------------------------------------------------------------------


def keep(target: str, sight: Sight, *, day: str = "") -> None:
    """Remember what was shown of a book; nothing where the book went on since, or is a server's.

    `day` is the ISO day for which alone it is true, where conditions depend on the day.
    """
    last = last_operation(target)
    if last is None or last[0] != sight.operation:
        return
    columns, fields = [_column_out(one) for one in sight.columns], [_field_out(one) for one in sight.fields]
    plain = [sight.operation, sight.name, columns, fields, sight.rows, sight.frozen, sight.order, sight.facts]
    place = _place(target)
    part = place.with_suffix(".part")
    with contextlib.suppress(OSError):
        part.touch(mode=0o600)
        part.write_text(json.dumps([_made_by(), last, day, plain], ensure_ascii=False), encoding="utf-8")
        part.replace(place)
        kept = sorted(place.parent.glob("sight-*.json"), key=lambda one: one.stat().st_mtime)
        for old in kept[:-_KEPT]:
            old.unlink()


def remembered(target: str, *, today: str) -> Sight | None:
    """What is still true of what this book showed when it was left; None where nothing is."""
    try:
        made_by, last, day, plain = json.loads(_place(target).read_text(encoding="utf-8"))
        if made_by != _made_by() or day not in ("", today) or last != last_operation(target):
            return None
        operation, name, columns, fields, rows, frozen, order, facts = plain
        return Sight(
            operation, name, [_column_in(one) for one in columns], [_field_in(one) for one in fields],
            [tuple(row) for row in rows], frozen, [tuple(one) for one in order], [tuple(one) for one in facts],
        )  # fmt: skip
    except (OSError, ValueError, TypeError, LookupError, AttributeError):
        return None


def _made_by() -> list[str]:
    return [__version__, language()]


def _place(target: str) -> Path:
    name = hashlib.sha256(os.path.realpath(target).encode()).hexdigest()[:20]
    return user_folder("cache") / f"sight-{name}.json"


def _column_out(column: Column) -> list[Any]:
    rule = column.emphasis
    emphasis = None if rule is None else [type(rule).__name__, dataclasses.asdict(rule)]
    return [_field_out(column.field), column.width, column.tones and dict(column.tones), emphasis]


def _column_in(stored: Sequence[Any]) -> Column:
    field, width, tones, emphasis = stored
    rules: Mapping[str, type[Late | Above]] = {"Late": Late, "Above": Above}
    return Column(_field_in(field), width, tones, emphasis and rules[emphasis[0]](**emphasis[1]))


def _field_out(field: Field) -> list[Any]:
    parts = {one.name: getattr(field.kind, one.name) for one in dataclasses.fields(field.kind)}
    parts.pop("aliases", None)  # how a table spells it, which is asked for when one comes in
    if "options" in parts:
        parts["options"] = [(key, label.as_json()) for key, label in parts["options"]]
    return [field.key, field.label.as_json(), type(field.kind).__name__, parts]


def _field_in(stored: Sequence[Any]) -> Field:
    key, label, name, parts = stored
    if "options" in parts:
        parts["options"] = tuple((option, text_from_json(words)) for option, words in parts["options"])
    kinds: Mapping[str, type[Kind]] = {one.__name__: one for one in KINDS}
    return Field(key, text_from_json(label), kinds[name](**parts), read=_not_read)


def _not_read() -> Any:
    raise LookupError("a remembered field is looked at, not read")
