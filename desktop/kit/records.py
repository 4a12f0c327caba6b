"""What a ledger that one works in must know of its room's records, beside how they look (`Manner`)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from db.core.fields import Field, Link
from db.core.text import Text, _
from desktop.kit.ledger import Manner
from desktop.kit.page import Connection, Page

if TYPE_CHECKING:
    from db.core.saving import Blocks


class PaneTab(NamedTuple):
    """A tab. make: a widget with `show_record(record)`, made when the tab is first shown; None for the facts."""

    key: str
    label: Text
    make: Callable[[Page], Any] | None = None


FACTS = PaneTab("facts", _("Facts"))


def _no_groups() -> Mapping[str, Text]:
    return {}


def _name(values: Mapping[str, Any]) -> str:
    return str(values.get("name") or "")


@dataclass(frozen=True)
class Records:
    """The records of a room as its ledger changes them.

    blocks: what `db/<room>/blocks.py` ends with; asked when something is first changed, as a start need not load rules.
    one, counted: how they are called, alone (项目) and by their number (3 个项目). called: what one of them is called, by
    its stored values; title: the field that says so, which the facts in the pane leave out, as they do `in_head`.
    new: the fields of the form of a new one, none where records are not added here; needed: those it cannot do
    without. proposed: words (no links) for which the form proposes what is there often. one_by_one: fields of which
    many are never changed to one value. goes: what goes with one that is deleted. groups: the headings of the facts.
    tabs: of the pane, in the order in which they stand; what does not fit folds from the right.
    """

    manner: Manner
    blocks: Callable[[], Blocks]
    one: Text
    counted: Callable[[int], Text]
    goes: Text
    called: Callable[[Mapping[str, Any]], str] = _name
    title: str = "name"
    in_head: tuple[str, ...] = ()
    new: tuple[str, ...] = ()
    needed: tuple[str, ...] = ("name",)
    proposed: frozenset[str] = frozenset()
    one_by_one: frozenset[str] = frozenset()
    groups: Callable[[], Mapping[str, Text]] = _no_groups
    tabs: tuple[PaneTab, ...] = (FACTS,)


def read_record(records: Records, number: int, today: str) -> Callable[[Connection], Mapping[str, Any] | None]:
    """All facts of one record: field key → stored value, its `id`, its `name` and the `fields`; None where it is gone."""

    def work(connection: Connection) -> Mapping[str, Any] | None:
        from db import rooms
        from db.core import listing

        room = rooms.room(records.manner.room)
        assert room is not None
        fields = [one for one in rooms.fields(connection, room) if one.read is not None]
        found = listing.rows(connection, room.table, fields, [number], today=today)
        if not found:
            return None
        values = dict(zip([one.key for one in fields], found[0][1:], strict=True))
        return {"fields": fields, "id": number, "name": records.called(values)} | values

    return work


def read_names(records: Records, fields: Sequence[Field]) -> Callable[[Connection], dict[str, list[str]]]:
    """What the editors of a form propose: units and people in their order, words that are there often."""

    def work(connection: Connection) -> dict[str, list[str]]:
        wanted = [one for one in fields if isinstance(one.kind, Link) or one.key in records.proposed]
        return {one.key: records.blocks().suggestions(connection, one) for one in wanted}

    return work
