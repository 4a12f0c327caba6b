"""What may be done next with an issue, why not, and what the sum of its clock is: pure, over its steps (handbook §6)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from db.core.errors import Refused
from db.core.text import Text, _
from db.forum.models import (
    ACCEPTED,
    ASSIGNED,
    AT_CITY,
    BASICALLY,
    CLOSED,
    FOLLOWED_UP,
    IN_HAND,
    INADMISSIBLE,
    ON_HOLD,
    PENDING,
    PLANNED,
    REGISTERED,
    RESOLVED,
    RETURNED,
    SATISFIED,
    SOLVED,
    STATE,
)
from db.forum.rules import KINDS, Chain, Step, Steps, act, asked_until, replay

Lane = tuple[str, Text, tuple[str, ...]]  # key, what it is called, the states in it

_BEGIN: Lane = ("registered", STATE.label(REGISTERED), (REGISTERED, PENDING, RETURNED))
_WAITING: Lane = ("waiting", _("On hold, with the city"), (ON_HOLD, AT_CITY))
_END: tuple[Lane, ...] = (
    ("resolved", STATE.label(RESOLVED), (RESOLVED,)),
    ("followed_up", STATE.label(FOLLOWED_UP), (FOLLOWED_UP,)),
    ("closed", STATE.label(CLOSED), (CLOSED, INADMISSIBLE)),
)
_SIX: tuple[Lane, ...] = (_BEGIN, ("in_hand", STATE.label(IN_HAND), (ASSIGNED, ACCEPTED, IN_HAND)), _WAITING, *_END)
_FULL: tuple[Lane, ...] = (
    _BEGIN,
    ("assigned", STATE.label(ASSIGNED), (ASSIGNED,)),
    ("accepted", STATE.label(ACCEPTED), (ACCEPTED,)),
    ("in_hand", STATE.label(IN_HAND), (IN_HAND,)),
    _WAITING,
    *_END,
)


def lanes(chain: Chain) -> tuple[Lane, ...]:
    """The columns of the board as the office works: the whole chain, or what six columns tell apart."""
    return _FULL if chain.full and chain.accept else _SIX


def used(chain: Chain) -> tuple[str, ...]:
    """The steps that the office uses, in the order in which they are offered."""
    left_out: set[str] = set()
    if not (chain.full and chain.accept):
        left_out.add("accept")
    if not (chain.full and chain.give_back):
        left_out.add("give_back")
    if not (chain.full and chain.longer):
        left_out |= {"ask_longer", "grant", "deny"}
    return tuple(kind for kind in KINDS if kind not in left_out)


_PROBES: Mapping[str, str] = {"resolve": SOLVED, "follow_up": SATISFIED}


def why_not(steps: Steps, kind: str, *, chain: Chain, today: str) -> Text | None:
    """Why a step cannot be taken today whatever is written with it; None where it can be."""
    due = today if kind == "hold" else None
    probe = Step(kind, today, due, text="—", choice=_PROBES.get(kind), unit=0 if kind == "assign" else None)
    if kind == "assign" and not any(one.unit for one in steps):
        probe = probe._replace(unit=1)
    try:
        act(steps, probe, chain=chain, today=today, length=1)
    except Refused as refused:
        return next(iter(refused.fields.values()), refused.sentence)
    return None


def possible(steps: Steps, *, chain: Chain, today: str) -> dict[str, Text | None]:
    """Every step that the office uses → why it cannot be taken today, None where it can."""
    return {kind: why_not(steps, kind, chain=chain, today=today) for kind in used(chain)}


def usual(steps: Steps, *, chain: Chain) -> str | None:
    """The step that mostly comes next; None where nothing is left to do."""
    now = replay(steps)
    if now.must_escalate:
        return "escalate"
    if asked_until(steps) is not None and now.state in (ACCEPTED, IN_HAND) and "grant" in used(chain):
        return "grant"
    if now.state == ASSIGNED and "accept" not in used(chain):
        return "resolve"
    if now.state in (RESOLVED, FOLLOWED_UP) and now.outcome == PLANNED and now.satisfaction is not None:
        return "fulfil"
    if now.state == FOLLOWED_UP and now.satisfaction == BASICALLY and now.clock_on is not None:
        return "follow_up"
    return _NEXT.get(now.state)


_NEXT: Mapping[str, str] = {
    REGISTERED: "assign", PENDING: "assign", RETURNED: "assign", ASSIGNED: "accept", ACCEPTED: "report", IN_HAND: "resolve",
    ON_HOLD: "resume", AT_CITY: "resume", RESOLVED: "follow_up", FOLLOWED_UP: "close",
}  # fmt: skip


def towards(steps: Steps, lane: str, *, chain: Chain) -> str | None:
    """The step that brings an issue into another column of the board; None where none does by itself."""
    state = replay(steps).state
    if lane == "registered":
        return "give_back" if chain.full else None
    if lane == "in_hand":
        if state in (ON_HOLD, AT_CITY):
            return "resume"
        if state in (RESOLVED, FOLLOWED_UP, CLOSED):
            return "reopen"
        return "assign" if lanes(chain) is _SIX else "report"
    return _INTO.get(lane)


_INTO: Mapping[str, str] = {
    "assigned": "assign", "accepted": "accept", "waiting": "hold", "resolved": "resolve", "followed_up": "follow_up",
    "closed": "close",
}  # fmt: skip


@dataclass(frozen=True)
class Clock:
    """The sum of a unit's clock: working days it was given on a day, what was granted since, until when.

    again: it began because the issue was reopened. on: None where nobody says when.
    """

    on: str | None
    days: int | None
    granted: tuple[int, ...]
    until: str
    again: bool


def clock(steps: Sequence[Step], chain: Chain) -> Clock | None:
    """The clock that runs or ran last; None before the first, and where it has no end."""
    begun: Step | None = None
    granted: list[int] = []
    until = ""
    for step in steps:
        if step.kind in ("assign", "reopen"):
            begun, until, granted = step, step.due or "", []
        elif step.kind in ("grant", "resume", "escalate") and step.due:
            if step.kind == "escalate":
                begun, granted = step, []
            elif until:
                granted.append(chain.between(until, step.due))
            until = step.due
    if begun is None or not until:
        return None
    days = chain.between(begun.on, begun.due) if begun.on and begun.due else None
    return Clock(begun.on, days, tuple(granted), until, begun.kind == "reopen")
