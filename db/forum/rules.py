"""What may happen to an issue, and what it amounts to: pure functions over its steps (handbook §6).

An issue is what its steps say. `replay` folds them into where it stands; `act` adds a step, or refuses it with what is
missing. Days are ISO texts; today is always given.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from db.core.calendar import Calendar, add_working_days, published, working_days_between
from db.core.errors import Refused
from db.core.text import Text, _
from db.forum.models import (
    ACCEPTED,
    ASSIGNED,
    AT_CITY,
    BASICALLY,
    CLOSED,
    DISSATISFIED,
    FOLLOWED_UP,
    IN_HAND,
    INADMISSIBLE,
    ON_HOLD,
    PENDING,
    PLANNED,
    REGISTERED,
    RESOLVED,
    RETURNED,
    SOLVED,
    STATE,
)

DIRECT = "direct"  # assigned where nobody has to accept
UNREACHED = "unreached"  # a follow-up call that found nobody

KINDS: Mapping[str, Text] = {
    "propose": _("Propose a unit"),
    "reject": _("Do not admit"),
    "assign": _("Assign"),
    "accept": _("Accept"),
    "give_back": _("Give back"),
    "report": _("Report progress"),
    "ask_longer": _("Ask for more time"),
    "grant": _("Grant more time"),
    "deny": _("Deny more time"),
    "hold": _("Put on hold"),
    "resume": _("Take up again"),
    "refer": _("Refer to the city"),
    "escalate": _("Escalate"),
    "resolve": _("Resolve"),
    "fulfil": _("The plan is done"),
    "follow_up": _("Follow up"),
    "reopen": _("Reopen the issue"),
    "close": _("Close the issue"),
}

# What is told of a course: the steps, and the supervision slips that went out about it, which move nothing.
SUPERVISED, REISSUED = SLIPS = ("supervise", "reissue")
TOLD: Mapping[str, Text] = {**KINDS, SUPERVISED: _("Supervision slip"), REISSUED: _("Supervision slip issued again")}

_WITH_A_UNIT = (ACCEPTED, IN_HAND)
_FROM: Mapping[str, tuple[str, ...]] = {
    "propose": (REGISTERED,),
    "reject": (REGISTERED, PENDING),
    "assign": (REGISTERED, PENDING, RETURNED, ASSIGNED, *_WITH_A_UNIT),
    "accept": (ASSIGNED,),
    "give_back": (ASSIGNED,),
    "report": (ASSIGNED, *_WITH_A_UNIT, ON_HOLD, AT_CITY),
    "ask_longer": _WITH_A_UNIT,
    "grant": _WITH_A_UNIT,
    "deny": _WITH_A_UNIT,
    "hold": _WITH_A_UNIT,
    "resume": (ON_HOLD, AT_CITY),
    "refer": (REGISTERED, PENDING, ASSIGNED, *_WITH_A_UNIT),
    "escalate": (ASSIGNED, *_WITH_A_UNIT, ON_HOLD),
    "resolve": (REGISTERED, *_WITH_A_UNIT, ON_HOLD, AT_CITY),
    "fulfil": (RESOLVED, FOLLOWED_UP),
    "follow_up": (RESOLVED, FOLLOWED_UP),
    "reopen": (RESOLVED, FOLLOWED_UP, CLOSED),
    "close": (FOLLOWED_UP,),
}
# What is missing before a step, where it is not plain from where the issue stands.
_FIRST: Mapping[str, Text] = {
    "accept": _("assign it first"),
    "give_back": _("only what was assigned and not yet accepted can be given back"),
    "report": _("assign it first"),
    "ask_longer": _("a unit has to have it first"),
    "grant": _("nobody asked for more time"),
    "deny": _("nobody asked for more time"),
    "hold": _("a unit has to have it first"),
    "resume": _("it is neither on hold nor with the city"),
    "escalate": _("assign it first"),
    "resolve": _("it has to be accepted first"),
    "fulfil": _("resolve it first, as put into a plan"),
    "follow_up": _("resolve it first"),
    "reopen": _("it is still open"),
    "close": _("follow it up first"),
}
# A word that has to be given, and what it is called.
_TEXTS: Mapping[str, Text] = {
    "reject": _("why it is not admissible"),
    "give_back": _("why it is given back"),
    "report": _("what was done"),
    "ask_longer": _("why more time is needed"),
    "hold": _("why it is put on hold"),
    "resolve": _("the reply to the enterprise"),
    "fulfil": _("what was done"),
}


class Step(NamedTuple):
    """One thing that happened to an issue.

    on: the day, None where nobody says when. due: the end of the clock that it starts, or that it asks for. choice: the
    outcome of a resolution, the rating of a follow-up, DIRECT of an assignment. unit: id of the department it is
    assigned to. days: working days that it took, of a resolution.
    """

    kind: str
    on: str | None = None
    due: str | None = None
    text: str | None = None
    author: str | None = None
    choice: str | None = None
    unit: int | None = None
    days: int | None = None


Steps = tuple[Step, ...]


class Standing(NamedTuple):
    """Where an issue stands: the columns of its row that follow from its steps.

    assigned_on: when the present clock began. due_on: the unit's deadline, with what was granted. clock_on: the day to
    look at: that deadline, the city's, the review of what is on hold, the planned call. resolved_before: when it was
    resolved until it was reopened. days: working days from assignment to resolution. late: 1 where it was resolved after
    the deadline, 0 where by then, None where either is not known. told_on: the last day on which a reply, a rating or a
    reopening changed what figures say of it; "" before the first.
    """

    state: str = REGISTERED
    assigned_on: str | None = None
    due_on: str | None = None
    handling: str | None = None
    resolved_on: str | None = None
    outcome: str | None = None
    satisfaction: str | None = None
    followed_up_on: str | None = None
    closed_on: str | None = None
    clock_on: str | None = None
    reopened_on: str | None = None
    resolved_before: str | None = None
    times_assigned: int = 0
    escalated: int = 0
    days: int | None = None
    late: int | None = None
    told_on: str = ""

    @property
    def must_escalate(self) -> bool:
        """Twice assigned, still open, and not yet with a district leader."""
        return self.times_assigned >= 2 and not self.escalated and self.state in (ASSIGNED, *_WITH_A_UNIT, ON_HOLD)


@dataclass(frozen=True)
class Chain:
    """How an office works on issues; days are working days.

    full: the whole chain, else six columns. accept, give_back, longer: steps of the chain that it uses.
    """

    full: bool = False
    accept: bool = True
    give_back: bool = True
    longer: bool = True
    to_give_back: int = 1
    ordinary: int = 7
    complex: int = 15
    most: int = 30
    escalated: int = 10
    city: int = 15
    call: int = 5
    calendar: Calendar | None = None

    @property
    def days(self) -> Calendar:
        """The calendar of the book, or that of the program."""
        return self.calendar or published()

    def after(self, day: str, count: int) -> str:
        """The `count`-th working day after a day."""
        return add_working_days(self.days, dt.date.fromisoformat(day), count).value.isoformat()

    def between(self, first: str, last: str) -> int:
        """Working days after `first` up to `last`; below zero where `last` is earlier."""
        return working_days_between(self.days, dt.date.fromisoformat(first), dt.date.fromisoformat(last)).value


# --- what it amounts to ----------------------------------------------------------------------------------------------


def replay(steps: Iterable[Step]) -> Standing:
    """Where an issue stands after these steps, whatever they are."""
    now = Standing()
    for step in steps:
        now = _after(now, step)
    late = int(now.resolved_on > now.due_on) if now.resolved_on and now.due_on else None
    told = max(day or "" for day in (now.resolved_on, now.followed_up_on, now.reopened_on))
    return now._replace(late=late, told_on=told)


def _after(now: Standing, step: Step) -> Standing:
    match step.kind:
        case "propose":
            return now._replace(state=PENDING)
        case "reject":
            return now._replace(state=INADMISSIBLE, handling=step.text or now.handling, clock_on=None)
        case "assign" | "reopen":
            return _clock_begun(now, step)
        case "accept":
            return now._replace(state=ACCEPTED)
        case "give_back":
            return now._replace(state=RETURNED, clock_on=None)
        case "report":
            state = IN_HAND if now.state == ACCEPTED else now.state
            return now._replace(state=state, handling=step.text or now.handling)
        case "grant":
            return now._replace(due_on=step.due, clock_on=step.due)
        case "resume":
            return now._replace(state=IN_HAND, due_on=step.due, clock_on=step.due)
        case "escalate":
            return now._replace(state=IN_HAND, escalated=1, due_on=step.due, clock_on=step.due)
        case "hold" | "refer":
            return now._replace(state=ON_HOLD if step.kind == "hold" else AT_CITY, clock_on=step.due)
        case _:
            return _after_the_reply(now, step)


def _clock_begun(now: Standing, step: Step) -> Standing:
    begun = now._replace(
        assigned_on=step.on, due_on=step.due, clock_on=step.due, times_assigned=now.times_assigned + 1,
        state=ASSIGNED if step.kind == "assign" and step.choice != DIRECT else IN_HAND,
    )  # fmt: skip
    if step.kind == "assign":
        return begun
    before = now.resolved_on or now.resolved_before
    return begun._replace(
        reopened_on=step.on, resolved_before=before, resolved_on=None, outcome=None, days=None, closed_on=None
    )


def _after_the_reply(now: Standing, step: Step) -> Standing:
    match step.kind:
        case "resolve":
            return now._replace(
                state=RESOLVED, resolved_on=step.on, outcome=step.choice, handling=step.text or now.handling,
                clock_on=step.due, days=step.days,
            )  # fmt: skip
        case "fulfil":
            return now._replace(outcome=SOLVED, handling=step.text or now.handling, clock_on=None)
        case "follow_up" if step.choice == UNREACHED:
            return now._replace(clock_on=step.due)
        case "follow_up":
            called = now.followed_up_on if now.state == FOLLOWED_UP else step.on or now.resolved_on  # not when again
            rated = now._replace(satisfaction=step.choice, followed_up_on=called)
            if now.state not in (RESOLVED, FOLLOWED_UP):
                return rated  # a rating typed beside what is still open resolves nothing
            return rated._replace(state=FOLLOWED_UP, clock_on=now.clock_on if now.outcome == PLANNED else step.due)
        case "close":
            return now._replace(state=CLOSED, closed_on=step.on, clock_on=None)
        case _:
            return now  # asking for more time, and being denied it, move no clock


def asked_until(steps: Sequence[Step]) -> str | None:
    """Until when more time was asked for, where nobody has answered yet."""
    last = next(
        (step for step in reversed(steps) if step.kind in ("ask_longer", "grant", "deny", "assign", "reopen")), None
    )
    return last.due if last is not None and last.kind == "ask_longer" else None


def replies(steps: Iterable[Step]) -> tuple[Step, ...]:
    """Every reply that the enterprise was given; a reopened issue has several."""
    return tuple(step for step in steps if step.kind in ("resolve", "fulfil") and (step.text or "").strip())


# --- what may happen -------------------------------------------------------------------------------------------------


def act(steps: Steps, step: Step, *, chain: Chain, today: str, length: int | None = None) -> Steps:
    """The steps that come to pass when somebody does this; Refused, with what is missing, where it cannot be.

    length: working days of the clock that it starts, where no `due` is given; the usual ones where neither is. A
    dissatisfied enterprise reopens its issue, and an answer on the spot is an assignment too: two steps.
    """
    now = replay(steps)
    _refuse_wrong(steps, now, step, chain, today)
    made = _with_clock(steps, now, step, chain, length)
    _refuse_clock(now, made, chain)
    if made.kind == "resolve" and now.state == REGISTERED:  # answered on the spot: asked, assigned and done in one day
        return (Step("assign", made.on, made.on, author=made.author, choice=DIRECT, unit=made.unit), made)
    if made.kind == "follow_up" and made.choice == DISSATISFIED:
        again = Step("reopen", made.on, chain.after(str(made.on), length or chain.ordinary), made.text, made.author)
        return (made._replace(due=None), again)
    return (made,)


def _refuse_wrong(steps: Steps, now: Standing, step: Step, chain: Chain, today: str) -> None:
    """Raise where the order, the words or the day of a step cannot be."""
    if step.kind not in KINDS:
        raise Refused(_("There is no such step."))
    unaccepted = now.state == ASSIGNED and not (chain.full and chain.accept)  # nobody will accept it any more
    if (ACCEPTED if unaccepted and step.kind == "resolve" else now.state) not in _FROM[step.kind]:
        first = _FIRST.get(step.kind)
        if first is None:
            raise Refused(
                _("“{step}” cannot be: the issue is “{state}”.", step=KINDS[step.kind], state=STATE.label(now.state))
            )
        raise Refused(
            _("“{step}” cannot be: the issue is “{state}”; {missing}.",
              step=KINDS[step.kind], state=STATE.label(now.state), missing=first)
        )  # fmt: skip
    if step.kind in _TEXTS and not (step.text or "").strip():
        raise Refused(fields={"text": _("Write {what}.", what=_TEXTS[step.kind])})
    if not step.on:
        raise Refused(fields={"on": _("Say on which day.")})
    if step.on > today:
        raise Refused(fields={"on": _("{day} has not come yet.", day=step.on)})
    last = max((one.on for one in steps if one.on), default="")
    if step.on < last:
        raise Refused(fields={"on": _("{day} lies before the last step, of {last}.", day=step.on, last=last)})
    _SPECIAL.get(step.kind, _nothing_special)(steps, now, step, chain)


def _nothing_special(steps: Steps, now: Standing, step: Step, chain: Chain) -> None:
    return None


def _assigning(steps: Steps, now: Standing, step: Step, chain: Chain) -> None:
    if step.unit is None and not any(one.unit for one in steps):
        raise Refused(fields={"department": _("Say which department it is assigned to.")})
    if now.times_assigned >= 2:
        raise Refused(_("It was assigned twice already: escalate it instead."))


def _giving_back(steps: Steps, now: Standing, step: Step, chain: Chain) -> None:
    if not chain.give_back:
        raise Refused(_("This office does not use giving back; assign it to another department."))
    if now.assigned_on and chain.between(now.assigned_on, str(step.on)) > chain.to_give_back:
        raise Refused(
            _("It was assigned on {day}; it can be given back within {count} working days only.",
              day=now.assigned_on, count=chain.to_give_back)
        )  # fmt: skip


def _asking(steps: Steps, now: Standing, step: Step, chain: Chain) -> None:
    if not chain.longer:
        raise Refused(_("This office grants no more time."))
    if asked_until(steps) is not None:
        raise Refused(_("More time was asked for already; it is not yet answered."))
    if now.due_on is None:
        raise Refused(_("It has no deadline that could be put off."))
    if chain.between(str(step.on), now.due_on) < 1:
        raise Refused(
            _("The deadline is {due}: more time has to be asked for at least one working day before.", due=now.due_on)
        )


def _answering(steps: Steps, now: Standing, step: Step, chain: Chain) -> None:
    if asked_until(steps) is None:
        raise Refused(_("Nobody asked for more time."))


def _holding(steps: Steps, now: Standing, step: Step, chain: Chain) -> None:
    if not step.due:
        raise Refused(fields={"due": _("Say when it will be looked at again.")})


def _resolving(steps: Steps, now: Standing, step: Step, chain: Chain) -> None:
    if step.choice == PLANNED and not step.due:
        raise Refused(fields={"due": _("Say by when the plan will be done.")})


def _fulfilling(steps: Steps, now: Standing, step: Step, chain: Chain) -> None:
    if now.outcome != PLANNED:
        raise Refused(_("It was not put into a plan."))


def _following_up(steps: Steps, now: Standing, step: Step, chain: Chain) -> None:
    if step.choice is None:
        raise Refused(fields={"satisfaction": _("Say how satisfied the enterprise is.")})
    if step.choice == DISSATISFIED and not (step.text or "").strip():
        raise Refused(fields={"text": _("Write why the enterprise is not satisfied.")})


def _closing(steps: Steps, now: Standing, step: Step, chain: Chain) -> None:
    if not replies(steps):
        raise Refused(_("It cannot be closed: the enterprise has no reply yet."))
    if now.satisfaction == DISSATISFIED:
        raise Refused(_("It cannot be closed: the enterprise is not satisfied. Reopen it."))
    if now.outcome == PLANNED:
        raise Refused(_("It stays on the list until its plan is done."))


_SPECIAL = {
    "assign": _assigning, "give_back": _giving_back, "ask_longer": _asking, "grant": _answering, "deny": _answering,
    "hold": _holding, "resolve": _resolving, "fulfil": _fulfilling, "follow_up": _following_up, "close": _closing,
}  # fmt: skip


# --- clocks ----------------------------------------------------------------------------------------------------------


def _with_clock(steps: Steps, now: Standing, step: Step, chain: Chain, length: int | None) -> Step:
    """The step with the end of the clock that it starts, and how many days a resolution took."""
    on = str(step.on)
    if step.kind == "assign" and not (chain.full and chain.accept):
        step = step._replace(choice=DIRECT)
    if step.kind == "grant":
        return step._replace(due=step.due or asked_until(steps))
    if step.kind == "resume":
        return step._replace(due=step.due or _put_off(steps, now, on, chain))
    if step.kind == "resolve":
        begun = now.assigned_on or on
        step = step._replace(days=max(chain.between(begun, on), 0), choice=step.choice or SOLVED)
    usual = {
        "assign": chain.ordinary, "reopen": chain.ordinary, "ask_longer": chain.ordinary, "escalate": chain.escalated,
        "refer": chain.city, "resolve": chain.call,
    }.get(step.kind)  # fmt: skip
    if step.kind == "follow_up" and step.choice in (BASICALLY, UNREACHED):
        usual = chain.call
    if step.due or usual is None:
        return step
    begin = now.due_on if step.kind == "ask_longer" and now.due_on else on
    return step._replace(due=chain.after(begin, length or usual))


def _put_off(steps: Steps, now: Standing, on: str, chain: Chain) -> str:
    """The deadline, later by the working days for which the clock stood still; a new one where there was none."""
    stopped = next((step.on for step in reversed(steps) if step.kind in ("hold", "refer")), None)
    if now.due_on is None or stopped is None:
        return chain.after(on, chain.ordinary)
    return chain.after(max(now.due_on, stopped), chain.between(stopped, on))


_UNITS_CLOCK = ("assign", "reopen", "ask_longer", "grant")


def _refuse_clock(now: Standing, step: Step, chain: Chain) -> None:
    """Raise where the end of a clock cannot be: in the past, not later than before, longer than the longest."""
    if step.due is None:
        return
    if step.due < str(step.on):
        raise Refused(fields={"due": _("The deadline {due} lies before {day}.", due=step.due, day=step.on)})
    if step.kind in ("ask_longer", "grant") and now.due_on and step.due <= now.due_on:
        raise Refused(fields={"due": _("{due} is no later than the deadline, {now}.", due=step.due, now=now.due_on)})
    begun = step.on if step.kind in ("assign", "reopen") else now.assigned_on
    if step.kind in _UNITS_CLOCK and begun and chain.between(begun, step.due) > chain.most:
        raise Refused(
            fields={"due": _("At most {count} working days: until {day}.", count=chain.most, day=chain.after(begun, chain.most))}
        )  # fmt: skip


# --- hints -----------------------------------------------------------------------------------------------------------

MANY_ISSUES = 1_000


def session_hints(count: int) -> list[Text]:
    """What is odd about a session with so many issues; nothing is lost of it."""
    if count < MANY_ISSUES:
        return []
    return [_("{count} issues in one session: is a whole year's list in it? All of them are kept.", count=f"{count:,}")]


def visit_hint(planned: int, limit: int) -> Text | None:
    """The grey note where planned visits to one enterprise in a month are more than the office wants."""
    if planned <= limit:
        return None
    return _("{count} planned visits in this month, more than {limit}: do not disturb unless necessary.",
             count=planned, limit=limit)  # fmt: skip


def with_calendar(chain: Chain, calendar: Calendar) -> Chain:
    """The chain with a book's calendar."""
    return replace(chain, calendar=calendar)
