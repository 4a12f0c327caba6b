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
# summary: JSON of what a list of finalised reports says of it, so that the list reads no contents.
closed_month = tracked(
    "closed_month",
    words("first", null=False),
    words("last", null=False),
    words("period", null=False),
    whole("operation", null=False),
    words("content", null=False),
    words("summary"),
    UniqueConstraint("first", "last"),
)

# What a reopening took back, as it was finalised by `operation`, with the operation that reopened it and why.
reopened_month = tracked(
    "reopened_month",
    words("first", null=False),
    words("last", null=False),
    words("period", null=False),
    whole("operation", null=False),
    whole("revision", null=False),
    words("content", null=False),
    words("summary"),
    whole("reopened", null=False),
    words("reason", null=False),
)

# An office's own form of the report (报告样式). key: of the built-in form it takes the place of, empty for one beside them.
report_form = tracked(
    "report_form",
    words("key", unique=True),
    words("name", null=False, unique=True),
    words("definition", null=False),
)

# What a person changed in the text of one period's report, by form and place (wording.py). base: the sentence as it was
# composed then; lang: of the text.
report_wording = tracked(
    "report_wording",
    words("first", null=False),
    words("last", null=False),
    words("form", null=False),
    words("place", null=False),
    words("lang", null=False),
    words("mode", null=False),
    words("text"),
    words("base"),
    UniqueConstraint("first", "last", "form", "place", "lang"),
)

# A photograph that is printed in a section of a period's report. attachment: no link, for it may be removed.
report_picture = tracked(
    "report_picture",
    words("first", null=False),
    words("last", null=False),
    words("section", null=False),
    whole("attachment", null=False),
    words("caption"),
)

register(
    Setting(
        "city.group",
        _("Districts of the city among which ours is ranked (、 between)"),
        "瑶海区、庐阳区、蜀山区、包河区",
    ),
    Setting("city.group_name", _("What these districts are called together"), "四城区"),
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
    Setting("report.form", _("Form of the report, where none is chosen for a period"), "month"),
    Setting("report.file_name", _("Names of the report's files (empty: composed)"), ""),
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
