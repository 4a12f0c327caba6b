"""Whether a plan still fits the book: what others wrote after it was made, as far as its own rows are concerned.

That somebody saved something else meanwhile is the ordinary day of an office and no reason to stop.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from db.core import history
from db.core.errors import Refused
from db.core.tables import METADATA
from db.core.text import _
from db.sheets.matching import Register, identity_columns
from db.sheets.plan import Plan
from db.sheets.room import RoomSheet, current_cells

if TYPE_CHECKING:
    from sqlalchemy import Connection

_NAMED = 10


class Outdated(Refused):
    """The book has changed where the plan would write; nothing was written, and a new plan shows what is there now."""


def last_seen(connection: Connection, room: RoomSheet) -> int | None:
    """The last operation that a plan made now takes into account."""
    return history.last_operation(connection, METADATA)[0] if room.table else None


def refuse_outdated(connection: Connection, plan: Plan, operation: int) -> None:
    """Raise `Outdated` where an operation after the plan and before `operation` wrote what the plan would write."""
    if plan.seen is None or plan.seen + 1 == operation:
        return
    rows = sorted(_changed_rows(connection, plan) | _known_rows(connection, plan))
    if rows:
        raise Outdated(
            _(
                "{count} rows no longer fit: the book was changed after they were compared with it ({rows}). "
                "Nothing was written; compare “{file}” with the book again.",
                count=len(rows), file=plan.file,
                rows=[f"{sheet}!{row}" for sheet, row in rows[:_NAMED]] + (["…"] if len(rows) > _NAMED else []),
            )
        )  # fmt: skip


def _changed_rows(connection: Connection, plan: Plan) -> set[tuple[str, int]]:
    """Rows whose cells in the book are no longer what the plan found there."""
    ids, keys = sorted({change.id for change in plan.changes}), sorted({change.key for change in plan.changes})
    now = current_cells(connection, plan.room, ids, keys)
    return {
        (change.sheet, change.row)
        for change in plan.changes
        if change.id not in now or now[change.id].get(change.key) != change.old
    }


def _known_rows(connection: Connection, plan: Plan) -> set[tuple[str, int]]:
    """New rows that name a record which was written after the plan was made."""
    assert plan.seen is not None
    start, _end = history.change_range(connection, METADATA, plan.seen + 1)
    written = {
        number
        for change in history.changes(connection, METADATA, start=start, tbls=[plan.room.table])
        if change.kind != history.DELETED
        for number in range(change.first_id, change.last_id + 1)
    }
    since = (record for record in plan.room.existing(connection) if record["id"] in written) if written else ()
    register = Register(plan.room, since)
    if not register.book:
        return set()
    return {
        (new.sheet, row)
        for new in plan.new
        for row, *said in zip(new.rows, *identity_columns(register, new.columns, {}).values(), strict=True)
        if register.find(tuple(said)).ids
    }
