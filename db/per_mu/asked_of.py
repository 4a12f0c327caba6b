"""What is asked of one enterprise in an evaluation: its points opened, what would lift it, its objections."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, select

from db.core.text import Text
from db.per_mu.defending import Explanation, explain
from db.per_mu.levers import Rise, rise
from db.per_mu.models import OBJECTION, objection
from db.per_mu.queries import Adjusted, adjusted
from db.per_mu.scoring import Outcome


@dataclass(frozen=True)
class Objected:
    """An objection and its decision. said: its state in words."""

    id: int
    filed_on: str
    text: str
    state: str
    said: Text
    decided_on: str | None
    decision: str | None
    class_after: str | None


@dataclass(frozen=True)
class About:
    """All of it. adjusted: what the office has entered for it by now. kept: whether there is a result to be objected to."""

    explanation: Explanation
    rise: Rise
    objections: tuple[Objected, ...]
    kept: bool
    adjusted: tuple[Adjusted, ...]


def about(connection: Connection, outcome: Outcome, place: int, result: int | None) -> About:
    """Of the company at this place. result: its kept one."""
    of = objection.c
    query = select(of.id, of.filed_on, of.text, of.state, of.decided_on, of.decision, of.class_after)
    rows = connection.execute(query.where(of.result == result).order_by(of.id)).all() if result is not None else ()
    told = tuple(
        Objected(row.id, row.filed_on, row.text, row.state, OBJECTION.label(row.state), row.decided_on, row.decision,
                 row.class_after)
        for row in rows
    )  # fmt: skip
    now = tuple(adjusted(connection, outcome.group.members[place].entry))
    return About(explain(outcome, place, connection), rise(outcome, place), told, result is not None, now)
