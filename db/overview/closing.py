"""Finalising a month (定稿): its report is stored as data, and is rendered from that from then on.

What is stored is the report in each language, the figures with their definitions, explanations and the rows behind
them, the program's version and the number of the operation, so that the book can be looked at as it was then.
Finalising one month stores the report of the month and that of January to the month: both are what an office means by
it. What a reopening takes back is kept beside it, with the reason: finalised again, the month has one revision more.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace

from sqlalchemy import Connection, delete, select

from db import __version__
from db.core import history, moments
from db.core.book import Book
from db.core.errors import Refused
from db.core.period import Period, period_name
from db.core.progress import SILENT, Progress
from db.core.text import LANGUAGES, Text, _
from db.overview.explain import Explainer
from db.overview.figures import figures, rendered
from db.overview.finalised import Closed, Closing, closed, closings, next_revision, reopened, revisions, summary_of
from db.overview.models import closed_month, reopened_month
from db.overview.report import build
from db.reports.report import Report
from db.reports.stored import to_json

__all__ = ["Closed", "Closing", "close", "closed", "closings", "reopen", "reopened", "revisions"]


def close(book: Book, period: Period, *, today: dt.date | None = None, progress: Progress = SILENT) -> int:
    """Finalise a period; gives the number of the operation. Refused where it is finalised already.

    today: the date of the signature, that of the operation where None. What is 待核 hinders nobody: the operation's
    label says in how many places.
    """
    periods = _also_closed(period)
    # Made before the lock is taken, so that the operation can say what it is; made again where somebody was quicker.
    with book.read() as connection:
        known, _at = history.last_operation(connection, book.schema)
        day = today or dt.datetime.now(moments.zone(connection, book.schema)).date()
        made = _make(connection, periods, day, progress)
    with book.write(_label(period, made)) as connection:
        number = int(connection.info["operation"])
        signed = today or _day_of(connection, book)
        if number != known + 1 or signed != day:
            made = _make(connection, periods, signed, progress)
        for one, (content, summary) in made.items():
            row = {"first": one.first, "last": one.last, "period": one.text, "operation": number}
            connection.execute(closed_month.insert().values(content=content, summary=summary, **row))
    return number


_Made = Mapping[Period, tuple[str, str]]


def _make(connection: Connection, periods: Sequence[Period], today: dt.date, progress: Progress) -> _Made:
    """Content and summary of every report that is to be finalised; refused where the first is finalised already."""
    if closed(connection, periods[0]) is not None:
        raise Refused(_("{period} is finalised already.", period=period_name(periods[0])))
    found = {}
    for done, one in enumerate(periods):
        progress.step(done, len(periods), _("Finalising {period}", period=period_name(one)))
        if closed(connection, one) is None:
            found[one] = _content(connection, one, today)
    return found


def _label(period: Period, made: _Made) -> Text:
    pending = json.loads(made[period][1])["pending"]
    if pending:
        return _("Finalise {period} with {count} to be checked", period=period_name(period), count=pending)
    return _("Finalise {period}", period=period_name(period))


def _day_of(connection: Connection, book: Book) -> dt.date:
    """The day of the operation under way, in the book's zone."""
    _number, at = history.last_operation(connection, book.schema)
    return history.from_micros(at).astimezone(moments.zone(connection, book.schema)).date()


def _also_closed(period: Period) -> Sequence[Period]:
    to_date = period.year_to_date()
    return (period, to_date) if period.is_one_month() and to_date.first != period.first else (period,)


def _content(connection: Connection, period: Period, today: dt.date) -> tuple[str, str]:
    found = figures(connection, period, rows=True)
    reports = {
        lang: replace(build(connection, period, lang=lang, today=today, found=found), draft_mark=False)
        for lang in LANGUAGES
    }
    # The rows behind the figures may be long lists: they are stored once, for both languages and the report.
    rows = {key: one["rows"] for key, one in found["figures"].items()}
    for one in (figure for report in reports.values() for figure in report.figures):
        if one.rows and not rows.get(one.key):
            rows[one.key] = {"room": one.rows.room, "ids": list(one.rows.ids)}
    explained = Explainer(connection, period, found=found["figures"]).stored(reports)
    for computed in found["figures"].values():
        del computed["rows"]
    said = {lang: rendered(found, lang) for lang in LANGUAGES}
    stored = {
        "report": {lang: to_json(_without_rows(report)) for lang, report in reports.items()},
        "figures": said,
        "explained": explained,
        "rows": rows,
        "program": __version__,
    }
    content = json.dumps(stored, ensure_ascii=False, sort_keys=True)
    return content, summary_of(reports["zh"], said["zh"]["figures"])


def _without_rows(report: Report) -> Report:
    return replace(report, figures=tuple(replace(figure, rows=None) for figure in report.figures))


def reopen(book: Book, period: Period, *, reason: str) -> int:
    """Take a finalised report back; what was finalised stays beside it. Refused where it is not finalised.

    reason: why, for the record; without one it is refused.
    """
    why = reason.strip()
    if not why:
        raise Refused(fields={"reason": _("Say why it is reopened; the record keeps it. Nothing was changed.")})
    label = _("Reopen {period}: {reason}", period=period_name(period), reason=why)
    with book.write(label) as connection:
        number = int(connection.info["operation"])
        if closed(connection, period) is None:
            raise Refused(_("{period} is not finalised.", period=period_name(period)))
        for one in _also_closed(period):
            _put_aside(connection, one, number, why)
        return number


def _put_aside(connection: Connection, period: Period, number: int, reason: str) -> None:
    of = closed_month.c
    same = (of.first == period.first, of.last == period.last)
    names = ("first", "last", "period", "operation", "content", "summary")
    revision = next_revision(connection, period)
    for row in connection.execute(select(*(of[name] for name in names)).where(*same)).mappings().all():
        told = {"revision": revision, "reopened": number, "reason": reason}
        connection.execute(reopened_month.insert().values(**row, **told))
    connection.execute(delete(closed_month).where(*same))
