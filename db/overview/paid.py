"""What the difference of a sum kept by month may be: paid-in funds, fixed assets done, foreign capital used."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, func, select

from db.core.period import Period, add_months
from db.core.text import Text, _
from db.overview.candidates import Effect, said_money
from db.projects.models import (
    FIXED_DONE,
    FOREIGN_USED,
    PAID_REPORTED,
    PAID_VERIFIED,
    monthly_amount,
    project,
)

PAID: Mapping[str, str] = {
    "paid_in.reported": PAID_REPORTED,
    "paid_in.verified": PAID_VERIFIED,
    "fixed_assets.done": FIXED_DONE,
    "foreign.used": FOREIGN_USED,
}
_OTHER = {PAID_REPORTED: PAID_VERIFIED, PAID_VERIFIED: PAID_REPORTED}
_NAMES = {PAID_REPORTED: _("as reported"), PAID_VERIFIED: _("as verified")}


def paid_explanations(connection: Connection, period: Period, figure: str, gap: int, within: int) -> list[Effect]:
    """Other months, the other way of counting, one project of exactly the difference, an amount off by powers of ten."""
    measure = PAID[figure]
    low, high = period.whole_months()
    found = [*_neighbours(connection, measure, low, high)]
    now = _sum(connection, measure, low, high)
    if measure in _OTHER:
        other = _sum(connection, _OTHER[measure], low, high)
        found.append(_effect("money", _("the sum {how}", how=_NAMES[_OTHER[measure]]), other - now))
    found = [one for one in found if abs(one.money - gap) <= within]
    return [*found, *_single(connection, measure, (low, high), gap, within)][:6]


def _effect(kind: str, text: Text, money: int, rows: tuple[int, ...] = (), names: tuple[str, ...] = ()) -> Effect:
    return Effect(kind, text, rows, names, 0, money)


def _sum(connection: Connection, measure: str, low: str, high: str) -> int:
    of = monthly_amount.c
    query = select(func.sum(of.amount)).where(of.measure == measure, of.month.between(low, high))
    return int(connection.scalar(query) or 0)


def _neighbours(connection: Connection, measure: str, low: str, high: str) -> list[Effect]:
    """The month after counted too, the last one not yet, the month before the first."""
    after, before = add_months(high, 1), add_months(low, -1)
    return [
        _effect("month", _("with {month}", month=after), _sum(connection, measure, after, after)),
        _effect("month", _("without {month}", month=high), -_sum(connection, measure, high, high)),
        _effect("month", _("with {month}", month=before), _sum(connection, measure, before, before)),
    ]


def _single(connection: Connection, measure: str, months: tuple[str, str], gap: int, within: int) -> list[Effect]:
    """One project's sum of the period, or one of its months, that is the difference or becomes it by powers of ten."""
    of = monthly_amount.c
    query = select(of.project, project.c.name, of.month, of.amount).join(project, project.c.id == of.project)
    query = query.where(of.measure == measure, of.month.between(*months), of.amount != 0)
    found: list[Effect] = []
    for row in connection.execute(query.order_by(of.project, of.month)):
        amount = int(row.amount)
        if abs(amount + gap) <= within:
            text = _("“{name}” in {month} alone is the difference: {amount}", name=row.name, month=row.month,
                     amount=said_money(amount))  # fmt: skip
            found.append(_effect("equals", text, -amount, (row.project,), (row.name,)))
        for tens in (10, 100, 1000, 10_000):
            for other in (amount * tens, amount // tens if amount % tens == 0 else 0):
                if other and abs(other - amount - gap) <= within:
                    text = _("“{name}” at {amount} instead of {now} is exactly the difference", name=row.name,
                             amount=said_money(other), now=said_money(amount))  # fmt: skip
                    found.append(_effect("slip", text, other - amount, (row.project,), (row.name,)))
    return found
