"""The rows that the answers of the meeting are made of: what stands still, what lacks money, what kind a signing is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from db.companies.models import company
from db.core import bulk, listing
from db.core.filters import Condition
from db.core.formats import show
from db.core.text import Text, _
from db.overview.answers import YI, Asked, hundred_million
from db.overview.behind import Worth
from db.people.models import DEPARTMENT, unit
from db.projects.choices import NOT_STARTED
from db.projects.fields import field_of
from db.projects.models import OVERSEAS, PAID_REPORTED, PAID_VERIFIED, monthly_amount, project, target
from db.reports.report import Cell

SHOWN = 10
BILLION = 10 * YI


# --- signed and not started ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Stuck:
    """What was signed long ago and is not started; rows: the largest. reasons, places: 土地5个 and so on, most first."""

    ids: Sequence[int]
    worth: Mapping[int, Worth]
    rows: Sequence[tuple[Cell, ...]]
    reasons: Sequence[Text]
    places: Sequence[Text]


def stuck_lines(asked: Asked) -> Stuck:
    """Largest first."""
    worth = asked.rows.of(("stuck.signed",))
    ids = sorted(worth, key=lambda one: (-(worth[one].money or 0), one))
    reasons, places = _counts(asked.connection, ids)
    known = dict(NOT_STARTED.options)
    told = [(known.get(key, key), count) for key, count in reasons.most_common() if key]
    told += [(_("not stated"), reasons[""])] if reasons[""] else []
    blank = [(name or _("not stated"), count) for name, count in places.most_common()]
    return Stuck(
        ids, worth, _stuck_rows(asked, ids[:SHOWN], worth),
        [_("{what} {count}", what=what, count=count) for what, count in told],
        [_("{what} {count}", what=what, count=count) for what, count in blank],
    )  # fmt: skip


def _counts(connection: Connection, ids: Sequence[int]) -> tuple[Counter[str], Counter[str]]:
    """How many for each reason and at each place; "" where nothing is stated."""
    reasons: Counter[str] = Counter()
    places: Counter[str] = Counter()
    query = select(project.c.not_started_reason, unit.c.name, func.count()).select_from(
        project.outerjoin(unit, unit.c.id == project.c.street)
    )
    for some in bulk.chunks(sorted(ids)):
        grouped = query.where(project.c.id.in_(list(some))).group_by(project.c.not_started_reason, unit.c.name)
        for reason, place, count in connection.execute(grouped):
            reasons[reason or ""] += count
            places[place or ""] += count
    return reasons, places


def _stuck_rows(asked: Asked, ids: Sequence[int], worth: Mapping[int, Worth]) -> list[tuple[Cell, ...]]:
    keys = ("name", "signed_on", "not_started_reason", "street", "department", "leader")
    fields = [one for key in keys if (one := field_of(key)) is not None]
    shown = {
        row[0]: [show(field.kind, value, asked.lang) for field, value in zip(fields, row[1:], strict=True)]
        for row in listing.rows(asked.connection, project, fields, list(ids))
    }
    return [
        (shown[one][0], hundred_million(worth[one].money or 0), *shown[one][1:]) for one in ids if one in shown
    ]  # fmt: skip


# --- money and statistics --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Unpaid:
    """Of the projects started in the period: how many without money, how many not in the statistics; the largest."""

    started: int
    unpaid: int
    outside: int
    rows: Sequence[tuple[Cell, ...]]


def without_money(asked: Asked) -> Unpaid:
    """Started in the period, and at its end without money or not in the statistics."""
    worth = asked.rows.of(("started",))
    paid = _paid(asked, list(worth))
    entered, places = _entered(asked, list(worth))
    lacking = [one for one in worth if not paid.get(one) or one not in entered]
    lacking.sort(key=lambda one: (-(worth[one].money or 0), one))
    names = {row[0]: row[1] for row in _named(asked.connection, lacking[:SHOWN])}
    rows = [
        (names.get(one, str(one)), hundred_million(worth[one].money or 0), worth[one].day,
         hundred_million(paid.get(one, 0)), entered.get(one, ""), places.get(one, ""))
        for one in lacking[:SHOWN]
    ]  # fmt: skip
    return Unpaid(
        len(worth), sum(not paid.get(one) for one in worth), sum(one not in entered for one in worth), rows
    )  # fmt: skip


def _paid(asked: Asked, ids: Sequence[int]) -> dict[int, int]:
    of = monthly_amount.c
    measure = PAID_VERIFIED if asked.basis.verified else PAID_REPORTED
    found: dict[int, int] = {}
    for some in bulk.chunks(sorted(ids)):
        query = select(of.project, func.sum(of.amount)).where(of.project.in_(list(some)), of.measure == measure)
        query = query.where(of.month <= asked.period.whole_months()[1]).group_by(of.project)
        found |= {row[0]: int(row[1] or 0) for row in asked.connection.execute(query)}
    return found


def _entered(asked: Asked, ids: Sequence[int]) -> tuple[dict[int, str], dict[int, str]]:
    """Id → the day it was entered in the statistics, by the end of the period; id → its place."""
    of = project.c
    entered: dict[int, str] = {}
    places: dict[int, str] = {}
    query = select(of.id, of.entered_statistics_on, unit.c.name).select_from(
        project.outerjoin(unit, unit.c.id == of.street)
    )
    for some in bulk.chunks(sorted(ids)):
        for number, day, place in asked.connection.execute(query.where(of.id.in_(list(some)))):
            if day and day <= asked.period.last:
                entered[number] = day
            places[number] = place or ""
    return entered, places


def _named(connection: Connection, ids: Sequence[int]) -> list[tuple[int, str]]:
    query = select(project.c.id, project.c.name).where(project.c.id.in_(list(ids)))
    return [(row.id, row.name) for row in connection.execute(query)]


def departments_with_targets(connection: Connection, year: int) -> bool:
    """Whether a department has a target of its own in that year."""
    query = select(func.count()).select_from(target.join(unit, unit.c.id == target.c.unit))
    return bool(connection.scalar(query.where(target.c.year == year, unit.c.kind == DEPARTMENT)))


# --- of what kind the signings are -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Facts:
    """What decides of what kind a project is."""

    source: str
    tags: str


@dataclass(frozen=True)
class Kind:
    """One kind of project that a meeting asks for: its name, and what of a ledger's row says it."""

    label: Text
    conditions: tuple[Condition, ...]


KINDS: Mapping[str, Kind] = {
    "foreign": Kind(_("Foreign"), (Condition("source_kind", "one_of", (OVERSEAS,)),)),
    "large": Kind(_("1 billion yuan or more"), (Condition("agreed_investment", "at_least", BILLION),)),
    "top500": Kind(_("Top-500 companies"), (Condition("company_tags", "contains", "500强"),)),
    "manufacturing": Kind(_("Manufacturing"), (Condition("company_tags", "contains", "制造"),)),
}


def facts_of(connection: Connection, ids: Sequence[int]) -> dict[int, Facts]:
    """Id → what decides its kind."""
    of = project.c
    query = select(of.id, of.source_kind, company.c.tags).select_from(
        project.outerjoin(company, company.c.id == of.investor)
    )
    found: dict[int, Facts] = {}
    for some in bulk.chunks(sorted(ids)):
        for row in connection.execute(query.where(of.id.in_(list(some)))):
            found[row[0]] = Facts(*(value or "" for value in row[1:]))
    return found


def kinds_of(facts: Mapping[int, Facts], worth: Mapping[int, Worth]) -> dict[str, list[int]]:
    """Kind → ids; by the same facts by which a ledger opens them."""
    found: dict[str, list[int]] = {kind: [] for kind in KINDS}
    for one in sorted(facts):
        of = facts[one]
        is_it = (of.source == OVERSEAS, (worth[one].money or 0) >= BILLION, "500强" in of.tags, "制造" in of.tags)
        for kind, it_is in zip(found, is_it, strict=True):
            if it_is:
                found[kind].append(one)
    return found
