"""Six columns are enough: 交办时间、时限、办理情况、办结时间、是否办结、满意度 as a clerk types them, and the steps they mean.

`typed` changes the steps of an issue so that one column says what was typed; `written` makes the steps of a new row.
Nothing is demanded for want of something else; only what cannot be is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from db.core.text import Text, _
from db.forum.models import EXPLAINED, NOT_YET, PLANNED, SOLVED
from db.forum.rules import DIRECT, Chain, Standing, Step, Steps, replay

COLUMNS = ("assigned_on", "due_on", "handling", "resolved_on", "resolved", "outcome", "satisfaction")
_CLOCKS = ("assign", "reopen", "grant", "resume", "escalate")
_REPLIED = ("resolve", "fulfil", "follow_up", "close")


def written(row: Mapping[str, Any], *, unit: int | None, chain: Chain, on: str | None) -> Steps:
    """The steps of a new issue from its six columns; `on`: the day on which it was written down."""
    steps: Steps = ()
    for key in COLUMNS:
        value = row.get(key)
        if value is None or (key == "resolved" and not value and row.get("resolved_on")):
            continue
        steps = typed(steps, key, value, unit=unit, chain=chain, on=on)
    said = outcome_said(str(row.get("handling") or ""))
    return (
        _chosen(steps, said) if said and row.get("outcome") is None and _place(steps, "resolve") is not None else steps
    )


_SAYS = ((NOT_YET, "暂不具备"), (PLANNED, "列入计划"), (PLANNED, "纳入计划"), (EXPLAINED, "解释说明"), (SOLVED, "已协调解决"),
         (SOLVED, "已解决"))  # fmt: skip


def outcome_said(handling: str) -> str | None:
    """How an issue was resolved, where its 办理情况 says it in so many words; None where it does not."""
    bare = handling.replace("未解决", "")
    return next((outcome for outcome, words in _SAYS if words in bare), None)


def typed(steps: Steps, key: str, value: Any, *, unit: int | None, chain: Chain, on: str | None) -> Steps:
    """The steps after a value was typed into one of the columns; None empties it. `on`: the day of typing."""
    match key:
        case "assigned_on":
            return _timed(_assigned(steps, value, unit), chain)
        case "due_on":
            return _due(steps, value, unit)
        case "handling":
            return _handled(steps, value, on)
        case "resolved_on":
            return _timed(_resolved(steps, value), chain) if value else _unresolved(steps, on)
        case "resolved" if not value:
            return _unresolved(steps, on)
        case "resolved":
            return _resolved(steps, None) if _place(steps, "resolve") is None else steps
        case "outcome":
            return _chosen(steps, value)
        case _:
            return _rated(steps, value)


def refused(steps: Steps) -> dict[str, Text]:
    """What of the columns cannot be, by column: a deadline or a resolution before the assignment."""
    now = replay(steps)
    found: dict[str, Text] = {}
    if now.assigned_on and now.due_on and now.due_on < now.assigned_on:
        found["due_on"] = _("The deadline {due} lies before {day}.", due=now.due_on, day=now.assigned_on)
    if now.assigned_on and now.resolved_on and now.resolved_on < now.assigned_on:
        found["resolved_on"] = _(
            "Resolved on {done}, before it was assigned on {day}: one of them is wrong.",
            done=now.resolved_on, day=now.assigned_on,
        )  # fmt: skip
    return found


def _begins(steps: Steps) -> int:
    """Where the present round begins: after the last reopening, which is its first step."""
    return max((at for at, step in enumerate(steps) if step.kind == "reopen"), default=0)


def _place(steps: Steps, *kinds: str) -> int | None:
    """The last step of one of these kinds in the present round."""
    begins = _begins(steps)
    return next((at for at in range(len(steps) - 1, begins - 1, -1) if steps[at].kind in kinds), None)


def _put(steps: Steps, at: int, step: Step) -> Steps:
    return (*steps[:at], step, *steps[at + 1 :])


def _assigned(steps: Steps, day: str | None, unit: int | None) -> Steps:
    at = _place(steps, "assign", "reopen")
    if at is not None:
        if day is None and steps[at].kind == "assign" and steps[at].due is None:
            return (*steps[:at], *steps[at + 1 :])
        return _put(steps, at, steps[at]._replace(on=day))
    return steps if day is None else _begun(steps, Step("assign", day, choice=DIRECT, unit=unit))


def _begun(steps: Steps, step: Step) -> Steps:
    """An assignment before anything that followed it, whenever it is supplied."""
    at = next((at for at, one in enumerate(steps) if one.kind not in ("propose", "reject")), len(steps))
    return (*steps[:at], step, *steps[at:])


def _due(steps: Steps, day: str | None, unit: int | None) -> Steps:
    at = _place(steps, *_CLOCKS)
    if at is None:
        return steps if day is None else _begun(steps, Step("assign", None, day, choice=DIRECT, unit=unit))
    if day is None and steps[at].kind == "assign" and steps[at].on is None:
        return (*steps[:at], *steps[at + 1 :])
    return _put(steps, at, steps[at]._replace(due=day))


def _handled(steps: Steps, text: str | None, on: str | None) -> Steps:
    """What was done: the reply of what is resolved, else a further report."""
    said = (text or "").strip()
    if not said or replay(steps).handling == said:
        return steps
    at = _place(steps, "resolve", "fulfil")
    return (*steps, Step("report", on, text=said)) if at is None else _put(steps, at, steps[at]._replace(text=said))


def _resolved(steps: Steps, day: str | None) -> Steps:
    at = _place(steps, "resolve")
    if at is not None:
        return _put(steps, at, steps[at]._replace(on=day))
    begins = _begins(steps)
    reported = _place(steps, "report")
    text = steps[reported].text if reported is not None else None
    # What was typed as 办理情况 of a row that is resolved is the reply itself, and is kept once.
    kept = steps if reported is None or steps[reported].on else (*steps[:reported], *steps[reported + 1 :])
    at = next((at for at in range(begins, len(kept)) if kept[at].kind in _REPLIED), len(kept))
    return (*kept[:at], Step("resolve", day, text=text), *kept[at:])


def _timed(steps: Steps, chain: Chain) -> Steps:
    """The resolution with the working days that it took."""
    at, now = _place(steps, "resolve"), replay(steps)
    if at is None:
        return steps
    return _put(steps, at, steps[at]._replace(days=days_taken(now, chain)))


def days_taken(now: Standing, chain: Chain) -> int | None:
    """Working days from assignment to resolution; None where one of them is not known."""
    if not now.assigned_on or not now.resolved_on:
        return None
    return max(chain.between(now.assigned_on, now.resolved_on), 0)


def _unresolved(steps: Steps, on: str | None) -> Steps:
    """Open again because it was typed wrongly: the reply stays as a report, ratings of it are taken back."""
    at = _place(steps, "resolve")
    if at is None:
        return steps
    text = steps[at].text
    kept = (*steps[:at], *(step for step in steps[at + 1 :] if step.kind not in _REPLIED))
    said = any(step.kind == "report" and step.text == text for step in kept)
    return kept if said or not text else (*kept, Step("report", steps[at].on or on, text=text, author=steps[at].author))


def _chosen(steps: Steps, choice: str | None) -> Steps:
    """How it was resolved, which says that it was."""
    if _place(steps, "resolve") is None and choice is not None:
        steps = _resolved(steps, None)
    at = _place(steps, "resolve")
    return steps if at is None else _put(steps, at, steps[at]._replace(choice=choice))


def _rated(steps: Steps, rating: str | None) -> Steps:
    at = _place(steps, "follow_up")
    if at is None:
        return steps if rating is None else (*steps, Step("follow_up", None, choice=rating))
    if rating is None:
        return (*steps[:at], *steps[at + 1 :])
    return _put(steps, at, steps[at]._replace(choice=rating))
