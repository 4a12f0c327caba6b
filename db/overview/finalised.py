"""Finalised reports as they are stored: read, listed, and those that were reopened kept beside them."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, Row, Select, func, select

from db.core import history, moments
from db.core.period import Period
from db.core.tables import METADATA
from db.overview.models import closed_month, reopened_month
from db.reports.report import Report, RowsBehind
from db.reports.stored import from_json

# What a list of finalised reports says of each, so that two answers for one date explain themselves.
HEADS = ("signed.count", "signed.investment", "started.count", "produced.count", "paid_in.reported", "paid_in.verified")


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

    def explained(self, key: str, lang: str = "zh") -> tuple[Mapping[str, Any], Mapping[str, Any]]:
        """What `explain` stored of a figure, and what it says in a language; empty where an older program stored it."""
        found = self._content.get("explained", {"figures": {}, "said": {}})
        return found["figures"].get(key, {}), found["said"].get(lang, {})


@dataclass(frozen=True)
class Closing:
    """A finalised report in a list; at: in the book's zone. revision: 1 where it was never reopened.

    pending: how many places 待核 it had. heads: figure → value as the contract prints it, so that it stands beside what
    the book says for that day; empty where an older program finalised it. number: 第6期. reopened: the operation that
    took it back, with the reason.
    """

    period: str
    first: str
    last: str
    operation: int
    at: dt.datetime
    actor: str
    revision: int = 1
    pending: int = 0
    heads: Mapping[str, str | None] = dataclasses.field(default_factory=dict)
    number: str = ""
    reopened: int | None = None
    reason: str = ""


def summary_of(report: Report, figures: Mapping[str, Mapping[str, Any]]) -> str:
    """What a list says of a report that is being finalised, as JSON. figures: as the contract prints them."""
    heads = {key: figures[key]["value"] for key in HEADS if key in figures}
    said = {"pending": len(report.pending), "heads": heads, "number": report.number}
    return json.dumps(said, ensure_ascii=False, sort_keys=True)


def _with_rows(report: Report, rows: Mapping[str, Any]) -> Report:
    found = {key: RowsBehind(one["room"], tuple(one["ids"])) for key, one in rows.items() if one}
    return replace(report, figures=tuple(replace(one, rows=found.get(one.key)) for one in report.figures))


def closed(connection: Connection, period: Period) -> Closed | None:
    """The finalised report of these days, None where it is not finalised."""
    of = closed_month.c
    query = select(of.period, of.first, of.last, of.operation, of.content)
    row = connection.execute(query.where(of.first == period.first, of.last == period.last)).one_or_none()
    return None if row is None else Closed(*row)


def reopened(connection: Connection, period: Period, revision: int) -> Closed | None:
    """A report of these days as it was before it was reopened; None where there is no such revision."""
    of = reopened_month.c
    query = select(of.period, of.first, of.last, of.operation, of.content)
    query = query.where(of.first == period.first, of.last == period.last, of.revision == revision)
    row = connection.execute(query).one_or_none()
    return None if row is None else Closed(*row)


def closings(connection: Connection) -> list[Closing]:
    """Every finalised report, the newest first, the month before January to the month."""
    of, back = closed_month.c, reopened_month.c
    earlier = {
        (row.first, row.last): int(row.times)
        for row in connection.execute(
            select(back.first, back.last, func.count().label("times")).group_by(back.first, back.last)
        )
    }
    query = _listed(select(of.id, of.period, of.first, of.last, of.operation, of.summary), of)
    rows = connection.execute(query.order_by(of.last.desc(), of.first.desc())).all()
    return [_closing(connection, row, 1 + earlier.get((row.first, row.last), 0)) for row in rows]


def revisions(connection: Connection, period: Period) -> list[Closing]:
    """How these days were finalised, reopened and finalised again, oldest first; the last one may stand."""
    of = reopened_month.c
    columns = (of.id, of.period, of.first, of.last, of.operation, of.summary, of.revision, of.reopened, of.reason)
    query = _listed(select(*columns), of).where(of.first == period.first, of.last == period.last)
    found = [
        replace(_closing(connection, row, row.revision), reopened=row.reopened, reason=row.reason)
        for row in connection.execute(query.order_by(of.revision)).all()
    ]
    return found + [one for one in closings(connection) if (one.first, one.last) == (period.first, period.last)]


def next_revision(connection: Connection, period: Period) -> int:
    """Which revision of these days stands or would be finalised next."""
    of = reopened_month.c
    query = select(func.count()).where(of.first == period.first, of.last == period.last)
    return 1 + int(connection.scalar(query) or 0)


def _listed(query: Select[Any], of: Any) -> Select[Any]:
    operation, _change = history.tables(METADATA)
    return query.add_columns(operation.c.at, operation.c.actor).join(operation, operation.c.number == of.operation)


def _closing(connection: Connection, row: Row[Any], revision: int) -> Closing:
    said = json.loads(row.summary or "{}")
    at = history.from_micros(row.at).astimezone(moments.zone(connection, METADATA))
    return Closing(
        row.period, row.first, row.last, row.operation, at, row.actor, revision,
        int(said.get("pending", 0)), said.get("heads", {}), said.get("number", ""),
    )  # fmt: skip
