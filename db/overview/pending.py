"""处待核: figures that should reconcile and do not. What does not add up is said with its rows; nothing is mended.

Each check compares two ways of counting the same: the parts with the whole, the lists with the figures, what was
published with the book, what is typed with what is computed, the finalised months with the year so far.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, case, func, select

from db.core import bulk
from db.core.period import Period, period_name
from db.core.text import Text, _
from db.overview import rates
from db.overview.behind import Rows
from db.overview.candidates import said_money
from db.overview.definitions import BY_KEY
from db.overview.figures import exact, figures, shown
from db.overview.finalised import closed
from db.overview.measures import Basis
from db.overview.periods import period_before
from db.overview.published import Published
from db.overview.ranking import ranks
from db.overview.saying import said
from db.projects.models import PAID_REPORTED, PAID_VERIFIED, monthly_amount, project
from db.reports.report import FigureNumber, Pending, Report, Table

Found = Mapping[str, Mapping[str, Any]]
_Said = tuple[str, Text, tuple[str, ...], Sequence[int]]

_STAGES = ("signed", "started", "produced")
_TO_DATE = ("signed.count", "signed.investment", "started.count", "produced.count")
_YI = 10**8


def pending(
    connection: Connection, basis: Basis, period: Period, *, found: Found, report: Report
) -> tuple[Pending, ...]:
    """What of a report is to be looked at, in its language. found: its figures with their rows (`figures(rows=True)`)."""
    rows = Rows(connection, basis, period)
    checks = (
        *_typed(report),
        *_two_rates(report, found),
        *_tables(report),
        *_without(connection, rows),
        *_verified(connection, basis, period),
        *_published(connection, period, found),
        *_city(connection, period, found),
        *_months(connection, period, found),
    )
    lang = report.language
    return tuple(Pending(place, text.render(lang), keys, tuple(ids)) for place, text, keys, ids in checks)


def _place(key: str) -> str:
    """The section that a figure is told in."""
    first = key.partition(".")[0]
    return first if first in ("signed", "started", "negotiating", "activities") else "targets"


# --- the text ---------------------------------------------------------------------------------------------------------


def _typed(report: Report) -> Iterator[_Said]:
    """Numbers that a person typed over those of the book, and rates that cannot be."""
    known = {one.key: one for one in report.figures}
    for paragraph in report.paragraphs():
        if paragraph.mode == "off":
            continue
        for run in paragraph.altered:
            figure = known.get(run.figure)
            label = figure.label if figure is not None else run.figure
            yield (
                paragraph.place,
                _("{figure}: the text says {typed}, the book {value}", figure=label, typed=run.typed, value=run.text),
                (run.figure,), (),
            )  # fmt: skip
            if figure is not None and figure.numerator is not None:
                wrong = rates.doubt(run.typed, figure.numerator)
                if wrong is not None:
                    yield paragraph.place, wrong, (run.figure,), ()


def _two_rates(report: Report, found: Found) -> Iterator[_Said]:
    """Two definitions of the start rate beside each other: which one is meant, only the office knows."""
    used: dict[str, str] = {}
    for paragraph in report.paragraphs():
        if paragraph.mode != "off":
            keys = [run.figure for run in paragraph.runs if isinstance(run, FigureNumber)]
            used |= {key: paragraph.place for key in keys if key.startswith("start_rate.")}
    if len(used) < 2:
        return
    named = [
        _("{figure} {numerator}/{denominator}", figure=BY_KEY[key].label,
          numerator=found[key]["numerator"], denominator=found[key]["denominator"])
        for key in used if key in BY_KEY
    ]  # fmt: skip
    yield (
        next(iter(used.values())), _("Two start rates stand in one text, choose one: {rates}", rates=named),
        tuple(used), (),
    )  # fmt: skip


# --- the tables -------------------------------------------------------------------------------------------------------


def _tables(report: Report) -> Iterator[_Said]:
    """Totals of tables that are not the sum of their rows, or not the figure they are to be."""
    known = {one.key: one.value for one in report.figures}
    for table in report.tables().values():
        if table.totals is None:
            continue
        for at, column in enumerate(table.columns):
            if column.total != "formula" or not column.figure or known.get(column.figure) is None:
                continue
            wanted = Decimal(known[column.figure] or 0)
            scale = 1 if column.figure.endswith(".count") else _YI
            parts = sum((Decimal(row[at] or 0) for row in table.rows if not isinstance(row[at], str)), Decimal(0))
            total = table.totals[at]
            numbers = (parts * scale, Decimal(total if isinstance(total, int | Decimal) else 0) * scale, wanted)
            if len(set(numbers)) > 1:
                yield _wrong_sum(table, column.figure, numbers)


def _wrong_sum(table: Table, figure: str, numbers: tuple[Decimal, Decimal, Decimal]) -> _Said:
    parts, total, wanted = (said(figure, one.normalize() if one % 1 else int(one)) for one in numbers)
    text = _("{table}: the rows add up to {parts}, the total is {total}, the figure {figure}",
             table=table.title, parts=parts, total=total, figure=wanted)  # fmt: skip
    return _place(figure), text, (figure,), ()


# --- the rows ---------------------------------------------------------------------------------------------------------


def _without(connection: Connection, rows: Rows) -> Iterator[_Said]:
    """Counted projects that lack what the parts are made by: their place, their amount."""
    rows.read(_STAGES)
    placeless = _nowhere(connection, [*rows.of(("signed",)), *rows.of(("started",))])
    for stage in _STAGES:
        counted = rows.of((stage,))
        keys = (f"{stage}.count", f"{stage}.investment")
        nowhere = sorted(placeless & counted.keys()) if stage != "produced" else []
        if nowhere and len(nowhere) < len(counted):
            whole, label = len(counted), BY_KEY[keys[0]].label
            text = _("{figure}: the places add up to {parts}, the whole is {whole}; {count} projects name no place",
                     figure=label, parts=whole - len(nowhere), whole=whole, count=len(nowhere))  # fmt: skip
            yield stage, text, keys, nowhere
        blank = sorted(number for number, one in counted.items() if one.money is None)
        if blank:
            text = _("{figure}: {count} of the counted projects have no amount (or no exchange rate)",
                     figure=BY_KEY[keys[1]].label, count=len(blank))  # fmt: skip
            yield stage, text, keys, blank


def _nowhere(connection: Connection, ids: Iterable[int]) -> set[int]:
    found: set[int] = set()
    for some in bulk.chunks(sorted(set(ids))):
        query = select(project.c.id).where(project.c.id.in_(list(some)), project.c.street.is_(None))
        found |= set(connection.scalars(query))
    return found


def _verified(connection: Connection, basis: Basis, period: Period) -> Iterator[_Said]:
    """Money that is reported and not verified though other money of the period is; verified beyond what is reported."""
    if not basis.verified:
        return
    of = monthly_amount.c
    amounts = [func.sum(case((of.measure == one, of.amount), else_=0)) for one in (PAID_REPORTED, PAID_VERIFIED)]
    query = select(of.project, of.month, *amounts).where(of.measure.in_((PAID_REPORTED, PAID_VERIFIED)))
    query = query.where(of.month.between(*period.whole_months())).group_by(of.project, of.month)
    rows = [(row[0], int(row[2] or 0), int(row[3] or 0)) for row in connection.execute(query)]
    if not any(verified for _id, _reported, verified in rows):
        return
    keys = ("paid_in.reported", "paid_in.verified")
    open_ones = [(number, reported) for number, reported, verified in rows if reported and not verified]
    if open_ones:
        text = _("Paid-in funds: {count} amounts are reported and not verified, {amount} in all",
                 count=len(open_ones), amount=said_money(sum(money for _id, money in open_ones)))  # fmt: skip
        yield "targets", text, keys, sorted({number for number, _money in open_ones})
    beyond = [(number, verified - reported) for number, reported, verified in rows if verified > reported > 0]
    if beyond:
        text = _("Paid-in funds: {count} amounts are verified higher than reported, by {amount}",
                 count=len(beyond), amount=said_money(sum(money for _id, money in beyond)))  # fmt: skip
        yield "targets", text, keys, sorted({number for number, _money in beyond})


# --- what was published -----------------------------------------------------------------------------------------------


def _published(connection: Connection, period: Period, found: Found) -> Iterator[_Said]:
    """What was published of this very period, and the book; published parts, and the published whole."""
    told = Published.known(connection, period)
    units: dict[str, int] = {}
    for (key, unit), value in told.values.items():
        if unit is not None:
            units[key] = units.get(key, 0) + value
    for (key, unit), value in told.values.items():
        if unit is not None or key not in BY_KEY:
            continue
        if key in found and not BY_KEY[key].is_rate and not agrees(key, value, found[key]["value"]):
            text = _("{figure}: published {published}, the book {value}", figure=BY_KEY[key].label,
                     published=said(key, shown(BY_KEY[key], value)), value=said(key, found[key]["value"]))  # fmt: skip
            yield _place(key), text, (key,), ()
        if key in units and units[key] != value:
            text = _("{figure}: the published parts add up to {parts}, the published whole is {whole}",
                     figure=BY_KEY[key].label, parts=said(key, shown(BY_KEY[key], units[key])),
                     whole=said(key, shown(BY_KEY[key], value)))  # fmt: skip
            yield _place(key), text, (key,), ()


def _city(connection: Connection, period: Period, found: Found) -> Iterator[_Said]:
    """The city's number beside ours, where the bulletin is cumulative and so is the period, or both are of a month."""
    if period.months is None or period.year_to_date().first != period.first:
        return
    for one in ranks(connection, period):
        if one.value is None or one.figure not in found or agrees(one.figure, one.value, found[one.figure]["value"]):
            continue
        figure = BY_KEY[one.figure]
        text = _("{figure}: the city's bulletin says {city}, the book {value}", figure=figure.label,
                 city=said(one.figure, shown(figure, one.value)), value=said(one.figure, found[one.figure]["value"]))  # fmt: skip
        yield "targets", text, (one.figure,), ()


def agrees(key: str, told: int, book: str) -> bool:
    """Whether the book says what was told, as exactly as that was told: 174.2 亿元 is right to 0.05 亿元."""
    value = exact(book) or 0
    if not BY_KEY[key].of_money:
        return told == value
    steps = (10**9, 10**8, 10**6)  # 0.1 and 0.01 亿元, 1 万元, in hundredths
    within = next((step // 2 for step in steps if told and told % step == 0), 0)
    return -within <= told - value * 100 <= within


def _months(connection: Connection, period: Period, found: Found) -> Iterator[_Said]:
    """The finalised report before and the month since then, beside the year so far: earlier months were corrected."""
    if period.months is None or period.is_one_month() or period.year_to_date().first != period.first:
        return
    before = period_before(period)
    stored = closed(connection, before)
    if stored is None:
        return
    low = period.months[1]
    month = Period.of_months(low, low, cut=period.cut)
    then, now = stored.figures()["figures"], figures(connection, month, rows=True)["figures"]
    for key in _TO_DATE:
        parts = Decimal(then[key]["value"]) + Decimal(now[key]["value"])
        whole = Decimal(found[key]["value"])
        if parts == whole:
            continue
        text = _(
            "{figure}: {before} as finalised {then} and {month} {now} make {parts}, {period} is {whole}",
            figure=BY_KEY[key].label, before=period_name(before), then=said(key, then[key]["value"]),
            month=period_name(month), now=said(key, now[key]["value"]), parts=said(key, exact(f"{parts:f}")),
            period=period_name(period), whole=said(key, found[key]["value"]),
        )  # fmt: skip
        yield _place(key), text, (key,), _moved_ids(then[key], now[key], found[key])


def _moved_ids(then: Mapping[str, Any], now: Mapping[str, Any], found: Mapping[str, Any]) -> list[int]:
    """Rows that are counted on one side only."""
    kept = {number for one in (then, now) for number in (one["rows"] or {"ids": ()})["ids"]}
    return sorted(kept ^ set((found["rows"] or {"ids": ()})["ids"]))
