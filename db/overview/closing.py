"""Finalising a month (定稿): its report is stored as data, and is rendered from that from then on.

What is stored is the report in each language, the figures with their definitions and the rows behind them, the
program's version and the number of the operation, so that the book can be looked at as it was then. Finalising one
month stores the report of the month and that of January to the month: both are what an office means by it.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, delete, select

from db import __version__
from db.core import history, moments
from db.core.book import Book
from db.core.errors import Refused
from db.core.period import Period, period_name
from db.core.progress import SILENT, Progress
from db.core.text import LANGUAGES, _
from db.overview.figures import figures, rendered
from db.overview.models import closed_month
from db.overview.report import build
from db.reports.report import Figure, Report, RowsBehind
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
        return _with_rows(from_json(self._content["report"][lang]), self._content["rows"])

    def figures(self, lang: str = "zh") -> Mapping[str, Any]:
        """The figures as the contract prints them, with the rows behind them."""
        found = self._content["figures"][lang]
        rows = self._content["rows"]
        return {**found, "figures": {key: {**one, "rows": rows.get(key)} for key, one in found["figures"].items()}}


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
    reports = {lang: build(connection, period, lang=lang, today=today) for lang in LANGUAGES}
    # The rows behind the figures may be long lists: they are stored once, for both languages and the report.
    rows = {key: one.pop("rows") for key, one in found["figures"].items()}
    named = {figure.key for figure in reports["zh"].figures if figure.rows and not rows.get(figure.key)}
    rows |= {figure.key: _rows(figure) for figure in reports["zh"].figures if figure.key in named}
    stored = {
        "report": {lang: to_json(_without_rows(report)) for lang, report in reports.items()},
        "figures": {lang: rendered(found, lang) for lang in LANGUAGES},
        "rows": rows,
        "program": __version__,
    }
    return json.dumps(stored, ensure_ascii=False, sort_keys=True)


def _rows(figure: Figure) -> dict[str, Any] | None:
    return {"room": figure.rows.room, "ids": list(figure.rows.ids)} if figure.rows else None


def _without_rows(report: Report) -> Report:
    return replace(report, figures=tuple(replace(figure, rows=None) for figure in report.figures))


def _with_rows(report: Report, rows: Mapping[str, Any]) -> Report:
    found = {key: RowsBehind(one["room"], tuple(one["ids"])) for key, one in rows.items() if one}
    return replace(report, figures=tuple(replace(one, rows=found.get(one.key)) for one in report.figures))


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
