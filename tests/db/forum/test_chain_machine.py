"""The chain at random: nothing is closed without an answer, no clock runs backwards, every history can be replayed."""

from __future__ import annotations

import datetime as dt

from hypothesis import settings, strategies
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from db.core.errors import Refused
from db.forum.models import (
    BASICALLY,
    CLOSED,
    DISSATISFIED,
    DONE,
    EXPLAINED,
    NOT_YET,
    PLANNED,
    SATISFIED,
    SOLVED,
)
from db.forum.rules import KINDS, UNREACHED, Chain, Step, Steps, act, replay, replies

_CHOICES = (None, SATISFIED, BASICALLY, DISSATISFIED, UNREACHED, SOLVED, EXPLAINED, PLANNED, NOT_YET)
_RATINGS, _OUTCOMES = _CHOICES[:5], (None, *_CHOICES[5:])


class Office(RuleBasedStateMachine):
    """Somebody who tries anything on any day."""

    def __init__(self) -> None:
        super().__init__()
        self.steps: Steps = ()
        self.today = dt.date(2024, 1, 22)

    @initialize(full=strategies.booleans(), accept=strategies.booleans(), give_back=strategies.booleans())
    def begin(self, full: bool, accept: bool, give_back: bool) -> None:
        self.chain = Chain(full=full, accept=accept, give_back=give_back)

    @rule(days=strategies.integers(0, 9))
    def wait(self, days: int) -> None:
        self.today += dt.timedelta(days=days)

    @rule(
        kind=strategies.sampled_from(sorted(KINDS)), back=strategies.integers(-2, 1), due=strategies.none() | strategies.integers(-3, 60),
        text=strategies.sampled_from([None, " ", "已答复"]), rating=strategies.sampled_from(_RATINGS),
        outcome=strategies.sampled_from(_OUTCOMES), unit=strategies.sampled_from([None, 1, 2]),
    )  # fmt: skip
    def try_it(
        self,
        kind: str,
        back: int,
        due: int | None,
        text: str | None,
        rating: str | None,
        outcome: str | None,
        unit: int | None,
    ) -> None:
        on = self.today + dt.timedelta(days=back)
        end = None if due is None else (on + dt.timedelta(days=due)).isoformat()
        step = Step(kind, on.isoformat(), end, text, choice=rating if kind == "follow_up" else outcome, unit=unit)
        before = replay(self.steps)
        try:
            made = act(self.steps, step, chain=self.chain, today=self.today.isoformat())
        except Refused:
            return  # what it says is test_rules.py
        self.steps += made
        now = replay(self.steps)
        if kind in ("ask_longer", "grant") and before.due_on and now.due_on:
            assert now.due_on >= before.due_on

    @invariant()
    def nothing_is_closed_or_resolved_without_an_answer(self) -> None:
        now = replay(self.steps)
        if now.state in DONE:
            assert replies(self.steps)
            assert now.resolved_on
        if now.state == CLOSED:
            assert now.satisfaction in (SATISFIED, BASICALLY)
            assert now.outcome != PLANNED

    @invariant()
    def no_clock_runs_backwards(self) -> None:
        days = [step.on for step in self.steps]
        assert days == sorted(days, key=str)
        assert all(step.due is None or step.due >= str(step.on) for step in self.steps)
        assert all((step.days or 0) >= 0 for step in self.steps)

    @invariant()
    def every_history_can_be_replayed(self) -> None:
        again: Steps = ()
        for step in self.steps:
            again += (step,)
            assert replay(again).times_assigned == sum(one.kind in ("assign", "reopen") for one in again)
        assert replay(again) == replay(self.steps)


Office.TestCase.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)
TestOffice = Office.TestCase
