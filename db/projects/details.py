"""One project in full, for the pane beside a ledger: its stages, its money by month, its log, promised beside real."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import Connection, select

from db.core.fields import Kind, Money
from db.core.text import Text, _
from db.projects.fields import field_of
from db.projects.models import (
    FIXED_DONE,
    LEVELS,
    MEASURES,
    PAID_VERIFIED,
    monthly_amount,
    planned_date,
    progress_entry,
    project,
    recognition,
    stage_event,
)
from db.projects.stages import order, paths

LEVEL_LABELS: Mapping[str, Text] = {
    "district": _("Recognised by the district"),
    "city": _("Recognised by the city"),
    "province": _("Recognised by the province"),
}
_MU = 200_000  # units of area in one mu


@dataclass(frozen=True)
class Recognised:
    """A recognition of a stage. amount: hundredths."""

    level: str
    day: str | None
    number: str | None
    amount: int | None


@dataclass(frozen=True)
class Station:
    """A stage of one project. day: on which it was reached, None where it was not or nobody knows (see `reached`).

    evidence: what proves it, None while it is to be handed in later.
    """

    stage: str
    reached: bool = False
    day: str | None = None
    planned: str | None = None
    evidence: str | None = None
    reason: str | None = None
    recognised: tuple[Recognised, ...] = ()


@dataclass(frozen=True)
class Month:
    """What was kept of one month: measure → hundredths, all origins together."""

    month: str
    amounts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Entry:
    """An entry of the progress log."""

    id: int
    day: str | None
    text: str
    author: str | None


@dataclass(frozen=True)
class Promise:
    """What was promised and what became of it, stored as `kind` says; None where nothing is known.

    met_by: what the real side is read from, or why there is none. private: not for a projected screen.
    """

    label: Text
    kind: Kind
    promised: int | None
    real: int | None
    met_by: Text
    private: bool = False

    @property
    def difference(self) -> int | None:
        """Real less promised; None where one of them is not known."""
        return None if self.promised is None or self.real is None else self.real - self.promised


def stations(connection: Connection, number: int) -> tuple[Station, ...]:
    """The stages of the project's path, and others that it reached or that are planned, in order."""
    of = stage_event.c
    events = {
        row.stage: row
        for row in connection.execute(
            select(of.stage, of.happened_on, of.evidence, of.reason).where(of.project == number)
        )
    }
    plan = planned_date.c
    planned = {
        row.stage: row.planned_on
        for row in connection.execute(select(plan.stage, plan.planned_on).where(plan.project == number))
    }
    recognised = _recognised(connection, number)
    path = connection.scalar(select(project.c.path).where(project.c.id == number))
    known = paths(connection)
    steps = known[path].steps if path is not None and path in known else ()
    found = []
    for stage in sorted({*steps, *events, *planned, *recognised}, key=order):
        row = events.get(stage)
        day, evidence, reason = (row.happened_on, row.evidence, row.reason) if row is not None else (None,) * 3
        found.append(
            Station(stage, row is not None, day, planned.get(stage), evidence, reason, recognised.get(stage, ()))
        )
    return tuple(found)


def _recognised(connection: Connection, number: int) -> dict[str, tuple[Recognised, ...]]:
    of = recognition.c
    query = select(of.stage, of.level, of.recognised_on, of.number, of.amount).where(of.project == number)
    found: dict[str, list[Recognised]] = {}
    for row in connection.execute(query):
        found.setdefault(row.stage, []).append(Recognised(row.level, row.recognised_on, row.number, row.amount))
    return {stage: tuple(sorted(some, key=lambda one: LEVELS.index(one.level))) for stage, some in found.items()}


def months(connection: Connection, number: int) -> tuple[Month, ...]:
    """What is kept by month, the newest month first."""
    of = monthly_amount.c
    query = select(of.month, of.measure, of.amount).where(of.project == number, of.amount.is_not(None))
    found: dict[str, dict[str, int]] = {}
    for row in connection.execute(query):
        kept = found.setdefault(row.month, {})
        kept[row.measure] = kept.get(row.measure, 0) + row.amount
    return tuple(Month(month, found[month]) for month in sorted(found, reverse=True))


def totals(found: tuple[Month, ...]) -> dict[str, int]:
    """Measure → the sum of these months, for the measures that have any."""
    return {
        measure: sum(amounts)
        for measure in MEASURES
        if (amounts := [one.amounts[measure] for one in found if measure in one.amounts])
    }


def log(connection: Connection, number: int) -> tuple[Entry, ...]:
    """The progress log, newest first."""
    of = progress_entry.c
    query = select(of.id, of.on_day, of.text, of.author).where(of.project == number)
    rows = connection.execute(query).all()
    return tuple(Entry(*row) for row in sorted(rows, key=lambda row: (row.on_day or "", row.id), reverse=True))


def promises(connection: Connection, number: int) -> tuple[Promise, ...]:
    """Promised beside real. What a company pays in tax is not in the book yet: the real side of those lines is unknown."""
    of = project.c
    row = connection.execute(
        select(
            of.agreed_investment, of.fixed_investment, of.expected_output, of.expected_tax, of.promised_tax_per_mu,
            of.jobs, of.land_area,
        ).where(of.id == number)
    ).one_or_none()  # fmt: skip
    if row is None:
        return ()
    real = totals(months(connection, number))
    money, unknown = Money("万元"), _("no tax data in this book yet")
    per_mu = row.promised_tax_per_mu
    if per_mu is None and row.expected_tax is not None and row.land_area:
        per_mu = (2 * row.expected_tax * _MU + row.land_area) // (2 * row.land_area)
    return (
        Promise(
            _label("agreed_investment"), money, row.agreed_investment, real.get(PAID_VERIFIED), _label(PAID_VERIFIED)
        ),
        Promise(_label("fixed_investment"), money, row.fixed_investment, real.get(FIXED_DONE), _label(FIXED_DONE)),
        Promise(_label("expected_tax"), money, row.expected_tax, None, unknown, private=True),
        Promise(_label("promised_tax_per_mu"), money, per_mu, None, unknown, private=True),
    )


def _label(key: str) -> Text:
    known = field_of(key)
    assert known is not None, key
    return known.label
