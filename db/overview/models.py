"""What the overview keeps of its own: finalised months, and how the office wants its report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, UniqueConstraint, select

from db.core.period import Period
from db.core.reversal import Conflict
from db.core.settings import NO, YES, Setting, register
from db.core.tables import tracked, whole, words
from db.core.text import _

# A finalised report as data: `content` is JSON (closing.py); the book as of `operation` is what it was made from.
closed_month = tracked(
    "closed_month",
    words("first", null=False),
    words("last", null=False),
    words("period", null=False),
    whole("operation", null=False),
    words("content", null=False),
    UniqueConstraint("first", "last"),
)

register(
    Setting("report.title", _("Title of the report (empty: composed from the period)"), ""),
    Setting("report.addressee", _("To whom the report is addressed"), ""),
    Setting("report.signature", _("Who signs the report (empty: the office)"), ""),
    Setting("report.copies", _("Lines of copies at the end of the report"), ""),
    Setting("report.threshold", _("Starts named in the report, from (100 million yuan)"), "1"),
    Setting(
        "report.start_rate",
        _("Print the start rate of the period's signings"),
        NO,
        ((YES, _("Yes")), (NO, _("No"))),
    ),
    Setting("report.problems", _("Problems, in your words (one paragraph a line)"), ""),
    Setting("report.next_steps", _("Next steps, in your words (one paragraph a line)"), ""),
)


def closed_at(connection: Connection, period: Period) -> int | None:
    """The operation that finalised these days, None where they are not finalised."""
    of = closed_month.c
    query = select(of.operation).where(of.first == period.first, of.last == period.last)
    return connection.scalar(query)


def closings_stay(connection: Connection, touched: Mapping[str, Sequence[int]]) -> list[Conflict]:
    """An undo never takes a finalised report away: reopening is a step of its own, for which somebody answers."""
    # A table that an undo touches without a record to bring back or to set is one from which it deletes.
    undoing = connection.info.get("operation") is not None
    if not undoing or closed_month.name not in touched or touched[closed_month.name]:
        return []
    return [Conflict(closed_month.name, 0, None, _("A finalised month is not undone; reopen it."))]
