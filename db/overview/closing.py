"""Finalising a month (定稿): its report is stored as data, and is rendered from that from then on.

What is stored is the report in each language, the figures with their definitions and the rows behind them, the
program's version and the number of the operation, so that the book can be looked at as it was then. Finalising one
month stores the report of the month and that of January to the month: both are what an office means by it.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, delete, select

from db import __version__
from db.core import history, moments
from db.core.book import Book
from db.core.errors import Refused
from db.core.period import Period, period_name
from db.core.progress import SILENT, Progress
from db.core.reversal import Conflict
from db.core.text import LANGUAGES, _
from db.overview.figures import figures, rendered
from db.overview.models import closed_month
from db.overview.report import build
from db.reports.report import Report
from db.reports.stored import from_json, to_json


@dataclass(frozen=True)
class Closed:
    """A finalised report as stored. operation: the book as of it is what the report was made from."""

    period: str
    first: str
    last: str
    operation: int
    stored: str

    @cached_property
    def _content(self) -> Mapping[str, Any]:
        found: Mapping[str, Any] = json.loads(self.stored)
        return found

    @property
    def program(self) -> str:
        """The version of the program that finalised it."""
        return str(self._content["program"])

    def report(self, lang: str = "zh") -> Report:
        """The report as it was finalised."""
        return from_json(self._content["report"][lang])

    def figures(self, lang: str = "zh") -> Mapping[str, Any]:
        """The figures as the contract prints them, with the rows behind them."""
        found: Mapping[str, Any] = self._content["figures"][lang]
        return found


def close(book: Book, period: Period, *, today: dt.date | None = None, progress: Progress = SILENT) -> int:
    """Finalise a period; gives the number of the operation. Refused where it is finalised already.

    today: the date of the signature, that of the operation where None.
    """
    periods = _also_closed(period)
    with book.write(_("Finalise {period}", period=period_name(period))) as connection:
        number = int(connection.info["operation"])
        if closed(connection, period) is not None:
            raise Refused(_("{period} is finalised already.", period=period_name(period)))
        today = today or _day_of(connection, book)
        for done, one in enumerate(periods):
            progress.step(done, len(periods), _("Finalising {period}", period=period_name(one)))
            if closed(connection, one) is None:
                row = {"first": one.first, "last": one.last, "period": one.text, "operation": number}
                connection.execute(closed_month.insert().values(content=_content(connection, one, today), **row))
    return number


def _day_of(connection: Connection, book: Book) -> dt.date:
    """The day of the operation under way, in the book's zone."""
    _number, at = history.last_operation(connection, book.schema)
    return history.from_micros(at).astimezone(moments.zone(connection, book.schema)).date()


def _also_closed(period: Period) -> Sequence[Period]:
    to_date = period.year_to_date()
    return (period, to_date) if period.is_one_month() and to_date.first != period.first else (period,)


def _content(connection: Connection, period: Period, today: dt.date | None) -> str:
    found = figures(connection, period, rows=True)
    reports = {lang: to_json(build(connection, period, lang=lang, today=today)) for lang in LANGUAGES}
    stored = {
        "report": reports,
        "figures": {lang: rendered(found, lang) for lang in LANGUAGES},
        "program": __version__,
    }
    return json.dumps(stored, ensure_ascii=False, sort_keys=True)


def reopen(book: Book, period: Period) -> int:
    """Take a finalised report back; what was finalised stays in the history. Refused where it is not finalised."""
    with book.write(_("Reopen {period}", period=period_name(period))) as connection:
        if closed(connection, period) is None:
            raise Refused(_("{period} is not finalised.", period=period_name(period)))
        for one in _also_closed(period):
            of = closed_month.c
            connection.execute(delete(closed_month).where(of.first == one.first, of.last == one.last))
        return int(connection.info["operation"])


def closed(connection: Connection, period: Period) -> Closed | None:
    """The finalised report of these days, None where it is not finalised."""
    of = closed_month.c
    query = select(of.period, of.first, of.last, of.operation, of.content)
    row = connection.execute(query.where(of.first == period.first, of.last == period.last)).one_or_none()
    return None if row is None else Closed(*row)


def closings(connection: Connection) -> list[tuple[str, str, str, int]]:
    """(period, first day, last day, operation) of every finalised report, the newest first."""
    of = closed_month.c
    query = select(of.period, of.first, of.last, of.operation).order_by(of.last.desc(), of.first.desc())
    return [(row.period, row.first, row.last, row.operation) for row in connection.execute(query)]


def closings_stay(connection: Connection, touched: Mapping[str, Sequence[int]]) -> list[Conflict]:
    """An undo never takes a finalised report away: reopening is a step of its own, for which somebody answers."""
    # A table that an undo touches without a record to bring back or to set is one from which it deletes.
    undoing = connection.info.get("operation") is not None
    if not undoing or closed_month.name not in touched or touched[closed_month.name]:
        return []
    return [Conflict(closed_month.name, 0, None, _("A finalised month is not undone; reopen it."))]
